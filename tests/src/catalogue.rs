//! What the database's own catalogue says about isolation.

use sqlx::PgConnection;

/// Everything about the schema's tables, functions and roles that weakens isolation or the feed, a sentence each: a
/// table without policies, a policy that does not ask for the membership, a missing trigger, a loose grant.
///
/// # Panics
/// When Postgres refuses.
pub async fn weaknesses(admin: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(include_str!("catalogue.sql")).fetch_all(admin).await.expect("the catalogue")
}

/// The tables a tenant's rows are in, in name order.
///
/// # Panics
/// When Postgres refuses.
pub async fn tenant_tables(admin: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
         where c.relnamespace = 'satchel'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         order by 1",
    )
    .fetch_all(admin)
    .await
    .expect("the catalogue")
}
