//! Customers, places, machines, persons, branches, skills, territories, checklists.

use satchel_domain::{mutations::*, roles, tables::*};
use satchel_protocol::{Id, Mutation};
use uuid::Uuid;

use crate::support::*;

const PERSON: Id<Contact> = Id::new(Uuid::from_u128(0xc0));
const OTHER_PERSON: Id<Contact> = Id::new(Uuid::from_u128(0xc9));
const NORTH: Id<Territory> = Id::new(Uuid::from_u128(0x7e55));
const BOILER: Id<Equipment> = Id::new(Uuid::from_u128(0xb01));

fn manager() -> Person {
    with_role(roles::OPERATIONS_MANAGER)
}

/// Fills a field of a mutation's arguments, as a client would.
fn with<M: Mutation>(mutation: &M, field: &str, value: impl serde::Serialize) -> M {
    let mut args = serde_json::to_value(mutation).unwrap();
    args[field] = serde_json::to_value(value).unwrap();
    serde_json::from_value(args).unwrap()
}

/// Each of these texts is refused for its own reason.
fn text_is_bounded<M: Mutation>(world: &mut World, person: &Person, mutation: &M, field: &str, stem: &str, max: usize) {
    let long = "é".repeat(max + 1);
    assert_eq!(world.refusal(person, &with(mutation, field, long)), format!("{stem}_too_long"));
    assert_eq!(world.refusal(person, &with(mutation, field, "a\0b")), format!("{stem}_nul"));
}

fn customer() -> CreateCustomer {
    CreateCustomer { customer_id: id(0x77), name: " Grace ".into(), phone: Some("555".into()), email: None }
}

fn place() -> CreateLocation {
    CreateLocation {
        location_id: id(0x78),
        customer_id: CUSTOMER,
        address: "2 Main St 🏠".into(),
        zone: "America/Denver".into(),
        latitude: None,
        longitude: None,
        access_notes: None,
        postal_code: Some(" 80205 ".into()),
        territory_id: None,
    }
}

fn machine() -> CreateEquipment {
    CreateEquipment { equipment_id: BOILER, location_id: HOUSE, name: "Boiler".into(), model: None, serial: None }
}

fn contact(contact_id: Id<Contact>, preferred: bool) -> CreateContact {
    CreateContact {
        contact_id,
        customer_id: CUSTOMER,
        location_id: None,
        name: "مريم".into(),
        role: Some("Tenant".into()),
        phone: None,
        email: Some("m@example.com".into()),
        preferred,
    }
}

#[test]
fn a_customer_is_written_and_corrected() {
    let mut world = World::new();
    let office = dispatcher();
    let id = world.run(&office, &customer()).unwrap().customer_id;
    assert_eq!(world.refusal(&office, &customer()), "customer.exists");
    let update = UpdateCustomer { customer_id: id, name: None, phone: Some(String::new()), email: None };
    world.run(&office, &update).unwrap();
    let row = world.get(id);
    assert_eq!((row.name.as_str(), row.phone), ("Grace", None));
    world.run(&office, &with(&update, "email", "g@example.com")).unwrap();
    assert_eq!(world.get(id).email.as_deref(), Some("g@example.com"));
    let nothing = UpdateCustomer { phone: None, ..update.clone() };
    assert_eq!(world.refusal(&office, &nothing), "customer.nothing_to_change");
    for (field, stem, max) in
        [("name", "customer.name", 200), ("phone", "customer.phone", 40), ("email", "customer.email", 254)]
    {
        text_is_bounded(&mut world, &office, &with(&customer(), "customer_id", Uuid::from_u128(1)), field, stem, max);
        text_is_bounded(&mut world, &office, &update, field, stem, max);
    }
    assert_eq!(world.refusal(&office, &with(&update, "name", " ")), "customer.name_empty");
    assert_eq!(world.refusal(&office, &with(&update, "email", "nobody")), "customer.email_format");
    assert_eq!(
        world.refusal(&office, &UpdateCustomer { customer_id: Id::new(Uuid::nil()), ..update.clone() }),
        "customer.not_found"
    );
}

/// A territory of postal code 80205.
fn with_territory() -> World {
    let mut world = World::new();
    let create = CreateTerritory { territory_id: NORTH, branch_id: BRANCH, name: "North".into() };
    world.run(&manager(), &create).unwrap();
    let codes = SetPostalCodes { territory_id: NORTH, postal_codes: vec!["80205".into(), "sw1a  1aa".into()] };
    assert_eq!(world.run(&manager(), &codes).unwrap().postal_codes, 2);
    world
}

#[test]
fn a_place_lies_in_the_territory_of_its_postal_code() {
    let mut world = with_territory();
    let office = dispatcher();
    let saved = world.run(&office, &place()).unwrap();
    assert_eq!(saved.territory_id, Some(NORTH));
    let row = world.get(saved.location_id);
    assert_eq!(row.postal_code.as_deref(), Some("80205"));
    let update = UpdateLocation {
        location_id: row.id,
        address: None,
        zone: None,
        latitude: None,
        longitude: None,
        access_notes: None,
        postal_code: Some("99999".into()),
        territory_id: None,
    };
    assert_eq!(world.run(&office, &update).unwrap().territory_id, None, "nobody serves it");
    assert_eq!(world.run(&office, &with(&update, "territory_id", NORTH)).unwrap().territory_id, Some(NORTH));
    // A correction of something else leaves the territory that was chosen.
    let notes = with(&with(&update, "postal_code", "99999"), "access_notes", "Side door");
    assert_eq!(world.run(&office, &notes).unwrap().territory_id, Some(NORTH));

    world.run(&manager(), &UpdateTerritory { territory_id: NORTH, name: None, active: Some(false) }).unwrap();
    assert_eq!(world.refusal(&office, &with(&update, "territory_id", NORTH)), "territory.inactive");
    assert_eq!(world.refusal(&office, &with(&update, "territory_id", Uuid::from_u128(404))), "territory.not_found");
}

#[test]
fn a_place_must_make_sense() {
    let mut world = with_territory();
    let office = dispatcher();
    for (field, value, reason) in [
        ("address", serde_json::json!("  "), "location.address_empty"),
        ("zone", "Mars/Olympus".into(), "location.zone"),
        ("latitude", "90.000001".into(), "location.coordinates"),
        ("longitude", "-181".into(), "location.coordinates"),
        ("postal_code", "1".repeat(17).into(), "location.postal_code_too_long"),
        ("customer_id", Uuid::from_u128(404).to_string().into(), "customer.not_found"),
    ] {
        assert_eq!(world.refusal(&office, &with(&place(), field, value)), reason, "{field}");
    }
    text_is_bounded(&mut world, &office, &place(), "address", "location.address", 500);
    text_is_bounded(&mut world, &office, &place(), "access_notes", "location.access_notes", 2_000);
    let saved = world.run(&office, &with(&place(), "latitude", "39.7521234567")).unwrap();
    assert_eq!(world.get(saved.location_id).latitude.unwrap().to_string(), "39.752123");
}

#[test]
fn a_territory_has_postal_codes_of_its_own() {
    let mut world = with_territory();
    let south = CreateTerritory { territory_id: id(0x50), branch_id: BRANCH, name: "South".into() };
    assert_eq!(world.refusal(&manager(), &CreateTerritory { branch_id: id(404), ..south.clone() }), "branch.not_found");
    world.run(&manager(), &south).unwrap();
    let codes = |codes: &[&str]| SetPostalCodes {
        territory_id: south.territory_id,
        postal_codes: codes.iter().map(|code| (*code).to_owned()).collect(),
    };
    assert_eq!(world.refusal(&manager(), &codes(&["80205"])), "territory.postal_code_taken");
    assert_eq!(world.refusal(&manager(), &codes(&["1", " "])), "territory.postal_code_empty");
    assert_eq!(world.refusal(&manager(), &codes(&["1\0"])), "territory.postal_code_nul");
    assert_eq!(world.refusal(&manager(), &codes(&["1"; 501])), "territory.too_many_postal_codes");
    assert_eq!(world.run(&manager(), &codes(&["1", "2", " 2 "])).unwrap().postal_codes, 2);
    world.run(&manager(), &codes(&["2", "3"])).unwrap();
    let mut left: Vec<_> = world.all::<TerritoryArea>().into_iter().map(|area| area.postal_code).collect();
    left.sort();
    assert_eq!(left, ["2", "3", "80205", "SW1A 1AA"]);
}

#[test]
fn technicians_write_down_machines() {
    let mut world = World::at_work();
    let alice = technician(ALICE);
    world.run(&alice, &machine()).unwrap();
    let update = UpdateEquipment { equipment_id: BOILER, name: None, model: None, serial: Some("S-1".into()) };
    world.run(&alice, &update).unwrap();
    assert_eq!(world.get(BOILER).serial.as_deref(), Some("S-1"));
    assert_eq!(world.refusal(&alice, &machine()), "equipment.exists");
    assert_eq!(world.refusal(&alice, &CreateEquipment { location_id: id(404), ..machine() }), "location.not_found");
    assert_eq!(world.refusal(&alice, &with(&machine(), "name", "")), "equipment.name_empty");
    for (field, max) in [("name", 200), ("model", 100), ("serial", 100)] {
        let stem = format!("equipment.{field}");
        text_is_bounded(&mut world, &alice, &CreateEquipment { equipment_id: id(1), ..machine() }, field, &stem, max);
        text_is_bounded(&mut world, &alice, &update, field, &stem, max);
    }
    assert_eq!(
        world.refusal(&alice, &UpdateEquipment { serial: None, ..update.clone() }),
        "equipment.nothing_to_change"
    );
    assert_eq!(world.refusal(&alice, &UpdateEquipment { equipment_id: id(404), ..update }), "equipment.not_found");
}

#[test]
fn one_person_is_called_first() {
    let mut world = World::at_work();
    let alice = technician(ALICE);
    world.run(&dispatcher(), &contact(PERSON, true)).unwrap();
    world.run(&alice, &contact(OTHER_PERSON, true)).unwrap();
    assert!(!world.get(PERSON).preferred && world.get(OTHER_PERSON).preferred);
    let update = |contact_id| UpdateContact {
        contact_id,
        customer_id: CUSTOMER,
        location_id: None,
        name: None,
        role: None,
        phone: None,
        email: None,
        preferred: Some(true),
    };
    world.run(&alice, &update(PERSON)).unwrap();
    assert!(world.get(PERSON).preferred && !world.get(OTHER_PERSON).preferred);
    // At a place somebody else may be first.
    let at_house = with(&update(OTHER_PERSON), "location_id", HOUSE);
    world.run(&alice, &at_house).unwrap();
    assert!(world.get(PERSON).preferred && world.get(OTHER_PERSON).preferred);

    assert_eq!(
        world.refusal(&alice, &with(&update(PERSON), "location_id", OTHER_HOUSE)),
        "contact.location_of_other_customer"
    );
    assert_eq!(world.refusal(&alice, &with(&update(PERSON), "customer_id", OTHER_CUSTOMER)), "contact.other_customer");
    assert_eq!(world.refusal(&alice, &with(&update(PERSON), "email", "x y@z")), "contact.email_format");
    assert_eq!(world.refusal(&alice, &update(id(404))), "contact.not_found");
    for (field, max) in [("name", 200), ("role", 200), ("phone", 40), ("email", 254)] {
        let stem = format!("contact.{field}");
        text_is_bounded(&mut world, &alice, &contact(id(1), false), field, &stem, max);
        text_is_bounded(&mut world, &alice, &update(PERSON), field, &stem, max);
    }
    assert_eq!(
        world.refusal(&alice, &with(&contact(id(1), false), "customer_id", Uuid::from_u128(404))),
        "customer.not_found"
    );

    let remove = RemoveContact { contact_id: PERSON, customer_id: CUSTOMER };
    assert_eq!(
        world.refusal(&dispatcher(), &RemoveContact { customer_id: OTHER_CUSTOMER, ..remove.clone() }),
        "contact.other_customer"
    );
    world.run(&dispatcher(), &remove).unwrap();
    assert_eq!(world.refusal(&dispatcher(), &remove), "contact.not_found");
}

#[test]
fn a_customer_has_only_so_many_contacts() {
    let mut world = World::new();
    for number in 0..200 {
        world.run(&dispatcher(), &contact(id(0x1000 + number), false)).unwrap();
    }
    assert_eq!(world.refusal(&dispatcher(), &contact(id(1), false)), "contact.too_many");
}

#[test]
fn the_management_keeps_branches_and_skills() {
    let mut world = World::new();
    let branch = CreateBranch { branch_id: id(0x51), name: "South".into(), zone: "america/denver".into() };
    world.run(&manager(), &branch).unwrap();
    assert_eq!(world.get(branch.branch_id).zone, "America/Denver");
    assert_eq!(world.refusal(&manager(), &with(&branch, "zone", "Denver")), "branch.zone");
    text_is_bounded(
        &mut world,
        &manager(),
        &with(&branch, "branch_id", Uuid::from_u128(9)),
        "name",
        "branch.name",
        200,
    );
    let update = UpdateBranch { branch_id: branch.branch_id, name: Some("Süd".into()), zone: None };
    world.run(&manager(), &update).unwrap();
    assert_eq!(world.refusal(&manager(), &UpdateBranch { name: None, ..update.clone() }), "branch.nothing_to_change");
    assert_eq!(world.refusal(&manager(), &UpdateBranch { branch_id: id(404), ..update.clone() }), "branch.not_found");
    assert_eq!(world.refusal(&manager(), &with(&update, "zone", "\0")), "branch.zone");

    let skill = CreateSkill { skill_id: id(0x52), name: "Gas".into() };
    world.run(&manager(), &skill).unwrap();
    let update = UpdateSkill { skill_id: skill.skill_id, name: None, active: Some(false) };
    world.run(&manager(), &update).unwrap();
    assert!(!world.get(skill.skill_id).active);
    assert_eq!(world.refusal(&manager(), &UpdateSkill { active: None, ..update.clone() }), "skill.nothing_to_change");
    text_is_bounded(&mut world, &manager(), &update, "name", "skill.name", 200);
    text_is_bounded(&mut world, &manager(), &with(&skill, "skill_id", Uuid::from_u128(9)), "name", "skill.name", 200);
}

fn question(item_id: Id<ChecklistTemplateItem>) -> AddTemplateItem {
    AddTemplateItem {
        item_id,
        template_id: TEMPLATE,
        position: 9,
        prompt: "Clean?".into(),
        answer_kind: AnswerKind::YesNo,
        required: false,
        shown_after_id: None,
        shown_when: None,
    }
}

fn requestion(item_id: Id<ChecklistTemplateItem>) -> UpdateTemplateItem {
    UpdateTemplateItem {
        item_id,
        template_id: TEMPLATE,
        position: None,
        prompt: None,
        required: None,
        shown_after_id: None,
        shown_when: None,
        always_shown: false,
    }
}

#[test]
fn the_management_designs_checklists() {
    let mut world = World::new();
    let boss = manager();
    let create = CreateChecklistTemplate { template_id: id(0x7e9), name: "Boiler".into(), trade: "hvac".into() };
    world.run(&boss, &create).unwrap();
    let update =
        UpdateChecklistTemplate { template_id: create.template_id, name: None, trade: None, active: Some(false) };
    world.run(&boss, &update).unwrap();
    assert!(!world.get(create.template_id).active);
    for field in ["name", "trade"] {
        let stem = format!("checklist_template.{field}");
        text_is_bounded(&mut world, &boss, &update, field, &stem, 200);
        let fresh = CreateChecklistTemplate { template_id: id(1), ..create.clone() };
        text_is_bounded(&mut world, &boss, &fresh, field, &stem, 200);
    }

    let cleaned = id(0x174);
    world.run(&boss, &question(cleaned)).unwrap();
    world.run(&boss, &UpdateTemplateItem { position: Some(2), required: Some(true), ..requestion(cleaned) }).unwrap();
    let after =
        UpdateTemplateItem { shown_after_id: Some(PRESSURE), shown_when: Some("1".into()), ..requestion(cleaned) };
    world.run(&boss, &after).unwrap();
    let row = world.get(cleaned);
    assert_eq!((row.position, row.required, row.shown_after_id), (2, true, Some(PRESSURE)));
    world.run(&boss, &UpdateTemplateItem { always_shown: true, ..requestion(cleaned) }).unwrap();
    assert_eq!(world.get(cleaned).shown_after_id, None);

    let circle =
        UpdateTemplateItem { shown_after_id: Some(PRESSURE), shown_when: Some("1".into()), ..requestion(GAS_OFF) };
    let itself =
        UpdateTemplateItem { shown_after_id: Some(cleaned), shown_when: Some("1".into()), ..requestion(cleaned) };
    let elsewhere = UpdateTemplateItem { shown_after_id: Some(id(404)), ..circle.clone() };
    let half = UpdateTemplateItem { shown_when: None, ..circle.clone() };
    for condition in [circle, itself, elsewhere, half] {
        assert_eq!(world.refusal(&boss, &condition), "checklist_item.condition", "{condition:?}");
    }
    for (field, value, reason) in [
        ("position", serde_json::json!(0), "checklist_item.position"),
        ("position", 10_001.into(), "checklist_item.position"),
        ("prompt", "".into(), "checklist_item.prompt_empty"),
        ("template_id", Uuid::from_u128(404).to_string().into(), "checklist_template.not_found"),
        ("answer_kind", "poem".into(), "checklist_item.answer_kind"),
    ] {
        assert_eq!(world.refusal(&boss, &with(&question(id(0x175)), field, value)), reason);
    }
    text_is_bounded(&mut world, &boss, &question(id(1)), "prompt", "checklist_item.prompt", 200);
    text_is_bounded(&mut world, &boss, &question(id(1)), "shown_when", "checklist_item.shown_when", 4_000);
    let foreign = UpdateTemplateItem { template_id: OLD_TEMPLATE, ..requestion(cleaned) };
    assert_eq!(world.refusal(&boss, &foreign), "checklist_item.other_template");

    let remove = |item_id| RemoveTemplateItem { item_id, template_id: TEMPLATE };
    assert_eq!(world.refusal(&boss, &remove(GAS_OFF)), "checklist_item.depended_on");
    world.run(&boss, &remove(cleaned)).unwrap();
    assert_eq!(world.refusal(&boss, &remove(cleaned)), "checklist_template_item.not_found");
}

#[test]
fn the_organization_gets_another_name_and_keeps_its_currency() {
    let mut world = World::new();
    let before: Organization = world.get(id(1));
    let update = UpdateOrganization { organization_id: before.id, name: Some(" Söhne & Töchter ".into()) };
    world.run(&manager(), &update).unwrap();
    let after: Organization = world.get(id(1));
    assert_eq!((after.name.as_str(), after.currency), ("Söhne & Töchter", before.currency));
    for (wrong, reason) in [
        (UpdateOrganization { name: None, ..update.clone() }, "organization.nothing_to_change"),
        (UpdateOrganization { name: Some(" ".into()), ..update.clone() }, "organization.name_empty"),
        (UpdateOrganization { name: Some("x".repeat(201)), ..update.clone() }, "organization.name_too_long"),
        (UpdateOrganization { organization_id: id(404), ..update.clone() }, "organization.not_found"),
    ] {
        assert_eq!(world.refusal(&manager(), &wrong), reason);
    }
}
