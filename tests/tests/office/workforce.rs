//! What office and technicians keep together: contacts and machines, leave, documents, warnings (R7, R15).

use jiff::{Timestamp, ToSpan};
use satchel_client::ClientError;
use satchel_domain::{
    mutations::{
        ApproveAbsence, AssignTech, CompleteVisit, CreateContact, CreateEquipment, CreateJob, CreateLocation,
        RequestAbsence, RequireDocument, SatisfyDocument, SetAvailability, Stretch, UpdateContact, WaiveDocument,
    },
    rules::{planning::PlannedVisit, warnings::Override},
    tables::{
        Absence, AbsenceKind, AbsenceState, Contact, DispatchRule, DocumentKind, Equipment, RequiredDocument, Visit,
        VisitState, WorkingHours,
    },
};
use satchel_protocol::{ErrorCode, Mutation, Record as _, Rejection, wire::Outcome};
use satchel_tests::{
    contractor::{Contractor, Phone as Desk, Work, id},
    phone::Field,
    server::{TestServer, refused, unhurried},
};
use uuid::Uuid;

fn contact(contractor: &Contractor, name: &str) -> CreateContact {
    CreateContact {
        contact_id: id(),
        customer_id: contractor.customer_id,
        location_id: Some(contractor.location_id),
        name: name.to_owned(),
        role: None,
        phone: None,
        email: None,
        preferred: true,
    }
}

fn machine(contractor: &Contractor) -> CreateEquipment {
    CreateEquipment {
        equipment_id: id(),
        location_id: contractor.location_id,
        name: "Boiler".to_owned(),
        model: None,
        serial: None,
    }
}

fn leave(contractor: &Contractor) -> RequestAbsence {
    let starts_at = Timestamp::now() - 1.hour();
    RequestAbsence {
        absence_id: id(),
        technician_id: contractor.technicians[0].id,
        kind: AbsenceKind::Pto,
        starts_at,
        ends_at: starts_at + 24.hours(),
        note: None,
    }
}

async fn accepted<M: Mutation>(field: &Field, desk: &mut Desk, mutation: &M) {
    let outcome = field.contractor.outcome(desk, mutation).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{}: {outcome:?}", M::NAME);
    field.server.state().hub.signal();
}

async fn rejected<M: Mutation>(contractor: &Contractor, desk: &mut Desk, mutation: &M) -> Rejection {
    match contractor.outcome(desk, mutation).await {
        Outcome::Rejected(rejection) => rejection,
        other => panic!("{}: {other:?}", M::NAME),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_technician_writes_down_people_and_machines_offline() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let [one, two] = contractor.technicians;
    let _ = contractor.work(VisitState::OnSite, &[one, two]).await;
    let (first, second) = (field.synced_phone(0).await, field.synced_phone(1).await);
    first.proxy.cut();
    let (boiler, ada) = (machine(contractor), contact(contractor, "Ada"));
    first.client.mutate(&boiler).await.unwrap();
    first.client.mutate(&ada).await.unwrap();
    let correction = UpdateContact {
        contact_id: ada.contact_id,
        customer_id: ada.customer_id,
        location_id: None,
        name: None,
        role: None,
        phone: Some("555-0100".to_owned()),
        email: None,
        preferred: None,
    };
    first.client.mutate(&correction).await.unwrap();
    // Meanwhile the office names somebody else to call first.
    let grace = contact(contractor, "Grace");
    accepted(&field, &mut contractor.phone(contractor.dispatcher), &grace).await;
    first.proxy.mend();
    first.settled().await;

    let seen = second.sees_row::<Contact>(ada.contact_id.uuid()).await;
    assert_eq!((seen.phone.as_deref(), seen.preferred), (Some("555-0100"), true));
    second.sees_row::<Equipment>(boiler.equipment_id.uuid()).await;
    second
        .sees("that Ada is called first", move |reader| {
            Ok(reader.get::<Contact>(grace.contact_id)?.filter(|grace| !grace.preferred))
        })
        .await;
    for phone in [&first, &second] {
        phone.settled().await;
        phone.assert_converged(&contractor.database).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn leave_is_asked_for_offline_and_granted_by_the_office() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let [one, two] = contractor.technicians;
    let _ = contractor.work(VisitState::Scheduled, &[one]).await;
    let phone = field.synced_phone(0).await;
    phone.proxy.cut();
    let leave = leave(contractor);
    phone.client.mutate(&leave).await.unwrap();
    let week = vec![Stretch { weekday: 1, start_minute: 480, end_minute: 960 }];
    phone.client.mutate(&SetAvailability { technician_id: one.id, week }).await.unwrap();
    phone.proxy.mend();
    phone.settled().await;

    let approve = ApproveAbsence { technician_id: one.id, absence_id: leave.absence_id };
    // Neither he nor a colleague grants it, whatever an app may send.
    for technician in [one, two] {
        let refusal = rejected(contractor, &mut contractor.phone(technician.caller), &approve).await;
        assert!(matches!(refusal.code, ErrorCode::Forbidden | ErrorCode::NotFound), "{refusal:?}");
    }
    let mut desk = contractor.phone(contractor.dispatcher);
    let outcome = contractor.outcome(&mut desk, &approve).await;
    let Outcome::Accepted { output } = outcome else { panic!("{outcome:?}") };
    assert_eq!(output, serde_json::json!({ "state": "approved", "open_visits": 1 }));
    field.server.state().hub.signal();
    phone
        .sees("that it was granted", move |reader| {
            Ok(reader.get::<Absence>(leave.absence_id)?.filter(|absence| absence.state == AbsenceState::Approved))
        })
        .await;
    phone.settled().await;
    phone.assert_converged(&contractor.database).await;
    let other = field.synced_phone(1).await;
    let hours = other.client.read(|reader| reader.rows(WorkingHours::TABLE)).await.unwrap();
    assert_eq!(hours.len(), 0, "a colleague's week is not his to see");
    other.assert_converged(&contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_required_document_reaches_the_phone_and_blocks_there() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let technician = contractor.technicians[0];
    let Work { job_id, visit_id } = contractor.work(VisitState::OnSite, &[technician]).await;
    let phone = field.synced_phone(0).await;
    let mut desk = contractor.phone(contractor.dispatcher);
    let photo = RequireDocument {
        document_id: id(),
        job_id,
        visit_id: Some(visit_id),
        kind: DocumentKind::Photo,
        title: "Photo of the meter".to_owned(),
        required: true,
    };
    let signature =
        RequireDocument { document_id: id(), kind: DocumentKind::Signature, visit_id: None, ..photo.clone() };
    accepted(&field, &mut desk, &photo).await;
    accepted(&field, &mut desk, &signature).await;
    phone.sees_row::<RequiredDocument>(signature.document_id.uuid()).await;
    phone.settled().await;

    phone.proxy.cut();
    let complete = CompleteVisit { job_id, visit_id, outcome: None };
    let blocked = phone.client.mutate(&complete).await.unwrap_err();
    assert!(matches!(&blocked, ClientError::Refused(why) if why.reason == "visit.documents_open"), "{blocked:?}");
    let reference_id = Uuid::now_v7();
    phone
        .client
        .mutate(&SatisfyDocument { job_id, visit_id, document_id: photo.document_id, reference_id })
        .await
        .unwrap();
    let document_id = signature.document_id;
    let reason = "Nobody at home.".to_owned();
    accepted(&field, &mut desk, &WaiveDocument { job_id, document_id, reason }).await;
    phone.proxy.mend();
    phone
        .sees("that the office does without", move |reader| {
            Ok(reader.get::<RequiredDocument>(document_id)?.filter(|document| document.waive_reason.is_some()))
        })
        .await;
    phone.client.mutate(&complete).await.unwrap();
    phone.settled().await;
    phone.sees_row::<Visit>(visit_id.uuid()).await;
    phone.assert_converged(&contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn warnings_come_at_once_and_what_is_booked_against_them_is_recorded() {
    let contractor = Contractor::new(&satchel_domain::REGISTRY).await;
    let server = TestServer::start(&contractor.database, &satchel_domain::REGISTRY, unhurried()).await;
    let [away, _] = contractor.technicians;
    let mut desk = contractor.phone(contractor.dispatcher);
    let leave = leave(&contractor);
    let approve = ApproveAbsence { technician_id: away.id, absence_id: leave.absence_id };
    let week = vec![Stretch { weekday: 1, start_minute: 0, end_minute: 1 }];
    let hours = SetAvailability { technician_id: away.id, week };
    let window_start = Timestamp::now();
    let visit_id = id();
    let job_id = id();
    let create = CreateJob {
        job_id,
        branch_id: contractor.branch_id,
        customer_id: contractor.customer_id,
        location_id: contractor.location_id,
        equipment_id: None,
        number: None,
        title: "No heat".to_owned(),
        description: String::new(),
        priority: None,
        draft: false,
        first_visit: Some(PlannedVisit {
            visit_id,
            window_start,
            window_end: window_start + 2.hours(),
            template_ids: Vec::new(),
        }),
    };
    let batch = vec![desk.next(&leave), desk.next(&approve), desk.next(&hours), desk.next(&create)];
    for verdict in contractor.push(&desk, batch).await.unwrap().verdicts {
        assert!(matches!(verdict.outcome, Outcome::Accepted { .. }), "{verdict:?}");
    }
    sqlx::query(
        "insert into satchel.credential (org_id, id, holder_id, kind, title, valid_from, valid_until)
         values ($1, gen_random_uuid(), $1, 'insurance', 'Liability', '2020-01-01', '2020-12-31')",
    )
    .bind(contractor.org_id)
    .execute(&contractor.admin)
    .await
    .unwrap();

    let client = server.client(contractor.dispatcher);
    let assign = AssignTech { job_id, visit_id, technician_id: away.id, confirm_overlap: false, confirm: Vec::new() };
    let call = |args: &AssignTech| {
        let path = format!("/api/v1/rpc/{}", AssignTech::NAME);
        let request = client.request(reqwest::Method::POST, &path);
        request.header("idempotency-key", Uuid::now_v7().to_string()).json(args)
    };
    let response = call(&assign).send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.bytes().await.unwrap();
    assert_eq!(refused(status, &body).why(), (ErrorCode::Conflict, Some("dispatch.absent")));
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let warnings = body["error"]["details"]["warnings"].as_array().unwrap();
    let rules: Vec<&str> = warnings.iter().map(|warning| warning["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["absence", "outside_hours", "expired_insurance"]);

    let because = |rule| Override { rule, reason: "No other way.".to_owned() };
    let rules = [DispatchRule::Absence, DispatchRule::OutsideHours, DispatchRule::ExpiredInsurance];
    let confirmed = AssignTech { confirm: rules.map(because).to_vec(), ..assign };
    let refusal = rejected(&contractor, &mut desk, &confirmed).await;
    assert_eq!(refusal.reason, "dispatch.override_forbidden");
    assert_eq!(contractor.count("select count(*) from satchel.dispatch_override").await, 0);
    sqlx::query("update satchel.membership set roles = '{operations_manager}' where user_id = $1")
        .bind(contractor.dispatcher.user_id)
        .execute(&contractor.admin)
        .await
        .unwrap();
    let outcome = contractor.outcome(&mut desk, &confirmed).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    let recorded = "select count(*) from satchel.dispatch_override o join satchel.assignment a
                    on a.visit_id = o.visit_id and a.technician_id = o.technician_id
                    where o.reason = 'No other way.' and o.created_by = o.user_id";
    assert_eq!(contractor.count(recorded).await, 3);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_hangs_on_another_contractors_rows() {
    let contractor = Contractor::new(&satchel_domain::REGISTRY).await;
    let foreign = Uuid::now_v7();
    let customer = Uuid::now_v7();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "insert into satchel.organization (org_id, id, name, currency) values ('{foreign}', '{foreign}', 'Other', 'USD');
         insert into satchel.customer (org_id, id, name) values ('{foreign}', '{customer}', 'Theirs')"
    )))
    .execute(&contractor.admin)
    .await
    .unwrap();
    let mut desk = contractor.phone(contractor.dispatcher);
    let theirs = CreateContact {
        customer_id: satchel_protocol::Id::new(customer),
        location_id: None,
        ..contact(&contractor, "Eve")
    };
    assert_eq!(rejected(&contractor, &mut desk, &theirs).await.reason, "customer.not_found");
    let place = CreateLocation {
        location_id: id(),
        customer_id: satchel_protocol::Id::new(customer),
        address: "1 Main St".to_owned(),
        zone: "America/Denver".to_owned(),
        latitude: None,
        longitude: None,
        access_notes: None,
        postal_code: None,
        territory_id: None,
    };
    assert_eq!(rejected(&contractor, &mut desk, &place).await.reason, "customer.not_found");
    // A technician with no job at a place changes nothing there: it may have been his a moment ago, so the office decides.
    let mut stranger = contractor.phone(contractor.technicians[0].caller);
    let there = machine(&contractor);
    assert_eq!(rejected(&contractor, &mut stranger, &there).await.reason, "inbox.reassigned");
    let person = contact(&contractor, "Eve");
    assert_eq!(rejected(&contractor, &mut stranger, &person).await.reason, "inbox.reassigned");
    let added = "select count(*) from satchel.contact union all select count(*) from satchel.equipment";
    assert_eq!(contractor.count(added).await, 0);
}
