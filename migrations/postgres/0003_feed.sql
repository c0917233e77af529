-- The change feed: which row of which scope was touched by which transaction. It says what to look at;
-- row-level security decides what is seen. Written by triggers only, read by definer functions only.

create table satchel.feed (
    xid xid8 not null default pg_current_xact_id(),
    org_id uuid not null,
    scope_id uuid not null,
    branch_id uuid,
    table_name text not null,
    row_id uuid not null,
    at timestamptz not null default clock_timestamp()
) partition by range (at);

create index feed_org on satchel.feed (org_id, xid);
create index feed_scope on satchel.feed (org_id, scope_id, xid);
create index feed_xid on satchel.feed (xid) include (org_id, scope_id);

-- Takes what no day's partition takes: a write must never fail because housekeeping is late.
create table satchel.feed_default partition of satchel.feed default;

alter table satchel.feed enable row level security, force row level security;
create policy internal on satchel.feed to satchel_internal using (true) with check (true);

-- One row: what identifies this feed.
create table satchel.feed_state (
    single boolean primary key default true check (single),
    -- Changes when a backup is restored in place: cursors from before must not be trusted.
    marker uuid not null default gen_random_uuid(),
    -- Rows of transactions below this may be gone: a cursor is good while its xmin is not below.
    floor xid8 not null default '0',
    floor_set_at timestamptz not null default now()
);
insert into satchel.feed_state default values;
alter table satchel.feed_state enable row level security, force row level security;
create policy internal on satchel.feed_state to satchel_internal using (true) with check (true);
