//! Who may call what: the files a trade says it in, and the answer for one member.
//!
//! Invariants:
//! - Only the server evaluates policies. It tells phones its answer, so that both refuse the same calls for the same
//!   reason, by the same code.
//! - What the answer does not name, this side does not forbid: a phone of another age than its server asks it.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::Rejection;

/// The reason of every refusal by policy.
pub const FORBIDDEN: &str = "policy.forbidden";

/// One file of a trade's policy, in the language of Cedar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyFile {
    /// Whose procedures it is about: the first part of their names.
    pub resource: &'static str,
    /// The text.
    pub text: &'static str,
}

/// What a member may call, as the server's policy says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Permissions {
    /// Stands for the whole answer: phones state it, and are told the answer again when it differs.
    pub digest: String,
    /// The member's roles that this follows from. Rules on a phone go by them, so that both sides decide alike from the
    /// moment on that it is told.
    pub roles: Vec<String>,
    /// Procedures the member may call, by RPC path.
    pub may: BTreeSet<String>,
    /// Procedures the member may not call, and the roles that may.
    pub may_not: BTreeMap<String, Vec<String>>,
}

impl Permissions {
    /// An answer with its digest: the first half of SHA-256 over its names, in hex.
    pub fn new(roles: Vec<String>, may: BTreeSet<String>, may_not: BTreeMap<String, Vec<String>>) -> Self {
        let mut hash = Sha256::new();
        for role in &roles {
            hash.update([2]);
            hash.update(role);
        }
        hash.update([3]);
        for name in &may {
            hash.update(name);
            hash.update([0]);
        }
        for (name, roles) in &may_not {
            hash.update([1]);
            hash.update(name);
            for role in roles {
                hash.update([0]);
                hash.update(role);
            }
        }
        let digest = hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        Self { digest, roles, may, may_not }
    }

    /// Whether nothing forbids calling this procedure.
    pub fn may(&self, name: &str) -> bool {
        !self.may_not.contains_key(name)
    }

    /// Refuses with [`FORBIDDEN`] a procedure the member may not call, and says who may, in words and in
    /// `details.roles`.
    pub fn check(&self, name: &str) -> Result<(), Rejection> {
        let Some(roles_that_may) = self.may_not.get(name) else { return Ok(()) };
        let message = if roles_that_may.is_empty() {
            "Nobody in this organization may do this.".to_owned()
        } else {
            let roles: Vec<_> = roles_that_may.iter().map(|role| role.replace('_', " ")).collect();
            format!("Your role does not allow this. Ask somebody who may: {}.", roles.join(", "))
        };
        Err(Rejection::forbidden(FORBIDDEN, message).with_details(json!({ "roles": roles_that_may })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    fn answer(may: &[&str], may_not: &[(&str, &[&str])]) -> Permissions {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let may_not = may_not.iter().map(|(name, roles)| ((*name).to_owned(), owned(roles))).collect();
        Permissions::new(owned(&["a role"]), owned(may).into_iter().collect(), may_not)
    }

    #[test]
    fn a_refusal_says_who_may() {
        let answer = answer(&["a/v1/b"], &[("a/v1/c", &["operations_manager", "owner"]), ("a/v1/d", &[])]);
        assert_eq!(answer.check("a/v1/b"), Ok(()));
        let refused = answer.check("a/v1/c").unwrap_err();
        assert_eq!((refused.code, refused.reason.as_str()), (ErrorCode::Forbidden, FORBIDDEN));
        assert!(refused.message.ends_with("operations manager, owner."), "{}", refused.message);
        assert_eq!(refused.details, json!({ "roles": ["operations_manager", "owner"] }));
        assert!(answer.check("a/v1/d").unwrap_err().message.starts_with("Nobody"));
    }

    #[test]
    fn what_is_not_named_is_for_the_server_to_decide() {
        assert!(answer(&[], &[]).may("a/v1/new"));
        assert!(!answer(&[], &[("a/v1/c", &[])]).may("a/v1/c"));
    }

    #[test]
    fn every_difference_shows_in_the_digest() {
        let answers = [
            answer(&[], &[]),
            answer(&["a", "b"], &[]),
            answer(&["ab"], &[]),
            answer(&[], &[("a", &[]), ("b", &[])]),
            answer(&[], &[("a", &["b"])]),
            answer(&["a"], &[("b", &[])]),
        ];
        let others =
            ["", "b role", "a"].map(|role| Permissions::new(vec![role.to_owned()], BTreeSet::new(), BTreeMap::new()));
        let digests: BTreeSet<_> = answers.iter().chain(&others).map(|answer| answer.digest.as_str()).collect();
        assert_eq!(digests.len(), answers.len() + others.len());
        assert_eq!(answers[1], answer(&["b", "a"], &[]));
    }
}
