//! The generated contractor: the same for the same seed, and true to the rules.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use rust_decimal::Decimal;
use satchel_domain::{
    REGISTRY, notes,
    rules::{checklists, contracts::periods, document, job_state, money::Cents, stock, visit_state},
    tables::{
        Assignment, Checklist, ChecklistAnswer, ChecklistTemplateItem, ContractVisit, Estimate, EstimateLine,
        EstimateOption, EstimateState, Job, JobState, MaintenanceContract, Note, NoteChange, Organization,
        PricebookComponent, Signature, StockLevel, StockLocation, StockMovement, TimeEntry, Visit, VisitState,
        VisitStatusEvent,
    },
};
use satchel_protocol::{Cell, Id, Record, Row};
use satchel_server::{
    auth::password::{self, Cost},
    database::{Caller, Database, PoolLimits},
    seed::{JOBS_TODAY, SeedError, SeedOptions, seed},
};
use satchel_tests::{database, oracle::json_row, postgres::TestDatabase, replica::visible};
use sqlx::AssertSqlSafe;

fn today() -> Date {
    "2026-11-21".parse().unwrap()
}

fn options() -> SeedOptions {
    SeedOptions { pricebook_items: 50, password_cost: Cost::Minimal, ..SeedOptions::small(today()) }
}

/// All rows of all tables but their stamps.
async fn contents(database: &TestDatabase) -> BTreeMap<&'static str, String> {
    let mut connection = database.connect().await;
    let mut contents = BTreeMap::new();
    for table in REGISTRY.tables {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name).filter(|name| *name != "rev").collect();
        let statement = format!(
            "select coalesce(md5(string_agg(row(org_id, \"{}\")::text, ' ' order by org_id, id)), '') from satchel.{}",
            columns.join("\", \""),
            table.name
        );
        let hash: String = sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&mut connection).await.unwrap();
        contents.insert(table.name, hash);
    }
    contents
}

async fn all<R: Record>(database: &TestDatabase) -> Vec<R> {
    let mut connection = database.connect().await;
    let statement = format!("select {} from satchel.{} r order by id", json_row(R::TABLE, "r"), R::TABLE.name);
    let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(&mut connection).await.unwrap();
    rows.iter()
        .map(|row| {
            let row: Row = serde_json::from_str::<Vec<Cell>>(row).unwrap();
            R::from_row(&R::TABLE.decode_row(row).unwrap()).unwrap()
        })
        .collect()
}

#[tokio::test]
async fn the_same_seed_gives_the_same_rows_in_any_database() {
    let (one, two) = (database::fresh().await, database::fresh().await);
    let first = seed(&one.options(), &options()).await.unwrap();
    let second = seed(&two.options(), &options()).await.unwrap();
    assert_eq!(serde_json::to_value(&first).unwrap(), serde_json::to_value(&second).unwrap());
    assert_eq!(contents(&one).await, contents(&two).await);

    // Another day moves dates only.
    let three = database::fresh().await;
    let later = SeedOptions { today: today().tomorrow().unwrap(), ..options() };
    let third = seed(&three.options(), &later).await.unwrap();
    assert_eq!(first.organizations[0].technicians[0].jobs, third.organizations[0].technicians[0].jobs);
    let (before, after) = (contents(&one).await, contents(&three).await);
    assert_eq!(before["job"], after["job"]);
    assert_ne!(before["visit"], after["visit"]);
}

#[tokio::test]
async fn seeds_live_side_by_side_and_none_comes_twice() {
    let database = database::fresh().await;
    let first = seed(&database.options(), &options()).await.unwrap();
    let before = contents(&database).await;
    let again = seed(&database.options(), &options()).await.unwrap_err();
    assert!(matches!(again, SeedError::AlreadySeeded(SeedOptions::DEFAULT_SEED)), "{again}");
    assert_eq!(contents(&database).await, before);
    let second = seed(&database.options(), &SeedOptions { seed: 2, ..options() }).await.unwrap();
    let ids: HashSet<_> = first.organizations.iter().chain(&second.organizations).map(|one| one.org_id).collect();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn what_is_counted_is_there_and_everybody_can_sign_in() {
    let database = database::fresh().await;
    let seeded = seed(&database.options(), &options()).await.unwrap();
    let mut connection = database.connect().await;
    for table in REGISTRY.tables {
        let statement = format!("select count(*) from satchel.{}", table.name);
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&mut connection).await.unwrap();
        assert_eq!(seeded.rows.get(table.name).copied().unwrap_or(0), rows.cast_unsigned(), "{}", table.name);
        assert!(rows > 0, "{}", table.name);
    }
    for organization in &seeded.organizations {
        assert_eq!(organization.technicians.len(), 4);
        for role in ["owner", "operations_manager", "dispatcher", "inventory_manager", "billing", "auditor"] {
            assert!(organization.user(role).is_some(), "{role}");
        }
        for user in &organization.users {
            let hash: String = sqlx::query_scalar("select password_hash from satchel.credentials($1)")
                .bind(&user.email)
                .fetch_one(&mut connection)
                .await
                .unwrap();
            assert!(password::verify(&user.password, &hash).unwrap());
        }
    }
}

#[tokio::test]
async fn jobs_visits_and_assignments_agree() {
    let database = database::fresh().await;
    let many = SeedOptions { organizations: 1, jobs_per_technician: 80, ..options() };
    let seeded = seed(&database.options(), &many).await.unwrap();
    let visits = all::<Visit>(&database).await;
    let jobs = all::<Job>(&database).await;
    let mut states: HashMap<_, Vec<VisitState>> = HashMap::new();
    for visit in &visits {
        states.entry(visit.job_id).or_default().push(visit.state.clone());
        assert_eq!(visit.ended_at.is_none(), visit_state::is_open(&visit.state));
    }
    for job in &jobs {
        let states = states.get(&job.id).map_or(&[] as &[_], Vec::as_slice);
        let followed = job_state::follow(&job.state, states);
        assert_eq!(followed, job.state, "{states:?}");
    }
    for state in [JobState::Unscheduled, JobState::Scheduled, JobState::Completed, JobState::Closed, JobState::Canceled]
    {
        assert!(jobs.iter().any(|job| job.state == state), "{state}");
    }
    let by_id: HashMap<_, _> = visits.iter().map(|visit| (visit.id, visit)).collect();
    for assignment in all::<Assignment>(&database).await {
        let visit = by_id[&assignment.visit_id];
        assert_eq!(assignment.open, visit_state::is_open(&visit.state));
        assert_eq!((assignment.window_start, assignment.window_end), (visit.window_start, visit.window_end));
    }
    let mut reached: HashMap<_, VisitState> = HashMap::new();
    for event in all::<VisitStatusEvent>(&database).await {
        let before = reached.insert(event.visit_id, event.to_state.clone()).unwrap_or(VisitState::Scheduled);
        assert_eq!(event.from_state, before);
        let allowed = visit_state::TRANSITIONS.iter();
        assert!(allowed.clone().any(|step| step.from == event.from_state && step.to == event.to_state), "{event:?}");
    }
    for visit in &visits {
        assert_eq!(reached.remove(&visit.id).unwrap_or(VisitState::Scheduled), visit.state);
    }
    let start_of_day = today().to_zoned(jiff::tz::TimeZone::get("America/Los_Angeles").unwrap()).unwrap();
    for technician in &seeded.organizations[0].technicians {
        assert_eq!(technician.jobs.len(), 80);
        for job in &technician.jobs[..JOBS_TODAY] {
            let visit = visits.iter().find(|visit| visit.job_id.uuid() == *job).unwrap();
            assert_eq!(visit.window_start.to_zoned(start_of_day.time_zone().clone()).date(), today());
        }
    }
}

#[tokio::test]
async fn time_checklists_and_notes_keep_their_rules() {
    let database = database::fresh().await;
    seed(&database.options(), &SeedOptions { jobs_per_technician: 80, ..options() }).await.unwrap();
    let mut times: HashMap<_, Vec<TimeEntry>> = HashMap::new();
    for entry in all::<TimeEntry>(&database).await {
        times.entry(entry.technician_id).or_default().push(entry);
    }
    for entries in times.values_mut() {
        entries.sort_by_key(|entry| entry.started_at);
        for pair in entries.windows(2) {
            assert!(pair[0].ended_at.unwrap() <= pair[1].started_at, "{pair:?}");
        }
    }
    let mut items: HashMap<_, Vec<ChecklistTemplateItem>> = HashMap::new();
    for item in all::<ChecklistTemplateItem>(&database).await {
        items.entry(item.template_id).or_default().push(item);
    }
    let mut answers: HashMap<_, Vec<ChecklistAnswer>> = HashMap::new();
    for answer in all::<ChecklistAnswer>(&database).await {
        answers.entry(answer.checklist_id).or_default().push(answer);
    }
    let visits: HashMap<_, _> = all::<Visit>(&database).await.into_iter().map(|visit| (visit.id, visit)).collect();
    let (mut complete, mut hidden) = (0, 0);
    for checklist in all::<Checklist>(&database).await {
        let (items, answers) = (&items[&checklist.template_id], &answers[&checklist.id]);
        assert_eq!(items.len(), answers.len());
        if visits[&checklist.visit_id].state == VisitState::Completed {
            assert_eq!(checklists::open_required(items, answers), 0);
            complete += 1;
        }
        hidden += items.len() - checklists::shown(items, answers).len();
    }
    assert!(complete > 0 && hidden > 0);
    let mut changes: HashMap<_, Vec<Vec<u8>>> = HashMap::new();
    for change in all::<NoteChange>(&database).await {
        changes.entry(change.note_id).or_default().push(change.change);
    }
    let notes = all::<Note>(&database).await;
    assert!(!notes.is_empty());
    for note in notes {
        assert_eq!(notes::materialise(&changes[&note.id]).unwrap(), note.text);
    }
}

#[tokio::test]
async fn estimates_sum_up_and_signatures_cover_them() {
    let database = database::fresh().await;
    seed(&database.options(), &SeedOptions { jobs_per_technician: 40, pricebook_items: 300, ..options() })
        .await
        .unwrap();
    let organizations: HashMap<_, _> =
        all::<Organization>(&database).await.into_iter().map(|one| (one.id, one)).collect();
    let lines = all::<EstimateLine>(&database).await;
    let estimates: HashMap<_, _> = all::<Estimate>(&database).await.into_iter().map(|one| (one.id, one)).collect();
    let options: HashMap<_, _> = all::<EstimateOption>(&database).await.into_iter().map(|one| (one.id, one)).collect();
    for option in options.values() {
        let own = lines.iter().filter(|line| line.option_id == option.id);
        assert_eq!(Cents::sum(own.map(|line| line.total_cents)).unwrap(), option.total_cents);
        assert!(option.total_cents > Cents::ZERO);
    }
    let signatures = all::<Signature>(&database).await;
    let approved = estimates.values().filter(|estimate| estimate.state == EstimateState::Approved).count();
    assert_eq!((signatures.len(), approved > 0), (approved, true));
    for signature in signatures {
        let option = &options[&Id::new(signature.subject_id)];
        let estimate = &estimates[&option.estimate_id];
        let covers = |organization: &Organization| {
            document::estimate_option(organization, estimate, option, &lines).hash() == signature.document_hash[..]
        };
        assert!(organizations.values().any(covers), "{}", signature.id);
    }
    // Nothing is made of itself, and the parts are there.
    let parts = all::<PricebookComponent>(&database).await;
    assert!(!parts.is_empty() && parts.iter().all(|part| part.item_id != part.component_id));
}

#[tokio::test]
async fn a_typical_technician_holds_about_28_000_rows() {
    let database = database::fresh().await;
    let typical = SeedOptions { password_cost: Cost::Minimal, ..SeedOptions::typical(satchel_server::seed::today()) };
    let seeded = seed(&database.options(), &SeedOptions { technicians: 2, ..typical }).await.unwrap();
    let organization = &seeded.organizations[0];
    let caller = Caller::trusted(organization.org_id, organization.technicians[0].user_id);
    let service = Database::connect(database::as_service(&database), PoolLimits::default()).await.unwrap();
    let (_, rows) = visible(&service, &REGISTRY, &caller).await;
    assert!((27_500..29_000).contains(&rows.len()), "{}", rows.len());
    let jobs = rows.keys().filter(|(table, _)| table == "job").count();
    assert_eq!(jobs, 80);
}

#[tokio::test]
async fn stock_is_the_sum_of_its_ledger_and_contracts_owe_what_their_periods_say() {
    let database = database::fresh().await;
    let seeded = seed(&database.options(), &SeedOptions { pricebook_items: 3_000, ..options() }).await.unwrap();
    let mut sums: HashMap<_, Decimal> = HashMap::new();
    for entry in all::<StockMovement>(&database).await {
        assert_eq!(entry.page_id, stock::page_id(entry.stock_location_id, entry.occurred_at));
        *sums.entry(stock::level_id(entry.stock_location_id, entry.item_id)).or_default() += entry.quantity;
    }
    let levels = all::<StockLevel>(&database).await;
    let technicians: usize = seeded.organizations.iter().map(|organization| organization.technicians.len()).sum();
    assert_eq!(
        all::<StockLocation>(&database).await.iter().filter(|place| place.technician_id.is_some()).count(),
        technicians
    );
    assert!(levels.len() > technicians * 250, "{}", levels.len());
    let mut low = 0;
    for level in &levels {
        assert_eq!(Some(level.quantity), sums.remove(&level.id), "{level:?}");
        assert_eq!(level.standing, stock::standing(level.quantity, level.minimum));
        low += usize::from(stock::needs_replenishment(level));
    }
    assert!(low > 0 && low < levels.len() / 10 && sums.is_empty(), "{low}");

    let mut owed: HashMap<_, Vec<ContractVisit>> = HashMap::new();
    for visit in all::<ContractVisit>(&database).await {
        owed.entry(visit.contract_id).or_default().push(visit);
    }
    let contracts = all::<MaintenanceContract>(&database).await;
    assert!(contracts.len() > technicians, "{}", contracts.len());
    for contract in contracts {
        let visits = &owed[&contract.id];
        let dues: Vec<_> = periods::due_through(&contract, Date::MAX).collect();
        assert!(
            visits.iter().all(|visit| dues.iter().any(|due| due.period == visit.period && due.from == visit.due_from))
        );
        assert!(visits.iter().any(|visit| (visit.due_from..=visit.due_until).contains(&today())));
    }
}
