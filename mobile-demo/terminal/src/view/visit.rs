//! A visit with everything around it.

use satchel_client::{Reader, StoreError};
use satchel_domain::{
    rules::visit_state::{Intent, TRANSITIONS},
    tables::{
        Assignment, Customer, Equipment, JobState, Location, MaterialUsed, Note, Technician, TimeEntry, Visit,
        VisitState, VisitStatusEvent,
    },
};
use satchel_protocol::Id;

use super::{Answered, Place, Who, checklist};

/// See the module.
#[derive(Clone, Debug)]
pub struct VisitView {
    /// The visit and its job.
    pub place: Place,
    /// Who it is for.
    pub customer: Option<Customer>,
    /// Where it is.
    pub location: Option<Location>,
    /// What it is about.
    pub equipment: Option<Equipment>,
    /// Names of those who go.
    pub crew: Vec<String>,
    /// How far its checklists are.
    pub answered: Answered,
    /// How many notes the job has.
    pub notes: usize,
    /// How many lines of material the visit has.
    pub materials: usize,
    /// The technician's time running on this visit.
    pub running: Option<TimeEntry>,
    /// What may be done now.
    pub buttons: Vec<Intent>,
    /// How it went so far, oldest first.
    pub events: Vec<VisitStatusEvent>,
}

impl VisitView {
    /// Reads it; none once it has left this phone.
    pub fn load(reader: &Reader, who: &Who, visit: Id<Visit>) -> Result<Option<Self>, StoreError> {
        let Some(place) = Place::load(reader, visit)? else { return Ok(None) };
        let mut crew = Vec::new();
        for assignment in reader.find::<Assignment>(Assignment::BY_VISIT, &[visit.into()])? {
            let technician: Option<Technician> = reader.get(assignment.technician_id)?;
            crew.extend(technician.map(|technician| technician.name));
        }
        let times: Vec<TimeEntry> = reader.find(TimeEntry::BY_VISIT, &[visit.into()])?;
        let running =
            times.into_iter().find(|entry| entry.ended_at.is_none() && Some(entry.technician_id) == who.technician);
        let equipment = match place.job.equipment_id {
            Some(id) => reader.get(id)?,
            None => None,
        };
        Ok(Some(Self {
            customer: reader.get(place.job.customer_id)?,
            location: reader.get(place.job.location_id)?,
            equipment,
            crew,
            answered: checklist::questions(reader, visit)?.1,
            notes: reader.find::<Note>(Note::BY_JOB, &[place.job.id.into()])?.len(),
            materials: reader.find::<MaterialUsed>(MaterialUsed::BY_VISIT, &[visit.into()])?.len(),
            running,
            buttons: buttons(&place.job.state, &place.visit.state, &who.may_not),
            // In id order, which is the order of entering; clocks differ.
            events: reader.find(VisitStatusEvent::BY_VISIT, &[visit.into()])?,
            place,
        }))
    }
}

/// What state machine and policy let this person do with a visit, in the machine's order.
pub fn buttons(job: &JobState, visit: &VisitState, may_not: &[Intent]) -> Vec<Intent> {
    if matches!(job, JobState::Canceled | JobState::Closed) {
        return Vec::new();
    }
    let allowed = TRANSITIONS.iter().filter(|allowed| allowed.from == *visit).map(|allowed| allowed.intent);
    // Withdraw follows from taking the last technician off; nobody asks for it.
    allowed.filter(|intent| *intent != Intent::Withdraw && !may_not.contains(intent)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_are_what_the_state_machine_allows_this_person() {
        let may_not = [Intent::Dispatch, Intent::Cancel];
        let technician = |state: VisitState| buttons(&JobState::Scheduled, &state, &may_not);
        assert_eq!(technician(VisitState::Dispatched), [Intent::Accept, Intent::Decline]);
        assert_eq!(technician(VisitState::Scheduled), []);
        assert_eq!(technician(VisitState::Completed), []);
        assert_eq!(
            buttons(&JobState::Scheduled, &VisitState::Scheduled, &[]),
            [Intent::Dispatch, Intent::Cancel],
            "the office plans"
        );
        assert_eq!(buttons(&JobState::Canceled, &VisitState::OnSite, &[]), []);
    }
}
