//! `skill/v1/create`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SkillSaved;
use crate::{
    rules::{limits, text},
    tables::Skill,
};

/// Names a skill that jobs can ask for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateSkill {
    /// Id of the new skill, made by the caller.
    pub skill_id: Id<Skill>,
    /// What it is called; at most 200 characters.
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: String,
}

impl Mutation for CreateSkill {
    const NAME: &'static str = "skill/v1/create";
    const SUMMARY: &'static str = "Names a skill that jobs can ask for.";
    type Output = SkillSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.skill_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<SkillSaved, Stop> {
        let name = text::required("skill.name", "a name", &self.name, limits::NAME_CHARS)?;
        work.insert(&Skill { id: self.skill_id, rev: UNSAVED, name, active: true })?;
        Ok(SkillSaved { skill_id: self.skill_id })
    }
}
