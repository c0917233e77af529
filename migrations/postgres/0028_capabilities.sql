-- What the rest of the trade asks of a role.
--
--   sell   write estimates
--   bill   write invoices and take payments
--   stock  move stock
--   cost   see what things cost the contractor, and what is earned on them

alter table satchel.role_capability drop constraint role_capability_capability_check;
alter table satchel.role_capability add constraint role_capability_capability_check
    check (capability in ('read', 'schedule', 'price', 'manage', 'field', 'sell', 'bill', 'stock', 'cost'));

-- The table is open to satchel_internal for reading only.
create policy seed on satchel.role_capability for insert to satchel_internal with check (true);
insert into satchel.role_capability (role, capability) values
    ('owner', 'sell'), ('owner', 'bill'), ('owner', 'stock'), ('owner', 'cost'),
    ('operations_manager', 'sell'), ('operations_manager', 'bill'), ('operations_manager', 'stock'),
    ('operations_manager', 'cost'),
    ('dispatcher', 'sell'),
    ('delegated_agent', 'sell'),
    ('inventory_manager', 'stock'), ('inventory_manager', 'cost'),
    ('billing', 'sell'), ('billing', 'bill'), ('billing', 'cost'),
    ('auditor', 'cost');
drop policy seed on satchel.role_capability;
