//! The core of the sync protocol as a small specification, every state of which is visited: two phones, a few mutations,
//! one row that other writers write in transactions of their own, one scope that may be taken and given back.
//!
//! Each action is what one function of the code does, without rows and files:
//!
//! | action | in the code |
//! |---|---|
//! | [`Action::Tap`] | `Store::mutate` |
//! | [`Action::Send`] | `queue::wire::next_batch`, `Engine::batch_loaded` |
//! | [`Action::Commit`] | `push::sequence::decide`, the ledger, the device's `last_seq`, in one transaction |
//! | [`Action::Settle`] | `queue::verdict::settle` |
//! | [`Action::Pull`] | `pull::plan` (epoch, snapshot, scopes) and one page in its transaction |
//! | [`Action::Apply`] | `replica::finish`: `contain`, `feed_again`, the cursor |
//! | [`Action::Lose`] | a connection that breaks with whatever was on it |
//! | [`Action::Begin`], [`Action::End`] | another writer's transaction: the feed's row has its number |
//! | [`Action::Restore`] | a backup put back: another epoch |
//! | [`Action::Assign`] | scopes entered and left |
//!
//! In every state: no key took effect twice; every key tapped is queued, kept in the history or in the ledger; a replica
//! that is not behind its cursor's snapshot lacks nothing (no gap); nothing is held of a scope out of sight once that is
//! told. And from every state, with the wires healed, everybody comes to rest with an empty queue and equal rows.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

/// Phones.
const PHONES: usize = 2;
/// Rounds of sending and pulling within which everybody has to be at rest.
const ROUNDS: usize = 8;

/// A mistake to plant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// None.
    Sound,
    /// The ledger is not asked.
    LedgerSkipped,
    /// A cursor is the highest number seen.
    CursorBySequence,
    /// A mutation leaves the queue when it is sent.
    LeavesWhenSent,
    /// What a restored server lacks is not fed again.
    NotFedAgain,
    /// A cursor of another epoch is gone on with.
    EpochIgnored,
}

/// How much may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Budget {
    /// Taps.
    pub taps: u8,
    /// Transactions of other writers.
    pub writes: u8,
    /// Losses.
    pub losses: u8,
    /// Restores.
    pub restores: u8,
    /// Changes of assignment.
    pub assigns: u8,
}

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Somebody taps on a phone.
    Tap(usize),
    /// A phone numbers and sends its queue.
    Send(usize),
    /// The server commits what arrived.
    Commit(usize),
    /// A phone takes verdicts in.
    Settle(usize),
    /// The server makes the page a phone asks for.
    Pull(usize),
    /// A phone applies it.
    Apply(usize),
    /// A phone's connection breaks.
    Lose(usize),
    /// Another writer begins.
    Begin,
    /// The transaction at this place among those under way commits.
    End(usize),
    /// The server is backed up.
    BackUp,
    /// And restored.
    Restore,
    /// The second phone's user loses the scope, or gets it back.
    Assign,
}

type Key = u8;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Cursor {
    epoch: u8,
    xmax: u8,
    running: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry {
    key: Key,
    seq: Option<u8>,
    decided: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Phone {
    queue: Vec<Entry>,
    /// Left the queue: number and key.
    history: Vec<(u8, Key)>,
    next_seq: u8,
    contained_seq: u8,
    cursor: Option<Cursor>,
    holds: bool,
    rows: BTreeMap<u8, u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Page {
    rows: BTreeMap<u8, u8>,
    fill: bool,
    holds: bool,
    cursor: Cursor,
    last_seq: u8,
    /// The highest number whose verdict was stored when the pull was made.
    asked_through: u8,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Wire {
    pushed: Option<Vec<(u8, Key)>>,
    verdicts: Option<Vec<Key>>,
    page: Option<Page>,
}

/// What a backup holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Disk {
    rows: BTreeMap<u8, u8>,
    ledger: BTreeSet<Key>,
    effects: BTreeMap<Key, u8>,
    last_seq: [u8; PHONES],
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Server {
    disk: Disk,
    backup: Option<Disk>,
    /// Committed changes: transaction and row.
    feed: Vec<(u8, u8)>,
    running: Vec<u8>,
    next_xid: u8,
    ended_through: u8,
    version: u8,
    epoch: u8,
    sees: [bool; PHONES],
}

/// A state of the whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    phones: [Phone; PHONES],
    wires: [Wire; PHONES],
    server: Server,
    taps: u8,
    left: Budget,
}

/// The row that taps write; the other one is of other writers.
const TAPPED: u8 = 0;
const OTHERS: u8 = 1;

impl Server {
    fn cursor(&self) -> Cursor {
        let xmax = self.ended_through + 1;
        let running = self.running.iter().copied().filter(|xid| *xid < xmax).collect();
        Cursor { epoch: self.epoch, xmax, running }
    }

    fn write(&mut self, xid: u8, row: u8) {
        self.version += 1;
        self.disk.rows.insert(row, self.version);
        self.feed.push((xid, row));
        self.ended_through = self.ended_through.max(xid);
    }

    fn visible(&self, phone: usize) -> BTreeMap<u8, u8> {
        if self.sees[phone] { self.disk.rows.clone() } else { BTreeMap::new() }
    }
}

impl State {
    /// The beginning: empty phones, a server with both rows.
    pub fn new(left: Budget) -> Self {
        let mut server = Server { next_xid: 3, sees: [true; PHONES], ..Server::default() };
        server.write(1, TAPPED);
        server.write(2, OTHERS);
        let phone = Phone { next_seq: 1, ..Phone::default() };
        Self { phones: [phone.clone(), phone], wires: [Wire::default(), Wire::default()], server, taps: 0, left }
    }

    fn actions(&self) -> Vec<Action> {
        let mut actions = Vec::new();
        for number in 0..PHONES {
            let (phone, wire) = (&self.phones[number], &self.wires[number]);
            if self.left.taps > 0 {
                actions.push(Action::Tap(number));
            }
            let undecided = phone.queue.iter().any(|entry| !entry.decided);
            if undecided && wire.pushed.is_none() && wire.verdicts.is_none() {
                actions.push(Action::Send(number));
            }
            if wire.pushed.is_some() {
                actions.push(Action::Commit(number));
            }
            if wire.verdicts.is_some() {
                actions.push(Action::Settle(number));
            }
            if wire.page.is_none() {
                actions.push(Action::Pull(number));
            } else {
                actions.push(Action::Apply(number));
            }
            if self.left.losses > 0 && *wire != Wire::default() {
                actions.push(Action::Lose(number));
            }
        }
        if self.left.writes > 0 {
            actions.push(Action::Begin);
        }
        actions.extend((0..self.server.running.len()).map(Action::End));
        if self.left.restores > 0 {
            actions.push(if self.server.backup.is_some() { Action::Restore } else { Action::BackUp });
        }
        if self.left.assigns > 0 {
            actions.push(Action::Assign);
        }
        actions
    }

    fn after(&self, action: Action, variant: Variant) -> Self {
        let mut state = self.clone();
        state.act(action, variant);
        state
    }

    fn act(&mut self, action: Action, variant: Variant) {
        match action {
            Action::Tap(number) => {
                self.left.taps -= 1;
                self.taps += 1;
                self.phones[number].queue.push(Entry { key: self.taps, seq: None, decided: false });
            }
            Action::Send(number) => {
                let phone = &mut self.phones[number];
                let mut batch = Vec::new();
                for entry in phone.queue.iter_mut().filter(|entry| !entry.decided) {
                    let seq = *entry.seq.get_or_insert_with(|| {
                        phone.next_seq += 1;
                        phone.next_seq - 1
                    });
                    batch.push((seq, entry.key));
                }
                if variant == Variant::LeavesWhenSent {
                    phone.queue.clear();
                }
                self.wires[number].pushed = Some(batch);
            }
            Action::Commit(number) => self.commit(number, variant),
            Action::Settle(number) => {
                let verdicts = self.wires[number].verdicts.take().unwrap_or_default();
                let phone = &mut self.phones[number];
                for entry in &mut phone.queue {
                    entry.decided |= verdicts.contains(&entry.key);
                }
                phone.let_go();
            }
            Action::Pull(number) => self.pull(number, variant),
            Action::Apply(number) => self.apply(number, variant),
            Action::Lose(number) => {
                self.left.losses -= 1;
                self.wires[number] = Wire::default();
            }
            Action::Begin => {
                self.left.writes -= 1;
                self.server.running.push(self.server.next_xid);
                self.server.next_xid += 1;
            }
            Action::End(place) => {
                let xid = self.server.running.remove(place);
                self.server.write(xid, OTHERS);
            }
            Action::BackUp => self.server.backup = Some(self.server.disk.clone()),
            Action::Restore => {
                self.left.restores -= 1;
                let version = self.server.version;
                self.server.disk = self.server.backup.take().unwrap_or_default();
                // Revisions are not given out twice: a restored database goes on far above.
                self.server.version = version;
                self.server.feed.clear();
                self.server.running.clear();
                self.server.ended_through = self.server.next_xid - 1;
                if variant != Variant::EpochIgnored {
                    self.server.epoch += 1;
                }
                self.wires = [Wire::default(), Wire::default()];
            }
            Action::Assign => {
                self.left.assigns -= 1;
                self.server.sees[1] = !self.server.sees[1];
            }
        }
    }

    fn commit(&mut self, number: usize, variant: Variant) {
        let batch = self.wires[number].pushed.take().unwrap_or_default();
        let server = &mut self.server;
        if batch.first().is_some_and(|(seq, _)| *seq > server.disk.last_seq[number] + 1) {
            // SEQUENCE_GAP: `Store::renumber_from`.
            let expected_seq = server.disk.last_seq[number] + 1;
            if variant != Variant::NotFedAgain {
                self.phones[number].feed_again(expected_seq - 1);
            }
            return;
        }
        let xid = server.next_xid;
        server.next_xid += 1;
        for (seq, key) in &batch {
            if variant == Variant::LedgerSkipped || server.disk.ledger.insert(*key) {
                server.disk.ledger.insert(*key);
                *server.disk.effects.entry(*key).or_default() += 1;
                server.write(xid, TAPPED);
            }
            server.disk.last_seq[number] = server.disk.last_seq[number].max(*seq);
        }
        server.ended_through = server.ended_through.max(xid);
        self.wires[number].verdicts = Some(batch.into_iter().map(|(_, key)| key).collect());
    }

    fn pull(&mut self, number: usize, variant: Variant) {
        let (phone, server) = (&self.phones[number], &self.server);
        let good = |cursor: &&Cursor| cursor.epoch == server.epoch;
        let cursor = phone.cursor.as_ref().filter(good).filter(|_| phone.holds == server.sees[number]);
        let visible = server.visible(number);
        let rows = match cursor {
            None => visible,
            Some(cursor) => {
                let is_new = |xid: u8| {
                    xid >= cursor.xmax || (variant != Variant::CursorBySequence && cursor.running.contains(&xid))
                };
                let changed: BTreeSet<u8> =
                    server.feed.iter().filter(|(xid, _)| is_new(*xid)).map(|(_, row)| *row).collect();
                visible.into_iter().filter(|(row, _)| changed.contains(row)).collect()
            }
        };
        self.wires[number].page = Some(Page {
            rows,
            fill: cursor.is_none(),
            holds: server.sees[number],
            cursor: server.cursor(),
            last_seq: server.disk.last_seq[number],
            asked_through: phone.verdicts_through(),
        });
    }

    fn apply(&mut self, number: usize, variant: Variant) {
        let Some(page) = self.wires[number].page.take() else { return };
        let phone = &mut self.phones[number];
        if page.fill {
            phone.rows.clear();
        }
        phone.rows.extend(page.rows);
        phone.holds = page.holds;
        phone.cursor = Some(page.cursor);
        if page.last_seq < phone.contained_seq.max(page.asked_through) && variant != Variant::NotFedAgain {
            phone.feed_again(page.last_seq);
        }
        phone.contained_seq = page.last_seq;
        phone.let_go();
    }

    /// What is wrong in this state, if anything is.
    fn wrong(&self) -> Option<String> {
        for (key, count) in &self.server.disk.effects {
            if *count > 1 {
                return Some(format!("mutation {key} took effect {count} times"));
            }
        }
        for key in 1..=self.taps {
            let on_phone = self.phones.iter().any(|phone| {
                phone.queue.iter().any(|entry| entry.key == key) || phone.history.iter().any(|(_, kept)| *kept == key)
            });
            if !on_phone && !self.server.disk.ledger.contains(&key) {
                return Some(format!("mutation {key} is nowhere"));
            }
        }
        (0..PHONES).find_map(|number| self.gap(number))
    }

    /// A change that the phone lacks and that no later delta will bring.
    fn gap(&self, number: usize) -> Option<String> {
        let (phone, server) = (&self.phones[number], &self.server);
        let cursor = phone.cursor.as_ref().filter(|cursor| cursor.epoch == server.epoch)?;
        if phone.holds != server.sees[number] {
            return None;
        }
        let stale = |row: &u8| phone.rows.get(row) != server.disk.rows.get(row);
        let coming = |row: &u8| {
            server
                .feed
                .iter()
                .any(|(xid, changed)| changed == row && (*xid >= cursor.xmax || cursor.running.contains(xid)))
        };
        let visible = server.visible(number);
        let missed = visible.keys().find(|row| stale(row) && !coming(row))?;
        Some(format!("phone {number} lacks a change of row {missed}, and no delta will bring it"))
    }

    /// The same with wires that work, until everybody is at rest. What does not come to rest, if something does not.
    fn at_rest(&self, variant: Variant) -> Option<String> {
        let mut state = self.clone();
        while !state.server.running.is_empty() {
            state.act(Action::End(0), variant);
        }
        for _ in 0..ROUNDS {
            for number in 0..PHONES {
                state.wires[number] = Wire::default();
                if state.phones[number].queue.iter().any(|entry| !entry.decided) {
                    for action in [Action::Send(number), Action::Commit(number), Action::Settle(number)] {
                        state.act(action, variant);
                    }
                }
                state.act(Action::Pull(number), variant);
                state.act(Action::Apply(number), variant);
            }
        }
        for (number, phone) in state.phones.iter().enumerate() {
            if !phone.queue.is_empty() {
                return Some(format!("the queue of phone {number} never empties"));
            }
            if phone.rows != state.server.visible(number) {
                return Some(format!("phone {number} never shows what its user may see"));
            }
        }
        let lacking = (1..=state.taps).find(|key| state.server.disk.effects.get(key) != Some(&1));
        lacking.map(|key| format!("mutation {key} never takes effect exactly once"))
    }
}

impl Phone {
    /// The highest number below which every verdict is stored.
    fn verdicts_through(&self) -> u8 {
        let undecided = self.queue.iter().filter(|entry| !entry.decided).filter_map(|entry| entry.seq).min();
        undecided.unwrap_or(self.next_seq) - 1
    }

    /// What is decided and contained in the server's rows leaves the queue.
    fn let_go(&mut self) {
        let contained_seq = self.contained_seq;
        let leaves = |entry: &Entry| entry.decided && entry.seq.is_some_and(|seq| seq <= contained_seq);
        let gone: Vec<(u8, Key)> =
            self.queue.iter().filter(|entry| leaves(entry)).map(|entry| (entry.seq.unwrap_or(0), entry.key)).collect();
        self.history.extend(gone);
        self.queue.retain(|entry| !leaves(entry));
    }

    /// The server was restored: what it does not know any more is undecided again, under its old number.
    fn feed_again(&mut self, last_seq: u8) {
        self.contained_seq = self.contained_seq.min(last_seq);
        let (kept, again): (Vec<_>, Vec<_>) = self.history.drain(..).partition(|(seq, _)| *seq <= last_seq);
        self.history = kept;
        for entry in &mut self.queue {
            if entry.seq.is_some_and(|seq| seq > last_seq) {
                entry.decided = false;
            }
        }
        let mut queue: Vec<Entry> =
            again.into_iter().map(|(seq, key)| Entry { key, seq: Some(seq), decided: false }).collect();
        queue.append(&mut self.queue);
        queue.sort_by_key(|entry| entry.seq.unwrap_or(u8::MAX));
        self.queue = queue;
    }
}

/// What visiting every state showed.
#[derive(Debug)]
pub struct Explored {
    /// States visited.
    pub states: usize,
    /// What is wrong, and the actions that lead there: the fewest.
    pub wrong: Option<(String, Vec<Action>)>,
}

/// Visits every state that can be reached, the nearest first, until something is wrong.
pub fn explore(left: Budget, variant: Variant) -> Explored {
    let first = State::new(left);
    let mut seen = HashSet::from([first.clone()]);
    // Each state with the place of the one before it, and the action between.
    let mut trail: Vec<(usize, Option<Action>)> = vec![(0, None)];
    let mut open = VecDeque::from([(first, 0)]);
    while let Some((state, place)) = open.pop_front() {
        if let Some(wrong) = state.wrong().or_else(|| state.at_rest(variant)) {
            let mut actions = Vec::new();
            let mut at = place;
            while let (before, Some(action)) = trail[at] {
                actions.push(action);
                at = before;
            }
            actions.reverse();
            return Explored { states: seen.len(), wrong: Some((wrong, actions)) };
        }
        for action in state.actions() {
            let next = state.after(action, variant);
            if seen.insert(next.clone()) {
                trail.push((place, Some(action)));
                open.push_back((next, trail.len() - 1));
            }
        }
    }
    Explored { states: seen.len(), wrong: None }
}
