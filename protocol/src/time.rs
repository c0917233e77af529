//! The one spelling of an instant.

use jiff::Timestamp;

/// Spells an instant as UTC with six decimals and `Z`, so that text order is time order and equal instants are
/// equal text: `2026-11-21T10:47:00.000000Z`.
pub fn canonical(instant: Timestamp) -> String {
    // Postgres keeps microseconds; anything finer would not survive the round trip.
    let micros = Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant);
    format!("{micros:.6}")
}
