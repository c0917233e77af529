-- Keys for machines: each has a member of its own, in one organization, with one role.

create table satchel.api_key (
    org_id uuid not null references satchel.organization (org_id),
    id uuid not null unique,
    -- The member that the key acts as.
    user_id uuid not null,
    -- argon2id; the secret is stored nowhere.
    secret_hash text not null,
    created_at timestamptz not null default now(),
    created_by uuid not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (org_id, id),
    foreign key (org_id, user_id) references satchel.membership (org_id, user_id)
);
alter table satchel.api_key enable row level security, force row level security;
create policy internal on satchel.api_key to satchel_internal using (true) with check (true);
create policy accounts_add on satchel.app_user for insert to satchel_internal with check (true);
create policy accounts_add on satchel.membership for insert to satchel_internal with check (true);

-- Makes a key and its member. Outcomes: done, forbidden, too_many. Only an owner makes one that manages.
create function satchel.create_api_key(
    key uuid, agent uuid, agent_name text, agent_role text, hash text, days integer, keys_max integer) returns text
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    org uuid := org_if_may('manage');
begin
    if org is null or agent_role in ('owner', 'technician') or (
        exists (select from role_capability c where c.role = agent_role and c.capability = 'manage')
        and not exists (select from membership m
                        where m.org_id = org and m.user_id = current_user_id() and 'owner' = any (m.roles))) then
        return 'forbidden';
    end if;
    -- Those who make keys at once take turns, or the limit would not hold.
    perform pg_advisory_xact_lock(hashtext('satchel.api_key'), hashtext(org::text));
    if (select count(*) from api_key k where k.org_id = org and k.revoked_at is null and k.expires_at > now())
        >= keys_max then
        return 'too_many';
    end if;
    insert into app_user (id, email, name) values (agent, 'key-' || key || '@machine.invalid', agent_name);
    insert into membership (org_id, user_id, roles) values (org, agent, array[agent_role]);
    insert into api_key (org_id, id, user_id, secret_hash, created_by, expires_at)
    values (org, key, agent, hash, current_user_id(), now() + make_interval(days => days));
    perform record_account_event('api_key.create', key);
    return 'done';
end
$$;

-- The organization's keys, for those who may manage; after an id and at most so many.
create function satchel.list_api_keys(after uuid, rows_max integer)
returns table (
    id uuid, user_id uuid, name text, role text, created_at timestamptz, created_by uuid, expires_at timestamptz,
    last_used_at timestamptz, revoked_at timestamptz)
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
#variable_conflict use_column
declare
    org uuid := org_if_may('manage');
begin
    return query
        select k.id, k.user_id, u.name, m.roles[1], k.created_at, k.created_by, k.expires_at, k.last_used_at, k.revoked_at
        from api_key k
        join app_user u on u.id = k.user_id
        join membership m on m.org_id = k.org_id and m.user_id = k.user_id
        where k.org_id = org and (after is null or k.id > after)
        order by k.id
        limit rows_max;
end
$$;

-- Outcomes: done, not_found.
create function satchel.revoke_api_key(key uuid) returns text
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    org uuid := org_if_may('manage');
    agent uuid;
begin
    select k.user_id into agent from api_key k where k.org_id = org and k.id = key for update;
    if not found then
        return 'not_found';
    end if;
    update api_key k set revoked_at = now() where k.org_id = org and k.id = key and k.revoked_at is null;
    if found then
        -- Its membership ends with it, which also tells its streams.
        update membership m set active = false where m.org_id = org and m.user_id = agent;
        perform record_account_event('api_key.revoke', key);
    end if;
    return 'done';
end
$$;

-- What to compare a secret with; no row for keys that open nothing any more, whose refusal says why.
create function satchel.api_key_of(
    key uuid, out org_id uuid, out user_id uuid, out secret_hash text, out expires_at_s bigint) returns setof record
language sql stable security definer set search_path = satchel, pg_temp as $$
    select k.org_id, k.user_id, k.secret_hash, extract(epoch from k.expires_at)::bigint from api_key k where k.id = key;
$$;

create function satchel.note_api_key_used(key uuid) returns void
language sql security definer set search_path = satchel, pg_temp as $$
    update api_key k set last_used_at = now() where k.id = key;
$$;

-- A session, or a key.
create or replace function satchel.credential_refusal(org uuid, person uuid, credential uuid) returns text
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
declare
    family refresh_family;
    key api_key;
begin
    select * into family from refresh_family f where f.id = credential;
    if found then
        return case
            when family.user_id <> person then 'session_revoked'
            when family.revoked_at is null then null
            when family.ended_by = 'device_revoked' then 'device_revoked'
            else 'session_revoked'
        end;
    end if;
    select * into key from api_key k where k.id = credential;
    return case
        when not found then 'session_revoked'
        when key.org_id <> org or key.user_id <> person or key.revoked_at is not null then 'key_revoked'
        when key.expires_at <= now() then 'key_expired'
    end;
end
$$;

grant execute on function
    satchel.create_api_key(uuid, uuid, text, text, text, integer, integer), satchel.list_api_keys(uuid, integer),
    satchel.revoke_api_key(uuid)
to satchel_office, satchel_field;
grant execute on function satchel.api_key_of(uuid), satchel.note_api_key_used(uuid) to satchel_service;
