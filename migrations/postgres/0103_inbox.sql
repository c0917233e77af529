-- The supervisor's inbox: work that could not be applied and waits for somebody of the office. The author reaches his own
-- items through the functions below alone; the office by policy.

create table satchel.inbox_item (
    org_id uuid not null references satchel.organization (org_id),
    -- The idempotency key of the mutation.
    key uuid not null,
    -- Why it is here: the server failed on it time and again; the author lost sight of what it is about; the author
    -- asked the office.
    cause text not null check (cause in ('quarantined', 'reassigned', 'submitted')),
    -- The branch of what it is about; the organization's id where that is not known.
    branch_id uuid not null,
    -- The author and the phone.
    user_id uuid not null references satchel.app_user (id),
    device_id uuid,
    -- The mutation, in its original bytes.
    name text not null,
    args text not null,
    context text not null,
    -- What the author was told.
    verdict jsonb not null,
    author_note text,
    -- By the author's clock; null for what came without a phone.
    occurred_at timestamptz,
    received_at timestamptz not null default now(),
    -- superseded: the author took it up again himself.
    status text not null default 'open' check (status in ('open', 'applied', 'repaired', 'dismissed', 'superseded')),
    -- What the author is told since it was decided.
    outcome jsonb,
    repaired_args text,
    note text,
    decided_by uuid,
    decided_at timestamptz,
    -- The idempotency key of the decision.
    decision_key uuid,
    primary key (org_id, key),
    check ((status in ('applied', 'repaired', 'dismissed')) = (outcome is not null)),
    check ((status = 'open') = (decided_at is null))
);
create index inbox_item_open on satchel.inbox_item (org_id, branch_id, status, received_at, key);
create index inbox_item_author on satchel.inbox_item (org_id, user_id, decided_at);

alter table satchel.inbox_item enable row level security, force row level security;
call satchel.allow_office('inbox_item', '{select}', 'schedule', '',
    'branch_id = any (array(select satchel.my_audit_branch_ids()))');
create policy office_update on satchel.inbox_item for update to satchel_office
    using (org_id = (select satchel.org_if_may('schedule'))
        and branch_id = any (array(select satchel.my_audit_branch_ids())))
    with check (org_id = (select satchel.org_if_may('schedule'))
        and branch_id = any (array(select satchel.my_audit_branch_ids())));
grant update (status, outcome, repaired_args, note, decided_by, decided_at, decision_key)
    on satchel.inbox_item to satchel_office;
create policy internal on satchel.inbox_item to satchel_internal using (true) with check (true);

-- A decision wakes the author's streams, and comes with their next delta.
create function satchel.log_inbox() returns trigger
language plpgsql security definer set search_path = satchel, pg_temp as $$
begin
    insert into feed (org_id, scope_id, table_name, row_id) values (new.org_id, new.user_id, 'inbox_item', new.key);
    return null;
end
$$;
create trigger log_inbox after update of status on satchel.inbox_item
    for each row when (new.outcome is not null and old.outcome is null) execute function satchel.log_inbox();

-- The branch of a job, visit or another row that definer functions may see: the organization's id for a row without
-- one, null for a row that is not there.
create function satchel.branch_of(table_name text, row_id uuid) returns uuid
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
declare
    org uuid := org_if_member();
    branch uuid;
    has_branch boolean := exists (
        select from pg_attribute a where a.attrelid = to_regclass('satchel.' || quote_ident(table_name))
          and a.attname = 'branch_id' and not a.attisdropped);
begin
    if not exists (
        select from pg_trigger t where t.tgrelid = to_regclass('satchel.' || quote_ident(table_name))
          and t.tgname = 'feed_insert') then
        return null;
    end if;
    execute format('select %s from %I where org_id = $1 and id = $2',
        case when has_branch then 'branch_id' else 'org_id' end, table_name) into branch using org, row_id;
    return branch;
end
$$;

-- Somebody else's technician row, active or not, for those who plan: his work is told as his.
create function satchel.technician_of(person uuid) returns uuid
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
begin
    return (select t.id from technician t where t.org_id = org_if_may('schedule') and t.user_id = person limit 1);
end
$$;

-- Takes a mutation of the caller into the inbox. One that is there stays as it is, but for the author's note.
--
-- taken    it waits for the office
-- unknown  what it is about was to exist out of the author's sight, and does not
-- full     the author has too many open items already
-- decided  it was here before and does not wait any more
create function satchel.inbox_take(
    mutation uuid, why text, about_table text, about_id uuid, device uuid, mutation_name text, mutation_args text,
    mutation_context text, told jsonb, happened_at timestamptz, said text, open_max integer) returns text
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    org uuid := org_if_member();
    author uuid := current_user_id();
    branch uuid := branch_of(about_table, about_id);
begin
    if org is null or (why = 'reassigned' and branch is null) then
        return 'unknown';
    end if;
    if open_max <= (
        select count(*) from (
            select from inbox_item i
            where i.org_id = org and i.user_id = author and i.decided_at is null and i.key <> mutation limit open_max) counted)
    then
        return 'full';
    end if;
    insert into inbox_item as i (org_id, key, cause, branch_id, user_id, device_id, name, args, context, verdict,
        occurred_at, author_note)
    values (org, mutation, why, coalesce(branch, org), author, device, mutation_name,
        mutation_args, mutation_context, told, happened_at, said)
    on conflict (org_id, key) do update set author_note = coalesce(excluded.author_note, i.author_note)
    where i.user_id = author and i.status = 'open';
    return case when found then 'taken' else 'decided' end;
end
$$;

-- The author takes his items up again himself: what is open is superseded. Gives what each was before, and keeps a
-- supervisor from deciding until the transaction ends.
create function satchel.inbox_take_back(mutations uuid[])
returns table (key uuid, status text, outcome jsonb, name text, args text)
language plpgsql security definer set search_path = satchel, pg_temp rows 10 as $$
#variable_conflict use_column
declare
    org uuid := org_if_member();
    author uuid := current_user_id();
begin
    return query
        with mine as materialized (
            select i.key, i.status, i.outcome, i.name, i.args from inbox_item i
            where i.org_id = org and i.user_id = author and i.key = any (mutations)
            order by i.key for update),
        closed as (
            update inbox_item i set status = 'superseded', decided_at = now(), decided_by = author
            from mine where i.org_id = org and i.key = mine.key and mine.status = 'open'
            returning i.key)
        select mine.* from mine left join closed on closed.key = mine.key;
end
$$;

-- What was decided on the caller's items: on these, or, with null, on the latest so many.
create function satchel.my_inbox_outcomes(mutations uuid[], rows_max integer)
returns table (key uuid, status text, outcome jsonb, note text, decided_at timestamptz)
language plpgsql stable security definer set search_path = satchel, pg_temp rows 10 as $$
#variable_conflict use_column
declare
    org uuid := org_if_member();
    author uuid := current_user_id();
begin
    return query
        select i.key, i.status, i.outcome, i.note, i.decided_at from inbox_item i
        where i.org_id = org and i.user_id = author and i.outcome is not null
          and (mutations is null or i.key = any (mutations))
        order by i.decided_at desc limit rows_max;
end
$$;

-- Whether the office has ever decided on an item of the caller's. Most members never have one.
create function satchel.has_inbox_outcomes() returns boolean
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
begin
    return exists (
        select from inbox_item i
        where i.org_id = org_if_member() and i.user_id = current_user_id() and i.outcome is not null);
end
$$;

-- The caller's items decided in transactions that a snapshot did not show.
create function satchel.my_inbox_changes(since_xmax xid8, since_xip xid8[]) returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp rows 10 as $$
declare
    org uuid := org_if_member();
    author uuid := current_user_id();
begin
    return query
        select f.row_id from feed f
        where f.org_id = org and f.scope_id = author and f.xid >= since_xmax and f.table_name = 'inbox_item'
        union
        select f.row_id from feed f
        where f.org_id = org and f.scope_id = author and f.xid = any (since_xip) and f.table_name = 'inbox_item';
end
$$;

grant execute on function
    satchel.inbox_take(uuid, text, text, uuid, uuid, text, text, text, jsonb, timestamptz, text, integer),
    satchel.technician_of(uuid), satchel.inbox_take_back(uuid[]), satchel.my_inbox_outcomes(uuid[], integer),
    satchel.my_inbox_changes(xid8, xid8[]), satchel.has_inbox_outcomes()
to satchel_office, satchel_field;

-- On whose behalf: the author of what somebody else applied for him.
alter table satchel.audit_log add column author_id uuid;

create or replace function satchel.policy_version() returns integer language sql immutable return 103;
