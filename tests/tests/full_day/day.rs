//! A phone that does one thing after the other without a network, and remembers what it did.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rust_decimal::Decimal;
use satchel_client::{Connection, Reader, StoreError};
use satchel_domain::{
    mutations::{
        AcceptVisit, AddMaterial, AnswerItem, ArriveAtVisit, CaptureSignature, CollectPayment, CompleteVisit,
        CreateNote, EditNote, RefuseSignature, StartTime, StopTime, TravelToVisit,
    },
    notes,
    rules::{document, money::Cents},
    tables::{
        AnswerKind, AnswerState, Checklist, ChecklistAnswer, ChecklistTemplateItem, EstimateLine, EstimateOption,
        Invoice, InvoiceLine, MaterialUsed, NoteChange, Organization, PaymentMethod, PricebookItem, Signature,
        SignerRelation, SubjectKind, TimeEntry, TimeKind, Visit,
    },
};
use satchel_protocol::{Id, Mutation};
use satchel_tests::{
    contractor::{Work, id},
    phone::Phone,
};
use serde_json::Value;
use uuid::Uuid;

use crate::site::Site;

/// A mutation the phone took.
#[derive(Debug)]
pub struct Done {
    pub key: Uuid,
    pub name: &'static str,
    /// What the rule gave on the phone.
    pub output: Value,
}

/// The day, as far as it has come.
pub struct Day {
    pub phone: Phone,
    pub done: Vec<Done>,
    /// The time that runs.
    clock: Option<Id<TimeEntry>>,
}

impl Day {
    /// In the yard, caught up, and then without a network.
    pub async fn begin(site: &Site) -> Self {
        let phone = site.field.synced_phone(0).await;
        let mut day = Self { phone, done: Vec::new(), clock: None };
        day.unplug().await;
        day
    }

    async fn unplug(&mut self) {
        self.phone.client.set_network(false).await.expect("a client");
        self.phone.until("offline", |status| status.connection == Connection::Offline).await;
    }

    /// The app is ended and comes back, still without a network, with all that waits.
    pub async fn restart(&mut self) {
        self.phone.reopen().await;
        self.phone.client.set_network(false).await.expect("a client");
        self.phone.client.start().await.expect("signed in");
        let waiting = self.done.len();
        self.phone.until("all of it still waits", |status| status.queue.pending == waiting).await;
    }

    /// Does something; the phone must say yes.
    pub async fn does<M: Mutation>(&mut self, mutation: &M) -> Value {
        let mutated = self.phone.client.mutate(mutation).await;
        let mutated = mutated.unwrap_or_else(|error| panic!("number {}, {}: {error}", self.done.len(), M::NAME));
        let output = mutated.output.expect("a rule that runs on the phone");
        self.done.push(Done { key: mutated.key, name: M::NAME, output: output.clone() });
        output
    }

    /// What the replica says now.
    pub async fn reads<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.phone.client.read(query).await.expect("a query")
    }

    /// Starts the clock.
    pub async fn start_clock(&mut self, site: &Site, work: Work, kind: TimeKind) {
        let entry_id = id();
        self.clock = Some(entry_id);
        let (job_id, visit_id) = (Some(work.job_id), Some(work.visit_id));
        self.does(&StartTime { entry_id, technician_id: site.me.id, kind, job_id, visit_id }).await;
    }

    /// Stops what runs.
    pub async fn stop_clock(&mut self, site: &Site) {
        let entry_id = self.clock.take().expect("a clock that runs");
        self.does(&StopTime { entry_id, technician_id: site.me.id, ended_at: None }).await;
    }

    /// Accepts, drives there, and begins: seven mutations.
    pub async fn goes_to(&mut self, site: &Site, Work { job_id, visit_id }: Work) {
        let work = Work { job_id, visit_id };
        self.does(&AcceptVisit { job_id, visit_id, reason: None }).await;
        self.start_clock(site, work, TimeKind::Travel).await;
        self.does(&TravelToVisit { job_id, visit_id, reason: None }).await;
        self.stop_clock(site).await;
        self.does(&ArriveAtVisit { job_id, visit_id, reason: None }).await;
        self.start_clock(site, work, TimeKind::Work).await;
    }

    /// Stops the clock and completes.
    pub async fn finishes(&mut self, site: &Site, Work { job_id, visit_id }: Work) {
        self.stop_clock(site).await;
        self.does(&CompleteVisit { job_id, visit_id, outcome: Some("Runs again.".to_owned()) }).await;
    }

    /// The checklist of a visit, with its answers in the order of the questions.
    pub async fn checklist(&self, work: Work) -> (Id<Checklist>, Vec<(ChecklistTemplateItem, ChecklistAnswer)>) {
        self.reads(move |reader| {
            let checklist: Checklist =
                reader.find(Checklist::BY_VISIT, &[work.visit_id.into()])?.pop().expect("a checklist");
            let mut asked = Vec::new();
            for answer in reader.find::<ChecklistAnswer>(ChecklistAnswer::BY_CHECKLIST, &[checklist.id.into()])? {
                let item: ChecklistTemplateItem = reader.get(answer.item_id)?.expect("its question");
                asked.push((item, answer));
            }
            asked.sort_by_key(|(item, _)| item.position);
            Ok((checklist.id, asked))
        })
        .await
    }

    /// Answers a question with something of its kind.
    pub async fn answers(
        &mut self,
        Work { job_id, visit_id }: Work,
        item: &ChecklistTemplateItem,
        answer: &ChecklistAnswer,
    ) {
        let value = match item.answer_kind {
            AnswerKind::YesNo => "no".to_owned(),
            AnswerKind::Number => "21.5".to_owned(),
            AnswerKind::Photo => Uuid::now_v7().to_string(),
            _ => "Worn out – replaced ✓".to_owned(),
        };
        self.does(&AnswerItem { job_id, visit_id, answer_id: answer.id, value }).await;
    }

    /// Answers all that is open.
    pub async fn answers_all(&mut self, work: Work) -> Id<Checklist> {
        let (checklist, asked) = self.checklist(work).await;
        for (item, answer) in &asked {
            if answer.state == AnswerState::Open {
                self.answers(work, item, answer).await;
            }
        }
        checklist
    }

    /// Writes a note in so many steps.
    pub async fn notes(&mut self, Work { job_id, .. }: Work, texts: &[&str]) {
        let note_id = id();
        self.does(&CreateNote { job_id, note_id, title: "Found".to_owned() }).await;
        for text in texts {
            let changes =
                self.reads(move |reader| reader.find::<NoteChange>(NoteChange::BY_NOTE, &[note_id.into()])).await;
            let changes: Vec<_> = changes.into_iter().map(|change| change.change).collect();
            let edit = notes::edit(&changes, text, Uuid::now_v7().into_bytes()).expect("a text");
            self.does(&EditNote { job_id, note_id, changes: edit.to_args() }).await;
        }
    }

    /// Uses material.
    pub async fn uses(&mut self, work: Work, item_id: Id<PricebookItem>, quantity: Decimal) -> Id<MaterialUsed> {
        let (job_id, visit_id, material_id) = (work.job_id, work.visit_id, id());
        self.does(&AddMaterial { job_id, visit_id, material_id, item_id, quantity }).await;
        material_id
    }

    /// The hash of what the phone shows the customer.
    async fn document(&self, kind: SubjectKind, subject: Uuid) -> String {
        let organization = Id::<Organization>::new(self.phone.caller.org_id);
        let document = self.reads(move |reader| {
            let organization = reader.get(organization)?.expect("phones hold their organization");
            Ok(match kind {
                SubjectKind::EstimateOption => {
                    let option: EstimateOption = reader.get(subject.into())?.expect("an option");
                    let estimate = reader.get(option.estimate_id)?.expect("an estimate");
                    let lines = reader.find(EstimateLine::BY_ESTIMATE, &[option.estimate_id.into()])?;
                    document::estimate_option(&organization, &estimate, &option, &lines)
                }
                SubjectKind::Invoice => {
                    let invoice: Invoice = reader.get(subject.into())?.expect("an invoice");
                    let lines = reader.find(InvoiceLine::BY_INVOICE, &[invoice.id.into()])?;
                    document::invoice(&organization, &invoice, &lines)
                }
                _ => {
                    let visit: Visit = reader.get(subject.into())?.expect("a visit");
                    let materials = reader.find(MaterialUsed::BY_VISIT, &[visit.id.into()])?;
                    document::visit(&organization, &visit, &materials)
                }
            })
        });
        STANDARD.encode(document.await.hash())
    }

    /// The customer signs.
    pub async fn signs(&mut self, work: Work, subject_kind: SubjectKind, subject_id: Uuid) -> Id<Signature> {
        let document_hash = self.document(subject_kind.clone(), subject_id).await;
        let signature_id = id();
        let capture = CaptureSignature {
            job_id: work.job_id,
            signature_id,
            subject_kind,
            subject_id,
            document_hash,
            signer_name: "Ada".to_owned(),
            signer_relation: SignerRelation::Customer,
            strokes: STANDARD.encode([1, 10, 10, 2, 90, 40]),
        };
        self.does(&capture).await;
        signature_id
    }

    /// The customer would not sign.
    pub async fn refuses_to_sign(&mut self, work: Work, subject_kind: SubjectKind, subject_id: Uuid) {
        let document_hash = self.document(subject_kind.clone(), subject_id).await;
        let refuse = RefuseSignature {
            job_id: work.job_id,
            signature_id: id(),
            subject_kind,
            subject_id,
            document_hash,
            signer_name: None,
            signer_relation: None,
            reason: "Wants to think about it.".to_owned(),
        };
        self.does(&refuse).await;
    }

    /// The customer pays so much, or, with none, all there is to collect.
    pub async fn collects(&mut self, work: Work, invoice_id: Id<Invoice>, method: PaymentMethod, cents: Option<i64>) {
        let invoice: Invoice = self.reads(move |reader| reader.get(invoice_id)).await.expect("an invoice");
        let open = invoice.total_cents.get() - invoice.paid_cents.get() - invoice.pending_cents.get();
        let collect = CollectPayment {
            job_id: work.job_id,
            invoice_id,
            payment_id: id(),
            check_number: (method == PaymentMethod::Check).then(|| "1042".to_owned()),
            method,
            amount_cents: Cents::new(cents.unwrap_or(open)),
            balance_seen_cents: Cents::new(open),
            remark: None,
        };
        self.does(&collect).await;
    }
}
