//! The roles of an organization's members, and who an author is to a rule.
//!
//! Which role may call which procedure stands in [`policies`](crate::policies), not here. What stands here decides on
//! which rows, so that a phone can say no at once; Postgres decides every row again (P6).

use satchel_protocol::{Ctx, Id, Rejection};

use crate::tables::{DispatchRule, Technician};

/// Owns the business.
pub const OWNER: &str = "owner";
/// Runs daily work.
pub const OPERATIONS_MANAGER: &str = "operations_manager";
/// Plans visits and sends technicians.
pub const DISPATCHER: &str = "dispatcher";
/// Does the work.
pub const TECHNICIAN: &str = "technician";
/// Keeps the stock.
pub const INVENTORY_MANAGER: &str = "inventory_manager";
/// Handles invoices and payments.
pub const BILLING: &str = "billing";
/// Reads everything, changes nothing.
pub const AUDITOR: &str = "auditor";
/// Software acting for a user.
pub const DELEGATED_AGENT: &str = "delegated_agent";

/// Every role.
pub const ALL: &[&str] =
    &[OWNER, OPERATIONS_MANAGER, DISPATCHER, TECHNICIAN, INVENTORY_MANAGER, BILLING, AUDITOR, DELEGATED_AGENT];

/// Roles whose members act on any job in their sight, also when they are technicians as well.
pub const PLANNERS: &[&str] = &[OWNER, OPERATIONS_MANAGER, DISPATCHER, DELEGATED_AGENT];

/// Roles that write estimates on any job in their sight, also when they are technicians as well.
pub const SELLERS: &[&str] = &[OWNER, OPERATIONS_MANAGER, DISPATCHER, DELEGATED_AGENT, BILLING];

/// Roles that write any invoice in sight, also when they are technicians as well.
pub const BILLERS: &[&str] = &[OWNER, OPERATIONS_MANAGER, BILLING];

/// Roles that move any stock in sight, also when they are technicians as well.
pub const STOCK_KEEPERS: &[&str] = &[OWNER, OPERATIONS_MANAGER, INVENTORY_MANAGER];

/// Roles that answer for the organization as a whole.
pub const MANAGERS: &[&str] = &[OWNER, OPERATIONS_MANAGER];

/// Roles that may book against a warning of the dispatch rules (R15).
///
/// The one place that says so: who plans may overrule what is a matter of planning; what the law or the insurer asks for
/// is the management's to answer for.
pub fn overriders(rule: &DispatchRule) -> &'static [&'static str] {
    match rule {
        DispatchRule::ExpiredLicense | DispatchRule::ExpiredInsurance | DispatchRule::Unknown(_) => MANAGERS,
        _ => PLANNERS,
    }
}

/// On which rows an author may act. That the author may do such a thing at all, the policy has said before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Of the office: on any job in sight.
    Planner,
    /// On visits the technician is assigned to.
    Technician(Id<Technician>),
}

impl Actor {
    /// Who the author is; refuses with `role.no_technician` a technician who has no technician row, and with it no work.
    pub fn of(ctx: &Ctx) -> Result<Self, Rejection> {
        Self::beside(ctx, PLANNERS)
    }

    /// Who the author is where members in `office` roles act on any job in sight: they, and whoever is no technician.
    pub(crate) fn beside(ctx: &Ctx, office: &[&str]) -> Result<Self, Rejection> {
        if ctx.has_role(office) || !ctx.has_role(&[TECHNICIAN]) {
            return Ok(Self::Planner);
        }
        match ctx.technician_id {
            Some(id) => Ok(Self::Technician(Id::new(id))),
            None => Err(Rejection::forbidden(
                "role.no_technician",
                "You are not an active technician of this organization. Ask your office.",
            )),
        }
    }

    /// Who the author is to an estimate: [`SELLERS`] may act on any job as planners do.
    pub fn seller(ctx: &Ctx) -> Result<Self, Rejection> {
        Self::beside(ctx, SELLERS)
    }

    /// Whether the author may act for this technician.
    pub fn acts_for(self, technician: Id<Technician>) -> bool {
        match self {
            Self::Planner => true,
            Self::Technician(own) => own == technician,
        }
    }
}
