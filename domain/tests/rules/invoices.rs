//! Invoices: what is charged, and what it adds up to.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rust_decimal::Decimal;
use satchel_domain::{
    mutations::*,
    roles,
    rules::{
        document,
        money::{Cents, Percent},
        totals::{self, Discount, Entry},
    },
    tables::*,
};
use satchel_protocol::Id;
use uuid::Uuid;

use crate::{estimates, signatures, support::*};

const INVOICE: Id<Invoice> = Id::new(Uuid::from_u128(0x1470));
const SECOND: Id<Invoice> = Id::new(Uuid::from_u128(0x1471));
const LINE: Id<InvoiceLine> = Id::new(Uuid::from_u128(0x11e0));
const LABOUR: Id<PricebookItem> = Id::new(Uuid::from_u128(0x1ab));

fn billing() -> Person {
    with_role(roles::BILLING)
}

fn material(number: u128, quantity: &str) -> AddMaterial {
    let quantity = quantity.parse().unwrap();
    AddMaterial { job_id: JOB, visit_id: VISIT, material_id: id(number), item_id: PIPE, quantity }
}

fn create(invoice_id: Id<Invoice>) -> CreateInvoiceFromWork {
    CreateInvoiceFromWork { job_id: JOB, invoice_id, labour_item_id: Some(LABOUR) }
}

fn free(line_id: Id<InvoiceLine>, quantity: &str, unit_price_cents: i64) -> AddInvoiceLine {
    AddInvoiceLine {
        job_id: JOB,
        invoice_id: INVOICE,
        line_id,
        item_id: None,
        name: Some("Trip".into()),
        unit: None,
        quantity: quantity.parse().unwrap(),
        unit_price_cents: Some(Cents::new(unit_price_cents)),
        discount_percent: None,
        tax_percent: None,
    }
}

fn change() -> ChangeInvoiceLine {
    ChangeInvoiceLine {
        job_id: JOB,
        invoice_id: INVOICE,
        line_id: LINE,
        name: None,
        quantity: None,
        unit_price_cents: None,
        discount_percent: None,
        tax_percent: None,
    }
}

fn issue() -> IssueInvoice {
    IssueInvoice { job_id: JOB, invoice_id: INVOICE }
}

fn void(reason: &str) -> VoidInvoice {
    VoidInvoice { job_id: JOB, invoice_id: INVOICE, reason: reason.into() }
}

fn remove(line_id: Id<InvoiceLine>) -> RemoveInvoiceLine {
    RemoveInvoiceLine { job_id: JOB, invoice_id: INVOICE, line_id }
}

fn discount(percent: Option<&str>, fixed: Option<i64>) -> SetInvoiceDiscount {
    let percent = percent.map(|percent| percent.parse().unwrap());
    SetInvoiceDiscount { job_id: JOB, invoice_id: INVOICE, percent, fixed_cents: fixed.map(Cents::new) }
}

fn percent(percent: &str) -> Option<Decimal> {
    Some(percent.parse().unwrap())
}

/// Alice is at work; the pricebook has an hour of labour at 96.00.
fn world() -> World {
    let mut world = World::at_work();
    let pipe = world.get(PIPE);
    world.put(&PricebookItem {
        id: LABOUR,
        code: "L-1".into(),
        name: "Labour".into(),
        unit: "hour".into(),
        price_cents: 9_600,
        ..pipe
    });
    world
}

/// A draft with one free line of 100.00.
fn drafted() -> World {
    let mut world = world();
    world.run(&technician(ALICE), &create(INVOICE)).unwrap();
    world.run(&technician(ALICE), &free(LINE, "1", 10_000)).unwrap();
    world
}

fn clock_time(world: &mut World, entry: u128, from_min: i64, until_min: i64) {
    let start = StartTime {
        entry_id: id(entry),
        technician_id: ALICE,
        kind: TimeKind::Work,
        job_id: Some(JOB),
        visit_id: Some(VISIT),
    };
    world.minutes = from_min;
    world.run(&technician(ALICE), &start).unwrap();
    world.minutes = until_min;
    let stop = StopTime { entry_id: id(entry), technician_id: ALICE, ended_at: None };
    world.run(&technician(ALICE), &stop).unwrap();
}

#[test]
fn work_done_becomes_lines_once() {
    let mut world = world();
    let alice = technician(ALICE);
    clock_time(&mut world, 1, 30, 105);
    world.run(&alice, &material(0x11e, "2.5")).unwrap();
    let created = world.run(&alice, &create(INVOICE)).unwrap();
    // 2.5 feet at 12.50, and an hour and a quarter at 96.00.
    assert_eq!((created.lines, created.time_left_out), (2, 0));
    let invoice = world.get(INVOICE);
    assert_eq!(invoice.subtotal_cents, Cents::new(3_125 + 12_000));
    assert_eq!(invoice.total_cents, Cents::new(15_125));
    assert_eq!(created.total_cents, invoice.total_cents);
    assert_eq!((invoice.customer_id, invoice.branch_id, invoice.number), (CUSTOMER, BRANCH, None));
    let lines = world.all::<InvoiceLine>();
    assert!(lines.iter().any(|line| line.material_id == Some(id(0x11e)) && line.quantity.to_string() == "2.500"));
    assert!(lines.iter().any(|line| line.time_entry_id == Some(id(1)) && line.unit == "hour"));

    // Only what came since is on the next one, and what stood on a void one can be charged again.
    world.run(&alice, &material(0x11f, "1")).unwrap();
    assert_eq!(world.run(&alice, &create(SECOND)).unwrap().total_cents, Cents::new(1_250));
    world.run(&alice, &void("Twice")).unwrap();
    assert_eq!(world.run(&alice, &create(id(0x1472))).unwrap().lines, 2);
    assert_eq!(world.refusal(&alice, &create(SECOND)), "invoice.exists");
}

#[test]
fn taxes_are_the_branchs() {
    let mut world = world();
    let alice = technician(ALICE);
    let rate = |tax_class, ten_thousandths| TaxRate {
        id: id(0x7a0 + ten_thousandths as u128),
        rev: 1,
        branch_id: BRANCH,
        tax_class,
        percent: Percent::entered("x", Decimal::new(ten_thousandths, 4)).unwrap(),
    };
    world.put(&rate(TaxClass::Standard, 82_500));
    world.put(&rate(TaxClass::Reduced, 40_000));
    let pipe = world.get(PIPE);
    world.put(&PricebookItem { tax_class: TaxClass::Standard, ..pipe });
    let labour = world.get(LABOUR);
    world.put(&PricebookItem { tax_class: TaxClass::Exempt, ..labour });
    clock_time(&mut world, 1, 30, 105);
    world.run(&alice, &material(0x11e, "2.5")).unwrap();
    world.run(&alice, &create(INVOICE)).unwrap();
    let invoice = world.get(INVOICE);
    assert_eq!(invoice.tax_cents, Cents::new(258), "8.25 % of 31.25 is 2.578125; labour is exempt");
    assert_eq!(invoice.total_cents, Cents::new(15_383));
}

#[test]
fn what_was_approved_is_charged_as_it_was_signed_and_once() {
    let mut world = world();
    let alice = technician(ALICE);
    let approved = put_estimate(&mut world, EstimateState::Approved);
    let create = CreateInvoiceFromEstimate { job_id: JOB, invoice_id: INVOICE, estimate_id: id(0xe50) };
    let created = world.run(&alice, &create).unwrap();
    assert_eq!((created.lines, created.total_cents), (2, approved.total_cents));
    let invoice = world.get(INVOICE);
    let amounts = |invoice: &Invoice| (invoice.subtotal_cents, invoice.discount_cents, invoice.tax_cents);
    assert_eq!(amounts(&invoice), (approved.subtotal_cents, approved.discount_cents, approved.tax_cents));
    for line in world.all::<InvoiceLine>() {
        let signed: EstimateLine = world.get(line.estimate_line_id.unwrap());
        assert_eq!((line.total_cents, line.name), (signed.total_cents, signed.name));
    }
    let again = CreateInvoiceFromEstimate { invoice_id: SECOND, ..create.clone() };
    assert_eq!(world.refusal(&billing(), &again), "invoice.estimate_charged");
    // The technician adds to it, but does not change what was signed.
    let signed = world.all::<InvoiceLine>()[0].id;
    let dearer = ChangeInvoiceLine { line_id: signed, quantity: percent("9"), ..change() };
    assert_eq!(world.refusal(&alice, &dearer), "invoice.line_approved");
    assert_eq!(world.refusal(&alice, &remove(signed)), "invoice.line_approved");
    world.run(&alice, &free(LINE, "1", 100)).unwrap();
    world.run(&billing(), &dearer).unwrap();
    world.run(&billing(), &void("Another way")).unwrap();
    world.run(&alice, &again).expect("what is void was not charged");
}

#[test]
fn what_was_generated_signed_and_approved_is_charged_to_the_cent() {
    let mut world = estimates::signed();
    let alice = technician(ALICE);
    let create = CreateInvoiceFromEstimate { job_id: JOB, invoice_id: INVOICE, estimate_id: estimates::ESTIMATE };
    assert_eq!(world.refusal(&alice, &create), "invoice.estimate_not_approved");
    world.run(&alice, &estimates::approve(0x516)).unwrap();
    let signed = world.get(estimates::GOOD);
    assert_eq!(world.run(&alice, &create).unwrap().total_cents, signed.total_cents);
    let invoice = world.get(INVOICE);
    assert_eq!((invoice.tax_cents, invoice.discount_cents), (signed.tax_cents, signed.discount_cents));
    world.run(&alice, &issue()).unwrap();
}

#[test]
fn an_issued_invoice_is_signed_as_it_stands() {
    let mut world = drafted();
    let alice = technician(ALICE);
    world.put(&Organization { id: id(1), rev: 1, name: "Testing".into(), currency: "USD".into() });
    let hash = |world: &World| {
        let lines = world.all::<InvoiceLine>();
        STANDARD.encode(document::invoice(&world.get(id(1)), &world.get(INVOICE), &lines).hash())
    };
    let capture = |world: &World| CaptureSignature {
        subject_kind: SubjectKind::Invoice,
        subject_id: INVOICE.uuid(),
        ..signatures::capture(0x516, id(0), &hash(world))
    };
    let early = capture(&world);
    assert_eq!(world.refusal(&alice, &early), "signature.invoice_not_issued");
    world.run(&alice, &free(id(0x11e1), "2", 5)).unwrap();
    world.run(&alice, &issue()).unwrap();
    assert_eq!(world.refusal(&alice, &early), "signature.document_changed");
    // What comes afterwards, a number and money, changes nothing of what is signed.
    let before = hash(&world);
    let invoice = world.get(INVOICE);
    world.put(&Invoice { number: Some(7), paid_cents: Cents::new(5), state: InvoiceState::PartiallyPaid, ..invoice });
    assert_eq!(hash(&world), before);
    let signing = capture(&world);
    world.run(&alice, &signing).unwrap();
    assert_eq!(world.all::<Signature>().len(), 1);
}

#[test]
fn only_what_was_approved_is_charged() {
    for state in EstimateState::ALL.iter().filter(|state| **state != EstimateState::Approved) {
        let mut world = world();
        put_estimate(&mut world, state.clone());
        let create = CreateInvoiceFromEstimate { job_id: JOB, invoice_id: INVOICE, estimate_id: id(0xe50) };
        assert_eq!(world.refusal(&technician(ALICE), &create), "invoice.estimate_not_approved", "{state}");
        let gone = CreateInvoiceFromEstimate { estimate_id: id(404), ..create.clone() };
        assert_eq!(world.refusal(&technician(ALICE), &gone), "estimate.not_found");
        assert_eq!(world.refusal(&technician(BOB), &create), "job.not_assigned");
        world.run(&dispatcher(), &create_job(id(0x20b))).unwrap();
        let elsewhere = CreateInvoiceFromEstimate { job_id: id(0x20b), ..create };
        assert_eq!(world.refusal(&billing(), &elsewhere), "estimate.other_job");
    }
}

/// An estimate with an option of two lines, a fixed discount and tax; its option.
fn put_estimate(world: &mut World, state: EstimateState) -> EstimateOption {
    let percent = |text: &str| Percent::entered("x", text.parse().unwrap()).unwrap();
    let entries = [("3.333", 1_999, "5", "8.25"), ("1", 10_001, "0", "0")].map(|(quantity, price, off, tax)| Entry {
        quantity: quantity.parse().unwrap(),
        unit_price_cents: Cents::new(price),
        discount_percent: percent(off),
        tax_percent: percent(tax),
    });
    let totals = totals::totals(&entries, Discount::Fixed(Cents::new(333))).unwrap();
    let option = EstimateOption {
        id: id(0xe51),
        rev: 1,
        job_id: JOB,
        branch_id: BRANCH,
        estimate_id: id(0xe50),
        position: 1,
        name: "Good".into(),
        discount_percent: Percent::ZERO,
        discount_fixed_cents: Cents::new(333),
        subtotal_cents: totals.whole.gross_cents,
        discount_cents: totals.whole.discount_cents,
        tax_cents: totals.whole.tax_cents,
        total_cents: totals.whole.total_cents,
    };
    world.put(&option);
    let chosen = (state == EstimateState::Approved).then_some(option.id);
    world.put(&Estimate {
        id: id(0xe50),
        rev: 1,
        job_id: JOB,
        branch_id: BRANCH,
        customer_id: CUSTOMER,
        number: "E1".into(),
        title: "Pipes".into(),
        state,
        user_id: Uuid::from_u128(1),
        supersedes_id: None,
        valid_until: None,
        presented_at: None,
        signed_option_id: chosen,
        approved_option_id: chosen,
        decided_at: None,
        decline_reason: None,
    });
    for (place, (entry, amounts)) in entries.iter().zip(&totals.lines).enumerate() {
        world.put(&EstimateLine {
            id: id(0xe60 + place as u128),
            rev: 1,
            job_id: JOB,
            branch_id: BRANCH,
            estimate_id: id(0xe50),
            option_id: option.id,
            position: place as i32 + 1,
            item_id: None,
            pricebook_version_id: None,
            name: format!("Line {place}"),
            unit: "each".into(),
            quantity: entry.quantity,
            unit_price_cents: entry.unit_price_cents,
            list_price_cents: None,
            discount_percent: entry.discount_percent,
            tax_class: TaxClass::Standard,
            tax_percent: entry.tax_percent,
            gross_cents: amounts.gross_cents,
            discount_cents: amounts.discount_cents,
            tax_cents: amounts.tax_cents,
            total_cents: amounts.total_cents,
        });
    }
    option
}

#[test]
fn time_that_is_not_certain_is_left_out() {
    let mut world = world();
    let alice = technician(ALICE);
    clock_time(&mut world, 1, 30, 60);
    let entry: TimeEntry = world.get(id(1));
    world.put(&TimeEntry { overlaps: true, ..entry });
    let start = StartTime {
        entry_id: id(2),
        technician_id: ALICE,
        kind: TimeKind::Work,
        job_id: Some(JOB),
        visit_id: Some(VISIT),
    };
    world.run(&alice, &start).unwrap();
    let created = world.run(&alice, &create(INVOICE)).unwrap();
    assert_eq!((created.lines, created.time_left_out), (0, 2));
}

#[test]
fn lines_add_up_and_keep_their_price() {
    let mut world = drafted();
    let alice = technician(ALICE);
    let item = AddInvoiceLine {
        line_id: id(0x11e1),
        item_id: Some(PIPE),
        name: None,
        unit_price_cents: None,
        discount_percent: percent("10"),
        ..free(LINE, "0.333", 0)
    };
    // A third of a foot at 12.50 is 4.1625; a tenth of 4.16 is 0.42.
    let added = world.run(&alice, &item).unwrap();
    assert_eq!(added.total_cents, Cents::new(10_000 + 416 - 42));
    let pipe = world.get(PIPE);
    world.put(&PricebookItem { price_cents: 99_999, name: "Gold pipe".into(), ..pipe });
    world.run(&alice, &ChangeInvoiceLine { quantity: Some("2".parse().unwrap()), ..change() }).unwrap();
    let line: InvoiceLine = world.get(id(0x11e1));
    assert_eq!((line.name.as_str(), line.unit_price_cents, line.position), ("Copper pipe", Cents::new(1_250), 2));
    let taxed = ChangeInvoiceLine { tax_percent: percent("8.25"), ..change() };
    assert_eq!(world.run(&billing(), &taxed).unwrap().total_cents, Cents::new(20_000 + 1_650 + 374));
    // Three cents off the whole: the dearer line bears them, and its tax of 1649.7525 is rounded once.
    assert_eq!(world.run(&billing(), &discount(None, Some(3))).unwrap().total_cents, Cents::new(19_997 + 1_650 + 374));
    let invoice = world.get(INVOICE);
    assert_eq!((invoice.subtotal_cents, invoice.discount_cents), (Cents::new(20_416), Cents::new(45)));
    assert_eq!(world.run(&billing(), &discount(None, None)).unwrap().total_cents, Cents::new(22_024));
    assert_eq!(world.run(&alice, &remove(id(0x11e1))).unwrap().total_cents, Cents::new(21_650));
    assert_eq!(world.refusal(&alice, &remove(id(0x11e1))), "invoice_line.not_found");
}

#[test]
fn an_issued_invoice_is_not_changed_any_more() {
    let mut world = drafted();
    let alice = technician(ALICE);
    world.minutes = 30;
    let issued = world.run(&alice, &issue()).unwrap();
    assert_eq!((issued.state, issued.total_cents), (InvoiceState::Issued, Cents::new(10_000)));
    assert_eq!(world.get(INVOICE).issued_at, Some(at(30)));
    world.minutes = 40;
    world.run(&technician(ALICE), &issue()).expect("issuing again changes nothing");
    assert_eq!(world.get(INVOICE).issued_at, Some(at(30)));
    for person in [alice, billing()] {
        assert_eq!(world.refusal(&person, &free(id(0x11e1), "1", 1)), "invoice.not_draft");
        let dearer = ChangeInvoiceLine { unit_price_cents: Some(Cents::new(1)), ..change() };
        assert_eq!(world.refusal(&person, &dearer), "invoice.not_draft");
        assert_eq!(world.refusal(&person, &remove(LINE)), "invoice.not_draft");
    }
    assert_eq!(world.refusal(&billing(), &discount(Some("1"), None)), "invoice.not_draft");
}

#[test]
fn an_invoice_over_nothing_is_paid_when_it_is_issued() {
    let mut world = world();
    let alice = technician(ALICE);
    world.run(&alice, &create(INVOICE)).unwrap();
    assert_eq!(world.refusal(&alice, &issue()), "invoice.empty");
    world.run(&alice, &free(LINE, "1", 0)).unwrap();
    assert_eq!(world.run(&alice, &issue()).unwrap().state, InvoiceState::Paid);
}

#[test]
fn technicians_void_drafts_and_the_office_what_is_unpaid() {
    let mut world = drafted();
    let alice = technician(ALICE);
    assert_eq!(world.refusal(&alice, &void("  ")), "invoice.void_reason_empty");
    assert_eq!(world.refusal(&alice, &void(&"x".repeat(2_001))), "invoice.void_reason_too_long");
    world.run(&alice, &issue()).unwrap();
    assert_eq!(world.refusal(&alice, &void("Wrong house")), "role.billing_only");
    world.run(&billing(), &void("Wrong house")).unwrap();
    let invoice = world.get(INVOICE);
    assert_eq!((invoice.state, invoice.void_reason.as_deref()), (InvoiceState::Void, Some("Wrong house")));
    assert!(invoice.issued_at.is_some(), "it keeps its number");
    assert_eq!(world.refusal(&billing(), &void("Again")), "invoice.state");
    assert_eq!(world.refusal(&alice, &issue()), "invoice.state");
}

#[test]
fn prices_and_discounts_are_the_offices_within_bounds() {
    let mut world = drafted();
    let alice = technician(ALICE);
    let off = |off: &str| ChangeInvoiceLine { discount_percent: percent(off), ..change() };
    assert_eq!(world.run(&alice, &off("15")).unwrap().total_cents, Cents::new(8_500));
    assert_eq!(world.refusal(&alice, &off("15.0001")), "invoice.discount_office_only");
    assert_eq!(world.run(&billing(), &off("50")).unwrap().total_cents, Cents::new(5_000));
    let rename = ChangeInvoiceLine { name: Some("Trip fee".into()), ..change() };
    world.run(&alice, &rename).expect("the office's discount does not stand in the way");
    assert_eq!(world.refusal(&billing(), &discount(None, Some(5_001))), "money.discount_too_large");
    assert_eq!(world.refusal(&alice, &discount(Some("1"), None)), "role.billing_only");
    let item = AddInvoiceLine { item_id: Some(PIPE), name: None, ..free(id(0x11e1), "1", 1) };
    assert_eq!(world.refusal(&alice, &item), "invoice.price_fixed");
    world.run(&billing(), &item).unwrap();
    let dearer = ChangeInvoiceLine { line_id: id(0x11e1), unit_price_cents: Some(Cents::new(2)), ..change() };
    assert_eq!(world.refusal(&alice, &dearer), "invoice.price_fixed");
    let untaxed = ChangeInvoiceLine { tax_percent: percent("0"), ..change() };
    assert_eq!(world.refusal(&alice, &untaxed), "role.billing_only");
}

#[test]
fn whose_job_it_is_not_writes_nothing() {
    let mut world = drafted();
    for role in roles::ALL {
        let person = with_role(role);
        let result = world.clone().run(&person, &create(id(0x2000)));
        let reason = result.map(drop).map_err(|rejection| rejection.reason);
        // Who else may is for the policy to say.
        let expected = if *role == roles::TECHNICIAN { Err("role.no_technician".to_owned()) } else { Ok(()) };
        assert_eq!(reason, expected, "{role}");
    }
    let bob = technician(BOB);
    assert_eq!(world.refusal(&bob, &create(SECOND)), "job.not_assigned");
    assert_eq!(world.refusal(&bob, &free(id(0x11e1), "1", 1)), "job.not_assigned");
    assert_eq!(world.refusal(&bob, &change()), "job.not_assigned");
    assert_eq!(world.refusal(&bob, &remove(LINE)), "job.not_assigned");
    assert_eq!(world.refusal(&bob, &issue()), "job.not_assigned");
    assert_eq!(world.refusal(&bob, &void("x")), "job.not_assigned");
}

#[test]
fn what_is_stated_makes_sense() {
    let mut world = drafted();
    let alice = technician(ALICE);
    let line = || free(id(0x11e1), "1", 100);
    let cases = [
        (AddInvoiceLine { quantity: "0".parse().unwrap(), ..line() }, "invoice.quantity_zero"),
        (AddInvoiceLine { quantity: "-1".parse().unwrap(), ..line() }, "invoice.quantity_negative"),
        (
            AddInvoiceLine { quantity: "1e9".parse().unwrap_or("1000000000".parse().unwrap()), ..line() },
            "invoice.quantity_too_large",
        ),
        (AddInvoiceLine { quantity: "0.0001".parse().unwrap(), ..line() }, "invoice.quantity_too_fine"),
        (AddInvoiceLine { unit_price_cents: Some(Cents::new(-1)), ..line() }, "invoice.unit_price_negative"),
        (AddInvoiceLine { unit_price_cents: Some(Cents::new(i64::MAX)), ..line() }, "invoice.unit_price_too_large"),
        (AddInvoiceLine { unit_price_cents: None, ..line() }, "invoice.unit_price_missing"),
        (
            AddInvoiceLine {
                unit_price_cents: Some(Cents::new(1_000_000_000_000)),
                quantity: "2".parse().unwrap(),
                ..line()
            },
            "money.too_large",
        ),
        (AddInvoiceLine { discount_percent: percent("-1"), ..line() }, "invoice.discount_out_of_range"),
        (AddInvoiceLine { discount_percent: percent("1.00001"), ..line() }, "invoice.discount_too_fine"),
        (AddInvoiceLine { name: None, ..line() }, "invoice.line_name_empty"),
        (AddInvoiceLine { name: Some("a\0b".into()), ..line() }, "invoice.line_name_nul"),
        (AddInvoiceLine { name: Some("🙂".repeat(201)), ..line() }, "invoice.line_name_too_long"),
        (AddInvoiceLine { unit: Some("x".repeat(33)), ..line() }, "invoice.unit_too_long"),
        (AddInvoiceLine { item_id: Some(id(404)), ..line() }, "pricebook_item.not_found"),
        (AddInvoiceLine { item_id: Some(OLD_PIPE), ..line() }, "invoice.item_inactive"),
        (
            AddInvoiceLine { item_id: Some(PIPE), unit_price_cents: None, unit: Some("box".into()), ..line() },
            "invoice.unit_fixed",
        ),
        (AddInvoiceLine { invoice_id: id(404), ..line() }, "invoice.not_found"),
        (AddInvoiceLine { job_id: id(404), ..line() }, "job.not_assigned"),
        (AddInvoiceLine { line_id: LINE, ..line() }, "invoice_line.exists"),
    ];
    for (line, reason) in cases {
        assert_eq!(world.refusal(&alice, &line), reason);
    }
    assert_eq!(world.refusal(&alice, &change()), "invoice.nothing_to_change");
    let gone = ChangeInvoiceLine { line_id: id(404), quantity: percent("1"), ..change() };
    assert_eq!(world.refusal(&alice, &gone), "invoice_line.not_found");
    let labour = |item| CreateInvoiceFromWork { labour_item_id: Some(item), ..create(SECOND) };
    assert_eq!(world.refusal(&alice, &labour(id(404))), "pricebook_item.not_found");
    assert_eq!(world.refusal(&alice, &labour(OLD_PIPE)), "invoice.item_inactive");
    assert_eq!(world.refusal(&alice, &labour(PIPE)), "invoice.labour_item_unit");
    assert_eq!(
        world.refusal(&billing(), &CreateInvoiceFromWork { job_id: id(404), ..create(SECOND) }),
        "job.not_found"
    );
    for (asked, reason) in [("-1", "out_of_range"), ("100.1", "out_of_range"), ("1.00001", "too_fine")] {
        assert_eq!(world.refusal(&billing(), &discount(Some(asked), None)), format!("invoice.discount_{reason}"));
        let taxed = ChangeInvoiceLine { tax_percent: percent(asked), ..change() };
        assert_eq!(world.refusal(&billing(), &taxed), format!("invoice.tax_{reason}"));
    }
    assert_eq!(world.refusal(&billing(), &discount(None, Some(-1))), "invoice.discount_negative");
    assert_eq!(world.refusal(&billing(), &discount(Some("1"), Some(1))), "invoice.discount_twice");
    world.minutes = -60 * 24 * 365 * 60;
    world.run(&alice, &issue()).expect("a wrong clock is no reason to refuse");
}

#[test]
fn an_invoice_is_named_with_its_own_job_and_has_an_end() {
    let mut world = drafted();
    world.run(&dispatcher(), &create_job(id(0x20b))).unwrap();
    let elsewhere = AddInvoiceLine { job_id: id(0x20b), ..free(id(0x11e1), "1", 1) };
    assert_eq!(world.refusal(&billing(), &elsewhere), "invoice.other_job");
    world.run(&billing(), &CreateInvoiceFromWork { labour_item_id: None, ..create(SECOND) }).unwrap();
    let other = ChangeInvoiceLine { invoice_id: SECOND, quantity: percent("1"), ..change() };
    assert_eq!(world.refusal(&billing(), &other), "invoice.other_line");
    let line = world.get(LINE);
    for number in 1..500 {
        world.put(&InvoiceLine { id: id(0x3000 + number), ..line.clone() });
    }
    assert_eq!(world.refusal(&technician(ALICE), &free(id(0x11e1), "1", 1)), "invoice.too_many_lines");
}
