//! Streams over WebSocket and server-sent events: what they bring, how they beat, and how they end (P4, P8).

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::time::Duration;

use satchel_domain::{REGISTRY, mutations::AcceptVisit, tables::VisitState};
use satchel_protocol::{
    ErrorCode, PROTOCOL_VERSION, limits,
    wire::{ClientMessage, Cursor, Heartbeat, PullRequest, PushRequest, PushedMutation, ServerMessage, stream::About},
};
use satchel_server::{auth::ACCESS_S, feed::HubSettings, http::Settings};
use satchel_tests::{
    contractor::{Contractor, Phone, Work},
    replica::{Replica, assert_converged},
    server::{Client, PATIENCE_S, Socket, TestServer, patiently, unhurried},
};
use tokio::{net::TcpStream, time::Instant};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

/// Looks at the feed often, for tests about writers that tell nobody.
fn watchful() -> Settings {
    Settings { hub: HubSettings { poll: Duration::from_millis(20), announce: false }, ..unhurried() }
}

struct Scene {
    contractor: Contractor,
    server: TestServer,
    client: Client,
    replica: Replica,
    phone: Phone,
}

impl Scene {
    async fn new(settings: Settings) -> Self {
        let contractor = Contractor::new(&REGISTRY).await;
        let server = TestServer::start(&contractor.database, &REGISTRY, settings).await;
        let client = server.client(contractor.technicians[0].caller);
        let replica = Replica::new(&REGISTRY, contractor.org_id);
        let phone = Phone { device_id: replica.device_id, ..contractor.phone(contractor.technicians[0].caller) };
        Self { contractor, server, client, replica, phone }
    }

    async fn job(&self) -> Work {
        self.contractor.work(VisitState::Dispatched, &self.contractor.technicians[..1]).await
    }

    async fn socket(&self) -> Socket {
        self.client.socket(&self.replica.request()).await.unwrap()
    }

    /// Applies deltas until the condition holds.
    async fn follow(&mut self, socket: &mut Socket, until: impl Fn(&Replica) -> bool) {
        while !until(&self.replica) {
            let page = socket.delta().await;
            self.replica.apply(page);
        }
    }

    async fn assert_converged(&self) {
        assert_converged(&self.replica, &self.contractor.database, &self.phone.caller).await;
    }

    async fn run(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.contractor.admin).await.unwrap();
    }

    fn accept(&mut self, work: Work) -> PushedMutation {
        self.phone.next(&AcceptVisit { job_id: work.job_id, visit_id: work.visit_id, reason: None })
    }

    fn push(&self, mutations: Vec<PushedMutation>) -> ClientMessage {
        ClientMessage::Push(PushRequest { protocol: PROTOCOL_VERSION, device_id: self.phone.device_id, mutations })
    }
}

fn is_synced(replica: &Replica) -> bool {
    replica.cursor.is_some()
}

/// The error that ends a stream.
async fn end(socket: &mut Socket) -> ErrorCode {
    let Some(ServerMessage::Error(error)) = socket.answer().await else { panic!("an error was due") };
    assert_eq!(error.about, About::Stream, "{error:?}");
    assert!(!error.error.trace_id.is_empty() && error.error.details["retry"].is_string());
    assert_eq!(socket.next().await, None);
    error.error.code
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(PATIENCE_S);
    while !holds().await {
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn both_nodes_listen(contractor: &Contractor) {
    let listening =
        "select count(*) from pg_stat_activity where query ilike 'listen %' and datname = current_database()";
    until("both nodes listen", async || contractor.count(listening).await == 2).await;
}

#[tokio::test]
async fn a_row_written_with_psql_reaches_a_connected_phone() {
    let mut scene = Scene::new(watchful()).await;
    let work = scene.job().await;
    let mut socket = scene.socket().await;
    scene.follow(&mut socket, is_synced).await;
    scene.run("update satchel.visit set outcome = 'written by hand'").await;
    let id = work.visit_id.uuid();
    scene.follow(&mut socket, |replica| format!("{:?}", replica.row("visit", id)).contains("written by hand")).await;
    scene.assert_converged().await;
}

#[tokio::test]
async fn a_push_by_one_phone_wakes_the_other_without_any_poll() {
    let mut scene = Scene::new(unhurried()).await;
    let work = scene.contractor.work(VisitState::Dispatched, &scene.contractor.technicians).await;
    let mut socket = scene.socket().await;
    scene.follow(&mut socket, is_synced).await;
    let other = scene.server.client(scene.contractor.technicians[1].caller);
    let mut phone = scene.contractor.phone(scene.contractor.technicians[1].caller);
    let mutations = vec![phone.next(&AcceptVisit { job_id: work.job_id, visit_id: work.visit_id, reason: None })];
    let push = PushRequest { protocol: PROTOCOL_VERSION, device_id: phone.device_id, mutations };
    other.push(&push).await.unwrap();
    let id = work.visit_id.uuid();
    scene.follow(&mut socket, |replica| format!("{:?}", replica.row("visit", id)).contains("accepted")).await;
    scene.assert_converged().await;
}

#[tokio::test]
async fn nodes_tell_each_other() {
    let settings = Settings { hub: HubSettings { announce: true, ..unhurried().hub }, ..unhurried() };
    let mut scene = Scene::new(settings).await;
    let elsewhere = TestServer::start(&scene.contractor.database, &REGISTRY, settings).await;
    both_nodes_listen(&scene.contractor).await;
    let work = scene.job().await;
    let mut socket = scene.socket().await;
    scene.follow(&mut socket, is_synced).await;
    let mutations = vec![scene.accept(work)];
    let push = PushRequest { protocol: PROTOCOL_VERSION, device_id: scene.phone.device_id, mutations };
    elsewhere.client(scene.phone.caller).push(&push).await.unwrap();
    scene.follow(&mut socket, |replica| replica.last_seq == 1).await;
    scene.assert_converged().await;
}

#[tokio::test]
async fn refusals_given_by_one_node_are_told_by_the_other() {
    let settings = Settings { hub: HubSettings { announce: true, ..unhurried().hub }, ..unhurried() };
    let mut scene = Scene::new(settings).await;
    let elsewhere = TestServer::start(&scene.contractor.database, &REGISTRY, settings).await;
    both_nodes_listen(&scene.contractor).await;
    let mut socket = scene.socket().await;
    scene.follow(&mut socket, is_synced).await;
    // No row changes, so that the feed tells nobody.
    let mutations = vec![scene.phone.next_raw("no/v1/such", "{}")];
    let push = PushRequest { protocol: PROTOCOL_VERSION, device_id: scene.phone.device_id, mutations };
    elsewhere.client(scene.phone.caller).push(&push).await.unwrap();
    scene.follow(&mut socket, |replica| replica.last_seq == 1).await;
    assert_eq!(scene.replica.verdicts.len(), 1);
}

#[tokio::test]
async fn one_user_and_one_organization_keep_only_so_many_streams_open() {
    let mut settings = unhurried();
    (settings.stream.user_streams, settings.stream.org_streams) = (2, 3);
    let scene = Scene::new(settings).await;
    let request = scene.replica.request();
    let first = scene.socket().await;
    let _second = scene.client.events(&request, None).await.unwrap();
    let refused = scene.client.socket(&request).await.map(drop).unwrap_err();
    assert_eq!((refused.status, refused.why()), (429, (ErrorCode::TooManyRequests, Some("streams.user"))));
    assert_eq!(refused.error.details["limit"], 2);
    let refused = scene.client.events(&request, None).await.map(drop).unwrap_err();
    assert_eq!(refused.why().1, Some("streams.user"));

    let colleague = scene.server.client(scene.contractor.technicians[1].caller);
    let _third = colleague.socket(&request).await.unwrap();
    let office = scene.server.client(scene.contractor.dispatcher);
    let refused = office.socket(&request).await.map(drop).unwrap_err();
    assert_eq!((refused.status, refused.why().1), (429, Some("streams.organization")));

    // A place that is left is free again.
    drop(first);
    until("somebody left", async || office.socket(&request).await.is_ok()).await;
}

#[tokio::test]
async fn a_reassignment_reaches_both_phones_without_asking() {
    let mut scene = Scene::new(watchful()).await;
    let work = scene.job().await;
    let [_, second] = scene.contractor.technicians;
    let other = scene.server.client(second.caller);
    let mut others = Replica::new(&REGISTRY, scene.contractor.org_id);
    let mut other_socket = other.socket(&others.request()).await.unwrap();
    let mut socket = scene.socket().await;
    scene.follow(&mut socket, is_synced).await;
    others.apply(other_socket.delta().await);
    sqlx::query("update satchel.assignment set technician_id = $1")
        .bind(second.id.uuid())
        .execute(&scene.contractor.admin)
        .await
        .unwrap();
    let id = work.job_id.uuid();
    scene.follow(&mut socket, |replica| replica.row("job", id).is_none()).await;
    while others.row("job", id).is_none() {
        others.apply(other_socket.delta().await);
    }
    scene.assert_converged().await;
    assert_converged(&others, &scene.contractor.database, &second.caller).await;
}

#[tokio::test]
async fn pushes_are_answered_in_order_and_their_effects_follow() {
    let mut scene = Scene::new(unhurried()).await;
    let (first, second) = (scene.job().await, scene.job().await);
    let mut socket = scene.socket().await;
    scene.follow(&mut socket, is_synced).await;
    let mutations = [scene.accept(first), scene.accept(second), scene.phone.next_raw("no/v1/such", "{}")];
    let [one, two, three] = mutations;
    let gap = PushedMutation { seq: 9, ..two.clone() };
    for mutation in [one, gap, two, three] {
        socket.say(&scene.push(vec![mutation])).await;
    }
    let mut answers = Vec::new();
    while answers.len() < 4 || scene.replica.last_seq < 3 {
        match socket.next().await.unwrap() {
            ServerMessage::Pushed(response) => answers.push(Ok(response.last_seq)),
            ServerMessage::Error(error) => {
                assert_eq!(error.about, About::Push);
                answers.push(Err(error.error.code));
            }
            ServerMessage::Delta(page) => {
                scene.replica.apply(*page);
            }
            _ => {}
        }
    }
    assert_eq!(answers, [Ok(1), Err(ErrorCode::SequenceGap), Ok(2), Ok(3)]);
    scene.assert_converged().await;
}

#[tokio::test]
async fn a_push_is_followed_by_one_delta_with_its_rows_and_its_verdict() {
    let mut scene = Scene::new(unhurried()).await;
    let works = [scene.job().await, scene.job().await, scene.job().await];
    // The first look wakes everybody: only afterwards are wakes told apart.
    let looked = "select count(*) from pg_stat_activity \
                  where application_name = 'satchel' and datname = current_database() and query ilike 'rollback'";
    until("the hub has looked", async || scene.contractor.count(looked).await > 0).await;
    let mut socket = scene.socket().await;
    scene.follow(&mut socket, is_synced).await;
    for (before, work) in works.into_iter().enumerate() {
        let (pages, mutations) = (scene.replica.pages, vec![scene.accept(work)]);
        let push = PushRequest { protocol: PROTOCOL_VERSION, device_id: scene.phone.device_id, mutations };
        scene.client.push(&push).await.unwrap();
        scene.follow(&mut socket, |replica| replica.last_seq == before as u64 + 1).await;
        let accepted = format!("{:?}", scene.replica.row("visit", work.visit_id.uuid())).contains("accepted");
        assert!(accepted, "the delta that tells the count has the rows");
        // A second one for the push before would have come first.
        assert_eq!(scene.replica.pages, pages + 1);
    }
    scene.assert_converged().await;
}

#[tokio::test]
async fn deltas_do_not_wait_for_a_push() {
    let mut scene = Scene::new(watchful()).await;
    let work = scene.job().await;
    let mut socket = scene.socket().await;
    scene.follow(&mut socket, is_synced).await;
    let first = scene.phone.next_raw("no/v1/such", "{}");
    socket.say(&scene.push(vec![first])).await;
    assert!(matches!(socket.answer().await, Some(ServerMessage::Pushed(_))));

    // Somebody holds the device's row, so that the push waits.
    let mut blocker = scene.contractor.admin.begin().await.unwrap();
    sqlx::query("select from satchel.device for update").execute(&mut *blocker).await.unwrap();
    let mutation = scene.accept(work);
    socket.say(&scene.push(vec![mutation])).await;
    scene.run("update satchel.job set title = 'Changed meanwhile'").await;
    let id = work.job_id.uuid();
    scene.follow(&mut socket, |replica| format!("{:?}", replica.row("job", id)).contains("meanwhile")).await;
    blocker.rollback().await.unwrap();
    let Some(ServerMessage::Pushed(response)) = socket.answer().await else { panic!("verdicts were due") };
    assert_eq!(response.last_seq, 2);
    scene.follow(&mut socket, |replica| replica.last_seq == 2).await;
    scene.assert_converged().await;
}

#[tokio::test]
async fn heartbeats_tell_the_time_and_how_long_the_token_lasts() {
    let mut settings = unhurried();
    settings.stream.heartbeat = Duration::from_millis(30);
    let scene = Scene::new(settings).await;
    let mut socket = scene.socket().await;
    let mut events = scene.client.events(&scene.replica.request(), None).await.unwrap();
    let check = |heartbeat: Heartbeat| {
        let off_ms = jiff::Timestamp::now().as_millisecond() - heartbeat.server_time_ms;
        assert!(off_ms.abs() < 60_000 && (1..=900).contains(&heartbeat.token_expires_in_s), "{heartbeat:?}");
    };
    let mut heard = 0;
    while heard < 3 {
        if let Some(ServerMessage::Heartbeat(heartbeat)) = socket.next().await {
            check(heartbeat);
            heard += 1;
        }
    }
    while heard < 6 {
        if let Some(ServerMessage::Heartbeat(heartbeat)) = events.next().await.map(|event| event.message) {
            check(heartbeat);
            heard += 1;
        }
    }
}

#[tokio::test]
async fn a_client_that_falls_silent_is_told_and_dropped() {
    let mut settings = unhurried();
    settings.stream.silence = Duration::from_millis(300);
    let scene = Scene::new(settings).await;
    assert_eq!(end(&mut scene.socket().await).await, ErrorCode::BadRequest);
    until("the stream is counted as closed", async || {
        scene.server.state().metrics.text().contains("satchel_streams 0")
    })
    .await;
}

#[tokio::test]
async fn unknown_messages_are_ignored_and_wrong_ones_end_the_stream() {
    let mut scene = Scene::new(unhurried()).await;
    let work = scene.job().await;
    let mut socket = scene.socket().await;
    socket.say_text(r#"{"wave": {"hand": "left"}}"#).await;
    socket.say(&ClientMessage::Heartbeat(Heartbeat::default())).await;
    socket.say_raw(Message::Ping(Default::default())).await;
    let mutation = scene.accept(work);
    socket.say(&scene.push(vec![mutation])).await;
    assert!(matches!(socket.answer().await, Some(ServerMessage::Pushed(_))));

    let wrong = [
        Message::text("{"),
        Message::text("[]"),
        Message::text("{}"),
        Message::text(r#"{"heartbeat":{},"push":{}}"#),
        Message::text(r#"{"push": {"mutations": "none"}}"#),
        Message::binary(vec![0, 1, 2]),
    ];
    for message in wrong {
        let mut socket = scene.socket().await;
        socket.say_raw(message).await;
        assert_eq!(end(&mut socket).await, ErrorCode::BadRequest);
    }
    let mut socket = scene.socket().await;
    socket.say_text(&" ".repeat(limits::BODY_BYTES + 1)).await;
    assert_eq!(end(&mut socket).await, ErrorCode::PayloadTooLarge);
}

#[tokio::test]
async fn an_expired_token_ends_the_stream() {
    let scene = Scene::new(unhurried()).await;
    let caller = scene.phone.caller;
    let client = scene.server.client_expiring(caller, Duration::from_secs(2));
    let mut socket = client.socket(&scene.replica.request()).await.unwrap();
    assert_eq!(end(&mut socket).await, ErrorCode::Unauthorized);
    let token = scene.server.token(caller.user_id, Duration::from_secs(ACCESS_S + 60));
    let expired = scene.server.client_with_token(caller.org_id, token);
    let refused = expired.socket(&scene.replica.request()).await.map(drop).unwrap_err();
    assert_eq!((refused.status, refused.error.code), (401, ErrorCode::Unauthorized));
}

#[tokio::test]
async fn a_revoked_membership_ends_the_streams_at_once() {
    let mut scene = Scene::new(watchful()).await;
    scene.job().await;
    let mut socket = scene.socket().await;
    scene.follow(&mut socket, is_synced).await;
    let mut events = scene.client.events(&scene.replica.request(), None).await.unwrap();
    events.delta().await;
    scene.run("update satchel.membership set active = false").await;
    assert_eq!(end(&mut socket).await, ErrorCode::Forbidden);
    let Some(ServerMessage::Error(error)) = events.next().await.map(|event| event.message) else { panic!("an error") };
    assert_eq!((error.about, error.error.code), (About::Stream, ErrorCode::Forbidden));
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_stale_cursor_is_told_and_the_client_pulls_anew() {
    let mut scene = Scene::new(watchful()).await;
    scene.job().await;
    let mut socket = scene.socket().await;
    scene.follow(&mut socket, is_synced).await;
    sqlx::query("update satchel.membership set roles = '{dispatcher,technician}' where user_id = $1")
        .bind(scene.phone.caller.user_id)
        .execute(&scene.contractor.admin)
        .await
        .unwrap();
    let Some(ServerMessage::Error(error)) = socket.answer().await else { panic!("an error was due") };
    assert_eq!((error.about, error.error.code), (About::Pull, ErrorCode::CursorStale));
    assert_eq!(error.error.details["reason"], "access");
    socket.say(&ClientMessage::Pull(Box::new(scene.replica.request_repair()))).await;
    let page = socket.delta().await;
    assert!(scene.replica.apply(page));
    let before = scene.replica.rows_received;
    scene.run("update satchel.job set title = 'And it goes on'").await;
    scene.follow(&mut socket, |replica| replica.rows_received > before).await;
    scene.assert_converged().await;

    // Events cannot be answered, so that stream ends.
    let request = PullRequest { cursor: Some(Cursor("garbage".to_owned())), ..scene.replica.request() };
    let mut events = scene.client.events(&request, None).await.unwrap();
    while let Some(event) = events.next().await {
        match event.message {
            ServerMessage::Error(error) => assert_eq!(error.error.code, ErrorCode::BadRequest),
            other => assert!(matches!(other, ServerMessage::Heartbeat(_)), "{other:?}"),
        }
    }
}

#[tokio::test]
async fn events_are_resumed_by_the_last_ones_id() {
    let mut scene = Scene::new(watchful()).await;
    scene.job().await;
    sqlx::query(
        "insert into satchel.pricebook_item (org_id, id, code, name, kind, unit, price_cents, active) \
         select $1, gen_random_uuid(), 'X-' || n, repeat('x', 400), 'material', 'each', n, true from generate_series(1, 9000) n",
    )
    .bind(scene.contractor.org_id)
    .execute(&scene.contractor.admin)
    .await
    .unwrap();
    let opening = scene.replica.request();
    let mut events = scene.client.events(&opening, None).await.unwrap();
    let mut ids = Vec::new();
    while !is_synced(&scene.replica) {
        let (page, id) = events.delta().await;
        ids.push(id);
        scene.replica.apply(page);
    }
    assert_eq!(ids.iter().map(Option::is_some).collect::<Vec<_>>(), [false, false, true]);
    let id = ids.pop().flatten().unwrap();
    assert_eq!(Some(&id), scene.replica.cursor.as_ref().map(|cursor| &cursor.0));
    drop(events);

    let before = scene.replica.rows_received;
    scene.run("update satchel.job set title = 'While nobody listened'").await;
    // As a browser does it: the same request, with the last id it saw.
    let mut events = scene.client.events(&opening, Some(&id)).await.unwrap();
    let (page, _) = events.delta().await;
    scene.replica.apply(page);
    assert_eq!(scene.replica.rows_received - before, 1);
    scene.run("update satchel.job set title = 'While somebody did'").await;
    while scene.replica.rows_received - before < 2 {
        let (page, _) = events.delta().await;
        scene.replica.apply(page);
    }
    scene.assert_converged().await;

    let refused = scene.client.events(&opening, Some("nonsense")).await.map(drop).unwrap_err();
    assert_eq!((refused.status, refused.error.code), (400, ErrorCode::BadRequest));
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_dropped_and_loses_nothing() {
    let mut settings = watchful();
    settings.stream.send_stall = Duration::from_millis(300);
    let mut scene = Scene::new(settings).await;
    sqlx::query(
        "insert into satchel.pricebook_item (org_id, id, code, name, kind, unit, price_cents, active) \
         select $1, gen_random_uuid(), 'X-' || n, repeat('x', 1000), 'material', 'each', n, true from generate_series(1, 40000) n",
    )
    .bind(scene.contractor.org_id)
    .execute(&scene.contractor.admin)
    .await
    .unwrap();
    let deaf = scene.socket().await;
    let deaf_events = scene.client.events(&scene.replica.request(), None).await.unwrap();
    until("both are dropped", async || {
        let text = scene.server.state().metrics.text();
        text.contains("satchel_streams_stalled_total 2") && text.contains("satchel_streams 0")
    })
    .await;
    drop((deaf, deaf_events));
    scene.replica.catch_up(&scene.client).await.unwrap();
    scene.assert_converged().await;
}

#[tokio::test]
async fn a_server_that_stops_lets_pushes_finish_and_tells_the_streams() {
    let mut scene = Scene::new(unhurried()).await;
    let work = scene.job().await;
    let mut idle = scene.socket().await;
    let mut events = scene.client.events(&scene.replica.request(), None).await.unwrap();
    let mut socket = scene.socket().await;
    let first = scene.phone.next_raw("no/v1/such", "{}");
    socket.say(&scene.push(vec![first])).await;
    assert!(matches!(socket.answer().await, Some(ServerMessage::Pushed(_))));

    let other = scene.server.client(scene.contractor.technicians[1].caller);
    let mut phone = scene.contractor.phone(scene.contractor.technicians[1].caller);
    let mut others_push = || {
        let mutations = vec![phone.next_raw("no/v1/such", "{}")];
        PushRequest { protocol: PROTOCOL_VERSION, device_id: phone.device_id, mutations }
    };
    other.push(&others_push()).await.unwrap();

    let mut blocker = scene.contractor.admin.begin().await.unwrap();
    sqlx::query("select from satchel.device for update").execute(&mut *blocker).await.unwrap();
    let mutation = scene.accept(work);
    socket.say(&scene.push(vec![mutation])).await;
    let push = others_push();
    let by_http = tokio::spawn(async move { other.push(&push).await.unwrap() });
    until("both pushes wait for the lock", async || {
        let waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' \
            and datname = current_database()";
        scene.contractor.count(waiting).await == 2
    })
    .await;
    scene.server.begin_stop();
    assert_eq!(end(&mut idle).await, ErrorCode::ServiceUnavailable);
    blocker.rollback().await.unwrap();
    let answered = by_http.await.unwrap();
    assert_eq!(answered.last_seq, 2);
    let Some(ServerMessage::Pushed(response)) = socket.answer().await else { panic!("verdicts were due") };
    assert_eq!(response.last_seq, 2);
    assert_eq!(end(&mut socket).await, ErrorCode::ServiceUnavailable);
    while let Some(event) = events.next().await {
        if let ServerMessage::Error(error) = event.message {
            assert_eq!(error.error.code, ErrorCode::ServiceUnavailable);
        }
    }
    let address = scene.server.address();
    patiently(scene.server.stop()).await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_stream_opens_only_with_a_sensible_pull() {
    let scene = Scene::new(unhurried()).await;
    let open = async |pull: &str| {
        let stream = TcpStream::connect(scene.server.address()).await.unwrap();
        scene.client.socket_over(stream, pull).await.map(drop).unwrap_err()
    };
    assert_eq!(open("{").await.status, 400);
    assert_eq!(open(r#"{"protocol": 0}"#).await.status, 426);
    assert_eq!(open(r#"{"protocol": 99}"#).await.status, 426);
    let long = format!(r#"{{"protocol": 1, "colour": "{}"}}"#, "x".repeat(limits::PULL_HEADER_BYTES));
    assert_eq!(open(&long).await.status, 413);

    // The longest that is allowed is accepted.
    let mut request = scene.replica.request();
    request.held.ids = Some((0..1_200).map(Uuid::from_u128).collect());
    request.held.digest = String::new();
    let text = serde_json::to_string(&request).unwrap();
    let text = format!("{text}{}", " ".repeat(limits::PULL_HEADER_BYTES - text.len()));
    let stream = TcpStream::connect(scene.server.address()).await.unwrap();
    let mut socket = scene.client.socket_over(stream, text.trim_end()).await.unwrap();
    assert_eq!(socket.delta().await.leave.len(), 1_200);
}
