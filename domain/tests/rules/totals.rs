//! What lines come to.

use proptest::prelude::*;
use rust_decimal::Decimal;
use satchel_domain::rules::{
    money::{Cents, Percent},
    totals::{Amounts, Discount, Entry, totals},
};

fn percent(digits: i64) -> Percent {
    Percent::entered("test.rate", Decimal::new(digits, 4)).unwrap()
}

fn line(quantity: &str, unit_price_cents: i64, discount: i64, tax: i64) -> Entry {
    Entry {
        quantity: quantity.parse().unwrap(),
        unit_price_cents: Cents::new(unit_price_cents),
        discount_percent: percent(discount * 10_000),
        tax_percent: percent(tax * 10_000),
    }
}

fn amounts(gross: i64, discount: i64, tax: i64) -> Amounts {
    let [gross_cents, discount_cents, tax_cents] = [gross, discount, tax].map(Cents::new);
    Amounts { gross_cents, discount_cents, tax_cents, total_cents: Cents::new(gross - discount + tax) }
}

#[test]
fn an_example_worked_by_hand() {
    // 2.5 * 3.33 = 8.325 -> 8.33; 10 % of it 0.833 -> 0.83; left 7.50. 1 * 2.50. Together 10.00.
    let entries = [line("2.5", 333, 10, 8), line("1", 250, 0, 8)];
    let sum = totals(&entries, Discount::Fixed(Cents::new(101))).unwrap();
    // Of 1.01: 0.7575 and 0.2525, so 0.76 and 0.25. Left 6.74 and 2.25; tax 8 % of 8.99 = 0.7192 -> 0.72, by halves of
    // a cent 0.54 and 0.18.
    assert_eq!(sum.lines, [amounts(833, 83 + 76, 54), amounts(250, 25, 18)]);
    assert_eq!(sum.whole, amounts(1_083, 184, 72));
}

#[test]
fn tax_is_rounded_once_for_each_rate() {
    // A cent and a half of tax on each of three lines is 4.5 together, not 3 times 2.
    let entries = [line("1", 30, 0, 5), line("1", 30, 0, 5), line("1", 30, 0, 5), line("1", 30, 0, 0)];
    let sum = totals(&entries, Discount::Percent(percent(0))).unwrap();
    assert_eq!(sum.whole.tax_cents.get(), 5);
    assert_eq!(sum.lines.iter().map(|line| line.tax_cents.get()).collect::<Vec<_>>(), [2, 2, 1, 0]);
}

#[test]
fn a_discount_is_never_more_than_there_is() {
    let entries = [line("1", 100, 50, 8)];
    let reason = |discount| totals(&entries, discount).unwrap_err().reason;
    assert_eq!(reason(Discount::Fixed(Cents::new(51))), "money.discount_too_large");
    let sum = totals(&entries, Discount::Fixed(Cents::new(50))).unwrap();
    assert_eq!(sum.whole, amounts(100, 100, 0));
    assert_eq!(totals(&[], Discount::Fixed(Cents::new(1))).unwrap_err().reason, "money.discount_too_large");
    assert_eq!(totals(&[], Discount::Percent(percent(1))).unwrap().whole, Amounts::default());
}

#[test]
fn what_no_contractor_charges_is_refused() {
    let entries = [line("999999999.999", 1_000_000_000_000, 0, 0)];
    assert_eq!(totals(&entries, Discount::Percent(percent(0))).unwrap_err().reason, "money.too_large");
}

fn entry() -> impl Strategy<Value = Entry> {
    let rate = || prop_oneof![Just(0), Just(1_000_000), 0_i64..=1_000_000].prop_map(percent);
    let price = prop_oneof![0_i64..500, 0_i64..10_000_000].prop_map(Cents::new);
    (1_i64..100_000, price, rate(), prop::sample::select(vec![0, 40_000, 82_500, 190_000])).prop_map(
        |(thousandths, unit_price_cents, discount_percent, tax)| Entry {
            quantity: Decimal::new(thousandths, 3),
            unit_price_cents,
            discount_percent,
            tax_percent: percent(tax),
        },
    )
}

proptest! {
    #![proptest_config(crate::properties::config())]

    #[test]
    fn lines_sum_to_the_whole_and_nothing_is_negative(
        entries in prop::collection::vec(entry(), 0..12),
        off in prop_oneof![
            (0_i64..=1_000_000).prop_map(|digits| Discount::Percent(percent(digits))),
            (0_i64..100_000).prop_map(|cents| Discount::Fixed(Cents::new(cents))),
        ],
    ) {
        let sum = match totals(&entries, off) {
            Ok(sum) => sum,
            Err(rejection) => {
                prop_assert_eq!(rejection.reason, "money.discount_too_large");
                return Ok(());
            }
        };
        let each = |amount: fn(&Amounts) -> Cents| Cents::sum(sum.lines.iter().map(amount)).unwrap();
        prop_assert_eq!(each(|line| line.gross_cents), sum.whole.gross_cents);
        prop_assert_eq!(each(|line| line.discount_cents), sum.whole.discount_cents);
        prop_assert_eq!(each(|line| line.tax_cents), sum.whole.tax_cents);
        prop_assert_eq!(each(|line| line.total_cents), sum.whole.total_cents);
        for amounts in sum.lines.iter().chain([&sum.whole]) {
            let [gross, off, tax, total] =
                [amounts.gross_cents, amounts.discount_cents, amounts.tax_cents, amounts.total_cents].map(Cents::get);
            prop_assert!(gross >= 0 && off >= 0 && tax >= 0 && total >= 0 && off <= gross, "{:?}", amounts);
            prop_assert_eq!(total, gross - off + tax);
        }
        // The order of lines moves no cent of the whole.
        let backwards: Vec<Entry> = entries.iter().rev().copied().collect();
        prop_assert_eq!(totals(&backwards, off).unwrap().whole, sum.whole);
    }
}
