//! Reading `postmaster.pid`: is a server running on this data directory, and where does it listen?
//!
//! A file left by a crash names a process id that is dead, or by now somebody else's. Only a process
//! that works inside this data directory counts as its server.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What `postmaster.pid` says about a server that is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Postmaster {
    /// Its process id.
    pub(super) process_id: i32,
    /// The directory of its socket; empty while it is starting.
    pub(super) socket: PathBuf,
    /// What it is doing.
    pub(super) status: Status,
}

/// The last line of `postmaster.pid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// Not accepting connections yet.
    Starting,
    /// Accepting connections.
    Ready,
    /// Going down.
    Stopping,
}

/// The server that runs on `data`, if any.
pub(super) fn find(data: &Path) -> Option<Postmaster> {
    let postmaster = parse(&fs::read_to_string(data.join("postmaster.pid")).ok()?)?;
    works_in(postmaster.process_id, data).then_some(postmaster)
}

/// Removes a `postmaster.pid` whose process id now belongs to a stranger: Postgres would take the
/// stranger for its own server and refuse. A dead process id stays, because Postgres then checks for
/// itself that no orphaned backend still uses the directory.
pub(super) fn remove_stale_file(data: &Path) {
    let path = data.join("postmaster.pid");
    let named = fs::read_to_string(&path).ok().as_deref().and_then(parse);
    if let Some(postmaster) = named
        && is_alive(postmaster.process_id)
        && !works_in(postmaster.process_id, data)
    {
        tracing::warn!(process_id = postmaster.process_id, "removing the mark of a server that is gone");
        let _ = fs::remove_file(path);
    }
}

fn parse(text: &str) -> Option<Postmaster> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let process_id: i32 = lines.first()?.parse().ok()?;
    let status = match lines.get(7).copied() {
        Some("ready" | "standby") => Status::Ready,
        Some("stopping") => Status::Stopping,
        _ => Status::Starting,
    };
    // A negative id is a single-user backend.
    Some(Postmaster {
        process_id: process_id.abs(),
        socket: lines.get(4).map(PathBuf::from).unwrap_or_default(),
        status,
    })
}

fn is_alive(process_id: i32) -> bool {
    let Some(process) = rustix::process::Pid::from_raw(process_id) else { return false };
    // Not permitted to signal it means that it exists.
    !matches!(rustix::process::test_kill_process(process), Err(rustix::io::Errno::SRCH))
}

/// Whether this is a live process whose working directory is `data`, as every postmaster's is.
fn works_in(process_id: i32, data: &Path) -> bool {
    if !is_alive(process_id) {
        return false;
    }
    let data = fs::canonicalize(data).unwrap_or_else(|_| data.to_owned());
    if Path::new("/proc/self").exists() {
        return fs::read_link(format!("/proc/{process_id}/cwd")).is_ok_and(|directory| directory == data);
    }
    // No /proc, as on macOS, which has lsof.
    let output = Command::new("lsof").args(["-a", "-d", "cwd", "-Fn", "-p", &process_id.to_string()]).output();
    output.is_ok_and(|output| {
        let wanted = format!("n{}", data.display());
        String::from_utf8_lossy(&output.stdout).lines().any(|line| line == wanted)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: &str = "4711\n/data/postgres\n1700000000\n5432\n/data/socket\n\n  1 2\nready   \n";

    #[test]
    fn a_file_is_read() {
        let expected = Postmaster { process_id: 4711, socket: PathBuf::from("/data/socket"), status: Status::Ready };
        assert_eq!(parse(READY), Some(expected));
        assert_eq!(parse("4711\n").map(|found| found.status), Some(Status::Starting));
        assert_eq!(parse(""), None);
    }

    #[test]
    fn a_process_id_that_went_to_a_stranger_is_no_server() {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("postmaster.pid");
        fs::write(&file, READY.replace("4711", &std::process::id().to_string())).unwrap();
        assert_eq!(find(data.path()), None);
        remove_stale_file(data.path());
        assert!(!file.exists());
    }
}
