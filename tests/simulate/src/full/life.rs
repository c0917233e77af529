//! One history: people, processes and wires, and what happens to them when its time has come.
//!
//! Invariants:
//! - What is done to phones is done one after the other; what is done to server, database and by the office goes on beside
//!   it, and healing waits for its end.
//! - Nothing is recorded as entered before its phone said so.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use satchel_server::seed::SeededUser;
use satchel_tests::postgres::TestDatabase;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    sync::Mutex as AsyncMutex,
    task::JoinSet,
    time::{Instant, sleep_until},
};
use uuid::Uuid;

use super::{
    Programs,
    office::Clerk,
    phone::Phone,
    plan::Plan,
    record::Record,
    server::Server,
    site::{Backup, Cast, Site},
};
use crate::record::{Broken, Promise};

/// Milliseconds after the last step at which healing begins.
const AFTER_MS: u64 = 300;
/// Seconds within which phones have to fill before things go wrong.
const FILL_MOST_S: u64 = 40;

/// What happens.
#[derive(Clone, Copy, Debug)]
pub(super) enum Happening {
    Step(usize),
    PhoneOn(usize),
    Thaw(usize),
    Mend(usize),
    /// The device says that its network is back.
    NetworkUp(usize),
    Room(usize),
    ServerOn,
    ServerThaw,
    Reinstate(usize),
}

/// See the module.
pub struct Life {
    pub(super) plan: Plan,
    pub(super) programs: Programs,
    pub(super) site: Arc<Site>,
    pub(super) cast: Arc<Cast>,
    pub(super) database: Arc<AsyncMutex<TestDatabase>>,
    pub(super) server: Arc<Server>,
    /// Plans.
    pub(super) dispatcher: Arc<Clerk>,
    /// Takes access away and gives it back.
    pub(super) owner: Arc<Clerk>,
    pub(super) phones: Vec<Phone>,
    /// By phone, as it last signed in.
    pub(super) devices: Vec<Option<Uuid>>,
    pub(super) record: Record,
    pub(super) backup: Arc<Mutex<Option<Backup>>>,
    /// Whether there was ever a backup.
    pub(super) backs_up: bool,
    /// Keys of what the office did and had answered.
    pub(super) errands: Arc<Mutex<Vec<Uuid>>>,
    /// What goes on beside.
    pub(super) works: JoinSet<anyhow::Result<()>>,
    pub(super) folder: TempDir,
    pub(super) injected: BTreeMap<&'static str, u64>,
    pub(super) broken: Option<Broken>,
    agenda: BTreeMap<(u64, usize), Happening>,
    began: Instant,
    happened: usize,
}

impl Life {
    /// Everybody is there and signed in; files are made below `base`.
    pub async fn begin(plan: Plan, site: Arc<Site>, programs: &Programs, base: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("history-").tempdir_in(base)?;
        let (database, cast) = site.contractor().await?;
        let server = Arc::new(Server::start(&programs.server, database.url(), folder.path()));
        let clerk = |role: &str| {
            let user = cast.organization.user(role).with_context(|| format!("nobody is {role}"))?;
            let clerk = Clerk::new(server.address(), cast.organization.org_id, &user.email, &user.password);
            anyhow::Ok(Arc::new(clerk))
        };
        let mut life = Self {
            programs: programs.clone(),
            dispatcher: clerk("dispatcher")?,
            owner: clerk("owner")?,
            site,
            cast,
            database: Arc::new(AsyncMutex::new(database)),
            server,
            phones: Vec::new(),
            devices: Vec::new(),
            record: Record::default(),
            backup: Arc::default(),
            backs_up: false,
            errands: Arc::default(),
            works: JoinSet::new(),
            folder,
            injected: BTreeMap::new(),
            broken: None,
            agenda: BTreeMap::new(),
            began: Instant::now(),
            happened: 0,
            plan,
        };
        life.server.listening().await?;
        for owner in life.plan.owners.clone() {
            let number = life.add_phone(owner.into()).await;
            life.phones[number].start()?;
        }
        for number in 0..life.phones.len() {
            life.sign_in(number).await?;
        }
        if !life.plan.early {
            for phone in &mut life.phones {
                let synced = phone.is_synced(Duration::from_secs(FILL_MOST_S)).await?;
                anyhow::ensure!(synced, "a phone does not fill: {}", phone.status().await?);
            }
        }
        Ok(life)
    }

    /// A phone that is off, with a wire of its own.
    pub(super) async fn add_phone(&mut self, owner: usize) -> usize {
        let number = self.phones.len();
        let folder = self.phone_folder(number);
        self.phones.push(Phone::new(&self.programs.phone, folder, owner, self.server.air().await));
        self.devices.push(None);
        number
    }

    pub(super) fn phone_folder(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("phone-{number}"))
    }

    /// The user of a technician.
    pub(super) fn user(&self, owner: usize) -> anyhow::Result<&SeededUser> {
        let technician = self.cast.organization.technicians.get(owner).context("no such technician")?;
        let mut users = self.cast.organization.users.iter();
        users.find(|user| user.user_id == technician.user_id).context("a technician without a user")
    }

    /// A person signs in.
    pub(super) async fn sign_in(&mut self, number: usize) -> anyhow::Result<()> {
        let user = self.user(self.phones[number].owner)?;
        let org_id = self.cast.organization.org_id;
        let command = json!({ "do": "sign_in", "email": user.email, "password": user.password, "org_id": org_id });
        let answer: Value = self.phones[number].ask(command).await?;
        self.devices[number] = answer["signed_in"]["device_id"].as_str().and_then(|id| id.parse().ok());
        Ok(())
    }

    /// Lives until healing begins.
    pub async fn live(&mut self) -> anyhow::Result<()> {
        self.began = Instant::now();
        for (place, (at_ms, _)) in self.plan.steps.clone().into_iter().enumerate() {
            self.at(at_ms, Happening::Step(place));
        }
        let end_ms = self.plan.steps.last().map_or(0, |(at_ms, _)| *at_ms) + AFTER_MS;
        while let Some(((at_ms, _), what)) = self.agenda.pop_first() {
            // What would end later is ended by healing.
            if at_ms > end_ms || self.broken.is_some() {
                break;
            }
            sleep_until(self.began + Duration::from_millis(at_ms)).await;
            self.happen(what).await?;
        }
        self.agenda.clear();
        if self.broken.is_none() {
            sleep_until(self.began + Duration::from_millis(end_ms)).await;
        }
        Ok(())
    }

    fn at(&mut self, at_ms: u64, what: Happening) {
        self.happened += 1;
        self.agenda.insert((at_ms, self.happened), what);
    }

    pub(super) fn after(&mut self, wait_ms: u64, what: Happening) {
        self.at(self.now_ms() + wait_ms, what);
    }

    /// Milliseconds since the history began.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub(super) fn breaks(&mut self, promise: Promise, how: impl Into<String>) {
        if self.broken.is_none() {
            self.broken = Some(Broken::new(promise, how));
        }
    }

    async fn happen(&mut self, what: Happening) -> anyhow::Result<()> {
        match what {
            Happening::Step(place) => self.step(place).await?,
            Happening::PhoneOn(phone) => self.phones[phone].start()?,
            Happening::Thaw(phone) => self.phones[phone].thaw(),
            Happening::Mend(phone) => self.phones[phone].mend(),
            Happening::NetworkUp(phone) => self.set_network(phone, true).await?,
            Happening::Room(phone) => self.room_again(phone).await?,
            Happening::ServerOn => self.server.go_on(),
            Happening::ServerThaw => self.server.thaw(),
            Happening::Reinstate(owner) => {
                let (user_id, clerk) = (self.user(owner)?.user_id, self.owner.clone());
                self.works.spawn(async move { clerk.set_active(user_id, true).await.map(drop) });
            }
        }
        Ok(())
    }

    /// Waits for the end of what goes on beside.
    pub(super) async fn join_works(&mut self) -> anyhow::Result<()> {
        while let Some(work) = self.works.join_next().await {
            work.context("a work broke off")??;
        }
        Ok(())
    }

    /// Switches everything off, so that the next history finds the site as it was.
    pub async fn end(mut self) {
        self.works.shutdown().await;
        for phone in &mut self.phones {
            // One that is gone is as good.
            let _ = phone.kill().await;
        }
        self.server.hold();
    }

    /// What the office did and had answered.
    pub(super) fn errands(&self) -> Vec<Uuid> {
        self.errands.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What a mutex holds, whoever panicked holding it.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
