-- Changes of transactions that were running when a cursor was made are now looked up by their numbers. Before, a large
-- transaction in the statistics (an import) could make Postgres expect that every row of the feed has one of these
-- numbers, and read the day's feed of the organization for every delta.
create or replace function satchel.feed_changes(since_xmax xid8, since_xip xid8[], scopes uuid[])
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
            where f.org_id = org and f.scope_id = any (scopes) and f.xid >= since_xmax;
    else
        return query
            with changed as materialized (
                select f.scope_id, f.table_name, f.row_id from feed f where f.org_id = org and f.xid >= since_xmax
            )
            select distinct changed.* from changed
            join (select distinct unnest(scopes)) held (id) on held.id = changed.scope_id;
    end if;
    if cardinality(since_xip) > 0 then
        return query
            select ended.* from unnest(since_xip) running (id)
            -- The offset leaves no other way than one look-up for each number.
            cross join lateral (
                select f.scope_id, f.table_name, f.row_id from feed f
                where f.org_id = org and f.xid = running.id offset 0
            ) ended
            where ended.scope_id = any (scopes);
    end if;
end
$$;

create or replace function satchel.feed_wake(since_xmax xid8, since_xip xid8[]) returns table (org_id uuid, scope_id uuid)
language plpgsql stable security definer rows 100
set search_path = satchel, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
    return query select distinct f.org_id, f.scope_id from feed f where f.xid >= since_xmax;
    if cardinality(since_xip) > 0 then
        return query
            select distinct ended.org_id, ended.scope_id from unnest(since_xip) running (id)
            cross join lateral (select f.org_id, f.scope_id from feed f where f.xid = running.id offset 0) ended;
    end if;
end
$$;
