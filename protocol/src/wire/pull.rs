//! `POST /api/v1/sync/pull`: what a replica holds, answered by one page of a delta.
//!
//! A *pass* is the pages from one cursor to the next. Page 1 fixes the pass's target; the last page carries the new
//! cursor. A pass without a cursor is a fill: the first sync, or the repair of whatever differs from the checksums the
//! phone states. A broken pass goes on from its last [`Resume`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::push::{Outcome, Verdict};
use crate::{
    Permissions, Row,
    checksum::{Checksum, range_of},
};

/// A place in the history of changes; opaque to phones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Asks for what changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PullRequest {
    /// The wire version the phone speaks.
    pub protocol: u32,
    /// The phone.
    pub device_id: Uuid,
    /// Where the replica stands; none to fill.
    pub cursor: Option<Cursor>,
    /// The scopes the replica holds.
    pub held: Held,
    /// Goes on with a broken pass.
    pub resume: Option<Resume>,
    /// Asks for a [`Manifest`] with the last page. Stated on every page of a pass.
    pub manifest: bool,
    /// With no cursor: checksums of what the replica holds, per table and scope, so that only differences are sent.
    pub checksums: BTreeMap<String, BTreeMap<Uuid, Checksum>>,
    /// Beside `checksums`, where a scope has more than [`RANGE_ROWS`](crate::limits::RANGE_ROWS) rows of a table: a checksum
    /// for each of the [`RANGES`](crate::checksum::RANGES), in order. A phone that states them takes a fill by range.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub ranges: BTreeMap<String, BTreeMap<Uuid, Vec<Checksum>>>,
    /// With no cursor: whether that is because the replica was found to differ from a manifest.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub diverged: bool,
    /// The highest `seq` whose verdict the phone has stored; the server repeats those above it.
    pub verdicts_through: u64,
    /// The digest of the [`Permissions`] the phone holds, empty when it holds none. A phone that leaves it out is told
    /// none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<String>,
}

impl PullRequest {
    /// The mark or cursor that its answer goes on from; none for a fill's first page.
    pub fn place(&self) -> Option<&str> {
        let mark = self.resume.as_ref().map(|resume| resume.token.as_str());
        mark.or(self.cursor.as_ref().map(|cursor| cursor.0.as_str()))
    }
}

/// The scopes a replica holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Held {
    /// [`scopes_digest`](crate::checksum::scopes_digest) of them.
    pub digest: String,
    /// All of them; only when the server answered `SCOPES_REQUIRED`, or with no cursor.
    pub ids: Option<Vec<Uuid>>,
}

/// Where a pass broke off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Resume {
    /// The server's mark; opaque to phones.
    pub token: String,
    /// What page 1 of the pass said is being filled.
    pub fill: Vec<TableFill>,
    /// The scopes held once the pass is complete.
    pub scopes: Vec<Uuid>,
}

/// Scopes whose rows of one table are sent in full.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TableFill {
    /// The table.
    pub table: String,
    /// The scopes.
    pub scopes: Vec<Uuid>,
    /// Of these among them only the rows in these ranges, by [`range_of`] their id: only to phones
    /// that stated `ranges`. Rows in the other ranges stay.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ranges: BTreeMap<Uuid, Vec<u8>>,
}

impl TableFill {
    /// Whether a row of one of its scopes is among what it sends in full.
    pub fn covers(&self, scope: Uuid, id: Uuid) -> bool {
        self.ranges.get(&scope).is_none_or(|ranges| ranges.contains(&range_of(id)))
    }
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DeltaPage {
    /// What it goes on from, as [`place_digest`](crate::checksum::place_digest) of that cursor or mark: of the request, or
    /// of the page before. A replica that stands elsewhere may lack what lies between, and must not take it. Not said by a
    /// fill's first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// Page 1 only: scopes the replica holds from now on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub enter: Vec<Uuid>,
    /// Page 1 only: scopes to drop, with all their rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leave: Vec<Uuid>,
    /// Page 1 only: what this pass sends in full. Rows of these scopes that the pass does not send are to be dropped
    /// when it completes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fill: Vec<TableFill>,
    /// Rows, parents before children. On the last page, after them, those that changed while the pass was under way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableRows>,
    /// More pages follow: ask with this mark (a stream sends them by itself).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resume: Option<String>,
    /// Last page only: where the replica stands now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    /// Last page only: effects of this device's mutations up to this `seq` are contained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seq: Option<u64>,
    /// Last page only: the idempotency key at `last_seq`, by which a cloned phone finds itself out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_key: Option<Uuid>,
    /// Verdicts above the request's `verdicts_through`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<Verdict>,
    /// Last page only: what the office decided since the request's cursor on this user's mutations in its inbox. Without
    /// cursor, what it decided of late. It takes the place of the verdict that was told before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub settlements: Vec<Settlement>,
    /// When asked for: totals per table over all held scopes, at exactly this cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Manifest>,
    /// Page 1 of a fill: about how many rows the pass will send, for a progress bar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_total: Option<u64>,
    /// Page 1 only: what the user may call, when the request states another digest than that of this answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Permissions>,
    /// Page 1 only: the office asks this device to clear itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wipe: Option<Wipe>,
}

/// How a device is to clear itself: replica, queue and session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wipe {
    /// At once, whatever waits on it to be sent.
    AtOnce,
    /// Once nothing is on it that the server does not have. Also what a device makes of a word it does not know.
    #[serde(other)]
    AfterUpload,
}

/// What the office decided on a mutation in its inbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Settlement {
    /// The mutation's idempotency key.
    pub key: Uuid,
    /// `applied`, `repaired` (applied with other arguments), `dismissed`; more may follow.
    pub decision: String,
    /// What the mutation's verdict is from now on.
    pub outcome: Outcome,
    /// What the supervisor wrote to the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Changed rows of one table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TableRows {
    /// The table.
    pub table: String,
    /// The columns of `rows`, in order; by name, so that sides of different age understand each other.
    pub columns: Vec<String>,
    /// The new images.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// Ids of rows that are gone, or gone from this user's sight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Uuid>,
}

/// What a replica must hold: a checksum per table over all its scopes.
pub type Manifest = BTreeMap<String, Checksum>;
