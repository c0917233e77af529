//! What went wrong lately, for a settings screen and for support.
//!
//! Invariants: bounded; in memory only; no row contents, tokens or personal data, because what is logged holds none.

use std::{
    collections::VecDeque,
    fmt::{Debug, Write as _},
    sync::{Mutex, Once, PoisonError},
    time::SystemTime,
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

/// Entries kept; the oldest go first.
pub const DIAGNOSTICS_ENTRIES: usize = 200;
/// Bytes of one entry's text; what is longer is cut.
const TEXT_BYTES: usize = 1_024;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Severity {
    /// Worth knowing.
    Warning,
    /// A fault.
    Error,
}

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct DiagnosticsEntry {
    /// When, by the device's clock.
    pub at: SystemTime,
    /// How bad it is.
    pub severity: Severity,
    /// Which part of the library.
    pub area: String,
    /// What.
    pub text: String,
}

static ENTRIES: Mutex<VecDeque<DiagnosticsEntry>> = Mutex::new(VecDeque::new());

/// What went wrong in this process lately, oldest first; at most [`DIAGNOSTICS_ENTRIES`].
#[uniffi::export]
pub fn diagnostics() -> Vec<DiagnosticsEntry> {
    ENTRIES.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
}

/// Adds an entry.
pub(crate) fn record(severity: Severity, area: &str, mut text: String) {
    text.truncate(text.floor_char_boundary(TEXT_BYTES));
    let entry = DiagnosticsEntry { at: SystemTime::now(), severity, area: area.to_owned(), text };
    let mut entries = ENTRIES.lock().unwrap_or_else(PoisonError::into_inner);
    if entries.len() == DIAGNOSTICS_ENTRIES {
        entries.pop_front();
    }
    entries.push_back(entry);
}

/// Keeps the core's warnings, unless the program has a subscriber of its own.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = tracing::subscriber::set_global_default(Warnings);
    });
}

/// Takes the core's warnings and errors, and nothing else.
struct Warnings;

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Levels are ordered by how much they say.
        metadata.is_event() && *metadata.level() <= Level::WARN && metadata.target().starts_with("satchel")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        // Never called: no span is enabled.
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text::default();
        event.record(&mut text);
        let metadata = event.metadata();
        let severity = if *metadata.level() == Level::ERROR { Severity::Error } else { Severity::Warning };
        record(severity, metadata.target(), text.0);
    }
}

#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let space = if self.0.is_empty() { "" } else { " " };
        let _ = match field.name() {
            "message" => write!(self.0, "{space}{value:?}"),
            name => write!(self.0, "{space}{name}={value:?}"),
        };
    }
}

/// Held by tests that fill or read what the process has one of.
#[cfg(test)]
pub(crate) static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_kept_and_bounded() {
        let _alone = ALONE.blocking_lock();
        tracing::subscriber::with_default(Warnings, || {
            tracing::info!("no news");
            for number in 0..=DIAGNOSTICS_ENTRIES {
                tracing::warn!(target: "satchel_client::test", number, "it rains");
            }
            tracing::warn!(target: "satchel_client::test", "{}", "é".repeat(TEXT_BYTES));
        });
        let kept = diagnostics();
        assert_eq!(kept.len(), DIAGNOSTICS_ENTRIES);
        let rain = kept.iter().filter(|entry| entry.text.starts_with("it rains number=")).count();
        assert!(rain >= DIAGNOSTICS_ENTRIES / 2, "{rain}");
        assert!(kept.iter().all(|entry| entry.text.len() <= TEXT_BYTES && entry.text != "no news"));
    }
}
