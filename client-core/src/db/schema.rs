//! Replica tables, made from the registry.
//!
//! Invariants: a replica table is named like its registry table, has its columns in order and no constraint but the
//! primary key; appended columns are added in place; any other change copies what both shapes share. Either way rows
//! stay usable and the table is marked stale, so that the next pull fetches what is missing.

use std::{collections::HashMap, fmt::Write};

use rusqlite::{Connection, OptionalExtension, params};
use satchel_protocol::{
    Kind, Registry, Table,
    table::{ID, ORG_SCOPE},
};

use super::failure::damaged;
use crate::error::StoreError;

/// The registry's tables with the SQL that handles their rows.
#[derive(Debug)]
pub(crate) struct Schema {
    tables: Vec<TableSql>,
    positions: HashMap<&'static str, usize>,
}

/// Where a row's scope stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScopeAt {
    /// All rows are in the organization's scope.
    Organization,
    /// In this column.
    Column(usize),
}

/// One table's statements.
#[derive(Debug)]
pub(crate) struct TableSql {
    /// The table.
    pub(crate) table: &'static Table,
    /// Where a row's scope stands.
    pub(crate) scope: ScopeAt,
    pub(in crate::db) columns: String,
    pub(in crate::db) insert: String,
    pub(in crate::db) update: String,
    /// Sets only the columns no index has: SQLite rewrites the entries of every index whose columns are set, changed or
    /// not.
    pub(in crate::db) update_plain: String,
    /// Positions of the columns `update_plain` sets.
    pub(in crate::db) plain: Vec<usize>,
    /// Positions of the columns some index has, but for the id.
    pub(in crate::db) indexed: Vec<usize>,
    pub(in crate::db) put: String,
    pub(in crate::db) delete: String,
    pub(in crate::db) get: String,
    pub(in crate::db) old: String,
    pub(in crate::db) sums: String,
    pub(in crate::db) in_scope: String,
}

impl Schema {
    pub(in crate::db) fn new(registry: &'static Registry) -> Self {
        let tables: Vec<_> = registry.tables.iter().map(|table| TableSql::new(table)).collect();
        let positions = tables.iter().enumerate().map(|(position, sql)| (sql.table.name, position)).collect();
        Self { tables, positions }
    }

    /// The table of that name.
    pub(crate) fn table(&self, name: &str) -> Option<&TableSql> {
        self.positions.get(name).map(|position| &self.tables[*position])
    }

    /// All of them, in registry order.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &TableSql> {
        self.tables.iter()
    }
}

impl TableSql {
    fn new(table: &'static Table) -> Self {
        let name = quote(table.name);
        let names: Vec<_> = table.columns.iter().map(|column| quote(column.name)).collect();
        let columns = names.join(", ");
        let marks = (1..=names.len()).map(|number| format!("?{number}")).collect::<Vec<_>>().join(", ");
        let sets =
            (2..=names.len()).map(|number| format!("{} = ?{number}", names[number - 1])).collect::<Vec<_>>().join(", ");
        let (scope, scope_column, in_scope) = match table.position(table.scope) {
            _ if table.scope == ORG_SCOPE => (ScopeAt::Organization, "null".to_owned(), "?1 is not null".to_owned()),
            Some(position) => (ScopeAt::Column(position), names[position].clone(), format!("{} = ?1", names[position])),
            None => unreachable!("{}: its scope column {} is not among its columns", table.name, table.scope),
        };
        let position = |column: &&str| table.position(column);
        let of_indexes = table.indexes.iter().flat_map(|index| index.columns.iter().copied().chain(index.range));
        let mut indexed: Vec<usize> =
            of_indexes.chain([table.scope]).filter_map(|column| position(&column)).filter(|at| *at != ID).collect();
        indexed.sort_unstable();
        indexed.dedup();
        let plain: Vec<usize> = (1..names.len()).filter(|at| !indexed.contains(at)).collect();
        let plain_sets = plain.iter().map(|at| format!("{} = ?{}", names[*at], at + 1)).collect::<Vec<_>>().join(", ");
        let indexed_columns: String = indexed.iter().map(|at| format!(", {}", names[*at])).collect();
        Self {
            table,
            scope,
            update_plain: format!("update {name} set {plain_sets} where id = ?1"),
            insert: format!("insert or ignore into {name} ({columns}) values ({marks})"),
            update: format!("update {name} set {sets} where id = ?1"),
            put: format!("insert into {name} ({columns}) values ({marks}) on conflict (id) do update set {sets}"),
            delete: format!("delete from {name} where id = ?1"),
            get: format!("select {columns} from {name} where id = ?1"),
            old: format!("select rev, {scope_column}{indexed_columns} from {name} where id = ?1"),
            sums: format!("select id, rev, {scope_column} from {name}"),
            in_scope: format!("select id from {name} where {in_scope} limit ?2"),
            columns,
            plain,
            indexed,
        }
    }
}

/// Double quotes around a name; registry names hold none themselves.
pub(in crate::db) fn quote(name: &str) -> String {
    format!("\"{name}\"")
}

/// Makes or changes replica tables to the registry's shape.
pub(in crate::db) fn shape(connection: &mut Connection, schema: &Schema) -> Result<(), StoreError> {
    let tx = connection.transaction()?;
    let mut changed = false;
    for sql in schema.tables() {
        let wanted: Vec<_> = sql.table.columns.iter().map(|column| column_ddl(column.name, column.kind)).collect();
        let known: Option<String> = tx
            .prepare_cached("select columns from _replica_table where name = ?1")?
            .query_row([sql.table.name], |row| row.get(0))
            .optional()?;
        let known: Option<Vec<String>> = known
            .map(|text| serde_json::from_str(&text).map_err(|_| damaged("the shape of a replica table")))
            .transpose()?;
        let stale = match known {
            Some(known) if known == wanted => {
                make_indexes(&tx, sql)?;
                continue;
            }
            None => {
                create(&tx, sql.table.name, &wanted)?;
                true
            }
            Some(known) if wanted.starts_with(&known) => {
                for column in &wanted[known.len()..] {
                    tx.execute_batch(&format!("alter table {} add column {column}", quote(sql.table.name)))?;
                }
                true
            }
            Some(known) => {
                rebuild(&tx, sql.table.name, &known, &wanted)?;
                true
            }
        };
        changed = true;
        make_indexes(&tx, sql)?;
        let columns = serde_json::to_string(&wanted).map_err(|_| damaged("the shape of a replica table"))?;
        tx.execute(
            "insert into _replica_table (name, columns, stale) values (?1, ?2, ?3)
             on conflict (name) do update set columns = excluded.columns, stale = excluded.stale",
            params![sql.table.name, columns, stale],
        )?;
    }
    if changed {
        // A pass under way has sent rows in the old shape, and passed over tables that were unknown: were it gone on
        // with, its end would declare them complete. Without its mark it is given up with the next request.
        tx.execute_batch("update _pass set token = null; delete from _staged;")?;
    }
    tx.commit()?;
    Ok(())
}

fn column_ddl(name: &str, kind: Kind) -> String {
    let storage = match kind {
        Kind::Integer | Kind::BigInteger | Kind::Boolean => "integer",
        _ => "text",
    };
    let primary = if name == "id" { " primary key" } else { "" };
    format!("{} {storage}{primary}", quote(name))
}

fn create(connection: &Connection, name: &str, columns: &[String]) -> Result<(), StoreError> {
    Ok(connection.execute_batch(&format!("create table {} ({})", quote(name), columns.join(", ")))?)
}

fn make_indexes(connection: &Connection, sql: &TableSql) -> Result<(), StoreError> {
    let table = sql.table;
    let mut ddl = String::new();
    let mut covered = vec!["id"];
    for index in table.indexes {
        covered.push(index.columns[0]);
        let columns = index.columns.iter().copied().chain(index.range).map(quote).collect::<Vec<_>>().join(", ");
        let (index, table) = (quote(index.name), quote(table.name));
        // Writing to a String cannot fail.
        let _ = writeln!(ddl, "create index if not exists {index} on {table} ({columns});");
    }
    if let ScopeAt::Column(position) = sql.scope
        && !covered.contains(&table.columns[position].name)
    {
        let (index, column) = (quote(&format!("{}.by_scope", table.name)), quote(table.scope));
        let _ = writeln!(ddl, "create index if not exists {index} on {} ({column});", quote(table.name));
    }
    Ok(connection.execute_batch(&ddl)?)
}

/// Replaces a table whose columns changed otherwise than by appending, keeping what both shapes share, in replica and
/// base images.
fn rebuild(connection: &Connection, name: &str, known: &[String], wanted: &[String]) -> Result<(), StoreError> {
    let column = |ddl: &String| ddl.split('"').nth(1).unwrap_or_default().to_owned();
    let old: Vec<String> = known.iter().map(column).collect();
    let shared: Vec<String> = wanted.iter().map(column).filter(|name| old.contains(name)).collect();
    let aside = format!("_old_{name}");
    connection.execute_batch(&format!("alter table {} rename to {}", quote(name), quote(&aside)))?;
    // Indexes move along with the renamed table; they go with it.
    create(connection, name, wanted)?;
    let list = shared.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ");
    connection.execute_batch(&format!(
        "insert into {} ({list}) select {list} from {}; drop table {};",
        quote(name),
        quote(&aside),
        quote(&aside)
    ))?;
    let images = connection
        .prepare("select row_id, image from _base where table_name = ?1 and image is not null")?
        .query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(String, String)>, _>>()?;
    for (row_id, image) in &images {
        let cells: Vec<serde_json::Value> = serde_json::from_str(image).map_err(|_| damaged("a base image"))?;
        let moved: Vec<_> = wanted
            .iter()
            .map(|ddl| old.iter().position(|name| *name == column(ddl)).and_then(|at| cells.get(at)).cloned())
            .map(Option::unwrap_or_default)
            .collect();
        let moved = serde_json::to_string(&moved).map_err(|_| damaged("a base image"))?;
        connection.execute(
            "update _base set image = ?3 where table_name = ?1 and row_id = ?2",
            params![name, row_id, moved],
        )?;
    }
    Ok(())
}
