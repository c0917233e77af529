//! A day's work, and how far the work on something has come.

use std::time::SystemTime;

use satchel_client::{client, store};
use satchel_domain::day;
use uuid::Uuid;

use super::{Readiness, instant};

/// A day's work on this phone.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct DayOnPhone {
    /// Everything the day needs is here, as of `as_of`.
    pub complete: bool,
    /// When this phone last had everything the server had, by the server's clock: what was planned later is not here.
    pub as_of: Option<SystemTime>,
    /// Whether what is here was confirmed by the server.
    pub readiness: Readiness,
    /// The technician's open visits of the day, by their windows' start; none for who is no technician.
    pub visits: Vec<VisitOnPhone>,
}

/// A visit of the day, and what is not here for it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct VisitOnPhone {
    /// The visit.
    pub visit_id: Uuid,
    /// Its job.
    pub job_id: Uuid,
    /// What is missing; empty is good.
    pub missing: Vec<Need>,
}

/// Something a visit needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
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

/// Mutations by how far they have come. Each count includes those that have come further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Receipts {
    /// Everything captured is at the server, and back.
    pub all_applied: bool,
    /// Durable on this phone, but for those taken back or entered anew.
    pub captured: u64,
    /// Handed to the server, which may have them.
    pub sent: u64,
    /// Accepted by the server.
    pub accepted: u64,
    /// Back on this phone within the server's rows.
    pub applied: u64,
    /// Captured ones that the server refused and nobody has decided on.
    pub refused: u64,
}

impl From<client::DayOnPhone> for DayOnPhone {
    fn from(day: client::DayOnPhone) -> Self {
        Self {
            complete: day.is_complete(),
            as_of: day.as_of.map(instant),
            readiness: day.readiness.into(),
            visits: day.visits.into_iter().map(VisitOnPhone::from).collect(),
        }
    }
}

impl From<day::VisitOnPhone> for VisitOnPhone {
    fn from(visit: day::VisitOnPhone) -> Self {
        let missing = visit.missing.into_iter().map(Need::from).collect();
        Self { visit_id: visit.visit_id.uuid(), job_id: visit.job_id.uuid(), missing }
    }
}

impl From<day::Need> for Need {
    fn from(need: day::Need) -> Self {
        match need {
            day::Need::Visit => Self::Visit,
            day::Need::Job => Self::Job,
            day::Need::Customer => Self::Customer,
            day::Need::Location => Self::Location,
            day::Need::Equipment => Self::Equipment,
            day::Need::Checklist => Self::Checklist,
            day::Need::Pricebook => Self::Pricebook,
        }
    }
}

impl From<store::Receipts> for Receipts {
    fn from(receipts: store::Receipts) -> Self {
        Self {
            all_applied: receipts.all_applied(),
            captured: receipts.captured as u64,
            sent: receipts.sent as u64,
            accepted: receipts.accepted as u64,
            applied: receipts.applied as u64,
            refused: receipts.refused as u64,
        }
    }
}
