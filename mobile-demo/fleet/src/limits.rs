//! The bounds of a run, in real time.

use std::time::Duration;

use satchel_client::engine::Limits;

/// Phones that sign in and fill at once.
pub const FILLING: usize = 8;
/// Within which one phone must be filled.
pub const FILL_TIME: Duration = Duration::from_secs(600);
/// Within which a phone must come to rest once its network is good.
pub const REST_TIME: Duration = Duration::from_secs(180);
/// Times that somebody looks through the attention list in the evening.
pub const EVENING_ROUNDS: usize = 8;
/// Replicas compared at once.
pub const PROVING: usize = 4;
/// Calls of the office at once.
pub const CALLS: usize = 8;
/// Open files that a phone, its wire and its share of the server need.
const FILES_A_PHONE: u64 = 24;
/// Open files for everything else.
const FILES: u64 = 256;

/// The engine's waits at a speed-up: as much shorter, but not so short that the server is called without end.
pub fn engine(speedup: u32) -> Limits {
    let normal = Limits::default();
    let faster = |ms: u64, least_ms: u64| (ms / u64::from(speedup)).max(least_ms);
    Limits {
        backoff_base_ms: faster(normal.backoff_base_ms, 50),
        backoff_most_ms: faster(normal.backoff_most_ms, 1_000),
        connect_ms: faster(normal.connect_ms, 3_000),
        push_ms: faster(normal.push_ms, 5_000),
        page_ms: faster(normal.page_ms, 10_000),
        websocket_retry_ms: faster(normal.websocket_retry_ms, 2_000),
        ..normal
    }
}

/// Asks the system for as many open files as so many phones need.
///
/// # Errors
/// When the system allows fewer.
#[cfg(unix)]
pub fn raise_open_files(phones: u32) -> anyhow::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let needed = FILES + FILES_A_PHONE * u64::from(phones);
    let now = getrlimit(Resource::Nofile);
    if now.current.is_some_and(|current| current < needed) {
        anyhow::ensure!(
            now.maximum.is_none_or(|maximum| maximum >= needed),
            "{phones} phones need {needed} open files, the system allows {}: raise `ulimit -Hn`, or take fewer",
            now.maximum.unwrap_or_default()
        );
        setrlimit(Resource::Nofile, Rlimit { current: Some(needed), maximum: now.maximum })?;
    }
    Ok(())
}

/// Elsewhere nothing bounds them.
#[cfg(not(unix))]
pub fn raise_open_files(_phones: u32) -> anyhow::Result<()> {
    Ok(())
}
