//! The one transaction of a batch, from the device's lock to the commit.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use satchel_protocol::{
    Ctx, ErrorCode, Rejection,
    wire::{Outcome, Verdict},
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    FAULTS_BEFORE_QUARANTINE, Pusher, clock,
    execute::{Executor, Failure, Task},
    fault::Fault,
    inbox::{self, Desk, Errand, Prospect},
    intake::{Intake, Prepared},
    sequence::{Claim, Decision, Disorder, Known, decide},
};
use crate::{
    database::{Caller, DatabaseError, Entered, Member},
    error::ApiError,
    store::{self, Attempts, Audited, Author, ClockReading, DeviceError, LastPushed, RowChange, StoreError, Stored},
};

/// A batch that was committed.
#[derive(Default)]
pub(super) struct Answered {
    /// One per mutation, in order.
    pub verdicts: Vec<Verdict>,
    /// The device's count; 0 without a device.
    pub last_seq: u64,
    /// Whether any row changed.
    pub wrote: bool,
}

/// Why nothing was committed.
pub(super) enum Setback {
    /// Lost against another transaction; run it again.
    Again,
    /// Not all of it was taken; run it again, with savepoints.
    Carefully,
    /// The ledger holds these keys where they were not seen; run it again, knowing that.
    KeysTaken(HashSet<Uuid>),
    /// A fault of the server, and the mutation it belongs to.
    Fault(Option<usize>, Fault),
    /// The answer for the whole batch.
    Answer(ApiError),
}

impl From<Failure> for Setback {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Again => Self::Again,
            Failure::Carefully => Self::Carefully,
            Failure::Fault(position, fault) => Self::Fault(position, fault),
            Failure::Later(error) => {
                tracing::warn!(cause = %error, "the database cannot take a batch now");
                let message = "The server is too busy to store this now. It will be tried again.";
                Self::Answer(ApiError::unavailable(message))
            }
        }
    }
}

impl From<StoreError> for Setback {
    fn from(error: StoreError) -> Self {
        Failure::from(error).into()
    }
}

impl From<DatabaseError> for Setback {
    fn from(error: DatabaseError) -> Self {
        Self::Answer(error.into())
    }
}

impl From<DeviceError> for Setback {
    fn from(error: DeviceError) -> Self {
        match error {
            DeviceError::Foreign => Self::Answer(
                ApiError::new(
                    ErrorCode::Forbidden,
                    "This device is registered to another user of the organization. Sign in as that user, or let the \
                     app register anew.",
                )
                .with_details(json!({ "reason": "device.foreign" })),
            ),
            DeviceError::Store(error) => error.into(),
        }
    }
}

impl From<Disorder> for Setback {
    fn from(disorder: Disorder) -> Self {
        Self::Answer(disorder.into())
    }
}

/// A batch and whom it is from.
pub(super) struct Batch<'a> {
    /// The author.
    pub caller: &'a Caller,
    /// The phone; none for a mutation by RPC.
    pub device_id: Option<Uuid>,
    /// The mutations, in order.
    pub intakes: &'a [Intake],
    /// Finds the batch in the server's logs.
    pub trace_id: &'a str,
    /// Whether to find out what each mutation comes to, after a run that did not write all of them.
    pub careful: bool,
}

/// A rule to run: a mutation's own, or that of an item of the inbox.
struct Job<'a> {
    position: usize,
    rule: &'a Prepared,
    ctx: Ctx,
    errand: Option<Box<Errand>>,
}

impl Job<'_> {
    fn task(&self) -> Task<'_> {
        let rule = self.errand.as_ref().map_or(self.rule, |errand| &errand.prepared);
        Task { mutation: &*rule.mutation, roots: &rule.roots, ctx: &self.ctx }
    }
}

/// What the database knew before anything ran.
struct Past {
    known: Known,
    decisions: Vec<Decision>,
    failed: HashMap<Uuid, Attempts>,
    /// What the device's clocks said before.
    reading: Option<ClockReading>,
}

impl Batch<'_> {
    /// Executes the batch and commits it. Dropping it half way rolls back.
    pub async fn run(&self, pusher: &Pusher, foreign: &HashSet<Uuid>) -> Result<Answered, Setback> {
        let Entered { mut tx, member } = self.enter(pusher).await?;
        let past = self.past(&mut tx, foreign).await?;
        let (outcomes, audited) = self.judge(&mut tx, pusher, &member, &past).await?;
        let last = self.last(&past);
        let wrote = self.store(&mut tx, &outcomes, &audited, last).await?;
        tx.commit().await.map_err(StoreError::from)?;
        let last_seq = last.map_or(past.known.last_seq.unwrap_or_default(), |last| last.seq);
        Ok(Answered { verdicts: self.verdicts(past.decisions, outcomes), last_seq, wrote })
    }

    /// A phone's batch in its replica's lane, a single call in the lane of the roles that permit it.
    async fn enter(&self, pusher: &Pusher) -> Result<Entered, DatabaseError> {
        match (self.device_id, self.intakes.first()) {
            (None, Some(intake)) => {
                pusher.database.begin_write_as(self.caller, pusher.policy.callers(&intake.name)).await
            }
            _ => pusher.database.begin_write(self.caller).await,
        }
    }

    fn claims(&self) -> impl Iterator<Item = Claim> {
        self.intakes.iter().map(|intake| intake.claim)
    }

    /// Locks the device, or the key of a mutation without one, and looks up what is known.
    async fn past(&self, connection: &mut PgConnection, foreign: &HashSet<Uuid>) -> Result<Past, Setback> {
        let (org_id, user_id) = (self.caller.org_id, self.caller.user_id);
        let keys: Vec<Uuid> = self.claims().map(|claim| claim.key).collect();
        let device = match self.device_id {
            Some(device_id) => Some(store::claim_device(connection, org_id, user_id, device_id).await?),
            None => {
                store::lock_keys(connection, org_id, &keys).await?;
                None
            }
        };
        let last_seq = device.map(|device| device.last_seq);
        // A statement of its own, after the one that waited: it sees what the push before committed (P2).
        let store::Past { mut entries, attempts } = store::past(connection, org_id, &keys).await?;
        // What the office decided since takes the place of what was said then.
        let is_open =
            |entry: &store::Entry| matches!(entry.outcome, Outcome::Rejected(_) | Outcome::Quarantined { .. });
        let refused: Vec<Uuid> = entries.iter().filter(|(_, entry)| is_open(entry)).map(|(key, _)| *key).collect();
        for (key, outcome) in store::inbox_outcomes(connection, &refused).await? {
            if let Some(entry) = entries.get_mut(&key) {
                entry.outcome = outcome;
            }
        }
        let mut known = Known { entries, foreign: foreign.clone(), last_seq };
        let claims: Vec<Claim> = self.claims().collect();
        let decisions = match decide(&claims, &known) {
            // Another user's key has no entry in sight, so that refusing it again looks like a clone.
            Err(Disorder::Cloned { .. }) => {
                known.foreign.extend(store::taken_in_ledger(connection, &keys).await?);
                decide(&claims, &known)?
            }
            decided => decided?,
        };
        Ok(Past { known, decisions, failed: attempts, reading: device.and_then(|device| device.reading) })
    }

    /// Finds the verdict of every mutation that has none yet, and writes the effects of the accepted ones.
    async fn judge(
        &self,
        connection: &mut PgConnection,
        pusher: &Pusher,
        member: &Member,
        past: &Past,
    ) -> Result<(Vec<Option<Outcome>>, Vec<Audited<'_>>), Setback> {
        let mut outcomes: Vec<Option<Outcome>> = vec![None; self.intakes.len()];
        let mut work: Vec<Job<'_>> = Vec::new();
        let mut audited = Vec::new();
        let doubts = self.doubts(past);
        let permissions = pusher.policy.permissions(&member.roles);
        let (caller, store) = (self.caller, pusher.store);
        let mut desk = Desk { caller, member, permissions: &permissions, store, claimed: HashSet::new() };
        let taken_back = store::take_back(connection, &self.replaced(past)).await?;
        for (position, intake) in self.intakes.iter().enumerate() {
            if past.decisions[position] != Decision::Run {
                continue;
            }
            let (key, name) = (intake.claim.key, intake.name.as_str());
            let failed = past.failed.get(&key).filter(|failed| failed.count >= FAULTS_BEFORE_QUARANTINE);
            let permitted = permissions.check(name);
            let rule = match permitted.and_then(|()| intake.prepared.as_ref().map_err(Clone::clone)) {
                Ok(rule) => rule,
                Err(rejection) => {
                    audited.extend(self.refused_unread(pusher, intake, &rejection, &doubts[position])?);
                    outcomes[position] = Some(Outcome::Rejected(rejection));
                    continue;
                }
            };
            if let Some(failed) = failed {
                let outcome = Outcome::Quarantined { trace_id: failed.trace_id.clone() };
                desk.quarantine(connection, self.device_id, intake, &outcome).await?;
                outcomes[position] = Some(outcome);
                continue;
            }
            outcomes[position] = inbox::decided_before(intake, &taken_back);
            if outcomes[position].is_some() {
                continue;
            }
            let Some(order) = &rule.order else {
                work.push(Job { position, rule, ctx: rule.ctx(self.caller, member, key), errand: None });
                continue;
            };
            match desk.serve(connection, order, key).await? {
                Prospect::Done(outcome, changes) => {
                    let entry = |change| Audited { key, name, author_id: None, clock: None, flags: Vec::new(), change };
                    audited.extend(changes.into_iter().map(entry));
                    outcomes[position] = Some(outcome);
                }
                Prospect::Run(errand) => {
                    work.push(Job { position, rule, ctx: errand.ctx.clone(), errand: Some(errand) });
                }
            }
        }
        let tasks: Vec<Task<'_>> = work.iter().map(Job::task).collect();
        let (org_id, careful) = (self.caller.org_id, self.careful);
        let mut executor = Executor { connection: &mut *connection, store, org_id, careful };
        let done = executor.execute(&tasks).await.map_err(|failure| match failure {
            Failure::Fault(Some(task), fault) => Setback::Fault(work.get(task).map(|job| job.position), fault),
            failure => failure.into(),
        })?;
        drop(tasks);
        for (job, done) in work.into_iter().zip(done) {
            let intake = &self.intakes[job.position];
            if let Err(rejection) = &done.result {
                // What callers are not told of they cannot handle (R7).
                let errors = job.rule.errors;
                debug_assert!(errors.contains(&rejection.code), "{} is not declared: {rejection:?}", intake.name);
            }
            let key = intake.claim.key;
            let clock = self.device_id.map(|_| job.rule.clock().clone());
            let flags: Vec<&str> = doubts[job.position].iter().chain(&done.flags).copied().collect();
            let Some(errand) = job.errand else {
                let name = intake.name.as_str();
                let (author_id, flags) = (None, || flags.clone());
                let entry = |change| Audited { key, name, author_id, clock: clock.clone(), flags: flags(), change };
                audited.extend(done.changes.into_iter().map(entry));
                outcomes[job.position] = Some(match done.result {
                    Ok(output) => Outcome::Accepted { output },
                    Err(rejection) => Outcome::Rejected(
                        desk.hand_over(connection, self.device_id, intake, rejection, &done.missing).await?,
                    ),
                });
                continue;
            };
            // What was done is the author's, and so is when; that it was done is the supervisor's.
            let entry = |change| Audited {
                key,
                name: intake.name.as_str(),
                author_id: Some(errand.item.user_id),
                clock: Some(errand.prepared.clock().clone()),
                flags: flags.clone(),
                change,
            };
            audited.extend(done.changes.into_iter().map(entry));
            outcomes[job.position] = Some(match done.result {
                Ok(output) => {
                    let (outcome, change) = desk.close(connection, &errand, output, key).await?;
                    audited.push(entry(change));
                    outcome
                }
                Err(rejection) => Outcome::Rejected(rejection),
            });
        }
        Ok((outcomes, audited))
    }

    /// The mutations that those to be run were entered in place of.
    fn replaced(&self, past: &Past) -> Vec<Uuid> {
        let run = self.intakes.iter().zip(&past.decisions).filter(|(_, decision)| **decision == Decision::Run);
        run.filter_map(|(intake, _)| intake.retry_of).collect()
    }

    /// What cannot be about the times of those to be run, by their place in the batch.
    fn doubts(&self, past: &Past) -> Vec<Vec<&'static str>> {
        let received_at = Timestamp::now();
        let mut before = past.reading;
        let doubts = |(intake, decision): (&Intake, &Decision)| match &intake.prepared {
            // What is entered again keeps its first time.
            Ok(rule) if *decision == Decision::Run && rule.device_clock().is_some() => {
                let comparable = before.filter(|_| self.device_id.is_some() && intake.retry_of.is_none());
                let doubts = clock::doubts(rule.clock(), comparable.as_ref(), received_at);
                before = clock::reading(rule.clock()).filter(|_| intake.retry_of.is_none()).or(before);
                doubts
            }
            _ => Vec::new(),
        };
        self.intakes.iter().zip(&past.decisions).map(doubts).collect()
    }

    /// The last reading of the device's clocks in this batch.
    fn reading(&self) -> Option<ClockReading> {
        let told = self.intakes.iter().rev().filter(|intake| intake.retry_of.is_none());
        told.filter_map(|intake| clock::reading(intake.prepared.as_ref().ok()?.clock())).next()
    }

    /// The entry for a mutation that was refused before anything was read, so that its branch is not known; none for one
    /// that could not be read itself.
    fn refused_unread<'i>(
        &self,
        pusher: &Pusher,
        intake: &'i Intake,
        rejection: &Rejection,
        doubts: &[&'static str],
    ) -> Result<Option<Audited<'i>>, StoreError> {
        let Ok(rule) = &intake.prepared else { return Ok(None) };
        let Some(root) = rule.roots.first() else { return Ok(None) };
        let (_, table, _) = pusher.store.table(root.table)?;
        let change = RowChange::refused(table, self.caller.org_id, *root, None, rejection);
        let clock = self.device_id.map(|_| rule.clock().clone());
        let (key, name, flags) = (intake.claim.key, &intake.name, doubts.to_vec());
        Ok(Some(Audited { key, name, author_id: None, clock, flags, change }))
    }

    /// Stores the new verdicts, the audit entries and the device's count; tells whether there were any verdicts.
    async fn store(
        &self,
        connection: &mut PgConnection,
        outcomes: &[Option<Outcome>],
        audited: &[Audited<'_>],
        last: Option<LastPushed>,
    ) -> Result<bool, Setback> {
        let mut stored = Vec::new();
        for (intake, outcome) in self.intakes.iter().zip(outcomes) {
            let Some(outcome) = outcome else { continue };
            stored.push(Stored {
                key: intake.claim.key,
                seq: self.device_id.map(|_| intake.claim.seq),
                name: &intake.name,
                args: intake.args.get(),
                context: intake.context.get(),
                content_hash: intake.claim.hash,
                outcome,
            });
        }
        let Caller { org_id, user_id, .. } = *self.caller;
        if stored.is_empty() {
            if let (Some(device_id), Some(last)) = (self.device_id, last) {
                store::advance_device(connection, org_id, device_id, last).await?;
            }
            return Ok(false);
        }
        let author = Author { org_id, user_id, device_id: self.device_id, trace_id: self.trace_id };
        let taken = store::record(connection, author, &stored, audited, last).await?;
        if taken.is_empty() { Ok(true) } else { Err(Setback::KeysTaken(taken)) }
    }

    /// How far the device comes by this batch, if it comes any further.
    fn last(&self, past: &Past) -> Option<LastPushed> {
        let claim = self.claims().last().filter(|last| last.seq > past.known.last_seq.unwrap_or_default());
        let claim = claim.filter(|_| self.device_id.is_some())?;
        Some(LastPushed { seq: claim.seq, key: claim.key, reading: self.reading() })
    }

    /// One verdict per mutation.
    fn verdicts(&self, decisions: Vec<Decision>, mut outcomes: Vec<Option<Outcome>>) -> Vec<Verdict> {
        for (position, decision) in decisions.into_iter().enumerate() {
            outcomes[position] = match decision {
                Decision::Run => continue,
                Decision::Repeat(outcome) => Some(outcome),
                // The twin stands earlier in the batch and has its outcome.
                Decision::Same(twin) => outcomes[twin].clone(),
                Decision::KeyReused => Some(Outcome::Rejected(Rejection::conflict(
                    "mutation.key_reused",
                    "The app used one key for two different changes. The first one counts; enter this one again.",
                ))),
            };
        }
        let verdict = |(claim, outcome): (Claim, Option<Outcome>)| {
            outcome.map(|outcome| Verdict { key: claim.key, seq: claim.seq, outcome })
        };
        self.claims().zip(outcomes).filter_map(verdict).collect()
    }
}
