-- What queries share: how instants and the ends of pages are spelled, and the indexes of the dispatch board.

-- The one spelling of an instant, as on the wire.
create function satchel.instant(at timestamptz) returns text
language sql stable parallel safe as $$
    select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
$$;

-- The end of a page, opaque to clients, and back. The server has checked a token's key before it comes here.
create function satchel.page_token(key json) returns text
language sql stable parallel safe as $$
    select encode(convert_to(key::text, 'UTF8'), 'hex');
$$;
create function satchel.page_key(token text) returns jsonb
language sql stable parallel safe as $$
    select convert_from(decode(token, 'hex'), 'UTF8')::jsonb;
$$;

-- A branch's visits that touch a day; the end is compared inside the index.
create index visit_by_window on satchel.visit (org_id, branch_id, window_start, window_end);
-- Work that waits for somebody, newest first.
create index job_by_state on satchel.job (org_id, branch_id, state, id);

-- When the phones of technicians last spoke to a server. Devices are their users' own, so the office is told no more
-- than this, and only about technicians it may see.
create function satchel.technician_devices(technicians uuid[])
returns table (technician_id uuid, devices bigint, last_seen_at timestamptz)
language plpgsql stable security definer rows 50 set search_path = satchel, pg_temp as $$
#variable_conflict use_column
begin
    return query
        select t.id, count(d.id), max(d.last_seen_at)
        from technician t
        left join device d on d.org_id = t.org_id and d.user_id = t.user_id
        where t.org_id = org_if_may('read') and t.id = any (technicians)
          and t.branch_id = any (array(select my_branch_ids()))
        group by t.id;
end
$$;
create policy technician_devices on satchel.device for select to satchel_internal using (true);

grant execute on function satchel.instant(timestamptz), satchel.page_token(json), satchel.page_key(text),
    satchel.technician_devices(uuid[])
to satchel_office, satchel_field;
