-- What lies in a branch's places, or in one of them, in id order. What is to be replenished has an index of its own.
with page as materialized (
    select s.* from satchel.stock_level s
    where s.branch_id = ($1->>'branch_id')::uuid
      and s.stock_location_id = any (array(
          select p.id from satchel.stock_location p
          where p.branch_id = ($1->>'branch_id')::uuid
            and ($1->>'stock_location_id' is null or p.id = ($1->>'stock_location_id')::uuid)))
      and (not ($1->>'to_replenish')::boolean or s.standing <> 'enough' or s.requested is not null)
      and s.id > coalesce((satchel.page_key($1->>'after')->>0)::uuid, '00000000-0000-0000-0000-000000000000')
    order by s.id limit ($1->>'limit')::int + 1
),
shown as materialized (select * from page order by id limit ($1->>'limit')::int)
select json_build_object(
    'levels', (
        select coalesce(json_agg(json_build_object(
            'stock_level_id', s.id,
            'stock_location_id', s.stock_location_id,
            'stock_location_name', p.name,
            'kind', p.kind,
            'technician_id', p.technician_id,
            'item_id', s.item_id,
            'code', i.code,
            'name', i.name,
            'unit', i.unit,
            'quantity', s.quantity::text,
            'minimum', s.minimum::text,
            'target', s.target::text,
            'standing', s.standing,
            'requested', s.requested::text,
            'requested_at', satchel.instant(s.requested_at)) order by s.id), '[]')
        from shown s
        join satchel.stock_location p on p.org_id = s.org_id and p.id = s.stock_location_id
        join satchel.pricebook_item i on i.org_id = s.org_id and i.id = s.item_id),
    'next', case when (select count(*) from page) > ($1->>'limit')::int then
        (select satchel.page_token(json_build_array(id)) from shown order by id desc limit 1) end)
