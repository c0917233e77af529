//! A price agreed with a customer.

use jiff::Timestamp;
use satchel_protocol::{Id, record};

use super::{Customer, PricebookItem};
use crate::rules::money::Cents;

record! {
    /// What a customer agreed to pay for an item, whatever the pricebook says.
    pub struct CustomerPrice in "customer_price" {
        /// The customer.
        pub customer_id: Id<Customer>,
        /// The item; once for a customer.
        pub item_id: Id<PricebookItem>,
        /// Price of one unit.
        pub price_cents: Cents,
        /// The first moment at which it holds no more; none if it holds until it is taken back.
        pub valid_until: Option<Timestamp>,
    }
    scope: "customer_id";
    index BY_CUSTOMER = "customer_price.by_customer" on ["customer_id"];
}
