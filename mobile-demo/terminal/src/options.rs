//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// A phone for people without one: the real client core behind screens, or behind JSON lines.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "satchel-terminal",
    version,
    after_help = "Exit codes: 0 done, 1 failed (the reason is on stderr), 2 a wrong flag.\n\
                  What was entered and not yet sent stays in the folder and is sent when it is opened again."
)]
pub struct Options {
    /// The phone's own folder: a replica for each user and organization, and the session. Made if missing.
    #[arg(long, visible_alias = "file", value_name = "PATH", env = "SATCHEL_FOLDER", default_value_os_t = default_folder())]
    pub folder: PathBuf,

    /// The server.
    #[arg(long, value_name = "URL", env = "SATCHEL_SERVER", default_value = "http://127.0.0.1:7410")]
    pub server: String,

    /// No screen: take JSON commands from stdin, one a line, and answer each with one line on stdout.
    #[arg(long)]
    pub commands: bool,

    /// Begin with the network cut.
    #[arg(long)]
    pub offline: bool,
}

/// A folder in the user's data directory; in the current directory where there is none.
fn default_folder() -> PathBuf {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = variable("HOME");
    let data = if cfg!(target_os = "macos") {
        home.map(|home| home.join("Library/Application Support"))
    } else if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else {
        variable("XDG_DATA_HOME").or_else(|| home.map(|home| home.join(".local/share")))
    };
    data.unwrap_or_default().join("satchel").join("phone")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_flags_are_sound_and_have_defaults() {
        Options::command().debug_assert();
        let options = Options::try_parse_from(["satchel-terminal", "--file", "here"]).unwrap();
        assert_eq!(options.folder, PathBuf::from("here"));
        assert!(options.server.starts_with("http"));
        assert!(!options.commands);
        assert!(default_folder().ends_with("satchel/phone"));
    }

    #[test]
    fn wrong_flags_are_refused() {
        assert!(Options::try_parse_from(["satchel-terminal", "--fly"]).is_err());
        assert!(Options::try_parse_from(["satchel-terminal", "stray"]).is_err());
    }
}
