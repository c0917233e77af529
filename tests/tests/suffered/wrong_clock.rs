//! "Wrong clocks": a phone that believed to be in another year won against everybody, or against nobody
//! (cht-core#6284).

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use satchel_domain::{
    mutations::CorrectMaterial,
    tables::{MaterialUsed, VisitState},
};
use satchel_protocol::{context::ClientContext, wire::Outcome};
use satchel_tests::{contractor::Work, phone::Field};
use serde_json::value::to_raw_value;

use crate::material;

const YEAR_H: i64 = 365 * 24;

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_decided_who_was_last() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let watching = field.synced_phone(0).await;
    let line = material(contractor, work);
    watching.client.mutate(&line).await.unwrap();
    watching.settled().await;
    let Work { job_id, visit_id } = work;
    // Years ahead, then years behind: what comes last stands, whatever its clock says.
    for (years, quantity) in [(10, 2), (-10, 3), (1, 4), (-20, 5)] {
        let mut device = contractor.phone(contractor.technicians[1].caller);
        let quantity = Decimal::from(quantity);
        let mut sent = device.next(&CorrectMaterial { job_id, visit_id, material_id: line.material_id, quantity });
        let clock = Timestamp::now() + SignedDuration::from_hours(years * YEAR_H);
        let context =
            ClientContext { occurred_at: clock, device_clock: clock, monotonic_ms: Some(1), clock_trusted: false };
        sent.context = to_raw_value(&context).unwrap();
        let answer = contractor.push(&device, vec![sent]).await.unwrap();
        assert!(matches!(answer.verdicts[0].outcome, Outcome::Accepted { .. }), "{:?}", answer.verdicts);
        field.server.state().hub.signal();
        let id = line.material_id;
        watching
            .sees("the quantity", move |reader| {
                Ok(reader.get(id)?.filter(|line: &MaterialUsed| line.quantity == quantity))
            })
            .await;
    }
    watching.settled().await;
    watching.assert_converged(&contractor.database).await;
}
