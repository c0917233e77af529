//! The routes behind the door: sessions, devices, users and API keys, below `/api/v1/auth`.
//!
//! Invariants:
//! - Who may see or take back what is decided by the database's functions, in the caller's lane; here is only their shape.
//! - What was taken back is told to the streams of this node at once, and to those of others by the change feed.

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use satchel_protocol::{
    ErrorCode,
    wire::auth::{ApiKey, ApiKeys, CreateApiKey, CreatedApiKey, Device, Devices, OpenSession, Sessions},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use sqlx::types::Json as FromJson;
use uuid::Uuid;

use super::{
    Authenticated,
    api_keys::Key,
    routes::{BODY_BYTES, Body, read, unkept},
};
use crate::{
    database::{DatabaseError, Entered},
    error::ApiError,
    http::AppState,
};

/// Devices or keys in one page, at most and unless told.
pub const PAGE_ROWS: i32 = 200;
/// A user's sessions in a list, the newest.
pub const SESSIONS_MAX: i32 = 200;
/// Keys of an organization that open something at the same time.
pub const KEYS_MAX: i32 = 100;
/// Days until a key expires, at most.
pub const KEY_DAYS_MAX: u32 = 730;
/// Characters of the longest name of a key.
const NAME_CHARS: usize = 100;
/// Roles a key may have. An owner is a person, and a technician is one in the field.
const KEY_ROLES: [&str; 6] =
    ["delegated_agent", "operations_manager", "dispatcher", "inventory_manager", "billing", "auditor"];

/// The routes.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/v1/auth/devices", get(devices))
        .route("/api/v1/auth/devices/{id}/revoke", post(revoke_device))
        .route("/api/v1/auth/devices/{id}/wipe", post(wipe_device))
        .route("/api/v1/auth/devices/{id}/wiped", post(device_wiped))
        .route("/api/v1/auth/wipe-policy", post(set_wipe_policy))
        .route("/api/v1/auth/sessions", get(sessions))
        .route("/api/v1/auth/sessions/{id}/revoke", post(revoke_session))
        .route("/api/v1/auth/users/{id}/revoke", post(revoke_user))
        .route("/api/v1/auth/users/{id}/reinstate", post(reinstate_user))
        .route("/api/v1/auth/api-keys", get(api_keys).post(create_api_key))
        .route("/api/v1/auth/api-keys/{id}/revoke", post(revoke_api_key))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}

/// Which page.
#[derive(Deserialize)]
struct Page {
    after: Option<Uuid>,
    limit: Option<i32>,
}

/// An id in the address.
type Id = Path<String>;

async fn devices(
    State(state): State<AppState>,
    who: Authenticated,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<Devices>, ApiError> {
    let statement = "select to_jsonb(listed) from satchel.list_devices($1, $2) listed";
    let (devices, next) = list(&state, &who, page, statement, |device: &Device| device.id).await?;
    Ok(Json(Devices { devices, next }))
}

async fn api_keys(
    State(state): State<AppState>,
    who: Authenticated,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<ApiKeys>, ApiError> {
    let statement = "select to_jsonb(listed) from satchel.list_api_keys($1, $2) listed";
    let (api_keys, next) = list(&state, &who, page, statement, |key: &ApiKey| key.id).await?;
    Ok(Json(ApiKeys { api_keys, next }))
}

async fn sessions(State(state): State<AppState>, who: Authenticated) -> Result<Json<Sessions>, ApiError> {
    let Entered { mut tx, .. } = state.database.begin_read(&who.caller).await?;
    let rows: Vec<FromJson<OpenSession>> =
        sqlx::query_scalar("select to_jsonb(listed) from satchel.list_sessions($1) listed")
            .bind(SESSIONS_MAX)
            .fetch_all(&mut *tx)
            .await
            .map_err(DatabaseError::from)?;
    let own = who.caller.credential_id;
    let sessions =
        rows.into_iter().map(|FromJson(session)| OpenSession { current: own == Some(session.id), ..session });
    Ok(Json(Sessions { sessions: sessions.collect() }))
}

async fn revoke_device(State(state): State<AppState>, who: Authenticated, id: Id) -> Result<StatusCode, ApiError> {
    let id = parsed(&id)?;
    let outcome = act(&state, &who, "select satchel.revoke_device($1)", |query| query.bind(id)).await?;
    done(&outcome, "There is no such device, or it is not yours to sign out.")
}

async fn wipe_device(State(state): State<AppState>, who: Authenticated, id: Id) -> Result<StatusCode, ApiError> {
    let id = parsed(&id)?;
    let outcome = act(&state, &who, "select satchel.wipe_device($1)", |query| query.bind(id)).await?;
    done(&outcome, "There is no such device, or it is not yours to clear.")
}

async fn device_wiped(State(state): State<AppState>, who: Authenticated, id: Id) -> Result<StatusCode, ApiError> {
    let id = parsed(&id)?;
    let outcome = act(&state, &who, "select satchel.device_wiped($1)", |query| query.bind(id)).await?;
    done(&outcome, "You have no such device that was asked to clear itself.")
}

async fn set_wipe_policy(
    State(state): State<AppState>,
    who: Authenticated,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let wanted = match read::<serde_json::Value>(body, "wipe")?.get("wipe").and_then(serde_json::Value::as_str) {
        Some("after_upload") => "after_upload",
        Some("at_once") => "at_once",
        _ => return Err(ApiError::bad_request("Say wipe: after_upload or at_once.")),
    };
    let outcome = act(&state, &who, "select satchel.set_wipe_mode($1)", |query| query.bind(wanted)).await?;
    done(&outcome, "")
}

async fn revoke_session(State(state): State<AppState>, who: Authenticated, id: Id) -> Result<StatusCode, ApiError> {
    let id = parsed(&id)?;
    let outcome = act(&state, &who, "select satchel.revoke_session($1)", |query| query.bind(id)).await?;
    done(&outcome, "You have no such session.")
}

async fn revoke_user(State(state): State<AppState>, who: Authenticated, id: Id) -> Result<StatusCode, ApiError> {
    set_active(&state, &who, &id, false).await
}

async fn reinstate_user(State(state): State<AppState>, who: Authenticated, id: Id) -> Result<StatusCode, ApiError> {
    set_active(&state, &who, &id, true).await
}

async fn set_active(state: &AppState, who: &Authenticated, id: &Id, active: bool) -> Result<StatusCode, ApiError> {
    let id = parsed(id)?;
    let statement = "select satchel.set_member_active($1, $2)";
    let outcome = act(state, who, statement, |query| query.bind(id).bind(active)).await?;
    done(&outcome, "There is no such user in this organization.")
}

async fn create_api_key(State(state): State<AppState>, who: Authenticated, body: Body) -> Result<Response, ApiError> {
    let CreateApiKey { name, role, expires_in_days } = read(body, "name, and if need be role, expires_in_days")?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
        return Err(ApiError::bad_request(format!("Name the key in 1 to {NAME_CHARS} characters.")));
    }
    if !KEY_ROLES.contains(&role.as_str()) {
        return Err(ApiError::bad_request(format!("A key has one of the roles {}.", KEY_ROLES.join(", "))));
    }
    if !(1..=KEY_DAYS_MAX).contains(&expires_in_days) {
        return Err(ApiError::bad_request(format!("A key expires in 1 to {KEY_DAYS_MAX} days.")));
    }
    // Whoever may not make keys should not make the server hash either.
    drop(state.database.begin_read(&who.caller).await?);
    let key = Key::random();
    let hash = state.auth.0.hashing.hash(key.secret_text()).await?;
    let outcome = act(&state, &who, "select satchel.create_api_key($1, $2, $3, $4, $5, $6, $7)", |query| {
        query
            .bind(key.id)
            .bind(Uuid::now_v7())
            .bind(name)
            .bind(role)
            .bind(hash)
            .bind(expires_in_days.cast_signed())
            .bind(KEYS_MAX)
    })
    .await?;
    done(&outcome, "")?;
    Ok(unkept(CreatedApiKey { id: key.id, secret: key.text() }))
}

async fn revoke_api_key(State(state): State<AppState>, who: Authenticated, id: Id) -> Result<StatusCode, ApiError> {
    let id = parsed(&id)?;
    let outcome = act(&state, &who, "select satchel.revoke_api_key($1)", |query| query.bind(id)).await?;
    done(&outcome, "There is no such key, or it is not yours to revoke.")
}

type Scalar<'q> = sqlx::query::QueryScalar<'q, sqlx::Postgres, String, sqlx::postgres::PgArguments>;

/// Runs a function behind the door, commits, and has the streams look.
async fn act<'q>(
    state: &AppState,
    who: &Authenticated,
    statement: &'static str,
    bind: impl FnOnce(Scalar<'q>) -> Scalar<'q>,
) -> Result<String, ApiError> {
    let Entered { mut tx, .. } = state.database.begin_write(&who.caller).await?;
    let outcome = bind(sqlx::query_scalar(statement)).fetch_one(&mut *tx).await.map_err(DatabaseError::from)?;
    tx.commit().await.map_err(DatabaseError::from)?;
    state.hub.signal();
    Ok(outcome)
}

/// A page, and what to send for the next.
async fn list<T: DeserializeOwned + Send + Unpin + 'static>(
    state: &AppState,
    who: &Authenticated,
    page: Result<Query<Page>, QueryRejection>,
    statement: &'static str,
    id: impl Fn(&T) -> Uuid,
) -> Result<(Vec<T>, Option<Uuid>), ApiError> {
    let message = format!("Ask for a page by after=<id> and limit=<1 to {PAGE_ROWS}>, or leave them out.");
    let Ok(Query(Page { after, limit })) = page else { return Err(ApiError::bad_request(message)) };
    let limit = limit.unwrap_or(PAGE_ROWS);
    if !(1..=PAGE_ROWS).contains(&limit) {
        return Err(ApiError::bad_request(message));
    }
    let Entered { mut tx, .. } = state.database.begin_read(&who.caller).await?;
    let rows: Vec<FromJson<T>> =
        sqlx::query_scalar(statement).bind(after).bind(limit).fetch_all(&mut *tx).await.map_err(DatabaseError::from)?;
    let rows: Vec<T> = rows.into_iter().map(|FromJson(row)| row).collect();
    let full = i32::try_from(rows.len()).is_ok_and(|count| count == limit);
    let next = rows.last().filter(|_| full).map(id);
    Ok((rows, next))
}

fn parsed(Path(text): &Id) -> Result<Uuid, ApiError> {
    Uuid::try_parse(text).map_err(|_| ApiError::bad_request("The id in the address is not a UUID."))
}

/// What a function's outcome is over HTTP.
fn done(outcome: &str, not_found: &str) -> Result<StatusCode, ApiError> {
    let refuse =
        |code, reason: &str, message: &str| Err(ApiError::new(code, message).with_details(json!({ "reason": reason })));
    match outcome {
        "done" => Ok(StatusCode::NO_CONTENT),
        "not_found" => Err(ApiError::new(ErrorCode::NotFound, not_found)),
        "forbidden" => refuse(
            ErrorCode::Forbidden,
            "account.forbidden",
            "Only owners and operations managers may do this, and to an owner only another owner.",
        ),
        "owners_only" => refuse(
            ErrorCode::Forbidden,
            "account.owners_only",
            "Only an owner may say that unsent work need not be waited for.",
        ),
        "self" => refuse(ErrorCode::Conflict, "account.self", "You cannot do this to yourself. Ask another manager."),
        "too_many" => refuse(
            ErrorCode::Conflict,
            "api_key.too_many",
            "The organization has as many API keys as it may have. Revoke one that is not used any more.",
        ),
        other => Err(ApiError::internal(format!("an unknown outcome: {other}"))),
    }
}
