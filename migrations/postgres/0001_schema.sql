-- The ground everything stands on.

-- Nothing here is for PUBLIC; every EXECUTE is granted by name.
alter default privileges for role satchel_internal revoke execute on functions from public;

grant usage on schema satchel to satchel_service, satchel_office, satchel_field, satchel_waker;

-- Every insert and every update of a synced row takes the next one.
create sequence satchel.rev;
