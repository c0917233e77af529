//! Customers: `customer/v1/...`.

mod create;
mod update;

pub use create::CreateCustomer;
pub use update::UpdateCustomer;

use satchel_protocol::Id;
use schemars::JsonSchema;
use serde::Serialize;

use crate::tables::Customer;

/// The customer was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CustomerSaved {
    /// The customer.
    pub customer_id: Id<Customer>,
}
