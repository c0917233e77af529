//! The proof: replicas against what row-level security shows, and everything tapped against what the database holds.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};
use satchel_domain::REGISTRY;
use satchel_protocol::{Kind, Row, Table};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{narrator::Narrator, phone::Phone, stage::Stage, story::Record};

/// What the proof found.
#[derive(Default)]
pub struct Report {
    /// Mutations that phones took.
    pub tapped: usize,
    /// Taps or effects that are nowhere.
    pub lost: usize,
    /// Effects that are there more than once.
    pub duplicated: usize,
    /// Rows on a phone that row-level security does not show its user.
    pub leaked: usize,
    /// Rows that differ between phone and database, or are missing on the phone.
    pub different: usize,
    /// Rows compared, cell by cell.
    pub rows_compared: usize,
    /// Taps the server refused; each is explained on the phone.
    pub rejected: usize,
}

impl Report {
    /// Whether every promise was kept, and the one refusal that the story has came about.
    pub fn holds(&self) -> bool {
        self.lost + self.duplicated + self.leaked + self.different == 0 && self.rejected == 1 && self.rows_compared > 0
    }

    /// One line for machines.
    pub fn to_json(&self) -> Value {
        json!({
            "converged": self.different == 0 && self.rows_compared > 0,
            "lost": self.lost,
            "duplicated": self.duplicated,
            "leaked": self.leaked,
            "rejected": self.rejected,
            "tapped": self.tapped,
            "rows_compared": self.rows_compared,
        })
    }
}

/// Compares everything.
pub async fn prove(narrator: &Narrator, stage: &mut Stage, record: &Record) -> anyhow::Result<Report> {
    narrator.chapter("17:30 The proof");
    let mut report = Report::default();
    for place in 0..stage.phones.len() {
        stage.phones[place].wait("synced").await?;
        let user_id = stage.phones[place].person.user_id;
        let shown = stage.psql(&what_rls_shows(stage.cast.org_id, user_id)).await?;
        compare(&mut stage.phones[place], &shown, &mut report).await?;
    }
    for phone in &stage.phones {
        report.tapped += phone.taps.len();
        let verdicts = verdicts(stage, phone).await?;
        report.lost += phone.taps.iter().filter(|key| !verdicts.contains_key(key)).count();
        report.rejected += verdicts.values().filter(|outcome| outcome.get("accepted").is_none()).count();
    }
    effects(stage, record, &mut report).await?;
    narrator.say(&format!("{} rows compared cell by cell with what row-level security shows.", report.rows_compared));
    Ok(report)
}

/// SQL that prints, as the user, one line a table: every row in the user's scopes.
fn what_rls_shows(org_id: Uuid, user_id: Uuid) -> String {
    let mut sql = format!(
        "begin transaction isolation level repeatable read read only;
         select count(*) from satchel.enter('{org_id}', '{user_id}');\n"
    );
    for table in REGISTRY.tables {
        let Table { name, scope, .. } = table;
        let cells: Vec<String> = table.columns.iter().map(|column| spelling(column.name, column.kind)).collect();
        sql.push_str(&format!(
            "select coalesce(json_agg(json_build_array({})), '[]') from satchel.{name}
             where {scope} = any (array(select satchel.my_scopes()));\n",
            cells.join(", ")
        ));
    }
    sql + "commit;\n"
}

/// A column as the wire spells it, written down here a second time: the proof must not trust what it proves.
fn spelling(column: &str, kind: Kind) -> String {
    let column = format!("\"{column}\"");
    match kind {
        Kind::BigInteger | Kind::Decimal | Kind::Date => format!("{column}::text"),
        Kind::Timestamp => format!("to_char({column} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"),
        Kind::Bytes => format!("translate(encode({column}, 'base64'), e'\\n', '')"),
        Kind::Id | Kind::Text | Kind::Integer | Kind::Boolean => column,
    }
}

async fn compare(phone: &mut Phone, shown: &str, report: &mut Report) -> anyhow::Result<()> {
    // The rows may hold anything but line breaks of their own: JSON spells those.
    let mut lines = shown.lines();
    ensure!(lines.next() == Some("1"), "the database does not know the phone's user");
    for table in REGISTRY.tables {
        let line = lines.next().with_context(|| format!("psql printed nothing for {}", table.name))?;
        let rows: Vec<Row> = serde_json::from_str(line).context("psql printed no rows")?;
        let rows = rows.into_iter().map(|row| table.decode_row(row)).collect::<Result<Vec<_>, _>>()?;
        let theirs = by_id(rows);
        let ours = by_id(phone.rows(table.name).await?);
        report.rows_compared += theirs.len();
        report.leaked += ours.keys().filter(|id| !theirs.contains_key(*id)).count();
        report.different += theirs.iter().filter(|(id, row)| ours.get(*id) != Some(row)).count();
    }
    Ok(())
}

fn by_id(rows: Vec<Row>) -> BTreeMap<Option<Uuid>, Row> {
    rows.into_iter().map(|row| (row[satchel_protocol::table::ID].as_uuid(), row)).collect()
}

/// The verdicts in the ledger on a phone's taps.
async fn verdicts(stage: &Stage, phone: &Phone) -> anyhow::Result<BTreeMap<Uuid, Value>> {
    let sql = format!(
        "select json_build_array(key, outcome) from satchel.mutation_ledger
         where org_id = '{}' and user_id = '{}' and seq is not null",
        stage.cast.org_id, phone.person.user_id
    );
    let printed = stage.psql(&sql).await?;
    printed.lines().map(|line| serde_json::from_str(line).context("psql printed no verdict")).collect()
}

/// Looks for the effects of the story, once each.
async fn effects(stage: &Stage, record: &Record, report: &mut Report) -> anyhow::Result<()> {
    let count = async |what: &str| -> anyhow::Result<usize> {
        let printed = stage.psql(&format!("select count(*) from satchel.{what}")).await?;
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

    let text = stage.psql(&format!("select text from satchel.note where id = '{}'", record.note_id)).await?;
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
