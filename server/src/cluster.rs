//! The private Postgres cluster that a server without a `DATABASE_URL` runs for itself.
//!
//! Invariants:
//! - It listens on no network address, so it needs no port: only on a Unix socket in a directory
//!   that its own account (and root) may enter, which is also all the authentication there is.
//! - One cluster per data directory. Whoever starts on a directory whose server already runs joins
//!   it; the last one to leave stops it. A user that was killed does not count, and a server it left
//!   behind is adopted by the next start.
//! - An existing cluster is never overwritten, re-created or upgraded: what cannot be opened is a
//!   typed error.
//! - As root, Postgres' processes run under an unprivileged account, and no permission outside the
//!   data directory and the system's temporary directory is changed for that.
//!
//! All calls block while Postgres' programs run; call them from outside an async task, or through
//! `spawn_blocking`.

mod account;
mod binaries;
mod control;
mod error;
mod guard;
mod place;
mod postmaster;
mod settings;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use self::{account::Account, binaries::Binaries, control::StopMode, error::At as _, guard::Guard, place::Place};
pub use self::{
    error::ClusterError,
    settings::{ClusterOptions, DEFAULT_MAX_CONNECTIONS, Durability},
};

/// The oldest major version of Postgres that works.
pub const OLDEST_MAJOR: u32 = 15;

/// The cluster's superuser.
pub const SUPERUSER: &str = "postgres";

/// The number in the socket's file name. No network port is opened.
pub const PORT: u16 = 5432;

/// A running private cluster, or one that was stopped on purpose and can be started again.
///
/// Dropping the last handle stops the server.
#[derive(Debug)]
pub struct Cluster {
    account: Account,
    binaries: Binaries,
    place: Place,
    options: ClusterOptions,
    guard: Guard,
}

impl Cluster {
    /// Starts the cluster in `data_dir`, creating both when absent, or joins it when it already runs.
    /// When joining, the running server keeps the options it was started with.
    ///
    /// # Errors
    /// Every [`ClusterError`] but those of stopping; nothing is changed in an existing cluster.
    pub fn start(data_dir: &Path, options: ClusterOptions) -> Result<Self, ClusterError> {
        fs::create_dir_all(data_dir).at("create", data_dir)?;
        let data_dir = &fs::canonicalize(data_dir).at("find", data_dir)?;
        let account = Account::choose(&data_dir.join("postgres"))?;
        let guard = Guard::open(data_dir)?;
        let exclusive = guard.exclusive()?;
        let mut place = Place::prepare(data_dir, &account)?;
        let existing = place.existing_major()?;
        let wanted = existing.map(|major| (major, place.data.as_path()));
        let binaries = Binaries::find(options.postgres_bin.as_deref(), wanted, &account)?;
        if existing.is_none() {
            control::create(&place, &account, &binaries, &options)?;
        }
        if let Some(running) = control::wait_until_ready(&place)? {
            place.socket = running.socket;
        } else {
            account.own_tree(&place.data)?;
            control::start(&place, &account, &binaries, &options)?;
        }
        guard.join()?;
        drop(exclusive);
        Ok(Self { account, binaries, place, options, guard })
    }

    /// How to connect to `database` as the cluster's superuser, through the socket.
    #[must_use]
    pub fn connect_options(&self, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.place.socket)
            .port(PORT)
            .username(SUPERUSER)
            .database(database)
            .ssl_mode(PgSslMode::Disable)
    }

    /// The same as a URL that `psql`, other programs and `DATABASE_URL` take.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let socket = percent_encoded(&self.place.socket.display().to_string());
        format!("postgresql:///{}?host={socket}&port={PORT}&user={SUPERUSER}", percent_encoded(database))
    }

    /// Stops the server for everybody who uses it: connections end, everything is written.
    ///
    /// # Errors
    /// [`ClusterError::StopFailed`] when it is still there after a minute.
    pub fn stop(&self) -> Result<(), ClusterError> {
        self.stop_as(StopMode::Fast)
    }

    /// Stops the server at once, as a power failure would: the next start recovers from the log.
    ///
    /// # Errors
    /// [`ClusterError::StopFailed`] when it is still there after a minute.
    pub fn stop_immediate(&self) -> Result<(), ClusterError> {
        self.stop_as(StopMode::Immediate)
    }

    /// Starts the server again, stopping it first when it runs.
    ///
    /// # Errors
    /// Those of stopping and starting.
    pub fn restart(&self) -> Result<(), ClusterError> {
        let _exclusive = self.guard.exclusive()?;
        control::stop(&self.place, &self.account, &self.binaries, StopMode::Fast)?;
        control::start(&self.place, &self.account, &self.binaries, &self.options)
    }

    /// Starts a streaming standby of this running cluster in `data_dir`, which must hold none yet.
    ///
    /// # Errors
    /// [`ClusterError::CopyFailed`], and those of [`Cluster::start`].
    pub fn start_standby(&self, data_dir: &Path, options: ClusterOptions) -> Result<Self, ClusterError> {
        fs::create_dir_all(data_dir).at("create", data_dir)?;
        let directory = fs::canonicalize(data_dir).at("find", data_dir)?;
        let place = Place::prepare(&directory, &self.account)?;
        control::copy_as_standby(&self.place, &place, &self.account, &self.binaries)?;
        Self::start(&directory, options)
    }

    /// The process id of the running server; `None` when it is stopped.
    #[must_use]
    pub fn process_id(&self) -> Option<i32> {
        postmaster::find(&self.place.data).map(|found| found.process_id)
    }

    /// Postgres' own data directory.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.place.data
    }

    /// The directory of the socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.place.socket
    }

    /// The server's log file.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.place.log
    }

    /// The major version of the server.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.binaries.major
    }

    /// A command for one of Postgres' own programs (`psql`, `pg_dump`), run as the cluster's account.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        self.account.command(&self.program(program))
    }

    /// The path of one of Postgres' own programs.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.binaries.program(name)
    }

    fn stop_as(&self, mode: StopMode) -> Result<(), ClusterError> {
        let _exclusive = self.guard.exclusive()?;
        control::stop(&self.place, &self.account, &self.binaries, mode)
    }

    fn leave(&self) -> Result<(), ClusterError> {
        let _exclusive = self.guard.exclusive()?;
        if !self.guard.leave() {
            return Ok(());
        }
        let wished = match self.options.durability {
            Durability::Durable => StopMode::Fast,
            Durability::Disposable => StopMode::Immediate,
        };
        control::stop(&self.place, &self.account, &self.binaries, wished)
            .or_else(|_| control::stop(&self.place, &self.account, &self.binaries, StopMode::Immediate))?;
        self.place.remove_short_socket();
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.leave() {
            tracing::warn!(%error, "the private Postgres cluster may still be running");
        }
    }
}

/// Everything but the characters that are safe anywhere in a URL, as `%XX`.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(byte.into()),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}
