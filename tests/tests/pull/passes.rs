//! Passes of several pages, and what changes under them.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use satchel_domain::tables::VisitState;
use satchel_protocol::{ErrorCode, wire::PullRequest};

use super::Scene;

#[tokio::test]
async fn a_first_sync_of_several_pages_is_what_the_technician_may_see() {
    let mut scene = Scene::new().await;
    let work = scene.job().await;
    scene.contractor.work(VisitState::Dispatched, &scene.contractor.technicians[1..]).await;
    scene.pricebook(9_000).await;

    let request = PullRequest { manifest: true, ..scene.replica.request() };
    let first = scene.client.pull(&request).await.unwrap();
    assert_eq!((first.rows_total, first.leave.len()), (Some(9_010), 0));
    assert!(first.manifest.is_none() && first.resume.is_some());
    assert!(!scene.replica.apply(first));
    let second = scene.client.pull(&PullRequest { manifest: true, ..scene.replica.request() }).await.unwrap();
    assert!(second.manifest.is_none());
    assert!(!scene.replica.apply(second));
    // What changes under the pass comes with its end: the manifest is of that moment, and so is the cursor.
    scene.run("update satchel.pricebook_item set price_cents = 1 where code = 'X-1'").await;
    scene.run("delete from satchel.pricebook_item where code = 'X-2'").await;
    let last = scene.client.pull(&PullRequest { manifest: true, ..scene.replica.request() }).await.unwrap();
    let manifest = last.manifest.clone();
    assert!(scene.replica.apply(last));
    assert_eq!(scene.replica.pages, 3);
    // The changed row twice; the deleted one, if it was sent before.
    assert!((1..=2).contains(&(scene.replica.rows_received - scene.replica.rows.len())));
    assert_eq!(manifest, Some(scene.replica.manifest()));
    assert!(scene.replica.row("job", work.job_id.uuid()).is_some());
    scene.assert_converged().await;

    let page = scene.client.pull(&PullRequest { manifest: true, ..scene.replica.request() }).await.unwrap();
    assert!(page.tables.is_empty());
    assert_eq!(page.manifest, Some(scene.replica.manifest()));
}

#[tokio::test]
async fn a_pass_under_which_too_much_changes_ends_without_manifest_and_the_next_one_has_it() {
    let mut scene = Scene::new().await;
    scene.pricebook(9_000).await;
    let ask = |scene: &Scene| PullRequest { manifest: true, ..scene.replica.request() };
    let mut page = scene.client.pull(&ask(&scene)).await.unwrap();
    while !scene.replica.apply(page) {
        scene.run("update satchel.pricebook_item set price_cents = price_cents + 1").await;
        page = scene.client.pull(&ask(&scene)).await.unwrap();
        assert!(page.manifest.is_none());
    }
    scene.catch_up().await;
    let page = scene.client.pull(&ask(&scene)).await.unwrap();
    assert_eq!(page.manifest, Some(scene.replica.manifest()));
    scene.assert_converged().await;
}

#[tokio::test]
async fn passes_under_concurrent_writes_converge() {
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut scene = Scene::new().await;
    scene.pricebook(9_000).await;
    let [first, second] = scene.contractor.technicians;
    let mut jobs = Vec::new();
    for _ in 0..6 {
        jobs.push(scene.job().await);
    }
    for _ in 0..12 {
        let mut request = PullRequest { manifest: true, ..scene.replica.request_with_ids() };
        loop {
            // Between any two pages, anything.
            match random.random_range(0..5) {
                0 => scene.run("update satchel.pricebook_item set price_cents = price_cents + 1 where price_cents % 7 = 0").await,
                1 => scene.run("delete from satchel.pricebook_item where id in (select id from satchel.pricebook_item where code like 'X-%' order by code limit 20)").await,
                2 => {
                    sqlx::query("update satchel.assignment set technician_id = $2 where visit_id = $1")
                        .bind(jobs[random.random_range(0..jobs.len())].visit_id.uuid())
                        .bind(if random.random_bool(0.5) { first.id.uuid() } else { second.id.uuid() })
                        .execute(&scene.contractor.admin)
                        .await
                        .unwrap();
                }
                3 => jobs.push(scene.job().await),
                _ => {}
            }
            let page = match scene.client.pull(&request).await {
                Ok(page) => page,
                Err(refused) => {
                    assert_eq!(refused.why(), (ErrorCode::CursorStale, Some("scopes")), "a torn pass came before");
                    request = scene.replica.request_repair();
                    continue;
                }
            };
            let manifest = page.manifest.clone();
            let complete = scene.replica.apply(page);
            request = PullRequest { manifest: true, ..scene.replica.request_with_ids() };
            if complete {
                assert!(manifest.is_none_or(|manifest| manifest == scene.replica.manifest()));
                break;
            }
            assert!(manifest.is_none());
        }
    }
    scene.catch_up().await;
    scene.assert_converged().await;
}
