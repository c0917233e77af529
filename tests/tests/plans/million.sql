-- Over a million rows: ten organizations alike, each with 50 technicians and 5,000 jobs, and a thousand small ones.
-- Technician 1 of organization 1 has one job in fifty. Loaded past triggers and foreign keys, which would take most of
-- the time.
set session_replication_role = replica;

create function public.id(kind text, org int, n int default 0) returns uuid language sql immutable
return (substr(md5(kind), 1, 8) || '-' || lpad(to_hex(org), 4, '0') || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid;

create temp table o as select generate_series(1, 10) as o;
create temp table jobs as select o, n, public.id('org', o) as org, public.id('job', o, n) as job,
    public.id('branch', o, n % 5) as branch, public.id('visit', o, n) as visit, public.id('technician', o, n % 50) as technician,
    timestamptz '2026-01-01 08:00Z' + n * interval '2 hours' as starts
from o, generate_series(1, 5000) n;

insert into satchel.organization (org_id, id, name, currency)
select public.id('org', o), public.id('org', o), 'Org', 'USD' from generate_series(1, 1010) o;
insert into satchel.app_user (id, email, name)
select public.id('user', o, n), o || '.' || n || '@example.com', 'User' from o, generate_series(0, 60) n
union all select public.id('user', o, 1), o || '@example.com', 'User' from generate_series(11, 1010) o;
insert into satchel.membership (org_id, user_id, roles)
select public.id('org', o), public.id('user', o, n), case when n < 50 then '{technician}' when n = 60 then '{owner}' else '{dispatcher}' end::text[]
from o, generate_series(0, 60) n
union all select public.id('org', o), public.id('user', o, 1), '{technician}' from generate_series(11, 1010) o;
insert into satchel.branch (org_id, id, name, zone)
select public.id('org', o), public.id('branch', o, n), 'Branch', 'UTC' from generate_series(1, 1010) o, generate_series(0, 4) n;
insert into satchel.technician (org_id, id, branch_id, user_id, name, active)
select public.id('org', o), public.id('technician', o, n), public.id('branch', o, n % 5), public.id('user', o, n), 'Technician', true
from o, generate_series(0, 49) n
union all select public.id('org', o), public.id('technician', o, 1), public.id('branch', o, 1), public.id('user', o, 1), 'Technician', true
from generate_series(11, 1010) o;
insert into satchel.checklist_template (org_id, id, name, trade, active)
select public.id('org', o), public.id('template', o, n), 'Template', 'hvac', true
from generate_series(1, 1010) o, generate_series(1, case when o > 10 then 5 else 100 end) n;
insert into satchel.checklist_template_item (org_id, id, template_id, position, prompt, answer_kind, required)
select public.id('org', o), public.id('item', o, n), public.id('template', o, n / 20), 1 + n % 20, 'Question?', 'yes_no', true
from o, generate_series(20, 2019) n;
insert into satchel.pricebook_item (org_id, id, code, name, kind, unit, price_cents, active)
select public.id('org', o), public.id('price', o, n), n::text, 'Thing', 'material', 'each', n, true
from o, generate_series(1, 5000) n;
insert into satchel.tax_rate (org_id, id, branch_id, tax_class, percent)
select public.id('org', o), public.id('tax', o, n), public.id('branch', o, n), 'standard', 8.25
from generate_series(1, 1010) o, generate_series(0, 4) n;
insert into satchel.pricebook_version (org_id, id, name, state, valid_from, published_at)
select public.id('org', o), public.id('version', o, n), 'Version', case when n = 1 then 'published' else 'retired' end, now(), now()
from generate_series(1, 1010) o, generate_series(1, 5) n;
insert into satchel.pricebook_category (org_id, id, name, position, active)
select public.id('org', o), public.id('category', o, n), 'Heading', n, true from o, generate_series(1, 500) n;
insert into satchel.pricebook_component (org_id, id, item_id, component_id, quantity, position)
select public.id('org', o), public.id('component', o, n), public.id('price', o, n), public.id('price', o, n % 5000 + 1), 1, 1
from o, generate_series(1, 5000) n;
insert into satchel.pricebook_cost (org_id, id, item_id, cost_cents)
select public.id('org', o), public.id('price', o, n), public.id('price', o, n), n from o, generate_series(1, 5000) n;
insert into satchel.pricebook_price (org_id, id, version_id, item_id, price_cents)
select public.id('org', o), public.id('version_price', o, n), public.id('version', o, 1), public.id('price', o, n), n
from o, generate_series(1, 5000) n;
insert into satchel.stock_location (org_id, id, branch_id, kind, technician_id, name, active)
select public.id('org', o), public.id('stock', o, n), public.id('branch', o, n % 5), case when n < 50 then 'truck' else 'warehouse' end,
    case when n < 50 then public.id('technician', o, n) end, 'Place', true
from o, generate_series(0, 54) n
union all select public.id('org', o), public.id('stock', o, 1), public.id('branch', o, 1), 'truck', public.id('technician', o, 1), 'Truck', true
from generate_series(11, 1010) o;
insert into satchel.stock_level (org_id, id, stock_location_id, branch_id, item_id, quantity, minimum, target, standing)
select public.id('org', o), satchel.stock_level_id(public.id('stock', o, n), public.id('price', o, i)), public.id('stock', o, n),
    public.id('branch', o, n % 5), public.id('price', o, i), 10, 2, 10, 'enough'
from o, generate_series(0, 54) n, generate_series(1, 100) i;
insert into satchel.territory (org_id, id, branch_id, name, active)
select public.id('org', o), public.id('territory', o, n), public.id('branch', o, n % 5), 'Territory', true
from generate_series(1, 1010) o, generate_series(0, 19) n;
insert into satchel.territory_area (org_id, id, territory_id, branch_id, postal_code)
select public.id('org', o), public.id('area', o, n), public.id('territory', o, n % 20), public.id('branch', o, n % 5), n::text
from o, generate_series(0, 1999) n;
insert into satchel.skill (org_id, id, name, active)
select public.id('org', o), public.id('skill', o, n), 'Skill', true from generate_series(1, 1010) o, generate_series(0, 19) n;
create temp table people as
select o, n, public.id('org', o) as org, public.id('technician', o, n) as technician, public.id('branch', o, n % 5) as branch
from o, generate_series(0, 49) n;
insert into satchel.technician_skill (org_id, id, technician_id, branch_id, skill_id)
select org, public.id('technician_skill', o, n * 20 + i), technician, branch, public.id('skill', o, i) from people, generate_series(0, 19) i;
insert into satchel.technician_territory (org_id, id, technician_id, branch_id, territory_id)
select org, public.id('technician_territory', o, n * 20 + i), technician, branch, public.id('territory', o, i) from people, generate_series(0, 19) i;
insert into satchel.working_hours (org_id, id, technician_id, branch_id, weekday, start_minute, end_minute)
select org, public.id('hours', o, n * 21 + i), technician, branch, 1 + i % 7, i / 7 * 480, i / 7 * 480 + 480 from people, generate_series(0, 20) i;
insert into satchel.absence (org_id, id, technician_id, branch_id, kind, state, starts_at, ends_at, requested_by)
select org, public.id('absence', o, n * 20 + i), technician, branch, 'pto', 'approved', timestamptz '2020-01-01' + i * interval '30 days',
    timestamptz '2020-01-03' + i * interval '30 days', public.id('user', o, n) from people, generate_series(0, 19) i;
insert into satchel.credential (org_id, id, holder_id, technician_id, kind, title, valid_from)
select org, public.id('credential', o, n * 20 + i), technician, technician, 'license', 'License ' || i, date '2020-01-01' from people, generate_series(0, 19) i;
insert into satchel.customer (org_id, id, name)
select public.id('org', o), public.id('customer', o, n), 'Customer' from o, generate_series(0, 2500) n;
insert into satchel.location (org_id, id, customer_id, address, zone)
select public.id('org', o), public.id('location', o, n), public.id('customer', o, n), 'Street', 'UTC' from o, generate_series(0, 2500) n;
insert into satchel.equipment (org_id, id, location_id, name)
select public.id('org', o), public.id('equipment', o, n), public.id('location', o, n), 'Furnace' from o, generate_series(0, 2500) n;
insert into satchel.contact (org_id, id, customer_id, name, preferred)
select public.id('org', o), public.id('contact', o, n), public.id('customer', o, n), 'Contact', true from o, generate_series(0, 2500) n;

insert into satchel.customer_price (org_id, id, customer_id, item_id, price_cents)
select public.id('org', o), public.id('customer_price', o, n), public.id('customer', o, n), public.id('price', o, 1 + n), 1
from o, generate_series(0, 2500) n;
insert into satchel.job (org_id, id, branch_id, customer_id, location_id, equipment_id, number, title, description, state, priority)
select org, job, branch, public.id('customer', o, n / 2), public.id('location', o, n / 2), public.id('equipment', o, n / 2),
    n::text, 'No heat', 'Since yesterday', 'scheduled', 'normal'
from jobs;
insert into satchel.visit (org_id, id, job_id, branch_id, state, window_start, window_end, zone)
select org, visit, job, branch, case when n % 20 = 1 then 'scheduled' else 'completed' end, starts, starts + interval '2 hours', 'UTC'
from jobs;
insert into satchel.assignment (org_id, id, job_id, branch_id, visit_id, technician_id, window_start, window_end, open, overlap_confirmed)
select org, public.id('assignment', o, n), job, branch, visit, technician, starts, starts + interval '2 hours', n % 20 = 1, false
from jobs;
insert into satchel.job_skill (org_id, id, job_id, branch_id, skill_id)
select org, public.id('job_skill', o, n), job, branch, public.id('skill', o, n % 20) from jobs;
insert into satchel.required_document (org_id, id, job_id, branch_id, visit_id, kind, title, required, state)
select org, public.id('document', o, n), job, branch, visit, 'photo', 'Photo', false, 'open' from jobs;
insert into satchel.dispatch_override (org_id, id, job_id, branch_id, visit_id, technician_id, rule, user_id, occurred_at)
select org, public.id('override', o, n), job, branch, visit, technician, 'absence', public.id('user', o, 50), starts from jobs;
insert into satchel.visit_status_event (org_id, id, job_id, branch_id, visit_id, from_state, to_state, occurred_at, user_id)
select org, public.id('event', o, n * 4 + i), job, branch, visit, 'scheduled', 'dispatched', starts, public.id('user', o, n % 50)
from jobs, generate_series(0, 3) i;
insert into satchel.checklist (org_id, id, job_id, branch_id, visit_id, template_id)
select org, public.id('checklist', o, n), job, branch, visit, public.id('template', o, 1 + n % 100) from jobs;
insert into satchel.checklist_answer (org_id, id, job_id, branch_id, checklist_id, item_id, state)
select org, public.id('answer', o, n * 5 + i), job, branch, public.id('checklist', o, n), public.id('item', o, 20 + i), 'open'
from jobs, generate_series(0, 4) i;
insert into satchel.note (org_id, id, job_id, branch_id, title, text)
select org, public.id('note', o, n), job, branch, 'Note', 'Text' from jobs;
insert into satchel.note_change (org_id, id, job_id, branch_id, note_id, change, user_id, occurred_at)
select org, public.id('change', o, n), job, branch, public.id('note', o, n), '\x00', public.id('user', o, 50), starts from jobs;
insert into satchel.time_entry (org_id, id, technician_id, branch_id, job_id, visit_id, kind, started_at, ended_at, "overlaps")
select org, public.id('time', o, n), technician, public.id('branch', o, n % 50 % 5), job, visit, 'work', starts, starts + interval '1 hour', false
from jobs;
insert into satchel.material_used (org_id, id, job_id, branch_id, visit_id, item_id, name, quantity, unit_price_cents)
select org, public.id('material', o, n), job, branch, visit, public.id('price', o, n), 'Thing', 1, n from jobs;
insert into satchel.estimate (org_id, id, job_id, branch_id, customer_id, number, title, state, user_id)
select org, public.id('estimate', o, n), job, branch, public.id('customer', o, n / 2), 'E1', 'Offer', 'draft', public.id('user', o, n % 50)
from jobs;
insert into satchel.estimate_option (org_id, id, job_id, branch_id, estimate_id, position, name, discount_percent, discount_fixed_cents,
    subtotal_cents, discount_cents, tax_cents, total_cents)
select org, public.id('option', o, n), job, branch, public.id('estimate', o, n), 1, 'Good', 0, 0, n, 0, 0, n from jobs;
insert into satchel.estimate_line (org_id, id, job_id, branch_id, estimate_id, option_id, position, item_id, name, unit, quantity,
    unit_price_cents, discount_percent, tax_class, tax_percent, gross_cents, discount_cents, tax_cents, total_cents)
select org, public.id('line', o, n), job, branch, public.id('estimate', o, n), public.id('option', o, n), 1, public.id('price', o, n),
    'Thing', 'each', 1, n, 0, 'exempt', 0, n, 0, 0, n
from jobs;
insert into satchel.signature (org_id, id, job_id, branch_id, subject_kind, subject_id, outcome, document_hash, refusal_reason, signed_at, user_id)
select org, public.id('signature', o, n), job, branch, 'estimate_option', public.id('option', o, n), 'refused', sha256(''), 'No', starts,
    public.id('user', o, n % 50)
from jobs;
insert into satchel.stock_movement (org_id, id, stock_location_id, branch_id, page_id, item_id, quantity, cause, job_id, material_id, occurred_at, user_id)
select org, public.id('movement', o, n), public.id('stock', o, n % 50), public.id('branch', o, n % 50 % 5),
    satchel.stock_page_id(public.id('stock', o, n % 50), starts), public.id('price', o, n), -1, 'use', job, public.id('material', o, n), starts,
    public.id('user', o, n % 50)
from jobs;
insert into satchel.invoice (org_id, id, job_id, branch_id, customer_id, number, state, discount_percent, discount_fixed_cents,
    subtotal_cents, discount_cents, tax_cents, total_cents, paid_cents, pending_cents, overpaid, issued_at)
select org, public.id('invoice', o, n), job, branch, public.id('customer', o, n / 2), n, 'paid', 0, 0, n, 0, 0, n, n, 0, false, starts
from jobs;
insert into satchel.invoice_line (org_id, id, job_id, branch_id, invoice_id, position, material_id, name, unit, quantity,
    unit_price_cents, discount_percent, tax_percent, gross_cents, discount_cents, tax_cents, total_cents)
select org, public.id('charge', o, n), job, branch, public.id('invoice', o, n), 1, public.id('material', o, n), 'Thing', 'each', 1, n, 0, 0, n, 0, 0, n
from jobs;
insert into satchel.payment (org_id, id, job_id, branch_id, invoice_id, kind, method, amount_cents, idempotency_key, occurred_at, user_id)
select org, public.id('payment', o, n), job, branch, public.id('invoice', o, n), 'payment', 'cash', n, public.id('key', o, n), starts, public.id('user', o, n % 50)
from jobs;
insert into satchel.invoice_counter (org_id, last_number) select public.id('org', o), 5000 from o;
insert into satchel.maintenance_contract (org_id, id, branch_id, customer_id, location_id, title, description, interval_months,
    starts_on, ends_on, state, owed_from, renewals)
select public.id('org', o), public.id('contract', o, n), public.id('branch', o, n % 5), public.id('customer', o, n), public.id('location', o, n),
    'Tune-up', '', 12, '2026-01-01', '2027-12-31', 'active', '2026-01-01', 0
from o, generate_series(1, 2000) n;
insert into satchel.contract_equipment (org_id, id, contract_id, location_id, branch_id, equipment_id)
select public.id('org', o), public.id('covered', o, n), public.id('contract', o, n), public.id('location', o, n), public.id('branch', o, n % 5),
    public.id('equipment', o, n)
from o, generate_series(1, 2000) n;
insert into satchel.contract_price (org_id, id, contract_id, branch_id, price_cents)
select public.id('org', o), public.id('contract_price', o, n), public.id('contract', o, n), public.id('branch', o, n % 5), n
from o, generate_series(1, 2000) n;
insert into satchel.contract_visit (org_id, id, contract_id, location_id, branch_id, period, due_from, due_until, state, job_id)
select public.id('org', o), public.id('owed', o, n * 2 + i), public.id('contract', o, n), public.id('location', o, n), public.id('branch', o, n % 5),
    i, '2026-01-01', '2026-12-31', case i when 0 then 'scheduled' else 'owed' end, case i when 0 then public.id('job', o, n * 2) end
from o, generate_series(1, 2000) n, generate_series(0, 1) i;

insert into satchel.device (org_id, id, user_id)
select public.id('org', o), public.id('device', o, n), public.id('user', o, n % 50) from o, generate_series(0, 999) n;
insert into satchel.mutation_ledger (org_id, key, device_id, seq, user_id, name, args, context, content_hash, outcome, trace_id)
select org, public.id('key', o, n), public.id('device', o, n % 50), n / 50 + 1, public.id('user', o, n % 50), 'visit/v1/accept', '{}', '{}',
    sha256('{}'), '{"accepted": {"output": null}}', 'trace'
from jobs;
insert into satchel.mutation_attempt (org_id, key, user_id, last_trace_id)
select org, public.id('attempt', o, n), public.id('user', o, n % 50), 'trace' from jobs where n % 5 = 0;
insert into satchel.audit_log (org_id, user_id, key, name, trace_id, table_name, row_id, scope_id, branch_id, change)
select org, public.id('user', o, n % 50), public.id('key', o, n), 'visit/v1/accept', 'trace', 'visit', visit, job, branch, 'update'
from jobs;
insert into satchel.inbox_item (org_id, key, cause, branch_id, user_id, device_id, name, args, context, verdict, occurred_at)
select org, public.id('inbox', o, n), 'submitted', branch, public.id('user', o, n % 50), public.id('device', o, n % 50),
    'visit/v1/accept', '{}', '{}',
    '{"rejected": {"code": "NOT_FOUND", "reason": "job.not_found", "message": "No such job.", "details": null}}', now()
from jobs where n % 5 = 0;
insert into satchel.account_event (org_id, actor_id, action, subject_id)
select org, public.id('user', o, n % 50), 'device.revoke', public.id('device', o, n % 50) from jobs where n % 5 = 0;
-- Five changes of every job, by transactions of the past.
insert into satchel.feed (xid, org_id, scope_id, branch_id, table_name, row_id)
select (3 + (n * 5 + i) / 100)::text::xid8, org, job, branch, 'visit', visit from jobs, generate_series(0, 4) i;

reset session_replication_role;
analyze;
