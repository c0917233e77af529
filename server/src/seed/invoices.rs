//! What completed jobs were charged, and what was paid: totals, balances and states are the rules' own.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use satchel_domain::{
    rules::{
        balance::Balance,
        invoice_state,
        money::{Cents, Percent},
        totals::{self, Discount, Entry},
    },
    tables::{
        Invoice, InvoiceLine, InvoiceState, Job, JobState, MaterialUsed, Payment, PaymentKind, PaymentMethod, TaxClass,
    },
};
use satchel_protocol::record::UNSAVED;
use uuid::Uuid;

use super::{pricebook::TAXES, work::Writer};

/// What a trip costs the customer, in cents.
const TRIP_CENTS: i64 = 8_900;
/// Minutes from the start of the window to the invoice.
const ISSUED_AFTER_MIN: i64 = 120;
/// Hours from a card payment to its settlement.
const SETTLED_AFTER_HOURS: i64 = 30;

/// Writes the invoice of a completed job, with the trip and the material used, and its ledger.
pub(super) fn write(writer: &mut Writer<'_>, job: &Job, used: &[MaterialUsed], user_id: Uuid, window_start: Timestamp) {
    let issued_at = later(window_start, SignedDuration::from_mins(ISSUED_AFTER_MIN));
    let mut invoice = Invoice {
        id: writer.random.id(),
        rev: UNSAVED,
        job_id: job.id,
        branch_id: job.branch_id,
        customer_id: job.customer_id,
        number: None,
        estimate_option_id: None,
        state: InvoiceState::Issued,
        discount_percent: Percent::ZERO,
        discount_fixed_cents: Cents::ZERO,
        subtotal_cents: Cents::ZERO,
        discount_cents: Cents::ZERO,
        tax_cents: Cents::ZERO,
        total_cents: Cents::ZERO,
        paid_cents: Cents::ZERO,
        pending_cents: Cents::ZERO,
        overpaid: false,
        issued_at: Some(issued_at),
        void_reason: None,
    };
    let mut lines = vec![trip(writer, &invoice)];
    for (position, material) in (2..).zip(used) {
        lines.push(charge(writer, &invoice, position, material));
    }
    let entries: Vec<Entry> = lines
        .iter()
        .map(|line| Entry {
            quantity: line.quantity,
            unit_price_cents: line.unit_price_cents,
            discount_percent: line.discount_percent,
            tax_percent: line.tax_percent,
        })
        .collect();
    let totals = totals::totals(&entries, Discount::Percent(Percent::ZERO)).expect("seeded prices are small");
    for (line, amounts) in lines.iter_mut().zip(&totals.lines) {
        line.gross_cents = amounts.gross_cents;
        line.discount_cents = amounts.discount_cents;
        line.tax_cents = amounts.tax_cents;
        line.total_cents = amounts.total_cents;
    }
    invoice.subtotal_cents = totals.whole.gross_cents;
    invoice.discount_cents = totals.whole.discount_cents;
    invoice.tax_cents = totals.whole.tax_cents;
    invoice.total_cents = totals.whole.total_cents;

    let ledger = ledger(writer, job, &invoice, user_id, issued_at);
    let balance = Balance::of(&invoice, &ledger).expect("seeded prices are small");
    invoice.paid_cents = balance.paid;
    invoice.pending_cents = balance.pending;
    invoice.state = invoice_state::follow(&invoice.state, &balance);
    writer.batch.push(writer.org_id, &invoice);
    for line in &lines {
        writer.batch.push(writer.org_id, line);
    }
    for entry in &ledger {
        writer.batch.push(writer.org_id, entry);
    }
}

fn trip(writer: &mut Writer<'_>, invoice: &Invoice) -> InvoiceLine {
    InvoiceLine {
        id: writer.random.id(),
        rev: UNSAVED,
        job_id: invoice.job_id,
        branch_id: invoice.branch_id,
        invoice_id: invoice.id,
        position: 1,
        item_id: None,
        material_id: None,
        time_entry_id: None,
        estimate_line_id: None,
        pricebook_version_id: None,
        name: "Trip and diagnosis".to_owned(),
        unit: "each".to_owned(),
        quantity: Decimal::new(1_000, 3),
        unit_price_cents: Cents::new(TRIP_CENTS),
        discount_percent: Percent::ZERO,
        tax_percent: tax(),
        gross_cents: Cents::ZERO,
        discount_cents: Cents::ZERO,
        tax_cents: Cents::ZERO,
        total_cents: Cents::ZERO,
    }
}

/// The usual rate of every branch.
fn tax() -> Percent {
    let usual = TAXES.iter().find(|(class, _)| *class == TaxClass::Standard).map_or(0, |(_, rate)| *rate);
    Percent::entered("tax_rate.percent", Decimal::new(usual, 4)).unwrap_or_default()
}

fn charge(writer: &mut Writer<'_>, invoice: &Invoice, position: i32, material: &MaterialUsed) -> InvoiceLine {
    InvoiceLine {
        position,
        item_id: Some(material.item_id),
        material_id: Some(material.id),
        name: material.name.clone(),
        quantity: material.quantity,
        unit_price_cents: Cents::new(material.unit_price_cents),
        ..trip(writer, invoice)
    }
}

/// Old invoices are paid; of the others some are open, paid in part, or wait for a card.
fn ledger(writer: &mut Writer<'_>, job: &Job, invoice: &Invoice, user_id: Uuid, issued_at: Timestamp) -> Vec<Payment> {
    let total = invoice.total_cents.get();
    let settled = job.state == JobState::Closed;
    let (method, amount) = match writer.random.between(1, 100) {
        ..=25 if !settled => return Vec::new(),
        ..=35 if !settled => (PaymentMethod::Check, total / 2),
        ..=50 => (PaymentMethod::Cash, total),
        51..=70 => (PaymentMethod::Check, total),
        _ => (PaymentMethod::Card, total),
    };
    let by_card = method == PaymentMethod::Card;
    let payment = Payment {
        id: writer.random.id(),
        rev: UNSAVED,
        job_id: invoice.job_id,
        branch_id: invoice.branch_id,
        invoice_id: invoice.id,
        kind: PaymentKind::Payment,
        check_number: (method == PaymentMethod::Check).then(|| writer.random.between(101, 2_999).to_string()),
        method,
        amount_cents: Cents::new(amount),
        of_payment_id: None,
        external_reference: None,
        idempotency_key: writer.random.uuid(),
        reason: None,
        occurred_at: issued_at,
        user_id,
    };
    let mut entries = vec![payment.clone()];
    if by_card && (settled || writer.random.chance(50)) {
        entries.push(Payment {
            id: writer.random.id(),
            kind: PaymentKind::Settlement,
            of_payment_id: Some(payment.id),
            external_reference: Some(format!("ch_{}", payment.id.uuid().simple())),
            idempotency_key: writer.random.uuid(),
            occurred_at: later(issued_at, SignedDuration::from_hours(SETTLED_AFTER_HOURS)),
            ..payment
        });
    }
    entries
}

fn later(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.saturating_add(by).unwrap_or(instant)
}
