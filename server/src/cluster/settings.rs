//! What a caller may choose, and the configuration file that follows from it.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

/// Connections a cluster accepts when nothing else is asked for.
pub const DEFAULT_MAX_CONNECTIONS: u32 = 100;

/// Whether committed work must survive a crash of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Commits are on disk before they return. For everything a person cares about.
    #[default]
    Durable,
    /// Nothing is forced to disk: several times faster, for tests only.
    Disposable,
}

/// What a caller may choose about a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterOptions {
    /// Whether commits survive a crash.
    pub durability: Durability,
    /// How many connections the server accepts.
    pub max_connections: u32,
    /// The directory that holds `postgres`, `initdb` and `pg_ctl`. When `None`, `SATCHEL_PG_BIN`
    /// names it, and when that is unset too, the usual places are searched.
    pub postgres_bin: Option<PathBuf>,
}

impl Default for ClusterOptions {
    fn default() -> Self {
        Self { durability: Durability::Durable, max_connections: DEFAULT_MAX_CONNECTIONS, postgres_bin: None }
    }
}

/// The configuration file this program owns, included from `postgresql.conf`.
pub(super) const FILE_NAME: &str = "satchel.conf";

/// The line in `postgresql.conf` that reads it.
pub(super) const INCLUDE_LINE: &str = "include_if_exists = 'satchel.conf'";

/// The text of [`FILE_NAME`].
pub(super) fn text(options: &ClusterOptions, socket_directory: &Path, port: u16) -> String {
    let mut text = String::from(
        "# Written at every start. Your own settings: ALTER SYSTEM, or postgresql.conf below the include.\n",
    );
    let mut set = |name: &str, value: &str| {
        writeln!(text, "{name} = '{}'", value.replace('\'', "''")).expect("a String takes any text");
    };
    set("listen_addresses", "");
    set("port", &port.to_string());
    set("unix_socket_directories", &quoted_list_item(socket_directory));
    set("unix_socket_permissions", "0700");
    set("max_connections", &options.max_connections.to_string());
    set("timezone", "UTC");
    set("log_timezone", "UTC");
    // Compiling a plan costs more than the short queries of a sync server take.
    set("jit", "off");
    // Details and statements of failed commands carry row contents; the log must not.
    set("log_error_verbosity", "terse");
    set("log_min_error_statement", "panic");
    if options.durability == Durability::Disposable {
        set("fsync", "off");
        set("synchronous_commit", "off");
        set("full_page_writes", "off");
        // Nothing is read from its log again, which therefore may stay small.
        set("wal_level", "minimal");
        set("max_wal_senders", "0");
        set("max_wal_size", "96MB");
    } else {
        // Named, because a directory may have been started as disposable before.
        set("fsync", "on");
        set("synchronous_commit", "on");
        set("full_page_writes", "on");
        set("wal_level", "replica");
    }
    text
}

/// A path as one item of a comma-separated list.
fn quoted_list_item(path: &Path) -> String {
    format!("\"{}\"", path.display().to_string().replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_quotes_commas_and_spaces_stays_one_item() {
        let text = text(&ClusterOptions::default(), Path::new("/it's, \"here\""), 5432);
        assert!(text.contains("unix_socket_directories = '\"/it''s, \"\"here\"\"\"'\n"), "{text}");
    }

    #[test]
    fn only_a_disposable_cluster_gives_up_durability() {
        let durable = ClusterOptions::default();
        let disposable = ClusterOptions { durability: Durability::Disposable, ..durable.clone() };
        assert!(text(&durable, Path::new("/s"), 1).contains("fsync = 'on'"));
        assert!(text(&disposable, Path::new("/s"), 1).contains("fsync = 'off'"));
    }
}
