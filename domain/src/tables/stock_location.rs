//! Where material is kept.

use satchel_protocol::{Id, record, table::ORG_SCOPE, text_enum};

use super::{Branch, Technician};

text_enum! {
    /// What kind of place material is kept in.
    pub enum StockLocationKind {
        /// A branch's store.
        Warehouse = "warehouse",
        /// A technician's vehicle.
        Truck = "truck",
    }
}

record! {
    /// A place that material is kept in. Everybody knows all of them, so that anybody can say where something went;
    /// what lies in them is another matter.
    pub struct StockLocation in "stock_location" {
        /// The branch it belongs to.
        pub branch_id: Id<Branch>,
        /// Whether it is a warehouse or a truck.
        pub kind: StockLocationKind,
        /// Who drives the truck; a technician drives at most one.
        pub technician_id: Option<Id<Technician>>,
        /// What it is called.
        pub name: String,
        /// Whether material may be moved in and out.
        pub active: bool,
    }
    scope: ORG_SCOPE;
    index BY_TECHNICIAN = "stock_location.by_technician" on ["technician_id"];
}
