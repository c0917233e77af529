//! Guessing passwords becomes slow, everywhere and for whoever guesses, and never keeps the owner out where he is known.

use std::net::IpAddr;

use satchel_domain::REGISTRY;
use satchel_protocol::{ErrorCode, wire::auth::Session};
use satchel_server::{
    auth::{ACCOUNT_ATTEMPTS, Auth, PAUSE_FIRST_S, PAUSE_MAX_S, PLACE_ATTEMPTS, Secrets, UNKNOWN_TOKENS},
    http::FORWARDED_HEADER,
};
use satchel_tests::{
    phone::PASSWORD,
    server::{Refused, TestServer, unhurried},
};
use serde_json::json;

use super::support::{Office, answer, email};

/// Signs in from an address of this machine.
async fn sign_in_from(server: &TestServer, place: u8, email: &str, password: &str) -> Result<Session, Refused> {
    let http = reqwest::Client::builder().local_address(IpAddr::from([127, 0, 0, place])).build().unwrap();
    let request = http.post(format!("{}/api/v1/auth/sign-in", server.url()));
    answer(request.json(&json!({ "email": email, "password": password }))).await
}

async fn wait_s(server: &TestServer, place: u8, email: &str, password: &str) -> i32 {
    let refusal = sign_in_from(server, place, email, password).await.err().expect("a refusal");
    assert_eq!(refusal.error.code, ErrorCode::TooManyRequests);
    i32::try_from(refusal.error.details["retry_after_s"].as_i64().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_count_on_every_node_and_pauses_grow_up_to_a_limit() {
    let office = Office::open().await;
    let server = &office.field.server;
    let database = &office.field.contractor.database;
    let auth = Auth::new(database.clone(), Secrets::generate());
    let other = TestServer::with_auth(auth, database, &REGISTRY, unhurried()).await;
    let known = email(office.field.contractor.technicians[0].caller);
    for user in [known.as_str(), "nobody@nowhere.example"] {
        for _ in 0..PLACE_ATTEMPTS / 2 {
            for node in [server, &other] {
                assert_eq!(sign_in_from(node, 2, user, "guess").await.err().unwrap().status, 401);
            }
        }
        let mut pause_s = PAUSE_FIRST_S;
        for node in [server, &other, server, &other, server, &other, server] {
            let waited = wait_s(node, 2, user, PASSWORD).await;
            assert!((pause_s - 10..=pause_s).contains(&waited), "{user}: {waited} of {pause_s}");
            // As if the pause were over.
            office.run("update satchel.sign_in_guess set paused_until = now()").await;
            assert_eq!(sign_in_from(node, 2, user, "guess").await.err().unwrap().status, 401);
            pause_s = (pause_s * 2).min(PAUSE_MAX_S);
        }
        assert_eq!(pause_s, PAUSE_MAX_S);
    }
    // From elsewhere the account is still open, and others are not concerned.
    sign_in_from(server, 3, &known, PASSWORD).await.unwrap();
    sign_in_from(server, 2, &email(office.field.contractor.technicians[1].caller), PASSWORD).await.unwrap();
    // Addresses and networks are not stored in the clear.
    let stored = office.field.contractor.count(
        "select count(*) from satchel.sign_in_guess g where g::text like '%nowhere%' or g::text like '%127.0.0.2%'",
    );
    assert_eq!(stored.await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_of_guessers_cannot_keep_the_owner_out_where_he_is_known() {
    let office = Office::open().await;
    let server = &office.field.server;
    let user = email(office.field.contractor.technicians[0].caller);
    sign_in_from(server, 20, &user, PASSWORD).await.unwrap();
    let places = u8::try_from(ACCOUNT_ATTEMPTS / (PLACE_ATTEMPTS - 1) + 1).unwrap();
    let mut let_through = 0;
    for place in 100..100 + places {
        for _ in 0..PLACE_ATTEMPTS - 1 {
            let_through += i32::from(sign_in_from(server, place, &user, "guess").await.err().unwrap().status == 401);
        }
    }
    assert_eq!(let_through, ACCOUNT_ATTEMPTS);
    // A new place has to wait, even with the right password; the known one has not.
    wait_s(server, 30, &user, PASSWORD).await;
    sign_in_from(server, 20, &user, PASSWORD).await.unwrap();
    // Guessing there is slowed down like anywhere.
    for _ in 0..PLACE_ATTEMPTS {
        assert_eq!(sign_in_from(server, 20, &user, "guess").await.err().unwrap().status, 401);
    }
    wait_s(server, 20, &user, PASSWORD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_made_at_once_are_all_counted() {
    let office = Office::open().await;
    let user = email(office.field.contractor.technicians[0].caller);
    let server = &office.field.server;
    let tries = (0..PLACE_ATTEMPTS * 2).map(|_| sign_in_from(server, 40, &user, "guess"));
    let answers = futures_util::future::join_all(tries).await;
    let let_through = answers.iter().filter(|answer| answer.as_ref().err().unwrap().status == 401).count();
    assert_eq!(let_through, usize::try_from(PLACE_ATTEMPTS).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_in_an_address_is_an_address() {
    let office = Office::open().await;
    for address in
        ["' or 1=1 --", "x'; update satchel.app_user set active = false; --", "%", "_@example.com", "🔧@\u{202e}"]
    {
        let refusal = sign_in_from(&office.field.server, 50, address, PASSWORD).await.err().unwrap();
        assert_eq!(refusal.error.code, ErrorCode::Unauthorized, "{address}");
    }
    assert_eq!(office.field.contractor.count("select count(*) from satchel.app_user where not active").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_nobody_knows_are_refused_by_network_after_many() {
    let office = Office::open().await;
    let server = &office.field.server;
    let http = |place: u8| reqwest::Client::builder().local_address(IpAddr::from([127, 0, 0, place])).build().unwrap();
    let (knocking, neighbour) = (http(60), http(61));
    let refresh = async |http: &reqwest::Client, token: &str| {
        let request = http.post(format!("{}/api/v1/auth/refresh", server.url()));
        answer::<Session>(request.json(&json!({ "refresh_token": token }))).await
    };
    let session = sign_in_from(server, 60, &email(office.field.contractor.dispatcher), PASSWORD).await.unwrap();
    let session = refresh(&knocking, &session.refresh_token).await.unwrap();
    for _ in 0..UNKNOWN_TOKENS {
        assert_eq!(refresh(&knocking, "guess").await.err().unwrap().why().1, Some("unknown"));
    }
    for route in ["refresh", "sign-out"] {
        let request = knocking.post(format!("{}/api/v1/auth/{route}", server.url()));
        let refusal =
            answer::<serde_json::Value>(request.json(&json!({ "refresh_token": "guess" }))).await.unwrap_err();
        assert_eq!(refusal.error.code, ErrorCode::TooManyRequests, "{route}");
    }
    let key = format!("sk_{:032x}_{}", 7, "A".repeat(43));
    let pull = knocking.post(format!("{}/api/v1/sync/pull", server.url())).bearer_auth(key);
    let pull = pull.header("x-org-id", office.field.contractor.org_id.to_string()).json(&json!({ "protocol": 1 }));
    assert_eq!(answer::<serde_json::Value>(pull).await.unwrap_err().error.code, ErrorCode::TooManyRequests);
    refresh(&neighbour, &session.refresh_token).await.unwrap();
}

/// Signs in from an address of this machine, with a header that names others.
async fn sign_in_through(server: &TestServer, place: u8, forwarded: &str, email: &str) -> u16 {
    let http = reqwest::Client::builder().local_address(IpAddr::from([127, 0, 0, place])).build().unwrap();
    let request = http.post(format!("{}/api/v1/auth/sign-in", server.url())).header(FORWARDED_HEADER, forwarded);
    let request = request.json(&json!({ "email": email, "password": "guess" }));
    answer::<Session>(request).await.err().expect("a refusal").status
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_everybody_counts_by_himself_and_nobody_can_pretend() {
    let office = Office::open().await;
    let database = &office.field.contractor.database;
    let behind = TestServer::behind(&["127.0.0.70"], database, &REGISTRY).await;
    let [first, second, third] = [
        &office.field.contractor.technicians[0].caller,
        &office.field.contractor.technicians[1].caller,
        &office.field.contractor.dispatcher,
    ]
    .map(|caller| email(*caller));

    // Through the proxy, a guesser who writes another address of his own into the header each time.
    for attempt in 0..PLACE_ATTEMPTS {
        let forwarded = format!("203.0.113.{attempt}, 198.51.100.1");
        assert_eq!(sign_in_through(&behind, 70, &forwarded, &first).await, 401);
    }
    assert_eq!(sign_in_through(&behind, 70, "203.0.113.99, 198.51.100.1", &first).await, 429);
    // Somebody else behind the same proxy is not slowed down by that.
    assert_eq!(sign_in_through(&behind, 70, "198.51.100.2", &first).await, 401);

    // Whoever is no proxy is not believed: not where proxies are trusted, and not where none is.
    for (server, account) in [(&behind, &second), (&office.field.server, &third)] {
        for attempt in 0..PLACE_ATTEMPTS {
            assert_eq!(sign_in_through(server, 71, &format!("203.0.113.{attempt}"), account).await, 401);
        }
        assert_eq!(sign_in_through(server, 71, "203.0.113.99", account).await, 429);
    }
}
