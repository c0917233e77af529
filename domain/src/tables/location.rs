//! Where the work is.

use rust_decimal::Decimal;
use satchel_protocol::{Id, record};

use super::{Customer, Territory};

record! {
    /// A place of a customer.
    pub struct Location in "location" {
        /// The customer.
        pub customer_id: Id<Customer>,
        /// Street address as given.
        pub address: String,
        /// Degrees north, six decimals.
        pub latitude: Option<Decimal>,
        /// Degrees east, six decimals.
        pub longitude: Option<Decimal>,
        /// IANA time zone of the place.
        pub zone: String,
        /// How to get in.
        pub access_notes: Option<String>,
        /// Postal code in capitals, by which a territory is found.
        pub postal_code: Option<String>,
        /// The territory it lies in.
        pub territory_id: Option<Id<Territory>>,
    }
    scope: "id";
}
