//! What crosses the boundary, and how it is made from the core's types.

mod day;
mod queue;
mod report;
mod rescue;

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use satchel_client::{
    client, engine,
    status::{self, Connection as Connected},
    store,
};
use satchel_protocol::{self as protocol, wire};
use uuid::Uuid;

pub use day::{DayOnPhone, Need, Receipts, VisitOnPhone};
pub use queue::{Attention, Decision, Mutated, Past, QueueEntry, QueueState, QueueSummary, Refusal, Settlement};
pub use report::{FailureKind, QueueAge, QueueReport, Report};
pub use rescue::{RescueKey, RescueLock, TakenIn};

uniffi::custom_type!(Uuid, String, {
    remote,
    lower: |id| id.to_string(),
    try_lift: |text| Ok(text.parse()?),
});

/// How to open a client.
#[derive(Clone, Debug, uniffi::Record)]
pub struct OpenOptions {
    /// The app's own folder for replicas, and for the session if no store is given. Made if missing.
    pub folder: String,
    /// `https://sync.example.com`, with a path if the server has one.
    pub server_url: String,
    /// A number the app keeps where no backup reaches: a file that remembers another one was restored or copied.
    #[uniffi(default = None)]
    pub install_nonce: Option<Uuid>,
    /// Most bytes a replica may grow to; beyond it writes fail with `StorageFull`.
    #[uniffi(default = None)]
    pub max_file_bytes: Option<u64>,
}

/// Somebody's place in an organization.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Membership {
    /// The organization.
    pub org_id: Uuid,
    /// What it is called.
    pub org_name: String,
    /// The user's roles there.
    pub roles: Vec<String>,
}

/// Whose replica is open.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Identity {
    /// The organization.
    pub org_id: Uuid,
    /// The user.
    pub user_id: Uuid,
    /// The user's technician row, if the user is one.
    pub technician_id: Option<Uuid>,
    /// The user's roles in the organization.
    pub roles: Vec<String>,
}

/// Where syncing stands: always with a reason a person can read, and what happens next.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Status {
    /// Where the connection stands.
    pub connection: Connection,
    /// Everything the server had when the connection opened is here, and changes arrive as they happen.
    pub caught_up: bool,
    /// Nothing unsent, nothing unseen, and the server confirmed it.
    pub settled: bool,
    /// What somebody else took back, so that nothing is sent.
    pub ended: Option<Ended>,
    /// Why things are as they are; a sentence.
    pub reason: String,
    /// What happens next, or what to do; a sentence.
    pub next_step: String,
    /// Milliseconds from when this was told until the next try, where one is due.
    pub next_try_in_ms: Option<u64>,
    /// Counts of the queue.
    pub queue: QueueSummary,
    /// Whether screens may rely on the replica.
    pub readiness: Readiness,
    /// How far the download under way is.
    pub progress: Progress,
    /// When everything the server had was here, by the server's clock.
    pub last_synced_at: Option<SystemTime>,
    /// Milliseconds the server's clock is ahead of this device's, once measured.
    pub server_offset_ms: Option<i64>,
    /// Finds the last failure in the server's logs.
    pub trace_id: Option<String>,
}

/// Where the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Connection {
    /// Syncing was not started, or was stopped.
    Stopped,
    /// The device has no network.
    Offline,
    /// The server could not be reached; another try is due.
    Waiting,
    /// Being opened.
    Connecting,
    /// Open.
    Online,
    /// A person must sign in; the queue is kept.
    NeedsSignIn,
    /// The app is too old for the server; the queue is kept.
    UpdateRequired,
    /// Something that will hardly change by itself stands in the way.
    Blocked,
}

/// What let this phone in and was taken back. Whatever waits to be sent is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Ended {
    /// The session.
    Session,
    /// The device was signed out.
    Device,
    /// The user is not a member any more.
    Membership,
    /// The office had this phone cleared.
    Wiped,
}

/// Whether screens may rely on the replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Readiness {
    /// Nothing was ever received.
    Empty,
    /// The first fill is under way; some rows are missing.
    Filling,
    /// Filled; not confirmed yet.
    Checking,
    /// Confirmed by the server.
    Ready,
    /// Was ready and is compared again; usable meanwhile.
    Repairing,
}

/// How far the download under way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Progress {
    /// Rows received.
    pub rows_done: u64,
    /// About how many there are, where the server told.
    pub rows_total: Option<u64>,
}

/// What a bounded sync came to.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct SyncOutcome {
    /// Both sides agree: nothing unsent, nothing unseen.
    pub complete: bool,
    /// Where it stood at the end.
    pub status: Status,
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Cell {
    /// No value.
    Null,
    /// True or false.
    Boolean {
        /// The value.
        value: bool,
    },
    /// A whole number; as a result also a boolean, 0 or 1, as SQLite has them.
    Integer {
        /// The value.
        value: i64,
    },
    /// Anything else, in its canonical spelling.
    Text {
        /// The value.
        value: String,
    },
}

/// Rows of one table that changed.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct TableChange {
    /// The table.
    pub table: String,
    /// Their ids; none when there are too many to name: query anew.
    pub ids: Option<Vec<Uuid>>,
}

/// What changed since an observer was last told: the net difference.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct Changes {
    /// Changed rows, put or removed.
    pub tables: Vec<TableChange>,
    /// The queue or the attention list changed.
    pub queue: bool,
    /// Readiness, progress or held scopes changed.
    pub status: bool,
    /// The server told anew what the user may call.
    pub permissions: bool,
    /// Another replica was opened, or none is open any more: query everything anew.
    pub replica: bool,
}

/// A table whose kept checksums differ from its rows.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// The scope.
    pub scope: Uuid,
}

impl From<wire::auth::Membership> for Membership {
    fn from(membership: wire::auth::Membership) -> Self {
        Self { org_id: membership.org_id, org_name: membership.org_name, roles: membership.roles }
    }
}

impl From<store::Identity> for Identity {
    fn from(identity: store::Identity) -> Self {
        let store::Identity { org_id, user_id, technician_id, roles } = identity;
        Self { org_id, user_id, technician_id, roles }
    }
}

impl From<&status::Status> for Status {
    fn from(status: &status::Status) -> Self {
        Self {
            connection: status.connection.into(),
            caught_up: status.caught_up,
            settled: status.is_settled(),
            ended: status.ended.map(Ended::from),
            reason: status.reason.clone(),
            next_step: status.next_step.clone(),
            next_try_in_ms: status.next_try_in_ms,
            queue: status.queue.into(),
            readiness: status.readiness.into(),
            progress: status.progress.into(),
            last_synced_at: status.last_synced_at.map(instant),
            server_offset_ms: status.server_offset_ms,
            trace_id: status.trace_id.clone(),
        }
    }
}

/// By milliseconds, which is what a status knows.
fn instant(at: Timestamp) -> SystemTime {
    let since_1970 = Duration::from_millis(u64::try_from(at.as_millisecond()).unwrap_or(0));
    SystemTime::UNIX_EPOCH + since_1970
}

/// As near as the core's clock can say it: what lies outside its years is its first or last moment.
pub(crate) fn timestamp(at: SystemTime) -> Timestamp {
    Timestamp::try_from(at).unwrap_or(if at < SystemTime::UNIX_EPOCH { Timestamp::MIN } else { Timestamp::MAX })
}

impl From<Connected> for Connection {
    fn from(connection: Connected) -> Self {
        match connection {
            Connected::Stopped => Self::Stopped,
            Connected::Offline => Self::Offline,
            Connected::Waiting => Self::Waiting,
            Connected::Connecting => Self::Connecting,
            Connected::Online(_) => Self::Online,
            Connected::NeedsSignIn => Self::NeedsSignIn,
            Connected::UpgradeRequired => Self::UpdateRequired,
            Connected::Blocked => Self::Blocked,
        }
    }
}

impl From<engine::Ended> for Ended {
    fn from(ended: engine::Ended) -> Self {
        match ended {
            engine::Ended::Session => Self::Session,
            engine::Ended::Device => Self::Device,
            engine::Ended::Membership => Self::Membership,
            engine::Ended::Wiped => Self::Wiped,
        }
    }
}

impl From<store::Readiness> for Readiness {
    fn from(readiness: store::Readiness) -> Self {
        match readiness {
            store::Readiness::Empty => Self::Empty,
            store::Readiness::Filling => Self::Filling,
            store::Readiness::Checking => Self::Checking,
            store::Readiness::Ready => Self::Ready,
            store::Readiness::Repairing => Self::Repairing,
        }
    }
}

impl From<store::Progress> for Progress {
    fn from(progress: store::Progress) -> Self {
        Self { rows_done: progress.rows_done, rows_total: progress.rows_total }
    }
}

impl From<client::SyncOnce> for SyncOutcome {
    fn from(outcome: client::SyncOnce) -> Self {
        Self { complete: outcome.complete, status: Status::from(&outcome.status) }
    }
}

impl From<protocol::Cell> for Cell {
    fn from(cell: protocol::Cell) -> Self {
        match cell {
            protocol::Cell::Null => Self::Null,
            protocol::Cell::Boolean(value) => Self::Boolean { value },
            protocol::Cell::Integer(value) => Self::Integer { value },
            protocol::Cell::Text(value) => Self::Text { value },
        }
    }
}

impl From<Cell> for protocol::Cell {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Boolean { value } => Self::Boolean(value),
            Cell::Integer { value } => Self::Integer(value),
            Cell::Text { value } => Self::Text(value),
        }
    }
}

impl From<store::Changes> for Changes {
    fn from(changes: store::Changes) -> Self {
        let tables = changes.tables.into_iter().map(|(table, rows)| TableChange {
            table: table.to_owned(),
            ids: match rows {
                store::RowSet::Ids(ids) => Some(ids.into_iter().collect()),
                store::RowSet::Many => None,
            },
        });
        Self {
            tables: tables.collect(),
            queue: changes.queue,
            status: changes.status,
            permissions: changes.permissions,
            replica: false,
        }
    }
}

impl From<store::Difference> for Difference {
    fn from(difference: store::Difference) -> Self {
        Self { table: difference.table.to_owned(), scope: difference.scope }
    }
}
