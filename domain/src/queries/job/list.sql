-- Jobs of a branch in one state, newest first.
with page as materialized (
    select j.* from satchel.job j
    where j.branch_id = ($1->>'branch_id')::uuid and j.state = $1->>'state'
      and j.id < coalesce((satchel.page_key($1->>'after')->>0)::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    order by j.id desc limit ($1->>'limit')::int + 1
),
shown as (select * from page order by id desc limit ($1->>'limit')::int)
select json_build_object(
    'jobs', (
        select coalesce(json_agg(json_build_object(
            'job_id', j.id,
            'branch_id', j.branch_id,
            'number', j.number,
            'title', j.title,
            'state', j.state,
            'priority', j.priority,
            'customer_id', j.customer_id,
            'customer_name', c.name,
            'location_id', j.location_id,
            'address', l.address,
            'created_at', satchel.instant(j.created_at)) order by j.id desc), '[]')
        from shown j
        join satchel.customer c on c.org_id = j.org_id and c.id = j.customer_id
        join satchel.location l on l.org_id = j.org_id and l.id = j.location_id),
    'next', case when (select count(*) from page) > ($1->>'limit')::int then
        (select satchel.page_token(json_build_array(id)) from shown order by id limit 1) end)
