//! `time/v1/start`.

use jiff::SignedDuration;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::require_own;
use crate::{
    rules::{clock, time},
    tables::{Job, Technician, TimeEntry, TimeKind, Visit},
};

/// Starts tracking a technician's time, at the time of the tap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StartTime {
    /// Id of the new entry, made by the caller.
    pub entry_id: Id<TimeEntry>,
    /// Whose time; technicians track their own.
    pub technician_id: Id<Technician>,
    /// What it is spent on.
    pub kind: TimeKind,
    /// The job it is booked on; must be given with a visit.
    #[serde(default)]
    pub job_id: Option<Id<Job>>,
    /// The visit it is booked on.
    #[serde(default)]
    pub visit_id: Option<Id<Visit>>,
}

/// Time is running.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TimeStarted {
    /// The new entry.
    pub entry_id: Id<TimeEntry>,
    /// Whether it overlaps another entry of the technician.
    pub overlaps: bool,
}

impl Mutation for StartTime {
    const NAME: &'static str = "time/v1/start";
    const SUMMARY: &'static str = "Starts tracking a technician's time.";
    type Output = TimeStarted;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.technician_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<TimeStarted, Stop> {
        require_own(ctx, self.technician_id)?;
        if let TimeKind::Unknown(_) = self.kind {
            let message = "Please choose one of travel, work and break.";
            return Err(Rejection::bad_request("time.kind", message).into());
        }
        let started_at = clock::acted_at(ctx);
        let technician: Technician = work.require(self.technician_id)?;
        self.require_place(work)?;
        let latest = started_at.checked_add(time::LONGEST).unwrap_or(started_at);
        let others = time::near(work, technician.id, started_at, latest)?;
        if others.iter().any(|other| other.ended_at.is_none()) {
            let message = "Time is already running. Please stop it first, then start again.";
            return Err(Rejection::conflict("time.running", message).into());
        }
        // Whether it overlaps what comes later shows when it is stopped.
        let at_once = started_at.checked_add(SignedDuration::from_micros(1)).unwrap_or(started_at);
        let overlaps = time::flag_overlaps(work, others, started_at, at_once)?;
        work.insert(&TimeEntry {
            id: self.entry_id,
            rev: UNSAVED,
            technician_id: technician.id,
            branch_id: technician.branch_id,
            job_id: self.job_id,
            visit_id: self.visit_id,
            kind: self.kind.clone(),
            started_at,
            ended_at: None,
            overlaps,
            started_device_clock: clock::claimed(ctx),
            ended_device_clock: None,
        })?;
        Ok(TimeStarted { entry_id: self.entry_id, overlaps })
    }
}

impl StartTime {
    /// The job and visit must be there and belong together. An ended visit still takes time: the way back counts.
    fn require_place(&self, work: &mut Workspace) -> Result<(), Stop> {
        let Some(job) = self.job_id else {
            if self.visit_id.is_none() {
                return Ok(());
            }
            return Err(Rejection::bad_request("time.job_missing", "Time on a visit must name its job.").into());
        };
        work.require(job)?;
        let Some(visit) = self.visit_id else { return Ok(()) };
        let visit: Visit = work.require(visit)?;
        if visit.job_id != job {
            return Err(Rejection::bad_request("visit.other_job", "This visit belongs to another job.").into());
        }
        Ok(())
    }
}
