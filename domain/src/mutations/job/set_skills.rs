//! `job/v1/setSkills`.

use std::collections::BTreeSet;

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::require_changeable;
use crate::{
    rules::limits::SKILLS_PER_JOB,
    tables::{Job, JobSkill, Skill},
};

/// Says which skills a job asks for, all of them. Bookings made earlier stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetJobSkills {
    /// The job.
    pub job_id: Id<Job>,
    /// Skills in use; at most 20.
    pub skill_ids: Vec<Id<Skill>>,
}

/// What the job asks for now.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct JobSkillsSet {
    /// How many skills.
    pub skills: usize,
}

impl Mutation for SetJobSkills {
    const NAME: &'static str = "job/v1/setSkills";
    const SUMMARY: &'static str = "Says which skills a job asks for.";
    type Output = JobSkillsSet;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.job_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<JobSkillsSet, Stop> {
        if self.skill_ids.len() > SKILLS_PER_JOB {
            let message = format!("A job can ask for at most {SKILLS_PER_JOB} skills.");
            return Err(Rejection::bad_request("job.too_many_skills", message).into());
        }
        let job: Job = work.require(self.job_id)?;
        require_changeable(&job)?;
        let mut wanted: BTreeSet<Id<Skill>> = self.skill_ids.iter().copied().collect();
        let skills = wanted.len();
        let present: Vec<JobSkill> = work.find(JobSkill::BY_JOB, vec![job.id.into()])?;
        for asked in present {
            if !wanted.remove(&asked.skill_id) {
                work.delete(asked.id)?;
            }
        }
        for skill_id in wanted {
            if !work.require(skill_id)?.active {
                let message = "This skill is no longer in use. Please choose another.";
                return Err(Rejection::conflict("skill.inactive", message).into());
            }
            work.insert(&JobSkill {
                id: ctx.derive_id(&format!("job_skill/{skill_id}")),
                rev: UNSAVED,
                job_id: job.id,
                branch_id: job.branch_id,
                skill_id,
            })?;
        }
        Ok(JobSkillsSet { skills })
    }
}
