//! The day, chapter by chapter.

mod basement;
mod morning;
mod reassignment;

use uuid::Uuid;

use crate::{narrator::Narrator, stage::Stage};

/// What was done, by our own account: the proof is held against it.
#[derive(Default)]
pub struct Record {
    /// The visit done offline from beginning to end.
    pub visit_id: Uuid,
    /// Steps of that visit's state that its technician took.
    pub steps: usize,
    /// Checklist answers given, by row.
    pub answers: Vec<Uuid>,
    /// Material used: row and quantity, in the end.
    pub materials: Vec<(Uuid, &'static str)>,
    /// Time entries made, by row.
    pub time_entries: Vec<Uuid>,
    /// The note two people edited.
    pub note_id: Uuid,
    /// What each of them wrote.
    pub sentences: [&'static str; 2],
    /// The row written with psql.
    pub psql_row: Uuid,
    /// The job that moved from the first phone to the second.
    pub moved_job: Uuid,
}

/// Plays it all.
pub async fn tell(narrator: &Narrator, stage: &mut Stage) -> anyhow::Result<Record> {
    let mut record = Record::default();
    morning::first_sync(narrator, stage).await?;
    let plan = morning::plan(narrator, stage).await?;
    record.note_id = plan.note_id.uuid();
    basement::work_offline(narrator, stage, &plan, &mut record).await?;
    basement::resurface(narrator, stage, &plan).await?;
    reassignment::move_a_job(narrator, stage, &plan, &mut record).await?;
    reassignment::write_with_psql(narrator, stage, &plan, &mut record).await?;
    Ok(record)
}
