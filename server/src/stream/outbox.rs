//! The way out of a session: few frames wait, and a reader that stands still is noticed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use satchel_protocol::wire::{
    Heartbeat, PushResponse,
    stream::{About, StreamError},
};
use serde::Serialize;
use tokio::{
    pin,
    sync::mpsc::{self, OwnedPermit, error::TrySendError},
    time::timeout,
};

use super::SEND_QUEUE_FRAMES;
use crate::error::ApiError;

/// One message to a client.
#[derive(Debug)]
pub(super) struct Frame {
    /// Which message; the wire's tag.
    pub(super) name: &'static str,
    /// Its body.
    pub(super) json: String,
    /// The cursor it leads to, for clients that resume by event id.
    pub(super) id: Option<String>,
}

impl Frame {
    /// A page.
    pub(super) fn delta(json: String, cursor: Option<String>) -> Self {
        Self { name: "delta", json, id: cursor }
    }

    /// The verdicts of a push.
    pub(super) fn pushed(response: &PushResponse) -> Self {
        Self { name: "pushed", json: to_json(response), id: None }
    }

    /// A sign of life.
    pub(super) fn heartbeat(heartbeat: &Heartbeat) -> Self {
        Self { name: "heartbeat", json: to_json(heartbeat), id: None }
    }

    /// A failure. Its trace id is the one in force here.
    pub(super) fn error(about: About, error: &ApiError) -> Self {
        Self { name: "error", json: to_json(&StreamError { about, error: error.body() }), id: None }
    }

    /// As a WebSocket message: one member, whose name says what it is.
    pub(super) fn tagged(self) -> String {
        format!(r#"{{"{}":{}}}"#, self.name, self.json)
    }

    /// As a server-sent event. The body is one line, because JSON escapes line ends.
    pub(super) fn event(self) -> String {
        let id = self.id.map(|id| format!("id: {id}\n")).unwrap_or_default();
        format!("event: {}\n{id}data: {}\n\n", self.name, self.json)
    }
}

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("wire messages are JSON")
}

/// Nobody takes frames any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// The connection is closed.
    Closed,
    /// The client reads nothing.
    Stalled,
}

/// The sending end.
#[derive(Clone, Debug)]
pub(super) struct Outbox {
    frames: mpsc::Sender<Frame>,
    progress: Progress,
    stall: Duration,
}

/// Counts what a client has taken, so that slow is told from standing still.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress(Arc<AtomicU64>);

impl Progress {
    /// The client took something.
    pub(super) fn made(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// An outbox, the frames that leave it, and where their progress is told.
pub(super) fn outbox(stall: Duration) -> (Outbox, mpsc::Receiver<Frame>, Progress) {
    let (frames, taken) = mpsc::channel(SEND_QUEUE_FRAMES);
    let progress = Progress::default();
    (Outbox { frames, progress: progress.clone(), stall }, taken, progress)
}

impl Outbox {
    /// Waits for room for one frame, as long as the client takes anything at all.
    pub(super) async fn room(&self) -> Result<OwnedPermit<Frame>, Gone> {
        let reserve = self.frames.clone().reserve_owned();
        pin!(reserve);
        loop {
            let before = self.progress.count();
            match timeout(self.stall, &mut reserve).await {
                Ok(Ok(permit)) => return Ok(permit),
                Ok(Err(_)) => return Err(Gone::Closed),
                Err(_) if self.progress.count() == before => return Err(Gone::Stalled),
                Err(_) => {}
            }
        }
    }

    /// Room for one frame, if there is some now.
    pub(super) fn room_now(&self) -> Option<OwnedPermit<Frame>> {
        self.frames.clone().try_reserve_owned().ok()
    }

    /// Sends a frame when there is room.
    pub(super) async fn send(&self, frame: Frame) -> Result<(), Gone> {
        self.room().await?.send(frame);
        Ok(())
    }

    /// Sends a frame if there is room now. A client that has frames waiting needs no sign of life.
    pub(super) fn offer(&self, frame: Frame) -> Result<(), Gone> {
        match self.frames.try_send(frame) {
            Ok(()) | Err(TrySendError::Full(_)) => Ok(()),
            Err(TrySendError::Closed(_)) => Err(Gone::Closed),
        }
    }

    /// Waits until nobody takes frames any more.
    pub(super) async fn closed(&self) {
        self.frames.closed().await;
    }
}

#[cfg(test)]
mod tests {
    use satchel_protocol::{ErrorCode, wire::ServerMessage};

    use super::*;

    const STALL: Duration = Duration::from_secs(15);

    fn frame() -> Frame {
        Frame::delta("{}".to_owned(), None)
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_stands_still_is_gone_and_a_slow_one_is_not() {
        let (outbox, mut taken, progress) = outbox(STALL);
        for _ in 0..SEND_QUEUE_FRAMES {
            outbox.send(frame()).await.unwrap();
        }
        assert_eq!(outbox.offer(frame()), Ok(()));
        assert_eq!(outbox.room().await.map(drop), Err(Gone::Stalled));

        let slow = tokio::spawn(async move {
            for _ in 0..10 {
                tokio::time::sleep(STALL / 2).await;
                progress.made();
            }
            taken.recv().await;
            taken
        });
        outbox.send(frame()).await.unwrap();
        drop(slow.await.unwrap());
        assert_eq!(outbox.room().await.map(drop), Err(Gone::Closed));
    }

    #[test]
    fn frames_decode_as_messages_and_events_are_one_line_of_data() {
        let error = ApiError::new(ErrorCode::Forbidden, "No.\nNot ever.");
        let text = Frame::error(About::Stream, &error).tagged();
        let Ok(ServerMessage::Error(decoded)) = ServerMessage::decode(&text) else { panic!("{text}") };
        assert_eq!((decoded.about, decoded.error.code), (About::Stream, ErrorCode::Forbidden));
        assert_eq!(
            Frame::delta(r#"{"cursor":"abc"}"#.to_owned(), Some("abc".to_owned())).event(),
            "event: delta\nid: abc\ndata: {\"cursor\":\"abc\"}\n\n"
        );
    }
}
