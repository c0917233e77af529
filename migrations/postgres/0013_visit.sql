-- Trips: when, who, and what happened.

create table satchel.visit (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    state text not null check (state in
        ('scheduled', 'dispatched', 'accepted', 'traveling', 'on_site', 'paused', 'completed', 'partially_completed',
         'cannot_complete', 'canceled')),
    window_start timestamptz not null,
    window_end timestamptz not null,
    zone text not null check (zone <> ''),
    arrived_at timestamptz,
    ended_at timestamptz,
    outcome text,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, id, job_id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    check (window_start <= window_end)
);
create index visit_by_job on satchel.visit (org_id, job_id, id);

create table satchel.assignment (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    visit_id uuid not null,
    technician_id uuid not null,
    window_start timestamptz not null,
    window_end timestamptz not null,
    open boolean not null,
    overlap_confirmed boolean not null,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    unique (org_id, visit_id, technician_id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, visit_id, job_id) references satchel.visit (org_id, id, job_id) on update cascade,
    foreign key (org_id, technician_id) references satchel.technician (org_id, id)
);
create index assignment_by_job on satchel.assignment (org_id, job_id, id);
-- Carries what policies ask for, so that they read the index alone.
create index assignment_by_technician on satchel.assignment (org_id, technician_id, window_start)
    include (job_id, visit_id);
create index assignment_open on satchel.assignment (org_id, technician_id) include (job_id) where open;

create table satchel.visit_status_event (
    org_id uuid not null,
    id uuid not null,
    rev bigint not null default 0,
    job_id uuid not null,
    branch_id uuid not null,
    visit_id uuid not null,
    from_state text not null,
    to_state text not null,
    occurred_at timestamptz not null,
    user_id uuid not null,
    reason text,
    created_at timestamptz not null default now(),
    created_by uuid,
    updated_at timestamptz not null default now(),
    updated_by uuid,
    primary key (org_id, id),
    foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade,
    foreign key (org_id, visit_id, job_id) references satchel.visit (org_id, id, job_id) on update cascade
);
create index visit_status_event_by_job on satchel.visit_status_event (org_id, job_id, id);
create index visit_status_event_by_visit on satchel.visit_status_event (org_id, visit_id);

call satchel.sync_table('visit', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('visit', '{select}', 'read', 'branch_id');
call satchel.allow_office('visit', '{insert,update}', 'schedule', 'branch_id');
call satchel.allow_field('visit', '{select}', 'job_id = any (array(select satchel.my_job_ids()))');
-- A technician sees a colleague's visit to the same job, but moves only his own.
call satchel.allow_field('visit', '{update}', 'id = any (array(select satchel.my_visit_ids()))');
call satchel.field_changes_only('visit', '{state,arrived_at,ended_at,outcome}');

call satchel.sync_table('assignment', scope => 'job_id', branch => 'branch_id', wakes => '{technician_id}');
create policy internal on satchel.assignment to satchel_internal using (true);
call satchel.allow_office('assignment', '{select}', 'read', 'branch_id');
-- Foreign keys see past row-level security: the technician must be one that the dispatcher sees. Not for updates, or a
-- visit of the own branch could not be ended while another branch lends it a technician.
call satchel.allow_office('assignment', '{insert}', 'schedule', 'branch_id',
    'technician_id = any (array(select id from satchel.technician))');
call satchel.allow_office('assignment', '{update,delete}', 'schedule', 'branch_id');
call satchel.allow_field('assignment', '{select}', 'job_id = any (array(select satchel.my_job_ids()))');
-- Whoever ends a visit ends it for all who go: the open flag is a copy.
call satchel.allow_field('assignment', '{update}', 'visit_id = any (array(select satchel.my_visit_ids()))');
call satchel.field_changes_only('assignment', '{open}');

-- Append-only: no lane may change or delete.
call satchel.sync_table('visit_status_event', scope => 'job_id', branch => 'branch_id');
call satchel.allow_office('visit_status_event', '{select}', 'read', 'branch_id');
call satchel.allow_office('visit_status_event', '{insert}', 'schedule', 'branch_id',
    'user_id = (select satchel.current_user_id())');
call satchel.allow_field('visit_status_event', '{select}', 'job_id = any (array(select satchel.my_job_ids()))');
call satchel.allow_field('visit_status_event', '{insert}',
    'visit_id = any (array(select satchel.my_visit_ids())) and user_id = (select satchel.current_user_id())');

-- The server's rules keep an assignment's copies of its visit. For writers that do not know the rules, this does.
create function satchel.assignment_follows_visit() returns trigger
language plpgsql security definer set search_path = satchel, pg_temp as $$
declare
    is_open boolean := new.state in ('scheduled', 'dispatched', 'accepted', 'traveling', 'on_site', 'paused');
begin
    if current_user_id() is null then
        update assignment set window_start = new.window_start, window_end = new.window_end, open = is_open
        where org_id = new.org_id and visit_id = new.id
          and (window_start, window_end, open) is distinct from (new.window_start, new.window_end, is_open);
    end if;
    return null;
end
$$;
create trigger assignment_follows_visit after update of state, window_start, window_end on satchel.visit
    for each row execute function satchel.assignment_follows_visit();
