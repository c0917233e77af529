//! At a million rows, nothing that a technician or a dispatcher does reads a table from end to end.
//!
//! The server's own code runs, and Postgres itself says how: `auto_explain` logs the plan of every statement of the
//! login role, those inside functions, policies and foreign keys included.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "plans/explained.rs"]
mod explained;

use std::time::Duration;

use explained::Explained;
use satchel_domain::REGISTRY;
use satchel_protocol::{
    ErrorCode, PROTOCOL_VERSION,
    checksum::scopes_digest,
    wire::{Held, Outcome, PullRequest, PushRequest, PushedMutation},
};
use satchel_server::{
    database::{Caller, Database, PoolLimits},
    feed::{Hub, HubSettings},
    policy::Policy,
    pull::{Next, Puller},
    push::{self, Pusher},
    query,
};
use satchel_tests::{
    catalogue::tenant_tables,
    contractor::Phone,
    database::{as_service, fresh},
    postgres::TestDatabase,
};
use serde_json::{Map, json, value::to_raw_value};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

/// Postgres may settle on a generic plan from the sixth execution on.
const REPEATS: usize = 7;

/// Tables of a few rows for the whole installation, which are read whole at less cost than an index.
const TINY: [&str; 2] = ["role_capability", "feed_state"];

async fn id(admin: &mut PgConnection, kind: &str, number: i32) -> Uuid {
    sqlx::query_scalar("select public.id($1, 1, $2)").bind(kind).bind(number).fetch_one(admin).await.unwrap()
}

/// A statement that must be found: with no index at hand, Postgres reads the table whole.
async fn control(database: &Database, caller: &Caller) {
    let mut entered = database.begin_read(caller).await.unwrap();
    // What the policy calls is planned before, with every index.
    sqlx::raw_sql(
        "select satchel.my_job_ids();
         set local enable_indexscan = off; set local enable_indexonlyscan = off; set local enable_bitmapscan = off;
         select count(*) as control from satchel.visit",
    )
    .execute(&mut *entered.tx)
    .await
    .unwrap();
}

/// Every table, by its policies alone, and the functions of the pull.
async fn read_everything(database: &Database, caller: &Caller, tables: &[String]) {
    for table in tables.iter().filter(|table| !["membership", "feed"].contains(&table.as_str())) {
        let mut entered = database.begin_read(caller).await.unwrap();
        let statement = format!("select count(whole) from satchel.{table} whole");
        // A lane may lack the right altogether.
        let _ = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *entered.tx).await;
    }
    for since in ["'200'", "pg_snapshot_xmax(pg_current_snapshot())"] {
        for _ in 0..REPEATS {
            let mut entered = database.begin_read(caller).await.unwrap();
            let statement = format!(
                "select count(*) from satchel.feed_changes({since}, '{{150,151}}', array(select satchel.my_scopes()))"
            );
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *entered.tx).await.unwrap();
            let mut tx = database.begin_waker().await.unwrap();
            let statement = format!("select count(*) from satchel.feed_wake({since}, '{{150,151}}')");
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *tx).await.unwrap();
        }
    }
}

/// A first sync, a delta, and a repair with checksums.
async fn pull(database: &TestDatabase, service: &Database, caller: &Caller, device_id: Uuid) {
    let puller = Puller::new(service.clone(), &REGISTRY, Policy::load(&REGISTRY).unwrap());
    let start = PullRequest { protocol: PROTOCOL_VERSION, device_id, manifest: true, ..PullRequest::default() };
    let mut request = PullRequest { held: Held { ids: Some(Vec::new()), ..Held::default() }, ..start.clone() };
    let standing = loop {
        match puller.page(caller, &request).await.unwrap().next {
            Next::More(resume) => request = PullRequest { resume: Some(resume), ..start.clone() },
            Next::Done(standing) => break standing,
        }
    };
    for _ in 0..REPEATS {
        sqlx::raw_sql("update satchel.visit set outcome = 'x' where id = public.id('visit', 1, 1)")
            .execute(&mut database.connect().await)
            .await
            .unwrap();
        let held = Held { digest: scopes_digest(standing.scopes.iter().copied()), ids: None };
        let delta = PullRequest { cursor: Some(standing.cursor.clone()), held, ..start.clone() };
        puller.page(caller, &delta).await.unwrap();
        // Whatever it holds it states wrongly: everything is compared and sent again.
        let held = Held { ids: Some(standing.scopes.to_vec()), ..Held::default() };
        let checksums = REGISTRY.tables.iter().map(|table| (table.name.to_owned(), Default::default())).collect();
        puller.page(caller, &PullRequest { held, checksums, ..start.clone() }).await.unwrap();
    }
}

/// The text of a mutation's arguments: names out of `million.sql` become ids.
async fn mutation(admin: &mut PgConnection, phone: &mut Phone, name: &str, args: &[(&str, &str)]) -> PushedMutation {
    let mut object = Map::new();
    for (field, value) in args {
        let value = match value.split_once('#') {
            Some(("new", _)) => Uuid::now_v7().to_string(),
            Some((kind, number)) => id(admin, kind, number.parse().unwrap()).await.to_string(),
            None => (*value).to_owned(),
        };
        object.insert((*field).to_owned(), value.into());
    }
    phone.next_raw(name, &serde_json::Value::from(object).to_string())
}

async fn push(pusher: &Pusher, phone: &Phone, mutations: Vec<PushedMutation>) {
    let request = PushRequest { protocol: PROTOCOL_VERSION, device_id: phone.device_id, mutations };
    for verdict in push::push(pusher, &phone.caller, request).await.unwrap().verdicts {
        assert!(matches!(verdict.outcome, Outcome::Accepted { .. }), "{verdict:?}");
    }
}

/// A visit by its dispatcher and its technician, on one job after another.
async fn work(database: &TestDatabase, service: &Database, dispatcher: Caller, technician: Caller) {
    let hub = Hub::start(service.clone(), HubSettings { poll: Duration::from_secs(60), announce: false });
    let pusher = Pusher::new(service.clone(), hub, &REGISTRY, Policy::load(&REGISTRY).unwrap());
    let mut admin = database.connect().await;
    let mut office = Phone { caller: dispatcher, device_id: Uuid::now_v7(), seq: 0 };
    let mut field = Phone { caller: technician, device_id: Uuid::now_v7(), seq: 0 };
    for round in 0..REPEATS {
        let number = 1 + round * 100;
        let (job, visit) = (format!("job#{number}"), format!("visit#{number}"));
        let place = [("job_id", job.as_str()), ("visit_id", visit.as_str())];
        let plan = [("dispatch/v1/assignTech", vec![("technician_id", "technician#7")]), ("visit/v1/dispatch", vec![])];
        let day = [
            ("visit/v1/accept", vec![]),
            ("visit/v1/travel", vec![]),
            ("visit/v1/arrive", vec![]),
            ("checklist/v1/answer", vec![("answer_id", format!("answer#{}", number * 5)), ("value", "yes".to_owned())]),
            ("note/v1/create", vec![("note_id", "new#".to_owned()), ("title", "Seen".to_owned())]),
            (
                "material/v1/add",
                vec![
                    ("material_id", "new#".to_owned()),
                    ("item_id", "price#5".to_owned()),
                    ("quantity", "2".to_owned()),
                ],
            ),
        ];
        let mut planned = Vec::new();
        for (name, extra) in plan {
            planned.push(mutation(&mut admin, &mut office, name, &[&place[..], &extra].concat()).await);
        }
        push(&pusher, &office, planned).await;
        let mut done = Vec::new();
        for (name, extra) in &day {
            let extra = extra.iter().map(|(field, value)| (*field, value.as_str()));
            let args: Vec<(&str, &str)> = place.into_iter().chain(extra).collect();
            done.push(mutation(&mut admin, &mut field, name, &args).await);
        }
        let entry = format!("time#{}", 90_000 + round);
        let mine = [("entry_id", entry.as_str()), ("technician_id", "technician#1")];
        done.push(
            mutation(&mut admin, &mut field, "time/v1/start", &[&mine[..], &[("kind", "work")], &place].concat()).await,
        );
        done.push(mutation(&mut admin, &mut field, "time/v1/stop", &mine).await);
        let invoice = Uuid::now_v7().to_string();
        let bill = [("job_id", job.as_str()), ("invoice_id", invoice.as_str())];
        let pay = [("payment_id", "new#"), ("method", "cash"), ("amount_cents", "1"), ("balance_seen_cents", "1")];
        done.push(mutation(&mut admin, &mut field, "invoice/v1/createFromWork", &bill).await);
        done.push(mutation(&mut admin, &mut field, "invoice/v1/issue", &bill).await);
        let pay = [&bill[..], &pay].concat();
        done.push(mutation(&mut admin, &mut field, "invoice/v1/collectPayment", &pay).await);
        push(&pusher, &field, done).await;
    }
}

/// Every query of the registry, with arguments that find something.
async fn ask(database: &TestDatabase, service: &Database, caller: &Caller) {
    let policy = Policy::load(&REGISTRY).unwrap();
    let mut admin = database.connect().await;
    let named = [
        ("branch_id", "branch", 1),
        ("job_id", "job", 101),
        ("technician_id", "technician", 1),
        ("entity_id", "visit", 101),
        ("key", "inbox", 100),
    ];
    let mut ids = Map::new();
    for (member, kind, number) in named {
        ids.insert(member.to_owned(), id(&mut admin, kind, number).await.to_string().into());
    }
    let given = [
        ("day", json!("2026-01-10")),
        ("from", json!("2026-01-01T00:00:00Z")),
        ("until", json!("2026-12-31T00:00:00Z")),
    ];
    for query in REGISTRY.queries {
        let mut args = (query.example)();
        for (member, value) in args.as_object_mut().unwrap() {
            let known =
                ids.get(member).or_else(|| given.iter().find(|(name, _)| name == member).map(|(_, value)| value));
            // Some intervals are of days, others of instants.
            let is_day = member == "until" && value.as_str().is_some_and(|text| !text.contains('T'));
            if let Some(known) = known.filter(|_| !value.is_null() && !is_day) {
                *value = known.clone();
            }
        }
        let texts = if args.get("text").is_some() { vec!["heat", "cust stre", "no such"] } else { vec![""] };
        for text in texts {
            if !text.is_empty() {
                args["text"] = text.into();
            }
            let raw = to_raw_value(&args).unwrap();
            for _ in 0..2 {
                // A lane may lack the right altogether.
                let answered = query::answer(&policy, service, caller, query, &raw).await;
                let code = answered.as_ref().err().map(|error| error.code());
                assert!([None, Some(ErrorCode::Forbidden)].contains(&code), "{}: {answered:?}", query.name);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_reads_a_table_from_end_to_end() {
    let database = fresh().await;
    let mut admin = database.connect().await;
    sqlx::raw_sql(include_str!("plans/million.sql")).execute(&mut admin).await.unwrap();
    let rows: i64 = sqlx::query_scalar(
        "select sum(reltuples)::bigint from pg_class where relnamespace = 'satchel'::regnamespace and relkind = 'r'",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert!(rows > 1_000_000, "{rows}");

    let explained = Explained::start(&database, "satchel_service").await;
    let service = Database::connect(as_service(&database), PoolLimits::default()).await.unwrap();
    let org_id = id(&mut admin, "org", 0).await;
    let technician = Caller::trusted(org_id, id(&mut admin, "user", 1).await);
    let dispatcher = Caller::trusted(org_id, id(&mut admin, "user", 50).await);
    let tables = tenant_tables(&mut admin).await;
    for caller in [technician, dispatcher] {
        read_everything(&service, &caller, &tables).await;
    }
    let device = id(&mut admin, "device", 1).await;
    pull(&database, &service, &technician, device).await;
    // The board of an organization.
    pull(&database, &service, &dispatcher, Uuid::now_v7()).await;
    work(&database, &service, dispatcher, technician).await;
    // Costs are told to neither of these two.
    let owner = Caller::trusted(org_id, id(&mut admin, "user", 60).await);
    for caller in [technician, dispatcher, owner] {
        ask(&database, &service, &caller).await;
    }
    control(&service, &technician).await;
    service.close().await;

    let plans = explained.plans();
    // A month or a day without rows is read whole at no cost.
    let relations: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relnamespace = 'satchel'::regnamespace and relkind in ('r', 'p')
         and not (relispartition and relpages = 0)",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    for table in REGISTRY.tables {
        let used = plans.iter().filter(|plan| plan.reads_by_index(table.name)).count();
        assert!(used > 0, "no plan reads {} at all, of {}", table.name, plans.len());
    }
    // Inside functions too: this is the body of satchel.my_job_ids().
    assert!(plans.iter().any(|plan| plan.to_string().contains("select distinct a.job_id from assignment a")));
    for index in ["visit_by_window", "job_by_state", "job_search", "customer_search", "location_search"] {
        assert!(plans.iter().any(|plan| plan.to_string().contains(index)), "no plan uses {index}");
    }
    let (controls, plans): (Vec<_>, Vec<_>) =
        plans.into_iter().partition(|plan| plan.to_string().contains("as control from satchel.visit"));
    assert!(
        controls.iter().any(|plan| plan.reads_whole().any(|relation| relation == "visit")),
        "the control was missed"
    );
    let whole: Vec<String> = plans
        .iter()
        .flat_map(|plan| plan.reads_whole().map(move |relation| (relation, plan)))
        .filter(|(relation, _)| relations.contains(relation) && !TINY.contains(&relation.as_str()))
        .map(|(relation, plan)| format!("{relation}, by {plan}"))
        .collect();
    eprintln!("{rows} rows, {} plans", plans.len());
    assert!(whole.is_empty(), "{} of {} plans read a whole table:\n{}", whole.len(), plans.len(), whole.join("\n"));
}
