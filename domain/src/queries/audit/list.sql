-- What was done to a row, and to what belongs to it, newest first. A job is both a row and the scope of its parts.
with asked as (
    select ($1->>'entity_id')::uuid as id, ($1->>'limit')::int + 1 as rows,
        coalesce((satchel.page_key($1->>'after')->>0)::bigint, 9223372036854775807) as before_id
),
found as (
    (select a.* from satchel.audit_log a
     where a.row_id = (select id from asked) and a.id < (select before_id from asked)
     order by a.id desc limit (select rows from asked))
    union
    (select a.* from satchel.audit_log a
     where a.scope_id = (select id from asked) and a.id < (select before_id from asked)
     order by a.id desc limit (select rows from asked))
),
page as materialized (select * from found order by id desc limit (select rows from asked)),
shown as (select * from page order by id desc limit ($1->>'limit')::int)
select json_build_object(
    'entries', (
        select coalesce(json_agg(json_build_object(
            'entry_id', a.id::text,
            'at', satchel.instant(a.at),
            'user_id', a.user_id,
            'device_id', a.device_id,
            'occurred_at', satchel.instant(a.occurred_at),
            'device_clock', satchel.instant(a.device_clock),
            'clock_trusted', a.clock_trusted,
            'server_offset_ms', a.server_offset_ms::text,
            'uncertainty_ms', a.uncertainty_ms::text,
            'flags', coalesce(a.flags, '{}'),
            'key', a.key,
            'name', a.name,
            'trace_id', a.trace_id,
            'table', a.table_name,
            'row_id', a.row_id,
            'change', a.change,
            'before', a.before,
            'after', a.after) order by a.id desc), '[]')
        from shown a),
    'next', case when (select count(*) from page) > ($1->>'limit')::int then
        (select satchel.page_token(json_build_array(id)) from shown order by id limit 1) end)
