-- What must be there before a visit is complete. Technicians satisfy, the office asks and waives.

create table satchel.required_document (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    visit_id uuid,
    kind text not null check (kind in ('photo', 'signature', 'checklist', 'other')),
    title text not null check (title <> ''),
    required boolean not null,
    state text not null check (state in ('open', 'satisfied', 'waived')),
    reference_id uuid,
    settled_at timestamptz,
    settled_by uuid,
    waive_reason text,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, visit_id, job_id) references satchel.visit (org_id, id, job_id) on update cascade,
    check ((state = 'satisfied') = (reference_id is not null)),
    check ((state = 'waived') = (waive_reason is not null))
);
create index required_document_by_job on satchel.required_document (org_id, job_id, id);
create index required_document_by_visit on satchel.required_document (org_id, visit_id);

call satchel.sync_table('required_document', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('required_document', '{select}', 'read', 'branch_id');
call satchel.allow_office('required_document', '{insert,update}', 'schedule', 'branch_id');
call satchel.allow_field('required_document', '{select}', 'job_id = any (array(select satchel.my_job_ids()))');
call satchel.allow_field('required_document', '{update}',
    'job_id = any (array(select satchel.my_job_ids())) and state = any (array[''open'', ''satisfied''])');
call satchel.field_changes_only('required_document', '{state,reference_id,settled_at,settled_by}');
