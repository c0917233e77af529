-- The feed is written by a function for each table, whose statements Postgres plans once for each connection. One function
-- for all tables had to put its statement together, and have it planned, at every write: 0.12 to 0.18 ms each, most of what
-- the feed cost a push. What is written is the same.

-- Makes the function and the triggers that tell the feed of a table, instead of those that are there. Arguments as of
-- sync_table; the triggers carry them for the catalogue. A row that moves tells both places.
create procedure satchel.feed_table(name text, scope text, branch text, wakes text[])
language plpgsql set search_path = satchel, pg_temp as $procedure$
declare
    told text;
    args text;
    branch_of text := coalesce('touched.' || quote_ident(nullif(branch, '')), 'null');
    event record;
begin
    select string_agg(format('(touched.%I)', listed.name), ', ' order by place),
        string_agg(quote_literal(listed.name), ', ' order by place) filter (where place > 0)
    into told, args
    from (
        select 0 as place, scope as name
        union all select wake.place, wake.name from unnest(wakes) with ordinality wake (name, place)
    ) listed;
    -- Without a branch its place is kept by an empty name.
    args := concat_ws(', ', quote_literal(scope), quote_literal(branch), args);
    execute format(
        'create or replace function %1$I() returns trigger
         language plpgsql security definer set search_path = satchel, pg_temp as $function$
         begin
             if tg_op = ''INSERT'' then
                 insert into feed (org_id, scope_id, branch_id, table_name, row_id)
                 select distinct touched.org_id, scope.id, %2$s::uuid, %3$L, touched.id
                 from new_rows touched cross join lateral (values %4$s) scope (id);
             elsif tg_op = ''DELETE'' then
                 insert into feed (org_id, scope_id, branch_id, table_name, row_id)
                 select distinct touched.org_id, scope.id, %2$s::uuid, %3$L, touched.id
                 from old_rows touched cross join lateral (values %4$s) scope (id);
             else
                 insert into feed (org_id, scope_id, branch_id, table_name, row_id)
                 select distinct touched.org_id, scope.id, %2$s::uuid, %3$L, touched.id
                 from (table new_rows union all table old_rows) touched cross join lateral (values %4$s) scope (id);
             end if;
             return null;
         end
         $function$',
        'feed_of_' || name, branch_of, name, told);
    for event in
        select * from (values
            ('insert', 'new table as new_rows'),
            ('update', 'old table as old_rows new table as new_rows'),
            ('delete', 'old table as old_rows')) as listed (verb, tables)
    loop
        execute format('drop trigger if exists feed_%s on %I', event.verb, name);
        execute format(
            'create trigger feed_%1$s after %1$s on %2$I referencing %3$s
             for each statement execute function %4$I(%5$s)',
            event.verb, name, event.tables, 'feed_of_' || name, args);
    end loop;
end
$procedure$;

-- As before, with the feed's function of the table.
create or replace procedure satchel.sync_table(name text, scope text, branch text default '', wakes text[] default '{}')
language plpgsql set search_path = satchel, pg_temp as $$
begin
    execute format('alter table %I enable row level security, force row level security', name);
    execute format('create trigger stamp before insert or update on %I for each row execute function stamp()', name);
    call feed_table(name, scope, branch, wakes);
    execute format('create trigger refuse_truncate before truncate on %I execute function refuse_truncate()', name);
    call audit_table(name, scope, branch);
end
$$;

do $$
declare
    synced record;
    tables integer := 0;
begin
    for synced in
        select c.relname::text as name, args[1] as scope, args[2] as branch, args[3:t.tgnargs] as wakes
        from pg_trigger t join pg_class c on c.oid = t.tgrelid
        cross join lateral string_to_array(encode(t.tgargs, 'escape'), '\000') args
        where c.relnamespace = 'satchel'::regnamespace and t.tgname = 'feed_insert'
    loop
        call satchel.feed_table(synced.name, synced.scope, synced.branch, synced.wakes);
        tables := tables + 1;
    end loop;
    if tables = 0 or exists (select from pg_trigger where tgfoid = 'satchel.log_feed'::regproc) then
        raise exception 'a table is still told of by satchel.log_feed';
    end if;
end
$$;
drop function satchel.log_feed();
