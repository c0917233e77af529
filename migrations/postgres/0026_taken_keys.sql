-- Which of these idempotency keys the ledger of the caller's organization holds, whoever used them. The rows themselves
-- are their user's; a repeat has to be told from a first attempt all the same.
create function satchel.taken_keys(keys uuid[]) returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
begin
    return query
        select l.key from mutation_ledger l where l.org_id = org_if_member() and l.key = any (keys);
end
$$;
grant execute on function satchel.taken_keys(uuid[]) to satchel_office, satchel_field;
