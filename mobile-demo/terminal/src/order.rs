//! Taps as mutations of the trade.

use rust_decimal::Decimal;
use satchel_domain::{
    mutations::{
        AcceptVisit, AddMaterial, AnswerItem, ArriveAtVisit, CancelVisit, CannotCompleteVisit, ClearAnswer,
        CompleteVisit, CompleteVisitPartially, CorrectMaterial, CreateNote, DeclineVisit, DispatchVisit,
        MarkNotApplicable, PauseVisit, ResumeVisit, StartTime, StopTime, TravelToVisit,
    },
    rules::visit_state::Intent,
    tables::{ChecklistAnswer, Job, MaterialUsed, PricebookItem, Technician, TimeEntry, TimeKind, Visit},
};
use satchel_protocol::{Id, Mutation};
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use crate::{view::Place, words};

/// A mutation ready to be given to the client core, and what to say once it is queued.
#[derive(Clone, Debug)]
pub struct Order {
    /// The RPC path.
    pub name: &'static str,
    /// The arguments.
    pub args: Box<RawValue>,
    /// What to say.
    pub said: String,
}

/// A visit and its job, by which every order about it is addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The job.
    pub job_id: Id<Job>,
    /// The visit.
    pub visit_id: Id<Visit>,
}

impl From<&Place> for At {
    fn from(place: &Place) -> Self {
        Self { job_id: place.job.id, visit_id: place.visit.id }
    }
}

impl Order {
    fn of<M: Mutation>(mutation: &M, said: impl Into<String>) -> Self {
        let args = to_raw_value(mutation).expect("arguments are plain data with text keys");
        Self { name: M::NAME, args, said: said.into() }
    }

    /// The RPC path of a move.
    pub fn step_name(intent: Intent) -> &'static str {
        let nowhere = At { job_id: Id::new(Uuid::nil()), visit_id: Id::new(Uuid::nil()) };
        Self::step(nowhere, intent, None).name
    }

    /// Moves a visit. `detail` is the reason or outcome; none where nothing is asked.
    pub fn step(at: At, intent: Intent, detail: Option<String>) -> Self {
        let At { job_id, visit_id } = at;
        let said = format!("Visit {}.", intent.participle());
        let must = || detail.clone().unwrap_or_default();
        match intent {
            Intent::Dispatch => Self::of(&DispatchVisit { job_id, visit_id }, said),
            Intent::Accept => Self::of(&AcceptVisit { job_id, visit_id, reason: detail }, said),
            // Only taking the last technician off withdraws a visit; declining is what a person can ask for.
            Intent::Decline | Intent::Withdraw => Self::of(&DeclineVisit { job_id, visit_id, reason: detail }, said),
            Intent::Travel => Self::of(&TravelToVisit { job_id, visit_id, reason: detail }, "On the way."),
            Intent::Arrive => Self::of(&ArriveAtVisit { job_id, visit_id, reason: detail }, "Arrived."),
            Intent::Pause => Self::of(&PauseVisit { job_id, visit_id, reason: detail }, said),
            Intent::Resume => Self::of(&ResumeVisit { job_id, visit_id, reason: detail }, said),
            Intent::Complete => Self::of(&CompleteVisit { job_id, visit_id, outcome: detail }, said),
            Intent::CompletePartially => Self::of(&CompleteVisitPartially { job_id, visit_id, outcome: detail }, said),
            Intent::CannotComplete => Self::of(&CannotCompleteVisit { job_id, visit_id, reason: must() }, said),
            Intent::Cancel => Self::of(&CancelVisit { job_id, visit_id, reason: must() }, said),
        }
    }

    /// Answers a checklist item.
    pub fn answer(at: At, answer_id: Id<ChecklistAnswer>, value: String) -> Self {
        Self::of(&AnswerItem { job_id: at.job_id, visit_id: at.visit_id, answer_id, value }, "Answered.")
    }

    /// Says that an item does not apply.
    pub fn not_applicable(at: At, answer_id: Id<ChecklistAnswer>) -> Self {
        let mutation = MarkNotApplicable { job_id: at.job_id, visit_id: at.visit_id, answer_id };
        Self::of(&mutation, "Marked as not applicable.")
    }

    /// Takes an answer back.
    pub fn clear(at: At, answer_id: Id<ChecklistAnswer>) -> Self {
        Self::of(&ClearAnswer { job_id: at.job_id, visit_id: at.visit_id, answer_id }, "Answer taken back.")
    }

    /// Starts a note.
    pub fn note(job_id: Id<Job>, title: String) -> Self {
        Self::of(&CreateNote { job_id, note_id: Id::new(Uuid::now_v7()), title }, "Note started: enter opens it.")
    }

    /// Adds material.
    pub fn add(at: At, item: &PricebookItem, quantity: Decimal) -> Self {
        let mutation = AddMaterial {
            job_id: at.job_id,
            visit_id: at.visit_id,
            material_id: Id::new(Uuid::now_v7()),
            item_id: item.id,
            quantity,
        };
        Self::of(&mutation, format!("Added {} {}.", words::quantity(quantity, &item.unit), item.name))
    }

    /// Corrects a quantity; zero removes the line.
    pub fn correct(at: At, material_id: Id<MaterialUsed>, quantity: Decimal) -> Self {
        let said = if quantity.is_zero() { "Line removed." } else { "Quantity corrected." };
        Self::of(&CorrectMaterial { job_id: at.job_id, visit_id: at.visit_id, material_id, quantity }, said)
    }

    /// Starts time on a visit.
    pub fn start_time(at: At, technician_id: Id<Technician>, kind: TimeKind) -> Self {
        let said = format!("Time is running: {kind}.");
        let mutation = StartTime {
            entry_id: Id::new(Uuid::now_v7()),
            technician_id,
            kind,
            job_id: Some(at.job_id),
            visit_id: Some(at.visit_id),
        };
        Self::of(&mutation, said)
    }

    /// Stops time.
    pub fn stop_time(entry: &TimeEntry) -> Self {
        let mutation = StopTime { entry_id: entry.id, technician_id: entry.technician_id, ended_at: None };
        Self::of(&mutation, "Time stopped.")
    }
}

#[cfg(test)]
mod tests {
    use satchel_domain::REGISTRY;

    use super::*;

    #[test]
    fn every_order_is_one_the_registry_decodes() {
        let at = At { job_id: Id::new(Uuid::now_v7()), visit_id: Id::new(Uuid::now_v7()) };
        let id = Uuid::now_v7();
        let steps = Intent::ALL.iter().map(|intent| Order::step(at, *intent, Some("because".to_owned())));
        let others = [
            Order::answer(at, Id::new(id), "yes".to_owned()),
            Order::not_applicable(at, Id::new(id)),
            Order::clear(at, Id::new(id)),
            Order::note(at.job_id, "Gate".to_owned()),
            Order::correct(at, Id::new(id), Decimal::ONE),
            Order::start_time(at, Id::new(id), TimeKind::Work),
        ];
        for order in steps.chain(others) {
            let kind = REGISTRY.mutation(order.name).unwrap();
            assert!((kind.decode)(order.args.get()).is_ok(), "{}", order.name);
        }
    }
}
