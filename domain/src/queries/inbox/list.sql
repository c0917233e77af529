-- What is in the inbox in a status, oldest first.
with page as materialized (
    select i.* from satchel.inbox_item i
    where i.status = $1->>'status'
      and (($1->>'after') is null or (i.received_at, i.key) >
          ((satchel.page_key($1->>'after')->>0)::timestamptz, (satchel.page_key($1->>'after')->>1)::uuid))
    order by i.received_at, i.key limit ($1->>'limit')::int + 1
),
shown as (select * from page order by received_at, key limit ($1->>'limit')::int)
select json_build_object(
    'items', (
        select coalesce(json_agg(json_build_object(
            'key', i.key,
            'cause', i.cause,
            'branch_id', nullif(i.branch_id, i.org_id),
            'user_id', i.user_id,
            'author', (select t.name from satchel.technician t where t.org_id = i.org_id and t.user_id = i.user_id limit 1),
            'device_id', i.device_id,
            'name', i.name,
            'verdict', i.verdict,
            'author_note', i.author_note,
            'occurred_at', satchel.instant(i.occurred_at),
            'received_at', satchel.instant(i.received_at),
            'status', i.status,
            'note', i.note,
            'decided_by', i.decided_by,
            'decided_at', satchel.instant(i.decided_at)) order by i.received_at, i.key), '[]')
        from shown i),
    'next', case when (select count(*) from page) > ($1->>'limit')::int then
        (select satchel.page_token(json_build_array(satchel.instant(received_at), key))
         from shown order by received_at desc, key desc limit 1) end)
