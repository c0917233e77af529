-- What vouches for a caller can be taken back: sessions, the devices that use them, memberships. The door looks at
-- every entry, and whoever takes something back writes the feed, so that open streams look at once.

alter table satchel.refresh_family
    -- Why it ended. signed_out and reused: as before; session_revoked: by its user from elsewhere, or by a new password;
    -- device_revoked: with the device that uses it.
    add column ended_by text check (ended_by in ('signed_out', 'reused', 'session_revoked', 'device_revoked')),
    add column last_used_at timestamptz not null default now();

-- Which sessions used which device. What took a device's sessions away stands in the sessions; one begun later, with the
-- password, may use the device again.
create table satchel.device_session (
    org_id uuid not null,
    device_id uuid not null,
    session_id uuid not null references satchel.refresh_family (id) on delete cascade,
    bound_at timestamptz not null default now(),
    primary key (org_id, device_id, session_id),
    foreign key (org_id, device_id) references satchel.device (org_id, id)
);
create index device_session_session on satchel.device_session (session_id);

alter table satchel.device_session enable row level security, force row level security;
create policy internal on satchel.device_session to satchel_internal using (true) with check (true);
create policy internal on satchel.device to satchel_internal using (true) with check (true);
create policy accounts on satchel.membership for update to satchel_internal using (true) with check (true);

-- Who took what away from whom, and gave it. Append-only.
create table satchel.account_event (
    org_id uuid not null references satchel.organization (org_id),
    id bigint generated always as identity,
    at timestamptz not null default now(),
    actor_id uuid not null,
    -- What was done: device.revoke, user.revoke, user.reinstate, api_key.create, api_key.revoke.
    action text not null check (action ~ '^[a-z_]+\.[a-z_]+$'),
    -- To which user, device or key.
    subject_id uuid not null,
    primary key (org_id, id)
);
create index account_event_subject on satchel.account_event (org_id, subject_id, id);
alter table satchel.account_event enable row level security, force row level security;
create policy internal on satchel.account_event for insert to satchel_internal with check (true);
call satchel.allow_office('account_event', '{select}', 'manage');

-- Why this session (or what else stands for the user) does not open the door; null when it does.
create function satchel.credential_refusal(org uuid, person uuid, credential uuid) returns text
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
declare
    family refresh_family;
begin
    select * into family from refresh_family f where f.id = credential;
    return case
        when not found or family.user_id <> person then 'session_revoked'
        when family.revoked_at is null then null
        when family.ended_by = 'device_revoked' then 'device_revoked'
        else 'session_revoked'
    end;
end
$$;

-- Whether there is no membership, or one no more.
create function satchel.membership_refusal(org uuid, person uuid) returns text
language sql stable security definer set search_path = satchel, pg_temp as $$
    select case when exists (select from membership m where m.org_id = org and m.user_id = person)
        then 'membership_ended' else 'not_a_member' end;
$$;

-- The door, for a caller of whom something vouches. refusal says why it stays closed; then there is no lane and no
-- context. Programs that hold the secrets themselves have no credential.
create function satchel.enter_with(
    org uuid, person uuid, credential uuid,
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
    select m.roles, m.technician_id, m.lane, m.fingerprint into roles, technician_id, lane, fingerprint from member() m;
    if not found then
        perform set_config('satchel.org_id', '', true), set_config('satchel.user_id', '', true);
        refusal := membership_refusal(org, person);
        return;
    end if;
    perform set_config('role', 'satchel_' || lane, true);
end
$$;

-- Tells the streams of a user, in every organization, to look again.
create function satchel.wake_user(person uuid) returns void
language sql security definer set search_path = satchel, pg_temp as $$
    insert into feed (org_id, scope_id, table_name, row_id)
    select m.org_id, m.user_id, 'membership', m.user_id from membership m where m.user_id = person;
$$;

-- A caller uses a device: registers it, binds the session, and tells what app runs there. A session that was begun before
-- the device was taken out of use ends here, should it have been bound to nothing then.
create function satchel.use_device(
    org uuid, person uuid, session uuid, device uuid, platform text, app_version text) returns void
language plpgsql security definer set search_path = satchel, pg_temp as $$
#variable_conflict use_column
begin
    if credential_refusal(org, person, session) is not null
        or not exists (select from membership m where m.org_id = org and m.user_id = person and m.active) then
        return;
    end if;
    insert into device as d (org_id, id, user_id, platform, app_version)
    values (org, device, person, use_device.platform, use_device.app_version)
    on conflict (org_id, id) do update set
        last_seen_at = now(),
        platform = coalesce(excluded.platform, d.platform),
        app_version = coalesce(excluded.app_version, d.app_version)
    where d.user_id = person;
    if not found or not exists (select from refresh_family f where f.id = session) then
        return;
    end if;
    insert into device_session (org_id, device_id, session_id) values (org, device, session) on conflict do nothing;
    update refresh_family f set revoked_at = now(), ended_by = 'device_revoked'
    where f.id = session and f.revoked_at is null and exists (
        select from device_session s join refresh_family other on other.id = s.session_id
        where s.org_id = org and s.device_id = device
          and other.ended_by = 'device_revoked' and other.revoked_at >= f.created_at);
    if found then
        perform wake_user(person);
    end if;
end
$$;

-- Exchanges a token for its successor, as before; the token may be hashed under several secrets. ended_by says why a
-- revoked session ended: one of refresh_family's reasons, or membership_ended when the user is no longer active.
create function satchel.rotate_refresh(
    token_hashes bytea[], successor_hash bytea, expires timestamptz,
    out outcome text, out user_id uuid, out family_id uuid, out ended_by text)
language plpgsql security definer set search_path = satchel, pg_temp as $$
#variable_conflict use_column
declare
    family refresh_family;
    token refresh_token;
begin
    select * into token from refresh_token t where t.hash = any (token_hashes);
    if not found then
        outcome := 'unknown';
        return;
    end if;
    select * into family from refresh_family f where f.id = token.family_id for update;
    user_id := family.user_id;
    family_id := family.id;
    outcome := case
        when family.revoked_at is not null
            or not exists (select from app_user u where u.id = family.user_id and u.active) then 'revoked'
        when family.expires_at <= now() then 'expired'
        when token.generation < family.generation and token.hash is distinct from family.used_hash then 'reused'
        else 'rotated'
    end;
    ended_by := case outcome when 'revoked' then
        case when family.revoked_at is null then 'membership_ended' else family.ended_by end end;
    if outcome = 'reused' then
        update refresh_family f set revoked_at = now(), ended_by = 'reused' where f.id = family.id;
        perform wake_user(family.user_id);
    elsif outcome = 'rotated' then
        insert into refresh_token (hash, family_id, generation)
        values (successor_hash, family.id, token.generation + 1);
        update refresh_family f
        set generation = token.generation + 1, used_hash = token.hash, expires_at = expires, last_used_at = now()
        where f.id = family.id;
    end if;
end
$$;

-- Signs out, by a token that may be hashed under several secrets. False when it is unknown.
create function satchel.revoke_refresh(token_hashes bytea[]) returns boolean
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    person uuid;
begin
    update refresh_family set revoked_at = now(), ended_by = 'signed_out'
    where id = (select family_id from refresh_token where hash = any (token_hashes)) and revoked_at is null
    returning user_id into person;
    if person is not null then
        perform wake_user(person);
    end if;
    return exists (select from refresh_token where hash = any (token_hashes));
end
$$;

grant execute on function
    satchel.credential_refusal(uuid, uuid, uuid), satchel.membership_refusal(uuid, uuid),
    satchel.enter_with(uuid, uuid, uuid), satchel.use_device(uuid, uuid, uuid, uuid, text, text),
    satchel.rotate_refresh(bytea[], bytea, timestamptz), satchel.revoke_refresh(bytea[])
to satchel_service;
