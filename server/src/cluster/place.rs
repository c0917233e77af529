//! Where a cluster's files live.
//!
//! Normally `DATA_DIR/postgres` and `DATA_DIR/socket`. When root starts a cluster below a directory
//! that the unprivileged account cannot enter (`/root/...`), the files go to [`ELSEWHERE`] instead
//! and `DATA_DIR/postgres` is a link to them: no permission outside the data directory is changed.
//! A socket whose path would be too long for the operating system goes to a private directory in
//! [`SHORT`].

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use super::{ClusterError, PORT, account::Account, error::At as _};

/// Longest path of a Unix socket, in bytes, without the closing zero.
const SOCKET_PATH_MAX_BYTES: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// Where root's clusters go when the data directory cannot be reached.
const ELSEWHERE: &str = "/var/lib/satchel";

/// Where sockets go when the data directory's path is too long.
const SHORT: &str = "/tmp";

/// Names tried in [`SHORT`] before giving up: others may hold some of them.
const SHORT_NAMES_MAX: u32 = 8;

/// The log file, inside Postgres' data directory because only there its account may surely write.
pub(super) const LOG_NAME: &str = "server.log";

/// The places of one cluster.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Postgres' own data directory.
    pub(super) data: PathBuf,
    /// The directory that holds its socket.
    pub(super) socket: PathBuf,
    /// Its log file.
    pub(super) log: PathBuf,
}

impl Place {
    /// Finds or prepares the places below `data_dir`, which exists and is canonical.
    pub(super) fn prepare(data_dir: &Path, account: &Account) -> Result<Self, ClusterError> {
        let link = data_dir.join("postgres");
        let home = match fs::read_link(&link) {
            Ok(target) => target.parent().unwrap_or(data_dir).to_owned(),
            Err(_) if account.open_way_to(data_dir)? => data_dir.to_owned(),
            Err(_) if link.exists() => return Err(unreachable_cluster(&link)),
            Err(_) => move_elsewhere(&link, account)?,
        };
        let data = home.join("postgres");
        let socket = socket_directory(&home, account)?;
        Ok(Self { log: data.join(LOG_NAME), data, socket })
    }

    /// The major version that wrote the cluster; `None` when there is no cluster yet.
    pub(super) fn existing_major(&self) -> Result<Option<u32>, ClusterError> {
        match fs::read_to_string(self.data.join("PG_VERSION")) {
            Ok(text) => {
                let major = text.trim().split('.').next().and_then(|number| number.parse().ok());
                major.map(Some).ok_or_else(|| ClusterError::NotACluster(self.data.clone()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let occupied = fs::read_dir(&self.data).is_ok_and(|entries| entries.count() > 0);
                if occupied { Err(ClusterError::NotACluster(self.data.clone())) } else { Ok(None) }
            }
            Err(source) => Err(source).at("read", &self.data.join("PG_VERSION")),
        }
    }

    /// Removes what a crashed server left in its socket directory. Call only while none runs: its
    /// process id may meanwhile be somebody else's, and Postgres would refuse to start.
    pub(super) fn clear_socket(&self) {
        for name in [format!(".s.PGSQL.{PORT}"), format!(".s.PGSQL.{PORT}.lock")] {
            // Absent is what we want; anything else Postgres will name itself.
            let _ = fs::remove_file(self.socket.join(name));
        }
    }

    /// Removes the socket directory if it is one in [`SHORT`].
    pub(super) fn remove_short_socket(&self) {
        if self.socket.starts_with(SHORT) && self.socket.parent() == Some(Path::new(SHORT)) {
            let _ = fs::remove_dir(&self.socket);
        }
    }
}

fn unreachable_cluster(path: &Path) -> ClusterError {
    ClusterError::File {
        action: "let the account of Postgres reach",
        path: path.to_owned(),
        source: std::io::ErrorKind::PermissionDenied.into(),
    }
}

/// Makes a home outside the data directory and leaves a link to it.
fn move_elsewhere(link: &Path, account: &Account) -> Result<PathBuf, ClusterError> {
    let parent = Path::new(ELSEWHERE);
    fs::create_dir_all(parent).at("create", parent)?;
    fs::set_permissions(parent, fs::Permissions::from_mode(0o711)).at("open", parent)?;
    let home = tempfile::Builder::new().prefix("cluster-").tempdir_in(parent).at("create", parent)?.keep();
    account.own(&home)?;
    symlink(home.join("postgres"), link).at("create", link)?;
    tracing::info!(home = %home.display(), "the account of Postgres cannot reach the data directory; its files go here");
    Ok(home)
}

/// A private directory whose socket path is short enough.
fn socket_directory(home: &Path, account: &Account) -> Result<PathBuf, ClusterError> {
    let beside = home.join("socket");
    if fits(&beside) && beside.to_str().is_some() {
        account.create_private(&beside)?;
        return Ok(beside);
    }
    let digest = Sha256::digest(home.as_os_str().as_encoded_bytes());
    let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    for attempt in 0..SHORT_NAMES_MAX {
        let directory = PathBuf::from(format!("{SHORT}/satchel-{name}-{attempt}"));
        // Created or already ours: never a directory somebody else prepared for us.
        if account.is_private(&directory) {
            return Ok(directory);
        }
        if fs::create_dir(&directory).is_ok() {
            account.create_private(&directory)?;
            return Ok(directory);
        }
    }
    Err(ClusterError::NoSocketDirectory(home.to_owned()))
}

fn fits(directory: &Path) -> bool {
    directory.as_os_str().len() + format!("/.s.PGSQL.{PORT}").len() <= SOCKET_PATH_MAX_BYTES
}
