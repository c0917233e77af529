//! The dispatcher: a web client without a replica.

use std::time::Duration;

use anyhow::{Context as _, bail};
use satchel_protocol::Mutation;
use serde_json::{Value, json};
use tokio::sync::RwLock;
use uuid::Uuid;

use crate::people::Person;

/// Within which a call must be answered.
const CALL_TIME: Duration = Duration::from_secs(30);

/// A signed-in dispatcher.
pub struct Office {
    http: reqwest::Client,
    base_url: String,
    org_id: Uuid,
    person: Person,
    /// Good for some minutes only.
    token: RwLock<String>,
}

/// What the server said to a procedure.
pub enum Answer {
    /// Its output.
    Done(Value),
    /// It was refused, with this explanation.
    Refused(String),
}

impl Office {
    /// Signs in.
    ///
    /// # Errors
    /// When the server refuses or cannot be reached.
    pub async fn sign_in(base_url: &str, org_id: Uuid, person: &Person) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(CALL_TIME).build()?;
        let token = token(&http, base_url, person).await?;
        let (base_url, person) = (base_url.to_owned(), person.clone());
        Ok(Self { http, base_url, org_id, person, token: RwLock::new(token) })
    }

    /// Runs a mutation; returns its output.
    ///
    /// # Errors
    /// When it is refused, too.
    pub async fn call<M: Mutation>(&self, mutation: &M) -> anyhow::Result<Value> {
        match self.ask(mutation).await? {
            Answer::Done(output) => Ok(output),
            Answer::Refused(message) => bail!("{} was refused: {message}", M::NAME),
        }
    }

    /// Runs a mutation that the server may refuse.
    ///
    /// # Errors
    /// When the server cannot be reached or fails.
    pub async fn ask<M: Mutation>(&self, mutation: &M) -> anyhow::Result<Answer> {
        let key = Uuid::now_v7();
        let mut answer = self.send(key, mutation).await?;
        if answer.status() == reqwest::StatusCode::UNAUTHORIZED {
            *self.token.write().await = token(&self.http, &self.base_url, &self.person).await?;
            answer = self.send(key, mutation).await?;
        }
        let status = answer.status();
        let body: Value = answer.json().await.with_context(|| format!("{} answered no JSON", M::NAME))?;
        if status.is_success() {
            return Ok(Answer::Done(body));
        }
        let message = body["error"]["message"].as_str().unwrap_or_default().to_owned();
        if status.is_server_error() {
            bail!("{} failed at the server: {message}", M::NAME);
        }
        Ok(Answer::Refused(message))
    }

    async fn send<M: Mutation>(&self, key: Uuid, mutation: &M) -> anyhow::Result<reqwest::Response> {
        let token = self.token.read().await.clone();
        let request = self.http.post(format!("{}/api/v1/rpc/{}", self.base_url, M::NAME)).bearer_auth(token);
        let request = request.header("X-Org-Id", self.org_id.to_string()).header("Idempotency-Key", key.to_string());
        Ok(request.json(mutation).send().await?)
    }
}

async fn token(http: &reqwest::Client, base_url: &str, person: &Person) -> anyhow::Result<String> {
    let body = json!({ "email": person.email, "password": person.password });
    let answer = http.post(format!("{base_url}/api/v1/auth/sign-in")).json(&body).send().await?;
    let session: Value = answer.error_for_status().context("the dispatcher cannot sign in")?.json().await?;
    Ok(session["access_token"].as_str().context("no access token")?.to_owned())
}
