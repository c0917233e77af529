//! Runs mutations on rows of Postgres and writes what they changed, as few set statements.
//!
//! Invariants:
//! - The result is that of running the mutations one after the other, but that the database never sees what a later
//!   mutation of the same piece replaces.
//! - A piece of the batch is written whole or not at all. One that the database refuses is halved, until the refusal
//!   belongs to a single mutation and is its verdict; the rest goes on (P3).
//! - A batch is first tried as one piece and without a savepoint to go back to, which most never need. Whatever the database
//!   makes of one mutation then undoes the transaction, and it is run again carefully, as above.
//! - A row is written only at the revision it was read at. One that somebody else wrote meanwhile is locked, read again,
//!   and everything is run again on top.
//! - A write that row-level security hides is a refusal, not a success.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use satchel_protocol::{
    AnyMutation, Ctx, Load, Rejection, Row, RowKey, Stop, Workspace,
    workspace::{Footprint, Run},
};
use sqlx::{PgConnection, raw_sql};
use uuid::Uuid;

use super::fault::{self, Fault, Passing, Trouble, exists, forbidden, too_many_rows};
use crate::store::{Miss, RowChange, Store, StoreError, lock_roots};

/// Milliseconds for which rules keep one of the server's threads before it looks after others. A rule itself is not
/// interrupted: it computes on rows in memory, within the limits of one mutation's arguments.
const RULES_MS: u64 = 5;
/// How often one piece is run again because rows it read were written by others.
const STALE_RERUNS: usize = 3;
/// Rows a refused mutation asked for in vain that are looked for out of its author's sight.
const MISSING_ROWS: usize = 4;
/// How often in a row one mutation may ask for data before it is taken for a fault.
const ROUNDS_PER_MUTATION: usize = 200;

/// A mutation to run.
pub(super) struct Task<'a> {
    /// The rule and its arguments.
    pub mutation: &'a dyn AnyMutation,
    /// The aggregates it is about.
    pub roots: &'a [RowKey],
    /// Who, when.
    pub ctx: &'a Ctx,
}

/// A mutation that has its verdict.
pub(super) struct Done {
    /// The output, or the refusal.
    pub result: Result<serde_json::Value, Rejection>,
    /// What it did to its rows; when refused, that it was.
    pub changes: Vec<RowChange>,
    /// When refused: rows it asked for in vain.
    pub missing: Vec<RowKey>,
    /// What the rule wants looked at.
    pub flags: BTreeSet<&'static str>,
}

/// Why a batch could not be executed.
pub(super) enum Failure {
    /// The transaction lost against another one and has to run again.
    Again,
    /// The database did not take all of it as it was: the transaction has to run again, with savepoints.
    Carefully,
    /// The database cannot do it now.
    Later(StoreError),
    /// A mutation that is at fault, by its place in the batch; none when the fault is the batch's.
    Fault(Option<usize>, Fault),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match fault::passing(&error) {
            Some(Passing::Again) => Self::Again,
            Some(Passing::Later) => Self::Later(error),
            None => Self::Fault(None, Fault::Store(error)),
        }
    }
}

/// A batch under execution.
pub(super) struct Executor<'c> {
    /// The open transaction, under the author's row-level security.
    pub connection: &'c mut PgConnection,
    /// The registry's statements.
    pub store: Store,
    /// The organization.
    pub org_id: Uuid,
    /// Whether to find out, by savepoints, what each mutation comes to.
    pub careful: bool,
}

impl Executor<'_> {
    /// Runs all mutations in order and writes their effects. One [`Done`] for each.
    pub async fn execute(&mut self, tasks: &[Task<'_>]) -> Result<Vec<Done>, Failure> {
        let roots = tasks.iter().flat_map(|task| task.roots).map(|root| root.id);
        lock_roots(self.connection, self.org_id, roots).await?;
        if !self.careful {
            return self.attempt(tasks).await.map_err(|trouble| match trouble {
                Trouble::Again => Failure::Again,
                Trouble::Later(error) => Failure::Later(error),
                Trouble::Fault(fault) if tasks.len() == 1 => Failure::Fault(Some(0), fault),
                Trouble::Fault(_) | Trouble::Refused(_) | Trouble::Missed => Failure::Carefully,
            });
        }
        let mut done = Vec::with_capacity(tasks.len());
        let mut pieces = vec![tasks];
        while let Some(piece) = pieces.pop() {
            if piece.is_empty() {
                continue;
            }
            self.statement("savepoint piece").await?;
            let trouble = match self.attempt(piece).await {
                Ok(runs) => {
                    done.extend(runs);
                    self.statement("release savepoint piece").await?;
                    continue;
                }
                Err(Trouble::Again) => return Err(Failure::Again),
                Err(Trouble::Later(error)) => return Err(Failure::Later(error)),
                Err(trouble) => trouble,
            };
            self.statement("rollback to savepoint piece; release savepoint piece").await?;
            let (first, second) = piece.split_at(piece.len() / 2);
            match trouble {
                _ if !first.is_empty() => pieces.extend([second, first]),
                Trouble::Refused(rejection) => done.push(self.refused(&piece[0], rejection)?),
                Trouble::Fault(fault) => return Err(Failure::Fault(Some(done.len()), fault)),
                Trouble::Again | Trouble::Later(_) | Trouble::Missed => return Err(Failure::Again),
            }
        }
        Ok(done)
    }

    async fn statement(&mut self, sql: &'static str) -> Result<(), Failure> {
        raw_sql(sql).execute(&mut *self.connection).await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Runs a piece and writes it, again if rows were stale. After an error the savepoint is to be rolled back.
    async fn attempt(&mut self, piece: &[Task<'_>]) -> Result<Vec<Done>, Trouble> {
        let mut preload: BTreeSet<Load> = piece.iter().flat_map(|task| task.roots).copied().map(Load::Row).collect();
        let mut vanished = false;
        for _ in 0..=STALE_RERUNS {
            let mut work = Workspace::new();
            let runs = self.run(piece, &preload, &mut work).await?;
            let missed = self.store.flush(self.connection, self.org_id, &work).await?;
            if missed.is_empty() {
                return Ok(runs);
            }
            if !self.careful {
                return Err(Trouble::Missed);
            }
            let any = |miss| missed.iter().any(|missed| missed.miss == miss);
            if any(Miss::Refused) {
                return Err(Trouble::Refused(forbidden()));
            }
            if any(Miss::Taken) {
                return Err(Trouble::Refused(exists()));
            }
            vanished = any(Miss::Vanished);
            raw_sql("rollback to savepoint piece").execute(&mut *self.connection).await?;
            let contended = missed.iter().filter(|missed| missed.miss == Miss::Stale);
            let contended = contended.map(|missed| missed.key).collect();
            self.store.lock_rows(self.connection, self.org_id, &contended).await?;
            preload.extend(missed.into_iter().map(|missed| Load::Row(missed.key)));
        }
        // In sight whenever it is read and out of sight when it is written: the write itself hides it.
        Err(if vanished { Trouble::Refused(forbidden()) } else { Fault::Restless.into() })
    }

    /// Runs a piece in memory, fetching what it needs in rounds.
    async fn run(
        &mut self,
        piece: &[Task<'_>],
        preload: &BTreeSet<Load>,
        work: &mut Workspace,
    ) -> Result<Vec<Done>, Trouble> {
        let mut oversized: HashSet<Load> = HashSet::new();
        let mut needs = preload.clone();
        let mut done: Vec<Done> = Vec::with_capacity(piece.len());
        let mut trail = Trail::default();
        let mut rounds_without_progress = 0;
        loop {
            let exceeding = self.store.load(self.connection, self.org_id, &needs, work).await?;
            oversized.extend(exceeding.into_iter().map(Load::Index));
            needs.clear();
            let before = done.len();
            // From the first missing datum on, runs only tell what else is missing; their effects are dropped.
            let mut effects_before_miss = None;
            let mut begun = Instant::now();
            for task in &piece[before..] {
                if begun.elapsed() >= Duration::from_millis(RULES_MS) {
                    tokio::task::yield_now().await;
                    begun = Instant::now();
                }
                match step(task, work) {
                    Step::Done(run) if effects_before_miss.is_none() => {
                        done.push(self.done(task, run, work, &mut trail)?);
                    }
                    Step::Need(load) if oversized.contains(&load) => {
                        if effects_before_miss.is_none() {
                            done.push(self.done(task, refused(too_many_rows()), work, &mut trail)?);
                        }
                    }
                    Step::Need(load) => {
                        needs.insert(load);
                        effects_before_miss.get_or_insert_with(|| work.dirty().clone());
                    }
                    Step::Fault(fault) if effects_before_miss.is_none() => return Err(fault.into()),
                    Step::Done(_) | Step::Fault(_) => {}
                }
            }
            let Some(effects) = effects_before_miss else { return Ok(done) };
            work.restore(effects);
            rounds_without_progress = if done.len() > before { 0 } else { rounds_without_progress + 1 };
            if rounds_without_progress > ROUNDS_PER_MUTATION {
                return Err(Fault::Rounds(rounds_without_progress).into());
            }
        }
    }
}

/// The rows that the mutations of a piece wrote, each as the last of them left it.
type Trail = HashMap<RowKey, Option<Row>>;

impl Executor<'_> {
    /// What a run came to, told before the next one changes the rows again.
    fn done(&self, task: &Task<'_>, run: Run, work: &Workspace, trail: &mut Trail) -> Result<Done, StoreError> {
        let mut changes = Vec::with_capacity(run.footprint.writes.len());
        let missing = if run.result.is_err() { missing(&run.footprint, work) } else { Vec::new() };
        for key in run.footprint.writes {
            let (_, table, _) = self.store.table(key.table)?;
            let after = work.dirty().get(&key).and_then(|dirty| dirty.image.as_ref());
            let before = trail.get(&key).or_else(|| work.loaded(&key)).and_then(Option::as_ref);
            changes.extend(RowChange::between(table, self.org_id, key, before, after));
            trail.insert(key, after.cloned());
        }
        if let (Err(rejection), Some(root)) = (&run.result, task.roots.first()) {
            let (_, table, _) = self.store.table(root.table)?;
            let dirty = work.dirty().get(root).map(|dirty| &dirty.image);
            let image = dirty.or_else(|| work.loaded(root)).and_then(Option::as_ref);
            changes.push(RowChange::refused(table, self.org_id, *root, image, rejection));
        }
        Ok(Done { result: run.result, changes, missing, flags: run.flags })
    }

    /// A mutation that the database refused.
    fn refused(&self, task: &Task<'_>, rejection: Rejection) -> Result<Done, StoreError> {
        self.done(task, refused(rejection), &Workspace::new(), &mut Trail::default())
    }
}

enum Step {
    Done(Run),
    Need(Load),
    Fault(Fault),
}

/// One run of one rule; a rule that panics is a fault like any other, so that it can be counted and set aside.
fn step(task: &Task<'_>, work: &mut Workspace) -> Step {
    match catch_unwind(AssertUnwindSafe(|| work.run(task.mutation, task.ctx))) {
        Ok(Ok(run)) => Step::Done(run),
        Ok(Err(Stop::Need(load))) => Step::Need(load),
        Ok(Err(Stop::Reject(rejection))) => Step::Done(refused(rejection)),
        Ok(Err(Stop::Shape(error))) => Step::Fault(Fault::Store(error.into())),
        Err(_) => Step::Fault(Fault::Panic),
    }
}

/// The rows that were asked for and are not there.
fn missing(footprint: &Footprint, work: &Workspace) -> Vec<RowKey> {
    let is_missing = |key: &RowKey| !work.dirty().contains_key(key) && matches!(work.loaded(key), Some(None));
    let rows = footprint.reads.iter().filter_map(|load| match load {
        Load::Row(key) => Some(*key),
        Load::Index(_) => None,
    });
    rows.filter(is_missing).take(MISSING_ROWS).collect()
}

fn refused(rejection: Rejection) -> Run {
    Run { result: Err(rejection), footprint: Footprint::default(), flags: BTreeSet::new() }
}
