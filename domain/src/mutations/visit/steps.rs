//! A visit's way to its end, by the technician or by the office for them: `visit/v1/accept`, `decline`, `travel`,
//! `arrive`, `pause`, `resume`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reason;
use crate::{
    rules::{
        limits,
        scene::{self, Scene},
        step::{self, VisitMoved},
        visit_state::Intent,
    },
    tables::{Job, Visit},
};

/// Declares the mutation of one [`Intent`]; all of them take the same arguments.
macro_rules! step {
    ($(#[$meta:meta])* $name:ident, $path:literal, $summary:literal, $intent:expr) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        pub struct $name {
            /// The job the visit belongs to.
            pub job_id: Id<Job>,
            /// The visit.
            pub visit_id: Id<Visit>,
            /// Why, if there is something to tell; at most 2,000 characters.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(length(max = limits::REASON_CHARS))]
            pub reason: Option<String>,
        }

        impl Mutation for $name {
            const NAME: &'static str = $path;
            const SUMMARY: &'static str = $summary;
            type Output = VisitMoved;

            fn roots(&self) -> Vec<RowKey> {
                scene::roots(self.job_id, self.visit_id)
            }

            fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<VisitMoved, Stop> {
                let scene = Scene::of(ctx, work, self.job_id, self.visit_id)?;
                step::take(ctx, work, scene, $intent, reason(self.reason.as_deref())?)
            }
        }
    };
}

step!(
    /// Says yes to a visit.
    AcceptVisit, "visit/v1/accept", "Accepts a dispatched visit.", Intent::Accept
);
step!(
    /// Says no to a visit; the office plans it again.
    DeclineVisit, "visit/v1/decline", "Declines a visit, which goes back to scheduled.", Intent::Decline
);
step!(
    /// Sets out to a visit.
    TravelToVisit, "visit/v1/travel", "Sets out to an accepted visit.", Intent::Travel
);
step!(
    /// Arrives and starts work.
    ArriveAtVisit, "visit/v1/arrive", "Arrives at a visit and starts work.", Intent::Arrive
);
step!(
    /// Interrupts work.
    PauseVisit, "visit/v1/pause", "Interrupts work on a visit.", Intent::Pause
);
step!(
    /// Goes on with work.
    ResumeVisit, "visit/v1/resume", "Goes on with a paused visit.", Intent::Resume
);
