//! A phone: a `satchel-terminal --commands` process over a folder of its own, spoken to by lines of JSON.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, bail, ensure};
use satchel_domain::REGISTRY;
use satchel_protocol::{Record, Row};
use satchel_tests::proxy::Proxy;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};
use uuid::Uuid;

use super::server::signal;

/// Seconds within which a phone answers anything that is not a wait.
const ANSWER_MOST_S: u64 = 30;
/// Bytes by which a phone's largest file may still grow when its files may not.
const GROW_BYTES: u64 = 8 * 1024;
/// Bytes of a unit of `ulimit -f`.
const ULIMIT_BYTES: u64 = 512;

/// See the module.
pub struct Phone {
    /// Whose, by place among the technicians.
    pub owner: usize,
    /// Between it and the server.
    pub air: Arc<Proxy>,
    /// Where its replica, its queue and its session are.
    pub folder: PathBuf,
    /// Whether its process is stopped by the system.
    pub frozen: bool,
    /// Whether the device says that it has no network.
    pub offline: bool,
    /// Whether its files may not grow.
    pub full: bool,
    /// Whether its folder is, or was made from, one that another phone may have gone on with.
    pub copied: bool,
    /// A backup of its folder, and how many taps there were by then.
    pub saved: Option<(PathBuf, usize)>,
    /// Counts what may end a step that began before.
    pub life: u64,
    program: PathBuf,
    process: Option<Process>,
}

struct Process {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

/// What a phone says to a tap.
#[derive(Debug)]
pub enum Said {
    /// It is queued under this key.
    Key(Uuid),
    /// A rule refused it at once, or nothing was to do.
    Refused,
    /// It failed.
    Failed(String),
}

impl Phone {
    /// One that is off.
    pub fn new(program: &Path, folder: PathBuf, owner: usize, air: Arc<Proxy>) -> Self {
        Self {
            owner,
            air,
            folder,
            frozen: false,
            offline: false,
            full: false,
            copied: false,
            saved: None,
            life: 0,
            program: program.to_owned(),
            process: None,
        }
    }

    /// Whether it can be spoken to.
    pub fn is_awake(&self) -> bool {
        self.process.is_some() && !self.frozen
    }

    /// Switches it on, if it is off.
    pub fn start(&mut self) -> anyhow::Result<()> {
        if self.process.is_some() {
            return Ok(());
        }
        std::fs::create_dir_all(&self.folder)?;
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.folder.with_extension("log"))?;
        let mut command = if self.full { self.hemmed()? } else { Command::new(&self.program) };
        command.arg("--commands").arg("--file").arg(&self.folder).args(["--server", &self.air.url()]);
        if self.offline {
            command.arg("--offline");
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let input = child.stdin.take().context("no standard input")?;
        let output = BufReader::new(child.stdout.take().context("no standard output")?).lines();
        self.process = Some(Process { child, input, output });
        self.life += 1;
        Ok(())
    }

    /// A command whose files may not grow. The signal that comes with it is ignored, as the write's error is what counts.
    fn hemmed(&self) -> anyhow::Result<Command> {
        let mut largest = 0;
        for file in std::fs::read_dir(&self.folder)? {
            largest = largest.max(file?.metadata()?.len());
        }
        let blocks = (largest + GROW_BYTES).div_ceil(ULIMIT_BYTES);
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"", "sh", &blocks.to_string()]);
        command.arg(&self.program);
        Ok(command)
    }

    /// `kill -9`: no farewell, no flush.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.frozen = false;
        self.life += 1;
        match self.process.take() {
            Some(mut process) => process.child.kill().await.context("cannot kill the phone"),
            None => Ok(()),
        }
    }

    /// Stops its process.
    pub fn freeze(&mut self) {
        signal(self.process.as_ref().map(|process| &process.child), "STOP");
        self.frozen = self.process.is_some();
    }

    /// Lets its process go on.
    pub fn thaw(&mut self) {
        signal(self.process.as_ref().map(|process| &process.child), "CONT");
        self.frozen = false;
    }

    /// Its wire works again. A connection that lost something in its middle breaks: TCP does not go on without it.
    pub fn mend(&self) {
        if self.air.swallows() {
            self.air.break_off();
        }
        self.air.mend();
    }

    /// Sends commands and reads their answers, all sent before the first is read.
    pub async fn send(&mut self, commands: &[Value], within: Duration) -> anyhow::Result<Vec<Value>> {
        let process = self.process.as_mut().context("the phone is off")?;
        let exchange = async {
            let lines: String = commands.iter().map(|command| format!("{command}\n")).collect();
            process.input.write_all(lines.as_bytes()).await?;
            let mut answers = Vec::with_capacity(commands.len());
            for _ in commands {
                let line = process.output.next_line().await?.context("the phone ended by itself")?;
                answers.push(serde_json::from_str(&line).context("the phone answered no JSON")?);
            }
            Ok(answers)
        };
        timeout(within, exchange)
            .await
            .with_context(|| format!("the phone does not answer to {}", commands[0]["do"]))?
    }

    async fn one(&mut self, command: Value, within: Duration) -> anyhow::Result<Value> {
        let mut answers = self.send(&[command], within).await?;
        answers.pop().context("no answer")
    }

    /// Sends a command and reads its answer; an error it answers is an error here.
    pub async fn ask(&mut self, command: Value) -> anyhow::Result<Value> {
        let what = command["do"].clone();
        let answer = self.one(command, Duration::from_secs(ANSWER_MOST_S)).await?;
        if let Some(error) = answer.get("error") {
            bail!("the phone cannot {what}: {error}");
        }
        Ok(answer)
    }

    /// Runs a mutation, or edits a note.
    pub async fn tap(&mut self, command: Value) -> anyhow::Result<Said> {
        let answer = self.one(command, Duration::from_secs(ANSWER_MOST_S)).await?;
        if let Some(error) = answer.get("error") {
            return Ok(Said::Failed(error.to_string()));
        }
        match answer["key"].as_str() {
            Some(key) => Ok(Said::Key(key.parse()?)),
            None => Ok(Said::Refused),
        }
    }

    /// Begins a command and does not read its answer: somebody is about to kill the phone.
    pub async fn begin(&mut self, command: Value) -> anyhow::Result<()> {
        let process = self.process.as_mut().context("the phone is off")?;
        process.input.write_all(format!("{command}\n").as_bytes()).await.context("the phone ended by itself")
    }

    /// Passes on what the device says about its network.
    pub async fn set_network(&mut self, up: bool) -> anyhow::Result<()> {
        self.offline = !up;
        self.ask(json!({ "do": "network", "up": up })).await.map(drop)
    }

    /// Waits until the server has everything, and every effect has come back; whether it came to that.
    pub async fn is_synced(&mut self, within: Duration) -> anyhow::Result<bool> {
        let wait_ms = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
        let command = json!({ "do": "wait", "for": "synced", "timeout_ms": wait_ms });
        let answer = self.one(command, within + Duration::from_secs(ANSWER_MOST_S)).await?;
        match answer["error"]["code"].as_str() {
            None => Ok(true),
            Some("TIMEOUT") => Ok(false),
            Some(_) => bail!("the phone cannot wait: {}", answer["error"]),
        }
    }

    /// How it stands.
    pub async fn status(&mut self) -> anyhow::Result<Value> {
        Ok(self.ask(json!({ "do": "status" })).await?["status"].take())
    }

    /// All rows of all tables, as shown or as the server last said.
    pub async fn every_row(&mut self, server: bool) -> anyhow::Result<satchel_tests::replica::Rows> {
        let commands: Vec<Value> = REGISTRY
            .tables
            .iter()
            .map(|table| json!({ "do": "rows", "table": table.name, "server": server }))
            .collect();
        let answers = self.send(&commands, Duration::from_secs(ANSWER_MOST_S)).await?;
        let mut all = satchel_tests::replica::Rows::new();
        for (table, mut answer) in REGISTRY.tables.iter().zip(answers) {
            ensure!(answer.get("error").is_none(), "no rows of {}: {}", table.name, answer["error"]);
            let rows: Vec<Row> = serde_json::from_value(answer["rows"].take()).context("rows of another shape")?;
            for row in rows {
                let row = table.decode_row(row)?;
                let id = row.first().and_then(satchel_protocol::Cell::as_uuid).context("a row without an id")?;
                all.insert((table.name.to_owned(), id), row);
            }
        }
        Ok(all)
    }

    /// All rows of a table, typed.
    pub async fn records<R: Record>(&mut self) -> anyhow::Result<Vec<R>> {
        let mut answer = self.ask(json!({ "do": "rows", "table": R::TABLE.name })).await?;
        let rows: Vec<Row> = serde_json::from_value(answer["rows"].take()).context("rows of another shape")?;
        rows.into_iter().map(|row| Ok(R::from_row(&R::TABLE.decode_row(row)?)?)).collect()
    }

    /// A list it keeps: `queue`, `attention` or `history`.
    pub async fn list(&mut self, name: &str) -> anyhow::Result<Vec<Value>> {
        let mut answer = self.ask(json!({ "do": name })).await?;
        match answer[name].take() {
            Value::Array(list) => Ok(list),
            _ => bail!("the phone told no {name}"),
        }
    }
}

/// The key of an entry of a list.
pub fn key_of(entry: &Value) -> Option<Uuid> {
    entry["key"].as_str()?.parse().ok()
}
