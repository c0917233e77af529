//! The jobs of one technician: customers, places, machines, visits, and what is left of the visits that are over.

use jiff::Timestamp;
use rust_decimal::Decimal;
use satchel_domain::tables::{
    Assignment, Branch, Customer, Equipment, Job, JobState, Location, MaterialUsed, Organization, Skill, Technician,
    Territory, Visit, VisitState,
};
use satchel_protocol::{Id, record::UNSAVED};
use uuid::Uuid;

use super::{
    SeedError, SeedOptions, contracts, documents, estimates,
    history::{self, Past},
    invoices, notes,
    organization::{self, Checklists, Office, person},
    pricebook::Pricebook,
    random::Random,
    schedule::{self, Slot},
    trade::{WORKS, Work},
    words::{ACCESS_NOTES, CANCEL_REASONS, COMPANIES, FAMILY_NAMES, MAKERS, OBSTACLES, Place, STREETS, WORK_DONE},
};
use crate::bulk::Batch;

/// Days after which the office has settled a completed job.
const SETTLED_AFTER_DAYS: i32 = 7;

/// A job's row is made up to this many machines at its place.
const MACHINES_MAX: i64 = 3;

/// Everything the jobs of one technician are written with.
pub(super) struct Writer<'a> {
    pub(super) org_id: Uuid,
    pub(super) organization: Organization,
    pub(super) place: &'static Place,
    pub(super) branch_id: Id<Branch>,
    pub(super) checklists: &'a [Checklists],
    pub(super) pricebook: &'a Pricebook,
    /// The branch's territories, the skill each template asks for, and who booked.
    pub(super) territories: [Id<Territory>; 2],
    pub(super) skills: &'a [Id<Skill>],
    pub(super) dispatcher: Uuid,
    pub(super) options: &'a SeedOptions,
    pub(super) random: &'a mut Random,
    pub(super) batch: &'a mut Batch,
    /// Jobs written so far in the organization.
    pub(super) jobs_written: &'a mut u32,
}

/// A visit about to be written.
pub(super) struct Planned {
    pub(super) visit: Visit,
    pub(super) template: usize,
    pub(super) technician_id: Id<Technician>,
    pub(super) user_id: Uuid,
    /// When the technician got there and left, if the visit is over and was begun.
    pub(super) on_site: Option<(Timestamp, Timestamp)>,
}

/// Where the customer lives, and the machine the job is about.
pub(super) struct Site {
    pub(super) customer_id: Id<Customer>,
    pub(super) location_id: Id<Location>,
    pub(super) equipment_id: Id<Equipment>,
}

impl<'a> Writer<'a> {
    /// A writer for a branch of `office`, by position.
    pub(super) fn new(
        office: &'a Office,
        branch: usize,
        options: &'a SeedOptions,
        random: &'a mut Random,
        batch: &'a mut Batch,
        jobs_written: &'a mut u32,
    ) -> Self {
        Self {
            org_id: office.seeded.org_id,
            organization: organization::row(&office.seeded),
            place: &office.contractor.branches[branch],
            branch_id: office.branches[branch],
            checklists: &office.checklists,
            pricebook: &office.pricebook,
            territories: office.workforce.territories[branch],
            skills: &office.workforce.skills,
            dispatcher: office.seeded.user("dispatcher").map_or(office.seeded.org_id, |user| user.user_id),
            options,
            random,
            batch,
            jobs_written,
        }
    }

    /// Writes all jobs of one technician and answers their ids, those of today first.
    pub(super) fn jobs(&mut self, technician_id: Id<Technician>, user_id: Uuid) -> Result<Vec<Uuid>, SeedError> {
        let count = usize::try_from(self.options.jobs_per_technician).unwrap_or_default();
        schedule::slots(count).into_iter().map(|slot| self.job(slot, technician_id, user_id)).collect()
    }

    /// Writes a job that nobody has been sent to yet.
    pub(super) fn unscheduled_job(&mut self) -> Uuid {
        let work = self.random.pick(WORKS);
        let site = self.site(work);
        let job = self.job_row(work, &site, JobState::Unscheduled, None);
        self.batch.push(self.org_id, &job);
        job.id.uuid()
    }

    fn job(&mut self, slot: Slot, technician_id: Id<Technician>, user_id: Uuid) -> Result<Uuid, SeedError> {
        let work = self.random.pick(WORKS);
        let site = self.site(work);
        let over = slot.day < 0;
        let (visit_state, job_state) = match (over, self.random.between(1, 100)) {
            (false, _) if slot.day == 0 => (VisitState::Dispatched, JobState::Scheduled),
            (false, _) => (VisitState::Scheduled, JobState::Scheduled),
            (true, ..=3) => (VisitState::Canceled, JobState::Canceled),
            (true, ..=6) => (VisitState::CannotComplete, JobState::Unscheduled),
            (true, ..=16) => (VisitState::PartiallyCompleted, JobState::Scheduled),
            (true, _) if slot.day < -SETTLED_AFTER_DAYS => (VisitState::Completed, JobState::Closed),
            (true, _) => (VisitState::Completed, JobState::Completed),
        };
        let cancel_reason = (job_state == JobState::Canceled).then(|| (*self.random.pick(CANCEL_REASONS)).to_owned());
        let job = self.job_row(work, &site, job_state, cancel_reason);
        self.batch.push(self.org_id, &job);
        documents::skill(self, job.id, work.template);
        let to_be_continued = visit_state == VisitState::PartiallyCompleted;
        let completed = visit_state == VisitState::Completed;
        let used = self.visit(job.id, slot, visit_state, work.template, technician_id, user_id)?;
        if completed {
            let (issued_at, _) = slot.window(self.options.today, self.place.zone)?;
            invoices::write(self, &job, &used, user_id, issued_at);
        }
        if to_be_continued {
            self.visit(job.id, slot.follow_up(), VisitState::Scheduled, work.template, technician_id, user_id)?;
        }
        let window_start = slot.window(self.options.today, self.place.zone)?.0;
        notes::write(self, job.id, user_id, window_start)?;
        estimates::write(self, &job, user_id, window_start, over)?;
        if self.jobs_written.is_multiple_of(contracts::EVERY) {
            contracts::write(self, &site, work)?;
        }
        Ok(job.id.uuid())
    }

    fn job_row(&mut self, work: &Work, site: &Site, state: JobState, cancel_reason: Option<String>) -> Job {
        *self.jobs_written += 1;
        Job {
            id: self.random.id(),
            rev: UNSAVED,
            branch_id: self.branch_id,
            customer_id: site.customer_id,
            location_id: site.location_id,
            equipment_id: Some(site.equipment_id),
            number: Some(format!("J-{:05}", self.jobs_written)),
            title: work.title.to_owned(),
            description: work.description.to_owned(),
            state,
            priority: work.priority.clone(),
            cancel_reason,
        }
    }

    /// Writes a visit and answers the material that was used on it.
    fn visit(
        &mut self,
        job_id: Id<Job>,
        slot: Slot,
        state: VisitState,
        template: usize,
        technician_id: Id<Technician>,
        user_id: Uuid,
    ) -> Result<Vec<MaterialUsed>, SeedError> {
        let (window_start, window_end) = slot.window(self.options.today, self.place.zone)?;
        let begun =
            matches!(state, VisitState::Completed | VisitState::PartiallyCompleted | VisitState::CannotComplete);
        let on_site = begun.then(|| history::on_site(window_start, self.random));
        let called_off = (state == VisitState::Canceled).then_some(window_start);
        let outcome = match state {
            VisitState::Completed | VisitState::PartiallyCompleted => Some(*self.random.pick(WORK_DONE)),
            VisitState::CannotComplete => Some(*self.random.pick(OBSTACLES)),
            VisitState::Canceled => Some(CANCEL_REASONS[0]),
            _ => None,
        };
        let visit = Visit {
            id: self.random.id(),
            rev: UNSAVED,
            job_id,
            branch_id: self.branch_id,
            state,
            window_start,
            window_end,
            zone: self.place.zone.to_owned(),
            arrived_at: on_site.map(|(arrived, _)| arrived),
            ended_at: on_site.map(|(_, left)| left).or(called_off),
            outcome: outcome.map(str::to_owned),
        };
        self.batch.push(self.org_id, &visit);
        let assignment = Assignment {
            id: self.random.id(),
            rev: UNSAVED,
            job_id,
            branch_id: self.branch_id,
            visit_id: visit.id,
            technician_id,
            window_start,
            window_end,
            open: matches!(visit.state, VisitState::Scheduled | VisitState::Dispatched),
            overlap_confirmed: false,
        };
        self.batch.push(self.org_id, &assignment);
        documents::write(self, &visit, technician_id, user_id);
        let planned = Planned { visit, template, technician_id, user_id, on_site };
        Ok(Past { writer: self, planned: &planned }.write())
    }

    fn site(&mut self, work: &Work) -> Site {
        let customer = self.customer();
        self.batch.push(self.org_id, &customer);
        let location = self.location(customer.id);
        self.batch.push(self.org_id, &location);
        documents::contacts(self, customer.id, location.id);
        let machines = self.random.between(1, MACHINES_MAX);
        let mut equipment_id = None;
        for _ in 0..machines {
            let name = if equipment_id.is_none() { work.equipment } else { self.random.pick(WORKS).equipment };
            let machine = Equipment {
                id: self.random.id(),
                rev: UNSAVED,
                location_id: location.id,
                name: name.to_owned(),
                model: Some(format!("{} {}", self.random.pick(MAKERS), self.random.between(100, 990))),
                serial: Some(format!("{:08}", self.random.between(1_000_000, 99_999_999))),
            };
            self.batch.push(self.org_id, &machine);
            equipment_id.get_or_insert(machine.id);
        }
        let equipment_id = equipment_id.expect("at least one machine was written");
        Site { customer_id: customer.id, location_id: location.id, equipment_id }
    }

    fn customer(&mut self) -> Customer {
        let company = self.random.chance(20);
        let name = if company { (*self.random.pick(COMPANIES)).to_owned() } else { person(self.random) };
        let mailbox: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        Customer {
            id: self.random.id(),
            rev: UNSAVED,
            name,
            phone: Some(format!("({}) 555-01{:02}", self.random.between(201, 989), self.random.between(0, 99))),
            email: self.random.chance(70).then(|| format!("{mailbox}@mail.example")),
        }
    }

    fn location(&mut self, customer_id: Id<Customer>) -> Location {
        let Place { town, state, postcodes, zone, latitude_e6, longitude_e6 } = *self.place;
        let territory = usize::from(self.random.chance(30));
        let postcode = postcodes[territory];
        let street = *self.random.pick(STREETS);
        let number = self.random.between(10, 2_999);
        // Streets named after families make enough of them for a large town.
        let street =
            if self.random.chance(30) { format!("{} St", self.random.pick(FAMILY_NAMES)) } else { street.into() };
        Location {
            id: self.random.id(),
            rev: UNSAVED,
            customer_id,
            address: format!("{number} {street}, {town}, {state} {postcode}"),
            latitude: Some(Decimal::new(latitude_e6 + self.random.between(-30_000, 30_000), 6)),
            longitude: Some(Decimal::new(longitude_e6 + self.random.between(-30_000, 30_000), 6)),
            zone: zone.to_owned(),
            access_notes: self.random.chance(30).then(|| (*self.random.pick(ACCESS_NOTES)).to_owned()),
            postal_code: Some(postcode.to_owned()),
            territory_id: Some(self.territories[territory]),
        }
    }
}
