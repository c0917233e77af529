//! The simulator's own record of everything tapped, and the judgement over it.

use std::collections::BTreeMap;

use satchel_protocol::Mutation as _;
use satchel_trade::Add;
use uuid::Uuid;

/// Something entered on a phone and reported as done.
#[derive(Clone, Debug)]
pub struct Tap {
    /// On which phone.
    pub phone: usize,
    /// By whom.
    pub user_id: Uuid,
    /// What.
    pub what: String,
    /// Units it adds to a meter.
    pub units: i64,
    /// When.
    pub at_ms: u64,
    /// Taken back, or tried again under another key.
    pub put_away: bool,
    /// Another file may hold it as well: what is put away here may still be sent from there.
    pub copied: bool,
    /// It was only in a file that was exchanged for an older one.
    pub excused: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Record {
    /// By key.
    pub taps: BTreeMap<Uuid, Tap>,
    /// What somebody else sent in a phone's name.
    pub forged: Vec<Uuid>,
    /// Units ever entered into the meter of each project, by anybody.
    pub units: BTreeMap<Uuid, i64>,
}

impl Record {
    /// Somebody enters something. How many units it adds to a meter is returned.
    pub fn entered(&mut self, name: &str, args: &str) -> i64 {
        let add = (name == Add::NAME).then(|| serde_json::from_str::<Add>(args).expect("its arguments"));
        let Some(add) = add else { return 0 };
        *self.units.entry(add.id).or_default() += add.units;
        add.units
    }
}

/// Which promise was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Promise {
    /// Something entered is nowhere any more, or was refused without anybody being told.
    Lost,
    /// Something took effect more than once.
    Doubled,
    /// Something waits for ever.
    Wedged,
    /// A phone does not show what the server has.
    Diverged,
    /// A phone got what its user may not see.
    Leaked,
    /// Recovery took longer than promised: judged by the full gear, which has a real clock.
    Late,
    /// Code gave up.
    Panicked,
}

impl Promise {
    /// Those of the fast gear.
    pub const ALL: [Self; 6] = [Self::Lost, Self::Doubled, Self::Wedged, Self::Diverged, Self::Leaked, Self::Panicked];
    /// Those of the full gear.
    pub const FULL: [Self; 7] =
        [Self::Lost, Self::Doubled, Self::Wedged, Self::Diverged, Self::Leaked, Self::Late, Self::Panicked];

    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Doubled => "doubled",
            Self::Wedged => "wedged",
            Self::Diverged => "diverged",
            Self::Leaked => "leaked",
            Self::Late => "late",
            Self::Panicked => "panicked",
        }
    }
}

/// A broken promise.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Which.
    pub promise: Promise,
    /// How, for whoever repairs it.
    pub how: String,
}

impl Broken {
    /// One.
    pub fn new(promise: Promise, how: impl Into<String>) -> Self {
        Self { promise, how: how.into() }
    }
}
