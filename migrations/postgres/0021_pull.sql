-- What a replica should hold, and what changed in it. The feed itself is open to nobody.

-- Every scope the caller's replica should hold: the organization; for a technician also himself, the jobs of his
-- open visits and of those within two weeks, and the customers, locations and equipment of those jobs.
create function satchel.my_scopes() returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp rows 1000 as $$
declare
    org uuid := org_if_member();
    me uuid := my_technician_id();
    jobs uuid[];
begin
    if org is null then
        return;
    end if;
    return next org;
    if me is null then
        return;
    end if;
    return next me;
    jobs := array(
        select a.job_id from assignment a
        where a.org_id = org and a.technician_id = me
          and a.window_start between now() - interval '14 days' and now() + interval '14 days'
        union
        select a.job_id from assignment a where a.org_id = org and a.technician_id = me and a.open);
    return query
        select distinct scope.id from job j
        cross join lateral (values (j.id), (j.customer_id), (j.location_id), (j.equipment_id)) scope (id)
        where j.org_id = org and j.id = any (jobs) and scope.id is not null;
end
$$;

-- The rows of these scopes that transactions touched which a snapshot did not show: it had ended at since_xmax
-- (exclusive), with since_xip still running.
--
-- A phone that was away briefly has many scopes and few changes, so the changes are read first; one that was away
-- long is served scope by scope.
create function satchel.feed_changes(since_xmax xid8, since_xip xid8[], scopes uuid[])
returns table (scope_id uuid, table_name text, row_id uuid)
language plpgsql stable security definer rows 100
set search_path = satchel, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    org uuid := org_if_member();
    few constant integer := 5000;
    many boolean;
begin
    many := few < (
        select count(*) from (select from feed where org_id = org and xid >= since_xmax limit few + 1) counted);
    if many then
        return query
            select f.scope_id, f.table_name, f.row_id from feed f
            where f.org_id = org and f.scope_id = any (scopes) and f.xid >= since_xmax
            union
            select f.scope_id, f.table_name, f.row_id from feed f
            where f.org_id = org and f.scope_id = any (scopes) and f.xid = any (since_xip);
    else
        return query
            with changed as materialized (
                select f.scope_id, f.table_name, f.row_id from feed f where f.org_id = org and f.xid >= since_xmax
                union
                select f.scope_id, f.table_name, f.row_id from feed f where f.org_id = org and f.xid = any (since_xip)
            )
            select changed.* from changed join (select distinct unnest(scopes)) held (id) on held.id = changed.scope_id;
    end if;
end
$$;

-- The scopes, of all organizations, touched since: ids only, for waking streams.
create function satchel.feed_wake(since_xmax xid8, since_xip xid8[]) returns table (org_id uuid, scope_id uuid)
language plpgsql stable security definer rows 100
set search_path = satchel, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
    return query
        select f.org_id, f.scope_id from feed f where f.xid >= since_xmax
        union
        select f.org_id, f.scope_id from feed f where f.xid = any (since_xip);
end
$$;

-- Where the feed begins: a cursor is good while its xmin is not below.
create function satchel.feed_floor() returns xid8
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
begin
    return (select floor from feed_state);
end
$$;

grant execute on function
    satchel.my_scopes(), satchel.feed_changes(xid8, xid8[], uuid[]), satchel.feed_floor()
to satchel_office, satchel_field;
grant execute on function satchel.feed_wake(xid8, xid8[]) to satchel_waker;
