//! The connection: opening, watching, losing, choosing the way.

use satchel_protocol::{ErrorCode, wire::stream::About};

use super::{Action, Class, Engine, Failure, Inbound, LinkId, Moment, PullMode, Reach, Step, Transport};

/// Milliseconds a connection must have lived for its loss to count as the first failure, not as one more.
const STEADY_MS: u64 = 10_000;

/// The one connection.
#[derive(Debug)]
pub(super) enum Link {
    /// None; one may be opened from then on.
    Down { retry_at_ms: u64 },
    /// One is being opened.
    Opening { id: LinkId, transport: Transport, asked: Moment, until_ms: u64 },
    /// One is open.
    Open {
        id: LinkId,
        transport: Transport,
        opened_ms: u64,
        heard_ms: u64,
        beat_at_ms: u64,
        /// A message came over it: the way works.
        proven: bool,
        /// When it was asked for, until its first heartbeat.
        asked: Option<Moment>,
    },
}

/// What earlier connections taught.
#[derive(Debug, Default)]
pub(super) struct History {
    last_id: u64,
    /// In a row.
    pub(super) failures: u32,
    pub(super) last_failure: Option<Failure>,
    pub(super) websocket_failures: u32,
    websocket_again_ms: Option<u64>,
    /// The connection is of a network before: given up unless it is heard until then.
    doubted_until_ms: Option<u64>,
}

impl Link {
    pub(super) fn id(&self) -> Option<LinkId> {
        match self {
            Self::Down { .. } => None,
            Self::Opening { id, .. } | Self::Open { id, .. } => Some(*id),
        }
    }

    /// The open connection.
    pub(super) fn open(&self) -> Option<(LinkId, Transport)> {
        match self {
            Self::Open { id, transport, .. } => Some((*id, *transport)),
            _ => None,
        }
    }

    pub(super) fn heard_ms(&self) -> Option<u64> {
        match self {
            Self::Open { heard_ms, .. } => Some(*heard_ms),
            _ => None,
        }
    }
}

impl Engine {
    /// Gives the connection up without counting it a failure.
    pub(super) fn drop_link(&mut self, retry_at_ms: u64) {
        if let Some(id) = self.link.id() {
            self.actions.push(Action::Disconnect(id));
        }
        self.link = Link::Down { retry_at_ms };
        self.links.doubted_until_ms = None;
        self.reconnect_when_quiet = false;
        self.finished = false;
        self.download.link_lost();
        self.upload.link_lost();
    }

    /// The network is back: a connection of before has to prove itself.
    pub(super) fn doubt_link(&mut self) {
        if self.link.id().is_some() {
            self.links.doubted_until_ms = Some(self.moment.now_ms + self.limits.network_up_answer_ms);
        }
    }

    /// Gives the connection up because of a failure, and waits before the next.
    pub(super) fn lose_link(&mut self, failure: Failure) {
        let now_ms = self.moment.now_ms;
        let (transport, proven, steady) = match &self.link {
            Link::Down { .. } => return,
            Link::Opening { transport, .. } => (*transport, false, false),
            Link::Open { transport, opened_ms, proven, .. } => {
                (*transport, *proven, *proven && now_ms >= opened_ms + STEADY_MS)
            }
        };
        self.links.failures = if steady { 1 } else { self.links.failures + 1 };
        let mut wait_ms = self.limits.backoff_ms(self.links.failures, self.moment.jitter_permille);
        wait_ms = wait_ms.max(failure.retry_after_ms.unwrap_or(0).min(self.limits.backoff_most_ms));
        // A server that answered with its own code has shown that the way works.
        if !proven && failure.code.is_none() && failure.reach != Reach::Nowhere {
            match transport {
                Transport::WebSocket if failure.reach == Reach::Refused => {
                    self.links.websocket_failures = self.limits.websocket_failures;
                    // SSE at once: the network itself is fine.
                    wait_ms = 0;
                }
                Transport::WebSocket => self.links.websocket_failures += 1,
                // Perhaps everything is down: give the WebSocket its turn.
                Transport::Sse => {
                    self.links.websocket_failures = self.limits.websocket_failures.saturating_sub(1);
                }
            }
        }
        self.links.last_failure = Some(failure);
        self.drop_link(now_ms + wait_ms);
    }

    /// An answer did not come within its limit.
    pub(super) fn timed_out(&mut self, message: &str) {
        let failure = Failure::network(message);
        self.failures.note(Step::Deadline, &failure, self.moment);
        self.lose_link(failure);
    }

    pub(super) fn connected(&mut self, link: LinkId) {
        let Link::Opening { id, transport, asked, .. } = self.link else { return };
        if id != link {
            return;
        }
        let now_ms = self.moment.now_ms;
        self.links.doubted_until_ms = None;
        if transport == Transport::Sse {
            self.links.websocket_again_ms = Some(now_ms + self.limits.websocket_retry_ms);
        }
        let beat_at_ms = now_ms + self.limits.heartbeat_ms;
        let (opened_ms, heard_ms, asked) = (now_ms, now_ms, Some(asked));
        self.link = Link::Open { id, transport, opened_ms, heard_ms, beat_at_ms, proven: false, asked };
        self.download.pull_sent(now_ms + self.limits.page_ms);
        self.upload.wake();
    }

    pub(super) fn connect_failed(&mut self, link: LinkId, failure: Failure) {
        if self.link.id() == Some(link) {
            self.pull_failed(failure);
        }
    }

    pub(super) fn closed(&mut self, link: LinkId, failure: Failure) {
        if self.link.id() == Some(link) {
            self.stream_failed(failure);
        }
    }

    /// The stream as a whole failed.
    pub(super) fn stream_failed(&mut self, failure: Failure) {
        match failure.class {
            Class::SignIn => self.unauthorized(failure),
            // Only these need a person; other refusals of a stream end with the stream ("nothing was heard").
            Class::Permanent
                if matches!(failure.code, None | Some(ErrorCode::UpgradeRequired | ErrorCode::Forbidden)) =>
            {
                self.block(failure);
            }
            Class::Permanent | Class::Network | Class::Later => self.lose_link(failure),
        }
    }

    pub(super) fn received(&mut self, link: LinkId, message: Inbound) {
        let now_ms = self.moment.now_ms;
        let Link::Open { id, transport, heard_ms, proven, asked, .. } = &mut self.link else { return };
        if *id != link {
            return;
        }
        *heard_ms = now_ms;
        self.links.doubted_until_ms = None;
        let asked = if matches!(message, Inbound::Heartbeat(_)) { asked.take() } else { None };
        let refusal = matches!(&message, Inbound::Error(error) if error.error.code == ErrorCode::Unauthorized);
        if !*proven && !refusal {
            *proven = true;
            self.links.last_failure = None;
            self.token.proven();
            if *transport == Transport::WebSocket {
                self.links.websocket_failures = 0;
                self.links.websocket_again_ms = None;
            }
        }
        match message {
            Inbound::Delta(page) => self.page_received(page),
            Inbound::Pushed(response) => self.pushed(response),
            Inbound::Heartbeat(beat) => {
                self.offset.measure(self.moment, beat.server_time_ms, asked);
                self.token_expires_in(beat.token_expires_in_s);
            }
            Inbound::Error(error) => self.failed(error.about, error.error.into()),
            Inbound::Unknown => {}
        }
    }

    fn failed(&mut self, about: About, failure: Failure) {
        let sse = matches!(self.link, Link::Open { transport: Transport::Sse, .. });
        match about {
            About::Push => self.push_failed(failure),
            About::Pull if failure.class == Class::Later => {
                // The server tries again by itself; if it goes on failing, the page comes too late.
                self.download.page_late(self.moment.now_ms + self.limits.page_ms);
            }
            About::Pull => self.pull_failed(failure),
            // SSE has no way to pull again, so a refused pull ends the stream.
            About::Stream if sse => self.pull_failed(failure),
            About::Stream => self.stream_failed(failure),
        }
    }

    /// Deadlines of the connection, and heartbeats.
    pub(super) fn watch_link(&mut self) {
        let now_ms = self.moment.now_ms;
        let (silence_ms, heartbeat_ms) = (self.limits.silence_ms, self.limits.heartbeat_ms);
        if self.links.doubted_until_ms.is_some() && !self.download.has_room(&self.limits) {
            // Not reading is our silence, not the server's.
            self.doubt_link();
        }
        if self.links.doubted_until_ms.is_some_and(|until_ms| until_ms <= now_ms) {
            return self.drop_link(now_ms);
        }
        match &mut self.link {
            Link::Down { .. } => {}
            Link::Opening { until_ms, .. } => {
                if *until_ms <= now_ms {
                    self.timed_out("The server did not answer in time.");
                }
            }
            Link::Open { id, transport, heard_ms, beat_at_ms, .. } => {
                if !self.download.has_room(&self.limits) {
                    // Not reading is our silence, not the server's.
                    *heard_ms = now_ms;
                }
                if *heard_ms + silence_ms <= now_ms {
                    return self.timed_out("The server fell silent.");
                }
                if *beat_at_ms <= now_ms {
                    *beat_at_ms = now_ms + heartbeat_ms;
                    if *transport == Transport::WebSocket {
                        self.actions.push(Action::SendHeartbeat(*id));
                    }
                }
                if *transport == Transport::Sse && self.links.websocket_again_ms.is_some_and(|at_ms| at_ms <= now_ms) {
                    self.links.websocket_again_ms = None;
                    self.links.websocket_failures = self.limits.websocket_failures.saturating_sub(1);
                    self.reconnect_when_quiet = true;
                }
                self.watch_download();
                self.watch_upload();
            }
        }
    }

    pub(super) fn connect_if_possible(&mut self) {
        let Link::Down { retry_at_ms } = self.link else { return };
        let allowed = self.running && self.network && self.blocked.is_none() && self.token.fine();
        if !allowed || retry_at_ms > self.moment.now_ms || self.download.busy() || self.upload.mending() {
            return;
        }
        self.links.last_id += 1;
        let link = LinkId(self.links.last_id);
        let fallback = self.links.websocket_failures >= self.limits.websocket_failures;
        let transport = if fallback { Transport::Sse } else { Transport::WebSocket };
        let until_ms = self.moment.now_ms + self.limits.connect_ms;
        self.link = Link::Opening { id: link, transport, asked: self.moment, until_ms };
        self.actions.push(Action::Connect { link, transport, pull: self.pull_mode() });
    }

    /// What the next pull says.
    pub(super) fn pull_mode(&self) -> PullMode {
        PullMode { list_scopes: self.download.list_scopes() }
    }

    /// When the connection has to be looked at.
    pub(super) fn link_deadlines_ms(&self) -> Vec<Option<u64>> {
        match &self.link {
            Link::Down { retry_at_ms } => {
                let held =
                    self.blocked.is_some() || !self.token.fine() || self.download.busy() || self.upload.mending();
                vec![(!held).then_some(*retry_at_ms)]
            }
            Link::Opening { until_ms, .. } => vec![Some(*until_ms), self.links.doubted_until_ms],
            Link::Open { transport, heard_ms, beat_at_ms, .. } => {
                let silent_at_ms = self.wants_input().then_some(heard_ms + self.limits.silence_ms);
                let again_at_ms = self.links.websocket_again_ms.filter(|_| *transport == Transport::Sse);
                let doubted_until_ms = self.links.doubted_until_ms.filter(|_| self.wants_input());
                let mut deadlines = vec![Some(*beat_at_ms), silent_at_ms, again_at_ms, doubted_until_ms];
                deadlines.extend([self.download_deadline_ms(), self.upload.deadline_ms()]);
                deadlines
            }
        }
    }
}
