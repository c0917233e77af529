-- Whom to talk to, and what stands where. Technicians add to both and correct them at their customers'.

alter table satchel.location add unique (org_id, id, customer_id);

create table satchel.contact (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    customer_id uuid not null,
    location_id uuid,
    name text not null check (name <> ''),
    role text,
    phone text,
    email text,
    preferred boolean not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, customer_id) references satchel.customer (org_id, id),
    foreign key (org_id, location_id, customer_id)
        references satchel.location (org_id, id, customer_id) on update cascade
);
create index contact_by_customer on satchel.contact (org_id, customer_id, id);
create index contact_by_location on satchel.contact (org_id, location_id);

call satchel.sync_table('contact', scope => 'customer_id');
call satchel.allow_office('contact', '{select}', 'read');
call satchel.allow_office('contact', '{insert,update,delete}', 'schedule');
call satchel.allow_field('contact', '{select,insert,update}', 'customer_id = any (array(select satchel.my_customer_ids()))');
call satchel.field_changes_only('contact', '{location_id,name,role,phone,email,preferred}');

-- Equipment belongs to its location's scope: a phone that holds the place holds what stands there, and what a
-- technician adds stays on it.
drop trigger stamp on satchel.equipment;
drop trigger feed_insert on satchel.equipment;
drop trigger feed_update on satchel.equipment;
drop trigger feed_delete on satchel.equipment;
drop trigger refuse_truncate on satchel.equipment;
call satchel.sync_table('equipment', scope => 'location_id');
create index equipment_page on satchel.equipment (org_id, location_id, id);
drop index satchel.equipment_by_location;

drop policy field_select on satchel.equipment;
drop function satchel.my_equipment_ids();
call satchel.allow_field('equipment', '{select,insert,update}', 'location_id = any (array(select satchel.my_location_ids()))');
call satchel.field_changes_only('equipment', '{name,model,serial}');

create or replace function satchel.policy_version() returns integer language sql immutable return 42;
