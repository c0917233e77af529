//! On which rows somebody may act, once the policy lets him.

use std::collections::HashSet;

use satchel_domain::{mutations::*, policies, roles};

use crate::support::*;

#[test]
fn the_office_acts_on_any_job() {
    for role in roles::ALL.iter().filter(|role| **role != roles::TECHNICIAN) {
        World::at_work().run(&with_role(role), &complete()).unwrap();
    }
}

#[test]
fn a_technician_without_a_technician_row_has_no_work() {
    let mut world = World::at_work();
    assert_eq!(world.refusal(&with_role(roles::TECHNICIAN), &complete()), "role.no_technician");
}

#[test]
fn a_role_beside_his_own_gives_a_technician_no_other_visits() {
    let mut world = World::at_work();
    let roles = vec![roles::INVENTORY_MANAGER.to_owned(), roles::TECHNICIAN.to_owned()];
    let keeper = Person { roles, ..technician(BOB) };
    assert_eq!(world.refusal(&keeper, &complete()), "visit.not_assigned");
}

#[test]
fn an_owner_who_also_goes_out_may_do_both() {
    let mut world = World::at_work();
    let roles = vec![roles::OWNER.to_owned(), roles::TECHNICIAN.to_owned()];
    let owner = Person { roles, ..technician(BOB) };
    world.run(&owner, &complete()).unwrap();
    let cancel = CancelVisit { job_id: JOB, visit_id: VISIT, reason: "x".into() };
    assert_eq!(world.refusal(&owner, &cancel), "visit.closed");
}

#[test]
fn every_policy_file_is_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/policies");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let listed: HashSet<String> = policies::ALL.iter().map(|file| format!("{}.cedar", file.resource)).collect();
    assert_eq!(names.collect::<HashSet<_>>(), listed);
}
