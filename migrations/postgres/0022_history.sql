-- Which history of changes this database is in. Cursors from another are not to be trusted.

-- identity        system identifier, timeline, database, restore marker: another one is another history
-- server_started  the postmaster's start: a crash may give ids of unflushed transactions out again, so that after a
--                 restart held scopes are verified, though the history is the same
create function satchel.history(out identity text, out server_started text)
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
begin
    identity := concat_ws('/',
        (select system_identifier from pg_control_system()),
        -- pg_control_checkpoint() lags after a promotion; the log's file name does not. A standby has none.
        case when pg_is_in_recovery() then 'standby' else left(pg_walfile_name(pg_current_wal_lsn()), 8) end,
        (select oid from pg_database where datname = current_database()),
        (select marker from feed_state));
    server_started := (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint::text;
end
$$;
grant execute on function satchel.history() to satchel_service, satchel_office, satchel_field, satchel_waker;

-- For the operator, after restoring a backup over this database: begins another history.
create function satchel.begin_history() returns void
language plpgsql security definer set search_path = satchel, pg_temp as $$
begin
    truncate feed;
    update feed_state set marker = gen_random_uuid(), floor = '0', floor_set_at = now();
end
$$;
