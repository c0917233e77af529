//! A server in memory: its decisions are the real ones (what a cursor is good for, what a pull fills, what a batch's
//! order allows, the rules themselves), its database is a model of Postgres as far as sync can tell.
//!
//! Invariants of the model:
//! - Everything a phone sends arrives as text and is decoded by the real decoders; everything it gets is text again.
//! - A transaction takes its number when it begins and shows all of its work when it commits, in any order among others;
//!   a crash loses those under way and gives their numbers out again.
//! - A backup holds what was committed. A restored database has no feed, and is another history.

mod disk;
mod pull;
mod push;
mod session;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use satchel_protocol::{ErrorBody, ErrorCode, Retry, RowKey};
use satchel_server::feed::{Snapshot, cursor::History};
use serde_json::json;
use uuid::Uuid;

pub use disk::{Disk, Member};
pub use session::Said;

use crate::act::Edit;

/// The organization.
pub const ORG: Uuid = Uuid::from_u128(0x0a);
/// Who sees everything.
pub const OFFICE: Uuid = Uuid::from_u128(0x0f);

/// A mistake a server could make. Each breaks a promise; the simulator must find each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// A mutation runs again when it is sent again (P2).
    LedgerSkipped,
    /// A push is answered before it is committed (P1).
    AnsweredBeforeCommit,
    /// A cursor is the highest number seen, not a snapshot (P7).
    CursorBySequence,
    /// A cursor from before a crash is gone on with (P7).
    RestartIgnored,
    /// Writers that signal nobody are never looked for (P5).
    WakeLost,
    /// Scopes are never left (P6).
    LeaveForgotten,
    /// Rows the feed names are sent whoever may see them (P6).
    RowsUnfiltered,
    /// A restored database passes for the same history, and what it lacks is not asked for again (P1).
    RestoreIgnored,
}

/// A session's proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Whose.
    pub user_id: Uuid,
    /// Which session.
    pub session: u64,
    /// Until when, on the world's clock in milliseconds.
    pub expires_ms: u64,
}

/// A transaction that has its number and is not committed.
#[derive(Clone, Debug)]
enum Running {
    /// A batch, and on which connection to answer.
    Push { user_id: Uuid, text: String, link: Option<u64>, answered: bool },
    /// Rows written by hand; whoever does so signals nobody.
    Edit { edit: Edit, mark: u64 },
}

/// See the module.
pub struct Server {
    /// What is committed.
    pub disk: Disk,
    /// Rows in one page.
    pub page_rows: usize,
    /// Whether anybody answers.
    pub up: bool,
    /// The next page that fills loses a row: a fault of routing, which a manifest has to find.
    pub withhold: bool,
    /// Rows that were sent to somebody who may not see them.
    pub leaks: Vec<String>,
    bug: Option<Bug>,
    backup: Option<Disk>,
    running: BTreeMap<u64, Running>,
    next_xid: u64,
    ended_through: u64,
    identity: u64,
    started: u64,
    sessions: BTreeMap<u64, session::Session>,
    dispatches: u64,
    /// Scopes that changed without anybody being told.
    unheard: BTreeSet<Uuid>,
    over: HashSet<u64>,
    /// Every image anybody was ever allowed to see: user, row, revision.
    shown: HashSet<(Uuid, RowKey, i64)>,
}

impl Server {
    /// A server with its first rows and members.
    pub fn new(users: &[Uuid], page_rows: usize, bug: Option<Bug>) -> Self {
        let mut server = Self {
            disk: Disk::default(),
            page_rows,
            up: true,
            withhold: false,
            leaks: Vec::new(),
            bug,
            backup: None,
            running: BTreeMap::new(),
            next_xid: 10,
            ended_through: 9,
            identity: 1,
            started: 1,
            sessions: BTreeMap::new(),
            dispatches: 0,
            unheard: BTreeSet::new(),
            over: HashSet::new(),
            shown: HashSet::new(),
        };
        let all: BTreeSet<Uuid> = (0..crate::act::PROJECTS).map(crate::act::project_id).collect();
        for user in users.iter().chain([&OFFICE]) {
            server.disk.members.insert(*user, Member::new(all.clone()));
        }
        let xid = server.begin();
        for (key, row) in crate::act::seeds() {
            server.disk.write(xid, key, Some(row));
        }
        server.end(xid);
        server.note_shown();
        server
    }

    /// Whether a bug is planted here.
    fn planted(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    fn begin(&mut self) -> u64 {
        self.next_xid += 1;
        self.next_xid - 1
    }

    fn end(&mut self, xid: u64) {
        self.running.remove(&xid);
        self.ended_through = self.ended_through.max(xid);
    }

    /// What a transaction beginning now sees.
    fn snapshot(&self) -> Snapshot {
        let xmax = self.ended_through + 1;
        let running: Vec<u64> = self.running.keys().copied().filter(|xid| *xid < xmax).collect();
        Snapshot { xmin: running.first().copied().unwrap_or(xmax), xmax, running }
    }

    fn history(&self) -> History {
        History { identity: self.identity, started: self.started }
    }

    /// Begins to write a row by hand; [`commit`](Self::commit) or [`abort`](Self::abort) ends it.
    pub fn begin_edit(&mut self, edit: Edit, mark: u64) -> u64 {
        let xid = self.begin();
        self.running.insert(xid, Running::Edit { edit, mark });
        xid
    }

    /// Gives a transaction up.
    pub fn abort(&mut self, xid: u64) {
        if self.running.contains_key(&xid) {
            self.end(xid);
        }
    }

    /// Commits a transaction, if it is still there. What is to be said to whom is returned.
    pub fn commit(&mut self, xid: u64) -> Option<Said> {
        let running = self.running.get(&xid)?.clone();
        let before = self.disk.feed.len();
        let said = match running {
            Running::Push { user_id, text, link, answered } => {
                let answer = self.push(xid, user_id, &text);
                let said = link.filter(|_| !answered).map(|link| self.answer(link, answer));
                self.wake_changed(before);
                said
            }
            Running::Edit { edit, mark } => {
                let (key, row) = edit.row(|key| self.disk.rows.get(&key).cloned(), mark);
                self.disk.write(xid, key, row);
                self.unheard.extend(self.disk.feed[before..].iter().map(|change| change.scope));
                None
            }
        };
        self.end(xid);
        self.note_shown();
        said
    }

    /// The office does something by RPC, at once.
    pub fn office(&mut self, name: &str, args: &str, key: Uuid) {
        if !self.up {
            return;
        }
        let xid = self.begin();
        let before = self.disk.feed.len();
        self.single(xid, name, args, key);
        self.wake_changed(before);
        self.end(xid);
        self.note_shown();
    }

    /// The hub looks at the feed for what nobody signalled.
    pub fn poll(&mut self) {
        let scopes = std::mem::take(&mut self.unheard);
        if !self.planted(Bug::WakeLost) {
            self.wake(&scopes);
        }
    }

    /// Gives a project to a user, or takes it.
    pub fn assign(&mut self, user: Uuid, project: Uuid, on: bool) {
        let xid = self.begin();
        let before = self.disk.feed.len();
        let Some(member) = self.disk.members.get_mut(&user) else { return };
        if on {
            member.projects.insert(project);
        } else {
            member.projects.remove(&project);
        }
        // Tables that decide membership also write into the scope of whom it concerns.
        self.disk.touch(xid, user);
        self.wake_changed(before);
        self.end(xid);
        self.note_shown();
    }

    /// Changes what a user may see without any row having changed.
    pub fn change_rights(&mut self, user: Uuid) {
        if let Some(member) = self.disk.members.get_mut(&user) {
            member.sees_catalog = !member.sees_catalog;
            member.rights += 1;
        }
        let scopes = BTreeSet::from([user]);
        self.wake(&scopes);
        self.note_shown();
    }

    /// Ends a membership, or gives it back.
    pub fn set_active(&mut self, user: Uuid, active: bool) {
        if let Some(member) = self.disk.members.get_mut(&user) {
            member.active = active;
            member.rights += 1;
        }
        let scopes = BTreeSet::from([user]);
        self.wake(&scopes);
        self.note_shown();
    }

    /// Takes a session back.
    pub fn end_session(&mut self, session: u64) {
        self.over.insert(session);
    }

    /// Whether a session may get another token.
    pub fn session_lives(&self, token: &Token) -> Result<(), ErrorBody> {
        if self.over.contains(&token.session) {
            return Err(refusal(ErrorCode::Unauthorized, "This session was ended.", Some("session_revoked")));
        }
        Ok(())
    }

    /// Whether the bearer of a token is let in.
    pub fn admit(&self, token: &Token, now_ms: u64) -> Result<(), ErrorBody> {
        self.session_lives(token)?;
        if token.expires_ms <= now_ms {
            return Err(refusal(ErrorCode::Unauthorized, "The access token has expired.", None));
        }
        self.is_member(token.user_id)
    }

    fn is_member(&self, user: Uuid) -> Result<(), ErrorBody> {
        if self.disk.members.get(&user).is_some_and(|member| member.active) {
            return Ok(());
        }
        Err(refusal(ErrorCode::Forbidden, "You are no longer a member.", Some("membership_ended")))
    }

    /// Drops everything that was not committed, as `kill -9` of the postmaster does.
    pub fn crash(&mut self) -> Vec<u64> {
        self.up = false;
        self.running.clear();
        // Numbers of work that never reached the disk are given out again.
        self.next_xid = self.disk.last_xid + 1;
        self.ended_through = self.disk.last_xid;
        self.started += 1;
        self.unheard.clear();
        std::mem::take(&mut self.sessions).into_keys().collect()
    }

    /// Answers again.
    pub fn start(&mut self) {
        self.up = true;
    }

    /// Keeps a copy.
    pub fn back_up(&mut self) {
        self.backup = Some(self.disk.clone());
    }

    /// Goes back to the copy, if there is one. The connections that are lost are returned; then it is down.
    pub fn restore(&mut self) -> Option<Vec<u64>> {
        let backup = self.backup.clone()?;
        let (last_xid, now_ms) = (self.disk.last_xid, self.disk.now_ms);
        self.disk = backup;
        self.disk.now_ms = now_ms;
        self.disk.feed.clear();
        self.disk.last_xid = self.disk.last_xid.max(if self.planted(Bug::RestoreIgnored) { last_xid } else { 0 });
        self.disk.floor = 0;
        let lost = self.crash();
        if self.planted(Bug::RestoreIgnored) {
            self.started -= 1;
        } else {
            self.identity += 1;
        }
        self.note_shown();
        Some(lost)
    }

    /// Forgets the feed as far as nobody who is running needs it.
    pub fn trim_feed(&mut self) {
        let floor = self.snapshot().xmin;
        self.disk.feed.retain(|change| change.xid >= floor);
        self.disk.floor = floor;
    }

    /// Whether an image was ever allowed to be seen by a user.
    pub fn was_shown(&self, user: Uuid, key: RowKey, rev: i64) -> bool {
        self.shown.contains(&(user, key, rev))
    }

    fn note_shown(&mut self) {
        for user in self.disk.members.keys() {
            for (key, row) in &self.disk.rows {
                if self.disk.sees(*user, *key, row) {
                    let rev = row[satchel_protocol::table::REV].as_integer().unwrap_or_default();
                    self.shown.insert((*user, *key, rev));
                }
            }
        }
    }

    /// Whether transactions are under way.
    pub fn is_busy(&self) -> bool {
        !self.running.is_empty() || !self.unheard.is_empty()
    }

    /// Their numbers.
    pub fn under_way(&self) -> Vec<u64> {
        self.running.keys().copied().collect()
    }
}

fn refusal(code: ErrorCode, message: &str, reason: Option<&str>) -> ErrorBody {
    let retry: Retry = code.retry();
    ErrorBody {
        code,
        message: message.to_owned(),
        trace_id: String::new(),
        details: json!({ "retry": retry, "reason": reason }),
    }
}
