//! Keys for machines (R4): `sk_<id>_<secret>`, bound to one organization and to a member made for the key.
//!
//! Invariants:
//! - The secret is shown once and stored as argon2id only. A key that was looked at is remembered as a keyed hash, so that
//!   not every request costs an argon2; what was remembered is compared in constant time.
//! - Whether a key still opens anything is not remembered: the door asks in every transaction.
//! - The prefix and the fixed length are what scanners for leaked secrets look for.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use satchel_protocol::ErrorCode;
use serde_json::json;
use sha2::Sha256;
use uuid::Uuid;

use super::{Auth, extract::Bearer, presence::PRESENCE_S, sessions::too_many};
use crate::{
    database::{DatabaseError, Ended},
    error::ApiError,
};

/// What every key begins with.
pub const KEY_PREFIX: &str = "sk_";
/// Bytes of a secret.
const SECRET_BYTES: usize = 32;
/// Keys remembered as right.
const REMEMBERED: usize = 4_096;

/// Whether a bearer token looks like a key.
pub(super) fn is_key(token: &str) -> bool {
    token.starts_with(KEY_PREFIX)
}

/// A key as its holder has it.
pub(super) struct Key {
    pub(super) id: Uuid,
    secret: [u8; SECRET_BYTES],
}

impl Key {
    pub(super) fn random() -> Self {
        Self { id: Uuid::now_v7(), secret: rand::random() }
    }

    fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(KEY_PREFIX)?.split_once('_')?;
        let simple = id.len() == 32 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        simple.then(|| Uuid::try_parse(id).ok()).flatten().map(|id| Self { id, secret })
    }

    pub(super) fn text(&self) -> String {
        format!("{KEY_PREFIX}{}_{}", self.id.simple(), self.secret_text())
    }

    /// What is hashed.
    pub(super) fn secret_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.secret)
    }
}

/// Keys that were found right.
pub(super) struct Keys {
    hash_key: [u8; SECRET_BYTES],
    known: Mutex<HashMap<Uuid, Known>>,
}

#[derive(Clone)]
struct Known {
    hash: Vec<u8>,
    org_id: Uuid,
    user_id: Uuid,
    expires_at: Timestamp,
    noted: Option<Instant>,
}

impl Keys {
    pub(super) fn new() -> Self {
        Self { hash_key: rand::random(), known: Mutex::default() }
    }

    fn mac(&self, key: &Key) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.hash_key).expect("HMAC takes a key of any length");
        mac.update(&key.secret);
        mac
    }

    /// The key, if it was found right before; and whether its use is to be noted now.
    fn recall(&self, key: &Key, now: Instant) -> Option<(Known, bool)> {
        let mut all = self.lock();
        let known = all.get_mut(&key.id)?;
        self.mac(key).verify_slice(&known.hash).ok()?;
        let pause = Duration::from_secs(PRESENCE_S);
        let due = known.noted.is_none_or(|at| now.saturating_duration_since(at) >= pause);
        if due {
            known.noted = Some(now);
        }
        Some((known.clone(), due))
    }

    fn remember(&self, key: &Key, org_id: Uuid, user_id: Uuid, expires_at: Timestamp) {
        let hash = self.mac(key).finalize().into_bytes().to_vec();
        let mut all = self.lock();
        if all.len() >= REMEMBERED {
            // Looking at some again costs less than remembering which were used last.
            all.clear();
        }
        all.insert(key.id, Known { hash, org_id, user_id, expires_at, noted: None });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Auth {
    /// Who holds a key. An unknown one, a wrong one and nonsense get the same answer.
    pub(super) async fn check_key(&self, token: &str, address: Option<IpAddr>) -> Result<Bearer, ApiError> {
        let invalid = || {
            let message = "The API key is not valid here. Ask whoever manages the organization for a new one.";
            ApiError::new(ErrorCode::Unauthorized, message).with_details(json!({ "reason": "invalid" }))
        };
        let key = Key::parse(token).ok_or_else(invalid)?;
        if self.0.keys.recall(&key, Instant::now()).is_none() {
            let attempt = self.0.throttle.unknown_tokens.attempt(address).map_err(too_many)?;
            self.look_at(&key).await?.ok_or_else(invalid)?;
            attempt.forgive();
        }
        let (known, due) = self.0.keys.recall(&key, Instant::now()).ok_or_else(invalid)?;
        if known.expires_at <= Timestamp::now() {
            return Err(Ended::KeyExpired.into());
        }
        if due {
            self.note_key(key.id);
        }
        Ok(Bearer {
            user_id: known.user_id,
            credential_id: Some(key.id),
            org_id: Some(known.org_id),
            expires_at: known.expires_at,
        })
    }

    /// Compares a key with what is stored, and remembers it when it is right.
    async fn look_at(&self, key: &Key) -> Result<Option<()>, ApiError> {
        let stored: Option<(Uuid, Uuid, String, i64)> =
            sqlx::query_as("select org_id, user_id, secret_hash, expires_at_s from satchel.api_key_of($1)")
                .bind(key.id)
                .fetch_optional(self.0.database.accounts())
                .await
                .map_err(DatabaseError::from)?;
        let Some((org_id, user_id, hash, expires_at_s)) = stored else { return Ok(None) };
        if !self.0.hashing.verify(key.secret_text(), Some(hash)).await? {
            return Ok(None);
        }
        let expires_at = Timestamp::from_second(expires_at_s).unwrap_or(Timestamp::MIN);
        self.0.keys.remember(key, org_id, user_id, expires_at);
        Ok(Some(()))
    }

    fn note_key(&self, id: Uuid) {
        let auth = self.clone();
        tokio::spawn(async move {
            let noted =
                sqlx::query("select satchel.note_api_key_used($1)").bind(id).execute(auth.0.database.accounts());
            if let Err(error) = noted.await {
                tracing::debug!(%error, "the use of an API key was not noted");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_being_sent_and_is_easy_to_find_in_a_leak() {
        let key = Key::random();
        let text = key.text();
        let back = Key::parse(&text).unwrap();
        assert_eq!((back.id, back.secret), (key.id, key.secret));
        assert_eq!(text.len(), 3 + 32 + 1 + 43);
        for wrong in ["", "sk_", "sk__", &text[..78], &text[1..], &text.to_uppercase(), &format!("{text}x")] {
            assert!(Key::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn only_the_very_key_is_recalled() {
        let (keys, key) = (Keys::new(), Key::random());
        let now = Instant::now();
        assert!(keys.recall(&key, now).is_none());
        keys.remember(&key, Uuid::nil(), Uuid::nil(), Timestamp::MAX);
        assert!(keys.recall(&key, now).is_some_and(|(_, due)| due));
        assert!(keys.recall(&key, now).is_some_and(|(_, due)| !due));
        let guess = Key { id: key.id, secret: rand::random() };
        assert!(keys.recall(&guess, now).is_none());
    }
}
