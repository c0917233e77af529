//! The fault simulator: short histories of phones, wires and a server, made from seeds, with everything going wrong that
//! may; after healing it checks its own record of everything tapped against what is there.
//!
//! Real are the client's store on its SQLite file, its engine and its work; the server's decisions about cursors, scopes,
//! fills, pages and order; the wire's messages, as text; the rules. A model are clock, wires and Postgres.
//!
//! That is the fast gear. The [full one](full) lets real processes live through histories, on a real Postgres.
//!
//! Reading order: [`history`] → [`world`] → [`server`], [`phone`], [`wire`] → [`record`] → [`shrink`], [`run`].

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic as its tests do")]

pub mod act;
pub mod figures;
pub mod full;
pub mod history;
pub mod phone;
pub mod planted;
pub mod record;
pub mod run;
pub mod server;
pub mod shrink;
pub mod spec;
pub mod wire;
pub mod world;
