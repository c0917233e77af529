//! Times that cannot be. They are accepted, because nobody's work is lost for a wrong clock, and entered with their doubts
//! into the audit log, where the office finds them.
//!
//! Invariants: a doubt never changes a verdict; readings of different starts of a device are never compared; what was
//! entered again later, and keeps its first time, is not held against the order it comes in.

use jiff::Timestamp;
use satchel_protocol::context::ClientContext;

use crate::{store::ClockReading, upkeep::VERDICT_DAYS};

/// Milliseconds by which a phone's corrected time may be ahead of its receipt, beyond what it says of its uncertainty:
/// what two right clocks differ by.
pub const AHEAD_MS: i64 = 1_000;
/// Milliseconds of uncertainty of a clock that was never compared with the server's.
pub const UNMEASURED_MS: i64 = 120_000;
/// Milliseconds by which a device's clock and its monotonic one may part between two mutations: clocks are corrected a
/// little all the time.
pub const PARTED_MS: i64 = 5_000;
/// Days for which no phone stays offline: verdicts are not kept longer.
pub const PAST_DAYS: i64 = VERDICT_DAYS as i64;

/// In the future of its receipt.
pub const FUTURE: &str = "clock.future";
/// So long ago that no phone can have kept it.
pub const PAST: &str = "clock.past";
/// The device's clock was set back since the mutation before.
pub const SET_BACK: &str = "clock.set_back";
/// The device's clock was set ahead since the mutation before.
pub const SET_AHEAD: &str = "clock.set_ahead";

const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// What a mutation tells of its device's clocks.
pub fn reading(context: &ClientContext) -> Option<ClockReading> {
    let (boot_id, monotonic_ms) = context.boot_id.zip(context.monotonic_ms)?;
    Some(ClockReading { boot_id, monotonic_ms, clock_ms: context.device_clock.as_millisecond() })
}

/// What cannot be about these circumstances. `before` is the reading of the device's mutation before.
pub fn doubts(context: &ClientContext, before: Option<&ClockReading>, received_at: Timestamp) -> Vec<&'static str> {
    let mut doubts = Vec::new();
    let ahead_ms = context.occurred_at.as_millisecond().saturating_sub(received_at.as_millisecond());
    let uncertainty_ms = context.uncertainty_ms.map_or(UNMEASURED_MS, i64::from);
    if ahead_ms > uncertainty_ms.saturating_add(AHEAD_MS) {
        doubts.push(FUTURE);
    } else if ahead_ms < -PAST_DAYS * DAY_MS {
        doubts.push(PAST);
    }
    if let (Some(now), Some(before)) = (reading(context), before)
        && now.boot_id == before.boot_id
    {
        // What was held or set aside comes after what was entered later: time is what orders readings.
        let (first, then) = if now.monotonic_ms < before.monotonic_ms { (&now, before) } else { (before, &now) };
        let by_clock_ms = then.clock_ms.saturating_sub(first.clock_ms);
        let parted_ms = by_clock_ms.saturating_sub(then.monotonic_ms.saturating_sub(first.monotonic_ms));
        if parted_ms < -PARTED_MS {
            doubts.push(SET_BACK);
        } else if parted_ms > PARTED_MS {
            doubts.push(SET_AHEAD);
        }
    }
    doubts
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use uuid::Uuid;

    use super::*;

    const BOOT: Uuid = Uuid::from_u128(1);

    fn noon() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn after(ms: i64) -> ClientContext {
        ClientContext { uncertainty_ms: Some(50), ..ClientContext::at(noon() + SignedDuration::from_millis(ms)) }
    }

    fn read(boot_id: Uuid, monotonic_ms: i64, clock_ms: i64) -> ClientContext {
        ClientContext { boot_id: Some(boot_id), monotonic_ms: Some(monotonic_ms), ..after(clock_ms - 3_600_000) }
    }

    #[test]
    fn the_future_begins_beyond_the_uncertainty() {
        assert!(doubts(&after(50 + AHEAD_MS), None, noon()).is_empty());
        assert_eq!(doubts(&after(51 + AHEAD_MS), None, noon()), [FUTURE]);
        let unmeasured = |ms| ClientContext { uncertainty_ms: None, ..after(ms) };
        assert!(doubts(&unmeasured(UNMEASURED_MS), None, noon()).is_empty());
        assert_eq!(doubts(&unmeasured(UNMEASURED_MS + AHEAD_MS + 1), None, noon()), [FUTURE]);
        assert_eq!(doubts(&ClientContext::at(Timestamp::MAX), None, noon()), [FUTURE]);
    }

    #[test]
    fn long_offline_is_no_doubt_but_an_empty_battery_is() {
        assert!(doubts(&after(-PAST_DAYS * DAY_MS), None, noon()).is_empty());
        assert_eq!(doubts(&ClientContext::at(Timestamp::UNIX_EPOCH), None, noon()), [PAST]);
        assert_eq!(doubts(&ClientContext::at(Timestamp::MIN), None, noon()), [PAST]);
    }

    #[test]
    fn a_clock_that_parts_from_the_monotonic_one_was_set() {
        let before = reading(&read(BOOT, 10_000, 10_000)).unwrap();
        let now = |monotonic_ms, clock_ms| doubts(&read(BOOT, monotonic_ms, clock_ms), Some(&before), noon());
        assert!(now(20_000, 20_000 - PARTED_MS).is_empty());
        assert_eq!(now(20_000, 19_999 - PARTED_MS), [SET_BACK]);
        assert_eq!(now(20_000, 20_001 + PARTED_MS), [SET_AHEAD]);
        assert!(now(5_000, 5_000).is_empty(), "entered before, sent after");
        assert_eq!(now(5_000, 10_001), [SET_BACK], "set back between the earlier and the later");
    }

    #[test]
    fn readings_of_two_starts_are_not_compared() {
        let before = reading(&read(BOOT, 10_000, 10_000)).unwrap();
        assert!(doubts(&read(Uuid::from_u128(2), 5, 3_000_000), Some(&before), noon()).is_empty());
        assert_eq!(reading(&ClientContext { monotonic_ms: None, ..read(BOOT, 1, 1) }), None);
    }
}
