//! Server-sent events down, HTTP posts up: passes where WebSockets do not.

use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Response, body::Incoming, header};
use satchel_protocol::{
    ErrorBody, ErrorCode,
    wire::stream::{About, PULL_HEADER, StreamError},
};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{
    Channel, INBOX_MESSAGES, Network, News, OUTBOX_MESSAGES, Opening, Outbound, decode, http, sse_parser::SseParser,
};
use crate::engine::{Class, Failure, Inbound, PageText};

/// Opens a stream whose request carries the pull.
pub(super) async fn open(network: &Network, opening: Opening, pull: String) -> Result<Channel, Failure> {
    let request = network
        .request(Method::GET, "api/v1/sync/stream", &opening.token, opening.org_id)
        .header(header::ACCEPT, "text/event-stream")
        .header(PULL_HEADER, pull)
        .body(Full::default())
        .map_err(|_| Failure::permanent("The app cannot write a request."))?;
    let response = network.begin(request).await?;
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.unwrap_or_default().starts_with("text/event-stream") {
        return Err(http::imposter());
    }
    let (mut channel, deliver) = channel(network, opening);
    channel.tasks.push(tokio::spawn(read(response, deliver)));
    Ok(channel)
}

/// Posts a pull that is too large for a header. Its page comes as the only message; then the connection is finished,
/// and the next, which goes on from there, follows.
pub(super) async fn open_posted(network: &Network, opening: Opening) -> Result<Channel, Failure> {
    let request = network.request(Method::POST, "api/v1/sync/pull", &opening.token, opening.org_id);
    let body = network.exchange(http::with_json(request, &opening.pull)?).await?;
    let page = String::from_utf8(body.into()).map_err(|_| http::imposter())?;
    let (channel, deliver) = channel(network, opening);
    for news in [News::Message(Inbound::Delta(PageText(page.into()))), News::Finished] {
        deliver.try_send(news).expect("an empty inbox has room for two messages");
    }
    Ok(channel)
}

/// A channel whose way up is posts.
fn channel(network: &Network, opening: Opening) -> (Channel, mpsc::Sender<News>) {
    let (outbox, to_send) = mpsc::channel(OUTBOX_MESSAGES);
    let (deliver, inbox) = mpsc::channel(INBOX_MESSAGES);
    let posting = write(network.clone(), opening.token, opening.org_id, to_send, deliver.clone());
    (Channel { outbox, inbox, tasks: vec![tokio::spawn(posting)] }, deliver)
}

async fn write(
    network: Network,
    token: String,
    org_id: Uuid,
    mut to_send: mpsc::Receiver<Outbound>,
    deliver: mpsc::Sender<News>,
) {
    while let Some(message) = to_send.recv().await {
        // Heartbeats are for sockets, and a new pull is a new stream.
        let Outbound::Push(push) = message else { continue };
        let news = match network.push(&token, org_id, &push).await {
            Ok(response) => News::Message(Inbound::Pushed(response)),
            Err(failure) => match body(&failure) {
                Some(error) => News::Message(Inbound::Error(StreamError { about: About::Push, error })),
                None => News::Closed(failure),
            },
        };
        if deliver.send(news).await.is_err() {
            return;
        }
    }
}

/// The server's error in a failed push, as a stream would say it; none when nobody answered.
fn body(failure: &Failure) -> Option<ErrorBody> {
    let retry = match failure.class {
        Class::Network => return None,
        Class::Later => "later",
        Class::SignIn => "sign_in",
        Class::Permanent => "never",
    };
    let details = serde_json::json!({
        "retry": retry,
        "retry_after_ms": failure.retry_after_ms,
        "expected_seq": failure.expected_seq,
    });
    let code = failure.code.unwrap_or(ErrorCode::Unknown);
    Some(ErrorBody { code, message: failure.message.clone(), trace_id: failure.trace_id.clone(), details })
}

async fn read(response: Response<Incoming>, deliver: mpsc::Sender<News>) {
    let mut parser = SseParser::default();
    let mut body = response.into_body();
    loop {
        let events = match body.frame().await {
            Some(Ok(frame)) => match frame.data_ref() {
                Some(chunk) => parser.feed(chunk),
                None => continue,
            },
            Some(Err(_)) => {
                let _ = deliver.send(News::Closed(http::broke_off())).await;
                return;
            }
            None => {
                let _ = deliver.send(News::Closed(Failure::network("The server closed the connection."))).await;
                return;
            }
        };
        let messages = match events {
            Ok(events) => events.into_iter().map(|event| decode::event(&event.name, event.data)).collect(),
            Err(error) => Err(satchel_protocol::ShapeError::new("event stream", error.to_string())),
        };
        match messages {
            Ok(messages) => {
                let messages: Vec<Inbound> = messages;
                for message in messages {
                    if deliver.send(News::Message(message)).await.is_err() {
                        return;
                    }
                }
            }
            Err(error) => {
                let _ = deliver.send(News::Closed(decode::nonsense(&error))).await;
                return;
            }
        }
    }
}
