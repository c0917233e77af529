//! Passwords: argon2id, and the same work whether or not the address is known.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};

/// Bytes of the longest password; hashing reads all of it.
pub const PASSWORD_BYTES: usize = 1_024;

/// How much work a hash takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Cost {
    /// 19 MiB and two passes, the recommendation of OWASP.
    #[default]
    Standard,
    /// Next to none: for the made-up people of tests only.
    Minimal,
}

/// A password that cannot be hashed, or a stored hash that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("argon2: {0}")]
pub struct PasswordError(String);

/// Hashes a password with a fresh salt.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn hash(password: &str, cost: Cost) -> Result<String, PasswordError> {
    let params = match cost {
        Cost::Standard => Params::default(),
        Cost::Minimal => {
            Params::new(Params::MIN_M_COST, 1, 1, None).map_err(|error| PasswordError(error.to_string()))?
        }
    };
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| PasswordError(error.to_string()))
}

/// Whether `password` is the one that was hashed. The comparison takes the same time wherever they differ.
///
/// # Errors
/// When the stored hash cannot be read.
pub fn verify(password: &str, stored: &str) -> Result<bool, PasswordError> {
    let stored = PasswordHash::new(stored).map_err(|error| PasswordError(error.to_string()))?;
    match Argon2::default().verify_password(password.as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(PasswordError(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_password_and_no_other_is_accepted() {
        for cost in [Cost::Minimal, Cost::Standard] {
            let stored = hash("correct horse", cost).unwrap();
            assert!(stored.starts_with("$argon2id$v=19$"));
            assert!(verify("correct horse", &stored).unwrap());
            assert!(!verify("correct horsf", &stored).unwrap());
            assert!(!verify("", &stored).unwrap());
        }
    }

    #[test]
    fn a_hash_that_is_none_is_an_error_not_a_refusal() {
        assert!(verify("x", "x").is_err());
    }
}
