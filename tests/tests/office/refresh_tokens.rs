//! Rotation of refresh tokens, and the other functions of sign-in, as the login role calls them.

use satchel_tests::tenants::{service, two_tenants};
use sqlx::PgConnection;
use uuid::Uuid;

async fn user(connection: &mut PgConnection, name: &str) -> Uuid {
    sqlx::query_scalar("select public.id($1)").bind(name).fetch_one(connection).await.unwrap()
}

async fn store(connection: &mut PgConnection, token: &str) {
    let owner = user(connection, "a/user/technician").await;
    sqlx::query("select satchel.store_refresh($1, gen_random_uuid(), sha256($2::bytea), now() + interval '7 days')")
        .bind(owner)
        .bind(token.as_bytes())
        .execute(connection)
        .await
        .unwrap();
}

async fn rotate(connection: &mut PgConnection, token: &str, successor: &str) -> String {
    sqlx::query_scalar("select outcome from satchel.rotate_refresh(sha256($1), sha256($2), now() + interval '7 days')")
        .bind(token.as_bytes())
        .bind(successor.as_bytes())
        .fetch_one(connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_token_works_until_its_successor_was_used_and_a_copy_ends_it_all() {
    let database = two_tenants().await;
    let mut connection = service(&database).await;
    store(&mut connection, "1").await;
    for (token, successor, outcome) in [
        ("0", "x", "unknown"),
        ("1", "2", "rotated"),
        ("1", "2b", "rotated"), // The answer was lost; the phone asks again.
        ("2b", "3", "rotated"),
        ("2b", "3b", "rotated"),
        ("3", "4", "rotated"),
        // The sibling of a used token never reached its owner: whoever shows it now took it on the way.
        ("2", "5", "reused"),
        ("4", "5", "revoked"),
        ("3", "5", "revoked"),
    ] {
        assert_eq!(rotate(&mut connection, token, successor).await, outcome, "{token} for {successor}");
    }
}

#[tokio::test]
async fn sign_out_expiry_and_dismissal_end_a_family() {
    let database = two_tenants().await;
    let mut connection = service(&database).await;
    let mut admin = database.connect().await;
    store(&mut connection, "out").await;
    let revoke = "select satchel.revoke_refresh(sha256($1))";
    let known: bool = sqlx::query_scalar(revoke).bind(b"out".as_slice()).fetch_one(&mut connection).await.unwrap();
    let unknown: bool = sqlx::query_scalar(revoke).bind(b"?".as_slice()).fetch_one(&mut connection).await.unwrap();
    assert!(known && !unknown);
    assert_eq!(rotate(&mut connection, "out", "x").await, "revoked");

    store(&mut connection, "late").await;
    sqlx::raw_sql("update satchel.refresh_family set expires_at = now() where revoked_at is null")
        .execute(&mut admin)
        .await
        .unwrap();
    assert_eq!(rotate(&mut connection, "late", "x").await, "expired");
    let forgotten: i64 = sqlx::query_scalar("select satchel.forget_refresh(now() + interval '1 second')")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(forgotten, 1);
    assert_eq!(rotate(&mut connection, "late", "x").await, "unknown");

    store(&mut connection, "dismissed").await;
    sqlx::raw_sql("update satchel.app_user set active = false").execute(&mut admin).await.unwrap();
    assert_eq!(rotate(&mut connection, "dismissed", "x").await, "revoked");
}

#[tokio::test]
async fn two_refreshes_at_once_take_turns() {
    let database = two_tenants().await;
    let mut connection = service(&database).await;
    store(&mut connection, "1").await;
    let mut tries = Vec::new();
    for n in 0..8 {
        let mut connection = service(&database).await;
        tries.push(tokio::spawn(async move { rotate(&mut connection, "1", &format!("2/{n}")).await }));
    }
    for attempt in tries {
        assert_eq!(attempt.await.unwrap(), "rotated");
    }
    assert_eq!(rotate(&mut connection, "2/3", "3").await, "rotated");
    assert_eq!(rotate(&mut connection, "1", "x").await, "reused");
}

#[tokio::test]
async fn credentials_ignore_case_and_memberships_are_the_active_ones() {
    let database = two_tenants().await;
    let mut connection = service(&database).await;
    let found: Vec<Uuid> = sqlx::query_scalar("select user_id from satchel.credentials(' Technician@A.example ')")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let technician = user(&mut connection, "a/user/technician").await;
    assert_eq!(found, [technician]);
    let memberships = "select org_name, roles, technician_id is not null from satchel.memberships(public.id($1))";
    let of_technician: Vec<(String, Vec<String>, bool)> =
        sqlx::query_as(memberships).bind("a/user/technician").fetch_all(&mut connection).await.unwrap();
    assert_eq!(of_technician, [("a".to_owned(), vec!["technician".to_owned()], true)]);
    for nobody in ["a/user/dismissed", "a/user/stranger"] {
        let none = sqlx::query(memberships).bind(nobody).fetch_all(&mut connection).await.unwrap();
        assert!(none.is_empty(), "{nobody}");
    }
}
