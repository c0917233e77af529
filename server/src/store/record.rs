//! What a transaction leaves behind beside its rows: verdicts, audit entries, and the device's count, in one statement.

use std::collections::HashSet;

use jiff::Timestamp;
use satchel_protocol::context::ClientContext;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::{
    Audited, StoreError, Stored,
    audit::storable,
    device::{LastPushed, advanced},
    ledger::outcome_text,
};

/// Whose mutations they are.
#[derive(Clone, Copy, Debug)]
pub struct Author<'a> {
    /// The organization.
    pub org_id: Uuid,
    /// The user.
    pub user_id: Uuid,
    /// The phone; none for a mutation by RPC.
    pub device_id: Option<Uuid>,
    /// Finds them in the server's logs.
    pub trace_id: &'a str,
}

const RECORD: &str = "with stored as ( \
        insert into satchel.mutation_ledger \
        (org_id, user_id, device_id, trace_id, key, seq, name, args, context, content_hash, outcome) \
        select $1, $2, $3, $4, v.* from unnest($5::uuid[], $6::bigint[], $7::text[], $8::text[], $9::text[], \
        $10::bytea[], $11::text[]::jsonb[]) as v(key, seq, name, args, context, content_hash, outcome) \
        on conflict do nothing returning key), \
    entered as ( \
        insert into satchel.audit_log (org_id, user_id, device_id, trace_id, key, name, occurred_at, device_clock, \
        clock_trusted, table_name, row_id, scope_id, branch_id, change, before, after, author_id, boot_id, monotonic_ms, \
        server_offset_ms, uncertainty_ms, flags) \
        select $1, $2, $3, $4, v.key, v.name, v.occurred_at, v.device_clock, v.clock_trusted, v.table_name, v.row_id, \
        v.scope_id, v.branch_id, v.change, v.before, v.after, v.author_id, v.boot_id, v.monotonic_ms, \
        v.server_offset_ms, v.uncertainty_ms, string_to_array(v.flags, ',') \
        from unnest($12::uuid[], $13::text[], $14::text[]::timestamptz[], \
        $15::text[]::timestamptz[], $16::boolean[], $17::text[], $18::uuid[], $19::uuid[], $20::uuid[], $21::text[], \
        $22::text[]::jsonb[], $23::text[]::jsonb[], $26::uuid[], $27::uuid[], $28::bigint[], $29::bigint[], \
        $30::bigint[], $31::text[]) as v(key, name, occurred_at, device_clock, clock_trusted, \
        table_name, row_id, scope_id, branch_id, change, before, after, author_id, boot_id, monotonic_ms, \
        server_offset_ms, uncertainty_ms, flags)), \
    counted as ( \
        update satchel.device d set last_seq = $24, last_key = $25, last_seen_at = now(), \
        clock_boot_id = coalesce($32, clock_boot_id), clock_monotonic_ms = coalesce($33, clock_monotonic_ms), \
        clock_ms = coalesce($34, clock_ms) \
        where d.org_id = $1 and d.id = $3 and $24::bigint is not null returning d.id) \
    select array(select s.key from stored s), (select count(*) from counted)";

/// Stores mutations with their verdicts, what they did to rows, and how far the device has come. Gives back the keys that
/// the ledger had already, out of the author's sight or written meanwhile: nothing of the transaction may then be
/// committed.
pub async fn record(
    connection: &mut PgConnection,
    author: Author<'_>,
    entries: &[Stored<'_>],
    audited: &[Audited<'_>],
    last: Option<LastPushed>,
) -> Result<HashSet<Uuid>, StoreError> {
    let outcomes = entries.iter().map(|entry| outcome_text(entry.outcome)).collect::<Result<Vec<_>, _>>()?;
    let changes = || audited.iter().map(|entry| &entry.change);
    let clocks = || audited.iter().map(|entry| entry.clock.as_ref());
    let instant = |which: fn(&ClientContext) -> Timestamp| -> Vec<Option<String>> {
        clocks().map(|clock| clock.map(which).and_then(storable)).collect()
    };
    let reading = last.and_then(|last| last.reading);
    let row = sqlx::query(RECORD)
        .bind(author.org_id)
        .bind(author.user_id)
        .bind(author.device_id)
        .bind(author.trace_id)
        .bind(entries.iter().map(|entry| entry.key).collect::<Vec<_>>())
        .bind(entries.iter().map(|entry| entry.seq.map(u64::cast_signed)).collect::<Vec<_>>())
        .bind(entries.iter().map(|entry| entry.name).collect::<Vec<_>>())
        .bind(entries.iter().map(|entry| entry.args).collect::<Vec<_>>())
        .bind(entries.iter().map(|entry| entry.context).collect::<Vec<_>>())
        .bind(entries.iter().map(|entry| entry.content_hash.as_slice()).collect::<Vec<_>>())
        .bind(outcomes)
        .bind(audited.iter().map(|entry| entry.key).collect::<Vec<_>>())
        .bind(audited.iter().map(|entry| entry.name).collect::<Vec<_>>())
        .bind(instant(|clock| clock.occurred_at))
        .bind(instant(|clock| clock.device_clock))
        .bind(clocks().map(|clock| clock.map(|clock| clock.clock_trusted)).collect::<Vec<_>>())
        .bind(changes().map(|change| change.row.table).collect::<Vec<_>>())
        .bind(changes().map(|change| change.row.id).collect::<Vec<_>>())
        .bind(changes().map(|change| change.scope_id).collect::<Vec<_>>())
        .bind(changes().map(|change| change.branch_id).collect::<Vec<_>>())
        .bind(changes().map(|change| change.change.as_str()).collect::<Vec<_>>())
        .bind(changes().map(|change| change.before.as_deref()).collect::<Vec<_>>())
        .bind(changes().map(|change| change.after.as_deref()).collect::<Vec<_>>())
        .bind(last.map(|last| last.seq.cast_signed()))
        .bind(last.map(|last| last.key))
        .bind(audited.iter().map(|entry| entry.author_id).collect::<Vec<_>>())
        .bind(clocks().map(|clock| clock?.boot_id).collect::<Vec<_>>())
        .bind(clocks().map(|clock| clock?.monotonic_ms).collect::<Vec<_>>())
        .bind(clocks().map(|clock| clock?.server_offset_ms).collect::<Vec<_>>())
        .bind(clocks().map(|clock| clock?.uncertainty_ms.map(i64::from)).collect::<Vec<_>>())
        .bind(audited.iter().map(|entry| flags_text(&entry.flags)).collect::<Vec<_>>())
        .bind(reading.map(|reading| reading.boot_id))
        .bind(reading.map(|reading| reading.monotonic_ms))
        .bind(reading.map(|reading| reading.clock_ms))
        .fetch_one(connection)
        .await?;
    let (stored, devices): (Vec<Uuid>, i64) = (row.try_get(0)?, row.try_get(1)?);
    if last.is_some() {
        advanced(devices.unsigned_abs())?;
    }
    let mut taken: HashSet<Uuid> = entries.iter().map(|entry| entry.key).collect();
    stored.iter().for_each(|key| {
        taken.remove(key);
    });
    Ok(taken)
}

/// Reasons hold no comma.
fn flags_text(flags: &[&str]) -> Option<String> {
    (!flags.is_empty()).then(|| flags.join(","))
}
