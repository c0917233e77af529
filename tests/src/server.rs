//! An in-process server on a port of its own, and plain clients of its wire.

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder, Response};
use satchel_protocol::{
    ErrorBody, ErrorCode, ErrorEnvelope, Registry,
    wire::{ClientMessage, DeltaPage, PullRequest, PushRequest, PushResponse, ServerMessage, stream::PULL_HEADER},
};
use satchel_server::{
    auth::{ACCESS_S, Auth, Secrets},
    database::{Caller, Database},
    feed::HubSettings,
    http::{self, AppState, ProxyNetwork, Settings},
    policy::Policy,
    stream::StreamSettings,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{self, Message, client::IntoClientRequest as _, http::HeaderValue},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Seconds until a test that waits for something gives up.
pub const PATIENCE_S: u64 = 30;

/// A running server.
pub struct TestServer {
    address: SocketAddr,
    auth: Auth,
    state: AppState,
    shutdown: CancellationToken,
    serving: JoinHandle<std::io::Result<()>>,
}

/// A server that finds what other writers do only when it looks: almost never. Tests that want the poll say so.
pub fn unhurried() -> Settings {
    Settings {
        hub: HubSettings { poll: Duration::from_secs(3_600), announce: false },
        stream: StreamSettings::default(),
    }
}

impl TestServer {
    /// Starts one over a database.
    ///
    /// # Panics
    /// When there is no port to be had.
    pub async fn start(database: &Database, registry: &'static Registry, settings: Settings) -> Self {
        Self::with_auth(Auth::new(database.clone(), Secrets::generate()), database, registry, settings).await
    }

    /// The same with secrets or issuers of the test's own.
    ///
    /// # Panics
    /// When there is no port to be had.
    pub async fn with_auth(auth: Auth, database: &Database, registry: &'static Registry, settings: Settings) -> Self {
        let policy = Policy::load(registry).expect("the registry's policy");
        let state = AppState::new(database.clone(), registry, policy, auth.clone(), settings);
        Self::serve(auth, state).await
    }

    /// The same over a database as [`start`](Self::start), behind proxies in these networks.
    ///
    /// # Panics
    /// When there is no port to be had.
    pub async fn behind(proxies: &[&str], database: &Database, registry: &'static Registry) -> Self {
        let auth = Auth::new(database.clone(), Secrets::generate());
        let policy = Policy::load(registry).expect("the registry's policy");
        let networks = proxies.iter().map(|network| network.parse::<ProxyNetwork>().expect("a network"));
        let state = AppState::new(database.clone(), registry, policy, auth.clone(), unhurried());
        Self::serve(auth, state.behind(networks.collect())).await
    }

    async fn serve(auth: Auth, state: AppState) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let shutdown = CancellationToken::new();
        let serving = tokio::spawn(http::serve(listener, state.clone(), shutdown.clone()));
        Self { address, auth, state, shutdown, serving }
    }

    /// Its URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What its handlers share.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// An access token for a user, fresh or as if made some time ago.
    ///
    /// # Panics
    /// When none can be made.
    pub fn token(&self, user_id: Uuid, age: Duration) -> String {
        let made_at = Timestamp::now() - age;
        self.auth.access_token(user_id, None, made_at).expect("a token")
    }

    /// A client that is signed in.
    pub fn client(&self, caller: Caller) -> Client {
        self.client_with_token(caller.org_id, self.token(caller.user_id, Duration::ZERO))
    }

    /// A client whose access token expires after `left`.
    pub fn client_expiring(&self, caller: Caller, left: Duration) -> Client {
        let age = Duration::from_secs(ACCESS_S).saturating_sub(left);
        self.client_with_token(caller.org_id, self.token(caller.user_id, age))
    }

    /// A client with any token.
    pub fn client_with_token(&self, org_id: Uuid, token: String) -> Client {
        Client { address: self.address, http: reqwest::Client::new(), token, org_id }
    }

    /// Tells the server to stop, without waiting for it.
    pub fn begin_stop(&self) {
        self.shutdown.cancel();
    }

    /// Stops it and waits until it has.
    ///
    /// # Panics
    /// When it fails.
    pub async fn stop(self) {
        self.shutdown.cancel();
        patiently(self.serving).await.expect("no panic").expect("an orderly end");
    }
}

/// Waits, but not forever.
///
/// # Panics
/// After [`PATIENCE_S`] seconds.
pub async fn patiently<T>(work: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(PATIENCE_S), work).await.expect("it should have happened long ago")
}

/// An error answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// What the envelope holds.
    pub error: ErrorBody,
}

impl Refused {
    /// The code, and the reason in the details if there is one.
    pub fn why(&self) -> (ErrorCode, Option<&str>) {
        (self.error.code, self.error.details["reason"].as_str())
    }
}

/// A client of one user.
#[derive(Clone)]
pub struct Client {
    address: SocketAddr,
    http: reqwest::Client,
    token: String,
    org_id: Uuid,
}

impl Client {
    /// A signed-in request.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("http://{}{path}", self.address));
        request.bearer_auth(&self.token).header("x-org-id", self.org_id.to_string())
    }

    /// Pulls one page.
    ///
    /// # Errors
    /// What the server answered.
    pub async fn pull(&self, request: &PullRequest) -> Result<DeltaPage, Refused> {
        let request = self.request(Method::POST, "/api/v1/sync/pull").json(request);
        answer(request.send().await.expect("an answer")).await
    }

    /// Pushes.
    ///
    /// # Errors
    /// What the server answered.
    pub async fn push(&self, request: &PushRequest) -> Result<PushResponse, Refused> {
        let request = self.request(Method::POST, "/api/v1/sync/push").json(request);
        answer(request.send().await.expect("an answer")).await
    }

    /// Opens a WebSocket.
    ///
    /// # Errors
    /// What the server answered instead.
    pub async fn socket(&self, request: &PullRequest) -> Result<Socket, Refused> {
        let stream = TcpStream::connect(self.address).await.expect("a connection");
        self.socket_over(stream, &serde_json::to_string(request).expect("a request is JSON")).await
    }

    /// Opens a WebSocket over a connection, with any text as its pull.
    ///
    /// # Errors
    /// What the server answered instead.
    pub async fn socket_over(&self, stream: TcpStream, pull: &str) -> Result<Socket, Refused> {
        let mut opening = format!("ws://{}/api/v1/sync/ws", self.address).into_client_request().expect("a URL");
        let headers = opening.headers_mut();
        let value = |text: &str| HeaderValue::from_str(text).expect("a header value");
        headers.insert("authorization", value(&format!("Bearer {}", self.token)));
        headers.insert("x-org-id", value(&self.org_id.to_string()));
        headers.insert(PULL_HEADER, value(pull));
        match client_async_with_config(opening, stream, None).await {
            Ok((socket, _)) => Ok(Socket { socket, passed_over: VecDeque::new() }),
            Err(tungstenite::Error::Http(response)) => {
                let status = response.status().as_u16();
                Err(refused(status, response.body().as_deref().unwrap_or_default()))
            }
            Err(error) => panic!("the handshake broke off: {error}"),
        }
    }

    /// Opens a stream of server-sent events.
    ///
    /// # Errors
    /// What the server answered instead.
    pub async fn events(&self, request: &PullRequest, last_event_id: Option<&str>) -> Result<Events, Refused> {
        let pull = serde_json::to_string(request).expect("a request is JSON");
        let mut opening = self.request(Method::GET, "/api/v1/sync/stream").header(PULL_HEADER, pull);
        if let Some(id) = last_event_id {
            opening = opening.header("last-event-id", id);
        }
        let response = opening.send().await.expect("an answer");
        if response.status().is_success() {
            assert_eq!(response.headers()["content-type"], "text/event-stream");
            return Ok(Events { response, text: String::new() });
        }
        let status = response.status().as_u16();
        Err(refused(status, &response.bytes().await.expect("a body")))
    }
}

async fn answer<T: serde::de::DeserializeOwned>(response: Response) -> Result<T, Refused> {
    let status = response.status();
    let body = response.bytes().await.expect("a body");
    if status.is_success() {
        Ok(serde_json::from_slice(&body).expect("an answer of this shape"))
    } else {
        Err(refused(status.as_u16(), &body))
    }
}

/// Reads an envelope, which every error answer must be.
///
/// # Panics
/// When it is none, or has no trace id or retry class.
pub fn refused(status: u16, body: &[u8]) -> Refused {
    let envelope: ErrorEnvelope = serde_json::from_slice(body)
        .unwrap_or_else(|error| panic!("{status} without envelope ({error}): {}", String::from_utf8_lossy(body)));
    assert!(!envelope.error.trace_id.is_empty(), "{envelope:?}");
    assert!(envelope.error.details["retry"].is_string(), "{envelope:?}");
    Refused { status, error: envelope.error }
}

/// An open WebSocket.
pub struct Socket {
    socket: WebSocketStream<TcpStream>,
    // Deltas that came before an answer: whoever went on without them would lack what they bring.
    passed_over: VecDeque<DeltaPage>,
}

impl Socket {
    /// The next message; `None` when the server closed.
    ///
    /// # Panics
    /// When none comes, or one that cannot be decoded.
    pub async fn next(&mut self) -> Option<ServerMessage> {
        loop {
            match patiently(self.socket.next()).await? {
                Ok(Message::Text(text)) => return Some(ServerMessage::decode(&text).expect("a message of the wire")),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next delta, heartbeats apart.
    ///
    /// # Panics
    /// When something else comes first.
    pub async fn delta(&mut self) -> DeltaPage {
        if let Some(page) = self.passed_over.pop_front() {
            return page;
        }
        loop {
            match self.next().await {
                Some(ServerMessage::Delta(page)) => return *page,
                Some(ServerMessage::Heartbeat(_)) => {}
                other => panic!("a delta was due, not {other:?}"),
            }
        }
    }

    /// The next message that is neither delta nor heartbeat; deltas before it are given later.
    pub async fn answer(&mut self) -> Option<ServerMessage> {
        loop {
            match self.next().await {
                Some(ServerMessage::Delta(page)) => self.passed_over.push_back(*page),
                Some(ServerMessage::Heartbeat(_)) => {}
                other => return other,
            }
        }
    }

    /// Sends a message.
    ///
    /// # Panics
    /// When the connection is gone.
    pub async fn say(&mut self, message: &ClientMessage) {
        self.say_text(&serde_json::to_string(message).expect("messages are JSON")).await;
    }

    /// Sends any text.
    ///
    /// # Panics
    /// When the connection is gone.
    pub async fn say_text(&mut self, text: &str) {
        self.say_raw(Message::text(text)).await;
    }

    /// Sends anything.
    ///
    /// # Panics
    /// When the connection is gone.
    pub async fn say_raw(&mut self, message: Message) {
        self.socket.send(message).await.expect("an open connection");
    }
}

/// An open stream of server-sent events.
pub struct Events {
    response: Response,
    text: String,
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its id.
    pub id: Option<String>,
    /// What it says, as the same message over a WebSocket.
    pub message: ServerMessage,
}

impl Events {
    /// The next event; `None` when the server closed.
    ///
    /// # Panics
    /// When none comes, or one that is not of the wire.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned))
                };
                let (name, data) = (field("event").expect("a name"), field("data").expect("data"));
                let message = ServerMessage::decode(&format!(r#"{{"{name}":{data}}}"#)).expect("a message");
                let event = Event { id: field("id"), message };
                self.text = rest.to_owned();
                return Some(event);
            }
            let chunk = patiently(self.response.chunk()).await.ok().flatten()?;
            self.text.push_str(std::str::from_utf8(&chunk).expect("chunks end between characters in these tests"));
        }
    }

    /// The next delta and its id, heartbeats apart.
    ///
    /// # Panics
    /// When something else comes first.
    pub async fn delta(&mut self) -> (DeltaPage, Option<String>) {
        loop {
            match self.next().await {
                Some(Event { id, message: ServerMessage::Delta(page) }) => return (*page, id),
                Some(Event { message: ServerMessage::Heartbeat(_), .. }) => {}
                other => panic!("a delta was due, not {other:?}"),
            }
        }
    }
}
