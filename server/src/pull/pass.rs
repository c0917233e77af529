//! A pass: opened by page 1, gone on with by a mark, written page by page.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use satchel_protocol::{
    checksum::{Checksum, RANGES, scopes_digest},
    limits,
    wire::{PullRequest, Resume, TableFill},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Basis, database_error,
    page::{Opening, PageWriter},
    plan::{self, Stale},
    token::{Part, Position, Token},
};
use crate::{
    error::ApiError,
    feed::{
        Concern, Cursor, ScopeKinds, Snapshot,
        cursor::digest_from_text,
        head::{Head, LastPushed},
        rows::{Change, Reader, Room},
        totals::Total,
    },
};

/// What is known of a pass while one of its pages is made.
#[derive(Clone, Debug)]
pub(super) struct Pass {
    /// Where it started; none for a fill.
    pub(super) since: Option<Snapshot>,
    /// Where it leads.
    pub(super) target: Cursor,
    /// The device's end of sequence at page 1.
    pub(super) last: LastPushed,
    /// Whether the office has ever decided on work of the caller's.
    pub(super) settled: bool,
    /// How the device is to clear itself, if the office asks for it.
    pub(super) wipe: Option<String>,
    /// On page 1.
    pub(super) opening: Option<Opening>,
    /// What is sent in full.
    fill: Vec<TableFill>,
    /// The scopes held once it is complete, ascending.
    pub(super) scopes: Vec<Uuid>,
    /// What those that are due are the ids of.
    pub(super) kinds: ScopeKinds,
    /// Their checksums, if this transaction read them.
    pub(super) totals: Option<Vec<Total>>,
    /// What else wakes the caller's streams, ascending.
    pub(super) wakes: Vec<Uuid>,
    /// Those of them that are due to the caller now. A mark may name any scope, and the feed tells ids without asking
    /// row-level security: it is asked for these only.
    in_sight: Vec<Uuid>,
    /// Whether a scope was out of the caller's sight on one of the pages, so that its rows may be missing.
    torn: bool,
    /// Where the page before ended.
    position: Option<Position>,
    /// What the feed names, if it was read with the head.
    named: Option<Vec<Change>>,
    /// On a later page: what its transaction sees and the device's end of sequence in it, while the pass can lead there.
    now: Option<(Snapshot, LastPushed)>,
}

impl Pass {
    /// Page 1: decides what the pass sends.
    pub(super) async fn open(
        tx: &mut PgConnection,
        reader: &Reader,
        org_id: Uuid,
        fingerprint: u64,
        request: &PullRequest,
        known: Option<&Concern>,
    ) -> Result<Self, ApiError> {
        let cursor = request.cursor.as_ref().map(Cursor::decode).transpose();
        let cursor = cursor.map_err(|malformed| ApiError::bad_request(format!("cursor: {malformed}.")))?;
        if let (Some(known), Some(cursor)) = (known, &cursor)
            && let Some(pass) = Self::go_straight(tx, reader, org_id, fingerprint, request, known, cursor).await?
        {
            return Ok(pass);
        }
        let head = Head::read(tx, org_id, request.device_id).await.map_err(database_error)?;
        if let Some(cursor) = &cursor {
            plan::check(cursor, &head, fingerprint, &request.held)?;
        }
        let change = plan::scope_change(&request.held, &head.scopes)?;
        let mut everything = None;
        let (fill, rows_total) = if cursor.is_none() {
            let totals = reader.totals(tx, org_id, &head.scopes, &head.kinds).await.map_err(database_error)?;
            let (mut fill, mut rows) = plan::fill(reader.registry(), request, &head.scopes, &totals);
            // Whatever a phone states: only of what is large here is it worth looking closer.
            let large = totals.iter().filter(|total| total.checksum.count > limits::RANGE_ROWS);
            let large: HashSet<(usize, Uuid)> = large.map(|total| (total.table, total.scope)).collect();
            for fill in &mut fill {
                rows = rows.saturating_sub(narrow(tx, reader, org_id, request, &large, fill).await?);
            }
            everything = Some(totals);
            (fill, Some(rows))
        } else if change.enter.is_empty() {
            (Vec::new(), None)
        } else {
            let totals = reader.totals(tx, org_id, &change.enter, &head.kinds).await.map_err(database_error)?;
            let (fill, rows) = plan::fill(reader.registry(), &PullRequest::default(), &change.enter, &totals);
            (fill, Some(rows))
        };
        let scopes = scopes_digest(head.scopes.iter().copied());
        let scopes = digest_from_text(&scopes).ok_or_else(|| ApiError::internal("a digest of unknown spelling"))?;
        Ok(Self {
            since: cursor.map(|cursor| cursor.snapshot),
            target: Cursor { history: head.history, snapshot: head.snapshot, fingerprint, scopes },
            last: head.last,
            settled: head.settled,
            wipe: head.wipe,
            opening: Some(Opening { enter: change.enter, leave: change.leave, fill: fill.clone(), rows_total }),
            fill,
            in_sight: head.scopes.clone(),
            scopes: head.scopes,
            kinds: head.kinds,
            totals: everything,
            wakes: head.wakes,
            torn: false,
            position: None,
            named: None,
            now: None,
        })
    }

    /// Page 1 for a stream that holds the scopes this node told it a moment ago, if they are still the ones due.
    async fn go_straight(
        tx: &mut PgConnection,
        reader: &Reader,
        org_id: Uuid,
        fingerprint: u64,
        request: &PullRequest,
        known: &Concern,
        cursor: &Cursor,
    ) -> Result<Option<Self>, ApiError> {
        let read = Head::read_known(tx, org_id, request.device_id, &cursor.snapshot, known).await;
        let Some((head, changes)) = read.map_err(database_error)? else { return Ok(None) };
        if cfg!(debug_assertions) {
            let computed = Head::read(tx, org_id, request.device_id).await.map_err(database_error)?;
            assert_eq!(
                (&computed.scopes, &computed.kinds, &computed.wakes),
                (&head.scopes, &head.kinds, &head.wakes),
                "scopes changed and nobody said so"
            );
        }
        plan::check(cursor, &head, fingerprint, &request.held)?;
        Ok(Some(Self {
            since: Some(cursor.snapshot.clone()),
            target: Cursor { history: head.history, snapshot: head.snapshot, fingerprint, scopes: cursor.scopes },
            last: head.last,
            settled: head.settled,
            wipe: head.wipe,
            opening: Some(Opening::default()),
            fill: Vec::new(),
            in_sight: head.scopes.clone(),
            scopes: head.scopes,
            kinds: head.kinds,
            totals: None,
            wakes: head.wakes,
            torn: false,
            position: None,
            named: Some(reader.known(changes)),
            now: None,
        }))
    }

    /// A later page: takes up what the mark says, if the database is still the one it was made by.
    pub(super) async fn go_on(
        tx: &mut PgConnection,
        reader: &Reader,
        org_id: Uuid,
        fingerprint: u64,
        device_id: Uuid,
        resume: &Resume,
    ) -> Result<Self, ApiError> {
        let token = Token::decode(&resume.token);
        let token = token.map_err(|malformed| ApiError::bad_request(format!("resume.token: {malformed}.")))?;
        let (tables, scopes) = (resume.fill.len(), resume.scopes.len());
        let fills = resume.fill.iter().map(|fill| fill.scopes.len()).max().unwrap_or(0);
        if scopes.max(fills) > limits::SCOPES {
            return Err(ApiError::too_large("resume", limits::SCOPES, "scopes"));
        }
        if resume.fill.iter().flat_map(|fill| fill.ranges.values()).any(|ranges| ranges.len() > RANGES) {
            return Err(ApiError::too_large("resume.fill", RANGES, "ranges"));
        }
        if tables > reader.registry().tables.len() {
            return Err(ApiError::too_large("resume.fill", reader.registry().tables.len(), "tables"));
        }
        if reader.position(&token.position.table).is_none() {
            return Err(ApiError::bad_request("resume.token: not a mark this server made."));
        }
        let mut scopes = resume.scopes.clone();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes_digest(scopes.iter().copied()) != token.target.scopes_text() {
            return Err(ApiError::bad_request("resume.scopes are not those of the pass that resume.token belongs to."));
        }
        let head = Head::read(tx, org_id, device_id).await.map_err(database_error)?;
        if token.target.history.identity != head.history.identity {
            return Err(Stale::History.into());
        }
        if token.target.snapshot.xmax > head.snapshot.xmax {
            return Err(Stale::Future.into());
        }
        if token.target.history.started != head.history.started {
            return Err(Stale::Restart.into());
        }
        if token.since.as_ref().is_some_and(|since| since.xmin < head.trimmed) {
            return Err(Stale::Trimmed.into());
        }
        if token.target.fingerprint != fingerprint {
            return Err(Stale::Access.into());
        }
        let due = |scope: &&Uuid| head.scopes.binary_search(scope).is_ok();
        let in_sight: Vec<Uuid> = scopes.iter().filter(due).copied().collect();
        let torn = token.torn || in_sight.len() < scopes.len();
        let reachable = !torn && head.scopes == scopes && token.target.snapshot.xmin >= head.trimmed;
        Ok(Self {
            since: token.since,
            target: token.target,
            last: token.last,
            settled: head.settled,
            wipe: head.wipe,
            opening: None,
            fill: resume.fill.clone(),
            scopes,
            kinds: head.kinds,
            totals: None,
            wakes: head.wakes,
            in_sight,
            torn,
            position: Some(token.position),
            named: None,
            now: reachable.then_some((head.snapshot, head.last)),
        })
    }

    /// Writes as many rows as there is room for. Gives the place where it stopped, if the pass is not complete.
    pub(super) async fn write(
        &self,
        tx: &mut PgConnection,
        reader: &Reader,
        org_id: Uuid,
        room: &mut Room,
        writer: &mut PageWriter,
    ) -> Result<Option<Position>, ApiError> {
        let tables = reader.registry().tables;
        let changed = self.changed(tx, reader).await?;
        let start = self.position.as_ref();
        let first = start.and_then(|position| reader.position(&position.table)).unwrap_or(0);
        for (table, entry) in tables.iter().enumerate().skip(first) {
            let (begun, kind) = (start.filter(|_| table == first), entry.scope_kind());
            let stop = |part, after| Some(Position { table: entry.name.to_owned(), part, after });

            let ids = changed.get(&table).map(Vec::as_slice).unwrap_or_default();
            let mut left = match begun {
                Some(Position { part: Part::Changed, after, .. }) => &ids[ids.partition_point(|id| id <= after)..],
                Some(Position { part: Part::Filled, .. }) => &[],
                None => ids,
            };
            let mut after = begun.map_or(Uuid::nil(), |position| position.after);
            let scopes = if left.is_empty() { Vec::new() } else { self.kinds.among(&self.scopes, &kind) };
            while !left.is_empty() {
                if room.is_none() {
                    return Ok(stop(Part::Changed, after));
                }
                let asked = &left[..left.len().min(room.rows)];
                let batch = reader.named(tx, org_id, table, asked, &scopes, *room).await.map_err(database_error)?;
                let covered = match batch.ids.last() {
                    Some(last) if batch.cut => &asked[..asked.partition_point(|id| id <= last)],
                    _ => asked,
                };
                let found: HashSet<Uuid> = batch.ids.iter().copied().collect();
                let removed: Vec<Uuid> = covered.iter().copied().filter(|id| !found.contains(id)).collect();
                writer.table(entry, &batch.json, &removed);
                room.take(covered.len(), batch.json.len());
                after = covered.last().copied().unwrap_or(after);
                left = &left[covered.len()..];
            }

            let Some(fill) = self.fill.iter().find(|fill| fill.table == entry.name) else { continue };
            let fill = TableFill { scopes: self.kinds.among(&fill.scopes, &kind), ..fill.clone() };
            let mut after = match begun {
                Some(Position { part: Part::Filled, after, .. }) => *after,
                _ => Uuid::nil(),
            };
            loop {
                if room.is_none() {
                    return Ok(stop(Part::Filled, after));
                }
                let batch = if fill.ranges.is_empty() {
                    reader.scoped(tx, org_id, table, &fill.scopes, after, *room).await
                } else {
                    reader.ranged(tx, org_id, table, &fill, after, *room).await
                };
                let batch = batch.map_err(database_error)?;
                writer.table(entry, &batch.json, &[]);
                room.take(batch.ids.len(), batch.json.len());
                after = batch.ids.last().copied().unwrap_or(after);
                if !batch.cut {
                    break;
                }
            }
        }
        Ok(None)
    }

    /// Goes on, once everything is sent, with what changed since the pass began: from its target to what this page's
    /// transaction sees, as the next pass would. Whether it came there; if not, what was sent of it comes again.
    pub(super) async fn catch_up(
        &mut self,
        tx: &mut PgConnection,
        reader: &Reader,
        org_id: Uuid,
        room: &mut Room,
        writer: &mut PageWriter,
    ) -> Result<bool, ApiError> {
        let Some((snapshot, last)) = self.now.take() else { return Ok(false) };
        let since = Some(self.target.snapshot.clone());
        let rest = Self { since, fill: Vec::new(), position: None, ..self.clone() };
        if rest.write(tx, reader, org_id, room, writer).await?.is_some() {
            return Ok(false);
        }
        (self.target.snapshot, self.last) = (snapshot, last);
        Ok(true)
    }

    /// How much it sends in full: tables, scopes sent whole, ranges of others, and about how many rows.
    pub(super) fn extent(&self) -> (usize, usize, usize, u64) {
        let whole = self.fill.iter().map(|fill| fill.scopes.len() - fill.ranges.len()).sum();
        let ranges = self.fill.iter().flat_map(|fill| fill.ranges.values()).map(Vec::len).sum();
        let rows = self.opening.as_ref().and_then(|opening| opening.rows_total).unwrap_or(0);
        (self.fill.len(), whole, ranges, rows)
    }

    /// What its scopes rest on.
    pub(super) fn basis(&self) -> Basis {
        match (&self.opening, &self.named) {
            (None, _) => Basis::Claimed,
            (Some(_), Some(_)) => Basis::Known,
            (Some(_), None) => Basis::Computed,
        }
    }

    /// The cursor that the complete pass leads to. A scope may have left the caller's sight and come back between two
    /// pages, without any of its rows changing; a torn pass therefore leads to a cursor for other scopes than the
    /// replica then holds, and its next pull is told to compare checksums.
    pub(super) fn cursor(&self) -> Cursor {
        let mut cursor = self.target.clone();
        if self.torn {
            cursor.scopes = cursor.scopes.map(|byte| !byte);
        }
        cursor
    }

    /// Ends a page: what the phone states to have the next one.
    pub(super) fn stop_at(&mut self, position: Position) -> Resume {
        self.position = Some(position.clone());
        let (since, target) = (self.since.clone(), self.target.clone());
        let token = Token { since, target, last: self.last, torn: self.torn, position };
        Resume { token: token.encode(), fill: self.fill.clone(), scopes: self.scopes.clone() }
    }

    /// The ids the feed names per table, ascending, but for scopes that are sent in full anyway.
    async fn changed(&self, tx: &mut PgConnection, reader: &Reader) -> Result<HashMap<usize, Vec<Uuid>>, ApiError> {
        let Some(since) = &self.since else { return Ok(HashMap::new()) };
        let filled: HashMap<usize, BTreeSet<Uuid>> = self
            .fill
            .iter()
            .filter_map(|fill| Some((reader.position(&fill.table)?, fill.scopes.iter().copied().collect())))
            .collect();
        let mut changed: BTreeMap<usize, BTreeSet<Uuid>> = BTreeMap::new();
        let changes = match &self.named {
            Some(changes) => changes.clone(),
            None => reader.changes(tx, since, &self.in_sight).await.map_err(database_error)?,
        };
        for change in changes {
            if !filled.get(&change.table).is_some_and(|scopes| scopes.contains(&change.scope)) {
                changed.entry(change.table).or_default().insert(change.id);
            }
        }
        Ok(changed.into_iter().map(|(table, ids)| (table, ids.into_iter().collect())).collect())
    }
}

/// Narrows what is to be sent of a table to the ranges that differ, where the phone states them. About how many rows less
/// that is.
async fn narrow(
    tx: &mut PgConnection,
    reader: &Reader,
    org_id: Uuid,
    request: &PullRequest,
    large: &HashSet<(usize, Uuid)>,
    fill: &mut TableFill,
) -> Result<u64, ApiError> {
    let (Some(stated), Some(table)) = (request.ranges.get(&fill.table), reader.position(&fill.table)) else {
        return Ok(0);
    };
    let mut less = 0;
    for scope in fill.scopes.iter().filter(|scope| large.contains(&(table, **scope))) {
        let Some(stated) = stated.get(scope) else { continue };
        let here = reader.totals_by_range(tx, org_id, table, *scope).await.map_err(database_error)?;
        if let Some(ranges) = plan::narrow(stated, &here) {
            let rows = |ranges: &mut dyn Iterator<Item = &Checksum>| -> u64 { ranges.map(|range| range.count).sum() };
            less += rows(&mut here.iter()) - rows(&mut ranges.iter().map(|range| &here[usize::from(*range)]));
            fill.ranges.insert(*scope, ranges);
        }
    }
    Ok(less)
}
