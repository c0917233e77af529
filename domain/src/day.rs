//! What a phone must hold for a day's work.
//!
//! Invariants: a visit has everything only if every scope its rows lie in is held in full, and every row it refers to is
//! there. That what is held is the server's is another question: the replica's.

use jiff::Timestamp;
use satchel_protocol::{Cell, Field as _, Id, Index, Record, workspace::Range};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    rules::window,
    tables::{
        Assignment, Checklist, ChecklistAnswer, ChecklistTemplate, Customer, Equipment, Job, Location, PricebookItem,
        Technician, Visit,
    },
};

/// Something a visit needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// The visit itself.
    Visit,
    /// The job, with its notes, materials and documents.
    Job,
    /// Who it is for, with whom to talk to.
    Customer,
    /// Where it is.
    Location,
    /// The machine it is about, and the others at the place.
    Equipment,
    /// A checklist, its questions and its place for answers.
    Checklist,
    /// What can be sold.
    Pricebook,
}

/// A visit of the day, and what is not here for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VisitOnPhone {
    /// The visit.
    pub visit_id: Id<Visit>,
    /// Its job.
    pub job_id: Id<Job>,
    /// What is missing; empty is good.
    pub missing: Vec<Need>,
}

/// A phone's rows.
pub trait Held {
    /// Why they cannot be read.
    type Error;

    /// The row of that id.
    fn get<R: Record>(&self, id: Id<R>) -> Result<Option<R>, Self::Error>;

    /// The rows with that key, within `range` where there is one.
    fn find<R: Record>(&self, index: &'static Index, key: Cell, range: Option<&Range>) -> Result<Vec<R>, Self::Error>;

    /// Whether there is any row of the table.
    fn any<R: Record>(&self) -> Result<bool, Self::Error>;

    /// Whether a scope is held in full.
    fn holds(&self, scope: Uuid) -> bool;

    /// The scope of the organization's rows.
    fn organization(&self) -> Uuid;
}

/// The technician's open visits whose window touches `from` up to `until`, by their windows' start, with what is missing
/// for each.
pub fn visits<H: Held>(
    held: &H,
    technician: Id<Technician>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<VisitOnPhone>, H::Error> {
    // No window is longer than LONGEST, so whatever touches the day starts inside this range.
    let earliest = from.checked_sub(window::LONGEST).unwrap_or(from);
    let range = Range { from: earliest.to_cell(), until: until.to_cell() };
    let near: Vec<Assignment> = held.find(Assignment::BY_TECHNICIAN, technician.into(), Some(&range))?;
    near.iter()
        .filter(|assignment| assignment.open && assignment.window_end > from)
        .map(|assignment| {
            let missing = missing(held, assignment)?;
            Ok(VisitOnPhone { visit_id: assignment.visit_id, job_id: assignment.job_id, missing })
        })
        .collect()
}

fn missing<H: Held>(held: &H, assignment: &Assignment) -> Result<Vec<Need>, H::Error> {
    let mut missing = Vec::new();
    let mut need = |need, here: bool| {
        if !here {
            missing.push(need);
        }
    };
    need(Need::Visit, held.get(assignment.visit_id)?.is_some());
    let job = held.get(assignment.job_id)?;
    need(Need::Job, job.is_some() && held.holds(assignment.job_id.uuid()));
    if let Some(job) = job {
        let customer = held.get::<Customer>(job.customer_id)?;
        need(Need::Customer, customer.is_some() && held.holds(job.customer_id.uuid()));
        let location = held.get::<Location>(job.location_id)?;
        let whole = held.holds(job.location_id.uuid());
        need(Need::Location, location.is_some() && whole);
        let machine = match job.equipment_id {
            Some(id) => held.get::<Equipment>(id)?.is_some(),
            None => true,
        };
        need(Need::Equipment, machine && whole);
    }
    let whole = held.holds(held.organization());
    let checklists: Vec<Checklist> = held.find(Checklist::BY_VISIT, assignment.visit_id.into(), None)?;
    let mut complete = true;
    for checklist in &checklists {
        let template = held.get::<ChecklistTemplate>(checklist.template_id)?;
        let answers: Vec<ChecklistAnswer> = held.find(ChecklistAnswer::BY_CHECKLIST, checklist.id.into(), None)?;
        complete &= template.is_some();
        for answer in &answers {
            complete &= held.get(answer.item_id)?.is_some();
        }
    }
    need(Need::Checklist, complete && (checklists.is_empty() || whole));
    need(Need::Pricebook, whole && held.any::<PricebookItem>()?);
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, convert::Infallible};

    use jiff::ToSpan as _;
    use satchel_protocol::{Row, Table, record::UNSAVED};

    use super::*;
    use crate::tables::{JobPriority, JobState, VisitState};

    /// A replica in memory.
    #[derive(Default)]
    struct Memory {
        rows: Vec<(&'static str, Row)>,
        scopes: BTreeSet<Uuid>,
    }

    impl Memory {
        fn put<R: Record>(&mut self, record: &R) {
            self.rows.push((R::TABLE.name, record.to_row()));
        }

        fn rows(&self, table: &Table) -> impl Iterator<Item = &Row> {
            self.rows.iter().filter(|(name, _)| *name == table.name).map(|(_, row)| row)
        }
    }

    impl Held for Memory {
        type Error = Infallible;

        fn get<R: Record>(&self, id: Id<R>) -> Result<Option<R>, Infallible> {
            let row = self.rows(R::TABLE).find(|row| row[0].as_uuid() == Some(id.uuid()));
            Ok(row.map(|row| R::from_row(row).expect("a row of its table")))
        }

        fn find<R: Record>(&self, index: &'static Index, key: Cell, _: Option<&Range>) -> Result<Vec<R>, Infallible> {
            let place = R::TABLE.position(index.columns[0]).expect("a column of the table");
            let rows = self.rows(R::TABLE).filter(|row| row[place] == key);
            Ok(rows.map(|row| R::from_row(row).expect("a row of its table")).collect())
        }

        fn any<R: Record>(&self) -> Result<bool, Infallible> {
            Ok(self.rows(R::TABLE).next().is_some())
        }

        fn holds(&self, scope: Uuid) -> bool {
            self.scopes.contains(&scope)
        }

        fn organization(&self) -> Uuid {
            Uuid::nil()
        }
    }

    #[test]
    fn whatever_has_not_come_yet_is_missing() {
        let (from, technician) = (Timestamp::UNIX_EPOCH, Id::new(Uuid::from_u128(1)));
        let until = from + 24.hours();
        let (job_id, visit_id, branch_id) =
            (Id::new(Uuid::from_u128(2)), Id::new(Uuid::from_u128(3)), Id::new(Uuid::nil()));
        let mut phone = Memory::default();
        phone.put(&Assignment {
            id: Id::new(Uuid::from_u128(4)),
            rev: UNSAVED,
            job_id,
            branch_id,
            visit_id,
            technician_id: technician,
            window_start: from,
            window_end: until,
            open: true,
            overlap_confirmed: false,
        });
        let missing = |phone: &Memory| {
            let Ok(day) = visits(phone, technician, from, until);
            assert_eq!((day.len(), day[0].visit_id), (1, visit_id));
            day[0].missing.clone()
        };
        assert_eq!(missing(&phone), [Need::Visit, Need::Job, Need::Pricebook]);
        phone.put(&Visit {
            id: visit_id,
            rev: UNSAVED,
            job_id,
            branch_id,
            state: VisitState::Scheduled,
            window_start: from,
            window_end: until,
            zone: "UTC".to_owned(),
            arrived_at: None,
            ended_at: None,
            outcome: None,
        });
        phone.put(&Job {
            id: job_id,
            rev: UNSAVED,
            branch_id,
            customer_id: Id::new(Uuid::from_u128(5)),
            location_id: Id::new(Uuid::from_u128(6)),
            equipment_id: Some(Id::new(Uuid::from_u128(7))),
            number: None,
            title: String::new(),
            description: String::new(),
            state: JobState::Scheduled,
            priority: JobPriority::Normal,
            cancel_reason: None,
        });
        phone.put(&Checklist {
            id: Id::new(Uuid::from_u128(8)),
            rev: UNSAVED,
            job_id,
            branch_id,
            visit_id,
            template_id: Id::new(Uuid::from_u128(9)),
        });
        // The job's row is here, the rest of its scope not yet.
        let all = [Need::Job, Need::Customer, Need::Location, Need::Equipment, Need::Checklist, Need::Pricebook];
        assert_eq!(missing(&phone), all);
        phone.scopes.insert(job_id.uuid());
        assert_eq!(missing(&phone), all[1..]);
        // A day later there is nothing to do.
        let Ok(later) = visits(&phone, technician, until, until + 24.hours());
        assert_eq!(later, []);
    }
}
