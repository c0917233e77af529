//! Sessions: made by a password, carried on by refresh tokens, ended by signing out.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use satchel_protocol::{
    ErrorCode,
    wire::auth::{Membership, Session},
};
use serde_json::json;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{
    Authenticated,
    access::{ACCESS_S, Access, Refused},
    password::{self, Cost, PASSWORD_BYTES, PasswordError},
    refresh::{REFRESH_DAYS, Token},
    secrets::Secrets,
    throttle::Throttle,
};
use crate::{
    database::{Caller, Database, DatabaseError},
    error::ApiError,
};

/// Bytes of the longest e-mail address.
const EMAIL_BYTES: usize = 320;
/// Passwords hashed at once; each takes 19 MiB and a core.
const HASHES_AT_ONCE: usize = 4;
/// Seconds a sign-in waits for its turn to be hashed.
const HASH_WAIT_MAX_S: u64 = 10;

/// Signs people in and knows them again. Cheap to clone.
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

struct Inner {
    database: Database,
    access: Access,
    refresh_secret: Vec<u8>,
    throttle: Throttle,
    hashing: Semaphore,
    decoy: OnceLock<String>,
}

impl Auth {
    /// Signs in against a database, with these secrets.
    pub fn new(database: Database, secrets: Secrets) -> Self {
        Self(Arc::new(Inner {
            database,
            access: Access::new(&secrets.access),
            refresh_secret: secrets.refresh,
            throttle: Throttle::new(),
            hashing: Semaphore::new(HASHES_AT_ONCE),
            decoy: OnceLock::new(),
        }))
    }

    /// Begins a session. `address` is where the request came from, if that is known.
    ///
    /// # Errors
    /// `BAD_REQUEST`; `UNAUTHORIZED` for whatever is wrong with address or password; `TOO_MANY_REQUESTS` with
    /// `details.retry_after_s`; `SERVICE_UNAVAILABLE`.
    pub async fn sign_in(&self, email: &str, password: &str, address: Option<IpAddr>) -> Result<Session, ApiError> {
        let email = email.trim().to_lowercase();
        if email.is_empty() || email.len() > EMAIL_BYTES || email.contains('\0') {
            return Err(ApiError::bad_request(format!("Please send an e-mail address of 1 to {EMAIL_BYTES} bytes.")));
        }
        if password.is_empty() || password.len() > PASSWORD_BYTES {
            return Err(ApiError::bad_request(format!("Please send a password of 1 to {PASSWORD_BYTES} bytes.")));
        }
        let attempt = self.0.throttle.attempt(&email, address).map_err(too_many)?;
        let user_id = match self.user_with(&email, password).await {
            Ok(Some(user_id)) => user_id,
            Ok(None) => return Err(ApiError::new(ErrorCode::Unauthorized, "E-mail address or password is wrong.")),
            Err(error) => {
                attempt.withdraw();
                return Err(error);
            }
        };
        attempt.forgive();
        let token = Token::random();
        let session_id = Uuid::now_v7();
        sqlx::query("select satchel.store_refresh($1, $2, $3, $4::timestamptz)")
            .bind(user_id)
            .bind(session_id)
            .bind(token.hash(&self.0.refresh_secret))
            .bind(refresh_expiry())
            .execute(self.0.database.service())
            .await
            .map_err(DatabaseError::from)?;
        self.session(user_id, session_id, &token).await
    }

    /// Carries a session on with its newest refresh token.
    ///
    /// # Errors
    /// `UNAUTHORIZED` with `details.reason` (`unknown`, `expired`, `revoked`, `reused`); `SERVICE_UNAVAILABLE`.
    pub async fn refresh(&self, refresh_token: &str) -> Result<Session, ApiError> {
        let shown = Token::parse(refresh_token).ok_or_else(|| ended("unknown"))?;
        let successor = Token::random();
        let (outcome, user_id, session_id): (String, Option<Uuid>, Option<Uuid>) =
            sqlx::query_as("select outcome, user_id, family_id from satchel.rotate_refresh($1, $2, $3::timestamptz)")
                .bind(shown.hash(&self.0.refresh_secret))
                .bind(successor.hash(&self.0.refresh_secret))
                .bind(refresh_expiry())
                .fetch_one(self.0.database.service())
                .await
                .map_err(DatabaseError::from)?;
        match (outcome.as_str(), user_id, session_id) {
            ("rotated", Some(user_id), Some(session_id)) => self.session(user_id, session_id, &successor).await,
            ("reused", user_id, session_id) => {
                tracing::warn!(?user_id, ?session_id, "an old refresh token was shown again; the session was ended");
                Err(ended("reused"))
            }
            _ => Err(ended(&outcome)),
        }
    }

    /// Ends the session a refresh token belongs to. A token that is not known any more is no error.
    ///
    /// # Errors
    /// `SERVICE_UNAVAILABLE`.
    pub async fn sign_out(&self, refresh_token: &str) -> Result<(), ApiError> {
        let Some(token) = Token::parse(refresh_token) else { return Ok(()) };
        sqlx::query("select satchel.revoke_refresh($1)")
            .bind(token.hash(&self.0.refresh_secret))
            .execute(self.0.database.service())
            .await
            .map_err(DatabaseError::from)?;
        Ok(())
    }

    /// Forgets sessions whose time is over; to be called now and then. Answers how many.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn forget_expired(&self) -> Result<i64, DatabaseError> {
        Ok(sqlx::query_scalar("select satchel.forget_refresh(now())").fetch_one(self.0.database.service()).await?)
    }

    /// An access token for a user, good for [`ACCESS_S`] seconds from `made_at`. For programs that hold the secrets;
    /// everybody else signs in.
    ///
    /// # Errors
    /// `INTERNAL_SERVER_ERROR`.
    pub fn access_token(&self, user_id: Uuid, session_id: Uuid, made_at: Timestamp) -> Result<String, ApiError> {
        self.0.access.make(user_id, session_id, made_at.as_second()).map_err(ApiError::internal)
    }

    /// Who holds an access token, acting in an organization.
    pub(super) fn check(&self, access_token: &str, org_id: Uuid) -> Result<Authenticated, ApiError> {
        let claims = self.0.access.check(access_token).map_err(|refused| {
            let (reason, message) = match refused {
                Refused::Expired => ("expired", "The access token has expired. Get a new one with the refresh token."),
                Refused::Invalid => ("invalid", "The access token is not valid here. Please sign in again."),
            };
            ApiError::new(ErrorCode::Unauthorized, message).with_details(json!({ "reason": reason }))
        })?;
        Ok(Authenticated {
            caller: Caller { org_id, user_id: claims.sub },
            session_id: claims.sid,
            token_expires_at: Timestamp::from_second(claims.exp).unwrap_or(Timestamp::MAX),
        })
    }

    /// The active user with this address, if this is the password.
    async fn user_with(&self, email: &str, password: &str) -> Result<Option<Uuid>, ApiError> {
        let known: Option<(Uuid, Option<String>)> =
            sqlx::query_as("select user_id, password_hash from satchel.credentials($1)")
                .bind(email)
                .fetch_optional(self.0.database.service())
                .await
                .map_err(DatabaseError::from)?;
        let (user_id, stored) = match known {
            Some((user_id, Some(stored))) => (Some(user_id), Some(stored)),
            _ => (None, None),
        };
        let right = self.verify(password.to_owned(), stored).await?;
        Ok(user_id.filter(|_| right))
    }

    async fn session(&self, user_id: Uuid, session_id: Uuid, refresh: &Token) -> Result<Session, ApiError> {
        let memberships: Vec<(Uuid, String, Vec<String>, Option<Uuid>)> =
            sqlx::query_as("select org_id, org_name, roles, technician_id from satchel.memberships($1)")
                .bind(user_id)
                .fetch_all(self.0.database.service())
                .await
                .map_err(DatabaseError::from)?;
        Ok(Session {
            access_token: self.access_token(user_id, session_id, Timestamp::now())?,
            access_expires_in_s: ACCESS_S,
            refresh_token: refresh.text(),
            user_id,
            memberships: memberships
                .into_iter()
                .map(|(org_id, org_name, roles, technician_id)| Membership { org_id, org_name, roles, technician_id })
                .collect(),
        })
    }

    /// Hashes on a thread of its own, a few at a time; without a stored hash, against one that nothing fits.
    async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, ApiError> {
        let wait = Duration::from_secs(HASH_WAIT_MAX_S);
        let Ok(Ok(_turn)) = tokio::time::timeout(wait, self.0.hashing.acquire()).await else {
            return Err(ApiError::unavailable("Too many people are signing in right now. Please try again."));
        };
        let inner = Arc::clone(&self.0);
        let verified = tokio::task::spawn_blocking(move || {
            // Made for everybody, so that the first unknown address takes no longer than the first known one.
            let decoy = decoy(&inner)?;
            password::verify(&password, stored.as_ref().unwrap_or(&decoy))
        });
        verified.await.map_err(ApiError::internal)?.map_err(ApiError::internal)
    }
}

fn decoy(inner: &Inner) -> Result<String, PasswordError> {
    if let Some(decoy) = inner.decoy.get() {
        return Ok(decoy.clone());
    }
    let nothing = Uuid::new_v4().to_string();
    let decoy = password::hash(&nothing, Cost::Standard)?;
    Ok(inner.decoy.get_or_init(|| decoy).clone())
}

fn refresh_expiry() -> String {
    let lifetime = SignedDuration::from_hours(REFRESH_DAYS * 24);
    Timestamp::now().saturating_add(lifetime).unwrap_or(Timestamp::MAX).to_string()
}

fn too_many(retry_after_s: u64) -> ApiError {
    let minutes = retry_after_s.div_ceil(60);
    let message = format!("Too many failed attempts to sign in. Please try again in {minutes} min.");
    ApiError::new(ErrorCode::TooManyRequests, message).with_details(json!({ "retry_after_s": retry_after_s }))
}

fn ended(reason: &str) -> ApiError {
    let message = match reason {
        "expired" => "This session was not used for too long. Please sign in again.",
        "revoked" => "This session was ended. Please sign in again.",
        "reused" => "This session was used from two places and was ended for safety. Please sign in again.",
        _ => "This refresh token is not known here. Please sign in again.",
    };
    ApiError::new(ErrorCode::Unauthorized, message).with_details(json!({ "reason": reason }))
}
