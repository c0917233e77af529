-- What a job brought in and what it cost. Refused to whoever may not see costs.
with invoiced as (
    select coalesce(sum(i.subtotal_cents - i.discount_cents), 0)::bigint as revenue,
        coalesce(sum(i.paid_cents), 0)::bigint as paid
    from satchel.invoice i
    where i.job_id = ($1->>'job_id')::uuid and i.state in ('issued', 'partially_paid', 'paid')
),
material as (
    -- Postgres rounds numeric half away from zero, as rules::money does.
    select coalesce(sum(round(m.quantity * c.cost_cents)), 0)::bigint as cost, count(*) filter (where c.id is null) as unknown
    from satchel.material_used m
    left join satchel.pricebook_cost c on c.org_id = m.org_id and c.id = m.item_id
    where m.job_id = ($1->>'job_id')::uuid
),
labour as (
    select coalesce(sum(extract(epoch from e.ended_at - e.started_at)), 0)::bigint as seconds
    from satchel.time_entry e
    where e.job_id = ($1->>'job_id')::uuid and e.kind = 'work' and e.ended_at is not null
),
labour_cost as (
    select coalesce(round(labour.seconds::numeric * c.cost_cents / 3600), 0)::bigint as cost
    from labour left join satchel.pricebook_cost c on c.id = ($1->>'labour_item_id')::uuid
)
select json_build_object(
    'job_id', j.id,
    'revenue_cents', invoiced.revenue::text,
    'paid_cents', invoiced.paid::text,
    'material_cents', material.cost::text,
    'materials_without_cost', material.unknown,
    'labour_s', labour.seconds,
    'labour_cents', labour_cost.cost::text,
    'margin_cents', (invoiced.revenue - material.cost - labour_cost.cost)::text)
from satchel.job j, invoiced, material, labour, labour_cost
where j.id = ($1->>'job_id')::uuid and j.org_id = (select satchel.cost_org())
