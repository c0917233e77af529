-- Daily partitions of the feed: made ahead, and dropped when no cursor needs them.

-- Makes the partition of a day (UTC); false if it is there.
create function satchel.feed_add_day(day date) returns boolean
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    partition text := 'feed_' || to_char(day, 'YYYYMMDD');
    starts timestamptz := day::timestamp at time zone 'UTC';
    ends timestamptz := (day + 1)::timestamp at time zone 'UTC';
begin
    if to_regclass('satchel.' || partition) is not null then
        return false;
    end if;
    execute format('create table %I (like feed including defaults)', partition);
    -- Rows that came while the day had no partition move into it.
    lock table feed_default in access exclusive mode;
    execute format(
        'with late as (delete from feed_default where at >= %L and at < %L returning *) insert into %I select * from late',
        starts, ends, partition);
    execute format('alter table feed attach partition %I for values from (%L) to (%L)', partition, starts, ends);
    return true;
end
$$;

-- Run every hour or so by any node; concurrent runs do nothing. Waits at most two seconds for readers.
--
-- Trimming takes two runs: the first raises the floor, a later one, an hour after, drops what lies below. A
-- reader whose snapshot still shows the old floor has ended by then.
create function satchel.feed_maintain(keep_days integer, ahead_days integer, out added integer, out dropped integer)
language plpgsql security definer set search_path = satchel, pg_temp set lock_timeout = '2s' as $$
declare
    state feed_state;
    today date := (now() at time zone 'UTC')::date;
    oldest_kept text := 'feed_' || to_char(today - greatest(keep_days, 1), 'YYYYMMDD');
    partition text;
    newest xid8;
    new_floor xid8;
begin
    added := 0;
    dropped := 0;
    if not pg_try_advisory_xact_lock(hashtext('satchel.feed_maintain')) then
        return;
    end if;
    for day in 0 .. least(ahead_days, 30) loop
        added := added + feed_add_day(today + day)::integer;
    end loop;

    select * into state from feed_state;
    new_floor := state.floor;
    for partition in
        select relname from pg_inherits join pg_class on pg_class.oid = inhrelid
        where inhparent = 'satchel.feed'::regclass and relname ~ '^feed_\d{8}$' and relname < oldest_kept
        order by relname
    loop
        execute format('select max(xid) from %I', partition) into newest;
        if newest is null or (newest < state.floor and state.floor_set_at < now() - interval '1 hour') then
            execute format('drop table %I', partition);
            dropped := dropped + 1;
        else
            new_floor := greatest(new_floor, (newest::text::numeric + 1)::text::xid8);
        end if;
    end loop;
    if new_floor > state.floor then
        update feed_state set floor = new_floor, floor_set_at = now();
    end if;
end
$$;
grant execute on function satchel.feed_maintain to satchel_service;

select added from satchel.feed_maintain(keep_days => 14, ahead_days => 7);
