//! What happens in a history of real processes, and when. Made from a seed; the processes' own schedule is not in it.
//!
//! Invariant: a step means the same whichever others are left out.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

/// Milliseconds within which the steps of a history fall.
pub const SPAN_MS: u64 = 4_500;
/// Technicians of every history.
pub const TECHNICIANS: u8 = 2;

/// Everything that is done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What it was made from.
    pub seed: u64,
    /// Whose each phone is, by place among the technicians.
    pub owners: Vec<u8>,
    /// Things go wrong before the first sync is over.
    pub early: bool,
    /// Steps with their time in milliseconds, ascending.
    pub steps: Vec<(u64, Step)>,
}

/// What a technician enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The next step of a visit.
    Visit,
    /// An answer on a checklist.
    Answer,
    /// Material used.
    Material,
    /// Material corrected.
    Correction,
    /// A new note.
    Note,
    /// A sentence more on a note.
    Sentence,
    /// Time started or stopped.
    Time,
}

/// What the office does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Writes on a job.
    Job,
    /// Takes a visit from one technician and gives it to the other.
    Reassign,
    /// Starts a note on a job.
    Note,
}

/// How a wire fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// What is sent arrives when it is over.
    Stall,
    /// Connections are dead for good without either end knowing.
    Forget,
    /// Connections break, new ones are refused.
    Reset,
    /// The server hears the phone, but the phone does not hear the server.
    Deaf,
}

/// How the database is backed up and restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copy {
    /// The stopped cluster's files.
    Files,
    /// `pg_dump`, restored as another database.
    Dump,
}

/// One thing done. `luck` chooses among what is there by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A technician taps.
    Tap { phone: u8, entry: Entry, luck: u32 },
    /// The first thing on the attention list is tried again.
    Retry(u8),
    /// The last thing on the attention list is taken back.
    Undo(u8),
    /// The office does something.
    Office { errand: Errand, luck: u32 },
    /// Somebody writes with psql, in a transaction that stays open for a while.
    ByHand { luck: u32, for_ms: u64, commits: bool },
    /// `kill -9` of a phone.
    Kill { phone: u8, down_ms: u64 },
    /// `kill -9` of a phone so long after a tap was begun.
    KillInTap { phone: u8, entry: Entry, luck: u32, after_us: u64, down_ms: u64 },
    /// The system stops a phone's process for a while.
    Freeze { phone: u8, for_ms: u64 },
    /// The wire of a phone fails; `told` is whether the device notices.
    Cut { phone: u8, how: Cut, for_ms: u64, told: bool },
    /// A phone's connections break; new ones pass.
    BreakOff(u8),
    /// Everything takes longer for a while, each way.
    Delay { phone: u8, by_ms: u64, for_ms: u64 },
    /// The wire is cut after so many bytes down.
    CutInPage { phone: u8, bytes: u64, for_ms: u64 },
    /// What a phone pushes is committed, and the answer is lost.
    LoseAnswer { phone: u8, luck: u32 },
    /// No WebSocket gets through for a while.
    RefuseWebSockets { phone: u8, for_ms: u64 },
    /// No WebSocket gets through, and every push by HTTP arrives twice.
    RepeatPushes { phone: u8, for_ms: u64 },
    /// No file of a phone may grow for a while.
    FullDisk { phone: u8, for_ms: u64 },
    /// `kill -9` of the server.
    KillServer { down_ms: u64 },
    /// The server is restarted in order.
    RestartServer,
    /// The system stops the server's process for a while.
    FreezeServer { for_ms: u64 },
    /// Postgres ends as at a power failure.
    StopPostgres { down_ms: u64 },
    /// The database is backed up.
    BackUp(Copy),
    /// The database goes back to its backup.
    Restore,
    /// A phone's folder is copied while it is off, and both go on.
    Clone(u8),
    /// A phone's folder is backed up while it is off.
    SaveFolder(u8),
    /// A phone goes back to the backup of its folder.
    RestoreFolder(u8),
    /// A phone's owner is no member for a while.
    Revoke { phone: u8, for_ms: u64 },
    /// A phone is signed out by the office: somebody has to sign in.
    RevokeDevice(u8),
}

impl Step {
    /// Its name in counts; none for what is no fault.
    pub fn fault(&self) -> Option<&'static str> {
        Some(match self {
            Self::Tap { .. } | Self::Retry(_) | Self::Undo(_) | Self::BackUp(_) | Self::SaveFolder(_) => return None,
            Self::Office { errand: Errand::Reassign, .. } => "visit reassigned",
            Self::Office { .. } => return None,
            Self::ByHand { commits: true, .. } => "transaction by hand, open for a while",
            Self::ByHand { commits: false, .. } => "transaction by hand, given up",
            Self::Kill { .. } => "kill -9 of a phone",
            Self::KillInTap { .. } => "kill -9 of a phone in the middle of a tap",
            Self::Freeze { .. } => "phone frozen",
            Self::Cut { how: Cut::Stall, .. } => "partition, stalled",
            Self::Cut { how: Cut::Forget, .. } => "partition, connections dead without a word",
            Self::Cut { how: Cut::Reset, .. } => "partition, reset",
            Self::Cut { how: Cut::Deaf, .. } => "partition, one way",
            Self::BreakOff(_) => "connection broken",
            Self::Delay { .. } => "delay",
            Self::CutInPage { .. } => "cut in the middle of a page",
            Self::LoseAnswer { .. } => "lost answer after commit",
            Self::RefuseWebSockets { .. } => "WebSockets refused",
            Self::RepeatPushes { .. } => "pushes repeated by the wire",
            Self::FullDisk { .. } => "phone's files may not grow",
            Self::KillServer { .. } => "kill -9 of the server",
            Self::RestartServer => "server restarted",
            Self::FreezeServer { .. } => "server frozen",
            Self::StopPostgres { .. } => "Postgres ended at once, and restarted",
            Self::Restore => "database restored from a backup",
            Self::Clone(_) => "phone's folder copied",
            Self::RestoreFolder(_) => "phone's folder restored",
            Self::Revoke { .. } => "revoked access",
            Self::RevokeDevice(_) => "device signed out",
        })
    }
}

/// Makes plans.
struct Dice(StdRng);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0.random_range(0..end)
    }

    fn small(&mut self, end: u8) -> u8 {
        self.0.random_range(0..end)
    }

    fn luck(&mut self) -> u32 {
        self.0.random_range(0..u32::MAX)
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Mostly short, now and then beyond the end.
    fn span_ms(&mut self) -> u64 {
        match self.below(6) {
            0 => 20 + self.below(100),
            1..=3 => 100 + self.below(900),
            4 => 500 + self.below(2_000),
            _ => 2 * SPAN_MS,
        }
    }

    fn entry(&mut self) -> Entry {
        match self.below(16) {
            0..=3 => Entry::Visit,
            4..=6 => Entry::Answer,
            7..=8 => Entry::Material,
            9 => Entry::Correction,
            10 => Entry::Note,
            11..=13 => Entry::Sentence,
            _ => Entry::Time,
        }
    }

    fn tap(&mut self, phone: u8) -> Step {
        Step::Tap { phone, entry: self.entry(), luck: self.luck() }
    }

    fn errand(&mut self) -> Step {
        let errand = [Errand::Job, Errand::Job, Errand::Note, Errand::Reassign][self.below(4) as usize];
        Step::Office { errand, luck: self.luck() }
    }

    fn cut(&mut self) -> Cut {
        [Cut::Stall, Cut::Forget, Cut::Reset, Cut::Deaf][self.below(4) as usize]
    }

    fn fault(&mut self, phones: u8) -> Step {
        let phone = self.small(phones);
        match self.below(60) {
            0..=3 => Step::Kill { phone, down_ms: self.span_ms() },
            4..=6 => Step::KillInTap {
                phone,
                entry: self.entry(),
                luck: self.luck(),
                after_us: self.below(6_000),
                down_ms: self.below(500),
            },
            7..=8 => Step::Freeze { phone, for_ms: self.span_ms() },
            9..=20 => Step::Cut { phone, how: self.cut(), for_ms: self.span_ms(), told: self.chance(40) },
            21..=22 => Step::BreakOff(phone),
            23..=24 => Step::Delay { phone, by_ms: 5 + self.below(300), for_ms: self.span_ms() },
            25..=27 => Step::CutInPage { phone, bytes: 1 + self.below(20_000), for_ms: self.span_ms() },
            28..=31 => Step::LoseAnswer { phone, luck: self.luck() },
            32..=33 => Step::RefuseWebSockets { phone, for_ms: self.span_ms() },
            34..=36 => Step::RepeatPushes { phone, for_ms: self.span_ms() },
            37..=38 => Step::FullDisk { phone, for_ms: self.span_ms() },
            39..=42 => Step::KillServer { down_ms: self.below(1_500) },
            43 => Step::RestartServer,
            44..=45 => Step::FreezeServer { for_ms: self.span_ms() },
            46..=48 => Step::StopPostgres { down_ms: self.below(1_000) },
            49..=50 => Step::Clone(phone),
            51..=52 => Step::Revoke { phone, for_ms: self.span_ms() },
            53..=54 => Step::RevokeDevice(phone),
            55..=57 => Step::ByHand { luck: self.luck(), for_ms: self.span_ms(), commits: self.chance(80) },
            _ => Step::Office { errand: Errand::Reassign, luck: self.luck() },
        }
    }

    /// Faults that only hurt together with others.
    fn company(&mut self, phones: u8, steps: &mut Vec<(u64, Step)>) {
        let phone = self.small(phones);
        let cut = Step::Cut { phone, how: Cut::Reset, for_ms: 1_000 + self.below(2_000), told: self.chance(50) };
        let copy = if self.chance(50) { Copy::Files } else { Copy::Dump };
        let revoke = Step::Revoke { phone, for_ms: 1_000 };
        let company = match self.below(6) {
            0..=1 => vec![Step::BackUp(copy), self.tap(phone), self.tap(phone), Step::Restore, self.tap(phone)],
            2 => vec![Step::SaveFolder(phone), self.tap(phone), Step::RestoreFolder(phone), self.tap(phone)],
            3 => vec![cut, self.tap(phone), self.errand(), self.tap(phone), Step::Kill { phone, down_ms: 200 }],
            4 => vec![cut, self.tap(phone), revoke, self.tap(phone)],
            _ => vec![Step::BackUp(copy), self.tap(phone), Step::Clone(phone), self.tap(phone), Step::Restore],
        };
        let mut at_ms = self.below(SPAN_MS / 3);
        for step in company {
            steps.push((at_ms, step));
            at_ms += 100 + self.below(SPAN_MS / 5);
        }
    }
}

impl Plan {
    /// The plan of a seed.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice(StdRng::seed_from_u64(seed));
        let mut owners: Vec<u8> = (0..TECHNICIANS).collect();
        if dice.chance(30) {
            owners.push(dice.small(TECHNICIANS));
        }
        let phones = u8::try_from(owners.len()).unwrap_or(u8::MAX);
        let early = dice.chance(15);
        let count = 10 + dice.below(30);
        // Some histories are calm, so that one fault is seen by itself.
        let faults_percent = [8, 20, 35, 50][dice.below(4) as usize];
        let mut steps: Vec<(u64, Step)> = (0..count)
            .map(|_| {
                let at_ms = dice.below(SPAN_MS);
                let phone = dice.small(phones);
                let step = match dice.below(20) {
                    _ if dice.chance(faults_percent) => dice.fault(phones),
                    0 => Step::Retry(phone),
                    1 => Step::Undo(phone),
                    2..=4 => dice.errand(),
                    _ => dice.tap(phone),
                };
                (at_ms, step)
            })
            .collect();
        if dice.chance(40) {
            dice.company(phones, &mut steps);
        }
        steps.sort_by_key(|(at_ms, _)| *at_ms);
        Self { seed, owners, early, steps }
    }

    /// The same with only these steps.
    pub fn only(&self, keep: &[usize]) -> Self {
        let steps = keep.iter().filter_map(|place| self.steps.get(*place).copied()).collect();
        Self { steps, ..self.clone() }
    }
}
