//! Who may call what: the trade's policy files, evaluated by Cedar.
//!
//! Invariants:
//! - What no policy permits is forbidden.
//! - A decision follows from the caller's roles and the procedure alone. On which rows a caller may do what a procedure
//!   does, its rules decide; what he sees and writes at all, row-level security.
//! - A set with an unknown procedure or role in it starts no server.
//!
//! Reading order: `load` → [`Policy`].

mod load;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use cedar_policy::{Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request};
use satchel_protocol::{Permissions, Registry};
use serde_json::json;

use crate::{
    database::{Caller, Database, Entered},
    error::ApiError,
};

pub use self::load::PolicyError;

/// Sets of roles whose permissions are kept. All sets of eight roles fit.
pub const ROLE_SETS_KEPT: usize = 256;

/// A trade's policy, ready to be asked. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Policy {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    set: PolicySet,
    authorizer: Authorizer,
    roles: &'static [&'static str],
    procedures: Vec<&'static str>,
    /// By procedure: the roles that may call it, each by itself.
    callers: BTreeMap<&'static str, Vec<String>>,
    decided: Mutex<BTreeMap<Vec<&'static str>, Arc<Permissions>>>,
}

impl Policy {
    /// Reads and validates the registry's policy files.
    ///
    /// # Errors
    /// [`PolicyError`], naming the file and the policy at fault.
    pub fn load(registry: &Registry) -> Result<Self, PolicyError> {
        let mut shared = Shared {
            set: load::load(registry)?,
            authorizer: Authorizer::new(),
            roles: registry.roles,
            procedures: registry.procedures().collect(),
            callers: BTreeMap::new(),
            decided: Mutex::default(),
        };
        let mut callers: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for role in shared.roles {
            let permitted = shared.permitted(&[role])?;
            for name in &shared.procedures {
                let callers = callers.entry(*name).or_default();
                callers.extend(permitted.contains(name).then(|| (*role).to_owned()));
            }
        }
        shared.callers = callers;
        Ok(Self { shared: Arc::new(shared) })
    }

    /// What a member with these roles may call. Roles the trade does not know count for nothing.
    pub fn permissions(&self, roles: &[String]) -> Arc<Permissions> {
        let Shared { roles: known, decided, .. } = &*self.shared;
        let roles: Vec<&'static str> =
            known.iter().copied().filter(|role| roles.iter().any(|has| has == role)).collect();
        let kept = decided.lock().unwrap_or_else(PoisonError::into_inner).get(&roles).cloned();
        kept.unwrap_or_else(|| {
            let permissions = Arc::new(self.shared.decide(&roles));
            let mut decided = decided.lock().unwrap_or_else(PoisonError::into_inner);
            if decided.len() >= ROLE_SETS_KEPT {
                decided.clear();
            }
            decided.insert(roles, Arc::clone(&permissions));
            permissions
        })
    }

    /// Opens a query: a transaction to read in, if the policy permits the caller this procedure. Nothing of the query
    /// is read before.
    ///
    /// # Errors
    /// FORBIDDEN with `policy.forbidden`, and those of [`Database::begin_read`].
    pub async fn begin_query(&self, database: &Database, caller: &Caller, name: &str) -> Result<Entered, ApiError> {
        let entered = database.begin_read_as(caller, self.callers(name)).await?;
        self.permissions(&entered.member.roles).check(name)?;
        Ok(entered)
    }

    /// The roles that may call a procedure; none for one that is not the trade's.
    pub fn callers(&self, name: &str) -> &[String] {
        self.shared.callers.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Shared {
    fn decide(&self, roles: &[&str]) -> Permissions {
        // A policy that was valid at start can be asked now; should it not be, it permits nothing.
        let permitted = self.permitted(roles).unwrap_or_else(|error| {
            tracing::error!(cause = %error, "a policy cannot be asked");
            BTreeSet::new()
        });
        let (may, may_not): (Vec<&str>, Vec<&str>) = self.procedures.iter().partition(|name| permitted.contains(*name));
        let may_not =
            may_not.into_iter().map(|name| (name.to_owned(), self.callers.get(name).cloned().unwrap_or_default()));
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Permissions::new(owned(roles), may.into_iter().map(str::to_owned).collect(), may_not.collect())
    }

    /// Asks Cedar for every procedure, on behalf of a member in all of these roles.
    fn permitted(&self, roles: &[&str]) -> Result<BTreeSet<&'static str>, PolicyError> {
        let member = uid("Member", "caller")?;
        let organization = uid("Organization", "here")?;
        let roles = roles.iter().map(|role| uid("Role", role)).collect::<Result<_, _>>()?;
        let member_in_roles = Entity::new_no_attrs(member.clone(), roles);
        let entities = Entities::from_entities([member_in_roles], None).map_err(unforeseen)?;
        let mut permitted = BTreeSet::new();
        for name in &self.procedures {
            let action = uid("Action", name)?;
            let request = Request::new(member.clone(), action, organization.clone(), Context::empty(), None);
            let request = request.map_err(unforeseen)?;
            if self.authorizer.is_authorized(&request, &self.set, &entities).decision() == Decision::Allow {
                permitted.insert(*name);
            }
        }
        Ok(permitted)
    }
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, PolicyError> {
    EntityUid::from_json(json!({ "type": kind, "id": id })).map_err(unforeseen)
}

fn unforeseen(error: impl std::fmt::Display) -> PolicyError {
    PolicyError::Schema(error.to_string())
}
