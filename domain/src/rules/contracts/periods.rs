//! When a contract's visits are due.
//!
//! - Days are civil days in the branch's zone. A period is whole days, so that a clock change moves none: a day of 23 or
//!   25 hours is a day. An instant belongs to the day it has in that zone.
//! - Period `n` begins `n` times the interval after the contract's start, computed from the start and never from the
//!   period before: what starts on January 31 goes on February 28 (or 29), March 31, April 30. A start on February 29 is
//!   February 28 in other years, and the 29th again in the next leap year.
//! - A period ends the day before the next begins, and the last one on the contract's last day.
//! - With a season, a visit is due in the first stretch of season within its period; a period without any owes nothing.

use jiff::{Span, ToSpan as _, civil::Date};

use crate::tables::MaintenanceContract;

/// The days in which the visit of one period is due, both inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The period, from 0.
    pub period: i32,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

/// The dues of a contract whose periods begin by `through`, in order.
pub fn due_through(contract: &MaintenanceContract, through: Date) -> impl Iterator<Item = Due> + '_ {
    let last = through.min(contract.ends_on);
    (0..)
        .map_while(move |period| Some((period, start_of(contract, period)?)))
        .take_while(move |(_, start)| *start <= last)
        .filter_map(|(period, start)| due(contract, period, start))
}

/// First day of a period; none beyond the end of time.
fn start_of(contract: &MaintenanceContract, period: i32) -> Option<Date> {
    let months = i64::from(period).checked_mul(i64::from(contract.interval_months.max(1)))?;
    contract.starts_on.checked_add(Span::new().try_months(months).ok()?).ok()
}

/// When the visit of a period is due, if ever.
fn due(contract: &MaintenanceContract, period: i32, start: Date) -> Option<Due> {
    let next = start_of(contract, period.checked_add(1)?);
    let end = next.and_then(|next| next.yesterday().ok()).unwrap_or(Date::MAX).min(contract.ends_on);
    let (Some(first), Some(last)) = (contract.season_from_month, contract.season_until_month) else {
        return Some(Due { period, from: start, until: end });
    };
    let in_season = |date: Date| {
        let month = i32::from(date.month());
        if first <= last { (first..=last).contains(&month) } else { month >= first || month <= last }
    };
    let from = first_day(start, end, in_season)?;
    let after = first_day(from, end, |date| !in_season(date));
    Some(Due { period, from, until: after.and_then(|day| day.yesterday().ok()).unwrap_or(end) })
}

/// The first day from `start` to `end` in a month that is wanted: `start` itself, or the first of a later month.
fn first_day(start: Date, end: Date, wanted: impl Fn(Date) -> bool) -> Option<Date> {
    let mut day = start;
    while day <= end {
        if wanted(day) {
            return Some(day);
        }
        day = day.first_of_month().checked_add(1.month()).ok()?;
    }
    None
}
