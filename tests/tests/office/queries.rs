//! Questions by RPC: `POST /api/v1/rpc/...` for what a dispatch board needs (R5, R7).
//!
//! The server under test holds every answer against its output type: a member more, less or misspelled is a 500.

use jiff::{Timestamp, ToSpan};
use reqwest::Method;
use satchel_domain::{
    REGISTRY,
    queries::{AuditList, BoardDay, GetJob, ListJobs, ListTechnicians, SearchJobs, StockLevels},
    tables::{JobState, VisitState},
};
use satchel_protocol::{ErrorCode, Query};
use satchel_server::database::Caller;
use satchel_tests::{
    contractor::Contractor,
    server::{Client, Refused, TestServer, refused, unhurried},
};
use serde_json::{Value, json};
use uuid::Uuid;

struct Scene {
    contractor: Contractor,
    office: Client,
    field: Client,
    server: TestServer,
}

impl Scene {
    async fn new() -> Self {
        let contractor = Contractor::new(&REGISTRY).await;
        let server = TestServer::start(&contractor.database, &REGISTRY, unhurried()).await;
        let office = server.client(contractor.dispatcher);
        let field = server.client(contractor.technicians[0].caller);
        Self { contractor, office, field, server }
    }
}

async fn ask(client: &Client, name: &str, args: &Value) -> Result<Value, Refused> {
    let request = client.request(Method::POST, &format!("/api/v1/rpc/{name}")).json(args);
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.bytes().await.unwrap();
    if status == 200 { Ok(serde_json::from_slice(&body).unwrap()) } else { Err(refused(status, &body)) }
}

fn ids(page: &Value, list: &str, id: &str) -> Vec<String> {
    page[list].as_array().unwrap().iter().map(|row| row[id].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_has_lanes_what_overlaps_and_what_nobody_does() {
    let Scene { contractor, office, field, server } = Scene::new().await;
    let [one, two] = contractor.technicians;
    let work = contractor.work(VisitState::OnSite, &[one]).await;
    let overlapping = contractor.work(VisitState::Scheduled, &[one, two]).await;
    let unassigned = contractor.work(VisitState::Scheduled, &[]).await;
    let canceled = contractor.work(VisitState::Canceled, &[]).await;
    let waiting = contractor.work(VisitState::Canceled, &[]).await;
    sqlx::query("update satchel.job set state = 'unscheduled' where id = $1")
        .bind(waiting.job_id.uuid())
        .execute(&contractor.admin)
        .await
        .unwrap();
    let day = Timestamp::now().in_tz("America/Chicago").unwrap().date();
    let args = json!({ "branch_id": contractor.branch_id, "day": day });
    let board = ask(&office, BoardDay::NAME, &args).await.unwrap();

    assert_eq!(board["zone"], "America/Chicago");
    let starts: Timestamp = board["starts_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(starts, day.in_tz("America/Chicago").unwrap().timestamp());
    let lane = |technician: Uuid| {
        let lanes = board["lanes"].as_array().unwrap();
        lanes.iter().find(|lane| lane["technician_id"] == json!(technician)).unwrap()
    };
    let first = lane(one.id.uuid());
    let mut visits = ids(first, "visits", "visit_id");
    visits.sort();
    let mut wanted = vec![work.visit_id.to_string(), overlapping.visit_id.to_string()];
    wanted.sort();
    assert_eq!(visits, wanted);
    assert!(first["visits"].as_array().unwrap().iter().all(|visit| visit["overlaps"] == true), "{first}");
    let second = lane(two.id.uuid());
    assert_eq!(ids(second, "visits", "visit_id"), [overlapping.visit_id.to_string()]);
    assert_eq!(second["visits"][0]["overlaps"], false, "only one of his visits is at that time");
    assert_eq!(ids(&board, "unassigned_visits", "visit_id"), [unassigned.visit_id.to_string()]);
    assert_eq!(ids(&board, "unscheduled_jobs", "job_id"), [waiting.job_id.to_string()]);
    assert!(!board.to_string().contains(&canceled.visit_id.to_string()), "what is canceled and unassigned is nobody's");

    // Another day has none of it, though the technicians are there.
    let later = json!({ "branch_id": contractor.branch_id, "day": day + 20.days() });
    let board = ask(&office, BoardDay::NAME, &later).await.unwrap();
    assert_eq!(board["lanes"].as_array().unwrap().len(), 2);
    assert!(board["lanes"].as_array().unwrap().iter().all(|lane| lane["visits"] == json!([])));

    // A technician gets no more than his own jobs, whatever he asks.
    if let Ok(board) = ask(&field, BoardDay::NAME, &args).await {
        assert!(!board.to_string().contains(&unassigned.visit_id.to_string()), "{board}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_comes_with_its_parts_to_those_who_may_see_it() {
    let Scene { contractor, office, field, server } = Scene::new().await;
    let [one, two] = contractor.technicians;
    let work = contractor.work(VisitState::OnSite, &[one]).await;
    let key = Uuid::now_v7();
    let add = json!({
        "job_id": work.job_id, "visit_id": work.visit_id, "material_id": key, "item_id": contractor.item_id,
        "quantity": "2.5",
    });
    let request = field.request(Method::POST, "/api/v1/rpc/material/v1/add").header("idempotency-key", key.to_string());
    assert_eq!(request.json(&add).send().await.unwrap().status(), 200);

    let args = json!({ "job_id": work.job_id });
    for client in [&office, &field] {
        let job = ask(client, GetJob::NAME, &args).await.unwrap();
        assert_eq!(job["visits"][0]["visit_id"], json!(work.visit_id));
        assert_eq!(job["visits"][0]["assignments"][0]["technician_id"], json!(one.id));
        assert_eq!(job["materials"][0]["quantity"], "2.500");
        assert_eq!(job["materials"][0]["unit_price_cents"], "1250");
        assert_eq!(job["location"]["address"], "1 Test Street");
    }
    // Who did that, to what; asked for the job, and for the line alone. A technician does not read the log.
    let all = json!({ "entity_id": work.job_id, "limit": 200 });
    let log = ask(&office, AuditList::NAME, &all).await.unwrap();
    let added = log["entries"].as_array().unwrap().iter().find(|entry| entry["row_id"] == json!(key)).unwrap();
    assert_eq!((&added["name"], &added["change"]), (&json!("material/v1/add"), &json!("insert")));
    assert_eq!((&added["user_id"], &added["before"]), (&json!(one.caller.user_id), &Value::Null));
    assert_eq!(added["after"]["unit_price_cents"].to_string().trim_matches('"'), "1250");
    let line = ask(&office, AuditList::NAME, &json!({ "entity_id": key })).await.unwrap();
    assert_eq!(line["entries"], json!([added]));
    assert_eq!(ask(&field, AuditList::NAME, &all).await.unwrap_err().error.code, ErrorCode::Forbidden);

    // The other technician, a job that never was, and another organization's dispatcher.
    let other = server.client(two.caller);
    let none = json!({ "job_id": Uuid::now_v7() });
    for (client, args) in [(&other, &args), (&office, &none)] {
        let refused = ask(client, GetJob::NAME, args).await.unwrap_err();
        assert_eq!(refused.why(), (ErrorCode::NotFound, Some("query.not_found")));
    }
    let stranger = Caller { org_id: Uuid::now_v7(), ..contractor.dispatcher };
    let refused = ask(&server.client(stranger), GetJob::NAME, &args).await.unwrap_err();
    assert_eq!(refused.error.code, ErrorCode::Forbidden);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_neither_miss_nor_repeat_a_row_while_others_are_added() {
    let Scene { contractor, office, server, .. } = Scene::new().await;
    let mut wanted = Vec::new();
    for _ in 0..5 {
        wanted.push(contractor.work(VisitState::Scheduled, &[]).await.job_id.to_string());
    }
    wanted.reverse();
    let searches = [
        (ListJobs::NAME, json!({ "branch_id": contractor.branch_id, "state": JobState::Scheduled, "limit": 2 })),
        (SearchJobs::NAME, json!({ "text": "a JO", "limit": 2 })),
    ];
    for (name, args) in searches {
        let mut found: Vec<String> = Vec::new();
        let mut args = args;
        loop {
            let page = ask(&office, name, &args).await.unwrap();
            found.extend(ids(&page, "jobs", "job_id"));
            // Newer ones come before the first page, not into the next.
            contractor.work(VisitState::Scheduled, &[]).await;
            match page["next"].as_str() {
                Some(next) => args["after"] = next.into(),
                None => break,
            }
        }
        let seen: Vec<String> = found.iter().filter(|id| wanted.contains(id)).cloned().collect();
        assert_eq!(seen, wanted, "{name}");
        let mut distinct = found.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), found.len(), "{name}: a row came twice");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_and_customers_are_found_by_the_beginnings_of_their_words() {
    let Scene { contractor, office, field, server } = Scene::new().await;
    let work = contractor.work(VisitState::Scheduled, &[contractor.technicians[0]]).await;
    let hidden = contractor.work(VisitState::Scheduled, &[]).await;
    let update = "update satchel.job set title = 'Fürnace, no heat', number = 'J-1042' where id = $1";
    for job in [work.job_id, hidden.job_id] {
        let number = if job == work.job_id { "J-1042" } else { "J-1043" };
        sqlx::query(sqlx::AssertSqlSafe(update.replace("J-1042", number)))
            .bind(job.uuid())
            .execute(&contractor.admin)
            .await
            .unwrap();
    }
    sqlx::query(
        "update satchel.customer set name = 'O''Brien & Söhne', phone = '(312) 555-0142', email = 'ann@obrien.example'",
    )
    .execute(&contractor.admin)
    .await
    .unwrap();
    let both = [hidden.job_id.to_string(), work.job_id.to_string()];
    let cases = [
        ("fürn", &both[..]),
        ("HEAT no", &both[..]),
        ("1042", &both[1..]),
        ("j-1043", &both[..1]),
        ("brien test", &both[..]),
        ("söh", &both[..]),
        ("3125550142", &both[..]),
        ("eat", &[]),
        ("furnace", &[]),
        ("1042 nowhere", &[]),
        ("' & | ! :* \\ brien", &both[..]),
    ];
    for (text, wanted) in cases {
        let page = ask(&office, SearchJobs::NAME, &json!({ "text": text })).await.unwrap();
        assert_eq!(ids(&page, "jobs", "job_id"), wanted, "{text}");
    }
    let page = ask(&field, SearchJobs::NAME, &json!({ "text": "heat" })).await.unwrap();
    assert_eq!(ids(&page, "jobs", "job_id"), both[1..], "a technician finds his own");
    let page = ask(&office, "customer/v1/search", &json!({ "text": "ann street" })).await.unwrap();
    assert_eq!(ids(&page, "customers", "customer_id"), [contractor.customer_id.to_string()]);
    assert_eq!(page["customers"][0]["locations"][0]["address"], "1 Test Street");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn technicians_are_told_with_what_they_do_and_whether_their_phone_speaks() {
    let Scene { contractor, office, field, server } = Scene::new().await;
    let [one, two] = contractor.technicians;
    let work = contractor.work(VisitState::OnSite, &[one]).await;
    let args = json!({ "branch_id": contractor.branch_id });
    let state = async |technician: Uuid| {
        let page = ask(&office, ListTechnicians::NAME, &args).await.unwrap();
        let all = page["technicians"].as_array().unwrap().clone();
        all.into_iter().find(|row| row["technician_id"] == json!(technician)).unwrap()
    };
    let busy = state(one.id.uuid()).await;
    assert_eq!((&busy["state"], &busy["current_visit"]["visit_id"]), (&json!("on_site"), &json!(work.visit_id)));
    assert_eq!(busy["device"], json!({ "devices": 0, "last_seen_at": null, "silent": true, "pending": null }));
    assert_eq!(state(two.id.uuid()).await["state"], "idle");
    // A push is a word.
    let phone = contractor.phone(one.caller);
    contractor.push(&phone, Vec::new()).await.unwrap();
    let busy = state(one.id.uuid()).await;
    assert_eq!((&busy["device"]["devices"], &busy["device"]["silent"]), (&json!(1), &json!(false)));
    // Colleagues' phones are the office's business.
    if let Ok(page) = ask(&field, ListTechnicians::NAME, &args).await {
        assert!(page["technicians"].as_array().unwrap().iter().all(|row| row["device"]["devices"] == 0), "{page}");
    }

    let now = Timestamp::now();
    let range = json!({ "technician_id": one.id, "from": now - 1.hour(), "until": now + 24.hours() });
    let page = ask(&office, "visit/v1/list", &range).await.unwrap();
    assert_eq!(ids(&page, "visits", "visit_id"), [work.visit_id.to_string()]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stock_is_told_to_its_branch_and_a_truck_to_its_driver() {
    let Scene { contractor, office, field, server } = Scene::new().await;
    let [one, two] = contractor.technicians;
    for (technician, quantity) in [(Some(one.id), -2), (Some(two.id), 5), (None, 100)] {
        let place = Uuid::now_v7();
        sqlx::query(
            "insert into satchel.stock_location (org_id, id, branch_id, kind, technician_id, name, active)
             values ($1, $2, $3, case when $4::uuid is null then 'warehouse' else 'truck' end, $4, 'Place', true)",
        )
        .bind(contractor.org_id)
        .bind(place)
        .bind(contractor.branch_id.uuid())
        .bind(technician.map(satchel_protocol::Id::uuid))
        .execute(&contractor.admin)
        .await
        .unwrap();
        // The level follows.
        sqlx::query(
            "insert into satchel.stock_movement (org_id, id, stock_location_id, branch_id, page_id, item_id, quantity,
                 cause, occurred_at, user_id)
             values ($1, $2, $3, $4, satchel.stock_page_id($3, now()), $5, $6, 'count', now(), $7)",
        )
        .bind(contractor.org_id)
        .bind(Uuid::now_v7())
        .bind(place)
        .bind(contractor.branch_id.uuid())
        .bind(contractor.item_id.uuid())
        .bind(quantity)
        .bind(contractor.dispatcher.user_id)
        .execute(&contractor.admin)
        .await
        .unwrap();
    }
    let args = json!({ "branch_id": contractor.branch_id });
    let found = ask(&office, StockLevels::NAME, &args).await.unwrap();
    assert_eq!(found["levels"].as_array().unwrap().len(), 3, "{found}");
    let low = json!({ "branch_id": contractor.branch_id, "to_replenish": true });
    let found = ask(&office, StockLevels::NAME, &low).await.unwrap();
    assert_eq!(found["levels"].as_array().unwrap().len(), 1);
    assert_eq!((&found["levels"][0]["quantity"], &found["levels"][0]["name"]), (&json!("-2.000"), &json!("Filter")));
    let found = ask(&field, StockLevels::NAME, &args).await.unwrap();
    let own: Vec<&Value> = found["levels"].as_array().unwrap().iter().map(|level| &level["technician_id"]).collect();
    assert_eq!(own, [&json!(one.id)], "{found}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn senseless_questions_are_refused() {
    let Scene { contractor, office, server, .. } = Scene::new().await;
    let branch = contractor.branch_id;
    let id = Uuid::now_v7();
    let cases = [
        (BoardDay::NAME, json!({ "branch_id": branch, "day": "1970-01-01" }), "query.day"),
        (BoardDay::NAME, json!({ "branch_id": branch, "day": "2400-01-01" }), "query.day"),
        (BoardDay::NAME, json!({ "branch_id": branch, "day": "2026-02-30" }), "query.arguments"),
        (BoardDay::NAME, json!({ "branch_id": branch, "day": "2026-01-01", "visits_max": 100_000 }), "board.bounds"),
        (BoardDay::NAME, json!({ "day": "2026-01-01" }), "query.arguments"),
        (GetJob::NAME, json!({ "job_id": id, "parts_max": 0 }), "job.parts_max"),
        (GetJob::NAME, json!({ "job_id": "none" }), "query.arguments"),
        (GetJob::NAME, json!([]), "query.arguments"),
        (ListJobs::NAME, json!({ "branch_id": branch, "state": "lost" }), "job.state"),
        (ListJobs::NAME, json!({ "branch_id": branch, "state": "draft", "limit": 0 }), "query.arguments"),
        (ListJobs::NAME, json!({ "branch_id": branch, "state": "draft", "limit": 201 }), "query.arguments"),
        (ListJobs::NAME, json!({ "branch_id": branch, "state": "draft", "after": "zz" }), "query.arguments"),
        (ListJobs::NAME, json!({ "branch_id": branch, "state": "draft", "after": "5b315d" }), "query.arguments"),
        (SearchJobs::NAME, json!({ "text": " .,-" }), "query.arguments"),
        (SearchJobs::NAME, json!({ "text": "a\u{0}b" }), "query.nul"),
        (SearchJobs::NAME, json!({ "text": "x".repeat(201) }), "query.arguments"),
        (
            "visit/v1/list",
            json!({ "technician_id": id, "from": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z" }),
            "query.interval",
        ),
        (
            "visit/v1/list",
            json!({ "technician_id": id, "from": "1970-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z" }),
            "query.interval_date",
        ),
    ];
    for (name, args, reason) in cases {
        let refused = ask(&office, name, &args).await.unwrap_err();
        assert_eq!(refused.why(), (ErrorCode::BadRequest, Some(reason)), "{name} {args}");
    }
    server.stop().await;
}
