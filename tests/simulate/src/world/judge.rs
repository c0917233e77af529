//! Whether the promises were kept, by the simulator's own record.

use std::collections::BTreeSet;

use satchel_client::store::QueueState;
use satchel_protocol::{table::REV, wire::Outcome};
use uuid::Uuid;

use super::World;
use crate::{
    phone::difference,
    record::{Promise, Tap},
};

impl World {
    /// What holds at every moment, whatever is broken around it.
    pub(super) fn judge_midway(&mut self) {
        for number in 0..self.phones.len() {
            if let Some(how) = self.phones[number].inconsistency() {
                return self.breaks(Promise::Diverged, format!("phone {number}: {how}"));
            }
            let user = self.phones[number].user_id;
            for (key, row) in self.phones[number].server_rows() {
                let rev = row[REV].as_integer().unwrap_or_default();
                if !self.server.was_shown(user, key, rev) {
                    return self.breaks(
                        Promise::Leaked,
                        format!("phone {number} holds revision {rev} of {key:?}, which its user never was to see"),
                    );
                }
            }
        }
    }

    /// What holds at rest.
    pub(super) fn judge(&mut self) {
        self.judge_midway();
        for number in 0..self.phones.len() {
            let user = self.phones[number].user_id;
            if self.banned.contains(&user) {
                continue;
            }
            let seen = self.server.disk.seen(user);
            let shown = self.phones[number].shown();
            if let Some(key) =
                shown.keys().find(|key| !seen.contains_key(key) && self.server.disk.rows.contains_key(key))
            {
                return self
                    .breaks(Promise::Leaked, format!("phone {number} keeps {key:?}, which its user may not see"));
            }
            if let Some(difference) = difference(&shown, &seen) {
                return self.breaks(Promise::Diverged, format!("phone {number}: {difference}"));
            }
        }
        self.judge_taps();
        self.judge_meters();
    }

    fn judge_taps(&mut self) {
        let mut attention: BTreeSet<(Uuid, Uuid)> = BTreeSet::new();
        let mut waiting: BTreeSet<(Uuid, Uuid)> = BTreeSet::new();
        for phone in &self.phones {
            let Some(store) = phone.store() else { continue };
            let refused = store.attention().expect("a list that can be read");
            attention.extend(refused.iter().map(|attention| (phone.user_id, attention.entry.key)));
            let queue = store.queue().expect("a queue that can be read");
            waiting.extend(queue.iter().map(|entry| (phone.user_id, entry.key)));
            // What was accepted is kept as well, for a server that goes back to its backup.
            let past = store.history(satchel_client::store::HISTORY_MUTATIONS).expect("a history that can be read");
            waiting.extend(past.iter().map(|past| (phone.user_id, past.key)));
            // What is held says for what it waits.
            let held = queue.iter().filter(|entry| matches!(entry.state, QueueState::Held { .. }));
            attention.extend(held.map(|entry| (phone.user_id, entry.key)));
        }
        let taps: Vec<(Uuid, Tap)> = self.record.taps.iter().map(|(key, tap)| (*key, tap.clone())).collect();
        for (key, tap) in taps {
            let effects = self.server.disk.effects.get(&key).copied().unwrap_or_default();
            let told = attention.contains(&(tap.user_id, key)) || tap.put_away || tap.excused;
            let outcome = self.server.disk.ledger.get(&key).map(|entry| entry.outcome.clone());
            let what = format!("{key} of phone {} at {} ms, {}", tap.phone, tap.at_ms, tap.what);
            if effects > 1 {
                return self.breaks(Promise::Doubled, format!("{what}: took effect {effects} times"));
            }
            let wrong = match outcome {
                Some(Outcome::Accepted { .. } | Outcome::Expired) if effects == 0 => {
                    Some((Promise::Lost, "accepted, without effect"))
                }
                Some(Outcome::Accepted { .. } | Outcome::Expired) => {
                    let taken_back = tap.put_away && !tap.copied;
                    taken_back.then_some((Promise::Doubled, "taken back, and yet it took effect"))
                }
                Some(Outcome::Rejected(_) | Outcome::Quarantined { .. }) if effects > 0 => {
                    Some((Promise::Doubled, "refused, and yet it took effect"))
                }
                Some(Outcome::Rejected(_) | Outcome::Quarantined { .. }) => {
                    (!told).then_some((Promise::Lost, "refused, and nobody is told"))
                }
                None if told => None,
                // Whoever is not let in keeps it.
                None if self.banned.contains(&tap.user_id) && waiting.contains(&(tap.user_id, key)) => None,
                None => Some((Promise::Lost, "neither on the server nor waiting on a phone")),
            };
            if let Some((promise, how)) = wrong {
                return self.breaks(promise, format!("{what}: {how}"));
            }
        }
        for key in self.record.forged.clone() {
            if self.server.disk.effects.get(&key).is_some_and(|effects| *effects > 1) {
                return self.breaks(Promise::Doubled, format!("{key}, a forged one, took effect more than once"));
            }
        }
    }

    /// Meters stand at what was accepted, no more and no less.
    fn judge_meters(&mut self) {
        let accepted = |key: &Uuid| self.server.disk.effects.contains_key(key);
        let units = self.record.taps.iter().filter(|(key, _)| accepted(key)).map(|(_, tap)| tap.units);
        let tapped: i64 = units.sum();
        let office: i64 = self.server.disk.office_units;
        let readings = self.server.disk.readings();
        if readings != tapped + office {
            self.breaks(
                Promise::Doubled,
                format!("meters stand at {readings}; {tapped} were tapped and accepted, {office} came from the office"),
            );
        }
    }
}
