//! What is there before the day begins: places, prices, stock, and six visits.

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use rust_decimal::Decimal;
use satchel_domain::{
    mutations::{
        ActivateContract, AssignTech, CreateContract, DispatchVisit, GenerateVisits, ReceiveStock, RequireDocument,
        ScheduleContractVisit, SetStockMinimum, SetTaxRate,
    },
    rules::{clock, contracts, money::Cents, planning::PlannedVisit},
    tables::{
        AnswerKind, ChecklistTemplate, ChecklistTemplateItem, ContractVisit, DocumentKind, PricebookItem,
        PricebookKind, RequiredDocument, StockLocation, StockLocationKind, TaxClass, TimeEntry, TimeKind, VisitState,
    },
};
use satchel_protocol::{Id, Mutation, record::UNSAVED, wire::Outcome};
use satchel_server::database::Caller;
use satchel_tests::{
    contractor::{Contractor, Phone as Desk, TechnicianOnStaff, Work, id},
    phone::Field,
};

/// What a technician sells and uses.
#[derive(Clone, Copy, Debug)]
pub struct Items {
    /// Material at 12.50 each.
    pub filter: Id<PricebookItem>,
    /// Material at 3.37 a foot.
    pub pipe: Id<PricebookItem>,
    /// Material at 23.99 each.
    pub capacitor: Id<PricebookItem>,
    /// 95.83 an hour, not taxed.
    pub labour: Id<PricebookItem>,
}

impl Items {
    /// What lies in trucks.
    pub fn materials(&self) -> [Id<PricebookItem>; 3] {
        [self.filter, self.pipe, self.capacitor]
    }
}

/// The contractor on the morning of the day.
pub struct Site {
    pub field: Field,
    pub owner: Caller,
    /// Whose day it is.
    pub me: TechnicianOnStaff,
    pub items: Items,
    pub truck: Id<StockLocation>,
    pub other_truck: Id<StockLocation>,
    pub warehouse: Id<StockLocation>,
    pub template: Id<ChecklistTemplate>,
    /// The six visits, in order. The fourth is owed by a contract.
    pub visits: [Work; 6],
    pub owed: Id<ContractVisit>,
    /// A photo asked for on the first visit.
    pub photo: Id<RequiredDocument>,
    /// The checklist asked for on the first job.
    pub checklist: Id<RequiredDocument>,
    /// A paper asked for on the contract's job, which does not block.
    pub paper: Id<RequiredDocument>,
    /// Work on the first job that was begun two hours ago and not stopped, and when it really ended.
    pub forgotten: (Id<TimeEntry>, Timestamp),
}

impl Site {
    pub async fn new() -> Self {
        let field = Field::new().await;
        let contractor = &field.contractor;
        let me = contractor.technicians[0];
        let owner = contractor.colleague("owner").await;
        let mut desk = contractor.phone(owner);
        let items = Items { filter: contractor.item_id, pipe: id(), capacitor: id(), labour: id() };
        let template = id();
        let [truck, other_truck, warehouse] = [id(), id(), id()];
        write_lists(contractor, &items, template, [truck, other_truck, warehouse]).await;
        stock(contractor, &mut desk, &items, truck, warehouse).await;

        let morning = Timestamp::now() - 3.hours();
        let mut visits = Vec::new();
        for place in 0..5 {
            let start = morning + (2 * place).hours();
            visits.push(contractor.work_in(contractor.branch_id, start, VisitState::Dispatched, &[me]).await);
        }
        let (owed, contract_visit) = contract_visit(contractor, &mut desk, template, me).await;
        visits.insert(3, contract_visit);
        let visits: [Work; 6] = visits.try_into().expect("six visits");

        let require = |work: Work, kind, on_visit: bool, required| RequireDocument {
            document_id: id(),
            job_id: work.job_id,
            visit_id: on_visit.then_some(work.visit_id),
            kind,
            title: "A paper".to_owned(),
            required,
        };
        let photo = require(visits[0], DocumentKind::Photo, true, true);
        let checklist = require(visits[0], DocumentKind::Checklist, false, true);
        let paper = require(visits[3], DocumentKind::Other, false, false);
        for document in [&photo, &checklist, &paper] {
            accepted(contractor, &mut desk, document).await;
        }

        let started_at = clock::in_micros(Timestamp::now() - 2.hours());
        let forgotten = TimeEntry {
            id: id(),
            rev: UNSAVED,
            technician_id: me.id,
            branch_id: contractor.branch_id,
            job_id: Some(visits[0].job_id),
            visit_id: Some(visits[0].visit_id),
            kind: TimeKind::Work,
            started_at,
            ended_at: None,
            overlaps: false,
            started_device_clock: None,
            ended_device_clock: None,
        };
        contractor.insert(|batch| batch.push(contractor.org_id, &forgotten)).await;
        Self {
            owner,
            me,
            items,
            truck,
            other_truck,
            warehouse,
            template,
            visits,
            owed,
            photo: photo.document_id,
            checklist: checklist.document_id,
            paper: paper.document_id,
            forgotten: (forgotten.id, started_at + 95.minutes()),
            field,
        }
    }
}

async fn accepted<M: Mutation>(contractor: &Contractor, desk: &mut Desk, mutation: &M) {
    let outcome = contractor.outcome(desk, mutation).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{}: {outcome:?}", M::NAME);
}

/// Prices, questions and places.
async fn write_lists(
    contractor: &Contractor,
    items: &Items,
    template: Id<ChecklistTemplate>,
    places: [Id<StockLocation>; 3],
) {
    let sold = |id, code: &str, kind, unit: &str, price_cents, tax_class| PricebookItem {
        id,
        rev: UNSAVED,
        code: code.to_owned(),
        name: code.to_lowercase(),
        kind,
        unit: unit.to_owned(),
        price_cents,
        active: true,
        category_id: None,
        tax_class,
        labour_minutes: None,
        description: String::new(),
    };
    let question = |position, answer_kind, required| ChecklistTemplateItem {
        id: id(),
        rev: UNSAVED,
        template_id: template,
        position,
        prompt: format!("Question {position}"),
        answer_kind,
        required,
        shown_after_id: None,
        shown_when: None,
    };
    let drivers = contractor.technicians.map(|technician| technician.id);
    contractor
        .insert(|batch| {
            let org_id = contractor.org_id;
            batch.push(org_id, &sold(items.pipe, "PIPE", PricebookKind::Material, "foot", 337, TaxClass::Standard));
            batch.push(
                org_id,
                &sold(items.capacitor, "CAPACITOR", PricebookKind::Material, "each", 2_399, TaxClass::Standard),
            );
            batch.push(org_id, &sold(items.labour, "LABOUR", PricebookKind::Labour, "hour", 9_583, TaxClass::Exempt));
            let (name, trade) = ("Inspection".to_owned(), "hvac".to_owned());
            batch.push(org_id, &ChecklistTemplate { id: template, rev: UNSAVED, name, trade, active: true });
            let first = question(1, AnswerKind::YesNo, true);
            let (shown_after_id, shown_when) = (Some(first.id), Some("no".to_owned()));
            let why = ChecklistTemplateItem { shown_after_id, shown_when, ..question(2, AnswerKind::Text, true) };
            batch.push(org_id, &first);
            batch.push(org_id, &why);
            for (position, kind, required) in [
                (3, AnswerKind::Number, true),
                (4, AnswerKind::Photo, true),
                (5, AnswerKind::YesNo, true),
                (6, AnswerKind::Number, false),
                (7, AnswerKind::Text, true),
            ] {
                batch.push(org_id, &question(position, kind, required));
            }
            let drivers = [Some(drivers[0]), Some(drivers[1]), None];
            for (id, technician_id) in places.into_iter().zip(drivers) {
                let kind =
                    if technician_id.is_some() { StockLocationKind::Truck } else { StockLocationKind::Warehouse };
                let (branch_id, name) = (contractor.branch_id, "A place".to_owned());
                let place = StockLocation { id, rev: UNSAVED, branch_id, kind, technician_id, name, active: true };
                batch.push(org_id, &place);
            }
        })
        .await;
}

/// 20 filters, 250 feet of pipe and 8 capacitors in the truck, a lot in the warehouse; and the tax rate.
async fn stock(
    contractor: &Contractor,
    desk: &mut Desk,
    items: &Items,
    truck: Id<StockLocation>,
    warehouse: Id<StockLocation>,
) {
    let rate = SetTaxRate {
        branch_id: contractor.branch_id,
        tax_class: TaxClass::Standard,
        percent: "8.25".parse().expect("a decimal"),
    };
    accepted(contractor, desk, &rate).await;
    for (item_id, quantity) in items.materials().into_iter().zip([20, 250, 8]) {
        for (stock_location_id, quantity) in [(truck, quantity), (warehouse, 1_000)] {
            let quantity = Decimal::from(quantity);
            let receive = ReceiveStock { movement_id: id(), stock_location_id, item_id, quantity, note: None };
            accepted(contractor, desk, &receive).await;
        }
        let (minimum, target) = (Decimal::from(6), Decimal::from(20));
        accepted(contractor, desk, &SetStockMinimum { stock_location_id: truck, item_id, minimum, target }).await;
    }
}

/// The first visit that a contract owes, sent to the technician with its checklist.
async fn contract_visit(
    contractor: &Contractor,
    desk: &mut Desk,
    template: Id<ChecklistTemplate>,
    me: TechnicianOnStaff,
) -> (Id<ContractVisit>, Work) {
    let now = Timestamp::now();
    let starts_on = now.to_zoned(TimeZone::get("America/Chicago").expect("a zone")).date();
    let contract = CreateContract {
        contract_id: id(),
        branch_id: contractor.branch_id,
        customer_id: contractor.customer_id,
        location_id: contractor.location_id,
        equipment_ids: Vec::new(),
        number: Some("M-1".to_owned()),
        title: "Tune-up".to_owned(),
        description: String::new(),
        template_id: None,
        interval_months: 6,
        season: None,
        starts_on,
        ends_on: starts_on.checked_add(1.year()).and_then(|end| end.yesterday()).expect("a day"),
        price_cents: Cents::new(19_900),
    };
    let contract_id = contract.contract_id;
    accepted(contractor, desk, &contract).await;
    accepted(contractor, desk, &ActivateContract { contract_id }).await;
    accepted(contractor, desk, &GenerateVisits { contract_id, through: starts_on }).await;
    let Work { job_id, visit_id } = Work { job_id: id(), visit_id: id() };
    let owed = contracts::visit_id(contract_id, 0);
    let visit = PlannedVisit { visit_id, window_start: now, window_end: now + 2.hours(), template_ids: vec![template] };
    let schedule = ScheduleContractVisit {
        contract_id,
        contract_visit_id: owed,
        job_id,
        number: None,
        visit,
        confirm_outside_due: true,
    };
    accepted(contractor, desk, &schedule).await;
    let technician_id = me.id;
    let assign = AssignTech { job_id, visit_id, technician_id, confirm_overlap: true, confirm: Vec::new() };
    accepted(contractor, desk, &assign).await;
    accepted(contractor, desk, &DispatchVisit { job_id, visit_id }).await;
    (owed, Work { job_id, visit_id })
}
