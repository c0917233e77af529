//! Where sessions are kept between runs: a file here, the platform's keystore in an app.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::StoredSession;

/// Keeps one session. Calls may block.
pub trait TokenStore: Send + Sync + std::fmt::Debug {
    /// The session, if there is one.
    fn load(&self) -> Result<Option<StoredSession>, TokenStoreError>;
    /// Replaces it; durable on return.
    fn save(&self, session: &StoredSession) -> Result<(), TokenStoreError>;
    /// Forgets it.
    fn clear(&self) -> Result<(), TokenStoreError>;
}

/// The place cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum TokenStoreError {
    /// The file system says no.
    #[error("the session cannot be kept in {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is not a session; signing in replaces it.
    #[error("{path} does not hold a session: sign in again")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// A keystore says no.
    #[error("the keystore refused: {reason}")]
    Keystore {
        /// Why, without secrets.
        reason: String,
    },
}

/// In memory: gone with the process.
#[derive(Default)]
pub struct MemoryTokenStore(Mutex<Option<StoredSession>>);

impl std::fmt::Debug for MemoryTokenStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryTokenStore")
    }
}

impl TokenStore for MemoryTokenStore {
    fn load(&self) -> Result<Option<StoredSession>, TokenStoreError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn save(&self, session: &StoredSession) -> Result<(), TokenStoreError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(session.clone());
        Ok(())
    }

    fn clear(&self) -> Result<(), TokenStoreError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }
}

/// In a file only its owner may read.
#[derive(Debug)]
pub struct FileTokenStore {
    path: PathBuf,
}

impl FileTokenStore {
    /// Keeps the session in `path`; its folder must exist.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn failed(&self, source: io::Error) -> TokenStoreError {
        TokenStoreError::File { path: self.path.clone(), source }
    }
}

impl TokenStore for FileTokenStore {
    fn load(&self) -> Result<Option<StoredSession>, TokenStoreError> {
        match fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|_| TokenStoreError::Damaged { path: self.path.clone() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed(error)),
        }
    }

    fn save(&self, session: &StoredSession) -> Result<(), TokenStoreError> {
        let text = serde_json::to_vec(session).map_err(|error| self.failed(error.into()))?;
        // A crash leaves the old file or the new one, never half of one: half a session is a lost session.
        let beside = self.path.with_extension("new");
        write_private(&beside, &text)
            .and_then(|()| fs::rename(&beside, &self.path))
            .and_then(|()| sync_folder(&self.path))
            .map_err(|error| self.failed(error))
    }

    fn clear(&self) -> Result<(), TokenStoreError> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed(error)),
            _ => Ok(()),
        }
    }
}

/// Makes a rename last: a refresh token that was used is of no use, so that the file before it must not come back.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        fs::File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
