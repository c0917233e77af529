//! What a write leaves behind, whoever writes: stamps, and the change feed.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{HashMap, HashSet};

use satchel_domain::REGISTRY;
use satchel_server::feed::touch::{TouchError, touch};
use satchel_tests::{
    postgres::TestDatabase,
    tenants::{begin_as, leave, service, two_tenants},
};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

/// Names of the scopes told by a statement, out of those `tenants.sql` gives; sorted, with table and branch.
async fn told(admin: &mut PgConnection, statement: &str) -> Vec<String> {
    sqlx::raw_sql("begin").execute(&mut *admin).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut *admin).await.unwrap();
    let told = sqlx::query_scalar(
        "with names (name) as (
             select 'a' union all
             select 'a/' || kind || '/' || n from unnest(
                 '{job,technician,customer,location,equipment,branch}'::text[]) kind, generate_series(1, 3) n
             union all select 'a/user/technician'
         )
         select concat_ws(' ', scope.name, table_name, branch.name)
         from satchel.feed
         join names scope on public.id(scope.name) = scope_id
         left join names branch on public.id(branch.name) = branch_id
         where xid = pg_current_xact_id() order by 1",
    )
    .fetch_all(&mut *admin)
    .await
    .unwrap();
    sqlx::raw_sql("rollback").execute(&mut *admin).await.unwrap();
    told
}

#[tokio::test]
async fn every_writer_tells_the_scopes_it_touched_once_per_row() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    for (statement, expected) in [
        ("update satchel.visit set outcome = 'x' where id = public.id('a/visit/1')", vec!["a/job/1 visit a/branch/1"]),
        ("update satchel.pricebook_item set name = 'x' where id = public.id('a/price')", vec!["a pricebook_item"]),
        ("update satchel.customer set name = 'x' where id = public.id('a/customer/2')", vec!["a/customer/2 customer"]),
        ("delete from satchel.material_used where id = public.id('a/material/1')", vec!["a/job/1 material_used a/branch/1"]),
        ("update satchel.time_entry set ended_at = now() where id = public.id('a/time/2')", vec!["a/technician/2 time_entry a/branch/1"]),
        // An assignment tells its technician as well, the old and the new one.
        ("delete from satchel.assignment where id = public.id('a/assignment/1')",
            vec!["a/job/1 assignment a/branch/1", "a/technician/1 assignment a/branch/1"]),
        ("update satchel.assignment set technician_id = public.id('a/technician/2') where id = public.id('a/assignment/1')",
            vec!["a/job/1 assignment a/branch/1", "a/technician/1 assignment a/branch/1", "a/technician/2 assignment a/branch/1"]),
        // A move tells both places, and the parts move along.
        ("update satchel.material_used set job_id = public.id('a/job/2'), visit_id = public.id('a/visit/3')
          where id = public.id('a/material/1')",
            vec!["a/job/1 material_used a/branch/1", "a/job/2 material_used a/branch/1"]),
        ("delete from satchel.assignment where job_id = public.id('a/job/3'); update satchel.job
          set branch_id = public.id('a/branch/1') where id = public.id('a/job/3')", {
            let parts = REGISTRY.tables.iter().filter(|table| table.scope == "job_id" && table.name != "assignment");
            let mut tables: Vec<&str> = parts.map(|table| table.name).chain(["job"]).collect();
            tables.sort_unstable();
            let mut told = Vec::new();
            for table in tables {
                told.push(format!("a/job/3 {table} a/branch/1"));
                told.push(format!("a/job/3 {table} a/branch/2"));
            }
            told.leak().iter().map(String::as_str).collect()
        }),
        // Permissions have no rows on phones, but streams listen to their user.
        ("update satchel.membership set branch_ids = '{}' where user_id = public.id('a/user/technician')", vec!["a/user/technician membership"]),
        // Upserts, many rows at once, and nothing at all.
        ("insert into satchel.customer (org_id, id, name) select org_id, id, 'y' from satchel.customer where org_id = public.id('a')
          on conflict (org_id, id) do update set name = excluded.name",
            vec!["a/customer/1 customer", "a/customer/2 customer", "a/customer/3 customer"]),
        ("update satchel.customer set name = 'x' where false", vec![]),
    ] {
        assert_eq!(told(&mut admin, statement).await, expected, "{statement}");
    }
}

#[tokio::test]
async fn rows_are_stamped_by_their_writer() {
    let database = two_tenants().await;
    let mut connection = service(&database).await;
    let stamps = "rev, created_by, updated_by from satchel.material_used where id = public.id('a/material/1')";
    let mut admin = database.connect().await;
    let (first, created, updated): (i64, Option<Uuid>, Option<Uuid>) =
        sqlx::query_as(AssertSqlSafe(format!("select {stamps}"))).fetch_one(&mut admin).await.unwrap();
    assert!(first > 0);
    assert_eq!((created, updated), (None, None), "psql has no context");

    begin_as(&mut connection, "satchel_field", Some(("a", "a/user/technician"))).await;
    let change =
        "update satchel.material_used set quantity = 2, rev = 1, created_by = gen_random_uuid(), created_at = 'epoch'
                  where id = public.id('a/material/1') returning rev, created_by,
                  updated_by = satchel.current_user_id() and created_at > 'epoch'";
    let (second, created, ours): (i64, Option<Uuid>, bool) =
        sqlx::query_as(change).fetch_one(&mut connection).await.unwrap();
    assert!(second > first, "a fresh revision, whatever the writer says");
    assert_eq!((created, ours), (None, true));
    let moved = sqlx::raw_sql("update satchel.material_used set id = gen_random_uuid()").execute(&mut connection).await;
    assert!(moved.unwrap_err().to_string().contains("keeps its id"));
    leave(&mut connection).await;
}

#[tokio::test]
async fn truncate_is_refused() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    let refused = sqlx::raw_sql("truncate satchel.material_used").execute(&mut admin).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("0A000"));
}

#[tokio::test]
async fn an_assignment_follows_a_visit_that_psql_changed() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    let copies = "select a.open, a.window_end = v.window_end from satchel.assignment a
                  join satchel.visit v on v.id = a.visit_id where a.id = public.id('a/assignment/1')";
    for (change, expected) in [
        ("update satchel.visit set window_end = window_end + interval '1 day'", (true, true)),
        ("update satchel.visit set state = 'canceled'", (false, true)),
        ("update satchel.visit set state = 'scheduled'", (true, true)),
    ] {
        sqlx::raw_sql(change).execute(&mut admin).await.unwrap();
        let now: (bool, bool) = sqlx::query_as(copies).fetch_one(&mut admin).await.unwrap();
        assert_eq!(now, expected, "{change}");
    }
    // The server's own rules write the copies themselves.
    let mut connection = service(&database).await;
    begin_as(&mut connection, "satchel_office", Some(("a", "a/user/dispatcher"))).await;
    sqlx::raw_sql("update satchel.visit set state = 'canceled'").execute(&mut connection).await.unwrap();
    let now: (bool, bool) = sqlx::query_as(copies).fetch_one(&mut connection).await.unwrap();
    assert_eq!(now, (true, true));
    leave(&mut connection).await;
}

async fn maintain(database: &TestDatabase, keep_days: i32) -> (i32, i32) {
    sqlx::query_as("select added, dropped from satchel.feed_maintain($1, 7)")
        .bind(keep_days)
        .fetch_one(&mut service(database).await)
        .await
        .unwrap()
}

async fn rows_in(admin: &mut PgConnection, partition: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from satchel.{partition}")))
        .fetch_one(admin)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_late_housekeeper_loses_no_feed() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    let today: String = sqlx::query_scalar("select 'feed_' || to_char(now() at time zone 'UTC', 'YYYYMMDD')")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    let before: i64 = rows_in(&mut admin, "feed").await;
    sqlx::raw_sql(AssertSqlSafe(format!("drop table satchel.{today}"))).execute(&mut admin).await.unwrap();
    sqlx::raw_sql("update satchel.job set title = 'late'").execute(&mut admin).await.unwrap();
    assert_eq!(rows_in(&mut admin, "feed_default").await, 6);
    assert_eq!(maintain(&database, 14).await, (1, 0));
    assert_eq!(rows_in(&mut admin, "feed_default").await, 0);
    assert_eq!(rows_in(&mut admin, &today).await, 6);
    assert!(before > 6);
    assert_eq!(maintain(&database, 14).await, (0, 0));
}

#[tokio::test]
async fn old_days_are_dropped_only_after_the_floor_was_raised_for_a_while() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    sqlx::raw_sql(
        "select satchel.feed_add_day('2020-02-01'), satchel.feed_add_day('2020-02-02');
         insert into satchel.feed (xid, org_id, scope_id, table_name, row_id, at)
         values ('41', public.id('a'), public.id('a'), 'job', public.id('a'), '2020-02-01 12:00Z')",
    )
    .execute(&mut admin)
    .await
    .unwrap();
    let floor = async |admin: &mut PgConnection| -> String {
        sqlx::query_scalar("select floor::text from satchel.feed_state").fetch_one(admin).await.unwrap()
    };
    assert_eq!(maintain(&database, 14).await, (0, 1), "an empty day goes at once");
    assert_eq!(floor(&mut admin).await, "42");
    assert_eq!(maintain(&database, 14).await, (0, 0), "a reader may still see the old floor");
    sqlx::raw_sql("update satchel.feed_state set floor_set_at = now() - interval '2 hours'")
        .execute(&mut admin)
        .await
        .unwrap();
    assert_eq!(maintain(&database, 14).await, (0, 1));
    assert_eq!(floor(&mut admin).await, "42");
}

#[tokio::test]
async fn a_restore_over_the_database_begins_another_history() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    let history = "select identity, server_started from satchel.history()";
    let before: (String, String) = sqlx::query_as(history).fetch_one(&mut service(&database).await).await.unwrap();
    sqlx::raw_sql("select satchel.begin_history()").execute(&mut admin).await.unwrap();
    let after: (String, String) = sqlx::query_as(history).fetch_one(&mut admin).await.unwrap();
    assert_ne!(before.0, after.0);
    assert_eq!(before.1, after.1);
    assert_eq!(rows_in(&mut admin, "feed").await, 0);
}

/// Phones may hold revisions of work that a restored database, or a standby that took over, has lost together with its
/// counter.
#[tokio::test]
async fn revisions_are_not_given_out_again_when_the_counter_goes_back() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    let change = "update satchel.visit set outcome = $1 returning id, rev";
    let counter: i64 = sqlx::query_scalar("select last_value from satchel.rev").fetch_one(&mut admin).await.unwrap();
    let lost: Vec<(Uuid, i64)> = sqlx::query_as(change).bind("lost").fetch_all(&mut admin).await.unwrap();
    sqlx::query("select setval('satchel.rev', $1)").bind(counter).execute(&mut admin).await.unwrap();
    let found: Vec<(Uuid, i64)> = sqlx::query_as(change).bind("found").fetch_all(&mut admin).await.unwrap();
    let sum = |rows: &[(Uuid, i64)]| rows.iter().map(|(_, rev)| rev).sum::<i64>();
    assert!(lost.len() > 1 && lost.len() == found.len());
    assert_ne!(sum(&lost), sum(&found));
    let lost: HashMap<Uuid, i64> = lost.into_iter().collect();
    assert!(found.iter().all(|(id, rev)| *rev > lost[id]));
    // Rows written by one statement differ too.
    let different: HashSet<i64> = found.iter().map(|(_, rev)| *rev).collect();
    assert_eq!(different.len(), found.len());
}

/// A clock set back.
#[tokio::test]
async fn the_revisions_of_a_row_ascend_whatever_the_clock_does() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    let ahead: i64 = 1 << 52;
    sqlx::raw_sql(AssertSqlSafe(format!(
        "set session_replication_role = replica; update satchel.visit set rev = {ahead};
         reset session_replication_role"
    )))
    .execute(&mut admin)
    .await
    .unwrap();
    let after: Vec<i64> =
        sqlx::query_scalar("update satchel.visit set outcome = 'x' returning rev").fetch_all(&mut admin).await.unwrap();
    assert!(!after.is_empty() && after.iter().all(|rev| *rev == ahead + 1), "{after:?}");
}

#[tokio::test]
async fn touching_a_table_tells_of_every_row_whose_changes_went_unseen() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    // As logical replication does it: no trigger runs, so that no phone learns of it.
    sqlx::raw_sql(
        "set session_replication_role = replica; update satchel.visit set outcome = 'replicated';
         reset session_replication_role",
    )
    .execute(&mut admin)
    .await
    .unwrap();
    let revisions = "select array_agg(rev order by rev) from satchel.visit";
    let before: Vec<i64> = sqlx::query_scalar(revisions).fetch_one(&mut admin).await.unwrap();
    let audited = "select count(*) from satchel.audit_log";
    let entries: i64 = sqlx::query_scalar(audited).fetch_one(&mut admin).await.unwrap();
    sqlx::raw_sql("truncate satchel.feed").execute(&mut admin).await.unwrap();

    let touched = touch(&database.options(), &REGISTRY, "visit").await.unwrap();
    assert_eq!(touched, 8);
    let after: Vec<i64> = sqlx::query_scalar(revisions).fetch_one(&mut admin).await.unwrap();
    assert!(after[0] > before[7], "{before:?} {after:?}");
    let told: i64 = sqlx::query_scalar(
        "select count(*) from satchel.feed f join satchel.visit v on v.id = f.row_id and v.job_id = f.scope_id",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(told, 8);
    let unchanged: i64 = sqlx::query_scalar(audited).fetch_one(&mut admin).await.unwrap();
    assert_eq!(unchanged, entries, "nothing changed");

    let refused = touch(&database.options(), &REGISTRY, "app_user").await.unwrap_err();
    assert!(matches!(refused, TouchError::NoSuchTable(_)), "{refused}");
    sqlx::raw_sql("alter table satchel.visit disable trigger feed_update").execute(&mut admin).await.unwrap();
    let refused = touch(&database.options(), &REGISTRY, "visit").await.unwrap_err();
    assert!(matches!(refused, TouchError::TriggerOff { trigger: "feed_update", .. }), "{refused}");
    let service = database.options().username("satchel_service");
    assert!(touch(&service, &REGISTRY, "visit").await.is_err(), "for the admin only");
}

#[tokio::test]
async fn days_are_made_ahead_though_an_old_one_cannot_be_dropped() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    // Old, empty, and read by somebody.
    let old: String = sqlx::query_scalar(
        "select 'satchel.feed_' || to_char(day, 'YYYYMMDD') from (
             select (now() at time zone 'UTC')::date - 90 as day) old where satchel.feed_add_day(day)",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    let mut reader = database.connect().await;
    sqlx::raw_sql(AssertSqlSafe(format!("begin; lock table {old} in access share mode")))
        .execute(&mut reader)
        .await
        .unwrap();
    let maintain = "select added, dropped from satchel.feed_maintain(30, 9)";
    let (added, dropped): (i32, i32) = sqlx::query_as(maintain).fetch_one(&mut admin).await.unwrap();
    assert_eq!((added, dropped), (2, 0), "the migration made seven");
    sqlx::raw_sql("rollback").execute(&mut reader).await.unwrap();
    let (added, dropped): (i32, i32) = sqlx::query_as(maintain).fetch_one(&mut admin).await.unwrap();
    assert_eq!((added, dropped), (0, 1));
}
