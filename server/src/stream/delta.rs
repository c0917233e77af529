//! The downward half of a session: pass after pass, page after page.

use std::{pin::Pin, sync::Arc};

use satchel_protocol::{
    checksum::scopes_digest,
    wire::{Held, PullRequest},
};
use uuid::Uuid;

use super::outbox::{Frame, Gone, Outbox};
use crate::{
    database::Caller,
    error::ApiError,
    feed::Subscription,
    http::AppState,
    pull::{Next, Standing},
};

/// A page being made and sent.
pub(super) type Job = Pin<Box<dyn Future<Output = Result<Next, Stopped>> + Send>>;

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
}

impl Delta {
    /// Starts where `request` says.
    pub(super) fn new(state: &AppState, caller: Caller, request: PullRequest) -> Self {
        let subscription = state.hub.subscribe(caller.org_id, request.device_id);
        let dispatches = subscription.dispatches();
        let taken_up = request.resume.is_some();
        Self { caller, request, subscription, dispatches, taken_up, stands: false }
    }

    /// Waits until something may have changed.
    pub(super) async fn woken(&self) {
        self.subscription.woken().await;
    }

    /// Makes and sends the next page. Room comes before the page, so that none waits in memory, and then the
    /// organization's turn.
    pub(super) fn next(&mut self, state: &AppState, outbox: &Outbox) -> Job {
        if self.request.resume.is_none() {
            self.dispatches = self.subscription.dispatches();
        }
        let (state, outbox, caller) = (state.clone(), outbox.clone(), self.caller);
        let (mut request, turns) = (self.request.clone(), self.subscription.turns());
        if self.stands {
            // Kept once per session, not twice: this is most of what an idle stream costs.
            let held = self.subscription.held();
            request.held.ids = Some(held.iter().copied().filter(|scope| *scope != caller.user_id).collect());
        }
        Box::pin(async move {
            let room = outbox.room().await.map_err(Stopped::Gone)?;
            let turn = turns.acquire_owned().await;
            let page = state.puller.page(&caller, &request).await.map_err(Stopped::Failed)?;
            drop(turn);
            state.metrics.pulled(page.json.len());
            let cursor = match &page.next {
                Next::Done(standing) => Some(standing.cursor.0.clone()),
                Next::More(_) => None,
            };
            room.send(Frame::delta(page.json, cursor));
            Ok(page.next)
        })
    }

    /// Notes what was sent. True when there is more to send at once.
    pub(super) fn sent(&mut self, next: Next) -> bool {
        match next {
            Next::More(resume) => {
                self.request.resume = Some(resume);
                true
            }
            Next::Done(standing) => self.arrived(standing),
        }
    }

    fn arrived(&mut self, standing: Standing) -> bool {
        let held = Held { digest: scopes_digest(standing.scopes.iter().copied()), ids: None };
        self.stands = true;
        let wakes = wakes(&standing.scopes, self.caller.user_id);
        let moved = self.subscription.held() != wakes;
        if moved {
            self.subscription.hold(wakes);
        }
        self.request = PullRequest {
            protocol: self.request.protocol,
            device_id: self.request.device_id,
            cursor: Some(standing.cursor),
            held,
            verdicts_through: standing.verdicts_through,
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

/// What wakes a replica: the scopes it holds, and changes of its user's own membership. Ascending.
fn wakes(scopes: &[Uuid], user_id: Uuid) -> Arc<[Uuid]> {
    let mut wakes = Vec::with_capacity(scopes.len() + 1);
    wakes.extend_from_slice(scopes);
    wakes.push(user_id);
    wakes.sort_unstable();
    wakes.into()
}
