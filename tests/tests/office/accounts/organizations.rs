//! One user in two organizations, with a phone in each: nothing crosses (R1, P6).

use satchel_client::{Client, ClientError, session::SignInError};
use satchel_domain::{
    REGISTRY,
    mutations::AddMaterial,
    tables::{Job, MaterialUsed},
};
use satchel_protocol::{
    ErrorCode, Id, PROTOCOL_VERSION,
    wire::{PullRequest, PushRequest},
};
use satchel_server::{
    auth::password::{self, Cost},
    database::{Caller, Database, PoolLimits},
    http::Settings,
};
use satchel_tests::{
    database::as_service,
    phone::{PASSWORD, Phone},
    postgres::TestDatabase,
    server::TestServer,
    tenants::two_tenants,
};
use uuid::Uuid;

const USER: &str = "technician@a.example";

struct Two {
    postgres: TestDatabase,
    database: Database,
    server: TestServer,
    orgs: [Uuid; 2],
}

impl Two {
    /// The tenants a and b; the technician of a is one of b's technicians too.
    async fn new() -> Self {
        let postgres = two_tenants().await;
        let mut admin = postgres.connect().await;
        sqlx::raw_sql(
            "insert into satchel.membership (org_id, user_id, roles)
             values (public.id('b'), public.id('a/user/technician'), '{technician}');
             update satchel.technician set user_id = public.id('a/user/technician') where id = public.id('b/technician/1');
             update satchel.visit set state = 'on_site'",
        )
        .execute(&mut admin)
        .await
        .unwrap();
        let hash = password::hash(PASSWORD, Cost::Minimal).unwrap();
        sqlx::query("update satchel.app_user set password_hash = $1").bind(hash).execute(&mut admin).await.unwrap();
        let database = Database::connect(as_service(&postgres), PoolLimits::default()).await.unwrap();
        let server = TestServer::start(&database, &REGISTRY, Settings::default()).await;
        let orgs = [id(&postgres, "a").await, id(&postgres, "b").await];
        Self { postgres, database, server, orgs }
    }

    async fn phone(&self, org: usize) -> Phone {
        let org_id = Some(self.orgs[org]);
        Phone::sign_in_to(self.server.address(), &REGISTRY, USER, PASSWORD, org_id).await
    }

    async fn synced(&self, org: usize) -> Phone {
        let phone = self.phone(org).await;
        phone.client.start().await.unwrap();
        phone.settled().await;
        phone
    }

    /// Something used at the first visit of a tenant.
    async fn material(&self, tenant: &str) -> AddMaterial {
        let named = async |what: &str| id(&self.postgres, &format!("{tenant}/{what}")).await;
        AddMaterial {
            job_id: named("job/1").await.into(),
            visit_id: named("visit/1").await.into(),
            material_id: Id::new(Uuid::now_v7()),
            item_id: named("price").await.into(),
            quantity: rust_decimal::Decimal::ONE,
        }
    }

    async fn org_of(&self, material: Id<MaterialUsed>) -> Option<Uuid> {
        sqlx::query_scalar("select org_id from satchel.material_used where id = $1")
            .bind(material.uuid())
            .fetch_optional(&mut self.postgres.connect().await)
            .await
            .unwrap()
    }
}

async fn id(postgres: &TestDatabase, name: &str) -> Uuid {
    sqlx::query_scalar("select public.id($1)").bind(name).fetch_one(&mut postgres.connect().await).await.unwrap()
}

async fn jobs(client: &Client) -> Vec<Uuid> {
    client.read(|reader| Ok(reader.all::<Job>()?.into_iter().map(|job| job.id.uuid()).collect())).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_phones_of_one_user_hold_send_and_hear_only_their_own_organization() {
    let two = Two::new().await;
    let stranger = Phone::sign_in_to(two.server.address(), &REGISTRY, USER, PASSWORD, Some(two.orgs[0])).await;
    let undecided = stranger.client.sign_in(USER, PASSWORD, None).await.unwrap_err();
    let ClientError::SignIn(SignInError::ChooseOrganization(choice)) = undecided else { panic!("{undecided}") };
    assert_eq!(choice.len(), 2);
    let elsewhere = stranger.client.sign_in(USER, PASSWORD, Some(Uuid::now_v7())).await.unwrap_err();
    assert!(matches!(elsewhere, ClientError::SignIn(SignInError::OtherOrganization(_))));

    let (a, b) = (two.synced(0).await, two.synced(1).await);
    assert_ne!(a.client.replica_path().unwrap().file_name(), b.client.replica_path().unwrap().file_name());
    assert_eq!(jobs(&a.client).await, [id(&two.postgres, "a/job/1").await]);
    assert_eq!(jobs(&b.client).await, [id(&two.postgres, "b/job/1").await]);
    let (for_a, for_b) = (two.material("a").await, two.material("b").await);
    a.client.mutate(&for_a).await.unwrap();
    b.client.mutate(&for_b).await.unwrap();
    // A rule finds nothing of the other organization, on the phone or behind it.
    assert!(matches!(a.client.mutate(&two.material("b").await).await, Err(ClientError::Refused(_))));
    a.settled().await;
    b.settled().await;
    assert_eq!(two.org_of(for_a.material_id).await, Some(two.orgs[0]));
    assert_eq!(two.org_of(for_b.material_id).await, Some(two.orgs[1]));
    for phone in [&a, &b] {
        phone.assert_converged(&two.database).await;
    }

    // What others write reaches the phone of that organization; the other one's replica stays as it was.
    sqlx::raw_sql("update satchel.job set title = 'Only for b' where id = public.id('b/job/1')")
        .execute(&mut two.postgres.connect().await)
        .await
        .unwrap();
    let job_id: Id<Job> = id(&two.postgres, "b/job/1").await.into();
    b.sees("the title", move |reader| Ok(reader.get::<Job>(job_id)?.filter(|job| job.title == "Only for b"))).await;
    a.settled().await;
    assert_eq!(jobs(&a.client).await.len(), 1);
    a.assert_converged(&two.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn device_cursor_and_keys_of_one_organization_mean_nothing_in_the_other() {
    let two = Two::new().await;
    let user_id = id(&two.postgres, "a/user/technician").await;
    let client = |org: usize| two.server.client(Caller::trusted(two.orgs[org], user_id));
    let pull = PullRequest { protocol: PROTOCOL_VERSION, device_id: Uuid::now_v7(), ..PullRequest::default() };
    let page = client(0).pull(&pull).await.unwrap();
    let held = page.enter.clone();
    let digest = satchel_protocol::checksum::scopes_digest(held.iter().copied());
    let from_a = PullRequest {
        cursor: page.cursor,
        held: satchel_protocol::wire::Held { digest, ids: Some(held) },
        ..pull.clone()
    };
    client(0).pull(&from_a).await.unwrap();
    let refusal = client(1).pull(&from_a).await.unwrap_err();
    assert_eq!(refusal.error.code, ErrorCode::CursorStale);

    // The same mutation, key and device under the other organization: a ledger and a count of its own.
    let mut phone = satchel_tests::contractor::Phone {
        caller: Caller::trusted(two.orgs[0], user_id),
        device_id: pull.device_id,
        seq: 0,
    };
    let push = PushRequest {
        protocol: PROTOCOL_VERSION,
        device_id: pull.device_id,
        mutations: vec![phone.next(&two.material("a").await)],
    };
    let [first, second] = [client(0).push(&push).await.unwrap(), client(1).push(&push).await.unwrap()];
    let accepted = |response: &satchel_protocol::wire::PushResponse| {
        matches!(response.verdicts[0].outcome, satchel_protocol::wire::Outcome::Accepted { .. })
    };
    assert_eq!((accepted(&first), accepted(&second)), (true, false));
    assert_eq!((first.last_seq, second.last_seq), (1, 1));
    let counted: Vec<(Uuid, i64)> = sqlx::query_as(
        "select org_id, count(*) from satchel.mutation_ledger where name = 'material/v1/add' group by 1",
    )
    .fetch_all(&mut two.postgres.connect().await)
    .await
    .unwrap();
    assert_eq!(counted.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn work_queued_for_one_organization_waits_while_its_user_acts_in_the_other() {
    let two = Two::new().await;
    let phone = two.synced(0).await;
    phone.client.stop().await.unwrap();
    let kept = two.material("a").await;
    phone.client.mutate(&kept).await.unwrap();
    phone.client.sign_in(USER, PASSWORD, Some(two.orgs[1])).await.unwrap();
    phone.client.start().await.unwrap();
    phone.settled().await;
    let sent = two.material("b").await;
    phone.client.mutate(&sent).await.unwrap();
    phone.settled().await;
    assert_eq!(two.org_of(sent.material_id).await, Some(two.orgs[1]));
    assert_eq!(two.org_of(kept.material_id).await, None, "not sent under the other organization");
    phone.client.sign_in(USER, PASSWORD, Some(two.orgs[0])).await.unwrap();
    phone.client.start().await.unwrap();
    phone.settled().await;
    assert_eq!(two.org_of(kept.material_id).await, Some(two.orgs[0]));
}
