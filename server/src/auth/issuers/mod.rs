//! Tokens of external issuers (R4): OpenID Connect ID tokens, checked by the issuer's published keys.
//!
//! Invariants:
//! - Signatures are asymmetric: RS256, ES256, EdDSA. Neither `none` nor a public key taken for a shared secret is ever
//!   tried, because the algorithm belongs to the key, not to the token.
//! - A token must be of a configured issuer, for this audience, within its time, and small.
//! - An address counts only if the issuer says that it has verified it, and only for the first sign-in; after that the
//!   issuer's subject is the person.

mod fetch;
mod keys;

use std::{sync::Arc, time::Duration};

use jsonwebtoken::{Algorithm, Validation, errors::ErrorKind};
use satchel_protocol::ErrorCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

pub use self::keys::Source;
use self::keys::{Missing, PublishedKeys};
use crate::error::ApiError;

/// Bytes of the longest token.
pub const TOKEN_BYTES: usize = 8 * 1024;
/// Seconds the clocks of issuer and server may differ.
pub const CLOCK_SKEW_S: u64 = 30;
/// Seconds between two looks at an issuer's keys because of a key that is not known.
pub const REFETCH_PAUSE_S: u64 = 30;
/// Characters of the longest subject.
const SUBJECT_CHARS: usize = 255;

/// The algorithms taken.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];

/// An issuer whose tokens are taken.
#[derive(Clone, Debug)]
pub struct IssuerOptions {
    /// Its name: the claim `iss`, exactly.
    pub issuer: String,
    /// Who its tokens must be for: the claim `aud`, or one of them.
    pub audience: String,
    /// Where its keys are published.
    pub keys: Source,
    /// The claim that holds the person's address; the claim `email_verified` must be true beside it.
    pub email_claim: String,
    /// Between two looks at the keys because of a key that is not known.
    pub refetch_pause: Duration,
}

impl IssuerOptions {
    /// With the usual claim and pause.
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>, keys: Source) -> Self {
        Self {
            issuer: issuer.into(),
            audience: audience.into(),
            keys,
            email_claim: "email".to_owned(),
            refetch_pause: Duration::from_secs(REFETCH_PAUSE_S),
        }
    }
}

/// All issuers whose tokens are taken. Cheap to clone.
#[derive(Clone)]
pub struct Issuers(Arc<[Issuer]>);

struct Issuer {
    options: IssuerOptions,
    keys: PublishedKeys,
}

/// Whom a token names.
pub(super) struct Identity {
    /// Who says so.
    pub(super) issuer: String,
    /// The issuer's name of the person.
    pub(super) subject: String,
    /// The person's address, if the issuer has verified it.
    pub(super) verified_email: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    iss: String,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    #[serde(flatten)]
    others: Map<String, Value>,
}

impl Issuers {
    /// None: people sign in with passwords only.
    pub fn none() -> Self {
        Self(Arc::from([]))
    }

    /// These. Keys are fetched when first needed.
    pub fn new(issuers: Vec<IssuerOptions>) -> Self {
        let with_keys = |options: IssuerOptions| Issuer {
            keys: PublishedKeys::new(options.keys.clone(), options.refetch_pause),
            options,
        };
        Self(issuers.into_iter().map(with_keys).collect())
    }

    /// Whom a token names.
    pub(super) async fn check(&self, token: &str) -> Result<Identity, ApiError> {
        if token.len() > TOKEN_BYTES {
            return Err(ApiError::too_large("The token", TOKEN_BYTES, "bytes"));
        }
        // Read without trust, only to know whose keys to try.
        let named = jsonwebtoken::dangerous::insecure_decode_claims::<Named>(token).map_err(|_| invalid())?;
        let issuer = self.0.iter().find(|issuer| issuer.options.issuer == named.iss).ok_or_else(invalid)?;
        issuer.check(token).await
    }
}

impl Issuer {
    async fn check(&self, token: &str) -> Result<Identity, ApiError> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(invalid());
        }
        let key = self.keys.find(header.kid.as_deref(), header.alg).await.map_err(|missing| match missing {
            Missing::Unknown => invalid(),
            Missing::Away => ApiError::unavailable("The issuer of your account cannot be asked now. Please try again."),
        })?;
        let mut validation = Validation::new(header.alg);
        validation.leeway = CLOCK_SKEW_S;
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.options.issuer]);
        validation.set_audience(&[&self.options.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation)
            .map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => refused("expired", "This sign-in took too long. Please try again."),
                _ => invalid(),
            })?
            .claims;
        let usable = |text: &str| !text.is_empty() && !text.contains('\0');
        if !usable(&claims.sub) || claims.sub.chars().count() > SUBJECT_CHARS {
            return Err(invalid());
        }
        // Some issuers spell it as text.
        let verified = claims.others.get("email_verified").is_some_and(|value| *value == true || *value == "true");
        let email = claims.others.get(&self.options.email_claim).and_then(Value::as_str);
        let verified_email = email.filter(|email| verified && usable(email)).map(str::to_owned);
        Ok(Identity { issuer: self.options.issuer.clone(), subject: claims.sub, verified_email })
    }
}

fn refused(reason: &str, message: &str) -> ApiError {
    ApiError::new(ErrorCode::Unauthorized, message).with_details(json!({ "reason": reason }))
}

/// Which of many things is wrong with a token helps only whoever made it up.
fn invalid() -> ApiError {
    refused("invalid", "This token is not one that is taken here.")
}
