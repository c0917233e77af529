-- What single customers agreed to pay, beside the pricebook. Phones hold the agreements of the customers they go to.

create table satchel.customer_price (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    customer_id uuid not null,
    item_id uuid not null,
    price_cents bigint not null check (price_cents >= 0),
    valid_until timestamptz,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, customer_id, item_id),
    foreign key (org_id, customer_id) references satchel.customer (org_id, id),
    foreign key (org_id, item_id) references satchel.pricebook_item (org_id, id)
);
create index customer_price_by_customer on satchel.customer_price (org_id, customer_id, id);

call satchel.sync_table('customer_price', scope => 'customer_id');
call satchel.allow_office('customer_price', '{select}', 'read');
call satchel.allow_office('customer_price', '{insert,update,delete}', 'price');
call satchel.allow_field('customer_price', '{select}', 'customer_id = any (array(select satchel.my_customer_ids()))');
