//! `time/v1/stop`.

use jiff::Timestamp;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::require_own;
use crate::{
    rules::{clock, time},
    tables::{Technician, TimeEntry},
};

/// Stops tracking time, at the time of the tap or, where stopping was forgotten, at an earlier one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StopTime {
    /// The running entry.
    pub entry_id: Id<TimeEntry>,
    /// Whose time; technicians track their own.
    pub technician_id: Id<Technician>,
    /// When it really ended, if not now: after the start, not in the future. What then lasted too long was started by a
    /// wrong clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

/// Time was stopped.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TimeStopped {
    /// How long it ran, in whole seconds.
    pub duration_s: i64,
    /// Whether it overlaps another entry of the technician; accepted, and flagged for the office.
    pub overlaps: bool,
}

impl Mutation for StopTime {
    const NAME: &'static str = "time/v1/stop";
    const SUMMARY: &'static str = "Stops tracking a technician's time.";
    type Output = TimeStopped;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.technician_id), RowKey::of(self.entry_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<TimeStopped, Stop> {
        require_own(ctx, self.technician_id)?;
        let now = clock::acted_at(ctx);
        let mut entry: TimeEntry = work.require(self.entry_id)?;
        let refuse = |reason, message| Err(Rejection::conflict(reason, message).into());
        if entry.technician_id != self.technician_id {
            return refuse("time.other_technician", "This time entry belongs to another technician.");
        }
        if entry.ended_at.is_some() {
            return refuse("time.stopped", "This time entry was already stopped.");
        }
        let mut ended_at = self.ended_at.map_or(now, clock::in_micros);
        if ended_at > now {
            return refuse("time.stop_in_future", "Time cannot be stopped in the future.");
        }
        if ended_at < entry.started_at {
            if self.ended_at.is_some() {
                return refuse("time.stop_before_start", "Time cannot be stopped before it was started.");
            }
            // A clock was set back meanwhile: it ran, nobody knows for how long.
            ended_at = entry.started_at;
            work.flag("time.stopped_before_start");
        }
        if entry.started_at.duration_until(ended_at) > time::LONGEST {
            if self.ended_at.is_none() {
                let message = "This has been running for over a week. Please say when it really ended.";
                return refuse("time.too_long", message);
            }
            // Asked and answered: it is the start that cannot be.
            entry.started_at = ended_at;
            work.flag("time.started_too_early");
        }
        let duration = entry.started_at.duration_until(ended_at);
        let mut others = time::near(work, entry.technician_id, entry.started_at, ended_at)?;
        others.retain(|other| other.id != entry.id);
        entry.overlaps |= time::flag_overlaps(work, others, entry.started_at, ended_at)?;
        entry.ended_at = Some(ended_at);
        entry.ended_device_clock = clock::claimed(ctx).filter(|_| self.ended_at.is_none());
        work.update(&entry)?;
        Ok(TimeStopped { duration_s: duration.as_secs(), overlaps: entry.overlaps })
    }
}
