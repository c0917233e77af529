//! The supervisor's inbox.

mod get;
mod list;

pub use get::{InboxGet, InboxView};
pub use list::{InboxItem, InboxList, InboxPage};
