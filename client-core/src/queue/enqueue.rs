//! Adding a mutation.

use satchel_protocol::{MutationKind, ShapeError, context::ClientContext, workspace::Footprint};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::Entry;
use crate::{
    db::Tx,
    error::StoreError,
    observe::Collected,
    rebase::{Runner, Source},
    simulation::{Bug, planted},
    store::{Mutated, State},
};

/// A mutation to be added.
pub(crate) struct New<'a> {
    pub(crate) key: Uuid,
    pub(crate) kind: &'static MutationKind,
    pub(crate) args: &'a RawValue,
    pub(crate) context: &'a RawValue,
    /// The refused mutation it is entered in place of.
    pub(crate) retry_of: Option<Uuid>,
}

/// What is to be done when policy or rule say no here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnRefusal {
    /// Nothing is queued.
    Refuse,
    /// It is queued all the same: the server decides.
    Queue,
}

/// Runs a mutation and queues it, with its effects.
pub(crate) fn enqueue(
    tx: &Tx<'_>,
    state: &mut State,
    new: &New<'_>,
    on_refusal: OnRefusal,
    collected: &mut Collected,
) -> Result<Mutated, StoreError> {
    if state.wiping {
        return Err(StoreError::Wiping { device_id: state.device_id });
    }
    if on_refusal == OnRefusal::Refuse
        && let Some(permissions) = &state.permissions
        && let Err(rejection) = permissions.check(new.kind.name)
    {
        return Ok(Mutated::Refused(rejection));
    }
    let mutation = (new.kind.decode)(new.args.get()).map_err(StoreError::Arguments)?;
    let context: ClientContext = serde_json::from_str(new.context.get())
        .map_err(|_| StoreError::Arguments(ShapeError::new("context", "a client context")))?;
    let mut entry = Entry {
        order: state.queue.next_order(),
        key: new.key,
        seq: None,
        name: new.kind.name.to_owned(),
        decision: None,
        contained: false,
        refusal: None,
        footprint: Footprint::default(),
        because_of: None,
        held: false,
        retry_of: new.retry_of,
        handed: None,
    };
    let mut output = None;
    let mut new_bases = Vec::new();
    if !new.kind.server_only {
        let source = Source::new(tx, state);
        let mut runner = Runner::new(&source);
        let run = runner.run(mutation.as_ref(), &state.identity.ctx(new.key, &context))?;
        match run.result {
            Ok(value) => output = Some(value),
            Err(rejection) if on_refusal == OnRefusal::Refuse => return Ok(Mutated::Refused(rejection)),
            Err(rejection) => entry.refusal = Some(rejection),
        }
        entry.footprint = run.footprint;
        for (key, dirty) in runner.written() {
            // A row cannot be written unread, nor inserted without asking whether it is there.
            let shown = runner.loaded(key).and_then(Option::as_ref);
            if !state.based.contains_key(key) {
                let base = if planted(Bug::NoBaseImage) { dirty.image.as_ref() } else { shown };
                new_bases.push((*key, tx.add_base(*key, base)?));
            }
            match &dirty.image {
                Some(row) => tx.put(key.table, shown, row)?,
                None => tx.delete(*key)?,
            }
            collected.row(key.table, key.id);
        }
    }
    state.based.extend(new_bases);
    tx.enqueue(&entry.write(), new.args, new.context)?;
    state.queue.insert(entry);
    collected.queue();
    Ok(Mutated::Queued { key: new.key, output })
}
