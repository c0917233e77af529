//! The field trade: its tables, its rules and its mutations. No I/O.
//!
//! Invariants:
//! - Every business rule is written here, once (P10); phone and server run the same code.
//! - A table is one file in [`tables`] and a line in its list; a mutation is one struct in [`mutations`] and a line in
//!   its list; a query one struct and one statement in [`queries`], and a line. Nothing else in the workspace names them,
//!   but the files of [`policies`] that say who may call what.
//!
//! Reading order: [`tables`] → [`roles`] → [`rules::visit_state`] → [`rules`] → [`mutations`] → [`queries`] →
//! [`policies`] → [`notes`] → [`day`].

pub mod day;
pub mod mutations;
pub mod notes;
pub mod policies;
pub mod queries;
pub mod roles;
pub mod rules;
pub mod tables;

use satchel_protocol::Registry;

/// All tables, mutations, queries, roles and policies of the trade; without the feature `server` neither queries nor policies,
/// which phones need not carry.
pub static REGISTRY: Registry = Registry {
    tables: tables::ALL,
    mutations: mutations::ALL,
    queries: if cfg!(feature = "server") { queries::ALL } else { &[] },
    roles: roles::ALL,
    policies: if cfg!(feature = "server") { policies::ALL } else { &[] },
};
