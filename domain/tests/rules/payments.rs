//! Payments: taken, settled, failed, given back.

use satchel_domain::{mutations::*, roles, rules::money::Cents, tables::*};
use satchel_protocol::Id;
use uuid::Uuid;

use crate::support::*;

const INVOICE: Id<Invoice> = Id::new(Uuid::from_u128(0x1470));
const PAYMENT: Id<Payment> = Id::new(Uuid::from_u128(0xba1));
/// Looks like a card number; is one of those that processors give out for tests.
const CARD: &str = "4111 1111 1111 1111";

fn billing() -> Person {
    with_role(roles::BILLING)
}

fn agent() -> Person {
    with_role(roles::DELEGATED_AGENT)
}

fn cents(cents: i64) -> Cents {
    Cents::new(cents)
}

fn collect(payment_id: Id<Payment>, method: PaymentMethod, amount: i64, seen: i64) -> CollectPayment {
    let check_number = (method == PaymentMethod::Check).then(|| "1042".to_owned());
    CollectPayment {
        job_id: JOB,
        invoice_id: INVOICE,
        payment_id,
        method,
        amount_cents: cents(amount),
        balance_seen_cents: cents(seen),
        check_number,
        remark: None,
    }
}

fn cash(payment_id: Id<Payment>, amount: i64, seen: i64) -> CollectPayment {
    collect(payment_id, PaymentMethod::Cash, amount, seen)
}

fn settle(payment_id: Id<Payment>, reference: &str) -> SettlePayment {
    SettlePayment { job_id: JOB, invoice_id: INVOICE, payment_id, external_reference: reference.into() }
}

fn fail(payment_id: Id<Payment>, reason: &str) -> FailPayment {
    FailPayment { job_id: JOB, invoice_id: INVOICE, payment_id, reason: reason.into(), external_reference: None }
}

fn refund(payment_id: Id<Payment>, refund: u128, amount: i64) -> RefundPayment {
    RefundPayment {
        job_id: JOB,
        invoice_id: INVOICE,
        payment_id,
        refund_id: id(refund),
        amount_cents: cents(amount),
        reason: "Goodwill".into(),
    }
}

fn reverse(payment_id: Id<Payment>) -> ReversePayment {
    ReversePayment { job_id: JOB, invoice_id: INVOICE, payment_id, reason: "Bounced".into() }
}

/// An issued invoice of 100.00 that Alice wrote.
fn issued() -> World {
    let mut world = World::at_work();
    let alice = technician(ALICE);
    let create = CreateInvoiceFromWork { job_id: JOB, invoice_id: INVOICE, labour_item_id: None };
    world.run(&alice, &create).unwrap();
    let line = AddInvoiceLine {
        job_id: JOB,
        invoice_id: INVOICE,
        line_id: id(0x11e0),
        item_id: None,
        name: Some("Trip".into()),
        unit: None,
        quantity: 1.into(),
        unit_price_cents: Some(cents(10_000)),
        discount_percent: None,
        tax_percent: None,
    };
    world.run(&alice, &line).unwrap();
    assert_eq!(world.refusal(&alice, &cash(PAYMENT, 1, 10_000)), "invoice.draft");
    world.run(&alice, &IssueInvoice { job_id: JOB, invoice_id: INVOICE }).unwrap();
    world
}

/// State, paid, pending, overpaid.
fn standing(world: &World) -> (InvoiceState, i64, i64, bool) {
    let invoice = world.get(INVOICE);
    (invoice.state, invoice.paid_cents.get(), invoice.pending_cents.get(), invoice.overpaid)
}

#[test]
fn cash_and_checks_count_at_once() {
    let mut world = issued();
    let alice = technician(ALICE);
    let first = world.run(&alice, &cash(PAYMENT, 4_000, 10_000)).unwrap();
    assert_eq!((first.state, first.balance_cents, first.overpaid), (InvoiceState::PartiallyPaid, cents(6_000), false));
    let check = collect(id(0xba2), PaymentMethod::Check, 6_000, 6_000);
    assert_eq!(world.run(&alice, &check).unwrap().state, InvoiceState::Paid);
    assert_eq!(standing(&world), (InvoiceState::Paid, 10_000, 0, false));
    let entry = world.get(PAYMENT);
    assert_eq!((entry.kind, entry.user_id), (PaymentKind::Payment, Uuid::from_u128(alice.user)));
    assert_eq!(world.get::<Payment>(id(0xba2)).check_number.as_deref(), Some("1042"));
}

#[test]
fn a_card_payment_is_not_paid_until_it_is_settled() {
    let mut world = issued();
    let alice = technician(ALICE);
    let collected = world.run(&alice, &collect(PAYMENT, PaymentMethod::Card, 10_000, 10_000)).unwrap();
    assert_eq!((collected.state, collected.balance_cents), (InvoiceState::Issued, cents(0)));
    assert_eq!(standing(&world), (InvoiceState::Issued, 0, 10_000, false));
    assert_eq!(world.refusal(&billing(), &refund(PAYMENT, 0xf1, 1)), "payment.state");
    assert_eq!(world.refusal(&billing(), &reverse(PAYMENT)), "payment.state");
    let moved = world.run(&agent(), &settle(PAYMENT, "ch_1")).unwrap();
    assert_eq!((moved.state.as_str(), moved.invoice_state), ("settled", InvoiceState::Paid));
    world.run(&agent(), &settle(PAYMENT, "ch_1")).expect("the processor says it again");
    assert_eq!(world.all::<Payment>().len(), 2);
    assert_eq!(world.refusal(&agent(), &settle(PAYMENT, "ch_2")), "payment.state");
    assert_eq!(world.refusal(&agent(), &fail(PAYMENT, "Too late")), "payment.state");
    assert_eq!(standing(&world), (InvoiceState::Paid, 10_000, 0, false));
}

#[test]
fn a_failed_card_payment_leaves_everything_to_collect() {
    let mut world = issued();
    let alice = technician(ALICE);
    world.run(&alice, &collect(PAYMENT, PaymentMethod::Card, 10_000, 10_000)).unwrap();
    let moved = world.run(&agent(), &fail(PAYMENT, "Insufficient funds")).unwrap();
    assert_eq!((moved.state.as_str(), moved.balance_cents), ("failed", cents(10_000)));
    world.run(&agent(), &fail(PAYMENT, "Insufficient funds")).expect("the processor says it again");
    assert_eq!(world.all::<Payment>().len(), 2);
    assert_eq!(world.refusal(&agent(), &settle(PAYMENT, "ch_1")), "payment.state");
    world.run(&alice, &cash(id(0xba2), 10_000, 10_000)).unwrap();
    assert_eq!(standing(&world), (InvoiceState::Paid, 10_000, 0, false));
}

#[test]
fn two_who_collect_at_once_are_both_kept_and_flagged() {
    let mut world = issued();
    let bob = Assignment { id: id(0xb0b1), technician_id: BOB, ..world.all::<Assignment>()[0].clone() };
    world.put(&bob);
    world.run(&technician(ALICE), &cash(PAYMENT, 10_000, 10_000)).unwrap();
    assert_eq!(world.refusal(&technician(ALICE), &cash(id(0xba2), 1, 0)), "payment.more_than_balance");
    // Bob's phone had not heard of it.
    let second = world.run(&technician(BOB), &cash(id(0xba2), 10_000, 10_000)).unwrap();
    assert_eq!((second.balance_cents, second.overpaid), (cents(-10_000), true));
    assert_eq!(standing(&world), (InvoiceState::Paid, 20_000, 0, true));
    let moved = world.run(&billing(), &refund(id(0xba2), 0xf1, 10_000)).unwrap();
    assert_eq!((moved.state.as_str(), moved.balance_cents), ("refunded", cents(0)));
    assert_eq!(standing(&world), (InvoiceState::Paid, 10_000, 0, false));
}

#[test]
fn money_for_a_void_invoice_is_kept_and_flagged() {
    let mut world = issued();
    let void = VoidInvoice { job_id: JOB, invoice_id: INVOICE, reason: "Wrong house".into() };
    world.run(&billing(), &void).unwrap();
    assert_eq!(world.refusal(&technician(ALICE), &cash(PAYMENT, 1, 0)), "payment.more_than_balance");
    world.run(&technician(ALICE), &cash(PAYMENT, 10_000, 10_000)).unwrap();
    assert_eq!(standing(&world), (InvoiceState::Void, 10_000, 0, true));
    world.run(&billing(), &refund(PAYMENT, 0xf1, 10_000)).unwrap();
    assert_eq!(standing(&world), (InvoiceState::Void, 0, 0, false));
}

#[test]
fn no_more_is_given_back_than_was_paid() {
    let mut world = issued();
    world.run(&technician(ALICE), &cash(PAYMENT, 10_000, 10_000)).unwrap();
    assert_eq!(world.refusal(&billing(), &refund(PAYMENT, 0xf1, 10_001)), "payment.refund_too_large");
    let moved = world.run(&billing(), &refund(PAYMENT, 0xf1, 4_000)).unwrap();
    assert_eq!((moved.state.as_str(), moved.invoice_state), ("settled", InvoiceState::PartiallyPaid));
    assert_eq!(world.refusal(&billing(), &refund(PAYMENT, 0xf2, 6_001)), "payment.refund_too_large");
    assert_eq!(world.refusal(&billing(), &refund(PAYMENT, 0xf1, 1)), "payment.exists");
    let moved = world.run(&billing(), &refund(PAYMENT, 0xf2, 6_000)).unwrap();
    assert_eq!((moved.state.as_str(), moved.invoice_state), ("refunded", InvoiceState::Issued));
    assert_eq!(world.refusal(&billing(), &refund(PAYMENT, 0xf3, 1)), "payment.state");
    let void = VoidInvoice { job_id: JOB, invoice_id: INVOICE, reason: "Refunded".into() };
    world.run(&billing(), &void).expect("nothing is paid any more");
}

#[test]
fn a_check_that_bounces_is_owed_again() {
    let mut world = issued();
    world.run(&technician(ALICE), &collect(PAYMENT, PaymentMethod::Check, 10_000, 10_000)).unwrap();
    world.run(&billing(), &refund(PAYMENT, 0xf1, 1_000)).unwrap();
    let moved = world.run(&billing(), &reverse(PAYMENT)).unwrap();
    assert_eq!((moved.state.as_str(), moved.invoice_state), ("reversed", InvoiceState::Issued));
    assert_eq!(moved.balance_cents, cents(11_000), "what was given back before is owed as well");
    assert_eq!(standing(&world), (InvoiceState::Issued, -1_000, 0, false));
    assert_eq!(world.refusal(&billing(), &reverse(PAYMENT)), "payment.state");
    assert_eq!(world.refusal(&billing(), &refund(PAYMENT, 0xf2, 1)), "payment.state");
    let void = VoidInvoice { job_id: JOB, invoice_id: INVOICE, reason: "x".into() };
    assert_eq!(world.refusal(&billing(), &void), "invoice.has_payments");
}

#[test]
fn a_reference_stands_for_one_event() {
    let mut world = issued();
    world.run(&technician(ALICE), &collect(PAYMENT, PaymentMethod::Card, 4_000, 10_000)).unwrap();
    world.run(&technician(ALICE), &collect(id(0xba2), PaymentMethod::Card, 6_000, 6_000)).unwrap();
    world.run(&agent(), &settle(PAYMENT, " ch_1 ")).unwrap();
    assert_eq!(world.refusal(&agent(), &settle(id(0xba2), "ch_1")), "payment.reference_used");
    let again = FailPayment { external_reference: Some("ch_1".into()), ..fail(id(0xba2), "No") };
    assert_eq!(world.refusal(&agent(), &again), "payment.reference_used");
}

#[test]
fn a_technician_takes_money_on_his_own_jobs_only() {
    let mut world = issued();
    world.run(&technician(ALICE), &cash(PAYMENT, 1, 10_000)).unwrap();
    assert_eq!(world.refusal(&technician(BOB), &cash(id(0xba3), 1, 1)), "job.not_assigned");
    assert_eq!(world.refusal(&with_role(roles::TECHNICIAN), &cash(id(0xba3), 1, 1)), "role.no_technician");
    let both = vec![roles::TECHNICIAN.to_owned(), roles::BILLING.to_owned()];
    world
        .run(&Person { roles: both, ..technician(BOB) }, &cash(id(0xba3), 1, 9_999))
        .expect("who bills, bills any job");
}

#[test]
fn card_numbers_are_never_written_down() {
    let mut world = issued();
    let alice = technician(ALICE);
    let noted = CollectPayment { remark: Some(format!("Card {CARD}")), ..cash(PAYMENT, 1, 10_000) };
    assert_eq!(world.refusal(&alice, &noted), "payment.card_number");
    let check = CollectPayment {
        check_number: Some(CARD.replace(' ', "")),
        ..collect(PAYMENT, PaymentMethod::Check, 1, 10_000)
    };
    assert_eq!(world.refusal(&alice, &check), "payment.card_number");
    world.run(&alice, &collect(PAYMENT, PaymentMethod::Card, 1, 10_000)).unwrap();
    assert_eq!(world.refusal(&agent(), &settle(PAYMENT, CARD)), "payment.card_number");
    assert_eq!(world.refusal(&agent(), &fail(PAYMENT, CARD)), "payment.card_number");
    let refund = RefundPayment { reason: CARD.into(), ..refund(PAYMENT, 0xf1, 1) };
    assert_eq!(world.refusal(&billing(), &refund), "payment.card_number");
    let reverse = ReversePayment { reason: CARD.into(), ..reverse(PAYMENT) };
    assert_eq!(world.refusal(&billing(), &reverse), "payment.card_number");
}

#[test]
fn what_is_stated_makes_sense() {
    let mut world = issued();
    let alice = technician(ALICE);
    let pay = || cash(PAYMENT, 100, 10_000);
    let cases = [
        (CollectPayment { method: "cheese".into(), ..pay() }, "payment.method"),
        (CollectPayment { amount_cents: cents(0), ..pay() }, "payment.amount_zero"),
        (CollectPayment { amount_cents: cents(-1), ..pay() }, "payment.amount_negative"),
        (CollectPayment { amount_cents: cents(i64::MAX), ..pay() }, "payment.amount_too_large"),
        (CollectPayment { amount_cents: cents(10_001), ..pay() }, "payment.more_than_balance"),
        (CollectPayment { balance_seen_cents: cents(i64::MIN), ..pay() }, "payment.more_than_balance"),
        (CollectPayment { method: PaymentMethod::Check, ..pay() }, "payment.check_number_empty"),
        (CollectPayment { check_number: Some("1".into()), ..pay() }, "payment.check_number_without_check"),
        (CollectPayment { remark: Some("a\0".into()), ..pay() }, "payment.remark_nul"),
        (CollectPayment { remark: Some("x".repeat(2_001)), ..pay() }, "payment.remark_too_long"),
        (CollectPayment { invoice_id: id(404), ..pay() }, "invoice.not_found"),
        (CollectPayment { job_id: id(404), ..pay() }, "job.not_assigned"),
    ];
    for (payment, reason) in cases {
        assert_eq!(world.refusal(&alice, &payment), reason);
    }
    world.run(&alice, &pay()).unwrap();
    assert_eq!(world.refusal(&alice, &pay()), "payment.exists");
    assert_eq!(world.refusal(&billing(), &refund(id(404), 0xf1, 1)), "payment.not_found");
    assert_eq!(world.refusal(&billing(), &refund(PAYMENT, 0xf1, 0)), "payment.amount_zero");
    assert_eq!(world.refusal(&billing(), &refund(PAYMENT, 0xf1, -1)), "payment.amount_negative");
    let silent = RefundPayment { reason: " ".into(), ..refund(PAYMENT, 0xf1, 1) };
    assert_eq!(world.refusal(&billing(), &silent), "payment.reason_empty");
    assert_eq!(world.refusal(&billing(), &settle(PAYMENT, "")), "payment.reference_empty");
    assert_eq!(world.refusal(&billing(), &settle(PAYMENT, &"x".repeat(129))), "payment.reference_too_long");
    assert_eq!(world.refusal(&billing(), &settle(PAYMENT, "ch_1")), "payment.state");
    assert_eq!(world.refusal(&billing(), &fail(PAYMENT, "a\0")), "payment.reason_nul");
    let elsewhere = ReversePayment { job_id: id(404), ..reverse(PAYMENT) };
    assert_eq!(world.refusal(&billing(), &elsewhere), "invoice.other_job");
    world.minutes = -60 * 24 * 365 * 60;
    world.run(&billing(), &reverse(PAYMENT)).expect("a wrong clock is no reason to refuse");
}

#[test]
fn amounts_are_text_in_json_and_never_fractions() {
    let json = serde_json::to_value(cash(PAYMENT, 100, 10_000)).unwrap();
    assert_eq!(json["amount_cents"], "100");
    let decode = satchel_domain::REGISTRY.mutation("invoice/v1/collectPayment").unwrap().decode;
    for amount in ["1.5", "100", "\"1.5\"", "\"1e3\"", "\"\"", "null"] {
        let text = json.to_string().replace("\"100\"", amount);
        assert!(decode(&text).is_err(), "{amount}");
    }
}
