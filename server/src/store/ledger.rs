//! The ledger: every mutation ever processed, in its original bytes, with its verdict. Append-only; bytes and verdict
//! are forgotten after the longest time a phone stays offline, keys and content hashes never.

use std::collections::{HashMap, HashSet};

use satchel_protocol::{ShapeError, wire::Outcome};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::StoreError;

/// What the ledger knows of a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The content the key stands for.
    pub content_hash: [u8; 32],
    /// The verdict; [`Outcome::Expired`] once it is forgotten.
    pub outcome: Outcome,
}

/// A mutation to store with its verdict.
#[derive(Clone, Debug)]
pub struct Stored<'a> {
    /// The idempotency key.
    pub key: Uuid,
    /// The device's count; none for a mutation that came by RPC.
    pub seq: Option<u64>,
    /// The RPC path.
    pub name: &'a str,
    /// The arguments, in the original bytes.
    pub args: &'a str,
    /// The context, in the original bytes.
    pub context: &'a str,
    /// The hash over all three.
    pub content_hash: [u8; 32],
    /// The verdict.
    pub outcome: &'a Outcome,
}

/// What the ledger knows of these keys, as far as the author may see it.
pub async fn known(
    connection: &mut PgConnection,
    org_id: Uuid,
    keys: &[Uuid],
) -> Result<HashMap<Uuid, Entry>, StoreError> {
    let rows = sqlx::query(
        "select key, content_hash, outcome::text from satchel.mutation_ledger where org_id = $1 and key = any($2)",
    )
    .bind(org_id)
    .bind(keys)
    .fetch_all(connection)
    .await?;
    let mut entries = HashMap::with_capacity(rows.len());
    for row in rows {
        let shape = || ShapeError::new("mutation_ledger", "a content hash and an outcome");
        let content_hash: &[u8] = row.try_get(1)?;
        let outcome = match row.try_get(2)? {
            Some(text) => serde_json::from_str(text).map_err(|_| shape())?,
            None => Outcome::Expired,
        };
        let entry = Entry { content_hash: content_hash.try_into().map_err(|_| shape())?, outcome };
        entries.insert(row.try_get(0)?, entry);
    }
    Ok(entries)
}

/// Which of these keys the ledger holds, also out of the author's sight.
pub async fn taken(connection: &mut PgConnection, keys: &[Uuid]) -> Result<HashSet<Uuid>, StoreError> {
    let taken: Vec<Uuid> = sqlx::query_scalar("select satchel.taken_keys($1)").bind(keys).fetch_all(connection).await?;
    Ok(taken.into_iter().collect())
}

/// Stores mutations with their verdicts. Gives back the keys that were already there, out of the author's sight or
/// written meanwhile: nothing of the transaction may then be committed.
pub async fn insert(
    connection: &mut PgConnection,
    org_id: Uuid,
    user_id: Uuid,
    device_id: Option<Uuid>,
    trace_id: &str,
    entries: &[Stored<'_>],
) -> Result<HashSet<Uuid>, StoreError> {
    let mut keys: HashSet<Uuid> = entries.iter().map(|entry| entry.key).collect();
    if entries.is_empty() {
        return Ok(keys);
    }
    let outcomes = entries.iter().map(|entry| outcome_text(entry.outcome)).collect::<Result<Vec<_>, _>>()?;
    let inserted = sqlx::query(
        "insert into satchel.mutation_ledger \
         (org_id, user_id, device_id, trace_id, key, seq, name, args, context, content_hash, outcome) \
         select $1, $2, $3, $4, v.* from unnest($5::uuid[], $6::bigint[], $7::text[], $8::text[], $9::text[], \
         $10::bytea[], $11::text[]::jsonb[]) as v(key, seq, name, args, context, content_hash, outcome) \
         on conflict do nothing returning key",
    )
    .bind(org_id)
    .bind(user_id)
    .bind(device_id)
    .bind(trace_id)
    .bind(entries.iter().map(|entry| entry.key).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.seq.map(u64::cast_signed)).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.name).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.args).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.context).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.content_hash.as_slice()).collect::<Vec<_>>())
    .bind(outcomes)
    .fetch_all(connection)
    .await?;
    for row in inserted {
        keys.remove(&row.try_get(0)?);
    }
    Ok(keys)
}

/// The outcome as `jsonb` can hold it: without the character U+0000.
fn outcome_text(outcome: &Outcome) -> Result<String, ShapeError> {
    let text = |outcome: &Outcome| {
        serde_json::to_string(outcome).map_err(|_| ShapeError::new("mutation_ledger.outcome", "JSON"))
    };
    let spelled = text(outcome)?;
    if !spelled.contains("\\u0000") {
        return Ok(spelled);
    }
    let mut cleaned = outcome.clone();
    match &mut cleaned {
        Outcome::Accepted { output } => without_nul(output),
        Outcome::Rejected(rejection) => {
            rejection.message = rejection.message.replace('\0', "\u{fffd}");
            without_nul(&mut rejection.details);
        }
        Outcome::Quarantined { .. } | Outcome::Expired => {}
    }
    text(&cleaned)
}

fn without_nul(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => *text = text.replace('\0', "\u{fffd}"),
        serde_json::Value::Array(items) => items.iter_mut().for_each(without_nul),
        serde_json::Value::Object(members) => members.values_mut().for_each(without_nul),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_never_holds_what_jsonb_refuses() {
        let outcome = Outcome::Accepted { output: serde_json::json!({ "title": "a\0b" }) };
        assert_eq!(outcome_text(&outcome).unwrap(), r#"{"accepted":{"output":{"title":"a�b"}}}"#);
        let outcome = Outcome::Accepted { output: serde_json::json!("a\\u0000b") };
        assert_eq!(outcome_text(&outcome).unwrap(), r#"{"accepted":{"output":"a\\u0000b"}}"#);
    }
}
