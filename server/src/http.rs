//! The server's front: routes, limits, trace ids.
//!
//! Invariants:
//! - Every answer above 399 is the envelope of R7 with a trace id, whoever refused: a handler, a limit, a missing route
//!   or a panic.
//! - Bodies are bounded before they are parsed, headers before they are kept, requests in time.
//! - A push that was taken in is finished even if its connection is gone, and before the server stops.
//!
//! Reading order: [`router`] → `request` and `proxies` → `sync` → [`serve`].

mod body;
mod proxies;
mod request;
mod serve;
mod sync;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    middleware,
    routing::{get, post},
};
use satchel_protocol::{Registry, limits};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use self::{
    body::JsonBody,
    proxies::{FORWARDED_HEADER, NotANetwork, ProxyNetwork, TrustedProxies},
    serve::serve,
};
pub(crate) use self::{body::from_json, proxies::ClientAddress, sync::run_push};
use crate::{
    auth::{self, Auth},
    database::Database,
    feed::{Hub, HubSettings},
    health::{self, Metrics},
    openapi,
    policy::Policy,
    pull::Puller,
    rpc,
    stream::{self, StreamSettings, Streams},
};

/// How long the server and its streams wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// How the hub looks at the feed.
    pub hub: HubSettings,
    /// How streams beat and how long they wait.
    pub stream: StreamSettings,
}

/// What every handler shares. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The database, under RLS.
    pub database: Database,
    /// Wakes the streams.
    pub hub: Hub,
    /// The trade.
    pub registry: &'static Registry,
    /// Who may call what.
    pub policy: Policy,
    /// Who calls.
    pub auth: Auth,
    /// Reads pages.
    pub puller: Puller,
    /// Counts.
    pub metrics: Arc<Metrics>,
    /// Who may say where a request comes from.
    pub(crate) proxies: TrustedProxies,
    /// How long streams wait.
    pub(crate) stream: StreamSettings,
    /// The streams open on this node.
    pub(crate) streams: Streams,
    /// Pushes and streams that must end in order before the server does.
    pub(crate) tasks: TaskTracker,
    /// Says that the server stops.
    pub(crate) shutdown: CancellationToken,
}

impl AppState {
    /// Starts the hub, on the present runtime, and puts everything together.
    pub fn new(
        database: Database,
        registry: &'static Registry,
        policy: Policy,
        auth: Auth,
        settings: Settings,
    ) -> Self {
        Self {
            hub: Hub::start(database.clone(), settings.hub),
            puller: Puller::new(database.clone(), registry, policy.clone()),
            database,
            registry,
            policy,
            auth,
            metrics: Arc::default(),
            proxies: TrustedProxies::default(),
            stream: settings.stream,
            streams: Streams::default(),
            tasks: TaskTracker::new(),
            shutdown: CancellationToken::new(),
        }
    }

    /// The same behind these proxies.
    #[must_use]
    pub fn behind(self, proxies: TrustedProxies) -> Self {
        Self { proxies, ..self }
    }
}

impl FromRef<AppState> for Auth {
    fn from_ref(state: &AppState) -> Self {
        state.auth.clone()
    }
}

/// All routes.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/api/v1/sync/push", post(sync::push))
        .route("/api/v1/sync/pull", post(sync::pull))
        .route("/api/v1/sync/stream", get(stream::sse::open))
        .route("/api/v1/sync/ws", get(stream::ws::open))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .merge(rpc::router())
        .merge(openapi::router())
        .merge(auth::router())
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .layer(middleware::from_fn_with_state(state.clone(), request::serve))
        .with_state(state)
}
