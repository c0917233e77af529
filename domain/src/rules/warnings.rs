//! What a dispatcher is warned of (R15), and booking all the same.
//!
//! Invariants:
//! - Every warning refuses, unless it is confirmed by somebody who may; all of a call's warnings come in one refusal.
//! - What was booked against a warning is recorded, with the reason.
//! - A job's priority orders the board and decides nothing here.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use satchel_protocol::{Ctx, Id, Rejection, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    absences, clock,
    compliance::{self, Days},
    hours, limits, overlap, text,
    window::Window,
};
use crate::{
    roles,
    tables::{
        Branch, Credential, CredentialKind, DispatchOverride, DispatchRule, Job, JobSkill, Location, Technician,
        TechnicianSkill, TechnicianTerritory, Visit, WorkingHours,
    },
};

/// Books against one kind of warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Override {
    /// The rule that is overruled.
    pub rule: DispatchRule,
    /// Why; at most 2,000 characters. It is kept.
    #[schemars(length(max = limits::REASON_CHARS))]
    pub reason: String,
}

/// What the author confirms.
#[derive(Clone, Copy, Debug)]
pub struct Confirmed<'a> {
    /// Double booking without a reason, as an old app does it.
    pub overlap: bool,
    /// Everything else.
    pub overrides: &'a [Override],
}

/// A reason not to book.
#[derive(Clone, Debug, PartialEq)]
struct Warning {
    technician_id: Id<Technician>,
    rule: DispatchRule,
    message: String,
    /// Ids of what it is about.
    about: Vec<Uuid>,
}

/// What was booked against.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settled {
    /// Who is double booked now.
    pub double_booked: BTreeSet<Id<Technician>>,
    /// The rules that were overruled, in their order.
    pub overridden: Vec<DispatchRule>,
}

/// Looks at these technicians on the visit, in its window as given, and records what was confirmed.
///
/// Refuses with the reason of the first warning that is not confirmed; `details.warnings` has all of them: `rule`,
/// `technician_id`, `message`, `about` (ids of the visits, absences, skills or credentials at issue), `overridable`
/// (whether the author may). Refuses with `dispatch.override_forbidden` who confirms what others have to answer for.
pub fn settle(
    ctx: &Ctx,
    work: &mut Workspace,
    job: &Job,
    visit: &Visit,
    technicians: &[Id<Technician>],
    confirmed: Confirmed<'_>,
) -> Result<Settled, Stop> {
    let overrides = checked(confirmed.overrides)?;
    let mut warnings = Vec::new();
    for technician in technicians {
        let technician = work.require(*technician)?;
        warnings.extend(of_technician(ctx, work, job, visit, &technician)?);
    }
    let reason_for = |rule: &DispatchRule| match overrides.iter().find(|one| one.rule == *rule) {
        Some(one) => Some(Some(one.reason.clone())),
        None if confirmed.overlap && *rule == DispatchRule::DoubleBooking => Some(None),
        None => None,
    };
    let open: Vec<&Warning> = warnings.iter().filter(|warning| reason_for(&warning.rule).is_none()).collect();
    if !open.is_empty() {
        return Err(refusal(ctx, &open).into());
    }
    let forbidden = warnings.iter().find(|warning| !ctx.has_role(roles::overriders(&warning.rule)));
    if let Some(warning) = forbidden {
        let message = format!("{} Only the owner or an operations manager can book all the same.", warning.message);
        return Err(Rejection::forbidden("dispatch.override_forbidden", message).into());
    }
    let occurred_at = clock::acted_at(ctx);
    let mut settled = Settled::default();
    for warning in warnings {
        work.insert(&DispatchOverride {
            id: ctx.derive_id(&format!("dispatch_override/{}/{}", warning.technician_id, warning.rule)),
            rev: UNSAVED,
            job_id: job.id,
            branch_id: job.branch_id,
            visit_id: visit.id,
            technician_id: warning.technician_id,
            reason: reason_for(&warning.rule).flatten(),
            rule: warning.rule.clone(),
            user_id: ctx.user_id,
            occurred_at,
        })?;
        if warning.rule == DispatchRule::DoubleBooking {
            settled.double_booked.insert(warning.technician_id);
        }
        if !settled.overridden.contains(&warning.rule) {
            settled.overridden.push(warning.rule);
        }
    }
    Ok(settled)
}

/// Overrides whose rule is known and whose reason is there.
fn checked(overrides: &[Override]) -> Result<Vec<Override>, Rejection> {
    if overrides.len() > limits::OVERRIDES_PER_CALL {
        let message = format!("Please confirm at most {} warnings at once.", limits::OVERRIDES_PER_CALL);
        return Err(Rejection::bad_request("dispatch.too_many_overrides", message));
    }
    let check = |given: &Override| {
        if let DispatchRule::Unknown(_) = given.rule {
            let message = "There is no such warning to confirm. Please look at what is warned of.";
            return Err(Rejection::bad_request("dispatch.rule", message));
        }
        let reason = text::required("dispatch.reason", "a reason", &given.reason, limits::REASON_CHARS)?;
        Ok(Override { rule: given.rule.clone(), reason })
    };
    overrides.iter().map(check).collect()
}

fn refusal(ctx: &Ctx, open: &[&Warning]) -> Rejection {
    let may = |warning: &Warning| ctx.has_role(roles::overriders(&warning.rule));
    let mut sentences: Vec<&str> = Vec::new();
    for warning in open {
        if !sentences.contains(&warning.message.as_str()) {
            sentences.push(&warning.message);
        }
    }
    sentences.push(if open.iter().all(|warning| may(warning)) {
        "Confirm to book anyway."
    } else {
        "Only the owner or an operations manager can book all the same."
    });
    let told = |warning: &&Warning| {
        json!({
            "rule": warning.rule,
            "technician_id": warning.technician_id,
            "message": warning.message,
            "about": warning.about,
            "overridable": may(warning),
        })
    };
    let details = json!({ "warnings": open.iter().map(told).collect::<Vec<_>>() });
    let reason = open.first().map_or("dispatch.warning", |warning| reason(&warning.rule));
    Rejection::conflict(reason, sentences.join(" ")).with_details(details)
}

/// What a refusal by this rule is called.
fn reason(rule: &DispatchRule) -> &'static str {
    match rule {
        DispatchRule::DoubleBooking => "assignment.overlap",
        DispatchRule::Absence => "dispatch.absent",
        DispatchRule::OutsideHours => "dispatch.outside_hours",
        DispatchRule::OutsideTerritory => "dispatch.outside_territory",
        DispatchRule::MissingSkill => "dispatch.skill_missing",
        DispatchRule::ExpiredSkill => "dispatch.skill_expired",
        DispatchRule::ExpiredLicense => "dispatch.license_expired",
        DispatchRule::ExpiredInsurance => "dispatch.insurance_expired",
        DispatchRule::Unknown(_) => "dispatch.warning",
    }
}

/// Every warning about one technician, in the order of the rules.
fn of_technician(
    ctx: &Ctx,
    work: &mut Workspace,
    job: &Job,
    visit: &Visit,
    technician: &Technician,
) -> Result<Vec<Warning>, Stop> {
    let window = Window { start: visit.window_start, end: visit.window_end };
    let mut warnings = Vec::new();
    let mut warn = |rule, message: &str, about: Vec<Uuid>| {
        let message = message.to_owned();
        warnings.push(Warning { technician_id: technician.id, rule, message, about });
    };

    let taken = overlap::visits(work, technician.id, visit.id, &window)?;
    if !taken.is_empty() {
        let visits =
            if taken.len() == 1 { "another visit".to_owned() } else { format!("{} other visits", taken.len()) };
        let message = format!("The technician already has {visits} in this window.");
        warn(DispatchRule::DoubleBooking, &message, taken.into_iter().map(Id::uuid).collect());
    }

    let mut away = absences::overlapping(work, technician.id, window.start, window.end)?;
    away.retain(absences::counts);
    if !away.is_empty() {
        let about = away.iter().map(|absence| absence.id.uuid()).collect();
        warn(DispatchRule::Absence, "The technician is away in this window.", about);
    }

    let branch: Branch = work.require(technician.branch_id)?;
    let zone = hours::zone(&branch.zone);
    let week: Vec<WorkingHours> = work.find(WorkingHours::BY_TECHNICIAN, vec![technician.id.into()])?;
    if !hours::cover(&week, &zone, &window) {
        warn(DispatchRule::OutsideHours, "The window lies outside the technician's working hours.", Vec::new());
    }

    let location: Location = work.require(job.location_id)?;
    if let Some(territory) = location.territory_id {
        let own: Vec<TechnicianTerritory> =
            work.find(TechnicianTerritory::BY_TECHNICIAN, vec![technician.id.into()])?;
        if !own.is_empty() && !own.iter().any(|own| own.territory_id == territory) {
            let message = "The place lies outside the technician's territories.";
            warn(DispatchRule::OutsideTerritory, message, vec![territory.uuid()]);
        }
    }

    let day = |instant: Timestamp| instant.to_zoned(zone.clone()).date();
    // The window's end is the first instant outside.
    let last_inside = window.end.checked_sub(SignedDuration::from_micros(1)).unwrap_or(window.end);
    let days = Days { first: day(window.start), last: day(last_inside) };

    let asked: Vec<JobSkill> = work.find(JobSkill::BY_JOB, vec![job.id.into()])?;
    if !asked.is_empty() {
        let has: Vec<TechnicianSkill> = work.find(TechnicianSkill::BY_TECHNICIAN, vec![technician.id.into()])?;
        let shortfall = compliance::shortfall(&asked, &has, days);
        if !shortfall.missing.is_empty() {
            let about = shortfall.missing.into_iter().map(Id::uuid).collect();
            warn(DispatchRule::MissingSkill, "The technician lacks a skill that the job asks for.", about);
        }
        if !shortfall.expired.is_empty() {
            let about = shortfall.expired.into_iter().map(Id::uuid).collect();
            warn(DispatchRule::ExpiredSkill, "A skill that the job asks for will have expired.", about);
        }
    }

    let mut credentials: Vec<Vec<Credential>> = Vec::new();
    for holder in [technician.id.uuid(), ctx.org_id] {
        credentials.push(work.find(Credential::BY_HOLDER, vec![holder.into()])?);
    }
    let papers = [
        (CredentialKind::License, DispatchRule::ExpiredLicense, "A licence of the technician or the company"),
        (CredentialKind::Insurance, DispatchRule::ExpiredInsurance, "An insurance of the technician or the company"),
    ];
    for (kind, rule, what) in papers {
        let lapsed: Vec<Uuid> =
            credentials.iter().flat_map(|own| compliance::lapsed(own, &kind, days)).map(Id::uuid).collect();
        if !lapsed.is_empty() {
            warn(rule, &format!("{what} is not valid on that day."), lapsed);
        }
    }
    Ok(warnings)
}
