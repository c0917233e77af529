-- Two tenants, a and b, alike in everything but their ids. Rows are named: public.id('a/job/1').
--
-- Each has two branches; a user for every role, one of them (dispatcher_north) limited to branch 1; technicians 1 and 2.
-- Job 1 (branch 1) has visit 1 for technician 1 and visit 2 for technician 2; job 2 (branch 1) has visit 3 for
-- technician 2; job 3 (branch 2) has visit 4 for nobody. Every job has one of each part.

create function public.id(name text) returns uuid language sql immutable return md5(name)::uuid;

do $$
declare
    t text; -- tenant
    n int;
    v int;
    j int;
    org uuid;
    role text;
begin
    foreach t in array array['a', 'b'] loop
        org := public.id(t);
        insert into satchel.organization (org_id, id, name, currency) values (org, org, t, 'USD');

        foreach role in array array['owner', 'operations_manager', 'dispatcher', 'dispatcher_north', 'technician',
            'technician_2', 'inventory_manager', 'billing', 'auditor', 'delegated_agent', 'dismissed', 'stranger'] loop
            insert into satchel.app_user (id, email, name)
            values (public.id(t || '/user/' || role), role || '@' || t || '.example', role);
            continue when role = 'stranger';
            insert into satchel.membership (org_id, user_id, roles, branch_ids, active) values (
                org, public.id(t || '/user/' || role),
                array[case role when 'dispatcher_north' then 'dispatcher' when 'technician_2' then 'technician'
                      when 'dismissed' then 'owner' else role end],
                case role when 'dispatcher_north' then array[public.id(t || '/branch/1')] end,
                role <> 'dismissed');
        end loop;

        insert into satchel.branch (org_id, id, name, zone)
        select org, public.id(t || '/branch/' || i), 'Branch ' || i, 'Europe/Berlin' from generate_series(1, 2) i;
        insert into satchel.technician (org_id, id, branch_id, user_id, name, active) values
            (org, public.id(t || '/technician/1'), public.id(t || '/branch/1'), public.id(t || '/user/technician'), 'One', true),
            (org, public.id(t || '/technician/2'), public.id(t || '/branch/1'), public.id(t || '/user/technician_2'), 'Two', true),
            (org, public.id(t || '/technician/3'), public.id(t || '/branch/2'), null, 'Three', true);
        insert into satchel.territory (org_id, id, branch_id, name, active)
        select org, public.id(t || '/territory/' || i), public.id(t || '/branch/' || i), 'Area', true from generate_series(1, 2) i;
        insert into satchel.territory_area (org_id, id, territory_id, branch_id, postal_code)
        select org, public.id(t || '/area/' || i), public.id(t || '/territory/' || i), public.id(t || '/branch/' || i), '1000' || i
        from generate_series(1, 2) i;
        insert into satchel.skill (org_id, id, name, active) values (org, public.id(t || '/skill'), 'Gas', true);
        for n in 1 .. 3 loop
            insert into satchel.technician_skill (org_id, id, technician_id, branch_id, skill_id)
            select org, public.id(t || '/technician_skill/' || n), id, branch_id, public.id(t || '/skill')
            from satchel.technician where id = public.id(t || '/technician/' || n);
            insert into satchel.technician_territory (org_id, id, technician_id, branch_id, territory_id)
            select org, public.id(t || '/technician_territory/' || n), id, branch_id, public.id(t || '/territory/1')
            from satchel.technician where id = public.id(t || '/technician/' || n);
            insert into satchel.working_hours (org_id, id, technician_id, branch_id, weekday, start_minute, end_minute)
            select org, public.id(t || '/hours/' || n), id, branch_id, 1, 0, 1440
            from satchel.technician where id = public.id(t || '/technician/' || n);
            insert into satchel.absence (org_id, id, technician_id, branch_id, kind, state, starts_at, ends_at, requested_by)
            select org, public.id(t || '/absence/' || n), id, branch_id, 'pto', 'requested', now(), now() + interval '1 day',
                public.id(t || '/user/technician')
            from satchel.technician where id = public.id(t || '/technician/' || n);
            insert into satchel.credential (org_id, id, holder_id, technician_id, kind, title, valid_from)
            select org, public.id(t || '/credential/' || n), id, id, 'license', 'Gas fitter', date '2026-01-01'
            from satchel.technician where id = public.id(t || '/technician/' || n);
        end loop;
        insert into satchel.credential (org_id, id, holder_id, kind, title, valid_from)
        values (org, public.id(t || '/credential/4'), org, 'insurance', 'Liability', date '2026-01-01');
        insert into satchel.checklist_template (org_id, id, name, trade, active)
        values (org, public.id(t || '/template'), 'Furnace', 'hvac', true);
        insert into satchel.checklist_template_item (org_id, id, template_id, position, prompt, answer_kind, required)
        values (org, public.id(t || '/item'), public.id(t || '/template'), 1, 'Filter clean?', 'yes_no', true);
        insert into satchel.pricebook_item (org_id, id, code, name, kind, unit, price_cents, active)
        values (org, public.id(t || '/price'), 'F1', 'Filter', 'material', 'each', 1999, true);

        insert into satchel.tax_rate (org_id, id, branch_id, tax_class, percent)
        values (org, public.id(t || '/tax'), public.id(t || '/branch/1'), 'standard', 8.25);
        insert into satchel.pricebook_version (org_id, id, name, state, valid_from, published_at)
        values (org, public.id(t || '/version'), 'This year', 'published', now(), now());
        insert into satchel.pricebook_category (org_id, id, name, position, active)
        values (org, public.id(t || '/category'), 'Heating', 1, true);
        insert into satchel.pricebook_item (org_id, id, code, name, kind, unit, price_cents, active, category_id)
        values (org, public.id(t || '/price/service'), 'S1', 'Change filter', 'service', 'each', 4999, true, public.id(t || '/category'));
        insert into satchel.pricebook_component (org_id, id, item_id, component_id, quantity, position)
        values (org, public.id(t || '/component'), public.id(t || '/price/service'), public.id(t || '/price'), 1, 1);
        insert into satchel.pricebook_cost (org_id, id, item_id, cost_cents)
        values (org, public.id(t || '/price'), public.id(t || '/price'), 800);
        insert into satchel.pricebook_price (org_id, id, version_id, item_id, price_cents)
        values (org, public.id(t || '/version/price'), public.id(t || '/version'), public.id(t || '/price'), 2099);
        -- Technicians 1 and 2 have a truck each, and the branches a warehouse.
        for n in 1 .. 4 loop
            insert into satchel.stock_location (org_id, id, branch_id, kind, technician_id, name, active) values (
                org, public.id(t || '/stock/' || n), public.id(t || '/branch/' || case n when 4 then 2 else 1 end),
                case when n < 3 then 'truck' else 'warehouse' end,
                case when n < 3 then public.id(t || '/technician/' || n) end, 'Place ' || n, true);
        end loop;

        for n in 1 .. 3 loop
            insert into satchel.customer (org_id, id, name) values (org, public.id(t || '/customer/' || n), 'Customer');
            insert into satchel.location (org_id, id, customer_id, address, zone)
            values (org, public.id(t || '/location/' || n), public.id(t || '/customer/' || n), 'Street 1', 'Europe/Berlin');
            insert into satchel.equipment (org_id, id, location_id, name)
            values (org, public.id(t || '/equipment/' || n), public.id(t || '/location/' || n), 'Furnace');
            insert into satchel.contact (org_id, id, customer_id, location_id, name, preferred)
            values (org, public.id(t || '/contact/' || n), public.id(t || '/customer/' || n), public.id(t || '/location/' || n), 'Ada', true);
            insert into satchel.customer_price (org_id, id, customer_id, item_id, price_cents)
            values (org, public.id(t || '/customer_price/' || n), public.id(t || '/customer/' || n), public.id(t || '/price'), 1899);
            insert into satchel.job (org_id, id, branch_id, customer_id, location_id, equipment_id, title, description, state, priority)
            values (org, public.id(t || '/job/' || n), public.id(t || '/branch/' || case n when 3 then 2 else 1 end),
                public.id(t || '/customer/' || n), public.id(t || '/location/' || n), public.id(t || '/equipment/' || n),
                'No heat', '', 'scheduled', 'normal');
        end loop;

        for v in 1 .. 4 loop
            j := case v when 1 then 1 when 2 then 1 else v - 1 end;
            insert into satchel.visit (org_id, id, job_id, branch_id, state, window_start, window_end, zone)
            select org, public.id(t || '/visit/' || v), id, branch_id, 'scheduled', now(), now() + interval '2 hours', 'UTC'
            from satchel.job where id = public.id(t || '/job/' || j);
        end loop;
        insert into satchel.assignment (org_id, id, job_id, branch_id, visit_id, technician_id, window_start, window_end, open, overlap_confirmed)
        select org, public.id(t || '/assignment/' || v.n), visit.job_id, visit.branch_id, visit.id,
            public.id(t || '/technician/' || case v.n when 1 then 1 else 2 end), window_start, window_end, true, false
        from generate_series(1, 3) v (n) join satchel.visit on visit.id = public.id(t || '/visit/' || v.n);

        -- One of each part on the first visit of every job.
        for n in 1 .. 3 loop
            v := case n when 1 then 1 else n + 1 end;
            insert into satchel.visit_status_event (org_id, id, job_id, branch_id, visit_id, from_state, to_state, occurred_at, user_id)
            select org, public.id(t || '/event/' || n), job_id, branch_id, id, 'scheduled', 'dispatched', now(), public.id(t || '/user/dispatcher')
            from satchel.visit where id = public.id(t || '/visit/' || v);
            insert into satchel.job_skill (org_id, id, job_id, branch_id, skill_id)
            select org, public.id(t || '/job_skill/' || n), id, branch_id, public.id(t || '/skill') from satchel.job where id = public.id(t || '/job/' || n);
            insert into satchel.required_document (org_id, id, job_id, branch_id, visit_id, kind, title, required, state)
            select org, public.id(t || '/document/' || n), job_id, branch_id, id, 'photo', 'Photo', true, 'open'
            from satchel.visit where id = public.id(t || '/visit/' || v);
            insert into satchel.dispatch_override (org_id, id, job_id, branch_id, visit_id, technician_id, rule, user_id, occurred_at)
            select org, public.id(t || '/override/' || n), job_id, branch_id, id, public.id(t || '/technician/1'), 'absence',
                public.id(t || '/user/dispatcher'), now()
            from satchel.visit where id = public.id(t || '/visit/' || v);
            insert into satchel.checklist (org_id, id, job_id, branch_id, visit_id, template_id)
            select org, public.id(t || '/checklist/' || n), job_id, branch_id, id, public.id(t || '/template')
            from satchel.visit where id = public.id(t || '/visit/' || v);
            insert into satchel.checklist_answer (org_id, id, job_id, branch_id, checklist_id, item_id, state)
            select org, public.id(t || '/answer/' || n), job_id, branch_id, id, public.id(t || '/item'), 'open'
            from satchel.checklist where id = public.id(t || '/checklist/' || n);
            insert into satchel.note (org_id, id, job_id, branch_id, title, text)
            select org, public.id(t || '/note/' || n), id, branch_id, 'Note', '' from satchel.job where id = public.id(t || '/job/' || n);
            insert into satchel.note_change (org_id, id, job_id, branch_id, note_id, change, user_id, occurred_at)
            select org, public.id(t || '/change/' || n), job_id, branch_id, id, '\x00', public.id(t || '/user/dispatcher'), now()
            from satchel.note where id = public.id(t || '/note/' || n);
            insert into satchel.time_entry (org_id, id, technician_id, branch_id, job_id, visit_id, kind, started_at, "overlaps")
            select org, public.id(t || '/time/' || n), public.id(t || '/technician/' || n), tech.branch_id, visit.job_id, visit.id, 'work', now(), false
            from satchel.visit join satchel.technician tech on tech.id = public.id(t || '/technician/' || n)
            where visit.id = public.id(t || '/visit/' || v);
            insert into satchel.material_used (org_id, id, job_id, branch_id, visit_id, item_id, name, quantity, unit_price_cents)
            select org, public.id(t || '/material/' || n), job_id, branch_id, id, public.id(t || '/price'), 'Filter', 1, 1999
            from satchel.visit where id = public.id(t || '/visit/' || v);
            insert into satchel.estimate (org_id, id, job_id, branch_id, customer_id, number, title, state, user_id)
            select org, public.id(t || '/estimate/' || n), id, branch_id, customer_id, 'E1', 'Filters', 'draft', public.id(t || '/user/dispatcher')
            from satchel.job where id = public.id(t || '/job/' || n);
            insert into satchel.estimate_option (org_id, id, job_id, branch_id, estimate_id, position, name, discount_percent,
                discount_fixed_cents, subtotal_cents, discount_cents, tax_cents, total_cents)
            select org, public.id(t || '/option/' || n), job_id, branch_id, id, 1, 'Good', 0, 0, 1999, 0, 0, 1999
            from satchel.estimate where id = public.id(t || '/estimate/' || n);
            insert into satchel.estimate_line (org_id, id, job_id, branch_id, estimate_id, option_id, position, name, unit, quantity,
                unit_price_cents, discount_percent, tax_class, tax_percent, gross_cents, discount_cents, tax_cents, total_cents)
            select org, public.id(t || '/line/' || n), job_id, branch_id, estimate_id, id, 1, 'Filter', 'each', 1, 1999, 0, 'exempt', 0, 1999, 0, 0, 1999
            from satchel.estimate_option where id = public.id(t || '/option/' || n);
            insert into satchel.signature (org_id, id, job_id, branch_id, subject_kind, subject_id, outcome, document_hash, refusal_reason, signed_at, user_id)
            select org, public.id(t || '/signature/' || n), id, branch_id, 'estimate_option', public.id(t || '/option/' || n), 'refused',
                sha256(''), 'Will think about it', now(), public.id(t || '/user/dispatcher')
            from satchel.job where id = public.id(t || '/job/' || n);
            insert into satchel.invoice (org_id, id, job_id, branch_id, customer_id, state, discount_percent, discount_fixed_cents,
                subtotal_cents, discount_cents, tax_cents, total_cents, paid_cents, pending_cents, overpaid, issued_at)
            select org, public.id(t || '/invoice/' || n), id, branch_id, customer_id, 'partially_paid', 0, 0, 1999, 0, 0, 1999, 1000, 0, false, now()
            from satchel.job where id = public.id(t || '/job/' || n);
            insert into satchel.invoice_line (org_id, id, job_id, branch_id, invoice_id, position, material_id, name, unit, quantity,
                unit_price_cents, discount_percent, tax_percent, gross_cents, discount_cents, tax_cents, total_cents)
            select org, public.id(t || '/charge/' || n), job_id, branch_id, id, 1, public.id(t || '/material/' || n), 'Filter', 'each', 1, 1999, 0, 0, 1999, 0, 0, 1999
            from satchel.invoice where id = public.id(t || '/invoice/' || n);
            insert into satchel.payment (org_id, id, job_id, branch_id, invoice_id, kind, method, amount_cents, idempotency_key, occurred_at, user_id)
            select org, public.id(t || '/payment/' || n), job_id, branch_id, id, 'payment', 'cash', 1000, public.id(t || '/key'), now(), public.id(t || '/user/technician')
            from satchel.invoice where id = public.id(t || '/invoice/' || n);
        end loop;

        for n in 1 .. 4 loop
            insert into satchel.stock_movement (org_id, id, stock_location_id, branch_id, page_id, item_id, quantity, cause, occurred_at, user_id)
            select org, public.id(t || '/movement/' || n), id, branch_id, satchel.stock_page_id(id, now()), public.id(t || '/price'), n,
                'receive', now(), public.id(t || '/user/inventory_manager')
            from satchel.stock_location where id = public.id(t || '/stock/' || n);
        end loop;

        -- Every place has a contract, which owes a visit for its first period; that of place 1 became job 1.
        for n in 1 .. 3 loop
            insert into satchel.maintenance_contract (org_id, id, branch_id, customer_id, location_id, title, description, interval_months,
                starts_on, ends_on, state, owed_from, renewals)
            select org, public.id(t || '/contract/' || n), branch_id, customer_id, location_id, 'Tune-up', '', 12,
                '2026-01-01', '2027-12-31', 'active', '2026-01-01', 0
            from satchel.job where id = public.id(t || '/job/' || n);
            insert into satchel.contract_equipment (org_id, id, contract_id, location_id, branch_id, equipment_id)
            select org, public.id(t || '/covered/' || n), id, location_id, branch_id, public.id(t || '/equipment/' || n)
            from satchel.maintenance_contract where id = public.id(t || '/contract/' || n);
            insert into satchel.contract_price (org_id, id, contract_id, branch_id, price_cents)
            select org, public.id(t || '/contract/price/' || n), id, branch_id, 19900
            from satchel.maintenance_contract where id = public.id(t || '/contract/' || n);
            insert into satchel.contract_visit (org_id, id, contract_id, location_id, branch_id, period, due_from, due_until, state, job_id)
            select org, public.id(t || '/owed/' || n), id, location_id, branch_id, 0, '2026-01-01', '2026-12-31',
                case n when 1 then 'scheduled' else 'owed' end, case n when 1 then public.id(t || '/job/1') end
            from satchel.maintenance_contract where id = public.id(t || '/contract/' || n);
        end loop;

        -- Bookkeeping of technician 1's phone.
        insert into satchel.device (org_id, id, user_id) values (org, public.id(t || '/device'), public.id(t || '/user/technician'));
        insert into satchel.mutation_ledger (org_id, key, device_id, seq, user_id, name, content_hash, outcome, trace_id)
        values (org, public.id(t || '/key'), public.id(t || '/device'), 1, public.id(t || '/user/technician'), 'visit/v1/accept', sha256(''), '{}', '');
        insert into satchel.mutation_attempt (org_id, key, user_id, last_trace_id)
        values (org, public.id(t || '/attempt'), public.id(t || '/user/technician'), '');
        insert into satchel.inbox_item (org_id, key, cause, branch_id, user_id, name, args, context, verdict)
        values (org, public.id(t || '/inbox'), 'submitted', public.id(t || '/branch/1'), public.id(t || '/user/technician'),
            'visit/v1/accept', '{}', '{}', '{}');
        insert into satchel.refresh_family (id, user_id, expires_at, revoked_at, ended_by)
        values (public.id(t || '/session'), public.id(t || '/user/technician'), now() + interval '14 days', now(), 'signed_out');
        insert into satchel.device_session (org_id, device_id, session_id)
        values (org, public.id(t || '/device'), public.id(t || '/session'));
        insert into satchel.api_key (org_id, id, user_id, secret_hash, created_by, expires_at)
        values (org, public.id(t || '/api_key'), public.id(t || '/user/delegated_agent'), '', public.id(t || '/user/owner'), now());
        insert into satchel.wipe_policy (org_id, mode) values (org, 'after_upload');
        insert into satchel.account_event (org_id, actor_id, action, subject_id)
        values (org, public.id(t || '/user/owner'), 'api_key.create', public.id(t || '/api_key'));
        insert into satchel.audit_log (org_id, user_id, key, name, trace_id, table_name, row_id, scope_id, branch_id, change)
        values (org, public.id(t || '/user/technician'), public.id(t || '/key'), 'visit/v1/accept', '', 'visit', public.id(t || '/visit/1'),
            public.id(t || '/job/1'), public.id(t || '/branch/1'), 'update');
    end loop;
end
$$;
