//! The pricebook.

use satchel_domain::{
    mutations::*,
    roles,
    rules::{limits, money::Cents},
    tables::*,
};
use satchel_protocol::Id;
use uuid::Uuid;

use crate::support::*;

const SPRING: Id<PricebookVersion> = Id::new(Uuid::from_u128(0x591));
const NORTH: Id<PricebookVersion> = Id::new(Uuid::from_u128(0x40));

fn owner() -> Person {
    with_role(roles::OWNER)
}

fn create(number: u128) -> CreateItem {
    CreateItem {
        item_id: id(number),
        code: format!("S-{number}"),
        name: "Replace ignitor".into(),
        kind: PricebookKind::Service,
        unit: "each".into(),
        price_cents: Cents::new(48_900),
        category_id: None,
        tax_class: None,
        labour_minutes: Some(45),
        description: String::new(),
    }
}

fn update() -> UpdateItem {
    UpdateItem {
        item_id: PIPE,
        code: None,
        name: None,
        price_cents: None,
        category_id: None,
        tax_class: None,
        labour_minutes: None,
        description: None,
        active: None,
    }
}

fn version(version_id: Id<PricebookVersion>, branch_id: Option<Id<Branch>>, from_min: i64) -> CreateVersion {
    CreateVersion { version_id, name: "Spring".into(), branch_id, valid_from: at(from_min), valid_until: None }
}

fn price(version_id: Id<PricebookVersion>, cents: Option<i64>) -> SetPrices {
    SetPrices { version_id, prices: vec![NewPrice { item_id: PIPE, price_cents: cents.map(Cents::new) }] }
}

fn parts(whole: Id<PricebookItem>, parts: &[Id<PricebookItem>]) -> SetComponents {
    let part = |part: &Id<PricebookItem>| NewComponent { component_id: *part, quantity: "1.5".parse().unwrap() };
    SetComponents { item_id: whole, components: parts.iter().map(part).collect() }
}

/// What a foot of pipe costs now.
fn noted(world: &mut World, number: u128) -> MaterialUsed {
    let (material_id, quantity) = (id(number), "1".parse().unwrap());
    let add = AddMaterial { job_id: JOB, visit_id: VISIT, material_id, item_id: PIPE, quantity };
    world.run(&technician(ALICE), &add).unwrap();
    world.get(material_id)
}

#[test]
fn items_are_written_changed_and_retired() {
    let mut world = World::new();
    world.run(&owner(), &create(1)).unwrap();
    let item: PricebookItem = world.get(id(1));
    assert_eq!((item.price_cents, item.active, item.tax_class), (48_900, true, TaxClass::Standard));
    let change = UpdateItem { item_id: id(1), price_cents: Some(Cents::new(50_000)), ..update() };
    world.run(&owner(), &change).unwrap();
    let rename = UpdateItem { item_id: id(1), name: Some("New ignitor".into()), ..update() };
    world.run(&with_role(roles::INVENTORY_MANAGER), &rename).unwrap();
    let item: PricebookItem = world.get(id(1));
    assert_eq!((item.price_cents, item.name.as_str()), (50_000, "New ignitor"));
    world.run(&owner(), &RetireItem { item_id: id(1) }).unwrap();
    assert!(!world.get::<PricebookItem>(id(1)).active);
    assert_eq!(world.refusal(&owner(), &create(1)), "pricebook_item.exists");
}

#[test]
fn items_make_sense() {
    let mut world = World::new();
    let mut refuse = |change: &dyn Fn(&mut CreateItem)| {
        let mut item = create(1);
        change(&mut item);
        world.refusal(&owner(), &item)
    };
    assert_eq!(refuse(&|item| item.code = " ".into()), "pricebook.code_empty");
    assert_eq!(refuse(&|item| item.code = "x".repeat(65)), "pricebook.code_too_long");
    assert_eq!(refuse(&|item| item.name = "a\0b".into()), "pricebook.name_nul");
    assert_eq!(refuse(&|item| item.name = "🔥".repeat(10_000_000 / 4)), "pricebook.name_too_long");
    assert_eq!(refuse(&|item| item.unit = String::new()), "pricebook.unit_empty");
    assert_eq!(refuse(&|item| item.price_cents = Cents::new(-1)), "pricebook.price_negative");
    assert_eq!(refuse(&|item| item.price_cents = Cents::new(i64::MAX)), "pricebook.price_too_large");
    assert_eq!(refuse(&|item| item.kind = "magic".into()), "pricebook.kind");
    assert_eq!(refuse(&|item| item.tax_class = Some("magic".into())), "pricebook.tax_class");
    assert_eq!(refuse(&|item| item.labour_minutes = Some(-1)), "pricebook.labour_minutes");
    assert_eq!(refuse(&|item| item.labour_minutes = Some(i32::MAX)), "pricebook.labour_minutes");
    assert_eq!(refuse(&|item| item.description = "x".repeat(4_001)), "pricebook.description_too_long");
    assert_eq!(refuse(&|item| item.category_id = Some(id(404))), "pricebook_category.not_found");
    assert_eq!(world.refusal(&owner(), &update()), "pricebook.nothing_to_change");
    let missing = UpdateItem { item_id: id(404), active: Some(true), ..update() };
    assert_eq!(world.refusal(&owner(), &missing), "pricebook_item.not_found");
    let negative = UpdateItem { price_cents: Some(Cents::new(-1)), ..update() };
    assert_eq!(world.refusal(&owner(), &negative), "pricebook.price_negative");
    // Emoji, and text that runs from right to left, are text.
    world.run(&owner(), &CreateItem { name: "🔥 \u{202e}מצת".into(), ..create(7) }).unwrap();
}

#[test]
fn a_price_holds_from_its_day_on_and_lines_keep_theirs() {
    let mut world = World::at_work();
    let own = noted(&mut world, 1);
    assert_eq!((own.unit_price_cents, own.pricebook_version_id), (1_250, None));
    world.run(&owner(), &version(SPRING, None, 60)).unwrap();
    world.run(&owner(), &price(SPRING, Some(1_400))).unwrap();
    world.minutes = 90;
    assert_eq!(noted(&mut world, 2).unit_price_cents, 1_250, "a draft binds nobody");
    world.run(&owner(), &PublishVersion { version_id: SPRING }).unwrap();
    world.minutes = 59;
    assert_eq!(noted(&mut world, 3).unit_price_cents, 1_250, "not yet");
    world.minutes = 60;
    let line = noted(&mut world, 4);
    assert_eq!((line.unit_price_cents, line.pricebook_version_id), (1_400, Some(SPRING)));
    // The branch's own price goes before the one for all, though it is older.
    world.run(&owner(), &version(NORTH, Some(BRANCH), 0)).unwrap();
    world.run(&owner(), &price(NORTH, Some(1_300))).unwrap();
    world.run(&owner(), &PublishVersion { version_id: NORTH }).unwrap();
    assert_eq!(noted(&mut world, 5).unit_price_cents, 1_300);
    world.run(&owner(), &RetireVersion { version_id: NORTH }).unwrap();
    world.run(&owner(), &RetireVersion { version_id: SPRING }).unwrap();
    assert_eq!(noted(&mut world, 6).unit_price_cents, 1_250);
    assert_eq!(world.get::<MaterialUsed>(id(4)), line, "what was noted stays");
}

#[test]
fn what_a_customer_agreed_to_goes_before_the_pricebook() {
    let mut world = World::at_work();
    let customer_id = world.get::<Job>(JOB).customer_id;
    let agree = |cents: Option<i64>, valid_until| SetCustomerPrice {
        customer_id,
        item_id: PIPE,
        price_cents: cents.map(Cents::new),
        valid_until,
    };
    world.run(&owner(), &version(SPRING, None, 0)).unwrap();
    world.run(&owner(), &price(SPRING, Some(1_400))).unwrap();
    world.run(&owner(), &PublishVersion { version_id: SPRING }).unwrap();
    world.run(&owner(), &agree(Some(1_100), None)).unwrap();
    let line = noted(&mut world, 1);
    assert_eq!((line.unit_price_cents, line.pricebook_version_id), (1_100, None));
    // Once for a customer and an item; until its end.
    world.run(&owner(), &agree(Some(1_050), Some(at(10)))).unwrap();
    assert_eq!(world.all::<CustomerPrice>().len(), 1);
    world.minutes = 9;
    assert_eq!(noted(&mut world, 2).unit_price_cents, 1_050);
    world.minutes = 10;
    assert_eq!(noted(&mut world, 3).unit_price_cents, 1_400);
    // Taken back, and what was noted stays.
    world.run(&owner(), &agree(Some(900), None)).unwrap();
    world.run(&owner(), &agree(None, None)).unwrap();
    world.run(&owner(), &agree(None, None)).unwrap();
    assert_eq!(noted(&mut world, 4).unit_price_cents, 1_400);
    assert_eq!(world.get::<MaterialUsed>(id(1)), line);
    // Another customer's agreement is his own.
    let other = Customer { id: id(0xc0), ..world.get(customer_id) };
    world.put(&other);
    world.run(&owner(), &SetCustomerPrice { customer_id: other.id, ..agree(Some(1), None) }).unwrap();
    assert_eq!(noted(&mut world, 5).unit_price_cents, 1_400);
    assert_eq!(world.refusal(&owner(), &agree(Some(-1), None)), "pricebook.price_negative");
    let nobody = SetCustomerPrice { customer_id: id(404), ..agree(Some(1), None) };
    assert_eq!(world.refusal(&owner(), &nobody), "customer.not_found");
    let nothing = SetCustomerPrice { item_id: id(404), ..agree(Some(1), None) };
    assert_eq!(world.refusal(&owner(), &nothing), "pricebook_item.not_found");
}

#[test]
fn a_customer_has_a_thousand_agreed_prices_at_most() {
    let mut world = World::at_work();
    let customer_id = world.get::<Job>(JOB).customer_id;
    for number in 0..limits::PRICES_PER_CUSTOMER {
        let item_id = id(0x10_0000 + number as u128);
        let agreed = CustomerPrice {
            id: id(0x20_0000 + number as u128),
            rev: 0,
            customer_id,
            item_id,
            price_cents: Cents::new(1),
            valid_until: None,
        };
        world.put(&agreed);
    }
    let one_more = SetCustomerPrice { customer_id, item_id: PIPE, price_cents: Some(Cents::new(1)), valid_until: None };
    assert_eq!(world.refusal(&owner(), &one_more), "pricebook.too_many_customer_prices");
    world.run(&owner(), &SetCustomerPrice { price_cents: None, ..one_more }).unwrap();
}

#[test]
fn a_version_ends_and_is_for_its_branch() {
    let mut world = World::at_work();
    let elsewhere: Id<Branch> = id(0xb4b);
    world.put(&Branch { id: elsewhere, ..world.get(BRANCH) });
    for (number, branch_id, valid_until) in [(1, None, Some(at(10))), (2, Some(elsewhere), None)] {
        let create = CreateVersion { valid_until, ..version(id(number), branch_id, 0) };
        world.run(&owner(), &create).unwrap();
        world.run(&owner(), &price(id(number), Some(number as i64))).unwrap();
        world.run(&owner(), &PublishVersion { version_id: id(number) }).unwrap();
    }
    world.minutes = 9;
    assert_eq!(noted(&mut world, 1).unit_price_cents, 1);
    world.minutes = 10;
    assert_eq!(noted(&mut world, 2).unit_price_cents, 1_250);
}

#[test]
fn versions_make_sense_and_are_fixed_once_published() {
    let mut world = World::new();
    let bad = |from: &str, until: Option<&str>| CreateVersion {
        valid_from: from.parse().unwrap(),
        valid_until: until.map(|until| until.parse().unwrap()),
        ..version(SPRING, None, 0)
    };
    assert_eq!(world.refusal(&owner(), &bad("1970-01-01T00:00:00Z", None)), "pricebook.version_date");
    let late = bad("2026-01-01T00:00:00Z", Some("2400-01-01T00:00:00Z"));
    assert_eq!(world.refusal(&owner(), &late), "pricebook.version_date");
    let backwards = bad("2026-01-01T00:00:00Z", Some("2026-01-01T00:00:00Z"));
    assert_eq!(world.refusal(&owner(), &backwards), "pricebook.version_order");
    assert_eq!(world.refusal(&owner(), &version(SPRING, Some(id(404)), 0)), "branch.not_found");
    assert_eq!(world.refusal(&owner(), &price(SPRING, Some(1))), "pricebook_version.not_found");
    world.run(&owner(), &version(SPRING, None, 0)).unwrap();
    assert_eq!(world.refusal(&owner(), &price(SPRING, Some(-1))), "pricebook.price_negative");
    let twice = SetPrices {
        prices: [price(SPRING, Some(1)).prices, price(SPRING, Some(2)).prices].concat(),
        ..price(SPRING, None)
    };
    assert_eq!(world.refusal(&owner(), &twice), "pricebook.item_twice");
    let many =
        (0..=limits::PRICES_PER_CHANGE as u128).map(|number| NewPrice { item_id: id(number), price_cents: None });
    let many = SetPrices { version_id: SPRING, prices: many.collect() };
    assert_eq!(world.refusal(&owner(), &many), "pricebook.too_many_prices");
    world.run(&owner(), &price(SPRING, Some(1))).unwrap();
    world.run(&owner(), &price(SPRING, Some(2))).unwrap();
    assert_eq!(world.all::<PricebookPrice>().len(), 1);
    world.run(&owner(), &price(SPRING, None)).unwrap();
    assert!(world.all::<PricebookPrice>().is_empty());
    assert_eq!(world.refusal(&owner(), &RetireVersion { version_id: SPRING }), "pricebook.version_state");
    world.run(&owner(), &PublishVersion { version_id: SPRING }).unwrap();
    assert_eq!(world.refusal(&owner(), &PublishVersion { version_id: SPRING }), "pricebook.version_state");
    assert_eq!(world.refusal(&owner(), &price(SPRING, Some(3))), "pricebook.version_state");
}

#[test]
fn parts_are_replaced_and_never_contain_the_whole() {
    let mut world = World::new();
    for number in 1..=6 {
        world.run(&owner(), &create(number)).unwrap();
    }
    world.run(&owner(), &parts(id(1), &[PIPE, id(2)])).unwrap();
    let kept: Vec<_> = world.all::<PricebookComponent>().iter().map(|row| (row.id, row.component_id)).collect();
    world.run(&owner(), &parts(id(1), &[id(2), id(3)])).unwrap();
    let now = world.all::<PricebookComponent>();
    let named: Vec<_> = [id(2), id(3)].into();
    let mut rows: Vec<_> = now.iter().map(|row| (row.position, row.component_id)).collect();
    rows.sort_unstable();
    assert_eq!(rows.iter().map(|row| row.1).collect::<Vec<_>>(), named);
    let stayed = kept.iter().find(|(_, part)| *part == id(2)).unwrap();
    assert!(now.iter().any(|row| row.id == stayed.0), "what stays keeps its row");

    assert_eq!(world.refusal(&owner(), &parts(id(1), &[id(1)])), "pricebook.component_ring");
    assert_eq!(world.refusal(&owner(), &parts(id(2), &[id(1)])), "pricebook.component_ring");
    world.run(&owner(), &parts(id(2), &[id(4)])).unwrap();
    world.run(&owner(), &parts(id(4), &[id(5)])).unwrap();
    assert_eq!(world.refusal(&owner(), &parts(id(5), &[id(1)])), "pricebook.component_ring");
    world.run(&owner(), &parts(id(5), &[id(6)])).unwrap();
    assert_eq!(world.refusal(&owner(), &parts(PIPE, &[id(1)])), "pricebook.components_too_deep");
    assert_eq!(world.refusal(&owner(), &parts(id(1), &[id(2), id(2)])), "pricebook.component_twice");
    assert_eq!(world.refusal(&owner(), &parts(id(1), &[id(404)])), "pricebook_item.not_found");
    let many: Vec<Id<PricebookItem>> = (0..=limits::COMPONENTS_PER_ITEM as u128).map(id).collect();
    assert_eq!(world.refusal(&owner(), &parts(id(1), &many)), "pricebook.too_many_components");
    let mut nothing = parts(id(1), &[id(2)]);
    nothing.components[0].quantity = 0.into();
    assert_eq!(world.refusal(&owner(), &nothing), "pricebook.quantity_zero");
    world.run(&owner(), &parts(id(1), &[])).unwrap();
}

#[test]
fn headings_form_a_tree() {
    let mut world = World::new();
    let heading = |number: u128, parent: Option<u128>| CreateCategory {
        category_id: id(number),
        parent_id: parent.map(id),
        name: "Heating".into(),
        position: None,
    };
    for number in 1..=6_u128 {
        world.run(&owner(), &heading(number, number.checked_sub(1).filter(|above| *above > 0))).unwrap();
    }
    assert_eq!(world.refusal(&owner(), &heading(7, Some(6))), "pricebook.category_too_deep");
    assert_eq!(world.refusal(&owner(), &heading(7, Some(7))), "pricebook.category_ring");
    assert_eq!(world.refusal(&owner(), &heading(7, Some(404))), "pricebook_category.not_found");
    let change = |number: u128, parent: Option<u128>| UpdateCategory {
        category_id: id(number),
        parent_id: parent.map(id),
        topmost: false,
        name: None,
        position: None,
        active: None,
    };
    assert_eq!(world.refusal(&owner(), &change(1, Some(6))), "pricebook.category_ring");
    assert_eq!(world.refusal(&owner(), &change(1, None)), "pricebook.nothing_to_change");
    let twice = UpdateCategory { topmost: true, ..change(6, Some(1)) };
    assert_eq!(world.refusal(&owner(), &twice), "pricebook.category_place_twice");
    let nowhere = UpdateCategory { position: Some(0), ..change(6, None) };
    assert_eq!(world.refusal(&owner(), &nowhere), "pricebook.position");
    world.run(&owner(), &UpdateCategory { topmost: true, active: Some(false), ..change(6, None) }).unwrap();
    let moved: PricebookCategory = world.get(id(6));
    assert_eq!((moved.parent_id, moved.active), (None, false));
}

#[test]
fn costs_and_taxes_are_kept_once() {
    let mut world = World::new();
    for cents in [800, 900] {
        world.run(&owner(), &SetCost { item_id: PIPE, cost_cents: Cents::new(cents) }).unwrap();
    }
    let costs = world.all::<PricebookCost>();
    assert_eq!((costs.len(), costs[0].item_id, costs[0].cost_cents.get()), (1, PIPE, 900));
    let cost = |item_id, cents| SetCost { item_id, cost_cents: Cents::new(cents) };
    assert_eq!(world.refusal(&owner(), &cost(id(404), 1)), "pricebook_item.not_found");
    assert_eq!(world.refusal(&owner(), &cost(PIPE, -1)), "pricebook.cost_negative");

    let rate = |percent: &str| SetTaxRate {
        branch_id: BRANCH,
        tax_class: TaxClass::Standard,
        percent: percent.parse().unwrap(),
    };
    world.run(&owner(), &rate("8")).unwrap();
    world.run(&owner(), &rate("8.25")).unwrap();
    let rates = world.all::<TaxRate>();
    assert_eq!((rates.len(), rates[0].percent.get().to_string().as_str()), (1, "8.2500"));
    assert_eq!(world.refusal(&owner(), &rate("-1")), "pricebook.tax_rate_out_of_range");
    assert_eq!(world.refusal(&owner(), &rate("100.1")), "pricebook.tax_rate_out_of_range");
    assert_eq!(world.refusal(&owner(), &rate("0.00001")), "pricebook.tax_rate_too_fine");
    let exempt = SetTaxRate { tax_class: TaxClass::Exempt, ..rate("1") };
    assert_eq!(world.refusal(&owner(), &exempt), "pricebook.tax_exempt");
    let nowhere = SetTaxRate { branch_id: id(404), ..rate("1") };
    assert_eq!(world.refusal(&owner(), &nowhere), "branch.not_found");
}
