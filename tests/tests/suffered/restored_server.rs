//! "The server was restored from last night's backup, and today's work was gone", from the server and then from the
//! phones that had been told it was safe (research: server restored, duplicates after it).

use std::path::Path;

use satchel_domain::{
    REGISTRY,
    tables::{Job, MaterialUsed, VisitState},
};
use satchel_server::{
    auth::{Auth, Secrets},
    database::{Database, PoolLimits},
    http::Settings,
};
use satchel_tests::{
    contractor::Contractor,
    database::{as_service, fresh},
    phone::{Field, PASSWORD, Phone},
    postgres::TestPostgres,
    proxy::Proxy,
    server::TestServer,
};

use crate::{lines, material};

/// Runs one of Postgres's own programs to its end.
async fn run(program: &str, arguments: &[&str]) {
    let program = TestPostgres::shared().cluster().program(program);
    let done = tokio::process::Command::new(program).args(arguments).output().await.expect("it starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_server_forgot_what_it_had_acknowledged() {
    let original = fresh().await;
    let original_url = original.url().to_owned();
    let field = Field::on(Contractor::on(original, &REGISTRY).await, &REGISTRY).await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let secrets = Secrets::generate();
    let serve = async |database: &Database| {
        let auth = Auth::new(database.clone(), secrets.clone());
        TestServer::with_auth(auth, database, &REGISTRY, Settings::default()).await
    };
    let server = serve(&contractor.database).await;
    let mut phones = Vec::new();
    let mut entered = Vec::new();
    for technician in contractor.technicians {
        let email = format!("{}@example.com", technician.caller.user_id);
        let phone = Phone::sign_in(server.address(), &REGISTRY, &email, PASSWORD).await;
        phone.client.start().await.unwrap();
        phone.settled().await;
        let line = material(contractor, work);
        phone.client.mutate(&line).await.unwrap();
        entered.push(line.material_id);
        phones.push(phone);
    }
    for phone in &phones {
        phone.settled().await;
    }
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("last-night.dump");
    run("pg_dump", &["--format=custom", "--file", text(&backup), "--dbname", &original_url]).await;

    // A day's work after the backup, all of it acknowledged, and a change by the office.
    sqlx::query("update satchel.job set title = 'Today' where id = $1")
        .bind(work.job_id.uuid())
        .execute(&contractor.admin)
        .await
        .unwrap();
    for (phone, count) in phones.iter().zip([5, 2]) {
        for _ in 0..count {
            let line = material(contractor, work);
            phone.client.mutate(&line).await.unwrap();
            entered.push(line.material_id);
        }
    }
    let id = work.job_id;
    for phone in &phones {
        phone.settled().await;
        phone.sees("the title", move |reader| Ok(reader.get(id)?.filter(|job: &Job| job.title == "Today"))).await;
    }
    assert_eq!(lines(contractor, &entered).await, 9);
    // One has work that never left.
    phones[0].client.stop().await.unwrap();
    let unsent = material(contractor, work);
    phones[0].client.mutate(&unsent).await.unwrap();
    entered.push(unsent.material_id);
    server.stop().await;

    let restored = TestPostgres::shared().empty_database().await;
    run("pg_restore", &["--exit-on-error", "--dbname", restored.url(), text(&backup)]).await;
    let admin = restored.pool(2).await;
    let count = async |query: &'static str| -> i64 { sqlx::query_scalar(query).fetch_one(&admin).await.unwrap() };
    assert_eq!(count("select count(*) from satchel.material_used").await, 2);
    let database = Database::connect(as_service(&restored), PoolLimits::default()).await.unwrap();
    let server = serve(&database).await;
    for phone in &mut phones {
        phone.proxy = Proxy::start(server.address()).await.unwrap();
        phone.options.server_url = phone.proxy.url();
        phone.reopen().await;
        phone.client.start().await.unwrap();
    }
    for _ in 0..2 {
        for phone in &phones {
            // Each sees the other's once the other has sent them.
            for id in &entered {
                phone.sees_row::<MaterialUsed>(id.uuid()).await;
            }
            let status = phone.settled().await;
            assert_eq!(status.queue.rejected, 0);
        }
    }
    assert_eq!(count("select count(*) from satchel.material_used").await, 10);
    assert_eq!(count("select count(*) from satchel.mutation_ledger").await, 10);
    for phone in &phones {
        // What the office did after the backup is the office's to repeat: the replica is the server's, row by row.
        phone.assert_converged(&database).await;
        let title = phone.client.read(move |reader| Ok(reader.get(id)?.map(|job: Job| job.title))).await.unwrap();
        assert_ne!(title.as_deref(), Some("Today"));
    }
}
