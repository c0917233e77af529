//! Whether a day's work is fully on this phone.

use std::collections::BTreeSet;

use jiff::Timestamp;
use satchel_domain::day::{self, Held, VisitOnPhone};
use satchel_protocol::{Cell, Id, Index, Record, workspace::Range};
use serde::Serialize;
use uuid::Uuid;

use crate::{error::StoreError, reader::Reader, store::Readiness};

/// A day's work on this phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayOnPhone {
    /// When this phone last had everything the server had, by the server's clock: what was planned later is not here.
    pub as_of: Option<Timestamp>,
    /// Whether what is here was confirmed by the server's count of it.
    pub readiness: Readiness,
    /// The technician's open visits of the day, by their windows' start; none for who is no technician.
    pub visits: Vec<VisitOnPhone>,
}

impl DayOnPhone {
    /// Everything the day needs is here, as of [`as_of`](Self::as_of).
    pub fn is_complete(&self) -> bool {
        self.as_of.is_some()
            && self.readiness == Readiness::Ready
            && self.visits.iter().all(|visit| visit.missing.is_empty())
    }
}

/// A replica as the domain looks at it.
pub(super) struct Replica<'a> {
    pub(super) reader: &'a Reader,
    pub(super) scopes: BTreeSet<Uuid>,
    pub(super) org_id: Uuid,
}

impl Replica<'_> {
    /// The visits of a technician between two moments.
    pub(super) fn visits(
        &self,
        technician: Uuid,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<VisitOnPhone>, StoreError> {
        day::visits(self, Id::new(technician), from, until)
    }
}

impl Held for Replica<'_> {
    type Error = StoreError;

    fn get<R: Record>(&self, id: Id<R>) -> Result<Option<R>, StoreError> {
        self.reader.get(id)
    }

    fn find<R: Record>(&self, index: &'static Index, key: Cell, range: Option<&Range>) -> Result<Vec<R>, StoreError> {
        match range {
            Some(range) => self.reader.find_in(index, &[key], range),
            None => self.reader.find(index, &[key]),
        }
    }

    fn any<R: Record>(&self) -> Result<bool, StoreError> {
        Ok(!self.reader.select::<R>("true limit 1", &[])?.is_empty())
    }

    fn holds(&self, scope: Uuid) -> bool {
        self.scopes.contains(&scope)
    }

    fn organization(&self) -> Uuid {
        self.org_id
    }
}
