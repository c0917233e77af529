//! What the server answers to a push: every way a batch can come twice, late, wrong or halfway (P1, P2, P3, P6, P8).

use satchel_domain::{
    mutations::{AcceptVisit, AddMaterial, CancelVisit, CompleteVisit, CreateJob},
    tables::{MaterialUsed, Visit, VisitState},
};
use satchel_protocol::{
    Ctx, ErrorCode, Id, Mutation, MutationKind, PolicyFile, Rejection, RowKey, Stop, Workspace, limits,
    wire::{Outcome, PushRequest, PushedMutation},
};
use satchel_server::{
    push::{self, FAULTS_BEFORE_QUARANTINE},
    store,
};
use satchel_tests::contractor::{Contractor, Phone, Work, id, registry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{json, value::RawValue};
use uuid::Uuid;

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

#[tokio::test(flavor = "multi_thread")]
async fn the_same_push_sent_twice_at_once_has_its_effects_once() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let batch: Vec<PushedMutation> = (0..20).map(|_| phone.next(&add(&contractor, &work))).collect();
    let (one, other) = tokio::join!(contractor.push(&phone, batch.clone()), contractor.push(&phone, batch.clone()));
    assert_eq!(one.unwrap(), other.unwrap());
    assert_eq!(materials(&contractor).await, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_after_a_lost_response_gets_the_stored_verdicts() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let mut batch = vec![phone.next(&add(&contractor, &work)), phone.next_raw("no/v1/such", "{}")];
    let first = contractor.push(&phone, batch.clone()).await.unwrap();
    assert_eq!(contractor.push(&phone, batch.clone()).await.unwrap(), first);

    // The phone went on meanwhile: old and new in one batch.
    batch.push(phone.next(&add(&contractor, &work)));
    let second = contractor.push(&phone, batch).await.unwrap();
    assert_eq!(second.verdicts[..2], first.verdicts);
    assert!(accepted(&second.verdicts[2].outcome));
    assert_eq!((second.last_seq, materials(&contractor).await), (3, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_applies_nothing_and_names_the_expected_seq() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let first = phone.next(&add(&contractor, &work));
    let second = phone.next(&add(&contractor, &work));
    let error = contractor.push(&phone, vec![second.clone()]).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::SequenceGap);
    assert_eq!(error.details()["expected_seq"], 1);
    assert_eq!(materials(&contractor).await, 0);

    // In order they go through, also as two pushes.
    contractor.push(&phone, vec![first]).await.unwrap();
    contractor.push(&phone, vec![second]).await.unwrap();
    assert_eq!(materials(&contractor).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_out_of_order_is_a_bad_request() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let (first, second) = (phone.next(&add(&contractor, &work)), phone.next(&add(&contractor, &work)));
    let error = contractor.push(&phone, vec![second, first]).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::BadRequest);
    assert_eq!(materials(&contractor).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_reused_with_other_content_is_a_conflict_and_the_rest_goes_on() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let first = phone.next(&add(&contractor, &work));
    contractor.push(&phone, vec![first.clone()]).await.unwrap();
    let mut reused = phone.next(&add(&contractor, &work));
    reused.key = first.key;
    let batch = vec![reused, phone.next(&add(&contractor, &work))];
    for _ in 0..2 {
        let response = contractor.push(&phone, batch.clone()).await.unwrap();
        let refused = rejection(&response.verdicts[0].outcome);
        assert_eq!((refused.code, refused.reason.as_str()), (ErrorCode::Conflict, "mutation.key_reused"));
        assert!(accepted(&response.verdicts[1].outcome));
        assert_eq!(response.last_seq, 3);
    }
    assert_eq!(materials(&contractor).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_mutation_at_another_seq_gets_its_verdict_again() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let first = phone.next(&add(&contractor, &work));
    phone.seq += 1;
    let again = PushedMutation { seq: 2, ..first.clone() };
    let response = contractor.push(&phone, vec![first, again]).await.unwrap();
    assert_eq!(response.verdicts[0].outcome, response.verdicts[1].outcome);
    assert_eq!((response.last_seq, materials(&contractor).await), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_phones_counting_under_one_device_id_find_out() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let mut clone = phone.clone();
    let mutation = phone.next(&add(&contractor, &work));
    contractor.push(&phone, vec![mutation]).await.unwrap();
    let other = clone.next(&add(&contractor, &work));
    let error = contractor.push(&clone, vec![other.clone()]).await.unwrap_err();
    assert_eq!((error.code(), &error.details()["seq"]), (ErrorCode::DeviceCloned, &json!(1)));
    assert_eq!(materials(&contractor).await, 1);

    // Under a device id of its own, with the key kept, nothing is lost.
    clone.device_id = Uuid::now_v7();
    contractor.push(&clone, vec![other]).await.unwrap();
    assert_eq!(materials(&contractor).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_belongs_to_one_user() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let mutation = phone.next(&add(&contractor, &work));
    contractor.push(&phone, vec![mutation]).await.unwrap();
    let mut stolen = Phone { caller: contractor.technicians[1].caller, ..phone };
    let mutation = stolen.next(&add(&contractor, &work));
    let error = contractor.push(&stolen, vec![mutation]).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Forbidden);

    let mut outsider = contractor.phone(contractor.dispatcher);
    outsider.caller.user_id = Uuid::now_v7();
    let mutation = outsider.next(&add(&contractor, &work));
    assert_eq!(contractor.push(&outsider, vec![mutation]).await.unwrap_err().code(), ErrorCode::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_user_is_a_conflict() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let first = phone.next(&add(&contractor, &work));
    contractor.push(&phone, vec![first.clone()]).await.unwrap();
    let mut office = contractor.phone(contractor.dispatcher);
    let mut batch = vec![office.next(&add(&contractor, &work)), office.next(&add(&contractor, &work))];
    batch[0].key = first.key;
    let response = contractor.push(&office, batch).await.unwrap();
    assert_eq!(rejection(&response.verdicts[0].outcome).reason, "mutation.key_reused");
    assert!(accepted(&response.verdicts[1].outcome));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_row_level_security_hides_is_forbidden() {
    let contractor = contractor().await;
    let [one, other] = contractor.technicians;
    // Both go to the job, each on a visit of his own: the other's is in sight, but not to be changed.
    let own = contractor.work(VisitState::OnSite, &[one]).await;
    let colleagues = contractor.work(VisitState::OnSite, &[other]).await;
    let second_visit = id::<Visit>();
    sqlx::query(
        "with v as (insert into satchel.visit (org_id, id, job_id, branch_id, state, window_start, window_end, zone) \
                    select org_id, $1, job_id, branch_id, state, window_start, window_end, zone \
                    from satchel.visit where id = $2 returning *) \
         insert into satchel.assignment (org_id, id, job_id, branch_id, visit_id, technician_id, window_start, \
                                         window_end, open, overlap_confirmed) \
         select org_id, gen_random_uuid(), job_id, branch_id, id, $3, window_start, window_end, true, false from v",
    )
    .bind(second_visit.uuid())
    .bind(colleagues.visit_id.uuid())
    .bind(one.id.uuid())
    .execute(&contractor.admin)
    .await
    .unwrap();

    let mut phone = contractor.phone(one.caller);
    let scribble = |visit_id| Scribble { visit_id, text: "was here".to_owned() };
    let batch = vec![
        phone.next(&scribble(own.visit_id)),
        phone.next(&scribble(colleagues.visit_id)),
        phone.next(&scribble(second_visit)),
    ];
    let response = contractor.push(&phone, batch).await.unwrap();
    assert!(accepted(&response.verdicts[0].outcome));
    let refused = rejection(&response.verdicts[1].outcome);
    assert_eq!((refused.code, refused.reason.as_str()), (ErrorCode::Forbidden, "row.forbidden"));
    assert!(accepted(&response.verdicts[2].outcome));
    assert_eq!(contractor.count("select count(*) from satchel.visit where outcome = 'was here'").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_complete_never_overwrites_a_committed_cancel() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let mut office = contractor.phone(contractor.dispatcher);
    let cancel =
        CancelVisit { job_id: work.job_id, visit_id: work.visit_id, reason: "The customer called.".to_owned() };
    assert!(accepted(&contractor.outcome(&mut office, &cancel).await));
    let complete = CompleteVisit { job_id: work.job_id, visit_id: work.visit_id, outcome: None };
    let outcome = contractor.outcome(&mut phone, &complete).await;
    assert_eq!(rejection(&outcome).code, ErrorCode::Conflict);
    assert_eq!(contractor.count("select count(*) from satchel.visit where state = 'canceled'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_by_another_program_between_reading_and_writing_wins() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let mut monolith = contractor.admin.begin().await.unwrap();
    sqlx::query("update satchel.visit set state = 'canceled' where id = $1")
        .bind(work.visit_id.uuid())
        .execute(&mut *monolith)
        .await
        .unwrap();
    let complete = CompleteVisit { job_id: work.job_id, visit_id: work.visit_id, outcome: None };
    let pushed = contractor.outcome(&mut phone, &complete);
    let canceled = async {
        // The push has read the visit as it was, and now waits for its row.
        let waiting = "select count(*) from pg_stat_activity \
                       where datname = current_database() and wait_event_type = 'Lock'";
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(4);
        while contractor.count(waiting).await == 0 {
            assert!(tokio::time::Instant::now() < deadline, "the push never waited for the row");
            tokio::task::yield_now().await;
        }
        monolith.commit().await.unwrap();
    };
    let (outcome, ()) = tokio::join!(pushed, canceled);
    assert_eq!(rejection(&outcome).code, ErrorCode::Conflict);
    assert_eq!(contractor.count("select count(*) from satchel.visit where state = 'canceled'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_constraint_refuses_only_the_mutation_that_breaks_it() {
    let contractor = contractor().await;
    let mut office = contractor.phone(contractor.dispatcher);
    let create = |number: &str| CreateJob {
        job_id: id(),
        branch_id: contractor.branch_id,
        customer_id: contractor.customer_id,
        location_id: contractor.location_id,
        equipment_id: None,
        number: Some(number.to_owned()),
        title: "A job".to_owned(),
        description: String::new(),
        priority: None,
        draft: false,
        first_visit: None,
    };
    let mut batch: Vec<PushedMutation> = (0..40).map(|number| office.next(&create(&format!("J-{number}")))).collect();
    batch.push(office.next(&create("J-17")));
    batch.extend((41..60).map(|number| office.next(&create(&format!("J-{number}")))));
    let response = contractor.push(&office, batch).await.unwrap();
    for verdict in &response.verdicts {
        if verdict.seq == 41 {
            let refused = rejection(&verdict.outcome);
            assert_eq!((refused.code, refused.reason.as_str()), (ErrorCode::Conflict, "row.exists"));
        } else {
            assert!(accepted(&verdict.outcome), "{verdict:?}");
        }
    }
    assert_eq!(contractor.count("select count(*) from satchel.job").await, 59);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_about_very_many_things_goes_through() {
    let contractor = contractor().await;
    let mut office = contractor.phone(contractor.dispatcher);
    let batch = |office: &mut Phone| {
        let create = |_| {
            let create = CreateJob {
                job_id: id(),
                branch_id: contractor.branch_id,
                customer_id: contractor.customer_id,
                location_id: contractor.location_id,
                equipment_id: None,
                number: None,
                title: "A job".to_owned(),
                description: String::new(),
                priority: None,
                draft: false,
                first_visit: None,
            };
            office.next(&create)
        };
        (0..limits::PUSH_MUTATIONS).map(create).collect::<Vec<_>>()
    };
    let mut other = contractor.phone(contractor.dispatcher);
    let (one, two) = (batch(&mut office), batch(&mut other));
    let (one, two) = tokio::join!(contractor.push(&office, one), contractor.push(&other, two));
    for verdict in one.unwrap().verdicts.iter().chain(&two.unwrap().verdicts) {
        assert!(accepted(&verdict.outcome), "{verdict:?}");
    }
    assert_eq!(contractor.count("select count(*) from satchel.job").await, 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_taken_is_refused() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let material = add(&contractor, &work);
    assert!(accepted(&contractor.outcome(&mut phone, &material).await));
    let outcome = contractor.outcome(&mut phone, &material).await;
    assert_eq!(rejection(&outcome).reason, "material_used.exists");

    // The same id out of the author's sight: another technician's job.
    let hidden = contractor.work(VisitState::OnSite, &[contractor.technicians[1]]).await;
    let mut other = contractor.phone(contractor.technicians[1].caller);
    let theirs = AddMaterial { material_id: material.material_id, ..add(&contractor, &hidden) };
    assert_eq!(rejection(&contractor.outcome(&mut other, &theirs).await).reason, "row.exists");
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_cannot_be_stored_is_refused_and_the_rest_goes_on() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let scribble = Scribble { visit_id: work.visit_id, text: "a\0b".to_owned() };
    let batch = vec![phone.next(&scribble), phone.next(&add(&contractor, &work))];
    let response = contractor.push(&phone, batch).await.unwrap();
    let refused = rejection(&response.verdicts[0].outcome);
    assert_eq!((refused.code, refused.reason.as_str()), (ErrorCode::BadRequest, "row.value"));
    assert!(accepted(&response.verdicts[1].outcome));
}

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
async fn a_push_over_a_limit_is_turned_away_whole() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let small = phone.next(&add(&contractor, &work));
    let large = phone.next_raw("test/v1/scribble", &format!("\"{}\"", "x".repeat(limits::ARGS_BYTES)));
    let error = contractor.push(&phone, vec![small.clone(), large]).await.unwrap_err();
    assert_eq!((error.code(), &error.details()["seq"]), (ErrorCode::PayloadTooLarge, &json!(2)));

    let many = (1..).take(limits::PUSH_MUTATIONS + 1).map(|seq| PushedMutation { seq, ..small.clone() }).collect();
    assert_eq!(contractor.push(&phone, many).await.unwrap_err().code(), ErrorCode::PayloadTooLarge);

    for (seq, key) in [(0, small.key), (1 << 53, small.key), (1, Uuid::nil())] {
        let wrong = PushedMutation { seq, key, ..small.clone() };
        assert_eq!(contractor.push(&phone, vec![wrong]).await.unwrap_err().code(), ErrorCode::BadRequest);
    }
    assert_eq!(contractor.push(&phone, Vec::new()).await.unwrap().last_seq, 0);
    assert_eq!(materials(&contractor).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_protocol_version_is_told_to_upgrade() {
    let contractor = contractor().await;
    for protocol in [0, 99] {
        let request = PushRequest { protocol, device_id: Uuid::now_v7(), mutations: Vec::new() };
        let error = push::push(&contractor.pusher, &contractor.dispatcher, request).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::UpgradeRequired);
    }
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

#[tokio::test(flavor = "multi_thread")]
async fn a_single_call_gives_the_same_answer_again() {
    let contractor = contractor().await;
    let (work, _) = at_work(&contractor).await;
    let key = Uuid::now_v7();
    let args = |material: &AddMaterial| serde_json::value::to_raw_value(material).unwrap();
    let material = add(&contractor, &work);
    let call = |args| push::single(&contractor.pusher, &contractor.dispatcher, key, AddMaterial::NAME, args);
    let (one, other) = tokio::join!(call(args(&material)), call(args(&material)));
    let one = one.unwrap();
    assert_eq!(one, other.unwrap());
    assert_eq!(one["unit_price_cents"], "1250");
    assert_eq!(call(args(&material)).await.unwrap(), one);
    assert_eq!(materials(&contractor).await, 1);

    let error = call(args(&add(&contractor, &work))).await.unwrap_err();
    assert_eq!((error.code(), &error.details()["reason"]), (ErrorCode::Conflict, &json!("mutation.key_reused")));

    let key = Uuid::now_v7();
    let call = |args| push::single(&contractor.pusher, &contractor.dispatcher, key, AddMaterial::NAME, args);
    let unknown = AddMaterial { item_id: id(), ..add(&contractor, &work) };
    for _ in 0..2 {
        let error = call(args(&unknown)).await.unwrap_err();
        assert_eq!(
            (error.code(), &error.details()["reason"]),
            (ErrorCode::NotFound, &json!("pricebook_item.not_found"))
        );
    }
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

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_about_very_many_aggregates_waits_for_nobody_it_has_nothing_to_do_with() {
    let contractor = contractor().await;
    let (elsewhere, _) = at_work(&contractor).await;
    let mut office = contractor.phone(contractor.dispatcher);
    let create = |number: usize| CreateJob {
        job_id: id(),
        branch_id: contractor.branch_id,
        customer_id: contractor.customer_id,
        location_id: contractor.location_id,
        equipment_id: None,
        number: Some(number.to_string()),
        title: "A job".to_owned(),
        description: String::new(),
        priority: None,
        draft: false,
        first_visit: None,
    };
    let many = store::ROOT_LOCKS + 20;
    let batch: Vec<PushedMutation> = (0..many).map(|number| office.next(&create(number))).collect();

    let mut other = contractor.database.begin_write(&contractor.technicians[0].caller).await.unwrap();
    store::lock_roots(&mut other.tx, contractor.org_id, [elsewhere.job_id.uuid()]).await.unwrap();
    let response = contractor.push(&office, batch.clone()).await.unwrap();
    drop(other);
    assert_eq!((response.verdicts.len(), response.last_seq), (many, many as u64));
    assert!(response.verdicts.iter().all(|verdict| accepted(&verdict.outcome)));
    for (sent, verdict) in batch.iter().zip(&response.verdicts) {
        assert_eq!((sent.seq, sent.key), (verdict.seq, verdict.key));
    }
    assert_eq!(contractor.count("select count(*) from satchel.job where number is not null").await, many as i64);
    assert_eq!(contractor.push(&office, batch).await.unwrap(), response);
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
