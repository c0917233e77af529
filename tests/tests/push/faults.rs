//! What the server does not know is kept with a verdict; what it cannot do is no verdict, until it is set aside (P1, P8).

use satchel_domain::mutations::AddMaterial;
use satchel_protocol::{
    Ctx, ErrorCode, Mutation, MutationKind, PolicyFile, RowKey, Stop, Workspace,
    wire::{Outcome, PushedMutation},
};
use satchel_server::push::FAULTS_BEFORE_QUARANTINE;
use satchel_tests::contractor::{Contractor, registry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Scribble, Stumble, accepted, add, at_work, contractor, materials};

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_does_not_know_is_kept() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let batch = vec![
        phone.next_raw("weather/v9/summon", r#"{"rain": [1,  2]}"#),
        phone.next_raw(AddMaterial::NAME, r#"{"job_id": 5}"#),
        phone.next_raw(&"x".repeat(10_000), "null"),
        phone.next_raw("nul\0name", "null"),
        phone.next(&add(&contractor, &work)),
    ];
    let mut no_context = phone.next(&add(&contractor, &work));
    no_context.context = RawValue::from_string("[]".to_owned()).unwrap();
    let batch: Vec<PushedMutation> = batch.into_iter().chain([no_context]).collect();
    let response = contractor.push(&phone, batch).await.unwrap();
    let reasons: Vec<Option<&str>> = response
        .verdicts
        .iter()
        .map(|verdict| match &verdict.outcome {
            Outcome::Rejected(rejection) => Some(rejection.reason.as_str()),
            _ => None,
        })
        .collect();
    let unknown = Some("mutation.unknown");
    assert_eq!(reasons, [unknown, Some("mutation.arguments"), unknown, unknown, None, Some("mutation.context")]);
    let kept = "select count(*) from satchel.mutation_ledger where args = '{\"rain\": [1,  2]}'";
    assert_eq!(contractor.count(kept).await, 1);
    assert_eq!(contractor.count("select last_seq from satchel.device").await, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_the_server_is_no_verdict_until_the_sixth_time() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    sqlx::raw_sql(
        "create function satchel.break_down() returns trigger language plpgsql as \
             $$ begin raise exception 'broken on purpose'; end $$; \
         grant execute on function satchel.break_down() to public; \
         create trigger break_down before update on satchel.visit for each row \
             when (new.outcome = 'break') execute function satchel.break_down()",
    )
    .execute(&contractor.admin)
    .await
    .unwrap();
    let breaking = Scribble { visit_id: work.visit_id, text: "break".to_owned() };
    let batch = vec![
        phone.next(&add(&contractor, &work)),
        phone.next(&breaking),
        phone.next(&Stumble {}),
        phone.next(&add(&contractor, &work)),
    ];
    // The first fault hides the second until it is out of the way.
    for _ in 0..2 * FAULTS_BEFORE_QUARANTINE {
        let error = contractor.push(&phone, batch.clone()).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::InternalServerError);
        assert_eq!(materials(&contractor).await, 0);
    }
    let response = contractor.push(&phone, batch.clone()).await.unwrap();
    let outcomes: Vec<bool> = response.verdicts.iter().map(|verdict| accepted(&verdict.outcome)).collect();
    assert_eq!(outcomes, [true, false, false, true]);
    for verdict in &response.verdicts[1..3] {
        assert!(matches!(&verdict.outcome, Outcome::Quarantined { trace_id } if !trace_id.is_empty()));
    }
    assert_eq!((response.last_seq, materials(&contractor).await), (4, 2));
    assert_eq!(contractor.push(&phone, batch).await.unwrap(), response);
}

/// Computes for a while.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Ponder {
    ms: u64,
}

impl Mutation for Ponder {
    const NAME: &'static str = "test/v1/ponder";
    const SUMMARY: &'static str = "Computes.";
    type Output = ();

    fn roots(&self) -> Vec<RowKey> {
        Vec::new()
    }

    fn apply(&self, _: &Ctx, _: &mut Workspace) -> Result<(), Stop> {
        let end = std::time::Instant::now() + std::time::Duration::from_millis(self.ms);
        while std::time::Instant::now() < end {
            std::hint::spin_loop();
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mutation_that_always_takes_too_long_is_set_aside() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    // As Postgres says it of a statement that ran into its time limit.
    sqlx::raw_sql(
        "create function satchel.dawdle() returns trigger language plpgsql as \
             $$ begin raise exception 'canceled' using errcode = 'query_canceled'; end $$; \
         grant execute on function satchel.dawdle() to public; \
         create trigger dawdle before update on satchel.visit for each row \
             when (new.outcome = 'slow') execute function satchel.dawdle()",
    )
    .execute(&contractor.admin)
    .await
    .unwrap();
    let slow = Scribble { visit_id: work.visit_id, text: "slow".to_owned() };
    let batch = vec![phone.next(&add(&contractor, &work)), phone.next(&slow), phone.next(&add(&contractor, &work))];
    for _ in 0..FAULTS_BEFORE_QUARANTINE {
        let error = contractor.push(&phone, batch.clone()).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::InternalServerError);
    }
    let response = contractor.push(&phone, batch).await.unwrap();
    let outcomes: Vec<bool> = response.verdicts.iter().map(|verdict| accepted(&verdict.outcome)).collect();
    assert_eq!((outcomes, materials(&contractor).await), (vec![true, false, true], 2));
    assert!(matches!(response.verdicts[1].outcome, Outcome::Quarantined { .. }));
}

#[tokio::test]
async fn rules_that_compute_let_others_have_their_turn() {
    let text = r#"@id("all") permit (principal, action == Action::"test/v1/ponder", resource);"#;
    let policy = PolicyFile { resource: "test", text };
    let contractor = Contractor::new(registry(&[], &[MutationKind::of::<Ponder>()], &[policy])).await;
    let mut phone = contractor.phone(contractor.technicians[0].caller);
    let batch: Vec<PushedMutation> = (0..20).map(|_| phone.next(&Ponder { ms: 10 })).collect();
    // On the only thread of this test's runtime.
    let turns = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = tokio::spawn({
        let turns = turns.clone();
        async move {
            loop {
                turns.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        }
    });
    let prepared = contractor.push(&phone, vec![batch[0].clone()]).await.unwrap();
    assert!(accepted(&prepared.verdicts[0].outcome));
    let before = turns.load(std::sync::atomic::Ordering::Relaxed);
    contractor.push(&phone, batch).await.unwrap();
    let had = turns.load(std::sync::atomic::Ordering::Relaxed) - before;
    counter.abort();
    assert!(had >= 19, "{had} turns while twenty rules ran");
}
