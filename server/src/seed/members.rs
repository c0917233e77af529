//! The organization's own row, its people, and their places in it.

use satchel_domain::tables::Organization;
use satchel_protocol::Record as _;
use sqlx::PgConnection;

use super::{SeedError, SeededOrganization, organization};
use crate::bulk::Batch;

/// Writes them; what follows points at them. Answers the number of rows of the organization's own table.
pub(super) async fn write(
    organization: &SeededOrganization,
    password_hash: &str,
    seed: u64,
    connection: &mut PgConnection,
) -> Result<Vec<(&'static str, u64)>, SeedError> {
    let org_id = organization.org_id;
    let there: bool = sqlx::query_scalar("select exists (select from satchel.organization where org_id = $1)")
        .bind(org_id)
        .fetch_one(&mut *connection)
        .await?;
    if there {
        return Err(SeedError::AlreadySeeded(seed));
    }
    let mut batch = Batch::new(&[Organization::TABLE]);
    batch.push(org_id, &organization::row(organization));
    let written = batch.flush(connection).await?;

    let users = &organization.users;
    let ids: Vec<_> = users.iter().map(|user| user.user_id).collect();
    let emails: Vec<_> = users.iter().map(|user| user.email.as_str()).collect();
    let names: Vec<_> = users.iter().map(|user| user.name.as_str()).collect();
    // Joined, because unnest flattens an array of arrays.
    let roles: Vec<_> = users.iter().map(|user| user.roles.join(",")).collect();
    sqlx::query(
        "insert into satchel.app_user (id, email, name, password_hash) \
         select id, email, name, $4 from unnest($1::uuid[], $2::text[], $3::text[]) person (id, email, name)",
    )
    .bind(&ids)
    .bind(&emails)
    .bind(&names)
    .bind(password_hash)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "insert into satchel.membership (org_id, user_id, roles) \
         select $1, id, string_to_array(roles, ',') from unnest($2::uuid[], $3::text[]) person (id, roles)",
    )
    .bind(org_id)
    .bind(&ids)
    .bind(&roles)
    .execute(connection)
    .await?;
    Ok(written)
}
