-- A technician's visits whose windows begin in an interval, in order.
with page as materialized (
    select a.org_id, a.visit_id, a.window_start from satchel.assignment a
    where a.technician_id = ($1->>'technician_id')::uuid
      and a.window_start >= ($1->>'from')::timestamptz and a.window_start < ($1->>'until')::timestamptz
      and (a.window_start, a.visit_id) > (
          coalesce((satchel.page_key($1->>'after')->>0)::timestamptz, '-infinity'),
          coalesce((satchel.page_key($1->>'after')->>1)::uuid, '00000000-0000-0000-0000-000000000000'))
    order by a.window_start, a.visit_id limit ($1->>'limit')::int + 1
),
shown as materialized (select * from page order by window_start, visit_id limit ($1->>'limit')::int)
select json_build_object(
    'visits', (
        select coalesce(json_agg(json_build_object(
            'visit_id', v.id,
            'rev', v.rev::text,
            'job_id', v.job_id,
            'branch_id', v.branch_id,
            'number', j.number,
            'title', j.title,
            'priority', j.priority,
            'customer_name', c.name,
            'address', l.address,
            'state', v.state,
            'window_start', satchel.instant(v.window_start),
            'window_end', satchel.instant(v.window_end),
            'zone', v.zone,
            'arrived_at', satchel.instant(v.arrived_at),
            'ended_at', satchel.instant(v.ended_at)) order by shown.window_start, v.id), '[]')
        from shown
        join satchel.visit v on v.org_id = shown.org_id and v.id = shown.visit_id
        join satchel.job j on j.org_id = v.org_id and j.id = v.job_id
        join satchel.customer c on c.org_id = j.org_id and c.id = j.customer_id
        join satchel.location l on l.org_id = j.org_id and l.id = j.location_id),
    'next', case when (select count(*) from page) > ($1->>'limit')::int then
        (select satchel.page_token(json_build_array(satchel.instant(window_start), visit_id)) from shown
         order by window_start desc, visit_id desc limit 1) end)
