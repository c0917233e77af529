//! Whatever is charged, paid and given back, in whatever order: the amounts never lie.

use proptest::{
    prelude::*,
    test_runner::{FileFailurePersistence, TestCaseError},
};
use rust_decimal::Decimal;
use satchel_domain::{
    mutations::*,
    roles,
    rules::{
        balance::Balance,
        invoice_state,
        money::Cents,
        payment_state::{PaymentState, Standing},
    },
    tables::*,
};
use satchel_protocol::{Id, Mutation};

use crate::support::*;

/// Something somebody does to one of two invoices.
#[derive(Clone, Debug)]
enum Act {
    Line(u8, i64, i64, i64),
    Change(u8, i64, i64, i64),
    Remove(u8),
    Discount(i64, i64),
    Issue,
    Void,
    /// By a phone that last saw so much to collect.
    Collect(u8, usize, i64, i64),
    Settle(u8),
    Fail(u8),
    Refund(u8, i64),
    Reverse(u8),
}

fn act() -> impl Strategy<Value = Act> {
    let percent = || prop_oneof![3 => 0_i64..300_000, 1 => -1_i64..1_010_000];
    let cents = || prop_oneof![4 => 0_i64..50_000, 1 => Just(-1), 1 => Just(i64::MAX)];
    prop_oneof![
        5 => (0..6_u8, 0_i64..5_000, cents(), percent())
            .prop_map(|(line, quantity, price, discount)| Act::Line(line, quantity, price, discount)),
        2 => (0..6_u8, 0_i64..5_000, percent(), percent())
            .prop_map(|(line, quantity, discount, tax)| Act::Change(line, quantity, discount, tax)),
                1 => (0..6_u8).prop_map(Act::Remove),
        1 => (percent(), 0_i64..9_000).prop_map(|(percent, fixed)| Act::Discount(percent, fixed)),
        3 => Just(Act::Issue),
        1 => prop::bool::weighted(0.3).prop_map(|void| if void { Act::Void } else { Act::Issue }),
        6 => (0..8_u8, 0..3_usize, cents(), 0_i64..80_000).prop_map(|(payment, method, amount, seen)| {
            Act::Collect(payment, method, amount, seen)
        }),
        2 => (0..8_u8).prop_map(Act::Settle),
        1 => (0..8_u8).prop_map(Act::Fail),
        4 => (0..8_u8, cents()).prop_map(|(payment, amount)| Act::Refund(payment, amount)),
        1 => (0..8_u8).prop_map(Act::Reverse),
    ]
}

fn person() -> impl Strategy<Value = Person> {
    prop_oneof![
        5 => Just(with_role(roles::BILLING)),
        4 => Just(technician(ALICE)),
        2 => Just(with_role(roles::DELEGATED_AGENT)),
        1 => Just(technician(BOB)),
    ]
}

fn went<M: Mutation>(world: &mut World, person: &Person, mutation: M) {
    let before = world.rows.clone();
    let accepted = world.run(person, &mutation).is_ok();
    assert!(accepted || before == world.rows, "a refused mutation leaves no trace");
}

fn perform(world: &mut World, person: &Person, number: u128, step: u128, act: &Act) {
    let (job_id, invoice_id) = (JOB, id(0x1470 + number));
    let line = |line: u8| id(0x11e0 + number * 16 + u128::from(line));
    let payment = |payment: u8| id(0xba00 + number * 16 + u128::from(payment));
    let reason = || "Because.".to_owned();
    match *act {
        Act::Line(number, quantity, price, discount) => {
            let add = AddInvoiceLine {
                job_id,
                invoice_id,
                line_id: line(number),
                item_id: None,
                name: Some("Work".into()),
                unit: None,
                quantity: thousandths(quantity),
                unit_price_cents: Some(Cents::new(price)),
                discount_percent: Some(Decimal::new(discount, 4)),
                tax_percent: None,
            };
            went(world, person, add);
        }
        Act::Change(number, quantity, discount, tax) => {
            let change = ChangeInvoiceLine {
                job_id,
                invoice_id,
                line_id: line(number),
                name: None,
                quantity: Some(thousandths(quantity)),
                unit_price_cents: None,
                discount_percent: Some(Decimal::new(discount, 4)),
                tax_percent: Some(Decimal::new(tax, 4)),
            };
            went(world, person, change);
        }
        Act::Remove(number) => went(world, person, RemoveInvoiceLine { job_id, invoice_id, line_id: line(number) }),
        Act::Discount(percent, fixed) => {
            let (percent, fixed_cents) = match fixed {
                1..=3_000 => (None, Some(Cents::new(fixed))),
                _ => (Some(Decimal::new(percent, 4)), None),
            };
            went(world, person, SetInvoiceDiscount { job_id, invoice_id, percent, fixed_cents });
        }
        Act::Issue => went(world, person, IssueInvoice { job_id, invoice_id }),
        Act::Void => went(world, person, VoidInvoice { job_id, invoice_id, reason: reason() }),
        Act::Collect(number, method, amount, seen) => {
            let method = PaymentMethod::ALL[method].clone();
            let collect = CollectPayment {
                job_id,
                invoice_id,
                payment_id: payment(number),
                check_number: (method == PaymentMethod::Check).then(|| "1".into()),
                method,
                amount_cents: Cents::new(amount),
                balance_seen_cents: Cents::new(seen),
                remark: None,
            };
            went(world, person, collect);
        }
        Act::Settle(number) => {
            let external_reference = format!("ch_{number}");
            went(world, person, SettlePayment { job_id, invoice_id, payment_id: payment(number), external_reference });
        }
        Act::Fail(number) => {
            let (payment_id, external_reference) = (payment(number), None);
            went(world, person, FailPayment { job_id, invoice_id, payment_id, reason: reason(), external_reference });
        }
        Act::Refund(number, amount) => {
            let refund = RefundPayment {
                job_id,
                invoice_id,
                payment_id: payment(number),
                refund_id: id(0xf000 + step),
                amount_cents: Cents::new(amount),
                reason: reason(),
            };
            went(world, person, refund);
        }
        Act::Reverse(number) => {
            went(world, person, ReversePayment { job_id, invoice_id, payment_id: payment(number), reason: reason() });
        }
    }
}

fn thousandths(count: i64) -> Decimal {
    Decimal::new(count, 3)
}

/// What holds between any two acts, counted once more by hand.
fn check(world: &World) -> Result<(), TestCaseError> {
    let lines = world.all::<InvoiceLine>();
    let entries = world.all::<Payment>();
    for invoice in world.all::<Invoice>() {
        let own: Vec<_> = lines.iter().filter(|line| line.invoice_id == invoice.id).cloned().collect();
        let sum = |amount: fn(&InvoiceLine) -> Cents| own.iter().map(|line| amount(line).get()).sum::<i64>();
        prop_assert_eq!(sum(|line| line.gross_cents), invoice.subtotal_cents.get());
        prop_assert_eq!(sum(|line| line.discount_cents), invoice.discount_cents.get());
        prop_assert_eq!(sum(|line| line.tax_cents), invoice.tax_cents.get());
        prop_assert_eq!(sum(|line| line.total_cents), invoice.total_cents.get());
        let (gross, off, tax) = (invoice.subtotal_cents, invoice.discount_cents, invoice.tax_cents);
        prop_assert_eq!(gross.get() - off.get() + tax.get(), invoice.total_cents.get());
        for line in &own {
            prop_assert_eq!(line.unit_price_cents.times_quantity(line.quantity).unwrap(), line.gross_cents);
            prop_assert!(line.discount_cents <= line.gross_cents && !line.tax_cents.is_negative());
        }

        let ledger: Vec<_> = entries.iter().filter(|entry| entry.invoice_id == invoice.id).cloned().collect();
        let (mut paid, mut pending) = (0, 0);
        for payment in ledger.iter().filter(|entry| entry.kind == PaymentKind::Payment) {
            let standing = Standing::of(&ledger, payment.id).unwrap().unwrap();
            let amount = payment.amount_cents.get();
            prop_assert!(standing.refunded <= payment.amount_cents, "refunds exceed the payment");
            prop_assert!(standing.was_paid() || standing.refunded.is_zero());
            paid -= standing.refunded.get();
            match standing.state {
                PaymentState::Settled | PaymentState::Refunded => paid += amount,
                PaymentState::Recorded => pending += amount,
                _ => {}
            }
        }
        prop_assert_eq!((paid, pending), (invoice.paid_cents.get(), invoice.pending_cents.get()));
        let asked = if invoice.state == InvoiceState::Void { 0 } else { invoice.total_cents.get() };
        prop_assert_eq!(invoice.overpaid, paid + pending > asked);
        let balance = Balance::of(&invoice, &ledger).unwrap();
        prop_assert_eq!(balance.open().unwrap().get(), asked - paid);
        prop_assert_eq!(&invoice.state, &invoice_state::follow(&invoice.state, &balance));
        prop_assert_eq!(
            invoice.state == InvoiceState::Paid,
            invoice.issued_at.is_some() && invoice.state != InvoiceState::Void && paid >= asked
        );
        prop_assert!(invoice.state != InvoiceState::Draft || ledger.is_empty());
        // In another order it says the same.
        let backwards: Vec<_> = ledger.into_iter().rev().collect();
        prop_assert_eq!(Balance::of(&invoice, &backwards).unwrap(), balance);
    }
    Ok(())
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 192,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/rules/regressions.txt"))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn amounts_never_lie(acts in prop::collection::vec((person(), 0_u128..2, act()), 1..60)) {
        let mut world = World::at_work();
        for number in 0..2 {
            let invoice_id: Id<Invoice> = id(0x1470 + number);
            let create = CreateInvoiceFromWork { job_id: JOB, invoice_id, labour_item_id: None };
            world.run(&technician(ALICE), &create).unwrap();
        }
        for (step, (person, number, act)) in acts.into_iter().enumerate() {
            let before: Vec<(InvoiceState, i64)> =
                world.all::<Invoice>().iter().map(|invoice| (invoice.state.clone(), invoice.total_cents.get())).collect();
            perform(&mut world, &person, number, step as u128, &act);
            for (invoice, (state, total)) in world.all::<Invoice>().iter().zip(before) {
                let moved = invoice_state::TRANSITIONS.iter().any(|step| step.from == state && step.to == invoice.state);
                // Over nothing, an invoice is paid in the moment it is issued.
                let at_once = state == InvoiceState::Draft && invoice.state == InvoiceState::Paid && total == 0;
                prop_assert!(invoice.state == state || moved || at_once, "{state} to {}", invoice.state);
                prop_assert!(state == InvoiceState::Draft || invoice.total_cents.get() == total, "repriced");
            }
            check(&world)?;
        }
    }
}
