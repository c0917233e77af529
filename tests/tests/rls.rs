//! P6: row-level security decides every row read and written, tried as the server's own login role.
//!
//! `no_row_crosses` and the matrix are generated over every tenant table of the catalogue, every verb, two tenants and
//! every role; a table that is added is tried without touching this file.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "rls/details.rs"]
mod details;
#[path = "rls/matrix.rs"]
mod matrix;

use satchel_tests::{
    catalogue::{tenant_tables, weaknesses},
    postgres::TestDatabase,
    tenants::{Access, PEOPLE, attempt, begin_as, leave, service, two_tenants},
};
use sqlx::{AssertSqlSafe, PgConnection};

const LANES: [&str; 2] = ["satchel_office", "satchel_field"];

/// A row of one tenant, and how to write a copy of it.
struct Sample {
    table: String,
    /// `insert` of the row under a new id.
    insert: String,
}

/// One row per tenant table of tenant `org`, as the administrator sees it. Where a row names a user, it names `author`.
async fn samples(admin: &mut PgConnection, org: &str, author: &str) -> Vec<Sample> {
    let mut samples = Vec::new();
    for table in tenant_tables(admin).await {
        let columns: String = sqlx::query_scalar(
            "select string_agg(quote_ident(attname), ', ') from pg_attribute
             where attrelid = ('satchel.' || quote_ident($1))::regclass and attnum > 0 and attidentity <> 'a'",
        )
        .bind(&table)
        .fetch_one(&mut *admin)
        .await
        .unwrap();
        let row: String = sqlx::query_scalar(AssertSqlSafe(format!(
            "select quote_literal(to_jsonb(row)
                 || case when to_jsonb(row) ? 'user_id' and '{table}' not in ('technician', 'membership')
                    then jsonb_build_object('user_id', public.id($2)) else '{{}}' end
                 || case when '{table}' = 'organization' then '{{}}'
                    when to_jsonb(row) ? 'id' then jsonb_build_object('id', case
                        when jsonb_typeof(to_jsonb(row) -> 'id') = 'number' then '0' else to_jsonb(gen_random_uuid()) end)
                    when to_jsonb(row) ? 'key' then jsonb_build_object('key', gen_random_uuid()) else '{{}}' end)
             from satchel.{table} row where org_id = public.id($1) order by ctid limit 1"
        )))
        .bind(org)
        .bind(author)
        .fetch_optional(&mut *admin)
        .await
        .unwrap()
        .unwrap_or_else(|| panic!("tenants.sql has no row of {table}"));
        let insert = format!(
            "insert into satchel.{table} ({columns})
             select {columns} from jsonb_populate_record(null::satchel.{table}, {row}::jsonb)"
        );
        samples.push(Sample { table, insert });
    }
    samples
}

/// Tries to reach tenant `other` as `person` of tenant `own`, by every lane, context, table and verb.
async fn try_to_cross(database: &TestDatabase, own: &str, other: &str, person: &str) {
    let mut admin = database.connect().await;
    let user = format!("{own}/user/{person}");
    let foreign = samples(&mut admin, other, &user).await;
    let domestic = samples(&mut admin, own, &user).await;
    let twin = format!("{other}/user/{person}");
    let mut connection = service(database).await;
    for lane in LANES {
        let contexts = [None, Some((own, user.as_str())), Some((other, user.as_str())), Some((own, twin.as_str()))];
        for context in contexts {
            begin_as(&mut connection, lane, context).await;
            // In his own organization he may see his own rows; in all other contexts, none at all.
            let at_home = context == Some((own, user.as_str()));
            let reach = if at_home { format!("org_id <> public.id('{own}')") } else { "true".to_owned() };
            for (sample, at_home_sample) in foreign.iter().zip(&domestic) {
                let table = &sample.table;
                let mut statements = vec![
                    format!("select from satchel.{table} where {reach}"),
                    format!("update satchel.{table} set org_id = org_id where {reach}"),
                    format!("delete from satchel.{table} where {reach}"),
                    format!("update satchel.{table} set org_id = public.id('{other}')"),
                    sample.insert.clone(),
                ];
                if !at_home {
                    statements.push(at_home_sample.insert.clone());
                }
                for statement in statements {
                    let access = attempt(&mut connection, &statement).await;
                    assert!(!access.is_allowed(), "{person} of {own}, {lane}, {context:?}: {access:?}: {statement}");
                }
            }
            leave(&mut connection).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_row_crosses() {
    let database = two_tenants().await;
    for people in PEOPLE.chunks(2) {
        let tries = people
            .iter()
            .flat_map(|person| [try_to_cross(&database, "a", "b", person), try_to_cross(&database, "b", "a", person)]);
        futures_util::future::join_all(tries).await;
    }
}

#[tokio::test]
async fn the_login_role_itself_reads_and_writes_nothing() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    let samples = samples(&mut admin, "a", "a/user/owner").await;
    let mut connection = service(&database).await;
    sqlx::raw_sql("begin").execute(&mut connection).await.unwrap();
    for Sample { table, insert } in samples {
        for statement in [
            format!("select from satchel.{table}"),
            format!("update satchel.{table} set org_id = org_id"),
            format!("delete from satchel.{table}"),
            format!("truncate satchel.{table} cascade"),
            insert,
        ] {
            assert_eq!(attempt(&mut connection, &statement).await, Access::Refused, "{statement}");
        }
    }
    for statement in [
        "set local role satchel_internal",
        "set local session authorization postgres",
        "select from satchel.app_user",
        "select from satchel.refresh_token",
        "select satchel.begin_history()",
        "select * from satchel.feed_wake('0', '{}')",
        "create table satchel.mine ()",
    ] {
        assert_eq!(attempt(&mut connection, statement).await, Access::Refused, "{statement}");
    }
}

#[tokio::test]
async fn a_table_added_without_protection_is_found() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    assert_eq!(weaknesses(&mut admin).await, Vec::<String>::new());
    let columns = "(org_id uuid not null, id uuid not null, rev bigint not null default 0, created_at timestamptz,
                    created_by uuid, updated_at timestamptz, updated_by uuid, primary key (org_id, id))";
    for (change, found) in [
        ("create table satchel.novel {columns}", "table novel: row-level security is off"),
        (
            "create table satchel.novel {columns}; alter table satchel.novel enable row level security",
            "table novel: row-level security is not forced on its owner",
        ),
        (
            "create table satchel.novel {columns}; call satchel.sync_table('novel', scope => 'org_id')",
            "table novel has no policy",
        ),
        ("create table satchel.novel {columns}", "table novel: trigger feed_delete is missing or disabled"),
        (
            "alter table satchel.job disable trigger feed_update",
            "table job: trigger feed_update is missing or disabled",
        ),
        (
            "alter table satchel.job no force row level security",
            "table job: row-level security is not forced on its owner",
        ),
        (
            "create policy loose on satchel.job for select to satchel_field using (true)",
            "policy loose of job does not ask for the membership",
        ),
        (
            "create policy loose on satchel.job for select to satchel_field
             using (org_id = (select satchel.org_if_may('field')) or state = 'draft')",
            "policy loose of job does not ask for the membership",
        ),
        (
            "create policy late on satchel.visit for select to satchel_field
             using (org_id = (select satchel.org_if_may('field')) and window_end > now())",
            "policy late of visit looks at the time",
        ),
        (
            "create policy loose on satchel.job for select to satchel_office
             using (org_id = (select satchel.org_if_may('read')))",
            "policy loose of job does not ask for the branch",
        ),
        (
            "alter table satchel.job disable trigger audit_update",
            "table job: trigger audit_update is missing or disabled",
        ),
        ("create policy loose on satchel.job using (true)", "policy loose of job is for public"),
        ("grant select on satchel.feed to satchel_service", "satchel_service may select table feed"),
        ("grant truncate on satchel.job to satchel_office", "satchel_office may truncate table job"),
        (
            "create function satchel.leak() returns bigint language sql security definer
                 return (select count(*) from satchel.app_user);
             grant execute on function satchel.leak() to public",
            "function satchel.leak(): security definer without the pinned search_path",
        ),
        (
            "set local role none; grant satchel_internal to satchel_service",
            "role satchel_service is a member of satchel_internal",
        ),
    ] {
        let change = change.replace("{columns}", columns);
        sqlx::raw_sql(AssertSqlSafe(format!("begin; set local role satchel_internal; {change}; set local role none")))
            .execute(&mut admin)
            .await
            .unwrap();
        let weaknesses = weaknesses(&mut admin).await;
        assert!(weaknesses.iter().any(|weakness| weakness == found), "{change}: {weaknesses:?}");
        leave(&mut admin).await;
    }
    assert_eq!(weaknesses(&mut admin).await, Vec::<String>::new());
}
