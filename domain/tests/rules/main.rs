//! What the domain promises, by mutation.

#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap as tests do")]

#[path = "../support/mod.rs"]
mod support;

mod checklists;
mod dispatch;
mod estimate_properties;
mod estimates;
mod jobs;
mod materials;
mod money;
mod notes;
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
