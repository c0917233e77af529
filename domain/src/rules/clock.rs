//! Instants people and phones state: of this century, in microseconds.

use jiff::{Timestamp, civil::Date};
use satchel_protocol::{Ctx, Rejection};

/// Start of the year 2000, UTC, in seconds since 1970.
const EARLIEST_S: i64 = 946_684_800;
/// Start of the year 2101, UTC, in seconds since 1970.
const LATEST_S: i64 = 4_133_980_800;

/// The year 1, the first that every part spells alike, in seconds since 1970.
const CLAIM_EARLIEST_S: i64 = -62_135_596_800;

/// Whether an instant lies in the years 2000 to 2100.
pub fn plausible(instant: Timestamp) -> bool {
    (EARLIEST_S..LATEST_S).contains(&instant.as_second())
}

/// A day in the years 2000 to 2100; refuses others with `reason`.
pub fn checked_day(reason: &str, day: Date) -> Result<Date, Rejection> {
    if (2000..=2100).contains(&day.year()) {
        return Ok(day);
    }
    Err(Rejection::bad_request(reason, "The date must lie in the years 2000 to 2100."))
}

/// The instant as Postgres will keep it: microseconds, the rest cut off.
pub fn in_micros(instant: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant)
}

/// When the author acted, as far as it can be told: work is not refused for the clock it was entered by. One that is
/// decades off, as after an empty battery, counts as the first or last moment that [is plausible](plausible); the server
/// flags it.
pub fn acted_at(ctx: &Ctx) -> Timestamp {
    let bound = |second| Timestamp::from_second(second).unwrap_or(ctx.occurred_at);
    in_micros(ctx.occurred_at.clamp(bound(EARLIEST_S), bound(LATEST_S - 1)))
}

/// What the author's phone said the time was, however wrong; none without a phone.
pub fn claimed(ctx: &Ctx) -> Option<Timestamp> {
    let earliest = Timestamp::from_second(CLAIM_EARLIEST_S).unwrap_or(Timestamp::UNIX_EPOCH);
    ctx.device_clock.map(|clock| in_micros(clock.max(earliest)))
}
