//! Maintenance contracts and the visits they owe.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use satchel_domain::{
    mutations::*,
    roles,
    rules::{
        contracts::{self, contract_state, owed_state, periods},
        money::Cents,
    },
    tables::*,
};
use satchel_protocol::Id;

use crate::support::*;

const CONTRACT: Id<MaintenanceContract> = Id::new(uuid::Uuid::from_u128(0xc0));
const OTHER: Id<MaintenanceContract> = Id::new(uuid::Uuid::from_u128(0xc1));

/// The test's morning is 2026-11-21, 1 o'clock in Denver.
fn create() -> CreateContract {
    CreateContract {
        contract_id: CONTRACT,
        branch_id: BRANCH,
        customer_id: CUSTOMER,
        location_id: HOUSE,
        equipment_ids: vec![FURNACE],
        number: Some(" M-1 ".into()),
        title: "Furnace tune-up".into(),
        description: "Bring filters".into(),
        template_id: Some(TEMPLATE),
        interval_months: 3,
        season: None,
        starts_on: date(2026, 12, 1),
        ends_on: date(2027, 11, 30),
        price_cents: Cents::new(19_900),
    }
}

fn generate(through: Date) -> GenerateVisits {
    GenerateVisits { contract_id: CONTRACT, through }
}

fn active() -> World {
    let mut world = World::new();
    world.run(&dispatcher(), &create()).unwrap();
    world.run(&dispatcher(), &ActivateContract { contract_id: CONTRACT }).unwrap();
    world
}

fn owed(world: &World) -> Vec<ContractVisit> {
    let mut visits = world.all::<ContractVisit>();
    visits.sort_by_key(|visit| visit.period);
    visits
}

fn states(world: &World) -> Vec<OwedState> {
    owed(world).into_iter().map(|visit| visit.state).collect()
}

fn schedule(world: &World, period: i32, job: Id<Job>, visit: Id<Visit>, days: i64) -> ScheduleContractVisit {
    let contract_visit_id = owed(world).iter().find(|visit| visit.period == period).unwrap().id;
    let minutes = days * 24 * 60;
    ScheduleContractVisit {
        contract_id: CONTRACT,
        contract_visit_id,
        job_id: job,
        number: None,
        visit: planned(visit, minutes, minutes + 120),
        confirm_outside_due: false,
    }
}

#[test]
fn a_contract_owes_a_visit_for_each_period_once() {
    let mut world = active();
    let made = world.run(&with_role(roles::DELEGATED_AGENT), &generate(date(2027, 6, 1))).unwrap();
    assert_eq!((made.visits_created, made.state), (3, ContractState::Active));
    assert_eq!(world.run(&dispatcher(), &generate(date(2027, 6, 1))).unwrap().visits_created, 0, "nothing twice");
    assert_eq!(world.run(&dispatcher(), &generate(date(2028, 1, 1))).unwrap().visits_created, 1);
    let dues: Vec<_> = owed(&world).iter().map(|visit| (visit.due_from, visit.due_until)).collect();
    assert_eq!(
        dues,
        [
            (date(2026, 12, 1), date(2027, 2, 28)),
            (date(2027, 3, 1), date(2027, 5, 31)),
            (date(2027, 6, 1), date(2027, 8, 31)),
            (date(2027, 9, 1), date(2027, 11, 30)),
        ]
    );
    assert!(owed(&world).iter().all(|visit| visit.id == contracts::visit_id(CONTRACT, visit.period)));
    let contract = world.get(CONTRACT);
    assert_eq!((contract.number.as_deref(), contract.owed_from), (Some("M-1"), date(2026, 12, 1)));
    assert_eq!(world.get(contracts::price_id(CONTRACT)).price_cents, Cents::new(19_900));
    assert_eq!(world.all::<ContractEquipment>().len(), 1);
}

#[test]
fn an_owed_visit_becomes_a_job_and_follows_it() {
    let mut world = active();
    world.run(&dispatcher(), &generate(date(2027, 12, 1))).unwrap();
    // Ten days on it is December 1 where the branch is; a day earlier it is not due.
    assert_eq!(world.refusal(&dispatcher(), &schedule(&world.clone(), 0, JOB, VISIT, 9)), "contract_visit.outside_due");
    let plan = schedule(&world, 0, JOB, VISIT, 10);
    assert_eq!(world.run(&dispatcher(), &plan).unwrap().job_state, JobState::Scheduled);
    let job = world.get(JOB);
    assert_eq!((job.title.as_str(), job.equipment_id), ("Furnace tune-up", Some(FURNACE)));
    assert_eq!(world.all::<Checklist>()[0].template_id, TEMPLATE);
    assert_eq!(world.refusal(&dispatcher(), &plan), "contract_visit.state");

    // Called off, it is owed again, and another job is made for it.
    world.run(&dispatcher(), &CancelJob { job_id: JOB, reason: "Not today".into() }).unwrap();
    assert_eq!((owed(&world)[0].state.clone(), owed(&world)[0].job_id), (OwedState::Owed, None));
    let (job_id, visit_id) = (id(0x7001), id(0x7002));
    let late = ScheduleContractVisit { confirm_outside_due: true, ..schedule(&world, 0, job_id, visit_id, 9) };
    world.run(&dispatcher(), &late).unwrap();
    let alice = technician(ALICE);
    world.run(&dispatcher(), &AssignTech { job_id, visit_id, ..assign(ALICE) }).unwrap();
    world.run(&dispatcher(), &DispatchVisit { job_id, visit_id }).unwrap();
    world.run(&alice, &AcceptVisit { job_id, visit_id, reason: None }).unwrap();
    world.run(&alice, &TravelToVisit { job_id, visit_id, reason: None }).unwrap();
    world.run(&alice, &ArriveAtVisit { job_id, visit_id, reason: None }).unwrap();
    assert_eq!(states(&world)[0], OwedState::Scheduled);
    let gas = world.all::<ChecklistAnswer>().into_iter().rfind(|answer| answer.item_id == GAS_OFF).unwrap();
    let answer_id = world
        .all::<ChecklistAnswer>()
        .into_iter()
        .find(|answer| answer.item_id == GAS_OFF && answer.job_id == job_id)
        .map_or(gas.id, |answer| answer.id);
    world.run(&alice, &AnswerItem { job_id, visit_id, answer_id, value: "yes".into() }).unwrap();
    world.run(&alice, &CompleteVisit { job_id, visit_id, outcome: None }).unwrap();
    assert_eq!(states(&world)[0], OwedState::Done);
    // Another visit of the job reopens it; the office settles the job without one: it is owed again.
    let again = id(0x7003);
    world.run(&dispatcher(), &CreateVisit { job_id, planned: planned(again, 20_000, 20_060) }).unwrap();
    assert_eq!(states(&world)[0], OwedState::Scheduled);
    world.run(&dispatcher(), &CancelVisit { job_id, visit_id: again, reason: "No".into() }).unwrap();
    assert_eq!(states(&world)[0], OwedState::Done);
    world.run(&dispatcher(), &UpdateJobStatus { job_id, status: JobState::Closed }).unwrap();
    assert_eq!(states(&world)[0], OwedState::Done, "settled after it was done");
}

#[test]
fn a_job_settled_without_being_done_leaves_the_visit_owed() {
    let mut world = active();
    world.run(&dispatcher(), &generate(date(2027, 1, 1))).unwrap();
    let plan = schedule(&world, 0, JOB, VISIT, 10);
    world.run(&dispatcher(), &plan).unwrap();
    world.run(&dispatcher(), &CancelVisit { job_id: JOB, visit_id: VISIT, reason: "No".into() }).unwrap();
    assert_eq!(states(&world), [OwedState::Scheduled], "the job still waits for a visit");
    world.run(&dispatcher(), &UpdateJobStatus { job_id: JOB, status: JobState::Closed }).unwrap();
    assert_eq!(states(&world), [OwedState::Owed]);
}

#[test]
fn what_falls_due_in_a_pause_is_skipped() {
    let mut world = active();
    let pause = PauseContract { contract_id: CONTRACT, reason: "Moved out".into() };
    world.run(&dispatcher(), &generate(date(2027, 3, 1))).unwrap();
    world.run(&dispatcher(), &pause).unwrap();
    assert_eq!(world.refusal(&dispatcher(), &generate(date(2027, 6, 1))), "contract.state");
    assert_eq!(world.refusal(&dispatcher(), &schedule(&world.clone(), 0, JOB, VISIT, 10)), "contract.state");
    assert_eq!(world.refusal(&dispatcher(), &pause), "contract.state");
    // Half a year later.
    world.minutes = 60 * 24 * 190;
    let resumed = world.run(&dispatcher(), &ResumeContract { contract_id: CONTRACT }).unwrap();
    assert_eq!((resumed.state, resumed.visits_skipped), (ContractState::Active, 1));
    assert_eq!(world.get(CONTRACT).owed_from, date(2027, 5, 30));
    world.run(&dispatcher(), &generate(date(2027, 9, 1))).unwrap();
    assert_eq!(states(&world), [OwedState::Skipped, OwedState::Owed, OwedState::Owed, OwedState::Owed]);
    let canceled = world.run(&dispatcher(), &CancelContract { contract_id: CONTRACT, reason: "Sold".into() }).unwrap();
    assert_eq!((canceled.state, canceled.visits_skipped), (ContractState::Canceled, 3));
    assert!(owed(&world).iter().all(|visit| visit.skip_reason.is_some()));
    assert_eq!(world.refusal(&dispatcher(), &ActivateContract { contract_id: CONTRACT }), "contract.state");
}

#[test]
fn a_contract_runs_out_and_is_renewed() {
    let mut world = World::new();
    let short = CreateContract { ends_on: date(2027, 1, 15), ..create() };
    world.run(&dispatcher(), &short).unwrap();
    world.run(&dispatcher(), &ActivateContract { contract_id: CONTRACT }).unwrap();
    world.minutes = 60 * 24 * 60;
    let ran_out = world.run(&dispatcher(), &generate(date(2027, 3, 1))).unwrap();
    assert_eq!((ran_out.visits_created, ran_out.state), (1, ContractState::Ended));
    assert_eq!(owed(&world)[0].due_until, date(2027, 1, 15), "the last period ends with the contract");
    assert_eq!(world.refusal(&dispatcher(), &generate(date(2027, 3, 1))), "contract.state");
    let renew = |ends_on| RenewContract { contract_id: CONTRACT, ends_on, price_cents: Some(Cents::new(21_000)) };
    assert_eq!(world.refusal(&dispatcher(), &renew(date(2027, 1, 15))), "contract.renew_earlier");
    assert_eq!(world.refusal(&dispatcher(), &renew(date(2050, 1, 1))), "contract.length");
    let renewed = world.run(&dispatcher(), &renew(date(2027, 12, 31))).unwrap();
    assert_eq!((renewed.state, renewed.renewals), (ContractState::Active, 1));
    assert_eq!(world.get(contracts::price_id(CONTRACT)).price_cents, Cents::new(21_000));
    world.run(&dispatcher(), &generate(date(2027, 3, 1))).unwrap();
    assert_eq!(owed(&world)[0].due_until, date(2027, 2, 28), "what is still owed follows the contract");
    // What is owed can be made after the end; what is skipped cannot.
    let skip =
        SkipContractVisit { contract_id: CONTRACT, contract_visit_id: owed(&world)[0].id, reason: "Away".into() };
    world.run(&dispatcher(), &skip).unwrap();
    assert_eq!(world.refusal(&dispatcher(), &skip), "contract_visit.state");
}

#[test]
fn what_is_written_makes_sense() {
    let mut world = World::new();
    let office = dispatcher();
    let elsewhere = Location { customer_id: OTHER_CUSTOMER, ..world.get(OTHER_HOUSE) };
    for (contract, reason) in [
        (CreateContract { interval_months: 0, ..create() }, "contract.interval"),
        (CreateContract { interval_months: -3, ..create() }, "contract.interval"),
        (CreateContract { interval_months: 61, ..create() }, "contract.interval"),
        (CreateContract { season: Some(Season { from_month: 0, until_month: 3 }), ..create() }, "contract.season"),
        (CreateContract { season: Some(Season { from_month: 1, until_month: 13 }), ..create() }, "contract.season"),
        (CreateContract { starts_on: date(1970, 1, 1), ..create() }, "contract.date"),
        (CreateContract { ends_on: date(2400, 1, 1), ..create() }, "contract.date"),
        (CreateContract { ends_on: date(2026, 11, 30), ..create() }, "contract.order"),
        (CreateContract { ends_on: date(2047, 1, 1), ..create() }, "contract.length"),
        (CreateContract { title: " ".into(), ..create() }, "contract.title_empty"),
        (CreateContract { title: "\u{202e}🙂".repeat(101), ..create() }, "contract.title_too_long"),
        (CreateContract { description: "a\0".into(), ..create() }, "contract.description_nul"),
        (CreateContract { number: Some("9".repeat(65)), ..create() }, "contract.number_too_long"),
        (CreateContract { price_cents: Cents::new(-1), ..create() }, "contract.price_negative"),
        (CreateContract { price_cents: Cents::new(i64::MAX), ..create() }, "contract.price_too_large"),
        (CreateContract { location_id: elsewhere.id, ..create() }, "contract.location_of_other_customer"),
        (CreateContract { equipment_ids: vec![OTHER_FURNACE], ..create() }, "contract.equipment_elsewhere"),
        (CreateContract { equipment_ids: vec![FURNACE, FURNACE], ..create() }, "contract.equipment_twice"),
        (CreateContract { equipment_ids: vec![FURNACE; 51], ..create() }, "contract.equipment_too_many"),
        (CreateContract { equipment_ids: vec![id(404)], ..create() }, "equipment.not_found"),
        (CreateContract { template_id: Some(OLD_TEMPLATE), ..create() }, "checklist.inactive"),
        (CreateContract { customer_id: id(404), ..create() }, "customer.not_found"),
        (CreateContract { branch_id: id(404), ..create() }, "branch.not_found"),
    ] {
        assert_eq!(world.refusal(&office, &contract), reason);
    }
    assert_eq!(world.refusal(&office, &generate(date(2027, 1, 1))), "maintenance_contract.not_found");
    let mut world = active();
    assert_eq!(world.refusal(&office, &generate(date(2029, 11, 22))), "contract.horizon");
    assert_eq!(world.refusal(&office, &generate(date(1999, 1, 1))), "contract.date");
    world.run(&office, &generate(date(2027, 1, 1))).unwrap();
    world.run(&office, &CreateContract { contract_id: OTHER, number: None, ..create() }).unwrap();
    let skip = SkipContractVisit { contract_id: OTHER, contract_visit_id: owed(&world)[0].id, reason: "x".into() };
    assert_eq!(world.refusal(&office, &skip), "contract_visit.other_contract");
    let silent = SkipContractVisit { contract_id: CONTRACT, reason: "\n".into(), ..skip };
    assert_eq!(world.refusal(&office, &silent), "contract.reason_empty");
    let backwards = ScheduleContractVisit { visit: planned(VISIT, 60, 0), ..schedule(&world, 0, JOB, VISIT, 10) };
    let backwards = ScheduleContractVisit { confirm_outside_due: true, ..backwards };
    assert_eq!(world.refusal(&office, &backwards), "visit.window_order");
    let unzoned = Branch { zone: "Mars/Base".into(), ..world.get(BRANCH) };
    world.put(&unzoned);
    assert_eq!(world.refusal(&office, &generate(date(2027, 1, 1))), "branch.zone");
}

fn contract(starts_on: Date, ends_on: Date, interval_months: i32, season: Option<(i32, i32)>) -> MaintenanceContract {
    let mut world = World::new();
    world.run(&dispatcher(), &create()).unwrap();
    MaintenanceContract {
        starts_on,
        ends_on,
        interval_months,
        season_from_month: season.map(|(from, _)| from),
        season_until_month: season.map(|(_, until)| until),
        ..world.get(CONTRACT)
    }
}

fn dues(contract: &MaintenanceContract) -> Vec<(i32, Date, Date)> {
    periods::due_through(contract, Date::MAX).map(|due| (due.period, due.from, due.until)).collect()
}

#[test]
fn months_end_where_they_end() {
    let monthly = contract(date(2027, 12, 31), date(2028, 4, 30), 1, None);
    assert_eq!(
        dues(&monthly),
        [
            (0, date(2027, 12, 31), date(2028, 1, 30)),
            (1, date(2028, 1, 31), date(2028, 2, 28)),
            (2, date(2028, 2, 29), date(2028, 3, 30)),
            (3, date(2028, 3, 31), date(2028, 4, 29)),
            (4, date(2028, 4, 30), date(2028, 4, 30)),
        ]
    );
    let leap = contract(date(2028, 2, 29), date(2032, 3, 1), 12, None);
    let starts: Vec<_> = dues(&leap).into_iter().map(|(_, from, _)| from).collect();
    assert_eq!(starts, [date(2028, 2, 29), date(2029, 2, 28), date(2030, 2, 28), date(2031, 2, 28), date(2032, 2, 29)]);
}

#[test]
fn a_season_narrows_what_is_due_and_may_span_new_year() {
    let spring = contract(date(2027, 1, 15), date(2028, 12, 31), 6, Some((4, 6)));
    assert_eq!(dues(&spring), [(0, date(2027, 4, 1), date(2027, 6, 30)), (2, date(2028, 4, 1), date(2028, 6, 30))]);
    let winter = contract(date(2027, 12, 10), date(2028, 12, 31), 12, Some((11, 2)));
    assert_eq!(
        dues(&winter),
        [(0, date(2027, 12, 10), date(2028, 2, 29)), (1, date(2028, 12, 10), date(2028, 12, 31))]
    );
}

#[test]
fn a_day_is_a_day_where_the_branch_is() {
    // Denver moves its clocks on 2027-03-14, and the period begins that day.
    let mut world = World::new();
    world.run(&dispatcher(), &CreateContract { starts_on: date(2027, 3, 14), ..create() }).unwrap();
    world.run(&dispatcher(), &ActivateContract { contract_id: CONTRACT }).unwrap();
    world.run(&dispatcher(), &generate(date(2027, 12, 1))).unwrap();
    let first_of_day: jiff::Timestamp = "2027-03-14T07:00:00Z".parse().unwrap();
    let mut plan = schedule(&world, 0, JOB, VISIT, 0);
    plan.visit.window_start = first_of_day - jiff::SignedDuration::from_micros(1);
    plan.visit.window_end = first_of_day + jiff::SignedDuration::from_hours(1);
    assert_eq!(world.refusal(&dispatcher(), &plan), "contract_visit.outside_due");
    plan.visit.window_start = first_of_day;
    world.run(&dispatcher(), &plan).unwrap();
}

fn a_date() -> impl Strategy<Value = Date> {
    (2000_i16..2090, 1_i8..=12, 1_i8..=31).prop_map(|(year, month, day)| {
        Date::new(year, month, day).unwrap_or_else(|_| date(year, month, 1).last_of_month())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn periods_never_overlap_nor_double(
        starts_on in a_date(),
        years in 0_i16..10,
        interval in 1_i32..=60,
        season in prop::option::of((1_i32..=12, 1_i32..=12)),
        through in a_date(),
    ) {
        let ends_on = starts_on.checked_add(jiff::Span::new().years(years).days(17)).unwrap();
        let contract = contract(starts_on, ends_on, interval, season);
        let all = dues(&contract);
        for pair in all.windows(2) {
            prop_assert!(pair[0].0 < pair[1].0 && pair[0].2 < pair[1].1, "{:?}", pair);
        }
        for (_, from, until) in &all {
            prop_assert!(starts_on <= *from && from <= until && *until <= ends_on);
        }
        if season.is_none() {
            // Nothing is left out: each begins where the last one ended.
            prop_assert_eq!(all[0].1, starts_on);
            prop_assert_eq!(all[all.len() - 1].2, ends_on);
            for pair in all.windows(2) {
                prop_assert_eq!(pair[0].2.tomorrow().unwrap(), pair[1].1);
            }
        }
        // Looking less far ahead gives the same dues, only fewer.
        let near: Vec<_> = periods::due_through(&contract, through).map(|due| (due.period, due.from, due.until)).collect();
        prop_assert_eq!(&near[..], &all[..near.len()]);
    }

    #[test]
    fn whatever_the_office_does_a_contract_keeps_to_its_tables(acts in prop::collection::vec((0_usize..9, 0_i64..90), 1..40)) {
        let mut world = active();
        let office = dispatcher();
        let mut jobs = 0_u128;
        for (act, days) in acts {
            world.minutes += days * 24 * 60;
            let before = (world.get(CONTRACT).state, owed(&world));
            let today = at(world.minutes).to_zoned(jiff::tz::TimeZone::UTC).date();
            let owing = owed(&world).into_iter().find(|visit| visit.state == OwedState::Owed).map(|visit| visit.id);
            let reason = || "Because".to_owned();
            match act {
                0 => drop(world.run(&office, &ActivateContract { contract_id: CONTRACT })),
                1 => drop(world.run(&office, &PauseContract { contract_id: CONTRACT, reason: reason() })),
                2 => drop(world.run(&office, &ResumeContract { contract_id: CONTRACT })),
                3 => drop(world.run(&office, &RenewContract { contract_id: CONTRACT, ends_on: today + jiff::Span::new().months(14), price_cents: None })),
                4 | 5 => drop(world.run(&office, &generate(today + jiff::Span::new().months(9)))),
                6 => if let Some(contract_visit_id) = owing {
                    drop(world.run(&office, &SkipContractVisit { contract_id: CONTRACT, contract_visit_id, reason: reason() }));
                },
                7 => if let Some(contract_visit_id) = owing {
                    jobs += 1;
                    let (job_id, visit) = (id(0x9000 + jobs), planned(id(0xa000 + jobs), world.minutes, world.minutes + 60));
                    let plan = ScheduleContractVisit { contract_id: CONTRACT, contract_visit_id, job_id, number: None, visit, confirm_outside_due: true };
                    drop(world.run(&office, &plan));
                },
                _ => if let Some(job) = world.all::<Job>().last() {
                    let job_id = job.id;
                    drop(world.run(&office, &CancelJob { job_id, reason: reason() }));
                },
            }
            let contract = world.get(CONTRACT);
            prop_assert!(
                contract.state == before.0
                    || contract_state::TRANSITIONS.iter().any(|step| step.from == before.0 && step.to == contract.state)
            );
            let visits = owed(&world);
            for pair in visits.windows(2) {
                prop_assert!(pair[0].period < pair[1].period && pair[0].due_until < pair[1].due_from);
            }
            for visit in &visits {
                let stood = before.1.iter().find(|other| other.id == visit.id).map_or(OwedState::Owed, |other| other.state.clone());
                prop_assert!(
                    visit.state == stood
                        || owed_state::TRANSITIONS.iter().any(|step| step.from == stood && step.to == visit.state)
                );
                prop_assert_eq!(visit.job_id.is_some(), matches!(visit.state, OwedState::Scheduled | OwedState::Done));
                prop_assert_eq!(visit.skip_reason.is_some(), visit.state == OwedState::Skipped);
            }
        }
    }
}
