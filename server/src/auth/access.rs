//! Access tokens: JSON Web Tokens, HS256, good for a quarter of an hour, checked without the database.
//!
//! A token says who the user is, never what the user may do: that is read from the membership inside every
//! transaction. Signing out ends the session's refresh tokens; an access token already out lives to its end.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Seconds an access token is good for (R4).
pub const ACCESS_S: u64 = 15 * 60;

const ISSUER: &str = "satchel";
const AUDIENCE: &str = "satchel-api";

/// What an access token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    /// The user.
    pub(super) sub: Uuid,
    /// The session: all tokens since one sign-in.
    pub(super) sid: Uuid,
    /// When it was made, in seconds since 1970.
    pub(super) iat: i64,
    /// When it expires, in seconds since 1970.
    pub(super) exp: i64,
    iss: String,
    aud: String,
}

/// Makes and checks access tokens.
pub(super) struct Access {
    encoding: EncodingKey,
    decoding: DecodingKey,
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
    pub(super) fn new(secret: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Self { encoding: EncodingKey::from_secret(secret), decoding: DecodingKey::from_secret(secret), validation }
    }

    /// A token for `user_id`, made at `now_s`.
    pub(super) fn make(
        &self,
        user_id: Uuid,
        session_id: Uuid,
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
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
    }

    pub(super) fn check(&self, token: &str) -> Result<Claims, Refused> {
        match jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation) {
            Ok(data) => Ok(data.claims),
            Err(error) => Err(match error.kind() {
                jsonwebtoken::errors::ErrorKind::ExpiredSignature => Refused::Expired,
                _ => Refused::Invalid,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now_s() -> i64 {
        jiff::Timestamp::now().as_second()
    }

    #[test]
    fn a_token_names_its_user_until_it_expires() {
        let access = Access::new(&[1; 32]);
        let (user, session) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let claims = access.check(&access.make(user, session, now_s()).unwrap()).unwrap();
        assert_eq!((claims.sub, claims.sid), (user, session));
        let old = access.make(user, session, now_s() - 901).unwrap();
        assert_eq!(access.check(&old).unwrap_err(), Refused::Expired);
    }

    #[test]
    fn a_token_of_another_secret_algorithm_or_audience_is_refused() {
        let access = Access::new(&[1; 32]);
        let foreign = Access::new(&[2; 32]).make(Uuid::nil(), Uuid::nil(), now_s()).unwrap();
        assert_eq!(access.check(&foreign).unwrap_err(), Refused::Invalid);
        let header = Header::new(Algorithm::HS512);
        let claims = Claims {
            sub: Uuid::nil(),
            sid: Uuid::nil(),
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
}
