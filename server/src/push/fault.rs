//! What a failure means: a verdict, another try, patience, or a fault of the server.

use satchel_protocol::Rejection;

use crate::store::StoreError;

/// Why a piece of work could not be written.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A rule of the database says no. The verdict, once it is known which mutation it is about.
    Refused(Rejection),
    /// Rows were not written, and there is no savepoint to go back to and find out why.
    Missed,
    /// The transaction lost against another one and has to run again.
    Again,
    /// The database cannot do it now.
    Later(StoreError),
    /// The server's own fault.
    Fault(Fault),
}

/// A fault of the server: not a verdict.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The store failed in a way no mutation should cause.
    #[error("the store failed")]
    Store(#[source] StoreError),
    /// The rule panicked.
    #[error("the rule panicked")]
    Panic,
    /// The rule asked for more and more rows.
    #[error("the rule asked for data {0} times")]
    Rounds(usize),
    /// Rows kept changing although they were locked.
    #[error("rows changed while they were locked")]
    Restless,
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match (passing(&error), refusal(&error)) {
            // Whatever asks for so much may ask for it every time: counted, lest it be tried for ever.
            _ if took_too_long(&error) => Self::Fault(Fault::Store(error)),
            (Some(Passing::Again), _) => Self::Again,
            (Some(Passing::Later), _) => Self::Later(error),
            (None, Some(rejection)) => Self::Refused(rejection),
            (None, None) => Self::Fault(Fault::Store(error)),
        }
    }
}

/// A failure that says nothing about what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passing {
    /// The transaction lost against another one and has to run again.
    Again,
    /// The database cannot do it now.
    Later,
}

/// Whether the failure passes by itself.
pub(super) fn passing(error: &StoreError) -> Option<Passing> {
    let StoreError::Database(error) = error else { return None };
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Some(Passing::Later),
        sqlx::Error::Database(error) => match error.code().as_deref()? {
            "40001" | "40P01" => Some(Passing::Again),
            // Lock timeout, transaction timeouts; then the classes connection, resources, operator intervention, I/O.
            "55P03" | "25P03" | "25P04" => Some(Passing::Later),
            code if matches!(code.get(..2), Some("08" | "53" | "57" | "58")) => Some(Passing::Later),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a statement ran into its time limit.
fn took_too_long(error: &StoreError) -> bool {
    const CANCELED: &str = "57014";
    matches!(error, StoreError::Database(sqlx::Error::Database(error)) if error.code().as_deref() == Some(CANCELED))
}

/// The verdict a refusal of the database amounts to. Tells the person what was refused, the log which constraint.
fn refusal(error: &StoreError) -> Option<Rejection> {
    let StoreError::Database(sqlx::Error::Database(error)) = error else { return None };
    let code = error.code()?;
    tracing::debug!(%code, table = error.table(), constraint = error.constraint(), "the database refused rows");
    match &*code {
        "42501" => Some(forbidden()),
        "23505" | "23P01" => Some(exists()),
        "23503" => Some(Rejection::conflict(
            "row.rule",
            "Something this refers to does not exist any more, or is still in use. Nothing was changed.",
        )),
        _ => match code.get(..2)? {
            "23" => Some(Rejection::conflict(
                "row.rule",
                "This contradicts a rule that holds for everybody. Nothing was changed.",
            )),
            "22" => Some(Rejection::bad_request(
                "row.value",
                "A value does not fit: too large, too long, or with characters that cannot be stored.",
            )),
            _ => None,
        },
    }
}

/// Row-level security refused.
pub(super) fn forbidden() -> Rejection {
    Rejection::forbidden("row.forbidden", "You are not allowed to change this. Ask your office if you should be.")
}

/// The identity is in use.
pub(super) fn exists() -> Rejection {
    Rejection::conflict("row.exists", "Something with the same identity already exists. Nothing was changed.")
}

/// A rule would have to look at more rows than one answer may have.
pub(super) fn too_many_rows() -> Rejection {
    Rejection::conflict("row.too_many", "This touches more entries at once than can be handled. Ask your office.")
}
