//! "The server failed to apply it, and the device was never told" (QFieldCloud#551).

use satchel_domain::tables::VisitState;
use satchel_protocol::{
    Ctx, Mutation, MutationKind, PolicyFile, RowKey, Stop, Workspace, context::Side, inbox::DismissItem, wire::Outcome,
};
use satchel_tests::{contractor::registry, phone::Field};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{lines, material, office, reason};

/// Has a mistake in it that shows on the server only.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Stumble {}

impl Mutation for Stumble {
    const NAME: &'static str = "test/v1/stumble";
    const SUMMARY: &'static str = "Panics on the server.";
    type Output = ();

    fn roots(&self) -> Vec<RowKey> {
        Vec::new()
    }

    fn apply(&self, ctx: &Ctx, _: &mut Workspace) -> Result<(), Stop> {
        assert!(ctx.side == Side::Phone, "a mistake in a rule, made on purpose");
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_fails_on_goes_to_the_inbox_and_the_phone_is_told_both_times() {
    let policy = PolicyFile {
        resource: "test",
        text: r#"@id("test") permit (principal, action == Action::"test/v1/stumble", resource);"#,
    };
    let field = Field::of(registry(&[], &[MutationKind::of::<Stumble>()], &[policy])).await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let phone = field.synced_phone(0).await;
    let key = phone.client.mutate(&Stumble {}).await.unwrap().key;
    let line = material(contractor, work);
    phone.client.mutate(&line).await.unwrap();
    phone.until("set aside", |status| status.queue.rejected == 1 && status.queue.unsent() == 0).await;
    let attention = phone.client.attention().await.unwrap();
    assert!(matches!(attention[0].outcome, Outcome::Quarantined { .. }) && attention[0].with_office);
    // What came after it was not harmed.
    phone.settled().await;
    assert_eq!(lines(contractor, &[line.material_id]).await, 1);
    office(contractor, &DismissItem { key, note: "A fault of ours, mended.".to_owned() }).await;
    phone.until("told", |status| status.queue.rejected == 0).await;
    let past = phone.client.history(10).await.unwrap().into_iter().find(|past| past.key == key).unwrap();
    assert_eq!(reason(&past.outcome), "inbox.dismissed");
    assert!(past.settlement.unwrap().note.unwrap().contains("mended"));
}
