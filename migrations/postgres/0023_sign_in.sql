-- Signing in happens before there is a context: named functions are the only way to these rows.

-- A login that goes on: one per sign-in, whose refresh tokens follow each other by generation.
create table satchel.refresh_family (
    id uuid primary key,
    user_id uuid not null references satchel.app_user (id),
    -- Of the newest tokens.
    generation integer not null default 1,
    -- The token that the newest one succeeds: the only older one that still works.
    used_hash bytea,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index refresh_family_user on satchel.refresh_family (user_id);
create index refresh_family_expiry on satchel.refresh_family (expires_at);

create table satchel.refresh_token (
    -- SHA-256 of the token, which is stored nowhere.
    hash bytea primary key check (length(hash) = 32),
    family_id uuid not null references satchel.refresh_family (id) on delete cascade,
    generation integer not null,
    created_at timestamptz not null default now()
);
create index refresh_token_family on satchel.refresh_token (family_id);

alter table satchel.refresh_family enable row level security, force row level security;
alter table satchel.refresh_token enable row level security, force row level security;
create policy internal on satchel.refresh_family to satchel_internal using (true) with check (true);
create policy internal on satchel.refresh_token to satchel_internal using (true) with check (true);

create function satchel.credentials(address text, out user_id uuid, out password_hash text) returns setof record
language sql stable security definer set search_path = satchel, pg_temp as $$
    select u.id, u.password_hash from app_user u where lower(u.email) = lower(btrim(address)) and u.active;
$$;

create function satchel.memberships(
    person uuid, out org_id uuid, out org_name text, out roles text[], out technician_id uuid) returns setof record
language sql stable security definer set search_path = satchel, pg_temp as $$
    select m.org_id, o.name, m.roles, t.id
    from membership m
    join app_user u on u.id = m.user_id and u.active
    join organization o on o.org_id = m.org_id
    left join technician t on t.org_id = m.org_id and t.user_id = m.user_id and t.active
    where m.user_id = person and m.active
    order by o.name, m.org_id;
$$;

-- Keeps the first refresh token of a sign-in.
create function satchel.store_refresh(person uuid, family uuid, token_hash bytea, expires timestamptz) returns void
language sql security definer set search_path = satchel, pg_temp as $$
    insert into refresh_family (id, user_id, expires_at) values (family, person, expires);
    insert into refresh_token (hash, family_id, generation) values (token_hash, family, 1);
$$;

-- Exchanges a token for its successor. The outcome is
--   rotated   the new token is stored
--   unknown   no such token
--   expired   nobody refreshed in time
--   revoked   signed out, or the user is no longer active
--   reused    a token older than the one before the newest: somebody else has a copy, so the family is revoked
-- The token before the newest still works, because its answer may have been lost; as soon as a newest one is used,
-- it does not.
create function satchel.rotate_refresh(
    token_hash bytea, successor_hash bytea, expires timestamptz, out outcome text, out user_id uuid, out family_id uuid)
language plpgsql security definer set search_path = satchel, pg_temp as $$
#variable_conflict use_column
declare
    family refresh_family;
    shown integer;
begin
    select t.generation, t.family_id into shown, family_id from refresh_token t where t.hash = token_hash;
    if not found then
        outcome := 'unknown';
        return;
    end if;
    select * into family from refresh_family f where f.id = rotate_refresh.family_id for update;
    user_id := family.user_id;
    outcome := case
        when family.revoked_at is not null
            or not exists (select from app_user u where u.id = family.user_id and u.active) then 'revoked'
        when family.expires_at <= now() then 'expired'
        when shown < family.generation and token_hash is distinct from family.used_hash then 'reused'
        else 'rotated'
    end;
    if outcome = 'reused' then
        update refresh_family f set revoked_at = now() where f.id = family.id;
    elsif outcome = 'rotated' then
        insert into refresh_token (hash, family_id, generation) values (successor_hash, family.id, shown + 1);
        update refresh_family f set generation = shown + 1, used_hash = token_hash, expires_at = expires
        where f.id = family.id;
    end if;
end
$$;

-- Signs out: no token of the family works again. False when the token is unknown.
create function satchel.revoke_refresh(token_hash bytea) returns boolean
language plpgsql security definer set search_path = satchel, pg_temp as $$
begin
    update refresh_family set revoked_at = coalesce(revoked_at, now())
    where id = (select family_id from refresh_token where hash = token_hash);
    return found;
end
$$;

-- Forgets families that expired before that time; returns how many.
create function satchel.forget_refresh(expired_before timestamptz) returns bigint
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    forgotten bigint;
begin
    delete from refresh_family where expires_at < expired_before;
    get diagnostics forgotten = row_count;
    return forgotten;
end
$$;

grant execute on function
    satchel.credentials(text), satchel.memberships(uuid), satchel.store_refresh(uuid, uuid, bytea, timestamptz),
    satchel.rotate_refresh(bytea, bytea, timestamptz), satchel.revoke_refresh(bytea), satchel.forget_refresh(timestamptz)
to satchel_service;
