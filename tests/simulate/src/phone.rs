//! A phone: the real store on a real file, and the real engine. What runs them is the world's schedule.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use satchel_client::{
    Reader, Store, StoreError,
    engine::{Engine, Limits},
    simulation::{self, Failpoint},
    store::{Identity, QueueEntry, QueueState, StoreOptions},
};
use satchel_protocol::context::ClientContext;
use satchel_trade::{REGISTRY, Rows, key_of, run_on_top};
use tempfile::TempDir;
use uuid::Uuid;

use crate::server::{ORG, Token};

const FILE: &str = "replica.db";
const LOG: &str = "replica.db-wal";

/// Room beyond what the file has when the storage is full, in bytes.
const TINY_BYTES: u64 = 8 * 1024;

/// A transaction that will not commit.
#[derive(Clone, Copy, Debug)]
pub struct Armed {
    /// Transactions that are spared.
    pub skip: u32,
    /// How it ends.
    pub how: Failpoint,
    /// For a phone that dies of it: until it is started again.
    pub down_ms: u64,
}

/// See the module.
pub struct Phone {
    /// Whose.
    pub user_id: Uuid,
    /// What its requests carry.
    pub token: Token,
    /// Kept outside backups.
    pub nonce: Uuid,
    /// How far its clock is off.
    pub clock_ms: i64,
    /// Counts its starts.
    pub incarnation: u64,
    /// None while it is off.
    pub engine: Option<Engine>,
    /// Whether the app is awake.
    pub awake: bool,
    /// Whether the device says that it has a network.
    pub network: bool,
    /// What will go wrong next.
    pub armed: Option<Armed>,
    /// A backup of its file, and when it was made.
    pub saved: Option<(TempDir, u64)>,
    /// Whether its storage is full.
    pub full: bool,
    /// Whether its file is, or was made from, one that another phone may have gone on with. Such a phone shows what the
    /// other sent twice until it has the verdict on it.
    pub copied: bool,
    base: PathBuf,
    folder: TempDir,
    store: Option<Store>,
    reader: Option<Reader>,
    synced_bytes: u64,
}

/// How a call on the store ended.
pub enum Called<T> {
    /// As the store says.
    Done(T),
    /// The phone died in the middle; it is off until then, in milliseconds.
    Died(u64),
}

impl Phone {
    /// A new phone, switched off, with its file below `base`.
    pub fn new(base: &Path, user_id: Uuid, token: Token, nonce: Uuid) -> io::Result<Self> {
        Ok(Self {
            user_id,
            token,
            nonce,
            clock_ms: 0,
            incarnation: 0,
            engine: None,
            awake: true,
            network: true,
            armed: None,
            saved: None,
            full: false,
            copied: false,
            base: base.to_owned(),
            folder: TempDir::new_in(base)?,
            store: None,
            reader: None,
            synced_bytes: 0,
        })
    }

    /// Whether it is on.
    pub fn is_on(&self) -> bool {
        self.store.is_some()
    }

    /// Switches it on.
    pub fn start(&mut self) -> Result<(), StoreError> {
        let path = self.folder.path().join(FILE);
        let max_file_bytes = self.full.then(|| {
            let bytes = |name| self.folder.path().join(name).metadata().map_or(0, |file| file.len());
            bytes(FILE).max(bytes(LOG)) + TINY_BYTES
        });
        let identity = Identity { org_id: ORG, user_id: self.user_id, technician_id: None, roles: vec![] };
        let options = StoreOptions { max_file_bytes, install_nonce: Some(self.nonce), key: None };
        let store = Store::open(&path, &REGISTRY, &identity, options)?;
        self.reader = Some(store.reader()?);
        self.store = Some(store);
        self.synced_bytes = self.log_bytes();
        self.engine = Some(Engine::new(Limits::default()));
        self.incarnation += 1;
        self.awake = true;
        Ok(())
    }

    /// `kill -9`: another process will find the file and its log as they are now. When the power goes, the log ends
    /// somewhere behind what was synced: `torn` says where, in thousandths.
    pub fn kill(&mut self, torn: Option<u64>) -> io::Result<()> {
        let folder = TempDir::new_in(&self.base)?;
        self.copy_to(folder.path(), torn)?;
        self.let_go();
        self.folder = folder;
        Ok(())
    }

    fn copy_to(&self, folder: &Path, torn: Option<u64>) -> io::Result<()> {
        for name in [FILE, LOG] {
            match fs::copy(self.folder.path().join(name), folder.join(name)) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        let log = folder.join(LOG);
        if let (Some(torn), Ok(found)) = (torn, log.metadata()) {
            let unsynced = found.len().saturating_sub(self.synced_bytes);
            let kept = self.synced_bytes.min(found.len()) + unsynced * torn / 1_000;
            fs::OpenOptions::new().write(true).open(&log)?.set_len(kept)?;
        }
        Ok(())
    }

    fn let_go(&mut self) {
        self.reader = None;
        self.store = None;
        self.engine = None;
        self.incarnation += 1;
    }

    /// Backs its file up.
    pub fn save(&mut self, now_ms: u64) -> io::Result<()> {
        let folder = TempDir::new_in(&self.base)?;
        self.copy_to(folder.path(), None)?;
        self.saved = Some((folder, now_ms));
        Ok(())
    }

    /// A phone with a copy of this one's file, switched off.
    pub fn copy(&self, nonce: Uuid) -> io::Result<Self> {
        let copy = Self::new(&self.base, self.user_id, self.token, nonce)?;
        self.copy_to(copy.folder.path(), None)?;
        Ok(copy)
    }

    /// Kills it and puts the backup in its file's place; when the backup was made, if there is one.
    pub fn go_back(&mut self, nonce: Uuid) -> io::Result<Option<u64>> {
        let Some((folder, saved_ms)) = self.saved.take() else { return Ok(None) };
        self.let_go();
        self.folder = folder;
        self.nonce = nonce;
        Ok(Some(saved_ms))
    }

    /// The store of a phone that is on.
    pub fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }

    /// Calls the store; what is armed may strike.
    pub fn call<T>(&mut self, call: impl FnOnce(&Store) -> T) -> Option<Called<T>> {
        let store = self.store.as_ref()?;
        if let Some(armed) = self.armed {
            simulation::fail_after(armed.skip, armed.how);
        }
        let synced = simulation::commits_synced();
        let value = call(store);
        if simulation::commits_synced() != synced {
            self.synced_bytes = self.log_bytes();
        }
        if let Some(armed) = &mut self.armed {
            match simulation::stop_failing() {
                Some(left) => armed.skip = left,
                None => {
                    let Armed { how, down_ms, .. } = *armed;
                    self.armed = None;
                    if how == Failpoint::Killed {
                        return Some(Called::Died(down_ms));
                    }
                }
            }
        }
        Some(Called::Done(value))
    }

    fn log_bytes(&self) -> u64 {
        self.folder.path().join(LOG).metadata().map_or(0, |log| log.len())
    }

    /// What is recorded with a tap.
    pub fn context(&self, now_ms: u64) -> ClientContext {
        let wall_ms = crate::world::wall_ms(now_ms) + self.clock_ms;
        let at = Timestamp::from_millisecond(wall_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        ClientContext { clock_trusted: false, ..ClientContext::at(at) }
    }

    /// The rows it shows.
    pub fn shown(&self) -> Rows {
        self.rows(|reader, table| reader.rows(table))
    }

    /// The rows as the server last said.
    pub fn server_rows(&self) -> Rows {
        self.rows(|reader, table| reader.server_rows(table))
    }

    fn rows(
        &self,
        read: impl Fn(&Reader, &'static satchel_protocol::Table) -> Result<Vec<satchel_protocol::Row>, StoreError>,
    ) -> Rows {
        let Some(reader) = &self.reader else { return Rows::new() };
        let rows = REGISTRY.tables.iter().flat_map(|table| {
            let rows = read(reader, table).expect("a replica that can be read");
            rows.into_iter().map(|row| (key_of(table, &row), row)).collect::<Vec<_>>()
        });
        rows.collect()
    }

    /// The reading of every meter it shows.
    pub fn readings(&self) -> Vec<(Uuid, i64)> {
        let Some(reader) = &self.reader else { return Vec::new() };
        let meters = reader.all::<satchel_trade::Meter>().expect("meters");
        meters.into_iter().map(|meter| (meter.id.uuid(), meter.reading)).collect()
    }

    /// What must hold at every moment: what is shown is what the server said, with every undecided mutation run anew on
    /// top; memory equals disk. What is wrong, if anything is.
    pub fn inconsistency(&self) -> Option<String> {
        let store = self.store.as_ref()?;
        let queue = store.queue().expect("a queue that can be read");
        let (server_rows, shown) = (self.server_rows(), self.shown());
        let runs = |entry: &&QueueEntry| {
            let server_only = REGISTRY.mutation(&entry.name).is_none_or(|kind| kind.server_only);
            entry.state != QueueState::Rejected && !entry.contained && !server_only
        };
        let mutations = queue.iter().filter(runs).map(|entry| {
            let context: ClientContext = serde_json::from_str(entry.context.get()).expect("a context");
            (entry.name.as_str(), entry.args.get(), store.identity().ctx(entry.key, &context))
        });
        if let Some(difference) = difference(&shown, &run_on_top(&server_rows, mutations).0) {
            return Some(format!("what is shown is not the server's rows with the queue on top: {difference}"));
        }
        let sums = store.verify_local().expect("sums that can be read");
        (!sums.is_empty()).then(|| format!("checksums do not fit the rows: {sums:?}"))
    }
}

/// The first row in which two sets of rows differ.
pub fn difference(found: &Rows, expected: &Rows) -> Option<String> {
    let keys = found.keys().chain(expected.keys());
    let differs = keys.into_iter().find(|key| found.get(key) != expected.get(key))?;
    Some(format!("{differs:?} is {:?}, should be {:?}", found.get(differs), expected.get(differs)))
}
