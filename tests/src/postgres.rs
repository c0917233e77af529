//! Private Postgres clusters and fresh databases for tests.
//!
//! Invariants:
//! - Tests never touch a database they did not create, and need none to be installed as a service.
//! - One shared cluster per test process, that forgets nothing but does not survive a crash of the
//!   machine; tests that kill Postgres use [`TestPostgres::private`], which is durable.
//! - Tests in one process run in parallel, each in its own database.
//! - When the process ends, by whatever means, its clusters and their files go: a small watchdog
//!   process outlives it.

mod watchdog;

use std::{
    fmt::Display,
    path::Path,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use satchel_server::cluster::{Cluster, ClusterOptions, Durability};
use sqlx::{
    Connection as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::sync::OnceCell;

use self::watchdog::Watchdog;

/// Connections the shared cluster accepts: many tests at once, each with a few pools.
const SHARED_MAX_CONNECTIONS: u32 = 400;

/// Connections a private cluster accepts.
const PRIVATE_MAX_CONNECTIONS: u32 = 50;

/// Longest wait of a pool for a connection, in seconds.
const ACQUIRE_WAIT_MAX_S: u64 = 30;

/// The database that fresh ones are copied from.
const TEMPLATE: &str = "satchel_template";

/// A Postgres cluster that belongs to this test process.
pub struct TestPostgres {
    // Before the watchdog: fields are dropped in order, and an orderly stop comes first.
    cluster: Cluster,
    template: OnceCell<()>,
    databases: AtomicU32,
    _watchdog: Watchdog,
}

impl TestPostgres {
    /// The cluster that all tests of this process share, started at the first call.
    ///
    /// # Panics
    /// When no cluster can be started; the message says what to install.
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<TestPostgres> = LazyLock::new(|| {
            TestPostgres::start(ClusterOptions {
                durability: Durability::Disposable,
                max_connections: SHARED_MAX_CONNECTIONS,
                ..ClusterOptions::default()
            })
        });
        &SHARED
    }

    /// A durable cluster of its own, for a test that stops or kills Postgres.
    ///
    /// # Panics
    /// When no cluster can be started; the message says what to install.
    #[must_use]
    pub fn private() -> Self {
        Self::private_below(&std::env::temp_dir())
    }

    /// The same with its files below `base`: where that is memory, what is synced costs nothing.
    ///
    /// # Panics
    /// When no cluster can be started; the message says what to install.
    #[must_use]
    pub fn private_below(base: &Path) -> Self {
        let options = ClusterOptions { max_connections: PRIVATE_MAX_CONNECTIONS, ..ClusterOptions::default() };
        Self::start_below(base, options)
    }

    fn start(options: ClusterOptions) -> Self {
        Self::start_below(&std::env::temp_dir(), options)
    }

    fn start_below(base: &Path, options: ClusterOptions) -> Self {
        let directory =
            tempfile::Builder::new().prefix("satchel-test-").tempdir_in(base).expect("a temporary directory");
        // From here on the watchdog removes the directory.
        let watchdog = Watchdog::over(&directory.keep()).expect("sh starts");
        let cluster = Cluster::start(watchdog.directory(), options)
            .unwrap_or_else(|error| panic!("no Postgres for tests: {}", with_causes(&error)));
        Self { cluster, template: OnceCell::new(), databases: AtomicU32::new(0), _watchdog: watchdog }
    }

    /// The cluster itself, to stop, kill and restart a private one.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// A new database, prepared by `migrate`, which runs once per cluster: later databases are copies
    /// of the first. All calls on one cluster must pass the same `migrate`. It must close its
    /// connections before it returns.
    ///
    /// # Panics
    /// When Postgres refuses or `migrate` fails.
    pub async fn database<F, E>(&self, migrate: F) -> TestDatabase
    where
        F: AsyncFnOnce(PgConnectOptions) -> Result<(), E>,
        E: Display,
    {
        self.template
            .get_or_init(async || {
                self.administer(&format!("drop database if exists {TEMPLATE} with (force)")).await;
                self.administer(&format!("create database {TEMPLATE}")).await;
                if let Err(error) = migrate(self.cluster.connect_options(TEMPLATE)).await {
                    panic!("the template database cannot be migrated: {error}");
                }
                // A template can be copied only while nobody is connected to it.
                self.administer(&format!("alter database {TEMPLATE} with allow_connections false")).await;
                self.administer(&format!(
                    "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '{TEMPLATE}'"
                ))
                .await;
            })
            .await;
        self.create(&format!("template {TEMPLATE}")).await
    }

    /// A new database with nothing in it.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn empty_database(&self) -> TestDatabase {
        self.create("").await
    }

    async fn create(&self, template: &str) -> TestDatabase {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.administer(&format!("create database {name} {template}")).await;
        TestDatabase {
            options: self.cluster.connect_options(&name),
            administration: self.cluster.connect_options("postgres"),
            url: self.cluster.url(&name),
            name,
        }
    }

    async fn administer(&self, statement: &str) {
        if let Err(error) = run_once(&self.cluster.connect_options("postgres"), statement).await {
            panic!("{statement}: {error}");
        }
    }
}

/// A database of one test, dropped with it.
pub struct TestDatabase {
    options: PgConnectOptions,
    administration: PgConnectOptions,
    url: String,
    name: String,
}

impl TestDatabase {
    /// How to connect to it as superuser.
    pub fn options(&self) -> PgConnectOptions {
        self.options.clone()
    }

    /// The same as a URL, for programs that take a `DATABASE_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A pool of at most `connections_max` superuser connections.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn pool(&self, connections_max: u32) -> PgPool {
        pool(self.options(), connections_max).await
    }

    /// A superuser connection.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect_with(&self.options).await.expect("a connection to the test's own database")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (options, statement) =
            (self.administration.clone(), format!("drop database if exists {} with (force)", self.name));
        // Its own thread and runtime, because the test's may be the one that is ending. The cluster may
        // be stopped already; then there is nothing left to drop.
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(run_once(&options, &statement)).ok()
        });
        let _ = dropping.join();
    }
}

/// A pool of at most `connections_max` connections.
///
/// # Panics
/// When Postgres refuses.
pub async fn pool(options: PgConnectOptions, connections_max: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(Duration::from_secs(ACQUIRE_WAIT_MAX_S))
        .connect_with(options)
        .await
        .expect("a pool on the test's own database")
}

async fn run_once(options: &PgConnectOptions, statement: &str) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect_with(options).await?;
    // Database names are ours, and utility statements take no parameters.
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut connection).await?;
    connection.close().await
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
