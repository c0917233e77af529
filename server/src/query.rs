//! Answers queries: one statement, under the caller's row-level security.
//!
//! Invariants:
//! - A query reads one snapshot, changes nothing, and runs in the lane of the role that permits it (P6). The policy is asked
//!   before anything.
//! - Its time, its rows and the bytes of its answer are bounded.
//! - The answer is the text that Postgres wrote. Builds with debug assertions, and with them every test, hold it against
//!   the output type first.

use std::time::Duration;

use satchel_protocol::{ErrorCode, QueryKind, Rejection, limits};
use serde_json::{json, value::RawValue};
use sqlx::AssertSqlSafe;
use tokio::time::timeout;

use crate::{
    database::{Caller, Database, DatabaseError, Entered},
    error::ApiError,
    policy::Policy,
};

/// Longest run of a query, in seconds.
pub const QUERY_MAX_S: u64 = 10;

/// Answers a query as JSON text.
///
/// # Errors
/// `BAD_REQUEST` for arguments that make no sense, `NOT_FOUND` for what does not exist or is not the caller's to see,
/// `FORBIDDEN` for what the caller may not ask, `PAYLOAD_TOO_LARGE` for arguments or an answer beyond the limits,
/// `SERVICE_UNAVAILABLE`.
pub async fn answer(
    policy: &Policy,
    database: &Database,
    caller: &Caller,
    query: &QueryKind,
    args: &RawValue,
) -> Result<String, ApiError> {
    if args.get().len() > limits::ARGS_BYTES {
        return Err(ApiError::too_large("The arguments of a query", limits::ARGS_BYTES, "bytes"));
    }
    let entered = policy.begin_query(database, caller, query.name).await?;
    let args = (query.arguments)(args.get())?;
    let text = timeout(Duration::from_secs(QUERY_MAX_S), run(entered, query, &args)).await.map_err(|_| {
        tracing::warn!(name = query.name, "a query took too long");
        ApiError::unavailable("This took too long. Ask for less, or try again shortly.")
    })??;
    let Some(text) = text else {
        let message = "This does not exist any more, or is not yours to see.";
        return Err(Rejection::not_found("query.not_found", message).into());
    };
    if text.len() > limits::ANSWER_BYTES {
        return Err(ApiError::too_large("An answer", limits::ANSWER_BYTES, "bytes"));
    }
    if cfg!(debug_assertions) {
        (query.conforms)(&text).map_err(ApiError::internal)?;
    }
    Ok(text)
}

/// The statement's one answer. Dropping it half way closes the connection, which ends the statement.
async fn run(mut entered: Entered, query: &QueryKind, args: &serde_json::Value) -> Result<Option<String>, ApiError> {
    let statement = format!("select answered.answer::text from (\n{}\n) answered (answer)", query.sql);
    sqlx::query_scalar(AssertSqlSafe(statement))
        .bind(args)
        // Planned with the arguments at hand: what suits one branch and one day need not suit another.
        .persistent(false)
        .fetch_optional(&mut *entered.tx)
        .await
        .map_err(failed)
}

fn failed(error: sqlx::Error) -> ApiError {
    let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default().into_owned();
    match &*code {
        // The lane lacks the right to a table altogether.
        "42501" => {
            ApiError::new(ErrorCode::Forbidden, "You are not allowed to see this. Ask your office if you should.")
                .with_details(json!({ "reason": "query.forbidden" }))
        }
        // A value that its type allows and Postgres does not.
        code if code.starts_with("22") => {
            tracing::warn!(code, "a query's argument was refused by the database");
            ApiError::bad_request("A value does not fit: too large, too long, or with characters that cannot be used.")
                .with_details(json!({ "reason": "query.value" }))
        }
        _ => DatabaseError::from(error).into(),
    }
}
