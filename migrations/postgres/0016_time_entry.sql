-- When technicians worked. Overlaps are accepted and flagged, so nothing here forbids them.

create table satchel.time_entry (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    technician_id uuid not null,
    branch_id uuid not null,
    job_id uuid,
    visit_id uuid,
    kind text not null check (kind in ('travel', 'work', 'break')),
    started_at timestamptz not null,
    ended_at timestamptz,
    "overlaps" boolean not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, technician_id, branch_id)
        references satchel.technician (org_id, id, branch_id) on update cascade,
    foreign key (org_id, job_id) references satchel.job (org_id, id),
    foreign key (org_id, visit_id, job_id) references satchel.visit (org_id, id, job_id) on update cascade,
    check (visit_id is null or job_id is not null),
    check (started_at <= ended_at)
);
create index time_entry_by_technician on satchel.time_entry (org_id, technician_id, started_at);
create index time_entry_page on satchel.time_entry (org_id, technician_id, id);
create index time_entry_by_visit on satchel.time_entry (org_id, visit_id);
create index time_entry_by_job on satchel.time_entry (org_id, job_id);

call satchel.sync_table('time_entry', scope => 'technician_id', branch => 'branch_id');
call satchel.allow_office('time_entry', '{select}', 'read', 'branch_id');
call satchel.allow_office('time_entry', '{insert,update,delete}', 'schedule', 'branch_id');
call satchel.allow_field('time_entry', '{select,update,delete}', 'technician_id = (select satchel.my_technician_id())');
call satchel.allow_field('time_entry', '{insert}',
    'technician_id = (select satchel.my_technician_id())
     and (job_id is null or job_id = any (array(select satchel.my_job_ids())))');
-- A clock that runs on a job since taken away can still be stopped, but not be booked on another.
call satchel.field_changes_only('time_entry', '{kind,started_at,ended_at,overlaps}');
