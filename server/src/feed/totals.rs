//! Checksums of what the caller may see, per table and scope.

use std::fmt::Write as _;

use satchel_protocol::{
    Registry, Table,
    checksum::{Checksum, RANGES},
};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::store::sql::SCHEMA;

/// The checksum of one scope's rows of one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// The table, by its position in the registry.
    pub table: usize,
    /// The scope.
    pub scope: Uuid,
    /// Its rows.
    pub checksum: Checksum,
}

/// The statement that reads the totals of all tables at once. `$1` organization, `$2` scopes.
pub(super) fn statement(registry: &Registry) -> String {
    let mut sql = String::new();
    for (position, table) in registry.tables.iter().enumerate() {
        let union = if position == 0 { "" } else { " union all " };
        let (name, scope) = (table.name, table.scope);
        // Sums of 64-bit numbers are exact numerics; the wire wants them modulo 2^64.
        write!(
            sql,
            "{union}select {position} as t, t.{scope} as s, count(*) as n, \
             mod(sum(t.rev), 18446744073709551616)::text as r \
             from {SCHEMA}.{name} t where {} group by t.{scope}",
            super::rows::in_scopes(table, "$2"),
        )
        .expect("a String takes any text");
    }
    sql
}

/// Reads the totals of `scopes`. Scopes without rows in a table are not named.
pub(super) async fn read(
    connection: &mut PgConnection,
    statement: &std::sync::Arc<str>,
    org_id: Uuid,
    scopes: &[Uuid],
) -> sqlx::Result<Vec<Total>> {
    let rows: Vec<(i32, Uuid, i64, String)> =
        sqlx::query_as(AssertSqlSafe(statement.clone())).bind(org_id).bind(scopes).fetch_all(connection).await?;
    rows.into_iter()
        .map(|(table, scope, count, sum)| {
            let sum = sum.parse().map_err(|_| sqlx::Error::Decode("a sum of revisions below zero".into()))?;
            let table = usize::try_from(table).map_err(|error| sqlx::Error::Decode(error.into()))?;
            Ok(Total { table, scope, checksum: Checksum { count: count.cast_unsigned(), sum } })
        })
        .collect()
}

/// Adds up totals per table.
pub fn per_table(totals: &[Total], tables: &[&Table]) -> satchel_protocol::wire::Manifest {
    let mut manifest = satchel_protocol::wire::Manifest::new();
    for table in tables {
        manifest.insert(table.name.to_owned(), Checksum::default());
    }
    for total in totals {
        if let Some(sum) = tables.get(total.table).and_then(|table| manifest.get_mut(table.name)) {
            sum.merge(total.checksum);
        }
    }
    manifest
}

/// The statement that reads the totals by range of one scope's rows of a table. `$1` organization, `$2` scopes.
pub(super) fn by_range(table: &Table) -> String {
    format!(
        "select get_byte(uuid_send(t.id), 15) as g, count(*) as n, mod(sum(t.rev), 18446744073709551616)::text as r \
         from {SCHEMA}.{} t where {} group by g",
        table.name,
        super::rows::in_scopes(table, "$2"),
    )
}

/// Reads them.
pub(super) async fn read_by_range(
    connection: &mut PgConnection,
    statement: &std::sync::Arc<str>,
    org_id: Uuid,
    scope: Uuid,
) -> sqlx::Result<[Checksum; RANGES]> {
    let rows: Vec<(i32, i64, String)> =
        sqlx::query_as(AssertSqlSafe(statement.clone())).bind(org_id).bind(vec![scope]).fetch_all(connection).await?;
    let mut ranges = [Checksum::default(); RANGES];
    for (range, count, sum) in rows {
        let sum = sum.parse().map_err(|_| sqlx::Error::Decode("a sum of revisions below zero".into()))?;
        if let Some(range) = usize::try_from(range).ok().and_then(|range| ranges.get_mut(range)) {
            *range = Checksum { count: count.cast_unsigned(), sum };
        }
    }
    Ok(ranges)
}
