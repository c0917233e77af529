-- What is known of the clocks that work was entered by, and what cannot be about them.

-- A time entry shows the phone's claim beside the corrected time: somebody is paid by it.
alter table satchel.time_entry
    add column started_device_clock timestamptz,
    add column ended_device_clock timestamptz;
drop trigger guard_columns on satchel.time_entry;
call satchel.field_changes_only('time_entry',
    '{kind,started_at,ended_at,overlaps,started_device_clock,ended_device_clock}');

-- What the device's clocks said with the last mutation that told: the start of the device, milliseconds since, and the
-- clock people see in milliseconds since 1970.
alter table satchel.device
    add column clock_boot_id uuid,
    add column clock_monotonic_ms bigint,
    add column clock_ms bigint;

alter table satchel.audit_log
    add column boot_id uuid,
    add column monotonic_ms bigint,
    -- Milliseconds by which the server's clock was ahead of the device's, when last measured.
    add column server_offset_ms bigint,
    -- By how many milliseconds occurred_at may be off; null where nothing was measured.
    add column uncertainty_ms bigint,
    -- What cannot be, or wants looking at: clock.future, time.overlaps. Null for nearly all.
    add column flags text[];
create index audit_log_flagged on satchel.audit_log (org_id, id) where flags is not null;
