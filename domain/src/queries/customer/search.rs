//! `customer/v1/search`.

use satchel_protocol::{After, Id, Limit, Query};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    queries::Phrase,
    tables::{Customer, Location},
};

/// Finds customers, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchCustomers {
    /// Up to eight words; each must be the beginning of a word of the name, telephone number, e-mail address or one of
    /// the addresses.
    pub text: Phrase,
    /// How many.
    #[serde(default)]
    pub limit: Limit,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: Option<After<(Uuid,)>>,
}

/// A page of customers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CustomerPage {
    /// The customers.
    pub customers: Vec<CustomerFound>,
    /// The `after` of the next page; null on the last.
    pub next: Option<String>,
}

/// A customer in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CustomerFound {
    /// The customer.
    pub customer_id: Id<Customer>,
    /// The name.
    pub name: String,
    /// The telephone number.
    pub phone: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The first twenty places.
    pub locations: Vec<CustomerPlace>,
}

/// A place of a customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CustomerPlace {
    /// The location.
    pub location_id: Id<Location>,
    /// The address.
    pub address: String,
    /// Its time zone.
    pub zone: String,
}

impl Query for SearchCustomers {
    const NAME: &'static str = "customer/v1/search";
    const SUMMARY: &'static str =
        "Finds customers by the beginnings of words in name, telephone, e-mail and addresses.";
    const SQL: &'static str = include_str!("search.sql");
    type Output = CustomerPage;

    fn example() -> Self {
        Self {
            text: Phrase::new("smith").unwrap_or_else(|| unreachable!("a word is a phrase")),
            limit: Limit::default(),
            after: None,
        }
    }
}
