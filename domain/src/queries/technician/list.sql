-- A branch's technicians, in id order. What a technician does now is the visit under way, else the running clock.
with page as materialized (
    select t.* from satchel.technician t
    where t.branch_id = ($1->>'branch_id')::uuid
      and (t.active or ($1->>'inactive')::boolean)
      and t.id > coalesce((satchel.page_key($1->>'after')->>0)::uuid, '00000000-0000-0000-0000-000000000000')
    order by t.id limit ($1->>'limit')::int + 1
),
shown as materialized (select * from page order by id limit ($1->>'limit')::int),
phones as materialized (
    select * from satchel.technician_devices(array(select id from shown))
)
select json_build_object(
    'technicians', (
        select coalesce(json_agg(json_build_object(
            'technician_id', t.id,
            'user_id', t.user_id,
            'name', t.name,
            'active', t.active,
            'state', coalesce(doing.state, clock.kind, 'idle'),
            'since', satchel.instant(coalesce(doing.since, clock.started_at)),
            'current_visit', doing.visit,
            'device', json_build_object(
                'devices', coalesce(p.devices, 0),
                'last_seen_at', satchel.instant(p.last_seen_at),
                'silent', doing.visit is not null
                    and coalesce(p.last_seen_at < now() - make_interval(mins => ($1->>'silent_after_min')::int), true),
                'pending', null)) order by t.id), '[]')
        from shown t
        left join phones p on p.technician_id = t.id
        left join lateral (
            select v.state, coalesce(v.arrived_at, v.updated_at) as since, json_build_object(
                'visit_id', v.id,
                'job_id', v.job_id,
                'number', j.number,
                'title', j.title,
                'address', l.address,
                'window_start', satchel.instant(v.window_start),
                'window_end', satchel.instant(v.window_end)) as visit
            from satchel.assignment a
            join satchel.visit v on v.org_id = a.org_id and v.id = a.visit_id
            join satchel.job j on j.org_id = v.org_id and j.id = v.job_id
            join satchel.location l on l.org_id = j.org_id and l.id = j.location_id
            where a.org_id = t.org_id and a.technician_id = t.id and a.open
              and v.state in ('traveling', 'on_site', 'paused')
            -- A visit that is paused gives way to the one the technician went on to.
            order by v.state = 'paused', v.updated_at desc limit 1
        ) doing on true
        left join lateral (
            select x.kind, x.started_at from satchel.time_entry x
            where x.org_id = t.org_id and x.technician_id = t.id and x.ended_at is null
              and x.started_at > now() - interval '7 days'
            order by x.started_at desc limit 1
        ) clock on true),
    'next', case when (select count(*) from page) > ($1->>'limit')::int then
        (select satchel.page_token(json_build_array(id)) from shown order by id desc limit 1) end)
