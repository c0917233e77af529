//! Reading and observing.

use satchel_client::{
    StoreError,
    store::{Changes, OBSERVED_IDS, RowSet},
};
use satchel_protocol::{Cell, Id, Record, RowKey, workspace::Range};
use uuid::Uuid;

use crate::{
    phone::{Phone, server},
    server::Server,
    trade::*,
};

const PROJECT: Uuid = Uuid::from_u128(0x1000);

fn ready(tasks: u128) -> (Phone, Server) {
    let mut server = server();
    let id = Id::new(PROJECT);
    let row = Project { id, rev: 0, title: "p".into(), done: true, total: 0 };
    server.write(RowKey::of(id), Some(row.to_row()));
    server.visible.insert(PROJECT);
    for number in 0..tasks {
        let id = Id::new(task(number));
        let (title, state) = (format!("t{number}"), if number % 2 == 0 { "open" } else { "busy" });
        let (project_id, points) = (PROJECT.into(), number as i32);
        let row = Task { id, rev: 0, project_id, title, state: state.into(), points, note: None };
        server.write(RowKey::of(id), Some(row.to_row()));
    }
    let phone = Phone::new();
    phone.sync(&mut server);
    (phone, server)
}

fn task(number: u128) -> Uuid {
    Uuid::from_u128(0x2000 + number)
}

#[test]
fn a_reader_answers_typed_and_raw() {
    let (phone, _) = ready(6);
    let reader = phone.store().reader().unwrap();
    assert!(reader.get::<Project>(PROJECT.into()).unwrap().unwrap().done);
    assert!(reader.get::<Project>(task(1).into()).unwrap().is_none());
    let titles = |tasks: Vec<Task>| tasks.into_iter().map(|task| task.title).collect::<Vec<_>>().join(" ");
    let open = reader.find::<Task>(Task::BY_STATE, &[PROJECT.into(), "open".into()]).unwrap();
    assert_eq!(titles(open), "t0 t2 t4");
    let range = Range { from: Cell::Integer(2), until: Cell::Integer(4) };
    assert_eq!(titles(reader.find_in(Task::BY_POINTS, &[PROJECT.into()], &range).unwrap()), "t2 t3");
    assert_eq!(reader.all::<Task>().unwrap().len(), 6);
    let few = reader.select::<Task>("points > ?1 order by points desc limit 2", &[Cell::Integer(1)]).unwrap();
    assert_eq!(titles(few), "t5 t4");
    let sums = reader.sql("select state, sum(points) from task group by state order by state", &[]).unwrap();
    assert_eq!(sums[0], ["busy".into(), Cell::Integer(9)]);
    for wrong in ["select nonsense", "delete from task", "pragma journal_mode = delete", "select * from task; select 1"]
    {
        assert!(matches!(reader.sql(wrong, &[]), Err(StoreError::Query { .. })), "{wrong}");
    }
    assert_eq!(reader.all::<Task>().unwrap().len(), 6);
}

#[test]
fn an_observer_hears_the_net_difference_after_commit() {
    let (phone, mut server) = ready(2);
    let tasks = phone.store().observe(&[Task::TABLE]);
    let all = phone.store().observe(&[]);
    assert_eq!(tasks.take(), None);
    phone.queue(&Rename { id: task(0), title: "a".into() });
    phone.queue(&Rename { id: task(0), title: "b".into() });
    phone.queue(&Finish { id: PROJECT, done: false });
    let changes = tasks.take().unwrap();
    assert_eq!(changes.tables.keys().copied().collect::<Vec<_>>(), ["task"]);
    assert_eq!(changes.tables["task"], RowSet::Ids([task(0)].into()));
    assert!(changes.queue && !changes.status);
    assert_eq!(all.take().unwrap().tables.len(), 2);
    assert_eq!(tasks.take(), None);
    // Verdicts change no rows; the delta changes revisions.
    phone.push(&mut server, 10);
    assert_eq!(tasks.take(), Some(Changes { queue: true, ..Changes::default() }));
    phone.pull(&mut server, 1);
    assert_eq!(tasks.take().unwrap().tables["task"], RowSet::Ids([task(0)].into()));
}

#[test]
fn many_changed_rows_are_told_as_many() {
    let (phone, mut server) = ready(0);
    let observation = phone.store().observe(&[Catalog::TABLE]);
    for item in 0..=OBSERVED_IDS {
        let id = Id::new(Uuid::from_u128(0x90000 + item as u128));
        server.write(RowKey::of(id), Some(Catalog { id, rev: 0, name: "x".into(), price_cents: 1 }.to_row()));
    }
    phone.pull(&mut server, 1);
    assert_eq!(observation.take().unwrap().tables["catalog"], RowSet::Many);
}

#[tokio::test]
async fn waiting_for_changes_ends_with_one() {
    let (phone, _) = ready(1);
    let observation = phone.store().observe(&[]);
    let waiting = tokio::spawn(async move { observation.changed().await });
    phone.queue(&Rename { id: task(0), title: "a".into() });
    assert!(waiting.await.unwrap().tables.contains_key("task"));
}
