//! Answers as JSON.

use satchel_client::{
    Client, ClientError, Connection,
    client::Mutated,
    store::{Attention, Difference, Identity, Past, QueueEntry, QueueState, Readiness},
};
use satchel_protocol::{Row, Table, wire::Outcome};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Refusal;

pub(super) fn identity(identity: &Identity, device_id: Uuid) -> Value {
    json!({
        "org_id": identity.org_id,
        "user_id": identity.user_id,
        "technician_id": identity.technician_id,
        "roles": identity.roles,
        "device_id": device_id,
    })
}

/// A queued mutation, a rule's refusal, or nothing to do.
pub(super) fn mutated(result: Result<Option<Mutated>, ClientError>) -> Result<Value, Refusal> {
    match result {
        Ok(Some(mutated)) => Ok(json!({ "key": mutated.key, "output": mutated.output })),
        Ok(None) => Ok(json!({ "unchanged": true })),
        Err(ClientError::Refused(rejection)) => Ok(json!({ "refused": rejection })),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn status(client: &Client) -> Value {
    let status = client.status().borrow().clone();
    let transport = match status.connection {
        Connection::Online(transport) => Some(transport.to_string()),
        _ => None,
    };
    // The store's own word where there is one: the status may be a commit behind.
    let (queue, ready, progress) = match client.store() {
        Ok(store) => (store.queue_summary(), store.readiness(), store.progress()),
        Err(_) => (status.queue, status.readiness, status.progress),
    };
    json!({
        "connection": connection(status.connection),
        "transport": transport,
        "online": status.connection.is_online(),
        "caught_up": status.caught_up,
        "reason": status.reason,
        "next_step": status.next_step,
        "next_try_in_ms": status.next_try_in_ms,
        "waiting": status.waiting.map(|waiting| json!({
            "for": waiting.waits_for,
            "mutations": waiting.mutations,
            "since": waiting.since,
            "overdue": waiting.overdue,
            "reason": waiting.reason,
            "next_step": waiting.next_step,
        })),
        "queue": {
            "pending": queue.pending,
            "sending": queue.sending,
            "accepted": queue.accepted,
            "rejected": queue.rejected,
            "may_be_refused": queue.may_be_refused,
        },
        "readiness": {
            "state": readiness(ready),
            "usable": ready.usable(),
            "rows_received": progress.rows_done,
            "rows_total": progress.rows_total,
        },
        "last_synced_at": status.last_synced_at,
        "server_offset_ms": status.server_offset_ms,
        "trace_id": status.trace_id,
    })
}

fn connection(connection: Connection) -> &'static str {
    match connection {
        Connection::Stopped => "stopped",
        Connection::Offline => "offline",
        Connection::Waiting => "waiting",
        Connection::Connecting => "connecting",
        Connection::Online(_) => "online",
        Connection::NeedsSignIn => "needs_sign_in",
        Connection::UpgradeRequired => "upgrade_required",
        Connection::Blocked => "blocked",
    }
}

fn readiness(readiness: Readiness) -> &'static str {
    match readiness {
        Readiness::Empty => "empty",
        Readiness::Filling => "filling",
        Readiness::Checking => "checking",
        Readiness::Ready => "ready",
        Readiness::Repairing => "repairing",
    }
}

/// Rows as they would stand on the wire, in registry column order.
pub(super) fn rows(table: &Table, rows: &[Row]) -> Value {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    let rows: Vec<Row> = rows.iter().map(|row| table.encode_row(row)).collect();
    json!({ "table": table.name, "columns": columns, "rows": rows })
}

fn entry(entry: &QueueEntry) -> Value {
    let state = match entry.state {
        QueueState::Pending => "pending",
        QueueState::Sending => "sending",
        QueueState::Accepted => "accepted",
        QueueState::Rejected => "rejected",
        QueueState::Held { .. } => "held",
    };
    json!({
        "key": entry.key,
        "seq": entry.seq,
        "name": entry.name,
        "args": entry.args,
        "state": state,
        "held_by": if let QueueState::Held { by } = entry.state { Some(by) } else { None },
        "may_be_refused": entry.may_be_refused,
        "retry_of": entry.retry_of,
    })
}

pub(super) fn queue(entries: &[QueueEntry]) -> Vec<Value> {
    entries.iter().map(entry).collect()
}

/// What left the queue, those entered last first.
pub(super) fn history(past: &[Past]) -> Vec<Value> {
    let one = |past: &Past| {
        json!({
            "key": past.key,
            "name": past.name,
            "args": past.args,
            "outcome": past.outcome,
            "settlement": past.settlement,
            "retry_of": past.retry_of,
            "replaced_by": past.replaced_by,
        })
    };
    past.iter().map(one).collect()
}

pub(super) fn attention(list: &[Attention]) -> Vec<Value> {
    let one = |attention: &Attention| {
        let mut answer = entry(&attention.entry);
        answer["because_of"] = json!(attention.because_of);
        answer["holds"] = json!(attention.holds);
        answer["with_office"] = json!(attention.with_office);
        match &attention.outcome {
            Outcome::Rejected(rejection) => answer["rejection"] = json!(rejection),
            Outcome::Quarantined { trace_id } => answer["quarantined"] = json!({ "trace_id": trace_id }),
            Outcome::Expired => answer["expired"] = json!(true),
            Outcome::Accepted { .. } => {}
        }
        answer
    };
    list.iter().map(one).collect()
}

pub(super) fn differences(differences: &[Difference]) -> Value {
    let list: Vec<Value> =
        differences.iter().map(|found| json!({ "table": found.table, "scope": found.scope })).collect();
    json!({ "sound": list.is_empty(), "differences": list })
}
