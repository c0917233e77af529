-- What a customer is asked to pay. An invoice's totals and balance are kept by the rules; its number by Postgres.

-- The last number given out. Numbers are given at issue, in the issuing transaction: the row is locked until that ends,
-- so that a number is neither given twice nor lost.
create table satchel.invoice_counter (
    org_id uuid primary key references satchel.organization (org_id),
    last_number bigint not null check (last_number >= 0)
);
alter table satchel.invoice_counter enable row level security, force row level security;
create policy internal on satchel.invoice_counter to satchel_internal using (true) with check (true);

create table satchel.invoice (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    customer_id uuid not null,
    number bigint,
    -- The option it was made from.
    estimate_option_id uuid,
    state text not null check (state in ('draft', 'issued', 'partially_paid', 'paid', 'void')),
    discount_percent numeric(7, 4) not null check (discount_percent between 0 and 100),
    discount_fixed_cents bigint not null check (discount_fixed_cents >= 0),
    subtotal_cents bigint not null check (subtotal_cents >= 0),
    discount_cents bigint not null check (discount_cents between 0 and subtotal_cents),
    tax_cents bigint not null check (tax_cents >= 0),
    total_cents bigint not null,
    -- May be negative: a check that bounced after a refund.
    paid_cents bigint not null,
    pending_cents bigint not null check (pending_cents >= 0),
    overpaid boolean not null,
    issued_at timestamptz,
    void_reason text,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, id, job_id),
    unique (org_id, number),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, job_id, customer_id) references satchel.job (org_id, id, customer_id) on update cascade,
    foreign key (org_id, estimate_option_id) references satchel.estimate_option (org_id, id),
    check (total_cents = subtotal_cents - discount_cents + tax_cents),
    check (discount_percent = 0 or discount_fixed_cents = 0),
    check ((number is null) = (issued_at is null)),
    check (state in ('draft', 'void') or issued_at is not null),
    check (state <> 'void' or void_reason is not null)
);
create index invoice_by_job on satchel.invoice (org_id, job_id, id);
-- An option is charged once.
create unique index invoice_option on satchel.invoice (org_id, estimate_option_id) where state <> 'void';
create index invoice_by_customer on satchel.invoice (org_id, customer_id);

create table satchel.invoice_line (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    invoice_id uuid not null,
    position integer not null check (position >= 1),
    item_id uuid,
    material_id uuid,
    time_entry_id uuid,
    estimate_line_id uuid,
    pricebook_version_id uuid,
    name text not null check (name <> ''),
    unit text not null,
    quantity numeric(12, 3) not null check (quantity > 0),
    unit_price_cents bigint not null check (unit_price_cents >= 0),
    discount_percent numeric(7, 4) not null check (discount_percent between 0 and 100),
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
    foreign key (org_id, invoice_id, job_id) references satchel.invoice (org_id, id, job_id) on update cascade,
    foreign key (org_id, item_id) references satchel.pricebook_item (org_id, id),
    foreign key (org_id, pricebook_version_id) references satchel.pricebook_version (org_id, id)
    -- What a line was made from may be corrected away later; the line stays. So no keys to material, time and offer.
);
create index invoice_line_by_job on satchel.invoice_line (org_id, job_id, id);
create index invoice_line_by_invoice on satchel.invoice_line (org_id, invoice_id);

-- Gives the next number to an invoice that is issued, and keeps a number once given.
create function satchel.number_invoice() returns trigger
language plpgsql security definer set search_path = satchel, pg_temp as $$
begin
    if tg_op = 'UPDATE' and old.number is not null then
        new.number := old.number;
    elsif new.issued_at is not null then
        insert into invoice_counter as counter (org_id, last_number) values (new.org_id, 1)
        on conflict (org_id) do update set last_number = counter.last_number + 1
        returning last_number into new.number;
    else
        new.number := null;
    end if;
    return new;
end
$$;
create trigger number_invoice before insert or update on satchel.invoice
    for each row execute function satchel.number_invoice();

-- Processors of card payments act through delegated agents; the rules let them settle and fail payments only.
create policy seed on satchel.role_capability for insert to satchel_internal with check (true);
insert into satchel.role_capability (role, capability) values ('delegated_agent', 'bill');
drop policy seed on satchel.role_capability;

call satchel.sync_table('invoice', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('invoice', '{select}', 'read', 'branch_id');
call satchel.allow_office('invoice', '{insert,update}', 'bill', 'branch_id');
call satchel.allow_field('invoice', '{select,insert,update}', 'job_id = any (array(select satchel.my_job_ids()))');
-- For whom and for which job it is stays; the number and a discount on the whole are not a technician's to write.
call satchel.field_changes_only('invoice',
    '{state,subtotal_cents,discount_cents,tax_cents,total_cents,paid_cents,pending_cents,overpaid,issued_at,void_reason}');

call satchel.sync_table('invoice_line', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('invoice_line', '{select}', 'read', 'branch_id');
call satchel.allow_office('invoice_line', '{insert,update,delete}', 'bill', 'branch_id');
call satchel.allow_field('invoice_line', '{select,insert,update,delete}',
    'job_id = any (array(select satchel.my_job_ids()))');
