//! The one error of the boundary, by what an app can do about it.

use satchel_client::{
    ClientError, StoreError,
    engine::{Class, Failure},
    session::SignInError,
};
use satchel_protocol::{ErrorCode, Rejection};
use uuid::Uuid;

use crate::types::Membership;

/// What went wrong. No text holds row contents, tokens or personal data.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum SatchelError {
    /// A rule says no and nothing changed: show the explanation.
    #[error("{explanation}")]
    Refused {
        /// The kind of refusal.
        kind: RefusalKind,
        /// A stable reason for programs, `aggregate.rule`.
        reason: String,
        /// A sentence a person can act on.
        explanation: String,
        /// Facts to show beside it, a JSON object, where there are some.
        details_json: Option<String>,
    },
    /// Nobody is signed in: show the sign-in screen.
    #[error("nobody is signed in: sign in first")]
    NotSignedIn,
    /// This phone has work that the server does not: offer to send or export it, or to keep it here.
    #[error("{mutations} changes on this phone were not sent yet")]
    UnsentWork {
        /// How many.
        mutations: u64,
    },
    /// The server refuses this sign-in: show why.
    #[error("{explanation}")]
    SignInRefused {
        /// A sentence a person can act on.
        explanation: String,
    },
    /// The user must choose one of their organizations: ask, and sign in again with its id.
    #[error("choose one of {} organizations", .memberships.len())]
    ChooseOrganization {
        /// The organizations.
        memberships: Vec<Membership>,
    },
    /// The server cannot be asked now: offer to try again.
    #[error("{explanation}")]
    Unavailable {
        /// A sentence a person can act on.
        explanation: String,
        /// Milliseconds the server asked to wait.
        retry_after_ms: Option<u64>,
    },
    /// The app is too old for the file or the server: offer the update. Nothing entered is lost.
    #[error("{explanation}")]
    UpdateRequired {
        /// A sentence a person can act on.
        explanation: String,
    },
    /// The caller passed something that makes no sense: a fault of the app.
    #[error("{explanation}")]
    InvalidInput {
        /// What, without its value.
        explanation: String,
    },
    /// An argument or a result is beyond its limit.
    #[error("{size} {unit}, at most {limit} are allowed")]
    TooLarge {
        /// How large it is, or the first size found beyond the limit.
        size: u64,
        /// The limit.
        limit: u64,
        /// What is counted: `bytes` or `rows`.
        unit: String,
    },
    /// No mutation with that key waits any more: show the list anew.
    #[error("no mutation {key} waits")]
    NotQueued {
        /// The key.
        key: Uuid,
    },
    /// It may be at the server already: it can be taken back only after a refusal.
    #[error("mutation {key} was already sent: it can be taken back only after a refusal")]
    AlreadySent {
        /// The key.
        key: Uuid,
    },
    /// The server never had it, so that the office could not find it: correct it, or take it back.
    #[error("mutation {key} never reached the server: it can be corrected or taken back, not handed to the office")]
    NeverSent {
        /// The key.
        key: Uuid,
    },
    /// The rescue bundle was not made or not taken in: show why. Nothing was changed.
    #[error("{explanation}")]
    RescueRefused {
        /// A sentence a person can act on.
        explanation: String,
    },
    /// The device is full: ask for room. Nothing entered is lost.
    #[error("the device has no storage left: free some and try again; nothing already entered is lost")]
    StorageFull,
    /// Another client of this or another process has the files open: use that one, or close it.
    #[error("{path} is already open: close the other client or process first")]
    InUse {
        /// The file.
        path: String,
    },
    /// The files cannot be read or written: tell support. Nothing is deleted.
    #[error("{explanation}")]
    StorageFailed {
        /// What, and what to do.
        explanation: String,
    },
    /// The replica does not open under the key that was given, or was made with one and none was given: find the key, and
    /// delete nothing.
    #[error("{explanation}")]
    KeyRefused {
        /// What, and what to do.
        explanation: String,
    },
    /// The keystore of the app said no: try again once the device is unlocked.
    #[error("{explanation}")]
    SessionStoreFailed {
        /// Why, without secrets.
        explanation: String,
    },
    /// The client was closed: open another.
    #[error("this client was closed: open another")]
    Closed,
    /// A fault of this library; [`diagnostics`](crate::diagnostics) has an entry.
    #[error("{explanation}")]
    Internal {
        /// What failed.
        explanation: String,
    },
}

/// The kind of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RefusalKind {
    /// The arguments make no sense whatever the data.
    BadRequest,
    /// The user may not do this.
    Forbidden,
    /// What it is about does not exist, or not for this user.
    NotFound,
    /// A rule forbids it in the present state.
    Conflict,
    /// Anything else.
    Other,
}

impl RefusalKind {
    pub(crate) fn of(code: ErrorCode) -> Self {
        match code {
            ErrorCode::BadRequest => Self::BadRequest,
            ErrorCode::Forbidden => Self::Forbidden,
            ErrorCode::NotFound => Self::NotFound,
            ErrorCode::Conflict => Self::Conflict,
            _ => Self::Other,
        }
    }
}

impl SatchelError {
    /// A fault of the caller.
    pub(crate) fn invalid(explanation: impl Into<String>) -> Self {
        Self::InvalidInput { explanation: explanation.into() }
    }
}

impl From<Rejection> for SatchelError {
    fn from(rejection: Rejection) -> Self {
        Self::Refused {
            kind: RefusalKind::of(rejection.code),
            reason: rejection.reason,
            explanation: rejection.message,
            details_json: (!rejection.details.is_null()).then(|| rejection.details.to_string()),
        }
    }
}

impl From<Failure> for SatchelError {
    fn from(failure: Failure) -> Self {
        let (explanation, retry_after_ms) = (failure.message, failure.retry_after_ms);
        match (failure.class, failure.code) {
            (_, Some(ErrorCode::UpgradeRequired)) => Self::UpdateRequired { explanation },
            (Class::Network | Class::Later, _) => Self::Unavailable { explanation, retry_after_ms },
            (Class::SignIn | Class::Permanent, _) => Self::SignInRefused { explanation },
        }
    }
}

impl From<SignInError> for SatchelError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused(failure) => failure.into(),
            SignInError::ChooseOrganization(memberships) => {
                Self::ChooseOrganization { memberships: memberships.into_iter().map(Membership::from).collect() }
            }
            SignInError::Store(_) => Self::SessionStoreFailed { explanation: error.to_string() },
            other => Self::SignInRefused { explanation: other.to_string() },
        }
    }
}

impl From<StoreError> for SatchelError {
    fn from(error: StoreError) -> Self {
        let explanation = error.to_string();
        match error {
            StoreError::NewerVersion { .. } => Self::UpdateRequired { explanation },
            StoreError::InUse { path } => Self::InUse { path: path.display().to_string() },
            StoreError::DiskFull => Self::StorageFull,
            StoreError::WrongKey { .. } => Self::KeyRefused { explanation },
            StoreError::UnknownMutation { .. }
            | StoreError::Arguments(_)
            | StoreError::Query { .. }
            | StoreError::CannotEncrypt => Self::InvalidInput { explanation },
            StoreError::ArgumentsTooLarge { bytes, limit } => {
                Self::TooLarge { size: bytes as u64, limit: limit as u64, unit: "bytes".to_owned() }
            }
            StoreError::NotQueued { key } => Self::NotQueued { key },
            StoreError::AlreadySent { key } => Self::AlreadySent { key },
            StoreError::NeverSent { key } => Self::NeverSent { key },
            StoreError::OtherAuthor | StoreError::Rescue(_) => Self::RescueRefused { explanation },
            StoreError::Corrupt { .. }
            | StoreError::ReadOnly { .. }
            | StoreError::OtherIdentity
            | StoreError::CannotOpen { .. }
            | StoreError::Storage(_) => Self::StorageFailed { explanation },
            _ => Self::Internal { explanation },
        }
    }
}

impl From<ClientError> for SatchelError {
    fn from(error: ClientError) -> Self {
        let explanation = error.to_string();
        match error {
            ClientError::Refused(rejection) => rejection.into(),
            ClientError::NotSignedIn => Self::NotSignedIn,
            ClientError::UnsentWork { mutations } => Self::UnsentWork { mutations: mutations as u64 },
            ClientError::Closed => Self::Closed,
            ClientError::SignIn(error) => error.into(),
            ClientError::Store(error) => error.into(),
            ClientError::Session(_) => Self::SessionStoreFailed { explanation },
            ClientError::Network(_) | ClientError::Arguments { .. } => Self::InvalidInput { explanation },
            ClientError::Folder { .. } => Self::StorageFailed { explanation },
            _ => Self::Internal { explanation },
        }
    }
}
