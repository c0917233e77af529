//! Who may do anything at all.

use satchel_domain::{mutations::*, roles};

use crate::support::*;

#[test]
fn planners_plan_and_others_do_not() {
    for role in roles::ALL {
        let mut world = World::new();
        let person = with_role(role);
        if roles::PLANNERS.contains(role) {
            world.run(&person, &create_job(JOB)).unwrap();
        } else {
            // A technician without a technician row is nobody either.
            assert_eq!(world.refusal(&person, &create_job(JOB)), "role.read_only", "{role}");
        }
    }
}

#[test]
fn who_only_reads_moves_nothing() {
    for role in [roles::AUDITOR, roles::BILLING, roles::INVENTORY_MANAGER] {
        let mut world = World::at_work();
        assert_eq!(world.refusal(&with_role(role), &complete()), "role.read_only", "{role}");
    }
}

#[test]
fn a_technician_row_without_the_role_gives_no_right() {
    let mut world = World::at_work();
    let auditor = Person { technician: Some(ALICE), ..with_role(roles::AUDITOR) };
    assert_eq!(world.refusal(&auditor, &complete()), "role.read_only");
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
