-- Everything about tables and functions of the schema that weakens isolation or the feed; one sentence each.
with tables as (
    select c.oid, c.relname as name, c.relrowsecurity, c.relforcerowsecurity, c.relowner, c.relacl,
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'rev') as is_synced
    from pg_class c
    where c.relnamespace = 'satchel'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> 'migration'
),
lane_policies as (
    select t.name, p.polname, p.polcmd, roles.names,
        coalesce(pg_get_expr(p.polqual, p.polrelid), '') as sees,
        coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') as writes
    from tables t join pg_policy p on p.polrelid = t.oid
    cross join lateral (
        select array_agg(case role when 0 then 'public' else role::regrole::text end) as names
        from unnest(p.polroles) role
    ) roles
    where roles.names <> array['satchel_internal']
)
select format('table %I: row-level security is off', name) from tables where not relrowsecurity
union all
select format('table %I: row-level security is not forced on its owner', name) from tables where not relforcerowsecurity
union all
select format('table %I belongs to %s', name, relowner::regrole) from tables where relowner <> 'satchel_internal'::regrole
union all
select format('table %I has no policy', name) from tables t
where not exists (
    select from pg_policy p
    where p.polrelid = t.oid and not (t.is_synced and p.polroles = array['satchel_internal'::regrole::oid]))
union all
select format('policy %I of %I is for %s', polname, name, array_to_string(names, ', ')) from lane_policies
where not names <@ array['satchel_office', 'satchel_field']
union all
-- The membership comes first and everything else is joined by AND.
select format('policy %I of %I does not ask for the membership', polname, name) from lane_policies
cross join (values (
    '^\({1,2}org_id = \( SELECT (satchel\.)?org_if_(may\(''[a-z]+''::text\) AS org_if_may|member\(\) AS org_if_member)\)\)( AND |$)'
)) rule (shape)
where (polcmd in ('r', 'w', 'd', '*') and sees !~ shape) or (polcmd in ('a', 'w', '*') and writes !~ shape)
union all
select format('policy %I of %I does not ask for the branch', polname, name) from lane_policies
where 'satchel_office' = any (names)
  and exists (
      select from pg_attribute a where a.attrelid = ('satchel.' || quote_ident(name))::regclass
        and a.attname = 'branch_id')
  -- Lists of the organization are everybody's, whatever branch a line is for.
  and not exists (
      select from pg_trigger g where g.tgrelid = ('satchel.' || quote_ident(name))::regclass
        and g.tgname = 'feed_insert' and encode(g.tgargs, 'escape') like 'org\_id%')
  and ((polcmd in ('r', 'w', 'd', '*') and sees !~ 'branch_id = ANY \(ARRAY\( SELECT (satchel\.)?my_(audit_)?branch_ids\(\)')
       or (polcmd in ('a', 'w', '*') and writes !~ 'branch_id = ANY' and polname <> 'insert_own'))
union all
select format('policy %I of %I looks at the time', polname, name) from lane_policies
where sees || writes ~* '\m(now|current_timestamp|current_date|clock_timestamp|statement_timestamp)\M'
union all
select format('%s may %s table %I', acl.grantee::regrole, lower(acl.privilege_type), name)
from tables cross join lateral aclexplode(relacl) acl
where acl.grantee <> relowner
  and (acl.grantee = 0 or acl.grantee::regrole::text not in ('satchel_office', 'satchel_field')
       or acl.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))
union all
select format('%s may %s partition %I', acl.grantee::regrole, lower(acl.privilege_type), c.relname)
from pg_class c cross join lateral aclexplode(c.relacl) acl
where c.relnamespace = 'satchel'::regnamespace and c.relispartition and acl.grantee <> c.relowner
union all
select format('table %I: trigger %s is missing or disabled', t.name, wanted)
from tables t cross join unnest(array['stamp', 'feed_insert', 'feed_update', 'feed_delete', 'audit_insert', 'audit_update',
    'audit_delete', 'refuse_truncate']) wanted
where is_synced and not exists (
    select from pg_trigger g where g.tgrelid = t.oid and g.tgname = wanted and g.tgenabled in ('O', 'A'))
union all
select format('function %s: %s', p.oid::regprocedure, problem)
from pg_proc p cross join lateral (values
    (case when p.proowner <> 'satchel_internal'::regrole then 'not owned by satchel_internal' end),
    (case when p.prosecdef and not coalesce(p.proconfig, '{}') @> array['search_path=satchel, pg_temp']
          then 'security definer without the pinned search_path' end),
    (case when p.proacl is null or exists (select from aclexplode(p.proacl) where grantee = 0)
          then 'PUBLIC may execute it' end)
) listed (problem)
where p.pronamespace = 'satchel'::regnamespace and problem is not null
union all
select format('role %I may see past row-level security', rolname) from pg_roles
where rolname in ('satchel_service', 'satchel_office', 'satchel_field', 'satchel_waker', 'satchel_internal')
  and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
union all
select format('role satchel_service is a member of %s', granted.rolname)
from pg_auth_members m join pg_roles granted on granted.oid = m.roleid
where m.member = 'satchel_service'::regrole
  and granted.rolname not in ('satchel_office', 'satchel_field', 'satchel_waker')
union all
select 'role satchel_service inherits' from pg_roles where rolname = 'satchel_service' and rolinherit
order by 1
