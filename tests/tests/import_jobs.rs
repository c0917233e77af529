//! Jobs from files: every row imported or refused with its line and reason.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use satchel_domain::REGISTRY;
use satchel_server::{
    auth::password::Cost,
    database::{Caller, Database, PoolLimits},
    import::{Assign, ImportError, ImportOptions, Imported, Mapping, Preset, Reason, import_jobs},
    seed::{SeedOptions, SeededOrganization, seed, today},
};
use satchel_tests::{
    database,
    postgres::TestDatabase,
    replica::{Replica, assert_converged},
    server::{TestServer, unhurried},
};
use sqlx::PgConnection;

/// Rows of the city's file.
const CITY_ROWS: u64 = 4_049;

async fn organization(technicians: u32) -> (TestDatabase, SeededOrganization) {
    let database = database::fresh().await;
    let options = SeedOptions {
        organizations: 1,
        technicians,
        jobs_per_technician: 0,
        pricebook_items: 10,
        password_cost: Cost::Minimal,
        ..SeedOptions::small(today())
    };
    let mut seeded = seed(&database.options(), &options).await.unwrap();
    (database, seeded.organizations.remove(0))
}

fn options(organization: &SeededOrganization, mapping: Mapping) -> ImportOptions {
    ImportOptions {
        org_id: organization.org_id,
        branch_id: None,
        mapping,
        assign: Assign::Nobody,
        reopen: false,
        first_day: today(),
    }
}

fn mapping() -> Mapping {
    let column = |name: &str| Some(name.to_owned());
    Mapping {
        number: column("Key"),
        opened: column("Opened"),
        closed: column("Closed"),
        status: column("State"),
        title: vec!["Kind".to_owned()],
        description: vec!["Notes".to_owned()],
        address: column("Where"),
        latitude: column("North"),
        longitude: column("East"),
        no_address_value: vec!["nowhere".to_owned()],
        ..Mapping::default()
    }
}

fn city() -> Mapping {
    Mapping { preset: Some(Preset::Sf311), ..Mapping::default() }
}

/// The city's file; none on a machine without it.
fn city_file() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/sf311-field-work.csv");
    if path.exists() {
        return Some(path);
    }
    eprintln!("not run: {} is not on this machine", path.display());
    None
}

fn file(directory: &tempfile::TempDir, contents: &[u8]) -> PathBuf {
    let path = directory.path().join("jobs.csv");
    std::fs::write(&path, contents).unwrap();
    path
}

async fn count(connection: &mut PgConnection, statement: &'static str) -> u64 {
    sqlx::query_scalar::<_, i64>(statement).fetch_one(connection).await.unwrap().cast_unsigned()
}

const HEADER: &[u8] = b"\xef\xbb\xbfKey,Opened,Closed,State,Kind,Notes,Where,North,East\n";

/// A file with every defect there is: rows, and why each is refused.
fn defects() -> (Vec<u8>, Vec<(u64, &'static str)>) {
    let good = "2026-11-01 10:00:00+00:00,,Open,Leak,";
    let rows: Vec<(Vec<u8>, Option<&'static str>)> = vec![
        (format!("A1,{good}\"He said \"\"now\"\"\nand rang off\",1 Elm St,41.5,-87.25").into(), None),
        (format!("A2,{good},\"2  Elm St,\n Evanston\",,").into(), None),
        (format!("A3,{good},3 Elm St,0.0,0.0").into(), None),
        ("A4,2026-11-01,2026-11-02T08:00,Closed,Leak,,1 Elm St,41.5,-87.25".into(), None),
        ("A5,11/01/2026 01:30:00 PM,,Open,Leak,,5 Elm St,,-87".into(), None),
        (format!(" ,{good},1 Elm St,,").into(), Some("empty")),
        (format!("{},{good},1 Elm St,,", "9".repeat(65)).into(), Some("too_long")),
        (format!("B3,{good},,,").into(), Some("empty")),
        (format!("B4,{good},NOWHERE,,").into(), Some("no_address")),
        ("B5,yesterday,,Open,Leak,,1 Elm St,,".into(), Some("not_a_date")),
        ("B6,,,Open,Leak,,1 Elm St,,".into(), Some("empty")),
        (
            "B7,2026-11-01 10:00:00+00:00,2026-10-31 10:00:00+00:00,Closed,Leak,,1 Elm St,,".into(),
            Some("closed_before_opened"),
        ),
        ("B8,2026-11-01,soon,Open,Leak,,1 Elm St,,".into(), Some("not_a_date")),
        (format!("B9,{good},1 Elm St,north,1").into(), Some("not_a_coordinate")),
        (format!("C1,{good},1 Elm St,90.5,1").into(), Some("not_a_coordinate")),
        (format!("A1,{good},1 Elm St,,").into(), Some("repeated_number")),
        (format!("C2,{good},1 Elm St,,,").into(), Some("field_count")),
        ("C3".into(), Some("field_count")),
        ([format!("C4,{good},1 Elm").as_bytes(), b"\xff St,,"].concat(), Some("not_text")),
        (format!("C5,{good},1 El\0m St,,").into(), Some("zero_byte")),
        ("C6,2026-11-01,,Open,,,1 Elm St,,".into(), Some("empty")),
        (format!("C7,2026-11-01,,Open,{},,1 Elm St,,", "x".repeat(201)).into(), Some("too_long")),
        (format!("C8,{good}{},1 Elm St,,", "x".repeat(20_001)).into(), Some("too_long")),
        (format!("C9,{good},9 Elm St,,").into(), None),
    ];
    let (mut contents, mut refused, mut line) = (HEADER.to_vec(), Vec::new(), 2);
    for (row, reason) in rows {
        if let Some(reason) = reason {
            refused.push((line, reason));
        }
        line += 1 + row.iter().filter(|byte| **byte == b'\n').count() as u64;
        contents.extend(row);
        contents.push(b'\n');
    }
    (contents, refused)
}

fn refusals(imported: &Imported) -> Vec<(u64, &'static str)> {
    imported.refused.iter().map(|refused| (refused.line, refused.reason.kind())).collect()
}

#[tokio::test]
async fn every_defect_is_refused_at_its_line_and_the_rest_comes_in() {
    let (database, organization) = organization(2).await;
    let directory = tempfile::tempdir().unwrap();
    let (contents, expected) = defects();
    let path = file(&directory, &contents);
    let options = options(&organization, mapping());
    let mut seen = 0;
    let imported = import_jobs(&database.options(), &path, options.clone(), |progress| {
        assert_eq!(progress.bytes_total, contents.len() as u64);
        seen = progress.bytes;
    })
    .await
    .unwrap();
    assert_eq!(seen, contents.len() as u64);
    assert_eq!(refusals(&imported), expected);
    assert_eq!(imported.total, imported.imported + imported.refused.len() as u64);
    assert_eq!((imported.imported, imported.without_coordinates), (6, 4));
    for refused in &imported.refused {
        let sentence = refused.reason.to_string();
        assert!(!sentence.is_empty() && !sentence.contains("xxx"), "{sentence}");
    }
    let repeated = imported.refused.iter().find(|refused| refused.reason.kind() == "repeated_number").unwrap();
    assert_eq!(repeated.reason, Reason::RepeatedNumber { first_line: 2 });

    let mut connection = database.connect().await;
    let jobs: Vec<(String, String, String, String, String)> = sqlx::query_as(
        "select number, title, description, state, address from satchel.job j
         join satchel.location l on l.org_id = j.org_id and l.id = j.location_id where number is not null
         and number not like 'J-%' order by number",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let numbers: Vec<&str> = jobs.iter().map(|job| job.0.as_str()).collect();
    assert_eq!(numbers, ["A1", "A2", "A3", "A4", "A5", "C9"]);
    assert!(jobs[0].2.ends_with("\n\nHe said \"now\"\nand rang off"), "{}", jobs[0].2);
    assert_eq!(jobs[1].4, "2 Elm St, Evanston");
    assert_eq!((jobs[0].3.as_str(), jobs[3].3.as_str()), ("unscheduled", "closed"));
    // A1 and A4 are at one place.
    assert_eq!(jobs[0].4, jobs[3].4);
    assert_eq!(count(&mut connection, "select count(*) from satchel.location where address = '1 Elm St'").await, 1);
    assert_eq!(count(&mut connection, "select count(*) from satchel.customer where name = 'Imported'").await, 1);

    // Again: what came in is there, and nothing comes twice.
    let again = import_jobs(&database.options(), &path, options, |_| {}).await.unwrap();
    assert_eq!((again.total, again.imported), (imported.total, 0));
    let there = again.refused.iter().filter(|refused| refused.reason == Reason::AlreadyThere).count();
    assert_eq!(there as u64, imported.imported);
    assert_eq!(count(&mut connection, "select count(*) from satchel.job where number not like 'J-%'").await, 6);
}

#[tokio::test]
async fn what_cannot_be_imported_at_all_says_why_and_leaves_nothing() {
    let (database, organization) = organization(2).await;
    let directory = tempfile::tempdir().unwrap();
    let path = file(&directory, &defects().0);
    let base = options(&organization, mapping());
    let column = |name: &str| Some(name.to_owned());
    let cases = [
        (directory.path().join("none.csv"), base.clone(), "cannot read"),
        (directory.path().to_owned(), base.clone(), "cannot read"),
        (file(&tempfile::tempdir().unwrap(), b""), base.clone(), "cannot read"),
        (
            path.clone(),
            ImportOptions { mapping: Mapping { number: column("Nope"), ..mapping() }, ..base.clone() },
            "no column \"Nope\"; it has: Key, Opened",
        ),
        (
            path.clone(),
            ImportOptions { mapping: Mapping { address: None, ..mapping() }, ..base.clone() },
            "--address COLUMN is needed",
        ),
        (path.clone(), ImportOptions { mapping: Mapping { title: vec![], ..mapping() }, ..base.clone() }, "--title"),
        (path.clone(), ImportOptions { org_id: uuid::Uuid::nil(), ..base.clone() }, "no organization"),
        (path.clone(), ImportOptions { branch_id: Some(uuid::Uuid::nil()), ..base.clone() }, "--branch"),
        (path.clone(), ImportOptions { assign: Assign::To(3), ..base.clone() }, "has 2 active technicians, not 3"),
        (
            path.clone(),
            ImportOptions { assign: Assign::To(2), first_day: Date::MAX, ..base.clone() },
            "--first-day is too far",
        ),
    ];
    for (path, options, part) in cases {
        let error = import_jobs(&database.options(), &path, options, |_| {}).await.unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
    let empty = file(&directory, b"");
    let error = import_jobs(&database.options(), &empty, base, |_| {}).await.unwrap_err();
    assert!(matches!(error, ImportError::NoHeader(_)), "{error}");
    let mut connection = database.connect().await;
    assert_eq!(count(&mut connection, "select count(*) from satchel.job where number not like 'J-%'").await, 0);
}

#[tokio::test]
async fn open_jobs_are_given_in_turn_and_nobody_is_booked_twice() {
    let (database, organization) = organization(3).await;
    let directory = tempfile::tempdir().unwrap();
    let mut connection = database.connect().await;
    for part in ["a", "b"] {
        let mut contents = HEADER.to_vec();
        for number in 0..10 {
            contents.extend(format!("{part}{number},2026-11-01,,Open,Leak,,{number} Elm St,,\n").into_bytes());
        }
        let path = file(&directory, &contents);
        let options = ImportOptions { assign: Assign::RoundRobin, ..options(&organization, mapping()) };
        let imported = import_jobs(&database.options(), &path, options, |_| {}).await.unwrap();
        assert_eq!((imported.imported, imported.assigned, imported.technicians), (10, 10, 3));
    }
    let overlapping = count(
        &mut connection,
        "select count(*) from satchel.assignment a join satchel.assignment b
         on a.technician_id = b.technician_id and a.id < b.id
         and a.window_start < b.window_end and b.window_start < a.window_end",
    )
    .await;
    assert_eq!(overlapping, 0);
    let least = count(
        &mut connection,
        "select min(jobs) from (select count(*) jobs from satchel.assignment group by technician_id) each",
    )
    .await;
    assert_eq!(least, 6);
}

#[tokio::test]
async fn the_citys_file_comes_in_and_a_phone_holds_its_share() {
    let Some(path) = city_file() else { return };
    let (database, organization) = organization(40).await;
    let options = ImportOptions { assign: Assign::To(40), reopen: true, ..options(&organization, city()) };
    let imported = import_jobs(&database.options(), &path, options.clone(), |_| {}).await.unwrap();
    assert_eq!(imported.total, CITY_ROWS);
    assert_eq!(imported.imported + imported.refused.len() as u64, CITY_ROWS);
    assert!(imported.refused.iter().all(|refused| refused.line > 1 && !refused.reason.to_string().is_empty()));
    assert!(imported.imported > 3_900, "{:?}", imported.refused_by_reason());
    assert_eq!((imported.assigned, imported.technicians), (imported.imported, 40));

    let again = import_jobs(&database.options(), &path, options, |_| {}).await.unwrap();
    assert_eq!((again.imported, again.refused.len() as u64), (0, CITY_ROWS));

    let technician = &organization.technicians[7];
    let mut connection = database.connect().await;
    let share: i64 =
        sqlx::query_scalar("select count(distinct job_id) from satchel.assignment where technician_id = $1")
            .bind(technician.technician_id)
            .fetch_one(&mut connection)
            .await
            .unwrap();
    let fair = imported.imported / 40;
    assert!((fair..=fair + 1).contains(&share.cast_unsigned()), "{share}");
    let service = Database::connect(database::as_service(&database), PoolLimits::default()).await.unwrap();
    let server = TestServer::start(&service, &REGISTRY, unhurried()).await;
    let caller = Caller::trusted(organization.org_id, technician.user_id);
    let mut phone = Replica::new(&REGISTRY, organization.org_id);
    phone.catch_up(&server.client(caller)).await.unwrap();
    let jobs = phone.rows.keys().filter(|(table, _)| table == "job").count();
    assert_eq!(jobs, usize::try_from(share).unwrap());
    assert_converged(&phone, &service, &caller).await;
}

#[tokio::test]
async fn the_citys_history_stays_history() {
    let Some(path) = city_file() else { return };
    let (database, organization) = organization(40).await;
    let options = ImportOptions { assign: Assign::To(40), ..options(&organization, city()) };
    let imported = import_jobs(&database.options(), &path, options, |_| {}).await.unwrap();
    assert_eq!(imported.imported + imported.refused.len() as u64, CITY_ROWS);
    let mut connection = database.connect().await;
    let closed = count(&mut connection, "select count(*) from satchel.job where state = 'closed'").await;
    let scheduled = count(&mut connection, "select count(*) from satchel.job where state = 'scheduled'").await;
    assert_eq!(closed + scheduled, imported.imported);
    assert!(closed > 3_800 && scheduled > 0, "{closed} {scheduled}");
    let open = count(&mut connection, "select count(*) from satchel.assignment where open").await;
    assert_eq!(open, scheduled);
}
