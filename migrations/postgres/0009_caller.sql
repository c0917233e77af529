-- What policies ask about the caller. Each looks the membership up again, so that a context without one is worth
-- nothing, and the wrong lane withholds rows. All take the context of the transaction; none takes the time.

-- The context's organization, if the context's user may do this in it. Null otherwise, and null equals no org_id.
create function satchel.org_if_may(wanted text) returns uuid
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
begin
    return (
        select m.org_id from membership m join app_user u on u.id = m.user_id
        where m.org_id = current_org() and m.user_id = current_user_id() and m.active and u.active
          and exists (select from role_capability c where c.role = any (m.roles) and c.capability = wanted));
end
$$;

-- The context's organization, if the context's user is in it at all.
create function satchel.org_if_member() returns uuid
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
begin
    return (
        select m.org_id from membership m join app_user u on u.id = m.user_id
        where m.org_id = current_org() and m.user_id = current_user_id() and m.active and u.active);
end
$$;

-- The branches whose rows the caller may see in the office: those of the membership, or all.
create function satchel.my_branch_ids() returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp rows 20 as $$
begin
    return query
        select b.id from branch b join membership m on m.org_id = b.org_id
        where m.org_id = org_if_may('read') and m.user_id = current_user_id()
          and (m.branch_ids is null or b.id = any (m.branch_ids));
end
$$;

-- The caller as a technician; null when the caller is none, or not active.
create function satchel.my_technician_id() returns uuid
language plpgsql stable security definer set search_path = satchel, pg_temp as $$
begin
    return (
        select t.id from technician t
        where t.org_id = org_if_may('field') and t.user_id = current_user_id() and t.active);
end
$$;

-- Jobs in which the caller has an assignment, of whatever date.
create function satchel.my_job_ids() returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp rows 500 as $$
declare
    me uuid := my_technician_id();
begin
    return query
        select distinct a.job_id from assignment a where a.org_id = current_org() and a.technician_id = me;
end
$$;

-- Visits the caller is assigned to.
create function satchel.my_visit_ids() returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp rows 500 as $$
declare
    me uuid := my_technician_id();
begin
    return query
        select distinct a.visit_id from assignment a where a.org_id = current_org() and a.technician_id = me;
end
$$;

-- What those jobs are about.
create function satchel.my_customer_ids() returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp rows 500 as $$
begin
    return query
        select distinct j.customer_id from job j
        where j.org_id = current_org() and j.id = any (array(select my_job_ids()));
end
$$;
create function satchel.my_location_ids() returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp rows 500 as $$
begin
    return query
        select distinct j.location_id from job j
        where j.org_id = current_org() and j.id = any (array(select my_job_ids()));
end
$$;
create function satchel.my_equipment_ids() returns setof uuid
language plpgsql stable security definer set search_path = satchel, pg_temp rows 500 as $$
begin
    return query
        select distinct j.equipment_id from job j
        where j.org_id = current_org() and j.id = any (array(select my_job_ids())) and j.equipment_id is not null;
end
$$;

grant execute on function
    satchel.org_if_may(text), satchel.org_if_member(), satchel.my_branch_ids(), satchel.my_technician_id(),
    satchel.my_job_ids(), satchel.my_visit_ids(), satchel.my_customer_ids(), satchel.my_location_ids(),
    satchel.my_equipment_ids()
to satchel_office, satchel_field;

call satchel.allow_office('organization', '{select}', 'read');
call satchel.allow_office('organization', '{update}', 'manage');
call satchel.allow_field('organization', '{select}');

call satchel.allow_office('branch', '{select}', 'read');
call satchel.allow_office('branch', '{insert,update}', 'manage');
call satchel.allow_field('branch', '{select}');

call satchel.allow_office('technician', '{select}', 'read', 'branch_id');
call satchel.allow_office('technician', '{insert,update}', 'manage', 'branch_id');
call satchel.allow_field('technician', '{select}');
