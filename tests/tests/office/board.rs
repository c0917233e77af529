//! Branches and boards: a dispatcher sees and changes the own branches and nothing else, by every way there is, and his
//! replica holds the jobs that somebody has to look after these days (R3, P6).

use std::time::Duration;

use jiff::{Timestamp, ToSpan as _};
use reqwest::Method;
use satchel_domain::{
    REGISTRY,
    mutations::{AcceptVisit, CreateJob},
    tables::{Branch, Job, JobPriority, Visit, VisitState},
};
use satchel_protocol::{ErrorCode, Id, Mutation as _, limits, wire::Outcome};
use satchel_server::{database::Caller, feed::HubSettings, http::Settings};
use satchel_tests::{
    contractor::{Contractor, Work, id},
    phone::Field,
    replica::{Replica, assert_converged},
    server::{Client, Socket, TestServer, unhurried},
};
use serde_json::json;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// A contractor of two branches with a dispatcher for each.
struct Scene {
    contractor: Contractor,
    server: TestServer,
    north: Id<Branch>,
    south: Id<Branch>,
    northern: Caller,
    southern: Caller,
}

impl Scene {
    async fn new(settings: Settings) -> Self {
        let contractor = Contractor::new(&REGISTRY).await;
        let server = TestServer::start(&contractor.database, &REGISTRY, settings).await;
        let (north, south) = (contractor.branch_id, contractor.branch("South").await);
        let northern = contractor.member_in("dispatcher", &[north]).await;
        let southern = contractor.member_in("dispatcher", &[south]).await;
        Self { contractor, server, north, south, northern, southern }
    }

    async fn work(&self, branch: Id<Branch>) -> Work {
        self.contractor.work_in(branch, Timestamp::now(), VisitState::Scheduled, &[]).await
    }

    async fn replica(&self, caller: Caller) -> (Client, Replica) {
        let client = self.server.client(caller);
        let mut replica = Replica::new(&REGISTRY, self.contractor.org_id);
        replica.catch_up(&client).await.unwrap();
        (client, replica)
    }

    async fn run(&self, sql: String) {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.contractor.admin).await.unwrap();
    }

    fn create(&self, branch_id: Id<Branch>) -> CreateJob {
        CreateJob {
            job_id: id(),
            branch_id,
            customer_id: self.contractor.customer_id,
            location_id: self.contractor.location_id,
            equipment_id: None,
            number: None,
            title: "No heat, and a baby in the house".to_owned(),
            description: String::new(),
            priority: Some(JobPriority::Emergency),
            draft: false,
            first_visit: None,
        }
    }
}

async fn call(client: &Client, name: &str, args: serde_json::Value) -> (u16, serde_json::Value) {
    let request = client.request(Method::POST, &format!("/api/v1/rpc/{name}"));
    let answer = request.header("idempotency-key", Uuid::now_v7().to_string()).json(&args).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn follow(socket: &mut Socket, replica: &mut Replica, until: impl Fn(&Replica) -> bool) {
    while !until(replica) {
        replica.apply(socket.delta().await);
    }
}

fn holds<R: satchel_protocol::Record>(id: Id<R>) -> impl Fn(&Replica) -> bool {
    move |replica| replica.row(R::TABLE.name, id.uuid()).is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispatcher_of_the_north_neither_sees_nor_changes_the_south() {
    let scene = Scene::new(unhurried()).await;
    let (here, there) = (scene.work(scene.north).await, scene.work(scene.south).await);
    let client = scene.server.client(scene.northern);

    // By RPC.
    let reason = "It was a mistake.";
    let cancel = |work: Work| json!({ "job_id": work.job_id, "visit_id": work.visit_id, "reason": reason });
    let (status, answer) = call(&client, "visit/v1/cancel", cancel(there)).await;
    assert_eq!((status, &answer["error"]["details"]["reason"]), (404, &json!("job.not_found")));
    let (status, answer) =
        call(&client, CreateJob::NAME, serde_json::to_value(scene.create(scene.south)).unwrap()).await;
    assert!([403, 404].contains(&status), "{answer}");
    let (status, _) = call(&client, "visit/v1/cancel", cancel(here)).await;
    assert_eq!(status, 200);

    // By push.
    let mut phone = scene.contractor.phone(scene.northern);
    let foreign = AcceptVisit { job_id: there.job_id, visit_id: there.visit_id, reason: None };
    let outcome = scene.contractor.outcome(&mut phone, &foreign).await;
    assert!(matches!(outcome, Outcome::Rejected(_)), "{outcome:?}");

    // By pull.
    let (_, replica) = scene.replica(scene.northern).await;
    assert!(holds(here.job_id)(&replica) && !holds(there.job_id)(&replica));
    assert_converged(&replica, &scene.contractor.database, &scene.northern).await;
    let (_, replica) = scene.replica(scene.southern).await;
    assert!(holds(there.job_id)(&replica) && !holds(here.job_id)(&replica));

    // By the audit log.
    let mut entered = scene.contractor.database.begin_read(&scene.northern).await.unwrap();
    let told: Vec<Uuid> = sqlx::query_scalar("select scope_id from satchel.audit_log where table_name = 'visit'")
        .fetch_all(&mut *entered.tx)
        .await
        .unwrap();
    assert!(!told.is_empty() && told.iter().all(|job| *job == here.job_id.uuid()), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_reaches_the_board_of_its_branch_without_any_poll_and_no_other() {
    let scene = Scene::new(unhurried()).await;
    let there = scene.work(scene.south).await;
    let (client, mut replica) = scene.replica(scene.northern).await;
    let mut socket = client.socket(&replica.request()).await.unwrap();
    replica.apply(socket.delta().await);

    // The south works on; the north's stream is not told. Then a job comes into the north.
    let (southern, south) = scene.replica(scene.southern).await;
    let cancel = json!({ "job_id": there.job_id, "visit_id": there.visit_id, "reason": "The customer called." });
    assert_eq!(call(&southern, "visit/v1/cancel", cancel).await.0, 200);
    let colleague = scene.server.client(scene.contractor.dispatcher);
    let job = scene.create(scene.north);
    let (status, answer) = call(&colleague, CreateJob::NAME, serde_json::to_value(&job).unwrap()).await;
    assert_eq!(status, 200, "{answer}");
    follow(&mut socket, &mut replica, holds(job.job_id)).await;
    assert!(!holds(there.job_id)(&replica));
    assert_converged(&replica, &scene.contractor.database, &scene.northern).await;
    assert!(!south.scopes.contains(&job.job_id.uuid()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_changes_its_branch_changes_boards() {
    let settings = Settings { hub: HubSettings { poll: Duration::from_millis(20), announce: false }, ..unhurried() };
    let scene = Scene::new(settings).await;
    let work = scene.work(scene.south).await;
    let (north_client, mut north) = scene.replica(scene.northern).await;
    let (south_client, mut south) = scene.replica(scene.southern).await;
    let mut north_socket = north_client.socket(&north.request()).await.unwrap();
    let mut south_socket = south_client.socket(&south.request()).await.unwrap();
    scene.run(format!("update satchel.job set branch_id = '{}' where id = '{}'", scene.north, work.job_id)).await;
    follow(&mut north_socket, &mut north, holds(work.visit_id)).await;
    follow(&mut south_socket, &mut south, |replica| !holds(work.job_id)(replica)).await;
    assert_converged(&north, &scene.contractor.database, &scene.northern).await;
    assert_converged(&south, &scene.contractor.database, &scene.southern).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_is_what_has_to_be_looked_after_these_days() {
    let scene = Scene::new(unhurried()).await;
    let now = Timestamp::now();
    let day = |days: i64| now + (24 * days).hours();
    let visit = async |days: i64, state: VisitState| scene.contractor.work_in(scene.north, day(days), state, &[]).await;
    let shown = [
        ("yesterday's", visit(-1, VisitState::Completed).await),
        ("in a week", visit(7, VisitState::Scheduled).await),
        ("overdue", visit(-40, VisitState::Dispatched).await),
    ];
    let hidden = [
        ("long done", visit(-3, VisitState::Completed).await),
        ("in a fortnight", visit(14, VisitState::Scheduled).await),
    ];
    let without_a_day = scene.create(scene.north);
    let colleague = scene.server.client(scene.contractor.dispatcher);
    call(&colleague, CreateJob::NAME, serde_json::to_value(&without_a_day).unwrap()).await;
    let (_, replica) = scene.replica(scene.northern).await;
    for (what, work) in shown {
        assert!(holds(work.job_id)(&replica) && holds(work.visit_id)(&replica), "{what}");
    }
    for (what, work) in hidden {
        assert!(!holds(work.job_id)(&replica), "{what}");
    }
    assert!(holds(without_a_day.job_id)(&replica));
    assert!(holds(scene.contractor.customer_id)(&replica) && holds(scene.contractor.location_id)(&replica));
    assert_converged(&replica, &scene.contractor.database, &scene.northern).await;

    // Whoever reads everything holds all branches' boards.
    let southern = scene.work(scene.south).await;
    let auditor = scene.contractor.member_in("auditor", &[]).await;
    scene.run(format!("update satchel.membership set branch_ids = null where user_id = '{}'", auditor.user_id)).await;
    let (_, replica) = scene.replica(auditor).await;
    assert!(holds(southern.job_id)(&replica) && holds(without_a_day.job_id)(&replica));
    assert_converged(&replica, &scene.contractor.database, &auditor).await;
}

/// So many jobs with a visit that day.
async fn busy_day(scene: &Scene, days: i64, jobs: i32) {
    let sql = format!(
        "begin; set local satchel.audit = 'off';
         insert into satchel.job (org_id, id, branch_id, customer_id, location_id, title, description, state, priority)
         select '{org}', gen_random_uuid(), '{branch}', '{customer}', '{location}', 'A job', '', 'scheduled', 'normal'
         from generate_series(1, {jobs});
         -- Foreign keys are looked up by plans, and those of an empty table read it whole.
         analyze satchel.job;
         insert into satchel.visit (org_id, id, job_id, branch_id, state, window_start, window_end, zone)
         select j.org_id, gen_random_uuid(), j.id, j.branch_id, '{state}', day, day, 'UTC'
         from satchel.job j, (values (
             date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' + make_interval(days => {days}, hours => 12))) t (day)
         where not exists (select from satchel.visit v where v.org_id = j.org_id and v.job_id = j.id);
         commit",
        org = scene.contractor.org_id,
        state = if days < 0 { "completed" } else { "scheduled" },
        branch = scene.north,
        customer = scene.contractor.customer_id,
        location = scene.contractor.location_id,
    );
    scene.run(sql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_grows_too_large_shows_fewer_days_and_at_last_says_so() {
    let scene = Scene::new(unhurried()).await;
    for days in [-1, 0, 1, 3, 7] {
        busy_day(&scene, days, 1_000).await;
    }
    let scopes = async |caller: &Caller| -> i64 {
        let mut entered = scene.contractor.database.begin_read(caller).await.unwrap();
        sqlx::query_scalar("select count(*) from satchel.my_scopes()").fetch_one(&mut *entered.tx).await.unwrap()
    };
    // Organization, customer and location beside the jobs.
    assert_eq!(scopes(&scene.northern).await, 4_000 + 3, "not the one in a week");
    busy_day(&scene, 2, 1_000).await;
    assert_eq!(scopes(&scene.northern).await, 3_000 + 3, "not those in two days and three");
    busy_day(&scene, 1, 2_000).await;
    assert_eq!(scopes(&scene.northern).await, 1_000 + 3, "today's only");
    busy_day(&scene, 0, i32::try_from(limits::SCOPES).unwrap()).await;
    let client = scene.server.client(scene.northern);
    let refused = client.pull(&Replica::new(&REGISTRY, scene.contractor.org_id).request()).await.unwrap_err();
    assert_eq!((refused.status, refused.why()), (413, (ErrorCode::PayloadTooLarge, Some("replica.scopes"))));
    assert_eq!(refused.error.details["limit"], limits::SCOPES);
    assert_eq!(scopes(&scene.southern).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn technicians_hold_their_own_jobs_and_the_office_all_of_them() {
    let field = Field::new().await;
    let [first, second] = field.contractor.technicians;
    let own = field.contractor.work(VisitState::Dispatched, &[first]).await;
    let colleagues = field.contractor.work(VisitState::Dispatched, &[second]).await;
    let phone = field.synced_phone(0).await;
    let office = field.phone(field.contractor.dispatcher).await;
    office.client.start().await.unwrap();
    office.sees_row::<Visit>(own.visit_id.uuid()).await;
    office.sees_row::<Visit>(colleagues.visit_id.uuid()).await;
    assert!(phone.client.read(move |reader| reader.get::<Job>(colleagues.job_id)).await.unwrap().is_none());

    // What the technician does the office sees, and the other way round.
    phone.client.mutate(&AcceptVisit { job_id: own.job_id, visit_id: own.visit_id, reason: None }).await.unwrap();
    office
        .sees("accepted", move |reader| {
            Ok(reader.get::<Visit>(own.visit_id)?.filter(|visit| visit.state == VisitState::Accepted))
        })
        .await;
    let job = field.contractor.work(VisitState::Scheduled, &[]).await;
    office.sees_row::<Job>(job.job_id.uuid()).await;
    phone.settled().await;
    office.settled().await;
    phone.assert_converged(&field.contractor.database).await;
    office.assert_converged(&field.contractor.database).await;
    assert!(phone.client.read(move |reader| reader.get::<Job>(colleagues.job_id)).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn time_is_not_booked_on_a_job_out_of_sight() {
    let scene = Scene::new(unhurried()).await;
    let (here, there) = (scene.work(scene.north).await, scene.work(scene.south).await);
    let technician = scene.contractor.technicians[0].id;
    let entry = Uuid::now_v7();
    let insert = |job: Id<Job>| {
        format!(
            "insert into satchel.time_entry (org_id, id, technician_id, branch_id, job_id, kind, started_at, \"overlaps\")
             values ('{}', '{entry}', '{technician}', '{}', '{job}', 'work', now(), false)",
            scene.contractor.org_id, scene.north
        )
    };
    let as_northern = async |sql: String| {
        let mut entered = scene.contractor.database.begin_write(&scene.northern).await.unwrap();
        let done = sqlx::query(AssertSqlSafe(sql)).execute(&mut *entered.tx).await;
        if done.is_ok() {
            entered.tx.commit().await.unwrap();
        }
        done.map(|done| done.rows_affected())
            .map_err(|error| error.as_database_error().unwrap().code().unwrap().into_owned())
    };
    assert_eq!(as_northern(insert(there.job_id)).await, Err("42501".to_owned()));
    assert_eq!(as_northern(insert(here.job_id)).await, Ok(1));
    let update = |what: String| format!("update satchel.time_entry set {what}");
    assert_eq!(as_northern(update(format!("job_id = '{}'", there.job_id))).await, Err("42501".to_owned()));
    // A technician lent to the south stays the north's: his clock can be stopped.
    scene.run(update(format!("job_id = '{}'", there.job_id))).await;
    assert_eq!(as_northern(update("ended_at = now()".to_owned())).await, Ok(1));
}
