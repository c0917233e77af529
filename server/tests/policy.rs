//! A trade's policy is read strictly, and decides as it reads.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use satchel_domain::{REGISTRY, roles};
use satchel_protocol::{PolicyFile, Registry};
use satchel_server::policy::{Policy, PolicyError};

/// The trade with one more policy file, or another in its place.
fn with(resource: &'static str, text: &'static str) -> Result<Policy, PolicyError> {
    let others = REGISTRY.policies.iter().copied().filter(|file| file.resource != resource);
    let policies: Vec<PolicyFile> = others.chain([PolicyFile { resource, text }]).collect();
    Policy::load(&Registry {
        tables: REGISTRY.tables,
        mutations: REGISTRY.mutations,
        queries: REGISTRY.queries,
        roles: REGISTRY.roles,
        policies: policies.leak(),
    })
}

fn refused(resource: &'static str, text: &'static str) -> String {
    with(resource, text).expect_err(text).to_string()
}

fn own(roles: &[&str]) -> Vec<String> {
    roles.iter().map(|role| (*role).to_owned()).collect()
}

#[test]
fn a_mistake_in_a_file_names_file_and_policy() {
    let cases = [
        (r#"@id("x") permit (principal, action == Action::"job/v1/vanish", resource);"#, "job/v1/vanish"),
        (r#"@id("x") permit (principal in Role::"emperor", action == Action::"job/v1/create", resource);"#, "emperor"),
        (
            r#"@id("x") permit (principal, action == Action::"job/v1/create", resource)
               when { principal in [Role::"owner", Role::"emperor"] };"#,
            "emperor",
        ),
        (
            r#"@id("x") permit (principal, action == Action::"job/v1/create", resource) when { principal.age > 3 };"#,
            "age",
        ),
        (r#"@id("x") permit (principal, action == Action::"visit/v1/create", resource);"#, "job/..."),
        (r#"@id("x") permit (principal, action, resource);"#, "job/..."),
    ];
    for (text, word) in cases {
        let message = refused("job", text);
        assert!(message.contains("job.cedar: x"), "{message}");
        assert!(message.contains(word), "{message}");
    }
    for text in [
        r#"permit (principal, action == Action::"job/v1/create", resource);"#,
        r#"@id("") permit (principal, action == Action::"job/v1/create", resource);"#,
        r#"@id("x") permit (principal, action == Action::"job/v1/create", resource);
           @id("x") permit (principal, action == Action::"job/v1/update", resource);"#,
        "permit (principal",
        r#"@id("x") permit (principal == ?principal, action == Action::"job/v1/create", resource);"#,
    ] {
        let message = refused("job", text);
        assert!(message.contains("job.cedar"), "{message}");
    }
    let policies = [REGISTRY.policies, &REGISTRY.policies[..1]].concat().leak();
    let Registry { tables, mutations, queries, roles, .. } = REGISTRY;
    let twice = Registry { tables, mutations, queries, roles, policies };
    assert!(matches!(Policy::load(&twice), Err(PolicyError::ListedTwice { .. })));
}

#[test]
fn what_no_policy_permits_is_forbidden() {
    let policy = with("job", r#"@id("x") permit (principal, action == Action::"job/v1/create", resource);"#).unwrap();
    let owner = policy.permissions(&own(&[roles::OWNER]));
    assert!(owner.check("job/v1/create").is_ok());
    assert!(owner.check("job/v1/cancel").unwrap_err().message.starts_with("Nobody"));
    assert!(policy.callers("job/v1/cancel").is_empty());
    let nobody = policy.permissions(&[]);
    assert!(nobody.check("job/v1/create").is_ok() && nobody.check("visit/v1/accept").is_err());
}

#[test]
fn a_file_may_also_forbid() {
    let policy = with(
        "job",
        r#"@id("all") permit (principal, action in [Action::"job/v1/create", Action::"job/v1/update"], resource);
           @id("not agents") forbid (principal in Role::"delegated_agent", action == Action::"job/v1/create", resource);"#,
    )
    .unwrap();
    let both = policy.permissions(&own(&[roles::OWNER, roles::DELEGATED_AGENT]));
    assert!(both.check("job/v1/create").is_err() && both.check("job/v1/update").is_ok());
}

#[test]
fn roles_add_up_whatever_their_order_and_unknown_ones_count_for_nothing() {
    let policy = Policy::load(&REGISTRY).unwrap();
    let one = policy.permissions(&own(&[roles::TECHNICIAN, roles::DISPATCHER, "emperor"]));
    let other = policy.permissions(&own(&[roles::DISPATCHER, roles::TECHNICIAN, roles::DISPATCHER]));
    assert_eq!(one, other);
    assert!(one.check("dispatch/v1/assignTech").is_ok() && one.check("visit/v1/accept").is_ok());
    assert_eq!(policy.permissions(&own(&["emperor"])).may.len(), 0);
    assert_eq!(one.may.len() + one.may_not.len(), REGISTRY.procedures().count());
}
