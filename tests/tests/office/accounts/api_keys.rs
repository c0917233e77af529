//! Keys for machines: bound to one organization and one role, and worth nothing once revoked, expired or altered.

use reqwest::{Method, RequestBuilder};
use satchel_domain::{REGISTRY, mutations::UpdateJob, tables::VisitState};
use satchel_protocol::{
    ErrorCode, Mutation,
    wire::{
        ServerMessage,
        auth::{ApiKeys, CreatedApiKey},
    },
};
use satchel_server::auth::KEYS_MAX;
use satchel_tests::{
    replica::Replica,
    server::{Client, Refused},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::support::{Office, answer, get, post};

async fn create(client: &Client, body: Value) -> Result<CreatedApiKey, Refused> {
    post(client, "api-keys", body).await.map(|created| serde_json::from_value(created).unwrap())
}

fn retitle(client: &Client, job_id: Uuid, title: &str) -> RequestBuilder {
    client
        .request(Method::POST, &format!("/api/v1/rpc/{}", UpdateJob::NAME))
        .json(&json!({ "job_id": job_id, "title": title }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_acts_in_its_organization_with_its_role_until_it_is_revoked() {
    let office = Office::open().await;
    let org_id = office.field.contractor.org_id;
    let server = &office.field.server;
    let work = office.field.contractor.work(VisitState::Dispatched, &[]).await;
    let created = create(&office.owner, json!({ "name": "Phone assistant" })).await.unwrap();
    assert!(created.secret.starts_with(&format!("sk_{}_", created.id.simple())));
    let machine = server.client_with_token(org_id, created.secret.clone());
    let key = Uuid::now_v7();
    for _ in 0..2 {
        let call = retitle(&machine, work.job_id.uuid(), "By machine").header("idempotency-key", key.to_string());
        answer::<Value>(call).await.unwrap();
    }
    let refusal = answer::<Value>(retitle(&machine, work.job_id.uuid(), "Twice")).await.unwrap_err();
    assert_eq!(refusal.error.code, ErrorCode::BadRequest, "never without a key of idempotency");
    let replica = Replica::new(&REGISTRY, org_id);
    machine.pull(&replica.request()).await.unwrap();
    let mut socket = machine.socket(&replica.request()).await.unwrap();
    socket.delta().await;
    let somebody = office.field.contractor.technicians[0].caller.user_id;
    let refusal = post(&machine, &format!("users/{somebody}/revoke"), json!({})).await.unwrap_err();
    assert_eq!(refusal.why(), (ErrorCode::Forbidden, Some("account.forbidden")));
    let password = json!({ "current_password": "guess", "new_password": "a new password" });
    assert_eq!(post(&machine, "password", password).await.unwrap_err().status, 401);

    let listed: ApiKeys = get(&office.owner, "api-keys").await.unwrap();
    assert_eq!((listed.api_keys.len(), listed.next), (1, None));
    assert_eq!(
        (listed.api_keys[0].name.as_str(), listed.api_keys[0].role.as_str()),
        ("Phone assistant", "delegated_agent")
    );
    assert_eq!(listed.api_keys[0].revoked_at, None);

    post(&office.owner, &format!("api-keys/{}/revoke", created.id), json!({})).await.unwrap();
    let Some(ServerMessage::Error(error)) = socket.answer().await else { panic!("an error was due") };
    assert_eq!(
        (error.error.code, error.error.details["reason"].as_str()),
        (ErrorCode::Unauthorized, Some("key_revoked"))
    );
    for _ in 0..2 {
        let refusal = machine.pull(&replica.request()).await.unwrap_err();
        assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("key_revoked")));
    }
    // Revoking twice is no error; a key of nobody is.
    post(&office.owner, &format!("api-keys/{}/revoke", created.id), json!({})).await.unwrap();
    let refusal = post(&office.owner, &format!("api-keys/{}/revoke", Uuid::now_v7()), json!({})).await.unwrap_err();
    assert_eq!(refusal.error.code, ErrorCode::NotFound);
    assert_eq!(office.field.contractor.count("select count(*) from satchel.account_event").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_altered_expired_or_used_elsewhere_opens_nothing() {
    let office = Office::open().await;
    let org_id = office.field.contractor.org_id;
    let server = &office.field.server;
    let first = create(&office.owner, json!({ "name": "One", "role": "dispatcher" })).await.unwrap();
    let second = create(&office.owner, json!({ "name": "Two", "expires_in_days": 1 })).await.unwrap();
    let replica = Replica::new(&REGISTRY, org_id);
    let pull = async |org_id: Uuid, token: &str| {
        server.client_with_token(org_id, token.to_owned()).pull(&replica.request()).await.map(drop)
    };
    pull(org_id, &first.secret).await.unwrap();
    let (id_and_prefix, secret) = first.secret.split_at(36);
    let flipped: String = secret.chars().rev().collect();
    let forged = [
        format!("{id_and_prefix}{flipped}"),
        format!("sk_{}_{secret}", second.id.simple()),
        format!("sk_{}_{secret}", Uuid::now_v7().simple()),
        format!("sk_{}", first.id.simple()),
        "sk_' or 1=1 --".to_owned(),
        "sk_".to_owned(),
        first.secret.to_uppercase().replace("SK_", "sk_"),
        format!("{}x", first.secret),
        "sk_".to_owned() + &"0".repeat(8_000),
    ];
    for token in forged {
        let refusal = pull(org_id, &token).await.unwrap_err();
        assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("invalid")), "{token}");
        assert!(!refusal.error.message.contains(secret));
    }
    let refusal = pull(Uuid::now_v7(), &first.secret).await.unwrap_err();
    assert_eq!(refusal.error.code, ErrorCode::Forbidden);

    pull(org_id, &second.secret).await.unwrap();
    office.run("update satchel.api_key set expires_at = now() - interval '1 second' where expires_at < now() + interval '2 days'").await;
    let refusal = pull(org_id, &second.secret).await.unwrap_err();
    assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("key_expired")));
    pull(org_id, &first.secret).await.unwrap();

    // What is stored does not open anything.
    let stored: String = sqlx::query_scalar("select string_agg(k::text, ' ') from satchel.api_key k")
        .fetch_one(&office.field.contractor.admin)
        .await
        .unwrap();
    assert!(stored.contains("$argon2id$") && !stored.contains(secret));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_made_by_those_who_manage_and_within_bounds() {
    let office = Office::open().await;
    let forbidden = (ErrorCode::Forbidden, Some("account.forbidden"));
    for role in ["dispatcher", "auditor", "technician", "billing"] {
        let member = office.member(role).await;
        assert_eq!(create(&member, json!({ "name": "Mine" })).await.err().unwrap().why(), forbidden, "{role}");
        let listed: ApiKeys = get(&member, "api-keys").await.unwrap();
        assert!(listed.api_keys.is_empty());
    }
    let manager = office.member("operations_manager").await;
    let key = create(&manager, json!({ "name": "A dispatcher", "role": "dispatcher" })).await.unwrap();
    let managing = json!({ "name": "Like me", "role": "operations_manager" });
    assert_eq!(create(&manager, managing.clone()).await.err().unwrap().why(), forbidden);
    let managing = create(&office.owner, managing).await.unwrap();
    // A key that manages makes no further ones that do, and cannot outlive its own revocation that way.
    let client = office.field.server.client_with_token(office.field.contractor.org_id, managing.secret);
    let refusal = create(&client, json!({ "name": "x", "role": "operations_manager" })).await.err().unwrap();
    assert_eq!(refusal.why(), forbidden);

    let wrong = [
        json!({}),
        json!([]),
        json!({ "name": "" }),
        json!({ "name": "  " }),
        json!({ "name": "a\u{0}b" }),
        json!({ "name": "x".repeat(101) }),
        json!({ "name": 7 }),
        json!({ "name": "x", "role": "owner" }),
        json!({ "name": "x", "role": "technician" }),
        json!({ "name": "x", "role": "'; drop table satchel.api_key; --" }),
        json!({ "name": "x", "expires_in_days": 0 }),
        json!({ "name": "x", "expires_in_days": 731 }),
        json!({ "name": "x", "expires_in_days": -1 }),
        json!({ "name": "x", "expires_in_days": 4_294_967_296_u64 }),
    ];
    for body in wrong {
        assert_eq!(
            create(&office.owner, body.clone()).await.err().unwrap().error.code,
            ErrorCode::BadRequest,
            "{body}"
        );
    }
    let refusal = create(&office.owner, json!({ "name": "x".repeat(20_000) })).await.err().unwrap();
    assert_eq!(refusal.error.code, ErrorCode::PayloadTooLarge);
    // Emoji and right-to-left are names like any other.
    create(&office.owner, json!({ "name": "מפתח 🔧" })).await.unwrap();

    // Another organization's managers see none of it.
    let listed: ApiKeys = get(&office.owner, "api-keys?limit=1").await.unwrap();
    assert_eq!(listed.next, Some(key.id));
    let rest: ApiKeys = get(&office.owner, &format!("api-keys?after={}", key.id)).await.unwrap();
    assert_eq!((rest.api_keys.len(), rest.next), (2, None));

    sqlx::query(
        "insert into satchel.api_key (org_id, id, user_id, secret_hash, created_by, expires_at)
         select org_id, gen_random_uuid(), user_id, '', user_id, now() + interval '1 day'
         from satchel.api_key, generate_series(1, $1) where id = $2",
    )
    .bind(KEYS_MAX)
    .bind(key.id)
    .execute(&office.field.contractor.admin)
    .await
    .unwrap();
    let refusal = create(&office.owner, json!({ "name": "One too many" })).await.err().unwrap();
    assert_eq!(refusal.why(), (ErrorCode::Conflict, Some("api_key.too_many")));
}
