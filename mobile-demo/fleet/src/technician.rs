//! A technician living his days on his phone.

use std::time::Instant;

use anyhow::Context as _;
use rust_decimal::Decimal;
use satchel_client::{ClientError, Reader, StoreError, client::Mutated};
use satchel_domain::{
    mutations::{
        AcceptVisit, AddMaterial, AnswerItem, ArriveAtVisit, AttachChecklist, CompleteVisit, CorrectMaterial,
        CreateNote, StartTime, StopTime, TravelToVisit,
    },
    rules::checklists,
    tables::{
        AnswerKind, AnswerState, Assignment, Checklist, ChecklistAnswer, ChecklistTemplate, ChecklistTemplateItem, Job,
        Note, PricebookItem, Technician as TechnicianRow, TimeEntry, TimeKind, Visit, VisitState,
    },
};
use satchel_protocol::{Id, Mutation};
use uuid::Uuid;

use crate::{
    clock::Clock,
    limits::EVENING_ROUNDS,
    phone::Phone,
    plan::VisitPlan,
    record::{Effect, Record, Tap},
    watch::Watch,
};

/// Questions answered on one visit at most; answers can show further ones.
const ANSWERS: usize = 40;
/// One refused tap of so many is handed to the office instead of taken back.
const HANDED_OVER_OF: usize = 3;

/// A visit and its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The job.
    pub job_id: Id<Job>,
    /// The visit.
    pub visit_id: Id<Visit>,
}

/// See the module.
pub struct Technician<'a> {
    number: usize,
    id: Id<TechnicianRow>,
    phone: &'a Phone,
    watch: &'a Watch,
    record: Record,
    /// The time that runs.
    running: Option<Id<TimeEntry>>,
}

impl<'a> Technician<'a> {
    /// The technician at this place in the fleet.
    pub fn new(number: usize, id: Uuid, phone: &'a Phone, watch: &'a Watch) -> Self {
        Self { number, id: Id::new(id), phone, watch, record: Record::default(), running: None }
    }

    /// Lives through the visits of the plan, and tells what was tapped.
    pub async fn live(mut self, clock: Clock, plan: &[VisitPlan], list: &[Place]) -> anyhow::Result<Record> {
        self.stop_what_runs().await?;
        for (visit, place) in plan.iter().zip(list) {
            clock.until(visit.at).await;
            let _ = self.visit(clock, visit, *place).await?;
            self.stop_clock(clock, visit).await?;
        }
        Ok(self.record)
    }

    /// One visit from beginning to end; none as soon as the phone says no: somebody else has decided on it.
    async fn visit(&mut self, clock: Clock, plan: &VisitPlan, place: Place) -> anyhow::Result<Option<()>> {
        let Place { job_id, visit_id } = place;
        let step = |to| Effect::Step { visit: visit_id.uuid(), to };
        let pause = plan.pause;
        self.tap(&AcceptVisit { job_id, visit_id, reason: None }, step(VisitState::Accepted)).await?;
        clock.pass(pause).await;
        self.start_clock(place, TimeKind::Travel).await?;
        let travel = TravelToVisit { job_id, visit_id, reason: None };
        if !self.tap(&travel, step(VisitState::Traveling)).await? {
            return Ok(None);
        }
        clock.pass(pause * 3).await;
        self.stop_clock(clock, plan).await?;
        let arrive = ArriveAtVisit { job_id, visit_id, reason: None };
        if !self.tap(&arrive, step(VisitState::OnSite)).await? {
            return Ok(None);
        }
        self.start_clock(place, TimeKind::Work).await?;
        self.use_material(clock, plan, place).await?;
        self.answer(clock, plan, place).await?;
        self.write_notes(clock, plan, place).await?;
        self.stop_clock(clock, plan).await?;
        let complete = CompleteVisit { job_id, visit_id, outcome: Some("Runs again.".to_owned()) };
        Ok(self.tap(&complete, step(VisitState::Completed)).await?.then_some(()))
    }

    async fn use_material(&mut self, clock: Clock, plan: &VisitPlan, place: Place) -> anyhow::Result<()> {
        let Place { job_id, visit_id } = place;
        let wanted = format!("kind = 'material' and active order by id limit {}", plan.materials);
        let items = self.read(move |reader| reader.select::<PricebookItem>(&wanted, &[])).await?;
        let mut first = None;
        for (number, item) in items.iter().enumerate() {
            let (material_id, quantity) = (Id::new(Uuid::now_v7()), Decimal::from(number + 1));
            let add = AddMaterial { job_id, visit_id, material_id, item_id: item.id, quantity };
            let effect = Effect::Material { visit: visit_id.uuid(), id: material_id.uuid(), quantity };
            let taken = self.tap(&add, effect).await?;
            first = first.or(taken.then_some(material_id));
            clock.pass(plan.pause).await;
        }
        if let (true, Some(material_id)) = (plan.corrects, first) {
            let quantity = Decimal::new(25, 1);
            let correct = CorrectMaterial { job_id, visit_id, material_id, quantity };
            self.tap(&correct, Effect::Corrected { id: material_id.uuid(), quantity }).await?;
            clock.pass(plan.pause).await;
        }
        Ok(())
    }

    /// Answers every required question that is shown, after attaching a checklist where the visit has none.
    async fn answer(&mut self, clock: Clock, plan: &VisitPlan, place: Place) -> anyhow::Result<()> {
        let Place { job_id, visit_id } = place;
        let none = self.read(move |reader| reader.find::<Checklist>(Checklist::BY_VISIT, &[visit_id.into()])).await?;
        if none.is_empty() {
            let usable = "active order by id limit 1";
            let template = self.read(move |reader| reader.select::<ChecklistTemplate>(usable, &[])).await?.pop();
            let template_id = template.context("the contractor has no checklist")?.id;
            let checklist_id = Id::new(Uuid::now_v7());
            self.tap(&AttachChecklist { job_id, visit_id, checklist_id, template_id }, Effect::Other).await?;
        }
        for _ in 0..ANSWERS {
            let Some((answer_id, value)) = self.read(move |reader| open_question(reader, visit_id)).await? else {
                break;
            };
            let effect = Effect::Answered { visit: visit_id.uuid(), id: answer_id.uuid() };
            if !self.tap(&AnswerItem { job_id, visit_id, answer_id, value }, effect).await? {
                break;
            }
            clock.pass(plan.pause).await;
        }
        Ok(())
    }

    async fn write_notes(&mut self, clock: Clock, plan: &VisitPlan, place: Place) -> anyhow::Result<()> {
        if plan.edits == 0 {
            return Ok(());
        }
        let (job_id, visit) = (place.job_id, place.visit_id.uuid());
        let note_id: Id<Note> = Id::new(Uuid::now_v7());
        let create = CreateNote { job_id, note_id, title: "Found on site".to_owned() };
        if !self.tap(&create, Effect::Note { visit, id: note_id.uuid() }).await? {
            return Ok(());
        }
        let mut text = String::new();
        for number in 0..plan.edits {
            clock.pass(plan.pause).await;
            let sentence = format!("Looked at part {} of {note_id}.", number + 1);
            text = format!("{text}{sentence}\n");
            let begin = Instant::now();
            let edited = self.phone.client.edit_note(note_id, None, text.clone()).await;
            let Some(edited) = edited.transpose() else { continue };
            let effect = Effect::Sentence { id: note_id.uuid(), text: sentence };
            self.took(satchel_domain::mutations::EditNote::NAME, begin, edited, effect)?;
        }
        Ok(())
    }

    async fn start_clock(&mut self, place: Place, kind: TimeKind) -> anyhow::Result<()> {
        let entry_id = Id::new(Uuid::now_v7());
        let (job_id, visit_id) = (Some(place.job_id), Some(place.visit_id));
        let start = StartTime { entry_id, technician_id: self.id, kind, job_id, visit_id };
        let effect = Effect::Started { visit: place.visit_id.uuid(), id: entry_id.uuid() };
        if self.tap(&start, effect).await? {
            self.running = Some(entry_id);
        }
        Ok(())
    }

    async fn stop_clock(&mut self, clock: Clock, plan: &VisitPlan) -> anyhow::Result<()> {
        if let Some(entry_id) = self.running.take() {
            let stop = StopTime { entry_id, technician_id: self.id, ended_at: None };
            self.tap(&stop, Effect::Stopped { id: entry_id.uuid() }).await?;
            clock.pass(plan.pause).await;
        }
        Ok(())
    }

    /// Stops time that was left running before these days.
    async fn stop_what_runs(&mut self) -> anyhow::Result<()> {
        let own = [self.id.into()];
        let runs = "technician_id = ?1 and ended_at is null";
        for entry in self.read(move |reader| reader.select::<TimeEntry>(runs, &own)).await? {
            let stop = StopTime { entry_id: entry.id, technician_id: self.id, ended_at: None };
            self.tap(&stop, Effect::Other).await?;
        }
        Ok(())
    }

    /// Taps: runs a mutation and records it; false when the phone says no.
    async fn tap<M: Mutation>(&mut self, mutation: &M, effect: Effect) -> anyhow::Result<bool> {
        let begin = Instant::now();
        let mutated = self.phone.client.mutate(mutation).await;
        self.took(M::NAME, begin, mutated, effect)
    }

    fn took(
        &mut self,
        name: &'static str,
        begin: Instant,
        mutated: Result<Mutated, ClientError>,
        effect: Effect,
    ) -> anyhow::Result<bool> {
        match mutated {
            Ok(Mutated { key, .. }) => {
                let took = begin.elapsed();
                self.watch.tapped(key, begin);
                self.record.taps.push(Tap { key, technician: self.number, name, effect, took });
                Ok(true)
            }
            Err(ClientError::Refused(_)) => {
                self.record.refused_at_once += 1;
                Ok(false)
            }
            Err(error) => Err(error).with_context(|| format!("a phone cannot take {name}")),
        }
    }

    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> anyhow::Result<T> {
        Ok(self.phone.client.read(query).await?)
    }
}

/// In the evening, with a good network: looks at what was refused, hands some of it to the office and takes the rest
/// back, until nothing waits. False if it does not come to rest.
pub async fn evening(phone: &Phone, record: &mut Record) -> anyhow::Result<bool> {
    for _ in 0..EVENING_ROUNDS {
        if !phone.rests().await? {
            return Ok(false);
        }
        let mut list = phone.client.attention().await?;
        list.retain(|refused| !refused.with_office);
        if list.is_empty() {
            return Ok(true);
        }
        for (number, refused) in list.iter().enumerate() {
            let key = refused.entry.key;
            if refused.holds.is_empty() && number % HANDED_OVER_OF == 0 {
                match phone.client.hand_over(key, Some("Please look at this.".to_owned())).await {
                    Ok(()) => {
                        record.handed_over += 1;
                        continue;
                    }
                    Err(ClientError::Store(StoreError::NeverSent { .. })) => {}
                    // It went with the group of one before.
                    Err(ClientError::Store(StoreError::NotQueued { .. })) => continue,
                    Err(error) => return Err(error.into()),
                }
            }
            record.taken_back.extend(refused.holds.iter().copied().chain([key]));
            match phone.client.undo_group(key).await {
                Ok(()) | Err(ClientError::Store(StoreError::NotQueued { .. })) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(false)
}

/// The technician's visits that are still to be done, by their windows.
pub fn list(reader: &Reader, technician: Uuid) -> Result<Vec<Place>, StoreError> {
    let own = [Id::<TechnicianRow>::new(technician).into()];
    let open = "technician_id = ?1 and open order by window_start, id";
    let mut list = Vec::new();
    for assignment in reader.select::<Assignment>(open, &own)? {
        let visit = reader.get(assignment.visit_id)?;
        if visit.is_some_and(|visit| matches!(visit.state, VisitState::Scheduled | VisitState::Dispatched)) {
            list.push(Place { job_id: assignment.job_id, visit_id: assignment.visit_id });
        }
    }
    Ok(list)
}

/// A required question that is shown and not answered, with an answer of its kind.
fn open_question(reader: &Reader, visit: Id<Visit>) -> Result<Option<(Id<ChecklistAnswer>, String)>, StoreError> {
    for checklist in reader.find::<Checklist>(Checklist::BY_VISIT, &[visit.into()])? {
        let template = [checklist.template_id.into()];
        let items = reader.find::<ChecklistTemplateItem>(ChecklistTemplateItem::BY_TEMPLATE, &template)?;
        let answers = reader.find::<ChecklistAnswer>(ChecklistAnswer::BY_CHECKLIST, &[checklist.id.into()])?;
        let mut asked = checklists::asked(&items, &answers).into_iter();
        if let Some((item, answer)) = asked.find(|(item, answer)| item.required && answer.state == AnswerState::Open) {
            let value = match item.answer_kind {
                AnswerKind::YesNo => "yes".to_owned(),
                AnswerKind::Number => "21.5".to_owned(),
                AnswerKind::Photo => Uuid::now_v7().to_string(),
                AnswerKind::Text | AnswerKind::Unknown(_) => "Looked at and found good.".to_owned(),
            };
            return Ok(Some((answer.id, value)));
        }
    }
    Ok(None)
}
