//! Persons at customers': `contact/v1/...`. Technicians add and correct them at the customers of their jobs, offline too.

mod create;
mod remove;
mod update;

pub use create::CreateContact;
pub use remove::{ContactRemoved, RemoveContact};
pub use update::UpdateContact;

use satchel_protocol::{Id, Rejection, Stop, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

use crate::tables::{Contact, Customer, Location};

/// The contact was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ContactSaved {
    /// The contact.
    pub contact_id: Id<Contact>,
}

/// Refuses a place of another customer.
fn require_location_of(
    work: &mut Workspace,
    customer: Id<Customer>,
    location: Option<Id<Location>>,
) -> Result<(), Stop> {
    let Some(location) = location else { return Ok(()) };
    if work.require(location)?.customer_id == customer {
        return Ok(());
    }
    let message = "This location belongs to another customer.";
    Err(Rejection::bad_request("contact.location_of_other_customer", message).into())
}

/// Whoever else was to be called first at the same customer or place no longer is.
fn prefer(work: &mut Workspace, others: Vec<Contact>, preferred: &Contact) -> Result<(), Stop> {
    let displaced =
        |other: &Contact| other.id != preferred.id && other.preferred && other.location_id == preferred.location_id;
    for other in others.into_iter().filter(displaced) {
        work.update(&Contact { preferred: false, ..other })?;
    }
    Ok(())
}
