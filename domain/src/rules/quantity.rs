//! Quantities: decimals as Postgres keeps them, `numeric(12, 3)`.

use rust_decimal::Decimal;
use satchel_protocol::Rejection;

/// Decimal places of a quantity.
pub const PLACES: u32 = 3;
/// The largest quantity, in thousandths: twelve digits.
const LARGEST_THOUSANDTHS: i64 = 999_999_999_999;

/// A quantity of material with its full scale; see [`checked_as`].
pub fn checked(quantity: Decimal) -> Result<Decimal, Rejection> {
    checked_as("material", quantity)
}

/// A quantity with its full scale; refuses what is negative, too large, or finer than three decimals. `what` is the
/// reason's stem: `material` gives `material.quantity_negative`.
pub fn checked_as(what: &str, quantity: Decimal) -> Result<Decimal, Rejection> {
    let refuse = |rule: &str, message| Err(Rejection::bad_request(&format!("{what}.quantity_{rule}"), message));
    if quantity.is_sign_negative() && !quantity.is_zero() {
        return refuse("negative", "The quantity cannot be negative.");
    }
    if quantity > Decimal::new(LARGEST_THOUSANDTHS, PLACES) {
        return refuse("too_large", "The quantity is too large. Please check it.");
    }
    if quantity.normalize().scale() > PLACES {
        return refuse("too_fine", "Please give the quantity with at most three decimals.");
    }
    let mut quantity = quantity.abs();
    quantity.rescale(PLACES);
    Ok(quantity)
}

/// Like [`checked_as`]; refuses nothing as well (`quantity_zero`).
pub fn some(what: &str, quantity: Decimal) -> Result<Decimal, Rejection> {
    let quantity = checked_as(what, quantity)?;
    if quantity.is_zero() {
        let message = "The quantity must be above zero.";
        return Err(Rejection::bad_request(&format!("{what}.quantity_zero"), message));
    }
    Ok(quantity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_three_decimals() {
        let check = |text: &str| checked(text.parse().unwrap()).map(|quantity| quantity.to_string());
        for (given, kept) in [("1", "1.000"), ("2.5000", "2.500"), ("-0", "0.000"), ("999999999.999", "999999999.999")]
        {
            assert_eq!(check(given).unwrap(), kept);
        }
        for (given, reason) in [
            ("-1", "material.quantity_negative"),
            ("0.0001", "material.quantity_too_fine"),
            ("1000000000", "material.quantity_too_large"),
        ] {
            assert_eq!(check(given).unwrap_err().reason, reason);
        }
    }
}
