//! Customers.

mod search;

pub use search::{CustomerFound, CustomerPage, CustomerPlace, SearchCustomers};
