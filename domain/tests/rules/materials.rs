//! Materials used.

use satchel_domain::{mutations::*, tables::*};
use satchel_protocol::Id;

use crate::support::*;

const LINE: Id<MaterialUsed> = Id::new(uuid::Uuid::from_u128(0x11e));

fn add(quantity: &str) -> AddMaterial {
    let quantity = quantity.parse().unwrap();
    AddMaterial { job_id: JOB, visit_id: VISIT, material_id: LINE, item_id: PIPE, quantity }
}

fn correct(quantity: &str) -> CorrectMaterial {
    CorrectMaterial { job_id: JOB, visit_id: VISIT, material_id: LINE, quantity: quantity.parse().unwrap() }
}

#[test]
fn a_line_keeps_the_price_of_its_time() {
    let mut world = World::at_work();
    let alice = technician(ALICE);
    world.run(&alice, &add("2.5")).unwrap();
    let item = world.get(PIPE);
    world.put(&PricebookItem { price_cents: 9_999, name: "Gold pipe".into(), ..item });
    world.run(&alice, &correct("3")).unwrap();
    let line = world.get(LINE);
    assert_eq!((line.name.as_str(), line.unit_price_cents), ("Copper pipe", 1_250));
    assert_eq!(line.quantity.to_string(), "3.000");
    assert!(world.run(&alice, &correct("0")).unwrap().removed);
    assert_eq!(world.find(LINE), None);
    assert_eq!(world.refusal(&alice, &correct("1")), "material_used.not_found");
}

#[test]
fn what_is_added_makes_sense() {
    let mut world = World::at_work();
    let alice = technician(ALICE);
    assert_eq!(world.refusal(&alice, &add("0")), "material.quantity_zero");
    assert_eq!(world.refusal(&alice, &add("-1")), "material.quantity_negative");
    assert_eq!(world.refusal(&alice, &add("0.0005")), "material.quantity_too_fine");
    assert_eq!(world.refusal(&alice, &add("1000000000")), "material.quantity_too_large");
    assert_eq!(world.refusal(&alice, &AddMaterial { item_id: OLD_PIPE, ..add("1") }), "material.item_inactive");
    assert_eq!(world.refusal(&alice, &AddMaterial { item_id: id(404), ..add("1") }), "pricebook_item.not_found");
    assert_eq!(world.refusal(&technician(BOB), &add("1")), "visit.not_assigned");
}

#[test]
fn the_office_still_corrects_an_ended_visit() {
    let mut world = World::at_work();
    let alice = technician(ALICE);
    world.run(&alice, &add("1")).unwrap();
    world.run(&alice, &complete()).unwrap();
    assert_eq!(world.refusal(&alice, &correct("2")), "visit.closed");
    world.run(&dispatcher(), &correct("2")).unwrap();
    let job = world.get(JOB);
    world.put(&Job { state: JobState::Closed, ..job });
    assert_eq!(world.refusal(&dispatcher(), &correct("3")), "visit.closed");
}

#[test]
fn quantities_are_text_in_json() {
    let json = serde_json::to_value(add("1.25")).unwrap();
    assert_eq!(json["quantity"], "1.25");
    let number = serde_json::to_string(&add("1")).unwrap().replace("\"1\"", "1.1");
    let decode = satchel_domain::REGISTRY.mutation("material/v1/add").unwrap().decode;
    assert!(decode(&number).is_err(), "a binary fraction is no quantity");
}
