//! The roles of an organization's members, and who an author is to a rule.
//!
//! Postgres policies decide every row (P6); what stands here decides intents, so that a phone can say no at once.

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

/// Roles that may plan and change any job of the organization.
pub const PLANNERS: &[&str] = &[OWNER, OPERATIONS_MANAGER, DISPATCHER, DELEGATED_AGENT];

/// Roles that may write estimates on any job of the organization.
pub const SELLERS: &[&str] = &[OWNER, OPERATIONS_MANAGER, DISPATCHER, DELEGATED_AGENT, BILLING];

/// Roles that keep the pricebook.
pub const PRICERS: &[&str] = &[OWNER, OPERATIONS_MANAGER, INVENTORY_MANAGER];

/// Roles that may write any invoice in sight, and give money back.
pub const BILLERS: &[&str] = &[OWNER, OPERATIONS_MANAGER, BILLING];

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

/// The author, as far as the rules on jobs are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Has one of [`PLANNERS`]: may act on any job.
    Planner,
    /// May act on visits the technician is assigned to.
    Technician(Id<Technician>),
}

impl Actor {
    /// Who the author is; refuses with `role.read_only` an author who may change nothing here.
    pub fn of(ctx: &Ctx) -> Result<Self, Rejection> {
        if ctx.has_role(PLANNERS) {
            return Ok(Self::Planner);
        }
        match ctx.technician_id {
            Some(id) if ctx.has_role(&[TECHNICIAN]) => Ok(Self::Technician(Id::new(id))),
            _ => Err(Rejection::forbidden(
                "role.read_only",
                "Your role in this organization does not allow changing jobs and visits.",
            )),
        }
    }

    /// Who the author is to an estimate: [`SELLERS`] may act on any job as planners do.
    pub fn seller(ctx: &Ctx) -> Result<Self, Rejection> {
        if ctx.has_role(SELLERS) { Ok(Self::Planner) } else { Self::of(ctx) }
    }

    /// Refuses with `role.planner_only` an author who may not plan.
    pub fn require_planner(ctx: &Ctx) -> Result<(), Rejection> {
        match Self::of(ctx)? {
            Self::Planner => Ok(()),
            Self::Technician(_) => Err(Rejection::forbidden(
                "role.planner_only",
                "Only the office can do this. Please ask your dispatcher.",
            )),
        }
    }

    /// Whether the author may act for this technician.
    pub fn acts_for(self, technician: Id<Technician>) -> bool {
        match self {
            Self::Planner => true,
            Self::Technician(own) => own == technician,
        }
    }
}
