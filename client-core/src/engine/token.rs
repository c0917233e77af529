//! The access token: renewed ahead of its expiry, refreshed when refused, and what follows when that is refused too.

use super::{Action, Class, Engine, Failure, link::Link};

/// What is known of the token.
#[derive(Debug, Default)]
pub(super) struct Token {
    state: State,
    /// Tokens refused by the server in a row, each fresh from a refresh but the first.
    refused_in_a_row: u32,
    refresh_failures: u32,
    renewed_ms: Option<u64>,
    /// A person signed in while an exchange was under way: whatever comes of it, the new tokens stand.
    overtaken: bool,
}

#[derive(Debug, Default)]
enum State {
    /// As far as known, good.
    #[default]
    Fine,
    /// Being exchanged.
    Refreshing,
    /// The exchange failed for now.
    Waiting { until_ms: u64 },
    /// The session is over.
    Refused(Failure),
}

impl Token {
    pub(super) fn fine(&self) -> bool {
        matches!(self.state, State::Fine)
    }

    pub(super) fn refreshing(&self) -> bool {
        matches!(self.state, State::Refreshing)
    }

    pub(super) fn refused(&self) -> bool {
        self.refusal().is_some()
    }

    pub(super) fn refusal(&self) -> Option<&Failure> {
        match &self.state {
            State::Refused(failure) => Some(failure),
            _ => None,
        }
    }

    /// The server took it.
    pub(super) fn proven(&mut self) {
        self.refused_in_a_row = 0;
    }
}

impl Engine {
    pub(super) fn signed_in(&mut self) {
        // An exchange under way still reports; two at once would spend each other's refresh token.
        let refreshing = self.token.refreshing();
        self.token = Token { overtaken: refreshing, ..Token::default() };
        if refreshing {
            self.token.state = State::Refreshing;
        }
        self.blocked = None;
        self.drop_link(self.moment.now_ms);
        self.upload.wake();
        self.retry_now();
    }

    /// The server refused the token.
    pub(super) fn unauthorized(&mut self, failure: Failure) {
        let now_ms = self.moment.now_ms;
        self.drop_link(now_ms);
        self.links.last_failure = Some(failure);
        if !self.token.fine() {
            return;
        }
        if let Some(failure) = self.links.last_failure.take_if(|failure| failure.ended.is_some()) {
            // Taken back: a refresh would be refused as well.
            self.token.state = State::Refused(failure);
            return;
        }
        self.token.refused_in_a_row += 1;
        if self.token.refused_in_a_row > self.limits.tokens_refused {
            // Refreshing works and yet the server refuses what it gave: a fault of its own.
            let wait_ms = self.limits.backoff_ms(self.token.refused_in_a_row + 4, self.moment.jitter_permille);
            self.token.state = State::Waiting { until_ms: now_ms + wait_ms };
        } else {
            self.refresh();
        }
    }

    /// A heartbeat told how long the token still lasts.
    pub(super) fn token_expires_in(&mut self, expires_in_s: i64) {
        let now_ms = self.moment.now_ms;
        let paused = self.token.renewed_ms.is_some_and(|at_ms| now_ms < at_ms + self.limits.token_renew_pause_ms);
        if self.token.fine() && expires_in_s <= self.limits.token_renew_before_s && !paused {
            self.refresh();
        }
    }

    fn refresh(&mut self) {
        self.token.state = State::Refreshing;
        self.actions.push(Action::RefreshToken);
    }

    pub(super) fn token_refreshed(&mut self, result: Result<(), Failure>) {
        if !self.token.refreshing() {
            return;
        }
        let now_ms = self.moment.now_ms;
        let overtaken = std::mem::take(&mut self.token.overtaken);
        match result.or_else(|failure| if overtaken { Ok(()) } else { Err(failure) }) {
            Ok(()) => {
                self.token.state = State::Fine;
                self.token.refresh_failures = 0;
                self.token.renewed_ms = Some(now_ms);
                self.reconnect_when_quiet = self.link.open().is_some();
            }
            Err(failure) if failure.class == Class::SignIn => {
                self.drop_link(now_ms);
                self.token.state = State::Refused(failure);
            }
            Err(failure) => {
                self.token.refresh_failures += 1;
                let wait_ms = self.limits.backoff_ms(self.token.refresh_failures, self.moment.jitter_permille);
                self.token.state = State::Waiting { until_ms: now_ms + wait_ms };
                self.links.last_failure = Some(failure);
            }
        }
    }

    pub(super) fn token_retry_now(&mut self) {
        if let State::Waiting { until_ms } = &mut self.token.state {
            *until_ms = self.moment.now_ms;
        }
    }

    pub(super) fn advance_token(&mut self) {
        if let State::Waiting { until_ms } = self.token.state
            && until_ms <= self.moment.now_ms
            && self.running
            && self.network
        {
            self.refresh();
        }
    }

    pub(super) fn token_deadline_ms(&self) -> Option<u64> {
        match (&self.token.state, &self.link) {
            (State::Waiting { until_ms }, Link::Down { .. } | Link::Open { .. } | Link::Opening { .. })
                if self.running && self.network =>
            {
                Some(*until_ms)
            }
            _ => None,
        }
    }
}
