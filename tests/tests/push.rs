//! What the server answers to a push: every way a batch can come twice, late, wrong or halfway (P1, P2, P3, P6, P8).
//!
//! [`order`] keeps to exactly once, [`conflicts`] to other writers and row-level security, [`bounds`] to limits and
//! [`faults`] to what the server cannot understand or do.

#[path = "push/bounds.rs"]
mod bounds;
#[path = "push/conflicts.rs"]
mod conflicts;
#[path = "push/faults.rs"]
mod faults;
#[path = "push/order.rs"]
mod order;

use satchel_domain::{
    mutations::{AcceptVisit, AddMaterial},
    tables::{MaterialUsed, Visit, VisitState},
};
use satchel_protocol::{
    Ctx, Id, Mutation, MutationKind, PolicyFile, Rejection, RowKey, Stop, Workspace, wire::Outcome,
};
use satchel_tests::contractor::{Contractor, Phone, Work, id, registry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Writes down what was done on a visit, without asking whether the author may.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Scribble {
    visit_id: Id<Visit>,
    text: String,
}

impl Mutation for Scribble {
    const NAME: &'static str = "test/v1/scribble";
    const SUMMARY: &'static str = "Writes on a visit.";
    type Output = ();

    fn roots(&self) -> Vec<RowKey> {
        Vec::new()
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<(), Stop> {
        let mut visit: Visit = work.require(self.visit_id)?;
        visit.outcome = Some(self.text.clone());
        work.update(&visit)
    }
}

/// Has a mistake in it.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Stumble {}

impl Mutation for Stumble {
    const NAME: &'static str = "test/v1/stumble";
    const SUMMARY: &'static str = "Panics.";
    type Output = ();

    fn roots(&self) -> Vec<RowKey> {
        Vec::new()
    }

    fn apply(&self, _: &Ctx, _: &mut Workspace) -> Result<(), Stop> {
        panic!("a mistake in a rule, made on purpose")
    }
}

async fn contractor() -> Contractor {
    let mutations = [MutationKind::of::<Scribble>(), MutationKind::of::<Stumble>()];
    let text = r#"@id("all") permit (principal, action in [Action::"test/v1/scribble", Action::"test/v1/stumble"], resource);"#;
    Contractor::new(registry(&[], &mutations, &[PolicyFile { resource: "test", text }])).await
}

fn add(contractor: &Contractor, work: &Work) -> AddMaterial {
    AddMaterial {
        job_id: work.job_id,
        visit_id: work.visit_id,
        material_id: id::<MaterialUsed>(),
        item_id: contractor.item_id,
        quantity: rust_decimal::Decimal::new(1_500, 3),
    }
}

fn accepted(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Accepted { .. })
}

fn rejection(outcome: &Outcome) -> &Rejection {
    match outcome {
        Outcome::Rejected(rejection) => rejection,
        other => panic!("expected a rejection, got {other:?}"),
    }
}

async fn materials(contractor: &Contractor) -> i64 {
    contractor.count("select count(*) from satchel.material_used").await
}

/// A technician at work, a phone, and some materials to note.
async fn at_work(contractor: &Contractor) -> (Work, Phone) {
    let technician = contractor.technicians[0];
    let work = contractor.work(VisitState::OnSite, &[technician]).await;
    (work, contractor.phone(technician.caller))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_applied_in_order_with_ledger_audit_and_count() {
    let contractor = contractor().await;
    let technician = contractor.technicians[0];
    let work = contractor.work(VisitState::Dispatched, &[technician]).await;
    let mut phone = contractor.phone(technician.caller);
    let accept = AcceptVisit { job_id: work.job_id, visit_id: work.visit_id, reason: None };
    let material = add(&contractor, &work);
    let batch = vec![phone.next(&accept), phone.next(&material), phone.next(&accept)];
    let response = contractor.push(&phone, batch.clone()).await.unwrap();

    assert_eq!(response.last_seq, 3);
    let outcomes: Vec<bool> = response.verdicts.iter().map(|verdict| accepted(&verdict.outcome)).collect();
    assert_eq!(outcomes, [true, true, false], "accepting twice is refused by the second one's own rule");
    for (sent, verdict) in batch.iter().zip(&response.verdicts) {
        assert_eq!((sent.seq, sent.key), (verdict.seq, verdict.key));
    }
    assert_eq!(contractor.count("select count(*) from satchel.visit where state = 'accepted'").await, 1);
    assert_eq!(materials(&contractor).await, 1);
    assert_eq!(contractor.count("select count(*) from satchel.mutation_ledger where seq is not null").await, 3);
    assert_eq!(contractor.count("select last_seq from satchel.device").await, 3);
    let audited = "select count(*) from satchel.audit_log where table_name = 'material_used' and change = 'insert'";
    assert_eq!(contractor.count(audited).await, 1);
    let stamped = "select count(*) from satchel.material_used where rev > 0 and created_by = \
                   (select user_id from satchel.device)";
    assert_eq!(contractor.count(stamped).await, 1);
}
