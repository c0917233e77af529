//! The operating-system account that Postgres' processes run as.
//!
//! Postgres refuses to run as root. When this process is root, its programs run as the owner of the
//! existing cluster, else as `postgres`, else as `nobody`. Otherwise they run as this process does.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, chown, lchown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{ClusterError, error::At as _};

/// Accounts tried when started as root, in order.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// Settings of the caller's environment that would reach into the private cluster.
const FOREIGN_ENVIRONMENT: [&str; 8] =
    ["PGDATA", "PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS", "PGSERVICE"];

/// Who runs Postgres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    uid: u32,
    gid: u32,
    /// This process is root, so its children have to become the account.
    switch: bool,
}

impl Account {
    /// Chooses the account for the cluster in `data`, which need not exist yet.
    pub(super) fn choose(data: &Path) -> Result<Self, ClusterError> {
        let current = rustix::process::geteuid().as_raw();
        let owner = match fs::metadata(data) {
            Ok(metadata) => Some((metadata.uid(), metadata.gid())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(source) => return Err(source).at("inspect", data),
        };
        if current != 0 {
            return match owner {
                Some((owner, _)) if owner != current => {
                    Err(ClusterError::OwnedByOther { directory: data.to_owned(), owner, current })
                }
                _ => Ok(Self { uid: current, gid: rustix::process::getegid().as_raw(), switch: false }),
            };
        }
        if let Some((uid, gid)) = owner
            && uid != 0
        {
            return Ok(Self { uid, gid, switch: true });
        }
        let found = UNPRIVILEGED.iter().find_map(|name| Some((id_of(name, "-u")?, id_of(name, "-g")?)));
        let (uid, gid) = found.ok_or(ClusterError::NoUnprivilegedAccount)?;
        Ok(Self { uid, gid, switch: true })
    }

    /// A command that runs as this account, from a directory it can enter, untouched by the
    /// caller's own Postgres settings, and speaking English so that its words can be recognised.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").stdin(Stdio::null()).env("LC_ALL", "C");
        for name in FOREIGN_ENVIRONMENT {
            command.env_remove(name);
        }
        if self.switch {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Creates `directory`, when absent, as one that only this account may enter.
    pub(super) fn create_private(&self, directory: &Path) -> Result<(), ClusterError> {
        if !directory.is_dir() {
            fs::create_dir(directory).at("create", directory)?;
        }
        fs::set_permissions(directory, fs::Permissions::from_mode(0o700)).at("restrict", directory)?;
        self.own(directory)
    }

    /// Whether `directory` is a real directory of this account that nobody else may enter.
    pub(super) fn is_private(&self, directory: &Path) -> bool {
        fs::symlink_metadata(directory)
            .is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == self.uid && metadata.mode() & 0o077 == 0)
    }

    /// Gives one file or directory to this account.
    pub(super) fn own(&self, path: &Path) -> Result<(), ClusterError> {
        if !self.switch {
            return Ok(());
        }
        chown(path, Some(self.uid), Some(self.gid)).at("change the owner of", path)
    }

    /// Gives a whole tree that belongs to root, such as a restored copy, to this account.
    pub(super) fn own_tree(&self, root: &Path) -> Result<(), ClusterError> {
        if !self.switch || fs::metadata(root).at("inspect", root)?.uid() == self.uid {
            return Ok(());
        }
        let mut waiting = vec![root.to_owned()];
        while let Some(path) = waiting.pop() {
            lchown(&path, Some(self.uid), Some(self.gid)).at("change the owner of", &path)?;
            if fs::symlink_metadata(&path).at("inspect", &path)?.is_dir() {
                for entry in fs::read_dir(&path).at("list", &path)? {
                    waiting.push(entry.at("list", &path)?.path());
                }
            }
        }
        Ok(())
    }

    /// Lets this account pass through `directory` and its parents, as far as that is ours to give:
    /// the directory itself, and root's own directories below the system's temporary directory.
    /// Answers whether the account can now get there.
    pub(super) fn open_way_to(&self, directory: &Path) -> Result<bool, ClusterError> {
        if !self.switch {
            return Ok(true);
        }
        let temporary: Vec<PathBuf> =
            [std::env::temp_dir(), PathBuf::from("/tmp")].iter().flat_map(fs::canonicalize).collect();
        for step in directory.ancestors() {
            let metadata = fs::metadata(step).at("inspect", step)?;
            if self.may_pass(&metadata) {
                continue;
            }
            let below_temporary = temporary.iter().any(|root| step != root && step.starts_with(root));
            if metadata.uid() != 0 || (step != directory && !below_temporary) {
                return Ok(false);
            }
            // The narrowest grant: this account's group where the group has no rights yet.
            let mode = if metadata.mode() & 0o070 == 0 {
                chown(step, None, Some(self.gid)).at("change the group of", step)?;
                metadata.mode() | 0o010
            } else {
                metadata.mode() | 0o001
            };
            fs::set_permissions(step, fs::Permissions::from_mode(mode)).at("open", step)?;
        }
        Ok(true)
    }

    fn may_pass(&self, metadata: &fs::Metadata) -> bool {
        let bit = match metadata {
            owned if owned.uid() == self.uid => 0o100,
            shared if shared.gid() == self.gid => 0o010,
            _ => 0o001,
        };
        metadata.mode() & bit != 0
    }
}

/// The numeric id of a named account, if it exists.
fn id_of(name: &str, which: &str) -> Option<u32> {
    let output = Command::new("id").args([which, name]).output().ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}
