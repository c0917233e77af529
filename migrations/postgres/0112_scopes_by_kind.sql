-- What a scope is the id of. A table's scope column holds ids of one kind only, so that a table need not be asked for the
-- scopes of others: with two hundred of them and a policy that lists a hundred jobs, Postgres 15 and 16 try every pair, and
-- that was half of what counting a replica's rows took.

-- Every scope the caller's replica should hold, as before, each under the name of the column that holds such ids in the
-- tables of that scope; in the table it is the id of, that is the table's name and _id. A scope may have several. A kind
-- that is missing here costs time and nothing else: tables of a kind of which there is none are asked for every scope.
create function satchel.my_scopes_by_kind() returns table (kind text, id uuid)
language plpgsql stable security definer rows 1000
set search_path = satchel, pg_temp set enable_seqscan = off as $$
#variable_conflict use_column
declare
    -- A job brings up to four scopes, and a replica holds twenty thousand (limits::SCOPES). Whoever exceeds that even on
    -- the narrowest board is told so by the server.
    board_jobs_max constant integer := 4900;
    org uuid := org_if_member();
    lane text;
    me uuid;
    jobs uuid[] := '{}';
begin
    if org is null then
        return;
    end if;
    return query values ('org_id', org), ('holder_id', org);
    select m.lane, m.technician_id into lane, me from member() m;
    if lane = 'office' then
        jobs := array(select my_board_jobs(board_jobs_max));
    end if;
    if me is not null then
        return query values ('technician_id', me), ('holder_id', me);
        return query
            select held.kind, held.id from my_stock_location_ids() truck (id)
            cross join lateral (values
                ('stock_location_id', truck.id),
                ('page_id', stock_page_id(truck.id, now())),
                ('page_id', stock_page_id(truck.id, date_trunc('month', now(), 'UTC') - interval '1 day'))) held (kind, id);
        jobs := jobs || array(
            select a.job_id from assignment a
            where a.org_id = org and a.technician_id = me
              and a.window_start between now() - interval '14 days' and now() + interval '14 days'
            union
            select a.job_id from assignment a where a.org_id = org and a.technician_id = me and a.open);
    end if;
    return query
        select distinct held.kind, held.id from unnest(jobs) due (id)
        -- The offset leaves no other way than one look-up for each job: for a few thousand, Postgres would rather read
        -- all the organization's.
        cross join lateral (
            select j.id, j.customer_id, j.location_id, j.equipment_id from job j
            where j.org_id = org and j.id = due.id offset 0
        ) j
        cross join lateral (values
            ('job_id', j.id), ('customer_id', j.customer_id),
            ('location_id', j.location_id), ('equipment_id', j.equipment_id)) held (kind, id)
        where held.id is not null;
end
$$;
grant execute on function satchel.my_scopes_by_kind() to satchel_office, satchel_field;

create or replace function satchel.my_scopes() returns setof uuid
language plpgsql stable security definer rows 1000
set search_path = satchel, pg_temp set enable_seqscan = off as $$
begin
    return query select distinct due.id from my_scopes_by_kind() due;
end
$$;

-- Nobody asks it any more: the truck is found above.
drop function satchel.my_stock_scopes();
