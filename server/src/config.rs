//! Where the database is, and who may do what to it.

use std::{fmt, path::PathBuf};

use clap::Args;
use sqlx::postgres::PgConnectOptions;

/// Where the data is. Without URLs, a private Postgres cluster in the data directory.
#[derive(Args, Clone)]
#[command(next_help_heading = "Data")]
pub struct DataArgs {
    /// Directory of the private Postgres cluster and the generated secrets; only used without DATABASE_URL
    #[arg(long, env = "SATCHEL_DATA_DIR", default_value = "./.satchel", value_name = "DIRECTORY")]
    pub data_dir: PathBuf,
    /// Postgres, as the server's own login role satchel_service
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<DatabaseUrl>,
    /// Postgres, as a role that owns the database and may bypass row-level security: for migrate, seed and import
    #[arg(long, env = "SATCHEL_ADMIN_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub admin_database_url: Option<DatabaseUrl>,
}

/// A Postgres URL. Never printed, because it may hold a password.
#[derive(Clone)]
pub struct DatabaseUrl(PgConnectOptions);

impl DatabaseUrl {
    /// How to connect.
    pub fn options(&self) -> &PgConnectOptions {
        &self.0
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl")
    }
}

/// What stands where a Postgres URL should.
#[derive(Debug, thiserror::Error)]
#[error("not a Postgres URL: it should look like postgres://user:password@host:5432/database")]
pub struct NotAUrl;

impl std::str::FromStr for DatabaseUrl {
    type Err = NotAUrl;

    fn from_str(text: &str) -> Result<Self, NotAUrl> {
        // The library's own error may quote parts of the URL.
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(NotAUrl);
        }
        text.parse().map(Self).map_err(|_| NotAUrl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_and_never_shown() {
        let url: DatabaseUrl = "postgres://someone:hunter2@db.example:6000/satchel".parse().unwrap();
        assert_eq!(url.options().get_host(), "db.example");
        assert!(!format!("{url:?}").contains("hunter2"));
        let error = "mysql://someone:hunter2@db.example/satchel".parse::<DatabaseUrl>().unwrap_err();
        assert!(!error.to_string().contains("hunter2"));
        assert!("".parse::<DatabaseUrl>().is_err());
    }
}
