//! `contact/v1/remove`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tables::{Contact, Customer};

/// Strikes a person off. Of the office only: whoever is struck off on site is missing everywhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RemoveContact {
    /// The contact.
    pub contact_id: Id<Contact>,
    /// The customer it belongs to.
    pub customer_id: Id<Customer>,
}

/// The contact is gone.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ContactRemoved {}

impl Mutation for RemoveContact {
    const NAME: &'static str = "contact/v1/remove";
    const SUMMARY: &'static str = "Removes a contact.";
    type Output = ContactRemoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.customer_id), RowKey::of(self.contact_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<ContactRemoved, Stop> {
        let contact: Contact = work.require(self.contact_id)?;
        if contact.customer_id != self.customer_id {
            let message = "This contact belongs to another customer.";
            return Err(Rejection::bad_request("contact.other_customer", message).into());
        }
        work.delete(self.contact_id)?;
        Ok(ContactRemoved {})
    }
}
