//! Sessions, devices and memberships are taken back: at once, told in type, and without losing what waits on a phone.

use std::time::Duration;

use reqwest::Method;
use satchel_client::{Connection, engine::Ended};
use satchel_domain::REGISTRY;
use satchel_protocol::{
    ErrorCode, PROTOCOL_VERSION,
    wire::{PushRequest, ServerMessage, auth::Sessions, stream::About},
};
use satchel_server::{feed::HubSettings, http::Settings};
use satchel_tests::{
    phone::PASSWORD,
    replica::Replica,
    server::{Client, Refused, Socket, TestServer, unhurried},
};
use serde_json::json;
use uuid::Uuid;

use super::support::{Office, answer, email, get, post, refresh, sign_in};

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_device_stops_at_once_keeps_its_work_and_sends_it_after_a_sign_in() {
    let office = Office::open().await;
    let (work, mut phone) = office.at_work().await;
    let sent = office.material(work);
    phone.client.mutate(&sent).await.unwrap();
    phone.settled().await;
    let device = office.device(|device| device.session_id.is_some() && device.last_seq == 1).await;
    assert_eq!((device.user_id, device.revoked_at), (phone.caller.user_id, None));
    assert_eq!(device.platform.as_deref(), Some(std::env::consts::OS));
    assert!(device.app_version.is_some());

    let tokens = phone.client.session().unwrap().tokens.unwrap();
    post(&office.owner, &format!("devices/{}/revoke", device.id), json!({})).await.unwrap();
    let status = phone.until("signed out by the office", |status| status.ended == Some(Ended::Device)).await;
    assert_eq!(status.connection, Connection::NeedsSignIn);
    let kept = office.material(work);
    phone.client.mutate(&kept).await.unwrap();
    // Told also by an app that is opened later.
    phone.reopen().await;
    phone.client.start().await.unwrap();
    let told = |status: &satchel_client::Status| status.ended == Some(Ended::Device) && status.queue.unsent() == 1;
    let status = phone.until("one change is kept", told).await;
    assert!(status.reason.contains("1 change is kept here"), "{}", status.reason);
    assert!(!office.holds(kept.material_id).await);

    // Whoever has the phone's tokens gets nowhere.
    let thief = office.field.server.client_with_token(office.field.contractor.org_id, tokens.access);
    for refusal in everywhere(&thief).await {
        assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("device_revoked")));
    }
    let refusal = refresh(&office.field.server, &tokens.refresh).await.err().unwrap();
    assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("device_revoked")));
    let listed = office.device(|listed| listed.id == device.id).await;
    assert!(listed.session_id.is_none() && listed.revoked_at.is_some());

    phone.client.sign_in(&email(phone.caller), PASSWORD, None).await.unwrap();
    phone.settled().await;
    assert!(office.holds(kept.material_id).await);
    let listed = office.device(|listed| listed.id == device.id && listed.session_id.is_some()).await;
    assert_eq!((listed.revoked_at, listed.last_seq), (None, 2));
    phone.assert_converged(&office.field.contractor.database).await;
    assert_eq!(office.field.contractor.count("select count(*) from satchel.account_event").await, 1);
}

/// What each way in answers.
async fn everywhere(client: &Client) -> Vec<Refused> {
    let replica = Replica::new(&REGISTRY, Uuid::now_v7());
    let push = PushRequest { protocol: PROTOCOL_VERSION, device_id: replica.device_id, mutations: Vec::new() };
    let rpc =
        client.request(Method::POST, "/api/v1/rpc/job/v1/create").header("idempotency-key", Uuid::now_v7().to_string());
    let mut socket = client.socket(&replica.request()).await.unwrap();
    let mut events = client.events(&replica.request(), None).await.unwrap();
    let of_events = loop {
        match events.next().await.map(|event| event.message) {
            Some(ServerMessage::Error(error)) => break Refused { status: 0, error: error.error },
            Some(ServerMessage::Heartbeat(_)) => {}
            other => panic!("an error was due, not {other:?}"),
        }
    };
    let mut refusals = vec![
        client.pull(&replica.request()).await.unwrap_err(),
        client.push(&push).await.unwrap_err(),
        answer::<serde_json::Value>(rpc.json(&json!({}))).await.unwrap_err(),
        get::<serde_json::Value>(client, "devices").await.unwrap_err(),
        get::<serde_json::Value>(client, "sessions").await.unwrap_err(),
        Refused { status: 0, error: end(&mut socket).await },
    ];
    refusals.push(of_events);
    refusals
}

/// What a stream ends with.
async fn end(socket: &mut Socket) -> satchel_protocol::ErrorBody {
    let Some(ServerMessage::Error(error)) = socket.answer().await else { panic!("an error was due") };
    assert_eq!(error.about, About::Stream);
    assert!(socket.answer().await.is_none());
    error.error
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_of_a_revoked_session_end_on_every_node() {
    let office = Office::open().await;
    let contractor = &office.field.contractor;
    let user = email(contractor.technicians[0].caller);
    // Another node, which hears of it by its own look at the feed. It knows the same secrets by being the same Auth.
    let watchful = Settings { hub: HubSettings { poll: Duration::from_millis(20), announce: false }, ..unhurried() };
    let auth = office.field.server.state().auth.clone();
    let other = TestServer::with_auth(auth, &contractor.database, &REGISTRY, watchful).await;
    let (lost, kept) =
        (sign_in(&other, &user, PASSWORD).await.unwrap(), sign_in(&other, &user, PASSWORD).await.unwrap());
    let replica = Replica::new(&REGISTRY, contractor.org_id);
    let mut ends = Vec::new();
    for server in [&office.field.server, &other] {
        let client = server.client_with_token(contractor.org_id, lost.access_token.clone());
        let mut socket = client.socket(&replica.request()).await.unwrap();
        socket.delta().await;
        ends.push(socket);
    }
    // A stream that waits for its client to pull anew is looked at too.
    let client = office.field.server.client_with_token(contractor.org_id, lost.access_token.clone());
    let mut paused = client.socket(&replica.request()).await.unwrap();
    paused.delta().await;
    paused.say_text(r#"{"pull":{"protocol":1,"cursor":"nonsense"}}"#).await;
    let Some(ServerMessage::Error(error)) = paused.answer().await else { panic!("an error was due") };
    assert_eq!(error.about, About::Pull);
    ends.push(paused);

    let keeper = office.field.server.client_with_token(contractor.org_id, kept.access_token.clone());
    let mut staying = keeper.socket(&replica.request()).await.unwrap();
    staying.delta().await;
    let listed: Sessions = get(&keeper, "sessions").await.unwrap();
    assert_eq!(listed.sessions.len(), 2);
    assert_eq!(listed.sessions.iter().filter(|session| session.current).count(), 1);
    let lost_id = listed.sessions.iter().find(|session| !session.current).unwrap().id;
    // Not by others, not even by the owner: a session may act in other organizations too.
    let refusal = post(&office.owner, &format!("sessions/{lost_id}/revoke"), json!({})).await.unwrap_err();
    assert_eq!(refusal.error.code, ErrorCode::NotFound);
    post(&keeper, &format!("sessions/{lost_id}/revoke"), json!({})).await.unwrap();
    for socket in &mut ends {
        let error = end(socket).await;
        assert_eq!((error.code, error.details["reason"].as_str()), (ErrorCode::Unauthorized, Some("session_revoked")));
    }
    let refusal = refresh(&other, &lost.refresh_token).await.err().unwrap();
    assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("session_revoked")));
    keeper.pull(&replica.request()).await.unwrap();
    refresh(&other, &kept.refresh_token).await.unwrap();
    let listed: Sessions = get(&keeper, "sessions").await.unwrap();
    assert_eq!(listed.sessions.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_is_taken_out_is_told_and_the_work_is_sent_when_taken_in_again() {
    let office = Office::open().await;
    let (work, phone) = office.at_work().await;
    let user_id = phone.caller.user_id;
    post(&office.owner, &format!("users/{user_id}/revoke"), json!({})).await.unwrap();
    let status = phone.until("no member any more", |status| status.ended == Some(Ended::Membership)).await;
    assert_eq!(status.connection, Connection::Blocked);
    let kept = office.material(work);
    phone.client.mutate(&kept).await.unwrap();
    let status = phone.until("one change is kept", |status| status.queue.pending == 1).await;
    assert_eq!(status.ended, Some(Ended::Membership));
    let tokens = phone.client.session().unwrap().tokens.unwrap();
    let client = office.field.server.client_with_token(office.field.contractor.org_id, tokens.access);
    for refusal in everywhere(&client).await {
        assert_eq!(refusal.why(), (ErrorCode::Forbidden, Some("membership_ended")));
    }
    // Signing in works, for there may be other organizations; this one is not among them.
    let session = sign_in(&office.field.server, &email(phone.caller), PASSWORD).await.unwrap();
    assert!(session.memberships.is_empty());

    post(&office.owner, &format!("users/{user_id}/reinstate"), json!({})).await.unwrap();
    phone.client.sign_in(&email(phone.caller), PASSWORD, None).await.unwrap();
    phone.settled().await;
    assert!(office.holds(kept.material_id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_manage_take_from_others_and_only_owners_from_owners() {
    let office = Office::open().await;
    let contractor = &office.field.contractor;
    let owner_id = contractor.dispatcher.user_id;
    let technician = contractor.technicians[0].caller.user_id;
    let manager = office.member("operations_manager").await;
    let forbidden = (ErrorCode::Forbidden, Some("account.forbidden"));
    for role in ["dispatcher", "billing", "auditor", "inventory_manager", "delegated_agent"] {
        let other = office.member(role).await;
        let refusal = post(&other, &format!("users/{technician}/revoke"), json!({})).await.unwrap_err();
        assert_eq!(refusal.why(), forbidden, "{role}");
    }
    for verb in ["revoke", "reinstate"] {
        let refusal = post(&manager, &format!("users/{owner_id}/{verb}"), json!({})).await.unwrap_err();
        assert_eq!(refusal.why(), forbidden);
        let refusal = post(&office.owner, &format!("users/{owner_id}/{verb}"), json!({})).await.unwrap_err();
        assert_eq!(refusal.why(), (ErrorCode::Conflict, Some("account.self")));
        let refusal = post(&office.owner, &format!("users/{}/{verb}", Uuid::now_v7()), json!({})).await.unwrap_err();
        assert_eq!(refusal.error.code, ErrorCode::NotFound);
    }
    post(&manager, &format!("users/{technician}/revoke"), json!({})).await.unwrap();
    post(&manager, &format!("users/{technician}/reinstate"), json!({})).await.unwrap();

    // Devices: one's own, or as a manager; nobody learns of others'.
    let (_, phone) = office.at_work().await;
    let device = office.device(|device| device.user_id == phone.caller.user_id).await;
    let colleague = contractor.technicians[1].caller;
    let colleague = sign_in(&office.field.server, &email(colleague), PASSWORD).await.unwrap();
    let colleague = office.field.server.client_with_token(contractor.org_id, colleague.access_token);
    let refusal = post(&colleague, &format!("devices/{}/revoke", device.id), json!({})).await.unwrap_err();
    assert_eq!(refusal.error.code, ErrorCode::NotFound);
    let seen: satchel_protocol::wire::auth::Devices = get(&colleague, "devices").await.unwrap();
    assert!(seen.devices.is_empty());
    assert!(phone.client.status().borrow().ended.is_none());

    // What makes no sense.
    let drop_table = "devices/%27%3B%20drop%20table%20satchel.device%3B--/revoke";
    for path in
        ["devices/1/revoke", "sessions/x/revoke", "users/%00/revoke", "api-keys/%F0%9F%94%A7/revoke", drop_table]
    {
        let refusal = post(&office.owner, path, json!({})).await.unwrap_err();
        assert_eq!(refusal.error.code, ErrorCode::BadRequest, "{path}");
    }
    for query in ["devices?limit=0", "devices?limit=201", "devices?limit=x", "api-keys?after=x"] {
        let refusal = get::<serde_json::Value>(&office.owner, query).await.unwrap_err();
        assert_eq!(refusal.error.code, ErrorCode::BadRequest, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sessions() {
    let office = Office::open().await;
    let server = &office.field.server;
    let org_id = office.field.contractor.org_id;
    let user = email(office.field.contractor.technicians[0].caller);
    let (here, there) =
        (sign_in(server, &user, PASSWORD).await.unwrap(), sign_in(server, &user, PASSWORD).await.unwrap());
    let client = server.client_with_token(org_id, here.access_token.clone());
    let change = |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
    let long = "x".repeat(2_000);
    for (current, new) in [(PASSWORD, "short"), (PASSWORD, &long), ("", "long enough"), (&long, "long enough")] {
        let refusal = post(&client, "password", change(current, new)).await.unwrap_err();
        assert_eq!(refusal.error.code, ErrorCode::BadRequest);
    }
    let refusal = post(&client, "password", change("guess", "another long one")).await.unwrap_err();
    assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("wrong_password")));
    post(&client, "password", change(PASSWORD, "another long one")).await.unwrap();

    let replica = Replica::new(&REGISTRY, org_id);
    client.pull(&replica.request()).await.unwrap();
    let other = server.client_with_token(org_id, there.access_token);
    let refusal = other.pull(&replica.request()).await.unwrap_err();
    assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("session_revoked")));
    refresh(server, &here.refresh_token).await.unwrap();
    assert_eq!(sign_in(server, &user, PASSWORD).await.err().unwrap().status, 401);
    sign_in(server, &user, "another long one").await.unwrap();
    // A session that has ended changes nothing.
    let refusal = post(&other, "password", change("another long one", "a third long one")).await.unwrap_err();
    assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("session_revoked")));
    sign_in(server, &user, "another long one").await.unwrap();
}
