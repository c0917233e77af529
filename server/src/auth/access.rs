//! Access tokens: JSON Web Tokens, HS256, good for a quarter of an hour, their signature checked without the database.
//!
//! A token says who the user is and in which session, never what the user may do: that, and whether the session still
//! stands, is read inside every transaction.
//!
//! The header's `kid` names the secret. While secrets are being exchanged there are two: new tokens are made with the
//! current one, tokens of either are taken.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::secrets::Pair;

/// Seconds an access token is good for (R4).
pub const ACCESS_S: u64 = 15 * 60;

const ISSUER: &str = "satchel";
const AUDIENCE: &str = "satchel-api";
/// Bytes of a secret's hash that name it.
const KID_BYTES: usize = 6;

/// What an access token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    /// The user.
    pub(super) sub: Uuid,
    /// The session: all tokens since one sign-in. None for programs that hold the secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<Uuid>,
    /// When it was made, in seconds since 1970.
    pub(super) iat: i64,
    /// When it expires, in seconds since 1970.
    pub(super) exp: i64,
    iss: String,
    aud: String,
}

/// Makes and checks access tokens.
pub(super) struct Access {
    kid: String,
    encoding: EncodingKey,
    /// The current secret's first.
    decoding: Vec<(String, DecodingKey)>,
    validation: Validation,
}

/// Why an access token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Its time is over.
    Expired,
    /// Not one of ours.
    Invalid,
}

impl Access {
    pub(super) fn new(secrets: &Pair) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Self {
            kid: kid(&secrets.current),
            encoding: EncodingKey::from_secret(&secrets.current),
            decoding: secrets.all().map(|secret| (kid(secret), DecodingKey::from_secret(secret))).collect(),
            validation,
        }
    }

    /// A token for `user_id`, made at `now_s`.
    pub(super) fn make(
        &self,
        user_id: Uuid,
        session_id: Option<Uuid>,
        now_s: i64,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            sub: user_id,
            sid: session_id,
            iat: now_s,
            exp: now_s.saturating_add_unsigned(ACCESS_S),
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
        };
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &claims, &self.encoding)
    }

    pub(super) fn check(&self, token: &str) -> Result<Claims, Refused> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Refused::Invalid)?;
        // Tokens of a release before had no kid; the current secret made them.
        let named = header.kid.as_deref().unwrap_or(&self.kid);
        let (_, key) = self.decoding.iter().find(|(kid, _)| kid == named).ok_or(Refused::Invalid)?;
        match jsonwebtoken::decode::<Claims>(token, key, &self.validation) {
            Ok(data) => Ok(data.claims),
            Err(error) => Err(match error.kind() {
                jsonwebtoken::errors::ErrorKind::ExpiredSignature => Refused::Expired,
                _ => Refused::Invalid,
            }),
        }
    }
}

/// The name of a secret, which tells nothing about it.
fn kid(secret: &[u8]) -> String {
    let hash = Sha256::new().chain_update(b"satchel access secret").chain_update(secret).finalize();
    URL_SAFE_NO_PAD.encode(&hash[..KID_BYTES])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(current: u8, previous: Option<u8>) -> Access {
        Access::new(&Pair { current: vec![current; 32], previous: previous.map(|byte| vec![byte; 32]) })
    }

    fn now_s() -> i64 {
        jiff::Timestamp::now().as_second()
    }

    #[test]
    fn a_token_names_its_user_until_it_expires() {
        let access = access(1, None);
        let (user, session) = (Uuid::from_u128(1), Some(Uuid::from_u128(2)));
        let claims = access.check(&access.make(user, session, now_s()).unwrap()).unwrap();
        assert_eq!((claims.sub, claims.sid), (user, session));
        let old = access.make(user, session, now_s() - 901).unwrap();
        assert_eq!(access.check(&old).unwrap_err(), Refused::Expired);
    }

    #[test]
    fn a_token_of_another_secret_algorithm_or_audience_is_refused() {
        let access = access(1, None);
        let foreign = self::access(2, None).make(Uuid::nil(), None, now_s()).unwrap();
        assert_eq!(access.check(&foreign).unwrap_err(), Refused::Invalid);
        // The name of our secret does not make another's signature ours.
        let borrowed = Header { kid: Some(access.kid.clone()), ..Header::new(Algorithm::HS256) };
        let claims = insecure(&foreign);
        let forged = jsonwebtoken::encode(&borrowed, &claims, &EncodingKey::from_secret(&[2; 32])).unwrap();
        assert_eq!(access.check(&forged).unwrap_err(), Refused::Invalid);
        let header = Header::new(Algorithm::HS512);
        let claims = Claims {
            sub: Uuid::nil(),
            sid: None,
            iat: now_s(),
            exp: now_s() + 60,
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
        };
        let other_algorithm = jsonwebtoken::encode(&header, &claims, &access.encoding).unwrap();
        assert_eq!(access.check(&other_algorithm).unwrap_err(), Refused::Invalid);
        let elsewhere = Claims { aud: "elsewhere".to_owned(), ..claims };
        let other_audience =
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), &elsewhere, &access.encoding).unwrap();
        assert_eq!(access.check(&other_audience).unwrap_err(), Refused::Invalid);
        // An unsigned token: header {"alg":"none"}.
        assert_eq!(access.check("eyJhbGciOiJub25lIn0.e30.").unwrap_err(), Refused::Invalid);
        assert_eq!(access.check("").unwrap_err(), Refused::Invalid);
    }

    fn insecure(token: &str) -> Claims {
        jsonwebtoken::dangerous::insecure_decode::<Claims>(token).unwrap().claims
    }

    #[test]
    fn tokens_outlive_their_secret_as_long_as_it_is_kept_as_the_previous_one() {
        let (before, during, after) = (access(1, None), access(2, Some(1)), access(2, None));
        let old = before.make(Uuid::nil(), None, now_s()).unwrap();
        let new = during.make(Uuid::nil(), None, now_s()).unwrap();
        assert!(during.check(&old).is_ok() && during.check(&new).is_ok() && after.check(&new).is_ok());
        assert_eq!(after.check(&old).unwrap_err(), Refused::Invalid);
        assert_eq!(before.check(&new).unwrap_err(), Refused::Invalid);
        // Without a name a token is tried with the current secret only.
        let unnamed = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &insecure(&new), &during.encoding).unwrap();
        assert!(after.check(&unnamed).is_ok() && before.check(&unnamed).is_err());
    }
}
