//! What hangs on customers and jobs beside the work: contacts, skills asked for, documents, bookings against a warning.

use jiff::ToSpan;
use satchel_domain::{
    rules::visit_state,
    tables::{
        Contact, Customer, DispatchOverride, DispatchRule, DocumentKind, DocumentState, Job, JobSkill, Location,
        RequiredDocument, Technician, Visit, VisitState,
    },
};
use satchel_protocol::{Id, record::UNSAVED};
use uuid::Uuid;

use super::{organization::person, work::Writer};

/// Customers in a hundred who have a second person to talk to.
const SECOND_CONTACT_PERCENT: i64 = 25;

const ROLES: &[&str] = &["Tenant", "Site manager", "Owner", "Front desk"];

/// Whom to talk to at a customer's.
pub(super) fn contacts(writer: &mut Writer<'_>, customer_id: Id<Customer>, location_id: Id<Location>) {
    let persons = 1 + i64::from(writer.random.chance(SECOND_CONTACT_PERCENT));
    for position in 0..persons {
        let contact = Contact {
            id: writer.random.id(),
            rev: UNSAVED,
            customer_id,
            location_id: (position > 0).then_some(location_id),
            name: person(writer.random),
            role: Some((*writer.random.pick(ROLES)).to_owned()),
            phone: Some(format!("({}) 555-01{:02}", writer.random.between(201, 989), writer.random.between(0, 99))),
            email: None,
            preferred: position == 0,
        };
        writer.batch.push(writer.org_id, &contact);
    }
}

/// The skill that work of this template asks for.
pub(super) fn skill(writer: &mut Writer<'_>, job_id: Id<Job>, template: usize) {
    let (branch_id, skill_id) = (writer.branch_id, writer.skills[template]);
    let id = writer.random.id();
    writer.batch.push(writer.org_id, &JobSkill { id, rev: UNSAVED, job_id, branch_id, skill_id });
}

/// A photo on every visit, which blocks nothing while the visit is open; and on the first job of ten, a booking that
/// the dispatcher confirmed.
pub(super) fn write(writer: &mut Writer<'_>, visit: &Visit, technician_id: Id<Technician>, user_id: Uuid) {
    let open = visit_state::is_open(&visit.state);
    let done = visit.state == VisitState::Completed;
    let document = RequiredDocument {
        id: writer.random.id(),
        rev: UNSAVED,
        job_id: visit.job_id,
        branch_id: visit.branch_id,
        visit_id: Some(visit.id),
        kind: DocumentKind::Photo,
        title: "Photo of the work area".to_owned(),
        required: !open,
        state: if done { DocumentState::Satisfied } else { DocumentState::Open },
        // The id a photo would have; media come with a later version.
        reference_id: done.then(|| writer.random.uuid()),
        settled_at: visit.ended_at.filter(|_| done),
        settled_by: done.then_some(user_id),
        waive_reason: None,
    };
    writer.batch.push(writer.org_id, &document);
    if *writer.jobs_written % 10 != 1 {
        return;
    }
    let booking = DispatchOverride {
        id: writer.random.id(),
        rev: UNSAVED,
        job_id: visit.job_id,
        branch_id: visit.branch_id,
        visit_id: visit.id,
        technician_id,
        rule: DispatchRule::OutsideHours,
        reason: Some("Agreed with the technician by telephone.".to_owned()),
        user_id: writer.dispatcher,
        occurred_at: visit.window_start.checked_sub(72.hours()).unwrap_or(visit.window_start),
    };
    writer.batch.push(writer.org_id, &booking);
}
