//! Invoices and payments end to end: numbers without gaps, money that two phones and the office agree on to the cent,
//! refunds at once, and a ledger that only grows.

use std::collections::BTreeSet;

use reqwest::Method;
use satchel_client::Connection;
use satchel_domain::{
    REGISTRY,
    mutations::{
        AddInvoiceLine, AddMaterial, CollectPayment, CreateInvoiceFromWork, IssueInvoice, RefundPayment, SettlePayment,
        VoidInvoice,
    },
    rules::money::Cents,
    tables::{Invoice, InvoiceState, Payment, PaymentMethod, PricebookItem, VisitState},
};
use satchel_protocol::{ErrorCode, Id, wire::Outcome};
use satchel_tests::{
    contractor::{Contractor, Phone, Work, id},
    phone::{self, Field},
    server::{TestServer, unhurried},
    tenants::{Access, attempt, begin_as, leave, service, two_tenants},
};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

fn create(work: Work, invoice_id: Id<Invoice>) -> CreateInvoiceFromWork {
    CreateInvoiceFromWork { job_id: work.job_id, invoice_id, labour_item_id: None }
}

fn line(work: Work, invoice_id: Id<Invoice>, cents: i64) -> AddInvoiceLine {
    AddInvoiceLine {
        job_id: work.job_id,
        invoice_id,
        line_id: id(),
        item_id: None,
        name: Some("Trip".to_owned()),
        unit: None,
        quantity: "1".parse().unwrap(),
        unit_price_cents: Some(Cents::new(cents)),
        discount_percent: None,
        tax_percent: None,
    }
}

fn issue(work: Work, invoice_id: Id<Invoice>) -> IssueInvoice {
    IssueInvoice { job_id: work.job_id, invoice_id }
}

fn collect(work: Work, invoice_id: Id<Invoice>, method: PaymentMethod, cents: i64) -> CollectPayment {
    CollectPayment {
        job_id: work.job_id,
        invoice_id,
        payment_id: id(),
        check_number: (method == PaymentMethod::Check).then(|| "1042".to_owned()),
        method,
        amount_cents: Cents::new(cents),
        balance_seen_cents: Cents::new(cents),
        remark: None,
    }
}

fn refund(work: Work, invoice_id: Id<Invoice>, payment_id: Id<Payment>, cents: i64) -> RefundPayment {
    RefundPayment {
        job_id: work.job_id,
        invoice_id,
        payment_id,
        refund_id: id(),
        amount_cents: Cents::new(cents),
        reason: "Paid twice".to_owned(),
    }
}

async fn accepted<M: satchel_protocol::Mutation>(contractor: &Contractor, desk: &mut Phone, mutation: &M) {
    let outcome = contractor.outcome(desk, mutation).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{}: {outcome:?}", M::NAME);
}

/// State, total, paid, pending, overpaid and number, as Postgres has them.
async fn stored(contractor: &Contractor, invoice: Id<Invoice>) -> (String, i64, i64, i64, bool, Option<i64>) {
    sqlx::query_as(
        "select state, total_cents, paid_cents, pending_cents, overpaid, number from satchel.invoice where id = $1",
    )
    .bind(invoice.uuid())
    .fetch_one(&contractor.admin)
    .await
    .unwrap()
}

async fn unplug(phone: &phone::Phone) {
    phone.client.set_network(false).await.unwrap();
    phone.until("offline", |status| status.connection == Connection::Offline).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_phones_and_the_office_agree_to_the_cent() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let (alice, bob) = (field.synced_phone(0).await, field.synced_phone(1).await);
    let mut office = contractor.phone(contractor.colleague("billing").await);
    let invoice = id::<Invoice>();

    // In the basement: material, invoice, issued, shown to the customer without a number.
    unplug(&alice).await;
    let material = AddMaterial {
        job_id: work.job_id,
        visit_id: work.visit_id,
        material_id: id(),
        item_id: contractor.item_id,
        quantity: "0.333".parse().unwrap(),
    };
    alice.client.mutate(&material).await.unwrap();
    alice.client.mutate(&create(work, invoice)).await.unwrap();
    alice.client.mutate(&line(work, invoice, 9_583)).await.unwrap();
    alice.client.mutate(&issue(work, invoice)).await.unwrap();
    let shown: Invoice = alice.client.read(move |reader| reader.get(invoice)).await.unwrap().unwrap();
    // A third of a filter at 12.50 is 4.16.
    assert_eq!((shown.state, shown.total_cents, shown.number), (InvoiceState::Issued, Cents::new(9_999), None));
    alice.client.set_network(true).await.unwrap();
    alice.settled().await;
    let numbered: Invoice = alice.client.read(move |reader| reader.get(invoice)).await.unwrap().unwrap();
    assert_eq!(numbered.number, Some(1));

    // Both collect all of it without knowing of each other.
    bob.sees_row::<Invoice>(invoice.uuid()).await;
    unplug(&alice).await;
    unplug(&bob).await;
    let cash = collect(work, invoice, PaymentMethod::Cash, 9_999);
    let card = collect(work, invoice, PaymentMethod::Card, 9_999);
    alice.client.mutate(&cash).await.unwrap();
    bob.client.mutate(&card).await.unwrap();
    let paid: Invoice = alice.client.read(move |reader| reader.get(invoice)).await.unwrap().unwrap();
    assert_eq!((paid.state, paid.overpaid), (InvoiceState::Paid, false));
    let asked: Invoice = bob.client.read(move |reader| reader.get(invoice)).await.unwrap().unwrap();
    assert_eq!((asked.state, asked.pending_cents), (InvoiceState::Issued, Cents::new(9_999)));
    for phone in [&alice, &bob] {
        phone.client.set_network(true).await.unwrap();
        phone.settled().await;
    }
    assert_eq!(stored(contractor, invoice).await, ("paid".to_owned(), 9_999, 9_999, 9_999, true, Some(1)));

    // The card is charged as well, and the office gives it back.
    let settle = SettlePayment {
        job_id: work.job_id,
        invoice_id: invoice,
        payment_id: card.payment_id,
        external_reference: "ch_1".to_owned(),
    };
    let mut processor = contractor.phone(contractor.colleague("delegated_agent").await);
    accepted(contractor, &mut processor, &settle).await;
    assert_eq!(stored(contractor, invoice).await, ("paid".to_owned(), 9_999, 19_998, 0, true, Some(1)));
    accepted(contractor, &mut office, &refund(work, invoice, card.payment_id, 9_999)).await;
    field.server.state().hub.signal();
    for phone in [&alice, &bob] {
        phone
            .sees("nothing is overpaid any more", move |reader| {
                Ok(reader.get::<Invoice>(invoice)?.filter(|invoice| !invoice.overpaid))
            })
            .await;
        phone.settled().await;
        phone.assert_converged(&contractor.database).await;
    }
    assert_eq!(stored(contractor, invoice).await, ("paid".to_owned(), 9_999, 9_999, 0, false, Some(1)));
    assert_eq!(contractor.count("select count(*) from satchel.payment").await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_taken_for_an_invoice_that_was_voided_meanwhile_is_not_lost() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let alice = field.synced_phone(0).await;
    let mut office = contractor.phone(contractor.colleague("billing").await);
    let invoice = id::<Invoice>();
    alice.client.mutate(&create(work, invoice)).await.unwrap();
    alice.client.mutate(&line(work, invoice, 5_000)).await.unwrap();
    alice.client.mutate(&issue(work, invoice)).await.unwrap();
    alice.settled().await;
    unplug(&alice).await;
    alice.client.mutate(&collect(work, invoice, PaymentMethod::Cash, 5_000)).await.unwrap();
    let void = VoidInvoice { job_id: work.job_id, invoice_id: invoice, reason: "Wrong house".to_owned() };
    accepted(contractor, &mut office, &void).await;
    alice.client.set_network(true).await.unwrap();
    alice.settled().await;
    assert_eq!(stored(contractor, invoice).await, ("void".to_owned(), 5_000, 5_000, 0, true, Some(1)));
    alice.assert_converged(&contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refunds_at_once_never_exceed_the_payment() {
    let contractor = Contractor::new(&REGISTRY).await;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let mut desk = contractor.phone(contractor.colleague("billing").await);
    let invoice = id::<Invoice>();
    accepted(&contractor, &mut desk, &create(work, invoice)).await;
    accepted(&contractor, &mut desk, &line(work, invoice, 10_000)).await;
    accepted(&contractor, &mut desk, &issue(work, invoice)).await;
    let cash = collect(work, invoice, PaymentMethod::Cash, 10_000);
    accepted(&contractor, &mut desk, &cash).await;

    let mut desks = Vec::new();
    for _ in 0..6 {
        desks.push(contractor.phone(contractor.colleague("owner").await));
    }
    let refunds = desks.iter_mut().map(|desk| {
        let refund = refund(work, invoice, cash.payment_id, 3_000);
        let contractor = &contractor;
        async move { contractor.outcome(desk, &refund).await }
    });
    let outcomes = futures_util::future::join_all(refunds).await;
    let done = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Accepted { .. })).count();
    assert_eq!(done, 3, "{outcomes:?}");
    for outcome in outcomes {
        if let Outcome::Rejected(rejection) = outcome {
            assert_eq!(rejection.reason, "payment.refund_too_large");
        }
    }
    assert_eq!(stored(&contractor, invoice).await, ("partially_paid".to_owned(), 10_000, 1_000, 0, false, Some(1)));

    // Nor do writers that know nothing of the rules.
    let by_hand = |cents: i64| {
        let statement = "insert into satchel.payment (org_id, id, job_id, branch_id, invoice_id, kind, method, \
             amount_cents, of_payment_id, idempotency_key, reason, occurred_at, user_id) \
             select org_id, gen_random_uuid(), job_id, branch_id, invoice_id, 'refund', method, $2, id, \
             gen_random_uuid(), 'By hand', now(), user_id from satchel.payment where id = $1";
        sqlx::query(statement).bind(cash.payment_id.uuid()).bind(cents).execute(&contractor.admin)
    };
    let refused = by_hand(1_001).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("23514"));
    let first = sqlx::query("select from satchel.payment where id = $1 for update").bind(cash.payment_id.uuid());
    let mut waiting = contractor.admin.begin().await.unwrap();
    first.execute(&mut *waiting).await.unwrap();
    let (one, other, ()) = futures_util::join!(by_hand(600), by_hand(600), async { waiting.commit().await.unwrap() });
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_gaps_and_stay() {
    const DESKS: usize = 6;
    const INVOICES: usize = 5;
    let contractor = Contractor::new(&REGISTRY).await;
    let mut desks = Vec::new();
    for _ in 0..DESKS {
        let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
        desks.push((contractor.phone(contractor.colleague("billing").await), work));
    }
    let writing = desks.iter_mut().map(|(desk, work)| {
        let (contractor, work) = (&contractor, *work);
        async move {
            for _ in 0..INVOICES {
                let invoice = id::<Invoice>();
                // No number is spent on what is refused.
                let batch = vec![
                    desk.next(&create(work, invoice)),
                    desk.next(&issue(work, invoice)),
                    desk.next(&line(work, invoice, 100)),
                    desk.next(&issue(work, invoice)),
                    desk.next(&line(work, id(), 1)),
                ];
                let verdicts = contractor.push(desk, batch).await.unwrap().verdicts;
                let refused = verdicts.iter().filter(|verdict| matches!(verdict.outcome, Outcome::Rejected(_)));
                assert_eq!(refused.count(), 2, "{verdicts:?}");
            }
        }
    });
    futures_util::future::join_all(writing).await;
    let numbers: Vec<i64> = sqlx::query_scalar("select number from satchel.invoice order by number")
        .fetch_all(&contractor.admin)
        .await
        .unwrap();
    let all = i64::try_from(DESKS * INVOICES).unwrap();
    assert_eq!(numbers, (1..=all).collect::<Vec<_>>());

    // A number is nobody's to change, and a void invoice keeps it.
    sqlx::query("update satchel.invoice set number = 1000 where number = 3").execute(&contractor.admin).await.unwrap();
    let kept: BTreeSet<i64> = sqlx::query_scalar("select number from satchel.invoice")
        .fetch_all(&contractor.admin)
        .await
        .unwrap()
        .into_iter()
        .collect();
    assert_eq!(kept, (1..=all).collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_bill_is_told_so() {
    let contractor = Contractor::new(&REGISTRY).await;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians[..1]).await;
    let invoice = id::<Invoice>();
    let stranger = contractor.technicians[1].caller;
    for caller in [contractor.dispatcher, stranger, contractor.colleague("auditor").await] {
        let outcome = contractor.outcome(&mut contractor.phone(caller), &create(work, invoice)).await;
        let Outcome::Rejected(rejection) = outcome else { panic!("{outcome:?}") };
        // The job of another technician is not even in sight.
        assert!(matches!(rejection.code, ErrorCode::Forbidden | ErrorCode::NotFound), "{rejection:?}");
    }
    assert_eq!(contractor.count("select count(*) from satchel.invoice").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_job_earns_is_told_to_those_who_may_see_costs() {
    let contractor = Contractor::new(&REGISTRY).await;
    let server = TestServer::start(&contractor.database, &REGISTRY, unhurried()).await;
    let technician = contractor.technicians[0];
    let work = contractor.work(VisitState::OnSite, &[technician]).await;
    let mut field = contractor.phone(technician.caller);
    let labour = id::<PricebookItem>();
    sqlx::raw_sql(AssertSqlSafe(format!(
        "insert into satchel.pricebook_item (org_id, id, code, name, kind, unit, price_cents, active)
         values ('{org}', '{labour}', 'L-1', 'Labour', 'labour', 'hour', 9600, true);
         insert into satchel.pricebook_cost (org_id, id, item_id, cost_cents)
         values ('{org}', '{labour}', '{labour}', 4001), ('{org}', '{item}', '{item}', 701);
         insert into satchel.time_entry (org_id, id, technician_id, branch_id, job_id, visit_id, kind, started_at, ended_at, \"overlaps\")
         select '{org}', gen_random_uuid(), '{technician}', branch_id, job_id, id, 'work', now() - interval '90 min', now(), false
         from satchel.visit where id = '{visit}'",
        org = contractor.org_id,
        item = contractor.item_id,
        technician = technician.id,
        visit = work.visit_id,
    )))
    .execute(&contractor.admin)
    .await
    .unwrap();
    let material = AddMaterial {
        job_id: work.job_id,
        visit_id: work.visit_id,
        material_id: id(),
        item_id: contractor.item_id,
        quantity: "2.5".parse().unwrap(),
    };
    let invoice = id::<Invoice>();
    accepted(&contractor, &mut field, &material).await;
    let create = CreateInvoiceFromWork { labour_item_id: Some(labour), ..create(work, invoice) };
    accepted(&contractor, &mut field, &create).await;
    accepted(&contractor, &mut field, &issue(work, invoice)).await;

    let args = json!({ "job_id": work.job_id, "labour_item_id": labour });
    let ask = |caller| {
        let request = server.client(caller).request(Method::POST, "/api/v1/rpc/invoice/v1/jobCost").json(&args);
        async move {
            let response = request.send().await.unwrap();
            (response.status().as_u16(), response.json::<Value>().await.unwrap())
        }
    };
    let (status, told) = ask(contractor.colleague("billing").await).await;
    // 2.5 at 7.01 is 17.525; an hour and a half at 40.01 is 60.015: halves go away from zero.
    let wanted = json!({
        "job_id": work.job_id, "revenue_cents": "17525", "paid_cents": "0", "material_cents": "1753",
        "materials_without_cost": 0, "labour_s": 5400, "labour_cents": "6002", "margin_cents": "9770",
    });
    assert_eq!((status, told), (200, wanted));
    for role in ["dispatcher", "delegated_agent"] {
        let (status, told) = ask(contractor.colleague(role).await).await;
        assert!(matches!(status, 403 | 404) && !told.to_string().contains("cents"), "{role}: {told}");
    }
    let (status, told) = ask(technician.caller).await;
    assert!(matches!(status, 403 | 404) && !told.to_string().contains("cents"), "{told}");
    server.stop().await;
}

#[tokio::test]
async fn the_ledger_only_grows_and_technicians_only_take() {
    let database = two_tenants().await;
    let mut connection = service(&database).await;
    let entry = |kind: &str, job: u32, user: &str| {
        format!(
            "insert into satchel.payment (org_id, id, job_id, branch_id, invoice_id, kind, method, amount_cents,
                 of_payment_id, idempotency_key, reason, occurred_at, user_id)
             select org_id, gen_random_uuid(), job_id, branch_id, id, '{kind}', 'cash', 1,
                 case when '{kind}' <> 'payment' then public.id('a/payment/{job}') end, gen_random_uuid(), 'x', now(),
                 public.id('a/user/{user}')
             from satchel.invoice where id = public.id('a/invoice/{job}')"
        )
    };
    let change = |set: &str| format!("update satchel.invoice set {set} where id = public.id('a/invoice/1')");
    for (person, lane, cases) in [
        (
            "technician",
            "satchel_field",
            vec![
                (entry("payment", 1, "technician"), Access::Rows(1)),
                (entry("payment", 1, "dispatcher"), Access::Refused),
                (entry("refund", 1, "technician"), Access::Refused),
                (entry("settlement", 1, "technician"), Access::Refused),
                (entry("payment", 2, "technician"), Access::Rows(0)),
                (change("paid_cents = 0"), Access::Rows(1)),
                (change("number = 7"), Access::Refused),
                (change("discount_percent = 5"), Access::Refused),
                (change("customer_id = public.id('a/customer/2')"), Access::Refused),
            ],
        ),
        (
            "billing",
            "satchel_office",
            vec![
                (entry("refund", 1, "billing"), Access::Rows(1)),
                (entry("refund", 3, "billing"), Access::Rows(1)),
                (entry("refund", 1, "owner"), Access::Refused),
                (entry("refund", 1, "billing").replace("'cash', 1,", "'cash', 1001,"), Access::Constraint),
                (entry("refund", 1, "billing").replace("'cash', 1,", "'card', 1,"), Access::Constraint),
                (change("total_cents = 1"), Access::Constraint),
            ],
        ),
        (
            "dispatcher",
            "satchel_office",
            vec![(entry("payment", 1, "dispatcher"), Access::Refused), (change("paid_cents = 0"), Access::Rows(0))],
        ),
        (
            "inventory_manager",
            "satchel_office",
            vec![
                (entry("payment", 1, "inventory_manager"), Access::Refused),
                (change("paid_cents = 0"), Access::Rows(0)),
            ],
        ),
    ] {
        begin_as(&mut connection, lane, Some(("a", &format!("a/user/{person}")))).await;
        for (statement, expected) in cases {
            assert_eq!(attempt(&mut connection, &statement).await, expected, "{person}: {statement}");
        }
        for statement in ["update satchel.payment set amount_cents = 1", "delete from satchel.payment"] {
            assert_eq!(attempt(&mut connection, statement).await, Access::Refused, "{person}: {statement}");
        }
        let seen: Vec<i32> = sqlx::query_scalar(AssertSqlSafe(
            "select n from generate_series(1, 3) n join satchel.payment on id = public.id('a/payment/' || n) order by n"
                .to_owned(),
        ))
        .fetch_all(&mut connection)
        .await
        .unwrap();
        assert_eq!(seen, if person == "technician" { vec![1] } else { vec![1, 2, 3] }, "{person}");
        leave(&mut connection).await;
    }
}
