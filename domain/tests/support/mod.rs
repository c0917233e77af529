//! A contractor in memory: rows, people, and a way to run mutations as phone and server do.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use satchel_domain::{REGISTRY, mutations::*, roles, rules::planning::PlannedVisit, tables::*};
use satchel_protocol::{
    Ctx, Id, Mutation, Record, Rejection, Row, RowKey, Stop, Workspace,
    context::Side,
    record::UNSAVED,
    workspace::{Dirty, Load},
};
use uuid::Uuid;

/// Rounds of loading one mutation may take.
const ROUNDS: usize = 64;
/// 2026-11-21T08:00:00Z, when the day begins.
const MORNING_S: i64 = 1_795_248_000;

pub fn id<T>(number: u128) -> Id<T> {
    Id::new(Uuid::from_u128(number))
}

pub fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(MORNING_S).unwrap() + SignedDuration::from_mins(minutes)
}

pub const ALICE: Id<Technician> = Id::new(Uuid::from_u128(0xa11ce));
pub const BOB: Id<Technician> = Id::new(Uuid::from_u128(0xb0b));
pub const GONE: Id<Technician> = Id::new(Uuid::from_u128(0x60e));
pub const BRANCH: Id<Branch> = Id::new(Uuid::from_u128(0xb4a));
pub const CUSTOMER: Id<Customer> = Id::new(Uuid::from_u128(0xc1));
pub const OTHER_CUSTOMER: Id<Customer> = Id::new(Uuid::from_u128(0xc2));
pub const HOUSE: Id<Location> = Id::new(Uuid::from_u128(0x10c));
pub const OTHER_HOUSE: Id<Location> = Id::new(Uuid::from_u128(0x10d));
pub const FURNACE: Id<Equipment> = Id::new(Uuid::from_u128(0xe1));
pub const OTHER_FURNACE: Id<Equipment> = Id::new(Uuid::from_u128(0xe2));
pub const TEMPLATE: Id<ChecklistTemplate> = Id::new(Uuid::from_u128(0x7e1));
pub const OLD_TEMPLATE: Id<ChecklistTemplate> = Id::new(Uuid::from_u128(0x7e2));
/// Yes or no, required.
pub const GAS_OFF: Id<ChecklistTemplateItem> = Id::new(Uuid::from_u128(0x171));
/// A number, required, shown when the gas is not off.
pub const PRESSURE: Id<ChecklistTemplateItem> = Id::new(Uuid::from_u128(0x172));
/// A text, not required.
pub const REMARK: Id<ChecklistTemplateItem> = Id::new(Uuid::from_u128(0x173));
pub const PIPE: Id<PricebookItem> = Id::new(Uuid::from_u128(0x91e));
pub const OLD_PIPE: Id<PricebookItem> = Id::new(Uuid::from_u128(0x91f));
pub const JOB: Id<Job> = Id::new(Uuid::from_u128(0x10b));
pub const VISIT: Id<Visit> = Id::new(Uuid::from_u128(0x5151));

/// Tables that row-level security keeps from phones.
const OFFICE_ONLY: [&str; 1] = ["dispatch_override"];

/// Everything stored, and how many mutations ran.
#[derive(Clone, Default)]
pub struct World {
    /// What the last mutation that was run flagged.
    pub flags: Vec<&'static str>,
    pub rows: BTreeMap<RowKey, Row>,
    next_key: u128,
    /// Minutes since the morning.
    pub minutes: i64,
    /// Whether what technicians do is decided once more over the rows their phones hold, which must come out alike. For
    /// worlds in which they do only what the policy lets them.
    pub strict: bool,
}

/// What a run came to: its result, what it wrote and what it flagged.
type Decided<T> = (Result<T, Rejection>, BTreeMap<RowKey, Dirty>, Vec<&'static str>);

/// Somebody who acts.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub user: u128,
    pub roles: Vec<String>,
    pub technician: Option<Id<Technician>>,
}

pub fn with_role(role: &str) -> Person {
    Person { user: 0xd15, roles: vec![role.to_owned()], technician: None }
}

pub fn dispatcher() -> Person {
    with_role(roles::DISPATCHER)
}

pub fn technician(technician: Id<Technician>) -> Person {
    Person { user: 0xffff, roles: vec![roles::TECHNICIAN.to_owned()], technician: Some(technician) }
}

impl World {
    /// An office with technicians, a customer, a checklist and a pricebook; no job.
    pub fn new() -> Self {
        let mut world = Self::default();
        let currency = "USD".into();
        world.put(&Organization { id: id(1), rev: 1, name: "Testing & Sons".into(), currency });
        world.put(&Branch { id: BRANCH, rev: 1, name: "North".into(), zone: "America/Denver".into() });
        for (id, name, active) in [(ALICE, "Alice", true), (BOB, "Bob", true), (GONE, "Gone", false)] {
            world.put(&Technician { id, rev: 1, branch_id: BRANCH, user_id: None, name: name.into(), active });
        }
        let places = [(CUSTOMER, HOUSE, FURNACE, "Ada"), (OTHER_CUSTOMER, OTHER_HOUSE, OTHER_FURNACE, "Grace")];
        for (customer, house, furnace, name) in places {
            world.put(&Customer { id: customer, rev: 1, name: name.into(), phone: None, email: None });
            world.put(&Location {
                id: house,
                rev: 1,
                customer_id: customer,
                address: "1 Main St".into(),
                latitude: None,
                longitude: None,
                zone: "America/New_York".into(),
                access_notes: None,
                postal_code: None,
                territory_id: None,
            });
            let name = "Gas furnace".into();
            world.put(&Equipment { id: furnace, rev: 1, location_id: house, name, model: None, serial: None });
        }
        for (id, active) in [(TEMPLATE, true), (OLD_TEMPLATE, false)] {
            world.put(&ChecklistTemplate { id, rev: 1, name: "Furnace".into(), trade: "hvac".into(), active });
        }
        world.put(&item(GAS_OFF, 1, AnswerKind::YesNo, true, None));
        world.put(&item(PRESSURE, 2, AnswerKind::Number, true, Some((GAS_OFF, "no"))));
        world.put(&item(REMARK, 3, AnswerKind::Text, false, None));
        for (id, active) in [(PIPE, true), (OLD_PIPE, false)] {
            world.put(&PricebookItem {
                id,
                rev: 1,
                code: "P-1".into(),
                name: "Copper pipe".into(),
                kind: PricebookKind::Material,
                unit: "foot".into(),
                price_cents: 1_250,
                active,
                category_id: None,
                tax_class: TaxClass::Standard,
                labour_minutes: None,
                description: String::new(),
            });
        }
        world
    }

    /// A job with one visit at 8 to 10 o'clock.
    pub fn with_visit() -> Self {
        let mut world = Self::new();
        let first_visit = Some(planned(VISIT, 0, 120));
        world.run(&dispatcher(), &CreateJob { first_visit, ..create_job(JOB) }).unwrap();
        world
    }

    /// A job with one visit, dispatched to Alice.
    pub fn dispatched() -> Self {
        let mut world = Self::with_visit();
        world.run(&dispatcher(), &assign(ALICE)).unwrap();
        world.run(&dispatcher(), &DispatchVisit { job_id: JOB, visit_id: VISIT }).unwrap();
        world
    }

    /// A job with one visit, where Alice is at work.
    pub fn at_work() -> Self {
        let mut world = Self::dispatched();
        let (job_id, visit_id, reason) = (JOB, VISIT, None);
        let alice = technician(ALICE);
        world.run(&alice, &AcceptVisit { job_id, visit_id, reason: reason.clone() }).unwrap();
        world.run(&alice, &TravelToVisit { job_id, visit_id, reason: reason.clone() }).unwrap();
        world.run(&alice, &ArriveAtVisit { job_id, visit_id, reason }).unwrap();
        world
    }

    /// Puts a row from nowhere.
    pub fn put<R: Record>(&mut self, record: &R) {
        self.rows.insert(RowKey::of(record.id()), record.to_row());
    }

    /// A row that is there.
    pub fn get<R: Record>(&self, id: Id<R>) -> R {
        self.find(id).expect("the row is there")
    }

    pub fn find<R: Record>(&self, id: Id<R>) -> Option<R> {
        self.rows.get(&RowKey::of(id)).map(|row| R::from_row(row).unwrap())
    }

    /// All rows of a table, in id order.
    pub fn all<R: Record>(&self) -> Vec<R> {
        let rows = self.rows.iter().filter(|(key, _)| key.table == R::TABLE.name);
        rows.map(|(_, row)| R::from_row(row).unwrap()).collect()
    }

    /// The circumstances of the next mutation.
    pub fn ctx(&self, person: &Person, side: Side) -> Ctx {
        Ctx {
            org_id: Uuid::from_u128(1),
            user_id: Uuid::from_u128(person.user),
            technician_id: person.technician.map(Id::uuid),
            roles: person.roles.clone(),
            key: Uuid::from_u128((0x0199_0000_0000_7000 << 64) + (self.next_key << 96)),
            occurred_at: at(self.minutes),
            device_clock: Some(at(self.minutes)),
            side,
        }
    }

    /// Runs a mutation as it would come over the wire, on both sides, and stores what it wrote.
    pub fn run<M: Mutation>(&mut self, person: &Person, mutation: &M) -> Result<M::Output, Rejection>
    where
        M::Output: serde::Serialize,
    {
        self.next_key += 1;
        let (result, changes, flags) = self.decide(&self.ctx(person, Side::Server), mutation);
        self.flags = flags;
        let on_phone = self.ctx(person, Side::Phone);
        let alike = self.decide(&on_phone, mutation);
        assert_eq!((&result.as_ref().map(drop), &changes), (&alike.0.as_ref().map(drop), &alike.1), "{}", M::NAME);
        if let Some(technician) = person.technician
            && self.strict
            && !M::SERVER_ONLY
            && person.roles == [roles::TECHNICIAN]
        {
            let (offline, predicted, _) = self.held_by(technician).decide(&on_phone, mutation);
            match (&result, &offline) {
                (Ok(_), Ok(_)) => assert_eq!(changes, predicted, "{} writes the same on the phone", M::NAME),
                (Err(server), Err(phone)) => {
                    // What is not held is not found; under row-level security the server says so too.
                    let alike = server.reason == phone.reason || phone.reason.ends_with(".not_found");
                    assert!(alike, "{}: {} on the server, {} on the phone", M::NAME, server.reason, phone.reason);
                }
                (server, phone) => {
                    let (server, phone) = (server.as_ref().err(), phone.as_ref().err());
                    panic!("{}: server refuses {server:?}, phone refuses {phone:?}", M::NAME)
                }
            }
        }
        for (key, change) in changes {
            let table = REGISTRY.table(key.table).unwrap();
            match change.image {
                Some(mut row) => {
                    assert_eq!(change.inserted, !self.rows.contains_key(&key), "{}", M::NAME);
                    let wire = serde_json::to_string(&table.encode_row(&row)).unwrap();
                    row =
                        table.decode_row(serde_json::from_str(&wire).unwrap()).expect("rows have their table's shape");
                    self.rows.insert(key, row);
                }
                None => drop(self.rows.remove(&key)),
            }
        }
        result
    }

    /// The rows on a technician's phone: his organization's lists, his own, and his jobs with what they touch.
    pub fn held_by(&self, technician: Id<Technician>) -> Self {
        let org = Uuid::from_u128(1);
        let assignments = self.all::<Assignment>();
        let jobs = assignments.iter().filter(|assignment| assignment.technician_id == technician);
        let jobs: Vec<Job> = jobs.map(|assignment| self.get(assignment.job_id)).collect();
        let touched = |job: &Job| [job.id.uuid(), job.customer_id.uuid(), job.location_id.uuid()];
        let mut scopes: BTreeSet<Uuid> = jobs.iter().flat_map(touched).collect();
        scopes.extend([org, technician.uuid()]);
        let trucks = self.all::<StockLocation>().into_iter().filter(|place| place.technician_id == Some(technician));
        scopes.extend(trucks.map(|truck| truck.id.uuid()));
        let held = |key: &RowKey, row: &Row| {
            let scope = REGISTRY.table(key.table).unwrap().scope_of(row, org);
            !OFFICE_ONLY.contains(&key.table) && scope.is_some_and(|scope| scopes.contains(&scope))
        };
        let rows = self.rows.iter().filter(|(key, row)| held(key, row));
        Self { rows: rows.map(|(key, row)| (*key, row.clone())).collect(), flags: Vec::new(), ..*self }
    }

    /// The reason a mutation is refused with.
    pub fn refusal<M: Mutation>(&mut self, person: &Person, mutation: &M) -> String {
        let before = self.rows.clone();
        let rejection = match self.run(person, mutation) {
            Ok(_) => panic!("{} was accepted", M::NAME),
            Err(rejection) => rejection,
        };
        assert_eq!(before, self.rows, "a refused mutation leaves no trace");
        assert!(rejection.message.ends_with('.') && rejection.reason.contains('.'), "{rejection:?}");
        rejection.reason
    }

    fn decide<M: Mutation>(&self, ctx: &Ctx, mutation: &M) -> Decided<M::Output> {
        let args = serde_json::to_string(mutation).unwrap();
        let decoded: M = serde_json::from_str(&args).unwrap();
        let erased = (REGISTRY.mutation(M::NAME).expect("it is registered").decode)(&args).unwrap();
        let mut work = Workspace::new();
        for key in Mutation::roots(&decoded) {
            work.load_row(key, self.rows.get(&key).cloned());
        }
        for _ in 0..ROUNDS {
            match work.run(&*erased, ctx) {
                Ok(run) => {
                    let (dirty, flags) = (work.dirty().clone(), run.flags.into_iter().collect());
                    // Once more, typed, for the typed output.
                    work.restore(BTreeMap::new());
                    return match run.result {
                        Err(rejection) => (Err(rejection), dirty, Vec::new()),
                        Ok(_) => (Ok(Mutation::apply(&decoded, ctx, &mut work).unwrap()), dirty, flags),
                    };
                }
                Err(Stop::Need(need)) => self.supply(&mut work, need),
                Err(stop) => panic!("{}: {stop:?}", M::NAME),
            }
        }
        panic!("{} asks for more and more", M::NAME)
    }

    fn supply(&self, work: &mut Workspace, need: Load) {
        assert!(!work.is_loaded(&need), "{need:?} was supplied already");
        match need {
            Load::Row(key) => work.load_row(key, self.rows.get(&key).cloned()),
            Load::Index(read) => {
                let index = REGISTRY.index(read.index).expect("the index is registered");
                let table = REGISTRY.table(index.table).unwrap();
                let rows =
                    self.rows.iter().filter(|(key, row)| key.table == table.name && read.matches(index, table, row));
                let rows = rows.map(|(_, row)| row.clone()).collect();
                work.load_index(read, table, rows);
            }
        }
    }
}

fn item(
    id: Id<ChecklistTemplateItem>,
    position: i32,
    answer_kind: AnswerKind,
    required: bool,
    shown: Option<(Id<ChecklistTemplateItem>, &str)>,
) -> ChecklistTemplateItem {
    ChecklistTemplateItem {
        id,
        rev: UNSAVED,
        template_id: TEMPLATE,
        position,
        prompt: "?".into(),
        answer_kind,
        required,
        shown_after_id: shown.map(|(after, _)| after),
        shown_when: shown.map(|(_, when)| when.to_owned()),
    }
}

pub fn create_job(job_id: Id<Job>) -> CreateJob {
    CreateJob {
        job_id,
        branch_id: BRANCH,
        customer_id: CUSTOMER,
        location_id: HOUSE,
        equipment_id: None,
        number: None,
        title: "Furnace is cold".into(),
        description: String::new(),
        priority: None,
        draft: false,
        first_visit: None,
    }
}

pub fn planned(visit_id: Id<Visit>, from_min: i64, until_min: i64) -> PlannedVisit {
    PlannedVisit { visit_id, window_start: at(from_min), window_end: at(until_min), template_ids: Vec::new() }
}

pub fn assign(technician_id: Id<Technician>) -> AssignTech {
    AssignTech { job_id: JOB, visit_id: VISIT, technician_id, confirm_overlap: false, confirm: Vec::new() }
}

pub fn complete() -> CompleteVisit {
    CompleteVisit { job_id: JOB, visit_id: VISIT, outcome: None }
}
