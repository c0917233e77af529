//! What visits leave behind: status events, checklists with answers, material, time, notes.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use satchel_domain::tables::{
    AnswerKind, AnswerState, Checklist, ChecklistAnswer, MaterialUsed, TimeEntry, TimeKind, VisitState,
    VisitStatusEvent,
};
use satchel_protocol::record::UNSAVED;

use super::{
    random::Random,
    trade::{Item, TEMPLATES},
    work::{Planned, Writer},
};

/// Minutes by which a technician arrives after the window has begun, at most.
const LATE_MAX_MIN: i64 = 15;
/// Minutes of work, at least and at most; with the way before it two visits of a day never touch.
const WORK_MIN: (i64, i64) = (40, 75);
/// Minutes on the way, at least and at most.
const WAY_MIN: (i64, i64) = (10, 25);
/// Lines of material on a visit that is over, at least and at most.
const MATERIALS: (i64, i64) = (3, 9);

/// When a technician arrives and leaves.
pub(super) fn on_site(window_start: Timestamp, random: &mut Random) -> (Timestamp, Timestamp) {
    let arrived = after(window_start, random.between(0, LATE_MAX_MIN));
    (arrived, after(arrived, random.between(WORK_MIN.0, WORK_MIN.1)))
}

fn after(instant: Timestamp, minutes: i64) -> Timestamp {
    instant.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(instant)
}

/// A visit's traces, about to be written.
pub(super) struct Past<'a, 'w> {
    pub(super) writer: &'a mut Writer<'w>,
    pub(super) planned: &'a Planned,
}

impl Past<'_, '_> {
    /// Answers the material used.
    pub(super) fn write(&mut self) -> Vec<MaterialUsed> {
        let way_min = self.writer.random.between(WAY_MIN.0, WAY_MIN.1);
        self.events(way_min);
        self.checklist();
        if let Some((arrived, left)) = self.planned.on_site {
            self.time(TimeKind::Travel, after(arrived, -way_min), arrived);
            self.time(TimeKind::Work, arrived, left);
            if self.planned.visit.state != VisitState::CannotComplete {
                return self.materials();
            }
        }
        Vec::new()
    }

    fn events(&mut self, way_min: i64) {
        let visit = &self.planned.visit;
        let dispatched = after(visit.window_start, -3 * 60);
        let mut steps = Vec::new();
        if visit.state != VisitState::Scheduled {
            steps.push((VisitState::Dispatched, dispatched));
        }
        if let Some((arrived, left)) = self.planned.on_site {
            steps.push((VisitState::Accepted, after(dispatched, 20)));
            steps.push((VisitState::Traveling, after(arrived, -way_min)));
            steps.push((VisitState::OnSite, arrived));
            if self.writer.random.chance(20) {
                steps.push((VisitState::Paused, after(arrived, 15)));
                steps.push((VisitState::OnSite, after(arrived, 25)));
            }
            steps.push((visit.state.clone(), left));
        } else if visit.state == VisitState::Canceled {
            steps.push((VisitState::Canceled, visit.window_start));
        }
        let mut from_state = VisitState::Scheduled;
        for (to_state, occurred_at) in steps {
            let last = to_state == visit.state && to_state != VisitState::Dispatched;
            let event = VisitStatusEvent {
                id: self.writer.random.id(),
                rev: UNSAVED,
                job_id: visit.job_id,
                branch_id: visit.branch_id,
                visit_id: visit.id,
                from_state: std::mem::replace(&mut from_state, to_state.clone()),
                to_state,
                occurred_at,
                user_id: self.planned.user_id,
                reason: visit.outcome.clone().filter(|_| last && visit.state != VisitState::Completed),
            };
            self.writer.batch.push(self.writer.org_id, &event);
        }
    }

    fn checklist(&mut self) {
        let visit = &self.planned.visit;
        let checklists = self.writer.checklists;
        let template = &checklists[self.planned.template];
        let checklist = Checklist {
            id: self.writer.random.id(),
            rev: UNSAVED,
            job_id: visit.job_id,
            branch_id: visit.branch_id,
            visit_id: visit.id,
            template_id: template.id,
        };
        self.writer.batch.push(self.writer.org_id, &checklist);
        let done = visit.state == VisitState::Completed;
        let mut values: Vec<Option<String>> = Vec::new();
        for (item, item_id) in TEMPLATES[self.planned.template].items.iter().zip(&template.items) {
            let shown = item.shown_when.is_none_or(|(after, answer)| values[after].as_deref() == Some(answer));
            let value = (done && shown && (item.required || self.writer.random.chance(60)))
                .then(|| answer(item, self.writer.random));
            let answered = value.is_some();
            let answer = ChecklistAnswer {
                id: self.writer.random.id(),
                rev: UNSAVED,
                job_id: visit.job_id,
                branch_id: visit.branch_id,
                checklist_id: checklist.id,
                item_id: *item_id,
                state: if answered { AnswerState::Answered } else { AnswerState::Open },
                value: value.clone(),
                answered_at: visit.ended_at.filter(|_| answered),
                answered_by: Some(self.planned.user_id).filter(|_| answered),
            };
            self.writer.batch.push(self.writer.org_id, &answer);
            values.push(value);
        }
    }

    fn time(&mut self, kind: TimeKind, started_at: Timestamp, ended_at: Timestamp) {
        let visit = &self.planned.visit;
        let entry = TimeEntry {
            id: self.writer.random.id(),
            rev: UNSAVED,
            technician_id: self.planned.technician_id,
            branch_id: visit.branch_id,
            job_id: Some(visit.job_id),
            visit_id: Some(visit.id),
            kind,
            started_at,
            ended_at: Some(ended_at),
            overlaps: false,
            started_device_clock: None,
            ended_device_clock: None,
        };
        self.writer.batch.push(self.writer.org_id, &entry);
    }

    fn materials(&mut self) -> Vec<MaterialUsed> {
        let (visit, materials) = (&self.planned.visit, &self.writer.pricebook.materials);
        if materials.is_empty() {
            return Vec::new();
        }
        let mut all = Vec::new();
        for _ in 0..self.writer.random.between(MATERIALS.0, MATERIALS.1) {
            let item = self.writer.random.pick(materials);
            let most = if item.unit == "foot" { 40 } else { 4 };
            let used = MaterialUsed {
                id: self.writer.random.id(),
                rev: UNSAVED,
                job_id: visit.job_id,
                branch_id: visit.branch_id,
                visit_id: visit.id,
                item_id: item.id,
                name: item.name.clone(),
                quantity: Decimal::new(self.writer.random.between(1, most) * 1_000, 3),
                unit_price_cents: item.price_cents,
                pricebook_version_id: None,
                stock_location_id: None,
            };
            self.writer.batch.push(self.writer.org_id, &used);
            all.push(used);
        }
        all
    }
}

fn answer(item: &Item, random: &mut Random) -> String {
    match item.kind {
        AnswerKind::YesNo => if random.chance(75) { "yes" } else { "no" }.to_owned(),
        AnswerKind::Number => random.between(20, 140).to_string(),
        // The id a photo would have; media come with a later version.
        AnswerKind::Photo => random.uuid().to_string(),
        _ => "Told the customer on site.".to_owned(),
    }
}
