//! Running Postgres' own programs: create, start, stop, copy.

use std::{
    fs::{self, OpenOptions},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
    process::{Command, Output},
    thread,
    time::{Duration, Instant},
};

use super::{
    ClusterError, ClusterOptions, Durability, PORT, SUPERUSER,
    account::Account,
    binaries::Binaries,
    error::At as _,
    guard::POLL_MS,
    place::{LOG_NAME, Place},
    postmaster::{self, Postmaster, Status},
    settings,
};

/// Longest wait for a server to accept connections, crash recovery included, in seconds.
const START_WAIT_MAX_S: u64 = 120;

/// Longest wait for a server to go down, its last checkpoint included, in seconds.
const STOP_WAIT_MAX_S: u64 = 60;

/// How a server is asked to go down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StopMode {
    /// Connections are ended, everything is written.
    Fast,
    /// As if the machine's power failed: the next start recovers.
    Immediate,
}

/// Creates the cluster. It appears under its name only when complete, so that a killed `initdb`
/// leaves nothing that looks like a cluster.
pub(super) fn create(
    place: &Place,
    account: &Account,
    binaries: &Binaries,
    options: &ClusterOptions,
) -> Result<(), ClusterError> {
    let partial = place.data.with_file_name("postgres.partial");
    if partial.exists() {
        fs::remove_dir_all(&partial).at("remove", &partial)?;
    }
    account.create_private(&partial)?;
    let mut command = account.command(&binaries.program("initdb"));
    command.arg("--pgdata").arg(&partial).args(["--username", SUPERUSER]);
    command.args(["--encoding", "UTF8", "--locale", "C", "--no-instructions"]);
    // Whoever may enter the socket's directory is the account itself or root.
    command.args(["--auth-local", "trust", "--auth-host", "reject"]);
    match options.durability {
        Durability::Durable => command.arg("--data-checksums"),
        Durability::Disposable => command.arg("--no-sync"),
    };
    let output = run(command, &binaries.program("initdb"))?;
    if !output.status.success() {
        return Err(ClusterError::InitFailed { directory: place.data.clone(), reason: last_words(&output) });
    }
    if place.data.exists() {
        fs::remove_dir(&place.data).at("replace", &place.data)?;
    }
    fs::rename(&partial, &place.data).at("create", &place.data)
}

/// Starts the server and waits until it accepts connections.
pub(super) fn start(
    place: &Place,
    account: &Account,
    binaries: &Binaries,
    options: &ClusterOptions,
) -> Result<(), ClusterError> {
    write_settings(place, account, options)?;
    postmaster::remove_stale_file(&place.data);
    place.clear_socket();
    let log_start = fs::metadata(&place.log).map_or(0, |metadata| metadata.len());
    let mut command = pg_ctl(place, account, binaries, "start", START_WAIT_MAX_S);
    command.args(["--log", LOG_NAME]);
    let output = run(command, &binaries.program("pg_ctl"))?;
    if output.status.success() {
        return Ok(());
    }
    let reason = first_fatal_line(&place.log, log_start).unwrap_or_else(|| last_words(&output));
    Err(ClusterError::StartFailed { log: place.log.clone(), reason })
}

/// Waits until a server that somebody else started is ready; `None` when it went away instead.
pub(super) fn wait_until_ready(place: &Place) -> Result<Option<Postmaster>, ClusterError> {
    let deadline = Instant::now() + Duration::from_secs(START_WAIT_MAX_S);
    loop {
        match postmaster::find(&place.data) {
            None => return Ok(None),
            Some(found) if found.status == Status::Ready => return Ok(Some(found)),
            Some(_) if Instant::now() >= deadline => {
                let reason = format!("it is running but was not ready after {START_WAIT_MAX_S} s");
                return Err(ClusterError::StartFailed { log: place.log.clone(), reason });
            }
            Some(_) => thread::sleep(Duration::from_millis(POLL_MS)),
        }
    }
}

/// Stops the server and waits until it is gone. Nothing to do when none runs.
pub(super) fn stop(place: &Place, account: &Account, binaries: &Binaries, mode: StopMode) -> Result<(), ClusterError> {
    if postmaster::find(&place.data).is_none() {
        return Ok(());
    }
    let mut command = pg_ctl(place, account, binaries, "stop", STOP_WAIT_MAX_S);
    command.args(["--mode", if mode == StopMode::Fast { "fast" } else { "immediate" }]);
    let output = run(command, &binaries.program("pg_ctl"))?;
    if output.status.success() || postmaster::find(&place.data).is_none() {
        return Ok(());
    }
    Err(ClusterError::StopFailed { log: place.log.clone(), reason: last_words(&output) })
}

/// Copies the running cluster of `source` into `target` as a streaming standby of it.
pub(super) fn copy_as_standby(
    source: &Place,
    target: &Place,
    account: &Account,
    binaries: &Binaries,
) -> Result<(), ClusterError> {
    account.create_private(&target.data)?;
    let program = binaries.program("pg_basebackup");
    let mut command = account.command(&program);
    command.arg("--pgdata").arg(&target.data).arg("--host").arg(&source.socket);
    command.args(["--port", &PORT.to_string(), "--username", SUPERUSER, "--no-password"]);
    command.args(["--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf"]);
    let output = run(command, &program)?;
    if output.status.success() {
        return Ok(());
    }
    Err(ClusterError::CopyFailed { directory: target.data.clone(), reason: last_words(&output) })
}

fn pg_ctl(place: &Place, account: &Account, binaries: &Binaries, verb: &str, wait_s: u64) -> Command {
    let mut command = account.command(&binaries.program("pg_ctl"));
    command.args([verb, "--wait", "--silent", "--timeout", &wait_s.to_string()]);
    // pg_ctl pastes these paths into a shell command within double quotes, which a path may contain:
    // it gets relative ones.
    command.args(["--pgdata", "."]).current_dir(&place.data);
    command
}

fn run(mut command: Command, program: &Path) -> Result<Output, ClusterError> {
    command.output().map_err(|source| ClusterError::NotRunnable { program: program.to_owned(), source })
}

/// Writes our settings and makes sure that they are read.
fn write_settings(place: &Place, account: &Account, options: &ClusterOptions) -> Result<(), ClusterError> {
    let path = place.data.join(settings::FILE_NAME);
    fs::write(&path, settings::text(options, &place.socket, PORT)).at("write", &path)?;
    account.own(&path)?;
    let main = place.data.join("postgresql.conf");
    let text = fs::read_to_string(&main).at("read", &main)?;
    if text.lines().any(|line| line.trim() == settings::INCLUDE_LINE) {
        return Ok(());
    }
    let mut file = OpenOptions::new().append(true).open(&main).at("open", &main)?;
    writeln!(file, "\n{}", settings::INCLUDE_LINE).at("write", &main)
}

/// The first line of the log since `from_byte` that says why the server gave up.
fn first_fatal_line(log: &Path, from_byte: u64) -> Option<String> {
    let mut file = fs::File::open(log).ok()?;
    file.seek(SeekFrom::Start(from_byte)).ok()?;
    let mut text = Vec::new();
    file.read_to_end(&mut text).ok()?;
    let text = String::from_utf8_lossy(&text);
    let line = text.lines().find(|line| line.contains("FATAL:") || line.contains("PANIC:"))?;
    let (_, reason) = line.split_once(": ")?;
    Some(reason.trim().to_owned())
}

/// The last line a program wrote.
fn last_words(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stderr).into_owned();
    if text.trim().is_empty() {
        text = String::from_utf8_lossy(&output.stdout).into_owned();
    }
    let line = text.lines().rev().find(|line| !line.trim().is_empty());
    line.map_or_else(|| format!("it ended with {}", output.status), |line| line.trim().to_owned())
}
