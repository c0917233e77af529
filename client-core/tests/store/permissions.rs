//! What the user may call: heard from the server, kept, and asked before anything is queued.

use satchel_client::store::{Changes, Mutated, QueueState};
use satchel_protocol::{Id, Mutation as _, Permissions, Record, RowKey, policy::FORBIDDEN, wire::Outcome};
use uuid::Uuid;

use crate::{
    phone::{Phone, identity, server},
    server::Server,
    trade::*,
};

const PROJECT: Uuid = Uuid::from_u128(0x1000);
const TASK: Uuid = Uuid::from_u128(0x2000);

/// All of the trade but these, which bosses may.
fn all_but(forbidden: &[&str]) -> Permissions {
    let (may_not, may): (Vec<_>, Vec<_>) =
        REGISTRY.procedures().map(str::to_owned).partition(|name| forbidden.contains(&name.as_str()));
    let bosses = |name| (name, vec!["boss".to_owned()]);
    let roles = vec![if forbidden.is_empty() { "boss" } else { "helper" }.to_owned()];
    Permissions::new(roles, may.into_iter().collect(), may_not.into_iter().map(bosses).collect())
}

/// A phone in step with a server that has one project, and tells this.
fn ready(permissions: Option<Permissions>) -> (Phone, Server) {
    let mut server = server();
    server.permissions = permissions;
    let id = Id::new(PROJECT);
    let row = Project { id, rev: 0, title: "p".into(), done: false, total: 0 };
    server.write(RowKey::of(id), Some(row.to_row()));
    server.visible.insert(PROJECT);
    let phone = Phone::new();
    phone.sync(&mut server);
    (phone, server)
}

fn create() -> Create {
    Create { id: TASK, project_id: PROJECT, title: "a task".into(), points: 1 }
}

#[test]
fn what_the_user_may_not_call_is_refused_at_once_and_leaves_no_trace() {
    let (phone, _) = ready(Some(all_but(&[Create::NAME, Audit::NAME])));
    let before = phone.shown();
    let observation = phone.store().observe(&[]);
    for refused in [phone.mutate(&create()), phone.mutate(&Audit { id: PROJECT })] {
        let Mutated::Refused(rejection) = refused else { panic!("{refused:?}") };
        assert_eq!(rejection, all_but(&[Create::NAME]).check(Create::NAME).unwrap_err());
        assert_eq!(rejection.reason, FORBIDDEN);
    }
    assert_eq!((phone.shown(), phone.store().queue().unwrap().len(), observation.take()), (before, 0, None));
    phone.queue(&Finish { id: PROJECT, done: true });
    phone.check();
}

#[test]
fn a_phone_that_was_never_told_lets_everything_through() {
    let (phone, mut server) = ready(None);
    assert_eq!(phone.store().pull_request().unwrap().permissions.as_deref(), Some(""));
    assert!(REGISTRY.procedures().all(|name| phone.store().may(name)));
    phone.queue(&create());
    phone.sync(&mut server);
    phone.check();
}

#[test]
fn what_is_told_outlives_the_app_and_is_not_told_twice() {
    let told = all_but(&[Create::NAME]);
    let (mut phone, mut server) = ready(Some(told.clone()));
    phone.reopen();
    assert!(!phone.store().may(Create::NAME) && phone.store().may(Rename::NAME));
    assert!(phone.store().may("task/v9/fly"), "what nobody named is for the server to decide");
    let request = phone.store().pull_request().unwrap();
    assert_eq!(request.permissions, Some(told.digest));
    assert!(!server.pull(&request).unwrap().contains("permissions"));
    assert_eq!(phone.store().identity().roles, ["helper"], "whatever the session says");
    phone.store().set_identity(&identity()).unwrap();
    assert_eq!(phone.store().identity().roles, ["helper"]);
    phone.store().forget_cursor().unwrap();
    assert!(!phone.store().may(Create::NAME), "a repair does not make the phone forget");
}

#[test]
fn observers_hear_of_it_and_only_of_it() {
    let (phone, mut server) = ready(Some(all_but(&[])));
    let observation = phone.store().observe(&[Task::TABLE]);
    server.permissions = Some(all_but(&[Create::NAME]));
    phone.pull(&mut server, 1);
    let changes = observation.take().unwrap();
    assert_eq!((changes.permissions, changes.tables.len()), (true, 0));
    assert!(!phone.store().may(Create::NAME));
    phone.pull(&mut server, 1);
    assert!(observation.take().is_none_or(|changes: Changes| !changes.permissions));
    server.permissions = Some(all_but(&[]));
    phone.pull(&mut server, 1);
    assert!(observation.take().unwrap().permissions && phone.store().may(Create::NAME));
    assert_eq!(phone.store().identity().roles, ["boss"]);
}

#[test]
fn queued_work_is_sent_although_it_is_forbidden_meanwhile() {
    let (phone, mut server) = ready(Some(all_but(&[])));
    let key = phone.queue(&create());
    server.permissions = Some(all_but(&[Create::NAME]));
    phone.pull(&mut server, 1);
    assert!(!phone.store().may(Create::NAME));
    assert_eq!(phone.store().queue().unwrap()[0].state, QueueState::Pending);
    phone.check();
    let batch = phone.store().next_batch(10, usize::MAX).unwrap();
    assert_eq!(batch.iter().map(|pushed| pushed.key).collect::<Vec<_>>(), [key]);
}

#[test]
fn a_refused_mutation_is_tried_again_at_the_server_whatever_is_told() {
    let (phone, mut server) = ready(Some(all_but(&[])));
    phone.queue(&create());
    let row = Task {
        id: Id::new(TASK),
        rev: 0,
        project_id: PROJECT.into(),
        title: "somebody else's".into(),
        state: "open".into(),
        points: 1,
        note: None,
    };
    server.write(RowKey::of(Id::<Task>::new(TASK)), Some(row.to_row()));
    phone.push(&mut server, 10);
    server.permissions = Some(all_but(&[Create::NAME]));
    phone.pull(&mut server, 1);
    let attention = phone.store().attention().unwrap();
    assert!(matches!(&attention[0].outcome, Outcome::Rejected(_)));
    let key = phone.store().retry(attention[0].entry.key).unwrap();
    assert_eq!(phone.store().next_batch(10, usize::MAX).unwrap()[0].key, key);
}

#[test]
fn a_pass_that_breaks_off_has_told_it_already() {
    let (mut phone, mut server) = ready(Some(all_but(&[])));
    for number in 0..50 {
        let id = Id::new(Uuid::from_u128(0x9000 + number));
        server.write(RowKey::of(id), Some(Catalog { id, rev: 0, name: "x".into(), price_cents: 1 }.to_row()));
    }
    server.page_rows = 20;
    server.permissions = Some(all_but(&[Create::NAME]));
    assert!(!phone.pull(&mut server, 1).unwrap().complete);
    phone.crash();
    assert!(!phone.store().may(Create::NAME));
    phone.pull(&mut server, 10);
    assert!(!phone.store().may(Create::NAME));
    phone.check();
}
