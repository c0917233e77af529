//! How many streams somebody may keep open on one node.
//!
//! Invariant: a place is given back when its session ends, however it ends.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use satchel_protocol::ErrorCode;
use serde_json::json;
use uuid::Uuid;

use super::StreamSettings;
use crate::{database::Caller, error::ApiError};

/// Streams of one user on one node: a phone, a tablet, a board, each reconnecting, with room to spare.
pub const USER_STREAMS: usize = 24;
/// Streams of one organization on one node: a thousand technicians and their office, twice over.
pub const ORG_STREAMS: usize = 4_000;

/// The streams open on this node. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Streams(Arc<Mutex<HashMap<Uuid, Org>>>);

#[derive(Debug, Default)]
struct Org {
    open: usize,
    users: HashMap<Uuid, usize>,
}

/// A place for one stream; given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    streams: Streams,
    caller: Caller,
}

impl Streams {
    /// Takes a place.
    ///
    /// # Errors
    /// TOO_MANY_REQUESTS with `details.reason` `streams.user` or `streams.organization`, and the limit.
    pub(super) fn admit(&self, caller: Caller, settings: &StreamSettings) -> Result<Place, ApiError> {
        let mut orgs = self.lock();
        let org = orgs.entry(caller.org_id).or_default();
        let own = org.users.get(&caller.user_id).copied().unwrap_or_default();
        if own >= settings.user_streams {
            return Err(too_many(
                "streams.user",
                "You have too many connections open. Close the app on other devices, or wait a minute.",
                settings.user_streams,
            ));
        }
        if org.open >= settings.org_streams {
            return Err(too_many(
                "streams.organization",
                "Your organization has too many connections open. It will be tried again.",
                settings.org_streams,
            ));
        }
        org.open += 1;
        *org.users.entry(caller.user_id).or_default() += 1;
        drop(orgs);
        Ok(Place { streams: self.clone(), caller })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Org>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn too_many(reason: &str, message: &str, limit: usize) -> ApiError {
    ApiError::new(ErrorCode::TooManyRequests, message).with_details(json!({ "reason": reason, "limit": limit }))
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut orgs = self.streams.lock();
        let Some(org) = orgs.get_mut(&self.caller.org_id) else { return };
        org.open -= 1;
        if let Some(open) = org.users.get_mut(&self.caller.user_id) {
            *open -= 1;
            if *open == 0 {
                org.users.remove(&self.caller.user_id);
            }
        }
        if org.open == 0 {
            orgs.remove(&self.caller.org_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_user_and_organization_and_given_back() {
        let settings = StreamSettings { user_streams: 2, org_streams: 3, ..StreamSettings::default() };
        let caller = |user: u128| Caller::trusted(Uuid::from_u128(1), Uuid::from_u128(user));
        let streams = Streams::default();
        let admit = |user| streams.admit(caller(user), &settings);
        let reason = |refused: ApiError| (refused.code(), refused.details()["reason"].as_str().map(str::to_owned));
        let expected = |reason: &str| (ErrorCode::TooManyRequests, Some(reason.to_owned()));

        let (first, second) = (admit(1).unwrap(), admit(1).unwrap());
        assert_eq!(reason(admit(1).unwrap_err()), expected("streams.user"));
        let third = admit(2).unwrap();
        assert_eq!(reason(admit(3).unwrap_err()), expected("streams.organization"));
        let elsewhere = Caller { org_id: Uuid::from_u128(9), ..caller(1) };
        drop((streams.admit(elsewhere, &settings).unwrap(), first));
        drop((admit(3).unwrap(), second, third));
        assert!(streams.lock().is_empty());
    }
}
