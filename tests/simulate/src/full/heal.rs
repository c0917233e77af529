//! The world behaves again: everything is switched on, everybody is let in who may be, wires are mended and the devices
//! say so. From that moment on it is measured until everybody is at rest.

use std::time::Duration;

use anyhow::Context as _;
use futures_util::future::try_join_all;
use satchel_domain::REGISTRY;
use satchel_server::database::{Caller, Database, PoolLimits};
use satchel_tests::{
    postgres::TestDatabase,
    replica::{Rows, visible},
};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{life::Life, plan::Entry};
use crate::record::{Broken, Promise};

/// Seconds after which somebody who is not at rest never will be.
const REST_MOST_S: u64 = 60;
/// Milliseconds between looks at phones that are not at rest.
const LOOK_MS: u64 = 100;
/// Milliseconds between looks at phones that differ from the server although they are at rest.
const AGAIN_MS: u64 = 50;

/// What everybody came to rest with.
pub struct Rest {
    /// Milliseconds it took until the last phone had been read.
    pub took_ms: u64,
    /// Rows compared.
    pub rows: usize,
    /// What it waited for last.
    pub waited_for: String,
}

impl Life {
    /// Heals the world. Milliseconds from mended wires to rest, and rows compared; none when a promise was broken.
    pub async fn heal(&mut self) -> anyhow::Result<Option<Rest>> {
        // What is no wire is put right first: it is not what is measured.
        self.server.thaw();
        self.server.go_on();
        self.join_works().await?;
        self.server.listening().await?;
        for technician in self.cast.organization.technicians.clone() {
            self.owner.set_active(technician.user_id, true).await?;
        }
        for number in 0..self.phones.len() {
            self.phones[number].thaw();
            self.room_again(number).await?;
            self.phones[number].start()?;
            self.look_for_reasons(number).await?;
        }
        if self.broken.is_some() {
            return Ok(None);
        }
        let healed = Instant::now();
        for phone in &self.phones {
            phone.mend();
        }
        for number in 0..self.phones.len() {
            self.set_network(number, true).await?;
        }
        let Some(rest) = self.come_to_rest(healed).await? else { return Ok(None) };
        // Everybody is connected and idle: what happens now has to arrive by itself.
        self.by_hand(u32::from(self.plan.seed as u16), 0, true);
        self.join_works().await?;
        for number in 0..self.phones.len() {
            self.tap(number, Entry::Sentence, number as u32).await?;
        }
        let Some(last) = self.come_to_rest(Instant::now()).await? else { return Ok(None) };
        Ok(Some(Rest { rows: rest.rows + last.rows, ..rest }))
    }

    /// Whatever waits on a phone says why, and what comes next (P8).
    async fn look_for_reasons(&mut self, number: usize) -> anyhow::Result<()> {
        let status = self.phones[number].status().await?;
        let waiting = &status["waiting"];
        let told = |field: &str| waiting[field].as_str().is_some_and(|text| !text.is_empty());
        if !(waiting.is_null() || told("reason") && told("next_step")) {
            self.breaks(Promise::Wedged, format!("phone {number} does not say why it waits: {waiting}"));
        }
        Ok(())
    }

    /// Waits until every phone is at rest and shows what the server lets its owner see.
    async fn come_to_rest(&mut self, since: Instant) -> anyhow::Result<Option<Rest>> {
        let database = self.database.clone();
        let database = database.lock().await;
        let service = open(&database).await?;
        let most = Duration::from_secs(REST_MOST_S);
        let mut waited_for = String::new();
        loop {
            let unrest = self.unrest().await?;
            let broken = match unrest {
                Some(unrest) => Broken::new(Promise::Wedged, unrest),
                None => {
                    let held = try_join_all(self.phones.iter_mut().map(|phone| phone.every_row(false))).await?;
                    let took_ms = u64::try_from(since.elapsed().as_millis())?;
                    match self.difference(&database, &service, &held).await? {
                        None => {
                            service.close().await;
                            let rows = held.iter().map(Rows::len).sum();
                            return Ok(Some(Rest { took_ms, rows, waited_for }));
                        }
                        Some(broken) => broken,
                    }
                }
            };
            waited_for.clone_from(&broken.how);
            if since.elapsed() > most {
                service.close().await;
                self.broken.get_or_insert(broken);
                return Ok(None);
            }
            sleep(Duration::from_millis(AGAIN_MS)).await;
        }
    }

    /// Who is not at rest, and why. Whoever is asked to sign in does.
    async fn unrest(&mut self) -> anyhow::Result<Option<String>> {
        let looks = self.phones.iter_mut().map(|phone| phone.is_synced(Duration::from_millis(LOOK_MS)));
        let synced = try_join_all(looks).await?;
        let Some(number) = synced.iter().position(|synced| !synced) else { return Ok(None) };
        let status = self.phones[number].status().await?;
        if status["connection"] == "needs_sign_in" {
            // Postgres may just have come back; then it is tried again.
            let _ = self.sign_in(number).await;
        }
        Ok(Some(format!("phone {number} is not at rest: {status}")))
    }

    /// The first thing a phone shows that its owner should not see, or does not show as the server has it.
    async fn difference(
        &self,
        database: &TestDatabase,
        service: &Database,
        held: &[Rows],
    ) -> anyhow::Result<Option<Broken>> {
        let org_id = self.cast.organization.org_id;
        for (number, rows) in held.iter().enumerate() {
            let caller = Caller::trusted(org_id, self.user(self.phones[number].owner)?.user_id);
            let (_, seen) = visible(service, &REGISTRY, &caller).await;
            if let Some(key) = rows.keys().find(|key| !seen.contains_key(*key)) {
                let how = format!("phone {number} holds {key:?}, which its owner does not see");
                let gone = is_gone(database, key, org_id).await?;
                return Ok(Some(Broken::new(if gone { Promise::Diverged } else { Promise::Leaked }, how)));
            }
            if let Some(key) = seen.keys().find(|key| rows.get(*key) != seen.get(*key)) {
                let how = format!("phone {number}: {key:?} is {:?}, should be {:?}", rows.get(key), seen.get(key));
                return Ok(Some(Broken::new(Promise::Diverged, how)));
            }
        }
        Ok(None)
    }
}

/// Whether a row that is not seen is not there at all.
async fn is_gone(database: &TestDatabase, (table, id): &(String, Uuid), org_id: Uuid) -> anyhow::Result<bool> {
    let table = REGISTRY.table(table).context("a table of the trade")?;
    let sql = format!("select not exists (select from satchel.{} where org_id = $1 and id = $2)", table.name);
    let mut connection = database.connect().await;
    let gone = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(org_id).bind(id).fetch_one(&mut connection).await?;
    Ok(gone)
}

/// The server's own way into the database.
async fn open(database: &TestDatabase) -> anyhow::Result<Database> {
    let service = satchel_tests::database::as_service(database);
    Ok(Database::connect(service, PoolLimits { push: 1, pull: 2, accounts: 1, housekeeping: 1 }).await?)
}
