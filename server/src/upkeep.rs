//! What has to be done now and then, by whichever node comes first: partitions of feed and audit log, old verdicts, old
//! sessions.
//!
//! Invariants:
//! - Every step is harmless when skipped for hours, and when two nodes do it at once.
//! - Nothing a phone may still ask for goes: feed and ledger are kept longer than phones stay offline, or what is
//!   missing has a defined answer.
//! - The audit log is only ever added to; its months are dropped by whoever runs the database.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{
    auth::Auth,
    database::{Database, DatabaseError},
};

/// Days the feed is kept. A cursor that is older verifies its scopes instead.
pub const FEED_DAYS: i32 = 30;
/// Days verdicts are kept: longer than a phone may stay offline. Later repeats learn that the verdict expired.
pub const VERDICT_DAYS: i32 = 400;
/// Days for which a device that was asked to clear itself may still send what it has.
pub const WIPE_GRACE_DAYS: i32 = 30;
/// Days for which the feed's partitions are made ahead.
const FEED_AHEAD_DAYS: i32 = 3;
/// Months for which the audit log's partitions are made ahead.
const AUDIT_AHEAD_MONTHS: i32 = 3;
/// Minutes between two rounds.
const PAUSE_MIN: u64 = 30;
/// Verdicts expired in one statement.
const VERDICTS_AT_ONCE: i32 = 10_000;
/// Statements of that kind in one round.
const VERDICT_ROUNDS: u32 = 100;

/// Keeps at it until `shutdown`. A round that fails is logged and tried again at the next.
pub async fn run(database: Database, auth: Auth, shutdown: CancellationToken) {
    loop {
        // A round that is broken off is finished by the next, or by another node.
        let Some(done) = shutdown.run_until_cancelled(round(&database, &auth)).await else { return };
        if let Err(error) = done {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "upkeep failed; it is tried again in {PAUSE_MIN} min");
        }
        let pause = tokio::time::sleep(Duration::from_secs(PAUSE_MIN * 60));
        if shutdown.run_until_cancelled(pause).await.is_none() {
            return;
        }
    }
}

/// One round.
///
/// # Errors
/// The first step that fails; those before it are done.
pub async fn round(database: &Database, auth: &Auth) -> Result<(), DatabaseError> {
    let (added, dropped): (i32, i32) = sqlx::query_as("select added, dropped from satchel.feed_maintain($1, $2)")
        .bind(FEED_DAYS)
        .bind(FEED_AHEAD_DAYS)
        .fetch_one(database.service())
        .await?;
    let months: i32 = sqlx::query_scalar("select satchel.audit_maintain($1)")
        .bind(AUDIT_AHEAD_MONTHS)
        .fetch_one(database.service())
        .await?;
    let mut verdicts = 0;
    for _ in 0..VERDICT_ROUNDS {
        let expired: i64 = sqlx::query_scalar("select satchel.expire_verdicts(now() - make_interval(days => $1), $2)")
            .bind(VERDICT_DAYS)
            .bind(VERDICTS_AT_ONCE)
            .fetch_one(database.service())
            .await?;
        verdicts += expired;
        if expired < i64::from(VERDICTS_AT_ONCE) {
            break;
        }
    }
    let wipes: i64 = sqlx::query_scalar("select satchel.end_wipe_grace(now() - make_interval(days => $1))")
        .bind(WIPE_GRACE_DAYS)
        .fetch_one(database.service())
        .await?;
    if wipes > 0 {
        tracing::warn!(
            sessions = wipes,
            "devices that were asked to clear themselves never answered; they are signed out"
        );
    }
    let sessions = auth.forget_expired().await?;
    tracing::debug!(added, dropped, months, verdicts, sessions, "upkeep done");
    Ok(())
}
