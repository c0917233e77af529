//! The one writer: file, state and observers, kept in step.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use satchel_protocol::Registry;
use uuid::Uuid;

use super::{
    Identity, StoreOptions,
    gate::Gate,
    state::{Published, State},
};
use crate::{
    db::{Db, Durability, MetaName, Tx},
    error::StoreError,
    observe::{Collected, Observers},
    queue::wire,
    replica, simulation,
};

/// What the clones of a store share.
#[derive(Debug)]
pub(super) struct Shared {
    gate: Gate<Writer>,
    // Held while a page is applied, whose transactions let others in between, and by whatever begins or gives up a
    // pass: it must not happen in the middle of a page.
    passes: Mutex<()>,
    pub(super) observers: Observers,
    published: Mutex<Published>,
    registry: &'static Registry,
}

#[derive(Debug)]
struct Writer {
    db: Db,
    state: State,
    // A transaction failed or panicked after it may have changed `state`.
    suspect: bool,
}

impl Shared {
    pub(super) fn open(
        path: &Path,
        registry: &'static Registry,
        identity: &Identity,
        options: &StoreOptions,
    ) -> Result<Self, StoreError> {
        let mut db = Db::open(path, registry, options)?;
        let state = db.transact(Durability::Power, |tx| {
            let mut state = identify(tx, registry, identity)?;
            if state.wiping {
                return Err(StoreError::Wiping { device_id: state.device_id });
            }
            // Rows of tables that were changed by an upgrade must be asked for again.
            if state.cursor.is_some() && !tx.stale_tables()?.is_empty() {
                replica::forget_cursor(tx, &mut state)?;
            }
            if let Some(nonce) = options.install_nonce {
                match tx.meta::<Uuid>(MetaName::InstallNonce)? {
                    Some(known) if known != nonce => {
                        wire::renew_device_id(tx, &mut state)?;
                        tx.set_meta(MetaName::InstallNonce, Some(&nonce))?;
                    }
                    Some(_) => {}
                    None => tx.set_meta(MetaName::InstallNonce, Some(&nonce))?,
                }
            }
            Ok(state)
        })?;
        let published = Mutex::new(state.publish());
        let gate = Gate::new(Writer { db, state, suspect: false });
        Ok(Self { gate, passes: Mutex::default(), observers: Observers::default(), published, registry })
    }

    pub(super) fn registry(&self) -> &'static Registry {
        self.registry
    }

    /// Runs `work` in a transaction; after its commit readers of the state and observers learn of it.
    pub(super) fn write<T>(
        &self,
        durability: Durability,
        work: impl FnOnce(&Tx<'_>, &mut State, &mut Collected) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut collected = Collected::new(self.observers.any());
        let value = {
            let mut writer = self.gate.enter();
            let Writer { db, state, suspect } = &mut *writer;
            if *suspect {
                let asked = std::mem::take(&mut state.asked);
                *state = db.transact(Durability::Process, |tx| State::load(tx, self.registry))?;
                state.asked = asked;
            }
            *suspect = true;
            let value = db.transact(durability, |tx| work(tx, state, &mut collected))?;
            *suspect = false;
            *self.published.lock().unwrap_or_else(PoisonError::into_inner) = state.publish();
            value
        };
        self.observers.tell(&collected.into_changes());
        Ok(value)
    }

    /// Keeps pages, and what begins or gives up a pass, apart. Local writes do not wait for it.
    pub(super) fn between_pages(&self) -> MutexGuard<'_, ()> {
        self.passes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Uses the connection outside a transaction.
    pub(super) fn with_db<T>(&self, work: impl FnOnce(&Db) -> Result<T, StoreError>) -> Result<T, StoreError> {
        work(&self.gate.enter().db)
    }

    /// The state as of the last commit.
    pub(super) fn published<T>(&self, look: impl FnOnce(&Published) -> T) -> T {
        look(&self.published.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Reads the file's state, first making it `identity`'s if it is new.
fn identify(tx: &Tx<'_>, registry: &'static Registry, identity: &Identity) -> Result<State, StoreError> {
    match tx.meta::<Identity>(MetaName::Identity)? {
        Some(owner) if (owner.org_id, owner.user_id) != (identity.org_id, identity.user_id) => {
            return Err(StoreError::OtherIdentity);
        }
        Some(owner) if owner == *identity => {}
        Some(_) => tx.set_meta(MetaName::Identity, Some(identity))?,
        None => {
            tx.set_meta(MetaName::Identity, Some(identity))?;
            tx.set_meta(MetaName::DeviceId, Some(&simulation::new_id()))?;
        }
    }
    State::load(tx, registry)
}
