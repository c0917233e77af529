//! Jobs.

mod get;
mod list;
mod parts;

pub use get::{GetJob, JobView};
pub use list::{JobFound, JobPage, ListJobs, SearchJobs};
pub use parts::{
    AnswerView, AssignmentView, ChecklistView, CustomerView, EquipmentView, EstimateView, EventView, InvoiceView,
    LineView, LocationView, MaterialView, NoteView, OptionView, PaymentView, SignatureView, TimeView, VisitView,
};
