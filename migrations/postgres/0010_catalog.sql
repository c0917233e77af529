-- What the organization checks and sells. Everybody in it reads, phones never write.

create table satchel.checklist_template (
    org_id uuid not null references satchel.organization (org_id),
    id uuid not null,
    rev bigint not null default 0,
    name text not null check (name <> ''),
    trade text not null,
    active boolean not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id)
);

create table satchel.checklist_template_item (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    template_id uuid not null,
    position integer not null check (position >= 1),
    prompt text not null,
    answer_kind text not null check (answer_kind in ('yes_no', 'number', 'text', 'photo')),
    required boolean not null,
    shown_after_id uuid,
    shown_when text,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, id, template_id),
    foreign key (org_id, template_id) references satchel.checklist_template (org_id, id),
    -- An item depends on an item of the same list.
    foreign key (org_id, shown_after_id, template_id)
        references satchel.checklist_template_item (org_id, id, template_id),
    check ((shown_after_id is null) = (shown_when is null))
);
create index checklist_template_item_by_template on satchel.checklist_template_item (org_id, template_id);

create table satchel.pricebook_item (
    org_id uuid not null references satchel.organization (org_id),
    id uuid not null,
    rev bigint not null default 0,
    code text not null check (code <> ''),
    name text not null check (name <> ''),
    kind text not null check (kind in ('service', 'material')),
    unit text not null,
    price_cents bigint not null check (price_cents >= 0),
    active boolean not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, code)
);

call satchel.sync_table('checklist_template', scope => 'org_id');
call satchel.allow_office('checklist_template', '{select}', 'read');
call satchel.allow_office('checklist_template', '{insert,update}', 'manage');
call satchel.allow_field('checklist_template', '{select}');

call satchel.sync_table('checklist_template_item', scope => 'org_id');
call satchel.allow_office('checklist_template_item', '{select}', 'read');
call satchel.allow_office('checklist_template_item', '{insert,update,delete}', 'manage');
call satchel.allow_field('checklist_template_item', '{select}');

call satchel.sync_table('pricebook_item', scope => 'org_id');
call satchel.allow_office('pricebook_item', '{select}', 'read');
call satchel.allow_office('pricebook_item', '{insert,update}', 'price');
call satchel.allow_field('pricebook_item', '{select}');
