-- Stock: places, a ledger of what came and went, and levels that are the ledger's sums.
--
-- The server's rules write an entry and its level together. Here stands what they cannot do: the other side of a
-- transfer, which its author may not see, and the levels of writers that do not know the rules.

-- The id of the row that is this part of that one: its time, and bits hashed from both. As rules/part_id.rs computes it.
create function satchel.part_id(parent uuid, part bytea) returns uuid
language sql immutable parallel safe
return (
    select (substr(encode(uuid_send(parent), 'hex'), 1, 12) || '7' || substr(hash, 2, 3)
        || translate(substr(hash, 5, 1), '0123456789abcdef', '89ab89ab89ab89ab') || substr(hash, 6, 15))::uuid
    from (select encode(sha256(uuid_send(parent) || part), 'hex') as hash) hashed
);

create function satchel.stock_level_id(location uuid, item uuid) returns uuid
language sql immutable parallel safe
return satchel.part_id(location, uuid_send(item));

-- The page of a place's account: one for each month, UTC.
create function satchel.stock_page_id(location uuid, moment timestamptz) returns uuid
language sql immutable parallel safe
return satchel.part_id(location, int4send((extract(year from moment at time zone 'UTC') * 12
    + extract(month from moment at time zone 'UTC') - 1)::integer));

grant execute on function
    satchel.part_id(uuid, bytea), satchel.stock_level_id(uuid, uuid), satchel.stock_page_id(uuid, timestamptz)
to satchel_office, satchel_field;

create table satchel.stock_location (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    branch_id uuid not null,
    kind text not null check (kind in ('warehouse', 'truck')),
    technician_id uuid,
    name text not null check (name <> ''),
    active boolean not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, id, branch_id),
    -- A technician drives at most one truck.
    unique (org_id, technician_id),
    foreign key (org_id, branch_id) references satchel.branch (org_id, id),
    foreign key (org_id, technician_id) references satchel.technician (org_id, id),
    check (technician_id is null or kind = 'truck')
);

create table satchel.stock_level (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    stock_location_id uuid not null,
    branch_id uuid not null,
    item_id uuid not null,
    quantity numeric(12, 3) not null,
    minimum numeric(12, 3) not null check (minimum >= 0),
    target numeric(12, 3) not null check (target >= minimum),
    standing text not null,
    requested numeric(12, 3) check (requested > 0),
    requested_at timestamptz,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, stock_location_id, item_id),
    foreign key (org_id, stock_location_id, branch_id)
        references satchel.stock_location (org_id, id, branch_id) on update cascade,
    foreign key (org_id, item_id) references satchel.pricebook_item (org_id, id),
    check (id = satchel.stock_level_id(stock_location_id, item_id)),
    check (standing = case when quantity < 0 then 'negative' when quantity < minimum then 'low' else 'enough' end),
    check ((requested is null) = (requested_at is null))
);
create index stock_level_page on satchel.stock_level (org_id, stock_location_id, id);
-- What the inventory manager asks every morning.
create index stock_level_to_replenish on satchel.stock_level (org_id, branch_id)
    where standing <> 'enough' or requested is not null;

create table satchel.stock_movement (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    stock_location_id uuid not null,
    branch_id uuid not null,
    page_id uuid not null,
    item_id uuid not null,
    quantity numeric(12, 3) not null check (quantity <> 0),
    cause text not null check (cause in ('receive', 'transfer', 'use', 'return', 'count')),
    counter_location_id uuid,
    job_id uuid,
    -- Not a foreign key: the line may be removed, the entry stays.
    material_id uuid,
    reversal_of uuid,
    mirror_of uuid,
    note text,
    occurred_at timestamptz not null,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, stock_location_id, branch_id)
        references satchel.stock_location (org_id, id, branch_id) on update cascade,
    foreign key (org_id, counter_location_id) references satchel.stock_location (org_id, id),
    foreign key (org_id, item_id) references satchel.pricebook_item (org_id, id),
    foreign key (org_id, job_id) references satchel.job (org_id, id),
    foreign key (org_id, reversal_of) references satchel.stock_movement (org_id, id),
    foreign key (org_id, mirror_of) references satchel.stock_movement (org_id, id),
    check (page_id = satchel.stock_page_id(stock_location_id, occurred_at)),
    check ((cause = 'transfer') = (counter_location_id is not null)),
    check (counter_location_id <> stock_location_id),
    check (mirror_of is null or cause = 'transfer'),
    check ((cause = 'use') = (material_id is not null) and (cause = 'use') = (job_id is not null))
);
create index stock_movement_page on satchel.stock_movement (org_id, page_id, id);
create index stock_movement_by_level on satchel.stock_movement (org_id, stock_location_id, item_id);
create index stock_movement_by_job on satchel.stock_movement (org_id, job_id) where job_id is not null;

-- Which truck a line of material came out of.
alter table satchel.material_used add column stock_location_id uuid;
alter table satchel.material_used add foreign key (org_id, stock_location_id)
    references satchel.stock_location (org_id, id);

-- The caller's truck.
create function satchel.my_stock_location_ids() returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp rows 1 as $$
declare
    me uuid := my_technician_id();
begin
    return query select l.id from stock_location l where l.org_id = current_org() and l.technician_id = me;
end
$$;
grant execute on function satchel.my_stock_location_ids() to satchel_office, satchel_field;

call satchel.sync_table('stock_location', scope => 'org_id', branch => 'branch_id');
create policy internal on satchel.stock_location for select to satchel_internal using (true);
call satchel.allow_office('stock_location', '{select}', 'read', 'branch_id');
call satchel.allow_office('stock_location', '{insert,update}', 'stock', 'branch_id',
    'technician_id is null or technician_id = any (array(select id from satchel.technician))');
call satchel.allow_field('stock_location', '{select}');

call satchel.sync_table('stock_level', scope => 'stock_location_id', branch => 'branch_id');
create policy internal on satchel.stock_level to satchel_internal using (true) with check (true);
call satchel.allow_office('stock_level', '{select}', 'read', 'branch_id');
-- Whoever does a technician's papers moves the level with the line of material.
call satchel.allow_office('stock_level', '{insert,update}', 'read', 'branch_id',
    'org_id = (select satchel.org_if_may(''stock'')) or org_id = (select satchel.org_if_may(''schedule''))');
call satchel.allow_field('stock_level', '{select,insert,update}',
    'stock_location_id = any (array(select satchel.my_stock_location_ids()))');
call satchel.field_changes_only('stock_level', '{quantity,standing,requested,requested_at}');

-- Append-only: no lane may change or delete.
call satchel.sync_table('stock_movement', scope => 'page_id', branch => 'branch_id');
create policy internal on satchel.stock_movement to satchel_internal using (true) with check (true);
call satchel.allow_office('stock_movement', '{select}', 'read', 'branch_id');
call satchel.allow_office('stock_movement', '{insert}', 'read', 'branch_id',
    'user_id = (select satchel.current_user_id()) and mirror_of is null
     and (counter_location_id is null or counter_location_id = any (array(select id from satchel.stock_location)))
     and (org_id = (select satchel.org_if_may(''stock''))
          or (org_id = (select satchel.org_if_may(''schedule'')) and job_id = any (array(select id from satchel.job))))');
call satchel.allow_field('stock_movement', '{select}',
    'stock_location_id = any (array(select satchel.my_stock_location_ids()))');
call satchel.allow_field('stock_movement', '{insert}',
    'stock_location_id = any (array(select satchel.my_stock_location_ids()))
     and user_id = (select satchel.current_user_id()) and mirror_of is null
     and (job_id is null or job_id = any (array(select satchel.my_job_ids())))');

-- Nor may anybody else: an entry that was wrong is made up for by another. Only the copy of the branch follows.
create function satchel.keep_stock_movement() returns trigger
language plpgsql set search_path = satchel, pg_temp as $$
declare
    free constant text[] := array['rev', 'branch_id', 'created_at', 'created_by', 'updated_at', 'updated_by'];
begin
    if tg_op = 'DELETE' or to_jsonb(new) - free <> to_jsonb(old) - free then
        raise insufficient_privilege using
            message = 'an entry of the stock ledger stays as it was written',
            hint = 'Write another entry that makes up for it.';
    end if;
    return new;
end
$$;
create trigger keep_stock_movement before update or delete on satchel.stock_movement
    for each row execute function satchel.keep_stock_movement();

-- A level is changed by its ledger. The server's rules have a context and write both; for everybody else the function
-- below does, and a change of the level itself is refused.
create function satchel.keep_stock_level() returns trigger
language plpgsql set search_path = satchel, pg_temp as $$
begin
    if tg_op = 'DELETE' then
        raise insufficient_privilege using message = 'a stock level stays while there is a ledger';
    end if;
    if current_user_id() is null then
        if pg_trigger_depth() < 2
           and new.quantity is distinct from (case when tg_op = 'UPDATE' then old.quantity else 0 end) then
            raise insufficient_privilege using
                message = 'a stock level follows the ledger',
                hint = 'Insert into satchel.stock_movement.';
        end if;
        new.standing := case
            when new.quantity < 0 then 'negative' when new.quantity < new.minimum then 'low' else 'enough' end;
    end if;
    return new;
end
$$;
create trigger keep_stock_level before insert or update or delete on satchel.stock_level
    for each row execute function satchel.keep_stock_level();

-- Writes the other entry of each transfer; and the levels of what no rule wrote: those entries, and those of writers
-- without a context.
create function satchel.post_stock_movements() returns trigger
language plpgsql security definer set search_path = satchel, pg_temp as $$
begin
    -- A statement that writes nothing calls its triggers too.
    if exists (select from new_rows m where m.cause = 'transfer' and m.mirror_of is null) then
        insert into stock_movement (org_id, id, stock_location_id, branch_id, page_id, item_id, quantity, cause,
            counter_location_id, mirror_of, note, occurred_at, user_id)
        select m.org_id, part_id(m.id, '\x6d6972726f72'), other.id, other.branch_id, stock_page_id(other.id, m.occurred_at),
            m.item_id, -m.quantity, 'transfer', m.stock_location_id, m.id, m.note, m.occurred_at, m.user_id
        from new_rows m join stock_location other on other.org_id = m.org_id and other.id = m.counter_location_id
        where m.mirror_of is null;
    end if;

    insert into stock_level as level
        (org_id, id, stock_location_id, branch_id, item_id, quantity, minimum, target, standing)
    select moved.*, 0, 0, case when moved.quantity < 0 then 'negative' else 'enough' end
    from (
        select m.org_id, stock_level_id(m.stock_location_id, m.item_id) as id, m.stock_location_id, m.branch_id, m.item_id,
            sum(m.quantity) as quantity
        from new_rows m where m.mirror_of is not null or current_user_id() is null
        group by m.org_id, m.stock_location_id, m.branch_id, m.item_id
        order by 2
    ) moved
    on conflict (org_id, id) do update set
        quantity = level.quantity + excluded.quantity,
        standing = case when level.quantity + excluded.quantity < 0 then 'negative'
            when level.quantity + excluded.quantity < level.minimum then 'low' else 'enough' end;
    return null;
end
$$;
create trigger post_stock_movements after insert on satchel.stock_movement
    referencing new table as new_rows for each statement execute function satchel.post_stock_movements();

-- What a technician's replica holds of stock: the truck, and the pages of this month and the last.
create function satchel.my_stock_scopes() returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp rows 3 as $$
begin
    return query
        select scope.id from my_stock_location_ids() truck (id)
        cross join lateral (values
            (truck.id),
            (stock_page_id(truck.id, now())),
            (stock_page_id(truck.id, date_trunc('month', now(), 'UTC') - interval '1 day'))) scope (id);
end
$$;
grant execute on function satchel.my_stock_scopes() to satchel_office, satchel_field;

create or replace function satchel.my_scopes() returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp rows 1000 as $$
declare
    org uuid := org_if_member();
    me uuid := my_technician_id();
    jobs uuid[];
begin
    if org is null then
        return;
    end if;
    return next org;
    if me is null then
        return;
    end if;
    return next me;
    return query select my_stock_scopes();
    jobs := array(
        select a.job_id from assignment a
        where a.org_id = org and a.technician_id = me
          and a.window_start between now() - interval '14 days' and now() + interval '14 days'
        union
        select a.job_id from assignment a where a.org_id = org and a.technician_id = me and a.open);
    return query
        select distinct scope.id from job j
        cross join lateral (values (j.id), (j.customer_id), (j.location_id), (j.equipment_id)) scope (id)
        where j.org_id = org and j.id = any (jobs) and scope.id is not null;
end
$$;
