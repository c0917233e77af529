//! The device's clock, and how far it is from the server's.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use jiff::Timestamp;
use satchel_protocol::context::ClientContext;
use tokio::time::Instant;

use crate::engine::Moment;

/// Reads the clock; shared by whoever records when something happened.
#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    offset_ms: AtomicI64,
    trusted: AtomicBool,
}

impl Clock {
    /// A clock that starts with the offset of an earlier run, which is not trusted.
    pub(crate) fn new(remembered_offset_ms: i64) -> Self {
        Self {
            started: Instant::now(),
            offset_ms: AtomicI64::new(remembered_offset_ms),
            trusted: AtomicBool::new(false),
        }
    }

    /// The device's clock.
    pub(crate) fn device_now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// The server's clock, as well as known.
    pub(crate) fn server_now(&self) -> Timestamp {
        let offset = jiff::SignedDuration::from_millis(self.offset_ms());
        let device = self.device_now();
        device.checked_add(offset).unwrap_or(device)
    }

    pub(crate) fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::Relaxed)
    }

    /// Takes over a measured offset.
    pub(crate) fn set_offset_ms(&self, offset_ms: i64) {
        self.offset_ms.store(offset_ms, Ordering::Relaxed);
        self.trusted.store(true, Ordering::Relaxed);
    }

    /// Whether the offset was measured in this run.
    pub(crate) fn trusted(&self) -> bool {
        self.trusted.load(Ordering::Relaxed)
    }

    /// What is recorded with a mutation made now.
    pub(crate) fn context(&self) -> ClientContext {
        ClientContext {
            occurred_at: self.server_now(),
            device_clock: self.device_now(),
            monotonic_ms: uptime_ms(),
            clock_trusted: self.trusted(),
        }
    }

    /// The engine's view of now.
    pub(crate) fn moment(&self) -> Moment {
        Moment {
            now_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            wall_ms: self.device_now().as_millisecond(),
            jitter_permille: rand::random_range(0..=1_000),
        }
    }

    /// When the engine's clock reaches `at_ms`.
    pub(crate) fn instant(&self, at_ms: u64) -> Instant {
        // Rounded up, so that the moment has come when the timer fires.
        self.started + std::time::Duration::from_millis(at_ms) + std::time::Duration::from_micros(1)
    }
}

/// Milliseconds since the device started, where it is cheap to know.
fn uptime_ms() -> Option<i64> {
    if !cfg!(any(target_os = "linux", target_os = "android")) {
        return None;
    }
    let text = std::fs::read_to_string("/proc/uptime").ok()?;
    let (seconds, hundredths) = text.split_whitespace().next()?.split_once('.')?;
    Some(seconds.parse::<i64>().ok()? * 1_000 + hundredths.parse::<i64>().ok()? * 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_corrects_what_is_recorded() {
        let clock = Clock::new(0);
        assert!(!clock.context().clock_trusted);
        clock.set_offset_ms(3_600_000);
        let context = clock.context();
        assert!(context.clock_trusted);
        assert!(context.occurred_at.duration_since(context.device_clock).as_secs() >= 3_599);
    }
}
