//! Finding Postgres' server programs on this machine.
//!
//! A directory counts when it holds all of [`PROGRAMS`]. Order: the directory named by the caller or by
//! `SATCHEL_PG_BIN` (then nothing else is looked at), `PATH`, `pg_config --bindir`, the directories
//! that distributions and Homebrew use, newest first. An existing cluster picks the programs of its
//! own major version, wherever they stand in that order.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{ClusterError, OLDEST_MAJOR, account::Account};

/// What a directory must hold to count.
const PROGRAMS: [&str; 3] = ["postgres", "initdb", "pg_ctl"];

/// Parents of per-version directories, with what follows the version.
const VERSIONED: [(&str, &str, &str); 4] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
];

/// The server programs of one Postgres version.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    /// Where they are.
    pub(super) directory: PathBuf,
    /// Their major version.
    pub(super) major: u32,
}

impl Binaries {
    /// Finds programs that can run a cluster of `wanted_major`, or any that are new enough.
    pub(super) fn find(
        named: Option<&Path>,
        wanted_major: Option<(u32, &Path)>,
        account: &Account,
    ) -> Result<Self, ClusterError> {
        let named = named.map(Path::to_owned).or_else(|| env::var_os("SATCHEL_PG_BIN").map(Into::into));
        let candidates = named.map_or_else(usual_places, |directory| vec![directory]);
        let mut installed = Vec::new();
        let mut not_runnable = None;
        for directory in candidates.iter().filter(|directory| is_complete(directory)) {
            match major_of(directory, account) {
                Ok(major) => installed.push(Self { directory: directory.clone(), major }),
                Err(error) => not_runnable = Some(error),
            }
        }
        if installed.is_empty() {
            return Err(not_runnable.unwrap_or_else(|| ClusterError::BinariesMissing {
                searched: candidates.iter().map(|directory| directory.display().to_string()).collect(),
            }));
        }
        if let Some((directory_major, directory)) = wanted_major
            && directory_major >= OLDEST_MAJOR
        {
            let found = installed.iter().find(|binaries| binaries.major == directory_major).cloned();
            return found.ok_or_else(|| ClusterError::OtherMajor {
                directory: directory.to_owned(),
                directory_major,
                installed: installed.iter().map(|binaries| binaries.major).collect(),
            });
        }
        if let Some((major, directory)) = wanted_major {
            return Err(ClusterError::TooOld { major, directory: directory.to_owned() });
        }
        let newest = installed.iter().max_by_key(|binaries| binaries.major).cloned();
        let first_fitting = installed.into_iter().find(|binaries| binaries.major >= OLDEST_MAJOR);
        first_fitting.ok_or_else(|| {
            let newest = newest.expect("emptiness was checked above");
            ClusterError::TooOld { major: newest.major, directory: newest.directory }
        })
    }

    /// The path of one program.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

/// Every directory worth looking into, in order, without repeats.
fn usual_places() -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = Vec::new();
    let path = env::var_os("PATH").unwrap_or_default();
    for directory in env::split_paths(&path) {
        // A link such as /usr/local/bin/pg_ctl stands for the directory it points into.
        if let Ok(program) = fs::canonicalize(directory.join("pg_ctl"))
            && let Some(parent) = program.parent()
        {
            places.push(parent.to_owned());
        }
    }
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        places.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    for (parent, prefix, below) in VERSIONED {
        places.extend(versions_in(Path::new(parent), prefix).into_iter().map(|directory| directory.join(below)));
    }
    places.push(PathBuf::from("/opt/homebrew/bin"));
    places.push(PathBuf::from("/usr/local/pgsql/bin"));
    let mut seen = std::collections::HashSet::new();
    places.retain(|place| !place.as_os_str().is_empty() && seen.insert(place.clone()));
    places
}

/// The subdirectories called `prefix` and a number, highest number first.
fn versions_in(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let mut found: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((version, entry.path()))
        })
        .collect();
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    found.into_iter().map(|(_, directory)| directory).collect()
}

fn is_complete(directory: &Path) -> bool {
    PROGRAMS.iter().all(|program| directory.join(program).is_file())
}

/// Asks `postgres --version`, as the account that will run it.
fn major_of(directory: &Path, account: &Account) -> Result<u32, ClusterError> {
    let program = directory.join("postgres");
    let output = account
        .command(&program)
        .arg("--version")
        .output()
        .map_err(|source| ClusterError::NotRunnable { program: program.clone(), source })?;
    parse_major(&String::from_utf8_lossy(&output.stdout)).ok_or_else(|| ClusterError::NotRunnable {
        program,
        source: std::io::Error::other("it does not tell its version"),
    })
}

/// `postgres (PostgreSQL) 15.18 (Debian ...)` and `postgres (PostgreSQL) 18beta1` alike.
fn parse_major(version: &str) -> Option<u32> {
    let (_, number) = version.split_once("(PostgreSQL) ")?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse_major;

    #[test]
    fn versions_are_read() {
        assert_eq!(parse_major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_major("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(parse_major("cannot execute"), None);
    }
}
