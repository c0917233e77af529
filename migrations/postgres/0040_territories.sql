-- Where a branch works. Technicians read the names; postal codes are the office's.

create table satchel.territory (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    branch_id uuid not null,
    name text not null check (name <> ''),
    active boolean not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, id, branch_id),
    foreign key (org_id, branch_id) references satchel.branch (org_id, id)
);
create index territory_by_branch on satchel.territory (org_id, branch_id);

create table satchel.territory_area (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    territory_id uuid not null,
    branch_id uuid not null,
    postal_code text not null check (postal_code <> ''),
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, postal_code),
    foreign key (org_id, territory_id, branch_id) references satchel.territory (org_id, id, branch_id) on update cascade
);
create index territory_area_by_territory on satchel.territory_area (org_id, territory_id);
create index territory_area_page on satchel.territory_area (org_id, branch_id, id);

alter table satchel.location
    add column postal_code text,
    add column territory_id uuid,
    add foreign key (org_id, territory_id) references satchel.territory (org_id, id);
create index location_by_territory on satchel.location (org_id, territory_id);

create table satchel.technician_territory (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    technician_id uuid not null,
    branch_id uuid not null,
    territory_id uuid not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, technician_id, territory_id),
    foreign key (org_id, technician_id, branch_id)
        references satchel.technician (org_id, id, branch_id) on update cascade,
    foreign key (org_id, territory_id) references satchel.territory (org_id, id)
);
create index technician_territory_page on satchel.technician_territory (org_id, technician_id, id);

call satchel.sync_table('territory', scope => 'org_id', branch => 'branch_id');
call satchel.allow_office('territory', '{select}', 'read', 'branch_id');
call satchel.allow_office('territory', '{insert,update}', 'manage', 'branch_id');
call satchel.allow_field('territory', '{select}');

call satchel.sync_table('territory_area', scope => 'branch_id', branch => 'branch_id');
call satchel.allow_office('territory_area', '{select}', 'read', 'branch_id');
call satchel.allow_office('territory_area', '{insert,delete}', 'manage', 'branch_id');
-- A pull asks for every table; phones are shown no row of this one.
call satchel.allow_field('territory_area', '{select}', 'false');

call satchel.sync_table('technician_territory', scope => 'technician_id', branch => 'branch_id');
call satchel.allow_office('technician_territory', '{select}', 'read', 'branch_id');
call satchel.allow_office('technician_territory', '{insert,delete}', 'schedule', 'branch_id');
call satchel.allow_field('technician_territory', '{select}', 'technician_id = (select satchel.my_technician_id())');
