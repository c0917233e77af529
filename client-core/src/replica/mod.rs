//! The server's rows on the phone: pages in, requests out.
//!
//! Invariants:
//! - Checksums, kept with every write, are of the server's rows: the base image of a row that has one, else the row.
//! - A pass that breaks goes on after its last whole page; until it is complete the cursor stays where it was.
//! - A page that says what it goes on from is taken only there, or where it brings everything since all the same
//!   ([`asked`]): whatever lies between would be missing for good, under a cursor that says it is here.
//! - A scope is held from the end of the pass that entered it, and not any more from the page that drops it.
//! - A row that an undecided mutation writes takes the server's word only at the end of a pass. Mutations that read a
//!   changed row run anew in the transaction that changes it.
//!
//! [`page`] reads a page, [`apply`] writes its rows, [`finish`] completes a pass, [`request`] asks for the next.

mod apply;
mod asked;
mod finish;
mod page;
mod pass;
mod request;
mod sums;
mod verify;

pub(crate) use apply::{Progressed, step};
pub(crate) use asked::Asked;
pub(crate) use page::{Page, Position};
pub(crate) use pass::{Pass, forget_cursor, forget_pass};
pub(crate) use request::pull_request;
pub(crate) use verify::verify;
