-- Customers by the beginnings of words, newest first.
with found as materialized (
    select id from satchel.find_customers($1->>'text',
        coalesce((satchel.page_key($1->>'after')->>0)::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
        ($1->>'limit')::int + 1) id
),
shown as (select id from found order by id desc limit ($1->>'limit')::int)
select json_build_object(
    'customers', (
        select coalesce(json_agg(json_build_object(
            'customer_id', c.id,
            'name', c.name,
            'phone', c.phone,
            'email', c.email,
            'locations', (
                select coalesce(json_agg(json_build_object(
                    'location_id', l.id, 'address', l.address, 'zone', l.zone) order by l.id), '[]')
                from (select * from satchel.location where org_id = c.org_id and customer_id = c.id
                      order by id limit 20) l)) order by c.id desc), '[]')
        from satchel.customer c where c.id = any (array(select id from shown))),
    'next', case when (select count(*) from found) > ($1->>'limit')::int then
        (select satchel.page_token(json_build_array(id)) from shown order by id limit 1) end)
