//! Sessions: made by a password or an issuer's token, carried on by refresh tokens, ended by signing out.

use std::{net::IpAddr, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use satchel_protocol::{
    ErrorCode,
    wire::auth::{Membership, Session},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    access::{ACCESS_S, Access, Refused},
    api_keys::Keys,
    extract::Bearer,
    guessing::{self, Begun, Guess},
    hashing::Hashing,
    issuers::Issuers,
    password::PASSWORD_BYTES,
    presence::Presence,
    refresh::{REFRESH_DAYS, Token},
    secrets::{Pair, Secrets},
    throttle::Throttle,
};
use crate::{
    database::{Database, DatabaseError, Ended},
    error::ApiError,
};

/// Bytes of the longest e-mail address.
const EMAIL_BYTES: usize = 320;
/// Bytes of the shortest new password.
pub const PASSWORD_BYTES_MIN: usize = 10;

/// Signs people in and knows them again. Cheap to clone.
#[derive(Clone)]
pub struct Auth(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) database: Database,
    access: Access,
    refresh_secrets: Pair,
    pub(super) throttle: Throttle,
    pub(super) hashing: Hashing,
    pub(super) keys: Keys,
    pub(super) presence: Presence,
    issuers: Issuers,
}

impl Auth {
    /// Signs in against a database, with these secrets.
    pub fn new(database: Database, secrets: Secrets) -> Self {
        Self::with_issuers(database, secrets, Issuers::none())
    }

    /// The same, and takes tokens of these issuers too.
    pub fn with_issuers(database: Database, secrets: Secrets, issuers: Issuers) -> Self {
        Self(Arc::new(Inner {
            database,
            access: Access::new(&secrets.access),
            refresh_secrets: secrets.refresh,
            throttle: Throttle::new(),
            hashing: Hashing::new(),
            keys: Keys::new(),
            presence: Presence::new(),
            issuers,
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
        check_password(password, 1)?;
        let attempt = self.0.throttle.sign_ins.attempt(address).map_err(too_many)?;
        let user_id = self.compare(&email, password, address).await?;
        let user_id =
            user_id.ok_or_else(|| ApiError::new(ErrorCode::Unauthorized, "E-mail address or password is wrong."))?;
        attempt.forgive();
        self.begin(user_id).await
    }

    /// Begins a session for whom an external issuer's token names (R4).
    ///
    /// # Errors
    /// `UNAUTHORIZED` with `details.reason`; `TOO_MANY_REQUESTS`; `SERVICE_UNAVAILABLE` when the issuer's keys cannot be
    /// had.
    pub async fn exchange(&self, token: &str, address: Option<IpAddr>) -> Result<Session, ApiError> {
        let attempt = self.0.throttle.unknown_tokens.attempt(address).map_err(too_many)?;
        let identity = self.0.issuers.check(token).await?;
        let user_id: Option<Uuid> = sqlx::query_scalar("select satchel.external_user($1, $2, $3)")
            .bind(&identity.issuer)
            .bind(&identity.subject)
            .bind(&identity.verified_email)
            .fetch_one(self.0.database.accounts())
            .await
            .map_err(DatabaseError::from)?;
        let user_id = user_id.ok_or_else(|| {
            let message = "Nobody here belongs to this account. Ask your office to add its e-mail address.";
            ApiError::new(ErrorCode::Unauthorized, message).with_details(json!({ "reason": "no_user" }))
        })?;
        attempt.forgive();
        self.begin(user_id).await
    }

    /// Carries a session on with its newest refresh token.
    ///
    /// # Errors
    /// `UNAUTHORIZED` with `details.reason` (`unknown`, `expired`, `reused`, `session_revoked`, `device_revoked`),
    /// `FORBIDDEN` with `membership_ended`; `TOO_MANY_REQUESTS`; `SERVICE_UNAVAILABLE`.
    pub async fn refresh(&self, refresh_token: &str, address: Option<IpAddr>) -> Result<Session, ApiError> {
        let _counted = self.0.throttle.refreshes.attempt(address).map_err(too_many)?;
        let attempt = self.0.throttle.unknown_tokens.attempt(address).map_err(too_many)?;
        let shown = Token::parse(refresh_token).ok_or_else(|| ended("unknown"))?;
        let successor = Token::random();
        let (outcome, user_id, session_id, ended_by): (String, Option<Uuid>, Option<Uuid>, Option<String>) =
            sqlx::query_as(
                "select outcome, user_id, family_id, ended_by from satchel.rotate_refresh($1, $2, $3::timestamptz)",
            )
            .bind(shown.hashes(&self.0.refresh_secrets))
            .bind(successor.hash(&self.0.refresh_secrets))
            .bind(refresh_expiry())
            .fetch_one(self.0.database.accounts())
            .await
            .map_err(DatabaseError::from)?;
        if outcome != "unknown" {
            attempt.forgive();
        }
        match (outcome.as_str(), user_id, session_id) {
            ("rotated", Some(user_id), Some(session_id)) => self.session(user_id, session_id, &successor).await,
            ("reused", user_id, session_id) => {
                tracing::warn!(?user_id, ?session_id, "an old refresh token was shown again; the session was ended");
                Err(ended("reused"))
            }
            ("revoked", ..) => {
                let ended = ended_by.as_deref().and_then(Ended::of).unwrap_or(Ended::Session);
                Err(ended.into())
            }
            _ => Err(ended(&outcome)),
        }
    }

    /// Ends the session a refresh token belongs to. A token that is not known any more is no error.
    ///
    /// # Errors
    /// `TOO_MANY_REQUESTS`, `SERVICE_UNAVAILABLE`.
    pub async fn sign_out(&self, refresh_token: &str, address: Option<IpAddr>) -> Result<(), ApiError> {
        let _counted = self.0.throttle.refreshes.attempt(address).map_err(too_many)?;
        let attempt = self.0.throttle.unknown_tokens.attempt(address).map_err(too_many)?;
        let Some(token) = Token::parse(refresh_token) else { return Ok(()) };
        let known: bool = sqlx::query_scalar("select satchel.revoke_refresh($1)")
            .bind(token.hashes(&self.0.refresh_secrets))
            .fetch_one(self.0.database.accounts())
            .await
            .map_err(DatabaseError::from)?;
        if known {
            attempt.forgive();
        }
        Ok(())
    }

    /// Takes a new password, and ends the user's other sessions.
    ///
    /// # Errors
    /// `BAD_REQUEST`; `UNAUTHORIZED` when the password until now is another, or the session has ended;
    /// `TOO_MANY_REQUESTS`; `SERVICE_UNAVAILABLE`.
    pub(super) async fn change_password(
        &self,
        bearer: &Bearer,
        current: &str,
        new: &str,
        address: Option<IpAddr>,
    ) -> Result<(), ApiError> {
        check_password(current, 1)?;
        check_password(new, PASSWORD_BYTES_MIN)?;
        let attempt = self.0.throttle.sign_ins.attempt(address).map_err(too_many)?;
        let email: Option<String> = sqlx::query_scalar("select email from satchel.own_password($1)")
            .bind(bearer.user_id)
            .fetch_one(self.0.database.accounts())
            .await
            .map_err(DatabaseError::from)?;
        let email = email.ok_or(Ended::Membership)?.to_lowercase();
        if self.compare(&email, current, address).await? != Some(bearer.user_id) {
            return Err(ApiError::new(ErrorCode::Unauthorized, "The password until now is another.")
                .with_details(json!({ "reason": "wrong_password", "retry": "never" })));
        }
        attempt.forgive();
        let hash = self.0.hashing.hash(new.to_owned()).await?;
        let changed: bool = sqlx::query_scalar("select satchel.change_password($1, $2, $3)")
            .bind(bearer.user_id)
            .bind(bearer.credential_id)
            .bind(hash)
            .fetch_one(self.0.database.accounts())
            .await
            .map_err(DatabaseError::from)?;
        if changed { Ok(()) } else { Err(Ended::Session.into()) }
    }

    /// Forgets sessions and attempts whose time is over; to be called now and then. Answers how many sessions.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn forget_expired(&self) -> Result<i64, DatabaseError> {
        guessing::forget(&self.0.database).await?;
        Ok(sqlx::query_scalar("select satchel.forget_refresh(now())").fetch_one(self.0.database.accounts()).await?)
    }

    /// An access token for a user, good for [`ACCESS_S`] seconds from `made_at`. For programs that hold the secrets, which
    /// need no session; everybody else signs in.
    ///
    /// # Errors
    /// `INTERNAL_SERVER_ERROR`.
    pub fn access_token(
        &self,
        user_id: Uuid,
        session_id: Option<Uuid>,
        made_at: Timestamp,
    ) -> Result<String, ApiError> {
        self.0.access.make(user_id, session_id, made_at.as_second()).map_err(ApiError::internal)
    }

    /// Who holds an access token.
    pub(super) fn check_access(&self, access_token: &str) -> Result<Bearer, ApiError> {
        let claims = self.0.access.check(access_token).map_err(|refused| {
            let (reason, message) = match refused {
                Refused::Expired => ("expired", "The access token has expired. Get a new one with the refresh token."),
                Refused::Invalid => ("invalid", "The access token is not valid here. Please sign in again."),
            };
            ApiError::new(ErrorCode::Unauthorized, message).with_details(json!({ "reason": reason }))
        })?;
        Ok(Bearer {
            user_id: claims.sub,
            credential_id: claims.sid,
            org_id: None,
            expires_at: Timestamp::from_second(claims.exp).unwrap_or(Timestamp::MAX),
        })
    }

    /// The active user with this address, if this is the password.
    async fn compare(&self, email: &str, password: &str, address: Option<IpAddr>) -> Result<Option<Uuid>, ApiError> {
        let guess = Guess::new(email, address);
        let known = match guess.begin(&self.0.database, email).await? {
            Begun::Compare(known) => known,
            Begun::Wait(wait_s) => return Err(too_many(wait_s)),
        };
        let (user_id, stored) = known.unzip();
        match self.0.hashing.verify(password.to_owned(), stored).await {
            Ok(right) => {
                let user_id = user_id.filter(|_| right);
                if user_id.is_some() {
                    guess.forgive(&self.0.database, true).await?;
                }
                Ok(user_id)
            }
            Err(error) => {
                guess.forgive(&self.0.database, false).await?;
                Err(error)
            }
        }
    }

    async fn begin(&self, user_id: Uuid) -> Result<Session, ApiError> {
        let token = Token::random();
        let session_id = Uuid::now_v7();
        sqlx::query("select satchel.store_refresh($1, $2, $3, $4::timestamptz)")
            .bind(user_id)
            .bind(session_id)
            .bind(token.hash(&self.0.refresh_secrets))
            .bind(refresh_expiry())
            .execute(self.0.database.accounts())
            .await
            .map_err(DatabaseError::from)?;
        self.session(user_id, session_id, &token).await
    }

    async fn session(&self, user_id: Uuid, session_id: Uuid, refresh: &Token) -> Result<Session, ApiError> {
        let memberships: Vec<(Uuid, String, Vec<String>, Option<Uuid>)> =
            sqlx::query_as("select org_id, org_name, roles, technician_id from satchel.memberships($1)")
                .bind(user_id)
                .fetch_all(self.0.database.accounts())
                .await
                .map_err(DatabaseError::from)?;
        Ok(Session {
            access_token: self.access_token(user_id, Some(session_id), Timestamp::now())?,
            access_expires_in_s: ACCESS_S,
            refresh_token: refresh.text(),
            user_id,
            memberships: memberships
                .into_iter()
                .map(|(org_id, org_name, roles, technician_id)| Membership { org_id, org_name, roles, technician_id })
                .collect(),
        })
    }
}

fn check_password(password: &str, least: usize) -> Result<(), ApiError> {
    if (least..=PASSWORD_BYTES).contains(&password.len()) {
        return Ok(());
    }
    Err(ApiError::bad_request(format!("Please send a password of {least} to {PASSWORD_BYTES} bytes.")))
}

fn refresh_expiry() -> String {
    let lifetime = SignedDuration::from_hours(REFRESH_DAYS * 24);
    Timestamp::now().saturating_add(lifetime).unwrap_or(Timestamp::MAX).to_string()
}

pub(super) fn too_many(retry_after_s: u64) -> ApiError {
    let wait =
        if retry_after_s < 60 { format!("{retry_after_s} s") } else { format!("{} min", retry_after_s.div_ceil(60)) };
    let message = format!("Too many attempts. Please try again in {wait}.");
    ApiError::new(ErrorCode::TooManyRequests, message).with_details(json!({ "retry_after_s": retry_after_s }))
}

fn ended(reason: &str) -> ApiError {
    let message = match reason {
        "expired" => "This session was not used for too long. Please sign in again.",
        "reused" => "This session was used from two places and was ended for safety. Please sign in again.",
        _ => "This refresh token is not known here. Please sign in again.",
    };
    ApiError::new(ErrorCode::Unauthorized, message).with_details(json!({ "reason": reason }))
}
