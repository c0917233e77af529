//! One bounded sync, for background tasks.

use std::time::Duration;

use tokio::sync::watch;

use super::{ClientError, seat::Seat};
use crate::status::{Connection, Status};

/// What a bounded sync came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncOnce {
    /// Both sides agree: nothing unsent, nothing unseen.
    pub complete: bool,
    /// Where it stood at the end, with reason and next step.
    pub status: Status,
}

/// Syncs until both sides agree, it is clear that they will not, or time is up; then stops what it started.
pub(super) async fn run(
    seat: &Seat,
    mut status: watch::Receiver<Status>,
    deadline: Duration,
) -> Result<SyncOnce, ClientError> {
    let was_running = seat.running();
    seat.start().await;
    // The status of before the start says nothing.
    let over = |status: &Status| status.is_settled() || hopeless(status);
    let _ = tokio::time::timeout(deadline, status.wait_for(over)).await;
    let last = status.borrow().clone();
    if !was_running {
        seat.stop().await;
    }
    Ok(SyncOnce { complete: last.is_settled(), status: last })
}

/// Waiting does not help within a background task.
fn hopeless(status: &Status) -> bool {
    matches!(
        status.connection,
        Connection::NeedsSignIn | Connection::UpgradeRequired | Connection::Blocked | Connection::Offline
    )
}
