-- Maintenance contracts: what was promised to a customer, and the visits it owes. A technician sees those of places his
-- jobs are at; what they cost, only the office.

create table satchel.maintenance_contract (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    branch_id uuid not null,
    customer_id uuid not null,
    location_id uuid not null,
    number text,
    title text not null check (title <> ''),
    description text not null,
    template_id uuid,
    interval_months integer not null check (interval_months between 1 and 60),
    season_from_month integer check (season_from_month between 1 and 12),
    season_until_month integer check (season_until_month between 1 and 12),
    starts_on date not null,
    ends_on date not null check (ends_on >= starts_on),
    state text not null check (state in ('draft', 'active', 'paused', 'ended', 'canceled')),
    owed_from date not null,
    renewals integer not null check (renewals >= 0),
    state_reason text,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, id, branch_id),
    unique (org_id, id, location_id, branch_id),
    unique (org_id, number),
    foreign key (org_id, branch_id) references satchel.branch (org_id, id),
    foreign key (org_id, customer_id) references satchel.customer (org_id, id),
    foreign key (org_id, location_id) references satchel.location (org_id, id),
    foreign key (org_id, template_id) references satchel.checklist_template (org_id, id),
    check ((season_from_month is null) = (season_until_month is null))
);
create index maintenance_contract_page on satchel.maintenance_contract (org_id, location_id, id);
create index maintenance_contract_by_customer on satchel.maintenance_contract (org_id, customer_id);

create table satchel.contract_equipment (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    contract_id uuid not null,
    location_id uuid not null,
    branch_id uuid not null,
    equipment_id uuid not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, contract_id, equipment_id),
    foreign key (org_id, contract_id, location_id, branch_id)
        references satchel.maintenance_contract (org_id, id, location_id, branch_id) on update cascade,
    foreign key (org_id, equipment_id) references satchel.equipment (org_id, id)
);
create index contract_equipment_page on satchel.contract_equipment (org_id, location_id, id);

create table satchel.contract_price (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    contract_id uuid not null,
    branch_id uuid not null,
    price_cents bigint not null check (price_cents >= 0),
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, contract_id),
    foreign key (org_id, contract_id, branch_id)
        references satchel.maintenance_contract (org_id, id, branch_id) on update cascade
);
create index contract_price_page on satchel.contract_price (org_id, contract_id, id);

create table satchel.contract_visit (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    contract_id uuid not null,
    location_id uuid not null,
    branch_id uuid not null,
    period integer not null check (period >= 0),
    due_from date not null,
    due_until date not null check (due_until >= due_from),
    state text not null check (state in ('owed', 'scheduled', 'done', 'skipped')),
    skip_reason text,
    job_id uuid,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    -- Nothing is owed twice, whoever writes it.
    unique (org_id, contract_id, period),
    unique (org_id, job_id),
    foreign key (org_id, contract_id, location_id, branch_id)
        references satchel.maintenance_contract (org_id, id, location_id, branch_id) on update cascade,
    foreign key (org_id, job_id) references satchel.job (org_id, id),
    check ((state in ('scheduled', 'done')) = (job_id is not null)),
    check ((state = 'skipped') = (skip_reason is not null))
);
create index contract_visit_page on satchel.contract_visit (org_id, location_id, id);
-- What the dispatcher asks: what is owed, by when.
create index contract_visit_owed on satchel.contract_visit (org_id, branch_id, due_until) where state = 'owed';

call satchel.sync_table('maintenance_contract', scope => 'location_id', branch => 'branch_id');
call satchel.allow_office('maintenance_contract', '{select}', 'read', 'branch_id');
call satchel.allow_office('maintenance_contract', '{insert,update}', 'schedule', 'branch_id');
call satchel.allow_field('maintenance_contract', '{select}', 'location_id = any (array(select satchel.my_location_ids()))');

call satchel.sync_table('contract_equipment', scope => 'location_id', branch => 'branch_id');
call satchel.allow_office('contract_equipment', '{select}', 'read', 'branch_id');
call satchel.allow_office('contract_equipment', '{insert,delete}', 'schedule', 'branch_id');
call satchel.allow_field('contract_equipment', '{select}', 'location_id = any (array(select satchel.my_location_ids()))');

call satchel.sync_table('contract_price', scope => 'contract_id', branch => 'branch_id');
call satchel.allow_office('contract_price', '{select}', 'read', 'branch_id');
call satchel.allow_office('contract_price', '{insert,update}', 'sell', 'branch_id');
-- A technician's replica asks for every table; of this one it gets nothing.
call satchel.allow_field('contract_price', '{select}', 'false');

call satchel.sync_table('contract_visit', scope => 'location_id', branch => 'branch_id');
call satchel.allow_office('contract_visit', '{select}', 'read', 'branch_id');
call satchel.allow_office('contract_visit', '{insert,update}', 'schedule', 'branch_id');
call satchel.allow_field('contract_visit', '{select}', 'location_id = any (array(select satchel.my_location_ids()))');
-- It follows its job: whoever completes that completes this.
call satchel.allow_field('contract_visit', '{update}', 'job_id = any (array(select satchel.my_job_ids()))');
call satchel.field_changes_only('contract_visit', '{state}');
