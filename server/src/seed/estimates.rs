//! Estimates as technicians write them on site, with the signatures of those that were approved.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use satchel_domain::{
    rules::{
        document,
        money::{Cents, Percent},
        totals::{self, Discount, Entry},
    },
    tables::{
        Estimate, EstimateLine, EstimateOption, EstimateState, Job, JobState, Organization, PricebookItem, Signature,
        SignatureOutcome, SignerRelation, SubjectKind, TaxClass,
    },
};
use satchel_protocol::record::UNSAVED;
use uuid::Uuid;

use super::{SeedError, pricebook::TAXES, work::Writer};

/// Jobs in a hundred that have an estimate.
const ESTIMATED_PERCENT: i64 = 35;
/// Estimates in a hundred, of jobs that are over, that were approved; the others were declined.
const APPROVED_PERCENT: i64 = 70;
/// Minutes from a visit's window to the estimate, and from there to the customer's decision.
const STEP_MIN: i64 = 30;

/// The options, each with so many services and materials, and its discount in percent.
const OPTIONS: &[(&str, i64, i64, i64)] = &[("Good", 1, 1, 0), ("Better", 2, 1, 5)];

/// Writes an estimate on some jobs: a draft on one to come, a decided one on one that is over.
pub(super) fn write(
    writer: &mut Writer<'_>,
    job: &Job,
    user_id: Uuid,
    window_start: Timestamp,
    over: bool,
) -> Result<(), SeedError> {
    let nothing_to_sell = writer.pricebook.services.is_empty() || writer.pricebook.materials.is_empty();
    // The first of all has one, so that even the smallest contractor has some.
    let chosen = *writer.jobs_written == 1 || writer.random.chance(ESTIMATED_PERCENT);
    if nothing_to_sell || job.state == JobState::Canceled || !chosen {
        return Ok(());
    }
    let step = |steps: i64| {
        let after = SignedDuration::from_mins(steps * STEP_MIN);
        window_start.checked_add(after).map_err(|_| SeedError::DateOutOfRange)
    };
    // The first job of all is of today; somebody had to sign something.
    let decided = over || *writer.jobs_written == 1;
    let approved = decided && (*writer.jobs_written == 1 || writer.random.chance(APPROVED_PERCENT));
    let mut estimate = Estimate {
        id: writer.random.id(),
        rev: UNSAVED,
        job_id: job.id,
        branch_id: job.branch_id,
        customer_id: job.customer_id,
        number: format!("{}-E1", job.number.as_deref().unwrap_or_default()),
        title: job.title.clone(),
        state: match (decided, approved) {
            (false, _) => EstimateState::Draft,
            (true, true) => EstimateState::Approved,
            (true, false) => EstimateState::Declined,
        },
        user_id,
        supersedes_id: None,
        valid_until: None,
        presented_at: if decided { Some(step(1)?) } else { None },
        signed_option_id: None,
        approved_option_id: None,
        decided_at: if decided { Some(step(2)?) } else { None },
        decline_reason: (decided && !approved).then(|| "The customer wants to wait until spring.".to_owned()),
    };
    let mut options = Vec::new();
    for (place, (name, services, materials, discount)) in OPTIONS.iter().enumerate() {
        let mut items = Vec::new();
        for _ in 0..*services {
            items.push(writer.random.pick(&writer.pricebook.services));
        }
        for _ in 0..*materials {
            items.push(writer.random.pick(&writer.pricebook.materials));
        }
        options.push(option(writer, &estimate, place, name, &items, Decimal::from(*discount)));
    }
    if approved {
        estimate.signed_option_id = Some(options[0].0.id);
        estimate.approved_option_id = estimate.signed_option_id;
    }
    let organization = writer.organization.clone();
    writer.batch.push(writer.org_id, &estimate);
    for (option, lines) in &options {
        writer.batch.push(writer.org_id, option);
        for line in lines {
            writer.batch.push(writer.org_id, line);
        }
        if estimate.signed_option_id == Some(option.id) {
            let signature = signature(writer, &organization, &estimate, option, lines, step(2)?);
            writer.batch.push(writer.org_id, &signature);
        }
    }
    Ok(())
}

fn option(
    writer: &mut Writer<'_>,
    estimate: &Estimate,
    place: usize,
    name: &str,
    items: &[&PricebookItem],
    discount: Decimal,
) -> (EstimateOption, Vec<EstimateLine>) {
    let percent = |number| Percent::entered("seed.percent", number).unwrap_or_default();
    let rate = |class: &TaxClass| TAXES.iter().find(|(taxed, _)| taxed == class).map_or(0, |(_, rate)| *rate);
    let discount_percent = percent(discount);
    let entries: Vec<Entry> = items
        .iter()
        .map(|item| Entry {
            quantity: Decimal::new(writer.random.between(1, 3) * 1_000, 3),
            unit_price_cents: Cents::new(item.price_cents),
            discount_percent: percent(Decimal::ZERO),
            tax_percent: percent(Decimal::new(rate(&item.tax_class), 4)),
        })
        .collect();
    let totals = totals::totals(&entries, Discount::Percent(discount_percent)).expect("seeded prices are small");
    let (job_id, branch_id, estimate_id) = (estimate.job_id, estimate.branch_id, estimate.id);
    let position = |place: usize| i32::try_from(place + 1).unwrap_or(i32::MAX);
    let option = EstimateOption {
        id: writer.random.id(),
        rev: UNSAVED,
        job_id,
        branch_id,
        estimate_id,
        position: position(place),
        name: name.to_owned(),
        discount_percent,
        discount_fixed_cents: Cents::ZERO,
        subtotal_cents: totals.whole.gross_cents,
        discount_cents: totals.whole.discount_cents,
        tax_cents: totals.whole.tax_cents,
        total_cents: totals.whole.total_cents,
    };
    let lines = items.iter().zip(&entries).zip(&totals.lines).enumerate().map(|(place, ((item, entry), amounts))| {
        EstimateLine {
            id: writer.random.id(),
            rev: UNSAVED,
            job_id,
            branch_id,
            estimate_id,
            option_id: option.id,
            position: position(place),
            item_id: Some(item.id),
            pricebook_version_id: None,
            name: item.name.clone(),
            unit: item.unit.clone(),
            quantity: entry.quantity,
            unit_price_cents: entry.unit_price_cents,
            list_price_cents: Some(entry.unit_price_cents),
            discount_percent: entry.discount_percent,
            tax_class: item.tax_class.clone(),
            tax_percent: entry.tax_percent,
            gross_cents: amounts.gross_cents,
            discount_cents: amounts.discount_cents,
            tax_cents: amounts.tax_cents,
            total_cents: amounts.total_cents,
        }
    });
    let lines = lines.collect();
    (option, lines)
}

fn signature(
    writer: &mut Writer<'_>,
    organization: &Organization,
    estimate: &Estimate,
    option: &EstimateOption,
    lines: &[EstimateLine],
    signed_at: Timestamp,
) -> Signature {
    Signature {
        id: writer.random.id(),
        rev: UNSAVED,
        job_id: estimate.job_id,
        branch_id: estimate.branch_id,
        subject_kind: SubjectKind::EstimateOption,
        subject_id: option.id.uuid(),
        outcome: SignatureOutcome::Signed,
        signer_name: Some("The customer".to_owned()),
        signer_relation: Some(SignerRelation::Customer),
        document_hash: document::estimate_option(organization, estimate, option, lines).hash().to_vec(),
        strokes: Some(vec![1, 40, 60, 2, 80, 20, 2, 120, 60]),
        refusal_reason: None,
        signed_at,
        user_id: estimate.user_id,
    }
}
