//! Amounts, and the one rounding rule.

use proptest::prelude::*;
use rust_decimal::Decimal;
use satchel_domain::rules::{
    money::{Cents, LARGEST_CENTS, Percent},
    quantity,
};

fn percent(text: &str) -> Percent {
    Percent::entered("test.rate", text.parse().unwrap()).unwrap()
}

fn times(cents: i64, quantity: &str) -> i64 {
    Cents::new(cents).times_quantity(quantity.parse().unwrap()).unwrap().get()
}

#[test]
fn halves_are_rounded_away_from_zero() {
    for (cents, quantity, product) in
        [(1, "0.5", 1), (-1, "0.5", -1), (1, "0.499", 0), (5, "0.5", 3), (15, "0.1", 2), (333, "3.003", 1_000)]
    {
        assert_eq!(times(cents, quantity), product, "{cents} times {quantity}");
    }
    for (cents, rate, part) in [(1_000, "8.25", 83), (-1_000, "8.25", -83), (1_000, "8.2499", 82), (1, "50", 1)] {
        assert_eq!(Cents::new(cents).percent_of(percent(rate)).unwrap().get(), part, "{rate} % of {cents}");
    }
}

#[test]
fn no_amount_leaves_the_bound() {
    let largest = Cents::new(LARGEST_CENTS);
    let refused = [
        largest.plus(Cents::new(1)),
        Cents::new(-LARGEST_CENTS).minus(Cents::new(1)),
        Cents::new(i64::MAX).plus(Cents::new(1)),
        Cents::sum([largest, largest]),
        largest.times_quantity("1.001".parse().unwrap()),
        Cents::new(i64::MIN).percent_of(percent("100")),
        Cents::new(i64::MAX).times_quantity("999999999.999".parse().unwrap()),
    ];
    for result in refused {
        assert_eq!(result.unwrap_err().reason, "money.too_large");
    }
    assert_eq!(Cents::new(i64::MIN).allocate(&[Cents::new(1)]).unwrap_err().reason, "money.too_large");
    assert_eq!(Cents::new(-1).entered("test.price").unwrap_err().reason, "test.price_negative");
    assert_eq!(Cents::new(LARGEST_CENTS + 1).entered("test.price").unwrap_err().reason, "test.price_too_large");
    assert_eq!(largest.entered("test.price").unwrap(), largest);
}

#[test]
fn amounts_are_text_in_json_and_have_one_spelling() {
    assert_eq!(serde_json::to_string(&Cents::new(-1_250)).unwrap(), "\"-1250\"");
    for (text, cents) in [("\"0\"", 0), ("\"-1250\"", -1_250), ("\"1000000000000\"", LARGEST_CENTS)] {
        assert_eq!(serde_json::from_str::<Cents>(text).unwrap().get(), cents);
    }
    for text in ["1250", "12.5", "\"12.5\"", "\"+1\"", "\"01\"", "\"-0\"", "\"1e30\"", "\"\"", "\"१२\"", "null"] {
        assert!(serde_json::from_str::<Cents>(text).is_err(), "{text}");
    }
    assert!(serde_json::from_str::<Cents>(&format!("\"{}\"", "9".repeat(30))).is_err());
}

#[test]
fn percentages_have_four_decimals() {
    assert_eq!(percent("8.25").get().to_string(), "8.2500");
    assert_eq!(percent("-0").get().to_string(), "0.0000");
    for (given, reason) in
        [("-0.1", "test.rate_out_of_range"), ("100.0001", "test.rate_out_of_range"), ("1.00001", "test.rate_too_fine")]
    {
        assert_eq!(Percent::entered("test.rate", given.parse().unwrap()).unwrap_err().reason, reason);
    }
}

#[test]
fn shares_fall_where_the_remainder_is_largest() {
    let shares = |whole: i64, weights: &[i64]| -> Vec<i64> {
        let weights: Vec<_> = weights.iter().copied().map(Cents::new).collect();
        Cents::new(whole).allocate(&weights).unwrap().into_iter().map(Cents::get).collect()
    };
    assert_eq!(shares(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(shares(-100, &[1, 1, 1]), [-34, -33, -33]);
    assert_eq!(shares(10, &[1, 2, 4]), [1, 3, 6]);
    assert_eq!(shares(5, &[0, 0]), [3, 2]);
    assert_eq!(shares(0, &[]), [0_i64; 0]);
    assert_eq!(Cents::new(1).allocate(&[]).unwrap_err().reason, "money.no_parts");
    assert_eq!(Cents::new(1).allocate(&[Cents::new(-1)]).unwrap_err().reason, "money.weight_negative");
    assert_eq!(Cents::new(7).allocate_evenly(3).unwrap(), [3, 2, 2].map(Cents::new));
}

fn amount() -> impl Strategy<Value = Cents> {
    prop_oneof![-1_000_i64..1_000, -LARGEST_CENTS..=LARGEST_CENTS].prop_map(Cents::new)
}

fn some_quantity() -> impl Strategy<Value = Decimal> {
    (0_i64..=10_000_000, 0_u32..=3).prop_map(|(digits, scale)| Decimal::new(digits, scale))
}

proptest! {
    #![proptest_config(crate::properties::config())]

    #[test]
    fn shares_sum_to_the_whole_and_are_fair(
        whole in amount(),
        weights in prop::collection::vec((0_i64..=LARGEST_CENTS).prop_map(Cents::new), 1..12),
    ) {
        let parts = whole.allocate(&weights).unwrap();
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(Cents::sum(parts.iter().copied()).unwrap(), whole);
        let all: i128 = weights.iter().map(|weight| i128::from(weight.get())).sum();
        for (part, weight) in parts.iter().zip(&weights) {
            prop_assert!(part.is_zero() || part.is_negative() == whole.is_negative());
            // Each is within a cent of its exact share.
            if all > 0 {
                let exact = i128::from(whole.get()) * i128::from(weight.get());
                prop_assert!((i128::from(part.get()) * all - exact).abs() < all);
            }
        }
    }

    #[test]
    fn rounding_is_symmetric_and_within_half_a_cent(cents in -50_000_i64..50_000, quantity in some_quantity()) {
        let quantity = quantity::checked(quantity).unwrap();
        let exact = Decimal::from(cents) * quantity;
        let product = Cents::new(cents).times_quantity(quantity).unwrap();
        prop_assert!((Decimal::from(product.get()) - exact).abs() <= Decimal::new(5, 1));
        prop_assert_eq!(Cents::new(-cents).times_quantity(quantity).unwrap().get(), -product.get());
    }

    #[test]
    fn a_part_of_an_amount_is_no_larger(cents in 0..=LARGEST_CENTS, digits in 0_i64..=1_000_000) {
        let rate = Percent::entered("test.rate", Decimal::new(digits, 4)).unwrap();
        let part = Cents::new(cents).percent_of(rate).unwrap().get();
        prop_assert!((0..=cents).contains(&part));
    }

    #[test]
    fn json_gives_back_what_it_was_given(cents in amount()) {
        prop_assert_eq!(serde_json::from_str::<Cents>(&serde_json::to_string(&cents).unwrap()).unwrap(), cents);
    }
}

#[test]
fn a_percentage_has_one_spelling() {
    // Documents to be signed are text: nothing must read the same before and after Postgres kept it.
    let spellings =
        [Percent::ZERO, Percent::default(), percent("0"), percent("0.00")].map(|zero| zero.get().to_string());
    assert_eq!(spellings, ["0.0000"; 4]);
    assert_eq!(percent("8.25").get().to_string(), "8.2500");
}
