//! Opening: new, again, foreign, damaged, newer, read only, full, upgraded.

use std::fs;

use rusqlite::Connection;
use satchel_client::{
    Store, StoreError,
    store::{Identity, Mutated, Readiness, StoreOptions},
};
use satchel_protocol::{Cell, Id, Record, Registry, RowKey, record};
use uuid::Uuid;

use crate::{
    phone::{ORG, Phone, USER, context, identity, server},
    trade::{self, Catalog, Create, Project, REGISTRY, Task},
};

fn reopened(phone: &mut Phone, change: impl FnOnce(&Connection)) -> Result<Store, StoreError> {
    phone.close();
    change(&Connection::open(phone.path()).unwrap());
    phone.open()
}

#[test]
fn a_file_keeps_its_device_id() {
    let mut phone = Phone::new();
    let id = phone.store().device_id();
    phone.reopen();
    assert_eq!(phone.store().device_id(), id);
}

#[cfg(unix)]
#[test]
fn a_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let phone = Phone::new();
    let mut log = phone.path().to_owned().into_os_string();
    log.push("-wal");
    for path in [phone.path(), log.into()] {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
}

#[test]
fn a_file_is_open_once() {
    let phone = Phone::new();
    assert!(matches!(phone.open(), Err(StoreError::InUse { .. })));
}

#[test]
fn a_file_has_one_owner() {
    let mut phone = Phone::new();
    phone.close();
    for other in [Identity { org_id: USER, ..identity() }, Identity { user_id: ORG, ..identity() }] {
        let opened = Store::open(&phone.path(), &REGISTRY, &other, StoreOptions::default());
        assert!(matches!(opened, Err(StoreError::OtherIdentity)));
    }
    let promoted = Identity { roles: vec!["dispatcher".into()], technician_id: Some(ORG), ..identity() };
    let store = Store::open(&phone.path(), &REGISTRY, &promoted, StoreOptions::default()).unwrap();
    assert_eq!(store.identity(), promoted);
    assert!(matches!(store.set_identity(&Identity { org_id: USER, ..identity() }), Err(StoreError::OtherIdentity)));
    store.set_identity(&identity()).unwrap();
    assert_eq!(store.identity(), identity());
}

#[test]
fn a_newer_file_is_left_alone() {
    let mut phone = Phone::new();
    let opened = reopened(&mut phone, |connection| connection.pragma_update(None, "user_version", 99).unwrap());
    assert!(matches!(opened, Err(StoreError::NewerVersion { found: 99, known: 3 })));
}

#[test]
fn what_is_no_replica_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("replica.db");
    fs::write(&path, "a shopping list ".repeat(1_000)).unwrap();
    let opened = Store::open(&path, &REGISTRY, &identity(), StoreOptions::default());
    assert!(matches!(opened, Err(StoreError::Corrupt { path: named, .. }) if named == path));
    assert_eq!(fs::read(&path).unwrap(), "a shopping list ".repeat(1_000).as_bytes());
}

#[test]
fn a_damaged_file_is_named_as_such() {
    let mut phone = Phone::new();
    let mut server = server();
    seed(&mut server, 200);
    phone.pull(&mut server, 1);
    phone.store().checkpoint().unwrap();
    phone.close();
    let mut bytes = fs::read(phone.path()).unwrap();
    bytes[4096..].fill(0xa5);
    fs::write(phone.path(), bytes).unwrap();
    assert!(matches!(phone.open(), Err(StoreError::Corrupt { .. })));
}

#[test]
fn a_read_only_file_is_refused() {
    let mut phone = Phone::new();
    phone.close();
    let mut permissions = fs::metadata(phone.path()).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(phone.path(), permissions).unwrap();
    assert!(matches!(phone.open(), Err(StoreError::ReadOnly { .. })));
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nowhere/replica.db");
    let opened = Store::open(&path, &REGISTRY, &identity(), StoreOptions::default());
    assert!(matches!(opened, Err(StoreError::CannotOpen { .. })));
}

#[test]
fn a_full_disk_loses_nothing() {
    let mut phone = Phone::new();
    let mut server = server();
    seed(&mut server, 10);
    phone.pull(&mut server, 1);
    phone.close();
    let bytes = fs::metadata(phone.path()).unwrap().len() + 64 * 1024;
    let options = StoreOptions { max_file_bytes: Some(bytes), ..StoreOptions::default() };
    let store = Store::open(&phone.path(), &REGISTRY, &identity(), options).unwrap();
    let mut queued = 0;
    let full = loop {
        let args = Create { id: Uuid::now_v7(), project_id: project(0), title: "x".repeat(1_000), points: 1 };
        let args = serde_json::value::to_raw_value(&args).unwrap();
        match store.mutate("task/v1/create", args, &context()) {
            Ok(Mutated::Queued { .. }) => queued += 1,
            Ok(Mutated::Refused(rejection)) => panic!("{rejection:?}"),
            Err(error) => break error,
        }
    };
    assert!(matches!(full, StoreError::DiskFull), "{full:?}");
    assert!(queued > 0);
    assert_eq!(store.queue_summary().pending, queued);
    seed(&mut server, 400);
    let request = store.pull_request().unwrap();
    let page = server.pull(&request).unwrap();
    assert!(matches!(store.apply_page(&page), Err(StoreError::DiskFull)));
    assert_eq!(store.queue_summary().pending, queued);
    drop(store);
    phone.reopen();
    assert_eq!(phone.store().queue_summary().pending, queued);
    phone.check();
    phone.sync(&mut server);
    phone.check();
    assert_eq!(server.rows.keys().filter(|key| key.table == "task").count(), queued);
}

#[test]
fn a_restored_file_becomes_another_phone() {
    let mut phone = Phone::new();
    phone.close();
    let open = |nonce: u128| {
        let options = StoreOptions { install_nonce: Some(Uuid::from_u128(nonce)), ..StoreOptions::default() };
        Store::open(&phone.path(), &REGISTRY, &identity(), options).unwrap().device_id()
    };
    let first = open(1);
    assert_eq!(open(1), first);
    let second = open(2);
    assert_ne!(second, first);
    assert_eq!(open(2), second);
}

/// The same trade in a later build: a column more, a table more, and a table of another shape.
mod later {
    use super::*;

    record! {
        /// A column more.
        pub struct Project in "project" {
            /// Title.
            pub title: String,
            /// Whether it is finished.
            pub done: bool,
            /// Sum.
            pub total: i32,
            /// New.
            pub colour: Option<String>,
        }
        scope: "id";
    }
    record! {
        /// Another order, a column less.
        pub struct Task in "task" {
            /// The project.
            pub project_id: Uuid,
            /// State.
            pub state: String,
            /// Title.
            pub title: String,
            /// Points.
            pub points: i32,
        }
        scope: "project_id";
        index BY_STATE = "task.by_state" on ["project_id", "state"];
        index BY_POINTS = "task.by_points" on ["project_id"] range "points";
    }
    record! {
        /// A table more.
        pub struct Extra in "extra" {
            /// The project.
            pub project_id: Uuid,
        }
        scope: "project_id";
    }

    pub static REGISTRY: Registry = Registry {
        tables: &[Catalog::TABLE, Project::TABLE, Task::TABLE, trade::Entry::TABLE, Extra::TABLE],
        mutations: trade::REGISTRY.mutations,
        queries: &[],
        roles: &[],
        policies: &[],
    };
}

#[test]
fn an_upgrade_keeps_rows_and_queue_and_asks_again() {
    let mut phone = Phone::new();
    let mut server = server();
    seed(&mut server, 3);
    phone.sync(&mut server);
    phone.queue(&trade::Move { id: task(1), state: "busy".into() });
    phone.close();
    let store = Store::open(&phone.path(), &later::REGISTRY, &identity(), StoreOptions::default()).unwrap();
    assert_eq!(store.readiness(), Readiness::Repairing);
    assert_eq!(store.queue_summary().pending, 1);
    let reader = store.reader().unwrap();
    let found = reader.get::<later::Project>(project(0).into()).unwrap().unwrap();
    assert_eq!((found.title.as_str(), found.colour), ("project 0", None));
    let found = reader.get::<later::Task>(task(1).into()).unwrap().unwrap();
    assert_eq!((found.title.as_str(), found.state.as_str(), found.points), ("task 1", "busy", 1));
    let base = reader.server_rows(later::Task::TABLE).unwrap();
    assert!(base.iter().any(|row| row[0] == task(1).into() && row[3] == Cell::from("open")));
    let request = store.pull_request().unwrap();
    assert_eq!(request.cursor, None);
    let tables: Vec<_> = request.checksums.keys().map(String::as_str).collect();
    assert_eq!(tables, ["catalog"], "changed tables are filled whatever their checksums say");
    let indexes = reader.sql("select name from sqlite_master where type = 'index' and tbl_name = 'task'", &[]).unwrap();
    assert!(indexes.iter().any(|row| row[0] == Cell::from("task.by_state")));
}

#[test]
fn an_upgrade_within_a_fill_starts_the_fill_anew() {
    let mut phone = Phone::new();
    let mut server = server();
    seed(&mut server, 3);
    server.page_rows = 4;
    let request = phone.store().pull_request().unwrap();
    assert!(!phone.store().apply_page(&server.pull(&request).unwrap()).unwrap().complete);
    assert!(phone.store().pull_request().unwrap().resume.is_some());
    phone.reopen();
    assert!(phone.store().pull_request().unwrap().resume.is_some(), "without an upgrade it goes on");
    phone.close();
    let store = Store::open(&phone.path(), &later::REGISTRY, &identity(), StoreOptions::default()).unwrap();
    let request = store.pull_request().unwrap();
    assert_eq!((request.cursor, request.resume), (None, None), "pages so far lack the new columns and tables");
}

fn project(number: u128) -> Uuid {
    Uuid::from_u128(0x1000 + number)
}

fn task(number: u128) -> Uuid {
    Uuid::from_u128(0x2000 + number)
}

/// One project, `items` catalog lines, one task.
fn seed(server: &mut crate::server::Server, items: u128) {
    let id = Id::new(project(0));
    let row = Project { id, rev: 0, title: "project 0".into(), done: false, total: 0 };
    server.write(RowKey::of(id), Some(row.to_row()));
    server.visible.insert(id.uuid());
    for item in 0..items {
        let id = Id::new(Uuid::from_u128(0x3000 + item));
        let row = Catalog { id, rev: 0, name: "item ".repeat(50), price_cents: 5 };
        server.write(RowKey::of(id), Some(row.to_row()));
    }
    if items == 3 {
        let (id, project_id) = (Id::new(task(1)), project(0).into());
        let row = Task { id, rev: 0, project_id, title: "task 1".into(), state: "open".into(), points: 1, note: None };
        server.write(RowKey::of(id), Some(row.to_row()));
    }
}

#[test]
fn replica_tables_are_the_registrys() {
    let folder = tempfile::tempdir().unwrap();
    let registry = &satchel_domain::REGISTRY;
    let store = Store::open(&folder.path().join("replica.db"), registry, &identity(), StoreOptions::default()).unwrap();
    let reader = store.reader().unwrap();
    for table in registry.tables {
        let columns = reader.sql("select name from pragma_table_info(?1) order by cid", &[table.name.into()]).unwrap();
        let expected: Vec<_> = table.columns.iter().map(|column| vec![Cell::from(column.name)]).collect();
        assert_eq!(columns, expected, "{}", table.name);
    }
}

#[test]
fn a_page_of_nonsense_changes_nothing() {
    let phone = Phone::new();
    for page in [
        "",
        "{}",
        "[]",
        r#"{"cursor":5}"#,
        r#"{"cursor":"a","tables":[{"table":"task","columns":["id"],"rows":[[1]]}]}"#,
    ] {
        assert!(matches!(phone.store().apply_page(page), Err(StoreError::Page(_))), "{page}");
    }
    assert_eq!(phone.store().readiness(), Readiness::Empty);
    phone.check();
}

#[cfg(not(feature = "encrypted"))]
#[test]
fn a_key_is_refused_where_nothing_can_be_encrypted() {
    let folder = tempfile::tempdir().unwrap();
    let key = Some(satchel_client::FileKey::new([7; 32]));
    let options = StoreOptions { key, ..StoreOptions::default() };
    let path = folder.path().join("replica.db");
    assert!(matches!(Store::open(&path, &REGISTRY, &identity(), options), Err(StoreError::CannotEncrypt)));
    assert_eq!(fs::metadata(&path).unwrap().len(), 0);
}
