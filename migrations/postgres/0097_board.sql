-- What the office's replicas hold: the board. Dispatchers, and everybody else of the office, subscribe to the jobs of
-- their branches that somebody has to look after these days.

-- Visits by day, and those still open, branch by branch.
create index visit_by_day on satchel.visit (org_id, branch_id, window_start) include (job_id);
create index visit_open on satchel.visit (org_id, branch_id, window_start) include (job_id)
    where state in ('scheduled', 'dispatched', 'accepted', 'traveling', 'on_site', 'paused');
-- Jobs without a day, and those begun.
create index job_to_do on satchel.job (org_id, branch_id) include (id)
    where state in ('draft', 'unscheduled', 'in_progress');
create policy internal on satchel.visit for select to satchel_internal using (true);

-- The jobs on the caller's board: those with a visit from yesterday to a week ahead, by days of UTC; with an open visit
-- of any day before; without a day; and those begun. When the visits of these days are more than jobs_max, the days
-- ahead become fewer, then yesterday goes. Days turn for everybody at once: a bound that moved with the clock would change what replicas hold
-- with every pull.
create function satchel.my_board_jobs(jobs_max integer) returns setof uuid
language plpgsql stable security definer rows 1000
set search_path = satchel, pg_temp set enable_seqscan = off set plan_cache_mode = force_custom_plan as $$
declare
    org constant uuid := org_if_may('read');
    branches constant uuid[] := array(select my_branch_ids());
    today constant timestamptz := date_trunc('day', now() at time zone 'UTC') at time zone 'UTC';
    days_back integer;
    days_ahead integer;
    first_day timestamptz;
    end_day timestamptz;
    jobs uuid[];
begin
    for days_back, days_ahead in
        select * from (values (1, 7), (1, 3), (1, 1), (0, 0)) as steps (back, ahead) order by ahead desc
    loop
        first_day := today - make_interval(days => days_back);
        end_day := today + make_interval(days => days_ahead + 1);
        exit when days_ahead = 0 or jobs_max >= (
            select count(*) from (
                select from visit
                where org_id = org and branch_id = any (branches) and window_start >= first_day and window_start < end_day
                limit jobs_max + 1) counted);
    end loop;
    return query
        select job_id from visit
        where org_id = org and branch_id = any (branches) and window_start >= first_day and window_start < end_day
        union
        select job_id from visit
        where org_id = org and branch_id = any (branches) and window_start < first_day
          and state in ('scheduled', 'dispatched', 'accepted', 'traveling', 'on_site', 'paused')
        union
        select id from job
        where org_id = org and branch_id = any (branches) and state in ('draft', 'unscheduled', 'in_progress');
end
$$;

-- Every scope the caller's replica should hold: the organization; for the office also the jobs on its board; for a
-- technician himself, his truck, the jobs of his open visits and of those within two weeks; and the customers, locations
-- and equipment of all these jobs. A technician's time is a scope of all his time, so that the office does not hold it:
-- what somebody is doing now stands in the visits.
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
        -- The truck. Asked by name, because stock came to some databases after this did.
        if to_regprocedure('satchel.my_stock_scopes()') is not null then
            return query execute 'select satchel.my_stock_scopes()';
        end if;
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

-- Scopes whose changes wake the caller's streams though his replica does not hold them: his membership, and, for the
-- office, its branches, where a job may come onto the board.
create function satchel.my_wakes() returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp rows 20 as $$
begin
    return query
        select current_user_id()
        union all
        select b from member() m cross join my_branch_ids() b where m.lane = 'office';
end
$$;
grant execute on function satchel.my_wakes() to satchel_office, satchel_field;

-- The scopes touched since, and the branches whose board may have changed: ids only, for waking streams.
create or replace function satchel.feed_wake(since_xmax xid8, since_xip xid8[]) returns table (org_id uuid, scope_id uuid)
language plpgsql stable security definer rows 100
set search_path = satchel, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
        select distinct f.org_id, told.id from feed f
        cross join lateral (values (f.scope_id),
            (case when f.table_name in ('job', 'visit', 'assignment') then f.branch_id end)) told (id)
        where f.xid >= since_xmax and told.id is not null;
    if cardinality(since_xip) > 0 then
        return query
            select distinct ended.org_id, told.id from unnest(since_xip) running (id)
            cross join lateral (select f.* from feed f where f.xid = running.id offset 0) ended
            cross join lateral (values (ended.scope_id),
                (case when ended.table_name in ('job', 'visit', 'assignment') then ended.branch_id end)) told (id)
            where told.id is not null;
    end if;
end
$$;

create or replace function satchel.policy_version() returns integer language sql immutable return 97;
