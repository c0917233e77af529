//! What the engine asks of the store, done: from work to the event that answers it. The driver runs it off its async
//! threads; the fault simulator runs it whenever its schedule says.

use satchel_protocol::{
    ErrorCode, PROTOCOL_VERSION, Rejection,
    wire::{PullRequest, PushRequest, PushResponse},
};
use uuid::Uuid;

use crate::{
    engine::{Applied, Event, Failure, PageText, PullMode, Stored, Work},
    error::StoreError,
    store::{QueueSummary, Readiness, Store},
};

/// Bytes of arguments and contexts in one push, well below what a server takes.
const PUSH_BYTES: usize = satchel_protocol::limits::BODY_BYTES / 4;

/// One thing to be done with the store. Each is named like the [`Action`](crate::engine::Action) that asks for it.
#[derive(Debug)]
pub enum StoreWork {
    /// Read the next mutations of the queue.
    LoadBatch {
        /// How many at most.
        most: usize,
    },
    /// Store verdicts.
    StoreVerdicts(PushResponse),
    /// Apply a page.
    ApplyPage(PageText),
    /// Drop the cursor.
    ForgetCursor,
    /// Take a new device id.
    RenewDevice,
    /// Number unsent mutations anew.
    Renumber {
        /// What the server expects next.
        expected_seq: u64,
    },
    /// Put a mutation on the attention list.
    Isolate {
        /// Its key.
        key: Uuid,
        /// Why.
        failure: Failure,
    },
}

impl StoreWork {
    /// Does it.
    pub fn run(&self, store: &Store) -> Event {
        match self {
            Self::LoadBatch { most } => Event::BatchLoaded(told(load_batch(store, *most))),
            Self::StoreVerdicts(response) => Event::VerdictsStored(told(store_verdicts(store, response))),
            Self::ApplyPage(page) => Event::PageApplied(told(apply_page(store, page))),
            Self::ForgetCursor => Event::CursorForgotten(told(store.forget_cursor())),
            Self::RenewDevice => Event::QueueMended(told(store.renew_device_id().map(drop))),
            Self::Renumber { expected_seq } => Event::QueueMended(
                told(store.renumber_from(*expected_seq))
                    .and_then(|pushed| if pushed.cloned { Err(cloned_device()) } else { Ok(()) }),
            ),
            Self::Isolate { key, failure } => Event::QueueMended(told(isolate(store, *key, failure))),
        }
    }

    /// The event that answers it when it could not be done at all.
    pub fn fails(&self, failure: Failure) -> Event {
        match self {
            Self::LoadBatch { .. } => Event::BatchLoaded(Err(failure)),
            Self::StoreVerdicts(_) => Event::VerdictsStored(Err(failure)),
            Self::ApplyPage(_) => Event::PageApplied(Err(failure)),
            Self::ForgetCursor => Event::CursorForgotten(Err(failure)),
            Self::RenewDevice | Self::Renumber { .. } | Self::Isolate { .. } => Event::QueueMended(Err(failure)),
        }
    }
}

/// What the watchdog looks at: told to the engine after every event.
pub fn work_of(queue: &QueueSummary) -> Work {
    Work { unsent: queue.unsent(), accepted: queue.accepted, stuck: queue.rejected + queue.held }
}

/// The pull a connection is opened with, or sent again over it.
pub fn pull_request(store: &Store, mode: PullMode) -> Result<PullRequest, StoreError> {
    if mode.list_scopes { store.pull_request_with_ids() } else { store.pull_request() }
}

/// A failure of this phone's own storage. Pages that make no sense come from the other side, yet asking again at once
/// would bring the same.
pub fn local(error: &StoreError) -> Failure {
    Failure::later(error.to_string())
}

fn told<T>(result: Result<T, StoreError>) -> Result<T, Failure> {
    result.map_err(|error| local(&error))
}

fn load_batch(store: &Store, most: usize) -> Result<Option<PushRequest>, StoreError> {
    let mutations = store.next_batch(most, PUSH_BYTES)?;
    let device_id = store.device_id();
    Ok((!mutations.is_empty()).then_some(PushRequest { protocol: PROTOCOL_VERSION, device_id, mutations }))
}

fn store_verdicts(store: &Store, response: &PushResponse) -> Result<Stored, StoreError> {
    let pushed = store.apply_push(response)?;
    Ok(Stored { cloned: pushed.cloned, awaiting: store.queue_summary().accepted })
}

fn apply_page(store: &Store, page: &PageText) -> Result<Applied, StoreError> {
    let applied = store.apply_page(&page.0)?;
    Ok(Applied {
        complete: applied.complete,
        gap: applied.gap,
        cloned: applied.cloned,
        differs: applied.mismatch,
        unverified: applied.complete && applied.readiness != Readiness::Ready,
        refed: applied.refed + applied.released > 0,
        awaiting: store.queue_summary().accepted,
    })
}

fn isolate(store: &Store, key: Uuid, failure: &Failure) -> Result<(), StoreError> {
    let code = failure.code.unwrap_or(ErrorCode::BadRequest);
    match store.set_aside(key, Rejection::new(code, "push.refused", failure.message.clone())) {
        // Undone by its author meanwhile: it spoils no batch any more.
        Err(StoreError::NotQueued { .. }) => Ok(()),
        result => result,
    }
}

/// The engine renews the device id: only it knows when no page is being applied.
fn cloned_device() -> Failure {
    let failure = Failure::later("Another phone uses this device id.");
    Failure { code: Some(ErrorCode::DeviceCloned), ..failure }
}
