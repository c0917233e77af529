//! Attempts at one account, counted in the database: they hold on every node and after a restart.
//!
//! Invariants:
//! - An account that does not exist is counted like one that does, and answered alike.
//! - Nobody is kept out for ever: a pause is at most [`PAUSE_MAX_S`], and the pause of an account does not hold where its
//!   password was right within [`KNOWN_PLACE_DAYS`].
//! - What is stored names neither address nor network, only hashes of them.

use std::net::IpAddr;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::throttle::network;
use crate::database::{Database, DatabaseError};

/// Attempts at one account from one place before pauses begin.
pub const PLACE_ATTEMPTS: i32 = 10;
/// Attempts at one account from all places that are not known before pauses begin.
pub const ACCOUNT_ATTEMPTS: i32 = 30;
/// Seconds of the first pause; each further attempt doubles it.
pub const PAUSE_FIRST_S: i32 = 30;
/// Seconds of the longest pause.
pub const PAUSE_MAX_S: i32 = 15 * 60;
/// Seconds without an attempt after which those before are forgotten.
pub const FORGET_S: i32 = 24 * 60 * 60;
/// Days for which a place where the password was right is known.
pub const KNOWN_PLACE_DAYS: i32 = 90;

const KNOWN_PLACE_S: i32 = KNOWN_PLACE_DAYS * 24 * 60 * 60;

/// An attempt at an account, from somewhere.
pub(super) struct Guess {
    account: Vec<u8>,
    place: Vec<u8>,
}

/// What an attempt found.
pub(super) enum Begun {
    /// Go on: the user and the stored hash, if there are any.
    Compare(Option<(Uuid, String)>),
    /// Seconds to wait.
    Wait(u64),
}

impl Guess {
    /// `email` is in lower case.
    pub(super) fn new(email: &str, address: Option<IpAddr>) -> Self {
        let account = Sha256::digest(email.as_bytes()).to_vec();
        let place = address
            .map(|address| Sha256::new().chain_update(&account).chain_update(network(address)).finalize().to_vec());
        Self { account, place: place.unwrap_or_default() }
    }

    /// Counts it, and finds whom it is at.
    pub(super) async fn begin(&self, database: &Database, email: &str) -> Result<Begun, DatabaseError> {
        let (wait_s, user_id, hash): (i32, Option<Uuid>, Option<String>) = sqlx::query_as(
            "select wait_s, user_id, password_hash from satchel.begin_sign_in($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&self.account)
        .bind(&self.place)
        .bind(email)
        .bind(PLACE_ATTEMPTS)
        .bind(ACCOUNT_ATTEMPTS)
        .bind(PAUSE_FIRST_S)
        .bind(PAUSE_MAX_S)
        .bind(FORGET_S)
        .bind(KNOWN_PLACE_S)
        .fetch_one(database.accounts())
        .await?;
        Ok(match u64::try_from(wait_s) {
            Ok(wait_s @ 1..) => Begun::Wait(wait_s),
            _ => Begun::Compare(user_id.zip(hash)),
        })
    }

    /// It was nobody's guess: the password was right (`proven`), or could not be looked at.
    pub(super) async fn forgive(&self, database: &Database, proven: bool) -> Result<(), DatabaseError> {
        sqlx::query("select satchel.forgive_guess($1, $2, $3, $4)")
            .bind(&self.account)
            .bind(&self.place)
            .bind(ACCOUNT_ATTEMPTS)
            .bind(proven)
            .execute(database.accounts())
            .await?;
        Ok(())
    }
}

/// Forgets what is over.
pub(super) async fn forget(database: &Database) -> Result<i64, DatabaseError> {
    let forgotten = sqlx::query_scalar("select satchel.forget_guesses($1, $2)")
        .bind(FORGET_S)
        .bind(KNOWN_PLACE_S)
        .fetch_one(database.accounts())
        .await?;
    Ok(forgotten)
}
