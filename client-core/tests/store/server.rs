//! A server in memory that runs the real rules: what the store is tested against.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use satchel_protocol::{
    Cell, Ctx, ErrorCode, Permissions, Rejection, Row, RowKey, Stop, Table, Workspace,
    checksum::{Checksum, place_digest, scopes_digest},
    context::{ClientContext, Side},
    table::REV,
    wire::{
        Cursor, DeltaPage, Manifest, Outcome, PullRequest, PushResponse, PushedMutation, TableFill, TableRows, Verdict,
    },
};
use uuid::Uuid;

use crate::trade::REGISTRY;
pub use crate::trade::{Rows, key_of, supply};

#[derive(Clone, Debug, Default)]
pub struct Server {
    pub org_id: Uuid,
    pub user_id: Uuid,
    pub rows: Rows,
    /// Projects the user sees.
    pub visible: BTreeSet<Uuid>,
    pub page_rows: usize,
    /// What it tells that the user may call.
    pub permissions: Option<Permissions>,
    rev: i64,
    // Every change: the row.
    log: Vec<RowKey>,
    ledger: HashMap<Uuid, Outcome>,
    devices: HashMap<Uuid, Vec<(Uuid, Outcome)>>,
    // What was held at a cursor.
    cursors: HashMap<String, (usize, BTreeSet<Uuid>)>,
    // Pages of passes under way, by token prefix.
    passes: HashMap<String, Vec<DeltaPage>>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    CursorStale,
    ScopesRequired,
    SequenceGap(u64),
}

impl Server {
    pub fn new(org_id: Uuid, user_id: Uuid) -> Self {
        Self { org_id, user_id, page_rows: 100_000, ..Self::default() }
    }

    pub fn scope(&self, table: &Table, row: &[Cell]) -> Uuid {
        table.scope_of(row, self.org_id).unwrap()
    }

    fn sees(&self) -> BTreeSet<Uuid> {
        let mut scopes = self.visible.clone();
        scopes.insert(self.org_id);
        scopes
    }

    /// The rows this user sees.
    pub fn seen(&self) -> Rows {
        let scopes = self.sees();
        let sees = |key: &RowKey, row: &Row| scopes.contains(&self.scope(REGISTRY.table(key.table).unwrap(), row));
        self.rows.iter().filter(|(key, row)| sees(key, row)).map(|(key, row)| (*key, row.clone())).collect()
    }

    /// Writes a row as any writer would.
    pub fn write(&mut self, key: RowKey, image: Option<Row>) {
        self.log.push(key);
        match image {
            Some(mut row) => {
                self.rev += 1;
                row[REV] = Cell::Integer(self.rev);
                self.rows.insert(key, row);
            }
            None => {
                self.rows.remove(&key);
            }
        }
    }

    pub fn run(&mut self, name: &str, args: &str, context: &ClientContext, key: Uuid) -> Outcome {
        let mutation = (REGISTRY.mutation(name).unwrap().decode)(args).unwrap();
        let ctx = Ctx {
            org_id: self.org_id,
            user_id: self.user_id,
            technician_id: None,
            roles: vec![],
            key,
            occurred_at: context.occurred_at,
            device_clock: Some(context.device_clock),
            side: Side::Server,
        };
        let seen = self.seen();
        let mut work = Workspace::new();
        let run = loop {
            match work.run(mutation.as_ref(), &ctx) {
                Ok(run) => break run,
                Err(Stop::Need(load)) => supply(&seen, &mut work, load),
                Err(stop) => panic!("{stop:?}"),
            }
        };
        // Row level security hides it, the primary key does not.
        let taken = work.dirty().iter().any(|(key, dirty)| dirty.inserted && self.rows.contains_key(key));
        match run.result {
            Ok(_) if taken => Outcome::Rejected(Rejection::new(ErrorCode::Conflict, "exists", "exists")),
            Ok(output) => {
                for (key, dirty) in work.dirty().clone() {
                    if self.rows.contains_key(&key) || dirty.image.is_some() {
                        self.write(key, dirty.image);
                    }
                }
                Outcome::Accepted { output }
            }
            Err(rejection) => Outcome::Rejected(rejection),
        }
    }

    pub fn push(&mut self, device_id: Uuid, batch: &[PushedMutation]) -> Result<PushResponse, Refusal> {
        let mut verdicts = Vec::new();
        for pushed in batch {
            let last_seq = self.devices.entry(device_id).or_default().len() as u64;
            let outcome = match self.ledger.get(&pushed.key) {
                Some(outcome) => outcome.clone(),
                None if pushed.seq != last_seq + 1 => return Err(Refusal::SequenceGap(last_seq + 1)),
                None => {
                    let context = serde_json::from_str(pushed.context.get()).unwrap();
                    let outcome = self.run(&pushed.name, pushed.args.get(), &context, pushed.key);
                    self.ledger.insert(pushed.key, outcome.clone());
                    outcome
                }
            };
            let device = self.devices.entry(device_id).or_default();
            if pushed.seq == device.len() as u64 + 1 {
                device.push((pushed.key, outcome.clone()));
            }
            verdicts.push(Verdict { key: pushed.key, seq: pushed.seq, outcome });
        }
        let last_seq = self.devices.entry(device_id).or_default().len() as u64;
        Ok(PushResponse { verdicts, last_seq })
    }

    /// A page's JSON.
    pub fn pull(&mut self, request: &PullRequest) -> Result<String, Refusal> {
        let mut page = self.page(request)?;
        page.follows = request.place().map(place_digest);
        Ok(serde_json::to_string(&page).unwrap())
    }

    fn page(&mut self, request: &PullRequest) -> Result<DeltaPage, Refusal> {
        if let Some(resume) = &request.resume {
            let (pass, number) = resume.token.split_once('/').unwrap();
            let page = self.passes.get(pass).and_then(|pages| pages.get(number.parse::<usize>().unwrap()));
            return page.cloned().ok_or(Refusal::CursorStale);
        }
        let pages = self.delta(request)?;
        let page = pages[0].clone();
        self.passes.insert(format!("{}", self.passes.len()), pages);
        Ok(page)
    }

    fn news(&self, request: &PullRequest) -> Option<Permissions> {
        let known = request.permissions.as_ref()?;
        self.permissions.clone().filter(|permissions| permissions.digest != *known)
    }

    fn delta(&mut self, request: &PullRequest) -> Result<Vec<DeltaPage>, Refusal> {
        let sees = self.sees();
        let mut page = DeltaPage { permissions: self.news(request), ..DeltaPage::default() };
        let (held, since) = match &request.cursor {
            None => (request.held.ids.clone().unwrap().into_iter().collect::<BTreeSet<_>>(), None),
            Some(cursor) => {
                let (since, at_cursor) = self.cursors.get(&cursor.0).ok_or(Refusal::CursorStale)?;
                let held = match &request.held.ids {
                    Some(ids) => ids.iter().copied().collect(),
                    None if scopes_digest(at_cursor.iter().copied()) == request.held.digest => at_cursor.clone(),
                    None => return Err(Refusal::ScopesRequired),
                };
                (held, Some(*since))
            }
        };
        page.enter = sees.difference(&held).copied().collect();
        page.leave = held.difference(&sees).copied().collect();
        let sums = self.sums();
        let mut filled: BTreeSet<(&str, Uuid)> = BTreeSet::new();
        for table in REGISTRY.tables {
            let differs = |scope: &&Uuid| {
                let mine = sums.get(&(table.name, **scope)).copied().unwrap_or_default();
                let theirs = request.checksums.get(table.name).and_then(|scopes| scopes.get(scope));
                let fresh = page.enter.contains(scope);
                if since.is_some() { fresh } else { mine != theirs.copied().unwrap_or_default() }
            };
            let scopes: Vec<Uuid> = sees.iter().filter(differs).copied().collect();
            filled.extend(scopes.iter().map(|scope| (table.name, *scope)));
            if !scopes.is_empty() {
                page.fill.push(TableFill { table: table.name.into(), scopes, ..Default::default() });
            }
        }
        let changed: BTreeSet<RowKey> =
            since.map(|since| self.log[since..].iter().copied().collect()).unwrap_or_default();
        let mut items: Vec<(RowKey, Option<Row>)> = Vec::new();
        for (key, row) in &self.rows {
            let table = REGISTRY.table(key.table).unwrap();
            let scope = self.scope(table, row);
            if filled.contains(&(key.table, scope)) || (changed.contains(key) && sees.contains(&scope)) {
                items.push((*key, Some(table.encode_row(row))));
            }
        }
        let seen = self.seen();
        items.extend(changed.iter().filter(|key| !seen.contains_key(key)).map(|key| (*key, None)));
        page.rows_total = since.is_none().then_some(items.len() as u64);

        let cursor = format!("{}-{}", self.log.len(), self.cursors.len());
        self.cursors.insert(cursor.clone(), (self.log.len(), sees.clone()));
        let device = self.devices.get(&request.device_id).cloned().unwrap_or_default();
        let verdicts = (1..).zip(&device).filter(|(seq, _)| *seq > request.verdicts_through);
        let verdicts =
            verdicts.map(|(seq, (key, outcome))| Verdict { key: *key, seq, outcome: outcome.clone() }).collect();

        let pass = self.passes.len();
        let mut pages: Vec<DeltaPage> = Vec::new();
        let mut chunks = items.chunks(self.page_rows.max(1)).peekable();
        loop {
            let mut next = if pages.is_empty() { std::mem::take(&mut page) } else { DeltaPage::default() };
            for (key, row) in chunks.next().unwrap_or_default() {
                add(&mut next, *key, row.clone());
            }
            if chunks.peek().is_none() {
                next.cursor = Some(Cursor(cursor));
                next.last_seq = Some(device.len() as u64);
                next.last_key = device.last().map(|(key, _)| *key);
                next.verdicts = verdicts;
                next.manifest = (request.manifest && pages.is_empty()).then(|| manifest(&sums, &sees));
                pages.push(next);
                return Ok(pages);
            }
            next.resume = Some(format!("{pass}/{}", pages.len() + 1));
            pages.push(next);
        }
    }

    fn sums(&self) -> BTreeMap<(&'static str, Uuid), Checksum> {
        let mut sums: BTreeMap<_, Checksum> = BTreeMap::new();
        for (key, row) in &self.rows {
            let scope = self.scope(REGISTRY.table(key.table).unwrap(), row);
            sums.entry((key.table, scope)).or_default().add(row[REV].as_integer().unwrap());
        }
        sums
    }

    /// Forgets passes under way, as a restarted server might.
    pub fn forget_passes(&mut self) {
        self.passes.values_mut().for_each(Vec::clear);
    }
}

fn manifest(sums: &BTreeMap<(&'static str, Uuid), Checksum>, sees: &BTreeSet<Uuid>) -> Manifest {
    let mut manifest = Manifest::new();
    for ((table, scope), sum) in sums {
        if sees.contains(scope) {
            manifest.entry((*table).to_owned()).or_default().merge(*sum);
        }
    }
    manifest
}

pub fn add(page: &mut DeltaPage, key: RowKey, row: Option<Row>) {
    let position = page.tables.iter().position(|part| part.table == key.table).unwrap_or_else(|| {
        let columns = REGISTRY.table(key.table).unwrap().columns.iter().map(|column| column.name.to_owned()).collect();
        page.tables.push(TableRows { table: key.table.into(), columns, ..TableRows::default() });
        page.tables.len() - 1
    });
    match row {
        Some(row) => page.tables[position].rows.push(row),
        None => page.tables[position].removed.push(key.id),
    }
}
