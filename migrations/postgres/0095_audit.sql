-- The audit log, whole (R11): who did what to which row, when by the device's clock and by the server's, and what the
-- row was before and after. One entry for each row a mutation changed, one for each mutation that a rule refused, and
-- one for each row that another writer changed.
--
-- - Append-only: no role but the owner may update, delete or truncate, and nothing of the program ever does.
-- - By month: whoever runs the database drops a month when the law lets him, `drop table satchel.audit_log_202611`.
--   Nothing here forgets by itself.
-- - An entry is seen by whom the office lets see the row: in its branch, and with the capability its table asks for.

create sequence satchel.audit_id;

alter table satchel.audit_log rename to audit_log_before;
alter index satchel.audit_log_pkey rename to audit_log_before_pkey;
drop index satchel.audit_log_row, satchel.audit_log_key;

create table satchel.audit_log (
    org_id uuid not null references satchel.organization (org_id),
    id bigint not null default nextval('satchel.audit_id'),
    -- By the server's clock.
    at timestamptz not null default now(),
    -- Null for writers that come without a user.
    user_id uuid,
    device_id uuid,
    -- The mutation: its idempotency key and its name. For other writers, sql/role/application.
    key uuid,
    name text not null,
    trace_id text,
    -- By the device's clock: as corrected by the measured offset, as it stood, and whether an offset had been measured.
    occurred_at timestamptz,
    device_clock timestamptz,
    clock_trusted boolean,
    table_name text not null,
    row_id uuid not null,
    -- The scope the row is in: its job, for a part of a job.
    scope_id uuid not null,
    -- The row's branch; the organization's id for a row that has none.
    branch_id uuid not null,
    change text not null check (change in ('insert', 'update', 'delete', 'refuse')),
    -- The cells that changed, by column; of a refusal, its code and reason stand in after. Long cells are cut.
    before jsonb,
    after jsonb,
    primary key (org_id, at, id)
) partition by range (at);
create index audit_log_row on satchel.audit_log (org_id, row_id, id);
create index audit_log_scope on satchel.audit_log (org_id, scope_id, id);
create table satchel.audit_log_default partition of satchel.audit_log default;

-- Data moves as the admin, whom row-level security does not bind.
set local role none;
do $$
declare
    expected bigint := (select count(*) from satchel.audit_log_before);
    moved bigint;
begin
    insert into satchel.audit_log (
        org_id, at, user_id, device_id, key, name, trace_id, table_name, row_id, scope_id, branch_id, change)
    select org_id, at, user_id, device_id, key, name, trace_id, table_name, row_id, row_id, org_id, change
    from satchel.audit_log_before order by id;
    get diagnostics moved = row_count;
    if moved <> expected then
        raise exception 'moved % of % audit entries', moved, expected;
    end if;
end
$$;
set local role satchel_internal;
drop table satchel.audit_log_before;

-- The branches whose entries the caller may see; the organization's id stands for rows without a branch, which only
-- members see who are not limited to branches.
create function satchel.my_audit_branch_ids() returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp rows 20 as $$
begin
    return query
        select my_branch_ids()
        union all
        select m.org_id from membership m
        where m.org_id = org_if_may('read') and m.user_id = current_user_id() and m.branch_ids is null;
end
$$;

-- The tables whose entries the caller may see: those whose rows the office's policy lets him read. The policy itself is
-- asked, so that a table added later needs no word here, and a table of costs hides its entries as it hides its rows.
create function satchel.my_audit_tables() returns setof text
language plpgsql stable security definer set search_path = satchel, pg_temp rows 50 as $$
begin
    return query
        select distinct p.tablename::text
        from membership m
        join role_capability c on c.role = any (m.roles)
        join pg_policies p on p.schemaname = 'satchel' and p.policyname = 'office_select'
            and substring(p.qual from 'org_if_may\(''([a-z]+)''') = c.capability
        where m.org_id = org_if_may('read') and m.user_id = current_user_id() and m.active;
end
$$;
grant execute on function satchel.my_audit_branch_ids(), satchel.my_audit_tables() to satchel_office, satchel_field;

alter table satchel.audit_log enable row level security, force row level security;
create policy office_select on satchel.audit_log for select to satchel_office using (
    org_id = (select satchel.org_if_may('read'))
    and branch_id = any (array(select satchel.my_audit_branch_ids()))
    and table_name = any (array(select satchel.my_audit_tables())));
create policy insert_own on satchel.audit_log for insert to satchel_office, satchel_field
    with check (org_id = (select satchel.org_if_member()) and user_id = (select satchel.current_user_id()));
create policy internal on satchel.audit_log for insert to satchel_internal with check (true);
grant select, insert on satchel.audit_log to satchel_office;
grant insert on satchel.audit_log to satchel_field;
grant usage on sequence satchel.audit_id to satchel_office, satchel_field;

-- Makes the partitions of this month and so many to come; returns how many were made. Concurrent runs do nothing.
create function satchel.audit_maintain(ahead_months integer) returns integer
language plpgsql security definer set search_path = satchel, pg_temp set lock_timeout = '2s' as $$
declare
    this_month timestamp := date_trunc('month', now() at time zone 'UTC');
    partition text;
    starts timestamptz;
    ends timestamptz;
    added integer := 0;
begin
    if not pg_try_advisory_xact_lock(hashtext('satchel.audit_maintain')) then
        return 0;
    end if;
    for month in 0 .. least(ahead_months, 24) loop
        starts := (this_month + make_interval(months => month)) at time zone 'UTC';
        ends := (this_month + make_interval(months => month + 1)) at time zone 'UTC';
        partition := 'audit_log_' || to_char(starts at time zone 'UTC', 'YYYYMM');
        continue when to_regclass('satchel.' || partition) is not null;
        execute format('create table %I (like audit_log including defaults including constraints)', partition);
        -- Entries that came while the month had no partition move into it.
        lock table audit_log_default in access exclusive mode;
        execute format(
            'with late as (delete from audit_log_default where at >= %L and at < %L returning *)
             insert into %I select * from late', starts, ends, partition);
        execute format('alter table audit_log attach partition %I for values from (%L) to (%L)', partition, starts, ends);
        added := added + 1;
    end loop;
    return added;
end
$$;
grant execute on function satchel.audit_maintain(integer) to satchel_service;
select satchel.audit_maintain(3);

-- The cells of a row that another image of it has otherwise; null when there are none. A cell of more than a thousand
-- characters is cut.
create function satchel.audit_difference(here jsonb, there jsonb) returns jsonb
language sql immutable set search_path = satchel, pg_temp as $$
    select jsonb_object_agg(key, case
        when length(value #>> '{}') > 1000 then to_jsonb(left(value #>> '{}', 1000) || '…')
        else value
    end)
    from jsonb_each(here)
    where coalesce(there -> key, 'null') <> value
      and key <> all ('{org_id,id,rev,created_at,created_by,updated_at,updated_by}'::text[]);
$$;

-- Writes the entries of a statement by a writer without a user: psql, another program. Arguments: the scope column; the
-- branch column or ''. What the server changes for a user it enters itself, mutation by mutation.
create function satchel.log_audit() returns trigger
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    writer text := concat_ws('/', 'sql', session_user, nullif(current_setting('application_name'), ''));
    touched text := case tg_op
        when 'INSERT' then 'select to_jsonb(n) as now, ''{}''::jsonb as was, n.* from new_rows n'
        when 'DELETE' then 'select ''{}''::jsonb as now, to_jsonb(o) as was, o.* from old_rows o'
        else 'select to_jsonb(n) as now, to_jsonb(o) as was, n.* from new_rows n join old_rows o using (org_id, id)'
    end;
    branch text := coalesce('touched.' || quote_ident(nullif(tg_argv[1], '')), 'null');
begin
    -- A row that was written as it was is no change.
    execute format(
        'insert into audit_log (org_id, name, table_name, row_id, scope_id, branch_id, change, before, after)
         select touched.org_id, %L, %L, touched.id, touched.%I, coalesce(%s, touched.org_id), %L, cells.before, cells.after
         from (%s) touched cross join lateral (
             select audit_difference(was, now) as before, audit_difference(now, was) as after) cells
         where cells.before is not null or cells.after is not null',
        writer, tg_table_name, tg_argv[0], branch, lower(tg_op), touched);
    return null;
end
$$;

-- Enters the changes of a synced table that come without a user. A tool that loads made-up data may say
-- `set local satchel.audit = 'off'`.
create procedure satchel.audit_table(name text, scope text, branch text)
language plpgsql set search_path = satchel, pg_temp as $$
declare
    event record;
begin
    for event in
        select * from (values
            ('insert', 'new table as new_rows'),
            ('update', 'old table as old_rows new table as new_rows'),
            ('delete', 'old table as old_rows')) as listed (verb, tables)
    loop
        execute format(
            'create trigger audit_%1$s after %1$s on %2$I referencing %3$s for each statement
             when (coalesce(current_setting(''satchel.user_id'', true), '''') = ''''
                   and coalesce(current_setting(''satchel.audit'', true), '''') <> ''off'')
             execute function log_audit(%4$L, %5$L)',
            event.verb, name, event.tables, scope, branch);
    end loop;
end
$$;

do $$
declare
    synced record;
begin
    for synced in
        select c.relname::text as name, string_to_array(encode(t.tgargs, 'escape'), '\000') as args
        from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where c.relnamespace = 'satchel'::regnamespace and t.tgname = 'feed_insert'
    loop
        call satchel.audit_table(synced.name, synced.args[1], synced.args[2]);
    end loop;
end
$$;

-- As before, and audited.
create or replace procedure satchel.sync_table(name text, scope text, branch text default '', wakes text[] default '{}')
language plpgsql set search_path = satchel, pg_temp as $$
declare
    args text;
    event record;
begin
    select string_agg(quote_literal(arg), ', ' order by place) into args
    from unnest(array[scope, branch] || wakes) with ordinality as listed (arg, place);

    execute format('alter table %I enable row level security, force row level security', name);
    execute format('create trigger stamp before insert or update on %I for each row execute function stamp()', name);
    for event in
        select * from (values
            ('insert', 'new table as new_rows'),
            ('update', 'old table as old_rows new table as new_rows'),
            ('delete', 'old table as old_rows')) as listed (verb, tables)
    loop
        execute format(
            'create trigger feed_%1$s after %1$s on %2$I referencing %3$s
             for each statement execute function log_feed(%4$s)',
            event.verb, name, event.tables, args);
    end loop;
    execute format('create trigger refuse_truncate before truncate on %I execute function refuse_truncate()', name);
    call audit_table(name, scope, branch);
end
$$;

create or replace function satchel.policy_version() returns integer language sql immutable return 95;
