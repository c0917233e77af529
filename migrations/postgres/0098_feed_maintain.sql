-- As before, but a day that cannot be dropped now, because somebody reads it, no longer keeps the days ahead from being
-- made: it stays for the next round, and so does a day that cannot be made.
create or replace function satchel.feed_maintain(keep_days integer, ahead_days integer, out added integer, out dropped integer)
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
        begin
            added := added + feed_add_day(today + day)::integer;
        exception when lock_not_available then
            exit;
        end;
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
            begin
                execute format('drop table %I', partition);
                dropped := dropped + 1;
            exception when lock_not_available then
                -- One wait a round is enough.
                exit;
            end;
        else
            new_floor := greatest(new_floor, (newest::text::numeric + 1)::text::xid8);
        end if;
    end loop;
    if new_floor > state.floor then
        update feed_state set floor = new_floor, floor_set_at = now();
    end if;
end
$$;
