-- Bookings against a warning. Append-only, and nothing for phones: it may tell of a colleague.

create table satchel.dispatch_override (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    visit_id uuid not null,
    technician_id uuid not null,
    rule text not null check (rule in ('double_booking', 'absence', 'outside_hours', 'outside_territory', 'missing_skill',
        'expired_skill', 'expired_license', 'expired_insurance')),
    reason text,
    user_id uuid not null,
    occurred_at timestamptz not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, visit_id, job_id) references satchel.visit (org_id, id, job_id) on update cascade,
    foreign key (org_id, technician_id) references satchel.technician (org_id, id)
);
create index dispatch_override_by_job on satchel.dispatch_override (org_id, job_id, id);
create index dispatch_override_by_visit on satchel.dispatch_override (org_id, visit_id);

call satchel.sync_table('dispatch_override', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('dispatch_override', '{select}', 'read', 'branch_id');
-- A pull asks for every table; phones are shown no row of this one.
call satchel.allow_field('dispatch_override', '{select}', 'false');
call satchel.allow_office('dispatch_override', '{insert}', 'schedule', 'branch_id',
    'user_id = (select satchel.current_user_id())');
