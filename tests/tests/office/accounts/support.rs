//! An office with an owner, and calls of its account routes.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use satchel_domain::{
    mutations::AddMaterial,
    tables::{MaterialUsed, VisitState},
};
use satchel_protocol::{
    Id,
    wire::auth::{Device, Devices, Session},
};
use satchel_server::database::Caller;
use satchel_tests::{
    contractor::{Work, id},
    phone::{Field, PASSWORD, Phone},
    server::{Client, Refused, TestServer, patiently, refused},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

/// A contractor whose dispatcher is the owner now, signed in.
pub struct Office {
    pub field: Field,
    pub owner: Client,
}

impl Office {
    pub async fn open() -> Self {
        let field = Field::new().await;
        sqlx::query("update satchel.membership set roles = '{owner}' where user_id = $1")
            .bind(field.contractor.dispatcher.user_id)
            .execute(&field.contractor.admin)
            .await
            .unwrap();
        let session = sign_in(&field.server, &email(field.contractor.dispatcher), PASSWORD).await.unwrap();
        let owner = field.server.client_with_token(field.contractor.org_id, session.access_token);
        Self { field, owner }
    }

    /// A technician with a visit he is at, and his phone.
    pub async fn at_work(&self) -> (Work, Phone) {
        let contractor = &self.field.contractor;
        let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
        (work, self.field.synced_phone(0).await)
    }

    /// One more thing used at work.
    pub fn material(&self, work: Work) -> AddMaterial {
        AddMaterial {
            job_id: work.job_id,
            visit_id: work.visit_id,
            material_id: id(),
            item_id: self.field.contractor.item_id,
            quantity: rust_decimal::Decimal::ONE,
        }
    }

    pub async fn holds(&self, material: Id<MaterialUsed>) -> bool {
        sqlx::query_scalar("select exists (select from satchel.material_used where id = $1)")
            .bind(material.uuid())
            .fetch_one(&self.field.contractor.admin)
            .await
            .unwrap()
    }

    /// The organization's devices once one of them is as wanted: presence is noted beside the requests.
    pub async fn device(&self, wanted: impl Fn(&Device) -> bool) -> Device {
        let looking = async {
            loop {
                let listed: Devices = get(&self.owner, "devices").await.unwrap();
                if let Some(found) = listed.devices.into_iter().find(|device| wanted(device)) {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        patiently(looking).await
    }

    /// A member with a role, who can sign in.
    pub async fn member(&self, role: &str) -> Client {
        let (org_id, user_id) = (self.field.contractor.org_id, Uuid::now_v7());
        sqlx::query(
            "with made as (insert into satchel.app_user (id, email, name, password_hash) \
             select $1, $2, 'Somebody', password_hash from satchel.app_user limit 1 returning id) \
             insert into satchel.membership (org_id, user_id, roles) select $3, id, array[$4] from made",
        )
        .bind(user_id)
        .bind(format!("{user_id}@example.com"))
        .bind(org_id)
        .bind(role)
        .execute(&self.field.contractor.admin)
        .await
        .unwrap();
        let session = sign_in(&self.field.server, &format!("{user_id}@example.com"), PASSWORD).await.unwrap();
        self.field.server.client_with_token(org_id, session.access_token)
    }

    pub async fn run(&self, statement: &'static str) {
        sqlx::raw_sql(statement).execute(&self.field.contractor.admin).await.unwrap();
    }
}

pub fn email(caller: Caller) -> String {
    format!("{}@example.com", caller.user_id)
}

pub async fn sign_in(server: &TestServer, email: &str, password: &str) -> Result<Session, Refused> {
    let body = json!({ "email": email, "password": password });
    let request = reqwest::Client::new().post(format!("{}/api/v1/auth/sign-in", server.url()));
    answer(request.json(&body)).await
}

pub async fn refresh(server: &TestServer, refresh_token: &str) -> Result<Session, Refused> {
    let request = reqwest::Client::new().post(format!("{}/api/v1/auth/refresh", server.url()));
    answer(request.json(&json!({ "refresh_token": refresh_token }))).await
}

pub async fn get<T: DeserializeOwned>(client: &Client, path: &str) -> Result<T, Refused> {
    answer(client.request(Method::GET, &format!("/api/v1/auth/{path}"))).await
}

pub async fn post(client: &Client, path: &str, body: Value) -> Result<Value, Refused> {
    answer(client.request(Method::POST, &format!("/api/v1/auth/{path}")).json(&body)).await
}

/// A successful answer; nothing is null.
pub async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Refused> {
    let response = request.send().await.unwrap();
    let status = response.status();
    let body = response.bytes().await.unwrap();
    if !status.is_success() {
        return Err(refused(status.as_u16(), &body));
    }
    Ok(serde_json::from_slice(if body.is_empty() { b"null" } else { &body }).unwrap())
}
