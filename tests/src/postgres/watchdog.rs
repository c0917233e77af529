//! Cleaning up after a test process that may be killed.

use std::{
    io,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
};

/// Waits for the end of its input, which the operating system brings about when the test process is
/// gone; then ends the postmaster in the directory as at a power failure and removes the directory.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
read -r _
directory=${1:?}
mark=$directory/postgres/postmaster.pid
socket=
if [ -f "$mark" ]; then
    { read -r server; read -r _; read -r _; read -r _; read -r socket; } <"$mark"
    kill -QUIT "$server"
    while [ -f "$mark" ] && kill -0 "$server"; do sleep 0.1; done
fi
rm -rf "$directory"
case $socket in /tmp/satchel-*) rm -rf "$socket" ;; esac
"#;

/// A process that outlives this one just long enough to remove a cluster.
pub(super) struct Watchdog {
    directory: PathBuf,
    process: Child,
    /// Held open for as long as the directory is wanted.
    input: Option<ChildStdin>,
}

impl Watchdog {
    /// Watches over `directory`, the data directory of a cluster.
    pub(super) fn over(directory: &Path) -> io::Result<Self> {
        let mut process = Command::new("sh")
            .args(["-c", SCRIPT, "satchel-test-watchdog"])
            .arg(directory)
            .current_dir("/")
            // Not among those that Ctrl-C in the terminal reaches, nor a reader of the test's output.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let input = process.stdin.take();
        Ok(Self { directory: directory.to_owned(), process, input })
    }

    /// The directory it will remove.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.process.wait();
    }
}
