//! What is committed, and who may see it.

use std::collections::{BTreeMap, BTreeSet};

use satchel_protocol::{Cell, Record as _, Row, RowKey, Table, table::REV, wire::Outcome};
use satchel_server::feed::head::LastPushed;
use satchel_trade::{Catalog, Meter, REGISTRY, Rows};
use uuid::Uuid;

use super::{OFFICE, ORG};

/// A user's place in the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Whether the user is let in.
    pub active: bool,
    /// What the user is assigned to.
    pub projects: BTreeSet<Uuid>,
    /// Whether the user may see the catalog.
    pub sees_catalog: bool,
    /// Changes with what the user may see.
    pub rights: u64,
}

impl Member {
    /// An active member of some projects.
    pub fn new(projects: BTreeSet<Uuid>) -> Self {
        Self { active: true, projects, sees_catalog: true, rights: 0 }
    }
}

/// A row of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// By which transaction.
    pub xid: u64,
    /// In which scope.
    pub scope: Uuid,
    /// Which row; none for a row of a table that phones do not have.
    pub key: Option<RowKey>,
}

/// A mutation that has its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Whose.
    pub user_id: Uuid,
    /// By which phone; none by RPC.
    pub device_id: Option<Uuid>,
    /// The phone's count.
    pub seq: u64,
    /// What the key stands for.
    pub content_hash: [u8; 32],
    /// The verdict.
    pub outcome: Outcome,
}

/// See the module. A clone of it is a backup.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    /// Every row.
    pub rows: Rows,
    /// What the clock beside it shows, in milliseconds; no part of a backup.
    pub now_ms: u64,
    /// How many revisions were given.
    pub revisions: i64,
    /// Changes, in the order of their commits.
    pub feed: Vec<Change>,
    /// The feed may lack transactions below this.
    pub floor: u64,
    /// The highest transaction number on disk.
    pub last_xid: u64,
    /// Mutations by key.
    pub ledger: BTreeMap<Uuid, Entry>,
    /// Phones.
    pub devices: BTreeMap<Uuid, LastPushed>,
    /// Users.
    pub members: BTreeMap<Uuid, Member>,
    /// How often each mutation took effect: for the final check only.
    pub effects: BTreeMap<Uuid, u32>,
    /// What the office added to meters: for the final check only.
    pub office_units: i64,
}

impl Disk {
    /// Writes a row as any writer would: triggers give the revision and note old and new scope.
    pub fn write(&mut self, xid: u64, key: RowKey, image: Option<Row>) {
        self.last_xid = self.last_xid.max(xid);
        let table = REGISTRY.table(key.table).expect("a table of the trade");
        let before = match image {
            Some(mut row) => {
                row[REV] = Cell::Integer(self.revision(key));
                self.rows.insert(key, row)
            }
            None => self.rows.remove(&key),
        };
        let after = self.rows.get(&key);
        let scopes: BTreeSet<Uuid> = before.iter().chain(after).map(|row| scope(table, row)).collect();
        self.feed.extend(scopes.into_iter().map(|scope| Change { xid, scope, key: Some(key) }));
    }

    /// The next revision of a row, as the function `satchel.stamp()` gives it.
    fn revision(&mut self, key: RowKey) -> i64 {
        self.revisions += 1;
        let by_clock = (self.now_ms << 10).cast_signed() | (self.revisions & 1023);
        let before = self.rows.get(&key).and_then(|row| row[REV].as_integer());
        before.map_or(by_clock, |before| by_clock.max(before + 1))
    }

    /// Notes in a scope that something changed which is in no replica.
    pub fn touch(&mut self, xid: u64, scope: Uuid) {
        self.last_xid = self.last_xid.max(xid);
        self.feed.push(Change { xid, scope, key: None });
    }

    /// The scopes a user's replica should hold, ascending.
    pub fn scopes(&self, user: Uuid) -> Vec<Uuid> {
        let projects = self.members.get(&user).filter(|member| member.active).map(|member| &member.projects);
        let mut scopes: Vec<Uuid> = projects.into_iter().flatten().copied().chain([ORG]).collect();
        scopes.sort_unstable();
        scopes
    }

    /// Row-level security.
    pub fn sees(&self, user: Uuid, key: RowKey, row: &Row) -> bool {
        let Some(member) = self.members.get(&user).filter(|member| member.active) else { return false };
        if key.table == Catalog::TABLE.name {
            return member.sees_catalog;
        }
        let table = REGISTRY.table(key.table).expect("a table of the trade");
        user == OFFICE || member.projects.contains(&scope(table, row))
    }

    /// The rows a user sees.
    pub fn seen(&self, user: Uuid) -> Rows {
        let seen = self.rows.iter().filter(|(key, row)| self.sees(user, **key, row));
        seen.map(|(key, row)| (*key, row.clone())).collect()
    }

    /// The sum of all meters.
    pub fn readings(&self) -> i64 {
        let meters = self.rows.iter().filter(|(key, _)| key.table == Meter::TABLE.name);
        meters.map(|(_, row)| Meter::from_row(row).expect("a meter").reading).sum()
    }
}

/// The scope of a row.
pub fn scope(table: &Table, row: &Row) -> Uuid {
    table.scope_of(row, ORG).expect("a row of its table")
}
