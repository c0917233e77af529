//! How to reach people and places: telephone, e-mail, time zone, coordinates, postal code.

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use satchel_protocol::Rejection;

use super::{limits, text};

/// Decimal places of a coordinate, in degrees.
const COORDINATE_PLACES: u32 = 6;

/// A telephone number as given, bounded; empty is none.
pub fn phone(aggregate: &str, given: Option<&str>) -> Result<Option<String>, Rejection> {
    text::optional(&format!("{aggregate}.phone"), "the telephone number", given, limits::PHONE_CHARS)
}

/// An e-mail address, bounded and with an `@` inside; empty is none. Refuses with `aggregate.email_format`.
pub fn email(aggregate: &str, given: Option<&str>) -> Result<Option<String>, Rejection> {
    let email = text::optional(&format!("{aggregate}.email"), "the e-mail address", given, limits::EMAIL_CHARS)?;
    let fits = |email: &String| {
        let inner = email.split_once('@');
        inner.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty()) && !email.contains(char::is_whitespace)
    };
    if email.as_ref().is_none_or(fits) {
        return Ok(email);
    }
    let reason = format!("{aggregate}.email_format");
    Err(Rejection::bad_request(&reason, "This is no e-mail address. Please check it."))
}

/// An IANA time zone. Refuses with `aggregate.zone`.
pub fn zone(aggregate: &str, given: &str) -> Result<String, Rejection> {
    let given = given.trim();
    if given.contains('/') || given == "UTC" {
        // Names are found in any case; kept is the proper spelling.
        if let Some(name) = TimeZone::get(given).ok().as_ref().and_then(TimeZone::iana_name) {
            return Ok(name.to_owned());
        }
    }
    let message = "There is no such time zone. Please choose one such as America/Denver.";
    Err(Rejection::bad_request(&format!("{aggregate}.zone"), message))
}

/// Degrees with six decimals, at most `limit` either way. Refuses with `location.coordinates`.
pub fn degrees(given: Option<Decimal>, limit: i64) -> Result<Option<Decimal>, Rejection> {
    let Some(degrees) = given else { return Ok(None) };
    if degrees.abs() > Decimal::from(limit) {
        let message = "These coordinates are not on earth. Please check them.";
        return Err(Rejection::bad_request("location.coordinates", message));
    }
    let mut degrees = degrees.round_dp(COORDINATE_PLACES);
    degrees.rescale(COORDINATE_PLACES);
    // Minus zero has two spellings.
    Ok(Some(if degrees.is_zero() { degrees.abs() } else { degrees }))
}

/// A postal code in capitals, with single spaces; empty is none.
pub fn postal_code(aggregate: &str, given: Option<&str>) -> Result<Option<String>, Rejection> {
    let spelled = given.map(|given| given.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase());
    text::optional(
        &format!("{aggregate}.postal_code"),
        "the postal code",
        spelled.as_deref(),
        limits::POSTAL_CODE_CHARS,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_people_has_one_spelling() {
        assert_eq!(email("contact", Some(" a@b.example ")).unwrap().as_deref(), Some("a@b.example"));
        assert_eq!(email("contact", Some(" ")).unwrap(), None);
        for wrong in ["a", "@b", "a@", "a b@c"] {
            assert_eq!(email("contact", Some(wrong)).unwrap_err().reason, "contact.email_format", "{wrong}");
        }
        assert_eq!(zone("branch", " america/denver ").unwrap(), "America/Denver");
        for wrong in ["", "Mars/Olympus", "Denver", "a\0/b"] {
            assert_eq!(zone("branch", wrong).unwrap_err().reason, "branch.zone", "{wrong}");
        }
        assert_eq!(postal_code("location", Some(" sw1a  1aa ")).unwrap().as_deref(), Some("SW1A 1AA"));
        assert_eq!(degrees(Some(Decimal::new(-15, 1)), 90).unwrap().unwrap().to_string(), "-1.500000");
        assert_eq!(degrees(Some(Decimal::new(901, 1)), 90).unwrap_err().reason, "location.coordinates");
    }
}
