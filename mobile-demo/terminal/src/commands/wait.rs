//! Waiting for a state or a row, by observing.

use std::time::Duration;

use satchel_client::{Client, ClientError, Connection, Observation, Status, store::Readiness};
use satchel_domain::tables::Organization;
use satchel_protocol::{Cell, Record as _, Row, Table};
use serde_json::{Value, json};
use tokio::time::timeout;
use uuid::Uuid;

use super::{Refusal, State, answer};

/// Milliseconds within which the engine takes note of the network's coming or going.
const NOTICE_MS: u64 = 10_000;

/// Waits until the engine has taken note of a cut or mended network, so that what is asked next is not stale.
pub(super) async fn network_noticed(client: &Client, up: bool) -> Result<(), Refusal> {
    let mut status = client.status();
    let noticed = status.wait_for(|status| match status.connection {
        Connection::Offline => !up,
        Connection::Online(_) | Connection::Connecting | Connection::Waiting => up,
        // Without a connection to lose or to open, there is nothing to notice.
        _ => true,
    });
    let known = timeout(Duration::from_millis(NOTICE_MS), noticed).await;
    known.map(drop).map_err(|_| late(client, "the phone did not take note of its network", NOTICE_MS))
}

/// Waits for a state of the phone; answers how it stands then.
pub(super) async fn for_state(client: &Client, state: State, wait_ms: u64) -> Result<Value, Refusal> {
    let come = async {
        let mut status = client.status();
        // Any table will do: of the queue and of readiness every observation tells.
        let observation = client.observe(&[Organization::TABLE]).ok();
        loop {
            let now = status.borrow_and_update().clone();
            if holds(client, &now, state)? {
                return Ok::<_, ClientError>(());
            }
            tokio::select! {
                _ = status.changed() => {}
                () = changed(observation.as_ref()) => {}
            }
        }
    };
    match timeout(Duration::from_millis(wait_ms), come).await {
        Ok(result) => result.map_err(Refusal::from)?,
        Err(_) => return Err(late(client, "that did not come about", wait_ms)),
    }
    Ok(json!({ "status": answer::status(client) }))
}

/// Whether the phone is in this state. Queue and readiness are asked of the store: the status may lag behind them.
fn holds(client: &Client, status: &Status, state: State) -> Result<bool, ClientError> {
    Ok(match state {
        State::Online => status.connection.is_online(),
        State::Offline => !status.connection.is_online() && status.connection != Connection::Connecting,
        State::SignIn => status.connection == Connection::NeedsSignIn,
        State::Ready => client.store()?.readiness() == Readiness::Ready,
        State::Drained => client.store()?.queue_summary().unsent() == 0,
        State::Attention => client.store()?.queue_summary().rejected > 0,
        State::Synced => {
            let store = client.store()?;
            let queue = store.queue_summary();
            let empty = queue.unsent() == 0 && queue.accepted == 0;
            empty && status.caught_up && store.readiness() == Readiness::Ready
        }
    })
}

/// A row that is waited for.
#[derive(Clone, Debug)]
pub(super) struct AwaitedRow {
    table: &'static Table,
    id: Uuid,
    present: bool,
    value: Option<(usize, Cell)>,
}

impl AwaitedRow {
    /// Checks that the wish makes sense.
    pub(super) fn new(
        table: &'static Table,
        id: Uuid,
        present: bool,
        column: Option<String>,
        equals: Option<Cell>,
    ) -> Result<Self, Refusal> {
        let value = match (column, equals) {
            (None, None) => None,
            (Some(column), equals) if present => {
                let Some(position) = table.position(&column) else {
                    let known: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
                    let message = format!("{} has no such column; it has {}", table.name, known.join(", "));
                    return Err(Refusal::new("UNKNOWN_COLUMN", message));
                };
                // What is given as JSON null, or not at all, is the same to wait for.
                Some((position, equals.unwrap_or(Cell::Null)))
            }
            _ => return Err(Refusal::new("BAD_COMMAND", "`equals` needs a `column`, and both a row that is there")),
        };
        Ok(Self { table, id, present, value })
    }

    fn holds(&self, row: Option<&Row>) -> bool {
        match (row, &self.value) {
            (None, _) => !self.present,
            (Some(_), None) => self.present,
            (Some(row), Some((position, value))) => row.get(*position) == Some(value),
        }
    }
}

/// Waits until a row is as wished; answers the row, or null.
pub(super) async fn for_row(client: &Client, awaited: AwaitedRow, wait_ms: u64) -> Result<Value, Refusal> {
    let observation = client.observe(&[awaited.table])?;
    let (table, id) = (awaited.table, awaited.id);
    let come = async {
        loop {
            let row = client.read(move |reader| row(reader, table, id)).await?;
            if awaited.holds(row.as_ref()) {
                return Ok::<_, ClientError>(row);
            }
            observation.changed().await;
        }
    };
    match timeout(Duration::from_millis(wait_ms), come).await {
        Ok(row) => Ok(json!({ "row": row? })),
        Err(_) => Err(late(client, "the row did not become so", wait_ms)),
    }
}

/// A row by id, its cells as on the wire.
fn row(
    reader: &satchel_client::Reader,
    table: &'static Table,
    id: Uuid,
) -> Result<Option<Row>, satchel_client::StoreError> {
    let columns: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
    let query = format!("select {} from \"{}\" where id = ?1", columns.join(", "), table.name);
    let found = reader.sql(&query, &[id.into()])?.pop();
    // SQLite has no booleans; the canonical form has.
    let canonical = |row| table.decode_row(row).map_err(satchel_client::StoreError::Stored);
    Ok(found.map(canonical).transpose()?.map(|row| table.encode_row(&row)))
}

async fn changed(observation: Option<&Observation>) {
    match observation {
        Some(observation) => {
            observation.changed().await;
        }
        None => std::future::pending().await,
    }
}

fn late(client: &Client, what: &str, wait_ms: u64) -> Refusal {
    let status = client.status().borrow().clone();
    let message = format!("{what} within {wait_ms} ms; the phone says: {} {}", status.reason, status.next_step);
    Refusal::new("TIMEOUT", message)
}

#[cfg(test)]
mod tests {
    use satchel_domain::tables::Visit;

    use super::*;

    #[test]
    fn wishes_about_rows_are_checked() {
        let wish = |present, column: Option<&str>, equals: Option<Cell>| {
            AwaitedRow::new(Visit::TABLE, Uuid::nil(), present, column.map(str::to_owned), equals)
        };
        assert_eq!(wish(true, Some("mood"), None).unwrap_err().code, "UNKNOWN_COLUMN");
        assert_eq!(wish(true, None, Some("paused".into())).unwrap_err().code, "BAD_COMMAND");
        assert_eq!(wish(false, Some("state"), Some("paused".into())).unwrap_err().code, "BAD_COMMAND");
        let mut row = vec![Cell::Null; Visit::TABLE.columns.len()];
        row[Visit::TABLE.position("state").unwrap()] = "paused".into();
        let paused = wish(true, Some("state"), Some("paused".into())).unwrap();
        assert!(paused.holds(Some(&row)) && !paused.holds(None));
        row[Visit::TABLE.position("state").unwrap()] = "on_site".into();
        assert!(!paused.holds(Some(&row)));
        assert!(wish(false, None, None).unwrap().holds(None));
    }
}
