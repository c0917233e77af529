//! Refresh tokens: 32 random bytes, of which only a keyed hash is stored.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::secrets::Pair;

/// Days after which an unused refresh token expires (R4).
pub const REFRESH_DAYS: i64 = 14;

/// Bytes of a token.
const TOKEN_BYTES: usize = 32;

/// A refresh token as the client holds it.
pub(super) struct Token([u8; TOKEN_BYTES]);

impl Token {
    pub(super) fn random() -> Self {
        Self(rand::random())
    }

    /// The token a client sent; `None` when it cannot be one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    pub(super) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the database keeps. Keyed, so that a stolen table is worth nothing without the secret.
    pub(super) fn hash(&self, secrets: &Pair) -> Vec<u8> {
        self.hash_under(&secrets.current)
    }

    /// What the database may have kept: under the current secret, or the one before.
    pub(super) fn hashes(&self, secrets: &Pair) -> Vec<Vec<u8>> {
        secrets.all().map(|secret| self.hash_under(secret)).collect()
    }

    fn hash_under(&self, secret: &[u8]) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
        mac.update(&self.0);
        mac.finalize().into_bytes().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_being_sent() {
        let token = Token::random();
        let back = Token::parse(&token.text()).unwrap();
        let pair = |current: u8| Pair { current: vec![current; 32], previous: Some(vec![9; 32]) };
        assert_eq!(back.hash(&pair(1)), token.hash(&pair(1)));
        assert_ne!(back.hash(&pair(1)), token.hash(&pair(2)));
        assert_eq!(token.hash(&pair(1)).len(), 32);
        assert_eq!(token.hashes(&pair(1)), [token.hash(&pair(1)), token.hash(&pair(9))]);
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in ["", "abc", &"A".repeat(42), &"A".repeat(44), "ä"] {
            assert!(Token::parse(text).is_none(), "{text}");
        }
    }
}
