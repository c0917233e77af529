//! What the technician does from morning to evening.

use jiff::{Timestamp, ToSpan as _};
use rust_decimal::Decimal;
use satchel_domain::{
    mutations::{
        AddEstimateLine, AddEstimateOption, AddInvoiceLine, ApproveEstimate, AttachChecklist, CancelAbsence,
        CannotCompleteVisit, ChangeEstimateLine, ChangeInvoiceLine, ClearAnswer, CompleteVisitPartially,
        CorrectMaterial, CountStock, CreateContact, CreateEquipment, CreateInvoiceFromEstimate, CreateInvoiceFromWork,
        DeclineEstimate, DeclineVisit, GenerateEstimate, IssueInvoice, MarkNotApplicable, PauseVisit, PresentEstimate,
        ReceiveStock, RemoveEstimateLine, RemoveInvoiceLine, RequestAbsence, RequestReplenishment, ResumeVisit,
        ReturnStock, ReviseEstimate, SatisfyDocument, SetAvailability, SetEstimateDiscount, StopTime, Stretch,
        TransferStock, UpdateContact, UpdateEquipment, VoidInvoice,
    },
    rules::{
        money::Cents,
        offering::{NewLine, NewOption},
        stock,
    },
    tables::{
        AbsenceKind, Estimate, EstimateLine, EstimateOption, Invoice, InvoiceLine, PaymentMethod, PricebookItem,
        StockLevel, StockLocation, SubjectKind, TimeKind,
    },
};
use satchel_protocol::Id;
use satchel_tests::contractor::{Work, id};
use uuid::Uuid;

use crate::{day::Day, site::Site};

fn quantity(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

impl Day {
    /// Before the first visit: the week, a day off, and the truck.
    pub async fn morning(&mut self, site: &Site) {
        let technician_id = site.me.id;
        let day = |weekday| Stretch { weekday, start_minute: 420, end_minute: 960 };
        self.does(&SetAvailability { technician_id, week: (1..=5).map(day).collect() }).await;
        let tomorrow = Timestamp::now() + 24.hours();
        let absence = RequestAbsence {
            absence_id: id(),
            technician_id,
            kind: AbsenceKind::Pto,
            starts_at: tomorrow,
            ends_at: tomorrow + 24.hours(),
            note: None,
        };
        self.does(&absence).await;
        self.does(&CancelAbsence { technician_id, absence_id: absence.absence_id }).await;
        let training = RequestAbsence { absence_id: id(), kind: AbsenceKind::Training, ..absence };
        self.does(&training).await;

        let items = site.items;
        self.counts(site, items.filter, "-1").await;
        self.counts(site, items.pipe, "-7.5").await;
        self.counts(site, items.capacitor, "1").await;
        self.moves(site.warehouse, site.truck, items.filter, "12").await;
        self.moves(site.warehouse, site.truck, items.pipe, "100.125").await;
        self.moves(site.truck, site.other_truck, items.capacitor, "2").await;
        for (item_id, text) in [(items.filter, "4"), (items.capacitor, "5")] {
            let (movement_id, quantity) = (id(), quantity(text));
            let note = Some("Slip 77".to_owned());
            self.does(&ReceiveStock { movement_id, stock_location_id: site.truck, item_id, quantity, note }).await;
        }
    }

    /// Counts something in the truck that differs so much from what is written.
    async fn counts(&mut self, site: &Site, item_id: Id<PricebookItem>, difference: &str) {
        let level = stock::level_id(site.truck, item_id);
        let level: StockLevel = self.reads(move |reader| reader.get(level)).await.expect("a level");
        let count = CountStock {
            movement_id: id(),
            stock_location_id: site.truck,
            item_id,
            counted: level.quantity + quantity(difference),
            reason: "Counted".to_owned(),
        };
        self.does(&count).await;
    }

    async fn moves(&mut self, from: Id<StockLocation>, to: Id<StockLocation>, item_id: Id<PricebookItem>, text: &str) {
        let (movement_id, quantity) = (id(), quantity(text));
        let transfer =
            TransferStock { movement_id, from_location_id: from, to_location_id: to, item_id, quantity, note: None };
        self.does(&transfer).await;
    }

    async fn attaches(&mut self, site: &Site, Work { job_id, visit_id }: Work) {
        let template_id = site.template;
        self.does(&AttachChecklist { job_id, visit_id, checklist_id: id(), template_id }).await;
    }

    /// A repair with papers, a break, and an invoice that is signed and paid in two ways.
    pub async fn repair(&mut self, site: &Site) {
        let work = site.visits[0];
        let Work { job_id, visit_id } = work;
        // Whoever forgot to stop the clock says when the work ended.
        let (entry_id, ended_at) = site.forgotten;
        self.does(&StopTime { entry_id, technician_id: site.me.id, ended_at: Some(ended_at) }).await;
        self.goes_to(site, work).await;
        self.attaches(site, work).await;
        let (_, asked) = self.checklist(work).await;
        let (item, answer) = &asked[0];
        self.answers(work, item, answer).await;
        self.does(&ClearAnswer { job_id, visit_id, answer_id: answer.id }).await;
        self.does(&MarkNotApplicable { job_id, visit_id, answer_id: asked[4].1.id }).await;
        let checklist = self.answers_all(work).await;
        for (document_id, reference_id) in [(site.photo, Uuid::now_v7()), (site.checklist, checklist.uuid())] {
            self.does(&SatisfyDocument { job_id, visit_id, document_id, reference_id }).await;
        }
        self.customer_and_machine(site).await;

        let filters = self.uses(work, site.items.filter, quantity("3")).await;
        let pipe = self.uses(work, site.items.pipe, quantity("12.375")).await;
        let wrong = self.uses(work, site.items.capacitor, quantity("2")).await;
        self.uses(work, site.items.capacitor, quantity("1")).await;
        self.uses(work, site.items.pipe, quantity("0.333")).await;
        for (material_id, text) in [(filters, "4"), (pipe, "10.125"), (wrong, "0")] {
            self.does(&CorrectMaterial { job_id, visit_id, material_id, quantity: quantity(text) }).await;
        }
        self.notes(work, &["Igniter cracked", "Igniter cracked, gasket too", "Igniter cracked. Gasket too 🔧"]).await;

        self.stop_clock(site).await;
        self.does(&PauseVisit { job_id, visit_id, reason: Some("Lunch".to_owned()) }).await;
        self.start_clock(site, work, TimeKind::Break).await;
        self.stop_clock(site).await;
        self.does(&ResumeVisit { job_id, visit_id, reason: None }).await;
        self.start_clock(site, work, TimeKind::Work).await;
        self.finishes(site, work).await;
        self.signs(work, SubjectKind::Visit, visit_id.uuid()).await;

        let invoice_id = self.invoices_work(site, work).await;
        let mut lines = Vec::new();
        for (item_id, text, cents) in
            [(Some(site.items.filter), "1.5", None), (None, "1", Some(4_900)), (None, "2", Some(1_999))]
        {
            lines.push(self.charges(work, invoice_id, item_id, text, cents).await);
        }
        let change = |line_id| ChangeInvoiceLine {
            job_id,
            invoice_id,
            line_id,
            name: None,
            quantity: None,
            unit_price_cents: None,
            discount_percent: None,
            tax_percent: None,
        };
        let discount_percent = Some(quantity("12.5"));
        self.does(&ChangeInvoiceLine { discount_percent, ..change(lines[0]) }).await;
        self.does(&ChangeInvoiceLine { quantity: Some(quantity("1.333")), ..change(lines[1]) }).await;
        self.does(&RemoveInvoiceLine { job_id, invoice_id, line_id: lines[2] }).await;
        self.does(&IssueInvoice { job_id, invoice_id }).await;
        self.signs(work, SubjectKind::Invoice, invoice_id.uuid()).await;
        self.collects(work, invoice_id, PaymentMethod::Cash, Some(5_000)).await;
        self.collects(work, invoice_id, PaymentMethod::Check, None).await;
    }

    async fn customer_and_machine(&mut self, site: &Site) {
        let contractor = &site.field.contractor;
        let boiler = CreateEquipment {
            equipment_id: id(),
            location_id: contractor.location_id,
            name: "Boiler".to_owned(),
            model: None,
            serial: None,
        };
        self.does(&boiler).await;
        let serial = Some("SN-4711".to_owned());
        self.does(&UpdateEquipment { equipment_id: boiler.equipment_id, name: None, model: None, serial }).await;
        let ada = CreateContact {
            contact_id: id(),
            customer_id: contractor.customer_id,
            location_id: Some(contractor.location_id),
            name: "Ada".to_owned(),
            role: None,
            phone: None,
            email: None,
            preferred: true,
        };
        self.does(&ada).await;
        let correction = UpdateContact {
            contact_id: ada.contact_id,
            customer_id: ada.customer_id,
            location_id: None,
            name: None,
            role: Some("Tenant".to_owned()),
            phone: Some("555-0100".to_owned()),
            email: None,
            preferred: None,
        };
        self.does(&correction).await;
    }

    async fn invoices_work(&mut self, site: &Site, work: Work) -> Id<Invoice> {
        let (invoice_id, labour_item_id) = (id(), Some(site.items.labour));
        self.does(&CreateInvoiceFromWork { job_id: work.job_id, invoice_id, labour_item_id }).await;
        invoice_id
    }

    /// Adds a line to an invoice: an item of the pricebook, or something at a price of one's own.
    async fn charges(
        &mut self,
        work: Work,
        invoice_id: Id<Invoice>,
        item_id: Option<Id<PricebookItem>>,
        text: &str,
        cents: Option<i64>,
    ) -> Id<InvoiceLine> {
        let line_id = id();
        let line = AddInvoiceLine {
            job_id: work.job_id,
            invoice_id,
            line_id,
            item_id,
            name: cents.map(|_| "Trip".to_owned()),
            unit: None,
            quantity: quantity(text),
            unit_price_cents: cents.map(Cents::new),
            discount_percent: None,
            tax_percent: None,
        };
        self.does(&line).await;
        line_id
    }

    /// An estimate is written, signed and charged; a part is paid in cash, the rest by card. Answers its better option.
    pub async fn sale(&mut self, site: &Site) -> Id<EstimateOption> {
        let work = site.visits[1];
        let Work { job_id, visit_id } = work;
        self.goes_to(site, work).await;
        self.attaches(site, work).await;
        self.answers_all(work).await;
        let (estimate_id, good, better) = (id::<Estimate>(), id(), id::<EstimateOption>());
        let items = site.items;
        let lines = vec![listed(items.pipe, "12.5")];
        let option = NewOption { option_id: good, name: "Good".to_owned(), lines };
        let (title, valid_until) = (Some("New piping".to_owned()), None);
        self.does(&GenerateEstimate { job_id, estimate_id, title, valid_until, options: vec![option] }).await;
        let lines = vec![listed(items.filter, "3"), listed(items.labour, "1.5")];
        let option = NewOption { option_id: better, name: "Better".to_owned(), lines };
        self.does(&AddEstimateOption { job_id, estimate_id, option }).await;
        let (capacitors, haul) = (listed(items.capacitor, "2"), free("Haul away", 2_500));
        let superfluous = free("Permit", 7_777);
        for line in [&capacitors, &haul, &superfluous] {
            self.does(&AddEstimateLine { job_id, estimate_id, option_id: better, line: line.clone() }).await;
        }
        let change = |line_id| ChangeEstimateLine {
            job_id,
            estimate_id,
            line_id,
            quantity: None,
            name: None,
            unit_price_cents: None,
            discount_percent: None,
        };
        self.does(&ChangeEstimateLine { quantity: Some(quantity("3")), ..change(capacitors.line_id) }).await;
        self.does(&ChangeEstimateLine { name: Some("Haul it away".to_owned()), ..change(haul.line_id) }).await;
        self.does(&RemoveEstimateLine { job_id, estimate_id, line_id: superfluous.line_id }).await;
        for (option_id, percent, amount) in [(good, None, Some(500)), (better, Some(10), None)] {
            let (percent, amount_cents) = (percent.map(Decimal::from), amount.map(Cents::new));
            self.does(&SetEstimateDiscount { job_id, estimate_id, option_id, percent, amount_cents }).await;
        }
        self.does(&PresentEstimate { job_id, estimate_id, valid_until: None }).await;
        let signature_id = self.signs(work, SubjectKind::EstimateOption, better.uuid()).await;
        self.does(&ApproveEstimate { job_id, estimate_id, option_id: better, signature_id }).await;

        self.uses(work, items.filter, quantity("3")).await;
        self.uses(work, items.capacitor, quantity("3")).await;
        self.notes(work, &["Sold the better one."]).await;
        self.finishes(site, work).await;
        self.signs(work, SubjectKind::Visit, visit_id.uuid()).await;
        let invoice_id = id();
        self.does(&CreateInvoiceFromEstimate { job_id, invoice_id, estimate_id }).await;
        self.charges(work, invoice_id, None, "1", Some(1_000)).await;
        self.does(&IssueInvoice { job_id, invoice_id }).await;
        self.collects(work, invoice_id, PaymentMethod::Cash, Some(10_000)).await;
        self.collects(work, invoice_id, PaymentMethod::Card, None).await;
        better
    }

    /// Half the work; an estimate that is refused, declined and revised; an invoice that is written twice.
    pub async fn half_done(&mut self, site: &Site) {
        let work = site.visits[2];
        let Work { job_id, visit_id } = work;
        self.goes_to(site, work).await;
        self.attaches(site, work).await;
        self.answers_all(work).await;
        self.uses(work, site.items.pipe, quantity("33.333")).await;
        self.uses(work, site.items.filter, quantity("1")).await;
        let (estimate_id, option_id) = (id::<Estimate>(), id());
        let lines = vec![listed(site.items.capacitor, "7"), listed(site.items.pipe, "0.005")];
        let options = vec![NewOption { option_id, name: "The rest".to_owned(), lines }];
        let valid_until = Some(Timestamp::now() + 240.hours());
        self.does(&GenerateEstimate { job_id, estimate_id, title: None, valid_until, options }).await;
        self.does(&PresentEstimate { job_id, estimate_id, valid_until: None }).await;
        self.refuses_to_sign(work, SubjectKind::EstimateOption, option_id.uuid()).await;
        self.does(&DeclineEstimate { job_id, estimate_id, reason: "Too dear.".to_owned() }).await;
        let revision_id = id::<Estimate>();
        self.does(&ReviseEstimate { job_id, estimate_id, revision_id }).await;
        let line = self
            .reads(move |reader| reader.find::<EstimateLine>(EstimateLine::BY_ESTIMATE, &[revision_id.into()]))
            .await
            .into_iter()
            .find(|line| line.position == 1)
            .expect("a line");
        let cheaper = ChangeEstimateLine {
            job_id,
            estimate_id: revision_id,
            line_id: line.id,
            quantity: None,
            name: None,
            unit_price_cents: None,
            discount_percent: Some(quantity("14.9999")),
        };
        self.does(&cheaper).await;
        self.does(&PresentEstimate { job_id, estimate_id: revision_id, valid_until: None }).await;
        self.notes(work, &["The rest on another day."]).await;
        self.stop_clock(site).await;
        let outcome = Some("Half of it.".to_owned());
        self.does(&CompleteVisitPartially { job_id, visit_id, outcome }).await;
        let wrong = self.invoices_work(site, work).await;
        let reason = "Wrong address on it.".to_owned();
        self.does(&VoidInvoice { job_id, invoice_id: wrong, reason }).await;
        let invoice_id = self.invoices_work(site, work).await;
        self.does(&IssueInvoice { job_id, invoice_id }).await;
        self.collects(work, invoice_id, PaymentMethod::Card, Some(1_001)).await;
        self.collects(work, invoice_id, PaymentMethod::Check, Some(2_002)).await;
    }

    /// What a contract owes, with the checklist the office put on it.
    pub async fn tune_up(&mut self, site: &Site) {
        let work = site.visits[3];
        let Work { job_id, visit_id } = work;
        self.goes_to(site, work).await;
        self.answers_all(work).await;
        let (document_id, reference_id) = (site.paper, Uuid::now_v7());
        self.does(&SatisfyDocument { job_id, visit_id, document_id, reference_id }).await;
        self.uses(work, site.items.filter, quantity("2")).await;
        self.notes(work, &["All well.", "All well. See you in half a year."]).await;
        self.finishes(site, work).await;
        self.refuses_to_sign(work, SubjectKind::Visit, visit_id.uuid()).await;
    }

    /// Nobody at home; and a visit too many.
    pub async fn in_vain(&mut self, site: &Site) {
        let work = site.visits[4];
        let Work { job_id, visit_id } = work;
        self.goes_to(site, work).await;
        self.notes(work, &["Rang twice.", "Rang three times."]).await;
        self.stop_clock(site).await;
        let reason = "Nobody at home.".to_owned();
        self.does(&CannotCompleteVisit { job_id, visit_id, reason }).await;
        let Work { job_id, visit_id } = site.visits[5];
        self.does(&DeclineVisit { job_id, visit_id, reason: Some("No time left.".to_owned()) }).await;
    }

    /// Back in the yard: what is broken goes back, what is missing is asked for, the truck is counted.
    pub async fn evening(&mut self, site: &Site) {
        let items = site.items;
        let give_back = ReturnStock {
            movement_id: id(),
            stock_location_id: site.truck,
            item_id: items.filter,
            quantity: quantity("2"),
            reason: "Broken".to_owned(),
        };
        self.does(&give_back).await;
        for (item_id, text) in [(items.filter, "10"), (items.capacitor, "6.5")] {
            let quantity = quantity(text);
            self.does(&RequestReplenishment { stock_location_id: site.truck, item_id, quantity }).await;
        }
        self.moves(site.truck, site.warehouse, items.pipe, "50").await;
        self.counts(site, items.pipe, "-0.042").await;
        self.counts(site, items.filter, "1").await;
    }
}

/// A line of the pricebook, priced by the phone.
fn listed(item: Id<PricebookItem>, text: &str) -> NewLine {
    NewLine {
        line_id: id(),
        item_id: Some(item),
        name: None,
        unit: None,
        unit_price_cents: None,
        tax_class: None,
        quantity: quantity(text),
        discount_percent: None,
    }
}

/// A line without an item.
fn free(name: &str, cents: i64) -> NewLine {
    NewLine {
        line_id: id(),
        item_id: None,
        name: Some(name.to_owned()),
        unit: None,
        unit_price_cents: Some(Cents::new(cents)),
        tax_class: None,
        quantity: Decimal::ONE,
        discount_percent: None,
    }
}
