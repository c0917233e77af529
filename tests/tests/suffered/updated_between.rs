//! "After the update my entries were invalid": the app was updated between entering and sending, and what had been
//! queued by the older one fitted nothing any more (powersync-js#1058; research: cross-version queue).

use satchel_domain::{
    REGISTRY,
    tables::{Visit, VisitState},
};
use satchel_protocol::{Ctx, Earlier, Id, Mutation, MutationKind, PolicyFile, RowKey, Stop, Workspace};
use satchel_tests::{
    contractor::registry,
    phone::{Field, PASSWORD, Phone},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const POLICY: PolicyFile = PolicyFile {
    resource: "test",
    text: r#"
        @id("earlier") permit (principal, action == Action::"test/v1/tell", resource);
        @id("now") permit (principal, action == Action::"test/v2/tell", resource);
    "#,
};

/// As the older build had it.
#[derive(Serialize, Deserialize, JsonSchema)]
struct TellThen {
    visit_id: Id<Visit>,
    text: String,
}

impl Mutation for TellThen {
    const NAME: &'static str = "test/v1/tell";
    const SUMMARY: &'static str = "Tells.";
    type Output = ();

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.visit_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<(), Stop> {
        let visit: Visit = work.require(self.visit_id)?;
        work.update(&Visit { outcome: Some(self.text.clone()), ..visit })
    }
}

/// As the newer build has it.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Tell {
    visit_id: Id<Visit>,
    words: Vec<String>,
}

impl Mutation for Tell {
    const NAME: &'static str = "test/v2/tell";
    const SUMMARY: &'static str = "Tells.";
    type Output = ();

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.visit_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<(), Stop> {
        let visit: Visit = work.require(self.visit_id)?;
        work.update(&Visit { outcome: Some(self.words.join("-")), ..visit })
    }
}

/// The older one's arguments in the newer build.
#[derive(Deserialize, JsonSchema)]
struct ToldThen {
    visit_id: Id<Visit>,
    text: String,
}

impl Earlier for ToldThen {
    const NAME: &'static str = "test/v1/tell";
    type Now = Tell;

    fn upcast(self) -> Tell {
        Tell { visit_id: self.visit_id, words: self.text.split(' ').map(str::to_owned).collect() }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_was_updated_between_entering_and_sending() {
    let older = registry(&[], &[MutationKind::of::<TellThen>()], &[POLICY]);
    let newer = registry(&[], &[MutationKind::earlier::<ToldThen>(), MutationKind::of::<Tell>()], &[POLICY]);
    assert_eq!(older.mutations.len(), REGISTRY.mutations.len() + 1);
    let field = Field::of(newer).await;
    let contractor = &field.contractor;
    let visits = [
        contractor.work(VisitState::OnSite, &contractor.technicians).await.visit_id,
        contractor.work(VisitState::OnSite, &contractor.technicians).await.visit_id,
    ];
    let email = format!("{}@example.com", contractor.technicians[0].caller.user_id);
    let mut phone = Phone::sign_in(field.server.address(), older, &email, PASSWORD).await;
    phone.client.start().await.unwrap();
    phone.settled().await;
    phone.client.set_network(false).await.unwrap();
    let tell = |visit_id| TellThen { visit_id, text: "all done".to_owned() };
    let key = phone.client.mutate(&tell(visits[0])).await.unwrap().key;

    phone.client.close().await;
    phone.options.registry = newer;
    phone.reopen().await;
    let queue = phone.client.queue().await.unwrap();
    assert_eq!((queue.len(), queue[0].key, queue[0].name.as_str()), (1, key, "test/v1/tell"));
    phone.client.start().await.unwrap();
    phone.settled().await;
    assert!(phone.client.attention().await.unwrap().is_empty());
    phone.assert_converged(&contractor.database).await;

    // One who never updates is understood as well, and sees what the newer rule made of it.
    let old_phone = Phone::sign_in(field.server.address(), older, &email, PASSWORD).await;
    old_phone.client.start().await.unwrap();
    old_phone.settled().await;
    old_phone.client.mutate(&tell(visits[1])).await.unwrap();
    old_phone.settled().await;
    for phone in [&phone, &old_phone] {
        for id in visits {
            let made = move |visit: &Visit| visit.outcome.as_deref() == Some("all-done");
            phone.sees("the newer rule's outcome", move |reader| Ok(reader.get(id)?.filter(made))).await;
        }
    }
    // Arguments that fit neither are told as such.
    let nonsense = serde_json::value::to_raw_value(&serde_json::json!({ "visit_id": 5 })).unwrap();
    let error = phone.client.mutate_named("test/v1/tell", nonsense).await.unwrap_err();
    assert!(error.to_string().contains("test/v1/tell"), "{error}");
}
