-- What was handed to the office, and what it decided.

-- The mutation that hands this refused one to the office.
alter table _queue add column handed text;

-- What the office decided: a settlement as the server sent it.
alter table _history add column settlement text;
