//! The audit log: every change with before and after, by whom and when; append-only; seen by whom the rows are (R11).

use reqwest::Method;
use satchel_domain::{
    REGISTRY,
    mutations::{AcceptVisit, AddMaterial, CancelVisit, CorrectMaterial},
    tables::VisitState,
};
use satchel_protocol::wire::Outcome;
use satchel_server::database::Caller;
use satchel_tests::{
    contractor::{Contractor, id},
    database::fresh,
    server::{Client, TestServer, unhurried},
};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, FromRow, PgConnection};
use uuid::Uuid;

#[derive(Debug, FromRow)]
struct Entry {
    name: String,
    table_name: String,
    row_id: Uuid,
    scope_id: Uuid,
    branch_id: Uuid,
    change: String,
    before: Option<Value>,
    after: Option<Value>,
}

impl Entry {
    fn what(&self) -> (&str, &str, &str) {
        (&self.name, &self.table_name, &self.change)
    }
}

async fn entries(contractor: &Contractor, condition: &str) -> Vec<Entry> {
    let sql = format!("select * from satchel.audit_log where {condition} order by id");
    sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&contractor.admin).await.unwrap()
}

/// How many entries somebody may read.
async fn readable(contractor: &Contractor, caller: &Caller, condition: &str) -> i64 {
    let mut entered = contractor.database.begin_read(caller).await.unwrap();
    let sql = format!("select count(*) from satchel.audit_log where {condition}");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *entered.tx).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mutation_is_entered_with_what_was_before_and_after() {
    let contractor = Contractor::new(&REGISTRY).await;
    let technician = contractor.technicians[0];
    let work = contractor.work(VisitState::Dispatched, &[technician]).await;
    let mut phone = contractor.phone(technician.caller);
    let accept = AcceptVisit { job_id: work.job_id, visit_id: work.visit_id, reason: None };
    let add = AddMaterial {
        job_id: work.job_id,
        visit_id: work.visit_id,
        material_id: id(),
        item_id: contractor.item_id,
        quantity: rust_decimal::Decimal::new(1_500, 3),
    };
    let correct = |milli| CorrectMaterial {
        job_id: work.job_id,
        visit_id: work.visit_id,
        material_id: add.material_id,
        quantity: rust_decimal::Decimal::new(milli, 3),
    };
    let batch = vec![phone.next(&accept), phone.next(&add), phone.next(&correct(2_000)), phone.next(&correct(2_500))];
    let key = batch[2].key;
    contractor.push(&phone, batch).await.unwrap();

    let found = entries(&contractor, "device_id is not null").await;
    let visits: Vec<&Entry> = found.iter().filter(|entry| entry.table_name == "visit").collect();
    assert_eq!(visits.len(), 1);
    assert_eq!(visits[0].before, Some(json!({ "state": "dispatched" })));
    assert_eq!(visits[0].after, Some(json!({ "state": "accepted" })));
    assert!(found.iter().any(|entry| entry.what() == ("visit/v1/accept", "visit_status_event", "insert")));

    // Also what a later mutation of the batch replaced before the database ever saw it.
    let material: Vec<&Entry> = found.iter().filter(|entry| entry.table_name == "material_used").collect();
    let [added, first, second] = &material[..] else { panic!("{material:?}") };
    assert_eq!(added.what(), ("material/v1/add", "material_used", "insert"));
    assert_eq!(added.before, None);
    let after = added.after.as_ref().unwrap();
    assert_eq!((&after["quantity"], &after["unit_price_cents"]), (&json!("1.500"), &json!("1250")));
    assert_eq!(
        (&first.before, &first.after),
        (&Some(json!({ "quantity": "1.500" })), &Some(json!({ "quantity": "2.000" })))
    );
    assert_eq!(
        (&second.before, &second.after),
        (&Some(json!({ "quantity": "2.000" })), &Some(json!({ "quantity": "2.500" })))
    );
    for entry in &found {
        assert_eq!((entry.scope_id, entry.branch_id), (work.job_id.uuid(), contractor.branch_id.uuid()), "{entry:?}");
    }

    // By both clocks, to the microsecond that Postgres keeps, and findable by what was sent.
    let clocks = "select count(*) from satchel.audit_log a join satchel.mutation_ledger l using (org_id, key) \
        where a.key = '{key}' and a.user_id = l.user_id and a.trace_id = l.trace_id and a.clock_trusted \
          and abs(extract(epoch from a.occurred_at - (l.context::jsonb ->> 'occurred_at')::timestamptz)) < 0.000002 \
          and abs(extract(epoch from a.device_clock - (l.context::jsonb ->> 'device_clock')::timestamptz)) < 0.000002 \
          and a.at >= a.occurred_at";
    let clocks = clocks.replace("{key}", &key.to_string());
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(clocks)).fetch_one(&contractor.admin).await.unwrap();
    assert_eq!(count, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_job_is_told_page_by_page() {
    let contractor = Contractor::new(&REGISTRY).await;
    let server = TestServer::start(&contractor.database, &REGISTRY, unhurried()).await;
    let technician = contractor.technicians[0];
    let work = contractor.work(VisitState::Dispatched, &[technician]).await;
    let mut phone = contractor.phone(technician.caller);
    let accept = AcceptVisit { job_id: work.job_id, visit_id: work.visit_id, reason: None };
    contractor.outcome(&mut phone, &accept).await;
    contractor.outcome(&mut phone, &accept).await;

    let dispatcher = server.client(contractor.dispatcher);
    let ask = async |client: &Client, entity: Uuid, after: Option<&str>| -> (u16, Value) {
        let args = json!({ "entity_id": entity, "limit": 2, "after": after });
        let answer = client.request(Method::POST, "/api/v1/rpc/audit/v1/list").json(&args).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    };
    let (mut told, mut after) = (Vec::new(), None);
    loop {
        let (status, page) = ask(&dispatcher, work.job_id.uuid(), after.as_deref()).await;
        assert_eq!(status, 200, "{page}");
        told.extend(page["entries"].as_array().unwrap().clone());
        after = page["next"].as_str().map(str::to_owned);
        if after.is_none() {
            break;
        }
    }
    let count = "select count(*) from satchel.audit_log a join satchel.job j on j.id = a.scope_id";
    assert_eq!(told.len() as i64, contractor.count(count).await);
    assert_eq!(told[0]["change"], "refuse");
    let visit = told.iter().find(|entry| entry["table"] == "visit" && entry["change"] == "update").unwrap();
    assert_eq!(
        (&visit["before"], &visit["after"]),
        (&json!({ "state": "dispatched" }), &json!({ "state": "accepted" }))
    );
    assert!(visit["occurred_at"].is_string() && visit["clock_trusted"] == json!(true) && visit["user_id"].is_string());
    assert!(told.iter().any(|entry| entry["user_id"].is_null()), "the rows made by hand");

    // Another branch's dispatcher is told nothing, a technician may not ask.
    let south = contractor.branch("South").await;
    let southern = server.client(contractor.member_in("dispatcher", &[south]).await);
    let (status, page) = ask(&southern, work.job_id.uuid(), None).await;
    assert_eq!((status, &page["entries"]), (200, &json!([])));
    assert_eq!(ask(&server.client(technician.caller), work.job_id.uuid(), None).await.0, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_is_entered_too() {
    let contractor = Contractor::new(&REGISTRY).await;
    let technician = contractor.technicians[0];
    let work = contractor.work(VisitState::OnSite, &[technician]).await;
    let mut phone = contractor.phone(technician.caller);
    let accept = AcceptVisit { job_id: work.job_id, visit_id: work.visit_id, reason: None };
    let mutation = phone.next(&accept);
    let response = contractor.push(&phone, vec![mutation.clone()]).await.unwrap();
    let Outcome::Rejected(rejection) = &response.verdicts[0].outcome else { panic!("{response:?}") };
    contractor.push(&phone, vec![mutation]).await.unwrap();

    let found = entries(&contractor, "change = 'refuse'").await;
    assert_eq!(found.len(), 1, "a repeat is no second attempt");
    assert_eq!(found[0].what(), ("visit/v1/accept", "job", "refuse"));
    assert_eq!((found[0].row_id, found[0].branch_id), (work.job_id.uuid(), contractor.branch_id.uuid()));
    assert_eq!(found[0].after.as_ref().unwrap()["reason"], json!(rejection.reason));

    // Of a job out of sight nobody knows the branch: only those see it who see all branches.
    let mut stranger = contractor.phone(contractor.technicians[1].caller);
    contractor.outcome(&mut stranger, &accept).await;
    let found = entries(&contractor, "change = 'refuse'").await;
    assert_eq!((found.len(), found[1].branch_id), (2, contractor.org_id));

    // What the policy forbids is refused before anybody looks whose branch it is about.
    let cancel = CancelVisit { job_id: work.job_id, visit_id: work.visit_id, reason: "I would rather not.".to_owned() };
    contractor.outcome(&mut phone, &cancel).await;
    let found = entries(&contractor, "change = 'refuse'").await;
    assert_eq!((found[2].what(), found[2].branch_id), (("visit/v1/cancel", "job", "refuse"), contractor.org_id));
    assert_eq!(found[2].after.as_ref().unwrap()["reason"], json!("policy.forbidden"));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_writers_are_entered_by_their_role() {
    let contractor = Contractor::new(&REGISTRY).await;
    let work = contractor.work(VisitState::Scheduled, &[]).await;
    let run = async |sql: &'static str| {
        sqlx::raw_sql(sql).execute(&contractor.admin).await.unwrap();
    };
    run("update satchel.visit set outcome = 'by hand'").await;
    run("update satchel.visit set outcome = 'by hand'; update satchel.visit set org_id = org_id").await;
    run("begin; set local satchel.audit = 'off'; update satchel.visit set outcome = 'quietly'; commit").await;
    run("update satchel.job set description = repeat('x', 5000)").await;
    run("delete from satchel.visit").await;

    let found = entries(&contractor, "user_id is null and table_name in ('visit', 'job')").await;
    let what: Vec<(&str, &str)> =
        found.iter().map(|entry| (entry.table_name.as_str(), entry.change.as_str())).collect();
    assert_eq!(
        what,
        [("job", "insert"), ("visit", "insert"), ("visit", "update"), ("job", "update"), ("visit", "delete")]
    );
    assert!(found.iter().all(|entry| entry.name.starts_with("sql/") && entry.scope_id == work.job_id.uuid()));
    assert_eq!(found[2].before, Some(json!({ "outcome": null })));
    assert_eq!(found[2].after, Some(json!({ "outcome": "by hand" })));
    assert_eq!(found[3].after.as_ref().unwrap()["description"].as_str().unwrap().chars().count(), 1_001);
    assert_eq!(found[4].before.as_ref().unwrap()["outcome"], json!("quietly"));
}

#[tokio::test]
async fn nobody_may_change_what_was_entered() {
    let database = fresh().await;
    let mut admin = database.connect().await;
    let loose: Vec<String> = sqlx::query_scalar(
        "select format('%s may %s %s', rolname, privilege, c.oid::regclass)
         from pg_class c cross join pg_roles r
         cross join unnest('{UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) privilege
         where c.relnamespace = 'satchel'::regnamespace and c.relkind in ('r', 'p') and c.relname ~ '^audit_log'
           and rolname in ('satchel_service', 'satchel_office', 'satchel_field', 'satchel_waker')
           and has_table_privilege(r.oid, c.oid, privilege)
         union all
         select format('%s may insert into %s past the parent', rolname, c.oid::regclass)
         from pg_class c cross join pg_roles r
         where c.relnamespace = 'satchel'::regnamespace and c.relispartition and c.relname ~ '^audit_log'
           and rolname in ('satchel_service', 'satchel_office', 'satchel_field', 'satchel_waker')
           and has_table_privilege(r.oid, c.oid, 'INSERT,SELECT')",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert_eq!(loose, Vec::<String>::new());
    // The owner's functions are bound too: there is a policy for entering, and none for changing.
    let attempt = "insert into satchel.organization (org_id, id, name, currency)
             select id, id, 'A', 'USD' from (values (gen_random_uuid())) new (id);
         set role satchel_internal;
         update satchel.audit_log set name = 'forged';";
    sqlx::raw_sql(attempt).execute(&mut admin).await.unwrap();
    sqlx::raw_sql("delete from satchel.audit_log; reset role").execute(&mut admin).await.unwrap();
    let kept: i64 = sqlx::query_scalar("select count(*) from satchel.audit_log where name like 'sql/%'")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert_eq!(kept, 1);
}

async fn change(contractor: &Contractor, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&contractor.admin).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_read_by_branch_and_by_the_capability_of_their_table() {
    let contractor = Contractor::new(&REGISTRY).await;
    let south = contractor.branch("South").await;
    let now = jiff::Timestamp::now();
    contractor.work(VisitState::Scheduled, &[]).await;
    contractor.work_in(south, now, VisitState::Scheduled, &[]).await;
    let northern = contractor.member_in("dispatcher", &[contractor.branch_id]).await;
    let northern_billing = contractor.member_in("billing", &[contractor.branch_id]).await;
    let auditor = contractor.member_in("auditor", &[contractor.branch_id, south]).await;
    change(
        &contractor,
        format!("update satchel.membership set branch_ids = null where user_id = '{}'", auditor.user_id),
    )
    .await;

    let visits = "table_name = 'visit'";
    let everybody = [(&northern, 1), (&contractor.dispatcher, 2), (&auditor, 2)];
    for (caller, expected) in everybody {
        assert_eq!(readable(&contractor, caller, visits).await, expected, "{caller:?}");
    }
    // Rows without a branch are the business of those who are not limited to one.
    for (caller, expected) in [(&northern, 0), (&contractor.dispatcher, 1), (&auditor, 1)] {
        assert_eq!(readable(&contractor, caller, "table_name = 'customer'").await, expected, "{caller:?}");
    }
    // Technicians read none, not even their own.
    assert!(contractor.database.begin_read(&contractor.technicians[0].caller).await.is_ok());
    let mut entered = contractor.database.begin_read(&contractor.technicians[0].caller).await.unwrap();
    assert!(sqlx::query("select from satchel.audit_log").fetch_all(&mut *entered.tx).await.is_err());
    drop(entered);

    // A table of costs hides its entries as it hides its rows.
    change(
        &contractor,
        format!(
            "set role satchel_internal; set search_path = satchel;
             create table margin (org_id uuid not null, id uuid not null, rev bigint not null default 0,
                 branch_id uuid not null, margin_cents bigint not null, created_at timestamptz not null default now(),
                 created_by uuid, updated_at timestamptz not null default now(), updated_by uuid, primary key (org_id, id));
             call sync_table('margin', scope => 'id', branch => 'branch_id');
             call allow_office('margin', '{{select}}', 'cost', 'branch_id');
             reset role; reset search_path;
             insert into satchel.margin (org_id, id, branch_id, margin_cents)
             values ('{}', gen_random_uuid(), '{}', 100), ('{0}', gen_random_uuid(), '{}', 200);",
            contractor.org_id,
            contractor.branch_id.uuid(),
            south.uuid(),
        ),
    )
    .await;
    let margins = "table_name = 'margin' and after ? 'margin_cents'";
    for (caller, expected) in [(&contractor.dispatcher, 0), (&northern, 0), (&northern_billing, 1), (&auditor, 2)] {
        assert_eq!(readable(&contractor, caller, margins).await, expected, "{caller:?}");
    }
}

#[tokio::test]
async fn months_are_made_ahead_and_take_what_came_before_them() {
    let database = fresh().await;
    let mut admin = database.connect().await;
    let maintain = async |admin: &mut PgConnection, ahead: i32| -> i32 {
        sqlx::query_scalar("select satchel.audit_maintain($1)").bind(ahead).fetch_one(admin).await.unwrap()
    };
    assert_eq!(maintain(&mut admin, 3).await, 0, "the migration made them");
    sqlx::raw_sql(
        "with org as (insert into satchel.organization (org_id, id, name, currency)
                      select id, id, 'A', 'USD' from (values (gen_random_uuid())) new (id) returning id)
         insert into satchel.audit_log (org_id, at, name, table_name, row_id, scope_id, branch_id, change)
         select id, now() + interval '4 months', 'x', 'job', id, id, id, 'update' from org",
    )
    .execute(&mut admin)
    .await
    .unwrap();
    assert_eq!(maintain(&mut admin, 5).await, 2);
    let left: i64 =
        sqlx::query_scalar("select count(*) from satchel.audit_log_default").fetch_one(&mut admin).await.unwrap();
    let kept: i64 = sqlx::query_scalar("select count(*) from satchel.audit_log where name = 'x'")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert_eq!((left, kept), (0, 1));
}
