-- What customers signed, or would not sign. Append-only: no lane may change or delete.

create table satchel.signature (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    subject_kind text not null check (subject_kind in ('estimate_option', 'visit', 'required_document', 'invoice')),
    subject_id uuid not null,
    outcome text not null check (outcome in ('signed', 'refused')),
    signer_name text,
    signer_relation text check (signer_relation in
        ('customer', 'family', 'tenant', 'property_manager', 'employee', 'other')),
    document_hash bytea not null check (length(document_hash) = 32),
    strokes bytea check (length(strokes) between 1 and 65536),
    refusal_reason text,
    signed_at timestamptz not null,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    check (case outcome
        when 'signed' then signer_name is not null and strokes is not null and refusal_reason is null
        else strokes is null and refusal_reason is not null end)
);
create index signature_by_job on satchel.signature (org_id, job_id, id);
create index signature_by_subject on satchel.signature (org_id, subject_id);
-- A thing is signed once.
create unique index signature_once on satchel.signature (org_id, subject_id) where outcome = 'signed';

call satchel.sync_table('signature', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('signature', '{select}', 'read', 'branch_id');
call satchel.allow_office('signature', '{insert}', 'sell', 'branch_id', 'user_id = (select satchel.current_user_id())');
call satchel.allow_field('signature', '{select}', 'job_id = any (array(select satchel.my_job_ids()))');
call satchel.allow_field('signature', '{insert}',
    'job_id = any (array(select satchel.my_job_ids())) and user_id = (select satchel.current_user_id())');
