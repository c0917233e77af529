//! When a technician works.

use satchel_protocol::{Id, record};

use super::{Branch, Technician};

record! {
    /// A stretch of a weekday on which a technician works, every week, in the zone of the technician's branch. A
    /// technician without any works whenever he is sent.
    pub struct WorkingHours in "working_hours" {
        /// Who.
        pub technician_id: Id<Technician>,
        /// The technician's branch.
        pub branch_id: Id<Branch>,
        /// The day, from 1 for Monday to 7 for Sunday.
        pub weekday: i32,
        /// First minute at work, counted from midnight.
        pub start_minute: i32,
        /// First minute off again, counted from midnight; at most 1,440.
        pub end_minute: i32,
    }
    scope: "technician_id";
    index BY_TECHNICIAN = "working_hours.by_technician" on ["technician_id"];
}
