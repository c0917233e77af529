-- Who changed what through the server (R11): one row for each row a mutation changed. Append-only.

create table satchel.audit_log (
    org_id uuid not null references satchel.organization (org_id),
    id bigint generated always as identity,
    at timestamptz not null default now(),
    user_id uuid not null,
    device_id uuid,
    -- The mutation: its idempotency key and name.
    key uuid not null,
    name text not null,
    trace_id text not null,
    table_name text not null,
    row_id uuid not null,
    change text not null check (change in ('insert', 'update', 'delete')),
    primary key (org_id, id)
);
create index audit_log_row on satchel.audit_log (org_id, row_id, id);
create index audit_log_key on satchel.audit_log (org_id, key);

alter table satchel.audit_log enable row level security, force row level security;
create policy office_select on satchel.audit_log for select to satchel_office
    using (org_id = (select satchel.org_if_may('read')));
create policy insert_own on satchel.audit_log for insert to satchel_office, satchel_field
    with check (org_id = (select satchel.org_if_member()) and user_id = (select satchel.current_user_id()));
grant select, insert on satchel.audit_log to satchel_office;
grant insert on satchel.audit_log to satchel_field;
