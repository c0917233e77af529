-- The organization, its branches and its technicians. Everybody in it may read them.

create table satchel.branch (
    org_id uuid not null references satchel.organization (org_id),
    id uuid not null,
    rev bigint not null default 0,
    name text not null check (name <> ''),
    zone text not null check (zone <> ''),
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id)
);

create table satchel.technician (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    branch_id uuid not null,
    user_id uuid,
    name text not null check (name <> ''),
    active boolean not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    -- Whoever carries a copy of the branch points here, and the copy follows.
    unique (org_id, id, branch_id),
    unique (org_id, user_id),
    foreign key (org_id, branch_id) references satchel.branch (org_id, id),
    foreign key (org_id, user_id) references satchel.membership (org_id, user_id)
);
create index technician_branch on satchel.technician (org_id, branch_id);

call satchel.sync_table('organization', scope => 'org_id');
call satchel.sync_table('branch', scope => 'org_id');
call satchel.sync_table('technician', scope => 'org_id', branch => 'branch_id');

create policy internal on satchel.branch for select to satchel_internal using (true);
create policy internal on satchel.technician for select to satchel_internal using (true);
create policy internal on satchel.organization for select to satchel_internal using (true);
