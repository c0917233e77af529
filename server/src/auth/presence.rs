//! Which device uses which session, and when it was here: told to the database beside the request, now and then.
//!
//! Invariants:
//! - No request waits for it. What is not told for want of room is told by the next heartbeat.
//! - Memory is fixed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{Auth, extract::App};
use crate::{
    database::{Caller, DatabaseError},
    error::ApiError,
};

/// Seconds after which a device that is still here is told again.
pub const PRESENCE_S: u64 = 600;
/// Devices remembered as told.
const REMEMBERED: usize = 50_000;
/// Told at once.
const AT_ONCE: usize = 16;

/// What was told already.
pub(super) struct Presence {
    told: Mutex<HashMap<(Uuid, Uuid), Instant>>,
    room: Arc<Semaphore>,
}

impl Presence {
    pub(super) fn new() -> Self {
        Self { told: Mutex::default(), room: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Whether this is to be told now; if so it counts as told.
    fn is_due(&self, key: (Uuid, Uuid), now: Instant) -> bool {
        let mut told = self.lock();
        if told.get(&key).is_some_and(|at| now.saturating_duration_since(*at) < Duration::from_secs(PRESENCE_S)) {
            return false;
        }
        if told.len() >= REMEMBERED {
            // Telling some twice costs less than remembering whom.
            told.clear();
        }
        told.insert(key, now);
        true
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(Uuid, Uuid), Instant>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Auth {
    /// A device of the caller is here.
    pub(crate) fn note_device(&self, caller: Caller, device_id: Uuid, app: Option<&Arc<App>>) {
        let Some(session_id) = caller.credential_id else { return };
        let Ok(room) = self.0.presence.room.clone().try_acquire_owned() else { return };
        let key = (session_id, device_id);
        if !self.0.presence.is_due(key, Instant::now()) {
            return;
        }
        let (auth, app) = (self.clone(), app.cloned());
        tokio::spawn(async move {
            let _room = room;
            if let Err(error) = auth.tell(caller, session_id, device_id, app.as_deref()).await {
                tracing::debug!(%error, "a device's presence was not noted; its next heartbeat does");
                auth.0.presence.lock().remove(&key);
            }
        });
    }

    async fn tell(&self, caller: Caller, session_id: Uuid, device_id: Uuid, app: Option<&App>) -> Result<(), ApiError> {
        sqlx::query("select satchel.use_device($1, $2, $3, $4, $5, $6)")
            .bind(caller.org_id)
            .bind(caller.user_id)
            .bind(session_id)
            .bind(device_id)
            .bind(app.and_then(|app| app.platform.as_deref()))
            .bind(app.and_then(|app| app.version.as_deref()))
            .execute(self.0.database.accounts())
            .await
            .map_err(DatabaseError::from)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_told_once_until_it_is_due_again() {
        let presence = Presence::new();
        let (now, key) = (Instant::now(), (Uuid::from_u128(1), Uuid::from_u128(2)));
        assert!(presence.is_due(key, now));
        assert!(!presence.is_due(key, now));
        assert!(presence.is_due((key.0, Uuid::from_u128(3)), now), "another device of the session");
        assert!(presence.is_due(key, now + Duration::from_secs(PRESENCE_S)));
    }
}
