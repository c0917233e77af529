-- One item of the inbox. Arguments and context stand as they were sent.
select json_build_object(
    'item', json_build_object(
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
        'decided_at', satchel.instant(i.decided_at)),
    'args', i.args::json,
    'context', i.context::json,
    'repaired_args', i.repaired_args::json,
    'outcome', i.outcome)
from satchel.inbox_item i
where i.key = ($1->>'key')::uuid
