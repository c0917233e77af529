//! The machinery: a private Postgres, the server, two phones, and the office.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, Command},
};

use crate::{cast::Cast, narrator::Narrator, office::Office, phone::Phone, proxy::Proxy};

/// Everything that runs.
pub struct Stage {
    /// Who plays.
    pub cast: Cast,
    /// The two technicians' phones.
    pub phones: [Phone; 2],
    /// The dispatcher.
    pub office: Office,
    folder: tempfile::TempDir,
    programs: PathBuf,
    server: Child,
    server_url: String,
}

impl Stage {
    /// Starts it all; a child process ends with this one.
    pub async fn build(narrator: &Narrator, seed: u64, pricebook_items: u32) -> anyhow::Result<Self> {
        let programs = std::env::current_exe()?.parent().context("no folder of programs")?.to_owned();
        let folder = tempfile::Builder::new().prefix("satchel-day-").tempdir()?;
        let data = folder.path().join("server");
        narrator.chapter("Morning: the office opens");
        narrator.say("A private Postgres starts, and a made-up contractor moves in.");
        let (seed, items) = (seed.to_string(), pricebook_items.to_string());
        let args = ["seed", "--json", "--organizations", "2", "--technicians", "4", "--jobs-per-technician", "24"];
        let seeded = Command::new(programs.join("satchel-server"))
            .args(args)
            .args(["--seed", &seed, "--pricebook-items", &items, "--data-dir"])
            .arg(&data)
            .args(["--log", "error"])
            .output()
            .await
            .context("cannot start satchel-server; build it first (./dev demo does)")?;
        ensure!(seeded.status.success(), "the seed failed: {}", String::from_utf8_lossy(&seeded.stderr));
        let cast = Cast::read(&serde_json::from_slice(&seeded.stdout).context("the seed printed no JSON")?)?;
        let (server, address) = serve(&programs, &data).await?;
        let server_url = format!("http://{address}");
        narrator.say(&format!("{} works in two organizations' worth of data; the server listens.", cast.org_name));
        let office = Office::sign_in(&server_url, cast.org_id, &cast.dispatcher).await?;
        let terminal = programs.join("satchel-terminal");
        let [first, second] = cast.technicians.clone();
        let phones = [
            Phone::new(terminal.clone(), folder.path(), first, Proxy::before(address).await?),
            Phone::new(terminal, folder.path(), second, Proxy::before(address).await?),
        ];
        Ok(Self { cast, phones, office, folder, programs, server, server_url })
    }

    /// Runs SQL with psql as the database's owner, who is bound by nothing; returns what it printed.
    pub async fn psql(&self, sql: &str) -> anyhow::Result<String> {
        let mut psql = Command::new(self.programs.join("satchel-server"))
            .args(["psql", "--data-dir"])
            .arg(self.data())
            .args(["--log", "error", "--", "-XqAt", "-v", "ON_ERROR_STOP=1"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start satchel-server psql")?;
        let mut input = psql.stdin.take().context("no standard input")?;
        input.write_all(sql.as_bytes()).await?;
        drop(input);
        let output = psql.wait_with_output().await?;
        ensure!(output.status.success(), "psql failed: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Leaves the server to the audience, with a phone to play with, until it is interrupted.
    pub async fn leave_running(&mut self, narrator: &Narrator) -> anyhow::Result<()> {
        let [first, second] = &mut self.phones;
        first.quit().await?;
        let person = &first.person;
        narrator.chapter("The rest of the day is yours");
        narrator.say(&format!("The server runs at {} and ends when you leave the phone.", self.server_url));
        narrator.say(&format!("Another phone: satchel-terminal --server {} --file another.satchel", self.server_url));
        narrator.say(&format!("Sign in as {} with the password {:?}.", second.person.email, person.password));
        narrator.say(&format!("This is {}'s phone: ? shows its keys.", person.first_name()));
        let status = Command::new(self.programs.join("satchel-terminal"))
            .arg("--file")
            .arg(first.file())
            .args(["--server", &self.server_url])
            .status()
            .await?;
        if !status.success() {
            bail!("the phone ended with {status}");
        }
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("server")
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // The server stops its private Postgres when it is asked to end, not when it is killed.
        if let Some(pid) = self.server.id() {
            let asked = std::process::Command::new("kill").arg(pid.to_string()).status();
            for _ in 0..100 {
                if asked.is_err() || !matches!(self.server.try_wait(), Ok(None)) {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
        }
    }
}

/// Starts the server on a free port, and reads where it listens.
async fn serve(programs: &Path, data: &Path) -> anyhow::Result<(Child, SocketAddr)> {
    let mut server = Command::new(programs.join("satchel-server"))
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "error", "--data-dir"])
        .arg(data)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start satchel-server")?;
    let mut lines = BufReader::new(server.stdout.take().context("no standard output")?).lines();
    let line = lines.next_line().await?.context("the server ended before it listened")?;
    let ready: Value = serde_json::from_str(&line).context("the server printed no JSON")?;
    let url = ready["listening"].as_str().context("the server does not say where it listens")?;
    let address = url.trim_start_matches("http://").parse().context("not an address")?;
    Ok((server, address))
}
