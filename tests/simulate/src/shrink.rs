//! A failing history with as few steps as possible, by leaving steps out and seeing whether it still fails.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use crate::{
    history::History,
    planted::Planted,
    record::{Broken, Promise},
    world::World,
};

/// Histories tried at most.
const TRIES: usize = 1_500;

/// What came of a history.
#[derive(Debug)]
pub struct Lived {
    /// The broken promise, if one was.
    pub broken: Option<Broken>,
    /// Faults that took place, by name.
    pub injected: std::collections::BTreeMap<&'static str, u64>,
    /// Milliseconds from healing to rest.
    pub recovery_ms: u64,
    /// Things that happened, and a number that depends on all of them.
    pub events: (u64, u64),
}

/// Lives through a history; a panic is a broken promise like others.
///
/// # Errors
/// When no files can be made below `base`.
pub fn live(history: &History, base: &Path, planted: Option<Planted>) -> std::io::Result<Lived> {
    let mut world = World::new(history.clone(), base, planted)?;
    let outcome = catch_unwind(AssertUnwindSafe(|| world.run()));
    let broken = outcome.unwrap_or_else(|panic| Some(Broken::new(Promise::Panicked, text_of(panic.as_ref()))));
    Ok(Lived {
        broken,
        injected: std::mem::take(&mut world.injected),
        recovery_ms: world.recovery_ms,
        events: world.events(),
    })
}

/// What a panic said.
pub(crate) fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

/// The places of the steps that suffice to break the same promise, and how it is broken then.
///
/// # Errors
/// When no files can be made below `base`.
pub fn shrink(
    history: &History,
    base: &Path,
    planted: Option<Planted>,
    broken: Broken,
) -> std::io::Result<(Vec<usize>, Broken)> {
    let mut keep: Vec<usize> = (0..history.steps.len()).collect();
    let mut how = broken;
    let mut tries = 0;
    let mut size = keep.len().div_ceil(2);
    while size > 0 && tries < TRIES {
        let mut left_out = false;
        let mut from = 0;
        while from < keep.len() && tries < TRIES {
            let rest: Vec<usize> = keep
                .iter()
                .enumerate()
                .filter(|(place, _)| !(from..from + size).contains(place))
                .map(|(_, step)| *step)
                .collect();
            tries += 1;
            match live(&history.only(&rest), base, planted)?.broken {
                Some(found) if found.promise == how.promise => {
                    (keep, how, left_out) = (rest, found, true);
                }
                _ => from += size,
            }
        }
        if size == 1 && !left_out {
            break;
        }
        size = if size == 1 { 1 } else { size.div_ceil(2) };
    }
    Ok((keep, how))
}
