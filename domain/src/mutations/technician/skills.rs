//! `technician/v1/grantSkill` and `revokeSkill`.

use jiff::civil::Date;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{clock, limits::SKILLS_PER_TECHNICIAN},
    tables::{Skill, Technician, TechnicianSkill},
};

/// Says that a technician has a skill, or until when he has it now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GrantSkill {
    /// Who.
    pub technician_id: Id<Technician>,
    /// What; a skill in use.
    pub skill_id: Id<Skill>,
    /// Last day on which it counts; left out when it does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
}

/// The technician has the skill.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TechnicianSkilled {
    /// The technician's skill.
    pub technician_skill_id: Id<TechnicianSkill>,
}

impl Mutation for GrantSkill {
    const NAME: &'static str = "technician/v1/grantSkill";
    const SUMMARY: &'static str = "Says that a technician has a skill, and until when.";
    type Output = TechnicianSkilled;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.technician_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<TechnicianSkilled, Stop> {
        let expires_on = self.expires_on.map(|day| clock::checked_day("skill.expires_on", day)).transpose()?;
        let technician: Technician = work.require(self.technician_id)?;
        let skill: Skill = work.require(self.skill_id)?;
        if !skill.active {
            let message = "This skill is no longer in use. Please choose another.";
            return Err(Rejection::conflict("skill.inactive", message).into());
        }
        let present: Vec<TechnicianSkill> = work.find(TechnicianSkill::BY_TECHNICIAN, vec![technician.id.into()])?;
        if let Some(own) = present.iter().find(|own| own.skill_id == skill.id) {
            work.update(&TechnicianSkill { expires_on, ..own.clone() })?;
            return Ok(TechnicianSkilled { technician_skill_id: own.id });
        }
        if present.len() >= SKILLS_PER_TECHNICIAN {
            let message = format!("A technician can have at most {SKILLS_PER_TECHNICIAN} skills.");
            return Err(Rejection::conflict("skill.too_many", message).into());
        }
        let id = ctx.derive_id("technician_skill");
        work.insert(&TechnicianSkill {
            id,
            rev: UNSAVED,
            technician_id: technician.id,
            branch_id: technician.branch_id,
            skill_id: skill.id,
            expires_on,
        })?;
        Ok(TechnicianSkilled { technician_skill_id: id })
    }
}

/// Says that a technician has a skill no longer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RevokeSkill {
    /// Who.
    pub technician_id: Id<Technician>,
    /// What.
    pub skill_id: Id<Skill>,
}

/// The technician has the skill no longer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SkillRevoked {}

impl Mutation for RevokeSkill {
    const NAME: &'static str = "technician/v1/revokeSkill";
    const SUMMARY: &'static str = "Says that a technician has a skill no longer.";
    type Output = SkillRevoked;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.technician_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<SkillRevoked, Stop> {
        work.require(self.technician_id)?;
        let present: Vec<TechnicianSkill> =
            work.find(TechnicianSkill::BY_TECHNICIAN, vec![self.technician_id.into()])?;
        let Some(own) = present.iter().find(|own| own.skill_id == self.skill_id) else {
            let message = "The technician does not have this skill.";
            return Err(Rejection::not_found("technician_skill.not_found", message).into());
        };
        work.delete(own.id)?;
        Ok(SkillRevoked {})
    }
}
