//! Answering an absence: `technician/v1/approveAbsence`, `declineAbsence`, `cancelAbsence`.

use satchel_protocol::{Ctx, Field, Id, Mutation, Rejection, RowKey, Stop, Workspace, workspace::Range};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::require_own;
use crate::{
    roles::Actor,
    rules::{
        absences::{self, Intent},
        clock,
        window::{LONGEST, Window},
    },
    tables::{Absence, AbsenceState, Assignment, Technician},
};

/// Where the absence stands.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AbsenceAnswered {
    /// The absence's state now.
    pub state: AbsenceState,
    /// Open visits of the technician in that time, which the office should give to somebody else.
    pub open_visits: usize,
}

/// Grants time away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ApproveAbsence {
    /// Who asked.
    pub technician_id: Id<Technician>,
    /// What was asked for.
    pub absence_id: Id<Absence>,
}

impl Mutation for ApproveAbsence {
    const NAME: &'static str = "technician/v1/approveAbsence";
    const SUMMARY: &'static str = "Grants time away, and tells how many visits are in its way.";
    // A phone does not hold another technician's plan.
    const SERVER_ONLY: bool = true;
    type Output = AbsenceAnswered;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.technician_id), RowKey::of(self.absence_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<AbsenceAnswered, Stop> {
        let absence = answer(ctx, work, self.technician_id, self.absence_id, Intent::Approve)?;
        let away = Window { start: absence.starts_at, end: absence.ends_at };
        // No window is longer than LONGEST, so whatever overlaps started inside this range.
        let from = away.start.checked_sub(LONGEST).unwrap_or(away.start);
        let range = Range { from: from.to_cell(), until: away.end.to_cell() };
        let near: Vec<Assignment> =
            work.find_in(Assignment::BY_TECHNICIAN, vec![self.technician_id.into()], Some(range))?;
        let in_the_way = |other: &&Assignment| {
            other.open && away.overlaps(&Window { start: other.window_start, end: other.window_end })
        };
        Ok(AbsenceAnswered { state: absence.state, open_visits: near.iter().filter(in_the_way).count() })
    }
}

/// Does not grant time away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeclineAbsence {
    /// Who asked.
    pub technician_id: Id<Technician>,
    /// What was asked for.
    pub absence_id: Id<Absence>,
}

impl Mutation for DeclineAbsence {
    const NAME: &'static str = "technician/v1/declineAbsence";
    const SUMMARY: &'static str = "Does not grant time away.";
    type Output = AbsenceAnswered;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.technician_id), RowKey::of(self.absence_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<AbsenceAnswered, Stop> {
        let absence = answer(ctx, work, self.technician_id, self.absence_id, Intent::Decline)?;
        Ok(AbsenceAnswered { state: absence.state, open_visits: 0 })
    }
}

/// Takes an absence back: the technician while nobody has answered, the office also later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CancelAbsence {
    /// Whose it is; technicians take back their own.
    pub technician_id: Id<Technician>,
    /// What is taken back.
    pub absence_id: Id<Absence>,
}

impl Mutation for CancelAbsence {
    const NAME: &'static str = "technician/v1/cancelAbsence";
    const SUMMARY: &'static str = "Takes an absence back.";
    type Output = AbsenceAnswered;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.technician_id), RowKey::of(self.absence_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<AbsenceAnswered, Stop> {
        let actor = require_own(ctx, self.technician_id)?;
        let absence: Absence = work.require(self.absence_id)?;
        if actor != Actor::Planner && absence.state == AbsenceState::Approved {
            let message = "This absence was granted. Please ask your dispatcher to take it back.";
            return Err(Rejection::forbidden("absence.granted", message).into());
        }
        let absence = answer(ctx, work, self.technician_id, self.absence_id, Intent::Cancel)?;
        Ok(AbsenceAnswered { state: absence.state, open_visits: 0 })
    }
}

/// Moves the absence, which must be of that technician.
fn answer(
    ctx: &Ctx,
    work: &mut Workspace,
    technician: Id<Technician>,
    id: Id<Absence>,
    intent: Intent,
) -> Result<Absence, Stop> {
    let mut absence: Absence = work.require(id)?;
    if absence.technician_id != technician {
        let message = "This absence belongs to another technician.";
        return Err(Rejection::bad_request("absence.other_technician", message).into());
    }
    absence.state = absences::next(&absence.state, intent)?;
    absence.decided_by = Some(ctx.user_id);
    absence.decided_at = Some(clock::acted_at(ctx));
    work.update(&absence)?;
    Ok(absence)
}
