-- A restored database would give revisions out again that phones hold of work it has lost: a row written then and a row
-- written now would have the same revision, and no checksum could tell them apart. Another history therefore begins far
-- above: by more than any history before it can have used.
create or replace function satchel.begin_history() returns void
language plpgsql security definer set search_path = satchel, pg_temp as $$
begin
    truncate feed;
    update feed_state set marker = gen_random_uuid(), floor = '0', floor_set_at = now();
    perform setval('rev', nextval('rev') + (1::bigint << 40));
end
$$;
