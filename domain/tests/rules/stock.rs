//! Stock: places, the ledger, and levels that are its sums.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;
use satchel_domain::{mutations::*, roles, rules::stock, tables::*};
use satchel_protocol::{Id, Mutation};

use crate::support::*;

const WAREHOUSE: Id<StockLocation> = Id::new(uuid::Uuid::from_u128(0x5701));
const TRUCK: Id<StockLocation> = Id::new(uuid::Uuid::from_u128(0x5702));
const BOBS_TRUCK: Id<StockLocation> = Id::new(uuid::Uuid::from_u128(0x5703));
const LABOUR: Id<PricebookItem> = Id::new(uuid::Uuid::from_u128(0x91d));

fn keeper() -> Person {
    with_role(roles::INVENTORY_MANAGER)
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn location(id: Id<StockLocation>, technician_id: Option<Id<Technician>>) -> CreateStockLocation {
    let kind = if technician_id.is_some() { StockLocationKind::Truck } else { StockLocationKind::Warehouse };
    CreateStockLocation { stock_location_id: id, branch_id: BRANCH, kind, name: "Place".into(), technician_id }
}

/// A warehouse, and a truck for Alice and for Bob.
fn stocked(mut world: World) -> World {
    for (id, driver) in [(WAREHOUSE, None), (TRUCK, Some(ALICE)), (BOBS_TRUCK, Some(BOB))] {
        world.run(&keeper(), &location(id, driver)).unwrap();
    }
    world.put(&PricebookItem { id: LABOUR, kind: PricebookKind::Service, code: "L".into(), ..world.get(PIPE) });
    world
}

fn receive(number: u128, at: Id<StockLocation>, quantity: &str) -> ReceiveStock {
    ReceiveStock {
        movement_id: id(number),
        stock_location_id: at,
        item_id: PIPE,
        quantity: decimal(quantity),
        note: None,
    }
}

fn transfer(number: u128, from: Id<StockLocation>, to: Id<StockLocation>, quantity: &str) -> TransferStock {
    TransferStock {
        movement_id: id(number),
        from_location_id: from,
        to_location_id: to,
        item_id: PIPE,
        quantity: decimal(quantity),
        note: None,
    }
}

fn count(number: u128, at: Id<StockLocation>, counted: &str) -> CountStock {
    let reason = "Friday's count".into();
    CountStock { movement_id: id(number), stock_location_id: at, item_id: PIPE, counted: decimal(counted), reason }
}

fn give_back(number: u128, at: Id<StockLocation>, quantity: &str) -> ReturnStock {
    let (item_id, reason) = (PIPE, "Bent".into());
    ReturnStock { movement_id: id(number), stock_location_id: at, item_id, quantity: decimal(quantity), reason }
}

fn minimum(at: Id<StockLocation>, minimum: &str, target: &str) -> SetStockMinimum {
    SetStockMinimum { stock_location_id: at, item_id: PIPE, minimum: decimal(minimum), target: decimal(target) }
}

fn add(number: u128, quantity: &str) -> AddMaterial {
    let quantity = decimal(quantity);
    AddMaterial { job_id: JOB, visit_id: VISIT, material_id: id(number), item_id: PIPE, quantity }
}

fn correct(number: u128, quantity: &str) -> CorrectMaterial {
    CorrectMaterial { job_id: JOB, visit_id: VISIT, material_id: id(number), quantity: decimal(quantity) }
}

fn level(world: &World, at: Id<StockLocation>) -> String {
    world.find(stock::level_id(at, PIPE)).map_or("none".into(), |level| level.quantity.to_string())
}

/// The other entries of transfers are Postgres' to write; here, only the sums of what the rules wrote are compared.
fn sums_hold(world: &World) {
    let mut sums: BTreeMap<_, Decimal> = BTreeMap::new();
    for entry in world.all::<StockMovement>() {
        *sums.entry(stock::level_id(entry.stock_location_id, entry.item_id)).or_default() += entry.quantity;
        assert_eq!(entry.page_id, stock::page_id(entry.stock_location_id, entry.occurred_at));
    }
    for level in world.all::<StockLevel>() {
        assert_eq!(level.id, stock::level_id(level.stock_location_id, level.item_id));
        assert_eq!(level.quantity, sums.remove(&level.id).unwrap_or_default());
        assert_eq!(level.standing, stock::standing(level.quantity, level.minimum));
        assert_eq!(level.quantity.scale(), 3, "as Postgres spells it");
        assert!(!level.quantity.is_zero() || level.quantity.is_sign_positive(), "zero has no sign");
    }
    assert_eq!(sums.len(), 0, "an entry without a level");
}

#[test]
fn material_used_comes_out_of_the_truck_and_what_was_not_used_goes_back() {
    let mut world = stocked(World::at_work());
    let alice = technician(ALICE);
    world.run(&alice, &receive(1, TRUCK, "10")).unwrap();
    world.run(&alice, &add(2, "2.5")).unwrap();
    assert_eq!(level(&world, TRUCK), "7.500");
    assert_eq!(world.get::<MaterialUsed>(id(2)).stock_location_id, Some(TRUCK));
    world.run(&alice, &correct(2, "4")).unwrap();
    assert_eq!(level(&world, TRUCK), "6.000");
    world.run(&alice, &correct(2, "4")).unwrap();
    world.run(&alice, &correct(2, "0")).unwrap();
    assert_eq!(level(&world, TRUCK), "10.000");
    let used: Vec<_> =
        world.all::<StockMovement>().into_iter().filter(|entry| entry.cause == StockCause::Use).collect();
    let mut quantities: Vec<_> = used.iter().map(|entry| entry.quantity.to_string()).collect();
    quantities.sort();
    assert_eq!(quantities, ["-1.500", "-2.500", "4.000"], "nothing was edited, and no change wrote nothing");
    let first = stock::use_id(id(2));
    assert!(used.iter().all(|entry| entry.id == first || entry.reversal_of == Some(first)));
    assert!(used.iter().all(|entry| entry.job_id == Some(JOB) && entry.material_id == Some(id(2))));
    sums_hold(&world);
}

#[test]
fn without_a_truck_material_is_noted_all_the_same() {
    let mut world = World::at_work();
    world.run(&technician(ALICE), &add(1, "1")).unwrap();
    world.run(&technician(ALICE), &correct(1, "3")).unwrap();
    assert_eq!(world.get::<MaterialUsed>(id(1)).stock_location_id, None);
    assert_eq!(world.all::<StockMovement>(), []);
    let mut world = stocked(World::at_work());
    world.run(&keeper(), &UpdateStockLocation { active: Some(false), ..change(TRUCK) }).unwrap();
    world.run(&technician(ALICE), &add(1, "1")).unwrap();
    assert_eq!(world.all::<StockMovement>(), [], "a truck out of use");
    world.run(&technician(ALICE), &AddMaterial { item_id: LABOUR, ..add(2, "1") }).unwrap();
    assert_eq!(world.all::<StockMovement>(), [], "work lies in no truck");
}

#[test]
fn the_office_writes_for_the_only_technician_who_went() {
    let mut world = stocked(World::at_work());
    world.run(&dispatcher(), &add(1, "2")).unwrap();
    assert_eq!(level(&world, TRUCK), "-2.000");
    world.run(&dispatcher(), &assign(BOB)).unwrap();
    world.run(&dispatcher(), &add(2, "2")).unwrap();
    assert_eq!(world.get::<MaterialUsed>(id(2)).stock_location_id, None, "two went, and either may have used it");
    // Each corrects what came out of his own truck, and the office all.
    world.run(&technician(BOB), &add(3, "1")).unwrap();
    assert_eq!(world.refusal(&technician(ALICE), &correct(3, "2")), "material.other_truck");
    world.run(&technician(BOB), &correct(3, "2")).unwrap();
    world.run(&dispatcher(), &correct(3, "3")).unwrap();
    assert_eq!((level(&world, TRUCK), level(&world, BOBS_TRUCK)), ("-2.000".into(), "-3.000".into()));
    sums_hold(&world);
}

#[test]
fn below_zero_is_accepted_and_flagged() {
    let mut world = stocked(World::at_work());
    let alice = technician(ALICE);
    world.run(&keeper(), &minimum(TRUCK, "2", "6")).unwrap();
    let standing = |world: &World| world.get(stock::level_id(TRUCK, PIPE)).standing;
    assert_eq!(standing(&world), StockStanding::Low);
    let moved = world.run(&alice, &give_back(1, TRUCK, "3")).unwrap();
    assert_eq!((moved.quantity, moved.standing), (decimal("-3"), StockStanding::Negative));
    world.run(&alice, &receive(2, TRUCK, "5")).unwrap();
    assert_eq!(standing(&world), StockStanding::Enough);
    let counted = world.run(&alice, &count(3, TRUCK, "1")).unwrap();
    assert_eq!(counted.difference, decimal("-1"));
    assert_eq!(standing(&world), StockStanding::Low);
    assert!(world.run(&alice, &count(4, TRUCK, "1")).unwrap().difference.is_zero());
    assert_eq!(world.find::<StockMovement>(id(4)), None, "nothing to make up for");
    sums_hold(&world);
}

#[test]
fn a_transfer_is_written_by_whoever_has_a_part_in_it() {
    let mut world = stocked(World::new());
    let alice = technician(ALICE);
    world.run(&alice, &transfer(1, WAREHOUSE, TRUCK, "4")).unwrap();
    world.run(&alice, &transfer(2, TRUCK, BOBS_TRUCK, "1")).unwrap();
    world.run(&keeper(), &transfer(3, WAREHOUSE, BOBS_TRUCK, "2")).unwrap();
    let entry = |number| world.get::<StockMovement>(id(number));
    let sides = |number| (entry(number).stock_location_id, entry(number).counter_location_id.unwrap());
    assert_eq!((sides(1), entry(1).quantity), ((TRUCK, WAREHOUSE), decimal("4")));
    assert_eq!((sides(2), entry(2).quantity), ((TRUCK, BOBS_TRUCK), decimal("-1")));
    assert_eq!((sides(3), entry(3).quantity), ((WAREHOUSE, BOBS_TRUCK), decimal("-2")));
    sums_hold(&world);
    assert_eq!(world.refusal(&alice, &transfer(4, TRUCK, TRUCK, "1")), "stock.same_location");
    assert_eq!(world.refusal(&alice, &transfer(4, WAREHOUSE, BOBS_TRUCK, "1")), "stock.other_location");
    assert_eq!(world.refusal(&alice, &transfer(4, TRUCK, id(404), "1")), "stock_location.not_found");
}

#[test]
fn a_truck_is_filled_up_to_its_target_or_to_what_was_asked() {
    let mut world = stocked(World::new());
    let alice = technician(ALICE);
    world.run(&keeper(), &minimum(TRUCK, "2", "6")).unwrap();
    world.run(&alice, &receive(1, TRUCK, "1")).unwrap();
    let replenish = |number, quantity: Option<&str>| ReplenishStock {
        from_location_id: WAREHOUSE,
        to_location_id: TRUCK,
        lines: vec![ReplenishmentLine { movement_id: id(number), item_id: PIPE, quantity: quantity.map(decimal) }],
    };
    assert_eq!(world.run(&keeper(), &replenish(2, None)).unwrap().quantities, [decimal("5")]);
    assert_eq!(world.run(&keeper(), &replenish(3, None)).unwrap().quantities, [Decimal::ZERO]);
    assert_eq!(world.find::<StockMovement>(id(3)), None);
    let ask = RequestReplenishment { stock_location_id: TRUCK, item_id: PIPE, quantity: decimal("20") };
    world.run(&alice, &ask).unwrap();
    let before = world.get(stock::level_id(TRUCK, PIPE));
    assert!(stock::needs_replenishment(&before) && before.requested_at.is_some());
    assert_eq!(world.run(&keeper(), &replenish(4, None)).unwrap().quantities, [decimal("20")]);
    let after = world.get(stock::level_id(TRUCK, PIPE));
    assert_eq!((after.requested, after.requested_at, after.quantity), (None, None, decimal("26")));
    assert!(!stock::needs_replenishment(&after));
    sums_hold(&world);
    assert_eq!(world.refusal(&keeper(), &ReplenishStock { lines: vec![], ..replenish(5, None) }), "stock.lines");
    let line = replenish(5, None).lines.remove(0);
    assert_eq!(
        world.refusal(&keeper(), &ReplenishStock { lines: vec![line; 201], ..replenish(5, None) }),
        "stock.lines"
    );
    assert_eq!(world.refusal(&keeper(), &replenish(5, Some("0"))), "stock.quantity_zero");
    assert_eq!(
        world.refusal(&keeper(), &ReplenishStock { to_location_id: WAREHOUSE, ..replenish(5, None) }),
        "stock.same_location"
    );
}

#[test]
fn what_moves_makes_sense() {
    let mut world = stocked(World::new());
    let alice = technician(ALICE);
    for (quantity, reason) in [
        ("0", "stock.quantity_zero"),
        ("-1", "stock.quantity_negative"),
        ("0.0005", "stock.quantity_too_fine"),
        ("1000000000", "stock.quantity_too_large"),
    ] {
        assert_eq!(world.refusal(&alice, &receive(1, TRUCK, quantity)), reason);
        assert_eq!(world.refusal(&alice, &give_back(1, TRUCK, quantity)), reason);
        assert_eq!(world.refusal(&alice, &transfer(1, TRUCK, WAREHOUSE, quantity)), reason);
        let ask = RequestReplenishment { stock_location_id: TRUCK, item_id: PIPE, quantity: decimal(quantity) };
        assert_eq!(world.refusal(&alice, &ask), reason);
    }
    assert_eq!(world.refusal(&alice, &count(1, TRUCK, "-1")), "stock.quantity_negative");
    assert_eq!(world.refusal(&alice, &CountStock { reason: " ".into(), ..count(1, TRUCK, "1") }), "stock.reason_empty");
    let long = "🙂".repeat(501);
    assert_eq!(
        world.refusal(&alice, &ReturnStock { reason: long.clone(), ..give_back(1, TRUCK, "1") }),
        "stock.reason_too_long"
    );
    assert_eq!(
        world.refusal(&alice, &ReceiveStock { note: Some("a\0b".into()), ..receive(1, TRUCK, "1") }),
        "stock.note_nul"
    );
    assert_eq!(world.refusal(&alice, &receive(1, BOBS_TRUCK, "1")), "stock.other_location");
    assert_eq!(world.refusal(&alice, &receive(1, id(404), "1")), "stock_location.not_found");
    assert_eq!(
        world.refusal(&alice, &ReceiveStock { item_id: LABOUR, ..receive(1, TRUCK, "1") }),
        "stock.not_material"
    );
    assert_eq!(
        world.refusal(&alice, &ReceiveStock { item_id: id(404), ..receive(1, TRUCK, "1") }),
        "pricebook_item.not_found"
    );
    assert_eq!(world.refusal(&keeper(), &minimum(TRUCK, "2", "1")), "stock.target_below_minimum");
    world.run(&alice, &receive(1, TRUCK, "999999999")).unwrap();
    assert_eq!(world.refusal(&alice, &receive(2, TRUCK, "1")), "stock.level_too_large");
    assert_eq!(world.refusal(&with_role(roles::TECHNICIAN), &receive(2, TRUCK, "1")), "role.no_technician");
    let both = vec![roles::TECHNICIAN.to_owned(), roles::INVENTORY_MANAGER.to_owned()];
    let keeper_who_drives = Person { roles: both, ..technician(ALICE) };
    world.run(&keeper_who_drives, &receive(2, BOBS_TRUCK, "1")).expect("who keeps the stock keeps all of it");
    let both = vec![roles::TECHNICIAN.to_owned(), roles::BILLING.to_owned()];
    let biller_who_drives = Person { roles: both, ..technician(ALICE) };
    assert_eq!(world.refusal(&biller_who_drives, &receive(3, BOBS_TRUCK, "1")), "stock.other_location");
    world.minutes = -60 * 24 * 366 * 40;
    world.run(&alice, &receive(9, TRUCK, "0.001")).expect("a wrong clock is no reason to refuse");
}

fn change(id: Id<StockLocation>) -> UpdateStockLocation {
    UpdateStockLocation {
        stock_location_id: id,
        name: None,
        technician_id: None,
        without_technician: false,
        active: None,
    }
}

#[test]
fn a_technician_drives_one_truck_of_his_branch() {
    let mut world = stocked(World::new());
    let keeper = keeper();
    assert_eq!(world.refusal(&keeper, &change(TRUCK)), "stock_location.nothing_to_change");
    let drive = |id, driver| UpdateStockLocation { technician_id: Some(driver), ..change(id) };
    assert_eq!(world.refusal(&keeper, &drive(TRUCK, BOB)), "stock_location.has_truck");
    assert_eq!(world.refusal(&keeper, &drive(WAREHOUSE, BOB)), "stock_location.not_a_truck");
    assert_eq!(world.refusal(&keeper, &drive(TRUCK, GONE)), "technician.inactive");
    let both = UpdateStockLocation { without_technician: true, ..drive(TRUCK, ALICE) };
    assert_eq!(world.refusal(&keeper, &both), "stock_location.driver");
    world.run(&keeper, &UpdateStockLocation { without_technician: true, ..change(BOBS_TRUCK) }).unwrap();
    world.run(&keeper, &UpdateStockLocation { without_technician: true, ..change(TRUCK) }).unwrap();
    world.run(&keeper, &drive(TRUCK, BOB)).unwrap();
    assert_eq!(world.refusal(&technician(ALICE), &receive(1, TRUCK, "1")), "stock.other_location");
    world.run(&technician(BOB), &receive(1, TRUCK, "1")).unwrap();
    world
        .run(&keeper, &UpdateStockLocation { active: Some(false), name: Some("Old".into()), ..change(TRUCK) })
        .unwrap();
    assert_eq!(world.refusal(&technician(BOB), &receive(2, TRUCK, "1")), "stock_location.inactive");
    let elsewhere = Branch { id: id(0xb4b), ..world.get(BRANCH) };
    world.put(&elsewhere);
    let foreign = CreateStockLocation { branch_id: elsewhere.id, ..location(id(9), Some(ALICE)) };
    assert_eq!(world.refusal(&keeper, &foreign), "stock_location.other_branch");
    let odd = CreateStockLocation { kind: "boat".into(), ..location(id(9), None) };
    assert_eq!(world.refusal(&keeper, &odd), "stock_location.kind");
    assert_eq!(
        world.refusal(&keeper, &CreateStockLocation { name: "x".repeat(101), ..location(id(9), None) }),
        "stock_location.name_too_long"
    );
}

/// Something somebody does with stock, and how much of it, in thousandths.
#[derive(Clone, Debug)]
enum Act {
    Receive(i64),
    GiveBack(i64),
    Count(i64),
    ToBob(i64),
    FromWarehouse(i64),
    Use(i64),
    Correct(usize, i64),
    Minimum(i64),
}

fn act() -> impl Strategy<Value = Act> {
    let much = 0_i64..20_000;
    prop_oneof![
        much.clone().prop_map(Act::Receive),
        much.clone().prop_map(Act::GiveBack),
        much.clone().prop_map(Act::Count),
        much.clone().prop_map(Act::ToBob),
        much.clone().prop_map(Act::FromWarehouse),
        much.clone().prop_map(Act::Use),
        (0_usize..4, much.clone()).prop_map(|(line, much)| Act::Correct(line, much)),
        much.prop_map(Act::Minimum),
    ]
}

fn went<M: Mutation>(world: &mut World, person: &Person, mutation: &M) -> bool {
    world.run(person, mutation).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_level_is_the_sum_of_its_ledger(acts in prop::collection::vec((0_usize..3, act()), 1..40)) {
        let mut world = stocked(World::at_work());
        world.run(&dispatcher(), &assign(BOB)).unwrap();
        let people = [technician(ALICE), technician(BOB), keeper()];
        for (number, (person, act)) in (1..).zip(acts) {
            world.minutes += 60 * 24;
            let at = [TRUCK, BOBS_TRUCK, WAREHOUSE][person];
            let person = &people[person];
            let much = |thousandths: i64| Decimal::new(thousandths, 3).to_string();
            let _ = match act {
                Act::Receive(q) => went(&mut world, person, &receive(number, at, &much(q))),
                Act::GiveBack(q) => went(&mut world, person, &give_back(number, at, &much(q))),
                Act::Count(q) => went(&mut world, person, &count(number, at, &much(q))),
                Act::ToBob(q) => went(&mut world, person, &transfer(number, at, BOBS_TRUCK, &much(q))),
                Act::FromWarehouse(q) => went(&mut world, person, &transfer(number, WAREHOUSE, at, &much(q))),
                Act::Use(q) => went(&mut world, person, &add(number, &much(q))),
                Act::Correct(line, q) => {
                    let lines = world.all::<MaterialUsed>();
                    lines.get(line).is_some_and(|line| went(&mut world, person, &correct(line.id.uuid().as_u128(), &much(q))))
                }
                Act::Minimum(q) => went(&mut world, &keeper(), &minimum(at, &much(q), &much(q))),
            };
            sums_hold(&world);
        }
    }
}
