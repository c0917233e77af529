//! Replicas against what row-level security shows their users, and the ledger's verdicts on what was tapped.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    ops::{Add, AddAssign},
};

use anyhow::{Context as _, ensure};
use satchel_domain::REGISTRY;
use satchel_protocol::{Row, Table, table::ID};
use serde_json::Value;
use uuid::Uuid;

use crate::{oracle, server::PrivateServer};

/// Rows by the name of their table, in the registry's column order.
pub type Tables = BTreeMap<&'static str, Vec<Row>>;

/// What a comparison found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Rows compared, cell by cell.
    pub rows_compared: usize,
    /// Rows on a phone that row-level security does not show its user.
    pub leaked: usize,
    /// Rows that differ between phone and database, or are missing on the phone.
    pub different: usize,
}

impl Add for Comparison {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            rows_compared: self.rows_compared + other.rows_compared,
            leaked: self.leaked + other.leaked,
            different: self.different + other.different,
        }
    }
}

impl AddAssign for Comparison {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// Every row in a user's scopes that row-level security shows the user.
///
/// # Errors
/// When the database does not know the user, or psql fails.
pub async fn what_rls_shows(server: &PrivateServer, org_id: Uuid, user_id: Uuid) -> anyhow::Result<Tables> {
    let mut sql = format!(
        "begin transaction isolation level repeatable read read only;
         select count(*) from satchel.enter('{org_id}', '{user_id}');\n"
    );
    for table in REGISTRY.tables {
        let within = format!("r.{} = any (array(select satchel.my_scopes()))", table.scope);
        sql.push_str(&all_of(table, &within));
    }
    let shown = server.psql(&(sql + "commit;\n")).await?;
    // The rows may hold anything but line breaks of their own: JSON spells those.
    let mut lines = shown.lines();
    ensure!(lines.next() == Some("1"), "the database does not know the phone's user");
    read(REGISTRY.tables, lines)
}

/// Every row of some tables of an organization, whoever may see it.
///
/// # Errors
/// When psql fails.
pub async fn what_is_stored(server: &PrivateServer, org_id: Uuid, tables: &[&'static Table]) -> anyhow::Result<Tables> {
    let sql: String = tables.iter().map(|table| all_of(table, &format!("r.org_id = '{org_id}'"))).collect();
    read(tables, server.psql(&sql).await?.lines())
}

/// A statement that prints rows of a table as one line.
fn all_of(table: &Table, within: &str) -> String {
    let cells = oracle::json_cells(table, "r");
    format!("select coalesce(json_agg({cells}), '[]') from satchel.{} r where {within};\n", table.name)
}

fn read<'a>(tables: &[&'static Table], mut lines: impl Iterator<Item = &'a str>) -> anyhow::Result<Tables> {
    let mut read = Tables::new();
    for table in tables {
        let line = lines.next().with_context(|| format!("psql printed nothing for {}", table.name))?;
        let rows: Vec<Row> = serde_json::from_str(line).context("psql printed no rows")?;
        let rows = rows.into_iter().map(|row| table.decode_row(row)).collect::<Result<Vec<_>, _>>()?;
        read.insert(table.name, rows);
    }
    Ok(read)
}

/// Holds a phone's rows against those its user is shown.
pub fn compare(on_phone: &Tables, shown: &Tables) -> Comparison {
    let mut found = Comparison::default();
    for table in REGISTRY.tables {
        let ours = by_id(on_phone.get(table.name));
        let theirs = by_id(shown.get(table.name));
        found.rows_compared += theirs.len();
        found.leaked += ours.keys().filter(|id| !theirs.contains_key(*id)).count();
        found.different += theirs.iter().filter(|(id, row)| ours.get(*id) != Some(row)).count();
    }
    found
}

fn by_id(rows: Option<&Vec<Row>>) -> BTreeMap<Option<Uuid>, &Row> {
    rows.into_iter().flatten().map(|row| (row[ID].as_uuid(), row)).collect()
}

/// The ledger's verdicts on what an organization's phones sent, of these users.
///
/// # Errors
/// When psql fails.
pub async fn verdicts(server: &PrivateServer, org_id: Uuid, users: &[Uuid]) -> anyhow::Result<BTreeMap<Uuid, Value>> {
    let mut ids = String::new();
    for user in users {
        let _ = write!(ids, "{}'{user}'", if ids.is_empty() { "" } else { ", " });
    }
    let sql = format!(
        "select json_build_array(key, outcome) from satchel.mutation_ledger
         where org_id = '{org_id}' and user_id in ({ids}) and seq is not null;"
    );
    let printed = server.psql(&sql).await?;
    printed.lines().map(|line| serde_json::from_str(line).context("psql printed no verdict")).collect()
}

#[cfg(test)]
mod tests {
    use satchel_domain::tables::Customer;
    use satchel_protocol::{Id, Record as _, record::UNSAVED};

    use super::*;

    fn customers(named: &[(u128, &str)]) -> Tables {
        let row = |&(id, name): &(u128, &str)| {
            let id = Id::new(Uuid::from_u128(id));
            Customer { id, rev: UNSAVED, name: name.to_owned(), phone: None, email: None }.to_row()
        };
        Tables::from([(Customer::TABLE.name, named.iter().map(row).collect())])
    }

    #[test]
    fn what_is_too_much_leaks_and_what_is_missing_or_other_differs() {
        let shown = customers(&[(1, "Ada"), (2, "Grace"), (3, "Rosa")]);
        let same = Comparison { rows_compared: 3, leaked: 0, different: 0 };
        assert_eq!(compare(&shown, &shown), same);
        let phone = customers(&[(1, "Ada"), (2, "Greta"), (4, "Tom")]);
        assert_eq!(compare(&phone, &shown), Comparison { leaked: 1, different: 2, ..same });
        assert_eq!(compare(&Tables::new(), &shown), Comparison { different: 3, ..same });
    }
}
