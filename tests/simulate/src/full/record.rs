//! The simulator's own record of everything entered in a history of real processes.

use std::collections::BTreeMap;

use uuid::Uuid;

/// What shows that a mutation took effect, beside what the server says of itself.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Nothing of its own.
    None,
    /// A row of this table with this id.
    Row(&'static str, Uuid),
    /// A mark in the text of a note, once.
    Mark(Uuid, String),
}

/// Something entered on a phone and reported as done.
#[derive(Clone, Debug)]
pub struct Tap {
    /// Counts taps.
    pub number: usize,
    /// On which phone.
    pub phone: usize,
    /// Whose, by place among the technicians.
    pub owner: usize,
    /// The mutation's name.
    pub name: String,
    /// Milliseconds since the history began.
    pub at_ms: u64,
    /// What shows it.
    pub effect: Effect,
    /// Taken back, or tried again under another key.
    pub put_away: bool,
    /// Another folder may hold it as well: what is put away here may still be sent from there.
    pub copied: bool,
    /// It was only in a folder that was exchanged for an older one.
    pub excused: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Record {
    /// By key.
    pub taps: BTreeMap<Uuid, Tap>,
    /// Taps that a phone was killed in before it answered.
    pub unanswered: usize,
    /// Milliseconds each tap took to be durable.
    pub tap_ms: Vec<u64>,
    count: usize,
}

impl Record {
    /// A phone took something.
    pub fn enter(&mut self, key: Uuid, phone: usize, owner: usize, name: &str, at_ms: u64, effect: Effect) {
        self.count += 1;
        let tap = Tap {
            number: self.count,
            phone,
            owner,
            name: name.to_owned(),
            at_ms,
            effect,
            put_away: false,
            copied: false,
            excused: false,
        };
        self.taps.insert(key, tap);
    }

    /// How many taps there were.
    pub fn count(&self) -> usize {
        self.count
    }

    /// A key stands for nothing any more.
    pub fn put_away(&mut self, key: Uuid) {
        if let Some(tap) = self.taps.get_mut(&key) {
            tap.put_away = true;
        }
    }

    /// Another key stands for what a key stood for; what shows its effect.
    pub fn replaced(&mut self, key: Uuid) -> Effect {
        let Some(tap) = self.taps.get_mut(&key) else { return Effect::None };
        tap.put_away = true;
        let effect = std::mem::replace(&mut tap.effect, Effect::None);
        // From another folder it may be tried again as well.
        if tap.copied { Effect::None } else { effect }
    }

    /// What is on a phone is in two folders from now on.
    pub fn copied(&mut self, phone: usize) {
        self.taps.values_mut().filter(|tap| tap.phone == phone).for_each(|tap| tap.copied = true);
    }

    /// What was entered on a phone after so many taps is in no folder any more.
    pub fn gone_since(&mut self, phone: usize, count: usize) {
        self.taps
            .values_mut()
            .filter(|tap| tap.phone == phone && tap.number > count)
            .for_each(|tap| tap.excused = true);
    }
}
