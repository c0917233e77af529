//! Keeping what the user sees right when the server's rows change under undecided mutations.
//!
//! Invariants:
//! - After a rebase every row is the server's row with the effects of all shown mutations on top, run in order, as if
//!   all of them had been run anew; only the affected ones are.
//! - A rule that says no in a re-run changes what is shown, never the queue.
//! - A row has a base image exactly while a shown mutation writes it.
//!
//! [`run`] runs one rule, answering its needs from SQLite; [`plan`] finds what is affected.

mod plan;
mod run;

use std::collections::{BTreeMap, BTreeSet};

use satchel_protocol::{
    Rejection, Row, RowKey,
    context::ClientContext,
    workspace::{Dirty, Footprint},
};

use plan::Plan;
pub(crate) use run::{Runner, Source};

use crate::{
    db::{CellRef, Tx},
    error::StoreError,
    observe::Collected,
    queue::holds::{self, Lost, LostByOrder},
    store::State,
};

/// How often in a row what is released is run anew and looked at again. What is left then waits for the next rebase.
const RELEASE_ROUNDS: usize = 100;

/// Where a rebase starts: what the server or a verdict changed.
#[derive(Debug, Default)]
pub(crate) struct Seeds {
    /// Rows whose base image changed or whose writers went away.
    pub(crate) rows: BTreeSet<RowKey>,
    /// Mutations whose reads changed.
    pub(crate) orders: BTreeSet<i64>,
    /// Mutations that were refused, with the rows they had written.
    pub(crate) lost: LostByOrder,
}

/// What running the affected mutations anew gave.
struct Outcome {
    images: BTreeMap<RowKey, Option<Row>>,
    runs: BTreeMap<i64, (Option<Rejection>, Footprint)>,
    // Mutations with an index read that a written row belongs to.
    entered: BTreeSet<i64>,
}

/// Re-runs what the seeds affect and writes the difference; then holds what depends on refused mutations, and releases
/// what does not any more. How many were released.
pub(crate) fn rebase(
    tx: &Tx<'_>,
    state: &mut State,
    mut seeds: Seeds,
    collected: &mut Collected,
) -> Result<usize, StoreError> {
    let mut released = 0;
    for _ in 0..RELEASE_ROUNDS {
        run_anew(tx, state, seeds, collected)?;
        let (count, more) = holds::update(tx, state, collected)?;
        released += count;
        if count == 0 {
            return Ok(released);
        }
        seeds = more;
    }
    run_anew(tx, state, seeds, collected)?;
    Ok(released)
}

fn run_anew(tx: &Tx<'_>, state: &mut State, mut seeds: Seeds, collected: &mut Collected) -> Result<(), StoreError> {
    if seeds.rows.is_empty() && seeds.orders.is_empty() {
        return Ok(());
    }
    let lost = std::mem::take(&mut seeds.lost);
    let mut plan = Plan::new(seeds, &state.queue);
    let mut source = Source::new(tx, state);
    let outcome = loop {
        plan.close(&state.queue, &mut source)?;
        let mut outcome = run_all(tx, state, &plan, &source)?;
        if !plan.grow(&state.queue, &outcome.runs, std::mem::take(&mut outcome.entered)) {
            break outcome;
        }
    };
    let mut images = outcome.images;
    // Rows nobody writes any more show their base image again.
    for (key, image) in source.into_restored() {
        images.entry(key).or_insert(image);
    }
    write_runs(tx, state, outcome.runs, lost, collected)?;
    write_rows(tx, state, images, collected)
}

fn run_all(tx: &Tx<'_>, state: &State, plan: &Plan, source: &Source<'_>) -> Result<Outcome, StoreError> {
    let mut runner = Runner::new(source);
    let mut runs = BTreeMap::new();
    let mut entered = BTreeSet::new();
    for order in &plan.orders {
        let Some(entry) = state.queue.get(*order) else {
            continue;
        };
        let kind = state.registry.mutation(&entry.name);
        if kind.is_some_and(|kind| kind.server_only) {
            continue;
        }
        let content = tx.content(*order)?;
        let context: Option<ClientContext> = serde_json::from_str(content.context.get()).ok();
        let mutation = kind.and_then(|kind| (kind.decode)(content.args.get()).ok());
        let run = match (mutation, context) {
            (Some(mutation), Some(context)) => {
                runner.preload(&entry.footprint)?;
                match runner.run(mutation.as_ref(), &state.identity.ctx(entry.key, &context)) {
                    Err(StoreError::Stored(_)) => None,
                    run => Some(run?),
                }
            }
            _ => None,
        };
        let Some(run) = run else {
            runs.insert(*order, (Some(run::cannot_run()), run::as_reads(&entry.footprint)));
            continue;
        };
        for key in &run.footprint.writes {
            if let (Some(table), Some(Dirty { image: Some(image), .. })) =
                (state.registry.table(key.table), runner.written().get(key))
            {
                let cells: Vec<_> = image.iter().map(CellRef::from).collect();
                let mut readers = BTreeSet::new();
                state.queue.reading(table, &cells, &mut readers);
                entered.extend(readers.into_iter().filter(|reader| reader > order));
            }
        }
        runs.insert(*order, (run.result.err(), run.footprint));
    }
    let images = runner.written().iter().map(|(key, dirty)| (*key, dirty.image.clone())).collect();
    Ok(Outcome { images, runs, entered })
}

fn write_runs(
    tx: &Tx<'_>,
    state: &mut State,
    runs: BTreeMap<i64, (Option<Rejection>, Footprint)>,
    mut lost: LostByOrder,
    collected: &mut Collected,
) -> Result<(), StoreError> {
    for (order, (refusal, footprint)) in runs {
        let Some(entry) = state.queue.get(order) else { continue };
        if entry.refusal == refusal && entry.footprint == footprint {
            continue;
        }
        let because_of = match (&entry.refusal, &refusal) {
            (_, None) => None,
            (Some(_), Some(_)) => entry.because_of,
            (None, Some(_)) => {
                let cause = holds::cause(&lost, order, [&entry.footprint, &footprint].into_iter());
                lost.insert(order, Lost { key: entry.key, rows: entry.footprint.writes.clone() });
                cause
            }
        };
        if because_of != entry.because_of {
            tx.set_hold(order, because_of, entry.held)?;
        }
        state.queue.change(order, |entry| {
            entry.refusal = refusal;
            entry.footprint = footprint;
            entry.because_of = because_of;
        });
        if let Some(entry) = state.queue.get(order) {
            tx.set_run(order, entry.refusal_text().as_deref(), &entry.footprint_text())?;
        }
        collected.queue();
    }
    Ok(())
}

fn write_rows(
    tx: &Tx<'_>,
    state: &mut State,
    images: BTreeMap<RowKey, Option<Row>>,
    collected: &mut Collected,
) -> Result<(), StoreError> {
    for (key, image) in images {
        let shown = tx.row(key)?;
        match (state.queue.is_written(&key), state.based.get(&key)) {
            (true, None) => {
                state.based.insert(key, tx.add_base(key, shown.as_ref())?);
            }
            (false, Some(number)) => {
                tx.drop_base(*number)?;
                state.based.remove(&key);
            }
            _ => {}
        }
        if shown == image {
            continue;
        }
        match &image {
            Some(row) => tx.put(key.table, shown.as_ref(), row)?,
            None => tx.delete(key)?,
        }
        collected.row(key.table, key.id);
    }
    Ok(())
}
