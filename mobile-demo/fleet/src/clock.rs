//! The days' time, faster than the wall's.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A clock of the days.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    began: Instant,
    speedup: u32,
}

impl Clock {
    /// The first day begins now.
    pub fn start(speedup: u32) -> Self {
        Self { began: Instant::now(), speedup }
    }

    /// Waits until the days' time is `at`; not at all when that is past.
    pub async fn until(&self, at: Duration) {
        sleep_until(self.began + self.real(at)).await;
    }

    /// Waits while `time` of the days passes.
    pub async fn pass(&self, time: Duration) {
        tokio::time::sleep(self.real(time)).await;
    }

    /// How long `time` of the days really takes.
    pub fn real(&self, time: Duration) -> Duration {
        time / self.speedup
    }

    /// The wall's time since the first day began.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}
