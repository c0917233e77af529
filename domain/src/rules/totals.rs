//! What lines come to: the one place that adds up estimates and invoices.
//!
//! Invariants:
//! - The lines' amounts sum to the whole's, each of them, to the cent: nothing is lost in sharing.
//! - Nothing is negative: a discount is never more than what it is taken off.
//! - Amounts are rounded where a person would look: the price of a line, a line's own discount, the discount on the
//!   whole, and the tax of each rate on the sum of what it is due on. Shares of the last two go to the lines by largest
//!   remainder.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use satchel_protocol::Rejection;

use super::money::{Cents, Percent};

/// A line, as far as it matters to the sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// How much.
    pub quantity: Decimal,
    /// Price of one unit.
    pub unit_price_cents: Cents,
    /// Discount on this line alone.
    pub discount_percent: Percent,
    /// What the net amount is taxed at.
    pub tax_percent: Percent,
}

/// A discount on the whole, after those of the lines and before tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discount {
    /// So much of a hundred.
    Percent(Percent),
    /// So many cents.
    Fixed(Cents),
}

/// What a line or the whole comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// At full price.
    pub gross_cents: Cents,
    /// All that is taken off.
    pub discount_cents: Cents,
    /// Tax on what is left.
    pub tax_cents: Cents,
    /// What is paid: `gross - discount + tax`.
    pub total_cents: Cents,
}

/// What lines come to together, and each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// The whole.
    pub whole: Amounts,
    /// The lines, in their order.
    pub lines: Vec<Amounts>,
}

/// Adds up. Refuses with `money.discount_too_large` a fixed discount of more than there is, and with `money.too_large`
/// what no contractor charges.
pub fn totals(entries: &[Entry], discount: Discount) -> Result<Totals, Rejection> {
    let mut lines = Vec::with_capacity(entries.len());
    let mut rests = Vec::with_capacity(entries.len());
    for entry in entries {
        let gross_cents = entry.unit_price_cents.times_quantity(entry.quantity)?;
        let discount_cents = gross_cents.percent_of(entry.discount_percent)?;
        rests.push(gross_cents.minus(discount_cents)?);
        lines.push(Amounts { gross_cents, discount_cents, ..Amounts::default() });
    }
    let rest = Cents::sum(rests.iter().copied())?;
    let off = match discount {
        Discount::Percent(percent) => rest.percent_of(percent)?,
        Discount::Fixed(cents) => cents,
    };
    if off > rest {
        let message = "The discount is more than all there is to pay. Please lower the discount.";
        return Err(Rejection::conflict("money.discount_too_large", message));
    }
    let mut rates: BTreeMap<Percent, Vec<usize>> = BTreeMap::new();
    for (place, share) in off.allocate(&rests)?.into_iter().enumerate() {
        lines[place].discount_cents = lines[place].discount_cents.plus(share)?;
        rests[place] = rests[place].minus(share)?;
        rates.entry(entries[place].tax_percent).or_default().push(place);
    }
    for (rate, places) in rates {
        let nets: Vec<Cents> = places.iter().map(|place| rests[*place]).collect();
        let tax = Cents::sum(nets.iter().copied())?.percent_of(rate)?;
        for (place, share) in places.into_iter().zip(tax.allocate(&nets)?) {
            lines[place].tax_cents = share;
        }
    }
    for (line, net) in lines.iter_mut().zip(&rests) {
        line.total_cents = net.plus(line.tax_cents)?;
    }
    let sum = |amount: fn(&Amounts) -> Cents| Cents::sum(lines.iter().map(amount));
    let whole = Amounts {
        gross_cents: sum(|line| line.gross_cents)?,
        discount_cents: sum(|line| line.discount_cents)?,
        tax_cents: sum(|line| line.tax_cents)?,
        total_cents: sum(|line| line.total_cents)?,
    };
    Ok(Totals { whole, lines })
}
