//! Mutations come in, verdicts go out: batches of a phone in its order, and single ones by RPC.
//!
//! Invariants:
//! - One transaction holds the effects, the verdicts, the audit entries and the device's count (P2). A batch is
//!   committed whole or not at all; each of its mutations has its own verdict. Only a batch about more aggregates than
//!   one transaction may lock is several such transactions, one after the other: whatever the last of them comes to, the
//!   phone repeats the batch, and what was committed is told again.
//! - Everything a phone sends is either stored in the ledger in its original bytes, or answered with an error that
//!   leaves the phone's queue as it was (P1).
//! - One device's pushes run one after the other; its row is locked first. Then come the locks on aggregates, in
//!   ascending order.
//! - A fault of the server is never a verdict. It is counted, and after [`FAULTS_BEFORE_QUARANTINE`] of them the
//!   mutation is stored as quarantined and the device moves on (P8).
//! - A verdict that row-level security or a constraint gives has a typed reason and a sentence for a person.
//! - What the policy forbids is refused before anything of it is read, by a verdict like any other.
//! - What failed for good, and what its author lost sight of, goes to the supervisor's inbox in the transaction of its
//!   verdict; what is decided there is applied in the transaction of the decision.
//!
//! Reading order: `intake` → `sequence` → [`push`] → `transaction` → `execute` → `fault` → `clock` → `inbox`; `rescued` for work out of
//! bundles.

pub mod clock;
mod execute;
mod fault;
mod inbox;
pub mod intake;
mod rescued;
pub mod sequence;
mod transaction;

pub use self::rescued::rescued;

use std::{collections::HashSet, time::Duration};

use satchel_protocol::{
    ErrorCode, Registry,
    wire::{Outcome, PushRequest, PushResponse},
};
use serde_json::{json, value::RawValue};
use uuid::Uuid;

use self::{
    intake::Intake,
    transaction::{Answered, Batch, Setback},
};
use crate::{
    database::{Caller, Database},
    error::ApiError,
    feed::Hub,
    policy::Policy,
    store::{self, Store},
    trace,
};

/// Faults of the server after which a mutation is set aside.
pub const FAULTS_BEFORE_QUARANTINE: u32 = 5;
/// How often a transaction that lost against others is run.
const TRANSACTION_TRIES: u32 = 6;
/// The pause before it is run again, in milliseconds; doubled each time.
const TRANSACTION_PAUSE_MS: u64 = 5;

/// What executing mutations takes. Cheap to clone.
#[derive(Clone)]
pub struct Pusher {
    database: Database,
    hub: Hub,
    store: Store,
    policy: Policy,
}

impl Pusher {
    /// A pusher for a registry and its policy.
    pub fn new(database: Database, hub: Hub, registry: &'static Registry, policy: Policy) -> Self {
        Self { database, hub, store: Store::of(registry), policy }
    }
}

/// Executes a phone's batch. The rules of order stand in `sequence`.
///
/// # Errors
/// `BAD_REQUEST`, `PAYLOAD_TOO_LARGE`, `UPGRADE_REQUIRED`, `FORBIDDEN` (another user's device, or not a member),
/// `SEQUENCE_GAP` with `details.expected_seq`, `DEVICE_CLONED` with `details.seq`, `SERVICE_UNAVAILABLE`, and
/// `INTERNAL_SERVER_ERROR`, which is counted against the mutation at fault. After any of them the phone's queue stays
/// as it was.
pub async fn push(state: &Pusher, caller: &Caller, request: PushRequest) -> Result<PushResponse, ApiError> {
    intake::check(&request)?;
    let PushRequest { device_id, mutations, .. } = request;
    let registry = state.store.registry();
    let batch: Vec<Intake> = mutations.into_iter().map(|mutation| Intake::of(registry, mutation)).collect();
    let answered = process(state, caller, Some(device_id), &batch).await?;
    Ok(PushResponse { verdicts: answered.verdicts, last_seq: answered.last_seq })
}

/// Executes one mutation that has no device and no order, and gives its output. A repeat gives the same answer.
///
/// # Errors
/// Those of [`push`]; a refusal has the code of its [`Rejection`](satchel_protocol::Rejection) and its `reason` in the
/// details.
pub async fn single(
    state: &Pusher,
    caller: &Caller,
    key: Uuid,
    name: &str,
    args: Box<RawValue>,
) -> Result<serde_json::Value, ApiError> {
    intake::check_size(key, &args, RawValue::NULL)?;
    let intake = Intake::single(state.store.registry(), key, name.to_owned(), args);
    let answered = process(state, caller, None, &[intake]).await?;
    match answered.verdicts.into_iter().next().map(|verdict| verdict.outcome) {
        Some(Outcome::Accepted { output }) => Ok(output),
        Some(Outcome::Rejected(rejection)) => Err(rejection.into()),
        Some(Outcome::Quarantined { trace_id }) => Err(ApiError::new(
            ErrorCode::InternalServerError,
            "This failed several times for a fault of the server and was set aside. A supervisor will look at it.",
        )
        .with_details(json!({ "reason": "mutation.quarantined", "retry": "never", "fault": trace_id }))),
        Some(Outcome::Expired) => Err(ApiError::new(
            ErrorCode::Conflict,
            "This was processed so long ago that its answer is no longer kept. It was not applied again.",
        )
        .with_details(json!({ "reason": "mutation.expired" }))),
        None => Err(ApiError::internal("a mutation without a verdict")),
    }
}

async fn process(
    state: &Pusher,
    caller: &Caller,
    device_id: Option<Uuid>,
    intakes: &[Intake],
) -> Result<Answered, ApiError> {
    let mut whole = Answered { verdicts: Vec::with_capacity(intakes.len()), ..Answered::default() };
    for part in parts(intakes) {
        let answered = transact(state, caller, device_id, part).await?;
        whole.verdicts.extend(answered.verdicts);
        whole.last_seq = answered.last_seq;
    }
    Ok(whole)
}

/// The batch in as few parts as possible, none about more aggregates than one transaction may lock. At least one.
fn parts(intakes: &[Intake]) -> impl Iterator<Item = &[Intake]> {
    let mut rest = Some(intakes);
    std::iter::from_fn(move || {
        let batch = rest.take()?;
        let mut roots = HashSet::new();
        let mut fits = |intake: &Intake| {
            roots.extend(intake.prepared.iter().flat_map(|prepared| &prepared.roots).copied());
            roots.len() <= store::ROOT_LOCKS
        };
        // One mutation is never parted; by itself it locks the organization.
        let length = batch.iter().position(|intake| !fits(intake)).map_or(batch.len(), |length| length.max(1));
        let (part, left) = batch.split_at(length);
        rest = (!left.is_empty()).then_some(left);
        Some(part)
    })
}

async fn transact(
    state: &Pusher,
    caller: &Caller,
    device_id: Option<Uuid>,
    intakes: &[Intake],
) -> Result<Answered, ApiError> {
    let trace_id = trace::current().to_string();
    let mut batch = Batch { caller, device_id, intakes, trace_id: &trace_id, careful: false };
    let mut foreign = HashSet::new();
    for round in 0..TRANSACTION_TRIES {
        match batch.run(state, &foreign).await {
            Ok(answered) => {
                if answered.wrote {
                    match device_id {
                        Some(device_id) => state.hub.signal_device(caller.org_id, device_id),
                        None => state.hub.signal(),
                    }
                }
                return Ok(answered);
            }
            Err(Setback::Again) => {
                let jitter_ms = rand::random_range(0..=TRANSACTION_PAUSE_MS);
                tokio::time::sleep(Duration::from_millis((TRANSACTION_PAUSE_MS << round) + jitter_ms)).await;
            }
            Err(Setback::Carefully) => batch.careful = true,
            // Seen on the next round if they are the author's own; refused if they are not.
            Err(Setback::KeysTaken(keys)) => foreign.extend(keys),
            Err(Setback::Fault(position, fault)) => {
                let error = ApiError::internal_chain(&fault);
                if let Some(intake) = position.and_then(|position| intakes.get(position)) {
                    tracing::error!(%trace_id, key = %intake.claim.key, name = %intake.name, "a mutation is at fault");
                    count_fault(state, caller, intake.claim.key, &trace_id).await?;
                }
                return Err(error);
            }
            Err(Setback::Answer(error)) => return Err(error),
        }
    }
    Err(ApiError::unavailable("Too many changes of the same things at once. Trying again later helps."))
}

async fn count_fault(state: &Pusher, caller: &Caller, key: Uuid, trace_id: &str) -> Result<(), ApiError> {
    let mut entered = state.database.begin_write(caller).await?;
    store::count_attempt(&mut entered.tx, caller.org_id, caller.user_id, key, trace_id)
        .await
        .map_err(|error| ApiError::internal_chain(&error))?;
    entered.tx.commit().await.map_err(|error| ApiError::internal_chain(&error))
}
