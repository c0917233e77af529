//! A report on this phone for support.
//!
//! Invariants: it holds no row contents, no arguments, no names, no tokens and no paths, only versions, counts, sizes,
//! times, RPC paths and codes. It can be sent over a separate path when syncing does not work.

use std::{path::Path, sync::Arc};

use jiff::Timestamp;
use satchel_protocol::PROTOCOL_VERSION;
use serde::Serialize;
use uuid::Uuid;

use super::{ClientError, Shared, blocking, seat::Seat};
pub use crate::store::report::{QueueAge, QueueReport, Refused};
use crate::{
    db,
    engine::{Ended, FailureKind},
    status::Connection,
    store::{Progress, Readiness},
};

/// The version of this report's shape. Fields are added; a change of meaning raises it.
pub const DIAGNOSTICS_FORMAT: u32 = 1;

/// See the module.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Diagnostics {
    /// [`DIAGNOSTICS_FORMAT`].
    pub format: u32,
    /// When it was made, by the device's clock.
    pub made_at: Timestamp,
    /// The version of this library.
    pub library_version: &'static str,
    /// The version of the protocol it speaks.
    pub protocol_version: u32,
    /// The version of the replica's bookkeeping.
    pub replica_version: u32,
    /// The operating system.
    pub system: &'static str,
    /// The processor.
    pub processor: &'static str,
    /// This phone to the server; none while nobody is signed in.
    pub device_id: Option<Uuid>,
    /// Whether syncing was started.
    pub running: bool,
    /// Where the connection stands.
    pub connection: Connection,
    /// Everything the server had when the connection opened is here.
    pub caught_up: bool,
    /// What somebody else took back.
    pub ended: Option<Ended>,
    /// Milliseconds until the next try, where one is due.
    pub next_try_in_ms: Option<u64>,
    /// When everything the server had was here, by the server's clock.
    pub last_synced_at: Option<Timestamp>,
    /// Whether screens may rely on the replica.
    pub readiness: Readiness,
    /// How far the download under way is.
    pub progress: Progress,
    /// Scopes held in full.
    pub scopes: usize,
    /// How often the replica was found to differ from what the server counts, and was repaired.
    pub divergences: u64,
    /// The queue by state; none while nobody is signed in, or if it cannot be read.
    pub queue: Option<QueueReport>,
    /// Sizes on disk.
    pub files: Files,
    /// What failed since the replica was opened, by kind, the last first.
    pub failures: Vec<FailureKind>,
    /// Milliseconds the server's clock is ahead of this device's.
    pub server_offset_ms: i64,
    /// Whether that was measured in this run; otherwise it is from an earlier one, or unknown.
    pub clock_trusted: bool,
    /// What was got out of a damaged replica when it was last opened, if it was damaged.
    pub salvaged: Option<SalvageReport>,
}

/// Sizes on disk in bytes; none of what is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Files {
    /// The replica.
    pub replica_bytes: Option<u64>,
    /// Its write-ahead log.
    pub log_bytes: Option<u64>,
}

/// What a damaged file still gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SalvageReport {
    /// Mutations that were taken over.
    pub mutations: usize,
    /// Whether that is all of them.
    pub complete: bool,
}

/// Makes the report. What cannot be read is left out: a report is wanted most when something is broken.
pub(super) async fn take(shared: &Arc<Shared>, seat: Option<Arc<Seat>>) -> Result<Diagnostics, ClientError> {
    let status = shared.status.borrow().clone();
    let mut report = Diagnostics {
        format: DIAGNOSTICS_FORMAT,
        made_at: shared.clock.device_now(),
        library_version: env!("CARGO_PKG_VERSION"),
        protocol_version: PROTOCOL_VERSION,
        replica_version: db::VERSION,
        system: std::env::consts::OS,
        processor: std::env::consts::ARCH,
        device_id: None,
        running: false,
        connection: status.connection,
        caught_up: status.caught_up,
        ended: status.ended,
        next_try_in_ms: status.next_try_in_ms,
        last_synced_at: status.last_synced_at,
        readiness: status.readiness,
        progress: status.progress,
        scopes: 0,
        divergences: 0,
        queue: None,
        files: Files::default(),
        failures: Vec::new(),
        server_offset_ms: shared.clock.offset_ms(),
        clock_trusted: shared.clock.trusted(),
        salvaged: None,
    };
    let Some(seat) = seat else { return Ok(report) };
    blocking(move || {
        report.device_id = Some(seat.store.device_id());
        report.running = seat.running();
        report.divergences = seat.store.divergences();
        report.scopes = seat.store.held_scopes().len();
        report.queue = seat.store.queue_report().ok();
        report.files = files(&seat.path);
        report.failures = seat.driver.failures().kinds().to_vec();
        report.salvaged = seat
            .salvaged
            .as_ref()
            .map(|salvaged| SalvageReport { mutations: salvaged.mutations, complete: salvaged.complete });
        Ok(report)
    })
    .await
}

fn files(replica: &Path) -> Files {
    let bytes = |path: &Path| path.metadata().ok().map(|metadata| metadata.len());
    let mut log = replica.as_os_str().to_owned();
    log.push("-wal");
    Files { replica_bytes: bytes(replica), log_bytes: bytes(Path::new(&log)) }
}
