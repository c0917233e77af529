//! The trace id of the request being served: in every error envelope, in the log and in the ledger.
//!
//! Invariant: work that outlives its request (a stream) carries the id on by [`scope`].

use std::future::Future;

use uuid::Uuid;

tokio::task_local! {
    static TRACE_ID: Uuid;
}

/// The header that carries the trace id, both ways.
pub const TRACE_HEADER: &str = "x-trace-id";

/// Runs `work` under a trace id.
pub fn scope<F: Future>(trace_id: Uuid, work: F) -> impl Future<Output = F::Output> {
    TRACE_ID.scope(trace_id, work)
}

/// The trace id of this task's request; empty outside of any.
pub fn current_id() -> String {
    TRACE_ID.try_with(Uuid::to_string).unwrap_or_default()
}

/// The trace id of this task's request, or a fresh one outside of any.
pub fn current() -> Uuid {
    TRACE_ID.try_with(|id| *id).unwrap_or_else(|_| Uuid::now_v7())
}
