//! `customer/v1/create`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CustomerSaved;
use crate::{
    rules::{limits, reach, text},
    tables::Customer,
};

/// Writes down a new customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateCustomer {
    /// Id of the new customer, made by the caller.
    pub customer_id: Id<Customer>,
    /// Name of the person or company; at most 200 characters.
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: String,
    /// Telephone number; at most 40 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::PHONE_CHARS))]
    pub phone: Option<String>,
    /// E-mail address; at most 254 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::EMAIL_CHARS))]
    pub email: Option<String>,
}

impl Mutation for CreateCustomer {
    const NAME: &'static str = "customer/v1/create";
    const SUMMARY: &'static str = "Creates a customer.";
    type Output = CustomerSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.customer_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<CustomerSaved, Stop> {
        work.insert(&Customer {
            id: self.customer_id,
            rev: UNSAVED,
            name: text::required("customer.name", "a name", &self.name, limits::NAME_CHARS)?,
            phone: reach::phone("customer", self.phone.as_deref())?,
            email: reach::email("customer", self.email.as_deref())?,
        })?;
        Ok(CustomerSaved { customer_id: self.customer_id })
    }
}
