-- What was built in, at the price of its time.

create table satchel.material_used (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    visit_id uuid not null,
    item_id uuid not null,
    name text not null,
    quantity numeric(12, 3) not null check (quantity >= 0),
    unit_price_cents bigint not null check (unit_price_cents >= 0),
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, visit_id, job_id) references satchel.visit (org_id, id, job_id) on update cascade,
    foreign key (org_id, item_id) references satchel.pricebook_item (org_id, id)
);
create index material_used_by_job on satchel.material_used (org_id, job_id, id);
create index material_used_by_visit on satchel.material_used (org_id, visit_id);

call satchel.sync_table('material_used', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('material_used', '{select}', 'read', 'branch_id');
call satchel.allow_office('material_used', '{insert,update,delete}', 'schedule', 'branch_id');
call satchel.allow_field('material_used', '{select,insert,update,delete}',
    'job_id = any (array(select satchel.my_job_ids()))');
