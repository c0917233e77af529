-- What the server asks at its start: the last migration applied.

create function satchel.schema_version() returns bigint
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
begin
    return (select max(version) from migration where success);
end
$$;
grant execute on function satchel.schema_version() to satchel_service;
