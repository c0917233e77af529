-- Who the work is for, where it is, what it is about. Each row is a scope of its own; a technician sees those that
-- his jobs touch.

create table satchel.customer (
    org_id uuid not null references satchel.organization (org_id),
    id uuid not null,
    rev bigint not null default 0,
    name text not null check (name <> ''),
    phone text,
    email text,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id)
);

create table satchel.location (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    customer_id uuid not null,
    address text not null,
    latitude numeric(9, 6) check (latitude between -90 and 90),
    longitude numeric(9, 6) check (longitude between -180 and 180),
    zone text not null check (zone <> ''),
    access_notes text,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, customer_id) references satchel.customer (org_id, id)
);
create index location_by_customer on satchel.location (org_id, customer_id);

create table satchel.equipment (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    location_id uuid not null,
    name text not null check (name <> ''),
    model text,
    serial text,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, location_id) references satchel.location (org_id, id)
);
create index equipment_by_location on satchel.equipment (org_id, location_id);

call satchel.sync_table('customer', scope => 'id');
call satchel.allow_office('customer', '{select}', 'read');
call satchel.allow_office('customer', '{insert,update}', 'schedule');
call satchel.allow_field('customer', '{select}', 'id = any (array(select satchel.my_customer_ids()))');

call satchel.sync_table('location', scope => 'id');
call satchel.allow_office('location', '{select}', 'read');
call satchel.allow_office('location', '{insert,update}', 'schedule');
call satchel.allow_field('location', '{select}', 'id = any (array(select satchel.my_location_ids()))');

call satchel.sync_table('equipment', scope => 'id');
call satchel.allow_office('equipment', '{select}', 'read');
call satchel.allow_office('equipment', '{insert,update}', 'schedule');
call satchel.allow_field('equipment', '{select}', 'id = any (array(select satchel.my_equipment_ids()))');
