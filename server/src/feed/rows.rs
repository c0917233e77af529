//! Reading rows for a page, as JSON text that Postgres wrote.
//!
//! Invariants:
//! - Rows are read under the caller's row-level security, and only in scopes the replica holds.
//! - A read is bounded by rows and by bytes; what it left out follows on the next page, in id order.

use std::sync::Arc;

use satchel_protocol::{Registry, Table, table::ORG_SCOPE};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use super::{
    Snapshot,
    totals::{self, Total},
};
use crate::store::sql::{SCHEMA, wire_row};

/// The statements of a registry's tables. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Reader(Arc<Statements>);

#[derive(Debug)]
struct Statements {
    registry: &'static Registry,
    tables: Vec<TableStatements>,
    totals: Arc<str>,
}

#[derive(Debug)]
struct TableStatements {
    named: Arc<str>,
    scoped: Arc<str>,
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
    /// Whether there was no room for all.
    pub cut: bool,
}

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

const CHANGES: &str = "select scope_id, table_name, row_id \
    from satchel.feed_changes($1::text::xid8, $2::text[]::xid8[], $3::uuid[])";

impl Reader {
    /// Writes the statements of `registry`.
    pub fn new(registry: &'static Registry) -> Self {
        let tables = registry.tables.iter().map(|table| TableStatements::of(table)).collect();
        Self(Arc::new(Statements { registry, tables, totals: totals::statement(registry).into() }))
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
        let known =
            |(scope, table, id): (Uuid, String, Uuid)| self.position(&table).map(|table| Change { scope, table, id });
        Ok(rows.into_iter().filter_map(known).collect())
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
        let query = sqlx::query_as(AssertSqlSafe(self.0.tables[table].named.clone())).bind(org_id).bind(ids);
        let query = query.bind(scopes).bind(postgres_count(room.bytes));
        Ok(Batch::from(query.fetch_one(connection).await?, usize::MAX))
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
        let query = sqlx::query_as(AssertSqlSafe(self.0.tables[table].scoped.clone())).bind(org_id).bind(after);
        let query = query.bind(scopes).bind(postgres_count(room.bytes)).bind(postgres_count(room.rows));
        Ok(Batch::from(query.fetch_one(connection).await?, room.rows))
    }

    /// The checksums of `scopes`.
    pub async fn totals(
        &self,
        connection: &mut PgConnection,
        org_id: Uuid,
        scopes: &[Uuid],
    ) -> sqlx::Result<Vec<Total>> {
        totals::read(connection, &self.0.totals, org_id, scopes).await
    }
}

impl TableStatements {
    fn of(table: &Table) -> Self {
        let (name, row, scoped) = (table.name, wire_row(table, "t"), in_scopes(table, "$3"));
        let named = bounded(&format!(
            "select t.id, {row} as w from {SCHEMA}.{name} t where {scoped} and t.id = any($2) order by t.id"
        ));
        let scoped = if table.scope == ORG_SCOPE {
            bounded(&format!(
                "select t.id, {row} as w from {SCHEMA}.{name} t where {scoped} and t.id > $2 order by t.id limit $5"
            ))
        } else {
            // Materialized, lest the planner walk the whole organization in id order to find a few scopes' rows.
            bounded(&format!(
                "select t.id, {row} as w from {SCHEMA}.{name} t where t.org_id = $1 and t.id = any(array( \
                 with ids as materialized (select t.id from {SCHEMA}.{name} t where {scoped}) \
                 select ids.id from ids where ids.id > $2 order by ids.id limit $5)) order by t.id"
            ))
        };
        Self { named: named.into(), scoped: scoped.into() }
    }
}

/// The condition that a row lies in one of the scopes a parameter lists. `$1` is the organization.
pub(super) fn in_scopes(table: &Table, scopes: &str) -> String {
    if table.scope == ORG_SCOPE {
        format!("t.org_id = $1 and $1 = any({scopes}::uuid[])")
    } else {
        format!("t.org_id = $1 and t.{} = any({scopes}::uuid[])", table.scope)
    }
}

/// Joins the rows of `inner`, ids and texts in id order, as long as `$4` bytes have room for them.
fn bounded(inner: &str) -> String {
    format!(
        "select coalesce(string_agg(w, ',') filter (where before < $4), ''), \
         coalesce(array_agg(id) filter (where before < $4), '{{}}'), count(*) \
         from (select id, w, \
         sum(octet_length(w)) over (order by id rows unbounded preceding) - octet_length(w) as before \
         from ({inner}) page) sized"
    )
}

fn postgres_count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Batch {
    fn from((json, ids, found): (String, Vec<Uuid>, i64), rows_max: usize) -> Self {
        let found = usize::try_from(found).unwrap_or(usize::MAX);
        Self { cut: ids.len() < found || found >= rows_max, json, ids }
    }
}
