//! Whether the promises were kept, by the simulator's own record and what stands in Postgres. Everybody is at rest.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sqlx::{Connection as _, PgConnection, Row as _};
use uuid::Uuid;

use super::{
    life::Life,
    phone::key_of,
    record::{Effect, Tap},
    site,
};
use crate::record::Promise;

/// Mutations that are steps of visits.
const STEPS: [&str; 6] = ["accept", "travel", "arrive", "pause", "resume", "completePartially"];

/// What the server decided on a mutation.
struct Verdict {
    user_id: Uuid,
    by_phone: bool,
    /// None when what was said is not kept any more.
    outcome: Option<Value>,
}

impl Verdict {
    fn accepted(&self) -> bool {
        self.outcome.as_ref().is_none_or(|outcome| outcome.get("accepted").is_some())
    }
}

/// What stands in Postgres.
struct Truth {
    ledger: BTreeMap<Uuid, Verdict>,
    /// Mutations that changed one row in more than one transaction's name.
    doubled: Vec<Uuid>,
    notes: BTreeMap<Uuid, String>,
    time_entries: BTreeSet<Uuid>,
    /// Steps of visits that stand there, and those that were accepted.
    steps: (i64, i64),
}

impl Life {
    /// Judges the history.
    pub async fn judge(&mut self) -> anyhow::Result<()> {
        let database = self.database.clone();
        let mut connection = database.lock().await.connect().await;
        let truth = self.truth(&mut connection).await?;
        connection.close().await?;
        let told = self.told().await?;
        self.judge_taps(&truth, &told)?;
        self.judge_the_whole(&truth);
        self.judge_replicas().await
    }

    async fn truth(&self, connection: &mut PgConnection) -> anyhow::Result<Truth> {
        let org_id = self.cast.organization.org_id;
        let query = "select key, user_id, seq is not null as by_phone, outcome from satchel.mutation_ledger
                     where org_id = $1";
        let rows = sqlx::query(query).bind(org_id).fetch_all(&mut *connection).await?;
        let ledger = rows.into_iter().map(|row| {
            let (user_id, by_phone, outcome) =
                (row.try_get("user_id")?, row.try_get("by_phone")?, row.try_get("outcome")?);
            Ok((row.try_get("key")?, Verdict { user_id, by_phone, outcome }))
        });
        let ledger = ledger.collect::<Result<_, sqlx::Error>>()?;
        let query = "select key from satchel.audit_log where org_id = $1 and key is not null and change <> 'refuse'
                     group by key, table_name, row_id having count(*) > 1";
        let doubled = sqlx::query_scalar(query).bind(org_id).fetch_all(&mut *connection).await?;
        let notes = sqlx::query_as("select id, text from satchel.note where org_id = $1").bind(org_id);
        let notes: Vec<(Uuid, String)> = notes.fetch_all(&mut *connection).await?;
        let entries = sqlx::query_scalar("select id from satchel.time_entry where org_id = $1").bind(org_id);
        let entries: Vec<Uuid> = entries.fetch_all(&mut *connection).await?;
        let query = "select count(*) from satchel.mutation_ledger
                     where org_id = $1 and outcome ? 'accepted' and name = any($2)";
        let names: Vec<String> = STEPS.iter().map(|step| format!("visit/v1/{step}")).collect();
        let accepted = sqlx::query_scalar(query).bind(org_id).bind(names).fetch_one(&mut *connection).await?;
        let steps = (site::steps(connection, org_id).await? - self.cast.steps, accepted);
        let (notes, time_entries) = (notes.into_iter().collect(), entries.into_iter().collect());
        Ok(Truth { ledger, doubled, notes, time_entries, steps })
    }

    /// Keys that phones tell their owners about: refused, with the office, held, or taken back; by owner.
    async fn told(&mut self) -> anyhow::Result<BTreeSet<(usize, Uuid)>> {
        let mut told = BTreeSet::new();
        for phone in &mut self.phones {
            let owner = phone.owner;
            for entry in phone.list("attention").await? {
                told.extend(key_of(&entry).map(|key| (owner, key)));
            }
            for entry in phone.list("queue").await?.iter().filter(|entry| entry["state"] == "held") {
                told.extend(key_of(entry).map(|key| (owner, key)));
            }
        }
        Ok(told)
    }

    fn judge_taps(&mut self, truth: &Truth, told: &BTreeSet<(usize, Uuid)>) -> anyhow::Result<()> {
        let taps: Vec<(Uuid, Tap)> = self.record.taps.iter().map(|(key, tap)| (*key, tap.clone())).collect();
        for (key, tap) in &taps {
            let Tap { phone, owner, name, at_ms, .. } = tap;
            let what = format!("{name} {key} of phone {phone} at {at_ms} ms");
            let told = told.contains(&(*owner, *key)) || tap.put_away || tap.excused;
            let wrong = match truth.ledger.get(key) {
                Some(verdict) if verdict.user_id != self.user(*owner)?.user_id => {
                    Some((Promise::Leaked, "decided in somebody else's name".to_owned()))
                }
                Some(verdict) if verdict.accepted() && tap.put_away && !tap.copied => {
                    Some((Promise::Doubled, "taken back, and yet accepted".to_owned()))
                }
                Some(verdict) if !verdict.accepted() && !told => {
                    Some((Promise::Lost, format!("refused, and nobody is told: {:?}", verdict.outcome)))
                }
                Some(verdict) => truth.effect(&tap.effect, verdict.accepted()),
                None if told => truth.effect(&tap.effect, false),
                None => Some((Promise::Lost, "neither on the server nor waiting on a phone".to_owned())),
            };
            if let Some((promise, how)) = wrong {
                self.breaks(promise, format!("{what}: {how}"));
                return Ok(());
            }
        }
        for key in self.errands() {
            if !truth.ledger.get(&key).is_some_and(Verdict::accepted) {
                self.breaks(Promise::Lost, format!("{key}, which the server told the office was done, is not there"));
            }
        }
        Ok(())
    }

    fn judge_the_whole(&mut self, truth: &Truth) {
        if let Some(key) = truth.doubled.first() {
            self.breaks(Promise::Doubled, format!("{key} changed one row more than once"));
        }
        let unknown = |(key, verdict): &(&Uuid, &Verdict)| verdict.by_phone && !self.record.taps.contains_key(key);
        let unknown = truth.ledger.iter().filter(unknown).count();
        if unknown > self.record.unanswered {
            let how = format!(
                "{unknown} mutations stand in the ledger that no phone reported, of {} that may",
                self.record.unanswered
            );
            self.breaks(Promise::Doubled, how);
        }
        let (there, accepted) = truth.steps;
        if there != accepted {
            let promise = if there < accepted { Promise::Lost } else { Promise::Doubled };
            self.breaks(promise, format!("{accepted} steps of visits were accepted, {there} stand there"));
        }
    }

    /// Checksums fit, and under what is shown lies nothing that its owner may not see.
    async fn judge_replicas(&mut self) -> anyhow::Result<()> {
        for number in 0..self.phones.len() {
            let phone = &mut self.phones[number];
            let verified = phone.ask(serde_json::json!({ "do": "verify" })).await?;
            let (shown, beneath) = (phone.every_row(false).await?, phone.every_row(true).await?);
            if verified["sound"] != true {
                self.breaks(Promise::Diverged, format!("phone {number}: checksums do not fit the rows: {verified}"));
            }
            // At rest nothing lies on top.
            if let Some(key) = beneath.keys().chain(shown.keys()).find(|key| beneath.get(*key) != shown.get(*key)) {
                self.breaks(Promise::Diverged, format!("phone {number} shows {key:?} otherwise than the server said"));
            }
        }
        Ok(())
    }
}

impl Truth {
    /// What is wrong with what shows that a mutation took effect, if anything is.
    fn effect(&self, effect: &Effect, accepted: bool) -> Option<(Promise, String)> {
        let found = match effect {
            Effect::None => return None,
            Effect::Row("note", id) => usize::from(self.notes.contains_key(id)),
            Effect::Row(_, id) => usize::from(self.time_entries.contains(id)),
            Effect::Mark(note, mark) => self.notes.get(note).map_or(0, |text| text.matches(mark.as_str()).count()),
        };
        match (found, accepted) {
            (1, true) | (0, false) => None,
            (0, true) => Some((Promise::Lost, "accepted, and without effect".to_owned())),
            (_, false) => Some((Promise::Doubled, "not accepted, and yet it took effect".to_owned())),
            (times, true) => Some((Promise::Doubled, format!("took effect {times} times"))),
        }
    }
}
