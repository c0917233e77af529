//! Figures, times and names as people write them.

use jiff::{Timestamp, tz::TimeZone};
use rust_decimal::Decimal;
use satchel_domain::{rules::visit_state::Intent, tables::Visit};

/// An amount of money: `$1,234.50`.
pub fn money(cents: i64, currency: &str) -> String {
    let amount = format!("{}.{:02}", grouped(cents.unsigned_abs() / 100), cents.unsigned_abs() % 100);
    let sign = if cents < 0 { "-" } else { "" };
    match currency {
        "USD" => format!("{sign}${amount}"),
        "EUR" => format!("{sign}€{amount}"),
        "GBP" => format!("{sign}£{amount}"),
        other => format!("{sign}{amount} {other}"),
    }
}

/// A number with its thousands set off: `28,000`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A quantity without needless zeros, and its unit: `2.5 foot`.
pub fn quantity(quantity: Decimal, unit: &str) -> String {
    format!("{} {unit}", quantity.normalize()).trim_end().to_owned()
}

/// `1 thing`, `2 things`.
pub fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{} {thing}s", grouped(number as u64)) }
}

/// How long ago something was: `just now`, `12 s ago`, `3 h ago`.
pub fn ago(now: Timestamp, then: Timestamp) -> String {
    match now.as_second() - then.as_second() {
        ..=1 => "just now".to_owned(),
        seconds @ 2..=59 => format!("{seconds} s ago"),
        seconds @ 60..=3_599 => format!("{} min ago", seconds / 60),
        seconds @ 3_600..=86_399 => format!("{} h ago", seconds / 3_600),
        seconds => format!("{} d ago", seconds / 86_400),
    }
}

/// How long something lasted: `45 min`, `1 h 05 min`.
pub fn lasted(from: Timestamp, until: Timestamp) -> String {
    let minutes = (until.as_second() - from.as_second()).max(0) / 60;
    match minutes {
        ..=59 => format!("{minutes} min"),
        minutes => format!("{} h {:02} min", minutes / 60, minutes % 60),
    }
}

/// The time zone of that IANA name, or UTC.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// A time of day: `09:30`.
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// A day: `Saturday 21 November`.
pub fn day(date: jiff::civil::Date) -> String {
    date.strftime("%A %-d %B").to_string()
}

/// A visit's arrival window in the zone it was promised in: `08:00–10:00`, or with days when it spans some.
pub fn window(visit: &Visit) -> String {
    let zone = zone(&visit.zone);
    let (start, end) = (visit.window_start.to_zoned(zone.clone()), visit.window_end.to_zoned(zone));
    if start.date() == end.date() {
        return format!("{}–{}", start.strftime("%H:%M"), end.strftime("%H:%M"));
    }
    format!("{} – {}", start.strftime("%-d %b %H:%M"), end.strftime("%-d %b %H:%M"))
}

/// A stored state or kind as words: `on_site` is `on site`.
pub fn plain(stored: &str) -> String {
    stored.replace('_', " ")
}

/// What a button says.
pub fn button(intent: Intent) -> &'static str {
    match intent {
        Intent::Dispatch => "Dispatch",
        Intent::Accept => "Accept",
        Intent::Decline => "Decline",
        Intent::Withdraw => "Take back",
        Intent::Travel => "Set out",
        Intent::Arrive => "Arrive",
        Intent::Pause => "Pause",
        Intent::Resume => "Resume",
        Intent::Complete => "Complete",
        Intent::CompletePartially => "Complete in part",
        Intent::CannotComplete => "Cannot complete",
        Intent::Cancel => "Cancel",
    }
}

/// A mutation's path as words: `visit/v1/cannotComplete` is `visit: cannot complete`.
pub fn mutation(name: &str) -> String {
    let mut parts = name.split('/');
    let (namespace, procedure) = (parts.next().unwrap_or_default(), parts.next_back().unwrap_or_default());
    let mut text = format!("{namespace}: ");
    for character in procedure.chars() {
        if character.is_ascii_uppercase() {
            text.push(' ');
        }
        text.push(character.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        assert_eq!(money(123_450, "USD"), "$1,234.50");
        assert_eq!(money(-5, "CHF"), "-0.05 CHF");
        assert_eq!(money(i64::MIN, "EUR"), "-€92,233,720,368,547,758.08");
        assert_eq!(quantity("2.500".parse().unwrap(), "foot"), "2.5 foot");
        assert_eq!(quantity("10.000".parse().unwrap(), ""), "10");
        assert_eq!((count(1, "visit"), count(1_200, "visit")), ("1 visit".to_owned(), "1,200 visits".to_owned()));
        assert_eq!(mutation("visit/v1/cannotComplete"), "visit: cannot complete");
        assert_eq!(mutation("odd"), "odd: ");
    }

    #[test]
    fn times_read_as_people_tell_them() {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(ago(at(100), at(130)), "just now", "a clock that runs behind");
        assert_eq!(ago(at(130), at(100)), "30 s ago");
        assert_eq!(ago(at(7_300), at(0)), "2 h ago");
        assert_eq!(lasted(at(0), at(3_900)), "1 h 05 min");
        assert_eq!(clock(at(0), &zone("Europe/Berlin")), "01:00");
        assert_eq!(clock(at(0), &zone("nowhere/at_all")), "00:00");
    }
}
