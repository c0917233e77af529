//! What was done, by our own account: the proof is held against it.

use std::{collections::BTreeSet, time::Duration};

use rust_decimal::Decimal;
use satchel_domain::tables::VisitState;
use uuid::Uuid;

/// Everything tapped, and what became of some of it on the phones.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// What phones took, by technician in order.
    pub taps: Vec<Tap>,
    /// Keys of taps that their technicians took back before the server had them.
    pub taken_back: BTreeSet<Uuid>,
    /// Taps that the phone refused at once: nothing was entered.
    pub refused_at_once: usize,
    /// Refused taps that were handed to the office.
    pub handed_over: usize,
}

/// A mutation a phone took.
#[derive(Clone, Debug)]
pub struct Tap {
    /// Its idempotency key.
    pub key: Uuid,
    /// Whose phone it was, by place in the fleet.
    pub technician: usize,
    /// The mutation.
    pub name: &'static str,
    /// What there must be if the server accepts it.
    pub effect: Effect,
    /// How long the phone took to say that it is durable.
    pub took: Duration,
}

/// What an accepted tap leaves behind, once.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A step of a visit.
    Step {
        /// The visit.
        visit: Uuid,
        /// Where it was led.
        to: VisitState,
    },
    /// A line of material on a visit.
    Material {
        /// The visit.
        visit: Uuid,
        /// The line.
        id: Uuid,
        /// How much.
        quantity: Decimal,
    },
    /// Another quantity on such a line.
    Corrected {
        /// The line.
        id: Uuid,
        /// How much.
        quantity: Decimal,
    },
    /// A time entry on a visit.
    Started {
        /// The visit.
        visit: Uuid,
        /// The entry.
        id: Uuid,
    },
    /// Its end.
    Stopped {
        /// The entry.
        id: Uuid,
    },
    /// An answered question.
    Answered {
        /// The visit.
        visit: Uuid,
        /// The answer's row.
        id: Uuid,
    },
    /// An empty note.
    Note {
        /// The visit it was written on.
        visit: Uuid,
        /// The note.
        id: Uuid,
    },
    /// A sentence in a note, which no other note has.
    Sentence {
        /// The note.
        id: Uuid,
        /// The sentence.
        text: String,
    },
    /// Nothing that is counted.
    Other,
}

impl Record {
    /// Adds somebody's.
    pub fn add(&mut self, other: Self) {
        self.taps.extend(other.taps);
        self.taken_back.extend(other.taken_back);
        self.refused_at_once += other.refused_at_once;
        self.handed_over += other.handed_over;
    }
}
