//! The downward half of a session: pass after pass, page after page.

use std::{pin::Pin, sync::Arc, time::Duration};

use satchel_protocol::{
    checksum::scopes_digest,
    wire::{Held, PullRequest},
};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    DELTA_REST_MAX_MS, PASS_AT_ONCE_MS,
    outbox::{Frame, Gone, Outbox},
};
use crate::{
    database::Caller,
    error::ApiError,
    feed::{Concern, Subscription},
    http::AppState,
    pull::{Basis, Next, Page, SCOPES_KNOWN_MS, Standing},
};

/// A page being made and sent.
pub(super) type Job = Pin<Box<dyn Future<Output = Result<Sent, Stopped>> + Send>>;

/// A page that was sent.
pub(super) struct Sent {
    /// The digest of the permissions it told, if it told any.
    permissions: Option<String>,
    /// What comes after it.
    next: Next,
    /// How long the database took over it.
    made_in: Duration,
}

/// Why a page was not sent.
#[derive(Debug)]
pub(super) enum Stopped {
    /// It could not be made.
    Failed(ApiError),
    /// Nobody takes it.
    Gone(Gone),
}

/// Where the client stands, as far as this session has sent.
pub(super) struct Delta {
    caller: Caller,
    request: PullRequest,
    subscription: Subscription,
    /// The organization's count of wakes when the running pass began.
    dispatches: u64,
    /// Whether the running pass began before this session, so that nobody was woken by what changed since.
    taken_up: bool,
    /// Whether a pass of this session is complete, so that the subscription names what the client holds.
    stands: bool,
    /// Until when what it holds need not be computed again.
    known_until: Instant,
    /// How long the database took over the running pass so far.
    pass_took: Duration,
    /// When the next pass may begin.
    rested_at: Instant,
}

impl Delta {
    /// Starts where `request` says.
    pub(super) fn new(state: &AppState, caller: Caller, request: PullRequest) -> Self {
        let subscription = state.hub.subscribe(caller.org_id, request.device_id);
        // Until it is known what the client holds: what lets the user in may be taken back before.
        subscription.hold(Concern { besides: Arc::from([caller.user_id]), ..Concern::default() });
        let dispatches = subscription.dispatches();
        let taken_up = request.resume.is_some();
        let (pass_took, rested_at) = (Duration::ZERO, Instant::now());
        Self {
            caller,
            request,
            subscription,
            dispatches,
            taken_up,
            stands: false,
            known_until: rested_at,
            pass_took,
            rested_at,
        }
    }

    /// Waits until something may have changed.
    pub(super) async fn woken(&self) {
        self.subscription.woken().await;
    }

    /// Makes and sends the next page, and those after it for which the client has room at once. Room comes before the page,
    /// so that none waits in memory, and then the organization's turn.
    pub(super) fn next(&mut self, state: &AppState, outbox: &Outbox) -> Job {
        if self.request.resume.is_none() {
            self.dispatches = self.subscription.dispatches();
        }
        let (state, outbox, caller) = (state.clone(), outbox.clone(), self.caller);
        let (mut request, turns) = (self.request.clone(), self.subscription.turns());
        let mut known = None;
        if self.stands {
            let concern = self.subscription.held();
            // Kept once per session, not twice: this is most of what an idle stream costs.
            request.held.ids = Some(concern.held.to_vec());
            known = Some(concern).filter(|_| Instant::now() < self.known_until);
        }
        Box::pin(async move {
            let mut room = outbox.room().await.map_err(Stopped::Gone)?;
            let turn = turns.clone().acquire_owned().await;
            let begun = Instant::now();
            let (mut permissions, mut reached) = (None, None);
            // Nothing waits for a client inside a transaction, and nobody for the rest of a long pass: neither for the
            // organization's turn nor for a connection.
            let at_once = || {
                let left = begun.elapsed() < Duration::from_millis(PASS_AT_ONCE_MS);
                left && turns.available_permits() > 0 && state.puller.has_spare()
            };
            let mut take = |page: Page| {
                let Some(next) = at_once().then(|| outbox.room_now()).flatten() else { return Some(page) };
                state.metrics.pulled(&page);
                std::mem::replace(&mut room, next).send(Frame::delta(page.json, None));
                permissions = permissions.take().or(page.permissions);
                reached = Some(page.next);
                None
            };
            let page = state.puller.pages(&caller, &request, known.as_ref(), &mut take).await;
            let made_in = begun.elapsed();
            drop(turn);
            let page = match (page, reached) {
                (Ok(page), _) => page,
                // What was sent stands; the rest is tried again from there.
                (Err(_), Some(next)) => return Ok(Sent { permissions, next, made_in }),
                (Err(error), None) => return Err(Stopped::Failed(error)),
            };
            state.metrics.pulled(&page);
            let cursor = match &page.next {
                Next::Done(standing) => Some(standing.cursor.0.clone()),
                Next::More(_) => None,
            };
            room.send(Frame::delta(page.json, cursor));
            Ok(Sent { permissions: permissions.or(page.permissions), next: page.next, made_in })
        })
    }

    /// Notes what was sent. True when there is more to send at once.
    pub(super) fn sent(&mut self, sent: Sent) -> bool {
        self.pass_took += sent.made_in;
        if sent.permissions.is_some() {
            self.request.permissions = sent.permissions;
        }
        match sent.next {
            Next::More(resume) => {
                self.request.resume = Some(resume);
                true
            }
            Next::Done(standing) => self.arrived(standing),
        }
    }

    /// When the next pass may begin: a stream rests as long as its last pass kept the database busy. Whoever is woken
    /// now and then does not notice; one whose board is large and busy cannot take more than half a connection.
    pub(super) fn rested_at(&self) -> Instant {
        self.rested_at
    }

    fn arrived(&mut self, standing: Standing) -> bool {
        let rest = std::mem::take(&mut self.pass_took).min(Duration::from_millis(DELTA_REST_MAX_MS));
        self.rested_at = Instant::now() + rest;
        match standing.basis {
            Basis::Computed => self.known_until = Instant::now() + Duration::from_millis(SCOPES_KNOWN_MS),
            Basis::Known => {}
            Basis::Claimed => self.known_until = Instant::now(),
        }
        let held = Held { digest: scopes_digest(standing.scopes.iter().copied()), ids: None };
        self.stands = true;
        let concern = Concern { held: standing.scopes, besides: standing.wakes, kinds: standing.kinds };
        let moved = self.subscription.held() != concern;
        if moved {
            self.subscription.hold(concern);
        }
        self.request = PullRequest {
            protocol: self.request.protocol,
            device_id: self.request.device_id,
            cursor: Some(standing.cursor),
            held,
            verdicts_through: standing.verdicts_through,
            permissions: self.request.permissions.take(),
            ..PullRequest::default()
        };
        // A wake for newly held scopes may have come before they were, or before this session was.
        let passed_by = moved && self.subscription.dispatches() != self.dispatches;
        standing.verdicts_left || passed_by || std::mem::take(&mut self.taken_up)
    }

    /// The client has stored these verdicts; they need not be repeated.
    pub(super) fn heard_verdicts(&mut self, device_id: Uuid, seqs: impl Iterator<Item = u64>) {
        if device_id == self.request.device_id {
            for seq in seqs {
                if seq == self.request.verdicts_through + 1 {
                    self.request.verdicts_through = seq;
                }
            }
        }
    }
}
