-- A job with all its parts. Each list is bounded: `parts_max` newest, shown oldest first.
select json_build_object(
    'job_id', j.id,
    'rev', j.rev::text,
    'branch_id', j.branch_id,
    'number', j.number,
    'title', j.title,
    'description', j.description,
    'state', j.state,
    'priority', j.priority,
    'cancel_reason', j.cancel_reason,
    'created_at', satchel.instant(j.created_at),
    'updated_at', satchel.instant(j.updated_at),
    'customer', json_build_object('customer_id', c.id, 'name', c.name, 'phone', c.phone, 'email', c.email),
    'location', json_build_object(
        'location_id', l.id, 'address', l.address, 'zone', l.zone, 'access_notes', l.access_notes),
    'equipment', case when e.id is not null then json_build_object(
        'equipment_id', e.id, 'name', e.name, 'model', e.model, 'serial', e.serial) end,
    'visits', (
        select coalesce(json_agg(json_build_object(
            'visit_id', v.id,
            'rev', v.rev::text,
            'state', v.state,
            'window_start', satchel.instant(v.window_start),
            'window_end', satchel.instant(v.window_end),
            'zone', v.zone,
            'arrived_at', satchel.instant(v.arrived_at),
            'ended_at', satchel.instant(v.ended_at),
            'outcome', v.outcome,
            'assignments', (
                select coalesce(json_agg(json_build_object(
                    'assignment_id', a.id,
                    'technician_id', a.technician_id,
                    'technician_name', t.name,
                    'open', a.open,
                    'overlap_confirmed', a.overlap_confirmed) order by a.id), '[]')
                from satchel.assignment a
                left join satchel.technician t on t.org_id = a.org_id and t.id = a.technician_id
                where a.org_id = v.org_id and a.visit_id = v.id)) order by v.window_start, v.id), '[]')
        from (select * from satchel.visit where org_id = j.org_id and job_id = j.id
              order by id desc limit ($1->>'parts_max')::int) v),
    'events', (
        select coalesce(json_agg(json_build_object(
            'event_id', s.id,
            'visit_id', s.visit_id,
            'from_state', s.from_state,
            'to_state', s.to_state,
            'occurred_at', satchel.instant(s.occurred_at),
            'received_at', satchel.instant(s.created_at),
            'user_id', s.user_id,
            'reason', s.reason) order by s.occurred_at, s.id), '[]')
        from (select * from satchel.visit_status_event where org_id = j.org_id and job_id = j.id
              order by id desc limit ($1->>'parts_max')::int) s),
    'checklists', (
        select coalesce(json_agg(json_build_object(
            'checklist_id', k.id,
            'visit_id', k.visit_id,
            'name', p.name,
            'answers', (
                select coalesce(json_agg(json_build_object(
                    'answer_id', w.id,
                    'item_id', w.item_id,
                    'position', i.position,
                    'prompt', i.prompt,
                    'required', i.required,
                    'state', w.state,
                    'value', w.value,
                    'answered_at', satchel.instant(w.answered_at),
                    'answered_by', w.answered_by) order by i.position, w.id), '[]')
                from satchel.checklist_answer w
                join satchel.checklist_template_item i on i.org_id = w.org_id and i.id = w.item_id
                where w.org_id = k.org_id and w.checklist_id = k.id)) order by k.id), '[]')
        from (select * from satchel.checklist where org_id = j.org_id and job_id = j.id
              order by id desc limit ($1->>'parts_max')::int) k
        join satchel.checklist_template p on p.org_id = k.org_id and p.id = k.template_id),
    'notes', (
        select coalesce(json_agg(json_build_object(
            'note_id', n.id,
            'title', n.title,
            'text', n.text,
            'created_at', satchel.instant(n.created_at),
            'updated_at', satchel.instant(n.updated_at)) order by n.id), '[]')
        from (select * from satchel.note where org_id = j.org_id and job_id = j.id
              order by id desc limit ($1->>'parts_max')::int) n),
    'materials', (
        select coalesce(json_agg(json_build_object(
            'material_id', m.id,
            'visit_id', m.visit_id,
            'item_id', m.item_id,
            'name', m.name,
            'quantity', m.quantity::text,
            'unit_price_cents', m.unit_price_cents::text) order by m.id), '[]')
        from (select * from satchel.material_used where org_id = j.org_id and job_id = j.id
              order by id desc limit ($1->>'parts_max')::int) m),
    'time_entries', (
        select coalesce(json_agg(json_build_object(
            'entry_id', x.id,
            'technician_id', x.technician_id,
            'visit_id', x.visit_id,
            'kind', x.kind,
            'started_at', satchel.instant(x.started_at),
            'ended_at', satchel.instant(x.ended_at),
            'overlaps', x."overlaps") order by x.started_at, x.id), '[]')
        from (select * from satchel.time_entry where org_id = j.org_id and job_id = j.id
              order by started_at desc, id desc limit ($1->>'parts_max')::int) x),
    'estimates', (
        select coalesce(json_agg(json_build_object(
            'estimate_id', q.id,
            'number', q.number,
            'title', q.title,
            'state', q.state,
            'valid_until', satchel.instant(q.valid_until),
            'presented_at', satchel.instant(q.presented_at),
            'decided_at', satchel.instant(q.decided_at),
            'approved_option_id', q.approved_option_id,
            'options', (
                select coalesce(json_agg(json_build_object(
                    'option_id', o.id,
                    'position', o.position,
                    'name', o.name,
                    'subtotal_cents', o.subtotal_cents::text,
                    'discount_cents', o.discount_cents::text,
                    'tax_cents', o.tax_cents::text,
                    'total_cents', o.total_cents::text,
                    'lines', (
                        select coalesce(json_agg(json_build_object(
                            'line_id', g.id,
                            'position', g.position,
                            'item_id', g.item_id,
                            'name', g.name,
                            'unit', g.unit,
                            'quantity', g.quantity::text,
                            'unit_price_cents', g.unit_price_cents::text,
                            'total_cents', g.total_cents::text) order by g.position, g.id), '[]')
                        from satchel.estimate_line g
                        where g.org_id = o.org_id and g.estimate_id = o.estimate_id and g.option_id = o.id))
                    order by o.position, o.id), '[]')
                from satchel.estimate_option o where o.org_id = q.org_id and o.estimate_id = q.id)) order by q.id), '[]')
        from (select * from satchel.estimate where org_id = j.org_id and job_id = j.id
              order by id desc limit ($1->>'parts_max')::int) q),
    'signatures', (
        select coalesce(json_agg(json_build_object(
            'signature_id', z.id,
            'subject_kind', z.subject_kind,
            'subject_id', z.subject_id,
            'outcome', z.outcome,
            'signer_name', z.signer_name,
            'signer_relation', z.signer_relation,
            'document_hash', encode(z.document_hash, 'hex'),
            'refusal_reason', z.refusal_reason,
            'signed_at', satchel.instant(z.signed_at)) order by z.signed_at, z.id), '[]')
        from (select * from satchel.signature where org_id = j.org_id and job_id = j.id
              order by id desc limit ($1->>'parts_max')::int) z),
    'invoices', (
        select coalesce(json_agg(json_build_object(
            'invoice_id', f.id,
            'number', f.number::text,
            'state', f.state,
            'total_cents', f.total_cents::text,
            'paid_cents', f.paid_cents::text,
            'pending_cents', f.pending_cents::text,
            'overpaid', f.overpaid,
            'issued_at', satchel.instant(f.issued_at),
            'payments', (
                select coalesce(json_agg(json_build_object(
                    'payment_id', y.id,
                    'kind', y.kind,
                    'method', y.method,
                    'amount_cents', y.amount_cents::text,
                    'of_payment_id', y.of_payment_id,
                    'reason', y.reason,
                    'occurred_at', satchel.instant(y.occurred_at)) order by y.occurred_at, y.id), '[]')
                from satchel.payment y where y.org_id = f.org_id and y.invoice_id = f.id)) order by f.id), '[]')
        from (select * from satchel.invoice where org_id = j.org_id and job_id = j.id
              order by id desc limit ($1->>'parts_max')::int) f))
from satchel.job j
join satchel.customer c on c.org_id = j.org_id and c.id = j.customer_id
join satchel.location l on l.org_id = j.org_id and l.id = j.location_id
left join satchel.equipment e on e.org_id = j.org_id and e.id = j.equipment_id
where j.id = ($1->>'job_id')::uuid
