//! The dispatcher: a web client without a replica.

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::cast::Person;

/// A signed-in dispatcher.
pub struct Office {
    http: reqwest::Client,
    base_url: String,
    org_id: Uuid,
    token: String,
}

impl Office {
    /// Signs in.
    pub async fn sign_in(base_url: &str, org_id: Uuid, person: &Person) -> anyhow::Result<Self> {
        let http = reqwest::Client::new();
        let body = json!({ "email": person.email, "password": person.password });
        let answer = http.post(format!("{base_url}/api/v1/auth/sign-in")).json(&body).send().await?;
        let session: Value = answer.error_for_status().context("the dispatcher cannot sign in")?.json().await?;
        let token = session["access_token"].as_str().context("no access token")?.to_owned();
        Ok(Self { http, base_url: base_url.to_owned(), org_id, token })
    }

    /// Calls a procedure; returns its output.
    pub async fn call(&self, name: &str, args: Value) -> anyhow::Result<Value> {
        let answer = self
            .http
            .post(format!("{}/api/v1/rpc/{name}", self.base_url))
            .bearer_auth(&self.token)
            .header("X-Org-Id", self.org_id.to_string())
            .header("Idempotency-Key", Uuid::now_v7().to_string())
            .json(&args)
            .send()
            .await?;
        let status = answer.status();
        let body: Value = answer.json().await.with_context(|| format!("{name} answered no JSON"))?;
        if !status.is_success() {
            bail!("{name} was refused: {}", body["error"]["message"]);
        }
        Ok(body)
    }
}
