//! What demonstrations and tests stand on: a private server, people, the air between them, and the means to prove what
//! happened.
//!
//! - [`office`]: a dispatcher without a replica.
//! - [`oracle`]: rows as Postgres itself spells them.
//! - [`people`]: who can sign in.
//! - [`proof`]: replicas against what row-level security shows.
//! - [`proxy`]: a wire that can be cut, slowed and counted.
//! - [`server`]: a private server, seeded.

pub mod office;
pub mod oracle;
pub mod people;
pub mod proof;
pub mod proxy;
pub mod server;
