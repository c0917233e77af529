//! Pushes: one in flight, sent again until there is a verdict, made smaller until they pass.

use satchel_protocol::{
    ErrorCode,
    wire::{PushRequest, PushResponse},
};
use uuid::Uuid;

use super::{Action, Class, Engine, Failure, Limits, Stored};

/// Queue repairs in a row, without a verdict, before waiting.
const MENDS: u32 = 4;

/// The upload side.
#[derive(Debug)]
pub(super) struct Upload {
    state: State,
    /// There may be something to send.
    work: bool,
    /// Mutations the next batch may have; halved when one is refused as a whole.
    most: usize,
    failures: u32,
    mends: u32,
    /// The device id is to be renewed.
    renew: bool,
    /// Renewals in a row, without a verdict.
    renewals: u32,
}

#[derive(Debug)]
enum State {
    Idle,
    Loading,
    Sent { until_ms: u64, mutations: usize, first_key: Uuid },
    Storing,
    Mending,
    Waiting { until_ms: u64, failure: Failure },
}

impl Upload {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            state: State::Idle,
            work: true,
            most: limits.push_mutations,
            failures: 0,
            mends: 0,
            renew: false,
            renewals: 0,
        }
    }

    pub(super) fn wake(&mut self) {
        self.work = true;
    }

    pub(super) fn retry_now(&mut self, now_ms: u64) {
        if let State::Waiting { until_ms, .. } = &mut self.state {
            *until_ms = now_ms;
        }
    }

    /// In the middle of nothing.
    pub(super) fn quiet(&self) -> bool {
        matches!(self.state, State::Idle | State::Waiting { .. })
    }

    /// The queue is about to get other numbers or another device id: a pull made now would be wrong.
    pub(super) fn mending(&self) -> bool {
        self.renew || matches!(self.state, State::Mending)
    }

    /// Why uploads wait, and until when.
    pub(super) fn trouble(&self) -> Option<(Failure, u64)> {
        match &self.state {
            State::Waiting { until_ms, failure } => Some((failure.clone(), *until_ms)),
            _ => None,
        }
    }

    pub(super) fn link_lost(&mut self) {
        if matches!(self.state, State::Sent { .. }) {
            // Whether it arrived is unknown: the same numbers and keys go again.
            self.state = State::Idle;
            self.work = true;
        }
    }

    pub(super) fn deadline_ms(&self) -> Option<u64> {
        match &self.state {
            State::Sent { until_ms, .. } | State::Waiting { until_ms, .. } => Some(*until_ms),
            _ => None,
        }
    }
}

impl Engine {
    pub(super) fn upload_if_possible(&mut self) {
        let open = self.link.open().is_some();
        if open && self.upload.work && !self.upload.renew && matches!(self.upload.state, State::Idle) {
            self.upload.work = false;
            self.upload.state = State::Loading;
            self.actions.push(Action::LoadBatch { most: self.upload.most });
        }
    }

    pub(super) fn batch_loaded(&mut self, result: Result<Option<PushRequest>, Failure>) {
        if !matches!(self.upload.state, State::Loading) {
            return;
        }
        self.upload.state = State::Idle;
        let request = match result {
            Ok(request) => request.filter(|request| !request.mutations.is_empty()),
            Err(failure) => return self.upload_waits(failure, None),
        };
        let Some(request) = request else { return };
        self.upload.work = true;
        if let (Some((link, _)), Some(first)) = (self.link.open(), request.mutations.first()) {
            let until_ms = self.moment.now_ms + self.limits.push_ms;
            self.upload.state = State::Sent { until_ms, mutations: request.mutations.len(), first_key: first.key };
            self.actions.push(Action::SendPush(link, request));
        }
    }

    pub(super) fn pushed(&mut self, response: PushResponse) {
        if matches!(self.upload.state, State::Sent { .. }) {
            self.upload.state = State::Storing;
            self.actions.push(Action::StoreVerdicts(response));
        }
    }

    pub(super) fn verdicts_stored(&mut self, result: Result<Stored, Failure>) {
        if !matches!(self.upload.state, State::Storing) {
            return;
        }
        self.upload.state = State::Idle;
        self.upload.work = true;
        match result {
            Ok(stored) => {
                self.upload.failures = 0;
                self.upload.mends = 0;
                if !stored.cloned {
                    self.upload.renewals = 0;
                }
                self.upload.most = (self.upload.most * 2).min(self.limits.push_mutations);
                self.await_confirmation(stored.awaiting);
                if stored.cloned {
                    self.renew_device();
                }
            }
            Err(failure) => self.upload_waits(failure, None),
        }
    }

    pub(super) fn push_failed(&mut self, failure: Failure) {
        let State::Sent { mutations, first_key, .. } = self.upload.state else { return };
        self.upload.state = State::Idle;
        self.upload.work = true;
        match (failure.code, failure.class) {
            (_, Class::SignIn) => self.unauthorized(failure),
            (Some(ErrorCode::UpgradeRequired), _) => self.block(failure),
            (Some(ErrorCode::SequenceGap), _) => match failure.expected_seq {
                Some(expected_seq) => self.mend(Action::Renumber { expected_seq }, failure),
                None => self.upload_waits(failure, Some(self.limits.blocked_retry_ms)),
            },
            (Some(ErrorCode::DeviceCloned), _) => self.renew_device(),
            (Some(ErrorCode::PayloadTooLarge | ErrorCode::BadRequest | ErrorCode::Conflict), Class::Permanent) => {
                if mutations > 1 {
                    // One of them spoils the batch; find it by halves.
                    self.upload.most = mutations.div_ceil(2);
                } else {
                    self.upload.mends = 0;
                    self.mend(Action::Isolate { key: first_key, failure: failure.clone() }, failure);
                }
            }
            (_, Class::Permanent) => self.upload_waits(failure, Some(self.limits.blocked_retry_ms)),
            (_, Class::Network | Class::Later) => self.upload_waits(failure, None),
        }
    }

    /// Waits, by backoff or for a given time. Downloads go on.
    fn upload_waits(&mut self, failure: Failure, wait_ms: Option<u64>) {
        self.upload.failures += 1;
        let backoff_ms = self.limits.backoff_ms(self.upload.failures, self.moment.jitter_permille);
        let asked_ms = failure.retry_after_ms.unwrap_or(0).min(self.limits.backoff_most_ms);
        let until_ms = self.moment.now_ms + wait_ms.unwrap_or(backoff_ms).max(asked_ms);
        self.upload.work = true;
        self.upload.state = State::Waiting { until_ms, failure };
    }

    fn mend(&mut self, action: Action, failure: Failure) {
        self.upload.mends += 1;
        if self.upload.mends > MENDS {
            return self.upload_waits(failure, None);
        }
        self.upload.state = State::Mending;
        self.actions.push(action);
    }

    /// Takes a new device id, and connects under it: the first time at once, then by backoff, lest phone and server do
    /// nothing else.
    pub(super) fn renew_device(&mut self) {
        self.upload.renew = true;
        let wait_ms = match self.upload.renewals {
            0 => 0,
            earlier => self.limits.backoff_ms(earlier, self.moment.jitter_permille),
        };
        self.upload.renewals += 1;
        // The connection was opened under the old id. So were its pages: they go on with a pass that the renewal gives
        // up, and what that pass had staged would be lost under their cursor.
        self.drop_link(self.moment.now_ms + wait_ms);
        self.download.drop_pages();
    }

    pub(super) fn advance_mending(&mut self) {
        if self.upload.renew && self.upload.quiet() && !self.download.applying() {
            self.upload.renew = false;
            self.upload.state = State::Mending;
            self.actions.push(Action::RenewDevice);
        }
    }

    pub(super) fn queue_mended(&mut self, result: Result<(), Failure>) {
        if !matches!(self.upload.state, State::Mending) {
            return;
        }
        self.upload.state = State::Idle;
        self.upload.work = true;
        match result {
            Ok(()) => {}
            Err(failure) if failure.code == Some(ErrorCode::DeviceCloned) => self.renew_device(),
            Err(failure) => self.upload_waits(failure, None),
        }
    }

    /// Deadlines of the upload.
    pub(super) fn watch_upload(&mut self) {
        match &self.upload.state {
            State::Sent { until_ms, .. } if *until_ms <= self.moment.now_ms => {
                self.timed_out("The server did not answer a push in time.");
            }
            State::Waiting { until_ms, .. } if *until_ms <= self.moment.now_ms => self.upload.state = State::Idle,
            _ => {}
        }
    }
}
