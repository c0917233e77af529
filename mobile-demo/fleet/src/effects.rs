//! What accepted taps should have left behind, held against rows.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use rust_decimal::Decimal;
use satchel_domain::tables::{
    AnswerState, ChecklistAnswer, MaterialUsed, Note, TimeEntry, Visit, VisitState, VisitStatusEvent,
};
use satchel_protocol::{Record as _, Table};
use satchel_stage::proof::Tables;
use uuid::Uuid;

use crate::record::{Effect, Tap};

/// The tables that effects stand in.
pub const TABLES: [&Table; 6] =
    [Visit::TABLE, VisitStatusEvent::TABLE, MaterialUsed::TABLE, TimeEntry::TABLE, ChecklistAnswer::TABLE, Note::TABLE];

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Effects looked for.
    pub expected: usize,
    /// Effects that are not there, or not as they should be.
    pub lost: usize,
    /// Effects that are there more than once.
    pub doubled: usize,
    /// Visits that nobody asked could see, so that nothing can be said of them.
    pub unseen_visits: usize,
}

/// What there should be.
#[derive(Debug, Default)]
struct Expected {
    steps: BTreeMap<(Uuid, String), usize>,
    /// Line to visit and quantity.
    materials: BTreeMap<Uuid, (Uuid, Decimal)>,
    /// Entry to visit, and whether it was stopped.
    entries: BTreeMap<Uuid, (Uuid, bool)>,
    /// Answer to visit.
    answers: BTreeMap<Uuid, Uuid>,
    /// Note to visit and sentences.
    notes: BTreeMap<Uuid, (Uuid, Vec<String>)>,
    visits: BTreeSet<Uuid>,
}

/// Holds the effects of `accepted` taps, in each technician's order, against rows. `tapped` are all of them: nothing
/// else may stand on their visits.
///
/// # Errors
/// When rows do not have their tables' shape.
pub fn find<'a>(
    tapped: impl Iterator<Item = &'a Tap>,
    accepted: impl Iterator<Item = &'a Tap>,
    rows: &Tables,
) -> anyhow::Result<Found> {
    let mut expected = Expected::default();
    expected.visits.extend(tapped.filter_map(visit_of));
    accepted.for_each(|tap| expected.add(&tap.effect));
    let visible: BTreeSet<Uuid> = records::<Visit>(rows)?.iter().map(|visit| visit.id.uuid()).collect();
    let unseen_visits = expected.visits.difference(&visible).count();
    expected.keep(&visible);
    let mut found = Found { unseen_visits, ..Found::default() };
    expected.find_steps(&records(rows)?, &mut found);
    expected.find_materials(&records(rows)?, &mut found);
    expected.find_entries(&records(rows)?, &mut found);
    expected.find_answers(&records(rows)?, &mut found);
    expected.find_notes(&records(rows)?, &mut found);
    Ok(found)
}

fn records<R: satchel_protocol::Record>(rows: &Tables) -> anyhow::Result<Vec<R>> {
    let rows = rows.get(R::TABLE.name).with_context(|| format!("no rows of {}", R::TABLE.name))?;
    rows.iter().map(|row| Ok(R::from_row(row)?)).collect()
}

fn visit_of(tap: &Tap) -> Option<Uuid> {
    match &tap.effect {
        Effect::Step { visit, .. }
        | Effect::Material { visit, .. }
        | Effect::Started { visit, .. }
        | Effect::Answered { visit, .. }
        | Effect::Note { visit, .. } => Some(*visit),
        Effect::Corrected { .. } | Effect::Stopped { .. } | Effect::Sentence { .. } | Effect::Other => None,
    }
}

impl Expected {
    fn add(&mut self, effect: &Effect) {
        match effect {
            Effect::Step { visit, to } => *self.steps.entry((*visit, to.to_string())).or_default() += 1,
            Effect::Material { visit, id, quantity } => {
                self.materials.insert(*id, (*visit, *quantity));
            }
            Effect::Corrected { id, quantity } => {
                if let Some(line) = self.materials.get_mut(id) {
                    line.1 = *quantity;
                }
            }
            Effect::Started { visit, id } => {
                self.entries.insert(*id, (*visit, false));
            }
            Effect::Stopped { id } => {
                if let Some(entry) = self.entries.get_mut(id) {
                    entry.1 = true;
                }
            }
            Effect::Answered { visit, id } => {
                self.answers.insert(*id, *visit);
            }
            Effect::Note { visit, id } => {
                self.notes.insert(*id, (*visit, Vec::new()));
            }
            Effect::Sentence { id, text } => {
                if let Some(note) = self.notes.get_mut(id) {
                    note.1.push(text.clone());
                }
            }
            Effect::Other => {}
        }
    }

    /// Forgets what is about other visits.
    fn keep(&mut self, visible: &BTreeSet<Uuid>) {
        self.visits.retain(|visit| visible.contains(visit));
        self.steps.retain(|(visit, _), _| visible.contains(visit));
        self.materials.retain(|_, (visit, _)| visible.contains(visit));
        self.entries.retain(|_, (visit, _)| visible.contains(visit));
        self.answers.retain(|_, visit| visible.contains(visit));
        self.notes.retain(|_, (visit, _)| visible.contains(visit));
    }

    fn find_steps(&self, events: &[VisitStatusEvent], found: &mut Found) {
        // The office makes the other steps.
        let tapped = [VisitState::Accepted, VisitState::Traveling, VisitState::OnSite, VisitState::Completed];
        let mut there: BTreeMap<(Uuid, String), usize> = BTreeMap::new();
        for event in events.iter().filter(|event| tapped.contains(&event.to_state)) {
            *there.entry((event.visit_id.uuid(), event.to_state.to_string())).or_default() += 1;
        }
        let steps: BTreeSet<_> = self.steps.keys().chain(there.keys()).collect();
        for step in steps.into_iter().filter(|(visit, _)| self.visits.contains(visit)) {
            let count = |steps: &BTreeMap<(Uuid, String), usize>| steps.get(step).copied().unwrap_or_default();
            found.expect(count(&self.steps), count(&there));
        }
    }

    fn find_materials(&self, lines: &[MaterialUsed], found: &mut Found) {
        let right = |line: &&MaterialUsed| {
            self.materials.get(&line.id.uuid()).is_some_and(|(_, quantity)| *quantity == line.quantity)
        };
        found.expect(self.materials.len(), lines.iter().filter(right).count());
        let others = lines.iter().filter(|line| self.visits.contains(&line.visit_id.uuid()));
        found.expect(0, others.filter(|line| !self.materials.contains_key(&line.id.uuid())).count());
    }

    fn find_entries(&self, entries: &[TimeEntry], found: &mut Found) {
        let right = |entry: &&TimeEntry| {
            self.entries.get(&entry.id.uuid()).is_some_and(|(_, stopped)| *stopped == entry.ended_at.is_some())
        };
        found.expect(self.entries.len(), entries.iter().filter(right).count());
        let here = |entry: &&TimeEntry| entry.visit_id.is_some_and(|visit| self.visits.contains(&visit.uuid()));
        let others = entries.iter().filter(here);
        found.expect(0, others.filter(|entry| !self.entries.contains_key(&entry.id.uuid())).count());
    }

    fn find_answers(&self, answers: &[ChecklistAnswer], found: &mut Found) {
        let given = answers.iter().filter(|answer| answer.state == AnswerState::Answered);
        let given: BTreeSet<Uuid> = given.map(|answer| answer.id.uuid()).collect();
        found.expect(self.answers.len(), self.answers.keys().filter(|id| given.contains(*id)).count());
    }

    fn find_notes(&self, notes: &[Note], found: &mut Found) {
        let texts: BTreeMap<Uuid, &str> = notes.iter().map(|note| (note.id.uuid(), note.text.as_str())).collect();
        for (id, (_, sentences)) in &self.notes {
            found.expect(1, usize::from(texts.contains_key(id)));
            let text = texts.get(id).copied().unwrap_or_default();
            sentences.iter().for_each(|sentence| found.expect(1, text.matches(sentence).count()));
        }
    }
}

impl Found {
    /// Takes note of an effect that should be there so many times.
    fn expect(&mut self, expected: usize, there: usize) {
        self.expected += expected;
        self.lost += expected.saturating_sub(there);
        self.doubled += there.saturating_sub(expected);
    }
}
