-- What a migration that adds a table calls. See migrations/README.md.

-- Makes a table one that phones hold: row-level security for everybody, stamps, feed, no TRUNCATE.
--
-- scope   column with the id of the scope a row belongs to, as in the registry
-- branch  column with its branch, where it has one
-- wakes   further columns whose values are scopes that must hear of its changes
create procedure satchel.sync_table(name text, scope text, branch text default '', wakes text[] default '{}')
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
end
$$;

-- Lets a lane do something with the rows of its organization that meet the condition. Every policy of a lane is
-- made here, so that none can forget the organization or the membership behind it.
create procedure satchel.allow(lane text, name text, verbs text[], capability text, condition text)
language plpgsql set search_path = satchel, pg_temp as $$
declare
    verb text;
    rule text := format('org_id = (select satchel.org_if_may(%L))', capability)
        || coalesce(' and (' || nullif(condition, '') || ')', '');
begin
    foreach verb in array verbs loop
        execute format('grant %s on %I to %I', verb, name, 'satchel_' || lane);
        execute format('create policy %I on %I for %s to %I %s %s',
            lane || '_' || verb, name, verb, 'satchel_' || lane,
            case when verb <> 'insert' then format('using (%s)', rule) end,
            case when verb in ('insert', 'update') then format('with check (%s)', rule) end);
    end loop;
end
$$;

-- The office: members with the capability, in their branches where the table has a branch column.
create procedure satchel.allow_office(name text, verbs text[], capability text, branch text default '', condition text default '')
language plpgsql set search_path = satchel, pg_temp as $$
begin
    call allow('office', name, verbs, capability, concat_ws(' and ',
        case when branch <> '' then format('%I = any (array(select satchel.my_branch_ids()))', branch) end,
        case when condition <> '' then format('(%s)', condition) end));
end
$$;

-- Technicians: rows that meet the condition.
create procedure satchel.allow_field(name text, verbs text[], condition text default '')
language plpgsql set search_path = satchel, pg_temp as $$
begin
    call allow('field', name, verbs, 'field', condition);
end
$$;

-- Restricts what a technician may change in a row that he may update.
create procedure satchel.field_changes_only(name text, columns text[])
language plpgsql set search_path = satchel, pg_temp as $$
declare
    args text;
begin
    select string_agg(quote_literal(arg), ', ') into args from unnest(columns) as listed (arg);
    execute format(
        'create trigger guard_columns before update on %I for each row
         when (current_user = ''satchel_field'') execute function guard_columns(%s)', name, args);
end
$$;
