//! What a technician may do on a day: skills, licences, insurance.

use std::collections::BTreeMap;

use jiff::civil::Date;
use satchel_protocol::Id;

use crate::tables::{Credential, CredentialKind, JobSkill, Skill, TechnicianSkill};

/// The days a booking reaches over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub first: Date,
    /// The last.
    pub last: Date,
}

/// How the technician's skills fall short of what a job asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shortfall {
    /// Skills the technician never had.
    pub missing: Vec<Id<Skill>>,
    /// Skills that will have expired.
    pub expired: Vec<Id<Skill>>,
}

/// Compares what a job asks for with what a technician has on those days.
pub fn shortfall(asked: &[JobSkill], has: &[TechnicianSkill], days: Days) -> Shortfall {
    let mut shortfall = Shortfall::default();
    for asked in asked.iter().map(|asked| asked.skill_id) {
        match has.iter().find(|has| has.skill_id == asked) {
            None => shortfall.missing.push(asked),
            Some(has) if has.expires_on.is_some_and(|last| last < days.last) => shortfall.expired.push(asked),
            Some(_) => {}
        }
    }
    shortfall
}

/// The credentials of a kind that are not valid throughout those days: for each title the newest, unless it or another
/// of the same title is valid. A title that was never there is not missed.
pub fn lapsed(credentials: &[Credential], kind: &CredentialKind, days: Days) -> Vec<Id<Credential>> {
    let mut titles: BTreeMap<String, Vec<&Credential>> = BTreeMap::new();
    for credential in credentials.iter().filter(|credential| credential.kind == *kind) {
        titles.entry(credential.title.to_lowercase()).or_default().push(credential);
    }
    let valid = |one: &&Credential| {
        one.valid_from <= days.first && one.valid_until.is_none_or(|valid_until| days.last <= valid_until)
    };
    let lapsed = titles.into_values().filter(|same| !same.iter().any(valid));
    lapsed.filter_map(|same| same.into_iter().max_by_key(|one| (one.valid_until, one.id))).map(|one| one.id).collect()
}
