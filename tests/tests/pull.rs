//! What the server answers to a pull: fills, deltas, scopes that enter and leave, cursors that went stale, passes that
//! broke off, and requests that make no sense (P4, P5, P6, P7, P8).

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "pull/passes.rs"]
mod passes;

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};
use satchel_domain::{
    REGISTRY,
    mutations::AcceptVisit,
    tables::{PricebookItem, VisitState},
};
use satchel_protocol::{
    ErrorCode, PROTOCOL_VERSION, Record as _,
    checksum::scopes_digest,
    limits,
    wire::{Cursor, Held, Outcome, PullRequest, PushRequest, Resume},
};
use satchel_server::{
    feed,
    pull::{PAGE_BYTES, token::Token},
};
use satchel_tests::{
    contractor::{Contractor, Work},
    replica::{Replica, assert_converged},
    server::{Client, Refused, TestServer, unhurried},
};
use serde_json::json;
use uuid::Uuid;

/// A contractor, its server, and the first technician's client and empty replica.
struct Scene {
    contractor: Contractor,
    server: TestServer,
    client: Client,
    replica: Replica,
}

impl Scene {
    async fn new() -> Self {
        let contractor = Contractor::new(&REGISTRY).await;
        let server = TestServer::start(&contractor.database, &REGISTRY, unhurried()).await;
        let client = server.client(contractor.technicians[0].caller);
        let replica = Replica::new(&REGISTRY, contractor.org_id);
        Self { contractor, server, client, replica }
    }

    async fn job(&self) -> Work {
        self.contractor.work(VisitState::Dispatched, &self.contractor.technicians[..1]).await
    }

    async fn catch_up(&mut self) {
        self.replica.catch_up(&self.client).await.unwrap();
    }

    async fn assert_converged(&self) {
        assert_converged(&self.replica, &self.contractor.database, &self.contractor.technicians[0].caller).await;
    }

    async fn pricebook(&self, lines: i32) {
        sqlx::query(
            "insert into satchel.pricebook_item (org_id, id, code, name, kind, unit, price_cents, active) \
             select $1, gen_random_uuid(), 'X-' || n, 'Line ' || n, 'material', 'each', n, true \
             from generate_series(1, $2) n",
        )
        .bind(self.contractor.org_id)
        .bind(lines)
        .execute(&self.contractor.admin)
        .await
        .unwrap();
    }

    async fn run(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.contractor.admin).await.unwrap();
    }

    async fn refused(&self, request: &PullRequest) -> Refused {
        self.client.pull(request).await.unwrap_err()
    }
}

#[tokio::test]
async fn nothing_new_is_one_short_answer() {
    let mut scene = Scene::new().await;
    scene.job().await;
    scene.catch_up().await;
    let request = scene.client.request(Method::POST, "/api/v1/sync/pull").json(&scene.replica.request());
    let text = request.send().await.unwrap().text().await.unwrap();
    assert!(text.len() < 300, "{text}");
    let page = serde_json::from_str(&text).unwrap();
    assert!(scene.replica.apply(page));
    scene.assert_converged().await;
}

#[tokio::test]
async fn a_delta_is_what_changed_whoever_changed_it() {
    let mut scene = Scene::new().await;
    let (work, gone) = (scene.job().await, scene.contractor.item_id.uuid());
    scene.pricebook(50).await;
    scene.catch_up().await;
    let before = scene.replica.rows_received;
    scene.run("update satchel.visit set outcome = E'line\\nend, \"quoted\" \\u00e9 \\U0001F527'").await;
    scene.run("delete from satchel.pricebook_item where code = 'P-1'").await;
    scene.run("update satchel.pricebook_item set price_cents = 9007199254740993 where code = 'X-7'").await;
    scene.catch_up().await;
    assert_eq!(scene.replica.rows_received, before + 2);
    assert!(scene.replica.row(PricebookItem::TABLE.name, gone).is_none());
    assert!(scene.replica.row("visit", work.visit_id.uuid()).is_some());
    scene.assert_converged().await;
}

#[tokio::test]
async fn a_reassignment_moves_the_job_from_one_replica_to_the_other() {
    let mut scene = Scene::new().await;
    let [first, second] = scene.contractor.technicians;
    let work = scene.job().await;
    let kept = scene.job().await;
    let other_client = scene.server.client(second.caller);
    let mut other = Replica::new(&REGISTRY, scene.contractor.org_id);
    scene.catch_up().await;
    other.catch_up(&other_client).await.unwrap();
    assert!(other.row("job", work.job_id.uuid()).is_none());

    sqlx::query("update satchel.assignment set technician_id = $2 where visit_id = $1")
        .bind(work.visit_id.uuid())
        .bind(second.id.uuid())
        .execute(&scene.contractor.admin)
        .await
        .unwrap();

    let refused = scene.refused(&scene.replica.request()).await;
    assert_eq!((refused.status, refused.error.code), (409, ErrorCode::ScopesRequired));
    let page = scene.client.pull(&scene.replica.request_with_ids()).await.unwrap();
    assert_eq!((&page.enter[..], &page.leave[..]), (&[][..], &[work.job_id.uuid()][..]));
    assert!(scene.replica.apply(page));
    assert!(scene.replica.row("visit", work.visit_id.uuid()).is_none());
    assert!(scene.replica.row("visit", kept.visit_id.uuid()).is_some());
    scene.assert_converged().await;

    let page = other_client.pull(&other.request_with_ids()).await.unwrap();
    assert!(page.enter.contains(&work.job_id.uuid()) && page.leave.is_empty());
    assert!(other.apply(page));
    assert!(other.row("visit", work.visit_id.uuid()).is_some());
    assert_converged(&other, &scene.contractor.database, &second.caller).await;
    assert_converged(&scene.replica, &scene.contractor.database, &first.caller).await;
}

#[tokio::test]
async fn a_pass_that_broke_off_goes_on_and_does_not_restart() {
    let mut scene = Scene::new().await;
    scene.job().await;
    scene.pricebook(10_000).await;
    let page = scene.client.pull(&scene.replica.request()).await.unwrap();
    assert!(!scene.replica.apply(page));
    // Another server on the same database takes it up.
    let elsewhere = TestServer::start(&scene.contractor.database, &REGISTRY, unhurried()).await;
    let client = elsewhere.client(scene.contractor.technicians[0].caller);
    scene.replica.catch_up(&client).await.unwrap();
    assert_eq!(scene.replica.pages, 3);
    assert_eq!(scene.replica.rows_received, scene.replica.rows.len());
    scene.assert_converged().await;
}

#[tokio::test]
async fn a_long_delta_comes_in_pages_and_removals_count_as_rows() {
    let mut scene = Scene::new().await;
    scene.pricebook(10_000).await;
    scene.catch_up().await;
    let before = scene.replica.pages;
    scene.run("delete from satchel.pricebook_item where price_cents % 2 = 0 and code like 'X-%'").await;
    scene.run("update satchel.pricebook_item set name = name || '!' where code like 'X-%'").await;
    scene.catch_up().await;
    assert_eq!(scene.replica.pages - before, 3);
    scene.assert_converged().await;
}

#[tokio::test]
async fn a_job_that_goes_and_returns_between_two_pages_is_not_missed() {
    let mut scene = Scene::new().await;
    let work = scene.job().await;
    scene.pricebook(5_000).await;
    let assign = async |scene: &Scene, technician: usize| {
        sqlx::query("update satchel.assignment set technician_id = $1")
            .bind(scene.contractor.technicians[technician].id.uuid())
            .execute(&scene.contractor.admin)
            .await
            .unwrap();
    };
    let page = scene.client.pull(&scene.replica.request()).await.unwrap();
    assert!(!scene.replica.apply(page));
    assign(&scene, 1).await;
    let page = scene.client.pull(&scene.replica.request()).await.unwrap();
    assert!(scene.replica.apply(page));
    assert!(scene.replica.row("visit", work.visit_id.uuid()).is_none());
    assign(&scene, 0).await;
    assert_eq!(scene.refused(&scene.replica.request()).await.why(), (ErrorCode::CursorStale, Some("scopes")));
    let before = scene.replica.rows_received;
    scene.catch_up().await;
    assert_eq!(scene.replica.rows_received - before, 5, "customer, location, job, visit, assignment");
    scene.assert_converged().await;
}

#[tokio::test]
async fn long_rows_make_short_pages() {
    let mut scene = Scene::new().await;
    let work = scene.job().await;
    sqlx::query(
        "insert into satchel.note (org_id, id, job_id, branch_id, title, text) \
         select org_id, gen_random_uuid(), id, branch_id, 'n', repeat('x', 700000) from satchel.job, generate_series(1, 15) \
         where id = $1",
    )
    .bind(work.job_id.uuid())
    .execute(&scene.contractor.admin)
    .await
    .unwrap();
    let mut request = scene.replica.request();
    loop {
        let page = scene.client.pull(&request).await.unwrap();
        let bytes: usize = page.tables.iter().map(|table| serde_json::to_string(&table.rows).unwrap().len()).sum();
        assert!(bytes < PAGE_BYTES + 800_000, "{bytes}");
        if scene.replica.apply(page) {
            break;
        }
        request = scene.replica.request();
    }
    assert!(scene.replica.pages > 2);
    scene.assert_converged().await;
}

#[tokio::test]
async fn a_repair_sends_only_what_differs() {
    let mut scene = Scene::new().await;
    let (work, _) = (scene.job().await, scene.job().await);
    scene.pricebook(500).await;
    scene.catch_up().await;

    let page = scene.client.pull(&scene.replica.request_repair()).await.unwrap();
    assert!(page.tables.is_empty() && page.fill.is_empty() && page.rows_total == Some(0));

    // One row lost, one too many, one old.
    let lost = scene.replica.rows.keys().find(|(table, _)| table == "assignment").unwrap().clone();
    scene.replica.rows.remove(&lost);
    let mut ghost = scene.replica.row("visit", work.visit_id.uuid()).unwrap().clone();
    let ghost_id = Uuid::now_v7();
    ghost[0] = ghost_id.into();
    scene.replica.rows.insert(("visit".to_owned(), ghost_id), ghost);
    scene.replica.rows.get_mut(&("job".to_owned(), work.job_id.uuid())).unwrap()[1] =
        satchel_protocol::Cell::Integer(1);

    let page = scene.client.pull(&scene.replica.request_repair()).await.unwrap();
    assert_eq!(
        page.fill.iter().map(|fill| (&fill.table[..], fill.scopes.len())).collect::<Vec<_>>(),
        [("job", 1), ("visit", 1), ("assignment", 1)]
    );
    assert!(scene.replica.apply(page));
    scene.assert_converged().await;
}

#[tokio::test]
async fn a_repair_drops_tables_and_scopes_the_server_has_no_rows_of() {
    let mut scene = Scene::new().await;
    let work = scene.job().await;
    scene.catch_up().await;
    scene.run("delete from satchel.assignment").await;
    scene.run("delete from satchel.visit").await;
    let page = scene.client.pull(&scene.replica.request_repair()).await.unwrap();
    assert_eq!(page.leave.len(), 3);
    assert!(scene.replica.apply(page));
    assert!(scene.replica.row("job", work.job_id.uuid()).is_none());
    scene.assert_converged().await;

    scene.run("delete from satchel.pricebook_item").await;
    let page = scene.client.pull(&scene.replica.request_repair()).await.unwrap();
    assert_eq!(page.fill.iter().map(|fill| &fill.table[..]).collect::<Vec<_>>(), ["pricebook_item"]);
    assert!(scene.replica.apply(page));
    scene.assert_converged().await;
}

#[tokio::test]
async fn the_last_page_tells_the_devices_end_of_sequence_and_verdicts_not_yet_heard() {
    let mut scene = Scene::new().await;
    let work = scene.job().await;
    scene.catch_up().await;
    assert_eq!((scene.replica.last_seq, scene.replica.verdicts.len()), (0, 0));

    let mut phone = scene.contractor.phone(scene.contractor.technicians[0].caller);
    phone.device_id = scene.replica.device_id;
    let mutations = vec![
        phone.next(&AcceptVisit { job_id: work.job_id, visit_id: work.visit_id, reason: None }),
        phone.next_raw("no/v1/such", "{}"),
    ];
    let keys: Vec<Uuid> = mutations.iter().map(|mutation| mutation.key).collect();
    let push = PushRequest { protocol: PROTOCOL_VERSION, device_id: phone.device_id, mutations };
    let pushed = scene.client.push(&push).await.unwrap();

    let page = scene.client.pull(&scene.replica.request()).await.unwrap();
    assert_eq!((page.last_seq, page.last_key), (Some(2), Some(keys[1])));
    assert_eq!(page.verdicts, pushed.verdicts);
    assert!(matches!(page.verdicts[0].outcome, Outcome::Accepted { .. }), "{:?}", page.verdicts[0]);
    assert!(scene.replica.apply(page));
    scene.assert_converged().await;

    let page = scene.client.pull(&scene.replica.request()).await.unwrap();
    assert_eq!((page.last_seq, page.verdicts.len()), (Some(2), 0));

    // Another user learns nothing of this device.
    let stranger = scene.server.client(scene.contractor.technicians[1].caller);
    let request = PullRequest { protocol: PROTOCOL_VERSION, device_id: phone.device_id, ..PullRequest::default() };
    let page = stranger.pull(&request).await.unwrap();
    assert_eq!((page.last_seq, page.last_key, page.verdicts.len()), (Some(0), None, 0));

    // What was said long ago is kept no longer.
    scene.run("update satchel.mutation_ledger set outcome = null, args = null, context = null where seq = 1").await;
    let request = PullRequest { verdicts_through: 0, ..scene.replica.request() };
    let page = scene.client.pull(&request).await.unwrap();
    assert_eq!(page.verdicts[0].outcome, Outcome::Expired);
}

#[tokio::test]
async fn a_cursor_that_cannot_be_trusted_is_stale_for_a_named_reason_and_a_repair_heals() {
    let mut scene = Scene::new().await;
    scene.job().await;
    scene.catch_up().await;
    let request = scene.replica.request();
    let cursor = feed::Cursor::decode(request.cursor.as_ref().unwrap()).unwrap();
    let with = |change: &dyn Fn(&mut feed::Cursor)| {
        let mut changed = cursor.clone();
        change(&mut changed);
        PullRequest { cursor: Some(changed.encode()), ..request.clone() }
    };
    let stale = [
        (with(&|cursor| cursor.history.identity ^= 1), "history"),
        (with(&|cursor| cursor.snapshot.xmax += 1_000_000), "future"),
        (with(&|cursor| cursor.history.started ^= 1), "restart"),
        (with(&|cursor| cursor.fingerprint ^= 1), "access"),
        (with(&|cursor| cursor.scopes[0] ^= 1), "scopes"),
    ];
    for (request, reason) in stale {
        let refused = scene.refused(&request).await;
        assert_eq!((refused.status, refused.why()), (409, (ErrorCode::CursorStale, Some(reason))));
    }

    scene.run("update satchel.feed_state set floor = '1000000000'").await;
    assert_eq!(scene.refused(&request).await.why(), (ErrorCode::CursorStale, Some("trimmed")));
    scene.run("update satchel.feed_state set floor = '0'").await;
    scene.catch_up().await;
    scene.run("update satchel.feed_state set marker = gen_random_uuid()").await;
    assert_eq!(scene.refused(&scene.replica.request()).await.why(), (ErrorCode::CursorStale, Some("history")));
    scene.catch_up().await;

    // A technician who becomes a dispatcher sees more, and nothing but the membership changed.
    sqlx::query("update satchel.membership set roles = '{dispatcher,technician}' where user_id = $1")
        .bind(scene.contractor.technicians[0].caller.user_id)
        .execute(&scene.contractor.admin)
        .await
        .unwrap();
    assert_eq!(scene.refused(&scene.replica.request()).await.why(), (ErrorCode::CursorStale, Some("access")));
    scene.catch_up().await;
    scene.assert_converged().await;
}

#[tokio::test]
async fn a_pass_does_not_go_on_in_another_history_or_with_other_rights() {
    let mut scene = Scene::new().await;
    scene.pricebook(5_000).await;
    let page = scene.client.pull(&scene.replica.request()).await.unwrap();
    assert!(!scene.replica.apply(page));
    scene.run("update satchel.feed_state set marker = gen_random_uuid()").await;
    assert_eq!(scene.refused(&scene.replica.request()).await.why(), (ErrorCode::CursorStale, Some("history")));
    scene.catch_up().await;
    scene.assert_converged().await;

    scene.run("update satchel.pricebook_item set price_cents = price_cents + 1").await;
    let page = scene.client.pull(&scene.replica.request()).await.unwrap();
    assert!(!scene.replica.apply(page));
    let request = scene.replica.request();
    for (change, reason) in [
        (&(|token: &mut Token| token.target.snapshot.xmax += 1_000_000) as &dyn Fn(&mut Token), "future"),
        (&|token| token.target.history.started ^= 1, "restart"),
        (&|token| token.target.fingerprint ^= 1, "access"),
    ] {
        let mut token = Token::decode(&request.resume.as_ref().unwrap().token).unwrap();
        change(&mut token);
        let resume = Resume { token: token.encode(), ..request.resume.clone().unwrap() };
        let refused = scene.refused(&PullRequest { resume: Some(resume), ..request.clone() }).await;
        assert_eq!(refused.why(), (ErrorCode::CursorStale, Some(reason)));
    }
    scene.run("update satchel.feed_state set floor = '1000000000'").await;
    assert_eq!(scene.refused(&request).await.why(), (ErrorCode::CursorStale, Some("trimmed")));
    scene.run("update satchel.feed_state set floor = '0'").await;
    scene.catch_up().await;
    scene.assert_converged().await;
}

#[tokio::test]
async fn nobody_pulls_where_he_is_no_member() {
    let mut scene = Scene::new().await;
    scene.job().await;
    scene.catch_up().await;
    sqlx::query("update satchel.membership set active = false where user_id = $1")
        .bind(scene.contractor.technicians[0].caller.user_id)
        .execute(&scene.contractor.admin)
        .await
        .unwrap();
    let refused = scene.refused(&scene.replica.request()).await;
    assert_eq!((refused.status, refused.error.code), (403, ErrorCode::Forbidden));

    let elsewhere = Contractor::new(&REGISTRY).await;
    let mut caller = scene.contractor.technicians[1].caller;
    caller.org_id = elsewhere.org_id;
    let refused = scene.server.client(caller).pull(&scene.replica.request()).await.unwrap_err();
    assert_eq!(refused.error.code, ErrorCode::Forbidden);
    let unsigned = scene.server.client_with_token(scene.contractor.org_id, "x.y.z".to_owned());
    assert_eq!(unsigned.pull(&scene.replica.request()).await.unwrap_err().status, 401);
}

#[tokio::test]
async fn senseless_requests_get_a_clear_answer() {
    let mut scene = Scene::new().await;
    scene.pricebook(5_000).await;
    let page = scene.client.pull(&scene.replica.request()).await.unwrap();
    scene.replica.apply(page);
    let resumed = scene.replica.request();
    let request = PullRequest { resume: None, ..resumed.clone() };
    let resume = |change: &dyn Fn(&mut Resume)| {
        let mut resume = resumed.resume.clone().unwrap();
        change(&mut resume);
        PullRequest { resume: Some(resume), ..resumed.clone() }
    };
    let held = |digest: &str, ids: Option<Vec<Uuid>>| PullRequest {
        held: Held { digest: digest.to_owned(), ids },
        ..request.clone()
    };
    let too_many: Vec<Uuid> = (0..=limits::SCOPES as u128).map(Uuid::from_u128).collect();
    let cursor = |text: &str| PullRequest { cursor: Some(Cursor(text.to_owned())), ..request.clone() };
    let cases = [
        (PullRequest { protocol: 0, ..request.clone() }, ErrorCode::UpgradeRequired),
        (PullRequest { protocol: PROTOCOL_VERSION + 1, ..request.clone() }, ErrorCode::UpgradeRequired),
        (cursor(""), ErrorCode::BadRequest),
        (cursor("garbage"), ErrorCode::BadRequest),
        (cursor(&"A".repeat(100_000)), ErrorCode::BadRequest),
        (held("", Some(too_many.clone())), ErrorCode::PayloadTooLarge),
        (held("0123", Some(Vec::new())), ErrorCode::BadRequest),
        (held(&scopes_digest([Uuid::nil()]), None), ErrorCode::ScopesRequired),
        (resume(&|resume| resume.token.push('A')), ErrorCode::BadRequest),
        (resume(&|resume| resume.token.clear()), ErrorCode::BadRequest),
        (resume(&|resume| resume.scopes.truncate(1)), ErrorCode::BadRequest),
        (resume(&|resume| resume.scopes = too_many.clone()), ErrorCode::PayloadTooLarge),
        (resume(&|resume| resume.fill = vec![resume.fill[0].clone(); 1_000]), ErrorCode::PayloadTooLarge),
        (
            resume(&|resume| {
                let mut token = Token::decode(&resume.token).unwrap();
                token.position.table = "pg_class".to_owned();
                resume.token = token.encode();
            }),
            ErrorCode::BadRequest,
        ),
    ];
    for (number, (request, code)) in cases.into_iter().enumerate() {
        let refused = scene.refused(&request).await;
        assert_eq!((refused.status, refused.error.code), (code.http_status(), code), "case {number}");
    }

    // Names it does not know are no obstacle.
    let mut future = serde_json::to_value(&request).unwrap();
    future["colour"] = json!("blue");
    future["checksums"] = json!({ "pg_class": { Uuid::nil().to_string(): { "count": 1, "sum": "1" } } });
    let answer = scene.client.request(Method::POST, "/api/v1/sync/pull").json(&future).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_phone_cannot_make_the_server_show_what_rls_hides() {
    let mut scene = Scene::new().await;
    scene.pricebook(5_000).await;
    let foreign = scene.contractor.work(VisitState::Dispatched, &scene.contractor.technicians[1..]).await;
    let page = scene.client.pull(&scene.replica.request()).await.unwrap();
    scene.replica.apply(page);

    // A mark that claims the scopes of somebody else, in every way it can be claimed.
    let mut resume = scene.replica.request().resume.unwrap();
    resume.scopes.push(foreign.job_id.uuid());
    for fill in &mut resume.fill {
        fill.scopes.push(foreign.job_id.uuid());
        fill.scopes.push(scene.contractor.technicians[1].id.uuid());
    }
    resume.fill.push(satchel_protocol::wire::TableFill {
        table: "visit".to_owned(),
        scopes: vec![foreign.job_id.uuid()],
        ..Default::default()
    });
    let mut token = Token::decode(&resume.token).unwrap();
    let digest = scopes_digest(resume.scopes.iter().copied());
    token.target.scopes = feed::cursor::digest_from_text(&digest).unwrap();
    token.since = Some(feed::Snapshot { xmin: 1, xmax: 1, running: Vec::new() });
    token.position.table = "organization".to_owned();
    resume.token = token.encode();
    let request = PullRequest { resume: Some(resume), ..scene.replica.request() };
    let text = serde_json::to_string(&scene.client.pull(&request).await.unwrap().tables).unwrap();
    for hidden in [foreign.job_id.to_string(), foreign.visit_id.to_string()] {
        let rows: BTreeMap<String, serde_json::Value> = serde_json::from_str::<Vec<serde_json::Value>>(&text)
            .unwrap()
            .into_iter()
            .map(|table| (table["table"].to_string(), table["rows"].clone()))
            .collect();
        assert!(!serde_json::to_string(&rows).unwrap().contains(&hidden));
    }
}

/// As an import makes one that reckons ids from the numbers of customers and of places alike.
#[tokio::test]
async fn an_id_that_stands_in_two_tables_is_held_as_it_is_counted() {
    let scene = Scene::new().await;
    let work = scene.job().await;
    let office = scene.server.client(scene.contractor.colleague("dispatcher").await);
    let mut replica = Replica::new(&REGISTRY, scene.contractor.org_id);
    replica.catch_up(&office).await.unwrap();
    sqlx::query(
        "insert into satchel.customer select (jsonb_populate_record(c, jsonb_build_object('id', j.location_id))).* \
         from satchel.job j join satchel.customer c on c.id = j.customer_id where j.id = $1",
    )
    .bind(work.job_id.uuid())
    .execute(&scene.contractor.admin)
    .await
    .unwrap();
    replica.catch_up(&office).await.unwrap();
    let mut fresh = Replica::new(&REGISTRY, scene.contractor.org_id);
    fresh.catch_up(&office).await.unwrap();
    for replica in [replica, fresh] {
        let page = office.pull(&PullRequest { manifest: true, ..replica.request() }).await.unwrap();
        assert_eq!(page.manifest, Some(replica.manifest()));
        let repair = office.pull(&replica.request_repair()).await.unwrap();
        assert_eq!(repair.fill, []);
    }
}
