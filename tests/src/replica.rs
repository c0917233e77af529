//! What a phone holds, by the plainest means: maps in memory, and a comparison with what the database shows its user.

use std::collections::{BTreeMap, BTreeSet};

use satchel_protocol::{
    PROTOCOL_VERSION, Registry, Row,
    checksum::{Checksum, RANGES, place_digest, range_of, scopes_digest},
    limits::RANGE_ROWS,
    wire::{Cursor, DeltaPage, Held, Manifest, PullRequest, Resume, TableFill},
};
use satchel_server::database::{Caller, Database};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    oracle::json_row,
    server::{Client, Refused},
};

/// Rows by table and id.
pub type Rows = BTreeMap<(String, Uuid), Row>;

/// A replica without a phone around it.
#[derive(Clone, Debug)]
pub struct Replica {
    registry: &'static Registry,
    org_id: Uuid,
    /// The phone.
    pub device_id: Uuid,
    /// What it holds.
    pub rows: Rows,
    /// The scopes it holds.
    pub scopes: BTreeSet<Uuid>,
    /// Where it stands.
    pub cursor: Option<Cursor>,
    /// The end of its sequence by the last complete pass.
    pub last_seq: u64,
    /// Verdicts it was told.
    pub verdicts: BTreeMap<u64, satchel_protocol::wire::Verdict>,
    pass: Option<RunningPass>,
    // The digests of its cursors and marks.
    stood: BTreeSet<String>,
    /// Pages applied.
    pub pages: usize,
    /// Rows that came, repeats included.
    pub rows_received: usize,
}

#[derive(Clone, Debug, Default)]
struct RunningPass {
    fill: Vec<TableFill>,
    scopes: BTreeSet<Uuid>,
    sent: BTreeSet<(String, Uuid)>,
    resume: Option<String>,
}

impl Replica {
    /// An empty one.
    pub fn new(registry: &'static Registry, org_id: Uuid) -> Self {
        Self {
            registry,
            org_id,
            device_id: Uuid::now_v7(),
            rows: Rows::new(),
            scopes: BTreeSet::new(),
            cursor: None,
            last_seq: 0,
            verdicts: BTreeMap::new(),
            pass: None,
            stood: BTreeSet::new(),
            pages: 0,
            rows_received: 0,
        }
    }

    /// What it would ask next.
    pub fn request(&self) -> PullRequest {
        let resume = self.pass.as_ref().and_then(|pass| {
            let token = pass.resume.clone()?;
            Some(Resume { token, fill: pass.fill.clone(), scopes: pass.scopes.iter().copied().collect() })
        });
        let digest = scopes_digest(self.scopes.iter().copied());
        PullRequest {
            protocol: PROTOCOL_VERSION,
            device_id: self.device_id,
            cursor: self.cursor.clone(),
            held: Held { digest, ids: None },
            resume,
            verdicts_through: self.verdicts.keys().next_back().copied().unwrap_or(0),
            ..PullRequest::default()
        }
    }

    /// The same with the ids of all scopes.
    pub fn request_with_ids(&self) -> PullRequest {
        let mut request = self.request();
        request.held.ids = Some(self.scopes.iter().copied().collect());
        request
    }

    /// What it would ask to have itself verified and repaired.
    pub fn request_repair(&self) -> PullRequest {
        PullRequest { cursor: None, resume: None, checksums: self.checksums(), ..self.request_with_ids() }
    }

    /// The same, with the checksums of large tables by range.
    pub fn request_repair_by_range(&self) -> PullRequest {
        let mut request = self.request_repair();
        for ((table, id), row) in &self.rows {
            let scope = scope_of(self.registry, self.org_id, table, row);
            if request.checksums[table][&scope].count > RANGE_ROWS {
                let scopes = request.ranges.entry(table.clone()).or_default();
                let ranges = scopes.entry(scope).or_insert_with(|| vec![Checksum::default(); RANGES]);
                ranges[usize::from(range_of(*id))].add(row[1].as_integer().expect("a rev"));
            }
        }
        request
    }

    /// Applies a page. True when its pass is complete.
    ///
    /// # Panics
    /// When the page breaks the rules of the wire.
    pub fn apply(&mut self, page: DeltaPage) -> bool {
        self.pages += 1;
        let mark = self.pass.as_ref().and_then(|pass| pass.resume.as_deref());
        let place = mark.or(self.cursor.as_ref().map(|cursor| cursor.0.as_str())).map(place_digest);
        self.stood.extend(place);
        // From an earlier place it brings again what a delta brought that was on its way when it was asked for.
        let after_nothing = page.follows.is_none() && page.rows_total.is_some();
        assert!(after_nothing || page.follows.is_some_and(|place| self.stood.contains(&place)), "it leaves a gap");
        let opens = self.pass.as_ref().is_none_or(|pass| pass.resume.is_none());
        if opens {
            let mut scopes = self.scopes.clone();
            scopes.extend(&page.enter);
            page.leave.iter().for_each(|scope| assert!(scopes.remove(scope), "{scope} was not held"));
            let left: BTreeSet<Uuid> = page.leave.iter().copied().collect();
            let (registry, org_id) = (self.registry, self.org_id);
            self.rows.retain(|(table, _), row| !left.contains(&scope_of(registry, org_id, table, row)));
            self.pass = Some(RunningPass { fill: page.fill, scopes, ..RunningPass::default() });
        } else {
            assert!(page.enter.is_empty() && page.leave.is_empty() && page.fill.is_empty(), "only on page 1");
        }
        let mut pass = self.pass.take().expect("just set");
        let (mut order, mut again) = (0, false);
        for rows in page.tables {
            let position = self.registry.tables.iter().position(|table| table.name == rows.table).expect("known");
            // What changed under the pass stands after the rest of its last page.
            if position < order {
                assert!(page.cursor.is_some() && !std::mem::replace(&mut again, true), "parents before children");
            }
            order = position;
            let table = self.registry.tables[position];
            let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(rows.columns, names);
            for row in rows.rows {
                self.rows_received += 1;
                let row = table.decode_row(row).expect("a row of its table");
                let key = (rows.table.clone(), row[0].as_uuid().expect("an id"));
                pass.sent.insert(key.clone());
                self.rows.insert(key, row);
            }
            for id in rows.removed {
                self.rows.remove(&(rows.table.clone(), id));
            }
        }
        for verdict in page.verdicts {
            self.verdicts.insert(verdict.seq, verdict);
        }
        pass.resume = page.resume;
        assert_ne!(pass.resume.is_some(), page.cursor.is_some(), "a page is the last or names the next");
        let Some(cursor) = page.cursor else {
            self.pass = Some(pass);
            return false;
        };
        for fill in &pass.fill {
            let scopes: BTreeSet<Uuid> = fill.scopes.iter().copied().collect();
            let (registry, org_id) = (self.registry, self.org_id);
            self.rows.retain(|key, row| {
                let scope = scope_of(registry, org_id, &key.0, row);
                key.0 != fill.table || pass.sent.contains(key) || !scopes.contains(&scope) || !fill.covers(scope, key.1)
            });
        }
        self.scopes = pass.scopes;
        self.cursor = Some(cursor);
        self.last_seq = page.last_seq.expect("on the last page");
        true
    }

    /// Pulls until a pass is complete, giving ids and repairing when the server asks for it.
    ///
    /// # Errors
    /// What the server answered otherwise.
    pub async fn catch_up(&mut self, client: &Client) -> Result<(), Refused> {
        let mut request = self.request();
        loop {
            match client.pull(&request).await {
                Ok(page) => {
                    if self.apply(page) {
                        return Ok(());
                    }
                    request = self.request();
                }
                Err(refused) => match refused.error.code {
                    satchel_protocol::ErrorCode::ScopesRequired if request.held.ids.is_none() => {
                        request = self.request_with_ids();
                    }
                    satchel_protocol::ErrorCode::CursorStale
                        if request.cursor.is_some() || request.resume.is_some() =>
                    {
                        self.pass = None;
                        request = self.request_repair();
                    }
                    _ => return Err(refused),
                },
            }
        }
    }

    /// Checksums per table and scope.
    pub fn checksums(&self) -> BTreeMap<String, BTreeMap<Uuid, Checksum>> {
        let mut sums: BTreeMap<String, BTreeMap<Uuid, Checksum>> = BTreeMap::new();
        for ((table, _), row) in &self.rows {
            let scope = scope_of(self.registry, self.org_id, table, row);
            let rev = row[1].as_integer().expect("a rev");
            sums.entry(table.clone()).or_default().entry(scope).or_default().add(rev);
        }
        sums
    }

    /// Totals per table.
    pub fn manifest(&self) -> Manifest {
        let mut manifest: Manifest =
            self.registry.tables.iter().map(|table| (table.name.to_owned(), Checksum::default())).collect();
        for (table, scopes) in self.checksums() {
            let total = manifest.entry(table).or_default();
            scopes.into_values().for_each(|sum| total.merge(sum));
        }
        manifest
    }

    /// The row, if it is held.
    pub fn row(&self, table: &str, id: Uuid) -> Option<&Row> {
        self.rows.get(&(table.to_owned(), id))
    }
}

fn scope_of(registry: &Registry, org_id: Uuid, table: &str, row: &Row) -> Uuid {
    registry.table(table).and_then(|table| table.scope_of(row, org_id)).expect("every row has a scope")
}

/// What row-level security shows a caller within the scopes due to it, read by plain queries.
///
/// # Panics
/// When the database refuses.
pub async fn visible(database: &Database, registry: &'static Registry, caller: &Caller) -> (BTreeSet<Uuid>, Rows) {
    let mut entered = database.begin_read(caller).await.expect("a member");
    let scopes: Vec<Uuid> =
        sqlx::query_scalar("select satchel.my_scopes()").fetch_all(&mut *entered.tx).await.expect("scopes");
    let mut rows = Rows::new();
    for table in registry.tables {
        let sql =
            format!("select {} from satchel.{} t where t.{} = any($1)", json_row(table, "t"), table.name, table.scope);
        let texts: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(sql)).bind(&scopes).fetch_all(&mut *entered.tx).await.expect("rows");
        for text in texts {
            let row = table.decode_row(serde_json::from_str(&text).expect("cells")).expect("a row of its table");
            rows.insert((table.name.to_owned(), row[0].as_uuid().expect("an id")), row);
        }
    }
    (scopes.into_iter().collect(), rows)
}

/// Asserts P5: the replica is what row-level security shows.
///
/// # Panics
/// When it is not; the message names ids only.
pub async fn assert_converged(replica: &Replica, database: &Database, caller: &Caller) {
    let (scopes, rows) = visible(database, replica.registry, caller).await;
    assert_eq!(replica.scopes, scopes, "scopes");
    let keys = |rows: &Rows| rows.keys().cloned().collect::<BTreeSet<_>>();
    let (held, seen) = (keys(&replica.rows), keys(&rows));
    assert_eq!(held.difference(&seen).collect::<Vec<_>>(), Vec::<&(String, Uuid)>::new(), "held but not visible");
    assert_eq!(seen.difference(&held).collect::<Vec<_>>(), Vec::<&(String, Uuid)>::new(), "visible but not held");
    let different: Vec<_> =
        rows.iter().filter(|(key, row)| replica.rows.get(key) != Some(row)).map(|(key, _)| key).collect();
    assert_eq!(different, Vec::<&(String, Uuid)>::new(), "held with other contents");
}
