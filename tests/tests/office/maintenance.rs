//! Maintenance contracts over a real Postgres: nothing is owed twice, and a phone's visit is the office's.

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use satchel_domain::{
    mutations::{
        ActivateContract, AssignTech, CompleteVisit, CreateContract, DispatchVisit, GenerateVisits,
        ScheduleContractVisit,
    },
    rules::{contracts, money::Cents, planning::PlannedVisit},
    tables::{ContractPrice, ContractVisit, Job, MaintenanceContract, OwedState, Visit, VisitState},
};
use satchel_protocol::{Id, Mutation, wire::Outcome};
use satchel_tests::{
    contractor::{Contractor, Phone, id},
    phone::Field,
    tenants::{Access, attempt, begin_as, leave, service, two_tenants},
};
use uuid::Uuid;

/// Desks that write down what is owed at the same time.
const DESKS: usize = 6;

/// A quarterly contract of two years that begins today, where the branch is.
fn contract(contractor: &Contractor) -> CreateContract {
    let today = Timestamp::now().to_zoned(TimeZone::get("America/Chicago").unwrap()).date();
    CreateContract {
        contract_id: id(),
        branch_id: contractor.branch_id,
        customer_id: contractor.customer_id,
        location_id: contractor.location_id,
        equipment_ids: Vec::new(),
        number: Some("M-1".to_owned()),
        title: "Tune-up".to_owned(),
        description: String::new(),
        template_id: None,
        interval_months: 3,
        season: None,
        starts_on: today,
        ends_on: today.checked_add(2.years()).unwrap().yesterday().unwrap(),
        price_cents: Cents::new(19_900),
    }
}

async fn accepted<M: Mutation>(contractor: &Contractor, desk: &mut Phone, mutation: &M) {
    let outcome = contractor.outcome(desk, mutation).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{}: {outcome:?}", M::NAME);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn visits_generated_by_many_at_once_are_owed_once() {
    let contractor = Contractor::new(&satchel_domain::REGISTRY).await;
    let mut desk = contractor.phone(contractor.dispatcher);
    let create = contract(&contractor);
    let contract_id = create.contract_id;
    accepted(&contractor, &mut desk, &create).await;
    accepted(&contractor, &mut desk, &ActivateContract { contract_id }).await;
    let runs = (0..DESKS).map(|ahead| {
        let mut desk = contractor.phone(contractor.dispatcher);
        // Some look further ahead than others.
        let through = create.starts_on.checked_add((6 + 6 * i64::try_from(ahead % 3).unwrap()).months()).unwrap();
        let contractor = &contractor;
        async move {
            for _ in 0..3 {
                accepted(contractor, &mut desk, &GenerateVisits { contract_id, through }).await;
            }
        }
    });
    futures_util::future::join_all(runs).await;
    let visits: Vec<(i32, Uuid)> = sqlx::query_as("select period, id from satchel.contract_visit order by period")
        .fetch_all(&contractor.admin)
        .await
        .unwrap();
    let expected: Vec<_> = (0..7).map(|period| (period, contracts::visit_id(contract_id, period).uuid())).collect();
    assert_eq!(visits, expected);
    // Another program that tries is refused.
    let twice = "insert into satchel.contract_visit (org_id, id, contract_id, location_id, branch_id, period, due_from, due_until, state)
         select org_id, gen_random_uuid(), contract_id, location_id, branch_id, period, due_from, due_until, 'owed'
         from satchel.contract_visit limit 1";
    assert!(sqlx::query(twice).execute(&contractor.admin).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_technician_completes_what_a_contract_owes_and_never_sees_its_price() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let mut desk = contractor.phone(contractor.dispatcher);
    let create = contract(contractor);
    let contract_id = create.contract_id;
    accepted(contractor, &mut desk, &create).await;
    accepted(contractor, &mut desk, &ActivateContract { contract_id }).await;
    accepted(contractor, &mut desk, &GenerateVisits { contract_id, through: create.starts_on }).await;
    let owed = contracts::visit_id(contract_id, 0);
    let (job_id, visit_id): (Id<Job>, Id<Visit>) = (id(), id());
    let window_start = Timestamp::now();
    let visit = PlannedVisit { visit_id, window_start, window_end: window_start + 2.hours(), template_ids: Vec::new() };
    let schedule = ScheduleContractVisit {
        contract_id,
        contract_visit_id: owed,
        job_id,
        number: None,
        visit,
        confirm_outside_due: true,
    };
    accepted(contractor, &mut desk, &schedule).await;
    let twice = ScheduleContractVisit { job_id: id(), ..schedule };
    let refused = contractor.outcome(&mut desk, &twice).await;
    assert!(
        matches!(&refused, Outcome::Rejected(rejection) if rejection.reason == "contract_visit.state"),
        "{refused:?}"
    );
    let technician_id = contractor.technicians[0].id;
    let assign = AssignTech { job_id, visit_id, technician_id, confirm_overlap: false, confirm: Vec::new() };
    accepted(contractor, &mut desk, &assign).await;
    accepted(contractor, &mut desk, &DispatchVisit { job_id, visit_id }).await;
    sqlx::query("update satchel.visit set state = 'on_site'").execute(&contractor.admin).await.unwrap();

    let phone = field.synced_phone(0).await;
    phone.sees_row::<MaintenanceContract>(contract_id.uuid()).await;
    phone.client.mutate(&CompleteVisit { job_id, visit_id, outcome: None }).await.unwrap();
    let shown = phone.client.read(move |reader| reader.get::<ContractVisit>(owed)).await.unwrap().unwrap();
    assert_eq!(shown.state, OwedState::Done, "at once, on the phone");
    phone.settled().await;
    phone.assert_converged(&contractor.database).await;
    let state: String = sqlx::query_scalar("select state from satchel.contract_visit where id = $1")
        .bind(owed.uuid())
        .fetch_one(&contractor.admin)
        .await
        .unwrap();
    assert_eq!(state, "done");
    let ended: String =
        sqlx::query_scalar("select state from satchel.visit").fetch_one(&contractor.admin).await.unwrap();
    assert_eq!(ended, VisitState::Completed.as_str());
    assert!(phone.client.read(|reader| reader.all::<ContractPrice>()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_technician_sees_contracts_of_his_places_and_moves_only_what_his_jobs_owe() {
    let database = two_tenants().await;
    let mut connection = service(&database).await;
    begin_as(&mut connection, "satchel_field", Some(("a", "a/user/technician"))).await;
    let update = "update satchel.contract_visit set";
    for (statement, expected) in [
        ("select from satchel.maintenance_contract", Access::Rows(1)),
        ("select from satchel.contract_equipment", Access::Rows(1)),
        ("select from satchel.contract_visit", Access::Rows(1)),
        ("select from satchel.contract_price", Access::Rows(0)),
        (&format!("{update} state = 'done'"), Access::Rows(1)),
        (&format!("{update} due_until = '2030-01-01'"), Access::Refused),
        (&format!("{update} state = 'skipped', skip_reason = 'x', job_id = null"), Access::Refused),
        ("update satchel.maintenance_contract set state = 'canceled'", Access::Refused),
        ("delete from satchel.contract_visit", Access::Refused),
    ] {
        assert_eq!(attempt(&mut connection, statement).await, expected, "{statement}");
    }
    leave(&mut connection).await;
    begin_as(&mut connection, "satchel_office", Some(("a", "a/user/dispatcher_north"))).await;
    for table in ["maintenance_contract", "contract_equipment", "contract_price", "contract_visit"] {
        let statement = format!("select from satchel.{table}");
        assert_eq!(attempt(&mut connection, &statement).await, Access::Rows(2), "{table}: one branch of two");
    }
    leave(&mut connection).await;
}
