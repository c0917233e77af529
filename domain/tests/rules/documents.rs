//! Required documents, and what they block.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use satchel_domain::{mutations::*, rules::document, tables::*};
use satchel_protocol::Id;
use uuid::Uuid;

use crate::support::*;

const PHOTO: Id<RequiredDocument> = Id::new(Uuid::from_u128(0xd0c));
const CAPTURED: Uuid = Uuid::from_u128(0x9407);

fn require() -> RequireDocument {
    RequireDocument {
        document_id: PHOTO,
        job_id: JOB,
        visit_id: None,
        kind: DocumentKind::Photo,
        title: "Photo of the meter".into(),
        required: true,
    }
}

fn satisfy() -> SatisfyDocument {
    SatisfyDocument { job_id: JOB, visit_id: VISIT, document_id: PHOTO, reference_id: CAPTURED }
}

fn waive() -> WaiveDocument {
    WaiveDocument { job_id: JOB, document_id: PHOTO, reason: "Meter was removed.".into() }
}

fn world() -> World {
    let mut world = World::at_work();
    world.run(&dispatcher(), &require()).unwrap();
    world
}

#[test]
fn an_open_required_document_blocks_completion() {
    let mut world = world();
    let alice = technician(ALICE);
    let blocked = world.run(&alice, &complete()).unwrap_err();
    assert_eq!(blocked.reason, "visit.documents_open");
    assert!(blocked.message.contains("Photo of the meter"), "{}", blocked.message);
    world.minutes = 7;
    assert_eq!(world.run(&alice, &satisfy()).unwrap().state, DocumentState::Satisfied);
    let document = world.get(PHOTO);
    assert_eq!((document.reference_id, document.settled_at), (Some(CAPTURED), Some(at(7))));
    let better = SatisfyDocument { reference_id: Uuid::from_u128(2), ..satisfy() };
    world.run(&alice, &better).expect("a better photo may follow");
    world.run(&alice, &complete()).unwrap();
    assert_eq!(world.refusal(&alice, &satisfy()), "visit.closed");
}

#[test]
fn other_endings_and_voluntary_documents_block_nothing() {
    let mut world = World::at_work();
    world.run(&dispatcher(), &RequireDocument { required: false, ..require() }).unwrap();
    world.run(&technician(ALICE), &complete()).unwrap();
    let mut world = self::world();
    let partly = CompleteVisitPartially { job_id: JOB, visit_id: VISIT, outcome: None };
    world.run(&technician(ALICE), &partly).unwrap();
}

#[test]
fn the_office_can_do_without() {
    let mut world = world();
    assert_eq!(
        world.refusal(&dispatcher(), &WaiveDocument { reason: " ".into(), ..waive() }),
        "document.waive_reason_empty"
    );
    let long = WaiveDocument { reason: "x".repeat(2_001), ..waive() };
    assert_eq!(world.refusal(&dispatcher(), &long), "document.waive_reason_too_long");
    world.run(&dispatcher(), &waive()).unwrap();
    assert_eq!(world.refusal(&dispatcher(), &waive()), "document.state");
    assert_eq!(world.refusal(&technician(ALICE), &satisfy()), "document.state");
    world.run(&technician(ALICE), &complete()).unwrap();
}

#[test]
fn a_document_of_one_visit_blocks_that_visit_alone() {
    let mut world = World::at_work();
    let second: Id<Visit> = id(0x9999);
    world.run(&dispatcher(), &CreateVisit { job_id: JOB, planned: planned(second, 300, 360) }).unwrap();
    world.run(&dispatcher(), &RequireDocument { visit_id: Some(second), ..require() }).unwrap();
    assert_eq!(world.refusal(&technician(ALICE), &satisfy()), "document.other_visit");
    world.run(&technician(ALICE), &complete()).unwrap();
}

#[test]
fn a_checklist_satisfies_once_it_is_answered() {
    let mut world = World::at_work();
    let alice = technician(ALICE);
    world.run(&dispatcher(), &RequireDocument { kind: DocumentKind::Checklist, ..require() }).unwrap();
    let checklist_id: Id<Checklist> = id(0xc4ec);
    assert_eq!(world.refusal(&alice, &satisfy()), "checklist.not_found");
    let attach = AttachChecklist { job_id: JOB, visit_id: VISIT, checklist_id, template_id: TEMPLATE };
    world.run(&alice, &attach).unwrap();
    let this = SatisfyDocument { reference_id: checklist_id.uuid(), ..satisfy() };
    assert_eq!(world.refusal(&alice, &this), "document.checklist_open");
    let answer = world.all::<ChecklistAnswer>().into_iter().find(|answer| answer.item_id == GAS_OFF).unwrap();
    let answer = AnswerItem { job_id: JOB, visit_id: VISIT, answer_id: answer.id, value: "yes".into() };
    world.run(&alice, &answer).unwrap();
    world.run(&alice, &this).unwrap();
    world.run(&alice, &complete()).unwrap();
}

#[test]
fn what_is_asked_for_makes_sense() {
    let mut world = World::at_work();
    let office = dispatcher();
    for (wrong, reason) in [
        (RequireDocument { title: " ".into(), ..require() }, "document.title_empty"),
        (RequireDocument { title: "x".repeat(201), ..require() }, "document.title_too_long"),
        (RequireDocument { title: "\0x".into(), ..require() }, "document.title_nul"),
        (RequireDocument { kind: "poem".into(), ..require() }, "document.kind"),
        (RequireDocument { job_id: id(404), ..require() }, "job.not_found"),
        (RequireDocument { visit_id: Some(id(404)), ..require() }, "visit.not_found"),
    ] {
        assert_eq!(world.refusal(&office, &wrong), reason);
    }
    world.run(&office, &require()).unwrap();
    assert_eq!(world.refusal(&office, &require()), "required_document.exists");
    world.run(&office, &create_job(id(0x20b))).unwrap();
    let elsewhere = RequireDocument { document_id: id(2), visit_id: Some(VISIT), job_id: id(0x20b), ..require() };
    assert_eq!(world.refusal(&office, &elsewhere), "visit.other_job");
    assert_eq!(world.refusal(&office, &WaiveDocument { job_id: id(0x20b), ..waive() }), "document.other_job");
    let nil = SatisfyDocument { reference_id: Uuid::nil(), ..satisfy() };
    assert_eq!(world.refusal(&technician(ALICE), &nil), "document.reference");
    assert_eq!(world.refusal(&technician(BOB), &satisfy()), "visit.not_assigned");
    for number in 0..49 {
        world.run(&office, &RequireDocument { document_id: id(100 + number), ..require() }).unwrap();
    }
    assert_eq!(world.refusal(&office, &RequireDocument { document_id: id(3), ..require() }), "document.too_many");
    world.run(&office, &CancelJob { job_id: JOB, reason: "x".into() }).unwrap();
    assert_eq!(world.refusal(&office, &RequireDocument { document_id: id(3), ..require() }), "job.closed");
    assert_eq!(world.refusal(&office, &waive()), "job.closed");
}

#[test]
fn an_ended_visit_is_asked_nothing_more() {
    let mut world = World::at_work();
    world.run(&technician(ALICE), &complete()).unwrap();
    let late = RequireDocument { visit_id: Some(VISIT), ..require() };
    assert_eq!(world.refusal(&dispatcher(), &late), "visit.closed");
}

/// A signature on the document that is asked for, bound to it as it stands.
fn sign(world: &World, signature_id: Id<Signature>) -> CaptureSignature {
    let organization: Organization = world.get(id(1));
    CaptureSignature {
        job_id: JOB,
        signature_id,
        subject_kind: SubjectKind::RequiredDocument,
        subject_id: PHOTO.uuid(),
        document_hash: STANDARD.encode(document::required_document(&organization, &world.get(PHOTO)).hash()),
        signer_name: "Ada".into(),
        signer_relation: SignerRelation::Tenant,
        strokes: STANDARD.encode([1, 2, 3]),
    }
}

fn asks_for_a_signature() -> World {
    let mut world = World::at_work();
    let waiver = RequireDocument { kind: DocumentKind::Signature, title: "Work without permit".into(), ..require() };
    world.run(&dispatcher(), &waiver).unwrap();
    world
}

#[test]
fn a_signature_satisfies_once_it_is_given_on_the_document() {
    let mut world = asks_for_a_signature();
    let alice = technician(ALICE);
    let by = |signature: Id<Signature>| SatisfyDocument { reference_id: signature.uuid(), ..satisfy() };
    let (refused, given): (Id<Signature>, Id<Signature>) = (id(0x51), id(0x52));
    assert_eq!(world.refusal(&alice, &by(given)), "signature.not_found");

    let sign = sign(&world, given);
    let other_paper = CaptureSignature { document_hash: STANDARD.encode([7; 32]), ..sign.clone() };
    assert_eq!(world.refusal(&alice, &other_paper), "signature.document_changed");
    let refuse = RefuseSignature {
        job_id: JOB,
        signature_id: refused,
        subject_kind: SubjectKind::RequiredDocument,
        subject_id: PHOTO.uuid(),
        document_hash: sign.document_hash.clone(),
        signer_name: None,
        signer_relation: None,
        reason: "Wants to ask the landlord".into(),
    };
    world.run(&alice, &refuse).unwrap();
    assert_eq!(world.refusal(&alice, &by(refused)), "document.signature_refused");
    assert_eq!(world.refusal(&alice, &complete()), "visit.documents_open");

    world.run(&alice, &sign).unwrap();
    let hash = STANDARD.decode(&sign.document_hash).unwrap();
    assert_eq!(world.get(given).document_hash, hash);
    let again = CaptureSignature { signature_id: id(0x53), ..sign.clone() };
    assert_eq!(world.refusal(&alice, &again), "signature.signed_already");
    world.run(&alice, &by(given)).unwrap();
    let organization: Organization = world.get(id(1));
    let satisfied = document::required_document(&organization, &world.get(PHOTO));
    assert_eq!(satisfied.hash().to_vec(), hash, "being there changes nothing of what was signed");
    world.run(&alice, &complete()).unwrap();
}

#[test]
fn a_signature_on_something_else_satisfies_nothing() {
    let mut world = asks_for_a_signature();
    let alice = technician(ALICE);
    let given: Id<Signature> = id(0x52);
    let sign = sign(&world, given);
    world.run(&alice, &sign).unwrap();
    let row = world.get(given);
    let by = SatisfyDocument { reference_id: given.uuid(), ..satisfy() };
    for elsewhere in [
        Signature { subject_id: CAPTURED, ..row.clone() },
        Signature { subject_kind: SubjectKind::Visit, ..row.clone() },
        Signature { job_id: id(0x20b), ..row.clone() },
    ] {
        world.put(&elsewhere);
        assert_eq!(world.refusal(&alice, &by), "document.other_signature");
    }
    world.put(&Signature { subject_kind: SubjectKind::EstimateOption, subject_id: CAPTURED, ..row.clone() });
    world.clone().run(&alice, &by).expect("an estimate is the job's");
    world.put(&Signature { subject_kind: SubjectKind::Visit, subject_id: VISIT.uuid(), ..row });
    world.run(&alice, &by).unwrap();
}

#[test]
fn only_a_document_that_asks_for_a_signature_is_signed() {
    let mut world = world();
    let alice = technician(ALICE);
    assert_eq!(world.refusal(&alice, &sign(&world.clone(), id(0x52))), "signature.document_kind");
    let mut world = asks_for_a_signature();
    let signature = sign(&world, id(0x52));
    world.run(&dispatcher(), &create_job(id(0x20b))).unwrap();
    let elsewhere = CaptureSignature { job_id: id(0x20b), ..signature.clone() };
    assert_eq!(world.refusal(&dispatcher(), &elsewhere), "signature.other_job");
    let missing = CaptureSignature { subject_id: CAPTURED, ..signature.clone() };
    assert_eq!(world.refusal(&alice, &missing), "required_document.not_found");
    assert_eq!(world.refusal(&technician(BOB), &signature), "job.not_assigned");
    world.run(&dispatcher(), &waive()).unwrap();
    assert_eq!(world.refusal(&alice, &signature), "signature.document_waived");
}

/// Signatures made by this form must stay good: a change of the text is a new form.
#[test]
fn the_form_of_a_document_to_sign_is_fixed() {
    let world = asks_for_a_signature();
    let organization: Organization = world.get(id(1));
    let text = document::required_document(&organization, &world.get(PHOTO));
    let zeros = "00000000-0000-0000-0000-00000000";
    let expected = format!(
        r#"satchel required_document/1
organization "{zeros}0001"
organization_name "Testing & Sons"
currency "USD"
required_document "{zeros}0d0c"
job "{zeros}010b"
visit "{zeros}0000"
title "Work without permit"
"#
    );
    assert_eq!(text.text(), expected);
}
