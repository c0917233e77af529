//! A history: what is done to phones, server and wires, and when. Made from a seed; shrunk by leaving steps out.
//!
//! Invariant: a step means the same whichever others are left out.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use crate::act::{Act, Edit, PROJECTS, TASKS};

/// Milliseconds within which the steps of a history fall.
pub const STEPS_MS: u64 = 120_000;
/// Of a hundred histories, those with faults at moments that have to fit closely.
const CLOSE_COMPANY_PERCENT: u64 = 12;

/// Everything that is done.
#[derive(Clone, Debug)]
pub struct History {
    /// What it was made from; also the luck of waits.
    pub seed: u64,
    /// Users, each with a phone; then second phones of the first users.
    pub users: u8,
    /// Phones at the beginning.
    pub phones: u8,
    /// Rows in one page.
    pub page_rows: usize,
    /// Rows of a page in one transaction on the phone.
    pub transaction_rows: usize,
    /// Steps with their time in milliseconds, ascending.
    pub steps: Vec<(u64, Step)>,
}

/// How a wire fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// What is sent arrives when it is over.
    Stall,
    /// Connections are dead without either end knowing.
    BlackHole,
    /// Connections break, new ones are refused.
    Reset,
}

/// What a phone lies about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// A push far ahead of the server's count.
    SequenceAhead,
    /// A known key with other content.
    KeyReused,
    /// A pull that names scopes it never held.
    Scopes,
    /// A pull with a made-up cursor.
    Cursor,
    /// A pull with checksums of nothing it holds.
    Checksums,
}

/// One thing done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A person taps.
    Tap(u8, Act),
    /// The first thing on the attention list is tried again.
    Retry(u8),
    /// The last thing on the attention list is taken back.
    Undo(u8),
    /// The last tap is taken back, if it was never sent.
    UndoUnsent(u8),
    /// The office does something.
    Office(Act),
    /// A row is written by hand; committed after so many milliseconds, or given up.
    Edit {
        /// What.
        edit: Edit,
        /// When it is committed or given up.
        after_ms: u64,
        /// Whether it is committed.
        commits: bool,
    },
    /// A project is given to a user, or taken.
    Assign {
        /// Whose.
        user: u8,
        /// What.
        project: u8,
        /// Whether it is given.
        on: bool,
    },
    /// A user may see more, or less.
    Rights(u8),
    /// A user is no member any more, until the history heals or for good.
    Revoke {
        /// Who.
        user: u8,
        /// Not let in again.
        for_good: bool,
    },
    /// A phone's session is taken back: somebody must sign in.
    EndSession(u8),
    /// A phone's access token runs out.
    ExpireToken(u8),
    /// `kill -9` of a phone.
    Kill {
        /// Which.
        phone: u8,
        /// Until it is started again.
        down_ms: u64,
        /// The power goes: what was not synced is lost.
        power: bool,
    },
    /// `kill -9` in the middle of the transaction after so many.
    KillInside {
        /// Which phone.
        phone: u8,
        /// Transactions that are spared.
        skip: u8,
        /// Until it is started again.
        down_ms: u64,
    },
    /// No room for the transaction after so many.
    DiskFull {
        /// Which phone.
        phone: u8,
        /// Transactions that are spared.
        skip: u8,
    },
    /// The phone's storage is full for a while.
    TinyDisk {
        /// Which phone.
        phone: u8,
        /// For how long.
        for_ms: u64,
    },
    /// The wire of a phone fails for a while.
    Cut {
        /// Whose.
        phone: u8,
        /// For how long.
        for_ms: u64,
        /// How.
        how: Cut,
        /// Whether the device notices, and tells the app.
        told: bool,
    },
    /// What a phone sends or gets is late.
    Delay {
        /// Whose.
        phone: u8,
        /// By how much.
        by_ms: u64,
        /// Upwards.
        up: bool,
    },
    /// The next push is lost on the way, and the connection with it.
    LoseRequest(u8),
    /// The next answer to a push is lost on the way.
    LoseResponse(u8),
    /// The next push arrives once more, so much later.
    Duplicate {
        /// Whose.
        phone: u8,
        /// How much later.
        after_ms: u64,
    },
    /// The next page arrives twice.
    DuplicatePage(u8),
    /// No WebSocket gets through for a while.
    RefuseWebSockets {
        /// Whose.
        phone: u8,
        /// For how long.
        for_ms: u64,
    },
    /// The app is put to sleep, and woken.
    Sleep {
        /// Which phone.
        phone: u8,
        /// For how long.
        for_ms: u64,
    },
    /// The clock of a phone jumps.
    Clock {
        /// Which phone.
        phone: u8,
        /// By how much.
        by_ms: i64,
    },
    /// `kill -9` of the server.
    Crash {
        /// Until it answers again.
        down_ms: u64,
    },
    /// The next pushes take so long to commit.
    SlowCommits {
        /// How long.
        by_ms: u64,
    },
    /// The server is backed up.
    BackUp,
    /// The server goes back to its backup.
    Restore {
        /// Until it answers again.
        down_ms: u64,
    },
    /// The feed is trimmed.
    Trim,
    /// A page that fills loses a row.
    Withhold,
    /// A phone is copied, with everything on it; a copy that knows of it starts with a nonce of its own.
    Clone {
        /// Which phone.
        phone: u8,
        /// Whether the copy knows.
        nonce: bool,
    },
    /// A phone's file is backed up.
    SaveFile(u8),
    /// A phone goes back to the backup of its file.
    RestoreFile {
        /// Which phone.
        phone: u8,
        /// Whether it knows.
        nonce: bool,
    },
    /// Somebody speaks for a phone, and lies.
    Lie(u8, Lie),
}

impl Step {
    /// Its name in counts.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Tap(..) => "tap",
            Self::Retry(_) => "retry",
            Self::Undo(_) => "undo",
            Self::UndoUnsent(_) => "undo unsent",
            Self::Office(_) => "office write",
            Self::Edit { commits: true, .. } => "write by hand",
            Self::Edit { commits: false, .. } => "aborted transaction",
            Self::Assign { on: true, .. } => "assignment",
            Self::Assign { on: false, .. } => "reassignment away",
            Self::Rights(_) => "change of rights",
            Self::Revoke { .. } => "revoked access",
            Self::EndSession(_) => "ended session",
            Self::ExpireToken(_) => "expired token",
            Self::Kill { power: false, .. } => "kill -9 of a phone",
            Self::Kill { power: true, .. } => "power loss of a phone",
            Self::KillInside { .. } => "kill -9 inside a transaction",
            Self::DiskFull { .. } => "transaction without room",
            Self::TinyDisk { .. } => "full disk",
            Self::Cut { how: Cut::Stall, .. } => "partition, stalled",
            Self::Cut { how: Cut::BlackHole, .. } => "partition, black hole",
            Self::Cut { how: Cut::Reset, .. } => "partition, reset",
            Self::Delay { .. } => "delay",
            Self::LoseRequest(_) => "lost request",
            Self::LoseResponse(_) => "lost response after commit",
            Self::Duplicate { .. } => "push repeated by the wire, out of order",
            Self::DuplicatePage(_) => "page repeated",
            Self::RefuseWebSockets { .. } => "WebSockets refused",
            Self::Sleep { .. } => "app asleep",
            Self::Clock { .. } => "clock jump",
            Self::Crash { .. } => "crash of the server",
            Self::SlowCommits { .. } => "slow commits",
            Self::BackUp => "backup of the server",
            Self::Restore { .. } => "server restored from a backup",
            Self::Trim => "feed trimmed",
            Self::Withhold => "row withheld",
            Self::Clone { nonce: true, .. } => "phone copied, known by its nonce",
            Self::Clone { nonce: false, .. } => "phone copied, unknown",
            Self::SaveFile(_) => "backup of a phone",
            Self::RestoreFile { .. } => "phone restored from a backup",
            Self::Lie(..) => "lie",
        }
    }

    /// Whether something goes wrong by it.
    pub fn is_fault(&self) -> bool {
        !matches!(
            self,
            Self::Tap(..)
                | Self::Retry(_)
                | Self::Undo(_)
                | Self::UndoUnsent(_)
                | Self::Office(_)
                | Self::BackUp
                | Self::SaveFile(_)
        )
    }
}

/// Makes histories.
struct Dice(StdRng);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0.random_range(0..end)
    }

    fn small(&mut self, end: u8) -> u8 {
        self.0.random_range(0..end)
    }

    fn luck(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn act(&mut self) -> Act {
        let (task, project) = (self.small(TASKS), self.small(PROJECTS));
        match self.below(20) {
            0..=3 => Act::Create { task, project },
            4..=5 => Act::Rename { task },
            6..=8 => Act::Move { task, state: self.small(3) },
            9 => Act::Delete { task },
            10 => Act::Finish { project, done: self.luck(50) },
            11 => Act::Count { project },
            12..=13 => Act::Claim { project, from: self.small(3), to: self.small(3) },
            14 => Act::Audit { project },
            _ => Act::Add { project, units: 1 + self.small(9) },
        }
    }

    fn edit(&mut self) -> Edit {
        let (task, project) = (self.small(TASKS), self.small(PROJECTS));
        match self.below(4) {
            0..=1 => Edit::Put { task, project },
            2 => Edit::Remove { task },
            _ => Edit::Title { project },
        }
    }

    /// Now and then long enough for everybody to give up, mostly short.
    fn span_ms(&mut self) -> u64 {
        match self.below(6) {
            0 => 20_000 + self.below(60_000),
            1..=2 => 2_000 + self.below(15_000),
            _ => 50 + self.below(2_000),
        }
    }

    fn fault(&mut self, phones: u8, users: u8) -> Step {
        let phone = self.small(phones);
        let user = self.small(users);
        match self.below(44) {
            0..=4 => Step::Edit { edit: self.edit(), after_ms: self.span_ms(), commits: self.luck(75) },
            5..=7 => Step::Assign { user, project: self.small(PROJECTS), on: self.luck(60) },
            8 => Step::Rights(user),
            9 => Step::Revoke { user, for_good: self.luck(20) },
            10 => Step::EndSession(phone),
            11 => Step::ExpireToken(phone),
            12..=13 => Step::Kill { phone, down_ms: self.span_ms(), power: self.luck(50) },
            14..=15 => Step::KillInside { phone, skip: self.small(4), down_ms: self.span_ms() },
            16 => Step::DiskFull { phone, skip: self.small(4) },
            17 => Step::TinyDisk { phone, for_ms: self.span_ms() },
            18..=21 => {
                let how = [Cut::Stall, Cut::BlackHole, Cut::Reset][self.below(3) as usize];
                Step::Cut { phone, for_ms: self.span_ms(), how, told: self.luck(30) }
            }
            22..=23 => Step::Delay { phone, by_ms: self.span_ms(), up: self.luck(50) },
            24 => Step::LoseRequest(phone),
            25..=26 => Step::LoseResponse(phone),
            27..=28 => Step::Duplicate { phone, after_ms: self.span_ms() },
            29 => Step::DuplicatePage(phone),
            30 => Step::RefuseWebSockets { phone, for_ms: self.span_ms() },
            31 => Step::Sleep { phone, for_ms: self.span_ms() },
            32 => Step::Clock { phone, by_ms: (self.below(7_200_000)).cast_signed() - 3_600_000 },
            33..=34 => Step::Crash { down_ms: self.span_ms() },
            35 => Step::SlowCommits { by_ms: self.span_ms() },
            36 => Step::Restore { down_ms: self.span_ms() },
            37 => Step::Trim,
            38 => Step::Withhold,
            39 => Step::Clone { phone, nonce: self.luck(30) },
            40 => Step::SaveFile(phone),
            41 => Step::RestoreFile { phone, nonce: self.luck(30) },
            42 => Step::BackUp,
            _ => {
                let lies = [Lie::SequenceAhead, Lie::KeyReused, Lie::Scopes, Lie::Cursor, Lie::Checksums];
                Step::Lie(phone, lies[self.below(5) as usize])
            }
        }
    }
}

impl Dice {
    /// Some troubles need company: steps that follow each other, among all the others.
    fn company(&mut self, phones: u8, users: u8, steps: &mut Vec<(u64, Step)>) {
        let (phone, user, project) = (self.small(phones), self.small(users), self.small(PROJECTS));
        let add = Step::Tap(phone, Act::Add { project, units: 1 + self.small(9) });
        let write = |commits| Step::Edit { edit: Edit::Title { project }, after_ms: 5, commits };
        let cut = Step::Cut { phone, for_ms: 30_000, how: Cut::Reset, told: false };
        let task = self.small(TASKS);
        let put = |project| Step::Edit { edit: Edit::Put { task, project }, after_ms: 5, commits: true };
        let company = match self.below(13) {
            0 => vec![Step::SlowCommits { by_ms: 2_000 }, add, Step::Crash { down_ms: 3_000 }],
            1 => vec![cut, add, Step::Kill { phone, down_ms: 2_000, power: true }],
            2 => vec![Step::LoseResponse(phone), add, Step::Clone { phone, nonce: false }, self.tap(phone)],
            // A number that an aborted transaction had is given out again, after a phone stood behind it.
            3 => {
                let blink = Step::Cut { phone, for_ms: 100, how: Cut::Reset, told: true };
                vec![write(false), blink, Step::Crash { down_ms: 5 }, write(true)]
            }
            4 => vec![Step::BackUp, write(true), add, Step::Restore { down_ms: 500 }, write(true)],
            5 => vec![Step::Assign { user, project, on: false }, add, Step::Assign { user, project, on: true }],
            6 => vec![Step::SaveFile(phone), add, self.tap(phone), Step::RestoreFile { phone, nonce: false }],
            7 => vec![Step::BackUp, add, Step::Clone { phone, nonce: false }, add, Step::Restore { down_ms: 500 }],
            8 => vec![cut, add, self.tap(phone), Step::KillInside { phone, skip: 1, down_ms: 1_000 }, self.tap(phone)],
            9 => vec![Step::Edit { edit: self.edit(), after_ms: 9_000, commits: true }, Step::Office(self.act()), add],
            11 => vec![
                put(project),
                Step::Assign { user, project: (project + 1) % PROJECTS, on: false },
                put((project + 1) % PROJECTS),
                add,
            ],
            10 => vec![Step::Rights(user), Step::Withhold, Step::Rights(user), Step::Withhold],
            _ => vec![cut, add, Step::EndSession(phone), self.tap(phone), Step::Revoke { user, for_good: false }],
        };
        let mut at_ms = self.below(STEPS_MS / 2);
        for step in company {
            steps.push((at_ms, step));
            at_ms += if self.luck(50) { self.below(600) } else { self.below(4_000) };
        }
        // A row may be missing from the very first pages.
        if self.luck(30) {
            steps.push((0, Step::Withhold));
        }
    }

    /// The same, at moments that have to fit closely.
    fn close_company(&mut self, phones: u8, steps: &mut Vec<(u64, Step)>) {
        let (phone, task, project) = (self.small(phones), self.small(TASKS), self.small(PROJECTS));
        let put = |commits| Step::Edit { edit: Edit::Put { task, project }, after_ms: 5, commits };
        let company = if self.luck(70) {
            // What a phone sent waits to be committed while somebody else decides otherwise. Not for so long that the
            // phone misses its delta and asks.
            vec![
                (0, put(true)),
                (3_000, Step::SlowCommits { by_ms: 1_000 }),
                (3_001, Step::Tap(phone, Act::Rename { task })),
                (3_400, Step::Office(Act::Delete { task })),
            ]
        } else {
            // A phone stands behind the number of an aborted transaction, which a crash gives out again before it is back.
            vec![
                (0, put(false)),
                (20, Step::Cut { phone, for_ms: 100, how: Cut::Reset, told: true }),
                (1_000, Step::Crash { down_ms: 5 }),
                (1_010, put(true)),
            ]
        };
        let begin_ms = self.below(STEPS_MS);
        steps.extend(company.into_iter().map(|(at_ms, step)| (begin_ms + at_ms, step)));
    }

    fn tap(&mut self, phone: u8) -> Step {
        Step::Tap(phone, self.act())
    }
}

impl History {
    /// The history of a seed.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice(StdRng::seed_from_u64(seed));
        let users = 1 + dice.small(2);
        let phones = users + u8::from(dice.luck(20));
        let page_rows = [1, 2, 3, 5, 8, 100][dice.below(6) as usize];
        let transaction_rows = [1, 2, 5, 1_000][dice.below(4) as usize];
        let count = 8 + dice.below(40);
        // Some histories are calm, so that one fault is seen by itself.
        let faults_percent = [5, 15, 30, 50][dice.below(4) as usize];
        let mut steps: Vec<(u64, Step)> = (0..count)
            .map(|_| {
                let at_ms = dice.below(STEPS_MS);
                let step = if dice.luck(faults_percent) {
                    dice.fault(phones, users)
                } else {
                    let phone = dice.small(phones);
                    match dice.below(20) {
                        0 => Step::Retry(phone),
                        1 => Step::Undo(phone),
                        2 => Step::UndoUnsent(phone),
                        3..=5 => Step::Office(dice.act()),
                        _ => Step::Tap(phone, dice.act()),
                    }
                };
                (at_ms, step)
            })
            .collect();
        // Bursts: faults hit where something happens.
        let mut at_ms = 0;
        for (time_ms, _) in &mut steps {
            if dice.luck(50) {
                let near_ms = if dice.luck(50) { 20 } else { 300 };
                *time_ms = at_ms + dice.below(near_ms);
            }
            at_ms = *time_ms;
        }
        if dice.luck(40) {
            dice.company(phones, users, &mut steps);
        }
        // Of dice of their own, so that seeds of before keep their histories.
        let mut others = Dice(StdRng::seed_from_u64(!seed));
        if others.luck(CLOSE_COMPANY_PERCENT) {
            others.close_company(phones, &mut steps);
        }
        steps.sort_by_key(|(at_ms, _)| *at_ms);
        Self { seed, users, phones, page_rows, transaction_rows, steps }
    }

    /// The same with only these steps.
    pub fn only(&self, keep: &[usize]) -> Self {
        let steps = keep.iter().filter_map(|place| self.steps.get(*place).copied()).collect();
        Self { steps, ..self.clone() }
    }
}
