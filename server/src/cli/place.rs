//! The database a command works on: the one that URLs name, or the private cluster.

use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};

use super::Failure;
use crate::{
    cluster::{Cluster, ClusterOptions},
    config::DataArgs,
    migrate,
};

/// The database inside the private cluster.
pub(super) const PRIVATE_DATABASE: &str = "satchel";

/// What creating a database says when somebody else just did.
const DUPLICATE_DATABASE: &str = "42P04";

/// An open database, as its admin. Keeps the private cluster running.
pub(super) struct Place {
    pub(super) admin: PgConnectOptions,
    // Leaves the cluster when dropped; the last to leave stops it.
    pub(super) cluster: Option<Cluster>,
}

impl Place {
    /// Finds or starts it. A private cluster is migrated; another database is only by `satchel-server migrate`.
    pub(super) async fn open(data: &DataArgs) -> Result<Self, Failure> {
        let place = Self::locate(data).await?;
        if place.cluster.is_some() {
            migrate::migrate(&place.admin, None).await?;
        }
        Ok(place)
    }

    /// Finds or starts it, as it is.
    pub(super) async fn locate(data: &DataArgs) -> Result<Self, Failure> {
        let admin = data.admin().map_err(|error| Failure::with_cause("SATCHEL_ADMIN_DATABASE_URL", &error))?;
        if let Some(admin) = admin {
            return Ok(Self { admin, cluster: None });
        }
        if service_url(data)?.is_some() {
            return Err(Failure::new(
                "DATABASE_URL is for the running server only: set SATCHEL_ADMIN_DATABASE_URL to a role that owns the \
                 database and may bypass row-level security",
            ));
        }
        Self::private(data).await
    }

    /// Finds or starts the private cluster of the data directory, whatever URLs say.
    pub(super) async fn private(data: &DataArgs) -> Result<Self, Failure> {
        let cluster = start(data).await?;
        let admin = private_database(&cluster).await?;
        Ok(Self { admin, cluster: Some(cluster) })
    }
}

/// The role the server logs in as.
const SERVICE_ROLE: &str = "satchel_service";

/// The database as the server's login role, bound by every policy. Keeps the private cluster running.
pub(super) struct Service {
    pub(super) options: PgConnectOptions,
    pub(super) place: Option<Place>,
}

impl Service {
    /// Finds the database that DATABASE_URL names, or starts the private one and brings it up to date.
    pub(super) async fn open(data: &DataArgs) -> Result<Self, Failure> {
        if let Some(options) = service_url(data)? {
            return Ok(Self { options, place: None });
        }
        let place = Place::private(data).await?;
        migrate::migrate(&place.admin, None).await?;
        // The socket's directory is the cluster's only authentication, so the role needs no password.
        Ok(Self { options: place.admin.clone().username(SERVICE_ROLE), place: Some(place) })
    }
}

/// How to connect as the server's login role, if DATABASE_URL says so.
pub(super) fn service_url(data: &DataArgs) -> Result<Option<PgConnectOptions>, Failure> {
    data.service().map_err(|error| Failure::with_cause("DATABASE_URL", &error))
}

async fn start(data: &DataArgs) -> Result<Cluster, Failure> {
    let data_dir = data.data_dir.clone();
    tokio::task::spawn_blocking(move || Cluster::start(&data_dir, ClusterOptions::default()))
        .await
        .map_err(|error| Failure::with_cause("the private cluster's start broke off", &error))?
        .map_err(Failure::from)
}

async fn private_database(cluster: &Cluster) -> Result<PgConnectOptions, Failure> {
    let mut connection = PgConnection::connect_with(&cluster.connect_options("postgres")).await?;
    let there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(PRIVATE_DATABASE)
        .fetch_one(&mut connection)
        .await?;
    if !there {
        let created = sqlx::raw_sql("create database satchel").execute(&mut connection).await;
        match created {
            Err(error)
                if error.as_database_error().and_then(|error| error.code()).as_deref() == Some(DUPLICATE_DATABASE) => {}
            created => {
                created?;
            }
        }
    }
    connection.close().await?;
    Ok(cluster.connect_options(PRIVATE_DATABASE))
}
