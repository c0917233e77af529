//! Whom to talk to.

use satchel_protocol::{Id, record};

use super::{Customer, Location};

record! {
    /// A person to talk to at a customer's, or at one of the customer's places.
    pub struct Contact in "contact" {
        /// The customer.
        pub customer_id: Id<Customer>,
        /// The place, where the person belongs to one.
        pub location_id: Option<Id<Location>>,
        /// The person's name.
        pub name: String,
        /// What the person is there: `Tenant`, `Site manager`.
        pub role: Option<String>,
        /// Telephone number as given.
        pub phone: Option<String>,
        /// E-mail address as given.
        pub email: Option<String>,
        /// Whether to call this one first; at most one for a customer, and one for each place.
        pub preferred: bool,
    }
    scope: "customer_id";
    index BY_CUSTOMER = "contact.by_customer" on ["customer_id"];
}
