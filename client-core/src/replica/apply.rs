//! Writing a page's rows, a bounded number per transaction.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use satchel_protocol::{Row, RowKey, ShapeError, table::REV};
use uuid::Uuid;

use super::{
    Page, Pass, Position, finish,
    page::{Columns, PageTable},
    pass::{forget_pass, hold, place},
    sums::Sums,
};
use crate::{
    db::{CellRef, MetaName, Old, PageWriter, ScopeAt, TableSql, Tx},
    error::StoreError,
    observe::Collected,
    queue::verdict::{adopt, settle},
    rebase::{Seeds, rebase},
    simulation::{self, Bug, planted},
    store::State,
};

/// Rows of a page written, or of scopes that it leaves dropped, in one transaction. Bounds how long a local write waits, and
/// how often the pages of an index that everything touches are written.
const TRANSACTION_ROWS: usize = 2_000;

/// What a page changed so far.
#[derive(Debug, Default)]
pub(crate) struct Progressed {
    /// The page has been applied to its end, or not been taken.
    pub(crate) done: bool,
    /// It goes on from where the replica does not stand, and was not taken.
    pub(crate) gap: bool,
    /// The pass is complete.
    pub(crate) complete: bool,
    pub(crate) rows: usize,
    pub(crate) mismatch: bool,
    pub(crate) settled: usize,
    pub(crate) rejected: Vec<Uuid>,
    pub(crate) refed: usize,
    pub(crate) released: usize,
    pub(crate) cloned: bool,
}

/// Takes in what the server says of rows.
pub(super) struct Intake<'s, 'a> {
    pub(super) tx: &'s Tx<'a>,
    pub(super) state: &'s mut State,
    pub(super) collected: &'s mut Collected,
    pub(super) sums: Sums,
    pub(super) seeds: Seeds,
}

/// Applies the next part of a page, in the transaction `tx`.
pub(crate) fn step(
    tx: &Tx<'_>,
    state: &mut State,
    page: &Page<'_>,
    position: &mut Position,
    progressed: &mut Progressed,
    collected: &mut Collected,
) -> Result<(), StoreError> {
    if !position.begun && page.follows.as_deref().is_some_and(|place| !goes_on_from(state, place)) {
        (progressed.done, progressed.gap) = (true, true);
        return Ok(());
    }
    let mut intake = Intake { tx, state, collected, sums: Sums::default(), seeds: Seeds::default() };
    if !position.begun {
        if let Some(wipe) = page.wipe.filter(|wipe| intake.state.wipe != Some(*wipe)) {
            tx.set_meta(MetaName::Wipe, Some(&wipe))?;
            intake.state.wipe = Some(wipe);
        }
        intake.begin(page)?;
        position.begun = true;
    }
    let rows = intake.rows(page, position)?;
    progressed.rows += rows;
    let leaving = page.leave.len() * tx.schema.tables().count();
    progressed.done = position.left >= leaving && position.table >= page.tables.len();
    let Intake { mut sums, mut seeds, .. } = intake;
    let Some(mut pass) = state.pass.take() else {
        return Err(StoreError::Page(ShapeError::new("a page", "a pass under way")));
    };
    pass.rows_done += rows as u64;
    if !progressed.done {
        sums.flush(tx)?;
        pass.advance(tx)?;
        state.pass = Some(pass);
        progressed.released += rebase(tx, state, seeds, collected)?;
        return Ok(());
    }
    let settled = settle(tx, state, &page.verdicts)?;
    progressed.settled = settled.count;
    progressed.rejected = settled.rejected;
    let adopted = adopt(tx, state, &page.settlements)?;
    if progressed.settled + adopted > 0 {
        collected.queue();
    }
    seeds.rows.extend(settled.seeds.rows);
    seeds.lost = settled.seeds.lost;
    collected.status();
    if page.resume.is_some() {
        sums.flush(tx)?;
        pass.token.clone_from(&page.resume);
        pass.advance(tx)?;
        state.pass = Some(pass);
    } else {
        progressed.complete = true;
        let intake = Intake { tx, state, collected, sums, seeds };
        seeds = finish::finish(intake, page, pass, progressed)?;
    }
    progressed.released += rebase(tx, state, seeds, collected)?;
    Ok(())
}

/// Whether a page that goes on from `follows` may be taken.
fn goes_on_from(state: &mut State, follows: &str) -> bool {
    if place(state).as_deref() == Some(follows) {
        return true;
    }
    // What a pass under way entered or left was not stated either.
    let as_stated = state.pass.as_ref().is_none_or(|pass| pass.begun.is_empty());
    state.asked.answers(follows, &state.held) && as_stated
}

impl Intake<'_, '_> {
    fn begin(&mut self, page: &Page<'_>) -> Result<(), StoreError> {
        let goes_on = self.state.pass.as_ref().is_some_and(|pass| pass.token.is_some());
        if goes_on && !page.opens() {
            return Ok(());
        }
        forget_pass(self.tx, self.state)?;
        let cost = page.len() + self.leaving(&page.leave)?;
        let stored = page.resume.is_some() || cost > simulation::page_rows(TRANSACTION_ROWS);
        let pass = Pass::begin(self.tx, self.state, page, stored)?;
        self.state.pass = Some(pass);
        if let Some(permissions) = &page.permissions {
            self.tx.set_meta(MetaName::Permissions, Some(permissions))?;
            self.state.permissions = Some(Arc::new(permissions.clone()));
            self.state.adopt_roles();
            self.collected.permissions();
        }
        if !page.leave.is_empty() {
            let mut held = self.state.held.as_ref().clone();
            held.retain(|scope| !page.leave.contains(scope));
            hold(self.tx, self.state, held)?;
        }
        Ok(())
    }

    /// What leaving these scopes takes of transactions: their rows, and one for each table that has none.
    fn leaving(&self, scopes: &[Uuid]) -> Result<usize, StoreError> {
        let mut cost = 0_usize;
        for scope in scopes {
            for sql in self.tx.schema.tables() {
                let rows = self.tx.checksum(sql.table.name, *scope)?.count;
                cost = cost.saturating_add(usize::try_from(rows).unwrap_or(usize::MAX).max(1));
            }
        }
        Ok(cost)
    }

    /// Drops the rows of scopes that are left, from `position` on, as far as there is room. What is left half way when the
    /// process dies counts as held again (see [`forget_pass`]), so that the server says once more that it is to go.
    fn leave(&mut self, scopes: &[Uuid], position: &mut Position, room: &mut usize) -> Result<(), StoreError> {
        let tables: Vec<&TableSql> = self.tx.schema.tables().collect();
        while *room > 0
            && let Some(scope) = scopes.get(position.left / tables.len())
        {
            let sql = tables[position.left % tables.len()];
            let (mut dropped, mut more) = (0, false);
            if sql.scope != ScopeAt::Organization || *scope == self.state.identity.org_id {
                (dropped, more) = self.drop_scope(sql.table.name, *scope, *room, |_, _| Ok(false))?;
            }
            *room = room.saturating_sub(dropped.max(1));
            if more {
                break;
            }
            position.left += 1;
        }
        Ok(())
    }

    /// Applies rows from `position` on; how many.
    fn rows(&mut self, page: &Page<'_>, position: &mut Position) -> Result<usize, StoreError> {
        let mut room = simulation::page_rows(TRANSACTION_ROWS);
        self.leave(&page.leave, position, &mut room)?;
        let before = room;
        if position.left < page.leave.len() * self.tx.schema.tables().count() {
            return Ok(0);
        }
        while room > 0
            && let Some(part) = page.tables.get(position.table)
        {
            let len = part.rows.len() + part.removed.len();
            let until = len.min(position.row + room);
            // Tables of a newer server are passed over.
            if let Some(sql) = self.tx.schema.table(&part.table) {
                self.part(sql, part, position.row, until)?;
            }
            room -= until - position.row;
            position.row = until;
            if until == len {
                position.table += 1;
                position.row = 0;
            }
        }
        Ok(before - room)
    }

    fn part(&mut self, sql: &TableSql, part: &PageTable<'_>, from: usize, until: usize) -> Result<(), StoreError> {
        let table = sql.table;
        let mut writer = self.tx.page_writer(table.name)?;
        let puts = part.rows.len();
        if from < puts {
            let columns = Columns::new(table, &part.columns)?;
            let mut cells = Vec::with_capacity(table.columns.len());
            for row in &part.rows[from..until.min(puts)] {
                columns.read(row, &mut cells)?;
                self.put(sql, &mut writer, &mut cells)?;
            }
        }
        for id in &part.removed[from.saturating_sub(puts)..until.saturating_sub(puts)] {
            let key = RowKey { table: table.name, id: *id };
            match self.state.based.get(&key) {
                Some(number) => self.hold_back(key, *number, None)?,
                None => self.remove(key, &mut writer)?,
            }
        }
        Ok(())
    }

    fn put(
        &mut self,
        sql: &TableSql,
        writer: &mut PageWriter<'_>,
        cells: &mut [CellRef<'_>],
    ) -> Result<(), StoreError> {
        let table = sql.table;
        let shape = |column: &str| StoreError::Page(ShapeError::new(format!("{}.{column}", table.name), "an id"));
        let CellRef::Text(id_text) = &cells[0] else {
            return Err(shape("id"));
        };
        let id = Uuid::try_parse(id_text).map_err(|_| shape("id"))?;
        let org_id = self.state.identity.org_id;
        let scope = sql.scope_of(cells, org_id).ok_or_else(|| shape(table.scope))?;
        let key = RowKey { table: table.name, id };
        if let Some(pass) = &self.state.pass
            && !pass.replacing.is_empty()
            && pass.replacing.contains(&(table.name, scope))
        {
            self.tx.mark_seen(key)?;
        }
        if let Some(number) = self.state.based.get(&key) {
            return self.hold_back(key, *number, Some(cells.iter().map(CellRef::to_cell).collect()));
        }
        self.unstage(key)?;
        // Ids are looked up by their one spelling.
        if id_text.len() != 36 || id_text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            cells[0] = CellRef::Text(Cow::Owned(id.to_string()));
        }
        if let Some(old) = writer.put(cells)? {
            self.sums.remove(table.name, org_id, old);
        }
        self.sums.add(table.name, scope, rev_of(cells));
        self.changed(key);
        if self.state.queue.any_shown() {
            self.state.queue.reading(table, cells, &mut self.seeds.orders);
        }
        Ok(())
    }

    /// Removes a row without base image.
    pub(super) fn remove(&mut self, key: RowKey, writer: &mut PageWriter<'_>) -> Result<(), StoreError> {
        self.unstage(key)?;
        if let Some(old) = writer.remove(key.id)? {
            self.sums.remove(key.table, self.state.identity.org_id, old);
            self.changed(key);
        }
        Ok(())
    }

    /// Writes what the server says of a row, whether it has a base image or not.
    pub(super) fn settle_row(&mut self, key: RowKey, image: Option<Row>) -> Result<(), StoreError> {
        if let Some(number) = self.state.based.get(&key) {
            return self.change_base(key, *number, image);
        }
        let Some(sql) = self.tx.schema.table(key.table) else {
            return Ok(());
        };
        let mut writer = self.tx.page_writer(key.table)?;
        match image {
            Some(row) => {
                let mut cells: Vec<_> = row.iter().map(CellRef::from).collect();
                self.put(sql, &mut writer, &mut cells)
            }
            None => self.remove(key, &mut writer),
        }
    }

    /// Keeps a row with base image until the end of the pass, unless this transaction is its end.
    fn hold_back(&mut self, key: RowKey, number: i64, image: Option<Row>) -> Result<(), StoreError> {
        match self.state.pass.as_mut().filter(|pass| pass.stored) {
            Some(pass) if !planted(Bug::PageWithoutStaging) => {
                pass.staged = true;
                self.tx.stage(key, image.as_ref())
            }
            _ => self.change_base(key, number, image),
        }
    }

    /// A row whose base image went away meanwhile is written at once; what the pass said of it before is old.
    fn unstage(&mut self, key: RowKey) -> Result<(), StoreError> {
        let staged = self.state.pass.as_ref().is_some_and(|pass| pass.staged);
        if staged { self.tx.unstage(key) } else { Ok(()) }
    }

    /// Changes the base image of a row that has one.
    pub(super) fn change_base(&mut self, key: RowKey, number: i64, image: Option<Row>) -> Result<(), StoreError> {
        let org_id = self.state.identity.org_id;
        if let Some(row) = self.tx.base(key, number)? {
            let old = self.old(key, &row);
            self.sums.remove(key.table, org_id, old);
        }
        if let Some(row) = &image {
            let new = self.old(key, row);
            self.sums.add(key.table, new.scope.unwrap_or(org_id), new.rev);
            if let Some(table) = self.state.registry.table(key.table) {
                let cells: Vec<_> = row.iter().map(CellRef::from).collect();
                self.state.queue.reading(table, &cells, &mut self.seeds.orders);
            }
        }
        self.tx.set_base(number, image.as_ref())?;
        self.seeds.rows.insert(key);
        Ok(())
    }

    /// Drops what the server had in a scope: `keep` says which rows stay. At most `limit` rows that have no base image; how
    /// many, and whether more are there.
    pub(super) fn drop_scope(
        &mut self,
        table: &'static str,
        scope: Uuid,
        limit: usize,
        keep: impl Fn(&Tx<'_>, RowKey) -> Result<bool, StoreError>,
    ) -> Result<(usize, bool), StoreError> {
        let based: Vec<_> =
            self.state.based.iter().filter(|(key, _)| key.table == table).map(|(key, at)| (*key, *at)).collect();
        let mut writer = self.tx.page_writer(table)?;
        let mut dropped = 0;
        // Those with a base image stay for now, and are found again by the next step.
        for id in self.tx.ids_in_scope(table, scope, limit.saturating_add(based.len()).saturating_add(1))? {
            let key = RowKey { table, id };
            if self.state.based.contains_key(&key) || keep(self.tx, key)? {
                continue;
            }
            if dropped == limit {
                return Ok((dropped, true));
            }
            self.remove(key, &mut writer)?;
            dropped += 1;
        }
        for (key, number) in based {
            if let Some(row) = self.tx.base(key, number)?
                && self.old(key, &row).scope.unwrap_or(self.state.identity.org_id) == scope
                && !keep(self.tx, key)?
            {
                self.hold_back(key, number, None)?;
            }
        }
        Ok((dropped, false))
    }

    fn changed(&mut self, key: RowKey) {
        self.collected.row(key.table, key.id);
        if self.state.queue.any_shown() {
            let affected: BTreeSet<i64> = self.state.queue.touching(&key).map(|(order, _)| order).collect();
            self.seeds.orders.extend(affected);
        }
    }

    fn old(&self, key: RowKey, row: &Row) -> Old {
        let cells: Vec<_> = row.iter().map(CellRef::from).collect();
        let sql = self.tx.schema.table(key.table);
        Old { rev: rev_of(&cells), scope: sql.and_then(|sql| sql.scope_of(&cells, self.state.identity.org_id)) }
    }
}

fn rev_of(cells: &[CellRef<'_>]) -> i64 {
    match cells.get(REV) {
        Some(CellRef::Integer(rev)) => *rev,
        _ => 0,
    }
}
