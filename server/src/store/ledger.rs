//! The ledger: every mutation ever processed, in its original bytes, with its verdict. Append-only; bytes and verdict
//! are forgotten after the longest time a phone stays offline, keys and content hashes never.

use std::collections::{HashMap, HashSet};

use satchel_protocol::{ShapeError, wire::Outcome};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::{Attempts, StoreError};

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

/// What is known of mutations before they run.
#[derive(Debug, Default)]
pub struct Past {
    /// Those with a verdict, by key, as far as the author may see them.
    pub entries: HashMap<Uuid, Entry>,
    /// Those that failed for a fault of the server, by key.
    pub attempts: HashMap<Uuid, Attempts>,
}

/// What is known of these keys, in one statement: never the one that waits for the device or the keys, because a statement
/// does not see what was committed while it waited.
pub async fn past(connection: &mut PgConnection, org_id: Uuid, keys: &[Uuid]) -> Result<Past, StoreError> {
    let rows = sqlx::query(
        "select key, content_hash, outcome::text, null::integer, null::text from satchel.mutation_ledger \
         where org_id = $1 and key = any($2) \
         union all \
         select key, null, null, attempts, last_trace_id from satchel.mutation_attempt \
         where org_id = $1 and key = any($2)",
    )
    .bind(org_id)
    .bind(keys)
    .fetch_all(connection)
    .await?;
    let mut past = Past::default();
    for row in rows {
        let (key, content_hash): (Uuid, Option<&[u8]>) = (row.try_get(0)?, row.try_get(1)?);
        let Some(content_hash) = content_hash else {
            let count: i32 = row.try_get(3)?;
            past.attempts.insert(key, Attempts { count: count.unsigned_abs(), trace_id: row.try_get(4)? });
            continue;
        };
        let shape = || ShapeError::new("mutation_ledger", "a content hash and an outcome");
        let outcome = match row.try_get(2)? {
            Some(text) => serde_json::from_str(text).map_err(|_| shape())?,
            None => Outcome::Expired,
        };
        let entry = Entry { content_hash: content_hash.try_into().map_err(|_| shape())?, outcome };
        past.entries.insert(key, entry);
    }
    Ok(past)
}

/// Which of these keys the ledger holds, also out of the author's sight.
pub async fn taken(connection: &mut PgConnection, keys: &[Uuid]) -> Result<HashSet<Uuid>, StoreError> {
    let taken: Vec<Uuid> = sqlx::query_scalar("select satchel.taken_keys($1)").bind(keys).fetch_all(connection).await?;
    Ok(taken.into_iter().collect())
}

/// A mutation of the author's as the ledger keeps it.
#[derive(Debug)]
pub struct Kept {
    /// The RPC path.
    pub name: String,
    /// The arguments and the context, in the original bytes; none once they are forgotten.
    pub content: Option<(String, String)>,
    /// The phone; none for a mutation that came by RPC.
    pub device_id: Option<Uuid>,
    /// The verdict.
    pub outcome: Outcome,
}

/// One mutation of the author's with all that is kept of it.
pub async fn kept(connection: &mut PgConnection, org_id: Uuid, key: Uuid) -> Result<Option<Kept>, StoreError> {
    let row = sqlx::query(
        "select name, args, context, device_id, outcome::text from satchel.mutation_ledger \
         where org_id = $1 and key = $2",
    )
    .bind(org_id)
    .bind(key)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let shape = || ShapeError::new("mutation_ledger", "an outcome");
    let (args, context): (Option<String>, Option<String>) = (row.try_get(1)?, row.try_get(2)?);
    let outcome = match row.try_get(4)? {
        Some(text) => serde_json::from_str(text).map_err(|_| shape())?,
        None => Outcome::Expired,
    };
    Ok(Some(Kept { name: row.try_get(0)?, content: args.zip(context), device_id: row.try_get(3)?, outcome }))
}

/// The outcome as `jsonb` can hold it: without the character U+0000.
pub(super) fn outcome_text(outcome: &Outcome) -> Result<String, ShapeError> {
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
