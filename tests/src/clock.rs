//! A device whose clock somebody sets.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use satchel_client::clock::{DeviceClock, SinceStart};
use uuid::Uuid;

/// See the module. Until it is set it goes right.
#[derive(Debug, Default)]
pub struct SetClock {
    set_by_ms: AtomicI64,
    starts: AtomicI64,
}

impl SetClock {
    /// From now on it is ahead of the true time by so many milliseconds, or behind.
    pub fn is_set(&self, by_ms: i64) {
        self.set_by_ms.store(by_ms, Ordering::Relaxed);
    }

    /// The device is started anew.
    pub fn restarts(&self) {
        self.starts.fetch_add(1, Ordering::Relaxed);
    }
}

impl DeviceClock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_millis(self.set_by_ms.load(Ordering::Relaxed))
    }

    fn since_start(&self) -> Option<SinceStart> {
        let boot_id = Uuid::from_u128(self.starts.load(Ordering::Relaxed).cast_unsigned().into());
        Some(SinceStart { boot_id, ms: Timestamp::now().as_millisecond() })
    }
}
