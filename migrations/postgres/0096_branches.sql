-- Time is booked by the technician's branch; the job it is booked on must be one that the dispatcher sees. Foreign keys
-- see past row-level security. What was booked can be changed all the same, or the clock of a technician lent to another
-- branch could be stopped by nobody; only not be moved to a job out of sight.

drop policy office_insert on satchel.time_entry;
call satchel.allow_office('time_entry', '{insert}', 'schedule', 'branch_id',
    'job_id is null or exists (
        select from satchel.job where job.org_id = time_entry.org_id and job.id = time_entry.job_id)');

-- Runs as the writer: row-level security answers.
create function satchel.time_stays_in_sight() returns trigger
language plpgsql set search_path = satchel, pg_temp as $$
begin
    if not exists (select from job where job.org_id = new.org_id and job.id = new.job_id) then
        raise insufficient_privilege using message = 'time may not be booked on a job out of sight';
    end if;
    return new;
end
$$;
create trigger stays_in_sight before update on satchel.time_entry for each row
    when (new.job_id is distinct from old.job_id and new.job_id is not null)
    execute function satchel.time_stays_in_sight();

create or replace function satchel.policy_version() returns integer language sql immutable return 96;
