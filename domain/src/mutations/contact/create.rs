//! `contact/v1/create`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ContactSaved, prefer, require_location_of};
use crate::{
    roles::Actor,
    rules::{
        limits::{self, CONTACTS_PER_CUSTOMER},
        reach, text,
    },
    tables::{Contact, Customer, Location},
};

/// Writes down a person to talk to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateContact {
    /// Id of the new contact, made by the caller.
    pub contact_id: Id<Contact>,
    /// The customer; it can have at most 200 contacts.
    pub customer_id: Id<Customer>,
    /// The place, where the person belongs to one; of that customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_id: Option<Id<Location>>,
    /// The person's name; at most 200 characters.
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: String,
    /// What the person is there, `Tenant`; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub role: Option<String>,
    /// Telephone number; at most 40 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::PHONE_CHARS))]
    pub phone: Option<String>,
    /// E-mail address; at most 254 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::EMAIL_CHARS))]
    pub email: Option<String>,
    /// Whether to call this one first; whoever was first at the same place no longer is.
    #[serde(default)]
    pub preferred: bool,
}

impl Mutation for CreateContact {
    const NAME: &'static str = "contact/v1/create";
    const SUMMARY: &'static str = "Writes down a person to talk to at a customer's.";
    type Output = ContactSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.customer_id), RowKey::of(self.contact_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<ContactSaved, Stop> {
        Actor::of(ctx)?;
        let contact = Contact {
            id: self.contact_id,
            rev: UNSAVED,
            customer_id: self.customer_id,
            location_id: self.location_id,
            name: text::required("contact.name", "a name", &self.name, limits::NAME_CHARS)?,
            role: text::optional("contact.role", "the role", self.role.as_deref(), limits::NAME_CHARS)?,
            phone: reach::phone("contact", self.phone.as_deref())?,
            email: reach::email("contact", self.email.as_deref())?,
            preferred: self.preferred,
        };
        work.require(self.customer_id)?;
        require_location_of(work, self.customer_id, self.location_id)?;
        let others: Vec<Contact> = work.find(Contact::BY_CUSTOMER, vec![self.customer_id.into()])?;
        if others.len() >= CONTACTS_PER_CUSTOMER {
            let message = format!("A customer can have at most {CONTACTS_PER_CUSTOMER} contacts.");
            return Err(Rejection::conflict("contact.too_many", message).into());
        }
        if contact.preferred {
            prefer(work, others, &contact)?;
        }
        work.insert(&contact)?;
        Ok(ContactSaved { contact_id: contact.id })
    }
}
