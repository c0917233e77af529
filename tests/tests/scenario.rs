//! The scripted day of `tests/scenarios/day.json`, lived by the Rust client. Kotlin and Swift live the same one.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{collections::HashMap, time::Duration};

use satchel_client::{Client, ClientError, ClientOptions, Status};
use satchel_domain::REGISTRY;
use satchel_protocol::{Cell, wire::Outcome};
use satchel_server::{
    auth::password::Cost,
    database::{Database, PoolLimits},
    http::Settings,
    seed::{SeedOptions, SeededOrganization, seed, today},
};
use satchel_tests::{
    database,
    server::{TestServer, patiently},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// Somebody living a scenario.
struct Day {
    client: Client,
    server: TestServer,
    organization: SeededOrganization,
    found: HashMap<String, Value>,
    _folder: TempDir,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scripted_day() {
    let scenario: Value = serde_json::from_str(include_str!("../scenarios/day.json")).unwrap();
    let database = database::fresh().await;
    let number = |name: &str| u32::try_from(scenario["seed"][name].as_u64().unwrap()).unwrap();
    let options = SeedOptions {
        organizations: 1,
        technicians: number("technicians"),
        jobs_per_technician: number("jobs_per_technician"),
        pricebook_items: number("pricebook_items"),
        password_cost: Cost::Minimal,
        ..SeedOptions::small(today())
    };
    let seeded = seed(&database.options(), &options).await.unwrap();
    let service = Database::connect(database::as_service(&database), PoolLimits::default()).await.unwrap();
    let server = TestServer::start(&service, &REGISTRY, Settings::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let client = Client::open(ClientOptions::new(folder.path(), server.url(), &REGISTRY)).await.unwrap();
    let organization = seeded.organizations.into_iter().next().unwrap();
    let mut day = Day { client, server, organization, found: HashMap::new(), _folder: folder };
    let steps = scenario["steps"].as_array().unwrap();
    assert!(steps.len() > 20);
    for (number, step) in steps.iter().enumerate() {
        day.live(step, &format!("step {number}: {step}")).await;
    }
    day.client.close().await;
    day.server.stop().await;
    service.close().await;
}

impl Day {
    async fn live(&mut self, step: &Value, what: &str) {
        let client = self.client.clone();
        let text = |name: &str| step[name].as_str().unwrap_or_else(|| panic!("{what} has no {name}")).to_owned();
        let texts = |name: &str| -> Vec<String> { serde_json::from_value(step[name].clone()).unwrap() };
        match text("do").as_str() {
            "sign_in" => {
                let position = usize::try_from(step["technician"].as_u64().unwrap()).unwrap();
                let technician =
                    self.organization.users.iter().filter(|user| user.technician_id.is_some()).nth(position);
                let user = technician.unwrap();
                let identity = client.sign_in(&user.email, &user.password, None).await.expect(what);
                self.found.insert("technician".to_owned(), json!(identity.technician_id));
            }
            "sign_out" => client.sign_out().await.expect(what),
            "signed_out" => {
                let read = client.read(|reader| reader.sql("select 1", &[])).await;
                assert!(matches!(read, Err(ClientError::NotSignedIn)), "{what}: {read:?}");
            }
            "start" => client.start().await.expect(what),
            "network" => client.set_network(step["available"].as_bool().unwrap()).await.expect(what),
            "settled" => {
                let mut status = client.status();
                patiently(status.wait_for(Status::is_settled)).await.expect(what);
            }
            "new" => {
                for name in texts("names") {
                    self.found.insert(name, json!(Uuid::now_v7()));
                }
            }
            "find" => {
                let rows = self.query(&text("sql"), &[]).await;
                assert_eq!(rows.len(), 1, "{what}");
                for (name, value) in texts("names").into_iter().zip(rows[0].clone()) {
                    self.found.insert(name, value);
                }
            }
            "mutate" => {
                let args = serde_json::value::to_raw_value(&self.filled(&step["args"])).unwrap();
                let done = client.mutate_named(&text("name"), args).await.unwrap_or_else(|e| panic!("{what}: {e}"));
                let output = done.output.unwrap();
                for (name, value) in self.filled(&step["output"]).as_object().into_iter().flatten() {
                    assert_eq!(&output[name], value, "{what}");
                }
            }
            "refused" => {
                let args = serde_json::value::to_raw_value(&self.filled(&step["args"])).unwrap();
                let refused = client.mutate_named(&text("name"), args).await;
                let reason = match refused {
                    Err(ClientError::Refused(rejection)) => rejection.reason,
                    other => panic!("{what}: {other:?}"),
                };
                assert_eq!(reason, text("reason"), "{what}");
            }
            "office" => self.office(&text("name"), &self.filled(&step["args"])).await,
            "waiting" => {
                let waiting = client.status().borrow().queue.unsent();
                assert_eq!(waiting as u64, step["count"].as_u64().unwrap(), "{what}");
            }
            "rows" => {
                let parameters = self.filled(&step["parameters"]);
                let rows = self.query(&text("sql"), parameters.as_array().unwrap()).await;
                assert_eq!(json!(rows), self.filled(&step["rows"]), "{what}");
            }
            "attention" => {
                let attention = client.attention().await.expect(what);
                let names: Vec<String> = attention.iter().map(|item| item.entry.name.clone()).collect();
                let reasons = attention.iter().map(|item| match &item.outcome {
                    Outcome::Rejected(rejection) => rejection.reason.clone(),
                    other => panic!("{what}: {other:?}"),
                });
                assert_eq!((names, reasons.collect()), (texts("names"), texts("reasons")), "{what}");
            }
            "undo_all" => {
                for item in client.attention().await.expect(what) {
                    client.undo(item.entry.key).await.expect(what);
                }
            }
            "verify" => assert_eq!(client.store().unwrap().verify_local().unwrap(), vec![], "{what}"),
            other => panic!("{what}: nobody knows how to {other}"),
        }
    }

    /// The same with `$name` replaced by what was found.
    fn filled(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match text.strip_prefix('$') {
                Some(name) => self.found.get(name).unwrap_or_else(|| panic!("nothing found {name}")).clone(),
                None => value.clone(),
            },
            Value::Array(items) => items.iter().map(|item| self.filled(item)).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, member)| (name.clone(), self.filled(member))).collect()
            }
            other => other.clone(),
        }
    }

    async fn query(&self, sql: &str, parameters: &[Value]) -> Vec<Vec<Value>> {
        let parameters: Vec<Cell> = serde_json::from_value(json!(parameters)).unwrap();
        let sql = sql.to_owned();
        let rows = self.client.read(move |reader| reader.sql(&sql, &parameters)).await.unwrap();
        rows.iter().map(|row| row.iter().map(|cell| json!(cell)).collect()).collect()
    }

    /// The dispatcher does something, without a replica.
    async fn office(&self, name: &str, args: &Value) {
        let user = self.organization.user("dispatcher").unwrap();
        let http = reqwest::Client::new();
        let url = |path: &str| format!("{}/api/v1/{path}", self.server.url());
        let credentials = json!({ "email": user.email, "password": user.password });
        let signed_in = http.post(url("auth/sign-in")).json(&credentials).send().await.unwrap();
        let session: Value = signed_in.error_for_status().unwrap().json().await.unwrap();
        let call = http
            .post(url(&format!("rpc/{name}")))
            .timeout(Duration::from_secs(30))
            .bearer_auth(session["access_token"].as_str().unwrap())
            .header("x-org-id", self.organization.org_id.to_string())
            .header("idempotency-key", Uuid::now_v7().to_string())
            .json(args);
        call.send().await.unwrap().error_for_status().unwrap();
    }
}
