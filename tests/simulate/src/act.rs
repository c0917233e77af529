//! What people do: a tap of a technician, a word of the office, a row written by hand.

use satchel_protocol::{Id, Mutation, Record as _, Row, RowKey};
use satchel_trade::{Add, Audit, Claim, Count, Create, Delete, Finish, Meter, Move, Project, Rename, Task};
use uuid::Uuid;

/// Projects of every history; each has one meter.
pub const PROJECTS: u8 = 3;
/// Tasks that may exist at once.
pub const TASKS: u8 = 6;
const STATES: [&str; 3] = ["open", "busy", "shut"];

/// A mutation before it has a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Makes a task.
    Create {
        /// Which.
        task: u8,
        /// Where.
        project: u8,
    },
    /// Gives a task another title.
    Rename {
        /// Which.
        task: u8,
    },
    /// Puts a task in a state.
    Move {
        /// Which.
        task: u8,
        /// The state's place among all.
        state: u8,
    },
    /// Removes a task.
    Delete {
        /// Which.
        task: u8,
    },
    /// Finishes a project, or takes that back.
    Finish {
        /// Which.
        project: u8,
        /// Whether it is finished.
        done: bool,
    },
    /// Adds up a project's points.
    Count {
        /// Which.
        project: u8,
    },
    /// Takes the first task in a state.
    Claim {
        /// Of which project.
        project: u8,
        /// From which state.
        from: u8,
        /// To which.
        to: u8,
    },
    /// A rule that only the server runs.
    Audit {
        /// Of which project.
        project: u8,
    },
    /// Counts a meter up: what happens twice, or not at all, shows.
    Add {
        /// Of which project.
        project: u8,
        /// By how much.
        units: u8,
    },
}

/// The id of a project.
pub fn project_id(project: u8) -> Uuid {
    Uuid::from_u128(0x1000 + u128::from(project))
}

/// The id of a task.
pub fn task_id(task: u8) -> Uuid {
    Uuid::from_u128(0x2000 + u128::from(task))
}

/// The id of a project's meter.
pub fn meter_id(project: u8) -> Uuid {
    Uuid::from_u128(0x4000 + u128::from(project))
}

impl Act {
    /// Name and arguments. `mark` tells one title from another.
    pub fn call(self, mark: u64) -> (&'static str, String) {
        fn text<M: Mutation>(mutation: &M) -> (&'static str, String) {
            (M::NAME, serde_json::to_string(mutation).expect("arguments are JSON"))
        }
        let state = |state: u8| STATES[usize::from(state) % STATES.len()].to_owned();
        match self {
            Self::Create { task, project } => text(&Create {
                id: task_id(task),
                project_id: project_id(project),
                title: format!("made {mark}"),
                points: i32::from(task),
            }),
            Self::Rename { task } => text(&Rename { id: task_id(task), title: format!("renamed {mark}") }),
            Self::Move { task, state: to } => text(&Move { id: task_id(task), state: state(to) }),
            Self::Delete { task } => text(&Delete { id: task_id(task) }),
            Self::Finish { project, done } => text(&Finish { id: project_id(project), done }),
            Self::Count { project } => text(&Count { id: project_id(project) }),
            Self::Claim { project, from, to } => {
                text(&Claim { project_id: project_id(project), from: state(from), to: state(to) })
            }
            Self::Audit { project } => text(&Audit { id: project_id(project) }),
            Self::Add { project, units } => text(&Add { id: meter_id(project), units: units.into() }),
        }
    }
}

/// A row written by somebody who knows no rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Puts a task, wherever it was.
    Put {
        /// Which.
        task: u8,
        /// Where.
        project: u8,
    },
    /// Removes a task.
    Remove {
        /// Which.
        task: u8,
    },
    /// Writes a project's title.
    Title {
        /// Which.
        project: u8,
    },
}

impl Edit {
    /// The row it writes, given what is there.
    pub fn row(self, before: impl Fn(RowKey) -> Option<Row>, mark: u64) -> (RowKey, Option<Row>) {
        match self {
            Self::Put { task, project } => {
                let id = Id::<Task>::new(task_id(task));
                let row = Task {
                    id,
                    rev: 0,
                    project_id: project_id(project).into(),
                    title: format!("row {mark}"),
                    state: STATES[(mark % 3) as usize].into(),
                    points: i32::from(task),
                    note: Some("by hand".into()),
                };
                (RowKey::of(id), Some(row.to_row()))
            }
            Self::Remove { task } => (RowKey::of(Id::<Task>::new(task_id(task))), None),
            Self::Title { project } => {
                let key = RowKey::of(Id::<Project>::new(project_id(project)));
                let row = before(key).map(|row| {
                    let project = Project::from_row(&row).expect("a project");
                    Project { title: format!("title {mark}"), ..project }.to_row()
                });
                (key, row)
            }
        }
    }
}

/// The rows every history begins with.
pub fn seeds() -> Vec<(RowKey, Row)> {
    let mut rows = Vec::new();
    for number in 0..PROJECTS {
        let id = Id::<Project>::new(project_id(number));
        let project = Project { id, rev: 0, title: format!("project {number}"), done: false, total: 0 };
        rows.push((RowKey::of(id), project.to_row()));
        let id = Id::<Meter>::new(meter_id(number));
        rows.push((RowKey::of(id), Meter { id, rev: 0, project_id: project_id(number).into(), reading: 0 }.to_row()));
    }
    for item in 0..4 {
        let id = Id::<satchel_trade::Catalog>::new(Uuid::from_u128(0x3000 + item));
        let row = satchel_trade::Catalog { id, rev: 0, name: format!("item {item}"), price_cents: 1 << 40 };
        rows.push((RowKey::of(id), row.to_row()));
    }
    rows
}
