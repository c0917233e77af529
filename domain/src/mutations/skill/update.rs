//! `skill/v1/update`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SkillSaved;
use crate::{
    rules::{change::Changes, limits},
    tables::Skill,
};

/// Renames a skill, or puts it out of use and back. Fields left out stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateSkill {
    /// The skill.
    pub skill_id: Id<Skill>,
    /// New name; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: Option<String>,
    /// Whether jobs may ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

impl Mutation for UpdateSkill {
    const NAME: &'static str = "skill/v1/update";
    const SUMMARY: &'static str = "Renames a skill, or puts it out of use.";
    type Output = SkillSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.skill_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<SkillSaved, Stop> {
        let before: Skill = work.require(self.skill_id)?;
        let mut row = before.clone();
        let mut changes = Changes::of("skill");
        changes.required(&mut row.name, self.name.as_deref(), ("name", "a name"), limits::NAME_CHARS)?;
        changes.value(&mut row.active, self.active);
        changes.save(work, &before, &row)?;
        Ok(SkillSaved { skill_id: row.id })
    }
}
