//! Many phones: the real client core over real files and real sockets, carried through technicians' days at a speed-up,
//! on networks as bad as one likes; and the proof that nothing tapped was lost, doubled, leaked or left different.
//!
//! Invariants:
//! - What is done, when, and on what network follows from the seed; how long it takes, from the machine.
//! - What was tapped is recorded here, when the phone said that it is durable, and the proof is held against that record.
//! - Every wait has a bound; who does not come to rest within it is stuck, which is a failure.

mod air;
mod clock;
mod dispatcher;
mod effects;
mod fleet;
mod limits;
mod metrics;
pub mod options;
mod phone;
pub mod plan;
mod progress;
mod proof;
pub mod record;
mod site;
mod summary;
mod technician;
mod watch;

pub use fleet::{Fleet, Life};
pub use options::Options;
pub use progress::Progress;
pub use proof::Proof;
pub use summary::Summary;
