//! What an app shows about syncing: always a reason a person can read, and what happens next (P8).

use jiff::Timestamp;
use satchel_protocol::wire::Wipe;
use serde::Serialize;

use crate::{
    engine::{self, Condition, Ended, Failure, Transport, WaitsFor},
    store::{Progress, QueueSummary, Readiness},
};

/// Where syncing stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Where the connection stands.
    pub connection: Connection,
    /// Everything the server had when the connection opened is here, and changes arrive as they happen.
    pub caught_up: bool,
    /// What somebody else took back, so that nothing is sent: everything that waits is kept here.
    pub ended: Option<Ended>,
    /// Why things are as they are; a sentence.
    pub reason: String,
    /// What happens next, or what to do; a sentence.
    pub next_step: String,
    /// Milliseconds from when this was published until the next try, where one is due.
    pub next_try_in_ms: Option<u64>,
    /// What holds up the work in the queue, if it holds any.
    pub waiting: Option<Waiting>,
    /// Counts of the queue.
    pub queue: QueueSummary,
    /// Whether screens may rely on the replica.
    pub readiness: Readiness,
    /// How far the download under way is.
    pub progress: Progress,
    /// When everything the server had was here, by the server's clock.
    pub last_synced_at: Option<Timestamp>,
    /// Milliseconds the server's clock is ahead of this device's, once measured.
    pub server_offset_ms: Option<i64>,
    /// Finds the last failure in the server's logs.
    pub trace_id: Option<String>,
    /// How the office asks for this phone to be cleared, if it does.
    pub wipe: Option<Wipe>,
}

/// Work of this phone that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What for.
    pub waits_for: WaitsFor,
    /// How many mutations.
    pub mutations: usize,
    /// Since when nothing moved, by the device's clock.
    pub since: Timestamp,
    /// It takes longer than it should.
    pub overdue: bool,
    /// Why it waits; a sentence.
    pub reason: String,
    /// What happens next, or what to do; a sentence.
    pub next_step: &'static str,
    /// Milliseconds from when this was published until the next try, where one is due.
    pub next_try_in_ms: Option<u64>,
}

/// Where the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// Syncing was not started, or was stopped.
    Stopped,
    /// The device has no network.
    Offline,
    /// The server could not be reached; another try is due.
    Waiting,
    /// Being opened.
    Connecting,
    /// Open, by this way.
    Online(Transport),
    /// A person must sign in; the queue is kept.
    NeedsSignIn,
    /// The app is too old for the server; the queue is kept.
    UpgradeRequired,
    /// Something that will hardly change by itself stands in the way.
    Blocked,
}

impl Connection {
    /// Whether a connection is open.
    pub fn is_online(self) -> bool {
        matches!(self, Self::Online(_))
    }
}

impl Status {
    /// Nobody is signed in.
    pub(crate) fn signed_out() -> Self {
        Self {
            connection: Connection::NeedsSignIn,
            caught_up: false,
            ended: None,
            reason: "Nobody is signed in on this device.".to_owned(),
            next_step: "Sign in.".to_owned(),
            next_try_in_ms: None,
            waiting: None,
            queue: QueueSummary::default(),
            readiness: Readiness::Empty,
            progress: Progress::default(),
            last_synced_at: None,
            server_offset_ms: None,
            trace_id: None,
            wipe: None,
        }
    }

    /// The office had this phone cleared.
    pub(crate) fn wiped() -> Self {
        let (reason, next_step) = taken_back(Ended::Wiped, &QueueSummary::default());
        Self { ended: Some(Ended::Wiped), reason, next_step: next_step.to_owned(), ..Self::signed_out() }
    }

    /// Everything here is at the server, everything there is here, and a manifest has confirmed it.
    pub fn is_settled(&self) -> bool {
        self.caught_up && self.readiness.usable() && self.queue.unsent() == 0 && self.queue.accepted == 0
    }

    /// Takes over what the engine says.
    pub(crate) fn tell(&mut self, condition: &Condition, now_ms: u64) {
        let words = Words::of(condition, &self.queue, now_ms);
        self.connection = words.connection;
        self.caught_up = matches!(condition, Condition::Online { caught_up: true, .. });
        self.ended = words.ended;
        self.reason = words.reason;
        self.next_step = words.next_step;
        self.next_try_in_ms = words.next_try_in_ms;
        self.trace_id = words.trace_id;
    }

    /// Takes over what the engine says of work that waits, after [`tell`](Self::tell).
    pub(crate) fn tell_waiting(&mut self, waiting: Option<engine::Waiting>) {
        self.waiting = waiting.map(|waiting| Waiting {
            waits_for: waiting.waits_for,
            mutations: waiting.mutations,
            since: Timestamp::from_millisecond(waiting.since_wall_ms).unwrap_or_default(),
            overdue: waiting.overdue,
            reason: match waiting.waits_for {
                // What stands in the way may be on this phone, and then its owner can do something about it.
                WaitsFor::Later => with_cause(why_it_waits(waiting.waits_for, waiting.mutations), &self.reason),
                waits_for => why_it_waits(waits_for, waiting.mutations),
            },
            next_step: what_helps(waiting.waits_for, waiting.overdue),
            next_try_in_ms: self.next_try_in_ms,
        });
    }
}

/// Why work waits.
fn why_it_waits(waits_for: WaitsFor, mutations: usize) -> String {
    let (who, one) = match mutations {
        1 => ("1 change".to_owned(), true),
        many => (format!("{many} changes"), false),
    };
    let waits = if one { "waits" } else { "wait" };
    match waits_for {
        WaitsFor::Start => format!("{who} {waits} because syncing is switched off."),
        WaitsFor::Network => format!("{who} {waits} for a network."),
        WaitsFor::SignIn => format!("{who} {waits} until you sign in."),
        WaitsFor::Upgrade => format!("{who} {waits} for an update of the app."),
        WaitsFor::Server => format!("{who} {waits} for a connection to the server."),
        WaitsFor::Later => format!("{who} {waits} because sending does not work now."),
        WaitsFor::Verdict => format!("{who} {waits} for the server's answer."),
        WaitsFor::Delta => format!("{who} arrived and {waits} for the server's confirmation."),
        WaitsFor::Attention => format!("{who} {waits} for your decision."),
    }
}

/// A reason and what is behind it, as one sentence after the other.
fn with_cause(reason: String, cause: &str) -> String {
    let mut letters = cause.trim_end_matches('.').chars();
    match letters.next() {
        Some(first) => format!("{reason} {}{}.", first.to_uppercase(), letters.as_str()),
        None => reason,
    }
}

/// What happens next with work that waits, or what to do.
fn what_helps(waits_for: WaitsFor, overdue: bool) -> &'static str {
    match (waits_for, overdue) {
        (WaitsFor::Start, _) => "Switch syncing on.",
        (WaitsFor::Network, false) => "Go on working; it is sent once the network is back.",
        (WaitsFor::Network, true) => {
            "Find a place with a network, or export the unsent work and hand it to the office."
        }
        (WaitsFor::SignIn, _) => "Sign in again; it is sent then.",
        (WaitsFor::Upgrade, false) => "Update the app; it is sent then.",
        (WaitsFor::Upgrade, true) => "Update the app, or export the unsent work and hand it to the office.",
        (WaitsFor::Server | WaitsFor::Later | WaitsFor::Verdict, false) => {
            "Nothing to do; it is tried again by itself."
        }
        (WaitsFor::Server | WaitsFor::Later | WaitsFor::Verdict, true) => {
            "Try another network; if that does not help, send a report to support or export the unsent work."
        }
        (WaitsFor::Delta, false) => "Nothing to do; it is at the server.",
        (WaitsFor::Delta, true) => "It is safe at the server; send a report to support if this stays.",
        (WaitsFor::Attention, _) => "Open the attention list to correct, retry or undo it.",
    }
}

/// A condition in words.
struct Words {
    connection: Connection,
    ended: Option<Ended>,
    reason: String,
    next_step: String,
    next_try_in_ms: Option<u64>,
    trace_id: Option<String>,
}

/// Who took back what, and what becomes of the work.
fn taken_back(ended: Ended, queue: &QueueSummary) -> (String, &'static str) {
    let kept = match queue.unsent() + queue.held {
        0 => "nothing here waited to be sent".to_owned(),
        1 => "1 change is kept here".to_owned(),
        unsent => format!("{unsent} changes are kept here"),
    };
    match ended {
        Ended::Session => {
            (format!("This session was ended from elsewhere; {kept}."), "Sign in again; what is kept is sent then.")
        }
        Ended::Device => (
            format!("This device was signed out by the office or its owner; {kept}."),
            "Sign in again if you may; what is kept is sent then.",
        ),
        Ended::Wiped => ("The office has cleared this phone.".to_owned(), "Sign in again if you may."),
        Ended::Membership => (
            format!("You are no longer a member of this organization; {kept}."),
            "Ask the office; what is kept is sent once you are a member again.",
        ),
    }
}

impl Words {
    fn of(condition: &Condition, queue: &QueueSummary, now_ms: u64) -> Self {
        let say = |connection, reason: &str, next_step: &str| Self {
            connection,
            ended: None,
            reason: reason.to_owned(),
            next_step: next_step.to_owned(),
            next_try_in_ms: None,
            trace_id: None,
        };
        match condition {
            Condition::Stopped => say(Connection::Stopped, "Syncing is switched off.", "Switch it on to sync."),
            Condition::Offline => say(
                Connection::Offline,
                "The device has no network.",
                "Go on working; everything is sent once the network is back.",
            ),
            Condition::Connecting(_) => {
                say(Connection::Connecting, "Connecting to the server.", "Nothing to do; this takes a moment.")
            }
            Condition::RenewingSession => {
                say(Connection::Connecting, "Renewing the session.", "Nothing to do; this takes a moment.")
            }
            Condition::NeedsSignIn(failure) => say(
                Connection::NeedsSignIn,
                "The session has ended.",
                "Sign in again; nothing entered is lost, and it is sent then.",
            )
            .about(failure, queue),
            Condition::Waiting { retry_at_ms, failure } => {
                let reason = failure.as_ref().map_or("Not connected yet.", |failure| &failure.message);
                let words = say(Connection::Waiting, reason, "Go on working; the next try follows by itself.");
                match failure {
                    Some(failure) => words.about(failure, queue),
                    None => words,
                }
                .due(*retry_at_ms, now_ms)
            }
            Condition::UpgradeRequired { failure, retry_at_ms } => say(
                Connection::UpgradeRequired,
                &failure.message,
                "Update the app; nothing entered is lost, and it is sent then.",
            )
            .traced(failure)
            .due(*retry_at_ms, now_ms),
            Condition::Blocked { failure, retry_at_ms } => say(
                Connection::Blocked,
                &failure.message,
                "Go on working; it is tried again later. If it stays, ask whoever runs the server.",
            )
            .about(failure, queue)
            .due(*retry_at_ms, now_ms),
            Condition::Online { transport, upload_waits: Some((failure, until_ms)), .. } => say(
                Connection::Online(*transport),
                &failure.message,
                "Changes arrive; sending is tried again by itself.",
            )
            .traced(failure)
            .due(*until_ms, now_ms),
            Condition::Online { transport, caught_up, upload_waits: None } => {
                let connection = Connection::Online(*transport);
                match (caught_up, queue.unsent(), queue.rejected) {
                    (false, ..) => say(connection, "Receiving changes.", "Nothing to do."),
                    (true, 0, 0) => say(connection, "Everything is in sync.", "Nothing to do."),
                    (true, 0, rejected) => say(
                        connection,
                        &match queue.held {
                            0 => format!("{rejected} of your changes need attention."),
                            held => format!("{rejected} of your changes need attention; {held} more wait for them."),
                        },
                        "Open the attention list to correct, retry or undo them.",
                    ),
                    (true, unsent, _) => {
                        say(connection, &format!("Sending {unsent} of your changes."), "Nothing to do.")
                    }
                }
            }
        }
    }

    /// Replaces the words by clearer ones where something was taken back.
    fn about(mut self, failure: &Failure, queue: &QueueSummary) -> Self {
        if let Some(ended) = failure.ended {
            let (reason, next_step) = taken_back(ended, queue);
            (self.ended, self.reason, self.next_step) = (Some(ended), reason, next_step.to_owned());
        }
        self.traced(failure)
    }

    fn traced(mut self, failure: &Failure) -> Self {
        self.trace_id = Some(failure.trace_id.clone()).filter(|trace_id| !trace_id.is_empty());
        self
    }

    fn due(mut self, at_ms: u64, now_ms: u64) -> Self {
        self.next_try_in_ms = Some(at_ms.saturating_sub(now_ms));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_back_is_told_with_what_is_kept() {
        let cases = [
            (Ended::Session, 0, "This session was ended from elsewhere; nothing here waited to be sent."),
            (Ended::Device, 1, "This device was signed out by the office or its owner; 1 change is kept here."),
            (Ended::Membership, 7, "You are no longer a member of this organization; 7 changes are kept here."),
        ];
        for (ended, pending, reason) in cases {
            let failure = Failure { ended: Some(ended), ..Failure::unauthorized("No.") };
            let mut status = Status::signed_out();
            status.queue.pending = pending;
            status.tell(&Condition::NeedsSignIn(failure), 0);
            assert_eq!((status.ended, status.reason.as_str()), (Some(ended), reason));
            status.tell(&Condition::Stopped, 0);
            assert_eq!(status.ended, None);
        }
    }

    #[test]
    fn whatever_work_waits_for_has_a_reason_and_a_next_step() {
        for waits_for in WaitsFor::ALL {
            for (mutations, overdue) in [(1, false), (3, true)] {
                let waiting = engine::Waiting { waits_for, mutations, since_wall_ms: 5, overdue_at_ms: 0, overdue };
                let mut status = Status::signed_out();
                status.tell_waiting(Some(waiting));
                let told = status.waiting.expect("it waits");
                assert!(told.reason.starts_with(&mutations.to_string()), "{told:?}");
                assert!(told.reason.ends_with('.') && told.next_step.ends_with('.'), "{told:?}");
                assert_eq!(told.since.as_millisecond(), 5);
            }
        }
    }

    #[test]
    fn every_condition_has_a_reason_and_a_next_step() {
        let failure = Failure::network("The server cannot be reached.");
        let online = |caught_up, upload_waits| Condition::Online { transport: Transport::Sse, caught_up, upload_waits };
        let conditions = [
            Condition::Stopped,
            Condition::Offline,
            Condition::Waiting { retry_at_ms: 1_500, failure: Some(failure.clone()) },
            Condition::Waiting { retry_at_ms: 1_500, failure: None },
            Condition::Connecting(Transport::WebSocket),
            Condition::RenewingSession,
            online(false, None),
            online(true, None),
            online(true, Some((failure.clone(), 1_500))),
            Condition::NeedsSignIn(failure.clone()),
            Condition::UpgradeRequired { failure: failure.clone(), retry_at_ms: 1_500 },
            Condition::Blocked { failure, retry_at_ms: 1_500 },
        ];
        for condition in conditions {
            let mut status = Status::signed_out();
            (status.reason, status.next_step) = (String::new(), String::new());
            status.tell(&condition, 1_000);
            assert!(status.reason.ends_with('.') && status.next_step.ends_with('.'), "{condition:?}");
            assert!(status.next_try_in_ms.is_none_or(|wait_ms| wait_ms == 500), "{condition:?}");
        }
    }
}
