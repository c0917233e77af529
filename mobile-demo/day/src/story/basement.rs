//! Work without signal, a killed phone, a conflict and a refusal.

use anyhow::{Context as _, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use satchel_domain::{
    mutations::{
        AcceptVisit, AddMaterial, AnswerItem, ArriveAtVisit, CancelJob, CompleteVisit, CorrectMaterial, EditNote,
        StartTime, StopTime, TravelToVisit,
    },
    notes,
    rules::checklists,
    tables::{
        AnswerKind, AnswerState, Checklist, ChecklistAnswer, ChecklistTemplateItem, PricebookItem, PricebookKind,
        TimeKind,
    },
};
use satchel_protocol::Id;
use uuid::Uuid;

use super::{
    Record,
    morning::{Place, Plan},
};
use crate::{narrator::Narrator, phone::Phone, stage::Stage};

const TECHNICIAN_WROTE: &str = "Replaced the valve; pressure holds at 21 mbar.";
const DISPATCHER_WROTE: &str = "Customer asks to be called before the invoice goes out.";

/// Both phones lose signal; one visit is done from beginning to end.
pub async fn work_offline(
    narrator: &Narrator,
    stage: &mut Stage,
    plan: &Plan,
    record: &mut Record,
) -> anyhow::Result<()> {
    let names: [String; 2] = stage.phones.each_ref().map(|phone| phone.person.first_name().to_owned());
    narrator.chapter("09:05 Both go down to where there is no signal");
    for phone in &mut stage.phones {
        phone.air.cut();
        phone.wait("offline").await?;
    }

    let [first, second] = &mut stage.phones;
    begin_visit(first, plan.main, record).await?;
    narrator
        .say(&format!("{} travels, arrives and starts the clock. Every tap is on disk before it returns.", names[0]));
    answer_checklist(first, plan.main, record).await?;
    use_material(first, plan.main, record).await?;

    narrator.say(&format!(
        "{}'s phone is killed (kill -9) between two taps, and starts again without a network.",
        names[0]
    ));
    first.kill().await?;
    first.start()?;
    finish_visit(first, plan, record).await?;
    narrator.say(&format!("{} corrects the material, writes the note and completes the visit.", names[0]));

    second.tap(&AcceptVisit { job_id: plan.canceled.job_id, visit_id: plan.canceled.visit_id, reason: None }).await?;
    second.tap(&AcceptVisit { job_id: plan.other.job_id, visit_id: plan.other.visit_id, reason: None }).await?;
    second.tap(&TravelToVisit { job_id: plan.other.job_id, visit_id: plan.other.visit_id, reason: None }).await?;
    narrator.say(&format!("{} accepts two visits and sets out to one.", names[1]));

    narrator.say("Meanwhile the dispatcher writes on the same note, and cancels one of those jobs.");
    edit_in_the_office(stage, plan).await?;
    let cancel = CancelJob { job_id: plan.canceled.job_id, reason: "The customer called it off.".to_owned() };
    stage.office.call(&cancel).await?;
    record.sentences = [TECHNICIAN_WROTE, DISPATCHER_WROTE];
    Ok(())
}

/// Signal returns: everything drains, and what was refused is explained.
pub async fn resurface(narrator: &Narrator, stage: &mut Stage, plan: &Plan) -> anyhow::Result<()> {
    narrator.chapter("11:20 Signal returns");
    for phone in &mut stage.phones {
        phone.air.mend();
        phone.wait("synced").await?;
        narrator.say(&format!("{}'s {} taps have their verdicts.", phone.person.first_name(), phone.taps.len()));
    }
    let [first, second] = &mut stage.phones;
    ensure!(first.attention().await?.is_empty(), "something of the first phone was refused");
    let attention = second.attention().await?;
    ensure!(attention.len() == 1, "{} taps of the second phone were refused, not one", attention.len());
    let message = attention[0]["rejection"]["message"].as_str().context("a refusal without a message")?;
    narrator.say(&format!("One tap was refused, kept, and explained to {}: “{message}”", second.person.first_name()));
    second.wait_value("visit", plan.canceled.visit_id.uuid(), "state", "canceled".into()).await
}

async fn begin_visit(phone: &mut Phone, place: Place, record: &mut Record) -> anyhow::Result<()> {
    let Place { job_id, visit_id } = place;
    record.visit_id = visit_id.uuid();
    phone.tap(&AcceptVisit { job_id, visit_id, reason: None }).await?;
    phone.tap(&TravelToVisit { job_id, visit_id, reason: None }).await?;
    let travel = start_clock(phone, place, TimeKind::Travel, record).await?;
    phone.tap(&ArriveAtVisit { job_id, visit_id, reason: None }).await?;
    phone.tap(&travel).await?;
    record.steps += 3;
    Ok(())
}

/// Starts a time entry; returns the tap that stops it.
async fn start_clock(phone: &mut Phone, place: Place, kind: TimeKind, record: &mut Record) -> anyhow::Result<StopTime> {
    let technician_id = Id::new(phone.person.technician_id.context("not a technician")?);
    let entry_id = Id::new(Uuid::now_v7());
    let (job_id, visit_id) = (Some(place.job_id), Some(place.visit_id));
    phone.tap(&StartTime { entry_id, technician_id, kind, job_id, visit_id }).await?;
    record.time_entries.push(entry_id.uuid());
    Ok(StopTime { entry_id, technician_id, ended_at: None })
}

/// Answers every required item that is shown; answers can show further ones.
async fn answer_checklist(phone: &mut Phone, place: Place, record: &mut Record) -> anyhow::Result<()> {
    let all: Vec<Checklist> = phone.records().await?;
    let items: Vec<ChecklistTemplateItem> = phone.records().await?;
    for checklist in all.into_iter().filter(|checklist| checklist.visit_id == place.visit_id) {
        let items: Vec<_> = items.iter().filter(|item| item.template_id == checklist.template_id).cloned().collect();
        loop {
            let answers: Vec<ChecklistAnswer> = phone.records().await?;
            let answers: Vec<_> = answers.into_iter().filter(|answer| answer.checklist_id == checklist.id).collect();
            let mut asked = checklists::asked(&items, &answers).into_iter();
            let open = asked.find(|(item, answer)| item.required && answer.state == AnswerState::Open);
            let Some((item, answer)) = open else { break };
            let value = match item.answer_kind {
                AnswerKind::YesNo => "yes".to_owned(),
                AnswerKind::Number => "21.5".to_owned(),
                AnswerKind::Photo => Uuid::now_v7().to_string(),
                AnswerKind::Text | AnswerKind::Unknown(_) => "Looked at and found good.".to_owned(),
            };
            let Place { job_id, visit_id } = place;
            phone.tap(&AnswerItem { job_id, visit_id, answer_id: answer.id, value }).await?;
            record.answers.push(answer.id.uuid());
        }
    }
    Ok(())
}

async fn use_material(phone: &mut Phone, place: Place, record: &mut Record) -> anyhow::Result<()> {
    let items: Vec<PricebookItem> = phone.records().await?;
    let on_the_truck = items.iter().filter(|item| item.active && item.kind == PricebookKind::Material);
    for (item, quantity) in on_the_truck.zip(["2", "1.5"]) {
        let material_id = Id::new(Uuid::now_v7());
        let Place { job_id, visit_id } = place;
        let quantity_used = quantity.parse()?;
        phone.tap(&AddMaterial { job_id, visit_id, material_id, item_id: item.id, quantity: quantity_used }).await?;
        record.materials.push((material_id.uuid(), quantity));
    }
    Ok(())
}

async fn finish_visit(phone: &mut Phone, plan: &Plan, record: &mut Record) -> anyhow::Result<()> {
    let Place { job_id, visit_id } = plan.main;
    let work = start_clock(phone, plan.main, TimeKind::Work, record).await?;
    let (material_id, quantity) = record.materials.first_mut().context("no material was used")?;
    *quantity = "3";
    phone
        .tap(&CorrectMaterial { job_id, visit_id, material_id: Id::new(*material_id), quantity: "3".parse()? })
        .await?;
    phone.edit_note(plan.note_id.uuid(), TECHNICIAN_WROTE).await?;
    phone.tap(&work).await?;
    phone.tap(&CompleteVisit { job_id, visit_id, outcome: Some("Valve replaced.".to_owned()) }).await?;
    record.steps += 1;
    Ok(())
}

/// The dispatcher's browser knows the note's changes; here they are asked of the database.
async fn edit_in_the_office(stage: &Stage, plan: &Plan) -> anyhow::Result<()> {
    let note_id = plan.note_id;
    let sql = format!(
        "select translate(encode(change, 'base64'), e'\\n', '') from satchel.note_change where note_id = '{note_id}'"
    );
    let changes = stage.server.psql(&sql).await?;
    let changes = changes.lines().map(|line| STANDARD.decode(line)).collect::<Result<Vec<_>, _>>()?;
    let edit = notes::edit(&changes, DISPATCHER_WROTE, *Uuid::new_v4().as_bytes())?;
    let args = EditNote { job_id: plan.main.job_id, note_id, changes: edit.to_args() };
    stage.office.call(&args).await.map(drop)
}
