//! Connection pools.

use std::time::Duration;

use sqlx::{
    Connection as _, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// Longest wait for a connection, in seconds.
const ACQUIRE_WAIT_MAX_S: u64 = 10;

/// A connection that was idle for longer is asked for a sign of life before use, in seconds. Busy ones are not: it
/// would cost every transaction a round trip.
const TRUSTED_IDLE_MAX_S: u64 = 1;

/// How many connections the server may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolLimits {
    /// For transactions that change rows.
    pub push: u32,
    /// For transactions that read deltas.
    pub pull: u32,
    /// For signing in, refreshing and signing out.
    pub accounts: u32,
    /// For waking and upkeep.
    pub housekeeping: u32,
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self { push: 12, pull: 12, accounts: 4, housekeeping: 3 }
    }
}

/// A pool that connects when first used.
pub(super) fn open(service: &PgConnectOptions, name: &str, connections_max: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(Duration::from_secs(ACQUIRE_WAIT_MAX_S))
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for.as_secs() >= TRUSTED_IDLE_MAX_S {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(service.clone().application_name(name))
}
