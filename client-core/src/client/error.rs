//! The one error of the public surface, by what an app can do about it.

use std::{io, path::PathBuf};

use satchel_protocol::Rejection;

use crate::{
    error::StoreError,
    notes::NoteEditError,
    session::{SignInError, TokenStoreError},
    transport::NetworkError,
};

/// What went wrong. No text holds row contents, tokens or personal data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The policy or a rule says no: tell the person, change nothing.
    #[error("{}", .0.message)]
    Refused(Rejection),
    /// Nobody is signed in on this device.
    #[error("nobody is signed in: sign in first")]
    NotSignedIn,
    /// This phone has work that the server does not, and would be signed out: send it, export it, or say that it is to be
    /// kept here.
    #[error("{mutations} changes on this phone were not sent yet: send or export them first, or keep them here")]
    UnsentWork {
        /// How many mutations.
        mutations: usize,
    },
    /// The client was closed while it signed in.
    #[error("the client was closed")]
    Closed,
    /// Signing in failed.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The replica failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The session cannot be read or kept.
    #[error(transparent)]
    Session(#[from] TokenStoreError),
    /// The server's address or certificates make no sense.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The app's folder cannot be made.
    #[error("the folder {path} cannot be made")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A mutation's arguments cannot be written as JSON: a fault in its type.
    #[error("the arguments of {name} cannot be written as JSON")]
    Arguments {
        /// The mutation.
        name: &'static str,
    },
}

impl From<NoteEditError> for ClientError {
    fn from(error: NoteEditError) -> Self {
        match error {
            NoteEditError::Gone => {
                let message = "This note is not on this phone any more.";
                Self::Refused(Rejection::not_found("note.not_found", message))
            }
            NoteEditError::Note(error) => Self::Refused(error.into()),
            NoteEditError::Store(error) => Self::Store(error),
        }
    }
}
