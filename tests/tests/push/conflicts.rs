//! Rows that another writer changed, that a constraint guards or that row-level security hides: a verdict for the one
//! mutation it is about, and the rest goes on (P3, P6).

use satchel_domain::{
    mutations::{AddMaterial, CancelVisit, CompleteVisit, CreateJob},
    tables::{Visit, VisitState},
};
use satchel_protocol::{ErrorCode, wire::PushedMutation};
use satchel_tests::contractor::id;

use super::{Scribble, accepted, add, at_work, contractor, rejection};

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
