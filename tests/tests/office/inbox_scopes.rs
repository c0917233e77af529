//! Every mutation of the field about a job that was given to somebody else ends in the inbox, whichever rows it touches:
//! by the registry, with the examples of the API document, against a job of which every table has rows.

use std::collections::{BTreeMap, BTreeSet};

use satchel_domain::{REGISTRY, roles};
use satchel_protocol::{MutationKind, RowKey, context::ClientContext, inbox::REASSIGNED, wire::Outcome};
use satchel_server::{
    database::{Caller, Database, PoolLimits},
    feed::{Hub, HubSettings},
    openapi,
    policy::Policy,
    push::{self, Pusher},
};
use satchel_tests::{contractor::Phone, database::as_service, postgres::TestDatabase, tenants::two_tenants};
use serde_json::{Value, value::to_raw_value};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

/// Somebody else's job, which has a part in every table.
const JOB: &str = "a/job/2";
/// Mutations of the field about a job that there are at least.
const KINDS: usize = 35;

struct Place {
    database: TestDatabase,
    admin: PgConnection,
    /// A row of the job, or of its place, in every table that has one.
    rows: BTreeMap<&'static str, Uuid>,
    technician_id: Uuid,
}

impl Place {
    async fn new() -> Self {
        let database = two_tenants().await;
        let mut admin = database.connect().await;
        let mut rows = BTreeMap::new();
        let job: Uuid = sqlx::query_scalar("select public.id($1)").bind(JOB).fetch_one(&mut admin).await.unwrap();
        for table in REGISTRY.tables.iter().filter(|table| table.scope == "job_id") {
            let statement = format!("select id from satchel.\"{}\" where job_id = $1 limit 1", table.name);
            let found: Option<Uuid> =
                sqlx::query_scalar(AssertSqlSafe(statement)).bind(job).fetch_optional(&mut admin).await.unwrap();
            rows.extend(found.map(|id| (table.name, id)));
        }
        rows.insert("job", job);
        for (table, column) in [("customer", "customer_id"), ("location", "location_id"), ("equipment", "equipment_id")]
        {
            let statement = format!("select {column} from satchel.job where id = $1");
            rows.insert(
                table,
                sqlx::query_scalar(AssertSqlSafe(statement)).bind(job).fetch_one(&mut admin).await.unwrap(),
            );
        }
        let technician_id =
            sqlx::query_scalar("select public.id('a/technician/1')").fetch_one(&mut admin).await.unwrap();
        Self { database, admin, rows, technician_id }
    }

    /// How many changes of rows were written down.
    async fn changes(&mut self) -> i64 {
        let count = "select count(*) from satchel.audit_log where change <> 'refuse'";
        sqlx::query_scalar(count).fetch_one(&mut self.admin).await.unwrap()
    }

    /// The example with its ids in place of which rows of the job stand; whether there is any.
    fn about_the_job(&self, kind: &MutationKind, example: &Value) -> Option<Value> {
        let roots: Vec<RowKey> = (kind.decode)(&example.to_string()).unwrap().roots();
        let mut renamed: BTreeMap<String, Uuid> = BTreeMap::new();
        for root in &roots {
            if let Some(id) = self.rows.get(root.table) {
                renamed.insert(root.id.to_string(), *id);
            }
        }
        let mut args = example.clone();
        self.rename(&mut args, &mut renamed);
        (kind.decode)(&args.to_string()).expect("an example stays one");
        (!renamed.is_empty()).then_some(args)
    }

    /// Names what is named by a table, `visit_id`, and what is a root.
    fn rename(&self, value: &mut Value, renamed: &mut BTreeMap<String, Uuid>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let table = name.strip_suffix("_id").unwrap_or_default();
                    match (table, self.rows.get(table), member.as_str()) {
                        ("technician", _, Some(_)) => *member = self.technician_id.to_string().into(),
                        (_, Some(id), Some(example)) if !renamed.contains_key(example) => {
                            renamed.insert(example.to_owned(), *id);
                            *member = id.to_string().into();
                        }
                        _ => self.rename(member, renamed),
                    }
                }
            }
            Value::Array(members) => members.iter_mut().for_each(|member| self.rename(member, renamed)),
            Value::String(text) => {
                if let Some(id) = renamed.get(text.as_str()) {
                    *text = id.to_string();
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_technician_enters_about_anothers_job_goes_to_the_office() {
    let mut place = Place::new().await;
    let before = place.changes().await;
    let service = Database::connect(as_service(&place.database), PoolLimits::default()).await.unwrap();
    let policy = Policy::load(&REGISTRY).unwrap();
    let permitted = policy.permissions(&[roles::TECHNICIAN.to_owned()]);
    let settings = HubSettings { poll: std::time::Duration::from_secs(3_600), announce: false };
    let pusher = Pusher::new(service.clone(), Hub::start(service.clone(), settings), &REGISTRY, policy.clone());
    let (org_id, user_id): (Uuid, Uuid) = sqlx::query_as("select public.id('a'), public.id('a/user/technician')")
        .fetch_one(&mut place.admin)
        .await
        .unwrap();
    let mut phone = Phone { caller: Caller::trusted(org_id, user_id), device_id: Uuid::now_v7(), seq: 0 };
    let document = openapi::document(&REGISTRY, &policy);
    let (mut sent, mut kept_back) = (0, BTreeSet::new());
    let of_field = |kind: &&MutationKind| permitted.check(kind.name).is_ok() && !kind.name.starts_with("inbox/");
    for kind in REGISTRY.mutations.iter().filter(of_field) {
        let body = &document["paths"][format!("/api/v1/rpc/{}", kind.name)]["post"]["requestBody"]["content"];
        let example = &body["application/json"]["examples"]["usual"]["value"];
        let Some(args) = place.about_the_job(kind, example) else {
            kept_back.insert(kind.name);
            continue;
        };
        let mut mutation = phone.next_raw(kind.name, &args.to_string());
        mutation.context = to_raw_value(&ClientContext::at(jiff::Timestamp::now())).unwrap();
        let key = mutation.key;
        let request = satchel_protocol::wire::PushRequest {
            protocol: satchel_protocol::PROTOCOL_VERSION,
            device_id: phone.device_id,
            mutations: vec![mutation],
        };
        let verdict = push::push(&pusher, &phone.caller, request).await.unwrap().verdicts.remove(0);
        let Outcome::Rejected(told) = &verdict.outcome else { panic!("{}: {verdict:?}", kind.name) };
        assert_eq!(told.reason, REASSIGNED, "{}: {told:?}", kind.name);
        assert!(told.details["inbox"] == true && told.message.contains("office"), "{}", kind.name);
        let branch: Option<String> = sqlx::query_scalar(
            "select case branch_id when public.id('a/branch/1') then 'of the job' when org_id then 'none' end \
             from satchel.inbox_item where key = $1 and cause = 'reassigned' and status = 'open'",
        )
        .bind(key)
        .fetch_one(&mut place.admin)
        .await
        .unwrap();
        // Customers, places and what stands there belong to no branch.
        let of_job = args.get("job_id").is_some();
        let allowed: &[&str] = if of_job { &["of the job"] } else { &["of the job", "none"] };
        assert!(branch.as_deref().is_some_and(|branch| allowed.contains(&branch)), "{} waits: {branch:?}", kind.name);
        sent += 1;
    }
    assert!(sent >= KINDS, "only {sent}; not about a job: {kept_back:?}");
    assert_eq!(place.changes().await, before, "nothing of another's is changed");
}
