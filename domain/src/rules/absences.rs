//! Absences: which count, and how one is asked for and answered.

use jiff::{SignedDuration, Timestamp};
use satchel_protocol::{Field, Id, Rejection, Stop, Workspace, workspace::Range};

use super::{
    clock,
    limits::ABSENCE_DAYS,
    state_machine::{Move, StateMachine},
};
use crate::tables::{Absence, AbsenceKind, AbsenceState, Technician};

/// The longest absence.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(ABSENCE_DAYS * 24);

/// What somebody wants of an absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Grant it.
    Approve,
    /// Say no.
    Decline,
    /// Take it back.
    Cancel,
}

/// One allowed move.
#[derive(Debug, PartialEq, Eq)]
pub struct Transition {
    /// Where the absence stands.
    pub from: AbsenceState,
    /// What is wanted.
    pub intent: Intent,
    /// Where it stands then.
    pub to: AbsenceState,
}

const fn allow(from: AbsenceState, intent: Intent, to: AbsenceState) -> Transition {
    Transition { from, intent, to }
}

/// Every allowed move.
pub static TRANSITIONS: &[Transition] = &[
    allow(AbsenceState::Requested, Intent::Approve, AbsenceState::Approved),
    allow(AbsenceState::Requested, Intent::Decline, AbsenceState::Declined),
    allow(AbsenceState::Requested, Intent::Cancel, AbsenceState::Canceled),
    allow(AbsenceState::Approved, Intent::Cancel, AbsenceState::Canceled),
];

impl Intent {
    /// What happens to the absence, after "an absence can be".
    pub fn participle(self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::Decline => "declined",
            Self::Cancel => "canceled",
        }
    }
}

/// For the documentation.
pub const MACHINE: StateMachine = StateMachine {
    table: "absence",
    about: "A technician asks, and may take the question back until it is answered; the office answers, and may take a \
            granted absence back.",
    states: || AbsenceState::ALL.iter().map(ToString::to_string).collect(),
    moves: || {
        let told = |step: &Transition| Move::new(&step.from, step.intent.participle(), &step.to);
        TRANSITIONS.iter().map(told).collect()
    },
};

/// Where `intent` leads from `from`; refuses with `absence.state`.
pub fn next(from: &AbsenceState, intent: Intent) -> Result<AbsenceState, Rejection> {
    match TRANSITIONS.iter().find(|step| step.from == *from && step.intent == intent) {
        Some(step) => Ok(step.to.clone()),
        None => {
            let message = format!("This absence was {from}, so it cannot be {} any more.", intent.participle());
            Err(Rejection::conflict("absence.state", message))
        }
    }
}

/// Whether dispatchers are warned of it: granted, or an illness nobody has judged yet.
pub fn counts(absence: &Absence) -> bool {
    match absence.state {
        AbsenceState::Approved => true,
        AbsenceState::Requested => absence.kind == AbsenceKind::Sick,
        _ => false,
    }
}

/// A stretch of absence in microseconds: it ends after it starts, lasts at most [`LONGEST`], and lies in the years 2000
/// to 2100.
pub fn stretch(starts_at: Timestamp, ends_at: Timestamp) -> Result<(Timestamp, Timestamp), Rejection> {
    let (starts_at, ends_at) = (clock::in_micros(starts_at), clock::in_micros(ends_at));
    let refuse = |reason, message: String| Err(Rejection::bad_request(reason, message));
    if !clock::plausible(starts_at) || !clock::plausible(ends_at) {
        return refuse("absence.date", "The absence must lie in the years 2000 to 2100.".to_owned());
    }
    if ends_at <= starts_at {
        return refuse("absence.order", "The absence must end after it starts.".to_owned());
    }
    if starts_at.duration_until(ends_at) > LONGEST {
        return refuse("absence.length", format!("An absence can be at most {ABSENCE_DAYS} days long."));
    }
    Ok((starts_at, ends_at))
}

/// The technician's absences, of whatever state, that share an instant with `from..until`.
pub fn overlapping(
    work: &mut Workspace,
    technician: Id<Technician>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Absence>, Stop> {
    // No absence is longer than LONGEST, so whatever overlaps started inside this range.
    let range = Range { from: from.checked_sub(LONGEST).unwrap_or(from).to_cell(), until: until.to_cell() };
    let mut near: Vec<Absence> = work.find_in(Absence::BY_TECHNICIAN, vec![technician.into()], Some(range))?;
    near.retain(|absence| absence.starts_at < until && from < absence.ends_at);
    Ok(near)
}
