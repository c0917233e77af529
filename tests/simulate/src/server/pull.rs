//! Pages: what a pass sends is decided by the real `pull::plan`, marked by the real tokens and cursors, and spelled by
//! the real `PageWriter`; only where rows are read from is a model. Follows `server/src/pull/pass.rs`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use satchel_protocol::{
    Row, RowKey,
    checksum::{Checksum, scopes_digest},
    table::REV,
    wire::{PullRequest, Resume, TableFill, Verdict},
};
use satchel_server::{
    error::{ApiError, check_protocol},
    feed::{
        Cursor, ScopeKinds, Snapshot,
        cursor::digest_from_text,
        head::{Head, LastPushed},
        totals::{Total, per_table},
    },
    pull::{
        Basis, Next, Standing,
        page::{Closing, Opening, PageWriter},
        plan::{self, Stale},
        token::{Part, Position, Token},
    },
};
use satchel_trade::REGISTRY;
use uuid::Uuid;

use super::{Bug, Server, disk::scope};

/// A pass while one of its pages is made.
#[derive(Clone)]
struct Pass {
    since: Option<Snapshot>,
    target: Cursor,
    last: LastPushed,
    opening: Option<Opening>,
    fill: Vec<TableFill>,
    scopes: Vec<Uuid>,
    in_sight: Vec<Uuid>,
    torn: bool,
    position: Option<Position>,
    now: Option<(Snapshot, LastPushed)>,
}

impl Server {
    fn head(&self, user: Uuid, device_id: Uuid) -> Head {
        Head {
            history: self.history(),
            snapshot: self.snapshot(),
            trimmed: self.disk.floor,
            scopes: self.disk.scopes(user),
            kinds: ScopeKinds::default(),
            wakes: vec![user],
            settled: false,
            wipe: None,
            last: self.disk.devices.get(&device_id).copied().unwrap_or_default(),
        }
    }

    /// One page, as text, and what comes after it.
    pub(super) fn page(&mut self, user: Uuid, request: &PullRequest) -> Result<(String, Next), ApiError> {
        check_protocol(request.protocol)?;
        let mut pass = match &request.resume {
            Some(resume) => self.go_on(user, request.device_id, resume)?,
            None => self.open(user, request)?,
        };
        let mut writer = PageWriter::new(pass.opening.as_ref());
        if let Some(place) = request.place() {
            writer.follows(place);
        }
        let mut room = self.page_rows;
        if let Some(position) = self.write_page(user, &pass, &mut room, &mut writer) {
            let Pass { since, target, last, torn, fill, scopes, .. } = pass;
            let token = Token { since, target, last, torn, position }.encode();
            let json = writer.resume(&token);
            return Ok((json, Next::More(Resume { token, fill, scopes })));
        }
        let whole =
            pass.opening.is_some() || (request.manifest && self.catch_up(user, &mut pass, &mut room, &mut writer));
        let manifest =
            (request.manifest && whole).then(|| per_table(&self.totals(user, &pass.scopes), REGISTRY.tables));
        let (verdicts, through) = self.verdicts(request.device_id, request.verdicts_through);
        let mut target = pass.target.clone();
        if pass.torn {
            target.scopes = target.scopes.map(|byte| !byte);
        }
        let cursor = target.encode();
        let closing = Closing { cursor: cursor.clone(), last_seq: pass.last.seq, last_key: pass.last.key, manifest };
        let basis = if pass.opening.is_some() { Basis::Computed } else { Basis::Claimed };
        let standing = Standing {
            kinds: ScopeKinds::default(),
            basis,
            cursor,
            scopes: pass.scopes.into(),
            wakes: vec![user].into(),
            verdicts_through: through.unwrap_or(request.verdicts_through),
            verdicts_left: false,
        };
        Ok((writer.close(&closing, &verdicts, ""), Next::Done(standing)))
    }

    fn open(&self, user: Uuid, request: &PullRequest) -> Result<Pass, ApiError> {
        let cursor = request.cursor.as_ref().map(Cursor::decode).transpose();
        let cursor = cursor.map_err(|malformed| ApiError::bad_request(format!("cursor: {malformed}.")))?;
        let head = self.head(user, request.device_id);
        let fingerprint = self.disk.members.get(&user).map_or(0, |member| member.rights);
        if let Some(mut cursor) = cursor.clone() {
            if self.planted(Bug::RestartIgnored) {
                cursor.history.started = head.history.started;
                cursor.snapshot.xmax = cursor.snapshot.xmax.min(head.snapshot.xmax);
            }
            plan::check(&cursor, &head, fingerprint, &request.held)?;
        }
        let mut change = plan::scope_change(&request.held, &head.scopes)?;
        if self.planted(Bug::LeaveForgotten) {
            change.leave.clear();
        }
        let (fill, rows_total) = if cursor.is_none() {
            let (fill, rows) = plan::fill(&REGISTRY, request, &head.scopes, &self.totals(user, &head.scopes));
            (fill, Some(rows))
        } else if change.enter.is_empty() {
            (Vec::new(), None)
        } else {
            let totals = self.totals(user, &change.enter);
            let (fill, rows) = plan::fill(&REGISTRY, &PullRequest::default(), &change.enter, &totals);
            (fill, Some(rows))
        };
        let digest = digest_from_text(&scopes_digest(head.scopes.iter().copied())).expect("a digest");
        Ok(Pass {
            since: cursor.map(|cursor| cursor.snapshot),
            target: Cursor { history: head.history, snapshot: head.snapshot, fingerprint, scopes: digest },
            last: head.last,
            opening: Some(Opening { enter: change.enter, leave: change.leave, fill: fill.clone(), rows_total }),
            fill,
            in_sight: head.scopes.clone(),
            scopes: head.scopes,
            torn: false,
            position: None,
            now: None,
        })
    }

    fn go_on(&self, user: Uuid, device_id: Uuid, resume: &Resume) -> Result<Pass, ApiError> {
        let token = Token::decode(&resume.token);
        let token = token.map_err(|malformed| ApiError::bad_request(format!("resume.token: {malformed}.")))?;
        if REGISTRY.table(&token.position.table).is_none() || resume.fill.len() > REGISTRY.tables.len() {
            return Err(ApiError::bad_request("resume.token: not a mark this server made."));
        }
        let mut scopes = resume.scopes.clone();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes_digest(scopes.iter().copied()) != token.target.scopes_text() {
            return Err(ApiError::bad_request("resume.scopes are not those of the pass that resume.token belongs to."));
        }
        let head = self.head(user, device_id);
        let stale = if token.target.history.identity != head.history.identity {
            Some(Stale::History)
        } else if self.planted(Bug::RestartIgnored) {
            None
        } else if token.target.snapshot.xmax > head.snapshot.xmax {
            Some(Stale::Future)
        } else if token.target.history.started != head.history.started {
            Some(Stale::Restart)
        } else if token.since.as_ref().is_some_and(|since| since.xmin < head.trimmed) {
            Some(Stale::Trimmed)
        } else if token.target.fingerprint != self.disk.members.get(&user).map_or(0, |member| member.rights) {
            Some(Stale::Access)
        } else {
            None
        };
        if let Some(stale) = stale {
            return Err(stale.into());
        }
        let in_sight: Vec<Uuid> =
            scopes.iter().filter(|scope| head.scopes.binary_search(scope).is_ok()).copied().collect();
        let torn = token.torn || in_sight.len() < scopes.len();
        let reachable = !torn && head.scopes == scopes && token.target.snapshot.xmin >= head.trimmed;
        Ok(Pass {
            since: token.since,
            target: token.target,
            last: token.last,
            opening: None,
            fill: resume.fill.clone(),
            scopes,
            in_sight,
            torn,
            position: Some(token.position),
            now: reachable.then_some((head.snapshot, head.last)),
        })
    }

    /// Goes on with what changed since the pass began. Whether it came to what this page sees.
    fn catch_up(&mut self, user: Uuid, pass: &mut Pass, room: &mut usize, writer: &mut PageWriter) -> bool {
        let Some((snapshot, last)) = pass.now.take() else { return false };
        let since = Some(pass.target.snapshot.clone());
        let rest = Pass { since, fill: Vec::new(), position: None, ..pass.clone() };
        if self.write_page(user, &rest, room, writer).is_some() {
            return false;
        }
        (pass.target.snapshot, pass.last) = (snapshot, last);
        true
    }

    /// Writes as many rows as fit. Gives the place where it stopped, if the pass is not complete.
    fn write_page(&mut self, user: Uuid, pass: &Pass, room: &mut usize, writer: &mut PageWriter) -> Option<Position> {
        let changed = self.changed(pass);
        let start = pass.position.as_ref();
        let first =
            start.and_then(|start| REGISTRY.tables.iter().position(|table| table.name == start.table)).unwrap_or(0);
        for (number, table) in REGISTRY.tables.iter().enumerate().skip(first) {
            let begun = start.filter(|_| number == first);
            let stop = |part, after| Some(Position { table: table.name.to_owned(), part, after });
            let ids = changed.get(table.name).map(Vec::as_slice).unwrap_or_default();
            let left = match begun {
                Some(Position { part: Part::Changed, after, .. }) => &ids[ids.partition_point(|id| id <= after)..],
                Some(Position { part: Part::Filled, .. }) => &[],
                None => ids,
            };
            let asked = &left[..left.len().min(*room)];
            let (mut rows, mut removed) = (Vec::new(), Vec::new());
            for id in asked {
                let key = RowKey { table: table.name, id: *id };
                let unfiltered = self.planted(Bug::RowsUnfiltered);
                let visible = |row: &&Row| {
                    unfiltered || (self.disk.sees(user, key, row) && pass.scopes.contains(&scope(table, row)))
                };
                match self.disk.rows.get(&key).filter(visible) {
                    Some(row) => rows.push((key, row.clone())),
                    None => removed.push(*id),
                }
            }
            self.spell(user, writer, table, &rows, &removed);
            *room -= asked.len();
            if asked.len() < left.len() {
                let before = begun.map_or(Uuid::nil(), |position| position.after);
                return stop(Part::Changed, asked.last().copied().unwrap_or(before));
            }
            let Some(fill) = pass.fill.iter().find(|fill| fill.table == table.name) else { continue };
            let mut after = match begun {
                Some(Position { part: Part::Filled, after, .. }) => *after,
                _ => Uuid::nil(),
            };
            let mut rows: Vec<(RowKey, Row)> = Vec::new();
            let mut cut = false;
            for (key, row) in &self.disk.rows {
                let due = key.table == table.name && key.id > after && fill.scopes.contains(&scope(table, row));
                if !due || !self.disk.sees(user, *key, row) {
                    continue;
                }
                if rows.len() == *room {
                    cut = true;
                    break;
                }
                rows.push((*key, row.clone()));
            }
            *room -= rows.len();
            after = rows.last().map_or(after, |(key, _)| key.id);
            if self.withhold && !rows.is_empty() {
                self.withhold = false;
                rows.remove(0);
            }
            self.spell(user, writer, table, &rows, &[]);
            if cut {
                return stop(Part::Filled, after);
            }
        }
        None
    }

    fn spell(
        &mut self,
        user: Uuid,
        writer: &mut PageWriter,
        table: &satchel_protocol::Table,
        rows: &[(RowKey, Row)],
        removed: &[Uuid],
    ) {
        for (key, row) in rows {
            if !self.disk.sees(user, *key, row) {
                self.leaks.push(format!("{key:?} was sent to {user}, who may not see it"));
            }
        }
        let text: Vec<String> = rows
            .iter()
            .map(|(_, row)| serde_json::to_string(&table.encode_row(row)).expect("cells are JSON"))
            .collect();
        writer.table(table, &text.join(","), removed);
    }

    /// The ids the feed names per table, ascending, but for scopes that are sent in full anyway.
    fn changed(&self, pass: &Pass) -> HashMap<&'static str, Vec<Uuid>> {
        let Some(since) = &pass.since else { return HashMap::new() };
        let by_sequence = self.planted(Bug::CursorBySequence);
        let mut changed: BTreeMap<&'static str, BTreeSet<Uuid>> = BTreeMap::new();
        for change in &self.disk.feed {
            let new = change.xid >= since.xmax || (!by_sequence && since.running.contains(&change.xid));
            let Some(key) = change.key.filter(|_| new && pass.in_sight.contains(&change.scope)) else { continue };
            let filled = pass.fill.iter().any(|fill| fill.table == key.table && fill.scopes.contains(&change.scope));
            if !filled {
                changed.entry(key.table).or_default().insert(key.id);
            }
        }
        changed.into_iter().map(|(table, ids)| (table, ids.into_iter().collect())).collect()
    }

    fn totals(&self, user: Uuid, scopes: &[Uuid]) -> Vec<Total> {
        let mut sums: BTreeMap<(usize, Uuid), Checksum> = BTreeMap::new();
        for (key, row) in &self.disk.rows {
            let number = REGISTRY.tables.iter().position(|table| table.name == key.table).expect("a table");
            let scope = scope(REGISTRY.tables[number], row);
            if scopes.contains(&scope) && self.disk.sees(user, *key, row) {
                sums.entry((number, scope)).or_default().add(row[REV].as_integer().expect("a revision"));
            }
        }
        sums.into_iter().map(|((table, scope), checksum)| Total { table, scope, checksum }).collect()
    }

    fn verdicts(&self, device_id: Uuid, through: u64) -> (String, Option<u64>) {
        let entries = self.disk.ledger.iter();
        let mut told: Vec<Verdict> = entries
            .filter(|(_, entry)| entry.device_id == Some(device_id) && entry.seq > through)
            .map(|(key, entry)| Verdict { key: *key, seq: entry.seq, outcome: entry.outcome.clone() })
            .collect();
        told.sort_by_key(|verdict| verdict.seq);
        let last = told.last().map(|verdict| verdict.seq);
        let text: Vec<String> = told.iter().map(|verdict| serde_json::to_string(verdict).expect("JSON")).collect();
        (text.join(","), last)
    }
}
