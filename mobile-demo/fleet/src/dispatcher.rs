//! The office during the days: sends visits out, calls some off, gives some to others.

use anyhow::Context as _;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use satchel_domain::{
    mutations::{AssignTech, CancelJob, DispatchVisit, UnassignTech},
    rules::warnings::Override,
    tables::DispatchRule,
};
use satchel_protocol::Id;
use satchel_stage::{office::Answer, people::Person};

use crate::{
    clock::Clock,
    limits::CALLS,
    plan::{Act, ActKind},
    site::Site,
    technician::Place,
};

/// What the office did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Jobs called off.
    pub canceled: usize,
    /// Visits given to somebody else.
    pub reassigned: usize,
}

/// Sends visits to their technicians, those that were sent already apart.
pub async fn send_out(site: &Site, places: impl Iterator<Item = Place>) -> anyhow::Result<()> {
    let calls = places.map(|Place { job_id, visit_id }| async move {
        // One that was dispatched by the seed is refused, and fine.
        site.office.ask(&DispatchVisit { job_id, visit_id }).await.map(drop)
    });
    stream::iter(calls).buffer_unordered(CALLS).try_collect::<()>().await
}

/// Does what is planned. What the server refuses came too late, which happens.
pub async fn work(site: &Site, clock: Clock, acts: &[Act], lists: &[Vec<Place>]) -> anyhow::Result<Done> {
    let mut done = Done::default();
    for act in acts {
        clock.until(act.at).await;
        let Some(place) = lists.get(act.technician).and_then(|list| list.get(act.visit)) else { continue };
        match act.kind {
            ActKind::Cancel => {
                let cancel = CancelJob { job_id: place.job_id, reason: "The customer called it off.".to_owned() };
                done.canceled += usize::from(accepted(site.office.ask(&cancel).await?));
            }
            ActKind::Reassign(to) => {
                let technicians = &site.people().technicians;
                let moved = reassign(site, *place, &technicians[act.technician], &technicians[to]).await?;
                done.reassigned += usize::from(moved);
            }
        }
    }
    Ok(done)
}

async fn reassign(site: &Site, place: Place, from: &Person, to: &Person) -> anyhow::Result<bool> {
    let Place { job_id, visit_id } = place;
    let id = |person: &Person| person.technician_id.map(Id::new).context("not a technician");
    let from = UnassignTech { job_id, visit_id, technician_id: id(from)? };
    if !accepted(site.office.ask(&from).await?) {
        return Ok(false);
    }
    // Everybody is booked all day, and some belong to other branches.
    let because = |rule| Override { rule, reason: "Nearest who can come.".to_owned() };
    let confirm = [DispatchRule::DoubleBooking, DispatchRule::OutsideTerritory, DispatchRule::OutsideHours];
    let confirm = confirm.map(because).to_vec();
    let to = AssignTech { job_id, visit_id, technician_id: id(to)?, confirm_overlap: false, confirm };
    Ok(accepted(site.office.ask(&to).await?))
}

fn accepted(answer: Answer) -> bool {
    matches!(answer, Answer::Done(_))
}
