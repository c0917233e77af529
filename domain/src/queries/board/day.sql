-- A branch's day. Windows that began up to 14 days before reach into it (WINDOW_DAYS).
with frame as (
    select b.id, b.name, b.zone,
        (($1->>'day')::date)::timestamp at time zone b.zone as starts,
        (($1->>'day')::date + 1)::timestamp at time zone b.zone as ends
    from satchel.branch b where b.id = ($1->>'branch_id')::uuid
),
seen as materialized (
    select v.org_id, v.id as visit_id, v.rev, v.job_id, v.state, v.window_start, v.window_end, v.arrived_at, v.ended_at,
        v.state in ('scheduled', 'dispatched', 'accepted', 'traveling', 'on_site', 'paused') as is_open,
        j.number, j.title, j.priority, c.name as customer_name, l.address
    from satchel.visit v
    join satchel.job j on j.org_id = v.org_id and j.id = v.job_id
    join satchel.customer c on c.org_id = j.org_id and c.id = j.customer_id
    join satchel.location l on l.org_id = j.org_id and l.id = j.location_id
    where v.branch_id = ($1->>'branch_id')::uuid
      and v.window_start < (select ends from frame)
      and v.window_start >= (select starts from frame) - interval '14 days'
      and v.window_end > (select starts from frame)
    order by v.window_start, v.id limit ($1->>'visits_max')::int + 1
),
assigned as materialized (
    select seen.*, a.id as assignment_id, a.technician_id, a.overlap_confirmed,
        a.open and exists (
            select from satchel.assignment o
            where o.org_id = a.org_id and o.technician_id = a.technician_id and o.id <> a.id and o.open
              and o.window_start < a.window_end and o.window_start > a.window_start - interval '14 days'
              and o.window_end > a.window_start) as has_overlap
    from seen join satchel.assignment a on a.org_id = seen.org_id and a.visit_id = seen.visit_id
),
lane as (
    select t.org_id, t.id, t.name, t.active, t.branch_id from satchel.technician t
    where t.branch_id = ($1->>'branch_id')::uuid and t.active
    union
    select t.org_id, t.id, t.name, t.active, t.branch_id from satchel.technician t
    where t.id = any (array(select technician_id from assigned))
),
waiting as materialized (
    select j.id, j.number, j.title, j.priority, c.name as customer_name, l.address, j.created_at
    from satchel.job j
    join satchel.customer c on c.org_id = j.org_id and c.id = j.customer_id
    join satchel.location l on l.org_id = j.org_id and l.id = j.location_id
    where j.branch_id = ($1->>'branch_id')::uuid and j.state = 'unscheduled'
    order by j.id desc limit ($1->>'unscheduled_max')::int + 1
)
select json_build_object(
    'branch_id', frame.id,
    'branch_name', frame.name,
    'zone', frame.zone,
    'day', $1->>'day',
    'starts_at', satchel.instant(frame.starts),
    'ends_at', satchel.instant(frame.ends),
    'lanes', (
        select coalesce(json_agg(json_build_object(
            'technician_id', lane.id,
            'name', lane.name,
            'active', lane.active,
            'from_other_branch', lane.branch_id <> frame.id,
            'visits', (
                select coalesce(json_agg(json_build_object(
                    'assignment_id', a.assignment_id,
                    'visit_id', a.visit_id,
                    'rev', a.rev::text,
                    'job_id', a.job_id,
                    'number', a.number,
                    'title', a.title,
                    'priority', a.priority,
                    'customer_name', a.customer_name,
                    'address', a.address,
                    'state', a.state,
                    'window_start', satchel.instant(a.window_start),
                    'window_end', satchel.instant(a.window_end),
                    'arrived_at', satchel.instant(a.arrived_at),
                    'ended_at', satchel.instant(a.ended_at),
                    'overlaps', a.has_overlap,
                    'overlap_confirmed', a.overlap_confirmed) order by a.window_start, a.visit_id), '[]')
                from assigned a where a.technician_id = lane.id)) order by lane.name, lane.id), '[]')
        from lane),
    'unassigned_visits', (
        select coalesce(json_agg(json_build_object(
            'visit_id', s.visit_id,
            'rev', s.rev::text,
            'job_id', s.job_id,
            'number', s.number,
            'title', s.title,
            'priority', s.priority,
            'customer_name', s.customer_name,
            'address', s.address,
            'state', s.state,
            'window_start', satchel.instant(s.window_start),
            'window_end', satchel.instant(s.window_end)) order by s.window_start, s.visit_id), '[]')
        from seen s where s.is_open and s.visit_id <> all (array(select visit_id from assigned))),
    'unscheduled_jobs', (
        select coalesce(json_agg(json_build_object(
            'job_id', w.id,
            'number', w.number,
            'title', w.title,
            'priority', w.priority,
            'customer_name', w.customer_name,
            'address', w.address,
            'created_at', satchel.instant(w.created_at)) order by w.id desc), '[]')
        from (select * from waiting order by id desc limit ($1->>'unscheduled_max')::int) w),
    'more_unscheduled', (select count(*) > ($1->>'unscheduled_max')::int from waiting),
    'truncated', (select count(*) > ($1->>'visits_max')::int from seen))
from frame
