//! `satchel-server serve`.

use std::{
    io::ErrorKind,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

use super::{Failure, output, place::Service};
use crate::{
    auth::{
        ACCESS_PREVIOUS_VARIABLE, ACCESS_VARIABLE, Auth, REFRESH_PREVIOUS_VARIABLE, REFRESH_VARIABLE, Secrets,
        SecretsError,
        issuers::{IssuerOptions, Issuers, Source},
    },
    config::DataArgs,
    database::{Database, PoolLimits},
    http::{self, AppState, ProxyNetwork, Settings},
    policy::Policy,
    upkeep,
};

#[derive(Args)]
#[command(after_help = "\
Tells where it listens in one line of JSON on standard output: {\"listening\":\"http://127.0.0.1:7410\"}.
Stops in order on SIGTERM or SIGINT: requests that were begun are answered. A second signal stops it at once.

With DATABASE_URL the secrets of tokens come from SATCHEL_ACCESS_SECRET and SATCHEL_REFRESH_SECRET, at least 32 bytes
each and different; without it they are made once and kept in the data directory. While secrets are exchanged, those
before are given in SATCHEL_ACCESS_SECRET_PREVIOUS and SATCHEL_REFRESH_SECRET_PREVIOUS.

Exit codes: 0 stopped in order, 1 failed, 2 wrong usage.")]
pub(super) struct ServeArgs {
    /// Where to listen; port 0 takes a free one
    #[arg(long, env = "SATCHEL_LISTEN", default_value = "127.0.0.1:7410", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// Also writes the line of JSON to this file once the server answers; removed when it stops
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Networks of the proxies in front of the server, with commas between: their X-Forwarded-For tells where requests
    /// come from. Without them nobody's does
    #[arg(long, env = "SATCHEL_TRUSTED_PROXIES", value_delimiter = ',', value_name = "NETWORKS")]
    trusted_proxies: Vec<ProxyNetwork>,
    #[command(flatten)]
    issuer: IssuerArgs,
    #[command(flatten)]
    data: DataArgs,
}

/// An external issuer (OpenID Connect) whose tokens are exchanged for sessions.
#[derive(Args)]
#[command(next_help_heading = "External issuer")]
struct IssuerArgs {
    /// The issuer's name, exactly as its tokens spell it
    #[arg(
        long,
        env = "SATCHEL_OIDC_ISSUER",
        requires = "oidc_audience",
        requires = "oidc_jwks",
        value_name = "ISSUER"
    )]
    oidc_issuer: Option<String>,
    /// Who its tokens must be for, usually the client id registered there
    #[arg(long, env = "SATCHEL_OIDC_AUDIENCE", requires = "oidc_issuer", value_name = "AUDIENCE")]
    oidc_audience: Option<String>,
    /// Where its public keys are: an https address of a JSON Web Key Set, or a file
    #[arg(long, env = "SATCHEL_OIDC_JWKS", requires = "oidc_issuer", value_name = "URL|FILE")]
    oidc_jwks: Option<Source>,
    /// The claim with the person's e-mail address
    #[arg(long, env = "SATCHEL_OIDC_EMAIL_CLAIM", default_value = "email", value_name = "CLAIM")]
    oidc_email_claim: String,
}

impl IssuerArgs {
    fn issuers(self) -> Issuers {
        let Self { oidc_issuer: Some(issuer), oidc_audience: Some(audience), oidc_jwks: Some(keys), .. } = self else {
            return Issuers::none();
        };
        let email_claim = self.oidc_email_claim;
        Issuers::new(vec![IssuerOptions { email_claim, ..IssuerOptions::new(issuer, audience, keys) }])
    }
}

/// What serving needs of the outside.
struct Backing {
    service: Service,
    secrets: Secrets,
}

pub(super) async fn run(args: ServeArgs) -> Result<(), Failure> {
    let shutdown = stop_on_signals()?;
    let policy = Policy::load(&satchel_domain::REGISTRY)?;
    // First, because it is quick and the likeliest to fail.
    let listener = listen(args.listen).await?;
    let Some(started) = shutdown.run_until_cancelled(start(&args.data)).await else { return Ok(()) };
    let Backing { service: Service { options: service, place }, secrets } = started?;
    // Tells at once what is wrong, where a pool would try for a while.
    PgConnection::connect_with(&service).await?.close().await?;
    let database = Database::connect(service, PoolLimits::default()).await?;
    database.ready().await?;

    let auth = Auth::with_issuers(database.clone(), secrets, args.issuer.issuers());
    let registry = &satchel_domain::REGISTRY;
    let state = AppState::new(database.clone(), registry, policy, auth.clone(), Settings::default());
    let state = state.behind(args.trusted_proxies.into_iter().collect());
    let upkeep = tokio::spawn(upkeep::run(database.clone(), auth, shutdown.clone()));
    let address = listener.local_addr().map_err(|error| Failure::with_cause("cannot listen", &error))?;
    let serving = tokio::spawn(http::serve(listener, state, shutdown.clone()));
    announce(address, args.ready_file.as_deref())?;
    tracing::info!(%address, "serving");
    let served = serving.await.map_err(|error| Failure::with_cause("the server broke off", &error))?;
    if let Some(path) = &args.ready_file {
        // Gone already is as good.
        let _ = std::fs::remove_file(path);
    }
    shutdown.cancel();
    // Its result is logged where it is made.
    let _ = upkeep.await;
    database.close().await;
    // Stopping the private cluster blocks.
    let _ = tokio::task::spawn_blocking(move || drop(place)).await;
    served.map_err(|error| Failure::with_cause("the server broke off", &error))?;
    tracing::info!("stopped");
    Ok(())
}

async fn start(data: &DataArgs) -> Result<Backing, Failure> {
    let service = Service::open(data).await?;
    let secrets = match secrets_of_environment()? {
        Some(secrets) => secrets,
        None if service.place.is_none() => return Err(SecretsError::Missing(ACCESS_VARIABLE).into()),
        None => Secrets::kept_in(&data.data_dir)?,
    };
    Ok(Backing { service, secrets })
}

/// Both secrets or none, and those before if there are any.
fn secrets_of_environment() -> Result<Option<Secrets>, Failure> {
    let set = |name: &str| std::env::var(name).ok().filter(|secret| !secret.is_empty());
    match (set(ACCESS_VARIABLE), set(REFRESH_VARIABLE)) {
        (None, None) if set(ACCESS_PREVIOUS_VARIABLE).or(set(REFRESH_PREVIOUS_VARIABLE)).is_some() => {
            Err(SecretsError::Missing(ACCESS_VARIABLE).into())
        }
        (None, None) => Ok(None),
        (Some(_), None) => Err(SecretsError::Missing(REFRESH_VARIABLE).into()),
        (None, Some(_)) => Err(SecretsError::Missing(ACCESS_VARIABLE).into()),
        (Some(access), Some(refresh)) => {
            let before = |name| set(name).map(String::into_bytes);
            let secrets = Secrets::new(access, refresh)?
                .with_previous(before(ACCESS_PREVIOUS_VARIABLE), before(REFRESH_PREVIOUS_VARIABLE))?;
            Ok(Some(secrets))
        }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => Failure::new(format!(
            "{address} is in use: another server may be running there; choose another with --listen, port 0 takes a \
             free one"
        )),
        ErrorKind::PermissionDenied => {
            Failure::new(format!("this account may not listen on {address}: choose a port above 1023 with --listen"))
        }
        ErrorKind::AddrNotAvailable => {
            Failure::new(format!("{address} is not an address of this machine: choose another with --listen"))
        }
        _ => Failure::with_cause(&format!("cannot listen on {address}"), &error),
    })
}

fn announce(address: SocketAddr, ready_file: Option<&Path>) -> Result<(), Failure> {
    let ready = json!({ "listening": format!("http://{address}") }).to_string();
    if let Some(path) = ready_file {
        // Renamed into place, so that whoever waits for the file finds it whole.
        let aside = path.with_extension(format!("{}.tmp", std::process::id()));
        std::fs::write(&aside, format!("{ready}\n"))
            .and_then(|()| std::fs::rename(&aside, path))
            .map_err(|error| Failure::with_cause(&format!("cannot write {}", path.display()), &error))?;
    }
    output::line(&ready)
}

/// Cancelled at the first SIGTERM or SIGINT; the second ends the process.
fn stop_on_signals() -> Result<CancellationToken, Failure> {
    let listen = |kind| signal(kind).map_err(|error| Failure::with_cause("cannot listen to signals", &error));
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    let shutdown = CancellationToken::new();
    let stopping = shutdown.clone();
    tokio::spawn(async move {
        for _ in 0..2 {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if stopping.is_cancelled() {
                tracing::warn!("stopped at once");
                std::process::exit(1);
            }
            tracing::info!("stopping: requests that were begun are finished");
            stopping.cancel();
        }
    });
    Ok(shutdown)
}
