//! `contact/v1/update`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ContactSaved, prefer, require_location_of};
use crate::{
    roles::Actor,
    rules::{change::Changes, limits, reach},
    tables::{Contact, Customer, Location},
};

/// Corrects a contact. Fields left out stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateContact {
    /// The contact.
    pub contact_id: Id<Contact>,
    /// The customer it belongs to.
    pub customer_id: Id<Customer>,
    /// The place it belongs to now; of that customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_id: Option<Id<Location>>,
    /// New name; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: Option<String>,
    /// What the person is there, at most 200 characters; empty to say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub role: Option<String>,
    /// New telephone number, at most 40 characters; empty to have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::PHONE_CHARS))]
    pub phone: Option<String>,
    /// New e-mail address, at most 254 characters; empty to have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::EMAIL_CHARS))]
    pub email: Option<String>,
    /// Whether to call this one first; whoever was first at the same place no longer is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred: Option<bool>,
}

impl Mutation for UpdateContact {
    const NAME: &'static str = "contact/v1/update";
    const SUMMARY: &'static str = "Corrects a contact.";
    type Output = ContactSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.customer_id), RowKey::of(self.contact_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<ContactSaved, Stop> {
        Actor::of(ctx)?;
        let before: Contact = work.require(self.contact_id)?;
        if before.customer_id != self.customer_id {
            let message = "This contact belongs to another customer.";
            return Err(Rejection::bad_request("contact.other_customer", message).into());
        }
        let mut row = before.clone();
        let mut changes = Changes::of("contact");
        require_location_of(work, self.customer_id, self.location_id)?;
        changes.value(&mut row.location_id, self.location_id.map(Some));
        changes.required(&mut row.name, self.name.as_deref(), ("name", "a name"), limits::NAME_CHARS)?;
        changes.optional(&mut row.role, self.role.as_deref(), ("role", "the role"), limits::NAME_CHARS)?;
        changes.value(&mut row.phone, self.phone.as_deref().map(|new| reach::phone("contact", Some(new))).transpose()?);
        changes.value(&mut row.email, self.email.as_deref().map(|new| reach::email("contact", Some(new))).transpose()?);
        changes.value(&mut row.preferred, self.preferred);
        if row.preferred {
            let others = work.find(Contact::BY_CUSTOMER, vec![self.customer_id.into()])?;
            prefer(work, others, &row)?;
        }
        changes.save(work, &before, &row)?;
        Ok(ContactSaved { contact_id: row.id })
    }
}
