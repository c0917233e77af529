//! One line of input as a command.

use satchel_domain::REGISTRY;
use satchel_protocol::{Cell, MutationKind, Table};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use uuid::Uuid;

use super::Refusal;

/// Milliseconds a wait lasts when the command does not say.
pub const WAIT_DEFAULT_MS: u64 = 30_000;
/// Milliseconds a wait may last at most.
pub const WAIT_MOST_MS: u64 = 600_000;

/// What can be asked of a phone.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Sign in and start syncing.
    SignIn {
        /// E-mail address.
        email: String,
        /// Password.
        password: String,
        /// The organization; may be left out by a user who has only one.
        #[serde(default)]
        org_id: Option<Uuid>,
    },
    /// Run and queue a mutation.
    Mutate {
        /// Its RPC path.
        name: String,
        /// Its arguments.
        args: Value,
    },
    /// Turn a note's text into another, keeping what others wrote since `base`.
    EditNote {
        /// The note.
        note_id: Uuid,
        /// The text wanted.
        text: String,
        /// The text that was on the screen; the present one when left out.
        #[serde(default)]
        base: Option<String>,
    },
    /// Cut the network, or mend it.
    Network {
        /// Whether there is one.
        up: bool,
    },
    /// Tell how the phone stands.
    Status {},
    /// Wait for a state of the phone.
    Wait {
        /// Which.
        #[serde(rename = "for")]
        state: State,
        /// Milliseconds to wait at most.
        #[serde(default)]
        timeout_ms: Option<u64>,
    },
    /// Wait until a row is there, or is not, or has a value in a column.
    WaitRow {
        /// The table.
        table: String,
        /// The row.
        id: Uuid,
        /// Whether it is to be there.
        #[serde(default = "yes")]
        present: bool,
        /// A column of it.
        #[serde(default)]
        column: Option<String>,
        /// What is to stand in that column, as it does on the wire.
        #[serde(default)]
        equals: Option<Cell>,
        /// Milliseconds to wait at most.
        #[serde(default)]
        timeout_ms: Option<u64>,
    },
    /// Tell all rows of a table.
    Rows {
        /// The table.
        table: String,
        /// Without the effects of undecided mutations: as the server last said.
        #[serde(default)]
        server: bool,
    },
    /// Tell the scopes held in full.
    HeldScopes {},
    /// Tell the queue.
    Queue {},
    /// Tell what the server did not take.
    Attention {},
    /// Queue a refused mutation again.
    Retry {
        /// Its key.
        key: Uuid,
    },
    /// Queue a refused mutation again with other arguments.
    Edit {
        /// Its key.
        key: Uuid,
        /// The arguments.
        args: Value,
    },
    /// Hand a refused mutation to the office.
    HandOver {
        /// Its key.
        key: Uuid,
        /// What the office should know.
        #[serde(default)]
        note: Option<String>,
    },
    /// Give a mutation up.
    Undo {
        /// Its key.
        key: Uuid,
        /// With everything that depends on it.
        #[serde(default)]
        group: bool,
    },
    /// Tell what left the queue.
    History {},
    /// Compare the replica's checksums with its rows.
    Verify {},
    /// Leave.
    Quit {},
}

/// A state that can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The replica is complete and a manifest has confirmed it.
    Ready,
    /// Connected.
    Online,
    /// Not connected, and not about to be.
    Offline,
    /// The server has everything and every effect has come back; the replica is ready and caught up.
    Synced,
    /// Nothing is left to send.
    Drained,
    /// Something needs attention.
    Attention,
    /// A person must sign in.
    SignIn,
}

fn yes() -> bool {
    true
}

impl Command {
    /// Reads a line. What is wrong with it is told by names of commands and fields, never by their values.
    pub fn parse(line: &str) -> Result<Self, Refusal> {
        let bad = |message: String| Refusal::new("BAD_COMMAND", message);
        serde_json::from_str(line).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => {
                let told = error.to_string();
                let about_names = ["missing field", "unknown field", "unknown variant"];
                match about_names.iter().any(|start| told.starts_with(start)) {
                    true => bad(told.split(" at line ").next().unwrap_or_default().to_owned()),
                    false => bad("a field of this command does not have the type it should have".to_owned()),
                }
            }
            _ => bad(format!("this line is not JSON (column {})", error.column())),
        })
    }
}

/// The table of that name.
pub(super) fn table(name: &str) -> Result<&'static Table, Refusal> {
    REGISTRY.table(name).ok_or_else(|| {
        let known: Vec<&str> = REGISTRY.tables.iter().map(|table| table.name).collect();
        Refusal::new("UNKNOWN_TABLE", format!("no such table; there are {}", known.join(", ")))
    })
}

/// The mutation of that name, and its arguments checked against it.
pub(super) fn mutation(name: &str, args: &Value) -> Result<(&'static MutationKind, Box<RawValue>), Refusal> {
    let Some(kind) = REGISTRY.mutation(name) else {
        let known: Vec<&str> = REGISTRY.mutations.iter().map(|kind| kind.name).collect();
        return Err(Refusal::new("UNKNOWN_MUTATION", format!("no such mutation; there are {}", known.join(", "))));
    };
    let raw = serde_json::value::to_raw_value(args).expect("a JSON value is JSON");
    (kind.decode)(raw.get()).map_err(|error| Refusal::new("BAD_ARGUMENTS", error.to_string()))?;
    Ok((kind, raw))
}

/// How long to wait.
pub(super) fn wait_ms(asked: Option<u64>) -> u64 {
    asked.unwrap_or(WAIT_DEFAULT_MS).min(WAIT_MOST_MS)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(line: &str) -> String {
        Command::parse(line).unwrap_err().message
    }

    #[test]
    fn commands_are_read() {
        let command = Command::parse(r#"{"do":"wait","for":"ready","timeout_ms":5}"#).unwrap();
        assert!(matches!(command, Command::Wait { state: State::Ready, timeout_ms: Some(5) }));
        let id = Uuid::now_v7();
        let line = json!({"do": "wait_row", "table": "visit", "id": id, "column": "state", "equals": "paused"});
        match Command::parse(&line.to_string()).unwrap() {
            Command::WaitRow { present, equals, .. } => assert!(present && equals == Some("paused".into())),
            other => panic!("{other:?}"),
        }
        assert!(matches!(Command::parse(r#" {"do":"quit"} "#).unwrap(), Command::Quit {}));
    }

    #[test]
    fn bad_lines_are_refused_without_repeating_them() {
        for line in ["", "{", "[]", "\"quit\"", "{\"do\":7}", "nonsense", "{\"do\":\"status\"} trailing"] {
            assert!(Command::parse(line).is_err(), "{line}");
        }
        assert!(refused(r#"{"do":"fly"}"#).contains("unknown variant"));
        assert!(refused(r#"{"do":"undo"}"#).contains("missing field `key`"));
        assert!(refused(r#"{"do":"network","up":true,"down":false}"#).contains("unknown field `down`"));
        let told = refused(r#"{"do":"sign_in","email":"a@b.c","password":{"hunter2":1}}"#);
        assert!(!told.contains("hunter2"), "{told}");
        let told = refused(r#"{"do":"undo","key":"hunter2"}"#);
        assert!(!told.contains("hunter2"), "{told}");
    }

    #[test]
    fn unknown_names_and_wrong_arguments_are_refused() {
        assert_eq!(table("visitors").unwrap_err().code, "UNKNOWN_TABLE");
        assert_eq!(mutation("visit/v9/fly", &json!({})).unwrap_err().code, "UNKNOWN_MUTATION");
        assert_eq!(mutation("visit/v1/arrive", &json!({"visit_id": 7})).unwrap_err().code, "BAD_ARGUMENTS");
        assert_eq!(mutation("visit/v1/arrive", &json!([])).unwrap_err().code, "BAD_ARGUMENTS");
        let ids = json!({"visit_id": Uuid::now_v7(), "job_id": Uuid::now_v7()});
        assert_eq!(mutation("visit/v1/arrive", &ids).unwrap().0.name, "visit/v1/arrive");
    }
}
