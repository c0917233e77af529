//! What is done when a step's time has come.

use std::{path::PathBuf, time::Duration};

use anyhow::Context as _;
use satchel_domain::mutations::{AssignTech, CreateNote, UnassignTech, UpdateJob};
use satchel_protocol::{Id, Mutation};
use serde_json::{Value, json};
use sqlx::Connection as _;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{
    acts,
    life::{Happening, Life, lock},
    office::Answer,
    phone::{Said, key_of},
    plan::{Copy, Cut, Entry, Errand, Step},
    record::Effect,
    site::{self, Backup, Place},
};
use crate::record::Promise;

/// Milliseconds a phone is off while its folder is copied.
const COPY_OFF_MS: u64 = 50;
/// Milliseconds until a copy of a phone is switched on: the other goes on meanwhile.
const COPY_ON_MS: u64 = 300;
/// Milliseconds between a tap and the loss of the connection that would have brought the answer.
const ANSWER_LOST_MS: u64 = 400;

impl Life {
    pub(super) async fn step(&mut self, place: usize) -> anyhow::Result<()> {
        let step = self.plan.steps[place].1;
        if step != Step::Restore || self.backs_up {
            step.fault().into_iter().for_each(|name| *self.injected.entry(name).or_default() += 1);
        }
        match step {
            Step::Tap { phone, entry, luck } => self.tap(phone.into(), entry, luck).await?,
            Step::Retry(phone) => self.retry(phone.into()).await?,
            Step::Undo(phone) => self.undo(phone.into()).await?,
            Step::Office { errand, luck } => self.errand(errand, luck),
            Step::ByHand { luck, for_ms, commits } => self.by_hand(luck, for_ms, commits),
            Step::Kill { phone, down_ms } => {
                self.phones[usize::from(phone)].kill().await?;
                self.after(down_ms, Happening::PhoneOn(phone.into()));
            }
            Step::KillInTap { phone, entry, luck, after_us, down_ms } => {
                let number = usize::from(phone);
                if let Some(act) = self.act(number, entry, luck).await? {
                    self.record.unanswered += 1;
                    self.phones[number].begin(act.command).await?;
                    sleep(Duration::from_micros(after_us)).await;
                }
                self.phones[number].kill().await?;
                self.after(down_ms, Happening::PhoneOn(number));
            }
            Step::Freeze { phone, for_ms } => {
                self.phones[usize::from(phone)].freeze();
                self.after(for_ms, Happening::Thaw(phone.into()));
            }
            Step::Cut { phone, how, for_ms, told } => self.cut(phone.into(), how, for_ms, told).await?,
            Step::BreakOff(phone) => self.phones[usize::from(phone)].air.break_off(),
            Step::Delay { phone, by_ms, for_ms } => {
                self.phones[usize::from(phone)].air.delay(Duration::from_millis(by_ms));
                self.after(for_ms, Happening::Mend(phone.into()));
            }
            Step::CutInPage { phone, bytes, for_ms } => {
                self.phones[usize::from(phone)].air.cut_after_down(bytes);
                self.after(for_ms, Happening::Mend(phone.into()));
            }
            Step::LoseAnswer { phone, luck } => {
                self.phones[usize::from(phone)].air.swallow_down();
                self.tap(phone.into(), Entry::Sentence, luck).await?;
                self.after(ANSWER_LOST_MS, Happening::Mend(phone.into()));
            }
            Step::RefuseWebSockets { phone, for_ms } | Step::RepeatPushes { phone, for_ms } => {
                let air = &self.phones[usize::from(phone)].air;
                air.refuse_websockets();
                if matches!(step, Step::RepeatPushes { .. }) {
                    air.repeat_pushes();
                }
                air.break_off();
                self.after(for_ms, Happening::Mend(phone.into()));
            }
            Step::FullDisk { phone, for_ms } => {
                let number = usize::from(phone);
                self.phones[number].kill().await?;
                self.phones[number].full = true;
                self.phones[number].start()?;
                self.after(for_ms, Happening::Room(number));
            }
            Step::KillServer { down_ms } => {
                self.server.kill();
                self.after(down_ms, Happening::ServerOn);
            }
            Step::RestartServer => self.server.restart(),
            Step::FreezeServer { for_ms } => {
                self.server.freeze();
                self.after(for_ms, Happening::ServerThaw);
            }
            Step::StopPostgres { down_ms } => {
                self.works.spawn(self.site.clone().blink(down_ms));
            }
            Step::BackUp(how) => self.back_up(how),
            Step::Restore => self.restore(),
            Step::Clone(phone) => self.clone_phone(phone.into()).await?,
            Step::SaveFolder(phone) => {
                let number = usize::from(phone);
                let path = self.copy_folder(number, "saved").await?;
                self.phones[number].saved = Some((path, self.record.count()));
            }
            Step::RestoreFolder(phone) => self.restore_folder(phone.into()).await?,
            Step::Revoke { phone, for_ms } => {
                let owner = self.phones[usize::from(phone)].owner;
                let (user_id, clerk) = (self.user(owner)?.user_id, self.owner.clone());
                self.works.spawn(async move { clerk.set_active(user_id, false).await.map(drop) });
                self.after(for_ms, Happening::Reinstate(owner));
            }
            Step::RevokeDevice(phone) => {
                if let Some(device_id) = self.devices[usize::from(phone)] {
                    let clerk = self.owner.clone();
                    self.works.spawn(async move { clerk.revoke_device(device_id).await.map(drop) });
                }
            }
        }
        Ok(())
    }

    /// What somebody is about to enter, if the phone can be spoken to and shows something of that kind.
    async fn act(&mut self, number: usize, entry: Entry, luck: u32) -> anyhow::Result<Option<acts::Act>> {
        if !self.phones[number].is_awake() {
            return Ok(None);
        }
        let owner = self.phones[number].owner;
        let technician = self.cast.organization.technicians[owner].technician_id;
        let mark = self.record.count() + self.record.unanswered + 1;
        match acts::choose(&mut self.phones[number], technician, entry, luck, mark).await {
            Ok(act) => Ok(act),
            Err(_) if self.phones[number].full => {
                // One that cannot even write what it must to run has ended.
                self.phones[number].kill().await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Somebody taps. What the phone reports as done is recorded.
    pub(super) async fn tap(&mut self, number: usize, entry: Entry, luck: u32) -> anyhow::Result<()> {
        let Some(act) = self.act(number, entry, luck).await? else { return Ok(()) };
        let began = Instant::now();
        let said = match self.phones[number].tap(act.command).await {
            Err(_) if self.phones[number].full => {
                self.record.unanswered += 1;
                return self.phones[number].kill().await;
            }
            said => said?,
        };
        match said {
            Said::Key(key) => {
                self.record.tap_ms.push(u64::try_from(began.elapsed().as_millis())?);
                let (owner, now_ms) = (self.phones[number].owner, self.now_ms());
                self.record.enter(key, number, owner, act.name, now_ms, act.effect);
            }
            Said::Refused => {}
            Said::Failed(_) if self.phones[number].full => {}
            Said::Failed(how) => self.breaks(Promise::Lost, format!("a tap on phone {number} failed: {how}")),
        }
        Ok(())
    }

    /// Whether the lists of a phone can be asked for and changed.
    fn can_repair(&self, number: usize) -> bool {
        self.phones[number].is_awake() && !self.phones[number].full
    }

    async fn retry(&mut self, number: usize) -> anyhow::Result<()> {
        if !self.can_repair(number) {
            return Ok(());
        }
        let attention = self.phones[number].list("attention").await?;
        let Some(old) = attention.first().and_then(key_of) else { return Ok(()) };
        let before = self.phones[number].list("queue").await?;
        // What was settled or handed over meanwhile is refused.
        let _ = self.phones[number].tap(json!({ "do": "retry", "key": old })).await?;
        let after = self.phones[number].list("queue").await?;
        let lacks = |queue: &[Value], entry: &Value| queue.iter().all(|other| key_of(other) != key_of(entry));
        // Only what is new says that something was put away: others leave the queue because they were accepted.
        let (owner, now_ms) = (self.phones[number].owner, self.now_ms());
        for entry in after.iter().filter(|entry| lacks(&before, entry)) {
            let Some(key) = key_of(entry) else { continue };
            let stands_for = entry["retry_of"].as_str().and_then(|key| key.parse().ok());
            let effect = stands_for.map_or(Effect::None, |key| self.record.replaced(key));
            let name = entry["name"].as_str().context("an entry without a name")?;
            self.record.enter(key, number, owner, name, now_ms, effect);
        }
        Ok(())
    }

    async fn undo(&mut self, number: usize) -> anyhow::Result<()> {
        if !self.can_repair(number) {
            return Ok(());
        }
        let attention = self.phones[number].list("attention").await?;
        let Some(key) = attention.last().and_then(key_of) else { return Ok(()) };
        let answers = self.phones[number].send(&[json!({ "do": "undo", "key": key })], Duration::from_secs(10)).await?;
        if answers[0].get("error").is_none() {
            self.record.put_away(key);
        }
        Ok(())
    }

    fn errand(&mut self, errand: Errand, luck: u32) {
        let places = &self.cast.places;
        let Place { job_id, visit_id } = places[luck as usize % places.len()];
        let technicians = &self.cast.organization.technicians;
        let from = luck as usize / places.len() % technicians.len();
        let of = |number: usize| Id::new(technicians[number % technicians.len()].technician_id);
        let (job_id, visit_id) = (Id::new(job_id), Id::new(visit_id));
        let calls = match errand {
            Errand::Job => {
                let description = Some(format!("As the office knows it, {luck}."));
                let update =
                    UpdateJob { job_id, title: None, description, priority: None, number: None, equipment_id: None };
                vec![(UpdateJob::NAME, json!(update))]
            }
            Errand::Note => {
                let note = CreateNote { job_id, note_id: Id::new(Uuid::now_v7()), title: format!("Office {luck}") };
                vec![(CreateNote::NAME, json!(note))]
            }
            Errand::Reassign => {
                let away = UnassignTech { job_id, visit_id, technician_id: of(from) };
                let to = AssignTech {
                    job_id,
                    visit_id,
                    technician_id: of(from + 1),
                    confirm_overlap: true,
                    confirm: vec![],
                };
                vec![(UnassignTech::NAME, json!(away)), (AssignTech::NAME, json!(to))]
            }
        };
        let (clerk, errands) = (self.dispatcher.clone(), self.errands.clone());
        self.works.spawn(async move {
            for (name, args) in calls {
                let key = Uuid::now_v7();
                if clerk.call(name, args, key).await? == Answer::Done {
                    lock(&errands).push(key);
                }
            }
            Ok(())
        });
    }

    /// Somebody writes with psql. That Postgres ends meanwhile is no fault of theirs.
    pub(super) fn by_hand(&mut self, luck: u32, for_ms: u64, commits: bool) {
        let places = &self.cast.places;
        let (org_id, job_id) = (self.cast.organization.org_id, places[luck as usize % places.len()].job_id);
        let database = self.database.clone();
        self.works.spawn(async move {
            let options = database.lock().await.options();
            let write = async {
                let mut connection = sqlx::PgConnection::connect_with(&options).await?;
                let mut transaction = connection.begin().await?;
                sqlx::query("update satchel.job set title = $3 where org_id = $1 and id = $2")
                    .bind(org_id)
                    .bind(job_id)
                    .bind(format!("By hand {luck}"))
                    .execute(&mut *transaction)
                    .await?;
                sleep(Duration::from_millis(for_ms)).await;
                if commits { transaction.commit().await } else { transaction.rollback().await }
            };
            let _ = write.await;
            Ok(())
        });
    }

    async fn cut(&mut self, number: usize, how: Cut, for_ms: u64, told: bool) -> anyhow::Result<()> {
        let air = &self.phones[number].air;
        match how {
            Cut::Stall => air.stall(),
            Cut::Forget => air.forget(),
            Cut::Reset => air.cut(),
            Cut::Deaf => air.swallow_down(),
        }
        if told {
            self.set_network(number, false).await?;
            self.after(for_ms, Happening::NetworkUp(number));
        }
        self.after(for_ms, Happening::Mend(number));
        Ok(())
    }

    pub(super) async fn set_network(&mut self, number: usize, up: bool) -> anyhow::Result<()> {
        let phone = &mut self.phones[number];
        phone.offline = !up;
        if !phone.is_awake() || phone.full {
            return Ok(());
        }
        phone.set_network(up).await
    }

    pub(super) async fn room_again(&mut self, number: usize) -> anyhow::Result<()> {
        let phone = &mut self.phones[number];
        if phone.full {
            phone.kill().await?;
            phone.full = false;
            phone.start()?;
        }
        Ok(())
    }

    fn back_up(&mut self, how: Copy) {
        self.backs_up = true;
        let (site, database, backup) = (self.site.clone(), self.database.clone(), self.backup.clone());
        let (folder, errands) = (self.folder.path().to_owned(), self.errands.clone());
        self.works.spawn(async move {
            let database = database.lock().await;
            let answered = lock(&errands).len();
            let path = site.back_up(&database, how, &folder).await?;
            *lock(&backup) = Some(Backup::new(how, path, answered));
            Ok(())
        });
    }

    fn restore(&mut self) {
        let (site, database, backup) = (self.site.clone(), self.database.clone(), self.backup.clone());
        let (server, errands) = (self.server.clone(), self.errands.clone());
        self.works.spawn(async move {
            let mut database = database.lock().await;
            let Some(backup) = lock(&backup).clone() else { return Ok(()) };
            server.hold();
            if let Some(restored) = site.restore(&database, &backup).await? {
                server.move_to(restored.url());
                *database = restored;
            }
            lock(&errands).truncate(backup.errands);
            server.let_go();
            Ok(())
        });
    }

    /// Switches a phone off, copies its folder, and switches it on again.
    async fn copy_folder(&mut self, number: usize, what: &str) -> anyhow::Result<PathBuf> {
        self.phones[number].kill().await?;
        let path = self.folder.path().join(format!("{what}-{}", Uuid::now_v7()));
        site::copy(&self.phones[number].folder, &path).await?;
        self.record.copied(number);
        self.phones[number].copied = true;
        self.after(COPY_OFF_MS, Happening::PhoneOn(number));
        Ok(path)
    }

    async fn clone_phone(&mut self, number: usize) -> anyhow::Result<()> {
        // Steps name phones of the beginning only; one copy of each is trouble enough.
        if self.phones.len() >= 2 * self.plan.owners.len() {
            return Ok(());
        }
        let path = self.copy_folder(number, "copy").await?;
        let (owner, device) = (self.phones[number].owner, self.devices[number]);
        let copy = self.add_phone(owner).await;
        self.phones[copy].folder = path;
        self.phones[copy].copied = true;
        self.devices[copy] = device;
        self.after(COPY_ON_MS, Happening::PhoneOn(copy));
        Ok(())
    }

    async fn restore_folder(&mut self, number: usize) -> anyhow::Result<()> {
        let Some((path, taps)) = self.phones[number].saved.take() else { return Ok(()) };
        self.phones[number].kill().await?;
        self.phones[number].folder = path;
        self.record.gone_since(number, taps);
        self.after(COPY_OFF_MS, Happening::PhoneOn(number));
        Ok(())
    }
}
