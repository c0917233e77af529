//! A job changes hands, and a row comes from outside.

use anyhow::Context as _;
use satchel_domain::{
    mutations::{AssignTech, UnassignTech},
    rules::warnings::Override,
    tables::{DispatchRule, Job},
};
use satchel_protocol::Id;
use uuid::Uuid;

use super::{Record, morning::Plan};
use crate::{narrator::Narrator, stage::Stage};

/// The dispatcher gives a job of the first technician to the second, both connected.
pub async fn move_a_job(
    narrator: &Narrator,
    stage: &mut Stage,
    plan: &Plan,
    record: &mut Record,
) -> anyhow::Result<()> {
    narrator.chapter("13:10 A job changes hands");
    let place = plan.moving;
    let (job_id, visit_id) = (place.job_id, place.visit_id);
    record.moved_job = job_id.uuid();
    let [first, second] = &mut stage.phones;
    let technician = |id: Option<Uuid>| id.map(Id::new).context("not a technician");
    let from = UnassignTech { job_id, visit_id, technician_id: technician(first.person.technician_id)? };
    stage.office.call(&from).await?;
    let to = technician(second.person.technician_id)?;
    // Both are booked all day, and the second one belongs to the other branch.
    let because = |rule| Override { rule, reason: "Nearest who can come.".to_owned() };
    let confirm = [DispatchRule::DoubleBooking, DispatchRule::OutsideTerritory].map(because).to_vec();
    let to = AssignTech { job_id, visit_id, technician_id: to, confirm_overlap: false, confirm };
    stage.office.call(&to).await?;
    first.wait_row("job", job_id.uuid(), false).await?;
    second.wait_row("job", job_id.uuid(), true).await?;
    narrator.say(&format!(
        "It left {}'s phone with everything in it, and stands on {}'s.",
        first.person.first_name(),
        second.person.first_name()
    ));
    Ok(())
}

/// Somebody writes a row past the server.
pub async fn write_with_psql(
    narrator: &Narrator,
    stage: &mut Stage,
    plan: &Plan,
    record: &mut Record,
) -> anyhow::Result<()> {
    narrator.chapter("14:00 A row written with psql");
    record.psql_row = Uuid::now_v7();
    let jobs: Vec<Job> = stage.phones[1].records().await?;
    let job = jobs.iter().find(|job| job.id == plan.other.job_id).context("the job is gone")?;
    let (org_id, note_id) = (stage.people.org_id, record.psql_row);
    let sql = format!(
        "insert into satchel.note (org_id, id, job_id, branch_id, title, text)
         values ('{org_id}', '{note_id}', '{}', '{}', 'Gate code', 'Changed today: 4711.')",
        job.id, job.branch_id
    );
    stage.server.psql(&sql).await?;
    let second = &mut stage.phones[1];
    second.wait_row("note", record.psql_row, true).await?;
    narrator.say(&format!("It reached {}'s phone like any other change.", second.person.first_name()));
    Ok(())
}
