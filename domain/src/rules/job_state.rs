//! A job's state follows from its visits.

use satchel_protocol::{Rejection, Stop, Workspace};

use super::visit_state::{is_open, is_under_way};
use crate::tables::{Job, JobState, Visit, VisitState};

/// The state of a job that stands at `current` and has these visits, oldest first.
///
/// - Closed and canceled stay: only the office leaves them.
/// - Somebody on the way or at work: in progress.
/// - Else a visit still open: scheduled.
/// - Else the newest visit that was not called off decides: completed if it was, else another one is needed.
/// - No such visit: as it was written, a draft or unscheduled.
pub fn follow(current: &JobState, visits: &[VisitState]) -> JobState {
    if matches!(current, JobState::Closed | JobState::Canceled) {
        return current.clone();
    }
    if visits.iter().any(is_under_way) {
        return JobState::InProgress;
    }
    if visits.iter().any(is_open) {
        return JobState::Scheduled;
    }
    match visits.iter().rfind(|state| **state != VisitState::Canceled) {
        Some(VisitState::Completed) => JobState::Completed,
        None if *current == JobState::Draft => JobState::Draft,
        _ => JobState::Unscheduled,
    }
}

/// Brings the job's state in step with its visits as the workspace has them, and tells it.
pub fn refresh(work: &mut Workspace, job: &mut Job) -> Result<JobState, Stop> {
    // Ids carry their time of creation, so id order is oldest first.
    let visits: Vec<Visit> = work.find(Visit::BY_JOB, vec![job.id.into()])?;
    let states: Vec<VisitState> = visits.into_iter().map(|visit| visit.state).collect();
    let state = follow(&job.state, &states);
    if state != job.state {
        job.state = state.clone();
        work.update(job)?;
    }
    Ok(state)
}

/// Refuses with `reason` when the job was called off or settled; `wanted` completes "so ... ".
pub fn require_open(job: &Job, reason: &str, wanted: &str) -> Result<(), Rejection> {
    let what = match job.state {
        JobState::Canceled => "was canceled",
        JobState::Closed => "has been closed by the office",
        _ => return Ok(()),
    };
    Err(Rejection::conflict(reason, format!("This job {what}, so {wanted}. If work was done, please tell the office.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_follows_from_the_visits() {
        use VisitState as V;
        let cases: &[(&[V], JobState)] = &[
            (&[], JobState::Unscheduled),
            (&[V::Canceled], JobState::Unscheduled),
            (&[V::Scheduled], JobState::Scheduled),
            (&[V::Completed, V::Accepted], JobState::Scheduled),
            (&[V::Scheduled, V::Paused], JobState::InProgress),
            (&[V::Completed], JobState::Completed),
            (&[V::PartiallyCompleted, V::Completed, V::Canceled], JobState::Completed),
            (&[V::Completed, V::CannotComplete], JobState::Unscheduled),
        ];
        for (visits, state) in cases {
            assert_eq!(follow(&JobState::Scheduled, visits), *state, "{visits:?}");
            assert_eq!(follow(&JobState::Canceled, visits), JobState::Canceled);
            assert_eq!(follow(&JobState::Closed, visits), JobState::Closed);
        }
        assert_eq!(follow(&JobState::Draft, &[V::Canceled]), JobState::Draft);
        assert_eq!(follow(&JobState::Draft, &[V::Scheduled]), JobState::Scheduled);
    }
}
