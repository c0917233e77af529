//! A phone: a `satchel-terminal --commands` process, spoken to by lines of JSON.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context as _, bail};
use satchel_domain::REGISTRY;
use satchel_protocol::{Mutation, Record, Row};
use satchel_stage::{people::Person, proof::Tables, proxy::Proxy};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};
use uuid::Uuid;

/// Milliseconds that anything a phone is asked to wait for may take.
const WAIT_MS: u64 = 60_000;

/// A phone and its owner.
pub struct Phone {
    /// Whose it is.
    pub person: Person,
    /// The air between it and the server.
    pub air: Proxy,
    /// Keys of all mutations it took, in order.
    pub taps: Vec<Uuid>,
    program: PathBuf,
    file: PathBuf,
    process: Option<Process>,
}

struct Process {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Phone {
    /// A phone that is switched off, with its file in `folder`.
    pub fn new(program: PathBuf, folder: &Path, person: Person, air: Proxy) -> Self {
        let file = folder.join(format!("{}.satchel", person.email.replace('@', "-at-")));
        Self { person, air, taps: Vec::new(), program, file, process: None }
    }

    /// Where its replica and queue are.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Switches it on.
    pub fn start(&mut self) -> anyhow::Result<()> {
        let mut child = Command::new(&self.program)
            .arg("--commands")
            .arg("--file")
            .arg(&self.file)
            .args(["--server", &self.air.url()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let input = child.stdin.take().context("no standard input")?;
        let output = BufReader::new(child.stdout.take().context("no standard output")?).lines();
        self.process = Some(Process { child, input, output });
        Ok(())
    }

    /// `kill -9`: no farewell, no flush.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        let mut process = self.process.take().context("the phone is off")?;
        process.child.kill().await.context("cannot kill the phone")
    }

    /// Switches it off properly, so that another program may open its file.
    pub async fn quit(&mut self) -> anyhow::Result<()> {
        self.ask(json!({ "do": "quit" })).await?;
        if let Some(mut process) = self.process.take() {
            process.child.wait().await?;
        }
        Ok(())
    }

    /// Sends a command and reads its answer; an error it answers is an error here.
    pub async fn ask(&mut self, command: Value) -> anyhow::Result<Value> {
        let what = command["do"].clone();
        let answer = self.send(command).await?;
        if let Some(error) = answer.get("error") {
            bail!("{}'s phone cannot {what}: {error}", self.person.first_name());
        }
        Ok(answer)
    }

    async fn send(&mut self, command: Value) -> anyhow::Result<Value> {
        let name = self.person.first_name();
        let process = self.process.as_mut().context("the phone is off")?;
        process.input.write_all(format!("{command}\n").as_bytes()).await?;
        let line = process.output.next_line().await?.with_context(|| format!("{name}'s phone died"))?;
        serde_json::from_str(&line).with_context(|| format!("{name}'s phone answered no JSON"))
    }

    /// Signs its owner in.
    pub async fn sign_in(&mut self, org_id: Uuid) -> anyhow::Result<()> {
        let (email, password) = (self.person.email.clone(), self.person.password.clone());
        self.ask(json!({ "do": "sign_in", "email": email, "password": password, "org_id": org_id })).await?;
        Ok(())
    }

    /// Taps: runs a mutation, and remembers its key.
    pub async fn tap<M: Mutation>(&mut self, mutation: &M) -> anyhow::Result<()> {
        let answer = self.ask(json!({ "do": "mutate", "name": M::NAME, "args": mutation })).await?;
        self.remember(M::NAME, &answer)
    }

    /// Rewrites a note.
    pub async fn edit_note(&mut self, note_id: Uuid, text: &str) -> anyhow::Result<()> {
        let answer = self.ask(json!({ "do": "edit_note", "note_id": note_id, "text": text })).await?;
        self.remember("the note", &answer)
    }

    fn remember(&mut self, name: &str, answer: &Value) -> anyhow::Result<()> {
        if let Some(refused) = answer.get("refused").filter(|refused| !refused.is_null()) {
            bail!("{}'s phone refused {name} at once: {}", self.person.first_name(), refused["message"]);
        }
        let key = answer["key"].as_str().and_then(|key| key.parse().ok()).context("a tap without a key")?;
        self.taps.push(key);
        Ok(())
    }

    /// Waits until the phone is `ready`, `synced`, `offline` or has something for its owner's `attention`.
    pub async fn wait(&mut self, condition: &str) -> anyhow::Result<()> {
        self.ask(json!({ "do": "wait", "for": condition, "timeout_ms": WAIT_MS })).await.map(drop)
    }

    /// Waits like [`wait`](Self::wait), for so long; says whether it came about.
    pub async fn try_wait(&mut self, condition: &str, timeout_ms: u64) -> anyhow::Result<bool> {
        let answer = self.send(json!({ "do": "wait", "for": condition, "timeout_ms": timeout_ms })).await?;
        Ok(answer.get("error").is_none())
    }

    /// Waits until a row is there, or gone.
    pub async fn wait_row(&mut self, table: &str, id: Uuid, present: bool) -> anyhow::Result<()> {
        let command = json!({ "do": "wait_row", "table": table, "id": id, "present": present, "timeout_ms": WAIT_MS });
        self.ask(command).await.map(drop)
    }

    /// Waits until a column of a row has a value.
    pub async fn wait_value(&mut self, table: &str, id: Uuid, column: &str, value: Value) -> anyhow::Result<()> {
        let command = json!({ "do": "wait_row", "table": table, "id": id, "present": true, "column": column,
                              "equals": value, "timeout_ms": WAIT_MS });
        self.ask(command).await.map(drop)
    }

    /// All rows of a table, cells in registry order.
    pub async fn rows(&mut self, table: &str) -> anyhow::Result<Vec<Row>> {
        let answer = self.ask(json!({ "do": "rows", "table": table })).await?;
        let table = REGISTRY.table(table).context("no such table")?;
        let rows: Vec<Row> = serde_json::from_value(answer["rows"].clone()).context("rows of another shape")?;
        rows.into_iter().map(|row| table.decode_row(row).map_err(Into::into)).collect()
    }

    /// All rows of all tables.
    pub async fn tables(&mut self) -> anyhow::Result<Tables> {
        let mut tables = Tables::new();
        for table in REGISTRY.tables {
            tables.insert(table.name, self.rows(table.name).await?);
        }
        Ok(tables)
    }

    /// All rows of a table, typed.
    pub async fn records<R: Record>(&mut self) -> anyhow::Result<Vec<R>> {
        let rows = self.rows(R::TABLE.name).await?;
        rows.iter().map(|row| R::from_row(row).map_err(Into::into)).collect()
    }

    /// What waits for its owner's attention.
    pub async fn attention(&mut self) -> anyhow::Result<Vec<Value>> {
        let answer = self.ask(json!({ "do": "attention" })).await?;
        answer["attention"].as_array().cloned().context("no list")
    }
}
