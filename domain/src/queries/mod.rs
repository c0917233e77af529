//! What people ask of a server: `job/v1/get` is `job/get.rs` and the statement `job/get.sql` beside it.
//!
//! Invariants:
//! - A statement runs under the caller's row-level security: the office sees its branches, a technician what the jobs he
//!   is assigned to hold. A query chooses rows; it never decides who may see them.
//! - Every answer is bounded, by the length of its pages or by limits with names.
//! - Pages go by keyset: `after` is the `next` of the page before, and rows inserted meanwhile move nothing.
//! - Instants and 64-bit integers are spelled as on the wire.

mod audit;
mod board;
mod contract;
mod customer;
mod inbox;
mod invoice;
mod job;
mod stock;
mod technician;
mod visit;

use jiff::civil::Date;
use satchel_protocol::{Id, QueryKind, Rejection};
use uuid::Uuid;

pub use audit::{AuditEntry, AuditFlagged, AuditList, AuditPage};
pub use board::{Board, BoardDay, Lane, LaneVisit, UNSCHEDULED_MAX, UnassignedVisit, UnscheduledJob, VISITS_MAX};
pub use contract::{ContractsDue, DuePage, OwedVisit};
pub use customer::{CustomerFound, CustomerPage, CustomerPlace, SearchCustomers};
pub use inbox::{InboxGet, InboxItem, InboxList, InboxPage, InboxView};
pub use invoice::{InvoiceFound, InvoicePage, JobCost, JobCostView, ListInvoices};
pub use job::{
    AnswerView, AssignmentView, ChecklistView, CustomerView, EquipmentView, EstimateView, EventView, GetJob,
    InvoiceView, JobFound, JobPage, JobView, LineView, ListJobs, LocationView, MaterialView, NoteView, OptionView,
    PaymentView, SearchJobs, SignatureView, TimeView, VisitView,
};
pub use stock::{LevelView, StockLevels, StockPage};
pub use technician::{CurrentVisit, DeviceStatus, ListTechnicians, TechnicianPage, TechnicianState, TechnicianStatus};
pub use visit::{ListVisits, VisitLine, VisitPage};

mod phrase;
pub use phrase::{PHRASE_CHARS, Phrase};

/// Every query.
pub static ALL: &[QueryKind] = &[
    QueryKind::of::<BoardDay>(),
    QueryKind::of::<GetJob>(),
    QueryKind::of::<ListJobs>(),
    QueryKind::of::<SearchJobs>(),
    QueryKind::of::<ListVisits>(),
    QueryKind::of::<ListTechnicians>(),
    QueryKind::of::<SearchCustomers>(),
    QueryKind::of::<ListInvoices>(),
    QueryKind::of::<JobCost>(),
    QueryKind::of::<ContractsDue>(),
    QueryKind::of::<StockLevels>(),
    QueryKind::of::<AuditList>(),
    QueryKind::of::<AuditFlagged>(),
    QueryKind::of::<InboxList>(),
    QueryKind::of::<InboxGet>(),
];

/// First and last year a date may lie in.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// Refuses a day that is centuries off.
fn plausible_day(day: Date) -> Result<(), Rejection> {
    if YEARS.contains(&day.year()) {
        return Ok(());
    }
    Err(Rejection::bad_request("query.day", "The day must lie in the years 2000 to 2100."))
}

/// An id for an example, the same for the same name in every one.
fn example_id<T>(name: &str) -> Id<T> {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    Id::new(Uuid::from_u128(0x0199_f1c0_7a00_7000_8000_0000_0000_0000 | u128::from(hash & 0xffff_ffff_ffff)))
}
