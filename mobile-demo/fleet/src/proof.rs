//! The proof. With a private server, by psql as the database's owner: the ledger's verdicts, the rows taps left behind,
//! and what row-level security shows each user. With somebody else's server, by a second, fresh phone of each user, and
//! by what the phones were told.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use satchel_protocol::{Row, wire::Outcome};
use satchel_stage::{
    people::Person,
    proof::{self as shown, Comparison, Tables},
    server::PrivateServer,
};
use uuid::Uuid;

use crate::{
    effects::{self, Found},
    limits::PROVING,
    phone::Phone,
    progress::Stage,
    record::{Record, Tap},
    site::Site,
};

/// Mutations that left a phone's queue, as far as they are asked for.
const HISTORY: usize = 10_000;

/// What the proof found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Mutations that phones took.
    pub tapped: usize,
    /// Those the server accepted.
    pub accepted: usize,
    /// Those it refused; each is explained on its phone.
    pub refused: usize,
    /// Those it could not process for a fault of its own.
    pub quarantined: usize,
    /// Those taken back before the server had them.
    pub taken_back: usize,
    /// Those that wait on their phones behind one that the office has to decide on.
    pub waiting: usize,
    /// Those that are nowhere.
    pub lost: usize,
    /// What accepted ones left behind.
    pub effects: Found,
    /// Phones' rows held against what their users are shown.
    pub replicas: Comparison,
}

impl Proof {
    /// Taps and effects that are nowhere.
    pub fn lost(&self) -> usize {
        self.lost + self.effects.lost
    }

    /// Whether every promise was kept; not, where nothing was tapped or compared.
    pub fn holds(&self) -> bool {
        let Comparison { rows_compared, leaked, different } = self.replicas;
        self.lost() + self.effects.doubled + leaked + different == 0 && rows_compared > 0 && self.tapped > 0
    }
}

/// How the server decided on a tap.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Accepted,
    Refused,
    Quarantined,
}

/// Compares everything.
pub async fn prove(site: &Site, phones: &[Phone], record: &Record, stage: &Stage) -> anyhow::Result<Proof> {
    let people = &site.people().technicians[..phones.len()];
    let replicas = compare_all(site, phones, people, stage).await?;
    let mut proof = Proof::default();
    let mut everything = Tables::new();
    for (comparison, rows) in replicas {
        proof.replicas += comparison;
        rows.into_iter().for_each(|(table, rows)| everything.entry(table).or_default().extend(rows));
    }
    let verdicts = match site.private() {
        Some(server) => {
            everything = shown::what_is_stored(server, site.people().org_id, &effects::TABLES).await?;
            in_the_ledger(server, site.people().org_id, people).await?
        }
        None => on_phones(phones).await?,
    };
    let mut queued = BTreeSet::new();
    for phone in phones {
        queued.extend(phone.client.queue().await?.iter().map(|entry| entry.key));
    }
    judge(record, &verdicts, &queued, &everything, &mut proof)?;
    Ok(proof)
}

/// Counts what became of the taps.
fn judge(
    record: &Record,
    verdicts: &BTreeMap<Uuid, Verdict>,
    queued: &BTreeSet<Uuid>,
    rows: &Tables,
    proof: &mut Proof,
) -> anyhow::Result<()> {
    proof.tapped = record.taps.len();
    for tap in &record.taps {
        match verdicts.get(&tap.key) {
            Some(Verdict::Accepted) => proof.accepted += 1,
            Some(Verdict::Refused) => proof.refused += 1,
            Some(Verdict::Quarantined) => proof.quarantined += 1,
            None if record.taken_back.contains(&tap.key) => proof.taken_back += 1,
            None if queued.contains(&tap.key) => proof.waiting += 1,
            None => proof.lost += 1,
        }
    }
    let accepted = |tap: &&Tap| verdicts.get(&tap.key) == Some(&Verdict::Accepted);
    proof.effects = effects::find(record.taps.iter(), record.taps.iter().filter(accepted), rows)?;
    Ok(())
}

/// Holds every phone against what its user is shown. The rows shown come along where effects are looked for in them.
async fn compare_all(
    site: &Site,
    phones: &[Phone],
    people: &[Person],
    stage: &Stage,
) -> anyhow::Result<Vec<(Comparison, BTreeMap<&'static str, Vec<Row>>)>> {
    let comparisons = phones.iter().zip(people).enumerate().map(|(number, (phone, person))| async move {
        let shown = match site.private() {
            Some(server) => shown::what_rls_shows(server, site.people().org_id, person.user_id).await?,
            None => on_a_fresh_phone(site, person, number).await?,
        };
        let comparison = shown::compare(&phone.tables().await?, &shown);
        stage.step();
        let kept = if site.private().is_some() { Tables::new() } else { effects_only(shown) };
        anyhow::Ok((comparison, kept))
    });
    stream::iter(comparisons).buffer_unordered(PROVING).try_collect().await
}

fn effects_only(mut rows: Tables) -> Tables {
    rows.retain(|name, _| effects::TABLES.iter().any(|table| table.name == *name));
    rows
}

async fn on_a_fresh_phone(site: &Site, person: &Person, number: usize) -> anyhow::Result<Tables> {
    let folder = site.folder().join(format!("fresh-{number}"));
    let phone = Phone::fill(site, person, folder, 1).await?;
    let tables = phone.tables().await?;
    phone.client.close().await;
    Ok(tables)
}

async fn in_the_ledger(
    server: &PrivateServer,
    org_id: Uuid,
    people: &[Person],
) -> anyhow::Result<BTreeMap<Uuid, Verdict>> {
    let users: Vec<Uuid> = people.iter().map(|person| person.user_id).collect();
    let outcomes = shown::verdicts(server, org_id, &users).await?;
    let verdict = |outcome: &serde_json::Value| {
        if outcome.get("accepted").is_some() {
            Verdict::Accepted
        } else if outcome.get("quarantined").is_some() {
            Verdict::Quarantined
        } else {
            Verdict::Refused
        }
    };
    // A key without an outcome was begun and not decided: no verdict.
    let decided = outcomes.iter().filter(|(_, outcome)| !outcome.is_null());
    Ok(decided.map(|(key, outcome)| (*key, verdict(outcome))).collect())
}

async fn on_phones(phones: &[Phone]) -> anyhow::Result<BTreeMap<Uuid, Verdict>> {
    let verdict = |outcome: &Outcome| match outcome {
        Outcome::Accepted { .. } => Verdict::Accepted,
        Outcome::Quarantined { .. } => Verdict::Quarantined,
        Outcome::Rejected(_) | Outcome::Expired => Verdict::Refused,
    };
    let mut verdicts = BTreeMap::new();
    for phone in phones {
        verdicts.extend(phone.client.history(HISTORY).await?.iter().map(|past| (past.key, verdict(&past.outcome))));
        let waiting = phone.client.attention().await?;
        verdicts.extend(waiting.iter().map(|refused| (refused.entry.key, verdict(&refused.outcome))));
    }
    Ok(verdicts)
}
