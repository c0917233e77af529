//! The door to the database keeps its promises.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;

use satchel_server::{
    cluster::ClusterOptions,
    database::{Caller, Database, DatabaseError, Ended, Lane, PoolLimits},
    migrate::{self, MigrateError},
};
use satchel_tests::{
    database::{as_service, fresh, fresh_in},
    postgres::{TestDatabase, TestPostgres},
};
use uuid::Uuid;

const ORGANIZATION: Uuid = Uuid::from_u128(0xa);
const DISPATCHER: Uuid = Uuid::from_u128(0xd);
const TECHNICIAN: Uuid = Uuid::from_u128(0xe);
const STRANGER: Uuid = Uuid::from_u128(0xf);

const PEOPLE: &str = "insert into satchel.organization (org_id, id, name, currency)
     select id, id, 'Ohm & Sons', 'USD' from (values ('00000000-0000-0000-0000-00000000000a'::uuid)) new (id);
     insert into satchel.app_user (id, email, name)
     select format('00000000-0000-0000-0000-00000000000%s', digit)::uuid, digit || '@example.com', digit
     from unnest('{d,e,f}'::text[]) digit;
     insert into satchel.membership (org_id, user_id, roles) values
         ('00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000d', '{dispatcher}'),
         ('00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000e', '{technician}');";

async fn with_people() -> (TestDatabase, Database) {
    let database = fresh().await;
    sqlx::raw_sql(PEOPLE).execute(&mut database.connect().await).await.unwrap();
    let service = Database::connect(as_service(&database), PoolLimits::default()).await.unwrap();
    (database, service)
}

fn caller(user_id: Uuid) -> Caller {
    Caller::trusted(ORGANIZATION, user_id)
}

#[tokio::test]
async fn a_member_enters_by_the_lane_of_its_roles_and_leaves_nothing_behind() {
    let (_database, service) = with_people().await;
    for (user, lane, role) in [(DISPATCHER, Lane::Office, "satchel_office"), (TECHNICIAN, Lane::Field, "satchel_field")]
    {
        let mut entered = service.begin_write(&caller(user)).await.unwrap();
        assert_eq!(entered.member.lane, lane);
        assert_eq!(entered.member.technician_id, None);
        let (current, isolation): (String, String) =
            sqlx::query_as("select current_user::text, current_setting('transaction_isolation')")
                .fetch_one(&mut *entered.tx)
                .await
                .unwrap();
        assert_eq!((current.as_str(), isolation.as_str()), (role, "read committed"));
        entered.tx.commit().await.unwrap();
    }
    let mut entered = service.begin_read(&caller(TECHNICIAN)).await.unwrap();
    let mode: (String, String) =
        sqlx::query_as("select current_setting('transaction_isolation'), current_setting('transaction_read_only')")
            .fetch_one(&mut *entered.tx)
            .await
            .unwrap();
    assert_eq!((mode.0.as_str(), mode.1.as_str()), ("repeatable read", "on"));
    drop(entered);
    let left: (String, String) = sqlx::query_as("select current_user::text, current_setting('satchel.org_id', true)")
        .fetch_one(service.service())
        .await
        .map(|(user, org): (String, Option<String>)| (user, org.unwrap_or_default()))
        .unwrap();
    assert_eq!((left.0.as_str(), left.1.as_str()), ("satchel_service", ""));
}

#[tokio::test]
async fn strangers_and_dismissed_members_stay_outside() {
    let (database, service) = with_people().await;
    let stranger = service.begin_write(&caller(STRANGER)).await;
    assert!(matches!(stranger, Err(DatabaseError::NotAMember)), "{stranger:?}");
    let elsewhere = service.begin_read(&Caller::trusted(Uuid::from_u128(0xb), DISPATCHER)).await;
    assert!(matches!(elsewhere, Err(DatabaseError::NotAMember)));
    for dismissal in ["update satchel.membership set active = false", "update satchel.app_user set active = false"] {
        let mut admin = database.connect().await;
        sqlx::raw_sql("update satchel.membership set active = true").execute(&mut admin).await.unwrap();
        assert!(service.begin_read(&caller(DISPATCHER)).await.is_ok());
        sqlx::raw_sql(dismissal).execute(&mut admin).await.unwrap();
        assert!(matches!(service.begin_read(&caller(DISPATCHER)).await, Err(DatabaseError::Ended(Ended::Membership))));
    }
}

#[tokio::test]
async fn the_fingerprint_follows_roles_branches_and_technician() {
    let (database, service) = with_people().await;
    let mut admin = database.connect().await;
    let mut seen = vec![service.begin_read(&caller(TECHNICIAN)).await.unwrap().member.fingerprint];
    for change in [
        "update satchel.membership set roles = '{technician,dispatcher}' where 'technician' = any (roles)",
        "insert into satchel.branch (org_id, id, name, zone)
         select id, id, 'North', 'UTC' from satchel.organization;
         update satchel.membership set branch_ids = array[org_id] where 'technician' = any (roles)",
        "insert into satchel.technician (org_id, id, branch_id, user_id, name, active)
         select org_id, user_id, org_id, user_id, 'Ada', true from satchel.membership where 'technician' = any (roles)",
        "update satchel.membership set roles = '{technician}', branch_ids = null where 'technician' = any (roles)",
    ] {
        sqlx::raw_sql(change).execute(&mut admin).await.unwrap();
        seen.push(service.begin_read(&caller(TECHNICIAN)).await.unwrap().member.fingerprint);
    }
    let again = service.begin_read(&caller(TECHNICIAN)).await.unwrap().member;
    assert_eq!(Some(&again.fingerprint), seen.last());
    assert_eq!(again.technician_id, Some(TECHNICIAN));
    sqlx::raw_sql("update satchel.technician set active = false").execute(&mut admin).await.unwrap();
    let inactive = service.begin_read(&caller(TECHNICIAN)).await.unwrap().member;
    assert_eq!((inactive.technician_id, Some(&inactive.fingerprint)), (None, seen.first()));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

#[tokio::test]
async fn a_role_that_sees_past_row_level_security_is_refused() {
    let database = fresh().await;
    let superuser = Database::connect(database.options(), PoolLimits::default()).await;
    assert!(matches!(superuser, Err(DatabaseError::UnsafeRole)), "{superuser:?}");
}

#[tokio::test]
async fn an_empty_database_is_refused_until_migrated() {
    let postgres = TestPostgres::shared();
    drop(fresh().await); // Makes the login role.
    let database = postgres.empty_database().await;
    let connect = || Database::connect(as_service(&database), PoolLimits::default());
    assert!(matches!(connect().await, Err(DatabaseError::NotMigrated { found: 0, .. })));
    let admin = database.options();
    let (first, second) = tokio::join!(migrate::migrate(&admin, None), migrate::migrate(&admin, Some("s")));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.version, migrate::newest());
    let applied: BTreeSet<i64> = first.applied.iter().chain(&second.applied).copied().collect();
    assert_eq!(applied.len(), first.applied.len() + second.applied.len(), "none was applied twice");
    assert_eq!(applied.last(), Some(&migrate::newest()));
    assert!(migrate::migrate(&database.options(), None).await.unwrap().applied.is_empty());
    connect().await.unwrap().ready().await.unwrap();
}

#[tokio::test]
async fn edited_and_unknown_migrations_and_weak_roles_are_typed_errors() {
    let database = fresh().await;
    let mut admin = database.connect().await;
    let weak = migrate::migrate(&as_service(&database), None).await;
    assert!(matches!(&weak, Err(MigrateError::NotAdmin { role }) if role == "satchel_service"), "{weak:?}");
    sqlx::raw_sql("update satchel.migration set checksum = '\\x00' where version = 3")
        .execute(&mut admin)
        .await
        .unwrap();
    let edited = migrate::migrate(&database.options(), None).await;
    assert!(matches!(edited, Err(MigrateError::Edited { version: 3 })), "{edited:?}");
    sqlx::raw_sql("update satchel.migration set version = 9999 where version = 3").execute(&mut admin).await.unwrap();
    let newer = migrate::migrate(&database.options(), None).await;
    assert!(matches!(newer, Err(MigrateError::Newer { version: 9999 })), "{newer:?}");
}

#[tokio::test]
async fn the_waker_learns_which_scopes_changed_and_nothing_else() {
    let (_database, service) = with_people().await;
    let mut tx = service.begin_waker().await.unwrap();
    let scopes: Vec<(Uuid, Uuid)> =
        sqlx::query_as("select * from satchel.feed_wake('0', '{}')").fetch_all(&mut *tx).await.unwrap();
    assert!(scopes.contains(&(ORGANIZATION, ORGANIZATION)), "{scopes:?}");
    let refused = sqlx::raw_sql("select * from satchel.organization").execute(&mut *tx).await;
    assert!(refused.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_down_restarted_or_a_standby_says_so() {
    let postgres = TestPostgres::private();
    let database = fresh_in(&postgres).await;
    sqlx::raw_sql(PEOPLE).execute(&mut database.connect().await).await.unwrap();
    let service = Database::connect(as_service(&database), PoolLimits::default()).await.unwrap();
    let history = async || -> (String, String) {
        loop {
            let ask = sqlx::query_as("select identity, server_started from satchel.history()");
            match ask.fetch_one(service.service()).await {
                Ok(history) => break history,
                // A connection that was used a moment before is not tried out; it tells once that Postgres was away.
                Err(error) => assert!(matches!(error, sqlx::Error::Io(_) | sqlx::Error::Database(_)), "{error}"),
            }
        }
    };
    let before = history().await;

    let directory = tempfile::tempdir().unwrap();
    let replica = postgres.cluster().start_standby(directory.path(), ClusterOptions::default()).unwrap();
    let options = replica.connect_options(database.name());
    let standby = Database::connect(options.clone().username("satchel_service"), PoolLimits::default()).await.unwrap();
    assert!(matches!(standby.begin_read(&caller(DISPATCHER)).await, Err(DatabaseError::Standby)));
    assert!(matches!(standby.ready().await, Err(DatabaseError::Standby)));
    assert!(matches!(migrate::migrate(&options, None).await, Err(MigrateError::Standby)));
    standby.close().await;
    drop(replica);

    postgres.cluster().stop_immediate().unwrap();
    let down = service.begin_read(&caller(DISPATCHER)).await;
    assert!(matches!(down, Err(DatabaseError::Unavailable(_))), "{down:?}");
    assert!(matches!(migrate::migrate(&database.options(), None).await, Err(MigrateError::Unreachable(_))));
    postgres.cluster().restart().unwrap();
    // The same pools serve again.
    assert!(service.begin_read(&caller(DISPATCHER)).await.is_ok());
    let after = history().await;
    assert_eq!(before.0, after.0, "the same history");
    assert_ne!(before.1, after.1, "but another run of the server");
    service.close().await;
}

#[tokio::test]
async fn verdicts_expire_in_steps_and_keys_stay() {
    let (database, service) = with_people().await;
    let mut admin = database.connect().await;
    sqlx::raw_sql(
        "insert into satchel.mutation_ledger
             (org_id, key, user_id, name, args, context, content_hash, outcome, trace_id, created_at)
         select org_id, gen_random_uuid(), org_id, 'note/v1/edit', '{}', '{}', sha256(''), '{}', '', now() - age
         from satchel.organization, unnest('{400 d, 300 d, 200 d, 1 d}'::interval[]) age",
    )
    .execute(&mut admin)
    .await
    .unwrap();
    for expected in [2, 1, 0] {
        let expired: i64 = sqlx::query_scalar("select satchel.expire_verdicts(now() - interval '100 days', 2)")
            .fetch_one(service.service())
            .await
            .unwrap();
        assert_eq!(expired, expected);
    }
    let left: (i64, i64) = sqlx::query_as("select count(*), count(args) from satchel.mutation_ledger")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert_eq!(left, (4, 1));
}
