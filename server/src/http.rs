//! The server's front: routes, limits, trace ids.

use satchel_protocol::Registry;

use crate::{auth::Auth, database::Database, feed::Hub};

/// What every handler shares. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The database, under RLS.
    pub database: Database,
    /// Wakes the streams.
    pub hub: Hub,
    /// The trade.
    pub registry: &'static Registry,
    /// Who calls.
    pub auth: Auth,
}
