-- A restored database, and a standby that takes over before it has heard everything, would give revisions out again that
-- phones hold of work it has lost: a row written then and a row written now would have the same revision, and no checksum
-- could tell them apart. A counter cannot know what was given out in a history that it has lost; a clock can. So the high
-- bits of a revision are the milliseconds since 2026, and the low ten come from a counter: rows written in the same
-- millisecond differ too. The revisions of one row ascend whatever the clock does.
create or replace function satchel.stamp() returns trigger
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    epoch_ms constant bigint := 1767225600000;
begin
    new.rev := (((extract(epoch from clock_timestamp()) * 1000)::bigint - epoch_ms) << 10) | (nextval('rev') & 1023);
    new.updated_at := now();
    new.updated_by := current_user_id();
    if tg_op = 'INSERT' then
        new.created_at := new.updated_at;
        new.created_by := new.updated_by;
        return new;
    end if;
    if new.id <> old.id or new.org_id <> old.org_id then
        raise insufficient_privilege using message = 'a row keeps its id and its organization';
    end if;
    new.rev := greatest(new.rev, old.rev + 1);
    new.created_at := old.created_at;
    new.created_by := old.created_by;
    return new;
end
$$;

-- Another history needs no room for revisions any more.
create or replace function satchel.begin_history() returns void
language plpgsql security definer set search_path = satchel, pg_temp as $$
begin
    truncate feed;
    update feed_state set marker = gen_random_uuid(), floor = '0', floor_set_at = now();
end
$$;
