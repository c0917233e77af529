-- What technicians can do, when they work, and what they are allowed to do. A technician sees his own.

create table satchel.skill (
    org_id uuid not null references satchel.organization (org_id),
    id uuid not null,
    rev bigint not null default 0,
    name text not null check (name <> ''),
    active boolean not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id)
);

create table satchel.technician_skill (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    technician_id uuid not null,
    branch_id uuid not null,
    skill_id uuid not null,
    expires_on date,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, technician_id, skill_id),
    foreign key (org_id, technician_id, branch_id)
        references satchel.technician (org_id, id, branch_id) on update cascade,
    foreign key (org_id, skill_id) references satchel.skill (org_id, id)
);
create index technician_skill_page on satchel.technician_skill (org_id, technician_id, id);

create table satchel.job_skill (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    skill_id uuid not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, job_id, skill_id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, skill_id) references satchel.skill (org_id, id)
);
create index job_skill_by_job on satchel.job_skill (org_id, job_id, id);

create table satchel.working_hours (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    technician_id uuid not null,
    branch_id uuid not null,
    weekday integer not null check (weekday between 1 and 7),
    start_minute integer not null check (start_minute >= 0),
    end_minute integer not null check (end_minute <= 1440),
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, technician_id, branch_id)
        references satchel.technician (org_id, id, branch_id) on update cascade,
    check (start_minute < end_minute)
);
create index working_hours_page on satchel.working_hours (org_id, technician_id, id);

create table satchel.absence (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    technician_id uuid not null,
    branch_id uuid not null,
    kind text not null check (kind in ('pto', 'sick', 'training', 'other')),
    state text not null check (state in ('requested', 'approved', 'declined', 'canceled')),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    note text,
    requested_by uuid not null,
    decided_by uuid,
    decided_at timestamptz,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, technician_id, branch_id)
        references satchel.technician (org_id, id, branch_id) on update cascade,
    check (starts_at < ends_at)
);
create index absence_by_technician on satchel.absence (org_id, technician_id, starts_at);
create index absence_page on satchel.absence (org_id, technician_id, id);

create table satchel.credential (
    org_id uuid not null references satchel.organization (org_id),
    id uuid not null,
    rev bigint not null default 0,
    -- The technician, or the organization.
    holder_id uuid not null,
    technician_id uuid,
    kind text not null check (kind in ('license', 'insurance')),
    title text not null check (title <> ''),
    number text,
    issuer text,
    valid_from date not null,
    valid_until date,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, technician_id) references satchel.technician (org_id, id),
    check (holder_id = coalesce(technician_id, org_id)),
    check (valid_from <= valid_until)
);
create index credential_by_holder on satchel.credential (org_id, holder_id, id);
create index credential_by_technician on satchel.credential (org_id, technician_id);

call satchel.sync_table('skill', scope => 'org_id');
call satchel.allow_office('skill', '{select}', 'read');
call satchel.allow_office('skill', '{insert,update}', 'manage');
call satchel.allow_field('skill', '{select}');

call satchel.sync_table('technician_skill', scope => 'technician_id', branch => 'branch_id');
call satchel.allow_office('technician_skill', '{select}', 'read', 'branch_id');
call satchel.allow_office('technician_skill', '{insert,update,delete}', 'manage', 'branch_id');
call satchel.allow_field('technician_skill', '{select}', 'technician_id = (select satchel.my_technician_id())');

call satchel.sync_table('job_skill', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('job_skill', '{select}', 'read', 'branch_id');
call satchel.allow_office('job_skill', '{insert,delete}', 'schedule', 'branch_id');
call satchel.allow_field('job_skill', '{select}', 'job_id = any (array(select satchel.my_job_ids()))');

call satchel.sync_table('working_hours', scope => 'technician_id', branch => 'branch_id');
call satchel.allow_office('working_hours', '{select}', 'read', 'branch_id');
call satchel.allow_office('working_hours', '{insert,delete}', 'schedule', 'branch_id');
call satchel.allow_field('working_hours', '{select,insert,delete}',
    'technician_id = (select satchel.my_technician_id())');

call satchel.sync_table('absence', scope => 'technician_id', branch => 'branch_id');
call satchel.allow_office('absence', '{select}', 'read', 'branch_id');
call satchel.allow_office('absence', '{insert,update}', 'schedule', 'branch_id');
call satchel.allow_field('absence', '{select}', 'technician_id = (select satchel.my_technician_id())');
-- A technician asks and takes the question back; the answer is the office's.
call satchel.allow_field('absence', '{insert}',
    'technician_id = (select satchel.my_technician_id()) and state = ''requested''');
call satchel.allow_field('absence', '{update}',
    'technician_id = (select satchel.my_technician_id()) and state = any (array[''requested'', ''canceled''])');
call satchel.field_changes_only('absence', '{state,decided_by,decided_at}');

call satchel.sync_table('credential', scope => 'holder_id');
-- Of the technicians one sees, and of the organization.
call satchel.allow_office('credential', '{select}', 'read', '',
    'holder_id = any (array(select id from satchel.technician union all select satchel.current_org()))');
call satchel.allow_office('credential', '{insert,update,delete}', 'manage', '',
    'holder_id = any (array(select id from satchel.technician union all select satchel.current_org()))');
call satchel.allow_field('credential', '{select}',
    'holder_id = any (array(select satchel.my_technician_id() union all select satchel.current_org()))');
