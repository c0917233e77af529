//! A phone under test: a store on a file, and what must always hold of it.

use std::path::PathBuf;

use satchel_client::{
    Store, StoreError,
    store::{Identity, Mutated, QueueEntry, QueueState, StoreOptions},
};
use satchel_protocol::{Mutation, context::ClientContext, wire::PullRequest};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{
    server::{Refusal, Rows, Server, key_of},
    trade::{REGISTRY, run_on_top},
};

pub const ORG: Uuid = Uuid::from_u128(0x0a);
pub const USER: Uuid = Uuid::from_u128(0x0b);

pub struct Phone {
    pub folder: tempfile::TempDir,
    options: StoreOptions,
    store: Option<Store>,
}

pub fn identity() -> Identity {
    Identity { org_id: ORG, user_id: USER, technician_id: None, roles: vec![] }
}

pub fn context() -> ClientContext {
    ClientContext::at("2026-03-01T08:00:00Z".parse().unwrap())
}

pub fn server() -> Server {
    Server::new(ORG, USER)
}

impl Phone {
    pub fn new() -> Self {
        Self::with_options(StoreOptions::default())
    }

    pub fn with_options(options: StoreOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut phone = Self { folder, options, store: None };
        phone.reopen();
        phone
    }

    /// A phone that has this file already.
    pub fn with_file(file: &std::path::Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut phone = Self { folder, options: StoreOptions::default(), store: None };
        std::fs::copy(file, phone.path()).unwrap();
        phone.reopen();
        phone
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("replica.db")
    }

    pub fn open(&self) -> Result<Store, StoreError> {
        Store::open(&self.path(), &REGISTRY, &identity(), self.options.clone())
    }

    /// Everything in memory is lost.
    pub fn reopen(&mut self) {
        self.store = None;
        self.store = Some(self.open().unwrap());
    }

    /// As after `kill -9`: another process finds the file and its log as they were at that moment.
    pub fn crash(&mut self) {
        let folder = tempfile::tempdir().unwrap();
        for name in ["replica.db", "replica.db-wal"] {
            std::fs::copy(self.folder.path().join(name), folder.path().join(name)).unwrap();
        }
        self.store = None;
        self.folder = folder;
        self.reopen();
    }

    pub fn close(&mut self) {
        self.store = None;
    }

    pub fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    pub fn mutate<M: Mutation>(&self, mutation: &M) -> Mutated {
        let args = serde_json::value::to_raw_value(mutation).unwrap();
        self.store().mutate(M::NAME, args, &context()).unwrap()
    }

    /// Queues it and gives its key; panics when refused.
    pub fn queue<M: Mutation>(&self, mutation: &M) -> Uuid {
        match self.mutate(mutation) {
            Mutated::Queued { key, .. } => key,
            Mutated::Refused(rejection) => panic!("refused: {rejection:?}"),
        }
    }

    pub fn request(&self, server: &mut Server) -> PullRequest {
        let request = self.store().pull_request().unwrap();
        match server.clone().pull(&request) {
            Err(Refusal::ScopesRequired) => self.store().pull_request_with_ids().unwrap(),
            Err(Refusal::CursorStale) => {
                self.store().forget_cursor().unwrap();
                self.store().pull_request().unwrap()
            }
            _ => request,
        }
    }

    /// Pulls pages until the pass is complete, or `pages` were received.
    pub fn pull(&self, server: &mut Server, pages: usize) -> Option<satchel_client::store::Applied> {
        let mut last = None;
        for _ in 0..pages {
            let request = self.request(server);
            let page = server.pull(&request).unwrap();
            let applied = self.store().apply_page(&page).unwrap();
            let complete = applied.complete;
            last = Some(applied);
            if complete {
                break;
            }
        }
        last
    }

    pub fn push(&self, server: &mut Server, max: usize) -> usize {
        let batch = self.store().next_batch(max, usize::MAX).unwrap();
        if batch.is_empty() {
            return 0;
        }
        match server.push(self.store().device_id(), &batch) {
            Ok(response) => self.store().apply_push(&response).unwrap().settled,
            Err(Refusal::SequenceGap(expected)) => {
                self.store().renumber_from(expected).unwrap();
                0
            }
            Err(refusal) => panic!("{refusal:?}"),
        }
    }

    /// Pushes and pulls until nothing is left to do.
    pub fn sync(&self, server: &mut Server) {
        for _ in 0..50 {
            self.push(server, 500);
            // A pass begun long ago ends where the server was then.
            let fresh = self.request(server).resume.is_none();
            self.pull(server, 1_000);
            let summary = self.store().queue_summary();
            if fresh
                && summary.unsent() + summary.accepted == 0
                && self.store().readiness() == satchel_client::store::Readiness::Ready
            {
                return;
            }
        }
        panic!("does not come to rest: {:?} {:?}", self.store().queue_summary(), self.store().readiness());
    }

    pub fn shown(&self) -> Rows {
        let reader = self.store().reader().unwrap();
        let rows = REGISTRY.tables.iter().flat_map(|table| {
            reader.rows(table).unwrap().into_iter().map(|row| (key_of(table, &row), row)).collect::<Vec<_>>()
        });
        rows.collect()
    }

    pub fn server_rows(&self) -> Rows {
        let reader = self.store().reader().unwrap();
        let rows = REGISTRY.tables.iter().flat_map(|table| {
            reader.server_rows(table).unwrap().into_iter().map(|row| (key_of(table, &row), row)).collect::<Vec<_>>()
        });
        rows.collect()
    }

    /// What must hold at every moment: the rows shown are the server's with the effects of all undecided mutations,
    /// run anew in order; checksums are right; memory equals disk.
    pub fn check(&self) {
        self.check_holds();
        let queue = self.store().queue().unwrap();
        let runs = |entry: &&QueueEntry| {
            entry.state != QueueState::Rejected
                && !entry.contained
                && !REGISTRY.mutation(&entry.name).unwrap().server_only
        };
        let shown: Vec<&QueueEntry> = queue.iter().filter(runs).collect();
        let mutations = shown.iter().map(|entry| {
            let context: ClientContext = serde_json::from_str(entry.context.get()).unwrap();
            (entry.name.as_str(), entry.args.get(), identity().ctx(entry.key, &context))
        });
        let (expected, refusals) = run_on_top(&self.server_rows(), mutations);
        for (entry, refused) in shown.iter().zip(refusals) {
            if entry.state != QueueState::Accepted {
                assert_eq!(refused, entry.may_be_refused, "{}", entry.name);
            }
        }
        similar_rows(&self.shown(), &expected);
        assert_eq!(self.store().verify_local().unwrap(), vec![]);
    }

    /// What is held waits for something refused, and was never numbered; numbers rise with the order, without gaps
    /// among the undecided.
    fn check_holds(&self) {
        let queue = self.store().queue().unwrap();
        let state_of = |key| queue.iter().find(|entry| entry.key == key).map(|entry| entry.state);
        let mut last_seq = None;
        let mut last_order = 0;
        for entry in &queue {
            assert!(entry.local_order > last_order);
            last_order = entry.local_order;
            if let QueueState::Held { by } = entry.state {
                assert!(entry.seq.is_none() && entry.may_be_refused.is_some(), "{entry:?}");
                let waits = state_of(by);
                assert!(matches!(waits, Some(QueueState::Rejected | QueueState::Held { .. })), "{by} {waits:?}");
            }
            if let (QueueState::Sending, Some(seq)) = (entry.state, entry.seq) {
                assert!(last_seq.is_none_or(|last| last < seq), "{queue:?}");
                last_seq = Some(seq);
            }
        }
    }
}

/// Compares row by row, so that a failure is readable.
pub fn similar_rows(found: &Rows, expected: &Rows) {
    for key in found.keys().chain(expected.keys()) {
        assert_eq!(found.get(key), expected.get(key), "{key:?}");
    }
}

pub fn raw(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).unwrap()
}
