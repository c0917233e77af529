//! The supervisor's inbox: what is put in by its author's transaction, and what the office does with it.
//!
//! Invariants:
//! - An author reaches his own items by definer functions alone; the office reads and decides under its row-level security.
//! - An item that is being decided, or taken back by its author, is locked until the transaction ends.

use std::collections::HashMap;

use jiff::Timestamp;
use satchel_protocol::{RowKey, ShapeError, inbox::OPEN_ITEMS, time::canonical, wire::Outcome};
use sqlx::{AssertSqlSafe, PgConnection, Row as _};
use uuid::Uuid;

use super::{StoreError, ledger::outcome_text, sql::SCHEMA};

/// Why a mutation is put into the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The server failed on it time and again.
    Quarantined,
    /// Its author lost sight of what it is about.
    Reassigned,
    /// Its author asked for it.
    Submitted,
}

/// A mutation to put into the inbox.
#[derive(Debug)]
pub struct NewItem<'a> {
    /// Its idempotency key.
    pub key: Uuid,
    /// Why.
    pub cause: Cause,
    /// What it is about, where that is known.
    pub about: Option<RowKey>,
    /// The phone; none for what came without one.
    pub device_id: Option<Uuid>,
    /// The RPC path.
    pub name: &'a str,
    /// The arguments, in the original bytes.
    pub args: &'a str,
    /// The context, in the original bytes.
    pub context: &'a str,
    /// What its author is told.
    pub verdict: &'a Outcome,
    /// When it happened by the author's clock.
    pub occurred_at: Option<Timestamp>,
    /// What the author wrote.
    pub note: Option<&'a str>,
}

/// What putting one in came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It waits for the office.
    Waits,
    /// There is nothing out of its author's sight that it is about.
    Unknown,
    /// The author has too many open items.
    Full,
    /// It was there before, and does not wait any more.
    Decided,
}

/// An item that the office is about to decide on; locked.
#[derive(Clone, Debug)]
pub struct Item {
    /// The mutation's idempotency key.
    pub key: Uuid,
    /// Its branch; the organization where that is not known.
    pub branch_id: Uuid,
    /// `open`, or what it was decided to be.
    pub status: String,
    /// The author.
    pub user_id: Uuid,
    /// The author's technician row, if he has one.
    pub technician_id: Option<Uuid>,
    /// The RPC path.
    pub name: String,
    /// The arguments, in the original bytes.
    pub args: String,
    /// The context, in the original bytes.
    pub context: String,
}

/// What the office decides.
#[derive(Debug)]
pub struct Decided<'a> {
    /// `applied`, `repaired` or `dismissed`.
    pub status: &'static str,
    /// What the author is told.
    pub outcome: &'a Outcome,
    /// The arguments it was applied with, if they are others.
    pub repaired_args: Option<&'a str>,
    /// What the supervisor wrote.
    pub note: Option<&'a str>,
    /// The decision's idempotency key.
    pub decision_key: Uuid,
}

/// What an item was before its author took it up again himself.
#[derive(Clone, Debug)]
pub struct TakenBack {
    /// `open`, or what it was decided to be.
    pub status: String,
    /// What the author is told since it was decided.
    pub outcome: Option<Outcome>,
    /// The RPC path.
    pub name: String,
    /// The arguments, in the original bytes.
    pub args: String,
}

impl Cause {
    fn as_str(self) -> &'static str {
        match self {
            Self::Quarantined => "quarantined",
            Self::Reassigned => "reassigned",
            Self::Submitted => "submitted",
        }
    }
}

/// Whether the caller sees the row, or a table whose rows his lane may not ask for at all. The table's name is the
/// registry's.
pub async fn is_visible(connection: &mut PgConnection, org_id: Uuid, row: RowKey) -> Result<bool, StoreError> {
    // Asked first, because a refusal would end the transaction.
    let table = format!("{SCHEMA}.\"{}\"", row.table);
    let may: bool =
        sqlx::query_scalar("select has_table_privilege($1, 'select')").bind(table).fetch_one(&mut *connection).await?;
    if !may {
        return Ok(true);
    }
    let query = format!("select exists (select from {SCHEMA}.\"{}\" where org_id = $1 and id = $2)", row.table);
    Ok(sqlx::query_scalar(AssertSqlSafe(query)).bind(org_id).bind(row.id).fetch_one(connection).await?)
}

/// Puts a mutation of the caller's into the inbox.
pub async fn take(connection: &mut PgConnection, new: &NewItem<'_>) -> Result<Taken, StoreError> {
    let taken: String = sqlx::query_scalar(
        "select satchel.inbox_take($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10::timestamptz, $11, $12)",
    )
    .bind(new.key)
    .bind(new.cause.as_str())
    .bind(new.about.map(|row| row.table))
    .bind(new.about.map(|row| row.id))
    .bind(new.device_id)
    .bind(new.name)
    .bind(new.args)
    .bind(new.context)
    .bind(outcome_text(new.verdict)?)
    .bind(new.occurred_at.filter(|at| *at >= Timestamp::UNIX_EPOCH).map(canonical))
    .bind(new.note)
    .bind(OPEN_ITEMS)
    .fetch_one(connection)
    .await?;
    match &*taken {
        "taken" => Ok(Taken::Waits),
        "unknown" => Ok(Taken::Unknown),
        "full" => Ok(Taken::Full),
        _ => Ok(Taken::Decided),
    }
}

/// The caller takes these up again himself: what is open of them is superseded.
pub async fn take_back(connection: &mut PgConnection, keys: &[Uuid]) -> Result<HashMap<Uuid, TakenBack>, StoreError> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query("select key, status, outcome::text, name, args from satchel.inbox_take_back($1)")
        .bind(keys)
        .fetch_all(connection)
        .await?;
    let mut taken = HashMap::with_capacity(rows.len());
    for row in rows {
        let outcome = row.try_get::<Option<String>, _>(2)?.map(|text| read(&text)).transpose()?;
        let back = TakenBack { status: row.try_get(1)?, outcome, name: row.try_get(3)?, args: row.try_get(4)? };
        taken.insert(row.try_get(0)?, back);
    }
    Ok(taken)
}

/// What the office decided on these mutations of the caller's.
pub async fn outcomes(connection: &mut PgConnection, keys: &[Uuid]) -> Result<HashMap<Uuid, Outcome>, StoreError> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = sqlx::query_as("select key, outcome::text from satchel.my_inbox_outcomes($1, $2)")
        .bind(keys)
        .bind(i32::try_from(keys.len()).unwrap_or(i32::MAX))
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(|(key, text)| Ok((key, read(&text)?))).collect()
}

/// The item, if the caller may decide on it.
pub async fn lock_item(connection: &mut PgConnection, org_id: Uuid, key: Uuid) -> Result<Option<Item>, StoreError> {
    let row = sqlx::query(
        "select i.branch_id, i.status, i.user_id, i.name, i.args, i.context, \
         satchel.technician_of(i.user_id) \
         from satchel.inbox_item i where i.org_id = $1 and i.key = $2 for update of i",
    )
    .bind(org_id)
    .bind(key)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Item {
        key,
        branch_id: row.try_get(0)?,
        status: row.try_get(1)?,
        user_id: row.try_get(2)?,
        technician_id: row.try_get(6)?,
        name: row.try_get(3)?,
        args: row.try_get(4)?,
        context: row.try_get(5)?,
    }))
}

/// Decides on an item that is locked and open.
pub async fn decide(
    connection: &mut PgConnection,
    org_id: Uuid,
    user_id: Uuid,
    key: Uuid,
    decided: &Decided<'_>,
) -> Result<(), StoreError> {
    let stored = sqlx::query(
        "update satchel.inbox_item set status = $3, outcome = $4::jsonb, repaired_args = $5, note = $6, \
         decided_by = $7, decided_at = now(), decision_key = $8 where org_id = $1 and key = $2 and status = 'open'",
    )
    .bind(org_id)
    .bind(key)
    .bind(decided.status)
    .bind(outcome_text(decided.outcome)?)
    .bind(decided.repaired_args)
    .bind(decided.note)
    .bind(user_id)
    .bind(decided.decision_key)
    .execute(connection)
    .await?;
    if stored.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound.into()) }
}

fn read(text: &str) -> Result<Outcome, StoreError> {
    serde_json::from_str(text).map_err(|_| ShapeError::new("inbox_item", "an outcome").into())
}
