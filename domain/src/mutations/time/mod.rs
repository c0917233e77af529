//! Time tracking: `time/v1/...`.

mod start;
mod stop;

pub use start::{StartTime, TimeStarted};
pub use stop::{StopTime, TimeStopped};

use satchel_protocol::{Ctx, Id, Rejection};

use crate::{roles::Actor, tables::Technician};

/// Refuses to book another technician's time; planners may book anybody's.
fn require_own(ctx: &Ctx, technician: Id<Technician>) -> Result<(), Rejection> {
    if Actor::of(ctx)?.acts_for(technician) {
        return Ok(());
    }
    Err(Rejection::forbidden("time.not_own", "You can only track your own time."))
}
