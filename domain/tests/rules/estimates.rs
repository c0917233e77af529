//! Estimates on site.

use satchel_domain::{
    mutations::*,
    roles,
    rules::{
        limits,
        money::{Cents, LARGEST_CENTS},
        offering::{NewLine, NewOption},
    },
    tables::*,
};
use satchel_protocol::Id;
use uuid::Uuid;

use super::signatures::{capture, document_hash};
use crate::support::*;

pub const ESTIMATE: Id<Estimate> = Id::new(Uuid::from_u128(0xe57));
pub const GOOD: Id<EstimateOption> = Id::new(Uuid::from_u128(0x600d));
pub const BETTER: Id<EstimateOption> = Id::new(Uuid::from_u128(0x600e));

pub fn line(number: u128) -> NewLine {
    NewLine {
        line_id: id(number),
        item_id: Some(PIPE),
        name: None,
        unit: None,
        unit_price_cents: None,
        tax_class: None,
        quantity: "2".parse().unwrap(),
        discount_percent: None,
    }
}

fn free(number: u128, cents: i64) -> NewLine {
    let (name, unit_price_cents) = (Some("Crane".to_owned()), Some(Cents::new(cents)));
    NewLine { item_id: None, name, unit_price_cents, ..line(number) }
}

pub fn option(option_id: Id<EstimateOption>, lines: Vec<NewLine>) -> NewOption {
    NewOption { option_id, name: "Good".into(), lines }
}

pub fn generate() -> GenerateEstimate {
    GenerateEstimate {
        job_id: JOB,
        estimate_id: ESTIMATE,
        title: None,
        valid_until: None,
        options: vec![option(GOOD, vec![line(1), free(2, 10_000)]), option(BETTER, vec![line(3)])],
    }
}

pub fn add(option_id: Id<EstimateOption>, line: NewLine) -> AddEstimateLine {
    AddEstimateLine { job_id: JOB, estimate_id: ESTIMATE, option_id, line }
}

pub fn change(number: u128) -> ChangeEstimateLine {
    ChangeEstimateLine {
        job_id: JOB,
        estimate_id: ESTIMATE,
        line_id: id(number),
        quantity: None,
        name: None,
        unit_price_cents: None,
        discount_percent: None,
    }
}

pub fn discount(option_id: Id<EstimateOption>, percent: Option<&str>, cents: Option<i64>) -> SetEstimateDiscount {
    SetEstimateDiscount {
        job_id: JOB,
        estimate_id: ESTIMATE,
        option_id,
        percent: percent.map(|percent| percent.parse().unwrap()),
        amount_cents: cents.map(Cents::new),
    }
}

pub fn remove(number: u128) -> RemoveEstimateLine {
    RemoveEstimateLine { job_id: JOB, estimate_id: ESTIMATE, line_id: id(number) }
}

pub fn present() -> PresentEstimate {
    PresentEstimate { job_id: JOB, estimate_id: ESTIMATE, valid_until: None }
}

pub fn approve(signature: u128) -> ApproveEstimate {
    ApproveEstimate { job_id: JOB, estimate_id: ESTIMATE, option_id: GOOD, signature_id: id(signature) }
}

pub fn decline(reason: &str) -> DeclineEstimate {
    DeclineEstimate { job_id: JOB, estimate_id: ESTIMATE, reason: reason.into() }
}

pub fn revise(number: u128) -> ReviseEstimate {
    ReviseEstimate { job_id: JOB, estimate_id: ESTIMATE, revision_id: id(number) }
}

/// Alice at work, with an estimate: 8.25 % tax, good at 25.00 and 200.00 net, better at 25.00.
pub fn offered() -> World {
    let mut world = World::at_work();
    let percent = "8.25".parse().unwrap();
    let rate = SetTaxRate { branch_id: BRANCH, tax_class: TaxClass::Standard, percent };
    world.run(&with_role(roles::OWNER), &rate).unwrap();
    world.run(&technician(ALICE), &generate()).unwrap();
    world
}

/// The estimate is presented, and the good option signed.
pub fn signed() -> World {
    let mut world = offered();
    let alice = technician(ALICE);
    world.run(&alice, &present()).unwrap();
    let hash = document_hash(&world, GOOD);
    world.run(&alice, &capture(0x516, GOOD, &hash)).unwrap();
    world
}

fn amounts(world: &World, option: Id<EstimateOption>) -> [i64; 4] {
    let option = world.get(option);
    [option.subtotal_cents, option.discount_cents, option.tax_cents, option.total_cents].map(Cents::get)
}

#[test]
fn an_estimate_is_written_in_one_go() {
    let mut world = World::at_work();
    let written = world.run(&technician(ALICE), &generate()).unwrap();
    assert_eq!(written.number, "E1");
    let totals: Vec<_> = written.options.iter().map(|option| option.total_cents.get()).collect();
    assert_eq!(totals, [22_500, 2_500], "no rates, no tax");
    let estimate = world.get(ESTIMATE);
    assert_eq!((estimate.state, estimate.customer_id), (EstimateState::Draft, CUSTOMER));
    assert_eq!(estimate.title, "Furnace is cold", "the job's title");
    let first: EstimateLine = world.get(id(1));
    assert_eq!((first.name.as_str(), first.unit.as_str()), ("Copper pipe", "foot"));
    assert_eq!((first.unit_price_cents.get(), first.list_price_cents), (1_250, Some(Cents::new(1_250))));
    let second: EstimateLine = world.get(id(2));
    assert_eq!((second.unit.as_str(), second.list_price_cents, second.position), ("each", None, 2));
}

#[test]
fn amounts_follow_every_change() {
    let mut world = offered();
    let alice = technician(ALICE);
    assert_eq!(amounts(&world, GOOD), [22_500, 0, 1_856, 24_356]);
    world.run(&alice, &add(GOOD, free(5, 333))).unwrap();
    // 6.66 more: 231.66, tax 19.11.
    assert_eq!(amounts(&world, GOOD), [23_166, 0, 1_911, 25_077]);
    world.run(&alice, &remove(5)).unwrap();
    let quantity = Some("3".parse().unwrap());
    world.run(&alice, &ChangeEstimateLine { quantity, ..change(1) }).unwrap();
    let off = Some("10".parse().unwrap());
    world.run(&alice, &ChangeEstimateLine { discount_percent: off, ..change(2) }).unwrap();
    world.run(&alice, &discount(GOOD, None, Some(175))).unwrap();
    assert_eq!(amounts(&world, GOOD), [23_750, 2_175, 1_780, 23_355]);
    let lines: Vec<_> = world.all::<EstimateLine>().into_iter().filter(|line| line.option_id == GOOD).collect();
    let sum = |amount: fn(&EstimateLine) -> Cents| lines.iter().map(|line| amount(line).get()).sum::<i64>();
    assert_eq!(sum(|line| line.total_cents), 23_355);
    assert_eq!(sum(|line| line.discount_cents), 2_175);
    world.run(&alice, &discount(GOOD, None, None)).unwrap();
    assert_eq!(amounts(&world, GOOD)[1], 2_000, "the line keeps its own");
    assert_eq!(amounts(&world, BETTER), [2_500, 0, 206, 2_706], "the other option is left alone");
}

#[test]
fn a_price_the_customer_was_told_holds() {
    let mut world = World::at_work();
    let item = world.get(PIPE);
    world.put(&PricebookItem { price_cents: 1_400, name: "Copper pipe, new".into(), ..item });
    let told = NewLine { unit_price_cents: Some(Cents::new(1_250)), name: Some("Copper pipe".into()), ..line(1) };
    let estimate = GenerateEstimate { options: vec![option(GOOD, vec![told])], ..generate() };
    world.run(&technician(ALICE), &estimate).unwrap();
    let line: EstimateLine = world.get(id(1));
    assert_eq!((line.unit_price_cents.get(), line.list_price_cents), (1_250, Some(Cents::new(1_400))));
    assert_eq!(line.name, "Copper pipe");
    // Later changes of the pricebook reach no line.
    let item = world.get(PIPE);
    world.put(&PricebookItem { price_cents: 9_999, ..item });
    world.run(&technician(ALICE), &discount(GOOD, Some("1"), None)).unwrap();
    assert_eq!(world.get::<EstimateLine>(id(1)).unit_price_cents.get(), 1_250);
}

#[test]
fn a_technician_goes_no_further_below_the_pricebook_than_allowed() {
    let mut world = offered();
    let alice = technician(ALICE);
    world.run(&alice, &discount(GOOD, Some("15"), None)).unwrap();
    assert_eq!(world.refusal(&alice, &discount(GOOD, Some("15.01"), None)), "estimate.discount_needs_office");
    assert_eq!(world.refusal(&alice, &discount(BETTER, None, Some(376))), "estimate.discount_needs_office");
    // Neither by the line's discount, nor by telling a low price, nor by both together.
    let off = ChangeEstimateLine { discount_percent: Some("16".parse().unwrap()), ..change(3) };
    assert_eq!(world.refusal(&alice, &off), "estimate.discount_needs_office");
    let low = ChangeEstimateLine { unit_price_cents: Some(Cents::new(1_000)), ..change(3) };
    assert_eq!(world.refusal(&alice, &low), "estimate.discount_needs_office");
    world.run(&alice, &ChangeEstimateLine { unit_price_cents: Some(Cents::new(1_150)), ..change(3) }).unwrap();
    assert_eq!(world.refusal(&alice, &discount(BETTER, Some("10"), None)), "estimate.discount_needs_office");
    // The office may, and then the technician works on with it, but no further.
    world.run(&dispatcher(), &discount(BETTER, Some("50"), None)).unwrap();
    world.run(&alice, &add(BETTER, line(9))).unwrap();
    assert_eq!(world.refusal(&alice, &discount(BETTER, Some("51"), None)), "estimate.discount_needs_office");
    world.run(&alice, &discount(BETTER, Some("20"), None)).expect("less than the office gave");
    assert_eq!(world.refusal(&alice, &discount(BETTER, Some("21"), None)), "estimate.discount_needs_office");
}

#[test]
fn only_technicians_on_the_job_and_the_office_write() {
    for role in roles::ALL {
        let mut world = World::at_work();
        let person = with_role(role);
        if *role == roles::TECHNICIAN {
            assert_eq!(world.refusal(&person, &generate()), "role.no_technician");
        } else {
            world.run(&person, &generate()).unwrap();
            world.run(&person, &discount(GOOD, Some("40"), None)).unwrap();
        }
    }
    let mut world = offered();
    assert_eq!(world.refusal(&technician(BOB), &generate()), "job.not_assigned");
    assert_eq!(world.refusal(&technician(BOB), &present()), "job.not_assigned");
    let job = world.get(JOB);
    world.put(&Job { state: JobState::Closed, ..job });
    assert_eq!(world.refusal(&dispatcher(), &present()), "estimate.job_closed");
}

#[test]
fn what_is_asked_makes_sense() {
    let mut world = offered();
    let alice = technician(ALICE);
    let mut refuse = |change: &dyn Fn(&mut NewLine)| {
        let mut line = line(9);
        change(&mut line);
        world.refusal(&alice, &add(GOOD, line))
    };
    let number = |text: &str| text.parse().unwrap();
    assert_eq!(refuse(&|line| line.quantity = number("-1")), "estimate.quantity_negative");
    assert_eq!(refuse(&|line| line.quantity = number("0")), "estimate.quantity_zero");
    assert_eq!(refuse(&|line| line.quantity = number("0.0001")), "estimate.quantity_too_fine");
    assert_eq!(refuse(&|line| line.quantity = number("1000000000000000000000000000")), "estimate.quantity_too_large");
    assert_eq!(refuse(&|line| line.discount_percent = Some(number("101"))), "estimate.discount_percent_out_of_range");
    assert_eq!(refuse(&|line| line.discount_percent = Some(number("-1"))), "estimate.discount_percent_out_of_range");
    assert_eq!(refuse(&|line| line.unit_price_cents = Some(Cents::new(-1))), "estimate.unit_price_negative");
    assert_eq!(refuse(&|line| line.unit_price_cents = Some(Cents::new(i64::MAX))), "estimate.unit_price_too_large");
    assert_eq!(refuse(&|line| line.unit_price_cents = Some(Cents::new(LARGEST_CENTS))), "money.too_large");
    assert_eq!(refuse(&|line| line.name = Some("a\0".into())), "estimate.line_name_nul");
    assert_eq!(refuse(&|line| line.name = Some("x".repeat(10_000_000))), "estimate.line_name_too_long");
    assert_eq!(refuse(&|line| line.unit = Some("x".repeat(33))), "estimate.unit_too_long");
    assert_eq!(refuse(&|line| line.item_id = Some(OLD_PIPE)), "estimate.item_inactive");
    assert_eq!(refuse(&|line| line.item_id = Some(id(404))), "pricebook_item.not_found");
    assert_eq!(refuse(&|line| line.item_id = None), "estimate.line_name_empty");
    assert_eq!(
        refuse(&|line| (line.item_id, line.name) = (None, Some("🔥 \u{202e}כן".into()))),
        "estimate.unit_price_missing"
    );
    assert_eq!(refuse(&|line| line.line_id = id(1)), "estimate_line.exists");
    let unknown = NewLine { tax_class: Some("magic".into()), ..free(9, 1) };
    assert_eq!(world.refusal(&alice, &add(GOOD, unknown)), "pricebook.tax_class");
    assert_eq!(world.refusal(&alice, &add(id(404), line(9))), "estimate_option.not_found");
    assert_eq!(world.refusal(&alice, &change(1)), "estimate.nothing_to_change");
    let rename = ChangeEstimateLine { name: Some("x".into()), ..change(404) };
    assert_eq!(world.refusal(&alice, &rename), "estimate_line.not_found");
    assert_eq!(world.refusal(&alice, &remove(404)), "estimate_line.not_found");
    assert_eq!(world.refusal(&dispatcher(), &discount(GOOD, None, Some(22_501))), "money.discount_too_large");
    assert_eq!(world.refusal(&alice, &discount(GOOD, None, Some(-1))), "estimate.discount_negative");
    assert_eq!(world.refusal(&alice, &discount(GOOD, Some("1"), Some(1))), "estimate.discount_twice");
    assert_eq!(world.refusal(&alice, &discount(id(404), Some("1"), None)), "estimate_option.not_found");
    assert_eq!(world.refusal(&alice, &generate()), "estimate.exists");
    let missing = PresentEstimate { estimate_id: id(404), ..present() };
    assert_eq!(world.refusal(&alice, &missing), "estimate.not_found");
    world.run(&dispatcher(), &create_job(id(0x20b))).unwrap();
    let elsewhere = PresentEstimate { job_id: id(0x20b), ..present() };
    assert_eq!(world.refusal(&dispatcher(), &elsewhere), "estimate.other_job");
}

#[test]
fn a_title_and_dates_make_sense() {
    let mut world = World::at_work();
    let alice = technician(ALICE);
    let until = |instant: &str| GenerateEstimate { valid_until: Some(instant.parse().unwrap()), ..generate() };
    assert_eq!(world.refusal(&alice, &until("1970-01-01T00:00:00Z")), "estimate.valid_until_date");
    assert_eq!(world.refusal(&alice, &until("2400-01-01T00:00:00Z")), "estimate.valid_until_date");
    assert_eq!(world.refusal(&alice, &until("2026-11-21T08:00:00Z")), "estimate.valid_until_past");
    let long = GenerateEstimate { title: Some("x".repeat(201)), ..generate() };
    assert_eq!(world.refusal(&alice, &long), "estimate.title_too_long");
    let nameless = NewOption { name: " ".into(), ..option(GOOD, vec![]) };
    let nameless = GenerateEstimate { options: vec![nameless], ..generate() };
    assert_eq!(world.refusal(&alice, &nameless), "estimate.option_name_empty");
}

#[test]
fn there_are_bounds_on_how_many() {
    let mut world = World::at_work();
    let alice = technician(ALICE);
    let options = |count: usize| (0..count as u128).map(|number| option(id(0x100 + number), vec![])).collect();
    let most = GenerateEstimate { options: options(limits::OPTIONS_PER_ESTIMATE), ..generate() };
    let more = GenerateEstimate { options: options(limits::OPTIONS_PER_ESTIMATE + 1), ..generate() };
    assert_eq!(world.refusal(&alice, &more), "estimate.too_many_options");
    world.run(&alice, &most).unwrap();
    let one_more = AddEstimateOption { job_id: JOB, estimate_id: ESTIMATE, option: option(GOOD, vec![]) };
    assert_eq!(world.refusal(&alice, &one_more), "estimate.too_many_options");
    let lines = (0..=limits::LINES_PER_OPTION as u128).map(|number| free(0x1000 + number, 1)).collect();
    let long = GenerateEstimate { estimate_id: id(2), options: vec![option(GOOD, lines)], ..generate() };
    assert_eq!(world.refusal(&alice, &long), "estimate.too_many_lines");
    for number in 1..limits::ESTIMATES_PER_JOB as u128 {
        let another = GenerateEstimate { estimate_id: id(0x200 + number), options: vec![], ..generate() };
        let written = world.run(&alice, &another).unwrap();
        assert_eq!(written.number, format!("E{}", number + 1));
    }
    let another = GenerateEstimate { estimate_id: id(0x300), options: vec![], ..generate() };
    assert_eq!(world.refusal(&alice, &another), "estimate.too_many");
}

#[test]
fn what_was_presented_and_changed_is_presented_again() {
    let mut world = offered();
    let alice = technician(ALICE);
    let empty = AddEstimateOption { job_id: JOB, estimate_id: ESTIMATE, option: option(id(7), vec![]) };
    world.run(&alice, &empty).unwrap();
    assert_eq!(world.refusal(&alice, &present()), "estimate.empty");
    world.run(&alice, &add(id(7), line(8))).unwrap();
    assert_eq!(world.refusal(&alice, &decline("Too dear")), "estimate.state");
    world.run(&alice, &present()).unwrap();
    world.run(&alice, &remove(8)).unwrap();
    assert_eq!(world.get(ESTIMATE).state, EstimateState::Draft);
    assert_eq!(world.refusal(&alice, &present()), "estimate.empty");
}

#[test]
fn a_signed_option_is_approved_and_never_edited_again() {
    let mut world = signed();
    let alice = technician(ALICE);
    let all_refused = |world: &mut World| {
        let rename = ChangeEstimateLine { name: Some("x".into()), ..change(1) };
        let option = AddEstimateOption { job_id: JOB, estimate_id: ESTIMATE, option: option(id(7), vec![]) };
        for person in [technician(ALICE), dispatcher()] {
            let reasons = [
                world.refusal(&person, &add(GOOD, line(9))),
                world.refusal(&person, &rename),
                world.refusal(&person, &remove(3)),
                world.refusal(&person, &option),
                world.refusal(&person, &discount(GOOD, None, None)),
                world.refusal(&person, &present()),
                world.refusal(&person, &decline("No")),
            ];
            assert!(reasons.iter().all(|reason| reason == "estimate.signed"), "{reasons:?}");
        }
    };
    all_refused(&mut world);
    let other = ApproveEstimate { option_id: BETTER, ..approve(0x516) };
    assert_eq!(world.refusal(&alice, &other), "estimate.not_signed");
    assert_eq!(world.refusal(&alice, &approve(404)), "signature.not_found");
    world.minutes = 100;
    let moved = world.run(&alice, &approve(0x516)).unwrap();
    assert_eq!(moved.state, EstimateState::Approved);
    let estimate = world.get(ESTIMATE);
    assert_eq!((estimate.approved_option_id, estimate.decided_at), (Some(GOOD), Some(at(100))));
    all_refused(&mut world);
    assert_eq!(world.refusal(&alice, &approve(0x516)), "estimate.state");
}

#[test]
fn nothing_is_approved_without_a_signature_on_what_it_is() {
    let mut world = offered();
    let alice = technician(ALICE);
    assert_eq!(world.refusal(&alice, &approve(0x516)), "estimate.state");
    world.run(&alice, &present()).unwrap();
    assert_eq!(world.refusal(&alice, &approve(0x516)), "signature.not_found");
    let refused = RefuseSignature {
        job_id: JOB,
        signature_id: id(0x517),
        subject_kind: SubjectKind::EstimateOption,
        subject_id: GOOD.uuid(),
        document_hash: document_hash(&world, GOOD),
        signer_name: None,
        signer_relation: None,
        reason: "Not today".into(),
    };
    world.run(&alice, &refused).unwrap();
    assert_eq!(world.refusal(&alice, &approve(0x517)), "estimate.not_signed");
    // Should a row have been changed past the rules, the signature does not cover it.
    let mut world = signed();
    let line: EstimateLine = world.get(id(1));
    world.put(&EstimateLine { name: "Gold pipe".into(), ..line });
    assert_eq!(world.refusal(&alice, &approve(0x516)), "estimate.signature_of_other_document");
}

#[test]
fn an_estimate_that_is_over_is_not_approved() {
    let mut world = offered();
    let alice = technician(ALICE);
    let valid = PresentEstimate { valid_until: Some(at(60)), ..present() };
    world.run(&alice, &valid).unwrap();
    let expire = ExpireEstimate { job_id: JOB, estimate_id: ESTIMATE };
    assert_eq!(world.refusal(&dispatcher(), &expire), "estimate.still_valid");
    let hash = document_hash(&world, GOOD);
    world.minutes = 60;
    assert_eq!(world.refusal(&alice, &capture(0x516, GOOD, &hash)), "estimate.expired");
    world.minutes = 59;
    world.run(&alice, &capture(0x516, GOOD, &hash)).unwrap();
    world.minutes = 600;
    assert_eq!(world.refusal(&dispatcher(), &expire), "estimate.signed");
    world.run(&alice, &approve(0x516)).expect("it was signed in time");

    let mut world = offered();
    world.run(&alice, &valid).unwrap();
    world.minutes = 60;
    assert_eq!(world.run(&dispatcher(), &expire).unwrap().state, EstimateState::Expired);
    assert_eq!(world.refusal(&alice, &present()), "estimate.expired");
}

#[test]
fn a_declined_estimate_is_replaced_at_once() {
    let mut world = offered();
    let alice = technician(ALICE);
    assert_eq!(world.refusal(&alice, &revise(2)), "estimate.state");
    world.run(&alice, &discount(GOOD, Some("10"), None)).unwrap();
    world.run(&alice, &present()).unwrap();
    assert_eq!(world.refusal(&alice, &decline(" ")), "estimate.reason_empty");
    assert_eq!(world.refusal(&alice, &decline(&"x".repeat(2_001))), "estimate.reason_too_long");
    world.run(&alice, &decline("Too dear")).unwrap();
    let item = world.get(PIPE);
    world.put(&PricebookItem { price_cents: 9_999, ..item });
    let revised = world.run(&alice, &revise(2)).unwrap();
    assert_eq!(revised.number, "E2");
    let totals: Vec<_> = revised.options.iter().map(|option| option.total_cents).collect();
    assert_eq!(totals, [world.get(GOOD).total_cents, world.get(BETTER).total_cents], "prices as they stood");
    assert_eq!(world.get(ESTIMATE).state, EstimateState::Superseded);
    let new: Estimate = world.get(id(2));
    assert_eq!((new.state, new.supersedes_id), (EstimateState::Draft, Some(ESTIMATE)));
    assert_eq!(world.refusal(&alice, &revise(3)), "estimate.state");
}

#[test]
fn a_signed_estimate_stands_until_its_revision_is_approved() {
    let mut world = signed();
    let alice = technician(ALICE);
    world.run(&alice, &approve(0x516)).unwrap();
    let revised = world.run(&alice, &revise(2)).unwrap();
    assert_eq!(world.get(ESTIMATE).state, EstimateState::Approved);
    world.run(&alice, &PresentEstimate { estimate_id: id(2), ..present() }).unwrap();
    let option = revised.options[0].option_id;
    let hash = document_hash(&world, option);
    world.run(&alice, &capture(0x518, option, &hash)).unwrap();
    let approve = ApproveEstimate { estimate_id: id(2), option_id: option, ..approve(0x518) };
    world.run(&alice, &approve).unwrap();
    assert_eq!(world.get(ESTIMATE).state, EstimateState::Superseded);
    assert_eq!(world.get::<Estimate>(id(2)).state, EstimateState::Approved);
}

#[test]
fn a_discount_the_office_gave_lives_on_in_a_revision() {
    let mut world = offered();
    let alice = technician(ALICE);
    world.run(&dispatcher(), &discount(GOOD, Some("40"), None)).unwrap();
    world.run(&alice, &present()).unwrap();
    let revised = world.run(&alice, &revise(2)).unwrap();
    assert_eq!(revised.options[0].total_cents, world.get(GOOD).total_cents);
}
