-- Jobs by the beginnings of words, newest first. The page ends where the search did, also when row-level security shows
-- fewer rows than it found.
with found as materialized (
    select id from satchel.find_jobs($1->>'text', ($1->>'branch_id')::uuid,
        coalesce((satchel.page_key($1->>'after')->>0)::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
        ($1->>'limit')::int + 1) id
),
shown as (select id from found order by id desc limit ($1->>'limit')::int)
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
        from satchel.job j
        join satchel.customer c on c.org_id = j.org_id and c.id = j.customer_id
        join satchel.location l on l.org_id = j.org_id and l.id = j.location_id
        where j.id = any (array(select id from shown))),
    'next', case when (select count(*) from found) > ($1->>'limit')::int then
        (select satchel.page_token(json_build_array(id)) from shown order by id limit 1) end)
