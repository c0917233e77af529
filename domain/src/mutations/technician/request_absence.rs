//! `technician/v1/requestAbsence`.

use jiff::Timestamp;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::require_own;
use crate::{
    rules::{absences, limits, text},
    tables::{Absence, AbsenceKind, AbsenceState, Technician},
};

/// Asks for time away. An illness warns dispatchers at once, all else when it is granted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RequestAbsence {
    /// Id of the new absence, made by the caller.
    pub absence_id: Id<Absence>,
    /// Who is away; technicians ask for themselves.
    pub technician_id: Id<Technician>,
    /// Why.
    pub kind: AbsenceKind,
    /// First instant away.
    pub starts_at: Timestamp,
    /// First instant back: after its start, at most 366 days later.
    pub ends_at: Timestamp,
    /// What there is to say; at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::REASON_CHARS))]
    pub note: Option<String>,
}

/// The question was put.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AbsenceRequested {
    /// The new absence.
    pub absence_id: Id<Absence>,
    /// Where it stands.
    pub state: AbsenceState,
}

impl Mutation for RequestAbsence {
    const NAME: &'static str = "technician/v1/requestAbsence";
    const SUMMARY: &'static str = "Asks for time away from work.";
    type Output = AbsenceRequested;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.technician_id), RowKey::of(self.absence_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<AbsenceRequested, Stop> {
        require_own(ctx, self.technician_id)?;
        if let AbsenceKind::Unknown(_) = self.kind {
            let message = "Please choose one of pto, sick, training and other.";
            return Err(Rejection::bad_request("absence.kind", message).into());
        }
        let (starts_at, ends_at) = absences::stretch(self.starts_at, self.ends_at)?;
        let note = text::optional("absence.note", "the note", self.note.as_deref(), limits::REASON_CHARS)?;
        let technician: Technician = work.require(self.technician_id)?;
        let same_time = absences::overlapping(work, technician.id, starts_at, ends_at)?;
        let standing = |other: &Absence| matches!(other.state, AbsenceState::Requested | AbsenceState::Approved);
        if same_time.iter().any(standing) {
            let message =
                "There already is an absence in this time. Please take it back first, or choose another time.";
            return Err(Rejection::conflict("absence.overlap", message).into());
        }
        work.insert(&Absence {
            id: self.absence_id,
            rev: UNSAVED,
            technician_id: technician.id,
            branch_id: technician.branch_id,
            kind: self.kind.clone(),
            state: AbsenceState::Requested,
            starts_at,
            ends_at,
            note,
            requested_by: ctx.user_id,
            decided_by: None,
            decided_at: None,
        })?;
        Ok(AbsenceRequested { absence_id: self.absence_id, state: AbsenceState::Requested })
    }
}
