-- What has to be checked on a visit, and the answers.

create table satchel.checklist (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    visit_id uuid not null,
    template_id uuid not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, id, job_id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, visit_id, job_id) references satchel.visit (org_id, id, job_id) on update cascade,
    foreign key (org_id, template_id) references satchel.checklist_template (org_id, id)
);
create index checklist_by_job on satchel.checklist (org_id, job_id, id);
create index checklist_by_visit on satchel.checklist (org_id, visit_id);

create table satchel.checklist_answer (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    checklist_id uuid not null,
    item_id uuid not null,
    state text not null check (state in ('open', 'answered', 'not_applicable')),
    value text,
    answered_at timestamptz,
    answered_by uuid,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, checklist_id, item_id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, checklist_id, job_id) references satchel.checklist (org_id, id, job_id) on update cascade,
    foreign key (org_id, item_id) references satchel.checklist_template_item (org_id, id),
    check (state <> 'answered' or value is not null)
);
create index checklist_answer_by_job on satchel.checklist_answer (org_id, job_id, id);

call satchel.sync_table('checklist', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('checklist', '{select}', 'read', 'branch_id');
call satchel.allow_office('checklist', '{insert,delete}', 'schedule', 'branch_id');
call satchel.allow_field('checklist', '{select,insert}', 'job_id = any (array(select satchel.my_job_ids()))');

call satchel.sync_table('checklist_answer', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('checklist_answer', '{select}', 'read', 'branch_id');
call satchel.allow_office('checklist_answer', '{insert,update,delete}', 'schedule', 'branch_id');
call satchel.allow_field('checklist_answer', '{select,insert,update}',
    'job_id = any (array(select satchel.my_job_ids()))');
call satchel.field_changes_only('checklist_answer', '{state,value,answered_at,answered_by}');
