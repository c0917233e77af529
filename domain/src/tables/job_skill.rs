//! What a job asks for.

use satchel_protocol::{Id, record};

use super::{Branch, Job, Skill};

record! {
    /// A [`Skill`] that whoever goes to the job should have.
    pub struct JobSkill in "job_skill" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// What it asks for.
        pub skill_id: Id<Skill>,
    }
    scope: "job_id";
    index BY_JOB = "job_skill.by_job" on ["job_id"];
}
