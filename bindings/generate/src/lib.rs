//! Writes what app developers call, in Kotlin and in Swift: models of the tables, and the mutations.
//! The boundary itself is written by `bindings/bindgen`.
//!
//! Invariants: the same registry gives the same bytes; nothing here names a table or a mutation.

mod kotlin;
mod model;
mod names;
mod schema;
mod swift;

use std::path::PathBuf;

use satchel_protocol::Registry;

pub use model::Model;

/// A generated file.
#[derive(Debug)]
pub struct Source {
    /// Where it belongs, below the repository.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
}

/// Models and mutations of a trade.
pub fn trade(registry: &Registry) -> anyhow::Result<Vec<Source>> {
    let model = Model::of(registry)?;
    Ok(kotlin::write(&model).into_iter().chain(swift::write(&model)).collect())
}
