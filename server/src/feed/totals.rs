//! Checksums of what the caller may see, per table and scope.

use std::{borrow::Cow, fmt::Write as _, sync::Arc};

use satchel_protocol::{
    Registry, Table,
    checksum::{Checksum, RANGES},
};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use super::ScopeKinds;
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

/// How the totals of all tables are read at once.
#[derive(Debug)]
pub(super) struct Statement {
    /// `$1` organization; the others the scopes of each of `kinds`.
    sql: Arc<str>,
    /// What scopes of the tables are the ids of.
    kinds: Vec<Cow<'static, str>>,
}

impl Statement {
    /// That of a registry.
    pub(super) fn new(registry: &Registry) -> Self {
        let mut kinds = Vec::new();
        let mut sql = String::new();
        for (position, table) in registry.tables.iter().enumerate() {
            let union = if position == 0 { "" } else { " union all " };
            let (name, scope, kind) = (table.name, table.scope, table.scope_kind());
            let at = kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
                kinds.push(kind);
                kinds.len() - 1
            });
            // Sums of 64-bit numbers are exact numerics; the wire wants them modulo 2^64.
            write!(
                sql,
                "{union}select {position} as t, t.{scope} as s, count(*) as n, \
                 mod(sum(t.rev), 18446744073709551616)::text as r \
                 from {SCHEMA}.{name} t where {} group by t.{scope}",
                super::rows::in_scopes(table, &format!("${}", at + 2)),
            )
            .expect("a String takes any text");
        }
        Self { sql: sql.into(), kinds }
    }

    /// Reads the totals of `scopes`. Scopes without rows in a table are not named.
    pub(super) async fn read(
        &self,
        connection: &mut PgConnection,
        org_id: Uuid,
        scopes: &[Uuid],
        kinds: &ScopeKinds,
    ) -> sqlx::Result<Vec<Total>> {
        let mut query = sqlx::query_as(AssertSqlSafe(self.sql.clone())).bind(org_id);
        for kind in &self.kinds {
            query = query.bind(kinds.among(scopes, kind));
        }
        let rows: Vec<(i32, Uuid, i64, String)> = query.fetch_all(connection).await?;
        rows.into_iter()
            .map(|(table, scope, count, sum)| {
                let sum = sum.parse().map_err(|_| sqlx::Error::Decode("a sum of revisions below zero".into()))?;
                let table = usize::try_from(table).map_err(|error| sqlx::Error::Decode(error.into()))?;
                Ok(Total { table, scope, checksum: Checksum { count: count.cast_unsigned(), sum } })
            })
            .collect()
    }
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
    statement: &Arc<str>,
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
