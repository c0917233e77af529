//! What only the fault simulator switches: transactions that fail, bugs planted to see whether it finds them, ids that
//! come out the same when a history is replayed.
//!
//! Invariants:
//! - Without the cargo feature `simulation`, which is never on by default, nothing here does anything.
//! - With it, everything is off until the thread that simulates switches it on; other threads never notice.

use uuid::Uuid;

use crate::{db::Durability, error::StoreError};

/// A mistake this library could make. Each breaks a promise; the simulator must find each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// A tap is reported as done before it survives power loss (P1).
    TapNotSynced,
    /// Forgetting the cursor empties the queue (P1).
    ResetClearsQueue,
    /// Verdicts are taken in the order sent, whatever their keys (P1).
    VerdictWithoutKey,
    /// A new device id brings new keys for what was sent under the old (P2).
    RenewalDropsKeys,
    /// Rows that an undecided mutation writes take the server's word in the middle of a pass (P5).
    PageWithoutStaging,
    /// A row that a mutation writes keeps no image of what the server said (P5).
    NoBaseImage,
    /// A manifest that differs is taken for a match (P5).
    ManifestIgnored,
}

/// How a transaction is made to end.
#[cfg(feature = "simulation")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failpoint {
    /// The process dies before the commit: nothing of it is on disk.
    Killed,
    /// There is no room.
    DiskFull,
}

#[cfg(feature = "simulation")]
mod switches {
    use std::cell::Cell;

    use super::{Bug, Failpoint};

    thread_local! {
        pub(super) static BUG: Cell<Option<Bug>> = const { Cell::new(None) };
        pub(super) static FAIL: Cell<Option<(u32, Failpoint)>> = const { Cell::new(None) };
        pub(super) static SYNCED: Cell<u64> = const { Cell::new(0) };
        pub(super) static IDS: Cell<Option<u64>> = const { Cell::new(None) };
        pub(super) static PAGE_ROWS: Cell<Option<usize>> = const { Cell::new(None) };
    }

    /// Plants a bug on this thread, or digs it out.
    pub fn plant(bug: Option<Bug>) {
        BUG.set(bug);
    }

    /// Has the transaction after the next `skip` ones fail.
    pub fn fail_after(skip: u32, how: Failpoint) {
        FAIL.set(Some((skip, how)));
    }

    /// Takes back [`fail_after`]. How many transactions it would still have spared; none when it has struck.
    pub fn stop_failing() -> Option<u32> {
        FAIL.take().map(|(skip, _)| skip)
    }

    /// Commits so far on this thread that survive power loss.
    pub fn commits_synced() -> u64 {
        SYNCED.get()
    }

    /// Makes ids by counting from here, instead of by clock and dice.
    pub fn count_ids(from: Option<u64>) {
        IDS.set(from);
    }

    /// Writes so many rows of a page in one transaction.
    pub fn transaction_rows(rows: Option<usize>) {
        PAGE_ROWS.set(rows);
    }
}

#[cfg(feature = "simulation")]
pub use switches::{commits_synced, count_ids, fail_after, plant, stop_failing, transaction_rows};

/// Whether a bug is planted here.
pub(crate) fn planted(bug: Bug) -> bool {
    #[cfg(feature = "simulation")]
    return switches::BUG.get() == Some(bug);
    #[cfg(not(feature = "simulation"))]
    {
        let _ = bug;
        false
    }
}

/// Called before a commit: whether it is to fail.
pub(crate) fn before_commit() -> Result<(), StoreError> {
    #[cfg(feature = "simulation")]
    if let Some((skip, how)) = switches::FAIL.get() {
        match (skip.checked_sub(1), how) {
            (Some(skip), _) => switches::FAIL.set(Some((skip, how))),
            (None, Failpoint::DiskFull) => {
                switches::FAIL.set(None);
                return Err(StoreError::DiskFull);
            }
            (None, Failpoint::Killed) => {
                switches::FAIL.set(None);
                return Err(StoreError::Storage("killed by the simulator".into()));
            }
        }
    }
    Ok(())
}

/// Called after a commit.
pub(crate) fn committed(durability: Durability) {
    #[cfg(feature = "simulation")]
    if durability == Durability::Power {
        switches::SYNCED.set(switches::SYNCED.get() + 1);
    }
    #[cfg(not(feature = "simulation"))]
    let _ = durability;
}

/// A new id, ascending by time.
pub(crate) fn new_id() -> Uuid {
    #[cfg(feature = "simulation")]
    if let Some(count) = switches::IDS.get() {
        switches::IDS.set(Some(count + 1));
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&count.to_be_bytes()[2..]);
        // Spread over the bits an id takes from dice, so that ids of one time do not look alike.
        bytes[8..].copy_from_slice(&count.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        return uuid::Builder::from_bytes(bytes).with_version(uuid::Version::SortRand).into_uuid();
    }
    Uuid::now_v7()
}

/// Rows of a page in one transaction.
pub(crate) fn page_rows(ordinary: usize) -> usize {
    #[cfg(feature = "simulation")]
    return switches::PAGE_ROWS.get().unwrap_or(ordinary);
    #[cfg(not(feature = "simulation"))]
    ordinary
}
