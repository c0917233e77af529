-- Editions of prices, headings, what things are made of, what they cost, and how they are taxed.

create table satchel.tax_rate (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    branch_id uuid not null,
    tax_class text not null check (tax_class in ('standard', 'reduced', 'exempt')),
    percent numeric(7, 4) not null check (percent between 0 and 100),
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, branch_id, tax_class),
    foreign key (org_id, branch_id) references satchel.branch (org_id, id)
);

create table satchel.pricebook_version (
    org_id uuid not null references satchel.organization (org_id),
    id uuid not null,
    rev bigint not null default 0,
    name text not null check (name <> ''),
    -- Null: for all branches.
    branch_id uuid,
    state text not null check (state in ('draft', 'published', 'retired')),
    valid_from timestamptz not null,
    valid_until timestamptz check (valid_until > valid_from),
    published_at timestamptz,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, branch_id) references satchel.branch (org_id, id),
    check (state = 'draft' or published_at is not null)
);
create index pricebook_version_by_state on satchel.pricebook_version (org_id, state);

create table satchel.pricebook_category (
    org_id uuid not null references satchel.organization (org_id),
    id uuid not null,
    rev bigint not null default 0,
    parent_id uuid check (parent_id <> id),
    name text not null check (name <> ''),
    position integer not null check (position >= 1),
    active boolean not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, parent_id) references satchel.pricebook_category (org_id, id)
);

alter table satchel.pricebook_item
    add category_id uuid,
    add tax_class text not null default 'standard' check (tax_class in ('standard', 'reduced', 'exempt')),
    add labour_minutes integer check (labour_minutes >= 0),
    add description text not null default '',
    add foreign key (org_id, category_id) references satchel.pricebook_category (org_id, id),
    drop constraint pricebook_item_kind_check,
    add constraint pricebook_item_kind_check check (kind in ('service', 'material', 'labour', 'bundle'));

create table satchel.pricebook_component (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    item_id uuid not null,
    component_id uuid not null check (component_id <> item_id),
    quantity numeric(12, 3) not null check (quantity > 0),
    position integer not null check (position >= 1),
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, item_id, component_id),
    foreign key (org_id, item_id) references satchel.pricebook_item (org_id, id),
    foreign key (org_id, component_id) references satchel.pricebook_item (org_id, id)
);

-- The id is the item's.
create table satchel.pricebook_cost (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    item_id uuid not null check (item_id = id),
    cost_cents bigint not null check (cost_cents >= 0),
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, item_id) references satchel.pricebook_item (org_id, id)
);

create table satchel.pricebook_price (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    version_id uuid not null,
    item_id uuid not null,
    price_cents bigint not null check (price_cents >= 0),
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, item_id, version_id),
    foreign key (org_id, version_id) references satchel.pricebook_version (org_id, id),
    foreign key (org_id, item_id) references satchel.pricebook_item (org_id, id)
);

-- Which edition a noted price comes from; null where it was the item's own.
alter table satchel.material_used
    add pricebook_version_id uuid,
    add foreign key (org_id, pricebook_version_id) references satchel.pricebook_version (org_id, id);

call satchel.sync_table('tax_rate', scope => 'org_id', branch => 'branch_id');
call satchel.allow_office('tax_rate', '{select}', 'read');
call satchel.allow_office('tax_rate', '{insert,update}', 'price');
call satchel.allow_field('tax_rate', '{select}');

call satchel.sync_table('pricebook_version', scope => 'org_id');
call satchel.allow_office('pricebook_version', '{select}', 'read');
call satchel.allow_office('pricebook_version', '{insert,update}', 'price');
call satchel.allow_field('pricebook_version', '{select}');

call satchel.sync_table('pricebook_category', scope => 'org_id');
call satchel.allow_office('pricebook_category', '{select}', 'read');
call satchel.allow_office('pricebook_category', '{insert,update}', 'price');
call satchel.allow_field('pricebook_category', '{select}');

call satchel.sync_table('pricebook_component', scope => 'org_id');
call satchel.allow_office('pricebook_component', '{select}', 'read');
call satchel.allow_office('pricebook_component', '{insert,update,delete}', 'price');
call satchel.allow_field('pricebook_component', '{select}');

call satchel.sync_table('pricebook_cost', scope => 'org_id');
call satchel.allow_office('pricebook_cost', '{select}', 'cost');
call satchel.allow_office('pricebook_cost', '{insert,update}', 'price');
-- Technicians may ask, so that a pull need not know, and get nothing.
call satchel.allow_field('pricebook_cost', '{select}', 'false');

call satchel.sync_table('pricebook_price', scope => 'org_id');
call satchel.allow_office('pricebook_price', '{select}', 'read');
call satchel.allow_office('pricebook_price', '{insert,update,delete}', 'price');
call satchel.allow_field('pricebook_price', '{select}');
