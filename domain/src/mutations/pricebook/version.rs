//! Versions: `pricebook/v1/createVersion`, `publishVersion`, `retireVersion`.

use jiff::Timestamp;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        clock,
        limits::{self, PUBLISHED_VERSIONS},
        text,
    },
    tables::{Branch, PricebookVersion, VersionState},
};

/// Begins a version of the pricebook: a list of prices for a branch or all, for a time. Its prices are set with
/// `pricebook/v1/setPrices`, and hold once it is published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateVersion {
    /// Id of the new version, made by the caller.
    pub version_id: Id<PricebookVersion>,
    /// What it is called: one line, at most 200 characters.
    #[schemars(length(max = limits::LINE_CHARS))]
    pub name: String,
    /// The branch whose jobs it is for; all of them when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch_id: Option<Id<Branch>>,
    /// First instant at which its prices hold.
    pub valid_from: Timestamp,
    /// First instant at which they no longer do; after `valid_from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

/// Publishes a draft: its prices hold while it is valid, and can no longer be changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PublishVersion {
    /// The version.
    pub version_id: Id<PricebookVersion>,
}

/// Takes a version out: its prices hold no longer. What was sold by it stays as it was written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RetireVersion {
    /// The version.
    pub version_id: Id<PricebookVersion>,
}

/// Where a version stands now.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct VersionMoved {
    /// The version.
    pub version_id: Id<PricebookVersion>,
    /// Its state now.
    pub state: VersionState,
}

impl Mutation for CreateVersion {
    const NAME: &'static str = "pricebook/v1/createVersion";
    const SUMMARY: &'static str = "Begins a version of the pricebook.";
    type Output = VersionMoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.version_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<VersionMoved, Stop> {
        let name = text::required("pricebook.version_name", "a name", &self.name, limits::LINE_CHARS)?;
        let valid_from = clock::in_micros(self.valid_from);
        let valid_until = self.valid_until.map(clock::in_micros);
        if !clock::plausible(valid_from) || valid_until.is_some_and(|until| !clock::plausible(until)) {
            let message = "A version must be valid in the years 2000 to 2100.";
            return Err(Rejection::bad_request("pricebook.version_date", message).into());
        }
        if valid_until.is_some_and(|until| until <= valid_from) {
            let message = "A version's validity must end after it begins.";
            return Err(Rejection::bad_request("pricebook.version_order", message).into());
        }
        if let Some(branch) = self.branch_id {
            work.require(branch)?;
        }
        work.insert(&PricebookVersion {
            id: self.version_id,
            rev: UNSAVED,
            name,
            branch_id: self.branch_id,
            state: VersionState::Draft,
            valid_from,
            valid_until,
            published_at: None,
        })?;
        Ok(VersionMoved { version_id: self.version_id, state: VersionState::Draft })
    }
}

impl Mutation for PublishVersion {
    const NAME: &'static str = "pricebook/v1/publishVersion";
    const SUMMARY: &'static str = "Publishes a version of the pricebook.";
    type Output = VersionMoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.version_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<VersionMoved, Stop> {
        let published_at = clock::acted_at(ctx);
        let version = standing(work, self.version_id, &VersionState::Draft)?;
        let key = VersionState::Published.as_str().into();
        let published: Vec<PricebookVersion> = work.find(PricebookVersion::BY_STATE, vec![key])?;
        if published.len() >= PUBLISHED_VERSIONS {
            let message = format!("At most {PUBLISHED_VERSIONS} versions can be published. Please retire some first.");
            return Err(Rejection::conflict("pricebook.too_many_versions", message).into());
        }
        let state = VersionState::Published;
        let published_at = Some(published_at);
        work.update(&PricebookVersion { state: state.clone(), published_at, ..version })?;
        Ok(VersionMoved { version_id: self.version_id, state })
    }
}

impl Mutation for RetireVersion {
    const NAME: &'static str = "pricebook/v1/retireVersion";
    const SUMMARY: &'static str = "Takes a version of the pricebook out.";
    type Output = VersionMoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.version_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<VersionMoved, Stop> {
        let version = standing(work, self.version_id, &VersionState::Published)?;
        let state = VersionState::Retired;
        work.update(&PricebookVersion { state: state.clone(), ..version })?;
        Ok(VersionMoved { version_id: self.version_id, state })
    }
}

/// The version, if it stands so; else refuses with `pricebook.version_state`.
pub(super) fn standing(
    work: &mut Workspace,
    version: Id<PricebookVersion>,
    state: &VersionState,
) -> Result<PricebookVersion, Stop> {
    let version: PricebookVersion = work.require(version)?;
    if version.state == *state {
        return Ok(version);
    }
    let now = match version.state {
        VersionState::Draft => "still a draft",
        VersionState::Published => "published already",
        VersionState::Retired => "no longer in use",
        VersionState::Unknown(_) => "in a state this version of the app does not know",
    };
    let message = format!("This version of the pricebook is {now}, so this cannot be done to it.");
    Err(Rejection::conflict("pricebook.version_state", message).into())
}
