-- Notes that several people edit, and their edits.

create table satchel.note (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    title text not null,
    text text not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, id, job_id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade
);
create index note_by_job on satchel.note (org_id, job_id, id);

create table satchel.note_change (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    note_id uuid not null,
    change bytea not null,
    user_id uuid not null,
    occurred_at timestamptz not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, note_id, job_id) references satchel.note (org_id, id, job_id) on update cascade
);
create index note_change_by_job on satchel.note_change (org_id, job_id, id);
create index note_change_by_note on satchel.note_change (org_id, note_id);

call satchel.sync_table('note', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('note', '{select}', 'read', 'branch_id');
call satchel.allow_office('note', '{insert,update}', 'schedule', 'branch_id');
call satchel.allow_field('note', '{select,insert,update}', 'job_id = any (array(select satchel.my_job_ids()))');
call satchel.field_changes_only('note', '{title,text}');

-- Append-only: no lane may change or delete.
call satchel.sync_table('note_change', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('note_change', '{select}', 'read', 'branch_id');
call satchel.allow_office('note_change', '{insert}', 'schedule', 'branch_id',
    'user_id = (select satchel.current_user_id())');
call satchel.allow_field('note_change', '{select}', 'job_id = any (array(select satchel.my_job_ids()))');
call satchel.allow_field('note_change', '{insert}',
    'job_id = any (array(select satchel.my_job_ids())) and user_id = (select satchel.current_user_id())');
