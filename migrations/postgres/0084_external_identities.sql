-- People who sign in through an issuer of their organization's own (OpenID Connect).

create table satchel.external_identity (
    issuer text not null check (length(issuer) between 1 and 500),
    -- The issuer's own name of the person, which it never gives to another.
    subject text not null check (length(subject) between 1 and 255),
    user_id uuid not null references satchel.app_user (id),
    created_at timestamptz not null default now(),
    last_used_at timestamptz not null default now(),
    primary key (issuer, subject),
    -- A second subject with the same address is somebody else who got that address later.
    unique (issuer, user_id)
);
create index external_identity_user on satchel.external_identity (user_id);
alter table satchel.external_identity enable row level security, force row level security;
create policy internal on satchel.external_identity to satchel_internal using (true) with check (true);

-- The active user behind an issuer's subject; null when there is none. At first use the address, if the issuer has
-- verified it, finds the user, and from then on only the subject counts.
create function satchel.external_user(issuer text, subject text, verified_email text) returns uuid
language plpgsql security definer set search_path = satchel, pg_temp as $$
#variable_conflict use_column
declare
    person uuid;
begin
    update external_identity e set last_used_at = now()
    where e.issuer = external_user.issuer and e.subject = external_user.subject
    returning e.user_id into person;
    if person is null and verified_email is not null then
        insert into external_identity (issuer, subject, user_id)
        select external_user.issuer, external_user.subject, u.id from app_user u
        where lower(u.email) = lower(btrim(verified_email)) and u.active
          and not exists (select from api_key k where k.user_id = u.id)
        on conflict do nothing
        returning user_id into person;
        -- Whoever came first at the same moment has linked it already.
        person := coalesce(person, (
            select e.user_id from external_identity e
            where e.issuer = external_user.issuer and e.subject = external_user.subject));
    end if;
    return (select u.id from app_user u where u.id = person and u.active);
end
$$;
grant execute on function satchel.external_user(text, text, text) to satchel_service;
