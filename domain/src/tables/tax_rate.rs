//! What is added for the state.

use satchel_protocol::{Id, record, table::ORG_SCOPE, text_enum};

use super::Branch;
use crate::rules::money::Percent;

text_enum! {
    /// How a thing is taxed. The rate of a class is the branch's.
    pub enum TaxClass {
        /// At the usual rate.
        Standard = "standard",
        /// At the reduced rate.
        Reduced = "reduced",
        /// Not at all, whatever the rates.
        Exempt = "exempt",
    }
}

record! {
    /// The tax rate of a class on a branch's jobs. A class without a rate is not taxed.
    pub struct TaxRate in "tax_rate" {
        /// The branch.
        pub branch_id: Id<Branch>,
        /// The class; once in a branch.
        pub tax_class: TaxClass,
        /// What is added to the net amount.
        pub percent: Percent,
    }
    scope: ORG_SCOPE;
    index BY_BRANCH = "tax_rate.by_branch" on ["branch_id"];
}
