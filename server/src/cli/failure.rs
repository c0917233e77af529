//! What a command says when it fails: one sentence, with what to do.

use std::{error::Error, io::Write as _, process::ExitCode};

use crate::{
    auth::SecretsError, cluster::ClusterError, database::DatabaseError, feed::touch::TouchError, import::ImportError,
    migrate::MigrateError, policy::PolicyError, seed::SeedError,
};

/// Why a command failed.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure in one sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// A failure with its cause, and the causes below that.
    pub fn with_cause(sentence: &str, cause: &(dyn Error + 'static)) -> Self {
        Self(format!("{sentence}: {}", chain(cause)))
    }

    /// Prints it and gives the exit code.
    pub(super) fn report(self) -> ExitCode {
        // Nobody is left to tell when standard error is closed.
        let _ = writeln!(std::io::stderr(), "error: {}", self.0);
        ExitCode::FAILURE
    }
}

/// An error and what caused it, outermost first; a cause that repeats the one above is left out.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        next = error.source();
        let sentence = match error.downcast_ref::<sqlx::Error>() {
            Some(error) => database(error),
            None => error.to_string(),
        };
        if said.last().is_none_or(|last| !last.contains(&sentence)) {
            said.push(sentence);
        }
        if error.is::<sqlx::Error>() {
            break;
        }
    }
    said.join(": ")
}

/// What a database error means to an operator. Never the values of rows, which stand in Postgres' details.
fn database(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Io(error) => {
            format!("no Postgres answers there ({error}): is it running, are host and port right?")
        }
        sqlx::Error::Tls(_) => "Postgres is there, but the encrypted connection failed: check sslmode".to_owned(),
        sqlx::Error::PoolTimedOut => "Postgres gave no connection in time: is it overloaded?".to_owned(),
        sqlx::Error::Database(error) => match error.code().as_deref() {
            Some("28P01" | "28000") => "Postgres refused the user name or password of the URL".to_owned(),
            Some("3D000") => "the database of the URL does not exist: create it first".to_owned(),
            Some("3F000" | "42P01" | "42883") => "the database is not migrated: run satchel-server migrate".to_owned(),
            Some("42501") => {
                "the database role lacks the rights: use an admin in SATCHEL_ADMIN_DATABASE_URL".to_owned()
            }
            Some("53300") => {
                "Postgres has no connections left: raise max_connections or stop other programs".to_owned()
            }
            Some("57P03") => "Postgres is starting or stopping: try again in a moment".to_owned(),
            _ => format!("Postgres says: {}", error.message()),
        },
        other => other.to_string(),
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self(database(&error))
    }
}

macro_rules! from {
    ($($error:ty),+ $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self(chain(&error))
            }
        })+
    };
}

from!(ClusterError, DatabaseError, MigrateError, PolicyError, SecretsError);

impl From<SeedError> for Failure {
    fn from(error: SeedError) -> Self {
        match error {
            SeedError::Database(error) => error.into(),
            other => Self(chain(&other)),
        }
    }
}

impl From<TouchError> for Failure {
    fn from(error: TouchError) -> Self {
        match error {
            TouchError::Database(error) => error.into(),
            other => Self(chain(&other)),
        }
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Database(error) => error.into(),
            other => Self(chain(&other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_its_causes_once_each() {
        let refused = std::io::Error::new(std::io::ErrorKind::ConnectionRefused, "refused");
        let failure = Failure::from(DatabaseError::Unavailable(sqlx::Error::Io(refused)));
        assert_eq!(
            failure.0,
            "the database cannot answer now: no Postgres answers there (refused): is it running, are host and port \
             right?"
        );
    }
}
