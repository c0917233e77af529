//! Clearing this phone, because the office asks for it.
//!
//! Invariants:
//! - The file goes only after [`Store::begin_wipe`](crate::Store::begin_wipe) has said so, which is durable: whatever ends
//!   the app in between, the next run goes on (P1).
//! - The session goes last: it says whose file is to be deleted.

use std::{
    ffi::OsStr,
    io,
    path::Path,
    sync::{Arc, Weak},
};

use uuid::Uuid;

use super::{Client, ClientError, Shared, blocking, replica_path, seat::Seat};
use crate::{status::Status, store::Identity};

/// Looks after one seat until it is left: once the office asks, everything is sent, and then the phone cleared.
pub(super) fn watch(shared: &Arc<Shared>, seat: &Arc<Seat>) {
    let mut status = shared.status.subscribe();
    let (shared, seat) = (Arc::downgrade(shared), Arc::downgrade(seat));
    tokio::spawn(async move {
        loop {
            status.mark_unchanged();
            let Some(due) = step(&shared, &seat).await else { return };
            if due {
                return carry_out(&shared, &seat).await;
            }
            if status.changed().await.is_err() {
                return;
            }
        }
    });
}

/// Sends what is to be sent first. Whether the file may be deleted; none when there is no seat any more.
async fn step(shared: &Weak<Shared>, seat: &Weak<Seat>) -> Option<bool> {
    let (shared, seat) = (shared.upgrade()?, seat.upgrade()?);
    if seat.store.wipe().is_none() {
        return Some(false);
    }
    let context = shared.clock.context();
    let begun = seat.run(move |store| Ok((store.upload_all(&context)?, store.begin_wipe()?))).await;
    match begun {
        Ok((queued, begun)) => {
            if queued && !begun {
                Client { shared }.queue_changed(&seat);
            }
            Some(begun)
        }
        Err(error) => {
            tracing::warn!(%error, "this phone is to be cleared and cannot yet");
            Some(false)
        }
    }
}

async fn carry_out(shared: &Weak<Shared>, seat: &Weak<Seat>) {
    let Some(client) = shared.upgrade().map(|shared| Client { shared }) else { return };
    let seat = seat.upgrade().map(|seat| (seat.store.identity(), seat.store.device_id()));
    let Some((identity, device_id)) = seat else { return };
    let _moving = client.shared.moving.lock().await;
    if client.seat().is_ok_and(|open| open.is_of(&identity)) {
        client.leave_seat().await;
    }
    if let Err(error) = go_on(&client.shared, &identity, device_id).await {
        tracing::warn!(%error, "this phone was not cleared to the end; the next start goes on");
    }
}

/// Deletes what is to be deleted, tells the server, and forgets the session. While `moving` is held.
pub(super) async fn go_on(shared: &Arc<Shared>, identity: &Identity, device_id: Uuid) -> Result<(), ClientError> {
    delete(shared, identity).await?;
    if let Err(error) = shared.keeper.wiped(identity, device_id).await {
        tracing::debug!(%error, "the server was not told that this phone was cleared");
    }
    if shared.keeper.session().is_some_and(|session| session.user_id == identity.user_id) {
        shared.keeper.sign_out().await?;
        shared.status.send_replace(Status::wiped());
    }
    Ok(())
}

/// Deletes the replica and whatever lies beside it: what was got out of damaged ones is in the replica's queue.
pub(super) async fn delete(shared: &Arc<Shared>, identity: &Identity) -> Result<(), ClientError> {
    let path = replica_path(&shared.options.folder, identity);
    blocking(move || delete_all(&path).map_err(|source| ClientError::Folder { path, source })).await
}

fn delete_all(replica: &Path) -> io::Result<()> {
    let (Some(folder), Some(name)) = (replica.parent(), replica.file_name()) else { return Ok(()) };
    let mut beside = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let belongs = entry.file_name().as_encoded_bytes().starts_with(name.as_encoded_bytes());
        if belongs && entry.file_name() != OsStr::new(name) {
            beside.push(entry.path());
        }
    }
    // The replica last: as long as it is there, the next start goes on.
    for path in beside.iter().map(std::path::PathBuf::as_path).chain([replica]) {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
