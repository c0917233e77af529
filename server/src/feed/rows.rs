//! Reading rows for a page, spelled as JSON while they come.
//!
//! Invariants:
//! - Rows are read under the caller's row-level security, and only in scopes the replica holds.
//! - A read is bounded by rows and by bytes, in Postgres already; what it left out follows on the next page, in id
//!   order.

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use satchel_protocol::{
    Kind, Registry, Table,
    checksum::{Checksum, RANGES},
    table::ORG_SCOPE,
    wire::TableFill,
};
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Row as _, postgres::PgArguments};
use uuid::Uuid;

use super::{
    ScopeKinds, Snapshot,
    totals::{self, Total},
};
use crate::store::{
    binary,
    sql::{SCHEMA, columns},
};

/// The statements of a registry's tables. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Reader(Arc<Statements>);

#[derive(Debug)]
struct Statements {
    registry: &'static Registry,
    tables: Vec<TableStatements>,
    totals: totals::Statement,
}

#[derive(Debug)]
struct TableStatements {
    named: Arc<str>,
    scoped: Arc<str>,
    /// As `scoped`, only those of some ranges.
    ranged: Arc<str>,
    totals_by_range: Arc<str>,
}

/// How much a page may still take.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Rows.
    pub rows: usize,
    /// Bytes of row text. One row is always taken, however long it is.
    pub bytes: usize,
}

impl Room {
    /// Whether the page is full.
    pub fn is_none(self) -> bool {
        self.rows == 0 || self.bytes == 0
    }

    /// Takes up room.
    pub fn take(&mut self, rows: usize, bytes: usize) {
        self.rows = self.rows.saturating_sub(rows);
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}

/// Rows read, in id order.
#[derive(Debug, Default)]
pub struct Batch {
    /// The rows, JSON arrays with commas between.
    pub json: String,
    /// Their ids.
    pub ids: Vec<Uuid>,
    /// Whether there may be more, for which there was no room.
    pub cut: bool,
}

/// Bytes of JSON that a value takes which has no length of its own, quotes and comma included.
const VALUE_BYTES: usize = 40;

/// A change named by the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The scope it happened in.
    pub scope: Uuid,
    /// The table, by its position in the registry.
    pub table: usize,
    /// The row.
    pub id: Uuid,
}

/// A change as the feed tells it; the table need not be one this build knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedChange {
    /// The scope it happened in.
    pub scope: Uuid,
    /// The table's name.
    pub table: String,
    /// The row.
    pub id: Uuid,
}

/// Changes from the arrays of their parts.
pub(super) fn named_changes(scopes: Vec<Uuid>, tables: Vec<String>, ids: Vec<Uuid>) -> Vec<NamedChange> {
    let parts = scopes.into_iter().zip(tables).zip(ids);
    parts.map(|((scope, table), id)| NamedChange { scope, table, id }).collect()
}

const CHANGES: &str = "select scope_id, table_name, row_id \
    from satchel.feed_changes($1::text::xid8, $2::text[]::xid8[], $3::uuid[])";

impl Reader {
    /// Writes the statements of `registry`.
    pub fn new(registry: &'static Registry) -> Self {
        let tables = registry.tables.iter().map(|table| TableStatements::of(table)).collect();
        Self(Arc::new(Statements { registry, tables, totals: totals::Statement::new(registry) }))
    }

    /// The registry.
    pub fn registry(&self) -> &'static Registry {
        self.0.registry
    }

    /// The position of a table in the registry.
    pub fn position(&self, table: &str) -> Option<usize> {
        self.0.registry.tables.iter().position(|candidate| candidate.name == table)
    }

    /// What changed in `scopes` since `since`. Tables this build does not know are left out.
    pub async fn changes(
        &self,
        connection: &mut PgConnection,
        since: &Snapshot,
        scopes: &[Uuid],
    ) -> sqlx::Result<Vec<Change>> {
        let rows: Vec<(Uuid, String, Uuid)> = sqlx::query_as(CHANGES)
            .bind(since.xmax_text())
            .bind(since.running_text())
            .bind(scopes)
            .fetch_all(connection)
            .await?;
        Ok(self.known(rows.into_iter().map(|(scope, table, id)| NamedChange { scope, table, id })))
    }

    /// Those of tables that this build knows.
    pub fn known(&self, changes: impl IntoIterator<Item = NamedChange>) -> Vec<Change> {
        let known = |NamedChange { scope, table, id }: NamedChange| {
            self.position(&table).map(|table| Change { scope, table, id })
        };
        changes.into_iter().filter_map(known).collect()
    }

    /// The rows of `table` among `ids` that lie in `scopes`.
    pub async fn named(
        &self,
        connection: &mut PgConnection,
        org_id: Uuid,
        table: usize,
        ids: &[Uuid],
        scopes: &[Uuid],
        room: Room,
    ) -> sqlx::Result<Batch> {
        let query = sqlx::query(AssertSqlSafe(self.0.tables[table].named.clone())).bind(org_id).bind(ids);
        let query = query.bind(scopes).bind(postgres_count(room.bytes));
        // As many as were asked for are not more than there is room for.
        self.read(connection, table, query, Room { rows: usize::MAX, ..room }).await
    }

    /// The first rows of `table` in `scopes` whose id is above `after`.
    pub async fn scoped(
        &self,
        connection: &mut PgConnection,
        org_id: Uuid,
        table: usize,
        scopes: &[Uuid],
        after: Uuid,
        room: Room,
    ) -> sqlx::Result<Batch> {
        let query = sqlx::query(AssertSqlSafe(self.0.tables[table].scoped.clone())).bind(org_id).bind(after);
        let query = query.bind(scopes).bind(postgres_count(room.bytes)).bind(postgres_count(room.rows));
        self.read(connection, table, query, room).await
    }

    /// The same, of some scopes only the rows in some ranges.
    pub async fn ranged(
        &self,
        connection: &mut PgConnection,
        org_id: Uuid,
        table: usize,
        fill: &TableFill,
        after: Uuid,
        room: Room,
    ) -> sqlx::Result<Batch> {
        let query = sqlx::query(AssertSqlSafe(self.0.tables[table].ranged.clone())).bind(org_id).bind(after);
        let query = query.bind(&fill.scopes).bind(postgres_count(room.bytes)).bind(postgres_count(room.rows));
        let ranges = fill.ranges.iter().flat_map(|(scope, ranges)| ranges.iter().map(move |range| (scope, range)));
        let pairs: Vec<String> = ranges.map(|(scope, range)| format!("{scope}/{range}")).collect();
        let query = query.bind(fill.ranges.keys().copied().collect::<Vec<Uuid>>()).bind(pairs);
        self.read(connection, table, query, room).await
    }

    /// Checksums of one scope's rows of a table, by range.
    pub async fn totals_by_range(
        &self,
        connection: &mut PgConnection,
        org_id: Uuid,
        table: usize,
        scope: Uuid,
    ) -> sqlx::Result<[Checksum; RANGES]> {
        totals::read_by_range(connection, &self.0.tables[table].totals_by_range, org_id, scope).await
    }

    async fn read(
        &self,
        connection: &mut PgConnection,
        table: usize,
        query: sqlx::query::Query<'_, Postgres, PgArguments>,
        room: Room,
    ) -> sqlx::Result<Batch> {
        let table = self.0.registry.tables[table];
        let (mut json, mut ids, mut bytes) = (Vec::new(), Vec::new(), 0_usize);
        let mut rows = query.fetch(connection);
        while let Some(row) = rows.try_next().await? {
            if !json.is_empty() {
                json.push(b',');
            }
            bytes += usize::try_from(row.try_get::<i32, _>(0)?).unwrap_or_default();
            ids.push(binary::write_json(table, &row, 1, &mut json).map_err(undecodable)?);
        }
        let cut = ids.len() >= room.rows || bytes >= room.bytes;
        Ok(Batch { json: String::from_utf8(json).map_err(undecodable)?, ids, cut })
    }

    /// The checksums of `scopes`, whose kinds `kinds` may know.
    pub async fn totals(
        &self,
        connection: &mut PgConnection,
        org_id: Uuid,
        scopes: &[Uuid],
        kinds: &ScopeKinds,
    ) -> sqlx::Result<Vec<Total>> {
        self.0.totals.read(connection, org_id, scopes, kinds).await
    }
}

impl TableStatements {
    fn of(table: &Table) -> Self {
        let scoped = in_scopes(table, "$3");
        let named = bounded(table, &rows(table, &format!("where {scoped} and t.id = any($2) order by t.id")));
        let scope = if table.scope == ORG_SCOPE { "$1".to_owned() } else { format!("t.{}", table.scope) };
        let ranged = format!(
            "{scoped} and ({scope} <> all($6::uuid[]) \
             or {scope}::text || '/' || get_byte(uuid_send(t.id), 15) = any($7::text[]))"
        );
        Self {
            named: named.into(),
            scoped: page_of(table, &scoped).into(),
            ranged: page_of(table, &ranged).into(),
            totals_by_range: totals::by_range(table).into(),
        }
    }
}

/// The first rows that a condition chooses whose id is above `$2`, at most `$5`, as long as `$4` bytes have room for them.
fn page_of(table: &Table, chosen: &str) -> String {
    let next = format!("where {chosen} and t.id > $2");
    if table.scope != ORG_SCOPE {
        // The offset keeps the planner from walking the whole organization in id order to find a few scopes' rows.
        return bounded(table, &format!("select * from ({} offset 0) t order by t.id limit $5", rows(table, &next)));
    }
    let next = rows(table, &format!("{next} order by t.id limit"));
    // Adding up takes half as long as adding up row by row, and mostly there is room for all.
    format!(
        "with room as materialized (select case when sum(next.bytes) <= $4 then $5 else ( \
         select count(*) from ({}) sized where sized.before < $4) end as rows from ({next} $5) next) \
         select t.bytes, {} from ({next} (select room.rows from room)) t order by t.id",
        sized(&format!("{next} $5")),
        columns(table, "t"),
    )
}

/// The condition that a row lies in one of the scopes a parameter lists. `$1` is the organization.
pub(super) fn in_scopes(table: &Table, scopes: &str) -> String {
    if table.scope == ORG_SCOPE {
        format!("t.org_id = $1 and $1 = any({scopes}::uuid[])")
    } else {
        format!("t.org_id = $1 and t.{} = any({scopes}::uuid[])", table.scope)
    }
}

/// Of `rows` those for which `$4` bytes have room, each after about how many bytes of JSON it takes, in id order.
fn bounded(table: &Table, rows: &str) -> String {
    let columns = columns(table, "sized");
    format!("select sized.bytes, {columns} from ({}) sized where sized.before < $4 order by sized.id", sized(rows))
}

/// The `rows`, with the bytes that all before it in id order take.
fn sized(rows: &str) -> String {
    format!(
        "select page.*, sum(page.bytes) over (order by page.id rows unbounded preceding) - page.bytes as before \
         from ({rows}) page"
    )
}

/// The rows that `chosen` chooses, with about how many bytes of JSON each takes.
fn rows(table: &Table, chosen: &str) -> String {
    format!("select {} as bytes, t.* from {SCHEMA}.{} t {chosen}", json_bytes(table), table.name)
}

/// About how many bytes a row takes as JSON. Postgres knows the length of a long value without reading it.
fn json_bytes(table: &Table) -> String {
    let long = |kind: Kind| matches!(kind, Kind::Text | Kind::Bytes);
    let fixed = table.columns.iter().filter(|column| !long(column.kind)).count() * VALUE_BYTES;
    let mut sum = fixed.to_string();
    for column in table.columns.iter().filter(|column| long(column.kind)) {
        sum += &format!(" + coalesce(octet_length(t.\"{}\"), 0)", column.name);
    }
    sum
}

fn postgres_count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn undecodable(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}
