-- Clearing a phone from afar: the office asks for it, the phone sends what it has, clears itself and says so.

-- How phones of an organization are cleared. after_upload: once nothing unsent is on them, which holds where nothing is
-- said. at_once: as soon as they hear of it, whatever waits on them is gone.
create table satchel.wipe_policy (
    org_id uuid primary key references satchel.organization (org_id),
    mode text not null check (mode in ('after_upload', 'at_once'))
);
alter table satchel.wipe_policy enable row level security, force row level security;
create policy internal on satchel.wipe_policy to satchel_internal using (true) with check (true);

alter table satchel.device
    add column wipe_asked_at timestamptz,
    add column wiped_at timestamptz;
create index device_wipe on satchel.device (wipe_asked_at) where wipe_asked_at is not null and wiped_at is null;

-- How the caller's organization clears phones.
create function satchel.wipe_mode() returns text
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
begin
    return coalesce((select p.mode from wipe_policy p where p.org_id = org_if_member()), 'after_upload');
end
$$;

-- Says how, for owners alone. Outcomes: done, owners_only.
create function satchel.set_wipe_mode(wanted text) returns text
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    org uuid := org_if_may('manage');
begin
    if org is null or not exists (
        select from membership m where m.org_id = org and m.user_id = current_user_id() and 'owner' = any (m.roles)) then
        return 'owners_only';
    end if;
    insert into wipe_policy as p (org_id, mode) values (org, wanted)
    on conflict (org_id) do update set mode = excluded.mode;
    perform record_account_event('wipe.' || wanted, org);
    return 'done';
end
$$;

-- Asks a device to clear itself. Its sessions stay, so that it can send what it has and hear of it. Outcomes: done,
-- not_found.
create function satchel.wipe_device(device uuid) returns text
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    org uuid := org_if_member();
    person uuid;
begin
    update device d set wipe_asked_at = coalesce(d.wipe_asked_at, now())
    where d.org_id = org and d.id = wipe_device.device and (d.user_id = current_user_id() or may_manage(d.user_id))
    returning d.user_id into person;
    if person is null then
        return 'not_found';
    end if;
    perform wake_user(person), record_account_event('device.wipe', wipe_device.device);
    return 'done';
end
$$;

-- The caller's device has cleared itself: its sessions end. Outcomes: done, not_found.
create function satchel.device_wiped(device uuid) returns text
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    org uuid := org_if_member();
begin
    update device d set wiped_at = coalesce(d.wiped_at, now())
    where d.org_id = org and d.id = device_wiped.device and d.user_id = current_user_id()
      and d.wipe_asked_at is not null;
    if not found then
        return 'not_found';
    end if;
    perform revoke_device(device_wiped.device), record_account_event('device.wiped', device_wiped.device);
    return 'done';
end
$$;

-- Ends the sessions of devices that were asked so long ago and have not answered; returns how many.
create function satchel.end_wipe_grace(asked_before timestamptz) returns bigint
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    ended bigint;
begin
    update refresh_family f set revoked_at = now(), ended_by = 'device_revoked'
    where f.revoked_at is null and f.id in (
        select s.session_id from device d join device_session s on s.org_id = d.org_id and s.device_id = d.id
        where d.wipe_asked_at < asked_before and d.wiped_at is null);
    get diagnostics ended = row_count;
    return ended;
end
$$;

drop function satchel.list_devices(uuid, integer);
create function satchel.list_devices(after uuid, rows_max integer)
returns table (
    id uuid, user_id uuid, user_name text, platform text, app_version text, last_seq bigint, created_at timestamptz,
    last_seen_at timestamptz, session_id uuid, revoked_at timestamptz, wipe_asked_at timestamptz, wiped_at timestamptz)
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
#variable_conflict use_column
declare
    org uuid := org_if_member();
    everybody boolean := org_if_may('manage') is not null;
begin
    return query
        select d.id, d.user_id, u.name, d.platform, d.app_version, d.last_seq, d.created_at, d.last_seen_at,
            live.id, case when live.id is null then gone.at end, d.wipe_asked_at, d.wiped_at
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

grant execute on function
    satchel.wipe_mode(), satchel.set_wipe_mode(text), satchel.wipe_device(uuid), satchel.device_wiped(uuid),
    satchel.list_devices(uuid, integer)
to satchel_office, satchel_field;
grant execute on function satchel.end_wipe_grace(timestamptz) to satchel_service;
