//! Reading a trade's policy files, strictly: what is wrong in one is found at start, not on the day it would have
//! mattered.
//!
//! Invariant: every policy of the set has an id of its own, names the procedures it is about, all of its file's
//! resource, and mentions only procedures and roles of the registry.

use std::{collections::HashSet, fmt::Write as _};

use cedar_policy::{ActionConstraint, PolicyId, PolicySet, Schema, ValidationMode, Validator};
use satchel_protocol::{PolicyFile, Registry};

/// What is wrong with a trade's policy. Names file and policy.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// Not the language of Cedar.
    #[error("{file}.cedar cannot be read: {why}")]
    Syntax {
        /// The file.
        file: &'static str,
        /// What Cedar says.
        why: String,
    },
    /// A policy that nobody could speak of.
    #[error("{file}.cedar: a policy has no @id of its own ({id:?})")]
    Unnamed {
        /// The file.
        file: &'static str,
        /// Its id, if it has one.
        id: String,
    },
    /// A policy about procedures of another file, or about all.
    #[error("{file}.cedar: {id}: a policy names its actions one by one, all of them {file}/...")]
    OtherResource {
        /// The file.
        file: &'static str,
        /// The policy's id.
        id: String,
    },
    /// Two files for one resource.
    #[error("{file}.cedar is listed twice")]
    ListedTwice {
        /// The file.
        file: &'static str,
    },
    /// A policy that mentions what does not exist, or compares what cannot be compared.
    #[error("{0}")]
    Invalid(String),
    /// The registry's names make no schema.
    #[error("roles and procedures cannot be written as a schema: {0}")]
    Schema(String),
}

/// All policies of the registry, validated.
pub(super) fn load(registry: &Registry) -> Result<PolicySet, PolicyError> {
    let mut set = PolicySet::new();
    let mut files = HashSet::new();
    for file in registry.policies {
        if !files.insert(file.resource) {
            return Err(PolicyError::ListedTwice { file: file.resource });
        }
        add(&mut set, file)?;
    }
    let schema = schema(registry);
    let (schema, _) = Schema::from_cedarschema_str(&schema).map_err(|error| PolicyError::Schema(error.to_string()))?;
    let result = Validator::new(schema).validate(&set, ValidationMode::Strict);
    let mut found: Vec<String> = result.validation_errors().map(ToString::to_string).collect();
    if found.is_empty() {
        found.extend(result.validation_warnings().map(ToString::to_string));
    }
    if found.is_empty() { Ok(set) } else { Err(PolicyError::Invalid(found.join("; "))) }
}

fn add(set: &mut PolicySet, file: &PolicyFile) -> Result<(), PolicyError> {
    let PolicyFile { resource, text } = *file;
    let syntax = |why: String| PolicyError::Syntax { file: resource, why };
    let read: PolicySet = text.parse().map_err(|error: cedar_policy::ParseErrors| syntax(error.to_string()))?;
    if read.num_of_templates() > 0 {
        return Err(syntax("templates are not used here".to_owned()));
    }
    for policy in read.policies() {
        let id = policy.annotation("id").unwrap_or_default().to_owned();
        let actions = match policy.action_constraint() {
            ActionConstraint::Any => Vec::new(),
            ActionConstraint::Eq(action) => vec![action],
            ActionConstraint::In(actions) => actions,
        };
        let own = |action: &str| action.split('/').next() == Some(resource);
        if actions.is_empty() || !actions.iter().all(|action| own(action.id().unescaped())) {
            return Err(PolicyError::OtherResource { file: resource, id });
        }
        let name = format!("{resource}.cedar: {id}");
        let added = set.add(policy.new_id(PolicyId::new(name)));
        if id.is_empty() || added.is_err() {
            return Err(PolicyError::Unnamed { file: resource, id });
        }
    }
    Ok(())
}

/// What policies may speak of: members in roles, who call procedures of an organization.
fn schema(registry: &Registry) -> String {
    let mut schema = String::from("entity Organization;\nentity Member in [Role];\nentity Role enum [");
    for (position, role) in registry.roles.iter().enumerate() {
        let comma = if position > 0 { ", " } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(schema, "{comma}{role:?}");
    }
    schema.push_str("];\n");
    for name in registry.procedures() {
        let _ = writeln!(schema, "action {name:?} appliesTo {{ principal: [Member], resource: [Organization] }};");
    }
    schema
}
