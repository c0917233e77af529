//! A `satchel-terminal --commands` process.

use std::{path::Path, process::Stdio, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

/// Seconds until a test that waits for a phone gives up.
const PATIENCE_S: u64 = 60;

/// A phone in a process of its own.
pub struct Phone {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

/// The program, with a folder and a server.
pub fn program(folder: &Path, server: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_satchel-terminal"));
    command.arg("--commands").arg("--folder").arg(folder).args(["--server", server]).kill_on_drop(true);
    command
}

impl Phone {
    /// Switches one on.
    pub fn start(folder: &Path, server: &str, flags: &[&str]) -> Self {
        let mut child = program(folder, server)
            .args(flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let input = child.stdin.take().expect("piped");
        let output = BufReader::new(child.stdout.take().expect("piped")).lines();
        Self { child, input, output }
    }

    /// Sends bytes as a line and reads the answer.
    pub async fn line(&mut self, line: &[u8]) -> Value {
        self.input.write_all(line).await.expect("the phone listens");
        self.input.write_all(b"\n").await.expect("the phone listens");
        let answer =
            timeout(Duration::from_secs(PATIENCE_S), self.output.next_line()).await.expect("an answer in time");
        serde_json::from_str(&answer.expect("text").expect("an answer")).expect("an answer that is JSON")
    }

    /// Sends a command that is to be done.
    pub async fn ask(&mut self, command: Value) -> Value {
        let answer = self.line(command.to_string().as_bytes()).await;
        assert!(answer.get("error").is_none(), "{}: {}", command["do"], answer["error"]);
        answer
    }

    /// Sends a command that cannot be done; the code.
    pub async fn fail(&mut self, command: Value) -> String {
        let answer = self.line(command.to_string().as_bytes()).await;
        answer["error"]["code"].as_str().unwrap_or_else(|| panic!("{command}: {answer}")).to_owned()
    }

    /// Queues a mutation; its key.
    pub async fn mutate(&mut self, name: &str, args: Value) -> Value {
        let answer = self.ask(json!({ "do": "mutate", "name": name, "args": args })).await;
        assert!(answer["key"].is_string(), "{name}: {answer}");
        answer["key"].clone()
    }

    /// Waits for a state.
    pub async fn wait(&mut self, state: &str) -> Value {
        self.ask(json!({ "do": "wait", "for": state })).await
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it can be killed");
    }

    /// Switches it off; its exit code.
    pub async fn quit(mut self) -> Option<i32> {
        self.ask(json!({ "do": "quit" })).await;
        self.child.wait().await.expect("it ends").code()
    }
}
