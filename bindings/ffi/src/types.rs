//! What crosses the boundary, and how it is made from the core's types.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use satchel_client::{
    client, engine,
    status::{self, Connection as Connected},
    store,
};
use satchel_protocol::{self as protocol, Rejection, wire};
use uuid::Uuid;

use crate::error::RefusalKind;

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

/// Counts of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct QueueSummary {
    /// Not sent.
    pub pending: u64,
    /// Sent, no verdict.
    pub sending: u64,
    /// Accepted, waiting to come back.
    pub accepted: u64,
    /// Refused; need attention.
    pub rejected: u64,
    /// Unsent, waiting for a refused one.
    pub held: u64,
    /// Pending, sending or held ones whose rule, run again here, says no.
    pub may_be_refused: u64,
}

/// A mutation that is durable in the queue, its effects visible.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Mutated {
    /// Its idempotency key.
    pub key: Uuid,
    /// What the rule returned, as JSON; none for a rule that only the server runs.
    pub output_json: Option<String>,
}

/// Where a queued mutation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum QueueState {
    /// Durable here, not sent.
    Pending,
    /// May be at the server; no verdict yet.
    Sending,
    /// Accepted; its effects have not come back yet.
    Accepted,
    /// Refused by the server; needs attention.
    Rejected,
    /// Waits, unsent, for a refused one that it depends on.
    Held,
}

/// Why a mutation was or may be refused.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Refusal {
    /// The kind.
    pub kind: RefusalKind,
    /// A stable reason for programs, `aggregate.rule`.
    pub reason: String,
    /// A sentence a person can act on.
    pub explanation: String,
    /// Facts to show beside it, a JSON object, where there are some.
    pub details_json: Option<String>,
}

/// A queued mutation.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct QueueEntry {
    /// The idempotency key.
    pub key: Uuid,
    /// The mutation's name, `namespace/vN/procedure`.
    pub name: String,
    /// Its arguments as JSON, for the app's own sentences about it.
    pub args_json: String,
    /// Where it stands.
    pub state: QueueState,
    /// Why the server may refuse it, by the rule's last run here. It is sent all the same.
    pub may_be_refused: Option<Refusal>,
    /// The one it waits for, refused or held itself.
    pub held_by: Option<Uuid>,
    /// The refused mutation it was entered in place of.
    pub retry_of: Option<Uuid>,
}

/// A mutation that left the queue with a verdict.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Past {
    /// The idempotency key.
    pub key: Uuid,
    /// The mutation's name, `namespace/vN/procedure`.
    pub name: String,
    /// Its arguments as JSON, for the app's own sentences about it.
    pub args_json: String,
    /// Why it was refused; none if it was accepted.
    pub refusal: Option<Refusal>,
    /// The refused mutation it was entered in place of.
    pub retry_of: Option<Uuid>,
    /// The mutation that was entered in place of it.
    pub replaced_by: Option<Uuid>,
}

/// A mutation the server did not take.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Attention {
    /// The mutation.
    pub entry: QueueEntry,
    /// Why.
    pub refusal: Refusal,
    /// Finds a fault of the server in its logs, if it was one.
    pub trace_id: Option<String>,
    /// The refused mutation it stood on, if it was refused because of it. A retry of that one sends this one after it.
    pub because_of: Option<Uuid>,
    /// Mutations that wait for this one, in order.
    pub holds: Vec<Uuid>,
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
            progress: Progress { rows_done: status.progress.rows_done, rows_total: status.progress.rows_total },
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

impl From<store::QueueSummary> for QueueSummary {
    fn from(queue: store::QueueSummary) -> Self {
        Self {
            pending: queue.pending as u64,
            sending: queue.sending as u64,
            accepted: queue.accepted as u64,
            rejected: queue.rejected as u64,
            held: queue.held as u64,
            may_be_refused: queue.may_be_refused as u64,
        }
    }
}

impl From<client::Mutated> for Mutated {
    fn from(mutated: client::Mutated) -> Self {
        Self { key: mutated.key, output_json: mutated.output.map(|output| output.to_string()) }
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self {
            kind: RefusalKind::of(rejection.code),
            reason: rejection.reason,
            explanation: rejection.message,
            details_json: (!rejection.details.is_null()).then(|| rejection.details.to_string()),
        }
    }
}

impl From<store::QueueEntry> for QueueEntry {
    fn from(entry: store::QueueEntry) -> Self {
        Self {
            key: entry.key,
            name: entry.name,
            args_json: entry.args.get().to_owned(),
            state: match entry.state {
                store::QueueState::Pending => QueueState::Pending,
                store::QueueState::Sending => QueueState::Sending,
                store::QueueState::Accepted => QueueState::Accepted,
                store::QueueState::Rejected => QueueState::Rejected,
                store::QueueState::Held { .. } => QueueState::Held,
            },
            may_be_refused: entry.may_be_refused.map(Refusal::from),
            held_by: match entry.state {
                store::QueueState::Held { by } => Some(by),
                _ => None,
            },
            retry_of: entry.retry_of,
        }
    }
}

impl From<store::Attention> for Attention {
    fn from(attention: store::Attention) -> Self {
        let trace_id = match &attention.outcome {
            wire::Outcome::Quarantined { trace_id } => Some(trace_id.clone()),
            _ => None,
        };
        Self {
            entry: attention.entry.into(),
            // The list holds nothing that was accepted.
            refusal: refusal(attention.outcome).unwrap_or_else(fault),
            trace_id,
            because_of: attention.because_of,
            holds: attention.holds,
        }
    }
}

impl From<store::Past> for Past {
    fn from(past: store::Past) -> Self {
        Self {
            key: past.key,
            name: past.name,
            args_json: past.args.get().to_owned(),
            refusal: refusal(past.outcome),
            retry_of: past.retry_of,
            replaced_by: past.replaced_by,
        }
    }
}

/// Why not; none if it was accepted.
fn refusal(outcome: wire::Outcome) -> Option<Refusal> {
    match outcome {
        wire::Outcome::Rejected(rejection) => Some(rejection.into()),
        wire::Outcome::Quarantined { .. } => Some(fault()),
        wire::Outcome::Accepted { .. } | wire::Outcome::Expired => None,
    }
}

fn fault() -> Refusal {
    Refusal {
        kind: RefusalKind::Other,
        reason: "server.fault".to_owned(),
        explanation: "The server could not process this. It is kept here: try again, or tell the office.".to_owned(),
        details_json: None,
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
