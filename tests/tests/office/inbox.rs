//! The supervisor's inbox: work that could not be applied is neither lost nor applied twice, and its author is told what
//! became of it (P1, P2, P6, P8).

use rust_decimal::Decimal;
use satchel_client::store::QueueState;
use satchel_domain::{
    mutations::{AcceptVisit, AddMaterial, UnassignTech},
    tables::{Job, MaterialUsed, VisitState},
};
use satchel_protocol::{
    ErrorCode, Id, Mutation,
    inbox::{ApplyItem, DismissItem, REASSIGNED, RepairItem, SubmitToOffice},
    wire::Outcome,
};
use satchel_server::{database::Caller, error::ApiError, push};
use satchel_tests::{
    contractor::{Contractor, Phone as Device, Work, id},
    phone::{Field, Phone},
};
use serde_json::{Value, json, value::to_raw_value};
use uuid::Uuid;

fn material(contractor: &Contractor, work: Work) -> AddMaterial {
    AddMaterial {
        job_id: work.job_id,
        visit_id: work.visit_id,
        material_id: id(),
        item_id: contractor.item_id,
        quantity: Decimal::ONE,
    }
}

async fn call<M: Mutation>(
    contractor: &Contractor,
    caller: &Caller,
    key: Uuid,
    mutation: &M,
) -> Result<Value, ApiError> {
    push::single(&contractor.pusher, caller, key, M::NAME, to_raw_value(mutation).expect("JSON")).await
}

async fn decide<M: Mutation>(contractor: &Contractor, mutation: &M) -> Value {
    call(contractor, &contractor.dispatcher, Uuid::now_v7(), mutation).await.expect("a dispatcher may decide")
}

/// The office takes the first technician off the visit.
async fn unassign(contractor: &Contractor, work: Work) {
    let technician_id = contractor.technicians[0].id;
    decide(contractor, &UnassignTech { job_id: work.job_id, visit_id: work.visit_id, technician_id }).await;
}

async fn lines(contractor: &Contractor, ids: &[Id<MaterialUsed>]) -> i64 {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_scalar("select count(*) from satchel.material_used where id = any($1)")
        .bind(ids)
        .fetch_one(&contractor.admin)
        .await
        .expect("a count")
}

async fn status(contractor: &Contractor, key: Uuid) -> Option<String> {
    sqlx::query_scalar("select status from satchel.inbox_item where key = $1")
        .bind(key)
        .fetch_optional(&contractor.admin)
        .await
        .expect("the inbox")
}

fn reason(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Rejected(rejection) => &rejection.reason,
        outcome => panic!("{outcome:?}"),
    }
}

fn refusal(answer: Result<Value, ApiError>) -> (ErrorCode, String) {
    let error = answer.expect_err("refused");
    (error.code(), error.details()["reason"].as_str().unwrap_or_default().to_owned())
}

/// A technician's device whose work on a visit was given to his colleague: what he enters goes to the inbox.
async fn reassigned() -> (Contractor, Work, Device, AddMaterial, Uuid) {
    let contractor = Contractor::new(&satchel_domain::REGISTRY).await;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let mut device = contractor.phone(contractor.technicians[0].caller);
    unassign(&contractor, work).await;
    let line = material(&contractor, work);
    let pushed = device.next(&line);
    let key = pushed.key;
    let answered = contractor.push(&device, vec![pushed]).await.expect("in order");
    assert_eq!(reason(&answered.verdicts[0].outcome), REASSIGNED);
    (contractor, work, device, line, key)
}

#[tokio::test(flavor = "multi_thread")]
async fn reassigned_work_is_applied_by_the_office_and_the_phone_adopts_it() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let phone = field.synced_phone(0).await;
    phone.client.set_network(false).await.unwrap();
    let line = material(contractor, work);
    let key = phone.client.mutate(&line).await.unwrap().key;
    unassign(contractor, work).await;
    phone.client.set_network(true).await.unwrap();
    phone.until("refused", |status| status.queue.rejected == 1).await;
    let attention = phone.client.attention().await.unwrap();
    assert_eq!(reason(&attention[0].outcome), REASSIGNED);
    assert!(attention[0].with_office);
    phone.loses_row::<Job>(work.job_id.uuid()).await;

    let list = rpc(&field, contractor.dispatcher, "inbox/v1/list", json!({})).await.1;
    assert_eq!((&list["items"][0]["key"], &list["items"][0]["cause"]), (&json!(key), &json!("reassigned")));
    assert_eq!(list["items"][0]["branch_id"], json!(contractor.branch_id));
    let item = rpc(&field, contractor.dispatcher, "inbox/v1/get", json!({ "key": key })).await.1;
    assert_eq!(item["args"]["material_id"], json!(line.material_id));
    let note = Some("Thank you.".to_owned());
    let decided = decide(contractor, &ApplyItem { key, note }).await;
    assert_eq!(decided["status"], "applied");
    assert_eq!(lines(contractor, &[line.material_id]).await, 1);

    phone.until("adopted", |status| status.queue.rejected == 0).await;
    let history = phone.client.history(10).await.unwrap();
    let past = history.iter().find(|past| past.key == key).expect("kept");
    assert!(matches!(past.outcome, Outcome::Accepted { .. }));
    let settlement = past.settlement.as_ref().expect("told");
    assert_eq!((settlement.decision.as_str(), settlement.note.as_deref()), ("applied", Some("Thank you.")));
    phone.settled().await;
    phone.assert_converged(&contractor.database).await;
    // Who did it, for whom, and when it happened by the author's clock.
    let entered: (Uuid, Uuid, bool) = sqlx::query_as(
        "select user_id, author_id, occurred_at is not null from satchel.audit_log where row_id = $1 and change = 'insert'",
    )
    .bind(line.material_id.uuid())
    .fetch_one(&contractor.admin)
    .await
    .unwrap();
    assert_eq!(entered, (contractor.dispatcher.user_id, contractor.technicians[0].caller.user_id, true));
}

async fn rpc(field: &Field, caller: Caller, name: &str, args: Value) -> (u16, Value) {
    let client = field.server.client(caller);
    let request = client.request(reqwest::Method::POST, &format!("/api/v1/rpc/{name}"));
    let answer = request.json(&args).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_technician_hands_over_is_repaired_or_dismissed_and_he_is_told() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let other = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let phone = field.synced_phone(0).await;
    let (first, second) = refused_pair(&field, &phone, work).await;
    phone.client.hand_over(first, Some("Wrong visit, I think.".to_owned())).await.unwrap();
    phone.client.hand_over(second, None).await.unwrap();
    phone.until("handed over", |status| status.queue.unsent() == 0).await;
    assert!(phone.client.attention().await.unwrap().iter().all(|attention| attention.with_office));
    let list = rpc(&field, contractor.dispatcher, "inbox/v1/list", json!({})).await.1;
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    assert_eq!(list["items"][0]["author_note"], "Wrong visit, I think.");

    let corrected = material(contractor, other);
    let repair = RepairItem { key: first, args: to_raw_value(&corrected).unwrap(), note: None };
    assert_eq!(decide(contractor, &repair).await["status"], "repaired");
    decide(contractor, &DismissItem { key: second, note: "Not needed any more.".to_owned() }).await;
    phone.until("told", |status| status.queue.rejected == 0).await;
    phone.sees_row::<MaterialUsed>(corrected.material_id.uuid()).await;
    let history = phone.client.history(10).await.unwrap();
    let of = |key| history.iter().find(|past| past.key == key).expect("kept");
    assert!(matches!(of(first).outcome, Outcome::Accepted { .. }));
    assert_eq!(reason(&of(second).outcome), "inbox.dismissed");
    assert_eq!(of(second).settlement.as_ref().unwrap().note.as_deref(), Some("Not needed any more."));
    phone.settled().await;
    phone.assert_converged(&contractor.database).await;
}

/// Two materials that the server refuses because the office closed the visit meanwhile.
async fn refused_pair(field: &Field, phone: &Phone, work: Work) -> (Uuid, Uuid) {
    phone.client.set_network(false).await.expect("signed in");
    let first = phone.client.mutate(&material(&field.contractor, work)).await.expect("queued").key;
    let second = phone.client.mutate(&material(&field.contractor, work)).await.expect("queued").key;
    sqlx::query("update satchel.pricebook_item set active = false where id = $1")
        .bind(field.contractor.item_id.uuid())
        .execute(&field.contractor.admin)
        .await
        .expect("a pricebook");
    phone.client.set_network(true).await.expect("signed in");
    phone.until("both refused", |status| status.queue.rejected == 2).await;
    sqlx::query("update satchel.pricebook_item set active = true where id = $1")
        .bind(field.contractor.item_id.uuid())
        .execute(&field.contractor.admin)
        .await
        .expect("a pricebook");
    phone.settled().await;
    (first, second)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settlement_releases_what_was_held_and_survives_a_lost_cursor() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::Dispatched, &contractor.technicians).await;
    let phone = field.synced_phone(0).await;
    phone.client.set_network(false).await.unwrap();
    let accept = AcceptVisit { job_id: work.job_id, visit_id: work.visit_id, reason: None };
    let key = phone.client.mutate(&accept).await.unwrap().key;
    unassign(contractor, work).await;
    phone.client.set_network(true).await.unwrap();
    phone.until("refused", |status| status.queue.rejected == 1).await;
    phone.client.set_network(false).await.unwrap();
    decide(contractor, &DismissItem { key, note: "Somebody else goes.".to_owned() }).await;
    phone.client.store().unwrap().forget_cursor().unwrap();
    phone.client.set_network(true).await.unwrap();
    phone.until("told", |status| status.queue.rejected == 0).await;
    assert!(!phone.client.queue().await.unwrap().iter().any(|entry| matches!(entry.state, QueueState::Held { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_supervisors_apply_one_item_at_once_and_it_is_applied_once() {
    let (contractor, _, mut device, line, key) = reassigned().await;
    let other = contractor.colleague("operations_manager").await;
    let apply = ApplyItem { key, note: None };
    let (mine, theirs) = (Uuid::now_v7(), Uuid::now_v7());
    let (first, second) = tokio::join!(
        call(&contractor, &contractor.dispatcher, mine, &apply),
        call(&contractor, &other, theirs, &apply)
    );
    let (done, refused): (Vec<_>, Vec<_>) = [first, second].into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 1));
    let refused = refused.into_iter().next().unwrap();
    assert_eq!(refusal(refused), (ErrorCode::Conflict, "inbox.decided".to_owned()));
    assert_eq!(lines(&contractor, &[line.material_id]).await, 1);
    // A repeat of either gets its first answer, and the phone that repeats the old key what it came to.
    let again = call(&contractor, &contractor.dispatcher, mine, &apply).await;
    assert_eq!(
        again.is_ok(),
        contractor
            .count(
                "select count(*) from satchel.inbox_item i join satchel.membership m \
        on m.user_id = i.decided_by where m.roles = '{dispatcher}'"
            )
            .await
            == 1
    );
    device.seq = 0;
    let mut repeat = device.next(&line);
    let kept: (String, String) = sqlx::query_as("select args, context from satchel.mutation_ledger where key = $1")
        .bind(key)
        .fetch_one(&contractor.admin)
        .await
        .unwrap();
    let raw = |text: String| serde_json::value::RawValue::from_string(text).unwrap();
    (repeat.key, repeat.args, repeat.context) = (key, raw(kept.0), raw(kept.1));
    let answered = contractor.push(&device, vec![repeat]).await.unwrap();
    assert!(matches!(answered.verdicts[0].outcome, Outcome::Accepted { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_and_the_office_meet_and_only_one_of_them_wins() {
    let (contractor, work, mut device, line, key) = reassigned().await;
    // The office was first: the same content is what was applied, an edit is refused.
    decide(&contractor, &ApplyItem { key, note: None }).await;
    let mut same = device.next(&line);
    same.retry_of = Some(key);
    let mut edited = device.next(&material(&contractor, work));
    edited.retry_of = Some(key);
    let answered = contractor.push(&device, vec![same, edited]).await.unwrap();
    assert!(matches!(answered.verdicts[0].outcome, Outcome::Accepted { .. }), "{answered:?}");
    assert_eq!(reason(&answered.verdicts[1].outcome), "inbox.decided");
    assert_eq!(lines(&contractor, &[line.material_id]).await, 1);

    // The phone is first: the item is superseded, whatever becomes of the retry.
    let second = device.next(&material(&contractor, work));
    let second_key = second.key;
    contractor.push(&device, vec![second]).await.unwrap();
    let mut retry = device.next(&material(&contractor, work));
    retry.retry_of = Some(second_key);
    contractor.push(&device, vec![retry]).await.unwrap();
    assert_eq!(status(&contractor, second_key).await.as_deref(), Some("superseded"));
    let apply = ApplyItem { key: second_key, note: None };
    let answer = call(&contractor, &contractor.dispatcher, Uuid::now_v7(), &apply).await;
    assert_eq!(refusal(answer), (ErrorCode::Conflict, "inbox.decided".to_owned()));

    // Both at once, many times: never both.
    for _ in 0..8 {
        let third = device.next(&material(&contractor, work));
        let third_key = third.key;
        contractor.push(&device, vec![third]).await.unwrap();
        let line = material(&contractor, work);
        let mut retry = device.next(&line);
        retry.retry_of = Some(third_key);
        let apply = ApplyItem { key: third_key, note: None };
        let (pushed, applied) = tokio::join!(
            contractor.push(&device, vec![retry]),
            call(&contractor, &contractor.dispatcher, Uuid::now_v7(), &apply)
        );
        let told = pushed.unwrap().verdicts.remove(0).outcome;
        match status(&contractor, third_key).await.as_deref() {
            Some("applied") => assert!(applied.is_ok() && reason(&told) == "inbox.decided"),
            Some("superseded") => assert!(applied.is_err() && reason(&told) == REASSIGNED),
            status => panic!("{status:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_supervisors_of_the_branch_see_and_decide() {
    let (contractor, _, _, line, key) = reassigned().await;
    let elsewhere = contractor.branch("Elsewhere").await;
    let apply = ApplyItem { key, note: None };
    let stranger = contractor.member_in("dispatcher", &[elsewhere]).await;
    let answer = call(&contractor, &stranger, Uuid::now_v7(), &apply).await;
    assert_eq!(refusal(answer), (ErrorCode::NotFound, "inbox.not_found".to_owned()));
    for role in ["technician", "billing", "auditor", "delegated_agent"] {
        let colleague = contractor.colleague(role).await;
        let answer = call(&contractor, &colleague, Uuid::now_v7(), &apply).await;
        assert_eq!(refusal(answer), (ErrorCode::Forbidden, "policy.forbidden".to_owned()), "{role}");
    }
    // The author himself may not either, and another organization does not know it.
    let author = contractor.technicians[0].caller;
    assert_eq!(refusal(call(&contractor, &author, Uuid::now_v7(), &apply).await).0, ErrorCode::Forbidden);
    let foreign = Contractor::new(&satchel_domain::REGISTRY).await;
    let answer = call(&foreign, &foreign.dispatcher, Uuid::now_v7(), &apply).await;
    assert_eq!(refusal(answer), (ErrorCode::NotFound, "inbox.not_found".to_owned()));
    assert_eq!(
        (status(&contractor, key).await.as_deref(), lines(&contractor, &[line.material_id]).await),
        (Some("open"), 0)
    );
    let near = contractor.member_in("dispatcher", &[contractor.branch_id]).await;
    call(&contractor, &near, Uuid::now_v7(), &apply).await.unwrap();
    assert_eq!(lines(&contractor, &[line.material_id]).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_others_and_nonsense_come_to_nothing() {
    let (contractor, work, mut device, _, key) = reassigned().await;
    // A colleague neither hands over nor takes back what is not his.
    let mut colleague = contractor.phone(contractor.technicians[1].caller);
    let taken = contractor.outcome(&mut colleague, &SubmitToOffice { key, note: None }).await;
    assert_eq!(reason(&taken), "inbox.unknown");
    let mut forged = colleague.next(&material(&contractor, work));
    forged.retry_of = Some(key);
    let answered = contractor.push(&colleague, vec![forged]).await.unwrap();
    assert!(matches!(answered.verdicts[0].outcome, Outcome::Accepted { .. }));
    assert_eq!(status(&contractor, key).await.as_deref(), Some("open"));
    // What was accepted, unknown or said to the inbox itself is not handed over.
    let accepted = answered.verdicts[0].key;
    let cases = [(accepted, "inbox.accepted"), (Uuid::now_v7(), "inbox.unknown")];
    for (key, why) in cases {
        let outcome = contractor.outcome(&mut colleague, &SubmitToOffice { key, note: None }).await;
        assert_eq!(reason(&outcome), why);
    }
    let long = SubmitToOffice { key, note: Some("x".repeat(2_001)) };
    let outcome = contractor.outcome(&mut device, &long).await;
    assert_eq!(reason(&outcome), "inbox.note");
    // Handing over what is there already adds the note; twice is once.
    for _ in 0..2 {
        let note = Some("Please look.".to_owned());
        let outcome = contractor.outcome(&mut device, &SubmitToOffice { key, note }).await;
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    }
    assert_eq!(contractor.count("select count(*) from satchel.inbox_item where author_note = 'Please look.'").await, 1);
    // A repair with other than the procedure's arguments leaves the item open.
    let repair = RepairItem { key, args: to_raw_value(&json!({ "nonsense": 1 })).unwrap(), note: None };
    let answer = call(&contractor, &contractor.dispatcher, Uuid::now_v7(), &repair).await;
    assert_eq!(refusal(answer), (ErrorCode::BadRequest, "mutation.arguments".to_owned()));
    let empty = DismissItem { key, note: "  ".to_owned() };
    let answer = call(&contractor, &contractor.dispatcher, Uuid::now_v7(), &empty).await;
    assert_eq!(refusal(answer), (ErrorCode::BadRequest, "inbox.note".to_owned()));
    assert_eq!(status(&contractor, key).await.as_deref(), Some("open"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_existed_does_not_reach_the_inbox() {
    let contractor = Contractor::new(&satchel_domain::REGISTRY).await;
    let mut device = contractor.phone(contractor.technicians[0].caller);
    let nowhere = Work { job_id: id(), visit_id: id() };
    let outcome = contractor.outcome(&mut device, &material(&contractor, nowhere)).await;
    assert_ne!(reason(&outcome), REASSIGNED);
    assert_eq!(contractor.count("select count(*) from satchel.inbox_item").await, 0);
}
