//! The sync engine: a state machine without network, database, clock or dice. Events in, actions out.
//!
//! Invariants:
//! - Every state has an action under way, a deadline ([`Engine::deadline_ms`]), or is one of three that wait for a
//!   person or the device and say so: stopped, offline, needs sign-in (P8). Work that waits in any of them has a moment
//!   after which that is too long ([`Engine::waiting`]).
//! - At most one push is in flight and at most one page is being applied; neither waits for the other (P4).
//! - News of a connection that was given up is ignored: every connection has its own [`LinkId`].
//! - A pull is made only when no page waits to be applied, so that it states what the replica really holds.
//! - Nothing here removes a mutation from the queue; verdicts do, in the store (P1).
//!
//! Reading order: [`event`] → [`action`] → this file → [`link`] → [`download`] → [`upload`] → [`token`] →
//! [`watchdog`].

pub mod action;
pub mod condition;
mod download;
pub mod event;
pub mod failure;
mod failures;
pub mod limits;
mod link;
mod offset;
mod token;
mod upload;
mod watchdog;

pub use action::{Action, LinkId, PullMode, Transport};
pub use condition::Condition;
pub use event::{Applied, Event, Inbound, Moment, PageText, Stored};
pub use failure::{Class, Ended, Failure, Reach};
pub use failures::{FAILURE_KINDS, FailureKind, Failures, Step};
pub use limits::Limits;
pub use offset::Measured;
pub use watchdog::{Waiting, WaitsFor, Work};

use self::{download::Download, link::Link, offset::Offset, token::Token, upload::Upload, watchdog::Watchdog};

/// See the module.
#[derive(Debug)]
pub struct Engine {
    limits: Limits,
    moment: Moment,
    running: bool,
    network: bool,
    blocked: Option<Blocked>,
    link: Link,
    links: link::History,
    token: Token,
    download: Download,
    upload: Upload,
    offset: Offset,
    /// Reconnect as soon as nothing is in the middle of anything: a fresh token, or a better transport to try.
    reconnect_when_quiet: bool,
    /// The connection has nothing more to give, but may still carry the answer to a push.
    finished: bool,
    failures: Failures,
    watchdog: Watchdog,
    actions: Vec<Action>,
}

/// Something that will hardly change by itself.
#[derive(Debug)]
struct Blocked {
    failure: Failure,
    retry_at_ms: u64,
    upgrade: bool,
}

impl Engine {
    /// An engine at rest.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            moment: Moment { now_ms: 0, wall_ms: 0, jitter_permille: 0 },
            running: false,
            network: true,
            blocked: None,
            link: Link::Down { retry_at_ms: 0 },
            links: link::History::default(),
            token: Token::default(),
            download: Download::default(),
            upload: Upload::new(&limits),
            offset: Offset::default(),
            reconnect_when_quiet: false,
            finished: false,
            failures: Failures::default(),
            watchdog: Watchdog::default(),
            actions: Vec::new(),
        }
    }

    /// Takes an event and says what is to be done now.
    pub fn handle(&mut self, moment: Moment, event: Event) -> Vec<Action> {
        self.moment = moment;
        self.failures.note_event(&event, moment);
        match event {
            Event::Start => self.start(),
            Event::Stop => {
                self.running = false;
                self.drop_link(moment.now_ms);
            }
            Event::NetworkUp => self.network_up(),
            Event::NetworkDown => {
                self.network = false;
                self.drop_link(moment.now_ms);
            }
            Event::SignedIn => self.signed_in(),
            Event::LocalMutation => self.upload.wake(),
            Event::QueueCounted(work) => self.queue_counted(work),
            Event::Tick => {}
            Event::Connected(id) => self.connected(id),
            Event::ConnectFailed(id, failure) => self.connect_failed(id, failure),
            Event::Received(id, message) => self.received(id, message),
            Event::Closed(id, failure) => self.closed(id, failure),
            Event::Finished(id) => {
                self.finished |= self.link.id() == Some(id);
            }
            Event::BatchLoaded(result) => self.batch_loaded(result),
            Event::VerdictsStored(result) => self.verdicts_stored(result),
            Event::PageApplied(result) => self.page_applied(result),
            Event::CursorForgotten(result) => self.cursor_forgotten(result),
            Event::QueueMended(result) => self.queue_mended(result),
            Event::TokenRefreshed(result) => self.token_refreshed(result),
        }
        self.advance();
        self.watch_work();
        std::mem::take(&mut self.actions)
    }

    /// When [`Event::Tick`] is due, on the clock of [`Moment::now_ms`].
    pub fn deadline_ms(&self) -> Option<u64> {
        let mut deadlines = vec![self.token_deadline_ms(), self.overdue_deadline_ms()];
        if self.running && self.network && !self.token.refused() {
            deadlines.push(self.blocked.as_ref().map(|blocked| blocked.retry_at_ms));
            deadlines.extend(self.link_deadlines_ms());
        }
        deadlines.into_iter().flatten().min()
    }

    /// Whether the driver should read from the connection: not while pages wait to be applied.
    pub fn wants_input(&self) -> bool {
        self.download.has_room(&self.limits)
    }

    /// How far the server's clock is from the device's, once measured.
    pub fn measured(&self) -> Option<Measured> {
        self.offset.measured()
    }

    /// What failed so far.
    pub fn failures(&self) -> &Failures {
        &self.failures
    }

    /// Where things stand.
    pub fn condition(&self) -> Condition {
        if !self.running {
            return Condition::Stopped;
        }
        if let Some(failure) = self.token.refusal() {
            return Condition::NeedsSignIn(failure.clone());
        }
        if !self.network {
            return Condition::Offline;
        }
        if let Some(Blocked { failure, retry_at_ms, upgrade }) = &self.blocked {
            let (failure, retry_at_ms) = (failure.clone(), *retry_at_ms);
            return if *upgrade {
                Condition::UpgradeRequired { failure, retry_at_ms }
            } else {
                Condition::Blocked { failure, retry_at_ms }
            };
        }
        match &self.link {
            Link::Open { transport, .. } => Condition::Online {
                transport: *transport,
                caught_up: self.download.caught_up(),
                upload_waits: self.upload.trouble(),
            },
            Link::Opening { transport, .. } => Condition::Connecting(*transport),
            Link::Down { .. } if self.token.refreshing() => Condition::RenewingSession,
            Link::Down { retry_at_ms } => Condition::Waiting {
                retry_at_ms: self.token_deadline_ms().unwrap_or(*retry_at_ms),
                failure: self.links.last_failure.clone(),
            },
        }
    }

    fn start(&mut self) {
        if !self.running {
            self.running = true;
            self.upload.wake();
            self.retry_now();
        }
    }

    fn network_up(&mut self) {
        self.network = true;
        // Another network may let a WebSocket through.
        self.links.websocket_failures = 0;
        let silence_ms = self.limits.network_up_silence_ms;
        if self.link.heard_ms().is_some_and(|heard_ms| heard_ms + silence_ms < self.moment.now_ms) {
            // The old socket may be a corpse of the network before.
            self.drop_link(self.moment.now_ms);
        }
        self.doubt_link();
        self.retry_now();
    }

    /// Forgets earlier failures: there is a reason to believe that things changed.
    fn retry_now(&mut self) {
        self.links.failures = 0;
        // An upgrade of this build does not come with a network.
        self.blocked.take_if(|blocked| !blocked.upgrade);
        if let Link::Down { retry_at_ms } = &mut self.link {
            *retry_at_ms = self.moment.now_ms;
        }
        self.token_retry_now();
        self.upload.retry_now(self.moment.now_ms);
    }

    /// Stops trying for a long while.
    fn block(&mut self, failure: Failure) {
        let upgrade = failure.code == Some(satchel_protocol::ErrorCode::UpgradeRequired);
        let wait_ms = if upgrade { self.limits.upgrade_retry_ms } else { self.limits.blocked_retry_ms };
        let retry_at_ms = self.moment.now_ms + wait_ms;
        self.drop_link(retry_at_ms);
        self.blocked = Some(Blocked { failure, retry_at_ms, upgrade });
    }

    /// Does whatever the state now allows. Runs after every event, so no transition can forget to continue.
    fn advance(&mut self) {
        if self.blocked.as_ref().is_some_and(|blocked| blocked.retry_at_ms <= self.moment.now_ms) {
            self.blocked = None;
        }
        self.watch_link();
        self.advance_token();
        self.advance_repairs();
        let due = self.finished && !self.download.busy() || self.reconnect_when_quiet && self.download.quiet();
        if due && self.upload.quiet() {
            self.drop_link(self.moment.now_ms);
        }
        self.connect_if_possible();
        self.apply_if_possible();
        self.upload_if_possible();
    }
}
