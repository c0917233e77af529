//! An issuer's published keys, kept for a while and looked at again when a token names one that is not known.
//!
//! Invariants:
//! - However many tokens come, the issuer is asked at most once in a pause, by one request at a time.
//! - Keys that cannot be fetched anew go on being used, but not for ever.
//! - What is published is bounded in bytes and in keys; what is not a public key for one of the algorithms is left out.

use std::{
    fmt,
    path::PathBuf,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hyper::Uri;
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::fetch;

/// Seconds after which keys are fetched anew.
pub const KEYS_AGE_S: u64 = 3_600;
/// Seconds for which keys go on being used when they cannot be fetched.
pub const KEYS_STALE_S: u64 = 24 * 3_600;
/// Keys of one issuer.
pub const KEYS_MAX: usize = 64;
/// Bytes of the shortest RSA modulus.
const RSA_BYTES: usize = 256;

/// Where an issuer publishes its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// At an address.
    Url(Uri),
    /// In a file on this machine.
    File(PathBuf),
}

/// What stands where keys should be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place of keys: give an https:// address of a JSON Web Key Set, or the path of a file")]
pub struct NotASource;

impl std::str::FromStr for Source {
    type Err = NotASource;

    /// An address, which must be secure unless it is on this machine, or a path.
    fn from_str(text: &str) -> Result<Self, NotASource> {
        if !text.contains("://") {
            return if text.is_empty() { Err(NotASource) } else { Ok(Self::File(text.into())) };
        }
        let uri: Uri = text.parse().map_err(|_| NotASource)?;
        let here = matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
        match uri.scheme_str() {
            Some("https") => Ok(Self::Url(uri)),
            // Whoever is on the way could put keys of his own in their place.
            Some("http") if here => Ok(Self::Url(uri)),
            _ => Err(NotASource),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(uri) => write!(f, "{uri}"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// The issuer has none of this name and algorithm.
    Unknown,
    /// The issuer's keys cannot be had.
    Away,
}

/// See the module.
pub(super) struct PublishedKeys {
    source: Source,
    pause: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    keys: Vec<PublicKey>,
    fetched: Option<Instant>,
    tried: Option<Instant>,
}

#[derive(Clone)]
struct PublicKey {
    kid: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

impl PublishedKeys {
    pub(super) fn new(source: Source, pause: Duration) -> Self {
        Self { source, pause, state: Mutex::default() }
    }

    /// The key that a token names, or the only one of its algorithm if it names none.
    pub(super) async fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<DecodingKey, Missing> {
        // Held while fetching, so that a crowd asks the issuer once.
        let mut state = self.state.lock().await;
        let younger = |at: Option<Instant>, age: Duration| at.is_some_and(|at| at.elapsed() < age);
        let found = pick(&state.keys, kid, algorithm);
        if let Some(key) = found.filter(|_| younger(state.fetched, Duration::from_secs(KEYS_AGE_S))) {
            return Ok(key);
        }
        if !younger(state.tried, self.pause) {
            state.tried = Some(Instant::now());
            match fetch::read(&self.source).await {
                Ok(text) => {
                    state.keys = parse(&text);
                    state.fetched = Some(Instant::now());
                    tracing::info!(source = %self.source, keys = state.keys.len(), "an issuer's keys were fetched");
                }
                Err(error) => tracing::warn!(source = %self.source, %error, "an issuer's keys cannot be fetched"),
            }
        }
        if !younger(state.fetched, Duration::from_secs(KEYS_STALE_S)) {
            return Err(Missing::Away);
        }
        pick(&state.keys, kid, algorithm).ok_or(Missing::Unknown)
    }
}

fn pick(keys: &[PublicKey], kid: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
    let mut fitting =
        keys.iter().filter(|key| key.algorithm == algorithm && (kid.is_none() || key.kid.as_deref() == kid));
    let first = fitting.next()?;
    // Without a name it must be clear which is meant.
    (kid.is_some() || fitting.next().is_none()).then(|| first.key.clone())
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

/// The public keys in a set. What is not understood is left out: issuers publish keys for other purposes beside.
fn parse(text: &[u8]) -> Vec<PublicKey> {
    let Ok(set) = serde_json::from_slice::<KeySet>(text) else { return Vec::new() };
    let known = set.keys.into_iter().filter_map(|key| public_key(&serde_json::from_value(key).ok()?));
    known.take(KEYS_MAX).collect()
}

fn public_key(jwk: &Jwk) -> Option<PublicKey> {
    let (algorithm, name) = match &jwk.algorithm {
        AlgorithmParameters::RSA(rsa) if URL_SAFE_NO_PAD.decode(&rsa.n).ok()?.len() >= RSA_BYTES => {
            (Algorithm::RS256, KeyAlgorithm::RS256)
        }
        AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(okp) if okp.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    let encrypts = jwk.common.public_key_use == Some(PublicKeyUse::Encryption);
    if encrypts || jwk.common.key_algorithm.is_some_and(|named| named != name) {
        return None;
    }
    let key = DecodingKey::from_jwk(jwk).ok()?;
    Some(PublicKey { kid: jwk.common.key_id.clone(), algorithm, key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_over_a_secure_way_or_from_this_machine() {
        for good in ["https://id.example/jwks", "http://localhost:1/jwks", "http://127.0.0.1/jwks", "/etc/jwks.json"] {
            assert!(good.parse::<Source>().is_ok(), "{good}");
        }
        for bad in ["", "http://id.example/jwks", "ftp://id.example", "https://"] {
            assert_eq!(bad.parse::<Source>(), Err(NotASource), "{bad}");
        }
    }

    #[test]
    fn only_public_signing_keys_that_are_strong_enough_are_taken() {
        let short = URL_SAFE_NO_PAD.encode([1_u8; 128]);
        let long = URL_SAFE_NO_PAD.encode([1_u8; 256]);
        let set = serde_json::json!({ "keys": [
            { "kty": "RSA", "kid": "short", "n": short, "e": "AQAB" },
            { "kty": "RSA", "kid": "encrypts", "use": "enc", "n": long, "e": "AQAB" },
            { "kty": "RSA", "kid": "other", "alg": "PS256", "n": long, "e": "AQAB" },
            { "kty": "oct", "kid": "shared", "alg": "HS256", "k": "c2VjcmV0" },
            { "kty": "RSA", "kid": "good", "use": "sig", "alg": "RS256", "n": long, "e": "AQAB" },
            { "kty": "moon" }, 7, null,
        ]});
        let keys = parse(set.to_string().as_bytes());
        let kids: Vec<_> = keys.iter().filter_map(|key| key.kid.as_deref()).collect();
        assert_eq!(kids, ["good"]);
        assert!(pick(&keys, Some("good"), Algorithm::RS256).is_some());
        assert!(pick(&keys, None, Algorithm::RS256).is_some());
        assert!(pick(&keys, Some("good"), Algorithm::ES256).is_none());
        assert!(pick(&keys, Some("short"), Algorithm::RS256).is_none());
        assert!(parse(b"<html>").is_empty());
    }
}
