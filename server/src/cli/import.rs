//! `satchel-server import jobs`.

use std::{
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::{Zoned, civil::Date};
use serde_json::json;
use uuid::Uuid;

use super::{Failure, output, place::Place};
use crate::{
    config::DataArgs,
    import::{Assign, ImportOptions, Imported, Mapping, import_jobs},
};

/// Refused rows told on standard error when there is no report file.
const REFUSED_SHOWN: usize = 20;

#[derive(Args)]
pub(super) struct JobsArgs {
    /// The file: comma-separated, UTF-8, the first line naming the columns
    file: PathBuf,
    /// The organization that gets the jobs
    #[arg(long, value_name = "ORGANIZATION_ID")]
    org: Uuid,
    /// Its branch [default: the first by name]
    #[arg(long, value_name = "BRANCH_ID")]
    branch: Option<Uuid>,
    /// Gives the jobs to technicians in turn: round-robin takes all active ones
    #[arg(long, value_name = "HOW", value_parser = ["round-robin"], conflicts_with = "assign_to")]
    assign: Option<String>,
    /// Gives the jobs to this many technicians in turn
    #[arg(long, value_name = "TECHNICIANS", value_parser = clap::value_parser!(u32).range(1..))]
    assign_to: Option<u32>,
    /// Takes work that is done for work to be done, to make a load out of another system's history
    #[arg(long)]
    reopen: bool,
    /// First day of the visits of open jobs [default: tomorrow]
    #[arg(long, value_name = "DATE")]
    first_day: Option<Date>,
    /// Writes every refused row to this CSV file: line, reason, explanation
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Prints the summary as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    mapping: Mapping,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(args: JobsArgs) -> Result<(), Failure> {
    let place = Place::open(&args.data).await?;
    let assign = match (args.assign, args.assign_to) {
        (_, Some(technicians)) => Assign::To(technicians),
        (Some(_), None) => Assign::RoundRobin,
        (None, None) => Assign::Nobody,
    };
    let tomorrow = || Zoned::now().date().tomorrow().map_err(|error| Failure::with_cause("no tomorrow", &error));
    let options = ImportOptions {
        org_id: args.org,
        branch_id: args.branch,
        mapping: args.mapping,
        assign,
        reopen: args.reopen,
        first_day: args.first_day.map_or_else(tomorrow, Ok)?,
    };
    // Opened first, so that an import is not done without its report.
    let report = args.report.as_deref().map(|path| open_report(path).map(|file| (file, path))).transpose()?;
    let bar = progress_bar();
    let imported = import_jobs(&place.admin, &args.file, options, |progress| {
        bar.set_length(progress.bytes_total);
        bar.set_position(progress.bytes);
    })
    .await;
    bar.finish_and_clear();
    let imported = imported?;
    match report {
        Some((file, path)) => write_report(file, &imported).map_err(|error| unwritable(path, &error))?,
        None => show_refused(&imported),
    }
    if args.json { output::json(&summary(&imported)) } else { output::line(&sentences(&imported)) }
}

pub(super) fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style)
}

fn open_report(path: &Path) -> Result<csv::Writer<std::fs::File>, Failure> {
    csv::Writer::from_path(path).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, cause: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::with_cause(&format!("cannot write the report {}", path.display()), cause)
}

fn write_report(mut file: csv::Writer<std::fs::File>, imported: &Imported) -> Result<(), csv::Error> {
    file.write_record(["line", "reason", "explanation"])?;
    for refused in &imported.refused {
        file.write_record([&refused.line.to_string(), refused.reason.kind(), &refused.reason.to_string()])?;
    }
    file.flush()?;
    Ok(())
}

fn show_refused(imported: &Imported) {
    let mut errors = std::io::stderr().lock();
    for refused in imported.refused.iter().take(REFUSED_SHOWN) {
        // A closed standard error must not undo an import that is done.
        let _ = writeln!(errors, "line {}: {}", refused.line, refused.reason);
    }
    if let Some(more) = imported.refused.len().checked_sub(REFUSED_SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(errors, "and {more} more; --report FILE lists them all");
    }
}

fn summary(imported: &Imported) -> serde_json::Value {
    json!({
        "total": imported.total,
        "imported": imported.imported,
        "refused": imported.refused.len(),
        "refused_by_reason": imported.refused_by_reason(),
        "without_coordinates": imported.without_coordinates,
        "assigned": imported.assigned,
        "technicians": imported.technicians,
    })
}

fn sentences(imported: &Imported) -> String {
    let Imported { total, imported: done, refused, without_coordinates, assigned, technicians } = imported;
    let mut text = format!("{done} imported + {} refused = {total} rows", refused.len());
    for (reason, rows) in imported.refused_by_reason() {
        text.push_str(&format!("\n  {rows:>6}  {reason}"));
    }
    text.push_str(&format!(
        "\n{without_coordinates} without coordinates; {assigned} assigned to {technicians} technicians"
    ));
    text
}
