//! An answer on a checklist.

use jiff::Timestamp;
use satchel_protocol::{Id, record, text_enum};
use uuid::Uuid;

use super::{Branch, Checklist, ChecklistTemplateItem, Job};

text_enum! {
    /// Whether an item has been dealt with.
    pub enum AnswerState {
        /// Not yet.
        Open = "open",
        /// Answered.
        Answered = "answered",
        /// Does not apply here.
        NotApplicable = "not_applicable",
    }
}

record! {
    /// An item of a [`Checklist`] and its answer; the row is made with the checklist, one for every item.
    pub struct ChecklistAnswer in "checklist_answer" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// The checklist.
        pub checklist_id: Id<Checklist>,
        /// The item.
        pub item_id: Id<ChecklistTemplateItem>,
        /// Whether it has been dealt with.
        pub state: AnswerState,
        /// The answer.
        pub value: Option<String>,
        /// When it was answered, by the phone's corrected clock.
        pub answered_at: Option<Timestamp>,
        /// Who answered.
        pub answered_by: Option<Uuid>,
    }
    scope: "job_id";
    index BY_CHECKLIST = "checklist_answer.by_checklist" on ["checklist_id"];
}
