//! The local store: replica, queue and their bookkeeping in one SQLite file.
//!
//! Invariants:
//! - What a call reports as done is durable before it returns (P1): a mutation and its wire number survive power loss;
//!   what the server sent survives a crash of the process, and is asked for again after power loss.
//! - A mutation leaves the queue only by its key, in the transaction that stores its verdict.
//! - Replica tables hold server rows with the effects of all undecided mutations on top, at every commit.
//! - One writer at a time, first come first served; downloads write in small transactions, so that a local write waits
//!   for one of them at most (P9). Readers never wait.
//!
//! Calls block: run them off an async executor.

mod gate;
mod receipts;
pub mod report;
mod rescue;
mod state;
mod types;
mod writer;

use std::{path::Path, sync::Arc};

use satchel_protocol::{
    Registry, Rejection, ShapeError, Table,
    context::ClientContext,
    limits::ARGS_BYTES,
    wire::{Outcome, PullRequest, PushResponse, PushedMutation, Settlement, Wipe},
};
use serde_json::value::RawValue;
use uuid::Uuid;

pub use receipts::Receipts;
pub use rescue::{Salvaged, TakenIn};
pub use types::{
    Applied, Attention, Changes, Difference, Identity, Mutated, Past, Progress, Pushed, QueueEntry, QueueState,
    QueueSummary, Readiness, RowSet, StoreOptions,
};

pub(crate) use state::State;

use crate::{
    db::{Db, Durability, MetaName, StoredPast, Tx, reader::Reader},
    error::StoreError,
    observe::Observation,
    queue::{
        self,
        enqueue::{self, New, OnRefusal},
        holds, repair, verdict, wire,
    },
    rebase::{Seeds, rebase},
    replica::{self, Page, Position, Progressed},
    simulation::{self, Bug, planted},
};

pub use crate::queue::verdict::HISTORY_MUTATIONS;

/// Ids of one table an observer is told one by one.
pub const OBSERVED_IDS: usize = 4_096;

/// See the module. Cheap to clone; the file closes with the last clone.
#[derive(Clone, Debug)]
pub struct Store {
    shared: Arc<writer::Shared>,
}

impl Store {
    /// Opens the file of this user in this organization, making or upgrading it as needed.
    ///
    /// Roles and technician are taken over from `identity`; another organization or user is
    /// [`StoreError::OtherIdentity`].
    pub fn open(
        path: &Path,
        registry: &'static Registry,
        identity: &Identity,
        options: StoreOptions,
    ) -> Result<Self, StoreError> {
        Ok(Self { shared: Arc::new(writer::Shared::open(path, registry, identity, &options)?) })
    }

    /// Whose replica this is.
    pub fn identity(&self) -> Identity {
        self.shared.published(|state| state.identity.clone())
    }

    /// Takes over roles and technician after a sign-in or refresh; another organization or user is an error.
    pub fn set_identity(&self, identity: &Identity) -> Result<(), StoreError> {
        self.shared.write(Durability::Power, |tx, state, _| {
            if (state.identity.org_id, state.identity.user_id) != (identity.org_id, identity.user_id) {
                return Err(StoreError::OtherIdentity);
            }
            tx.set_meta(MetaName::Identity, Some(identity))?;
            state.identity = identity.clone();
            state.adopt_roles();
            Ok(())
        })
    }

    /// This phone's id, made when the file was made.
    pub fn device_id(&self) -> Uuid {
        self.shared.published(|state| state.device_id)
    }

    /// Runs a mutation on the replica and queues it: effects and queue entry are durable, together, on return.
    ///
    /// What the user may not call, as far as the server has told, and what a rule refuses that the phone can decide, gives
    /// [`Mutated::Refused`] and queues nothing.
    pub fn mutate(&self, name: &str, args: Box<RawValue>, context: &ClientContext) -> Result<Mutated, StoreError> {
        if args.get().len() > ARGS_BYTES {
            return Err(StoreError::ArgumentsTooLarge { bytes: args.get().len(), limit: ARGS_BYTES });
        }
        let known = self.shared.registry().mutation(name);
        let kind = known.ok_or_else(|| StoreError::UnknownMutation { name: name.to_owned() })?;
        let context = serde_json::value::to_raw_value(context)
            .map_err(|_| StoreError::Arguments(ShapeError::new("context", "a client context")))?;
        let new = New { key: simulation::new_id(), kind, args: &args, context: &context, retry_of: None };
        let durability = if planted(Bug::TapNotSynced) { Durability::Process } else { Durability::Power };
        self.shared
            .write(durability, |tx, state, collected| enqueue::enqueue(tx, state, &new, OnRefusal::Refuse, collected))
    }

    /// The first undecided mutations that are not held, in order, at most `max_mutations` and (beyond the first) `max_bytes` of arguments
    /// and contexts. Gives those not yet sent their wire numbers, durably. Until their verdicts arrive, a repeat gives
    /// the same mutations with the same numbers.
    pub fn next_batch(&self, max_mutations: usize, max_bytes: usize) -> Result<Vec<PushedMutation>, StoreError> {
        self.shared.write(Durability::Power, |tx, state, _| wire::next_batch(tx, state, max_mutations, max_bytes))
    }

    /// Stores verdicts. Accepted mutations wait for their delta; refused ones lose their effects and go to the
    /// attention list, and what depends on them is held. Verdicts on unknown keys are ignored.
    pub fn apply_push(&self, response: &PushResponse) -> Result<Pushed, StoreError> {
        self.shared.write(Durability::Process, |tx, state, collected| {
            let mut pushed = Pushed { cloned: response.last_seq >= state.next_seq, ..Pushed::default() };
            let settled = verdict::settle(tx, state, &response.verdicts)?;
            (pushed.settled, pushed.rejected) = (settled.count, settled.rejected);
            if pushed.settled > 0 {
                collected.queue();
            }
            pushed.released = rebase(tx, state, settled.seeds, collected)?;
            Ok(pushed)
        })
    }

    /// Puts an undecided mutation on the attention list, because the server cannot take it as it is (a push with it
    /// alone exceeds a limit). Those after it are numbered anew.
    pub fn set_aside(&self, key: Uuid, why: Rejection) -> Result<(), StoreError> {
        self.shared.write(Durability::Power, |tx, state, collected| {
            let settled = verdict::set_aside(tx, state, key, why)?;
            collected.queue();
            rebase(tx, state, settled.seeds, collected).map(drop)
        })
    }

    /// Goes on at the number the server expects, after `SEQUENCE_GAP`.
    ///
    /// A lower number than acknowledged means the server was restored: acknowledged mutations from there on go into
    /// the queue again under their old keys and numbers, as far as this phone still has them; otherwise the undecided
    /// ones are numbered anew from `expected_seq`, also where no number is missing as far as this phone can tell. A higher one than assigned means a clone: `cloned` is set and
    /// nothing changed.
    pub fn renumber_from(&self, expected_seq: u64) -> Result<Pushed, StoreError> {
        self.shared.write(Durability::Power, |tx, state, collected| {
            let mut seeds = Seeds::default();
            let mut pushed = wire::renumber_from(tx, state, expected_seq, &mut seeds)?;
            if pushed.refed > 0 {
                collected.queue();
            }
            pushed.released = rebase(tx, state, seeds, collected)?;
            Ok(pushed)
        })
    }

    /// Becomes another phone to the server: new device id, numbers start anew, keys and queue stay.
    pub fn renew_device_id(&self) -> Result<Uuid, StoreError> {
        let _between = self.shared.between_pages();
        self.shared.write(Durability::Power, |tx, state, _| wire::renew_device_id(tx, state))
    }

    /// What to ask for next: goes on with a broken pass, else from the cursor, else fills by checksums. Asks for a
    /// manifest until one has matched.
    pub fn pull_request(&self) -> Result<PullRequest, StoreError> {
        let _between = self.shared.between_pages();
        self.shared.write(Durability::Process, |tx, state, _| replica::pull_request(tx, state, false))
    }

    /// The same with the full list of held scopes, after `SCOPES_REQUIRED`.
    pub fn pull_request_with_ids(&self) -> Result<PullRequest, StoreError> {
        let _between = self.shared.between_pages();
        self.shared.write(Durability::Process, |tx, state, _| replica::pull_request(tx, state, true))
    }

    /// Drops cursor and broken pass, after `CURSOR_STALE`: the next pull compares checksums. Rows and queue stay.
    pub fn forget_cursor(&self) -> Result<(), StoreError> {
        let _between = self.shared.between_pages();
        self.shared.write(Durability::Process, |tx, state, collected| {
            collected.status();
            if planted(Bug::ResetClearsQueue) {
                queue::clear(tx, state)?;
            }
            state.asked.nothing();
            replica::forget_cursor(tx, state)
        })
    }

    /// Drops the pass under way, if any, so that the next pull starts a new one. A stream calls this never; it is for a
    /// pass that was received in part and whose `resume` the server no longer takes.
    pub fn forget_pass(&self) -> Result<(), StoreError> {
        let _between = self.shared.between_pages();
        self.shared.write(Durability::Process, |tx, state, collected| {
            collected.status();
            state.asked.nothing();
            replica::forget_pass(tx, state)
        })
    }

    /// Applies one page: the JSON of a [`DeltaPage`](satchel_protocol::wire::DeltaPage) as it came. Pages of a pass
    /// must come in order; one that does not go on from where the replica stands is not taken.
    pub fn apply_page(&self, page_json: &str) -> Result<Applied, StoreError> {
        let page = Page::parse(page_json)?;
        let _between = self.shared.between_pages();
        let (mut position, mut progressed) = (Position::default(), Progressed::default());
        let before = self.readiness();
        while !progressed.done {
            self.shared.write(Durability::Process, |tx, state, collected| {
                replica::step(tx, state, &page, &mut position, &mut progressed, collected)
            })?;
        }
        let readiness = self.readiness();
        Ok(Applied {
            complete: progressed.complete,
            gap: progressed.gap,
            rows: progressed.rows,
            readiness,
            readiness_changed: readiness != before,
            mismatch: progressed.mismatch,
            settled: progressed.settled,
            rejected: progressed.rejected,
            refed: progressed.refed,
            released: progressed.released,
            cloned: progressed.cloned,
        })
    }

    /// Mutations the server did not take, oldest first.
    pub fn attention(&self) -> Result<Vec<Attention>, StoreError> {
        self.shared.write(Durability::Process, |tx, state, _| {
            let refused = state.queue.iter().filter(|entry| entry.decision == Some(queue::Decision::Refused));
            refused.map(|entry| attention(tx, state, entry)).collect()
        })
    }

    /// Queues a refused mutation again with the same content, under a new key, which is returned. It is queued even if
    /// policy or rule say no here: the server decides. What depends on it goes after it, in order: what was held, under
    /// its own key; what was refused because of it, under new keys. The old ones stay in the [history](Self::history).
    pub fn retry(&self, key: Uuid) -> Result<Uuid, StoreError> {
        self.resend(key, None)
    }

    /// The same with other arguments, for the same mutation at the same time.
    pub fn edit(&self, key: Uuid, args: &RawValue) -> Result<Uuid, StoreError> {
        if args.get().len() > ARGS_BYTES {
            return Err(StoreError::ArgumentsTooLarge { bytes: args.get().len(), limit: ARGS_BYTES });
        }
        self.resend(key, Some(args))
    }

    fn resend(&self, key: Uuid, args: Option<&RawValue>) -> Result<Uuid, StoreError> {
        self.shared.write(Durability::Power, |tx, state, collected| {
            let (new_key, seeds) = repair::resend(tx, state, key, args, collected)?;
            rebase(tx, state, seeds, collected)?;
            Ok(new_key)
        })
    }

    /// Takes a refused mutation off the attention list, or one that was never sent out of the queue with its effects.
    /// What was held because of it is released, and the server decides on it: nobody loses what he did not take back
    /// himself. One that was sent once needs its verdict, whatever its number now: [`StoreError::AlreadySent`].
    pub fn undo(&self, key: Uuid) -> Result<(), StoreError> {
        self.shared.write(Durability::Power, |tx, state, collected| {
            let seeds = repair::undo(tx, state, key, collected)?;
            rebase(tx, state, seeds, collected).map(drop)
        })
    }

    /// The same with everything that waits for it or was refused because of it.
    pub fn undo_group(&self, key: Uuid) -> Result<(), StoreError> {
        self.shared.write(Durability::Power, |tx, state, collected| {
            let seeds = repair::undo_group(tx, state, key, collected)?;
            rebase(tx, state, seeds, collected).map(drop)
        })
    }

    /// Hands a refused mutation to the office, and those that were refused because of it: the supervisor applies,
    /// corrects or dismisses them there. They stay on the attention list, marked so, until the office has decided; then
    /// they leave it, what was decided stands in the [history](Self::history), and what they held is released.
    pub fn hand_over(&self, key: Uuid, note: Option<&str>, context: &ClientContext) -> Result<(), StoreError> {
        let context = serde_json::value::to_raw_value(context)
            .map_err(|_| StoreError::Arguments(ShapeError::new("context", "a client context")))?;
        self.shared.write(Durability::Power, |tx, state, collected| {
            repair::hand_over(tx, state, key, note, &context, collected)
        })
    }

    /// Mutations that left the queue with a verdict, those entered last first; at most `most`, of the last
    /// [`HISTORY_MUTATIONS`].
    pub fn history(&self, most: usize) -> Result<Vec<Past>, StoreError> {
        self.shared.write(Durability::Process, |tx, _, _| tx.history(most)?.into_iter().map(past).collect())
    }

    /// Counts of the queue. Never waits for a writer.
    pub fn queue_summary(&self) -> QueueSummary {
        self.shared.published(|state| state.summary)
    }

    /// The whole queue, in order.
    pub fn queue(&self) -> Result<Vec<QueueEntry>, StoreError> {
        self.shared
            .write(Durability::Process, |tx, state, _| state.queue.iter().map(|entry| describe(tx, entry)).collect())
    }

    /// How often this replica was found to differ from what the server counts; each time it repaired itself. Never waits for
    /// a writer.
    pub fn divergences(&self) -> u64 {
        self.shared.published(|state| state.divergences)
    }

    /// How the office asks for this replica to be cleared, if it does. Never waits for a writer.
    pub fn wipe(&self) -> Option<Wipe> {
        self.shared.published(|state| state.wipe)
    }

    /// Before clearing: held mutations are released and refused ones handed to the office, each once, so that nothing
    /// waits for a person any more. Whether there was anything to send.
    pub fn upload_all(&self, context: &ClientContext) -> Result<bool, StoreError> {
        let context = serde_json::value::to_raw_value(context)
            .map_err(|_| StoreError::Arguments(ShapeError::new("context", "a client context")))?;
        self.shared.write(Durability::Power, |tx, state, collected| {
            let (any, seeds) = queue::wipe::upload_all(tx, state, &context, collected)?;
            rebase(tx, state, seeds, collected)?;
            Ok(any)
        })
    }

    /// Decides to clear: true if the office asked for it and nothing is left that only this phone has, or the organization
    /// does not wait for that. From then on whatever is to be entered is [`StoreError::Wiping`], also after the file was
    /// closed; it is to be deleted.
    pub fn begin_wipe(&self) -> Result<bool, StoreError> {
        self.shared.write(Durability::Power, |tx, state, _| queue::wipe::begin(tx, state))
    }

    /// Whether screens may rely on the replica. Never waits for a writer.
    pub fn readiness(&self) -> Readiness {
        self.shared.published(|state| state.readiness)
    }

    /// How far the pass under way is. Never waits for a writer.
    pub fn progress(&self) -> Progress {
        self.shared.published(|state| state.progress)
    }

    /// The scopes held in full. Never waits for a writer.
    pub fn held_scopes(&self) -> Vec<Uuid> {
        self.shared.published(|state| state.held.iter().copied().collect())
    }

    /// Whether nothing is known that forbids the user to call this procedure, for greying out a button: true for all of
    /// them until the server has told. Never waits for a writer.
    pub fn may(&self, name: &str) -> bool {
        self.shared.published(|state| state.permissions.as_ref().is_none_or(|told| told.may(name)))
    }

    /// A connection for queries. Keep it; each one is a connection of its own.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        self.shared.with_db(Db::reader)
    }

    /// Tells of changes to these tables (all when empty), of the queue, of the status and of what the user may
    /// call, after commit and coalesced.
    pub fn observe(&self, tables: &[&'static Table]) -> Observation {
        self.shared.observers.add(tables.iter().map(|table| table.name))
    }

    /// Recomputes every checksum from the rows; what is returned differs from the checksums kept. Empty is good.
    pub fn verify_local(&self) -> Result<Vec<Difference>, StoreError> {
        self.shared.write(Durability::Process, |tx, state, _| replica::verify(tx, state))
    }

    /// Moves the write-ahead log into the file and shortens it; for idle moments and before the app is suspended.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        self.shared.with_db(Db::checkpoint)
    }
}

fn describe(tx: &Tx<'_>, entry: &queue::Entry) -> Result<QueueEntry, StoreError> {
    let content = tx.content(entry.order)?;
    Ok(QueueEntry {
        local_order: entry.order,
        key: entry.key,
        seq: entry.seq,
        name: entry.name.clone(),
        args: content.args,
        context: content.context,
        state: entry.state(),
        contained: entry.contained,
        may_be_refused: entry.refusal.clone().filter(|_| entry.decision.is_none()),
        retry_of: entry.retry_of,
    })
}

fn attention(tx: &Tx<'_>, state: &State, entry: &queue::Entry) -> Result<Attention, StoreError> {
    let held = |order: &i64| state.queue.get(*order).filter(|entry| entry.held).map(|entry| entry.key);
    let outcome = queue::read_outcome(&tx.outcome(entry.order)?.unwrap_or_default())?;
    let taken = match &outcome {
        Outcome::Rejected(rejection) => rejection.details["inbox"] == true,
        outcome => matches!(outcome, Outcome::Quarantined { .. }),
    };
    Ok(Attention {
        entry: describe(tx, entry)?,
        with_office: taken || entry.handed.is_some(),
        outcome,
        because_of: entry.because_of.filter(|cause| state.queue.by_key(*cause).is_some()),
        holds: holds::group(&state.queue, entry.key).iter().filter_map(held).collect(),
    })
}

fn read_settlement(text: &str) -> Result<Settlement, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Stored(ShapeError::new("a settlement", "what was written")))
}

fn past(stored: StoredPast) -> Result<Past, StoreError> {
    Ok(Past {
        key: stored.key,
        name: stored.name,
        args: stored.content.args,
        context: stored.content.context,
        outcome: queue::read_outcome(&stored.outcome)?,
        settlement: stored.settlement.as_deref().map(read_settlement).transpose()?,
        retry_of: stored.retry_of,
        replaced_by: stored.replaced_by,
    })
}
