//! Skills: `skill/v1/...`.

mod create;
mod update;

pub use create::CreateSkill;
pub use update::UpdateSkill;

use satchel_protocol::Id;
use schemars::JsonSchema;
use serde::Serialize;

use crate::tables::Skill;

/// The skill was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SkillSaved {
    /// The skill.
    pub skill_id: Id<Skill>,
}
