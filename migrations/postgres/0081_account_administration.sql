-- What a member may do with sessions and devices, and a manager with those of others: functions of a lane, called after
-- the door.

-- Whether the caller may take something from this member or give it: managers may, and from an owner only owners.
create function satchel.may_manage(person uuid) returns boolean
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
declare
    org uuid := org_if_may('manage');
begin
    return org is not null and (
        not exists (select from membership m where m.org_id = org and m.user_id = person and 'owner' = any (m.roles))
        or exists (select from membership m
                   where m.org_id = org and m.user_id = current_user_id() and 'owner' = any (m.roles)));
end
$$;

create function satchel.record_account_event(action text, subject uuid) returns void
language sql security definer set search_path = satchel, pg_temp as $$
    insert into account_event (org_id, actor_id, action, subject_id)
    values (current_org(), current_user_id(), action, subject);
$$;

-- The devices of the caller, and for managers those of the organization, after an id and at most so many.
create function satchel.list_devices(after uuid, rows_max integer)
returns table (
    id uuid, user_id uuid, user_name text, platform text, app_version text, last_seq bigint, created_at timestamptz,
    last_seen_at timestamptz, session_id uuid, revoked_at timestamptz)
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
#variable_conflict use_column
declare
    org uuid := org_if_member();
    everybody boolean := org_if_may('manage') is not null;
begin
    return query
        select d.id, d.user_id, u.name, d.platform, d.app_version, d.last_seq, d.created_at, d.last_seen_at,
            live.id, case when live.id is null then gone.at end
        from device d
        join app_user u on u.id = d.user_id
        left join lateral (
            select f.id from device_session s join refresh_family f on f.id = s.session_id
            where s.org_id = d.org_id and s.device_id = d.id and f.revoked_at is null and f.expires_at > now()
            order by f.last_used_at desc limit 1) live on true
        left join lateral (
            select max(f.revoked_at) as at from device_session s join refresh_family f on f.id = s.session_id
            where s.org_id = d.org_id and s.device_id = d.id and f.ended_by = 'device_revoked') gone on true
        where d.org_id = org and (everybody or d.user_id = current_user_id()) and (after is null or d.id > after)
        order by d.id
        limit rows_max;
end
$$;

-- Ends every session that used the device. Outcomes: done, not_found.
create function satchel.revoke_device(device uuid) returns text
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    org uuid := org_if_member();
    person uuid;
begin
    select d.user_id into person from device d
    where d.org_id = org and d.id = device and (d.user_id = current_user_id() or may_manage(d.user_id));
    if not found then
        return 'not_found';
    end if;
    update refresh_family f set revoked_at = now(), ended_by = 'device_revoked'
    where f.revoked_at is null and f.id in (
        select s.session_id from device_session s where s.org_id = org and s.device_id = device);
    perform wake_user(person), record_account_event('device.revoke', device);
    return 'done';
end
$$;

-- The caller's sessions that have not ended, newest first.
create function satchel.list_sessions(rows_max integer)
returns table (
    id uuid, created_at timestamptz, last_used_at timestamptz, expires_at timestamptz, device_ids uuid[])
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
#variable_conflict use_column
begin
    return query
        select f.id, f.created_at, f.last_used_at, f.expires_at,
            array(select s.device_id from device_session s where s.session_id = f.id order by s.device_id)
        from refresh_family f
        where f.user_id = current_user_id() and org_if_member() is not null
          and f.revoked_at is null and f.expires_at > now()
        order by f.created_at desc, f.id
        limit rows_max;
end
$$;

-- Ends a session of the caller. Outcomes: done, not_found.
create function satchel.revoke_session(session uuid) returns text
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    person uuid := current_user_id();
begin
    if org_if_member() is null or not exists (
        select from refresh_family f where f.id = session and f.user_id = person) then
        return 'not_found';
    end if;
    update refresh_family f set revoked_at = now(), ended_by = 'session_revoked'
    where f.id = session and f.revoked_at is null;
    perform wake_user(person);
    return 'done';
end
$$;

-- Ends a membership, or takes it up again. Outcomes: done, not_found, forbidden, self.
create function satchel.set_member_active(person uuid, wanted boolean) returns text
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    org uuid := org_if_may('manage');
begin
    if org is null then
        return 'forbidden';
    elsif not exists (select from membership m where m.org_id = org and m.user_id = person) then
        return 'not_found';
    elsif person = current_user_id() then
        -- Whoever acts stays, so that an organization never loses its last owner.
        return 'self';
    elsif not may_manage(person) then
        return 'forbidden';
    end if;
    update membership m set active = wanted where m.org_id = org and m.user_id = person and m.active <> wanted;
    if found then
        perform record_account_event(case when wanted then 'user.reinstate' else 'user.revoke' end, person);
    end if;
    return 'done';
end
$$;

grant execute on function
    satchel.may_manage(uuid), satchel.list_devices(uuid, integer), satchel.revoke_device(uuid),
    satchel.list_sessions(integer), satchel.revoke_session(uuid), satchel.set_member_active(uuid, boolean)
to satchel_office, satchel_field;
