//! Updates of master records: fields left out stay as they are, so that edits of different fields merge.

use satchel_protocol::{Record, Rejection, Stop, Workspace};

use super::text;

/// Collects what an update names and checks it field by field.
#[derive(Debug)]
pub struct Changes {
    aggregate: &'static str,
    asked: bool,
}

impl Changes {
    /// For an update of `aggregate`: `customer` gives reasons such as `customer.name_empty`.
    pub fn of(aggregate: &'static str) -> Self {
        Self { aggregate, asked: false }
    }

    /// A text that must not become empty.
    pub fn required(
        &mut self,
        field: &mut String,
        given: Option<&str>,
        (name, label): (&str, &str),
        max_chars: usize,
    ) -> Result<(), Rejection> {
        if let Some(given) = given {
            self.asked = true;
            *field = text::required(&format!("{}.{name}", self.aggregate), label, given, max_chars)?;
        }
        Ok(())
    }

    /// A text that may be emptied.
    pub fn optional(
        &mut self,
        field: &mut Option<String>,
        given: Option<&str>,
        (name, label): (&str, &str),
        max_chars: usize,
    ) -> Result<(), Rejection> {
        if given.is_some() {
            self.asked = true;
            *field = text::optional(&format!("{}.{name}", self.aggregate), label, given, max_chars)?;
        }
        Ok(())
    }

    /// Any other value, checked by the caller.
    pub fn value<T>(&mut self, field: &mut T, given: Option<T>) {
        if let Some(given) = given {
            self.asked = true;
            *field = given;
        }
    }

    /// Writes the row if it is another than `before`. Refuses an update that named nothing with
    /// `aggregate.nothing_to_change`.
    pub fn save<R: Record + PartialEq>(self, work: &mut Workspace, before: &R, row: &R) -> Result<(), Stop> {
        if !self.asked {
            let reason = format!("{}.nothing_to_change", self.aggregate);
            return Err(Rejection::bad_request(&reason, "Please say what to change.").into());
        }
        if row != before {
            work.update(row)?;
        }
        Ok(())
    }
}
