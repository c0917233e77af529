-- A branch's invoices by state, newest first.
create index invoice_by_state on satchel.invoice (org_id, branch_id, state, id);
