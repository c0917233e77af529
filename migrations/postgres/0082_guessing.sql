-- Slows down guessing of passwords, on every node and across restarts. Attempts are counted by account, and by account
-- and place (the network they come from), known or not: an unknown address costs and tells the same.
--
-- After some attempts each further one is followed by a pause, twice as long as the one before up to a limit. The pause of
-- an account does not hold where the password was right lately, so that a stranger cannot keep its owner out.

create table satchel.sign_in_guess (
    -- SHA-256 of the address in lower case.
    account bytea not null check (length(account) = 32),
    -- SHA-256 of account and network; empty for the account wherever it is tried.
    place bytea not null check (length(place) in (0, 32)),
    attempts integer not null default 0 check (attempts >= 0),
    last_at timestamptz not null default now(),
    paused_until timestamptz,
    -- When the password was right here.
    proven_at timestamptz,
    primary key (account, place)
);
create index sign_in_guess_last on satchel.sign_in_guess (last_at);
alter table satchel.sign_in_guess enable row level security, force row level security;
create policy internal on satchel.sign_in_guess to satchel_internal using (true) with check (true);

-- Counts an attempt from its start, so that those made at once count too. Returns the seconds to wait; 0 lets it through.
create function satchel.count_guess(
    account bytea, place bytea, free integer, pause_s integer, pause_max_s integer, forget_s integer) returns integer
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    guess sign_in_guess;
begin
    insert into sign_in_guess as g (account, place) values (count_guess.account, count_guess.place)
    on conflict on constraint sign_in_guess_pkey do update set
        attempts = case when g.last_at < now() - make_interval(secs => forget_s) then 0 else g.attempts end
    returning * into guess;
    if guess.paused_until > now() then
        return ceil(extract(epoch from guess.paused_until - now()));
    end if;
    update sign_in_guess g set
        attempts = guess.attempts + 1,
        last_at = now(),
        paused_until = case when guess.attempts + 1 >= free then
            now() + make_interval(secs => least(pause_s * 2.0 ^ least(guess.attempts + 1 - free, 20), pause_max_s)) end
    where g.account = guess.account and g.place = guess.place;
    return 0;
end
$$;

-- Begins an attempt to sign in: what to compare the password with, or how long to wait.
create function satchel.begin_sign_in(
    account bytea, place bytea, address text, place_free integer, account_free integer, pause_s integer,
    pause_max_s integer, forget_s integer, known_s integer,
    out wait_s integer, out user_id uuid, out password_hash text)
language plpgsql security definer set search_path = satchel, pg_temp as $$
#variable_conflict use_column
declare
    known boolean := exists (
        select from sign_in_guess g
        where g.account = begin_sign_in.account and g.place = begin_sign_in.place and length(g.place) > 0
          and g.proven_at > now() - make_interval(secs => known_s));
begin
    wait_s := 0;
    if length(begin_sign_in.place) > 0 then
        wait_s := count_guess(begin_sign_in.account, begin_sign_in.place, place_free, pause_s, pause_max_s, forget_s);
    end if;
    if wait_s = 0 and not known then
        wait_s := count_guess(begin_sign_in.account, '', account_free, pause_s, pause_max_s, forget_s);
    end if;
    if wait_s = 0 then
        select c.user_id, c.password_hash into user_id, password_hash from credentials(address) c;
    end if;
end
$$;

-- Ends an attempt that was nobody's guess: the password was right, or (proven false) it could not be looked at.
create function satchel.forgive_guess(account bytea, place bytea, free integer, proven boolean) returns void
language sql security definer set search_path = satchel, pg_temp as $$
    update sign_in_guess g set
        attempts = case when length(g.place) = 0 or not proven then greatest(g.attempts - 1, 0) else 0 end,
        paused_until = case
            when length(g.place) = 0 and g.attempts - 1 >= free then g.paused_until
            else null
        end,
        proven_at = case when proven then now() else g.proven_at end
    where g.account = forgive_guess.account and g.place in (forgive_guess.place, '');
$$;

-- Forgets attempts and places that are over; returns how many.
create function satchel.forget_guesses(forget_s integer, known_s integer) returns bigint
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    forgotten bigint;
begin
    delete from sign_in_guess g
    where g.last_at < now() - make_interval(secs => forget_s)
      and (g.proven_at is null or g.proven_at < now() - make_interval(secs => known_s));
    get diagnostics forgotten = row_count;
    return forgotten;
end
$$;

-- What a user is known by, for changing the password.
create function satchel.own_password(person uuid, out email text, out password_hash text)
language sql stable security definer set search_path = satchel, pg_temp as $$
    select u.email, u.password_hash from app_user u where u.id = person and u.active;
$$;

create policy accounts on satchel.app_user for update to satchel_internal using (true) with check (true);

-- Takes a new password and ends every other session of the user. False when this session has ended itself.
create function satchel.change_password(person uuid, session uuid, new_hash text) returns boolean
language plpgsql security definer set search_path = satchel, pg_temp as $$
begin
    perform from refresh_family f where f.id = session and f.user_id = person and f.revoked_at is null for update;
    if not found then
        return false;
    end if;
    update app_user u set password_hash = new_hash where u.id = person;
    update refresh_family f set revoked_at = now(), ended_by = 'session_revoked'
    where f.user_id = person and f.id <> session and f.revoked_at is null;
    perform wake_user(person);
    return true;
end
$$;

grant execute on function
    satchel.begin_sign_in(bytea, bytea, text, integer, integer, integer, integer, integer, integer),
    satchel.forgive_guess(bytea, bytea, integer, boolean), satchel.forget_guesses(integer, integer),
    satchel.own_password(uuid), satchel.change_password(uuid, uuid, text)
to satchel_service;
