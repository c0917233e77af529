-- Phones, what they sent, and what became of it. Not synced; everybody sees his own.

create table satchel.device (
    org_id uuid not null references satchel.organization (org_id),
    id uuid not null,
    user_id uuid not null references satchel.app_user (id),
    -- The highest sequence number with a verdict, and the idempotency key that holds it.
    last_seq bigint not null default 0 check (last_seq >= 0),
    last_key uuid,
    platform text,
    app_version text,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    primary key (org_id, id)
);
create index device_user on satchel.device (org_id, user_id);

-- Every mutation that has a verdict. Kept for good, so that no key is ever applied twice; what was said is kept
-- longer than any phone stays offline, then becomes null ("processed, verdict expired").
create table satchel.mutation_ledger (
    org_id uuid not null references satchel.organization (org_id),
    key uuid not null,
    device_id uuid,
    seq bigint check (seq >= 1),
    user_id uuid not null,
    name text not null,
    args text,
    context text,
    content_hash bytea not null check (length(content_hash) = 32),
    outcome jsonb,
    trace_id text not null,
    created_at timestamptz not null default now(),
    primary key (org_id, key),
    unique (org_id, device_id, seq),
    foreign key (org_id, device_id) references satchel.device (org_id, id),
    check ((device_id is null) = (seq is null))
);
create index mutation_ledger_expiry on satchel.mutation_ledger (created_at) where outcome is not null;

-- Mutations that failed for a fault of the server and have no verdict yet.
create table satchel.mutation_attempt (
    org_id uuid not null references satchel.organization (org_id),
    key uuid not null,
    user_id uuid not null,
    attempts integer not null default 1 check (attempts >= 1),
    last_trace_id text not null,
    last_at timestamptz not null default now(),
    primary key (org_id, key)
);

-- The row's owner is its user.
do $$
declare
    own text := 'org_id = (select satchel.org_if_member()) and user_id = (select satchel.current_user_id())';
    place record;
begin
    for place in select * from (values
        ('device', '{select,insert,update}'::text[]),
        ('mutation_ledger', '{select,insert}'),
        ('mutation_attempt', '{select,insert,update,delete}')) as listed (name, verbs)
    loop
        execute format('alter table satchel.%I enable row level security, force row level security', place.name);
        execute format('create policy own on satchel.%I to satchel_office, satchel_field using (%s) with check (%2$s)',
            place.name, own);
        execute format('grant %s on satchel.%I to satchel_office, satchel_field',
            array_to_string(place.verbs, ', '), place.name);
    end loop;
end
$$;

create policy internal on satchel.mutation_ledger to satchel_internal using (true);
create policy internal on satchel.mutation_attempt to satchel_internal using (true);

-- Forgets what was said before that time, at most so many rows; returns how many. Run again while it returns that
-- many.
create function satchel.expire_verdicts(said_before timestamptz, rows_max integer) returns bigint
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    expired bigint;
begin
    update mutation_ledger l set args = null, context = null, outcome = null
    from (
        select org_id, key from mutation_ledger
        where created_at < said_before and outcome is not null
        order by created_at limit rows_max for update skip locked
    ) old
    where l.org_id = old.org_id and l.key = old.key;
    get diagnostics expired = row_count;
    delete from mutation_attempt where last_at < said_before;
    return expired;
end
$$;
grant execute on function satchel.expire_verdicts to satchel_service;
