//! A generated contractor: believable, of any size, the same for the same seed and day.
//!
//! Invariants:
//! - Ids depend on the seed and the sizes alone, dates on the day as well; nothing depends on the clock or the machine.
//! - All or nothing: one transaction.
//! - Every rule of the trade holds for what is written: states fit their events, time does not overlap, completed
//!   visits have no open required item.
//! - The people are made up; nobody real can be reached by what stands in their rows.

mod contracts;
mod documents;
mod estimates;
mod history;
mod invoices;
mod members;
mod notes;
mod organization;
mod pricebook;
mod random;
mod schedule;
mod stock;
mod trade;
mod words;
mod work;
mod workforce;

use std::collections::BTreeMap;

use jiff::civil::Date;
use satchel_protocol::Id;
use serde::Serialize;
use sqlx::{
    Connection as _, PgConnection,
    postgres::{PgConnectOptions, Postgres},
};
use uuid::Uuid;

use self::{random::Random, work::Writer};
use crate::{auth::password::Cost, bulk::Batch};

pub use self::schedule::JOBS_TODAY;

/// Bytes of rows kept in memory before they are written.
const BATCH_BYTES: usize = 32 << 20;

/// Jobs that nobody has been sent to, for each technician.
const UNSCHEDULED_PER_TECHNICIAN: u32 = 1;

/// How large a seeded database is.
#[derive(Clone, Debug)]
pub struct SeedOptions {
    /// Organizations, each with all that follows.
    pub organizations: u32,
    /// Technicians of an organization.
    pub technicians: u32,
    /// Jobs of a technician; the first [`JOBS_TODAY`] are today, the others spread over two weeks back and ahead.
    pub jobs_per_technician: u32,
    /// Rows of an organization's pricebook: materials, services, and what services are made of.
    pub pricebook_items: u32,
    /// What everything made up depends on.
    pub seed: u64,
    /// The day that windows are relative to.
    pub today: Date,
    /// The password of every user.
    pub password: String,
    /// How hard that password is to guess from its hash.
    pub password_cost: Cost,
}

impl SeedOptions {
    /// The seed when none is named.
    pub const DEFAULT_SEED: u64 = 1;
    /// The password when none is named.
    pub const DEFAULT_PASSWORD: &str = "satchel demo";

    /// A small contractor for a demonstration or a test, as of `today`: two organizations of four technicians.
    pub fn small(today: Date) -> Self {
        Self {
            organizations: 2,
            technicians: 4,
            jobs_per_technician: 12,
            pricebook_items: 300,
            seed: Self::DEFAULT_SEED,
            today,
            password: Self::DEFAULT_PASSWORD.to_owned(),
            password_cost: Cost::Standard,
        }
    }

    /// One organization whose technicians hold about 28,000 rows each: some 3,700 of their own work and truck, the rest pricebook.
    pub fn typical(today: Date) -> Self {
        Self { organizations: 1, jobs_per_technician: 80, pricebook_items: 24_100, ..Self::small(today) }
    }
}

/// Why a database could not be seeded.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The same seed was used on this database before.
    #[error("this database already holds the organizations of seed {0}: choose another --seed")]
    AlreadySeeded(u64),
    /// `today` is too near the end of time.
    #[error("--today is too far from the present")]
    DateOutOfRange,
    /// The password could not be hashed.
    #[error("the password cannot be hashed")]
    Password(#[from] crate::auth::password::PasswordError),
    /// A note could not be written as its author would.
    #[error("a note cannot be made")]
    Note(#[from] satchel_domain::notes::NoteError),
    /// Postgres refused.
    #[error("the database refused")]
    Database(#[from] sqlx::Error),
}

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub struct Seeded {
    /// The seed.
    pub seed: u64,
    /// The day that windows are relative to.
    pub today: Date,
    /// The organizations.
    pub organizations: Vec<SeededOrganization>,
    /// Rows written, by table.
    pub rows: BTreeMap<&'static str, u64>,
}

/// A seeded organization.
#[derive(Clone, Debug, Serialize)]
pub struct SeededOrganization {
    /// Its id.
    pub org_id: Uuid,
    /// Its name.
    pub name: String,
    /// Its branches.
    pub branches: Vec<Uuid>,
    /// Everybody who can sign in: the office first, then the technicians.
    pub users: Vec<SeededUser>,
    /// Its technicians.
    pub technicians: Vec<SeededTechnician>,
    /// Jobs without a visit.
    pub unscheduled_jobs: Vec<Uuid>,
}

/// Somebody who can sign in.
#[derive(Clone, Debug, Serialize)]
pub struct SeededUser {
    /// The user.
    pub user_id: Uuid,
    /// Signs in with this address,
    pub email: String,
    /// and this password.
    pub password: String,
    /// The person's name.
    pub name: String,
    /// What the user may do.
    pub roles: Vec<String>,
    /// The user's technician row, if there is one.
    pub technician_id: Option<Uuid>,
}

/// A technician.
#[derive(Clone, Debug, Serialize)]
pub struct SeededTechnician {
    /// The technician.
    pub technician_id: Uuid,
    /// The user who signs in as this technician.
    pub user_id: Uuid,
    /// The technician's branch.
    pub branch_id: Uuid,
    /// The user's address.
    pub email: String,
    /// The jobs, those of today first.
    pub jobs: Vec<Uuid>,
}

impl SeededOrganization {
    /// The first user who has `role`.
    pub fn user(&self, role: &str) -> Option<&SeededUser> {
        self.users.iter().find(|user| user.roles.iter().any(|has| has == role))
    }
}

/// Today, where the first organization is.
pub fn today() -> Date {
    let zone = words::CONTRACTORS[0].branches[0].zone;
    let now = jiff::Timestamp::now();
    now.in_tz(zone).unwrap_or_else(|_| now.to_zoned(jiff::tz::TimeZone::UTC)).date()
}

/// Fills a migrated database. `admin` must be allowed to bypass row-level security.
///
/// # Errors
/// [`SeedError`]; nothing was written then.
pub async fn seed(admin: &PgConnectOptions, options: &SeedOptions) -> Result<Seeded, SeedError> {
    let mut connection = PgConnection::connect_with(admin).await?;
    let mut transaction = connection.begin().await?;
    // What is made up has no history.
    sqlx::raw_sql("set local satchel.audit = 'off'").execute(&mut *transaction).await?;
    let mut writing = Writing {
        options,
        random: Random::new(options.seed),
        batch: Batch::new(satchel_domain::tables::ALL),
        rows: BTreeMap::new(),
    };
    let hash = crate::auth::password::hash(&options.password, options.password_cost)?;
    let mut organizations = Vec::new();
    for number in 0..options.organizations {
        organizations.push(writing.organization(number, &hash, &mut transaction).await?);
    }
    transaction.commit().await?;
    // Plans of the first minutes should not depend on when autovacuum comes by.
    sqlx::raw_sql("analyze").execute(&mut connection).await?;
    connection.close().await?;
    Ok(Seeded { seed: options.seed, today: options.today, organizations, rows: writing.rows })
}

struct Writing<'a> {
    options: &'a SeedOptions,
    random: Random,
    batch: Batch,
    rows: BTreeMap<&'static str, u64>,
}

impl Writing<'_> {
    async fn organization(
        &mut self,
        number: u32,
        password_hash: &str,
        transaction: &mut sqlx::Transaction<'_, Postgres>,
    ) -> Result<SeededOrganization, SeedError> {
        let mut office = organization::write(number, self.options, &mut self.random, &mut self.batch)?;
        let written = members::write(&office.seeded, password_hash, self.options.seed, transaction).await?;
        self.count(written);
        stock::write(&office, self.options, &mut self.batch)?;
        self.flush(transaction).await?;
        let mut jobs_written = 0;
        for position in 0..office.seeded.technicians.len() {
            let branch = position % office.branches.len();
            let (technician_id, user_id) = {
                let technician = &office.seeded.technicians[position];
                (Id::new(technician.technician_id), technician.user_id)
            };
            let mut writer =
                Writer::new(&office, branch, self.options, &mut self.random, &mut self.batch, &mut jobs_written);
            let jobs = writer.jobs(technician_id, user_id)?;
            let unscheduled: Vec<Uuid> = (0..UNSCHEDULED_PER_TECHNICIAN).map(|_| writer.unscheduled_job()).collect();
            office.seeded.technicians[position].jobs = jobs;
            office.seeded.unscheduled_jobs.extend(unscheduled);
            if self.batch.bytes() > BATCH_BYTES {
                self.flush(transaction).await?;
            }
        }
        self.flush(transaction).await?;
        Ok(office.seeded)
    }

    async fn flush(&mut self, connection: &mut PgConnection) -> Result<(), SeedError> {
        let written = self.batch.flush(connection).await?;
        self.count(written);
        Ok(())
    }

    fn count(&mut self, written: Vec<(&'static str, u64)>) {
        for (table, rows) in written {
            *self.rows.entry(table).or_default() += rows;
        }
    }
}
