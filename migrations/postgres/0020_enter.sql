-- The door: every transaction of a request begins here.

-- Counts changes of what anybody may see without a change of rows: raise it with every change of a policy or of a
-- function that policies ask. Phones then verify what they hold.
create function satchel.policy_version() returns integer language sql immutable return 1;

-- The caller's membership; no row when there is none.
--
-- lane         which role the transaction takes
-- fingerprint  changes whenever the caller may see other rows than before, though no row changed
create function satchel.member(out roles text[], out technician_id uuid, out lane text, out fingerprint text)
returns setof record
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
#variable_conflict use_column
begin
    return query
        select m.roles, me.id,
            -- A technician with a reading office role as well has work to write: only planners take the office's lane
            -- before the field's.
            case
                when 'schedule' = any (can.capabilities) then 'office'
                when me.id is not null and 'field' = any (can.capabilities) then 'field'
                when 'read' = any (can.capabilities) then 'office'
                else 'field'
            end,
            left(encode(sha256(convert_to(concat_ws('/',
                policy_version(),
                (select string_agg(role, ',' order by role) from unnest(m.roles) role),
                coalesce((select string_agg(branch::text, ',' order by branch) from unnest(m.branch_ids) branch), '*'),
                coalesce(me.id::text, '-')), 'UTF8')), 'hex'), 32)
        from membership m
        join app_user u on u.id = m.user_id
        left join technician me on me.org_id = m.org_id and me.user_id = m.user_id and me.active
        cross join lateral (
            select array_agg(c.capability) from role_capability c where c.role = any (m.roles)) can (capabilities)
        where m.org_id = current_org() and m.user_id = current_user_id() and m.active and u.active;
end
$$;

-- Sets the context of this transaction, takes the lane's role, and returns the member. Without a membership it
-- returns no row and leaves no context. Runs as the caller, because only the caller can change its role.
create function satchel.enter(org uuid, person uuid, out roles text[], out technician_id uuid, out lane text, out fingerprint text)
returns setof record
language plpgsql set search_path = satchel, pg_temp as $$
begin
    perform set_config('satchel.org_id', org::text, true), set_config('satchel.user_id', person::text, true);
    select m.roles, m.technician_id, m.lane, m.fingerprint into roles, technician_id, lane, fingerprint from member() m;
    if not found then
        perform set_config('satchel.org_id', '', true), set_config('satchel.user_id', '', true);
        return;
    end if;
    perform set_config('role', 'satchel_' || lane, true);
    return next;
end
$$;

grant execute on function satchel.policy_version(), satchel.member(), satchel.enter(uuid, uuid)
    to satchel_service, satchel_office, satchel_field;
