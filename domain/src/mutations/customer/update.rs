//! `customer/v1/update`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CustomerSaved;
use crate::{
    rules::{change::Changes, limits, reach},
    tables::Customer,
};

/// Changes what is written of a customer. Fields left out stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateCustomer {
    /// The customer.
    pub customer_id: Id<Customer>,
    /// New name; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: Option<String>,
    /// New telephone number, at most 40 characters; empty to have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::PHONE_CHARS))]
    pub phone: Option<String>,
    /// New e-mail address, at most 254 characters; empty to have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::EMAIL_CHARS))]
    pub email: Option<String>,
}

impl Mutation for UpdateCustomer {
    const NAME: &'static str = "customer/v1/update";
    const SUMMARY: &'static str = "Changes a customer's name, telephone number or e-mail address.";
    type Output = CustomerSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.customer_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<CustomerSaved, Stop> {
        let before: Customer = work.require(self.customer_id)?;
        let mut row = before.clone();
        let mut changes = Changes::of("customer");
        changes.required(&mut row.name, self.name.as_deref(), ("name", "a name"), limits::NAME_CHARS)?;
        changes
            .value(&mut row.phone, self.phone.as_deref().map(|new| reach::phone("customer", Some(new))).transpose()?);
        changes
            .value(&mut row.email, self.email.as_deref().map(|new| reach::email("customer", Some(new))).transpose()?);
        changes.save(work, &before, &row)?;
        Ok(CustomerSaved { customer_id: row.id })
    }
}
