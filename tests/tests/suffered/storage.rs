//! What the phone's own storage lost.

use std::{fs, path::PathBuf};

use satchel_client::{Client, ClientError, StoreError};
use satchel_domain::{mutations::AcceptVisit, tables::VisitState};
use satchel_tests::phone::Field;

use crate::{lines, material, offline};

/// Entered before the crash.
const ENTERED: usize = 6;
/// Lengths of the log that are tried.
const CUTS: u64 = 24;

fn log_of(path: &std::path::Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

/// The app was killed in the middle of a write, and the queue was gone or could not be read (powersync-sqlite-core#162).
#[tokio::test(flavor = "multi_thread")]
async fn a_crash_in_the_middle_of_a_write_took_the_queue() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let mut phone = offline(&field).await;
    // The log is of what is entered now.
    phone.client.store().unwrap().checkpoint().unwrap();
    let mut entered = Vec::new();
    for _ in 0..ENTERED {
        let line = material(contractor, work);
        entered.push((phone.client.mutate(&line).await.unwrap().key, line.material_id));
    }
    let path = phone.client.replica_path().unwrap();
    let device_id = phone.client.store().unwrap().device_id();
    let (file, log) = (fs::read(&path).unwrap(), fs::read(log_of(&path)).unwrap());
    phone.client.close().await;
    let _ = fs::remove_file(log_of(&path));
    // However much of the log had reached the disk: what is there is the beginning of what was entered.
    let mut most = 0;
    for cut in 0..=CUTS {
        let length = log.len() as u64 * cut / CUTS;
        fs::write(&path, &file).unwrap();
        fs::write(log_of(&path), &log[..usize::try_from(length).unwrap()]).unwrap();
        let client = Client::open(phone.options.clone()).await.unwrap();
        let queue: Vec<_> = client.queue().await.unwrap().iter().map(|entry| entry.key).collect();
        let prefix: Vec<_> = entered[..queue.len()].iter().map(|(key, _)| *key).collect();
        assert_eq!((queue, client.store().unwrap().device_id()), (prefix.clone(), device_id));
        assert!(prefix.len() >= most);
        most = prefix.len();
        client.close().await;
    }
    assert_eq!(most, ENTERED);
    phone.client = Client::open(phone.options.clone()).await.unwrap();
    phone.client.start().await.unwrap();
    phone.settled().await;
    let ids: Vec<_> = entered.iter().map(|(_, id)| *id).collect();
    assert_eq!(lines(contractor, &ids).await, i64::try_from(ENTERED).unwrap());
    phone.assert_converged(&contractor.database).await;
}

/// That something was too large came out hours later, when it was to be sent, and then it could not be changed any more
/// (getodk/collect#6457).
#[tokio::test(flavor = "multi_thread")]
async fn that_something_was_too_large_came_out_too_late() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::Dispatched, &contractor.technicians).await;
    let phone = offline(&field).await;
    let accept = |reason: String| AcceptVisit { job_id: work.job_id, visit_id: work.visit_id, reason: Some(reason) };
    let too_long = phone.client.mutate(&accept("x".repeat(100_000))).await.unwrap_err();
    assert!(matches!(too_long, ClientError::Refused(_)), "{too_long}");
    let too_large = phone.client.mutate(&accept("x".repeat(300_000))).await.unwrap_err();
    assert!(matches!(too_large, ClientError::Store(StoreError::ArgumentsTooLarge { .. })), "{too_large}");
    assert!(phone.client.queue().await.unwrap().is_empty());
    phone.client.mutate(&accept("on my way".to_owned())).await.unwrap();
    phone.client.set_network(true).await.unwrap();
    phone.settled().await;
    assert_eq!(contractor.count("select count(*) from satchel.visit where state = 'accepted'").await, 1);
}
