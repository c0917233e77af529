-- The lane follows from what is about to be done, not only from who does it. A replica keeps one lane; a single call
-- takes the office's when it is an office role of the caller that permits it. So a technician who keeps the stock as
-- well edits the pricebook at a desk, and completes his own visits there too.

-- The caller's membership; no row when there is none.
--
-- acting       the roles that permit what is about to be done; null for a replica
-- lane         which role the transaction takes
-- fingerprint  changes whenever the caller's replica may see other rows than before, though no row changed
create function satchel.member(acting text[], out roles text[], out technician_id uuid, out lane text, out fingerprint text)
returns setof record
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
#variable_conflict use_column
begin
    return query
        select m.roles, me.id,
            case
                when exists (
                    select from role_capability c
                    where c.role = any (m.roles) and c.role = any (acting) and c.capability = 'read') then 'office'
                -- A technician with a reading office role as well has work to write: only planners take the office's
                -- lane before the field's.
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

-- The door, for a caller of whom something vouches, as before; what is about to be done has a say in the lane. The
-- functions it asks about credentials come with a later file, and are looked for when it is called.
create function satchel.enter_with(
    org uuid, person uuid, credential uuid, acting text[],
    out refusal text, out roles text[], out technician_id uuid, out lane text, out fingerprint text)
language plpgsql set search_path = satchel, pg_temp as $$
begin
    if credential is not null then
        refusal := credential_refusal(org, person, credential);
        if refusal is not null then
            return;
        end if;
    end if;
    perform set_config('satchel.org_id', org::text, true), set_config('satchel.user_id', person::text, true);
    select m.roles, m.technician_id, m.lane, m.fingerprint into roles, technician_id, lane, fingerprint
    from member(acting) m;
    if not found then
        perform set_config('satchel.org_id', '', true), set_config('satchel.user_id', '', true);
        refusal := membership_refusal(org, person);
        return;
    end if;
    perform set_config('role', 'satchel_' || lane, true);
end
$$;

-- Without a purpose it is a replica's membership.
create or replace function satchel.member(out roles text[], out technician_id uuid, out lane text, out fingerprint text)
returns setof record
language sql stable security definer set search_path = satchel, pg_temp as $$ select * from member(null) $$;

grant execute on function satchel.member(text[]), satchel.enter_with(uuid, uuid, uuid, text[])
    to satchel_service, satchel_office, satchel_field;
