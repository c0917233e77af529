//! For operators and load balancers: alive, ready, counts.

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
};

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use satchel_protocol::wire::{Outcome, PushResponse};
use serde_json::json;

use crate::{error::ApiError, http::AppState, pull::Page};

/// Counts since the server started.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: [AtomicU64; 6],
    pushes: AtomicU64,
    push_failures: AtomicU64,
    accepted: AtomicU64,
    rejected: AtomicU64,
    quarantined: AtomicU64,
    pages: AtomicU64,
    page_bytes: AtomicU64,
    diverged: AtomicU64,
    streams: AtomicI64,
    streams_opened: AtomicU64,
    streams_stalled: AtomicU64,
}

impl Metrics {
    pub(crate) fn answered(&self, status: StatusCode) {
        if let Some(class) = self.answers.get(usize::from(status.as_u16() / 100)) {
            add(class, 1);
        }
    }

    pub(crate) fn pushed(&self, result: &Result<PushResponse, ApiError>) {
        add(&self.pushes, 1);
        let Ok(response) = result else { return add(&self.push_failures, 1) };
        for verdict in &response.verdicts {
            match verdict.outcome {
                Outcome::Accepted { .. } => add(&self.accepted, 1),
                Outcome::Rejected(_) => add(&self.rejected, 1),
                Outcome::Quarantined { .. } => add(&self.quarantined, 1),
                Outcome::Expired => {}
            }
        }
    }

    pub(crate) fn pulled(&self, page: &Page) {
        add(&self.pages, 1);
        add(&self.page_bytes, page.json.len() as u64);
        add(&self.diverged, page.diverged.into());
    }

    pub(crate) fn stream_opened(&self) {
        add(&self.streams_opened, 1);
        self.streams.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn stream_closed(&self) {
        self.streams.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn stream_stalled(&self) {
        add(&self.streams_stalled, 1);
    }

    /// Prometheus' text format.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut family = |name: &str, kind: &str, help: &str, values: &[(&str, i128)]| {
            let _ = writeln!(text, "# HELP satchel_{name} {help}\n# TYPE satchel_{name} {kind}");
            for (labels, value) in values {
                let _ = writeln!(text, "satchel_{name}{labels} {value}");
            }
        };
        let count = |counter: &AtomicU64| i128::from(counter.load(Ordering::Relaxed));
        let answers = [
            (r#"{status="1xx"}"#, count(&self.answers[1])),
            (r#"{status="2xx"}"#, count(&self.answers[2])),
            (r#"{status="3xx"}"#, count(&self.answers[3])),
            (r#"{status="4xx"}"#, count(&self.answers[4])),
            (r#"{status="5xx"}"#, count(&self.answers[5])),
        ];
        family("http_answers_total", "counter", "Answers by status class.", &answers);
        family("pushes_total", "counter", "Pushes taken in.", &[("", count(&self.pushes))]);
        family("push_failures_total", "counter", "Pushes answered with an error.", &[("", count(&self.push_failures))]);
        let verdicts = [
            (r#"{outcome="accepted"}"#, count(&self.accepted)),
            (r#"{outcome="rejected"}"#, count(&self.rejected)),
            (r#"{outcome="quarantined"}"#, count(&self.quarantined)),
        ];
        family("verdicts_total", "counter", "Verdicts given, repeats included.", &verdicts);
        family("pull_pages_total", "counter", "Delta pages made.", &[("", count(&self.pages))]);
        family("pull_bytes_total", "counter", "Bytes of delta pages.", &[("", count(&self.page_bytes))]);
        let help = "Repairs of replicas that were found to differ.";
        family("replicas_diverged_total", "counter", help, &[("", count(&self.diverged))]);
        let streams = i128::from(self.streams.load(Ordering::Relaxed));
        family("streams", "gauge", "Streams open now.", &[("", streams)]);
        family("streams_opened_total", "counter", "Streams opened.", &[("", count(&self.streams_opened))]);
        family(
            "streams_stalled_total",
            "counter",
            "Streams dropped for not reading.",
            &[("", count(&self.streams_stalled))],
        );
        text
    }
}

fn add(counter: &AtomicU64, number: u64) {
    counter.fetch_add(number, Ordering::Relaxed);
}

/// `GET /healthz`: the process answers.
pub(crate) async fn alive() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok" }))
}

/// `GET /readyz`: the database is there, migrated and a primary.
pub(crate) async fn ready(State(state): State<AppState>) -> Result<Json<serde_json::Value>, ApiError> {
    if state.shutdown.is_cancelled() {
        return Err(ApiError::unavailable("The server is stopping."));
    }
    match state.database.ready().await {
        Ok(()) => Ok(Json(json!({ "status": "ok" }))),
        // The cause names no data, and whoever asks can act on it.
        Err(error) => Err(ApiError::unavailable(format!("Not ready: {error}."))),
    }
}

/// `GET /metrics`.
pub(crate) async fn metrics(State(state): State<AppState>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], state.metrics.text()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_in_prometheus_text() {
        let metrics = Metrics::default();
        metrics.answered(StatusCode::CONFLICT);
        metrics.stream_opened();
        let text = metrics.text();
        assert!(text.contains("satchel_http_answers_total{status=\"4xx\"} 1\n"), "{text}");
        assert!(text.contains("# TYPE satchel_streams gauge\nsatchel_streams 1\n"), "{text}");
    }
}
