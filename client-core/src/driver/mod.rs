//! Runs the engine: does what it asks for with tokio, sockets and the store, and tells it what came of it.
//!
//! Invariants:
//! - One task owns the engine; everything else reports to it. What it starts, it hears the end of.
//! - The store is only called off the async threads.
//! - Status is published after every event, so that no state is shown longer than it lasts.

mod jobs;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use tokio::{
    sync::{Notify, mpsc, oneshot, watch},
    task::JoinHandle,
    time::sleep_until,
};

use crate::{
    clock::Clock,
    engine::{Action, Condition, Engine, Event, Failure, Failures, Inbound, Limits, LinkId},
    session::{Keeper, Noted},
    status::Status,
    store::Store,
    transport::{Channel, Network, News, Outbound},
    work::{StoreWork, work_of},
};
use jobs::{Done, Jobs};

/// Commands waiting for the driver.
const COMMANDS: usize = 16;
/// Results of jobs waiting for the driver; the engine never has more under way.
const RESULTS: usize = 16;

/// What the app asks of the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    Start,
    Stop,
    Network(bool),
    SignedIn,
    /// End for good.
    Close,
}

/// A command, and whom to tell that the status shows its effect.
type Order = (Command, oneshot::Sender<()>);

/// What a driver works with.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) network: Network,
    pub(crate) keeper: Arc<Keeper>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) limits: Limits,
}

/// The app's hold on a driver. Dropping it ends the driver.
#[derive(Debug)]
pub(crate) struct Handle {
    commands: mpsc::Sender<Order>,
    queue_grew: Arc<Notify>,
    failures: Arc<Mutex<Failures>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Handle {
    /// Starts a driver on the current runtime, at rest.
    pub(crate) fn spawn(parts: Parts, status: Arc<watch::Sender<Status>>) -> Self {
        let (commands, inbox) = mpsc::channel(COMMANDS);
        let queue_grew = Arc::new(Notify::new());
        let failures = Arc::default();
        let mut driver = Driver::new(parts, inbox, queue_grew.clone(), status, Arc::clone(&failures));
        // The queue may hold work from an earlier run.
        driver.tell(Event::Tick);
        let task = tokio::spawn(driver.run());
        Self { commands, queue_grew, failures, task: Mutex::new(Some(task)) }
    }

    /// Has a command obeyed; on return the status shows it.
    pub(crate) async fn command(&self, command: Command) {
        let (obeyed, told) = oneshot::channel();
        // A driver that is gone has nothing left to obey with.
        if self.commands.send((command, obeyed)).await.is_ok() {
            let _ = told.await;
        }
    }

    /// The queue changed. Never waits.
    pub(crate) fn queue_grew(&self) {
        self.queue_grew.notify_one();
    }

    /// What failed so far.
    pub(crate) fn failures(&self) -> Failures {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the driver and waits until it has let go of the store.
    pub(crate) async fn close(&self) {
        self.command(Command::Close).await;
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }
}

struct Driver {
    parts: Parts,
    engine: Engine,
    commands: mpsc::Receiver<Order>,
    queue_grew: Arc<Notify>,
    jobs: Jobs,
    results: mpsc::Receiver<Done>,
    channel: Option<(LinkId, Channel)>,
    /// Events the driver itself causes while it acts.
    pending: VecDeque<Event>,
    status: Arc<watch::Sender<Status>>,
    failures: Arc<Mutex<Failures>>,
    last_synced_ms: Option<i64>,
    /// The event being told shows that the server has nothing more, if the engine is caught up with it.
    fresh: bool,
    noted: bool,
}

impl Driver {
    fn new(
        parts: Parts,
        commands: mpsc::Receiver<Order>,
        queue_grew: Arc<Notify>,
        status: Arc<watch::Sender<Status>>,
        failures: Arc<Mutex<Failures>>,
    ) -> Self {
        let (report, results) = mpsc::channel(RESULTS);
        let last_synced_ms = parts.keeper.session().and_then(|session| session.last_synced_ms);
        Self {
            engine: Engine::new(parts.limits),
            jobs: Jobs::new(parts.clone(), report),
            parts,
            commands,
            queue_grew,
            results,
            channel: None,
            pending: VecDeque::new(),
            status,
            failures,
            last_synced_ms,
            fresh: false,
            noted: false,
        }
    }

    async fn run(mut self) {
        loop {
            let deadline = self.engine.deadline_ms().map(|at_ms| self.parts.clock.instant(at_ms));
            let reading = self.engine.wants_input();
            tokio::select! {
                command = self.commands.recv() => match command {
                    None | Some((Command::Close, _)) => break,
                    Some((command, obeyed)) => {
                        self.tell(event_of(command));
                        let _ = obeyed.send(());
                    }
                },
                done = self.results.recv() => match done {
                    Some(done) => self.take(done),
                    None => break,
                },
                (link, news) = next(&mut self.channel), if reading => self.hear(link, news),
                () = self.queue_grew.notified() => self.tell(Event::LocalMutation),
                () = async { sleep_until(deadline.expect("guarded")).await }, if deadline.is_some() => {
                    self.tell(Event::Tick);
                }
            }
        }
        self.tell(Event::Stop);
        self.note();
        // Jobs under way hold the store; whoever closes wants the file let go.
        self.jobs.finish().await;
    }

    fn hear(&mut self, link: LinkId, news: News) {
        let event = match news {
            News::Message(message) => {
                self.fresh = matches!(message, Inbound::Heartbeat(_));
                Event::Received(link, message)
            }
            News::Finished => Event::Finished(link),
            News::Closed(failure) => {
                self.channel = None;
                Event::Closed(link, failure)
            }
        };
        self.tell(event);
    }

    fn take(&mut self, done: Done) {
        match done {
            Done::Event(event) => {
                self.fresh = matches!(&event, Event::PageApplied(Ok(applied)) if applied.complete);
                self.tell(event);
            }
            Done::Opened(link, channel) => {
                // If the engine gave the connection up meanwhile, dropping the channel closes it.
                if self.jobs.opening() == Some(link) {
                    self.jobs.opened();
                    self.channel = Some((link, channel));
                    self.tell(Event::Connected(link));
                }
            }
            Done::Pull(link, request) => self.send(link, Outbound::Pull(request)),
        }
    }

    /// Passes an event to the engine and does what it asks for.
    fn tell(&mut self, event: Event) {
        self.pending.extend([event, Event::QueueCounted(work_of(&self.parts.store.queue_summary()))]);
        while let Some(event) = self.pending.pop_front() {
            tracing::trace!(event = name(&event), "sync event");
            for action in self.engine.handle(self.parts.clock.moment(), event) {
                tracing::trace!(action = name(&action), "sync action");
                self.act(action);
            }
        }
        if let Some(measured) = self.engine.measured() {
            self.parts.clock.compared(measured);
        }
        if std::mem::take(&mut self.fresh) {
            self.synced_until_now();
        }
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).clone_from(self.engine.failures());
        self.publish();
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Connect { link, transport, pull } => self.jobs.connect(link, transport, pull),
            Action::Disconnect(link) => {
                self.jobs.give_up(link);
                if self.channel.as_ref().is_some_and(|(open, _)| *open == link) {
                    self.channel = None;
                    self.note();
                }
            }
            Action::SendPull(link, pull) => self.jobs.pull(link, pull),
            Action::SendHeartbeat(link) => self.send(link, Outbound::Heartbeat(self.heartbeat())),
            Action::SendPush(link, request) => self.send(link, Outbound::Push(request)),
            Action::LoadBatch { most } => self.jobs.work(StoreWork::LoadBatch { most }),
            Action::StoreVerdicts(response) => self.jobs.work(StoreWork::StoreVerdicts(response)),
            Action::ApplyPage(page) => self.jobs.work(StoreWork::ApplyPage(page)),
            Action::ForgetCursor => self.jobs.work(StoreWork::ForgetCursor),
            Action::RenewDevice => self.jobs.work(StoreWork::RenewDevice),
            Action::Renumber { expected_seq } => self.jobs.work(StoreWork::Renumber { expected_seq }),
            Action::Isolate { key, failure } => self.jobs.work(StoreWork::Isolate { key, failure }),
            Action::RefreshToken => self.jobs.refresh_token(),
        }
    }

    fn heartbeat(&self) -> satchel_protocol::wire::Heartbeat {
        satchel_protocol::wire::Heartbeat {
            server_time_ms: self.parts.clock.server_now().as_millisecond(),
            token_expires_in_s: 0,
        }
    }

    fn send(&mut self, link: LinkId, message: Outbound) {
        let sent = match &self.channel {
            Some((open, channel)) if *open == link => channel.send(message),
            _ => Err(Failure::network("The connection is gone.")),
        };
        if let Err(failure) = sent {
            self.pending.push_back(Event::Closed(link, failure));
        }
    }

    /// While caught up, silence of changes means that there are none.
    fn synced_until_now(&mut self) {
        if matches!(self.engine.condition(), Condition::Online { caught_up: true, .. }) {
            self.last_synced_ms = Some(self.parts.clock.server_now().as_millisecond());
            if !self.noted {
                self.noted = true;
                self.note();
            }
        }
    }

    /// Keeps what the next run should know, off the async threads.
    fn note(&mut self) {
        let clock = &self.parts.clock;
        self.jobs.note(Noted {
            server_offset_ms: clock.offset_ms(),
            anchor: clock.anchor(),
            last_synced_ms: self.last_synced_ms,
        });
    }

    fn publish(&self) {
        let moment = self.parts.clock.moment();
        let store = &self.parts.store;
        self.status.send_if_modified(|status| {
            let mut next = status.clone();
            next.queue = store.queue_summary();
            next.readiness = store.readiness();
            next.progress = store.progress();
            next.wipe = store.wipe();
            next.server_offset_ms = self.engine.measured().map(|measured| measured.offset_ms);
            next.last_synced_at = self.last_synced_ms.and_then(|at_ms| Timestamp::from_millisecond(at_ms).ok());
            next.tell(&self.engine.condition(), moment.now_ms);
            next.tell_waiting(self.engine.waiting());
            let changed = next != *status;
            *status = next;
            changed
        });
    }
}

/// What kind of thing it is. What is in it stays out of logs: pushes hold arguments, verdicts hold what rules returned.
fn name(value: &impl std::fmt::Debug) -> String {
    let mut text = format!("{value:?}");
    let end = text.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(text.len());
    text.truncate(end);
    text
}

fn event_of(command: Command) -> Event {
    match command {
        Command::Start => Event::Start,
        Command::Stop | Command::Close => Event::Stop,
        Command::Network(true) => Event::NetworkUp,
        Command::Network(false) => Event::NetworkDown,
        Command::SignedIn => Event::SignedIn,
    }
}

/// The next news of the open connection.
async fn next(channel: &mut Option<(LinkId, Channel)>) -> (LinkId, News) {
    match channel {
        Some((link, channel)) => (*link, channel.next().await),
        None => std::future::pending().await,
    }
}
