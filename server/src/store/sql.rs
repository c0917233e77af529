//! Generated SQL: everything the store says about a synced table follows from its registry entry.
//!
//! Invariants:
//! - Pure: the same table gives the same text. Names come from the registry, never from input; values are bound.
//! - Arrays are cast before they are unnested. A cast of an unnested value would be a leaky expression over a column,
//!   and row-level security would then keep it out of every index condition.
//! - `org_id` is always `$1`, and first in every condition.

use satchel_protocol::{
    Column, Index, Kind, Table, limits,
    table::{ID, REV},
};

/// The schema that holds every table.
pub const SCHEMA: &str = "satchel";

/// The statements of one table.
#[derive(Debug, PartialEq, Eq)]
pub struct TableSql {
    /// `$2` ids → rows.
    pub load: String,
    /// `$2` ids → (id, rev) of those still in sight.
    pub revisions: String,
    /// `$2` ids → ids locked against other writers until the transaction ends.
    pub lock: String,
    /// `$2` ids, then one array per declared column → ids inserted.
    pub insert: String,
    /// `$2` ids, `$3` revisions read, then one array per declared column → ids updated.
    pub update: String,
    /// `$2` ids, `$3` revisions read → ids deleted.
    pub delete: String,
}

/// The statements of one index.
#[derive(Debug, PartialEq, Eq)]
pub struct IndexSql {
    /// `$2` ordinals, then one array per key column → ordinals, each before its row.
    pub whole: String,
    /// Like `whole`, then two arrays with the interval's bounds.
    pub ranged: Option<String>,
}

/// The columns of a table, in registry order, as [`binary`](super::binary) reads them.
pub fn columns(table: &Table, alias: &str) -> String {
    // A registry's name may be one of SQL's own words, such as "overlaps".
    let names: Vec<String> = table.columns.iter().map(|column| format!("{alias}.\"{}\"", column.name)).collect();
    names.join(", ")
}

impl TableSql {
    /// Writes the statements of `table`.
    pub fn of(table: &Table) -> Self {
        let name = format!("{SCHEMA}.{}", table.name);
        let declared = declared(table);
        let names: Vec<String> = declared.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let here = "t.org_id = $1";
        Self {
            load: format!("select {} from {name} t where {here} and t.id = any($2)", columns(table, "t")),
            revisions: format!("select t.id, t.rev from {name} t where {here} and t.id = any($2)"),
            lock: format!("select t.id from {name} t where {here} and t.id = any($2) order by t.id for no key update"),
            insert: format!(
                "insert into {name} (org_id, id{}) select $1, v.id{} from unnest($2::uuid[]{}) as v(id{}) \
                 on conflict (org_id, id) do nothing returning id",
                each(&names, |_, column| format!(", {column}")),
                each(declared, |_, column| format!(", {}", stored(column))),
                each(declared, |position, column| format!(", {}", array(column, position + 3))),
                each(&names, |_, column| format!(", {column}")),
            ),
            update: format!(
                "update {name} t set {} from unnest($2::uuid[], $3::bigint[]{}) as v(id, rev{}) \
                 where {here} and t.id = v.id and t.rev = v.rev returning t.id",
                declared
                    .iter()
                    .map(|column| format!("\"{}\" = {}", column.name, stored(column)))
                    .collect::<Vec<_>>()
                    .join(", "),
                each(declared, |position, column| format!(", {}", array(column, position + 4))),
                each(&names, |_, column| format!(", {column}")),
            ),
            delete: format!(
                "delete from {name} t using unnest($2::uuid[], $3::bigint[]) as v(id, rev) \
                 where {here} and t.id = v.id and t.rev = v.rev returning t.id"
            ),
        }
    }
}

impl IndexSql {
    /// Writes the statements of `index` on `table`.
    pub fn of(table: &Table, index: &Index) -> Self {
        let column = |name: &str| table.position(name).map(|position| &table.columns[position]);
        let keys: Vec<&Column> = index.columns.iter().filter_map(|name| column(name)).collect();
        Self {
            whole: Self::read(table, &keys, None),
            ranged: index.range.and_then(column).map(|range| Self::read(table, &keys, Some(range))),
        }
    }

    fn read(table: &Table, keys: &[&Column], range: Option<&Column>) -> String {
        let first_bound = keys.len() + 3;
        let (mut arrays, mut names, mut conditions) = (String::new(), String::new(), String::new());
        for (position, column) in keys.iter().enumerate() {
            arrays += &format!(", {}", array(column, position + 3));
            names += &format!(", k{position}");
            conditions += &format!(" and t.{} = k.k{position}", column.name);
        }
        if let Some(column) = range {
            arrays += &format!(", {}, {}", array(column, first_bound), array(column, first_bound + 1));
            names += ", lower_bound, upper_bound";
            conditions += &format!(" and t.{0} >= k.lower_bound and t.{0} < k.upper_bound", column.name);
        }
        format!(
            "select k.ordinal, r.* from unnest($2::integer[]{arrays}) as k(ordinal{names}) \
             cross join lateral (select {} from {SCHEMA}.{} t where t.org_id = $1{conditions} limit {}) r",
            columns(table, "t"),
            table.name,
            limits::INDEX_ROWS + 1,
        )
    }
}

/// The columns a mutation writes: all but `id` and `rev`.
pub(super) fn declared(table: &Table) -> &[Column] {
    const { assert!(ID == 0 && REV == 1) };
    &table.columns[2..]
}

fn each<T>(items: &[T], write: impl Fn(usize, &T) -> String) -> String {
    items.iter().enumerate().map(|(position, item)| write(position, item)).collect()
}

/// The array parameter that carries a column's values, as the type it is compared and stored with.
fn array(column: &Column, parameter: usize) -> String {
    match column.kind {
        Kind::Text | Kind::Bytes => format!("${parameter}::text[]"),
        Kind::Integer => format!("${parameter}::bigint[]::integer[]"),
        Kind::BigInteger => format!("${parameter}::bigint[]"),
        Kind::Boolean => format!("${parameter}::boolean[]"),
        Kind::Id => format!("${parameter}::text[]::uuid[]"),
        Kind::Decimal => format!("${parameter}::text[]::numeric[]"),
        Kind::Timestamp => format!("${parameter}::text[]::timestamptz[]"),
        Kind::Date => format!("${parameter}::text[]::date[]"),
    }
}

/// The expression stored for an unnested value.
fn stored(column: &Column) -> String {
    match column.kind {
        Kind::Bytes => format!("decode(v.{}, 'base64')", column.name),
        _ => format!("v.{}", column.name),
    }
}

#[cfg(test)]
mod tests {
    use satchel_protocol::{Record, record};

    use super::*;

    record! {
        /// A table with a column of every kind.
        pub struct Sample in "sample" {
            /// An id.
            pub wall_id: uuid::Uuid,
            /// Text.
            pub title: Option<String>,
            /// Binary.
            pub scan: Vec<u8>,
            /// An instant.
            pub hung_at: jiff::Timestamp,
        }
        scope: "wall_id";
        index BY_WALL = "sample.by_wall" on ["wall_id"] range "hung_at";
    }

    #[test]
    fn writes_are_set_statements_over_typed_arrays() {
        let sql = TableSql::of(Sample::TABLE);
        assert_eq!(
            sql.insert,
            "insert into satchel.sample (org_id, id, \"wall_id\", \"title\", \"scan\", \"hung_at\") \
             select $1, v.id, v.wall_id, v.title, decode(v.scan, 'base64'), v.hung_at \
             from unnest($2::uuid[], $3::text[]::uuid[], $4::text[], $5::text[], $6::text[]::timestamptz[]) \
             as v(id, \"wall_id\", \"title\", \"scan\", \"hung_at\") on conflict (org_id, id) do nothing returning id"
        );
        assert_eq!(
            sql.update,
            "update satchel.sample t set \"wall_id\" = v.wall_id, \"title\" = v.title, \"scan\" = decode(v.scan, 'base64'), \
             \"hung_at\" = v.hung_at from unnest($2::uuid[], $3::bigint[], $4::text[]::uuid[], $5::text[], $6::text[], \
             $7::text[]::timestamptz[]) as v(id, rev, \"wall_id\", \"title\", \"scan\", \"hung_at\") \
             where t.org_id = $1 and t.id = v.id and t.rev = v.rev returning t.id"
        );
    }

    #[test]
    fn an_index_read_answers_many_keys_at_once() {
        let sql = IndexSql::of(Sample::TABLE, Sample::BY_WALL);
        assert!(sql.whole.starts_with("select k.ordinal, r.* from unnest($2::integer[], $3::text[]::uuid[]) as"));
        assert!(sql.whole.contains("where t.org_id = $1 and t.wall_id = k.k0 limit 10001"));
        let ranged = sql.ranged.expect("the index has a range");
        assert!(ranged.contains("$4::text[]::timestamptz[], $5::text[]::timestamptz[]"));
        assert!(ranged.contains("t.hung_at >= k.lower_bound and t.hung_at < k.upper_bound"));
    }
}
