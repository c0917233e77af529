//! Work that waits: what for, since when, and when that is too long.
//!
//! Invariants:
//! - As long as the queue holds anything that is not settled, there is a [`Waiting`]; every [`Condition`] maps to one.
//! - The time counts from the last progress, not from the last try: a phone that goes on connecting and failing is late.

use serde::Serialize;

use super::{Condition, Engine, Limits, Moment};

/// What is in the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Mutations on their way, which the server has not decided on.
    pub unsent: usize,
    /// Accepted ones whose delta has not come.
    pub accepted: usize,
    /// Refused ones, and those held because of them.
    pub stuck: usize,
}

/// What it takes for work to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// Syncing to be switched on.
    Start,
    /// The device to have a network.
    Network,
    /// A person to sign in.
    SignIn,
    /// An update of the app.
    Upgrade,
    /// A connection: being opened, or tried again.
    Server,
    /// The server, or this phone's storage, to be ready: it said later.
    Later,
    /// Verdicts.
    Verdict,
    /// The delta that contains what was accepted.
    Delta,
    /// A person to decide on what was refused.
    Attention,
}

/// Work that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What for.
    pub waits_for: WaitsFor,
    /// How many mutations.
    pub mutations: usize,
    /// Since when without progress, on the device's clock as it stood then; milliseconds since 1970.
    pub since_wall_ms: i64,
    /// When that is too long, on the engine's clock.
    pub overdue_at_ms: u64,
    /// Whether it has come to that.
    pub overdue: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Watchdog {
    work: Work,
    waiting: Option<Waiting>,
}

impl WaitsFor {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Start,
        Self::Network,
        Self::SignIn,
        Self::Upgrade,
        Self::Server,
        Self::Later,
        Self::Verdict,
        Self::Delta,
        Self::Attention,
    ];

    /// Milliseconds after which it takes too long.
    pub fn limit_ms(self, limits: &Limits) -> u64 {
        match self {
            Self::Network => limits.overdue_network_ms,
            Self::Start | Self::SignIn | Self::Upgrade | Self::Attention => limits.overdue_person_ms,
            Self::Server | Self::Later | Self::Verdict => limits.overdue_sending_ms,
            Self::Delta => limits.overdue_delta_ms,
        }
    }

    /// Whether going from one to the other is neither progress nor a new obstacle: a phone with a bad connection goes
    /// round between these.
    fn continues(self, before: Self) -> bool {
        let sending = |waits_for| matches!(waits_for, Self::Server | Self::Later | Self::Verdict);
        self == before || sending(self) && sending(before)
    }
}

impl Engine {
    /// Work that waits, if any does.
    pub fn waiting(&self) -> Option<Waiting> {
        self.watchdog.waiting
    }

    pub(super) fn queue_counted(&mut self, work: Work) {
        let before = std::mem::replace(&mut self.watchdog.work, work);
        let settled = work.unsent < before.unsent || work.accepted < before.accepted || work.stuck < before.stuck;
        if settled {
            // Progress: what is left waits from now on.
            self.watchdog.waiting = None;
        }
    }

    /// Brings the watchdog up to date. Runs after every event.
    pub(super) fn watch_work(&mut self) {
        let Moment { now_ms, wall_ms, .. } = self.moment;
        self.watchdog.waiting = self.waits_for().map(|(waits_for, mutations)| {
            let limit_ms = waits_for.limit_ms(&self.limits);
            let started = Waiting {
                waits_for,
                mutations,
                since_wall_ms: wall_ms,
                overdue_at_ms: now_ms + limit_ms,
                overdue: false,
            };
            let before = self.watchdog.waiting.filter(|before| waits_for.continues(before.waits_for));
            let waiting = before.map_or(started, |before| Waiting { waits_for, mutations, ..before });
            Waiting { overdue: waiting.overdue_at_ms <= now_ms, ..waiting }
        });
    }

    /// When waiting becomes too long.
    pub(super) fn overdue_deadline_ms(&self) -> Option<u64> {
        self.watchdog.waiting.filter(|waiting| !waiting.overdue).map(|waiting| waiting.overdue_at_ms)
    }

    fn waits_for(&self) -> Option<(WaitsFor, usize)> {
        let Work { unsent, accepted, stuck } = self.watchdog.work;
        let mutations = if unsent > 0 { unsent } else { accepted };
        if mutations == 0 {
            return (stuck > 0).then_some((WaitsFor::Attention, stuck));
        }
        let waits_for = match self.condition() {
            Condition::Stopped => WaitsFor::Start,
            Condition::Offline => WaitsFor::Network,
            Condition::NeedsSignIn(_) => WaitsFor::SignIn,
            Condition::UpgradeRequired { .. } => WaitsFor::Upgrade,
            Condition::Waiting { .. } | Condition::Connecting(_) | Condition::RenewingSession => WaitsFor::Server,
            Condition::Blocked { .. } => WaitsFor::Later,
            Condition::Online { .. } if unsent == 0 => WaitsFor::Delta,
            Condition::Online { upload_waits: Some(_), .. } => WaitsFor::Later,
            Condition::Online { upload_waits: None, .. } => WaitsFor::Verdict,
        };
        Some((waits_for, mutations))
    }
}
