-- What was done to a row, newest first.
with page as materialized (
    select a.* from satchel.audit_log a
    where a.row_id = ($1->>'entity_id')::uuid
      and a.id < coalesce((satchel.page_key($1->>'after')->>0)::bigint, 9223372036854775807)
    order by a.id desc limit ($1->>'limit')::int + 1
),
shown as (select * from page order by id desc limit ($1->>'limit')::int)
select json_build_object(
    'entries', (
        select coalesce(json_agg(json_build_object(
            'entry_id', a.id::text,
            'at', satchel.instant(a.at),
            'user_id', a.user_id,
            'device_id', a.device_id,
            'key', a.key,
            'name', a.name,
            'trace_id', a.trace_id,
            'table', a.table_name,
            'row_id', a.row_id,
            'change', a.change) order by a.id desc), '[]')
        from shown a),
    'next', case when (select count(*) from page) > ($1->>'limit')::int then
        (select satchel.page_token(json_build_array(id)) from shown order by id limit 1) end)
