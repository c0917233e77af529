//! Slows down whoever knocks too often: counts requests per network address.
//!
//! Invariants:
//! - Memory is fixed: a counter is found by a keyed hash, so that nobody can fill the table or aim at a neighbour.
//!   Two networks may share a counter; then both are slowed down.
//! - An attempt counts from its start, so that guesses made at once are counted too, and is forgiven when it succeeds.
//! - In memory, per node: what must hold across nodes, the attempts at one account, is counted in the database
//!   (`guessing`).

use std::{
    hash::{BuildHasher as _, RandomState},
    net::IpAddr,
    sync::Mutex,
    time::{Duration, Instant},
};

/// Failed or open attempts to sign in from one network within [`WINDOW_S`]; an office shares one.
pub const SIGN_INS: u32 = 300;
/// Refresh tokens, API keys and tokens of other issuers from one network that were not known, or are being looked at,
/// within [`WINDOW_S`]. All phones of an office may come at once.
pub const UNKNOWN_TOKENS: u32 = 1_000;
/// Refreshes and sign-outs of one network within [`WINDOW_S`], known tokens or not.
pub const REFRESHES: u32 = 6_000;
/// Seconds after which attempts are forgotten.
pub const WINDOW_S: u64 = 300;
/// Counters of each kind.
const COUNTERS: usize = 1 << 14;

/// The counters of a node.
pub(super) struct Throttle {
    /// Of passwords.
    pub(super) sign_ins: Counters,
    /// Of tokens that are not known.
    pub(super) unknown_tokens: Counters,
    /// Of refreshes and sign-outs.
    pub(super) refreshes: Counters,
}

impl Throttle {
    pub(super) fn new() -> Self {
        Self {
            sign_ins: Counters::new(SIGN_INS),
            unknown_tokens: Counters::new(UNKNOWN_TOKENS),
            refreshes: Counters::new(REFRESHES),
        }
    }
}

/// An attempt that was let through.
#[must_use]
pub(super) struct Attempt<'a> {
    counters: &'a Counters,
    slot: Option<usize>,
}

impl Attempt<'_> {
    /// It was nobody's guess: it counts no more than if it had not been made.
    pub(super) fn forgive(self) {
        if let Some(slot) = self.slot {
            self.counters.remove(slot);
        }
    }
}

/// What one subscriber of a provider holds: an IPv4 address, or 64 bits of an IPv6 one.
pub(super) fn network(address: IpAddr) -> [u8; 8] {
    match address.to_canonical() {
        IpAddr::V4(v4) => [v4.octets(), [0; 4]].concat().try_into().unwrap_or_default(),
        IpAddr::V6(v6) => v6.octets()[..8].try_into().unwrap_or_default(),
    }
}

/// Counters of one kind.
pub(super) struct Counters {
    limit: u32,
    key: RandomState,
    slots: Mutex<Vec<Option<Counter>>>,
}

#[derive(Clone, Copy)]
struct Counter {
    since: Instant,
    attempts: u32,
}

impl Counters {
    fn new(limit: u32) -> Self {
        Self { limit, key: RandomState::new(), slots: Mutex::new(vec![None; COUNTERS]) }
    }

    /// Counts an attempt from an address. `Err` holds the seconds until the next may be made. Where the address is not
    /// known nothing is counted.
    pub(super) fn attempt(&self, address: Option<IpAddr>) -> Result<Attempt<'_>, u64> {
        let slot = address.map(|address| self.slot(&network(address)));
        if let Some(slot) = slot {
            self.add(slot, Instant::now())?;
        }
        Ok(Attempt { counters: self, slot })
    }

    fn slot(&self, key: &(impl std::hash::Hash + ?Sized)) -> usize {
        usize::try_from(self.key.hash_one(key) % COUNTERS as u64).unwrap_or_default()
    }

    fn add(&self, slot: usize, now: Instant) -> Result<(), u64> {
        let window = Duration::from_secs(WINDOW_S);
        let mut slots = self.lock();
        let counter = slots[slot].get_or_insert(Counter { since: now, attempts: 0 });
        let age = now.saturating_duration_since(counter.since);
        if age >= window {
            *counter = Counter { since: now, attempts: 0 };
        }
        if counter.attempts >= self.limit {
            return Err((window.saturating_sub(age)).as_secs().max(1));
        }
        counter.attempts += 1;
        Ok(())
    }

    fn remove(&self, slot: usize) {
        if let Some(counter) = &mut self.lock()[slot] {
            counter.attempts = counter.attempts.saturating_sub(1);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Option<Counter>>> {
        // Counters are plain numbers: whoever panicked left them usable.
        self.slots.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn success_is_forgiven() {
        let throttle = Throttle::new();
        let here = Some("192.0.2.1".parse().unwrap());
        for _ in 0..SIGN_INS * 2 {
            throttle.sign_ins.attempt(here).ok().unwrap().forgive();
        }
    }

    #[test]
    fn guesses_are_refused_by_network_and_others_are_not() {
        let throttle = Throttle::new();
        let here = "2001:db8::1".parse().ok();
        for _ in 0..SIGN_INS {
            assert!(throttle.sign_ins.attempt(here).is_ok());
        }
        let wait_s = throttle.sign_ins.attempt("2001:db8::2".parse().ok()).err().unwrap();
        assert!((1..=WINDOW_S).contains(&wait_s));
        assert!(throttle.sign_ins.attempt("2001:db8:0:1::2".parse().ok()).is_ok());
        assert!(throttle.unknown_tokens.attempt(here).is_ok(), "each kind counts by itself");
    }
}
