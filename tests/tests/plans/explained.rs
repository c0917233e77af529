//! The plans of everything a role does, out of the server's log.

use std::{fmt, fs, path::PathBuf};

use satchel_tests::postgres::{TestDatabase, TestPostgres};
use sqlx::AssertSqlSafe;

/// The log from some point on.
pub struct Explained {
    log: PathBuf,
    from_byte: usize,
}

/// One executed statement.
pub struct Plan {
    text: String,
}

impl Explained {
    /// From now on, every new session of `role` in this database of the shared cluster logs its plans.
    pub async fn start(database: &TestDatabase, role: &str) -> Self {
        let name = database.name();
        let settings = [
            "session_preload_libraries = 'auto_explain'",
            "auto_explain.log_min_duration = 0",
            "auto_explain.log_nested_statements = on",
            "auto_explain.log_level = 'log'",
            "log_min_messages = 'log'",
        ];
        let mut admin = database.connect().await;
        for setting in settings {
            let statement = format!("alter role {role} in database {name} set {setting}");
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut admin).await.unwrap();
        }
        let log = TestPostgres::shared().cluster().log().to_owned();
        let from_byte = fs::read(&log).unwrap().len();
        Self { log, from_byte }
    }

    /// The plans so far.
    pub fn plans(&self) -> Vec<Plan> {
        let log = fs::read(&self.log).unwrap();
        let log = String::from_utf8_lossy(&log[self.from_byte..]);
        let mut entries: Vec<String> = Vec::new();
        for line in log.lines() {
            match entries.last_mut() {
                // What belongs to an entry is indented.
                Some(entry) if line.starts_with('\t') => {
                    entry.push('\n');
                    entry.push_str(line);
                }
                _ => entries.push(line.to_owned()),
            }
        }
        entries.into_iter().filter(|entry| entry.contains("Query Text:")).map(|text| Plan { text }).collect()
    }
}

impl Plan {
    /// The relations read by a sequential scan.
    pub fn reads_whole(&self) -> impl Iterator<Item = String> + '_ {
        self.text.lines().filter_map(|line| line.split_once("Seq Scan on ")).map(|(_, rest)| {
            let name = rest.split([' ', '(']).next().unwrap_or_default();
            name.rsplit('.').next().unwrap_or_default().to_owned()
        })
    }

    /// Whether it reads the table by an index.
    pub fn reads_by_index(&self, table: &str) -> bool {
        self.text.lines().any(|line| {
            line.contains("Index") && line.split([' ', '.']).any(|word| word == table) || {
                line.contains("Bitmap Heap Scan on") && line.split([' ', '.']).any(|word| word == table)
            }
        })
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
