//! A phone for people without one: a terminal over the real client core, nothing mocked.
//!
//! Two faces, one phone:
//! - [`screen`]: screens and keys, for people.
//! - [`commands`]: JSON lines in, JSON lines out, for scripts.
//!
//! Invariants:
//! - Whatever is shown was read from the replica; nothing waits for the network but sign-in.
//! - Everything a person changes is a mutation of the trade; a button that the visit's state machine does not allow is
//!   not there.
//! - [`screens`] are functions of what [`view`] read: they neither read nor write, and are tested without a terminal.
//!
//! Reading order: [`view`] → [`screens`] → [`app`] → [`phone`] → [`screen`] → [`commands`].

pub mod app;
pub mod commands;
pub mod edit;
pub mod load;
pub mod options;
pub mod order;
pub mod phone;
pub mod picker;
pub mod screen;
pub mod screens;
pub mod theme;
pub mod view;
pub mod words;
