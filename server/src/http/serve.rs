//! Accepting connections, and stopping in order.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use satchel_protocol::limits;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service as _;

use super::{AppState, router};

/// Connections held at once; more wait to be accepted.
pub const CONNECTIONS_MAX: usize = 30_000;
/// Bytes of a request's line and headers: room for the header that opens a stream, and as usual for the rest.
pub const HEAD_BYTES: usize = limits::PULL_HEADER_BYTES + 16 * 1024;
/// Seconds for a client to send its headers.
pub const HEAD_READ_S: u64 = 30;
/// Seconds for requests and streams to end when the server stops.
pub const STOP_MAX_S: u64 = 25;
/// Milliseconds of rest when the system has no more sockets.
const ACCEPT_REST_MS: u64 = 100;

/// Serves until `shutdown` is cancelled; then accepts nothing more, ends the streams with an error frame, lets
/// requests and pushes that were begun finish, and returns, at the latest after [`STOP_MAX_S`] seconds.
///
/// # Errors
/// When the listener is unusable.
pub async fn serve(listener: TcpListener, state: AppState, shutdown: CancellationToken) -> io::Result<()> {
    listener.local_addr()?;
    let state = AppState { shutdown: shutdown.clone(), ..state };
    let tasks = state.tasks.clone();
    let routes = router(state);
    let connections = TaskTracker::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let accepting = accept(&listener, &routes, &connections, &places, &shutdown);
    shutdown.run_until_cancelled(accepting).await;
    drop(listener);
    connections.close();
    let ended = async {
        connections.wait().await;
        // Only now can nothing begin any more.
        tasks.close();
        tasks.wait().await;
    };
    if timeout(Duration::from_secs(STOP_MAX_S), ended).await.is_err() {
        tracing::warn!(connections = connections.len(), tasks = tasks.len(), "stopped without waiting any longer");
    }
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    routes: &Router,
    connections: &TaskTracker,
    places: &Arc<Semaphore>,
    shutdown: &CancellationToken,
) {
    // The semaphore is never closed.
    while let Ok(place) = places.clone().acquire_owned().await {
        match listener.accept().await {
            Ok((stream, peer)) => {
                connections.spawn(connection(stream, peer, routes.clone(), shutdown.clone(), place));
            }
            Err(error) => {
                tracing::debug!(%error, "a connection was not accepted");
                sleep(Duration::from_millis(ACCEPT_REST_MS)).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    routes: Router,
    shutdown: CancellationToken,
    _place: OwnedSemaphorePermit,
) {
    // Heartbeats and verdicts are small, and somebody waits for them.
    let _ = stream.set_nodelay(true);
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(HEAD_READ_S)).max_header_size(HEAD_BYTES);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        routes.clone().call(request.map(Body::new))
    });
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::trace!(%error, "a connection broke");
    }
}
