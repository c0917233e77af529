//! Estimates and signatures between real phones and a real server, and what of the pricebook phones never see.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use satchel_domain::{
    mutations::{
        AddEstimateLine, ApproveEstimate, CaptureSignature, ChangeEstimateLine, GenerateEstimate, PresentEstimate,
        SetCost, SetCustomerPrice, SetEstimateDiscount,
    },
    rules::{
        document,
        money::Cents,
        offering::{NewLine, NewOption},
    },
    tables::{
        Customer, CustomerPrice, Estimate, EstimateLine, EstimateOption, EstimateState, Organization, PricebookCost,
        PricebookItem, Signature, SignatureOutcome, SignerRelation, SubjectKind, VisitState,
    },
};
use satchel_protocol::{Id, Mutation, wire::Outcome};
use satchel_tests::{
    contractor::{Work, id},
    phone::{Field, Phone},
};
use serde_json::json;
use uuid::Uuid;

/// An estimate about to be written on a job, with one option of one line.
#[derive(Clone, Copy)]
struct Sale {
    work: Work,
    item_id: Id<PricebookItem>,
    estimate_id: Id<Estimate>,
    option_id: Id<EstimateOption>,
    line_id: Id<EstimateLine>,
    signature_id: Id<Signature>,
}

impl Sale {
    async fn at(field: &Field) -> Self {
        let work = field.contractor.work(VisitState::OnSite, &field.contractor.technicians).await;
        let item_id = field.contractor.item_id;
        Self { work, item_id, estimate_id: id(), option_id: id(), line_id: id(), signature_id: id() }
    }

    /// A line as an app writes it: with what the customer was told.
    fn line(&self, line_id: Id<EstimateLine>, quantity: &str) -> NewLine {
        NewLine {
            line_id,
            item_id: Some(self.item_id),
            name: Some("Filter".to_owned()),
            unit: Some("each".to_owned()),
            unit_price_cents: Some(Cents::new(1_250)),
            tax_class: None,
            quantity: quantity.parse().expect("a decimal"),
            discount_percent: None,
        }
    }

    fn generate(&self) -> GenerateEstimate {
        let lines = vec![self.line(self.line_id, "2")];
        let option = NewOption { option_id: self.option_id, name: "Good".to_owned(), lines };
        GenerateEstimate {
            job_id: self.work.job_id,
            estimate_id: self.estimate_id,
            title: None,
            valid_until: None,
            options: vec![option],
        }
    }

    fn add(&self, quantity: &str) -> AddEstimateLine {
        AddEstimateLine {
            job_id: self.work.job_id,
            estimate_id: self.estimate_id,
            option_id: self.option_id,
            line: self.line(id(), quantity),
        }
    }

    fn change(&self, quantity: &str) -> ChangeEstimateLine {
        ChangeEstimateLine {
            job_id: self.work.job_id,
            estimate_id: self.estimate_id,
            line_id: self.line_id,
            quantity: Some(quantity.parse().expect("a decimal")),
            name: None,
            unit_price_cents: None,
            discount_percent: None,
        }
    }

    fn discount(&self, percent: i64) -> SetEstimateDiscount {
        SetEstimateDiscount {
            job_id: self.work.job_id,
            estimate_id: self.estimate_id,
            option_id: self.option_id,
            percent: Some(percent.into()),
            amount_cents: None,
        }
    }

    fn present(&self) -> PresentEstimate {
        PresentEstimate { job_id: self.work.job_id, estimate_id: self.estimate_id, valid_until: None }
    }

    /// The customer signs what this phone shows.
    async fn capture(&self, phone: &Phone) -> CaptureSignature {
        let (organization, sale) = (Id::<Organization>::new(phone.caller.org_id), *self);
        let hash = phone
            .client
            .read(move |reader| {
                let organization = reader.get(organization)?.expect("phones hold their organization");
                let estimate = reader.get(sale.estimate_id)?.expect("an estimate");
                let option = reader.get(sale.option_id)?.expect("an option");
                let lines = reader.find::<EstimateLine>(EstimateLine::BY_ESTIMATE, &[sale.estimate_id.into()])?;
                Ok(document::estimate_option(&organization, &estimate, &option, &lines).hash())
            })
            .await
            .expect("a query");
        CaptureSignature {
            job_id: self.work.job_id,
            signature_id: self.signature_id,
            subject_kind: SubjectKind::EstimateOption,
            subject_id: self.option_id.uuid(),
            document_hash: STANDARD.encode(hash),
            signer_name: "Ada".to_owned(),
            signer_relation: SignerRelation::Customer,
            strokes: STANDARD.encode([1, 10, 10, 2, 90, 40]),
        }
    }

    fn approve(&self) -> ApproveEstimate {
        ApproveEstimate {
            job_id: self.work.job_id,
            estimate_id: self.estimate_id,
            option_id: self.option_id,
            signature_id: self.signature_id,
        }
    }

    /// The estimate, its option and its lines, as a phone holds them.
    async fn held(&self, phone: &Phone) -> (Estimate, EstimateOption, Vec<EstimateLine>) {
        let sale = *self;
        let read = phone.client.read(move |reader| {
            let estimate = reader.get(sale.estimate_id)?.expect("an estimate");
            let option = reader.get(sale.option_id)?.expect("an option");
            let lines = reader.find::<EstimateLine>(EstimateLine::BY_ESTIMATE, &[sale.estimate_id.into()])?;
            Ok((estimate, option, lines))
        });
        read.await.expect("a query")
    }
}

async fn offline(phone: &Phone) {
    phone.client.set_network(false).await.expect("a client");
}

async fn online(phone: &Phone) {
    phone.client.set_network(true).await.expect("a client");
}

/// Why the server refused what needs attention, oldest first.
async fn reasons(phone: &Phone) -> Vec<String> {
    let attention = phone.client.attention().await.expect("a list");
    let reason = |outcome| match outcome {
        Outcome::Rejected(rejection) => rejection.reason,
        other => panic!("{other:?}"),
    };
    attention.into_iter().map(|one| reason(one.outcome)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_sale_is_made_offline_and_the_price_told_holds() {
    let field = Field::new().await;
    let sale = Sale::at(&field).await;
    let phone = field.synced_phone(0).await;
    offline(&phone).await;
    phone.client.mutate(&sale.generate()).await.unwrap();
    phone.client.mutate(&sale.add("0.5")).await.unwrap();
    phone.client.mutate(&sale.discount(10)).await.unwrap();
    phone.client.mutate(&sale.present()).await.unwrap();
    phone.client.mutate(&sale.capture(&phone).await).await.unwrap();
    phone.client.mutate(&sale.approve()).await.unwrap();
    // Nobody edits what is signed, not even the phone itself.
    let late = phone.client.mutate(&sale.change("9")).await.unwrap_err();
    assert!(late.to_string().contains("signed"), "{late}");
    let (_, shown, _) = sale.held(&phone).await;

    // Meanwhile the office writes a job for somebody else, and raises the price a little.
    sqlx::query("update satchel.pricebook_item set price_cents = 1300, name = 'Filter, new box' where id = $1")
        .bind(sale.item_id.uuid())
        .execute(&field.contractor.admin)
        .await
        .unwrap();
    online(&phone).await;
    phone.settled().await;
    assert_eq!(reasons(&phone).await, Vec::<String>::new());
    let (estimate, option, lines) = sale.held(&phone).await;
    assert_eq!((estimate.state, estimate.approved_option_id), (EstimateState::Approved, Some(sale.option_id)));
    assert_eq!((option.total_cents, option.subtotal_cents.get()), (shown.total_cents, 3_125));
    assert_eq!(lines.len(), 2);
    for line in &lines {
        assert_eq!((line.unit_price_cents.get(), line.name.as_str()), (1_250, "Filter"));
        assert_eq!(line.list_price_cents, Some(Cents::new(1_300)), "the office sees the difference");
    }
    let signature = phone.sees_row::<Signature>(sale.signature_id.uuid()).await;
    assert_eq!(signature.outcome, SignatureOutcome::Signed);
    phone.assert_converged(&field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_phones_edit_one_estimate_offline() {
    let field = Field::new().await;
    let sale = Sale::at(&field).await;
    let (phone, other) = (field.synced_phone(0).await, field.synced_phone(1).await);
    phone.client.mutate(&sale.generate()).await.unwrap();
    phone.settled().await;
    other.sees_row::<EstimateOption>(sale.option_id.uuid()).await;
    other.settled().await;
    offline(&phone).await;
    offline(&other).await;
    // One adds, the other changes what is there and gives a discount: all of it holds, and the sums are of all of it.
    phone.client.mutate(&sale.add("4")).await.unwrap();
    other.client.mutate(&sale.change("3")).await.unwrap();
    other.client.mutate(&sale.discount(10)).await.unwrap();
    online(&phone).await;
    phone.settled().await;
    online(&other).await;
    other.settled().await;
    phone
        .sees("the other's discount", move |reader| {
            let option = reader.get::<EstimateOption>(sale.option_id)?;
            Ok(option.filter(|option| !option.discount_percent.is_zero()))
        })
        .await;
    phone.settled().await;
    let (here, there) = (sale.held(&phone).await, sale.held(&other).await);
    assert_eq!(here, there);
    // 3 and 4 filters at 12.50, less 10 %.
    assert_eq!((here.1.subtotal_cents.get(), here.1.discount_cents.get()), (8_750, 875));
    let lines = Cents::sum(here.2.iter().map(|line| line.total_cents)).unwrap();
    assert_eq!((here.2.len(), lines), (2, here.1.total_cents));
    phone.assert_converged(&field.contractor.database).await;
    other.assert_converged(&field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_covers_only_what_was_shown() {
    let field = Field::new().await;
    let sale = Sale::at(&field).await;
    let (phone, other) = (field.synced_phone(0).await, field.synced_phone(1).await);
    phone.client.mutate(&sale.generate()).await.unwrap();
    phone.settled().await;
    other.sees_row::<EstimateOption>(sale.option_id.uuid()).await;
    offline(&phone).await;
    phone.client.mutate(&sale.present()).await.unwrap();
    phone.client.mutate(&sale.capture(&phone).await).await.unwrap();
    phone.client.mutate(&sale.approve()).await.unwrap();
    other.client.mutate(&sale.add("1")).await.unwrap();
    other.settled().await;
    online(&phone).await;
    phone
        .until("the signature needs attention", |status| status.queue.rejected > 0 && status.queue.unsent() == 0)
        .await;
    assert_eq!(reasons(&phone).await[0], "signature.document_changed");
    assert_eq!(field.contractor.count("select count(*) from satchel.signature").await, 0);
    let approved = "select count(*) from satchel.estimate where state = 'approved' or signed_option_id is not null";
    assert_eq!(field.contractor.count(approved).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_arrives_after_the_signature_is_refused() {
    let field = Field::new().await;
    let sale = Sale::at(&field).await;
    let (phone, other) = (field.synced_phone(0).await, field.synced_phone(1).await);
    phone.client.mutate(&sale.generate()).await.unwrap();
    phone.settled().await;
    other.sees_row::<EstimateOption>(sale.option_id.uuid()).await;
    offline(&other).await;
    other.client.mutate(&sale.change("30")).await.unwrap();
    phone.client.mutate(&sale.present()).await.unwrap();
    phone.client.mutate(&sale.capture(&phone).await).await.unwrap();
    phone.client.mutate(&sale.approve()).await.unwrap();
    phone.settled().await;
    online(&other).await;
    other.until("the edit needs attention", |status| status.queue.rejected == 1 && status.caught_up).await;
    assert_eq!(reasons(&other).await, ["estimate.signed"]);
    let (estimate, option, _) = sale.held(&other).await;
    assert_eq!((estimate.state, option.subtotal_cents.get()), (EstimateState::Approved, 2_500));
}

/// R14: customer pricing.
#[tokio::test(flavor = "multi_thread")]
async fn a_phone_prices_offline_as_its_customer_agreed_and_learns_no_one_elses_agreement() {
    let field = Field::new().await;
    let sale = Sale::at(&field).await;
    let owner = field.contractor.member_in("owner", &[field.contractor.branch_id]).await;
    let stranger: Id<Customer> = id();
    sqlx::query("insert into satchel.customer (org_id, id, name) values ($1, $2, 'Somebody else')")
        .bind(field.contractor.org_id)
        .bind(stranger.uuid())
        .execute(&field.contractor.admin)
        .await
        .unwrap();
    let mut office = field.contractor.phone(owner);
    for customer_id in [field.contractor.customer_id, stranger] {
        let price_cents = Some(Cents::new(999));
        let agree = SetCustomerPrice { customer_id, item_id: sale.item_id, price_cents, valid_until: None };
        let outcome = field.contractor.outcome(&mut office, &agree).await;
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
        let outcome = field.contractor.outcome(&mut field.contractor.phone(field.contractor.dispatcher), &agree).await;
        assert!(matches!(&outcome, Outcome::Rejected(refused) if refused.reason == "policy.forbidden"), "{outcome:?}");
    }
    let phone = field.synced_phone(0).await;
    let held = phone.client.read(|reader| reader.all::<CustomerPrice>()).await.unwrap();
    assert_eq!(held.iter().map(|price| price.customer_id).collect::<Vec<_>>(), [field.contractor.customer_id]);
    offline(&phone).await;
    let mut generate = sale.generate();
    generate.options[0].lines[0].unit_price_cents = None;
    phone.client.mutate(&generate).await.unwrap();
    let (_, option, lines) = sale.held(&phone).await;
    assert_eq!((lines[0].unit_price_cents.get(), option.subtotal_cents.get()), (999, 1_998));
    online(&phone).await;
    phone.settled().await;
    assert_eq!(field.contractor.count("select unit_price_cents from satchel.estimate_line").await, 999);
    phone.assert_converged(&field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn costs_stay_in_the_office() {
    let field = Field::new().await;
    let owner = field.contractor.member_in("owner", &[field.contractor.branch_id]).await;
    let cost = SetCost { item_id: field.contractor.item_id, cost_cents: Cents::new(800) };
    for (caller, reason) in [
        (field.contractor.dispatcher, "policy.forbidden"),
        (field.contractor.technicians[0].caller, "policy.forbidden"),
    ] {
        let outcome = field.contractor.outcome(&mut field.contractor.phone(caller), &cost).await;
        assert!(matches!(&outcome, Outcome::Rejected(rejection) if rejection.reason == reason), "{outcome:?}");
    }
    let outcome = field.contractor.outcome(&mut field.contractor.phone(owner), &cost).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    assert_eq!(field.contractor.count("select cost_cents from satchel.pricebook_cost").await, 800);
    let phone = field.synced_phone(0).await;
    let held = phone.client.read(|reader| reader.all::<PricebookCost>()).await.unwrap();
    assert_eq!(held, []);
    phone.assert_converged(&field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_others_is_not_there() {
    let field = Field::new().await;
    let sale = Sale::at(&field).await;
    let stranger = Uuid::now_v7();
    for statement in [
        "insert into satchel.organization (org_id, id, name, currency) values ($1, $1, 'Others', 'USD')",
        "insert into satchel.pricebook_item (org_id, id, code, name, kind, unit, price_cents, active) \
         values ($1, $1, 'X', 'Theirs', 'material', 'each', 1, true)",
    ] {
        sqlx::query(statement).bind(stranger).execute(&field.contractor.admin).await.unwrap();
    }
    let mut technician = field.contractor.phone(field.contractor.technicians[0].caller);
    let accepted = field.contractor.outcome(&mut technician, &sale.generate()).await;
    assert!(matches!(accepted, Outcome::Accepted { .. }), "{accepted:?}");
    let mut foreign = sale.add("1");
    foreign.line.item_id = Some(stranger.into());
    let nowhere = GenerateEstimate { job_id: stranger.into(), estimate_id: id(), ..sale.generate() };
    let name = AddEstimateLine::NAME;
    let raw = |change: serde_json::Value| {
        let mut args = serde_json::to_value(sale.add("1")).unwrap();
        for (field, value) in change.as_object().unwrap() {
            args["line"][field] = value.clone();
        }
        args.to_string()
    };
    let mutations = [
        (technician.next(&foreign), "pricebook_item.not_found"),
        (technician.next(&nowhere), "job.not_found"),
        (technician.next_raw(name, &raw(json!({ "quantity": "1e30" }))), "mutation.arguments"),
        (technician.next_raw(name, &raw(json!({ "quantity": 1 }))), "mutation.arguments"),
        (technician.next_raw(name, &raw(json!({ "unit_price_cents": 12.5 }))), "mutation.arguments"),
        (technician.next_raw(name, &raw(json!({ "unit_price_cents": "1e3" }))), "mutation.arguments"),
        (technician.next_raw(name, &raw(json!({ "name": "a\u{0}b" }))), "estimate.line_name_nul"),
    ];
    for (mutation, reason) in mutations {
        let answer = field.contractor.push(&technician, vec![mutation]).await.unwrap();
        let outcome = &answer.verdicts[0].outcome;
        let Outcome::Rejected(rejection) = outcome else { panic!("{outcome:?}") };
        assert_eq!(rejection.reason, reason, "{rejection:?}");
    }
    assert_eq!(field.contractor.count("select count(*) from satchel.estimate_line").await, 1);
}
