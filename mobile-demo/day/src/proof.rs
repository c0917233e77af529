//! The proof: replicas against what row-level security shows, and everything tapped against what the database holds.

use std::collections::BTreeSet;

use anyhow::Context as _;
use satchel_stage::proof::{self, Comparison};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{narrator::Narrator, stage::Stage, story::Record};

/// What the proof found.
#[derive(Default)]
pub struct Report {
    /// Mutations that phones took.
    pub tapped: usize,
    /// Taps or effects that are nowhere.
    pub lost: usize,
    /// Effects that are there more than once.
    pub duplicated: usize,
    /// Phones' rows held against the database's.
    pub replicas: Comparison,
    /// Taps the server refused; each is explained on the phone.
    pub rejected: usize,
}

impl Report {
    /// Whether every promise was kept, and the one refusal that the story has came about.
    pub fn holds(&self) -> bool {
        let Comparison { rows_compared, leaked, different } = self.replicas;
        self.lost + self.duplicated + leaked + different == 0 && self.rejected == 1 && rows_compared > 0
    }

    /// One line for machines.
    pub fn to_json(&self) -> Value {
        let Comparison { rows_compared, leaked, different } = self.replicas;
        json!({
            "converged": different == 0 && rows_compared > 0,
            "lost": self.lost,
            "duplicated": self.duplicated,
            "leaked": leaked,
            "rejected": self.rejected,
            "tapped": self.tapped,
            "rows_compared": rows_compared,
        })
    }
}

/// Compares everything.
pub async fn prove(narrator: &Narrator, stage: &mut Stage, record: &Record) -> anyhow::Result<Report> {
    narrator.chapter("17:30 The proof");
    let mut report = Report::default();
    for phone in &mut stage.phones {
        phone.wait("synced").await?;
        let shown = proof::what_rls_shows(&stage.server, stage.people.org_id, phone.person.user_id).await?;
        report.replicas += proof::compare(&phone.tables().await?, &shown);
    }
    for phone in &stage.phones {
        report.tapped += phone.taps.len();
        let verdicts = proof::verdicts(&stage.server, stage.people.org_id, &[phone.person.user_id]).await?;
        report.lost += phone.taps.iter().filter(|key| !verdicts.contains_key(key)).count();
        report.rejected += verdicts.values().filter(|outcome| outcome.get("accepted").is_none()).count();
    }
    effects(stage, record, &mut report).await?;
    let rows = report.replicas.rows_compared;
    narrator.say(&format!("{rows} rows compared cell by cell with what row-level security shows."));
    Ok(report)
}

/// Looks for the effects of the story, once each.
async fn effects(stage: &Stage, record: &Record, report: &mut Report) -> anyhow::Result<()> {
    let count = async |what: &str| -> anyhow::Result<usize> {
        let printed = stage.server.psql(&format!("select count(*) from satchel.{what}")).await?;
        printed.trim().parse().context("psql printed no count")
    };
    let visit = record.visit_id;
    let steps = format!(
        "visit_status_event where visit_id = '{visit}' and to_state in ('accepted', 'traveling', 'on_site', 'completed')"
    );
    report.expect(record.steps, count(&steps).await?);
    report.expect(1, count(&format!("visit where id = '{visit}' and state = 'completed'")).await?);

    let answers = list(&record.answers);
    report.expect(
        distinct(&record.answers),
        count(&format!("checklist_answer where id in ({answers}) and state = 'answered'")).await?,
    );
    let material = record.materials.iter().map(|(id, quantity)| format!("('{id}'::uuid, {quantity}::numeric)"));
    let material: Vec<_> = material.collect();
    report.expect(
        material.len(),
        count(&format!("material_used where (id, quantity) in ({})", material.join(", "))).await?,
    );
    report.expect(material.len(), count(&format!("material_used where visit_id = '{visit}'")).await?);
    let entries = format!("time_entry where id in ({}) and ended_at is not null", list(&record.time_entries));
    report.expect(record.time_entries.len(), count(&entries).await?);
    report.expect(record.time_entries.len(), count(&format!("time_entry where visit_id = '{visit}'")).await?);
    report.expect(1, count(&format!("note where id = '{}'", record.psql_row)).await?);

    let text = stage.server.psql(&format!("select text from satchel.note where id = '{}'", record.note_id)).await?;
    for sentence in record.sentences {
        report.expect(1, text.matches(sentence).count());
    }
    Ok(())
}

impl Report {
    /// Takes note of an effect that should be there so many times.
    fn expect(&mut self, expected: usize, found: usize) {
        self.lost += expected.saturating_sub(found);
        self.duplicated += found.saturating_sub(expected);
    }
}

fn list(ids: &[Uuid]) -> String {
    ids.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ")
}

fn distinct(ids: &[Uuid]) -> usize {
    ids.iter().collect::<BTreeSet<_>>().len()
}
