//! Who may do what: the whole matrix, compared with a list that people read.

use std::fmt::Write as _;

use satchel_tests::{
    catalogue::tenant_tables,
    tenants::{PEOPLE, attempt, begin_as, leave, service, two_tenants},
};

use super::samples;

/// Written anew with `SATCHEL_BLESS=1`; read the difference before committing it.
const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rls/matrix.txt");

const LEGEND: &str = "What each person may do at all with rows of his own organization, in the lane of his roles:\n\
                      s sees, i inserts, u updates, d deletes some row. Which rows is tested beside this file.\n";

#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_do_exactly_this() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    let tables = tenant_tables(&mut admin).await;
    let mut cells = vec![Vec::new(); tables.len()];
    for person in PEOPLE {
        let user = format!("a/user/{person}");
        let inserts = samples(&mut admin, "a", &user).await;
        let lane = if person.starts_with("technician") { "satchel_field" } else { "satchel_office" };
        let mut connection = service(&database).await;
        begin_as(&mut connection, lane, Some(("a", &user))).await;
        for (row, sample) in cells.iter_mut().zip(&inserts) {
            let table = &sample.table;
            let verbs = [
                ("s", format!("select from satchel.{table}")),
                ("i", sample.insert.clone()),
                ("u", format!("update satchel.{table} set org_id = org_id")),
                ("d", format!("delete from satchel.{table}")),
            ];
            let mut cell = String::new();
            for (letter, statement) in verbs {
                let allowed = attempt(&mut connection, &statement).await.is_allowed();
                cell.push_str(if allowed { letter } else { "-" });
            }
            row.push(cell);
        }
        leave(&mut connection).await;
    }

    let mut text = format!("{LEGEND}\n{:24}", "");
    for person in PEOPLE {
        write!(text, " {person}").unwrap();
    }
    for (table, row) in tables.iter().zip(&cells) {
        write!(text, "\n{table:24}").unwrap();
        for (person, cell) in PEOPLE.iter().zip(row) {
            write!(text, " {cell:width$}", width = person.len()).unwrap();
        }
    }
    let text = text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n";
    if std::env::var_os("SATCHEL_BLESS").is_some() {
        std::fs::write(GOLDEN, &text).unwrap();
    }
    let golden = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    assert_eq!(text, golden, "see {GOLDEN}");
}
