-- Money taken and given back: a ledger. Nobody may change or delete an entry; what becomes of a payment is an entry
-- of its own.

create table satchel.payment (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    invoice_id uuid not null,
    kind text not null check (kind in ('payment', 'settlement', 'failure', 'refund', 'reversal')),
    method text not null check (method in ('cash', 'check', 'card')),
    amount_cents bigint not null check (amount_cents > 0),
    -- The payment that a later entry is about.
    of_payment_id uuid,
    check_number text,
    external_reference text,
    -- Of the mutation that wrote it; passed on to the provider, so that nothing is charged twice there either.
    idempotency_key uuid not null,
    reason text,
    occurred_at timestamptz not null,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, id, invoice_id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, invoice_id, job_id) references satchel.invoice (org_id, id, job_id) on update cascade,
    foreign key (org_id, of_payment_id, invoice_id) references satchel.payment (org_id, id, invoice_id),
    check ((kind = 'payment') = (of_payment_id is null)),
    check (kind not in ('refund', 'reversal', 'failure') or reason is not null)
);
create index payment_by_job on satchel.payment (org_id, job_id, id);
create index payment_by_invoice on satchel.payment (org_id, invoice_id);
-- A provider's reference stands for one event.
create unique index payment_by_reference on satchel.payment (org_id, external_reference);
-- A payment is settled or failed, and reversed at most once.
create unique index payment_outcome on satchel.payment (org_id, of_payment_id) where kind in ('settlement', 'failure');
create unique index payment_reversal on satchel.payment (org_id, of_payment_id) where kind = 'reversal';

create policy internal on satchel.payment to satchel_internal using (true);

-- Whoever writes: no more is given back than was paid, and an entry is about a payment of the same method. The
-- payment's row is locked, so that two refunds at once wait for each other.
create function satchel.guard_payment() returns trigger
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    paid payment;
    refunded numeric;
begin
    if new.kind = 'payment' then
        return new;
    end if;
    select * into paid from payment p where p.org_id = new.org_id and p.id = new.of_payment_id for update;
    if found and (paid.kind <> 'payment' or paid.method <> new.method) then
        raise check_violation using message = 'an entry is about a payment of the same method';
    end if;
    if new.kind = 'refund' then
        select coalesce(sum(p.amount_cents), 0) into refunded from payment p
        where p.org_id = new.org_id and p.invoice_id = new.invoice_id and p.of_payment_id = new.of_payment_id
          and p.kind = 'refund';
        if refunded + new.amount_cents > paid.amount_cents then
            raise check_violation using message = 'more would be given back than was paid';
        end if;
    end if;
    return new;
end
$$;
create trigger guard_payment before insert on satchel.payment
    for each row execute function satchel.guard_payment();

call satchel.sync_table('payment', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('payment', '{select}', 'read', 'branch_id');
call satchel.allow_office('payment', '{insert}', 'bill', 'branch_id', 'user_id = (select satchel.current_user_id())');
call satchel.allow_field('payment', '{select}', 'job_id = any (array(select satchel.my_job_ids()))');
-- Technicians take money; giving it back is the office's.
call satchel.allow_field('payment', '{insert}',
    'kind = ''payment'' and user_id = (select satchel.current_user_id())
     and job_id = any (array(select satchel.my_job_ids()))');
