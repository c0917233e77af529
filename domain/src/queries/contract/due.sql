-- Visits that maintenance contracts owe, those due first.
with page as materialized (
    select o.* from satchel.contract_visit o
    where o.branch_id = ($1->>'branch_id')::uuid and o.state = 'owed'
      and o.due_from <= ($1->>'until')::date
      and (o.due_until, o.id) > (
          coalesce((satchel.page_key($1->>'after')->>0)::date, '-infinity'),
          coalesce((satchel.page_key($1->>'after')->>1)::uuid, '00000000-0000-0000-0000-000000000000'))
    order by o.due_until, o.id limit ($1->>'limit')::int + 1
),
shown as materialized (select * from page order by due_until, id limit ($1->>'limit')::int)
select json_build_object(
    'visits', (
        select coalesce(json_agg(json_build_object(
            'contract_visit_id', o.id,
            'contract_id', o.contract_id,
            'number', m.number,
            'title', m.title,
            'contract_state', m.state,
            'period', o.period,
            'due_from', o.due_from,
            'due_until', o.due_until,
            'customer_id', m.customer_id,
            'customer_name', c.name,
            'location_id', m.location_id,
            'address', l.address) order by o.due_until, o.id), '[]')
        from shown o
        join satchel.maintenance_contract m on m.org_id = o.org_id and m.id = o.contract_id
        join satchel.customer c on c.org_id = m.org_id and c.id = m.customer_id
        join satchel.location l on l.org_id = m.org_id and l.id = m.location_id),
    'next', case when (select count(*) from page) > ($1->>'limit')::int then
        (select satchel.page_token(json_build_array(due_until, id)) from shown
         order by due_until desc, id desc limit 1) end)
