-- Bookkeeping beside the replica tables, which are made from the registry.
-- The tables of work not yet confirmed (_queue, _history, _base) survive every upgrade; all else can be refilled.

-- Single facts: whose replica, device id, cursor, counters.
create table _meta (
    name text primary key,
    value text not null
) without rowid;

-- The shape each replica table was last given. stale: its rows must be compared and sent again (columns were added).
create table _replica_table (
    name text primary key,
    columns text not null,
    stale integer not null
) without rowid;

-- What the server last said of rows that undecided mutations wrote. image: JSON array in column order, null when the
-- server has no such row. Appended, so that a tap dirties one page of it; the phone keeps which row has which number in
-- memory.
create table _base (
    number integer primary key,
    table_name text not null,
    row_id text not null,
    image text
);

-- Count and sum of rev (as two's complement) of the server's rows, per table and scope.
create table _checksum (
    table_name text not null,
    scope text not null,
    row_count integer not null,
    rev_sum integer not null,
    primary key (table_name, scope)
) without rowid;

-- Scopes held in full.
create table _scope (
    id text primary key
) without rowid;

-- The pass under way. token: the server's mark after the last page received whole, null before the first is.
create table _pass (
    id integer primary key check (id = 1),
    target text not null,
    fill text not null,
    replacing text not null,
    begun text not null,
    token text,
    rows_done integer not null,
    rows_total integer
);

-- Rows of the pass that wait for its end, because undecided mutations wrote them.
create table _staged (
    table_name text not null,
    row_id text not null,
    image text,
    primary key (table_name, row_id)
) without rowid;

-- Rows the pass sent of scopes that were not empty: the others are dropped at its end.
create table _seen (
    table_name text not null,
    row_id text not null,
    primary key (table_name, row_id)
) without rowid;

-- Undecided mutations, those whose effects have not come back, and those that need attention.
-- seq: the wire number. outcome: the verdict. contained: effects are in the server's rows. refusal: what the rule said
-- when it last ran here. footprint: what it read and wrote then.
create table _queue (
    local_order integer primary key,
    key text not null,
    seq integer,
    name text not null,
    args text not null,
    context text not null,
    outcome text,
    contained integer not null default 0,
    refusal text,
    footprint text not null
);

-- The latest mutations that left the queue, with their verdicts; fed again to a server restored from a backup.
create table _history (
    local_order integer primary key,
    key text not null,
    seq integer,
    name text not null,
    args text not null,
    context text not null,
    outcome text not null
);
create index _history_seq on _history (seq);
