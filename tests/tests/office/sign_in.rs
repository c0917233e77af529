//! Signing in, staying signed in and signing out, over HTTP.

use std::{collections::HashSet, time::Duration};

use reqwest::StatusCode;
use satchel_domain::REGISTRY;
use satchel_protocol::{ErrorCode, wire::auth::Session};
use satchel_server::{
    auth::{Auth, PLACE_ATTEMPTS, Secrets, password::Cost},
    database::{Caller, Database, PoolLimits},
    seed::{SeedOptions, Seeded, SeededUser, seed, today},
};
use satchel_tests::{
    database,
    postgres::TestDatabase,
    server::{Refused, TestServer, refused, unhurried},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Headers of a call.
type Headers<'a> = &'a [(&'a str, &'a str)];

/// Two organizations with their people, behind a server.
struct Door {
    postgres: TestDatabase,
    seeded: Seeded,
    server: TestServer,
}

impl Door {
    async fn open() -> Self {
        let postgres = database::fresh().await;
        let options = SeedOptions {
            technicians: 1,
            jobs_per_technician: 0,
            pricebook_items: 0,
            password_cost: Cost::Minimal,
            ..SeedOptions::small(today())
        };
        let seeded = seed(&postgres.options(), &options).await.unwrap();
        let database = Database::connect(database::as_service(&postgres), PoolLimits::default()).await.unwrap();
        let server = TestServer::start(&database, &REGISTRY, unhurried()).await;
        Self { postgres, seeded, server }
    }

    fn user(&self, role: &str) -> &SeededUser {
        self.seeded.organizations[0].user(role).unwrap()
    }

    async fn post(&self, route: &str, body: impl Into<reqwest::Body>) -> Result<Option<Session>, Refused> {
        let url = format!("{}/api/v1/auth/{route}", self.server.url());
        let response = reqwest::Client::new().post(url).body(body).send().await.unwrap();
        let status = response.status();
        let may_be_kept = response.headers().get("cache-control").is_none_or(|value| value != "no-store");
        let body = response.bytes().await.unwrap();
        match status {
            StatusCode::NO_CONTENT => Ok(None),
            StatusCode::OK => {
                assert!(!may_be_kept);
                Ok(Some(serde_json::from_slice(&body).unwrap()))
            }
            _ => Err(refused(status.as_u16(), &body)),
        }
    }

    async fn sign_in(&self, email: &str, password: &str) -> Result<Session, Refused> {
        let body = json!({ "email": email, "password": password });
        self.post("sign-in", body.to_string()).await.map(Option::unwrap)
    }

    async fn dispatcher(&self) -> Session {
        let user = self.user("dispatcher");
        self.sign_in(&user.email, &user.password).await.unwrap()
    }

    async fn refresh(&self, token: &str) -> Result<Session, Refused> {
        self.post("refresh", json!({ "refresh_token": token }).to_string()).await.map(Option::unwrap)
    }

    async fn sign_out(&self, token: &str) {
        let answer = self.post("sign-out", json!({ "refresh_token": token }).to_string()).await.unwrap();
        assert!(answer.is_none());
    }

    /// The answer to a call of a procedure that does not exist: NOT_FOUND for whoever got past the door.
    async fn call(&self, headers: Headers<'_>) -> Refused {
        let address = format!("{}/api/v1/rpc/none/v1/none", self.server.url());
        let request = reqwest::Client::new().post(address).header("content-type", "application/json");
        let mut request = request.body("{}");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        refused(status, &response.bytes().await.unwrap())
    }

    async fn run(&self, statement: &'static str) {
        sqlx::raw_sql(statement).execute(&mut self.postgres.connect().await).await.unwrap();
    }
}

#[tokio::test]
async fn the_right_password_opens_the_organizations_of_the_user() {
    let door = Door::open().await;
    let (dispatcher, technician) = (door.user("dispatcher"), door.user("technician"));
    let session = door.sign_in(&format!("  {} ", dispatcher.email.to_uppercase()), &dispatcher.password).await.unwrap();
    assert_eq!(session.user_id, dispatcher.user_id);
    assert_eq!(session.memberships.len(), 1);
    assert_eq!(session.memberships[0].org_id, door.seeded.organizations[0].org_id);
    assert_eq!(session.memberships[0].roles, ["dispatcher"]);
    let session = door.sign_in(&technician.email, &technician.password).await.unwrap();
    assert_eq!(session.memberships[0].technician_id, technician.technician_id);
    assert!(technician.technician_id.is_some());

    let bearer = format!("Bearer {}", session.access_token);
    let org_id = session.memberships[0].org_id.to_string();
    let inside = door.call(&[("authorization", &bearer), ("x-org-id", &org_id)]).await;
    assert_eq!(inside.error.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn nothing_tells_a_wrong_password_from_an_unknown_address() {
    let door = Door::open().await;
    let user = door.user("dispatcher").clone();
    door.run("update satchel.app_user set active = false where email like 'owner@%'").await;
    door.run("update satchel.app_user set password_hash = null where email like 'billing@%'").await;
    let mut answers = HashSet::new();
    for (email, password) in [
        (user.email.as_str(), "wrong"),
        ("nobody@nowhere.example", user.password.as_str()),
        (&door.user("owner").email, &user.password),
        (&door.user("billing").email, &user.password),
    ] {
        let refusal = door.sign_in(email, password).await.err().unwrap();
        assert_eq!(refusal.status, 401);
        answers.insert((refusal.error.message, refusal.error.details.to_string()));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_a_sentence() {
    let door = Door::open().await;
    for route in ["sign-in", "refresh", "sign-out"] {
        for body in ["", "{", "[]", "null", r#"{"email": 1}"#, r#"{"refresh_token": []}"#, "\u{0}"] {
            let refusal = door.post(route, body).await.err().unwrap();
            assert_eq!(refusal.error.code, ErrorCode::BadRequest, "{route} {body:?}");
        }
        let refusal = door.post(route, vec![b' '; 20_000]).await.err().unwrap();
        assert_eq!(refusal.error.code, ErrorCode::PayloadTooLarge, "{route}");
    }
    let long = "x".repeat(2_000);
    for (email, password) in
        [("", "x"), (" ", "x"), ("a@b.example", ""), (&long, "x"), ("a@b.example", &long), ("a\0b", "x")]
    {
        let refusal = door.sign_in(email, password).await.err().unwrap();
        assert_eq!(refusal.error.code, ErrorCode::BadRequest);
        assert!(!refusal.error.message.contains(&long));
    }
}

#[tokio::test]
async fn guessing_is_slowed_down_for_one_address_and_nobody_else() {
    let door = Door::open().await;
    let user = door.user("dispatcher").clone();
    for _ in 0..PLACE_ATTEMPTS {
        assert_eq!(door.sign_in(&user.email, "guess").await.err().unwrap().status, 401);
    }
    for password in ["guess", &user.password] {
        let refusal = door.sign_in(&user.email, password).await.err().unwrap();
        assert_eq!(refusal.error.code, ErrorCode::TooManyRequests);
        assert!(refusal.error.details["retry_after_s"].as_u64().unwrap() > 0);
    }
    let other = door.user("owner");
    for _ in 0..PLACE_ATTEMPTS * 2 {
        door.sign_in(&other.email, &other.password).await.unwrap();
    }
}

#[tokio::test]
async fn a_call_says_who_and_where() {
    let door = Door::open().await;
    let session = door.dispatcher().await;
    let bearer = format!("Bearer {}", session.access_token);
    let org_id = door.seeded.organizations[0].org_id.to_string();
    let cases: &[(Headers<'_>, ErrorCode, &str)] = &[
        (&[("x-org-id", &org_id)], ErrorCode::Unauthorized, "Authorization: Bearer"),
        (&[("authorization", "Basic x"), ("x-org-id", &org_id)], ErrorCode::Unauthorized, "Authorization: Bearer"),
        (&[("authorization", "Bearer x"), ("x-org-id", &org_id)], ErrorCode::Unauthorized, "not valid"),
        (&[("authorization", &bearer)], ErrorCode::BadRequest, "X-Org-Id"),
        (&[("authorization", &bearer), ("x-org-id", "acme")], ErrorCode::BadRequest, "X-Org-Id"),
        (&[("authorization", &bearer), ("x-org-id", &org_id)], ErrorCode::NotFound, "procedure"),
    ];
    for (headers, code, part) in cases {
        let refusal = door.call(headers).await;
        assert_eq!(refusal.error.code, *code, "{headers:?}");
        assert!(refusal.error.message.contains(part), "{}", refusal.error.message);
    }
}

#[tokio::test]
async fn expired_and_foreign_tokens_are_told_apart() {
    let door = Door::open().await;
    let user_id = door.user("dispatcher").user_id;
    let org_id = door.seeded.organizations[0].org_id.to_string();
    let old = door.server.token(user_id, Duration::from_secs(3_600));
    let database = door.server.state().database.clone();
    let elsewhere = Auth::new(database, Secrets::generate());
    let foreign = elsewhere.access_token(user_id, None, jiff::Timestamp::now()).unwrap();
    let refresh = door.dispatcher().await.refresh_token;
    for (token, reason) in [(old, "expired"), (foreign, "invalid"), (refresh, "invalid")] {
        let refusal = door.call(&[("authorization", &format!("Bearer {token}")), ("x-org-id", &org_id)]).await;
        assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some(reason)));
    }
}

#[tokio::test]
async fn another_organization_is_forbidden() {
    let door = Door::open().await;
    let user_id = door.user("dispatcher").user_id;
    for org_id in [door.seeded.organizations[1].org_id, Uuid::now_v7()] {
        let client = door.server.client(Caller::trusted(org_id, user_id));
        let refusal = client.pull(&serde_json::from_value(json!({ "protocol": 1 })).unwrap()).await.unwrap_err();
        assert_eq!(refusal.error.code, ErrorCode::Forbidden);
    }
}

#[tokio::test]
async fn a_refresh_token_works_again_until_its_successor_was_used() {
    let door = Door::open().await;
    let first = door.dispatcher().await;
    let second = door.refresh(&first.refresh_token).await.unwrap();
    // The answer was lost: the client asks again, even from two threads at once.
    let (third, fourth) = tokio::join!(door.refresh(&first.refresh_token), door.refresh(&first.refresh_token));
    let (third, fourth) = (third.unwrap(), fourth.unwrap());
    let tokens: HashSet<&str> = [&first, &second, &third, &fourth].map(|session| session.refresh_token.as_str()).into();
    assert_eq!(tokens.len(), 4);
    let fifth = door.refresh(&fourth.refresh_token).await.unwrap();
    assert_eq!(fifth.user_id, first.user_id);
    assert_eq!(fifth.memberships, first.memberships);

    // Now the first one is in other hands, or the fifth is.
    let refusal = door.refresh(&first.refresh_token).await.err().unwrap();
    assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("reused")));
    for token in [&fifth.refresh_token, &fourth.refresh_token, &first.refresh_token] {
        let refusal = door.refresh(token).await.err().unwrap();
        assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("session_revoked")));
    }
    // Another sign-in of the same user is another session.
    let other = door.dispatcher().await;
    door.refresh(&other.refresh_token).await.unwrap();
}

#[tokio::test]
async fn signing_out_ends_one_session_and_may_be_repeated() {
    let door = Door::open().await;
    let (phone, tablet) = (door.dispatcher().await, door.dispatcher().await);
    door.sign_out(&phone.refresh_token).await;
    door.sign_out(&phone.refresh_token).await;
    door.sign_out("never heard of").await;
    let refusal = door.refresh(&phone.refresh_token).await.err().unwrap();
    assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("session_revoked")));
    door.refresh(&tablet.refresh_token).await.unwrap();
}

#[tokio::test]
async fn a_session_ends_with_its_time_and_with_its_user() {
    let door = Door::open().await;
    let (forgotten, dismissed) = (door.dispatcher().await, door.dispatcher().await);
    door.run("update satchel.refresh_family set expires_at = now() - interval '1 second'").await;
    let refusal = door.refresh(&forgotten.refresh_token).await.err().unwrap();
    assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("expired")));
    door.run("update satchel.refresh_family set expires_at = now() + interval '1 day'").await;
    door.run("update satchel.app_user set active = false where email like 'dispatcher@%'").await;
    let refusal = door.refresh(&dismissed.refresh_token).await.err().unwrap();
    assert_eq!(refusal.why(), (ErrorCode::Forbidden, Some("membership_ended")));
    let refusal = door.refresh("AAAA").await.err().unwrap();
    assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("unknown")));
}

#[tokio::test]
async fn neither_passwords_nor_tokens_are_stored() {
    let door = Door::open().await;
    let session = door.dispatcher().await;
    door.refresh(&session.refresh_token).await.unwrap();
    let mut connection = door.postgres.connect().await;
    let stored: Vec<Value> = sqlx::query_scalar(
        "select to_jsonb(u) from satchel.app_user u union all select to_jsonb(t) from satchel.refresh_token t
         union all select to_jsonb(f) from satchel.refresh_family f",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let stored = Value::from(stored).to_string();
    assert!(stored.contains("$argon2id$"));
    let token = session.refresh_token.as_str();
    let raw: String = {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        URL_SAFE_NO_PAD.decode(token).unwrap().iter().map(|byte| format!("{byte:02x}")).collect()
    };
    for secret in [door.user("dispatcher").password.as_str(), token, &raw, &session.access_token] {
        assert!(!stored.contains(secret));
    }
}

#[tokio::test]
async fn sessions_whose_time_is_over_are_forgotten() {
    let door = Door::open().await;
    let (kept, _) = (door.dispatcher().await, door.dispatcher().await);
    door.run(
        "update satchel.refresh_family set expires_at = now() - interval '1 second'
         where id = (select id from satchel.refresh_family order by id desc limit 1)",
    )
    .await;
    assert_eq!(door.server.state().auth.forget_expired().await.unwrap(), 1);
    door.refresh(&kept.refresh_token).await.unwrap();
}
