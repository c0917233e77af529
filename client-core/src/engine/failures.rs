//! How often what failed, for diagnostics.

use satchel_protocol::ErrorCode;
use serde::Serialize;

use super::{Class, Event, Failure, Inbound, Moment};

/// Kinds of failure remembered; of more, the one seen longest ago is forgotten.
pub const FAILURE_KINDS: usize = 32;
/// Bytes of a trace id remembered; a longer one is none of ours.
const TRACE_ID_BYTES: usize = 64;

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Opening a connection.
    Connect,
    /// Keeping it open.
    Connection,
    /// What the server said over it.
    Answer,
    /// Waiting for an answer, which did not come in time.
    Deadline,
    /// Reading the queue.
    ReadQueue,
    /// Storing verdicts.
    StoreVerdicts,
    /// Applying a page.
    ApplyPage,
    /// Forgetting the cursor.
    ForgetCursor,
    /// Numbering the queue anew, or taking a new device id.
    MendQueue,
    /// Renewing the session.
    RenewSession,
}

/// Failures of one kind. No message: it may be the server's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailureKind {
    /// What was being done.
    pub step: Step,
    /// What is done about it.
    pub class: Class,
    /// The server's code, if the server answered.
    pub code: Option<ErrorCode>,
    /// How often, since the replica was opened.
    pub count: u64,
    /// When last, by the device's clock; milliseconds since 1970.
    pub last_at_ms: i64,
    /// Finds the last one in the server's logs.
    pub last_trace_id: Option<String>,
}

/// The failures since the engine was made, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    kinds: Vec<FailureKind>,
}

impl Failures {
    /// By kind, the one seen last first.
    pub fn kinds(&self) -> &[FailureKind] {
        &self.kinds
    }

    pub(super) fn note(&mut self, step: Step, failure: &Failure, moment: Moment) {
        let (class, code) = (failure.class, failure.code);
        let known = self.kinds.iter().position(|kind| (kind.step, kind.class, kind.code) == (step, class, code));
        let count = known.map_or(0, |position| self.kinds.remove(position).count);
        let last_trace_id = Some(&failure.trace_id).filter(|id| is_trace_id(id)).cloned();
        let kind = FailureKind { step, class, code, count: count + 1, last_at_ms: moment.wall_ms, last_trace_id };
        self.kinds.insert(0, kind);
        self.kinds.truncate(FAILURE_KINDS);
    }

    /// Takes down what an event says went wrong.
    pub(super) fn note_event(&mut self, event: &Event, moment: Moment) {
        let (step, failure) = match event {
            Event::ConnectFailed(_, failure) => (Step::Connect, failure),
            Event::Closed(_, failure) => (Step::Connection, failure),
            Event::BatchLoaded(Err(failure)) => (Step::ReadQueue, failure),
            Event::VerdictsStored(Err(failure)) => (Step::StoreVerdicts, failure),
            Event::PageApplied(Err(failure)) => (Step::ApplyPage, failure),
            Event::CursorForgotten(Err(failure)) => (Step::ForgetCursor, failure),
            Event::QueueMended(Err(failure)) => (Step::MendQueue, failure),
            Event::TokenRefreshed(Err(failure)) => (Step::RenewSession, failure),
            Event::Received(_, Inbound::Error(error)) => {
                return self.note(Step::Answer, &Failure::from(error.error.clone()), moment);
            }
            Event::Received(_, Inbound::Delta(_) | Inbound::Pushed(_) | Inbound::Heartbeat(_) | Inbound::Unknown)
            | Event::BatchLoaded(Ok(_))
            | Event::VerdictsStored(Ok(_))
            | Event::PageApplied(Ok(_))
            | Event::CursorForgotten(Ok(()))
            | Event::QueueMended(Ok(()))
            | Event::TokenRefreshed(Ok(()))
            | Event::Start
            | Event::Stop
            | Event::NetworkUp
            | Event::NetworkDown
            | Event::SignedIn
            | Event::LocalMutation
            | Event::QueueCounted(_)
            | Event::Tick
            | Event::Connected(_)
            | Event::Finished(_) => return,
        };
        self.note(step, failure, moment);
    }
}

/// Whether a text is what the server makes trace ids of, and not something it should not have sent.
fn is_trace_id(text: &str) -> bool {
    let digits = |letter: char| letter.is_ascii_hexdigit() || letter == '-';
    !text.is_empty() && text.len() <= TRACE_ID_BYTES && text.chars().all(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Moment = Moment { now_ms: 0, wall_ms: 1, jitter_permille: 0 };

    #[test]
    fn failures_are_counted_by_kind_and_the_last_comes_first() {
        let mut failures = Failures::default();
        let later = Failure { trace_id: "0af7651916cd43dd8448eb211c80319c".to_owned(), ..Failure::later("Not now.") };
        failures.note(Step::Answer, &later, MOMENT);
        failures.note(Step::Connect, &Failure::network("Gone."), MOMENT);
        failures.note(Step::Answer, &Failure { trace_id: "Jane Doe".to_owned(), ..later }, MOMENT);
        let told: Vec<_> = failures.kinds().iter().map(|kind| (kind.step, kind.count)).collect();
        assert_eq!(told, [(Step::Answer, 2), (Step::Connect, 1)]);
        assert_eq!(failures.kinds()[0].last_trace_id, None);
    }
}
