-- A piece of work. Its parts carry its id and its branch, kept equal by foreign keys.

create table satchel.job (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    branch_id uuid not null,
    customer_id uuid not null,
    location_id uuid not null,
    equipment_id uuid,
    number text,
    title text not null,
    description text not null,
    state text not null check (state in
        ('draft', 'unscheduled', 'scheduled', 'in_progress', 'completed', 'closed', 'canceled')),
    priority text not null check (priority in ('low', 'normal', 'high', 'emergency')),
    cancel_reason text,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, id, branch_id),
    unique (org_id, number),
    foreign key (org_id, branch_id) references satchel.branch (org_id, id),
    foreign key (org_id, customer_id) references satchel.customer (org_id, id),
    foreign key (org_id, location_id) references satchel.location (org_id, id),
    foreign key (org_id, equipment_id) references satchel.equipment (org_id, id)
);
create index job_by_customer on satchel.job (org_id, customer_id);
create index job_by_location on satchel.job (org_id, location_id);

call satchel.sync_table('job', scope => 'id', branch => 'branch_id');
create policy internal on satchel.job for select to satchel_internal using (true);

call satchel.allow_office('job', '{select}', 'read', 'branch_id');
call satchel.allow_office('job', '{insert,update}', 'schedule', 'branch_id');

call satchel.allow_field('job', '{select,update}', 'id = any (array(select satchel.my_job_ids()))');
-- A job's state follows from its visits; the rest is the office's.
call satchel.field_changes_only('job', '{state}');
