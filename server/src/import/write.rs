//! Candidates become customers, locations, jobs and visits, a chunk at a time in set statements.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use satchel_domain::tables::{
    Assignment, Branch, Customer, Job, JobPriority, JobState, Location, Technician, Visit, VisitState,
};
use satchel_protocol::{Id, record::UNSAVED};
use sqlx::PgConnection;
use uuid::{ContextV7, Uuid};

use super::{
    Assign, ImportError, ImportOptions, Imported, Reason, Refused,
    assign::{Turn, Turns},
    row::Candidate,
};
use crate::bulk::Batch;

/// Hours that work of the past is taken to have lasted, at least.
const DONE_WINDOW_H: i64 = 1;

/// Keeps two imports into one organization from interleaving; any number that nobody else uses with an organization.
const IMPORT_LOCK: i32 = 0x5a7c;

pub(super) struct Writer {
    org_id: Uuid,
    branch_id: Id<Branch>,
    zone: String,
    reopen: bool,
    turns: Turns,
    customers: HashMap<String, Id<Customer>>,
    locations: HashMap<(Id<Customer>, String), Id<Location>>,
    ids: ContextV7,
    batch: Batch,
}

impl Writer {
    /// Finds organization, branch and technicians.
    pub(super) async fn open(options: &ImportOptions, connection: &mut PgConnection) -> Result<Self, ImportError> {
        let org_id = options.org_id;
        sqlx::query("select pg_advisory_xact_lock($1, hashtext($2::text))")
            .bind(IMPORT_LOCK)
            .bind(org_id)
            .execute(&mut *connection)
            .await?;
        sqlx::query_scalar::<_, Uuid>("select id from satchel.organization where org_id = $1")
            .bind(org_id)
            .fetch_optional(&mut *connection)
            .await?
            .ok_or(ImportError::NoSuchOrganization(org_id))?;
        let (branch_id, zone): (Uuid, String) = sqlx::query_as(
            "select id, zone from satchel.branch where org_id = $1 and ($2 is null or id = $2) order by name, id limit 1",
        )
        .bind(org_id)
        .bind(options.branch_id)
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(ImportError::NoSuchBranch)?;
        let time_zone = TimeZone::get(&zone).map_err(|_| ImportError::UnknownZone)?;
        let turns = turns(options, branch_id, &time_zone, connection).await?;
        Ok(Self {
            org_id,
            branch_id: Id::new(branch_id),
            zone,
            reopen: options.reopen,
            turns: Turns::new(turns, time_zone),
            customers: HashMap::new(),
            locations: HashMap::new(),
            ids: ContextV7::new(),
            batch: Batch::new(satchel_domain::tables::ALL),
        })
    }

    pub(super) fn zone(&self) -> &str {
        &self.zone
    }

    pub(super) fn technicians_used(&self) -> u64 {
        self.turns.used().try_into().unwrap_or(u64::MAX)
    }

    /// Writes those candidates that are not there yet, and refuses the others.
    pub(super) async fn write(
        &mut self,
        candidates: Vec<Candidate>,
        imported: &mut Imported,
        connection: &mut PgConnection,
    ) -> Result<(), ImportError> {
        let numbers: Vec<&str> = candidates.iter().map(|candidate| candidate.number.as_str()).collect();
        let there: HashSet<String> =
            sqlx::query_scalar("select number from satchel.job where org_id = $1 and number = any($2)")
                .bind(self.org_id)
                .bind(&numbers)
                .fetch_all(&mut *connection)
                .await?
                .into_iter()
                .collect();
        self.find_customers_and_locations(&candidates, connection).await?;
        for candidate in candidates {
            if there.contains(&candidate.number) {
                imported.refused.push(Refused { line: candidate.line, reason: Reason::AlreadyThere });
                continue;
            }
            imported.imported += 1;
            imported.without_coordinates += u64::from(candidate.coordinates.is_none());
            imported.assigned += u64::from(self.job(candidate)?);
        }
        self.batch.flush(connection).await?;
        Ok(())
    }

    async fn find_customers_and_locations(
        &mut self,
        candidates: &[Candidate],
        connection: &mut PgConnection,
    ) -> Result<(), ImportError> {
        let distinct = |of: fn(&Candidate) -> &str| -> Vec<&str> {
            candidates.iter().map(of).collect::<HashSet<&str>>().into_iter().collect()
        };
        let customers: Vec<(String, Uuid)> = sqlx::query_as(
            "select name, id from satchel.customer where org_id = $1 and name = any($2) order by id desc",
        )
        .bind(self.org_id)
        .bind(distinct(|candidate| &candidate.customer))
        .fetch_all(&mut *connection)
        .await?;
        self.customers.extend(customers.into_iter().map(|(name, id)| (name, Id::new(id))));
        let locations: Vec<(Uuid, String, Uuid)> = sqlx::query_as(
            "select customer_id, address, id from satchel.location where org_id = $1 and address = any($2) order by id desc",
        )
        .bind(self.org_id)
        .bind(distinct(|candidate| &candidate.address))
        .fetch_all(&mut *connection)
        .await?;
        self.locations
            .extend(locations.into_iter().map(|(customer, address, id)| ((Id::new(customer), address), Id::new(id))));
        Ok(())
    }

    /// Adds a job with what belongs to it; answers whether somebody was given it.
    fn job(&mut self, candidate: Candidate) -> Result<bool, ImportError> {
        let customer_id = self.customer(&candidate);
        let location_id = self.location(customer_id, &candidate);
        let done = candidate.done && !self.reopen;
        let visit = if done { self.done_visit(&candidate) } else { self.open_visit()? };
        let state = match (done, visit.is_some()) {
            (true, _) => JobState::Closed,
            (false, true) => JobState::Scheduled,
            (false, false) => JobState::Unscheduled,
        };
        let job = Job {
            id: self.id(),
            rev: UNSAVED,
            branch_id: self.branch_id,
            customer_id,
            location_id,
            equipment_id: None,
            number: Some(candidate.number),
            title: candidate.title,
            description: candidate.description,
            state,
            priority: JobPriority::Normal,
            cancel_reason: None,
        };
        self.batch.push(self.org_id, &job);
        let Some(visit) = visit else { return Ok(false) };
        self.visit(job.id, visit);
        Ok(true)
    }

    fn visit(&mut self, job_id: Id<Job>, planned: Planned) {
        let Planned { technician_id, window_start, window_end, ended_at } = planned;
        let visit = Visit {
            id: self.id(),
            rev: UNSAVED,
            job_id,
            branch_id: self.branch_id,
            state: if ended_at.is_some() { VisitState::Completed } else { VisitState::Scheduled },
            window_start,
            window_end,
            zone: self.zone.clone(),
            arrived_at: ended_at.map(|_| window_start),
            ended_at,
            outcome: None,
        };
        self.batch.push(self.org_id, &visit);
        let assignment = Assignment {
            id: self.id(),
            rev: UNSAVED,
            job_id,
            branch_id: self.branch_id,
            visit_id: visit.id,
            technician_id,
            window_start,
            window_end,
            open: ended_at.is_none(),
            overlap_confirmed: false,
        };
        self.batch.push(self.org_id, &assignment);
    }

    fn customer(&mut self, candidate: &Candidate) -> Id<Customer> {
        if let Some(&known) = self.customers.get(&candidate.customer) {
            return known;
        }
        let customer =
            Customer { id: self.id(), rev: UNSAVED, name: candidate.customer.clone(), phone: None, email: None };
        self.batch.push(self.org_id, &customer);
        self.customers.insert(customer.name, customer.id);
        customer.id
    }

    fn location(&mut self, customer_id: Id<Customer>, candidate: &Candidate) -> Id<Location> {
        let key = (customer_id, candidate.address.clone());
        if let Some(&known) = self.locations.get(&key) {
            return known;
        }
        let location = Location {
            id: self.id(),
            rev: UNSAVED,
            customer_id,
            address: candidate.address.clone(),
            latitude: candidate.coordinates.map(|(north, _)| north),
            longitude: candidate.coordinates.map(|(_, east)| east),
            zone: self.zone.clone(),
            access_notes: None,
            postal_code: None,
            territory_id: None,
        };
        self.batch.push(self.org_id, &location);
        self.locations.insert(key, location.id);
        location.id
    }

    fn open_visit(&mut self) -> Result<Option<Planned>, ImportError> {
        let turn = self.turns.open()?;
        Ok(turn.map(|(technician_id, window_start, window_end)| Planned {
            technician_id,
            window_start,
            window_end,
            ended_at: None,
        }))
    }

    fn done_visit(&mut self, candidate: &Candidate) -> Option<Planned> {
        let technician_id = self.turns.done()?;
        let ended_at = candidate.closed.unwrap_or(candidate.opened);
        let shortest = candidate.opened.saturating_add(SignedDuration::from_hours(DONE_WINDOW_H)).unwrap_or(ended_at);
        let window_end = ended_at.max(shortest);
        Some(Planned { technician_id, window_start: candidate.opened, window_end, ended_at: Some(ended_at) })
    }

    /// A fresh id, above those before it.
    fn id<T>(&self) -> Id<T> {
        Id::new(Uuid::new_v7(uuid::Timestamp::now(&self.ids)))
    }
}

/// A visit about to be written.
struct Planned {
    technician_id: Id<Technician>,
    window_start: Timestamp,
    window_end: Timestamp,
    ended_at: Option<Timestamp>,
}

/// The technicians that take turns, those of the branch first, each from the day after the last open visit.
async fn turns(
    options: &ImportOptions,
    branch_id: Uuid,
    zone: &TimeZone,
    connection: &mut PgConnection,
) -> Result<Vec<Turn>, ImportError> {
    let asked = match options.assign {
        Assign::Nobody => return Ok(Vec::new()),
        Assign::To(asked) => Some(u64::from(asked)),
        Assign::RoundRobin => None,
    };
    let mut people: Vec<(Uuid, Option<i64>)> = sqlx::query_as(
        "select technician.id, \
                (extract(epoch from (select max(window_end) from satchel.assignment \
                  where org_id = technician.org_id and technician_id = technician.id and open)))::bigint \
         from satchel.technician where org_id = $1 and active order by branch_id <> $2, id",
    )
    .bind(options.org_id)
    .bind(branch_id)
    .fetch_all(connection)
    .await?;
    let found = people.len().try_into().unwrap_or(u64::MAX);
    let asked = asked.unwrap_or(found);
    if found < asked || found == 0 {
        return Err(ImportError::TooFewTechnicians { found, asked: asked.max(1) });
    }
    people.truncate(asked.try_into().unwrap_or(usize::MAX));
    people
        .into_iter()
        .map(|(id, busy_until_s)| Ok(Turn::new(Id::new(id), free_from(options.first_day, busy_until_s, zone)?)))
        .collect()
}

fn free_from(first_day: Date, busy_until_s: Option<i64>, zone: &TimeZone) -> Result<Date, ImportError> {
    let Some(busy_until_s) = busy_until_s else { return Ok(first_day) };
    let last_busy = Timestamp::from_second(busy_until_s).map_err(|_| ImportError::DateOutOfRange)?;
    let next = zone.to_datetime(last_busy).date().tomorrow().map_err(|_| ImportError::DateOutOfRange)?;
    Ok(first_day.max(next))
}
