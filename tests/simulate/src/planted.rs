//! Bugs planted to see whether the simulator finds them.
//!
//! Some mistakes are none here, because something else makes up for them, and are not planted: wire numbers that are given
//! anew for every send are put right by `SEQUENCE_GAP` and the keys; a push that is answered and then lost in a crash is
//! fed again by its phone, so that an answer before the commit is found only where the commit decides otherwise.

use satchel_client::simulation::Bug as PhoneBug;

use crate::server::Bug as ServerBug;

/// A bug, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    /// In the client core, behind its feature `simulation`.
    Phone(PhoneBug),
    /// In the server of the simulator.
    Server(ServerBug),
}

impl Planted {
    /// All there are.
    pub const ALL: [Self; 15] = [
        Self::Phone(PhoneBug::TapNotSynced),
        Self::Phone(PhoneBug::ResetClearsQueue),
        Self::Phone(PhoneBug::VerdictWithoutKey),
        Self::Phone(PhoneBug::RenewalDropsKeys),
        Self::Phone(PhoneBug::PageWithoutStaging),
        Self::Phone(PhoneBug::NoBaseImage),
        Self::Phone(PhoneBug::ManifestIgnored),
        Self::Server(ServerBug::LedgerSkipped),
        Self::Server(ServerBug::AnsweredBeforeCommit),
        Self::Server(ServerBug::CursorBySequence),
        Self::Server(ServerBug::RestartIgnored),
        Self::Server(ServerBug::WakeLost),
        Self::Server(ServerBug::LeaveForgotten),
        Self::Server(ServerBug::RowsUnfiltered),
        Self::Server(ServerBug::RestoreIgnored),
    ];

    pub(crate) fn on_phone(self) -> Option<PhoneBug> {
        match self {
            Self::Phone(bug) => Some(bug),
            Self::Server(_) => None,
        }
    }

    pub(crate) fn on_server(self) -> Option<ServerBug> {
        match self {
            Self::Server(bug) => Some(bug),
            Self::Phone(_) => None,
        }
    }

    /// By its name, as `--plant` takes it.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|planted| planted.to_string() == name)
    }
}

impl std::fmt::Display for Planted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Phone(bug) => write!(f, "{bug:?}"),
            Self::Server(bug) => write!(f, "{bug:?}"),
        }
    }
}
