-- Scopes follow from rows and from the day. A stream of a technician that was told its scopes a moment ago need not have
-- them computed again while no such row has changed: that is the larger part of what a delta costs.

-- The tables whose rows decide, together with the time, what satchel.my_scopes() gives a technician. A change of one of
-- them that concerns a technician is told to the feed in a scope his replica holds: an assignment in his own, a job in the
-- job's, trucks and technicians in the organization's; or in the user's, which wakes him. What the office holds follows
-- from rows of scopes that it does not hold yet: it is always computed.
create function satchel.scope_tables() returns text[]
language sql immutable parallel safe
return array['assignment', 'job', 'stock_location', 'technician', 'membership'];
grant execute on function satchel.scope_tables() to satchel_office, satchel_field;

-- As before; the truck is no longer asked for by name, which had it planned each time.
create or replace function satchel.my_scopes() returns setof uuid
language plpgsql stable security definer rows 1000
set search_path = satchel, pg_temp set enable_seqscan = off as $$
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
    return next org;
    select m.lane, m.technician_id into lane, me from member() m;
    if lane = 'office' then
        jobs := array(select my_board_jobs(board_jobs_max));
    end if;
    if me is not null then
        return next me;
        return query select my_stock_scopes();
        jobs := jobs || array(
            select a.job_id from assignment a
            where a.org_id = org and a.technician_id = me
              and a.window_start between now() - interval '14 days' and now() + interval '14 days'
            union
            select a.job_id from assignment a where a.org_id = org and a.technician_id = me and a.open);
    end if;
    return query
        select distinct scope.id from unnest(jobs) due (id)
        -- The offset leaves no other way than one look-up for each job: for a few thousand, Postgres would rather read
        -- all the organization's.
        cross join lateral (
            select j.id, j.customer_id, j.location_id, j.equipment_id from job j
            where j.org_id = org and j.id = due.id offset 0
        ) j
        cross join lateral (values (j.id), (j.customer_id), (j.location_id), (j.equipment_id)) scope (id)
        where scope.id is not null;
end
$$;
