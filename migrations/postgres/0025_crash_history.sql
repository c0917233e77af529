-- A crash of one backend makes Postgres recover under the same postmaster: transaction numbers may be given out again,
-- though the postmaster's start stays. What tells is that recovery begins the statistics anew.

-- identity        as before
-- server_started  the postmaster's start, and when statistics began: the latter changes with every crash recovery, and
--                 when somebody resets them by hand, which then costs a needless verification
create or replace function satchel.history(out identity text, out server_started text)
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
begin
    identity := concat_ws('/',
        (select system_identifier from pg_control_system()),
        -- pg_control_checkpoint() lags after a promotion; the log's file name does not. A standby has none.
        case when pg_is_in_recovery() then 'standby' else left(pg_walfile_name(pg_current_wal_lsn()), 8) end,
        (select oid from pg_database where datname = current_database()),
        (select marker from feed_state));
    server_started := concat_ws('/',
        (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint,
        (select (extract(epoch from stats_reset) * 1000000)::bigint from pg_stat_get_wal()));
end
$$;
