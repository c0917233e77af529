//! The two secrets tokens are made with, and those they were made with before.

use std::{
    fmt, fs,
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// Bytes a secret must have at least (R4).
pub const SECRET_BYTES: usize = 32;

/// Names the environment variable of the access secret.
pub const ACCESS_VARIABLE: &str = "SATCHEL_ACCESS_SECRET";
/// Names the environment variable of the refresh secret.
pub const REFRESH_VARIABLE: &str = "SATCHEL_REFRESH_SECRET";

/// Names the environment variable of the access secret before, while tokens of it are about.
pub const ACCESS_PREVIOUS_VARIABLE: &str = "SATCHEL_ACCESS_SECRET_PREVIOUS";
/// Names the environment variable of the refresh secret before, while tokens of it are about.
pub const REFRESH_PREVIOUS_VARIABLE: &str = "SATCHEL_REFRESH_SECRET_PREVIOUS";

/// Signs access tokens, and hashes refresh tokens. Never printed.
#[derive(Clone)]
pub struct Secrets {
    pub(super) access: Pair,
    pub(super) refresh: Pair,
}

/// A secret, and the one it took the place of.
#[derive(Clone)]
pub(super) struct Pair {
    /// Makes new tokens.
    pub(super) current: Vec<u8>,
    /// Old tokens may still be of this one.
    pub(super) previous: Option<Vec<u8>>,
}

impl Pair {
    /// The current one first.
    pub(super) fn all(&self) -> impl Iterator<Item = &[u8]> {
        std::iter::once(self.current.as_slice()).chain(self.previous.as_deref())
    }
}

/// Why there are no usable secrets.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// Not set, and no private data directory to keep generated ones in.
    #[error("{0} is not set: give it at least {SECRET_BYTES} random bytes (openssl rand -base64 48)")]
    Missing(&'static str),
    /// Set, but too easy to guess.
    #[error("{0} is shorter than {SECRET_BYTES} bytes: give it random ones (openssl rand -base64 48)")]
    TooShort(&'static str),
    /// One secret for both would let an access token's key read refresh tokens.
    #[error("{ACCESS_VARIABLE} and {REFRESH_VARIABLE} are the same: they must differ")]
    Same,
    /// A secret and the one before it are the same, so that nothing was exchanged.
    #[error("{0} is the same as the secret that took its place: leave it out")]
    NotExchanged(&'static str),
    /// The kept file cannot be used.
    #[error("cannot {action} {}: check that this account may do that", .path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
}

impl Secrets {
    /// Checks and takes two secrets.
    ///
    /// # Errors
    /// [`SecretsError::TooShort`], [`SecretsError::Same`].
    pub fn new(access: impl Into<Vec<u8>>, refresh: impl Into<Vec<u8>>) -> Result<Self, SecretsError> {
        let (access, refresh) = (access.into(), refresh.into());
        if access.len() < SECRET_BYTES {
            return Err(SecretsError::TooShort(ACCESS_VARIABLE));
        }
        if refresh.len() < SECRET_BYTES {
            return Err(SecretsError::TooShort(REFRESH_VARIABLE));
        }
        if access == refresh {
            return Err(SecretsError::Same);
        }
        Ok(Self {
            access: Pair { current: access, previous: None },
            refresh: Pair { current: refresh, previous: None },
        })
    }

    /// Also takes tokens of the secrets before, which make no new ones. Empty ones count as none.
    ///
    /// # Errors
    /// [`SecretsError::TooShort`], [`SecretsError::NotExchanged`].
    pub fn with_previous(mut self, access: Option<Vec<u8>>, refresh: Option<Vec<u8>>) -> Result<Self, SecretsError> {
        self.access.previous = previous(access, &self.access.current, ACCESS_PREVIOUS_VARIABLE)?;
        self.refresh.previous = previous(refresh, &self.refresh.current, REFRESH_PREVIOUS_VARIABLE)?;
        Ok(self)
    }

    /// Fresh secrets that die with the process; sessions do not outlive it.
    pub fn generate() -> Self {
        let pair = || Pair { current: random().into_bytes(), previous: None };
        Self { access: pair(), refresh: pair() }
    }

    /// The secrets kept in `data_dir/secrets`, made there at the first call, readable by this account alone. A file
    /// that was renamed to `access-previous` or `refresh-previous` holds the secret before.
    ///
    /// # Errors
    /// [`SecretsError::File`], and those of [`Secrets::new`] and [`Secrets::with_previous`] when somebody edited the
    /// files.
    pub fn kept_in(data_dir: &Path) -> Result<Self, SecretsError> {
        let directory = data_dir.join("secrets");
        fs::create_dir_all(&directory).map_err(|source| failed("create", &directory, source))?;
        let before = |name: &str| if_there(&directory.join(name));
        Self::new(kept(&directory.join("access"))?, kept(&directory.join("refresh"))?)?
            .with_previous(before("access-previous")?, before("refresh-previous")?)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

/// [`SECRET_BYTES`] random bytes as text, so that a kept file can be copied into a variable.
fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; SECRET_BYTES]>())
}

fn previous(secret: Option<Vec<u8>>, current: &[u8], variable: &'static str) -> Result<Option<Vec<u8>>, SecretsError> {
    match secret.filter(|secret| !secret.is_empty()) {
        Some(secret) if secret.len() < SECRET_BYTES => Err(SecretsError::TooShort(variable)),
        Some(secret) if secret == current => Err(SecretsError::NotExchanged(variable)),
        secret => Ok(secret),
    }
}

fn if_there(path: &Path) -> Result<Option<Vec<u8>>, SecretsError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes.trim_ascii().to_vec())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path, error)),
    }
}

fn kept(path: &Path) -> Result<Vec<u8>, SecretsError> {
    let read = |source| failed("read", path, source);
    if let Some(secret) = if_there(path)? {
        return Ok(secret);
    }
    // Written aside and linked, so that two servers starting at once agree on one of the two.
    let aside = path.with_extension(std::process::id().to_string());
    let write = || -> std::io::Result<()> {
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
        file.write_all(random().as_bytes())?;
        file.sync_all()?;
        match fs::hard_link(&aside, path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => fs::remove_file(&aside),
        }
    };
    write().map_err(|source| failed("write", path, source))?;
    fs::read(path).map_err(read)
}

fn failed(action: &'static str, path: &Path, source: std::io::Error) -> SecretsError {
    SecretsError::File { action, path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn short_or_equal_secrets_are_refused() {
        let long = "a".repeat(SECRET_BYTES);
        assert!(matches!(Secrets::new("short", long.clone()), Err(SecretsError::TooShort(ACCESS_VARIABLE))));
        assert!(matches!(Secrets::new(long.clone(), "short"), Err(SecretsError::TooShort(REFRESH_VARIABLE))));
        assert!(matches!(Secrets::new(long.clone(), long.clone()), Err(SecretsError::Same)));
        let secrets = Secrets::new(long.clone(), "b".repeat(SECRET_BYTES)).unwrap();
        let before = |access: &str| secrets.clone().with_previous(Some(access.as_bytes().to_vec()), None);
        assert!(matches!(before("short"), Err(SecretsError::TooShort(ACCESS_PREVIOUS_VARIABLE))));
        assert!(matches!(before(&long), Err(SecretsError::NotExchanged(ACCESS_PREVIOUS_VARIABLE))));
        assert!(before("").unwrap().access.previous.is_none());
        assert!(before(&"c".repeat(SECRET_BYTES)).unwrap().access.previous.is_some());
    }

    #[test]
    fn kept_secrets_are_made_once_and_private() {
        let directory = tempfile::tempdir().unwrap();
        let first = Secrets::kept_in(directory.path()).unwrap();
        let second = Secrets::kept_in(directory.path()).unwrap();
        assert_eq!(first.access.current, second.access.current);
        assert_eq!(first.refresh.current, second.refresh.current);
        assert_ne!(first.access.current, first.refresh.current);
        for name in ["access", "refresh"] {
            let mode = fs::metadata(directory.path().join("secrets").join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(format!("{first:?}"), "Secrets");
        // Exchanging one: the old file gets another name, and a new secret is made.
        let secrets = directory.path().join("secrets");
        fs::rename(secrets.join("refresh"), secrets.join("refresh-previous")).unwrap();
        let third = Secrets::kept_in(directory.path()).unwrap();
        assert_eq!(third.refresh.previous.as_ref(), Some(&first.refresh.current));
        assert_ne!(third.refresh.current, first.refresh.current);
    }
}
