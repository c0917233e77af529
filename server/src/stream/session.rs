//! One client's session: reads what it says, tells it what happens, in one task.

use std::{collections::VecDeque, future, pin::Pin, sync::Arc, time::Duration};

use jiff::Timestamp;
use satchel_protocol::{
    ErrorCode, Retry,
    wire::{ClientMessage, Heartbeat, PullRequest, PushRequest, PushResponse, stream::About},
};
use tokio::{
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};
use uuid::Uuid;

use super::{
    DELTA_RETRY_MS, PUSH_FINISH_S, PUSH_QUEUE,
    admission::Place,
    delta::{Delta, Job, Sent, Stopped},
    outbox::{Frame, Gone, Outbox},
};
use crate::{
    auth::{App, Authenticated},
    database::Caller,
    error::ApiError,
    health::Metrics,
    http::{AppState, run_push},
    trace,
};

/// What a client says.
pub(super) trait Inbound: Send {
    /// Whether a client on this transport can say anything. One that cannot is not expected to.
    const SPEAKS: bool;

    /// The next message; `None` when the connection is gone. Cancelling loses none.
    fn next(&mut self) -> impl Future<Output = Option<Result<ClientMessage, ApiError>>> + Send;
}

/// A client that cannot speak.
pub(super) struct Silent;

impl Inbound for Silent {
    const SPEAKS: bool = false;

    async fn next(&mut self) -> Option<Result<ClientMessage, ApiError>> {
        future::pending().await
    }
}

/// Why a session ends.
enum End {
    /// The client left.
    Left,
    /// The client reads nothing.
    Stalled,
    /// The server ends it, and says why.
    Error(ApiError),
}

impl From<Gone> for End {
    fn from(gone: Gone) -> Self {
        match gone {
            Gone::Closed => Self::Left,
            Gone::Stalled => Self::Stalled,
        }
    }
}

/// What the delta half is doing.
enum Doing {
    /// Making or sending a page.
    Page(Job),
    /// Waiting for something to change.
    Waiting,
    /// Waiting to try again.
    Resting(Instant),
    /// Waiting for the client to pull anew.
    Paused,
    /// Looking whether the caller may still be here, while the client does not pull.
    Checking(Check),
}

/// A look at the door.
type Check = Pin<Box<dyn Future<Output = Result<(), ApiError>> + Send>>;

struct Session {
    state: AppState,
    caller: Caller,
    app: Option<Arc<App>>,
    device_id: Uuid,
    expires_at: Timestamp,
    outbox: Outbox,
    delta: Delta,
    doing: Doing,
    pushes: VecDeque<PushRequest>,
    pushing: Option<JoinHandle<Result<Option<PushResponse>, Gone>>>,
    pushing_device: Uuid,
    heard: Instant,
}

/// Runs a session to its end.
pub(super) async fn run<I: Inbound>(
    state: AppState,
    authenticated: Authenticated,
    request: PullRequest,
    outbox: Outbox,
    mut inbound: I,
    _place: Place,
) {
    let Authenticated { caller, token_expires_at, app } = authenticated;
    let _open = Open::new(&state);
    let device_id = request.device_id;
    let mut session = Session {
        delta: Delta::new(&state, caller, request),
        state,
        caller,
        app,
        device_id,
        expires_at: token_expires_at,
        outbox,
        doing: Doing::Waiting,
        pushes: VecDeque::new(),
        pushing: None,
        pushing_device: Uuid::nil(),
        heard: Instant::now(),
    };
    let end = session.serve(&mut inbound).await;
    session.finish(end).await;
}

/// Counts the stream as open while it lives.
struct Open(Arc<Metrics>);

impl Open {
    fn new(state: &AppState) -> Self {
        state.metrics.stream_opened();
        Self(state.metrics.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.stream_closed();
    }
}

impl Session {
    async fn serve<I: Inbound>(&mut self, inbound: &mut I) -> End {
        let settings = self.state.stream;
        let shutdown = self.state.shutdown.clone();
        let outbox = self.outbox.clone();
        let mut heartbeat = interval(settings.heartbeat);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let expiry = Instant::now() + Duration::from_millis(self.token_left_ms().unsigned_abs());
        self.start_page();
        loop {
            let listening = self.pushes.len() < PUSH_QUEUE;
            let step = tokio::select! {
                message = inbound.next(), if listening => match message {
                    Some(message) => {
                        self.heard = Instant::now();
                        message.map_err(End::Error).and_then(|message| self.take(message))
                    }
                    None => Err(End::Left),
                },
                event = work(&mut self.doing, &self.delta) => match event {
                    Event::Ended(page) => self.page_ended::<I>(page),
                    Event::Due if self.delta.rested_at() > Instant::now() => {
                        self.doing = Doing::Resting(self.delta.rested_at());
                        Ok(())
                    }
                    Event::Due => {
                        self.start_page();
                        Ok(())
                    }
                    Event::Doubted => {
                        self.doing = Doing::Checking(self.check());
                        Ok(())
                    }
                    Event::Checked(Err(error)) if is_over(&error) => Err(End::Error(error)),
                    // A database that is away says nothing about the caller; the next push or page asks again.
                    Event::Checked(_) => {
                        self.doing = Doing::Paused;
                        Ok(())
                    }
                },
                ended = pushed(&mut self.pushing) => self.push_ended(ended),
                _ = heartbeat.tick() => self.beat(),
                () = sleep_until(self.heard + settings.silence), if I::SPEAKS && listening => {
                    Err(End::Error(ApiError::bad_request("Nothing was heard for too long; send heartbeats.")))
                }
                () = sleep_until(expiry) => {
                    let message = "The access token has expired. Refresh it and open the stream again.";
                    Err(End::Error(ApiError::new(ErrorCode::Unauthorized, message)))
                }
                () = shutdown.cancelled() => {
                    Err(End::Error(ApiError::unavailable("The server is stopping. Connect again.")))
                }
                () = outbox.closed() => Err(End::Left),
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    fn start_page(&mut self) {
        self.doing = Doing::Page(self.delta.next(&self.state, &self.outbox));
    }

    /// Looks whether the caller would still be let in.
    fn check(&self) -> Check {
        let (database, caller) = (self.state.database.clone(), self.caller);
        Box::pin(async move { database.begin_read(&caller).await.map(drop).map_err(ApiError::from) })
    }

    fn take(&mut self, message: ClientMessage) -> Result<(), End> {
        match message {
            ClientMessage::Push(request) => {
                self.pushes.push_back(request);
                self.start_push();
            }
            ClientMessage::Pull(request) => {
                self.device_id = request.device_id;
                self.delta = Delta::new(&self.state, self.caller, *request);
                self.start_page();
            }
            ClientMessage::Heartbeat(_) | ClientMessage::Unknown => {}
        }
        Ok(())
    }

    fn page_ended<I: Inbound>(&mut self, page: Result<Sent, Stopped>) -> Result<(), End> {
        match page {
            Ok(sent) => {
                if self.delta.sent(sent) {
                    self.start_page();
                } else {
                    self.doing = Doing::Waiting;
                }
                Ok(())
            }
            Err(Stopped::Gone(gone)) => Err(gone.into()),
            Err(Stopped::Failed(error)) => {
                let again = error.code().retry() == Retry::Later;
                if is_over(&error) || !(again || I::SPEAKS) {
                    return Err(End::Error(error));
                }
                self.doing = if again {
                    Doing::Resting(Instant::now() + Duration::from_millis(DELTA_RETRY_MS))
                } else {
                    Doing::Paused
                };
                // A client that has frames waiting must hear of it too, so this one may wait.
                let (outbox, frame) = (self.outbox.clone(), Frame::error(About::Pull, &error));
                self.state.tasks.spawn(async move { outbox.send(frame).await });
                Ok(())
            }
        }
    }

    /// Starts the next push if none runs. Its answer is sent by the same task, so that answers keep the order.
    fn start_push(&mut self) {
        if self.pushing.is_some() {
            return;
        }
        let Some(request) = self.pushes.pop_front() else { return };
        self.pushing_device = request.device_id;
        let (state, caller, outbox) = (self.state.clone(), self.caller, self.outbox.clone());
        let work = async move {
            let result = run_push(&state, caller, request).await;
            let frame = match &result {
                Ok(response) => Frame::pushed(response),
                Err(error) => Frame::error(About::Push, error),
            };
            outbox.send(frame).await?;
            Ok(result.ok())
        };
        self.pushing = Some(self.state.tasks.spawn(trace::scope(Uuid::now_v7(), work)));
    }

    fn push_ended(&mut self, ended: Result<Option<PushResponse>, Gone>) -> Result<(), End> {
        self.pushing = None;
        if let Some(response) = ended? {
            let seqs = response.verdicts.iter().map(|verdict| verdict.seq);
            self.delta.heard_verdicts(self.pushing_device, seqs);
        }
        self.start_push();
        Ok(())
    }

    fn beat(&mut self) -> Result<(), End> {
        self.state.auth.note_device(self.caller, self.device_id, self.app.as_ref());
        let heartbeat = Heartbeat {
            server_time_ms: Timestamp::now().as_millisecond(),
            token_expires_in_s: self.token_left_ms() / 1_000,
        };
        self.outbox.offer(Frame::heartbeat(&heartbeat)).map_err(End::from)
    }

    fn token_left_ms(&self) -> i64 {
        (self.expires_at.as_millisecond() - Timestamp::now().as_millisecond()).max(0)
    }

    /// Lets the push being executed tell its verdicts, then tells why the stream ends.
    async fn finish(&mut self, end: End) {
        self.doing = Doing::Paused;
        match end {
            End::Left => {}
            End::Stalled => self.state.metrics.stream_stalled(),
            End::Error(error) => {
                if let Some(pushing) = self.pushing.take() {
                    let _ = timeout(Duration::from_secs(PUSH_FINISH_S), pushing).await;
                }
                let _ = self.outbox.send(Frame::error(About::Stream, &error)).await;
            }
        }
    }
}

/// What the delta half came to.
enum Event {
    /// A page was sent, or was not.
    Ended(Result<Sent, Stopped>),
    /// It is time for the next.
    Due,
    /// Something may have changed while the client does not pull.
    Doubted,
    /// Whether the caller would still be let in.
    Checked(Result<(), ApiError>),
}

/// Whether there is nothing more to be said on this stream.
fn is_over(error: &ApiError) -> bool {
    matches!(error.code(), ErrorCode::Unauthorized | ErrorCode::Forbidden | ErrorCode::UpgradeRequired)
}

async fn work(doing: &mut Doing, delta: &Delta) -> Event {
    match doing {
        Doing::Page(job) => Event::Ended(job.await),
        Doing::Waiting => {
            delta.woken().await;
            Event::Due
        }
        Doing::Resting(until) => {
            sleep_until(*until).await;
            Event::Due
        }
        Doing::Paused => {
            delta.woken().await;
            Event::Doubted
        }
        Doing::Checking(check) => Event::Checked(check.await),
    }
}

async fn pushed(
    pushing: &mut Option<JoinHandle<Result<Option<PushResponse>, Gone>>>,
) -> Result<Option<PushResponse>, Gone> {
    match pushing {
        // A push that panicked was answered like any other; see run_push.
        Some(task) => task.await.unwrap_or(Ok(None)),
        None => future::pending().await,
    }
}
