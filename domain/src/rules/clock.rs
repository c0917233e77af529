//! Instants people and phones state: of this century, in microseconds.

use jiff::{Timestamp, civil::Date};
use satchel_protocol::{Ctx, Rejection};

/// Start of the year 2000, UTC, in seconds since 1970.
const EARLIEST_S: i64 = 946_684_800;
/// Start of the year 2101, UTC, in seconds since 1970.
const LATEST_S: i64 = 4_133_980_800;

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

/// When the author acted; refuses a clock that is decades off.
pub fn acted_at(ctx: &Ctx) -> Result<Timestamp, Rejection> {
    if plausible(ctx.occurred_at) {
        return Ok(in_micros(ctx.occurred_at));
    }
    Err(Rejection::bad_request("clock.implausible", "This device's date is far off. Please correct it and try again."))
}
