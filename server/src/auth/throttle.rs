//! Slows down guessing: counts sign-ins that have not succeeded, per e-mail address and per network address.
//!
//! Invariants:
//! - Memory is fixed: a counter is found by a keyed hash, so that nobody can fill the table or aim at a neighbour.
//!   Two keys may share a counter; then both are slowed down.
//! - An attempt counts from its start, so that guesses made at once are counted too, and is forgiven when it succeeds.
//! - In memory, per node: a fleet behind a load balancer allows so many attempts per node.

use std::{
    hash::{BuildHasher as _, RandomState},
    net::IpAddr,
    sync::Mutex,
    time::{Duration, Instant},
};

/// Attempts one e-mail address may have open or failed within [`WINDOW_S`].
pub const EMAIL_ATTEMPTS: u32 = 10;
/// Attempts one network address may have open or failed within [`WINDOW_S`]; an office shares one.
pub const ADDRESS_ATTEMPTS: u32 = 300;
/// Seconds after which attempts are forgotten.
pub const WINDOW_S: u64 = 300;
/// Counters of each kind.
const COUNTERS: usize = 1 << 14;

/// The counters of a node.
pub(super) struct Throttle {
    emails: Counters,
    addresses: Counters,
}

/// An attempt that was let through.
pub(super) struct Attempt<'a> {
    throttle: &'a Throttle,
    email: usize,
    address: Option<usize>,
}

impl Throttle {
    pub(super) fn new() -> Self {
        Self { emails: Counters::new(EMAIL_ATTEMPTS), addresses: Counters::new(ADDRESS_ATTEMPTS) }
    }

    /// Counts an attempt. `Err` holds the seconds until the next may be made.
    pub(super) fn attempt(&self, email: &str, address: Option<IpAddr>) -> Result<Attempt<'_>, u64> {
        let now = Instant::now();
        let address = address.map(|address| self.addresses.slot(&network(address)));
        if let Some(slot) = address {
            self.addresses.add(slot, now)?;
        }
        let email = self.emails.slot(email);
        self.emails.add(email, now)?;
        Ok(Attempt { throttle: self, email, address })
    }
}

impl Attempt<'_> {
    /// It came to nothing for a fault of ours: it counts no more than if it had not been made.
    pub(super) fn withdraw(self) {
        self.throttle.emails.remove(self.email);
        if let Some(address) = self.address {
            self.throttle.addresses.remove(address);
        }
    }

    /// The password was right: the attempt was nobody's guess.
    pub(super) fn forgive(self) {
        self.throttle.emails.clear(self.email);
        if let Some(address) = self.address {
            self.throttle.addresses.remove(address);
        }
    }
}

/// What one subscriber of a provider holds: an IPv4 address, or 64 bits of an IPv6 one.
fn network(address: IpAddr) -> [u8; 8] {
    match address.to_canonical() {
        IpAddr::V4(v4) => [v4.octets(), [0; 4]].concat().try_into().unwrap_or_default(),
        IpAddr::V6(v6) => v6.octets()[..8].try_into().unwrap_or_default(),
    }
}

struct Counters {
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

    fn clear(&self, slot: usize) {
        self.lock()[slot] = None;
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
    fn an_address_is_refused_after_its_attempts_and_another_is_not() {
        let throttle = Throttle::new();
        for _ in 0..EMAIL_ATTEMPTS {
            assert!(throttle.attempt("a@x.example", None).is_ok());
        }
        let wait_s = throttle.attempt("a@x.example", None).err().unwrap();
        assert!((1..=WINDOW_S).contains(&wait_s));
        assert!(throttle.attempt("b@x.example", None).is_ok());
    }

    #[test]
    fn success_is_forgiven() {
        let throttle = Throttle::new();
        let here = Some("192.0.2.1".parse().unwrap());
        for _ in 0..ADDRESS_ATTEMPTS * 2 {
            throttle.attempt("a@x.example", here).ok().unwrap().forgive();
        }
    }

    #[test]
    fn guesses_over_many_names_are_refused_by_network() {
        let throttle = Throttle::new();
        let here = "2001:db8::1".parse().ok();
        for number in 0..ADDRESS_ATTEMPTS {
            assert!(throttle.attempt(&format!("{number}@x.example"), here).is_ok());
        }
        assert!(throttle.attempt("z@x.example", "2001:db8::2".parse().ok()).is_err());
        assert!(throttle.attempt("z@x.example", "2001:db8:0:1::2".parse().ok()).is_ok());
    }
}
