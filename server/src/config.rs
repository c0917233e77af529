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
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// How to connect; `None` when it is set to nothing.
    ///
    /// # Errors
    /// When it is not a Postgres URL.
    pub fn options(&self) -> Result<Option<PgConnectOptions>, NotAUrl> {
        if self.0.is_empty() {
            return Ok(None);
        }
        // The library would take other schemes, and its error may quote parts of the URL.
        if !self.0.starts_with("postgres://") && !self.0.starts_with("postgresql://") {
            return Err(NotAUrl);
        }
        self.0.parse().map(Some).map_err(|_| NotAUrl)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl")
    }
}

impl From<String> for DatabaseUrl {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// What stands where a Postgres URL should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a Postgres URL: it should look like postgres://user:password@host:5432/database")]
pub struct NotAUrl;

impl DataArgs {
    /// How to connect as the server's login role, if a URL says so.
    ///
    /// # Errors
    /// When it is not a Postgres URL.
    pub fn service(&self) -> Result<Option<PgConnectOptions>, NotAUrl> {
        self.database_url.as_ref().map_or(Ok(None), DatabaseUrl::options)
    }

    /// How to connect as the admin, if a URL says so.
    ///
    /// # Errors
    /// When it is not a Postgres URL.
    pub fn admin(&self) -> Result<Option<PgConnectOptions>, NotAUrl> {
        self.admin_database_url.as_ref().map_or(Ok(None), DatabaseUrl::options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_and_never_shown() {
        let url = DatabaseUrl::from("postgres://someone:hunter2@db.example:6000/satchel".to_owned());
        assert_eq!(url.options().unwrap().unwrap().get_host(), "db.example");
        assert!(!format!("{url:?}").contains("hunter2"));
        let url = DatabaseUrl::from("mysql://someone:hunter2@db.example/satchel".to_owned());
        assert!(!url.options().unwrap_err().to_string().contains("hunter2"));
        assert!(DatabaseUrl::from(String::new()).options().unwrap().is_none());
    }
}
