//! What can go wrong with a replica file, by what a person or an app can do about it.
//!
//! Invariant: no text here holds row contents, arguments or tokens.

use std::path::PathBuf;

use satchel_protocol::ShapeError;
use satchel_rescue::RescueError;
use uuid::Uuid;

/// A failure of the local store. Whatever was asked left no trace: the file is as it was before the call.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file is not a replica, or is damaged.
    #[error(
        "the replica file {path} is damaged: have the app repair it, which keeps the file and queues the unsent work in a fresh one"
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The key does not open the file.
    #[error(
        "the replica file {path} does not open with this key: give the key it was made with, or none if it was made \
         without; if it is the right one, the file is damaged, and the app can repair it"
    )]
    WrongKey {
        /// The file.
        path: PathBuf,
    },
    /// A key was given to a build that cannot encrypt. Nothing was written.
    #[error("this build cannot encrypt replica files: build it with the feature `encrypted`, or give no key")]
    CannotEncrypt,
    /// A newer build of the app has written the file.
    #[error("the replica file has version {found}, this build knows up to {known}: update the app")]
    NewerVersion {
        /// The file's version.
        found: u32,
        /// The newest version this build knows.
        known: u32,
    },
    /// The file or its folder may not be written.
    #[error("the replica file {path} is read only: make the file and its folder writable")]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The file belongs to somebody else. Its queue is pushed only as its author.
    #[error("the replica file belongs to another user or organization: open one file per user and organization")]
    OtherIdentity,
    /// Another process, or another `Store` of this one, has the file open.
    #[error("the replica file {path} is already open: close the other app or process first")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// No room to write.
    #[error("the device has no storage left: free some and try again; nothing already entered is lost")]
    DiskFull,
    /// The file cannot be opened or made.
    #[error("the replica file {path} cannot be opened")]
    CannotOpen {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The registry has no mutation of that name.
    #[error("this build knows no mutation `{name}`")]
    UnknownMutation {
        /// The name asked for.
        name: String,
    },
    /// The arguments do not fit the mutation.
    #[error("arguments do not fit the mutation: {0}")]
    Arguments(#[source] ShapeError),
    /// The arguments exceed [`ARGS_BYTES`](satchel_protocol::limits::ARGS_BYTES).
    #[error("the arguments have {bytes} bytes, at most {limit} are allowed")]
    ArgumentsTooLarge {
        /// Their size in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// A page from the server is malformed; nothing of it was kept that a repeat would not correct.
    #[error("a page from the server is malformed: {0}")]
    Page(#[source] ShapeError),
    /// Stored data does not have the registry's shape.
    #[error("stored data does not fit this build: {0}")]
    Stored(#[source] ShapeError),
    /// A query of the app is not valid SQL, or does not only read.
    #[error("the query is not valid: {reason}")]
    Query {
        /// What SQLite said about the text of the query.
        reason: String,
    },
    /// No mutation with that key is in the queue.
    #[error("the queue has no mutation {key}")]
    NotQueued {
        /// The key asked for.
        key: Uuid,
    },
    /// The server never had the mutation, so that it cannot be handed to the office: correct it, or take it back.
    #[error("mutation {key} never reached the server: it can be corrected or taken back, not handed to the office")]
    NeverSent {
        /// Its key.
        key: Uuid,
    },
    /// The mutation may be at the server already, so it cannot be taken back here.
    #[error("mutation {key} was already sent: it can be taken back only after a refusal")]
    AlreadySent {
        /// Its key.
        key: Uuid,
    },
    /// The bundle holds somebody else's work, which is pushed only as its author.
    #[error(
        "the bundle holds the work of another user or organization: take it in where they are signed in, or at the office"
    )]
    OtherAuthor,
    /// The rescue bundle cannot be made or opened.
    #[error(transparent)]
    Rescue(#[from] RescueError),
    /// The office had this replica cleared: the file goes, and nothing can be entered into it.
    #[error("the office has this phone cleared: nothing can be entered on it any more")]
    Wiping {
        /// The device it was.
        device_id: Uuid,
    },
    /// Anything else SQLite reports.
    #[error("local storage failed")]
    Storage(#[source] Box<dyn std::error::Error + Send + Sync>),
}
