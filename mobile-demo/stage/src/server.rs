//! A private server with a private Postgres, seeded: what `satchel-server` does when it is told nothing but a folder.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

/// The program.
const SERVER: &str = "satchel-server";
/// Within which the largest contractor must be made up.
const SEED_TIME: Duration = Duration::from_secs(1_800);
/// Within which the server must listen.
const START_TIME: Duration = Duration::from_secs(120);
/// Within which psql must be done.
const PSQL_TIME: Duration = Duration::from_secs(300);
/// Looks at a server that was asked to end, and milliseconds between them.
const END_LOOKS: u32 = 100;
const END_LOOK_MS: u64 = 50;

/// How large the made-up contractor is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Organizations.
    pub organizations: u32,
    /// Technicians of each.
    pub technicians: u32,
    /// Jobs of each technician.
    pub jobs_per_technician: u32,
    /// Rows of each pricebook.
    pub pricebook_items: u32,
    /// What everything made up depends on.
    pub seed: u64,
}

/// A running server, which ends when it is dropped.
pub struct PrivateServer {
    program: PathBuf,
    data: PathBuf,
    child: Child,
    address: SocketAddr,
}

/// The folder of the workspace's programs: where this one is, or above it, as for tests.
///
/// # Errors
/// When the server's program is in neither.
pub fn programs() -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    let folders = here.ancestors().skip(1).take(2);
    let found = folders.into_iter().find(|folder| folder.join(SERVER).is_file());
    found.map(Path::to_owned).context("satchel-server is not beside this program: build it first (./dev does)")
}

impl PrivateServer {
    /// Makes up a contractor in the data folder of a server that does not run. What is returned names its people.
    ///
    /// # Errors
    /// When it cannot be made, with what the program said.
    pub async fn seed(programs: &Path, data: &Path, size: &Size) -> anyhow::Result<Value> {
        let mut command = Command::new(programs.join(SERVER));
        command.args(["seed", "--json", "--log", "error", "--data-dir"]).arg(data).kill_on_drop(true);
        for (option, value) in [
            ("--organizations", u64::from(size.organizations)),
            ("--technicians", u64::from(size.technicians)),
            ("--jobs-per-technician", u64::from(size.jobs_per_technician)),
            ("--pricebook-items", u64::from(size.pricebook_items)),
            ("--seed", size.seed),
        ] {
            command.arg(option).arg(value.to_string());
        }
        let seeded = timeout(SEED_TIME, command.output()).await.context("the seed takes too long")?;
        let seeded = seeded.context("cannot start satchel-server")?;
        ensure!(seeded.status.success(), "the seed failed: {}", String::from_utf8_lossy(&seeded.stderr));
        serde_json::from_slice(&seeded.stdout).context("the seed printed no JSON")
    }

    /// Starts the server on a free port.
    ///
    /// # Errors
    /// When it does not say where it listens.
    pub async fn start(programs: &Path, data: &Path) -> anyhow::Result<Self> {
        let program = programs.join(SERVER);
        let mut child = Command::new(&program)
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "error", "--data-dir"])
            .arg(data)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start satchel-server")?;
        let mut lines = BufReader::new(child.stdout.take().context("no standard output")?).lines();
        let line = timeout(START_TIME, lines.next_line()).await.context("the server takes too long to start")?;
        let ready: Value = serde_json::from_str(&line?.context("the server ended before it listened")?)
            .context("the server printed no JSON")?;
        let url = ready["listening"].as_str().context("the server does not say where it listens")?;
        let address = url.trim_start_matches("http://").parse().context("not an address")?;
        Ok(Self { program, data: data.to_owned(), child, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as a URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Runs SQL with psql as the database's owner, who is bound by nothing; returns what it printed.
    ///
    /// # Errors
    /// When psql fails, with what it said.
    pub async fn psql(&self, sql: &str) -> anyhow::Result<String> {
        let mut psql = Command::new(&self.program)
            .args(["psql", "--data-dir"])
            .arg(&self.data)
            .args(["--log", "error", "--", "-XqAt", "-v", "ON_ERROR_STOP=1"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start satchel-server psql")?;
        let mut input = psql.stdin.take().context("no standard input")?;
        // Both at once: psql prints before it has read everything.
        let said = async move {
            input.write_all(sql.as_bytes()).await?;
            drop(input);
            psql.wait_with_output().await
        };
        let output = timeout(PSQL_TIME, said).await.context("psql takes too long")??;
        if !output.status.success() {
            bail!("psql failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        // The server stops its private Postgres when it is asked to end, not when it is killed.
        if let Some(pid) = self.child.id() {
            let asked = std::process::Command::new("kill").arg(pid.to_string()).status();
            for _ in 0..END_LOOKS {
                if asked.is_err() || !matches!(self.child.try_wait(), Ok(None)) {
                    break;
                }
                std::thread::sleep(Duration::from_millis(END_LOOK_MS));
            }
        }
    }
}
