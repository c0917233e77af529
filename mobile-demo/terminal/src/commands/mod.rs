//! A phone without a screen: a command a line in, an answer a line out.
//!
//! Invariants:
//! - Every line gets exactly one line, in order; a command that cannot be done gets `{"error": {...}}` and the phone
//!   goes on.
//! - Waiting is done by observing; nothing here sleeps and looks.
//! - The end of the input is a `quit`; being killed loses nothing that was answered.

mod answer;
mod command;
mod lines;
mod wait;

use std::io::Write as _;

use satchel_client::{ClientError, session::SignInError};
use satchel_protocol::Id;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::io::BufReader;

pub use command::{Command, State, WAIT_DEFAULT_MS, WAIT_MOST_MS};
pub use lines::COMMAND_BYTES;

/// Mutations that left the queue, as far as they are told.
const HISTORY: usize = 100;

use crate::{options::Options, phone::Phone};
use lines::Line;

/// Why a command was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// A stable code.
    pub code: String,
    /// A sentence a person can act on.
    pub message: String,
}

impl Refusal {
    /// Says why.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }
}

impl From<ClientError> for Refusal {
    fn from(error: ClientError) -> Self {
        let code = match &error {
            ClientError::Refused(_) => "REFUSED",
            ClientError::NotSignedIn => "NOT_SIGNED_IN",
            ClientError::SignIn(SignInError::ChooseOrganization(_)) => "CHOOSE_ORGANIZATION",
            ClientError::SignIn(SignInError::OtherOrganization(_) | SignInError::NoOrganization) => "NOT_A_MEMBER",
            ClientError::SignIn(_) => "SIGN_IN",
            ClientError::Store(_) => "STORE",
            _ => "CLIENT",
        };
        Self::new(code, error.to_string())
    }
}

/// Takes commands from stdin until `quit` or the end of the input.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let mut phone = Commanded { phone: Phone::open(options).await?, cut: options.offline };
    let mut input = BufReader::new(tokio::io::stdin());
    while let Some(line) = lines::next(&mut input).await? {
        let command = match line {
            Line::Text(text) if text.trim().is_empty() => continue,
            Line::Text(text) => Command::parse(&text),
            Line::TooLong => Err(Refusal::new("BAD_COMMAND", format!("a command has at most {COMMAND_BYTES} bytes"))),
            Line::NotText => Err(Refusal::new("BAD_COMMAND", "this line is not UTF-8")),
        };
        let over = matches!(command, Ok(Command::Quit {}));
        let answer = match command {
            Ok(command) => phone.obey(command).await,
            Err(refusal) => Err(refusal),
        };
        say(&answer.unwrap_or_else(|refusal| json!({ "error": refusal })))?;
        if over {
            break;
        }
    }
    phone.phone.client.close().await;
    Ok(())
}

fn say(answer: &Value) -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{answer}")?;
    output.flush()
}

struct Commanded {
    phone: Phone,
    cut: bool,
}

impl Commanded {
    async fn obey(&mut self, command: Command) -> Result<Value, Refusal> {
        let client = &self.phone.client;
        match command {
            Command::SignIn { email, password, org_id } => {
                let identity = self.phone.sign_in(&email, &password, org_id).await?;
                client.set_network(!self.cut).await?;
                Ok(json!({ "signed_in": answer::identity(&identity, client.store()?.device_id()) }))
            }
            Command::Mutate { name, args } => {
                let (kind, args) = command::mutation(&name, &args)?;
                answer::mutated(client.mutate_named(kind.name, args).await.map(Some))
            }
            Command::EditNote { note_id, text, base } => {
                answer::mutated(client.edit_note(Id::new(note_id), base, text).await)
            }
            Command::Network { up } => {
                client.set_network(up).await?;
                self.cut = !up;
                wait::network_noticed(client, up).await?;
                Ok(json!({ "network": up }))
            }
            Command::Status {} => Ok(json!({ "status": answer::status(client) })),
            Command::Wait { state, timeout_ms } => wait::for_state(client, state, command::wait_ms(timeout_ms)).await,
            Command::WaitRow { table, id, present, column, equals, timeout_ms } => {
                let row = wait::AwaitedRow::new(command::table(&table)?, id, present, column, equals)?;
                wait::for_row(client, row, command::wait_ms(timeout_ms)).await
            }
            Command::Rows { table, server } => {
                let table = command::table(&table)?;
                let read = move |reader: &satchel_client::Reader| {
                    if server { reader.server_rows(table) } else { reader.rows(table) }
                };
                Ok(answer::rows(table, &client.read(read).await?))
            }
            Command::HeldScopes {} => Ok(json!({ "scopes": client.store()?.held_scopes() })),
            Command::Queue {} => Ok(json!({ "queue": answer::queue(&client.queue().await?) })),
            Command::Attention {} => Ok(json!({ "attention": answer::attention(&client.attention().await?) })),
            Command::Retry { key } => Ok(json!({ "key": client.retry(key).await? })),
            Command::Edit { key, args } => {
                let args = serde_json::value::to_raw_value(&args).expect("a JSON value is JSON");
                Ok(json!({ "key": client.edit(key, args).await? }))
            }
            Command::HandOver { key, note } => {
                client.hand_over(key, note).await?;
                Ok(json!({ "handed_over": key }))
            }
            Command::Undo { key, group } => {
                self.phone.undo(key, group).await?;
                Ok(json!({ "undone": key }))
            }
            Command::History {} => Ok(json!({ "history": answer::history(&client.history(HISTORY).await?) })),
            Command::Verify {} => Ok(answer::differences(&self.phone.verify().await?)),
            Command::Quit {} => Ok(json!({ "quit": true })),
        }
    }
}
