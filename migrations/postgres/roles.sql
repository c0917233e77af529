-- Roles and the schema. Not a migration: roles belong to the whole cluster, so this runs before every
-- migration, changes nothing that is already right, and may run in many databases of one cluster.
--
--   satchel_internal  owns every table and function. FORCE ROW LEVEL SECURITY binds it too: what its
--                     functions may read is said by policies of its own.
--   satchel_office    the lane of people who may see the organization.
--   satchel_field     the lane of technicians, who see what they are assigned to.
--   satchel_waker     may ask which scopes changed, and nothing else.
--   satchel_service   what the server logs in as. Owns nothing, inherits nothing: inside a transaction
--                     it becomes one of the three above.
do $roles$
declare
    wanted text;
begin
    foreach wanted in array array[
        'satchel_internal nologin noinherit',
        'satchel_office nologin noinherit',
        'satchel_field nologin noinherit',
        'satchel_waker nologin noinherit',
        'satchel_service login noinherit'
    ] loop
        if to_regrole(split_part(wanted, ' ', 1)) is null then
            begin
                execute 'create role ' || wanted;
            exception when duplicate_object or unique_violation then
                null; -- A migration of another database came first.
            end;
        end if;
    end loop;

    foreach wanted in array array['satchel_office', 'satchel_field', 'satchel_waker'] loop
        if not pg_has_role('satchel_service', wanted, 'member') then
            begin
                execute format('grant %I to satchel_service', wanted);
            exception when unique_violation then
                null;
            end;
        end if;
    end loop;

    -- The admin makes everything in the name of satchel_internal.
    if not pg_has_role(current_user, 'satchel_internal', 'member') then
        execute format('grant satchel_internal to %I', current_user);
    end if;

    if to_regnamespace('satchel') is null then
        create schema satchel authorization satchel_internal;
    end if;
    if not has_database_privilege('satchel_service', current_database(), 'connect') then
        execute format('grant connect on database %I to satchel_service', current_database());
    end if;
end
$roles$;
