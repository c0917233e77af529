//! The office: people with a browser, who call the server's API and try again until they have an answer.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context as _, bail};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::{
    sync::{Mutex, watch},
    time::{Instant, sleep},
};
use uuid::Uuid;

/// Milliseconds between tries.
const AGAIN_MS: u64 = 150;
/// Seconds after which somebody of the office gives up.
const GIVES_UP_S: u64 = 40;
/// Seconds after which a browser takes the server for gone.
const ANSWER_MOST_S: u64 = 5;

/// Somebody of the office. See the module.
pub struct Clerk {
    http: reqwest::Client,
    address: watch::Receiver<Option<SocketAddr>>,
    org_id: Uuid,
    email: String,
    password: String,
    token: Mutex<Option<String>>,
}

/// What a server says.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Done.
    Done,
    /// It may not be, or cannot be.
    Refused,
}

impl Clerk {
    /// Somebody who is not signed in yet.
    pub fn new(address: watch::Receiver<Option<SocketAddr>>, org_id: Uuid, email: &str, password: &str) -> Self {
        Self {
            http: reqwest::Client::new(),
            address,
            org_id,
            email: email.to_owned(),
            password: password.to_owned(),
            token: Mutex::default(),
        }
    }

    /// Runs a mutation, under one key however often it is sent.
    pub async fn call(&self, name: &str, args: Value, key: Uuid) -> anyhow::Result<Answer> {
        self.insist(&format!("/api/v1/rpc/{name}"), |request| {
            request.header("Idempotency-Key", key.to_string()).json(&args)
        })
        .await
    }

    /// Takes a user's access away, or gives it back.
    pub async fn set_active(&self, user_id: Uuid, active: bool) -> anyhow::Result<Answer> {
        let what = if active { "reinstate" } else { "revoke" };
        self.insist(&format!("/api/v1/auth/users/{user_id}/{what}"), |request| request).await
    }

    /// Signs a device out.
    pub async fn revoke_device(&self, device_id: Uuid) -> anyhow::Result<Answer> {
        self.insist(&format!("/api/v1/auth/devices/{device_id}/revoke"), |request| request).await
    }

    async fn insist(&self, path: &str, fill: impl Fn(RequestBuilder) -> RequestBuilder) -> anyhow::Result<Answer> {
        let until = Instant::now() + Duration::from_secs(GIVES_UP_S);
        let mut last = String::from("the server was off");
        while Instant::now() < until {
            match self.once(path, &fill).await {
                Ok(Some(status)) if status.is_success() => return Ok(Answer::Done),
                Ok(Some(StatusCode::UNAUTHORIZED)) => *self.token.lock().await = None,
                Ok(Some(status)) if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
                    return Ok(Answer::Refused);
                }
                Ok(Some(status)) => last = status.to_string(),
                Ok(None) => {}
                Err(error) => last = error.to_string(),
            }
            sleep(Duration::from_millis(AGAIN_MS)).await;
        }
        bail!("the office gave {path} up: {last}")
    }

    /// One try; none when the server is off.
    async fn once(
        &self,
        path: &str,
        fill: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> anyhow::Result<Option<StatusCode>> {
        let Some(address) = *self.address.borrow() else { return Ok(None) };
        let base = format!("http://{address}");
        let token = self.token(&base).await?;
        let request = self.http.post(format!("{base}{path}")).timeout(Duration::from_secs(ANSWER_MOST_S));
        let request = request.bearer_auth(token).header("X-Org-Id", self.org_id.to_string());
        Ok(Some(fill(request).send().await?.status()))
    }

    async fn token(&self, base: &str) -> anyhow::Result<String> {
        let mut token = self.token.lock().await;
        if let Some(token) = &*token {
            return Ok(token.clone());
        }
        let body = json!({ "email": self.email, "password": self.password });
        let request = self.http.post(format!("{base}/api/v1/auth/sign-in")).json(&body);
        let answer = request.timeout(Duration::from_secs(ANSWER_MOST_S)).send().await?;
        let session: Value = answer.error_for_status().context("somebody of the office cannot sign in")?.json().await?;
        let fresh = session["access_token"].as_str().context("no access token")?.to_owned();
        *token = Some(fresh.clone());
        Ok(fresh)
    }
}
