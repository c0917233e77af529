//! "A few heavy users degrade all" (cht-core#10408).

use satchel_domain::tables::VisitState;
use satchel_tests::phone::Field;

use crate::{lines, material};

/// Phones with much to send.
const HEAVY: usize = 3;
/// What each of them has.
const MUTATIONS: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn a_few_heavy_users_held_up_everybody() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let light = field.synced_phone(0).await;
    let mut heavy = Vec::new();
    for _ in 0..HEAVY {
        let phone = field.synced_phone(1).await;
        phone.client.mutate(&material(contractor, work)).await.unwrap();
        phone.settled().await;
        heavy.push(phone);
    }
    // However slow their pushes are: here they do not come through at all.
    let mut lock = contractor.admin.begin().await.unwrap();
    let devices = "select from satchel.device where user_id = $1 for update";
    sqlx::query(devices).bind(contractor.technicians[1].caller.user_id).execute(&mut *lock).await.unwrap();
    for phone in &heavy {
        for _ in 0..MUTATIONS {
            phone.client.mutate(&material(contractor, work)).await.unwrap();
        }
    }
    let line = material(contractor, work);
    light.client.mutate(&line).await.unwrap();
    light.settled().await;
    assert_eq!(lines(contractor, &[line.material_id]).await, 1);
    for phone in &heavy {
        assert_eq!(phone.client.status().borrow().queue.unsent(), MUTATIONS);
    }
    lock.rollback().await.unwrap();
    for phone in &heavy {
        phone.settled().await;
    }
    let all = i64::try_from(HEAVY * (MUTATIONS + 1) + 1).unwrap();
    assert_eq!(contractor.count("select count(*) from satchel.material_used").await, all);
}
