-- What the work would cost: an estimate, its options, their lines.

-- An estimate carries the customer of its job.
alter table satchel.job add unique (org_id, id, customer_id);

create table satchel.estimate (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    customer_id uuid not null,
    number text not null check (number <> ''),
    title text not null check (title <> ''),
    state text not null check (state in ('draft', 'presented', 'approved', 'declined', 'expired', 'superseded')),
    user_id uuid not null,
    supersedes_id uuid check (supersedes_id <> id),
    valid_until timestamptz,
    presented_at timestamptz,
    signed_option_id uuid,
    approved_option_id uuid,
    decided_at timestamptz,
    decline_reason text,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, id, job_id),
    unique (org_id, job_id, number),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, job_id, customer_id) references satchel.job (org_id, id, customer_id) on update cascade,
    foreign key (org_id, supersedes_id, job_id) references satchel.estimate (org_id, id, job_id),
    -- What is approved was signed.
    check (approved_option_id is null or approved_option_id = signed_option_id),
    check (state <> 'approved' or approved_option_id is not null),
    check (state <> 'declined' or decline_reason is not null)
);
create index estimate_by_job on satchel.estimate (org_id, job_id, id);

create table satchel.estimate_option (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    estimate_id uuid not null,
    position integer not null check (position >= 1),
    name text not null check (name <> ''),
    discount_percent numeric(7, 4) not null check (discount_percent between 0 and 100),
    discount_fixed_cents bigint not null check (discount_fixed_cents >= 0),
    subtotal_cents bigint not null check (subtotal_cents >= 0),
    discount_cents bigint not null check (discount_cents between 0 and subtotal_cents),
    tax_cents bigint not null check (tax_cents >= 0),
    total_cents bigint not null check (total_cents = subtotal_cents - discount_cents + tax_cents),
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, id, estimate_id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, estimate_id, job_id) references satchel.estimate (org_id, id, job_id) on update cascade,
    check (discount_percent = 0 or discount_fixed_cents = 0)
);
create index estimate_option_by_job on satchel.estimate_option (org_id, job_id, id);
create index estimate_option_by_estimate on satchel.estimate_option (org_id, estimate_id);

create table satchel.estimate_line (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    estimate_id uuid not null,
    option_id uuid not null,
    position integer not null check (position >= 1),
    item_id uuid,
    pricebook_version_id uuid,
    name text not null check (name <> ''),
    unit text not null,
    quantity numeric(12, 3) not null check (quantity > 0),
    unit_price_cents bigint not null check (unit_price_cents >= 0),
    list_price_cents bigint check (list_price_cents >= 0),
    discount_percent numeric(7, 4) not null check (discount_percent between 0 and 100),
    tax_class text not null check (tax_class in ('standard', 'reduced', 'exempt')),
    tax_percent numeric(7, 4) not null check (tax_percent between 0 and 100),
    gross_cents bigint not null check (gross_cents >= 0),
    discount_cents bigint not null check (discount_cents between 0 and gross_cents),
    tax_cents bigint not null check (tax_cents >= 0),
    total_cents bigint not null check (total_cents = gross_cents - discount_cents + tax_cents),
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, estimate_id, job_id) references satchel.estimate (org_id, id, job_id) on update cascade,
    foreign key (org_id, option_id, estimate_id) references satchel.estimate_option (org_id, id, estimate_id),
    foreign key (org_id, item_id) references satchel.pricebook_item (org_id, id),
    foreign key (org_id, pricebook_version_id) references satchel.pricebook_version (org_id, id)
);
create index estimate_line_by_job on satchel.estimate_line (org_id, job_id, id);
create index estimate_line_by_estimate on satchel.estimate_line (org_id, estimate_id);

call satchel.sync_table('estimate', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('estimate', '{select}', 'read', 'branch_id');
call satchel.allow_office('estimate', '{insert}', 'sell', 'branch_id', 'user_id = (select satchel.current_user_id())');
call satchel.allow_office('estimate', '{update}', 'sell', 'branch_id');
call satchel.allow_field('estimate', '{select,update}', 'job_id = any (array(select satchel.my_job_ids()))');
call satchel.allow_field('estimate', '{insert}',
    'job_id = any (array(select satchel.my_job_ids())) and user_id = (select satchel.current_user_id())');
call satchel.field_changes_only('estimate',
    '{title,state,valid_until,presented_at,signed_option_id,approved_option_id,decided_at,decline_reason}');

call satchel.sync_table('estimate_option', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('estimate_option', '{select}', 'read', 'branch_id');
call satchel.allow_office('estimate_option', '{insert,update}', 'sell', 'branch_id');
call satchel.allow_field('estimate_option', '{select,insert,update}', 'job_id = any (array(select satchel.my_job_ids()))');

call satchel.sync_table('estimate_line', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('estimate_line', '{select}', 'read', 'branch_id');
call satchel.allow_office('estimate_line', '{insert,update,delete}', 'sell', 'branch_id');
call satchel.allow_field('estimate_line', '{select,insert,update,delete}',
    'job_id = any (array(select satchel.my_job_ids()))');
