//! The device's clocks, and how far they are from the server's.
//!
//! Invariants:
//! - Once compared with the server, time is told by what has passed on the monotonic clock since: whoever sets the clock
//!   people see changes nothing of when work is said to have happened, as long as the device is not restarted.
//! - What is recorded with a mutation says what every clock said, and by how much the result may be off.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use satchel_protocol::context::ClientContext;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use uuid::Uuid;

use crate::engine::{Measured, Moment};

/// Millionths by which a device's monotonic clock may be wrong.
pub const DRIFT_PPM: i64 = 100;

/// The clocks of a device. An app on a system where [`SystemClock`] knows no start of the device may bring its own.
pub trait DeviceClock: Send + Sync + std::fmt::Debug {
    /// The clock people see, and set.
    fn now(&self) -> Timestamp;
    /// The clock nobody sets, where there is one.
    fn since_start(&self) -> Option<SinceStart>;
}

/// A reading of a clock that begins with the start of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinceStart {
    /// Names the start.
    pub boot_id: Uuid,
    /// Milliseconds since, asleep or not.
    pub ms: i64,
}

/// The clocks of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl DeviceClock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn since_start(&self) -> Option<SinceStart> {
        if !cfg!(any(target_os = "linux", target_os = "android")) {
            return None;
        }
        let boot_id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().parse().ok()?;
        let text = std::fs::read_to_string("/proc/uptime").ok()?;
        let (seconds, hundredths) = text.split_whitespace().next()?.split_once('.')?;
        Some(SinceStart { boot_id, ms: seconds.parse::<i64>().ok()? * 1_000 + hundredths.parse::<i64>().ok()? * 10 })
    }
}

/// A comparison with the server's clock, as it is kept between runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// When, on the clock nobody sets.
    pub since_start: SinceStart,
    /// What the server's clock said then; milliseconds since 1970.
    pub server_ms: i64,
    /// By how many milliseconds that may be off; none if it could not be told.
    pub uncertainty_ms: Option<u32>,
}

/// Reads the clocks; shared by whoever records when something happened.
#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    device: Arc<dyn DeviceClock>,
    known: Mutex<Known>,
}

/// What comparisons have shown.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// Milliseconds the server was ahead of the clock people see, when last compared.
    offset_ms: i64,
    anchor: Option<Anchor>,
    /// The last comparison of this run.
    measured: Option<Measured>,
}

/// One look at all clocks.
struct Look {
    device: Timestamp,
    server: Timestamp,
    since_start: Option<SinceStart>,
    /// Whether the clocks were compared since the device started, or in this run.
    trusted: bool,
    uncertainty_ms: Option<u32>,
}

impl Clock {
    /// A clock that starts with what an earlier run found out.
    pub(crate) fn new(device: Arc<dyn DeviceClock>, remembered_offset_ms: i64, anchor: Option<Anchor>) -> Self {
        let known = Known { offset_ms: remembered_offset_ms, anchor, measured: None };
        Self { started: Instant::now(), device, known: Mutex::new(known) }
    }

    /// The device's clock.
    pub(crate) fn device_now(&self) -> Timestamp {
        self.device.now()
    }

    /// The server's clock, as well as known.
    pub(crate) fn server_now(&self) -> Timestamp {
        self.look().server
    }

    /// Milliseconds the server was ahead of the clock people see, when last compared.
    pub(crate) fn offset_ms(&self) -> i64 {
        self.known().offset_ms
    }

    /// What the next run should know.
    pub(crate) fn anchor(&self) -> Option<Anchor> {
        self.known().anchor
    }

    /// Takes over a comparison. The same one again changes nothing: the clock may have been set since.
    pub(crate) fn compared(&self, measured: Measured) {
        let now_ms = self.elapsed_ms();
        let since_start = self.device.since_start();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.measured.replace(measured) == Some(measured) {
            return;
        }
        known.offset_ms = measured.offset_ms;
        let since_ms = i64::try_from(now_ms.saturating_sub(measured.at.now_ms)).unwrap_or(0);
        known.anchor = since_start.map(|since_start| Anchor {
            since_start: SinceStart { ms: since_start.ms.saturating_sub(since_ms), ..since_start },
            server_ms: measured.at.wall_ms.saturating_add(measured.offset_ms),
            uncertainty_ms: measured.uncertainty_ms,
        });
    }

    /// Whether the clocks were compared since the device started, or in this run.
    pub(crate) fn trusted(&self) -> bool {
        self.look().trusted
    }

    /// What is recorded with a mutation made now.
    pub(crate) fn context(&self) -> ClientContext {
        let look = self.look();
        let offset_ms = look.server.as_millisecond().saturating_sub(look.device.as_millisecond());
        ClientContext {
            occurred_at: look.server,
            device_clock: look.device,
            monotonic_ms: look.since_start.map(|since_start| since_start.ms),
            clock_trusted: look.trusted,
            boot_id: look.since_start.map(|since_start| since_start.boot_id),
            server_offset_ms: look.trusted.then_some(offset_ms),
            uncertainty_ms: look.uncertainty_ms,
        }
    }

    fn look(&self) -> Look {
        let known = self.known();
        let (device, since_start) = (self.device.now(), self.device.since_start());
        let by_anchor = known.anchor.zip(since_start).and_then(|(anchor, now)| anchor.server_now(now));
        if let Some((server, uncertainty_ms)) = by_anchor {
            return Look { device, server, since_start, trusted: true, uncertainty_ms };
        }
        let offset = SignedDuration::from_millis(known.offset_ms);
        let server = device.checked_add(offset).unwrap_or(device);
        let passed_ms = known.measured.map(|measured| self.elapsed_ms().saturating_sub(measured.at.now_ms));
        let measured_ms = known.measured.and_then(|measured| measured.uncertainty_ms);
        let uncertainty_ms = measured_ms.zip(passed_ms).map(|(ms, passed_ms)| with_drift(ms, passed_ms.cast_signed()));
        Look { device, server, since_start, trusted: known.measured.is_some(), uncertainty_ms }
    }

    fn known(&self) -> Known {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The engine's view of now.
    pub(crate) fn moment(&self) -> Moment {
        Moment {
            now_ms: self.elapsed_ms(),
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

impl Anchor {
    /// The server's clock at another reading of the same start, and by how many milliseconds it may be off.
    fn server_now(&self, now: SinceStart) -> Option<(Timestamp, Option<u32>)> {
        let passed_ms = now.ms.checked_sub(self.since_start.ms).filter(|_| now.boot_id == self.since_start.boot_id)?;
        let server = Timestamp::from_millisecond(self.server_ms.checked_add(passed_ms)?).ok()?;
        Some((server, self.uncertainty_ms.map(|ms| with_drift(ms, passed_ms))))
    }
}

fn with_drift(uncertainty_ms: u32, passed_ms: i64) -> u32 {
    let drift_ms = passed_ms.max(0).saturating_mul(DRIFT_PPM) / 1_000_000;
    uncertainty_ms.saturating_add(u32::try_from(drift_ms).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    const HOUR_MS: i64 = 3_600_000;
    const NOON_MS: i64 = 1_800_000_000_000;

    /// A device whose clock is set by the test.
    #[derive(Debug)]
    struct Set {
        wall_ms: AtomicI64,
        since_start_ms: AtomicI64,
        boot: AtomicI64,
    }

    impl Set {
        fn new() -> Arc<Self> {
            Arc::new(Self {
                wall_ms: AtomicI64::new(NOON_MS),
                since_start_ms: AtomicI64::new(5_000),
                boot: AtomicI64::new(1),
            })
        }

        fn passes(&self, ms: i64) {
            self.wall_ms.fetch_add(ms, Ordering::Relaxed);
            self.since_start_ms.fetch_add(ms, Ordering::Relaxed);
        }

        fn is_set(&self, by_ms: i64) {
            self.wall_ms.fetch_add(by_ms, Ordering::Relaxed);
        }

        fn restarts(&self) {
            self.boot.fetch_add(1, Ordering::Relaxed);
            self.since_start_ms.store(0, Ordering::Relaxed);
        }
    }

    impl DeviceClock for Set {
        fn now(&self) -> Timestamp {
            Timestamp::from_millisecond(self.wall_ms.load(Ordering::Relaxed)).unwrap()
        }

        fn since_start(&self) -> Option<SinceStart> {
            let boot_id = Uuid::from_u128(self.boot.load(Ordering::Relaxed).cast_unsigned().into());
            Some(SinceStart { boot_id, ms: self.since_start_ms.load(Ordering::Relaxed) })
        }
    }

    fn compared(clock: &Clock, offset_ms: i64, uncertainty_ms: Option<u32>) {
        let at = Moment { jitter_permille: 0, ..clock.moment() };
        clock.compared(Measured { offset_ms, uncertainty_ms, at });
    }

    fn off_ms(context: &ClientContext, true_ms: i64) -> i64 {
        (context.occurred_at.as_millisecond() - true_ms).abs()
    }

    #[test]
    fn a_clock_that_is_set_changes_nothing_once_it_was_compared() {
        let device = Set::new();
        let clock = Clock::new(device.clone(), 0, None);
        assert!(!clock.context().clock_trusted && clock.context().server_offset_ms.is_none());
        // The server is an hour ahead.
        compared(&clock, HOUR_MS, Some(40));
        device.passes(8 * HOUR_MS);
        for set_ms in [-3 * HOUR_MS, 26 * HOUR_MS] {
            device.is_set(set_ms);
            let context = clock.context();
            assert!(off_ms(&context, NOON_MS + 9 * HOUR_MS) < 100, "{context:?}");
            assert!(context.clock_trusted);
            assert_eq!(context.uncertainty_ms, Some(40 + 2_880), "half the round trip, and eight hours of drift");
            let told_ms = context.device_clock.as_millisecond() + context.server_offset_ms.unwrap();
            assert_eq!(told_ms, context.occurred_at.as_millisecond());
        }
    }

    #[test]
    fn the_same_comparison_told_again_is_not_a_new_one() {
        let device = Set::new();
        let clock = Clock::new(device.clone(), 0, None);
        let measured = Measured { offset_ms: 0, uncertainty_ms: Some(1), at: clock.moment() };
        clock.compared(measured);
        device.is_set(HOUR_MS);
        clock.compared(measured);
        assert!(off_ms(&clock.context(), NOON_MS) < 100);
    }

    #[test]
    fn what_was_compared_outlives_the_app_but_not_a_restart_of_the_device() {
        let device = Set::new();
        let before = Clock::new(device.clone(), 0, None);
        compared(&before, HOUR_MS, Some(40));
        let kept = serde_json::to_string(&before.anchor()).unwrap();
        device.passes(1_000);
        device.is_set(-HOUR_MS);
        let clock = Clock::new(device.clone(), HOUR_MS, serde_json::from_str(&kept).unwrap());
        let context = clock.context();
        assert!(context.clock_trusted && off_ms(&context, NOON_MS + HOUR_MS + 1_000) < 100, "{context:?}");
        device.restarts();
        let context = clock.context();
        assert!(!context.clock_trusted && context.uncertainty_ms.is_none() && context.server_offset_ms.is_none());
        assert!(off_ms(&context, NOON_MS + 1_000) < 100, "the clock people see, and the offset of before");
        assert_ne!(Some(context.boot_id), before.anchor().map(|anchor| Some(anchor.since_start.boot_id)));
    }
}
