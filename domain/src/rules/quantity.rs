//! Quantities: decimals as Postgres keeps them, `numeric(12, 3)`.

use rust_decimal::Decimal;
use satchel_protocol::Rejection;

/// Decimal places of a quantity.
pub const PLACES: u32 = 3;
/// The largest quantity, in thousandths: twelve digits.
const LARGEST_THOUSANDTHS: i64 = 999_999_999_999;

/// A quantity with its full scale; refuses what is negative, too large, or finer than three decimals.
pub fn checked(quantity: Decimal) -> Result<Decimal, Rejection> {
    let refuse = |reason, message| Err(Rejection::bad_request(reason, message));
    if quantity.is_sign_negative() && !quantity.is_zero() {
        return refuse("material.quantity_negative", "The quantity cannot be negative.");
    }
    if quantity > Decimal::new(LARGEST_THOUSANDTHS, PLACES) {
        return refuse("material.quantity_too_large", "The quantity is too large. Please check it.");
    }
    if quantity.normalize().scale() > PLACES {
        return refuse("material.quantity_too_fine", "Please give the quantity with at most three decimals.");
    }
    let mut quantity = quantity.abs();
    quantity.rescale(PLACES);
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
