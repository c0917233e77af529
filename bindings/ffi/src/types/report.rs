//! A report on this phone for support.

use std::time::SystemTime;

use satchel_client::{client, engine};
use satchel_protocol::ErrorCode;
use uuid::Uuid;

use super::{Connection, Ended, Progress, Readiness, instant};
use crate::error::SatchelError;

/// How things stand, for support. It holds no row contents, arguments, names, tokens or paths.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Report {
    /// All of it as one JSON object: to send over a separate path, or to export.
    pub json: String,
    /// When it was made, by the device's clock.
    pub made_at: SystemTime,
    /// The version of this library.
    pub library_version: String,
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
    /// When everything the server had was here, by the server's clock.
    pub last_synced_at: Option<SystemTime>,
    /// Whether screens may rely on the replica.
    pub readiness: Readiness,
    /// How far the download under way is.
    pub progress: Progress,
    /// Scopes held in full.
    pub scopes: u64,
    /// The queue by state; none while nobody is signed in, or if it cannot be read.
    pub queue: Option<QueueReport>,
    /// Bytes of the replica, where there is one.
    pub replica_bytes: Option<u64>,
    /// Bytes of its write-ahead log, where there is one.
    pub log_bytes: Option<u64>,
    /// What failed since the replica was opened, by kind, the last first.
    pub failures: Vec<FailureKind>,
    /// Milliseconds the server's clock is ahead of this device's.
    pub server_offset_ms: i64,
    /// Whether that was measured in this run; otherwise it is from an earlier one, or unknown.
    pub clock_trusted: bool,
}

/// The queue by state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct QueueReport {
    /// Not sent.
    pub pending: QueueAge,
    /// Sent, no verdict.
    pub sending: QueueAge,
    /// Accepted, waiting to come back.
    pub accepted: QueueAge,
    /// Refused; need attention.
    pub rejected: QueueAge,
    /// Unsent, waiting for a refused one.
    pub held: QueueAge,
}

/// Mutations in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct QueueAge {
    /// How many.
    pub count: u64,
    /// When the oldest was entered, by the device's clock then; milliseconds since 1970.
    pub oldest_at_ms: Option<u64>,
}

/// Failures of one kind.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FailureKind {
    /// What was being done, such as `connect` or `apply_page`.
    pub step: String,
    /// The server's code, if the server answered.
    pub code: Option<String>,
    /// How often, since the replica was opened.
    pub count: u64,
    /// When last, by the device's clock; milliseconds since 1970.
    pub last_at_ms: i64,
    /// Finds the last one in the server's logs.
    pub last_trace_id: Option<String>,
}

impl TryFrom<client::Diagnostics> for Report {
    type Error = SatchelError;

    fn try_from(report: client::Diagnostics) -> Result<Self, SatchelError> {
        let json = serde_json::to_string(&report).map_err(|_| not_json())?;
        Ok(Self {
            json,
            made_at: instant(report.made_at),
            library_version: report.library_version.to_owned(),
            device_id: report.device_id,
            running: report.running,
            connection: report.connection.into(),
            caught_up: report.caught_up,
            ended: report.ended.map(Ended::from),
            last_synced_at: report.last_synced_at.map(instant),
            readiness: report.readiness.into(),
            progress: report.progress.into(),
            scopes: report.scopes as u64,
            queue: report.queue.as_ref().map(QueueReport::from),
            replica_bytes: report.files.replica_bytes,
            log_bytes: report.files.log_bytes,
            failures: report.failures.into_iter().map(FailureKind::try_from).collect::<Result<_, _>>()?,
            server_offset_ms: report.server_offset_ms,
            clock_trusted: report.clock_trusted,
        })
    }
}

impl From<&client::QueueReport> for QueueReport {
    fn from(queue: &client::QueueReport) -> Self {
        Self {
            pending: queue.pending.into(),
            sending: queue.sending.into(),
            accepted: queue.accepted.into(),
            rejected: queue.rejected.into(),
            held: queue.held.into(),
        }
    }
}

impl From<client::QueueAge> for QueueAge {
    fn from(age: client::QueueAge) -> Self {
        Self { count: age.count as u64, oldest_at_ms: age.oldest_at_ms }
    }
}

impl TryFrom<engine::FailureKind> for FailureKind {
    type Error = SatchelError;

    fn try_from(kind: engine::FailureKind) -> Result<Self, SatchelError> {
        Ok(Self {
            step: word(&kind.step)?,
            code: kind.code.as_ref().map(word::<ErrorCode>).transpose()?,
            count: kind.count,
            last_at_ms: kind.last_at_ms,
            last_trace_id: kind.last_trace_id,
        })
    }
}

/// A name as the report's JSON spells it.
fn word<T: serde::Serialize>(name: &T) -> Result<String, SatchelError> {
    match serde_json::to_value(name) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(not_json()),
    }
}

fn not_json() -> SatchelError {
    SatchelError::Internal { explanation: "the report cannot be written as JSON".to_owned() }
}
