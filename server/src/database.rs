//! The database as requests see it: pools, and transactions that are entered by a caller.
//!
//! Invariants:
//! - Every transaction of a request runs as one of the lanes `satchel_office` and `satchel_field`, under row-level
//!   security, with the caller's context set for that transaction only (R2). There is no other way in.
//! - The login role is neither superuser nor exempt from row-level security; [`Database::connect`] refuses one that is.
//! - Reads that phones depend on come from a primary: a standby's snapshot does not name running transactions.
//! - Push, pull, accounts and housekeeping have pools of their own, so that none can starve another.
//! - Every wait is bounded.

mod error;
mod pools;

use std::sync::LazyLock;

use sqlx::{AssertSqlSafe, FromRow as _, PgPool, Postgres, Row as _, Transaction, postgres::PgConnectOptions};
use uuid::Uuid;

pub use self::{
    error::{DatabaseError, Ended},
    pools::PoolLimits,
};
use crate::{cluster::OLDEST_MAJOR, migrate};

/// Longest wait for a lock, in milliseconds.
pub const LOCK_WAIT_MAX_MS: u32 = 5_000;
/// Longest run of a statement, in milliseconds.
pub const STATEMENT_MAX_MS: u32 = 30_000;
/// Longest silence inside a transaction, in milliseconds.
pub const IDLE_IN_TRANSACTION_MAX_MS: u32 = 15_000;

static BEGIN_WRITE: LazyLock<String> = LazyLock::new(|| begin("read committed read write", ONE_PLAN));
static BEGIN_READ: LazyLock<String> = LazyLock::new(|| begin("repeatable read read only", ONE_PLAN));
static BEGIN_QUERY: LazyLock<String> = LazyLock::new(|| begin("repeatable read read only", ""));
static BEGIN_WAKER: LazyLock<String> =
    LazyLock::new(|| begin("repeatable read read only", "set local role satchel_waker"));

/// The statements of pushes and pulls are the same for everybody, look rows up by id, scope or index, and are run by the
/// thousand: they are planned once for each connection. Left to itself, Postgres plans them anew each time, which takes as
/// long as running them. The tests of plans hold these plans, the ones that do not know the values, against a million
/// rows. Queries have values on which the plan depends, and are planned for them.
const ONE_PLAN: &str = "set local plan_cache_mode = force_generic_plan";

/// One message, so that the limits cost no round trip; set per transaction, so that they survive a pooler.
fn begin(mode: &str, more: &str) -> String {
    format!(
        "begin isolation level {mode}; set local lock_timeout = {LOCK_WAIT_MAX_MS}; \
         set local statement_timeout = {STATEMENT_MAX_MS}; \
         set local idle_in_transaction_session_timeout = {IDLE_IN_TRANSACTION_MAX_MS}; {more}"
    )
}

/// Who asks, and in which organization. Whether the user is in it, and whether what vouches for the user still does, is
/// decided by [`Database::begin_write`] and [`Database::begin_read`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    /// The organization.
    pub org_id: Uuid,
    /// The signed-in user.
    pub user_id: Uuid,
    /// The session or API key that vouches for the user; none for programs that hold the server's secrets.
    pub credential_id: Option<Uuid>,
}

impl Caller {
    /// A user for whom nothing that could be taken back vouches.
    pub const fn trusted(org_id: Uuid, user_id: Uuid) -> Self {
        Self { org_id, user_id, credential_id: None }
    }
}

/// Which policies a transaction runs under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Members who may see the organization.
    Office,
    /// Technicians, who see what they are assigned to.
    Field,
}

/// A caller's place in the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Roles (R3).
    pub roles: Vec<String>,
    /// The caller's own active technician row.
    pub technician_id: Option<Uuid>,
    /// The lane the transaction runs in.
    pub lane: Lane,
    /// Changes whenever the caller may see other rows than before though no row changed.
    pub fingerprint: String,
}

/// A transaction entered by a member. Dropped without commit, it is rolled back.
#[derive(Debug)]
pub struct Entered {
    /// The transaction, in the member's lane.
    pub tx: Transaction<'static, Postgres>,
    /// Who entered.
    pub member: Member,
}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    push: PgPool,
    pull: PgPool,
    accounts: PgPool,
    housekeeping: PgPool,
}

impl Database {
    /// Opens the pools as the server's login role.
    ///
    /// # Errors
    /// [`DatabaseError::Unavailable`], [`DatabaseError::TooOld`], [`DatabaseError::UnsafeRole`] and
    /// [`DatabaseError::NotMigrated`].
    pub async fn connect(service: PgConnectOptions, limits: PoolLimits) -> Result<Self, DatabaseError> {
        let database = Self {
            push: pools::open(&service, "satchel push", limits.push),
            pull: pools::open(&service, "satchel pull", limits.pull),
            accounts: pools::open(&service, "satchel accounts", limits.accounts),
            housekeeping: pools::open(&service, "satchel", limits.housekeeping),
        };
        database.check().await?;
        Ok(database)
    }

    /// Whether whoever wants to read a delta now finds a connection, or room to make one.
    pub fn has_spare_for_pulls(&self) -> bool {
        self.pull.num_idle() > 0 || self.pull.size() < self.pull.options().get_max_connections()
    }

    /// A transaction to change rows in: READ COMMITTED, in the lane of the caller's replica.
    ///
    /// # Errors
    /// [`DatabaseError::NotAMember`], [`DatabaseError::Ended`], [`DatabaseError::Standby`],
    /// [`DatabaseError::Unavailable`].
    pub async fn begin_write(&self, caller: &Caller) -> Result<Entered, DatabaseError> {
        enter(&self.push, &BEGIN_WRITE, caller, None).await
    }

    /// A transaction to change rows in, for one call that `acting` roles may make: in the office's lane if the caller
    /// has such a role there.
    ///
    /// # Errors
    /// As [`Database::begin_write`].
    pub async fn begin_write_as(&self, caller: &Caller, acting: &[String]) -> Result<Entered, DatabaseError> {
        enter(&self.push, &BEGIN_WRITE, caller, Some(acting)).await
    }

    /// A transaction to read one snapshot in: REPEATABLE READ, read only, in the lane of the caller's replica.
    ///
    /// # Errors
    /// [`DatabaseError::NotAMember`], [`DatabaseError::Ended`], [`DatabaseError::Standby`],
    /// [`DatabaseError::Unavailable`].
    pub async fn begin_read(&self, caller: &Caller) -> Result<Entered, DatabaseError> {
        enter(&self.pull, &BEGIN_READ, caller, None).await
    }

    /// A transaction to read one snapshot in, for one call that `acting` roles may make: in the office's lane if the
    /// caller has such a role there.
    ///
    /// # Errors
    /// As [`Database::begin_read`].
    pub async fn begin_read_as(&self, caller: &Caller, acting: &[String]) -> Result<Entered, DatabaseError> {
        enter(&self.pull, &BEGIN_QUERY, caller, Some(acting)).await
    }

    /// A transaction for the hub, which may call `satchel.history` and `satchel.feed_wake` and nothing else: REPEATABLE
    /// READ, read only. One round trip; whether this is a primary is asked by the look itself.
    ///
    /// # Errors
    /// [`DatabaseError::Unavailable`].
    pub async fn begin_waker(&self) -> Result<Transaction<'static, Postgres>, DatabaseError> {
        Ok(self.housekeeping.begin_with(AssertSqlSafe(BEGIN_WAKER.as_str())).await?)
    }

    /// The login role itself, outside any lane: for the named functions of housekeeping. It may read no table.
    pub fn service(&self) -> &PgPool {
        &self.housekeeping
    }

    /// The same for the named functions of signing in, so that a crowd at the door keeps nothing else waiting.
    pub fn accounts(&self) -> &PgPool {
        &self.accounts
    }

    /// Whether the database can serve now; for readiness.
    ///
    /// # Errors
    /// As [`Database::connect`], and [`DatabaseError::Standby`].
    pub async fn ready(&self) -> Result<(), DatabaseError> {
        if self.check().await? { Err(DatabaseError::Standby) } else { Ok(()) }
    }

    /// Ends all connections once they are given back.
    pub async fn close(&self) {
        tokio::join!(self.push.close(), self.pull.close(), self.accounts.close(), self.housekeeping.close());
    }

    /// True on a standby.
    async fn check(&self) -> Result<bool, DatabaseError> {
        let (major, exempt, migrated, standby): (i32, bool, bool, bool) = sqlx::query_as(
            "select current_setting('server_version_num')::int / 10000,
                    rolsuper or rolbypassrls
                        or exists (select from pg_roles owner where owner.rolname = 'satchel_internal'
                                   and pg_has_role(current_user, owner.oid, 'member')),
                    to_regprocedure('satchel.schema_version()') is not null, pg_is_in_recovery()
             from pg_roles where rolname = current_user",
        )
        .fetch_one(&self.housekeeping)
        .await?;
        if major < OLDEST_MAJOR.cast_signed() {
            return Err(DatabaseError::TooOld { found: major });
        }
        if exempt {
            return Err(DatabaseError::UnsafeRole);
        }
        let needed = migrate::newest();
        let found: i64 = match migrated {
            true => sqlx::query_scalar("select satchel.schema_version()").fetch_one(&self.housekeeping).await?,
            false => 0,
        };
        if found < needed { Err(DatabaseError::NotMigrated { found, needed }) } else { Ok(standby) }
    }
}

/// Two round trips: begin with its limits, and the door.
async fn enter(
    pool: &PgPool,
    begin: &'static str,
    caller: &Caller,
    acting: Option<&[String]>,
) -> Result<Entered, DatabaseError> {
    let mut tx = pool.begin_with(AssertSqlSafe(begin)).await?;
    let row = sqlx::query(
        "select pg_is_in_recovery() as standby, member.*
         from (values (true)) always left join satchel.enter_with($1, $2, $3, $4) member on true",
    )
    .bind(caller.org_id)
    .bind(caller.user_id)
    .bind(caller.credential_id)
    .bind(acting)
    .fetch_one(&mut *tx)
    .await?;
    if row.try_get("standby")? {
        return Err(DatabaseError::Standby);
    }
    if let Some(refusal) = row.try_get::<Option<String>, _>("refusal")? {
        return Err(Ended::of(&refusal).map_or(DatabaseError::NotAMember, DatabaseError::Ended));
    }
    Ok(Entered { tx, member: Member::from_row(&row)? })
}

impl sqlx::FromRow<'_, sqlx::postgres::PgRow> for Member {
    fn from_row(row: &sqlx::postgres::PgRow) -> sqlx::Result<Self> {
        let lane = match row.try_get("lane")? {
            "office" => Lane::Office,
            _ => Lane::Field,
        };
        Ok(Self {
            roles: row.try_get("roles")?,
            technician_id: row.try_get("technician_id")?,
            lane,
            fingerprint: row.try_get("fingerprint")?,
        })
    }
}
