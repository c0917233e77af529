//! A job's state follows from its visits; what does not, the office decides, along [`TRANSITIONS`].

use satchel_protocol::{Rejection, Stop, Workspace};

use super::{
    contracts,
    state_machine::{Move, StateMachine},
    visit_state::{is_open, is_under_way},
};
use crate::tables::{Job, JobState, Visit, VisitState};

/// What the office wants of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// It is written to the end.
    Release,
    /// It is settled.
    Close,
    /// It was settled too early.
    Reopen,
    /// Call it off.
    Cancel,
}

/// One move the office may make.
#[derive(Debug, PartialEq, Eq)]
pub struct Transition {
    /// Where the job stands.
    pub from: JobState,
    /// What is wanted.
    pub intent: Intent,
    /// Where it stands then.
    pub to: JobState,
}

const fn allow(from: JobState, intent: Intent, to: JobState) -> Transition {
    Transition { from, intent, to }
}

/// Every move the office may make. Which of its two ways a reopened job goes, its visits decide.
pub static TRANSITIONS: &[Transition] = &[
    allow(JobState::Draft, Intent::Release, JobState::Unscheduled),
    allow(JobState::Draft, Intent::Cancel, JobState::Canceled),
    allow(JobState::Unscheduled, Intent::Close, JobState::Closed),
    allow(JobState::Unscheduled, Intent::Cancel, JobState::Canceled),
    allow(JobState::Scheduled, Intent::Cancel, JobState::Canceled),
    allow(JobState::InProgress, Intent::Cancel, JobState::Canceled),
    allow(JobState::Completed, Intent::Close, JobState::Closed),
    allow(JobState::Closed, Intent::Reopen, JobState::Completed),
    allow(JobState::Closed, Intent::Reopen, JobState::Unscheduled),
];

impl Intent {
    /// What happens to the job, after "a job can be".
    pub fn participle(self) -> &'static str {
        match self {
            Self::Release => "released",
            Self::Close => "closed",
            Self::Reopen => "reopened",
            Self::Cancel => "canceled",
        }
    }
}

/// For the documentation.
pub const MACHINE: StateMachine = StateMachine {
    table: "job",
    about: "A job's state follows from its visits. The office releases, closes, reopens and cancels; a job that is \
            closed or canceled no longer follows.",
    states: || JobState::ALL.iter().map(ToString::to_string).collect(),
    moves: || {
        let situations: [(&str, &[VisitState]); 5] = [
            ("a technician is on the way or at work", &[VisitState::Traveling]),
            ("a visit is planned, and nobody is on the way", &[VisitState::Scheduled]),
            ("no visit is open, and the newest is completed", &[VisitState::Completed]),
            ("no visit is open, and the newest left work undone", &[VisitState::PartiallyCompleted]),
            ("every visit was canceled", &[VisitState::Canceled]),
        ];
        let mut moves = Vec::new();
        for from in JobState::ALL {
            for transition in TRANSITIONS.iter().filter(|transition| transition.from == *from) {
                moves.push(Move::new(from, transition.intent.participle(), &transition.to));
            }
            for (what, visits) in situations {
                let to = follow(from, visits);
                if to != *from {
                    moves.push(Move::new(from, what, &to));
                }
            }
        }
        moves
    },
};

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
        store(work, job, state.clone())?;
    }
    Ok(state)
}

/// Writes the job at a new state, and what hangs on it: the visit that a maintenance contract owes.
pub fn store(work: &mut Workspace, job: &mut Job, state: JobState) -> Result<(), Stop> {
    let before = std::mem::replace(&mut job.state, state);
    work.update(job)?;
    // Between open states nothing follows, and most steps need not ask.
    let decides = |state: &JobState| matches!(state, JobState::Completed | JobState::Closed | JobState::Canceled);
    if decides(&before) || decides(&job.state) {
        contracts::owed::follow(work, job)?;
    }
    Ok(())
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
