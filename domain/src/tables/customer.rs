//! Who the work is for.

use satchel_protocol::record;

record! {
    /// A customer.
    pub struct Customer in "customer" {
        /// Name of the person or company.
        pub name: String,
        /// Telephone number as given.
        pub phone: Option<String>,
        /// E-mail address as given.
        pub email: Option<String>,
    }
    scope: "id";
}
