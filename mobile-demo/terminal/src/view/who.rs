//! Whose phone it is.

use jiff::tz::TimeZone;
use satchel_client::{Reader, StoreError, store::Identity};
use satchel_domain::{
    rules::visit_state::Intent,
    tables::{Branch, Organization, Technician},
};
use satchel_protocol::Id;
use uuid::Uuid;

use crate::words;

/// The person, the organization, and where the day begins.
#[derive(Clone, Debug)]
pub struct Who {
    /// The technician's name; the roles of one who is none.
    pub name: String,
    /// The organization's name; empty until it has arrived.
    pub org: String,
    /// ISO 4217 currency of its prices; empty until it has arrived.
    pub currency: String,
    /// The technician.
    pub technician: Option<Id<Technician>>,
    /// The user.
    pub user_id: Uuid,
    /// What the policy does not let the person do with a visit, as far as the server has told.
    pub may_not: Vec<Intent>,
    /// The zone of the technician's branch.
    pub zone: TimeZone,
}

impl Who {
    /// Reads what has arrived so far.
    pub fn load(reader: &Reader, identity: &Identity, may_not: Vec<Intent>) -> Result<Self, StoreError> {
        let org: Option<Organization> = reader.get(Id::new(identity.org_id))?;
        let technician: Option<Technician> = match identity.technician_id {
            Some(id) => reader.get(Id::new(id))?,
            None => None,
        };
        let branch: Option<Branch> = match &technician {
            Some(technician) => reader.get(technician.branch_id)?,
            None => None,
        };
        let roles = identity.roles.iter().map(|role| words::plain(role)).collect::<Vec<_>>().join(", ");
        let (org, currency) = org.map(|org| (org.name, org.currency)).unwrap_or_default();
        Ok(Self {
            name: technician.map_or(roles, |technician| technician.name),
            org,
            currency,
            technician: identity.technician_id.map(Id::new),
            user_id: identity.user_id,
            may_not,
            zone: branch.map_or(TimeZone::UTC, |branch| words::zone(&branch.zone)),
        })
    }
}
