//! A small made-up trade, for tests of the sync engine that want much to happen between few rows: projects with tasks,
//! meters and an entry log, a catalog for everybody.

#![allow(missing_docs, clippy::unwrap_used, reason = "fixtures speak for themselves, and may panic as tests do")]

use std::collections::BTreeMap;

use satchel_protocol::{
    Cell, Ctx, Id, Load, Mutation, MutationKind, Record, Registry, Rejection, Row, RowKey, Stop, Table, Workspace,
    record,
    table::{ID, ORG_SCOPE},
    workspace::Range,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

record! {
    /// For everybody.
    pub struct Catalog in "catalog" {
        /// Name.
        pub name: String,
        /// Cents.
        pub price_cents: i64,
    }
    scope: ORG_SCOPE;
}

record! {
    /// A scope.
    pub struct Project in "project" {
        /// Title.
        pub title: String,
        /// Whether it is finished.
        pub done: bool,
        /// Sum of points when last counted.
        pub total: i32,
    }
    scope: "id";
}

record! {
    /// Part of a project.
    pub struct Task in "task" {
        /// The project.
        pub project_id: Id<Project>,
        /// Title.
        pub title: String,
        /// State.
        pub state: String,
        /// Points.
        pub points: i32,
        /// Maybe.
        pub note: Option<String>,
    }
    scope: "project_id";
    index BY_STATE = "task.by_state" on ["project_id", "state"];
    index BY_POINTS = "task.by_points" on ["project_id"] range "points";
}

record! {
    /// Append-only.
    pub struct Entry in "entry" {
        /// The project.
        pub project_id: Id<Project>,
        /// The task.
        pub task_id: Id<Task>,
        /// What.
        pub what: String,
    }
    scope: "project_id";
}

record! {
    /// Only ever counts up, so that what was done twice or not at all shows.
    pub struct Meter in "meter" {
        /// The project.
        pub project_id: Id<Project>,
        /// The sum of all units ever added.
        pub reading: i64,
    }
    scope: "project_id";
}

pub static REGISTRY: Registry = Registry {
    tables: &[Catalog::TABLE, Project::TABLE, Task::TABLE, Entry::TABLE, Meter::TABLE],
    mutations: &[
        MutationKind::of::<Create>(),
        MutationKind::of::<Rename>(),
        MutationKind::of::<Move>(),
        MutationKind::of::<Delete>(),
        MutationKind::of::<Finish>(),
        MutationKind::of::<Count>(),
        MutationKind::of::<Claim>(),
        MutationKind::of::<Audit>(),
        MutationKind::of::<Add>(),
    ],
    queries: &[],
    roles: &[],
    policies: &[],
};

macro_rules! mutation {
    ($name:ident, $path:literal, $output:ty, { $($field:ident: $type:ty),* }, $server_only:literal,
     |$this:ident, $ctx:ident, $work:ident| $body:block) => {
        #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
        pub struct $name { $(pub $field: $type,)* }
        impl Mutation for $name {
            const NAME: &'static str = $path;
            const SUMMARY: &'static str = "";
            const SERVER_ONLY: bool = $server_only;
            type Output = $output;
            fn roots(&self) -> Vec<RowKey> { Vec::new() }
            fn apply(&self, $ctx: &Ctx, $work: &mut Workspace) -> Result<$output, Stop> {
                let $this = self;
                $body
            }
        }
    };
}

mutation!(Create, "task/v1/create", (), { id: Uuid, project_id: Uuid, title: String, points: i32 }, false,
|this, _ctx, work| {
    let project = work.require::<Project>(this.project_id.into())?;
    if project.done {
        return Err(Rejection::conflict("project.done", "The project is finished.").into());
    }
    work.insert(&Task {
        id: this.id.into(), rev: 0, project_id: this.project_id.into(), title: this.title.clone(),
        state: "open".into(), points: this.points, note: None,
    })
});

mutation!(Rename, "task/v1/rename", (), { id: Uuid, title: String }, false, |this, _ctx, work| {
    let mut task = work.require::<Task>(this.id.into())?;
    task.title = this.title.clone();
    work.update(&task)
});

mutation!(Move, "task/v1/move", String, { id: Uuid, state: String }, false, |this, _ctx, work| {
    let mut task = work.require::<Task>(this.id.into())?;
    if task.state == this.state {
        return Err(Rejection::conflict("task.there", "It is there already.").into());
    }
    let before = std::mem::replace(&mut task.state, this.state.clone());
    work.update(&task)?;
    Ok(before)
});

mutation!(Delete, "task/v1/delete", (), { id: Uuid }, false, |this, _ctx, work| { work.delete::<Task>(this.id.into()) });

mutation!(Finish, "project/v1/finish", (), { id: Uuid, done: bool }, false, |this, _ctx, work| {
    let mut project = work.require::<Project>(this.id.into())?;
    let open = work.find::<Task>(Task::BY_STATE, vec![this.id.into(), "open".into()])?;
    if this.done && !open.is_empty() {
        return Err(Rejection::conflict("project.tasks_open", "Tasks are open.").into());
    }
    project.done = this.done;
    work.update(&project)
});

mutation!(Count, "project/v1/count", i32, { id: Uuid }, false, |this, _ctx, work| {
    let mut project = work.require::<Project>(this.id.into())?;
    let range = Range { from: Cell::Integer(0), until: Cell::Integer(5) };
    let low = work.find_in::<Task>(Task::BY_POINTS, vec![this.id.into()], Some(range))?;
    project.total = low.iter().map(|task| task.points).sum();
    work.update(&project)?;
    Ok(project.total)
});

mutation!(Claim, "task/v1/claim", Option<Uuid>, { project_id: Uuid, from: String, to: String }, false,
|this, ctx, work| {
    let tasks = work.find::<Task>(Task::BY_STATE, vec![this.project_id.into(), Cell::from(this.from.as_str())])?;
    let Some(mut task) = tasks.into_iter().next() else { return Ok(None) };
    task.state = this.to.clone();
    work.update(&task)?;
    work.insert(&Entry {
        id: ctx.derive_id("entry"), rev: 0, project_id: this.project_id.into(), task_id: task.id,
        what: format!("{} to {}", this.from, this.to),
    })?;
    Ok(Some(task.id.uuid()))
});

mutation!(Audit, "project/v1/audit", (), { id: Uuid }, true, |this, _ctx, work| {
    let mut project = work.require::<Project>(this.id.into())?;
    project.title.push('!');
    work.update(&project)
});

mutation!(Add, "meter/v1/add", i64, { id: Uuid, units: i64 }, false, |this, _ctx, work| {
    let mut meter = work.require::<Meter>(this.id.into())?;
    meter.reading += this.units;
    work.update(&meter)?;
    Ok(meter.reading)
});

/// Rows in memory.
pub type Rows = BTreeMap<RowKey, Row>;

/// Answers a rule's need from rows in memory.
pub fn supply(rows: &Rows, work: &mut Workspace, load: Load) {
    match load {
        Load::Row(key) => work.load_row(key, rows.get(&key).cloned()),
        Load::Index(read) => {
            let index = REGISTRY.index(read.index).unwrap();
            let table = REGISTRY.table(index.table).unwrap();
            let found = rows.iter().filter(|(key, row)| key.table == table.name && read.matches(index, table, row));
            let found = found.map(|(_, row)| row.clone()).collect();
            work.load_index(read, table, found);
        }
    }
}

/// The key of a row.
pub fn key_of(table: &'static Table, row: &Row) -> RowKey {
    RowKey { table: table.name, id: row[ID].as_uuid().unwrap() }
}

/// What the rules make of `rows`, run one after the other: the rows then, and what each refused.
pub fn run_on_top<'a>(
    rows: &Rows,
    mutations: impl Iterator<Item = (&'a str, &'a str, Ctx)>,
) -> (Rows, Vec<Option<Rejection>>) {
    let mut work = Workspace::new();
    let mut refusals = Vec::new();
    for (name, args, ctx) in mutations {
        let mutation = (REGISTRY.mutation(name).unwrap().decode)(args).unwrap();
        // Everything is loaded, so that an insert sees a row that is there.
        rows.iter().for_each(|(key, row)| work.load_row(*key, Some(row.clone())));
        refusals.push(loop {
            match work.run(mutation.as_ref(), &ctx) {
                Ok(run) => break run.result.err(),
                Err(Stop::Need(load)) => supply(rows, &mut work, load),
                Err(stop) => panic!("{stop:?}"),
            }
        });
    }
    let mut after = rows.clone();
    for (key, dirty) in work.dirty() {
        match &dirty.image {
            Some(row) => after.insert(*key, row.clone()),
            None => after.remove(key),
        };
    }
    (after, refusals)
}
