//! Signatures.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use satchel_domain::{mutations::*, rules::document, tables::*};
use satchel_protocol::Id;
use uuid::Uuid;

use super::estimates::{BETTER, GOOD, offered, present, signed};
use crate::support::*;

/// The hash that an app shows for an option.
pub fn document_hash(world: &World, option: Id<EstimateOption>) -> String {
    let option = world.get(option);
    let estimate = world.get(option.estimate_id);
    let organization: Organization = world.get(id(1));
    STANDARD.encode(document::estimate_option(&organization, &estimate, &option, &world.all()).hash())
}

fn visit_hash(world: &World) -> String {
    let organization: Organization = world.get(id(1));
    STANDARD.encode(document::visit(&organization, &world.get(VISIT), &world.all()).hash())
}

pub fn capture(number: u128, option: Id<EstimateOption>, hash: &str) -> CaptureSignature {
    CaptureSignature {
        job_id: JOB,
        signature_id: id(number),
        subject_kind: SubjectKind::EstimateOption,
        subject_id: option.uuid(),
        document_hash: hash.to_owned(),
        signer_name: "Ada".into(),
        signer_relation: SignerRelation::Customer,
        strokes: STANDARD.encode([1, 2, 3]),
    }
}

fn refuse(number: u128, option: Id<EstimateOption>, hash: &str) -> RefuseSignature {
    RefuseSignature {
        job_id: JOB,
        signature_id: id(number),
        subject_kind: SubjectKind::EstimateOption,
        subject_id: option.uuid(),
        document_hash: hash.to_owned(),
        signer_name: Some("Ada".into()),
        signer_relation: None,
        reason: "Wants to think about it".into(),
    }
}

#[test]
fn a_signature_is_bound_to_what_was_shown() {
    let mut world = offered();
    let alice = technician(ALICE);
    let hash = document_hash(&world, GOOD);
    assert_eq!(world.refusal(&alice, &capture(1, GOOD, &hash)), "signature.not_presented");
    world.run(&alice, &present()).unwrap();
    assert_eq!(world.refusal(&alice, &capture(1, GOOD, &document_hash(&world, BETTER))), "signature.document_changed");
    let rename = ChangeEstimateLine { name: Some("Gold pipe".into()), ..super::estimates::change(1) };
    world.run(&dispatcher(), &rename).unwrap();
    world.run(&alice, &present()).unwrap();
    assert_eq!(world.refusal(&alice, &capture(1, GOOD, &hash)), "signature.document_changed");
    world.minutes = 70;
    let hash = document_hash(&world, GOOD);
    world.run(&alice, &capture(1, GOOD, &hash)).unwrap();
    let signature: Signature = world.get(id(1));
    assert_eq!((signature.signed_at, signature.outcome), (at(70), SignatureOutcome::Signed));
    assert_eq!(signature.strokes, Some(vec![1, 2, 3]));
    assert_eq!(world.refusal(&alice, &capture(2, GOOD, &hash)), "signature.signed_already");
    let other = document_hash(&world, BETTER);
    assert_eq!(world.refusal(&alice, &capture(2, BETTER, &other)), "estimate.signed");
    assert_eq!(world.refusal(&alice, &refuse(2, GOOD, &hash)), "signature.signed_already");
}

#[test]
fn a_document_tells_what_is_agreed_to_and_nothing_that_may_change() {
    let world = offered();
    let hash = document_hash(&world, GOOD);
    let estimate = world.get(super::estimates::ESTIMATE);
    let mut renumbered = world.clone();
    renumbered.put(&Estimate { number: "E7".into(), state: EstimateState::Presented, ..estimate.clone() });
    assert_eq!(document_hash(&renumbered, GOOD), hash);
    let line: EstimateLine = world.get(id(1));
    let other_line = |change: &dyn Fn(&mut EstimateLine)| {
        let (mut world, mut line) = (world.clone(), line.clone());
        change(&mut line);
        world.put(&line);
        document_hash(&world, GOOD)
    };
    assert_ne!(other_line(&|line| line.name = "Gold pipe".into()), hash);
    assert_ne!(other_line(&|line| line.quantity = "3.000".parse().unwrap()), hash);
    assert_ne!(other_line(&|line| line.unit_price_cents = satchel_domain::rules::money::Cents::new(1)), hash);
    assert_ne!(other_line(&|line| line.id = id(77)), hash, "a line more");
    assert_eq!(other_line(&|line| line.option_id = BETTER).len(), hash.len());
    // A name cannot pretend to be another line of the document.
    let forged = other_line(&|line| line.name = "Pipe\"\nquantity \"1".into());
    assert_ne!(forged, hash);
    let organization: Organization = world.get(id(1));
    let forged = Organization { name: "x\ncurrency \"EUR\"".into(), ..organization };
    let text = document::Document::of("visit/1", &forged).text().to_owned();
    assert_eq!(text.lines().count(), 4, "{text}");
}

/// Signatures made by this form must stay good: a change of the text is a new form.
#[test]
fn the_form_of_a_document_is_fixed() {
    let world = offered();
    let organization: Organization = world.get(id(1));
    let option = world.get(BETTER);
    let text = document::estimate_option(&organization, &world.get(option.estimate_id), &option, &world.all());
    let zeros = "00000000-0000-0000-0000-00000000";
    let expected = format!(
        r#"satchel estimate_option/1
organization "{zeros}0001"
organization_name "Testing & Sons"
currency "USD"
estimate "{zeros}0e57"
job "{zeros}010b"
customer "{zeros}00c1"
title "Furnace is cold"
option "{zeros}600e"
option_name "Good"
line "{zeros}0003"
item "{zeros}091e"
name "Copper pipe"
quantity "2.000"
unit "foot"
unit_price_cents "1250"
gross_cents "2500"
discount_cents "0"
tax_percent "8.2500"
tax_cents "206"
subtotal_cents "2500"
discount_cents "0"
tax_cents "206"
total_cents "2706"
"#
    );
    assert_eq!(text.text(), expected);
}

#[test]
fn a_refusal_is_kept_and_binds_nobody() {
    let mut world = offered();
    let alice = technician(ALICE);
    world.run(&alice, &present()).unwrap();
    let hash = document_hash(&world, GOOD);
    let silent = RefuseSignature { reason: " ".into(), ..refuse(1, GOOD, &hash) };
    assert_eq!(world.refusal(&alice, &silent), "signature.reason_empty");
    world.run(&alice, &refuse(1, GOOD, &hash)).unwrap();
    let row: Signature = world.get(id(1));
    assert_eq!((row.outcome, row.strokes), (SignatureOutcome::Refused, None));
    world.run(&alice, &capture(2, GOOD, &hash)).unwrap();
}

#[test]
fn what_is_captured_makes_sense() {
    let mut world = offered();
    let alice = technician(ALICE);
    world.run(&alice, &present()).unwrap();
    let hash = document_hash(&world, GOOD);
    let mut refused = |change: &dyn Fn(&mut CaptureSignature)| {
        let mut capture = capture(1, GOOD, &hash);
        change(&mut capture);
        world.refusal(&alice, &capture)
    };
    assert_eq!(refused(&|capture| capture.signer_name = "\n".into()), "signature.signer_empty");
    assert_eq!(refused(&|capture| capture.signer_name = "A\0".into()), "signature.signer_nul");
    assert_eq!(refused(&|capture| capture.signer_name = "x".repeat(201)), "signature.signer_too_long");
    assert_eq!(refused(&|capture| capture.signer_relation = "pet".into()), "signature.signer_relation");
    assert_eq!(refused(&|capture| capture.strokes = String::new()), "signature.strokes_empty");
    assert_eq!(refused(&|capture| capture.strokes = "?".into()), "signature.strokes");
    assert_eq!(refused(&|capture| capture.strokes = "A".repeat(10_000_000)), "signature.strokes_too_large");
    assert_eq!(refused(&|capture| capture.strokes = STANDARD.encode([0; 65_537])), "signature.strokes_too_large");
    assert_eq!(refused(&|capture| capture.document_hash = "x".repeat(44)), "signature.document_hash");
    assert_eq!(refused(&|capture| capture.document_hash = String::new()), "signature.document_hash");
    assert_eq!(refused(&|capture| capture.document_hash = STANDARD.encode([0; 32])), "signature.document_changed");
    assert_eq!(refused(&|capture| capture.subject_kind = "moon".into()), "signature.subject_kind");
    assert_eq!(refused(&|capture| capture.subject_id = Uuid::from_u128(404)), "estimate_option.not_found");
    assert_eq!(refused(&|capture| capture.job_id = id(404)), "job.not_found");
    world.run(&dispatcher(), &create_job(id(0x20b))).unwrap();
    let elsewhere = CaptureSignature { job_id: id(0x20b), ..capture(1, GOOD, &hash) };
    assert_eq!(world.refusal(&dispatcher(), &elsewhere), "signature.other_job");
    assert_eq!(world.refusal(&technician(BOB), &capture(1, GOOD, &hash)), "job.not_assigned");
    assert_eq!(world.refusal(&with_role("technician"), &capture(1, GOOD, &hash)), "role.no_technician");
    let strokes = STANDARD.encode([0; 65_536]);
    world.run(&alice, &CaptureSignature { strokes, ..capture(1, GOOD, &hash) }).unwrap();
}

#[test]
fn the_work_of_a_visit_is_signed_once_it_is_over() {
    let mut world = World::at_work();
    let alice = technician(ALICE);
    let (material_id, quantity) = (id(0x3a7), "2".parse().unwrap());
    let add = AddMaterial { job_id: JOB, visit_id: VISIT, material_id, item_id: PIPE, quantity };
    world.run(&alice, &add).unwrap();
    let of_visit = |hash: &str| CaptureSignature {
        subject_kind: SubjectKind::Visit,
        subject_id: VISIT.uuid(),
        ..capture(1, GOOD, hash)
    };
    assert_eq!(world.refusal(&alice, &of_visit(&visit_hash(&world))), "signature.visit_not_over");
    world.run(&alice, &complete()).unwrap();
    let before = visit_hash(&world);
    let quantity = "3".parse().unwrap();
    let correct = CorrectMaterial { job_id: JOB, visit_id: VISIT, material_id, quantity };
    world.run(&dispatcher(), &correct).unwrap();
    assert_eq!(world.refusal(&alice, &of_visit(&before)), "signature.document_changed");
    let now = visit_hash(&world);
    world.run(&alice, &of_visit(&now)).unwrap();
    assert_eq!(world.refusal(&dispatcher(), &correct), "visit.signed");
    let another = AddMaterial { material_id: id(0x3a8), ..add };
    assert_eq!(world.refusal(&dispatcher(), &another), "visit.signed");
}

#[test]
fn a_closed_job_takes_no_signature() {
    let mut world = signed();
    let job = world.get(JOB);
    world.put(&Job { state: JobState::Canceled, ..job });
    let hash = document_hash(&world, GOOD);
    assert_eq!(world.refusal(&technician(ALICE), &capture(9, GOOD, &hash)), "signature.job_closed");
}
