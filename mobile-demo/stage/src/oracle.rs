//! Rows as Postgres itself spells them, to compare the server's spelling with. Written down here a second time: a proof
//! must not trust what it proves.

use satchel_protocol::{Column, Kind, Table};

/// The SQL expression that gives a row of `alias` as the text of its JSON array, in registry column order.
pub fn json_row(table: &Table, alias: &str) -> String {
    format!("{}::text", json_cells(table, alias))
}

/// The same as `json`.
pub fn json_cells(table: &Table, alias: &str) -> String {
    let cells: Vec<String> = table.columns.iter().map(|column| json_cell(column, alias)).collect();
    format!("json_build_array({})", cells.join(", "))
}

fn json_cell(column: &Column, alias: &str) -> String {
    let value = format!("{alias}.\"{}\"", column.name);
    match column.kind {
        Kind::Text | Kind::Integer | Kind::Boolean | Kind::Id => value,
        Kind::BigInteger | Kind::Decimal => format!("{value}::text"),
        Kind::Timestamp => format!(r#"to_char({value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"#),
        Kind::Date => format!("to_char({value}, 'YYYY-MM-DD')"),
        Kind::Bytes => format!(r"translate(encode({value}, 'base64'), E'\n', '')"),
    }
}
