-- Organizations, people, and who may act where.

create table satchel.organization (
    org_id uuid not null unique,
    id uuid not null check (id = org_id),
    rev bigint not null default 0,
    name text not null check (name <> ''),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id)
);

-- A person. Belongs to no organization; reached only through definer functions.
create table satchel.app_user (
    id uuid primary key,
    email text not null check (email = btrim(email) and email <> ''),
    name text not null,
    -- A PHC string; null when the person cannot sign in with a password.
    password_hash text,
    active boolean not null default true,
    created_at timestamptz not null default now()
);
create unique index app_user_email on satchel.app_user (lower(email));

-- What a role may do. Read it aloud: a dispatcher may read and schedule.
create table satchel.role_capability (
    role text not null,
    capability text not null check (capability in ('read', 'schedule', 'price', 'manage', 'field')),
    primary key (role, capability)
);
insert into satchel.role_capability (role, capability) values
    ('owner', 'read'), ('owner', 'schedule'), ('owner', 'price'), ('owner', 'manage'),
    ('operations_manager', 'read'), ('operations_manager', 'schedule'), ('operations_manager', 'price'),
    ('operations_manager', 'manage'),
    ('dispatcher', 'read'), ('dispatcher', 'schedule'),
    ('delegated_agent', 'read'), ('delegated_agent', 'schedule'),
    ('inventory_manager', 'read'), ('inventory_manager', 'price'),
    ('billing', 'read'),
    ('auditor', 'read'),
    ('technician', 'field');

-- A person's place in an organization.
create table satchel.membership (
    org_id uuid not null references satchel.organization (org_id),
    user_id uuid not null references satchel.app_user (id),
    roles text[] not null check (
        cardinality(roles) > 0
        and roles <@ array['owner', 'operations_manager', 'dispatcher', 'technician', 'inventory_manager', 'billing',
                           'auditor', 'delegated_agent']),
    -- Null: all branches.
    branch_ids uuid[],
    active boolean not null default true,
    created_at timestamptz not null default now(),
    primary key (org_id, user_id)
);
create index membership_user on satchel.membership (user_id);

do $$
declare
    name text;
begin
    foreach name in array array['app_user', 'role_capability', 'membership'] loop
        execute format('alter table satchel.%I enable row level security, force row level security', name);
        execute format('create policy internal on satchel.%I for select to satchel_internal using (true)', name);
    end loop;
end
$$;

-- A change of membership tells the scope named by the user's id, so that open streams look again.
create function satchel.log_membership() returns trigger
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    place membership := case when tg_op = 'DELETE' then old else new end;
begin
    insert into feed (org_id, scope_id, table_name, row_id)
    values (place.org_id, place.user_id, 'membership', place.user_id);
    return null;
end
$$;
create trigger log_membership after insert or update or delete on satchel.membership
    for each row execute function satchel.log_membership();

-- So does a user's dismissal, in every organization.
create function satchel.log_dismissal() returns trigger
language plpgsql security definer set search_path = satchel, pg_temp as $$
begin
    insert into feed (org_id, scope_id, table_name, row_id)
    select m.org_id, m.user_id, 'membership', m.user_id from membership m where m.user_id = new.id;
    return null;
end
$$;
create trigger log_dismissal after update of active on satchel.app_user
    for each row when (new.active is distinct from old.active) execute function satchel.log_dismissal();

