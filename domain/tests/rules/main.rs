//! What the domain promises, by mutation.

#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap as tests do")]

#[path = "../support/mod.rs"]
mod support;

mod billing_properties;
mod checklists;
mod contracts;
mod dispatch;
mod documents;
mod estimate_properties;
mod estimates;
mod invoices;
mod jobs;
mod masters;
mod materials;
mod money;
mod notes;
mod payments;
mod pricebook;
mod properties;
mod registry;
mod roles;
mod signatures;
mod state_machines;
mod stock;
mod time;
mod totals;
mod visits;
mod warnings;
mod workforce;
