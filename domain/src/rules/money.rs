//! Money: whole cents of the organization's one currency.
//!
//! Invariants:
//! - No binary fractions, anywhere. An amount is an integer; what multiplies it is a decimal.
//! - **One rounding rule**: to the cent, half away from zero (2.5 is 3, -2.5 is -3). [`Cents::times_quantity`] and
//!   [`Cents::percent_of`] are the only code that rounds, and each rounds once, at its end.
//! - What is shared out is shared out whole: the parts of [`Cents::allocate`] always sum to the amount.
//! - No sum or product leaves the bound of [`LARGEST_CENTS`]: it is refused with `money.too_large`.

use std::{borrow::Cow, iter};

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use satchel_protocol::{Cell, Field, Kind, Rejection};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The largest amount either way, in cents: ten thousand million of the currency's unit.
pub const LARGEST_CENTS: i64 = 1_000_000_000_000;
/// Decimal places of a percentage.
pub const PERCENT_PLACES: u32 = 4;

/// The one rounding rule.
const ROUNDING: RoundingStrategy = RoundingStrategy::MidpointAwayFromZero;

/// An amount in cents. Text in JSON (`"-1250"`), a 64-bit integer in Postgres and SQLite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cents(i64);

impl Cents {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// That many cents, as stored or counted; [`bounded`](Self::bounded) checks what people enter.
    pub const fn new(cents: i64) -> Self {
        Self(cents)
    }

    /// The number of cents.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether it is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The amount, unless it is beyond [`LARGEST_CENTS`] either way (`money.too_large`).
    pub fn bounded(self) -> Result<Self, Rejection> {
        if (-LARGEST_CENTS..=LARGEST_CENTS).contains(&self.0) { Ok(self) } else { Err(too_large()) }
    }

    /// A price or a payment as somebody entered it: within the bound and not negative. `what` is the reason's stem:
    /// `invoice.amount` gives `invoice.amount_negative` and `invoice.amount_too_large`.
    pub fn entered(self, what: &str) -> Result<Self, Rejection> {
        if self.is_negative() {
            return Err(Rejection::bad_request(&format!("{what}_negative"), "The amount cannot be negative."));
        }
        self.bounded().map_err(|rejection| Rejection::bad_request(&format!("{what}_too_large"), rejection.message))
    }

    /// The sum of two amounts.
    pub fn plus(self, other: Self) -> Result<Self, Rejection> {
        self.0.checked_add(other.0).map(Self).ok_or_else(too_large)?.bounded()
    }

    /// What is left after taking an amount away; may be negative.
    pub fn minus(self, other: Self) -> Result<Self, Rejection> {
        self.0.checked_sub(other.0).map(Self).ok_or_else(too_large)?.bounded()
    }

    /// The sum of many amounts.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, Rejection> {
        amounts.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// The price of a quantity, where this is the price of one; rounded once.
    pub fn times_quantity(self, quantity: Decimal) -> Result<Self, Rejection> {
        Decimal::from(self.0).checked_mul(quantity).ok_or_else(too_large).and_then(rounded)
    }

    /// That much of a hundred parts of this; rounded once.
    pub fn percent_of(self, percent: Percent) -> Result<Self, Rejection> {
        let product = Decimal::from(self.0).checked_mul(percent.0).ok_or_else(too_large)?;
        product.checked_div(Decimal::ONE_HUNDRED).ok_or_else(too_large).and_then(rounded)
    }

    /// Shares this out in proportion to `weights`, none of which is negative, by largest remainder; of equal remainders
    /// the earlier comes first. The parts sum to this exactly, and none has another sign than this. When all weights
    /// are zero, they count as equal. No weights: no parts, and only nothing can be shared (else `money.no_parts`).
    pub fn allocate(self, weights: &[Self]) -> Result<Vec<Self>, Rejection> {
        let whole = i128::from(self.bounded()?.0.abs());
        if weights.is_empty() {
            if self.is_zero() {
                return Ok(Vec::new());
            }
            return Err(Rejection::conflict("money.no_parts", "There is nothing to share this amount among."));
        }
        if weights.iter().any(|weight| weight.is_negative()) {
            return Err(Rejection::conflict("money.weight_negative", "An amount cannot be shared by a negative part."));
        }
        let mut shares: Vec<i128> = weights.iter().map(|weight| i128::from(weight.0)).collect();
        if shares.iter().all(|share| *share == 0) {
            shares.fill(1);
        }
        let all: i128 = shares.iter().sum();
        let mut parts: Vec<i128> = shares.iter().map(|share| whole * share / all).collect();
        let left = usize::try_from(whole - parts.iter().sum::<i128>()).unwrap_or_default();
        let mut order: Vec<usize> = (0..shares.len()).collect();
        // Stable, so that of equal remainders the earlier stays first.
        order.sort_by_key(|place| -(whole * shares[*place] % all));
        for place in order.into_iter().take(left) {
            parts[place] += 1;
        }
        let sign = if self.is_negative() { -1 } else { 1 };
        parts.into_iter().map(|part| i64::try_from(part * sign).map(Self).map_err(|_| too_large())).collect()
    }

    /// Like [`allocate`](Self::allocate) with equal weights.
    pub fn allocate_evenly(self, parts: usize) -> Result<Vec<Self>, Rejection> {
        let weights: Vec<_> = iter::repeat_n(Self(1), parts).collect();
        self.allocate(&weights)
    }
}

/// A percentage of 0 to 100 with four decimals: a tax rate, a discount. Text in JSON, `numeric(7, 4)` in Postgres.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(Decimal);

impl Default for Percent {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Percent {
    /// Nothing, with its full scale: what is signed is text, and must not change when the row comes back from Postgres.
    pub const ZERO: Self = Self(Decimal::from_parts(0, 0, 0, false, PERCENT_PLACES));

    /// A percentage as somebody entered it, with its full scale. `what` is the reason's stem: `organization.tax_rate`
    /// gives `organization.tax_rate_out_of_range` and `organization.tax_rate_too_fine`.
    pub fn entered(what: &str, percent: Decimal) -> Result<Self, Rejection> {
        let negative = percent.is_sign_negative() && !percent.is_zero();
        if negative || percent > Decimal::ONE_HUNDRED {
            let message = "Please give a percentage from 0 to 100.";
            return Err(Rejection::bad_request(&format!("{what}_out_of_range"), message));
        }
        if percent.normalize().scale() > PERCENT_PLACES {
            let message = "Please give the percentage with at most four decimals.";
            return Err(Rejection::bad_request(&format!("{what}_too_fine"), message));
        }
        let mut percent = percent.abs();
        percent.rescale(PERCENT_PLACES);
        Ok(Self(percent))
    }

    /// The number, of a hundred.
    pub const fn get(self) -> Decimal {
        self.0
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

fn rounded(amount: Decimal) -> Result<Cents, Rejection> {
    let whole = amount.round_dp_with_strategy(0, ROUNDING);
    whole.to_i64().map(Cents).ok_or_else(too_large)?.bounded()
}

fn too_large() -> Rejection {
    Rejection::conflict("money.too_large", "This amount is too large. Please check prices and quantities.")
}

impl Field for Cents {
    const KIND: Kind = Kind::BigInteger;

    fn to_cell(&self) -> Cell {
        self.0.to_cell()
    }

    fn from_cell(cell: &Cell) -> Option<Self> {
        i64::from_cell(cell).map(Self)
    }
}

impl Serialize for Cents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Cents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        // One spelling only: no plus, no leading zeros.
        let cents = text.parse().ok().filter(|cents: &i64| cents.to_string() == *text);
        cents.map(Self).ok_or_else(|| D::Error::custom("expected a whole number of cents, as text"))
    }
}

impl JsonSchema for Cents {
    fn schema_name() -> Cow<'static, str> {
        "Cents".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A whole number of cents of the organization's currency.",
            "pattern": "^(0|-?[1-9][0-9]{0,12})$",
        })
    }
}

impl Field for Percent {
    const KIND: Kind = Kind::Decimal;

    fn to_cell(&self) -> Cell {
        self.0.to_cell()
    }

    fn from_cell(cell: &Cell) -> Option<Self> {
        Decimal::from_cell(cell).map(Self)
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Serialize::serialize(&self.0, serializer)
    }
}
