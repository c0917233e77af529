-- What every synced table does at a write, whoever writes.

-- Stamps a row. Other writers than the server have no context: created_by and updated_by are then null.
create function satchel.stamp() returns trigger
language plpgsql security definer set search_path = satchel, pg_temp as $$
begin
    new.rev := nextval('rev');
    new.updated_at := now();
    new.updated_by := current_user_id();
    if tg_op = 'INSERT' then
        new.created_at := new.updated_at;
        new.created_by := new.updated_by;
        return new;
    end if;
    if new.id <> old.id or new.org_id <> old.org_id then
        raise insufficient_privilege using message = 'a row keeps its id and its organization';
    end if;
    new.created_at := old.created_at;
    new.created_by := old.created_by;
    return new;
end
$$;

-- Writes the feed for a statement. Arguments: the scope column; the branch column or ''; further columns whose
-- values are scopes to be told as well. A row that moves tells both places.
create function satchel.log_feed() returns trigger
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    touched text := case tg_op
        when 'INSERT' then 'table new_rows'
        when 'DELETE' then 'table old_rows'
        else 'table new_rows union all table old_rows'
    end;
    scopes text := format('(touched.%I)', tg_argv[0]);
    branch text := coalesce('touched.' || quote_ident(nullif(tg_argv[1], '')), 'null');
begin
    for place in 2 .. tg_nargs - 1 loop
        scopes := scopes || format(', (touched.%I)', tg_argv[place]);
    end loop;
    execute format(
        'insert into feed (org_id, scope_id, branch_id, table_name, row_id)
         select distinct touched.org_id, scope.id, %s::uuid, %L, touched.id
         from (%s) touched cross join lateral (values %s) scope (id)',
        branch, tg_table_name, touched, scopes);
    return null;
end
$$;

create function satchel.refuse_truncate() returns trigger
language plpgsql set search_path = satchel, pg_temp as $$
begin
    raise feature_not_supported using
        message = format('TRUNCATE of %I would not reach the phones', tg_table_name),
        hint = 'Use DELETE.';
end
$$;

-- Row-level security cannot say which columns may change. Arguments: those that a technician may change.
create function satchel.guard_columns() returns trigger
language plpgsql set search_path = satchel, pg_temp as $$
declare
    free text[] := array['rev', 'created_at', 'created_by', 'updated_at', 'updated_by'] || tg_argv;
begin
    if to_jsonb(new) - free <> to_jsonb(old) - free then
        raise insufficient_privilege using
            message = format('technicians may change only %s of %I', array_to_string(tg_argv, ', '), tg_table_name);
    end if;
    return new;
end
$$;
