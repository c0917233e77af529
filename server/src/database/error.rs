//! What can be wrong with the database, by what somebody can do about it.

use crate::cluster::OLDEST_MAJOR;

/// Why the database could not serve.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Down, starting, stopping, out of connections, or a wait ran out: try again later.
    #[error("the database cannot answer now")]
    Unavailable(#[source] sqlx::Error),
    /// The server is too old.
    #[error("Postgres {found} is too old; {OLDEST_MAJOR} or newer is needed")]
    TooOld {
        /// Its major version.
        found: i32,
    },
    /// The login role could see past row-level security.
    #[error("the server must not log in as a superuser, with BYPASSRLS or as an owner; use role satchel_service")]
    UnsafeRole,
    /// Migrations are missing.
    #[error("the database is at migration {found}, {needed} is needed; run `satchel-server migrate`")]
    NotMigrated {
        /// The newest applied.
        found: i64,
        /// The newest of this build.
        needed: i64,
    },
    /// A standby: changes cannot be made there, and its snapshots do not serve as cursors.
    #[error("this database is a standby; connect to its primary")]
    Standby,
    /// The user has no membership in the organization.
    #[error("the user is not a member of this organization")]
    NotAMember,
    /// What let the user in was taken back.
    #[error("the caller's {} has ended", .0.what())]
    Ended(Ended),
    /// A statement failed: a fault of the server.
    #[error("a statement failed")]
    Query(#[source] sqlx::Error),
}

/// What let a caller in, and was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The session: signed out, ended from elsewhere, or by a new password.
    Session,
    /// The session, with the device that uses it.
    Device,
    /// The membership, or the user.
    Membership,
    /// The API key was revoked.
    Key,
    /// The API key's time is over.
    KeyExpired,
}

impl Ended {
    const ALL: [Self; 5] = [Self::Session, Self::Device, Self::Membership, Self::Key, Self::KeyExpired];

    /// As clients are told, in `details.reason`.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Session => "session_revoked",
            Self::Device => "device_revoked",
            Self::Membership => "membership_ended",
            Self::Key => "key_revoked",
            Self::KeyExpired => "key_expired",
        }
    }

    /// By its reason; `None` for other words.
    pub fn of(reason: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ended| ended.reason() == reason)
    }

    fn what(self) -> &'static str {
        match self {
            Self::Session | Self::Device => "session",
            Self::Membership => "membership",
            Self::Key | Self::KeyExpired => "API key",
        }
    }
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        if is_unavailable(&error) { Self::Unavailable(error) } else { Self::Query(error) }
    }
}

fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            // Connection lost, out of connections or memory, shut down, starting up, lock or statement timeout,
            // silence in a transaction.
            ["08", "53", "57P"].iter().any(|class| code.starts_with(class))
                || ["55P03", "57014", "25P03"].contains(&code.as_ref())
        }),
        _ => false,
    }
}
