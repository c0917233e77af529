-- A branch's invoices in one state, newest first.
with page as materialized (
    select i.* from satchel.invoice i
    where i.branch_id = ($1->>'branch_id')::uuid and i.state = $1->>'state'
      and i.id < coalesce((satchel.page_key($1->>'after')->>0)::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    order by i.id desc limit ($1->>'limit')::int + 1
),
shown as materialized (select * from page order by id desc limit ($1->>'limit')::int)
select json_build_object(
    'invoices', (
        select coalesce(json_agg(json_build_object(
            'invoice_id', i.id,
            'rev', i.rev::text,
            'job_id', i.job_id,
            'number', i.number::text,
            'state', i.state,
            'customer_id', i.customer_id,
            'customer_name', c.name,
            'title', j.title,
            'total_cents', i.total_cents::text,
            'paid_cents', i.paid_cents::text,
            'pending_cents', i.pending_cents::text,
            'overpaid', i.overpaid,
            'issued_at', satchel.instant(i.issued_at)) order by i.id desc), '[]')
        from shown i
        join satchel.customer c on c.org_id = i.org_id and c.id = i.customer_id
        join satchel.job j on j.org_id = i.org_id and j.id = i.job_id),
    'next', case when (select count(*) from page) > ($1->>'limit')::int then
        (select satchel.page_token(json_build_array(id)) from shown order by id limit 1) end)
