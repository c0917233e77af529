//! Where histories take place: a private Postgres that may be ended and brought back, and a contractor in it who is
//! copied for each history.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use satchel_server::{
    auth::password::Cost,
    migrate,
    seed::{self, SeedOptions, SeededOrganization},
};
use satchel_tests::postgres::{TestDatabase, TestPostgres};
use sqlx::{Connection as _, PgConnection, Row as _};
use tokio::{sync::Mutex as AsyncMutex, task::spawn_blocking, time::sleep};
use uuid::Uuid;

use super::plan::Copy;

/// Jobs of each technician.
const JOBS: u32 = 6;
/// Lines of the pricebook.
const PRICEBOOK_ITEMS: u32 = 12;

/// A visit that somebody is sent to.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The job.
    pub job_id: Uuid,
    /// Its visit.
    pub visit_id: Uuid,
}

/// The contractor, the same in every history of a site.
#[derive(Clone, Debug)]
pub struct Cast {
    /// Ids and people.
    pub organization: SeededOrganization,
    /// Visits that may be reassigned.
    pub places: Vec<Place>,
    /// Steps of visits that technicians had taken at the beginning.
    pub steps: i64,
}

/// See the module. One history at a time.
pub struct Site {
    postgres: TestPostgres,
    cast: Mutex<Option<Arc<Cast>>>,
    /// Held while Postgres is down or its files are exchanged.
    moving: AsyncMutex<()>,
}

/// A backup.
#[derive(Clone, Debug)]
pub struct Backup {
    how: Copy,
    path: PathBuf,
    /// When it was complete, by the record's count of errands.
    pub errands: usize,
}

impl Site {
    /// Starts Postgres with its files below `base`.
    pub async fn start(base: &Path) -> anyhow::Result<Arc<Self>> {
        let base = base.to_owned();
        let postgres = spawn_blocking(move || TestPostgres::private_below(&base)).await?;
        Ok(Arc::new(Self { postgres, cast: Mutex::default(), moving: AsyncMutex::default() }))
    }

    /// A copy of the contractor.
    pub async fn contractor(&self) -> anyhow::Result<(TestDatabase, Arc<Cast>)> {
        let kept = &self.cast;
        let database = self
            .postgres
            .database(async |admin| {
                migrate::migrate(&admin, None).await?;
                let options = SeedOptions {
                    organizations: 2,
                    technicians: super::plan::TECHNICIANS.into(),
                    jobs_per_technician: JOBS,
                    pricebook_items: PRICEBOOK_ITEMS,
                    password_cost: Cost::Minimal,
                    ..SeedOptions::small(seed::today())
                };
                let seeded = seed::seed(&admin, &options).await?;
                let organization = seeded.organizations.into_iter().next().context("the seed made no organization")?;
                let mut connection = PgConnection::connect_with(&admin).await?;
                let cast = send_out(&mut connection, organization).await?;
                connection.close().await?;
                *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(cast));
                Ok::<_, anyhow::Error>(())
            })
            .await;
        let cast = self.cast.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok((database, cast.context("no contractor")?))
    }

    /// Ends Postgres as a power failure would, and starts it again after a while.
    pub async fn blink(self: Arc<Self>, down_ms: u64) -> anyhow::Result<()> {
        let _moving = self.moving.lock().await;
        self.stop().await?;
        sleep(Duration::from_millis(down_ms)).await;
        self.up().await
    }

    /// Backs a database up into `folder`.
    pub async fn back_up(
        self: &Arc<Self>,
        database: &TestDatabase,
        how: Copy,
        folder: &Path,
    ) -> anyhow::Result<PathBuf> {
        let _moving = self.moving.lock().await;
        match how {
            Copy::Files => {
                let path = folder.join(format!("backup-{}", Uuid::now_v7()));
                self.stop().await?;
                let copied = copy(self.postgres.cluster().data(), &path).await;
                self.up().await?;
                copied.map(|()| path)
            }
            Copy::Dump => {
                let path = folder.join(format!("backup-{}.dump", Uuid::now_v7()));
                let mut dump = self.postgres.cluster().command("pg_dump");
                dump.args(["--format=custom", "--dbname", database.url()]);
                dump.stdout(std::fs::File::create(&path).context("no file for the dump")?);
                run(dump).await.map(|()| path)
            }
        }
    }

    /// Puts a backup in the database's place. The server must be off. A dump becomes another database, which is returned.
    pub async fn restore(
        self: &Arc<Self>,
        database: &TestDatabase,
        backup: &Backup,
    ) -> anyhow::Result<Option<TestDatabase>> {
        let _moving = self.moving.lock().await;
        let restored = match backup.how {
            Copy::Files => {
                self.stop().await?;
                let data = self.postgres.cluster().data().to_owned();
                tokio::fs::remove_dir_all(&data).await.context("the files cannot be removed")?;
                copy(&backup.path, &data).await?;
                self.up().await?;
                None
            }
            Copy::Dump => {
                let restored = self.postgres.empty_database().await;
                let mut restore = self.postgres.cluster().command("pg_restore");
                restore.args(["--exit-on-error", "--dbname", restored.url()]);
                restore.stdin(std::fs::File::open(&backup.path).context("no dump")?);
                run(restore).await?;
                Some(restored)
            }
        };
        let mut connection = restored.as_ref().unwrap_or(database).connect().await;
        sqlx::raw_sql("select satchel.begin_history()").execute(&mut connection).await.context("no new history")?;
        connection.close().await?;
        Ok(restored)
    }

    async fn stop(self: &Arc<Self>) -> anyhow::Result<()> {
        let site = self.clone();
        spawn_blocking(move || site.postgres.cluster().stop_immediate()).await?.context("Postgres does not stop")
    }

    async fn up(self: &Arc<Self>) -> anyhow::Result<()> {
        let site = self.clone();
        spawn_blocking(move || site.postgres.cluster().restart()).await?.context("Postgres does not start")
    }
}

impl Backup {
    /// One that was made.
    pub fn new(how: Copy, path: PathBuf, errands: usize) -> Self {
        Self { how, path, errands }
    }
}

/// Sends everybody to their visits.
async fn send_out(connection: &mut PgConnection, organization: SeededOrganization) -> anyhow::Result<Cast> {
    sqlx::query("update satchel.visit set state = 'dispatched' where org_id = $1 and state = 'scheduled'")
        .bind(organization.org_id)
        .execute(&mut *connection)
        .await?;
    let places = sqlx::query(
        "select distinct job_id, visit_id from satchel.assignment where org_id = $1 and open order by visit_id",
    )
    .bind(organization.org_id)
    .fetch_all(&mut *connection)
    .await?;
    let places = places
        .into_iter()
        .map(|row| Ok(Place { job_id: row.try_get("job_id")?, visit_id: row.try_get("visit_id")? }))
        .collect::<Result<Vec<_>, sqlx::Error>>()?;
    ensure!(!places.is_empty(), "the seed made no visit that is open");
    let steps = steps(connection, organization.org_id).await?;
    Ok(Cast { organization, places, steps })
}

/// The steps of visits that technicians took, as they stand in Postgres.
pub async fn steps(connection: &mut PgConnection, org_id: Uuid) -> sqlx::Result<i64> {
    let query = "select count(*) from satchel.visit_status_event where org_id = $1
                 and to_state in ('accepted', 'traveling', 'on_site', 'paused', 'partially_completed')";
    sqlx::query_scalar(query).bind(org_id).fetch_one(connection).await
}

/// Copies a folder with its owners and modes.
pub async fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut command = std::process::Command::new("cp");
    command.arg("-a").arg(from).arg(to);
    run(command).await
}

async fn run(mut command: std::process::Command) -> anyhow::Result<()> {
    let what = command.get_program().to_string_lossy().into_owned();
    command.stderr(Stdio::piped());
    let output = spawn_blocking(move || command.spawn().and_then(std::process::Child::wait_with_output)).await??;
    ensure!(output.status.success(), "{what} failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
