//! Phones, the office and other programs write the same rows at once, and nothing is lost.

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use satchel_domain::{
    mutations::{CancelVisit, CompleteVisit},
    tables::{Visit, VisitState},
};
use satchel_protocol::{
    Ctx, ErrorCode, Id, Mutation, MutationKind, PolicyFile, RowKey, Stop, Workspace, wire::Outcome,
};
use satchel_tests::contractor::{Contractor, Phone, Work, registry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// Rounds in which everybody ends the same visit.
const RACES: usize = 150;
/// How long counting goes on at most.
const COUNTING: Duration = Duration::from_secs(12);
/// How many steps each of the three counts.
const STEPS: u64 = 1_500;

/// Counts one further: reads, adds, writes.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Count {
    visit_id: Id<Visit>,
    /// Whether to lock the aggregate first, as a well-made mutation does. Nothing may be lost without, either.
    locked: bool,
}

impl Mutation for Count {
    const NAME: &'static str = "test/v1/count";
    const SUMMARY: &'static str = "Counts.";
    type Output = u64;

    fn roots(&self) -> Vec<RowKey> {
        if self.locked { vec![RowKey::of(self.visit_id)] } else { Vec::new() }
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<u64, Stop> {
        let mut visit: Visit = work.require(self.visit_id)?;
        let number = visit.outcome.as_deref().and_then(|text| text.parse::<u64>().ok()).unwrap_or_default() + 1;
        visit.outcome = Some(number.to_string());
        work.update(&visit)?;
        Ok(number)
    }
}

async fn counting_phone(contractor: &Contractor, mut phone: Phone, visit_id: Id<Visit>, seed: u64) -> u64 {
    let mut random = StdRng::seed_from_u64(seed);
    let deadline = Instant::now() + COUNTING;
    let mut counted = 0;
    while counted < STEPS && Instant::now() < deadline {
        let count = random.random_range(1..=8);
        let batch = (0..count).map(|_| phone.next(&Count { visit_id, locked: random.random() })).collect();
        let response = loop {
            match contractor.push(&phone, Clone::clone(&batch)).await {
                Ok(response) => break response,
                Err(error) => assert_eq!(error.code(), ErrorCode::ServiceUnavailable, "{error}"),
            }
        };
        counted += response.verdicts.iter().filter(|verdict| accepted(&verdict.outcome)).count() as u64;
        assert_eq!(response.last_seq, phone.seq);
    }
    counted
}

async fn counting_monolith(contractor: &Contractor, visit_id: Id<Visit>, seed: u64) -> u64 {
    let mut random = StdRng::seed_from_u64(seed);
    let deadline = Instant::now() + COUNTING;
    let mut counted = 0;
    while counted < STEPS && Instant::now() < deadline {
        let mut tx = contractor.admin.begin().await.expect("Postgres takes it");
        for _ in 0..random.random_range(1..=3) {
            sqlx::query("update satchel.visit set outcome = (coalesce(outcome, '0')::integer + 1)::text where id = $1")
                .bind(visit_id.uuid())
                .execute(&mut *tx)
                .await
                .expect("Postgres takes it");
            counted += 1;
        }
        if random.random_bool(0.2) {
            tokio::time::sleep(Duration::from_millis(random.random_range(0..3))).await;
        }
        tx.commit().await.expect("Postgres takes it");
    }
    counted
}

fn accepted(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Accepted { .. })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_phones_and_another_program_count_on_one_visit() {
    let seed = rand::random();
    println!("seed {seed}");
    let text = r#"@id("all") permit (principal, action == Action::"test/v1/count", resource);"#;
    let policy = PolicyFile { resource: "test", text };
    let contractor = Contractor::new(registry(&[], &[MutationKind::of::<Count>()], &[policy])).await;
    let technicians = contractor.technicians;
    let work = contractor.work(VisitState::OnSite, &technicians).await;
    let [one, other] = technicians.map(|technician| contractor.phone(technician.caller));
    let counts = tokio::join!(
        counting_phone(&contractor, one, work.visit_id, seed),
        counting_phone(&contractor, other, work.visit_id, seed ^ 1),
        counting_monolith(&contractor, work.visit_id, seed ^ 2),
    );
    println!("counted {counts:?}");
    let total = contractor.count("select outcome::bigint from satchel.visit").await;
    assert_eq!(total.unsigned_abs(), counts.0 + counts.1 + counts.2, "seed {seed}");
}

async fn race(contractor: &Contractor, phones: &mut [Phone; 3], work: &Work, random: &mut StdRng) -> [bool; 4] {
    let [one, other, office] = phones;
    let complete = CompleteVisit { job_id: work.job_id, visit_id: work.visit_id, outcome: None };
    let cancel = CancelVisit { job_id: work.job_id, visit_id: work.visit_id, reason: "Called off.".to_owned() };
    // A push takes some time to get where a single statement is at once.
    let delays_us = [4_000, 4_000, 4_000, 60_000].map(|longest_us| random.random_range(0..longest_us));
    let pause = |position: usize| tokio::time::sleep(Duration::from_micros(delays_us[position]));
    let monolith = async {
        pause(3).await;
        let canceled = sqlx::query("update satchel.visit set state = 'canceled' where id = $1 and state = 'on_site'")
            .bind(work.visit_id.uuid())
            .execute(&contractor.admin)
            .await
            .expect("Postgres takes it");
        canceled.rows_affected() == 1
    };
    let (one, other, office, monolith) = tokio::join!(
        async {
            pause(0).await;
            contractor.outcome(one, &complete).await
        },
        async {
            pause(1).await;
            contractor.outcome(other, &complete).await
        },
        async {
            pause(2).await;
            contractor.outcome(office, &cancel).await
        },
        monolith,
    );
    [accepted(&one), accepted(&other), accepted(&office), monolith]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_visit_ends_once_however_many_end_it() {
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let contractor = Contractor::new(&satchel_domain::REGISTRY).await;
    let technicians = contractor.technicians;
    let mut phones =
        [technicians[0].caller, technicians[1].caller, contractor.dispatcher].map(|caller| contractor.phone(caller));
    let mut endings = [0; 4];
    for round in 0..RACES {
        let work = contractor.work(VisitState::OnSite, &technicians).await;
        let ended = race(&contractor, &mut phones, &work, &mut random).await;
        assert_eq!(ended.iter().filter(|ended| **ended).count(), 1, "round {round} of seed {seed}: {ended:?}");
        for (total, ended) in endings.iter_mut().zip(ended) {
            *total += usize::from(ended);
        }
        let (state, events): (String, i64) = sqlx::query_as(
            "select v.state, (select count(*) from satchel.visit_status_event e where e.visit_id = v.id) \
             from satchel.visit v where v.id = $1",
        )
        .bind(work.visit_id.uuid())
        .fetch_one(&contractor.admin)
        .await
        .unwrap();
        let expected = if ended[0] || ended[1] { "completed" } else { "canceled" };
        assert_eq!((state.as_str(), events), (expected, i64::from(!ended[3])), "round {round} of seed {seed}");
    }
    println!("ended by phone, phone, office, another program: {endings:?}");
}
