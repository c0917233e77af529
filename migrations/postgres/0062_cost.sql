-- The organization, for whoever may see costs in it. To others it is an error, so that they are told instead of being
-- shown a job that costs nothing.
create function satchel.cost_org() returns uuid
language plpgsql stable set search_path = satchel, pg_temp as $$
declare
    org uuid := org_if_may('cost');
begin
    if org is null then
        raise insufficient_privilege using message = 'this role does not see costs';
    end if;
    return org;
end
$$;
grant execute on function satchel.cost_org() to satchel_office, satchel_field;
