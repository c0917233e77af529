//! Writing a page's JSON around row text that Postgres wrote.
//!
//! Invariant: the text decodes as a [`DeltaPage`](satchel_protocol::wire::DeltaPage); rows are neither parsed nor copied
//! cell by cell.

use std::collections::BTreeMap;

use satchel_protocol::{
    Permissions, Table,
    checksum::{Checksum, place_digest},
    wire::{Cursor, TableFill},
};
use serde::Serialize;
use uuid::Uuid;

/// What page 1 says of its pass.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Opening {
    /// Scopes the replica holds from now on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub enter: Vec<Uuid>,
    /// Scopes to drop.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leave: Vec<Uuid>,
    /// What is sent in full.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fill: Vec<TableFill>,
    /// About how many rows the pass will send.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_total: Option<u64>,
}

/// What the last page says of its pass.
#[derive(Clone, Debug, Serialize)]
pub struct Closing {
    /// Where the replica stands now.
    pub cursor: Cursor,
    /// Effects up to this `seq` are contained.
    pub last_seq: u64,
    /// The key at `last_seq`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_key: Option<Uuid>,
    /// Totals per table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<BTreeMap<String, Checksum>>,
}

/// A page being written.
#[derive(Debug)]
pub struct PageWriter {
    json: String,
    members: usize,
    tables: usize,
}

impl PageWriter {
    /// Starts a page; page 1 with the pass's opening.
    pub fn new(opening: Option<&Opening>) -> Self {
        let mut page = Self { json: String::from("{"), members: 0, tables: 0 };
        if let Some(opening) = opening {
            page.splice(opening);
        }
        page
    }

    /// Says which cursor or mark the page goes on from. Before any rows.
    pub fn follows(&mut self, place: &str) {
        self.member("follows");
        self.value(&place_digest(place));
    }

    /// Says what the user may call. Before any rows.
    pub fn permissions(&mut self, permissions: &Permissions) {
        self.member("permissions");
        self.value(permissions);
    }

    /// Asks the device to clear itself. Before any rows.
    pub fn wipe(&mut self, how: &str) {
        self.member("wipe");
        self.value(how);
    }

    /// Adds rows, given as JSON arrays with commas between, and ids of rows that are gone.
    pub fn table(&mut self, table: &Table, rows: &str, removed: &[Uuid]) {
        if rows.is_empty() && removed.is_empty() {
            return;
        }
        if self.tables == 0 {
            self.member("tables");
            self.json.push('[');
        } else {
            self.json.push(',');
        }
        self.tables += 1;
        self.json.push_str("{\"table\":");
        self.value(&table.name);
        self.json.push_str(",\"columns\":");
        self.value(&table.columns.iter().map(|column| column.name).collect::<Vec<_>>());
        if !rows.is_empty() {
            self.json.reserve(rows.len() + 16);
            self.json.push_str(",\"rows\":[");
            self.json.push_str(rows);
            self.json.push(']');
        }
        if !removed.is_empty() {
            self.json.push_str(",\"removed\":");
            self.value(removed);
        }
        self.json.push('}');
    }

    /// Ends a page that others follow.
    pub fn resume(mut self, token: &str) -> String {
        self.end_tables();
        self.member("resume");
        self.value(token);
        self.json.push('}');
        self.json
    }

    /// Ends the last page. `verdicts` and `settlements` are JSON objects with commas between.
    pub fn close(mut self, closing: &Closing, verdicts: &str, settlements: &str) -> String {
        self.end_tables();
        self.splice(closing);
        for (name, objects) in [("verdicts", verdicts), ("settlements", settlements)] {
            if !objects.is_empty() {
                self.member(name);
                self.json.push('[');
                self.json.push_str(objects);
                self.json.push(']');
            }
        }
        self.json.push('}');
        self.json
    }

    fn end_tables(&mut self) {
        if self.tables > 0 {
            self.json.push(']');
        }
    }

    fn member(&mut self, name: &str) {
        if self.members > 0 {
            self.json.push(',');
        }
        self.members += 1;
        self.value(name);
        self.json.push(':');
    }

    /// Adds the members of a struct.
    fn splice(&mut self, members: &impl Serialize) {
        let text = to_json(members);
        let inner = &text[1..text.len() - 1];
        if !inner.is_empty() {
            if self.members > 0 {
                self.json.push(',');
            }
            self.members += 1;
            self.json.push_str(inner);
        }
    }

    fn value(&mut self, value: &(impl Serialize + ?Sized)) {
        self.json.push_str(&to_json(value));
    }
}

fn to_json(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).expect("names, ids and numbers are JSON")
}

#[cfg(test)]
mod tests {
    use satchel_protocol::{
        Record as _,
        wire::{DeltaPage, TableRows},
    };

    use super::*;

    satchel_protocol::record! {
        /// A sample.
        pub struct Sample in "sample" {
            /// Text.
            pub title: String,
        }
        scope: "id";
    }

    #[test]
    fn an_empty_last_page_is_short_and_decodes() {
        let closing = Closing { cursor: Cursor("c".to_owned()), last_seq: 0, last_key: None, manifest: None };
        let json = PageWriter::new(Some(&Opening::default())).close(&closing, "", "");
        assert_eq!(json, r#"{"cursor":"c","last_seq":0}"#);
        let page: DeltaPage = serde_json::from_str(&json).unwrap();
        assert_eq!((page.cursor, page.last_seq), (Some(Cursor("c".to_owned())), Some(0)));
    }

    #[test]
    fn every_part_of_a_page_decodes() {
        let opening = Opening {
            enter: vec![Uuid::from_u128(1)],
            leave: vec![Uuid::from_u128(2)],
            fill: vec![TableFill {
                table: "sample".to_owned(),
                scopes: vec![Uuid::from_u128(1)],
                ..Default::default()
            }],
            rows_total: Some(2),
        };
        let permissions = Permissions::new(vec![], ["sample/v1/read".to_owned()].into(), BTreeMap::new());
        let mut writer = PageWriter::new(Some(&opening));
        writer.permissions(&permissions);
        writer.table(Sample::TABLE, r#"["a","7","x"],["b","8","y"]"#, &[Uuid::from_u128(3)]);
        writer.table(Sample::TABLE, "", &[Uuid::from_u128(4)]);
        writer.table(Sample::TABLE, "", &[]);
        let manifest = BTreeMap::from([("sample".to_owned(), Checksum { count: 2, sum: 15 })]);
        let closing = Closing {
            cursor: Cursor("c".to_owned()),
            last_seq: 9,
            last_key: Some(Uuid::from_u128(5)),
            manifest: Some(manifest.clone()),
        };
        let verdicts =
            format!(r#"{{"key":"{}","seq":9,"outcome":{{"accepted":{{"output":null}}}}}}"#, Uuid::from_u128(5));
        let page: DeltaPage = serde_json::from_str(&writer.close(&closing, &verdicts, "")).unwrap();
        assert_eq!((page.enter, page.leave, page.fill), (opening.enter, opening.leave, opening.fill));
        assert_eq!((page.rows_total, page.last_seq, page.manifest), (Some(2), Some(9), Some(manifest)));
        assert_eq!((page.verdicts.len(), page.permissions), (1, Some(permissions)));
        let [first, second] = &page.tables[..] else { panic!("two tables: {:?}", page.tables) };
        assert_eq!(
            (first.rows.len(), first.removed.len(), &first.columns[..]),
            (2, 1, &["id", "rev", "title"].map(String::from)[..])
        );
        assert_eq!(second, &TableRows { removed: vec![Uuid::from_u128(4)], rows: vec![], ..first.clone() });
    }

    #[test]
    fn a_page_that_is_not_the_last_names_its_mark() {
        let page: DeltaPage = serde_json::from_str(&PageWriter::new(None).resume("t")).unwrap();
        assert_eq!((page.resume.as_deref(), page.cursor), (Some("t"), None));
    }
}
