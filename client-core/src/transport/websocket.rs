//! One socket both ways.

use futures_util::{SinkExt as _, StreamExt as _, stream::SplitSink, stream::SplitStream};
use satchel_protocol::{
    ErrorCode,
    wire::{ClientMessage, auth::APP_HEADER, stream::PULL_HEADER},
};
use tokio::{net::TcpStream, sync::mpsc};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest as _,
        handshake::client::Request,
        http::{HeaderValue, header},
        protocol::WebSocketConfig,
    },
};

use super::{Channel, INBOX_MESSAGES, MESSAGE_BYTES, Network, News, OUTBOX_MESSAGES, Opening, Outbound, decode, http};
use crate::engine::Failure;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens a WebSocket whose upgrade carries the pull.
pub(super) async fn open(network: &Network, opening: &Opening, pull: &str) -> Result<Channel, Failure> {
    let request = request(network, opening, pull)?;
    let tcp = network.tcp().await.map_err(|_| Failure::unreachable("The server cannot be reached."))?;
    let config = WebSocketConfig::default().max_message_size(Some(MESSAGE_BYTES)).max_frame_size(Some(MESSAGE_BYTES));
    let socket = shake_hands(network, request, tcp, config).await.map_err(|error| refused(&error))?;
    let (sink, stream) = socket.split();
    let (outbox, to_send) = mpsc::channel(OUTBOX_MESSAGES);
    let (deliver, inbox) = mpsc::channel(INBOX_MESSAGES);
    let tasks = vec![tokio::spawn(write(sink, to_send)), tokio::spawn(read(stream, deliver))];
    Ok(Channel { outbox, inbox, tasks })
}

fn request(network: &Network, opening: &Opening, pull: &str) -> Result<Request, Failure> {
    let fault = || Failure::permanent("The server's address cannot be used for a WebSocket.");
    let mut request = network.socket_uri("api/v1/sync/ws").into_client_request().map_err(|_| fault())?;
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| fault());
    let headers = request.headers_mut();
    let mut bearer = value(&format!("Bearer {}", opening.token))?;
    bearer.set_sensitive(true);
    headers.insert(header::AUTHORIZATION, bearer);
    headers.insert("X-Org-Id", value(&opening.org_id.to_string())?);
    headers.insert(PULL_HEADER, value(pull)?);
    headers.insert(APP_HEADER, network.app.clone());
    Ok(request)
}

#[cfg(feature = "tls")]
async fn shake_hands(
    network: &Network,
    request: Request,
    tcp: TcpStream,
    config: WebSocketConfig,
) -> Result<Socket, Error> {
    let tls = network.secure().then(|| tokio_tungstenite::Connector::Rustls(network.tls.clone()));
    let shaking = tokio_tungstenite::client_async_tls_with_config(request, tcp, Some(config), tls);
    shaking.await.map(|(socket, _)| socket)
}

#[cfg(not(feature = "tls"))]
async fn shake_hands(_: &Network, request: Request, tcp: TcpStream, config: WebSocketConfig) -> Result<Socket, Error> {
    let tcp = MaybeTlsStream::Plain(tcp);
    tokio_tungstenite::client_async_with_config(request, tcp, Some(config)).await.map(|(socket, _)| socket)
}

/// Why an upgrade failed.
fn refused(error: &Error) -> Failure {
    match error {
        Error::Http(response) => {
            let body = response.body().as_deref().unwrap_or_default();
            let failure = http::refusal(response.status().as_u16(), body, http::retry_after_ms(response.headers()));
            match failure.code {
                // The upgrade did not reach the server as one. If it is the pull that is bad, SSE will tell.
                Some(ErrorCode::BadRequest) => no_websockets(),
                _ => failure,
            }
        }
        Error::Tls(_) => http::distrust(),
        error if http::untrusted(error) => http::distrust(),
        Error::Io(_) | Error::ConnectionClosed | Error::AlreadyClosed => {
            Failure::network("The connection broke while it was being opened.")
        }
        _ => no_websockets(),
    }
}

fn no_websockets() -> Failure {
    Failure::transport_refused("Something between this device and the server does not let WebSockets through.")
}

async fn write(mut sink: SplitSink<Socket, Message>, mut to_send: mpsc::Receiver<Outbound>) {
    while let Some(message) = to_send.recv().await {
        let message = match message {
            Outbound::Push(request) => ClientMessage::Push(request),
            Outbound::Pull(request) => ClientMessage::Pull(request),
            Outbound::Heartbeat(beat) => ClientMessage::Heartbeat(beat),
        };
        let Ok(text) = serde_json::to_string(&message) else { continue };
        // A broken socket is reported by the reading side.
        if sink.send(Message::text(text)).await.is_err() {
            return;
        }
    }
    let _ = sink.close().await;
}

async fn read(mut stream: SplitStream<Socket>, deliver: mpsc::Sender<News>) {
    loop {
        let news = match stream.next().await {
            Some(Ok(Message::Text(text))) => match decode::message(&text) {
                Ok(message) => News::Message(message),
                Err(error) => News::Closed(decode::nonsense(&error)),
            },
            Some(Ok(Message::Close(_))) | None => News::Closed(Failure::network("The server closed the connection.")),
            Some(Ok(Message::Binary(_))) => {
                News::Closed(Failure::network("The server sent something this app does not understand."))
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
            Some(Err(_)) => News::Closed(Failure::network("The connection to the server broke.")),
        };
        let closed = matches!(news, News::Closed(_));
        if deliver.send(news).await.is_err() || closed {
            return;
        }
    }
}
