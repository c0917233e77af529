-- A change about something that its author lost sight of goes to the office's inbox if that something exists (0103). Whether
-- it does was asked with the eyes of satchel_internal, which saw jobs and what belongs to them, and no machine or contact:
-- a change of one was refused as if there were none, and stayed on the phone. It now sees every synced table, also those to
-- come.

create procedure satchel.show_inbox(name text)
language plpgsql set search_path = satchel, pg_temp as $$
begin
    execute format('grant select on %I to satchel_internal', name);
    if not exists (
        select from pg_policy p
        where p.polrelid = to_regclass(format('satchel.%I', name)) and p.polcmd in ('r', '*')
          and p.polroles = array['satchel_internal'::regrole::oid])
    then
        execute format('create policy inbox on %I for select to satchel_internal using (true)', name);
    end if;
end
$$;

-- As before, and seen by the inbox.
create or replace procedure satchel.sync_table(name text, scope text, branch text default '', wakes text[] default '{}')
language plpgsql set search_path = satchel, pg_temp as $$
begin
    execute format('alter table %I enable row level security, force row level security', name);
    execute format('create trigger stamp before insert or update on %I for each row execute function stamp()', name);
    call feed_table(name, scope, branch, wakes);
    execute format('create trigger refuse_truncate before truncate on %I execute function refuse_truncate()', name);
    call audit_table(name, scope, branch);
    call show_inbox(name);
end
$$;

do $$
declare
    synced text;
begin
    for synced in
        select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where c.relnamespace = 'satchel'::regnamespace and t.tgname = 'feed_insert'
    loop
        call satchel.show_inbox(synced);
    end loop;
end
$$;
