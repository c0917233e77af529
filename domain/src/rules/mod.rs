//! The rules, each in one place; mutations are put together from them.
//!
//! Invariants:
//! - A rule reads and writes only through the workspace, so that it decides alike on phone and server.
//! - A refusal names a stable reason `aggregate.rule` and a sentence the person who tapped can act on.

pub mod absences;
pub mod assigning;
pub mod balance;
pub mod card_number;
pub mod catalogue;
pub mod change;
pub mod checklists;
pub mod clock;
pub mod compliance;
pub mod contracts;
pub mod document;
pub mod documents;
pub mod estimate_state;
pub mod hours;
pub mod invoice;
pub mod invoice_state;
pub mod invoice_work;
pub mod job_state;
pub mod limits;
pub mod money;
pub mod offer;
pub mod offering;
pub mod overlap;
pub mod part_id;
pub mod payment_state;
pub mod planning;
pub mod pricing;
pub mod quantity;
pub mod reach;
pub mod scene;
pub mod signing;
pub mod state_machine;
pub mod step;
pub mod stock;
pub mod text;
pub mod time;
pub mod totals;
pub mod visit_state;
pub mod warnings;
pub mod window;
