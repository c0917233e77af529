//! First sync, and what the day is planned to be.

use anyhow::{Context as _, ensure};
use satchel_domain::{
    mutations::{AttachChecklist, CreateNote, DispatchVisit},
    tables::{Assignment, Checklist, ChecklistTemplate, Job, Note, Visit, VisitState},
};
use satchel_protocol::Id;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{narrator::Narrator, phone::Phone, stage::Stage};

/// Milliseconds between looks at a phone's progress.
const LOOK_MS: u64 = 100;

/// Which visits the story is about.
pub struct Plan {
    /// The first technician's visit, done offline.
    pub main: Place,
    /// The note on its job.
    pub note_id: Id<Note>,
    /// The first technician's job that goes to the second.
    pub moving: Place,
    /// The second technician's visit that the office cancels.
    pub canceled: Place,
    /// The second technician's visit that goes on.
    pub other: Place,
}

/// A visit and its job.
#[derive(Clone, Copy)]
pub struct Place {
    /// The job.
    pub job_id: Id<Job>,
    /// The visit.
    pub visit_id: Id<Visit>,
}

/// Both phones sign in and fill.
pub async fn first_sync(narrator: &Narrator, stage: &mut Stage) -> anyhow::Result<()> {
    narrator.chapter("06:40 Two technicians sign in, and their phones fill");
    let org_id = stage.people.org_id;
    for phone in &mut stage.phones {
        phone.start()?;
        phone.sign_in(org_id).await?;
        let bar = narrator.bar(phone.person.first_name(), 0);
        loop {
            let status = phone.ask(json!({ "do": "status" })).await?;
            let progress = &status["status"]["readiness"];
            if let (Some(received), Some(total)) = (progress["rows_received"].as_u64(), progress["rows_total"].as_u64())
            {
                bar.set_length(total.max(received));
                bar.set_position(received);
            }
            if phone.try_wait("ready", LOOK_MS).await? {
                break;
            }
        }
        let mut rows = 0;
        for table in satchel_domain::REGISTRY.tables {
            rows += phone.rows(table.name).await?.len() as u64;
        }
        bar.set_length(rows);
        bar.set_position(rows);
        bar.abandon();
        narrator
            .say(&format!("{}'s phone is ready: {rows} rows, and their checksum is the server's.", phone.person.name));
    }
    Ok(())
}

/// Picks the visits, sends them out, and prepares a note.
pub async fn plan(narrator: &Narrator, stage: &mut Stage) -> anyhow::Result<Plan> {
    narrator.chapter("07:30 The dispatcher sends out the day");
    let [first, second] = &mut stage.phones;
    let (mine, yours) = (open_visits(first).await?, open_visits(second).await?);
    ensure!(mine.len() >= 2 && yours.len() >= 2, "the seed gave a technician fewer than two open visits");
    let plan = Plan {
        main: mine[0],
        moving: mine[mine.len() - 1],
        canceled: yours[0],
        other: yours[1],
        note_id: Id::new(Uuid::now_v7()),
    };
    for (phone, place) in [(0, plan.main), (1, plan.canceled), (1, plan.other)] {
        dispatch(stage, phone, place).await?;
    }
    let first = &mut stage.phones[0];
    let checklists: Vec<Checklist> = first.records().await?;
    if !checklists.iter().any(|checklist| checklist.visit_id == plan.main.visit_id) {
        let templates: Vec<ChecklistTemplate> = first.records().await?;
        let template = templates.iter().find(|template| template.active).context("the seed made no checklist")?;
        first
            .tap(&AttachChecklist {
                job_id: plan.main.job_id,
                visit_id: plan.main.visit_id,
                checklist_id: Id::new(Uuid::now_v7()),
                template_id: template.id,
            })
            .await?;
    }
    let note = CreateNote { job_id: plan.main.job_id, note_id: plan.note_id, title: "For the customer".to_owned() };
    first.tap(&note).await?;
    first.wait("synced").await?;
    narrator.say("Three visits are on their way to two technicians, and a note waits to be written on.");
    Ok(plan)
}

async fn dispatch(stage: &mut Stage, phone: usize, place: Place) -> anyhow::Result<()> {
    let phone = &mut stage.phones[phone];
    let visits: Vec<Visit> = phone.records().await?;
    let visit = visits.iter().find(|visit| visit.id == place.visit_id).context("the visit is gone")?;
    if visit.state == VisitState::Scheduled {
        stage.office.call(&DispatchVisit { job_id: place.job_id, visit_id: place.visit_id }).await?;
        phone.wait_value("visit", place.visit_id.uuid(), "state", Value::from("dispatched")).await?;
    }
    Ok(())
}

/// A technician's own visits that have not begun, the earliest first.
async fn open_visits(phone: &mut Phone) -> anyhow::Result<Vec<Place>> {
    let technician = phone.person.technician_id.context("not a technician")?;
    let visits: Vec<Visit> = phone.records().await?;
    let mut assignments: Vec<Assignment> = phone.records().await?;
    assignments.retain(|assignment| {
        assignment.technician_id.uuid() == technician
            && visits.iter().any(|visit| {
                visit.id == assignment.visit_id && matches!(visit.state, VisitState::Scheduled | VisitState::Dispatched)
            })
    });
    assignments.sort_by_key(|assignment| assignment.window_start);
    Ok(assignments.iter().map(|a| Place { job_id: a.job_id, visit_id: a.visit_id }).collect())
}
