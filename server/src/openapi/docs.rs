//! `GET /api/docs`: the document as pages for people, with a form to try each procedure.
//!
//! Invariant: nothing is loaded from elsewhere; the page says so to the browser, which then refuses what is.

use axum::{
    Router,
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};

/// Where the pages are served.
pub const PATH: &str = "/api/docs";

/// RapiDoc 9.3.8, as published (MIT; its licence stands beside it).
const SCRIPT: &str = include_str!("../../assets/rapidoc-9.3.8.min.js");
const PAGE: &str = include_str!("../../assets/docs.html");

/// What the page may load and run.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Seconds for which a browser keeps the script, whose name changes with its version.
const SCRIPT_KEEP: &str = "public, max-age=604800, immutable";

/// The routes.
pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route(PATH, get(page)).route("/api/docs/rapidoc-9.3.8.min.js", get(script))
}

async fn page() -> Response {
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, Html(PAGE)).into_response()
}

async fn script() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, SCRIPT_KEEP)];
    (headers, SCRIPT).into_response()
}
