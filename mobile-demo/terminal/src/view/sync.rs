//! Where the phone stands with the server: always on the screen.

use jiff::Timestamp;
use satchel_client::store::{Progress, QueueSummary, Readiness};

/// The connection, by what a person may do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Connected.
    Online,
    /// Trying.
    Connecting,
    /// No connection; work goes on.
    Offline,
    /// Only a person can mend it.
    Stuck,
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncView {
    /// The connection.
    pub link: Link,
    /// More about it: the transport, or why not.
    pub why: String,
    /// Whether changes arrive as they happen.
    pub caught_up: bool,
    /// Whether the network was cut with the key.
    pub cut: bool,
    /// Counts of the queue.
    pub queue: QueueSummary,
    /// When the replica last stood level with the server.
    pub last_synced: Option<Timestamp>,
    /// Whether screens may rely on the replica.
    pub readiness: Readiness,
    /// How far the pass under way is.
    pub progress: Progress,
}

impl SyncView {
    /// The progress bar's share, from 0 to 1, while a first sync is under way.
    pub fn first_sync(&self) -> Option<f64> {
        if self.readiness.usable() {
            return None;
        }
        let done = self.progress.rows_done as f64;
        let total = self.progress.rows_total.unwrap_or_default().max(self.progress.rows_done).max(1) as f64;
        Some(match self.readiness {
            Readiness::Empty => 0.0,
            Readiness::Checking => 1.0,
            _ => (done / total).clamp(0.0, 1.0),
        })
    }
}

impl Default for SyncView {
    fn default() -> Self {
        Self {
            link: Link::Offline,
            why: String::new(),
            caught_up: false,
            cut: false,
            queue: QueueSummary::default(),
            last_synced: None,
            readiness: Readiness::Empty,
            progress: Progress::default(),
        }
    }
}
