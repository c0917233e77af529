//! What a mutation sees, and what it leaves behind.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use satchel_protocol::{
    AnyMutation, Cell, Ctx, Id, Record, Rejection, RowKey, Stop, Workspace,
    context::Side,
    record,
    workspace::{IndexRead, Load},
};
use uuid::Uuid;

record! {
    /// A sheet on a wall.
    pub struct Poster in "poster" {
        /// The wall.
        pub wall_id: Uuid,
        /// The words.
        pub title: String,
    }
    scope: "wall_id";
    index BY_WALL = "poster.by_wall" on ["wall_id"];
}

type Rule = fn(&mut Workspace) -> Result<serde_json::Value, Stop>;

struct Closure(Rule);
impl AnyMutation for Closure {
    fn roots(&self) -> Vec<RowKey> {
        Vec::new()
    }
    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<serde_json::Value, Stop> {
        (self.0)(work)
    }
}

const WALL: Uuid = Uuid::from_u128(1);

fn poster(number: u128, title: &str) -> Poster {
    Poster { id: Id::new(Uuid::from_u128(number)), rev: 5, wall_id: WALL, title: title.to_owned() }
}

fn ctx() -> Ctx {
    Ctx {
        org_id: Uuid::nil(),
        user_id: Uuid::nil(),
        technician_id: None,
        roles: vec![],
        key: Uuid::now_v7(),
        occurred_at: jiff::Timestamp::UNIX_EPOCH,
        device_clock: None,
        side: Side::Server,
    }
}

fn run(work: &mut Workspace, rule: Rule) -> Result<satchel_protocol::workspace::Run, Stop> {
    work.run(&Closure(rule), &ctx())
}

fn titles(work: &mut Workspace) -> Result<serde_json::Value, Stop> {
    let posters: Vec<Poster> = work.find(Poster::BY_WALL, vec![WALL.into()])?;
    Ok(posters.iter().map(|poster| poster.title.clone()).collect())
}

fn read() -> IndexRead {
    IndexRead { index: Poster::BY_WALL.name, key: vec![WALL.into()], range: None }
}

#[test]
fn what_is_not_loaded_is_asked_for() {
    let mut work = Workspace::new();
    let stop = run(&mut work, |work| work.require(poster(1, "").id).map(|_| ().into())).unwrap_err();
    assert_eq!(stop, Stop::Need(Load::Row(RowKey::of(poster(1, "").id))));
    assert_eq!(run(&mut work, titles).unwrap_err(), Stop::Need(Load::Index(read())));
}

#[test]
fn an_index_read_reflects_earlier_writes_and_moves() {
    let mut work = Workspace::new();
    work.load_index(read(), Poster::TABLE, vec![poster(1, "one").to_row(), poster(2, "two").to_row()]);
    run(&mut work, |work| {
        work.insert(&poster(3, "three"))?;
        work.update(&Poster { wall_id: Uuid::from_u128(9), ..poster(1, "moved") })?;
        work.delete(poster(2, "").id)?;
        Ok(().into())
    })
    .unwrap();
    let run = run(&mut work, titles).unwrap();
    assert_eq!(run.result.unwrap(), serde_json::json!(["three"]));
    assert!(run.footprint.reads.contains(&Load::Index(read())));
}

#[test]
fn a_refused_mutation_leaves_no_trace() {
    let mut work = Workspace::new();
    let run = run(&mut work, |work| {
        work.insert(&poster(1, "one"))?;
        Err(Rejection::conflict("poster.full", "No room.").into())
    })
    .unwrap();
    assert!(run.result.is_err());
    assert!(work.dirty().is_empty() && run.footprint.writes.is_empty());
}

#[test]
fn a_row_created_and_changed_is_still_one_insert() {
    let mut work = Workspace::new();
    run(&mut work, |work| work.insert(&poster(1, "one")).map(|()| ().into())).unwrap();
    run(&mut work, |work| work.update(&poster(1, "two")).map(|()| ().into())).unwrap();
    let dirty = &work.dirty()[&RowKey::of(poster(1, "").id)];
    assert!(dirty.inserted);
    assert_eq!(dirty.image.as_ref().unwrap()[3], Cell::from("two"));
    let again = run(&mut work, |work| work.insert(&poster(1, "again")).map(|()| ().into())).unwrap();
    assert_eq!(again.result.unwrap_err().reason, "poster.exists");
}

#[test]
fn what_stands_in_a_row_survives_the_wire() {
    let row = poster(1, "é \u{202e} \"x\"").to_row();
    let wire = serde_json::to_string(&Poster::TABLE.encode_row(&row)).unwrap();
    assert!(wire.contains("\"5\""), "64-bit integers travel as text: {wire}");
    let decoded = Poster::TABLE.decode_row(serde_json::from_str(&wire).unwrap()).unwrap();
    assert_eq!(decoded, row);
    let error = Poster::TABLE.decode_row(vec![Cell::Integer(1)]).unwrap_err();
    assert_eq!(error.to_string(), "poster.id: expected Id");
}
