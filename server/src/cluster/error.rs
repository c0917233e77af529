//! Why a private cluster cannot be started or stopped, in words an operator can act on.

use std::{io, path::PathBuf};

use thiserror::Error;

use super::OLDEST_MAJOR;

/// What went wrong with the private Postgres cluster.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// No directory with `postgres`, `initdb` and `pg_ctl` was found.
    #[error(
        "no Postgres server programs found (looked in {}): install Postgres {OLDEST_MAJOR} or newer \
         (Debian and Ubuntu: apt install postgresql; macOS: brew install postgresql@17), \
         or set SATCHEL_PG_BIN to the directory that holds initdb, or set DATABASE_URL",
        .searched.join(", ")
    )]
    BinariesMissing {
        /// Where it was looked for, in order.
        searched: Vec<String>,
    },
    /// The program is there, but the account that must run it cannot.
    #[error("cannot run {} as the account Postgres runs under", .program.display())]
    NotRunnable {
        /// The program.
        program: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// Only programs older than [`OLDEST_MAJOR`] were found.
    #[error("Postgres {major} in {} is too old: {OLDEST_MAJOR} or newer is needed", .directory.display())]
    TooOld {
        /// The newest major version found.
        major: u32,
        /// Where it is.
        directory: PathBuf,
    },
    /// The data directory was written by a major version that is not installed.
    #[error(
        "{} was written by Postgres {directory_major}, installed here: {}; install Postgres \
         {directory_major}, or upgrade the directory with pg_upgrade",
        .directory.display(),
        .installed.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
    )]
    OtherMajor {
        /// The cluster's directory.
        directory: PathBuf,
        /// The version that wrote it.
        directory_major: u32,
        /// The versions found on this machine.
        installed: Vec<u32>,
    },
    /// The directory is there and not empty, but holds no cluster.
    #[error("{} is not empty and holds no Postgres cluster: choose another data directory", .0.display())]
    NotACluster(PathBuf),
    /// The cluster belongs to another account, which Postgres refuses to share.
    #[error("{} belongs to uid {owner}, this process is uid {current}: run as its owner or as root", .directory.display())]
    OwnedByOther {
        /// The cluster's directory.
        directory: PathBuf,
        /// Its owner.
        owner: u32,
        /// Who asked.
        current: u32,
    },
    /// Started as root, but there is no unprivileged account to run Postgres as.
    #[error("Postgres refuses to run as root and neither account postgres nor nobody exists: create one")]
    NoUnprivilegedAccount,
    /// Every place for the socket is too long or taken by somebody else.
    #[error("no private directory with a short enough path for the socket of {}", .0.display())]
    NoSocketDirectory(PathBuf),
    /// Another process has been starting or stopping this cluster for too long.
    #[error("another process has been starting or stopping the cluster in {} for {waited_s} s", .directory.display())]
    Busy {
        /// The data directory.
        directory: PathBuf,
        /// How long it was waited for, in seconds.
        waited_s: u64,
    },
    /// `initdb` failed.
    #[error("initdb could not create {}: {reason}", .directory.display())]
    InitFailed {
        /// The directory to be created.
        directory: PathBuf,
        /// The last thing it said.
        reason: String,
    },
    /// The server did not come up.
    #[error("Postgres did not start: {reason} (log: {})", .log.display())]
    StartFailed {
        /// The server's log file.
        log: PathBuf,
        /// The first fatal line, or what `pg_ctl` said.
        reason: String,
    },
    /// The server did not go down in time.
    #[error("Postgres did not stop: {reason} (log: {})", .log.display())]
    StopFailed {
        /// The server's log file.
        log: PathBuf,
        /// What `pg_ctl` said.
        reason: String,
    },
    /// A copy of a running cluster could not be made.
    #[error("pg_basebackup into {} failed: {reason}", .directory.display())]
    CopyFailed {
        /// Where the copy was to go.
        directory: PathBuf,
        /// What `pg_basebackup` said.
        reason: String,
    },
    /// A file operation failed.
    #[error("cannot {action} {}", .path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
}

/// Adds what was tried, and on what, to an I/O error.
pub(super) trait At<T> {
    /// Wraps the error.
    fn at(self, action: &'static str, path: &std::path::Path) -> Result<T, ClusterError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, action: &'static str, path: &std::path::Path) -> Result<T, ClusterError> {
        self.map_err(|source| ClusterError::File { action, path: path.to_owned(), source })
    }
}
