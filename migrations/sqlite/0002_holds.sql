-- What depends on a refused mutation waits for it, and what is sent again says what it replaces.

-- The mutation whose effects this one stood on when they went away; without them its rule says no.
alter table _queue add column because_of text;
-- It waits for that one. Only a mutation that was never sent is held.
alter table _queue add column held integer not null default 0;
-- The refused mutation this one was entered in place of.
alter table _queue add column retry_of text;

alter table _history add column retry_of text;
-- The mutation that was entered in place of this one.
alter table _history add column replaced_by text;
