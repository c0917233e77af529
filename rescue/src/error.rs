//! What can go wrong with a bundle, by what a person can do about it.

/// A bundle that was not made or not opened. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RescueError {
    /// The file is something else.
    #[error("this is no rescue bundle: choose the file the app exported")]
    NotABundle,
    /// The passphrase or key does not fit.
    #[error("the bundle does not open with this passphrase or key: check it and try again")]
    WrongKey,
    /// Cut short, or changed on its way.
    #[error("the bundle is damaged or incomplete: copy the file again from where it was exported")]
    Damaged,
    /// Too big to take.
    #[error("the bundle has more than {limit_bytes} bytes and is not taken")]
    TooLarge {
        /// The limit in bytes.
        limit_bytes: usize,
    },
    /// More work than fits in one bundle.
    #[error("there are {mutations} mutations to rescue, one bundle takes {limit}")]
    TooMany {
        /// How many there are.
        mutations: usize,
        /// How many fit.
        limit: usize,
    },
    /// A newer app has made it.
    #[error("the bundle has format {found}, this build reads up to {known}: update first")]
    Newer {
        /// Its format.
        found: u32,
        /// The newest this build reads.
        known: u32,
    },
    /// The passphrase is too short to protect anything.
    #[error("the passphrase needs at least {least} characters")]
    ShortPassphrase {
        /// How many it needs.
        least: usize,
    },
    /// What was given as a public key or identity is none.
    #[error("this is not an age key: a public one starts with `age1`, a secret one with `AGE-SECRET-KEY-1`")]
    NotAKey,
}
