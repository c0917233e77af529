//! Pages: received, applied one at a time, and the repairs a pull may need.

use std::collections::VecDeque;

use satchel_protocol::ErrorCode;

use super::{Action, Applied, Class, Engine, Failure, Limits, PageText, Step, Transport};

/// The download side.
#[derive(Debug, Default)]
pub(super) struct Download {
    /// Received, not yet applied.
    pages: VecDeque<PageText>,
    applying: bool,
    /// The cursor is to be forgotten before the next pull.
    forget: bool,
    forgetting: bool,
    list_scopes: bool,
    /// Repairs in a row without a page applied.
    repairs: u32,
    /// Pulls in a row that were made only to have the replica confirmed.
    checks: u32,
    /// The replica is still not confirmed; ask for it then.
    check_at_ms: Option<u64>,
    /// Completed passes in a row after which the replica did not match the manifest.
    mismatches: u32,
    /// A pass is under way; its next page must come by then.
    page_until_ms: Option<u64>,
    caught_up: bool,
    /// Accepted mutations wait for a delta; ask for one then.
    confirm_at_ms: Option<u64>,
    confirms: u32,
}

impl Download {
    pub(super) fn caught_up(&self) -> bool {
        self.caught_up
    }

    pub(super) fn list_scopes(&self) -> bool {
        self.list_scopes
    }

    pub(super) fn has_room(&self, limits: &Limits) -> bool {
        self.pages.len() < limits.pages_ahead
    }

    /// The replica is about to change: a pull made now would not state what it holds.
    pub(super) fn busy(&self) -> bool {
        self.applying || self.forget || self.forgetting || !self.pages.is_empty()
    }

    /// In the middle of nothing.
    pub(super) fn quiet(&self) -> bool {
        !self.busy() && self.page_until_ms.is_none()
    }

    pub(super) fn pull_sent(&mut self, page_until_ms: u64) {
        self.page_until_ms = Some(page_until_ms);
    }

    /// A page is being written.
    pub(super) fn applying(&self) -> bool {
        self.applying
    }

    /// Forgets pages not yet applied; a pull asks for them again.
    pub(super) fn drop_pages(&mut self) {
        self.pages.clear();
    }

    /// The next page must come by then, unless an earlier moment is set already.
    pub(super) fn page_late(&mut self, page_until_ms: u64) {
        self.page_until_ms.get_or_insert(page_until_ms);
    }

    pub(super) fn link_lost(&mut self) {
        // Pages already received stay: they continue the pass the next pull resumes.
        self.page_until_ms = None;
        self.caught_up = false;
        self.confirm_at_ms = None;
        // The next connection pulls anyway.
        self.check_at_ms = None;
    }
}

impl Engine {
    pub(super) fn page_received(&mut self, page: PageText) {
        if self.download.forget || self.download.forgetting {
            // It leads to a cursor that is being forgotten.
            return;
        }
        self.download.page_until_ms = None;
        self.download.pages.push_back(page);
    }

    pub(super) fn apply_if_possible(&mut self) {
        if self.download.applying || self.download.forgetting {
            return;
        }
        if let Some(page) = self.download.pages.pop_front() {
            self.download.applying = true;
            self.actions.push(Action::ApplyPage(page));
        }
    }

    pub(super) fn page_applied(&mut self, result: Result<Applied, Failure>) {
        self.download.applying = false;
        let applied = match result {
            Ok(applied) => applied,
            Err(failure) => {
                self.download.pages.clear();
                return self.store_failed(failure);
            }
        };
        if applied.gap {
            let failure = Failure::network("Some of the server's changes did not arrive.");
            self.failures.note(Step::ApplyPage, &failure, self.moment);
            self.download.pages.clear();
            return self.lose_link(failure);
        }
        self.download.repairs = 0;
        let open = self.link.open().is_some();
        if applied.complete {
            self.download.caught_up = open && self.download.pages.is_empty();
            self.download.list_scopes = false;
        } else if open && self.download.pages.is_empty() {
            self.download.page_until_ms = Some(self.moment.now_ms + self.limits.page_ms);
        }
        if applied.differs {
            self.download.mismatches += 1;
            self.forget_cursor();
            if self.download.mismatches > self.limits.pull_repairs {
                self.block(Failure::later("What this phone holds still differs from the server's count of it."));
            }
        } else if applied.complete {
            self.download.mismatches = 0;
            self.check(applied.unverified);
        }
        if applied.refed {
            self.upload.wake();
        }
        if applied.cloned {
            self.renew_device();
        }
        self.await_confirmation(applied.awaiting);
    }

    /// A pass of several pages may bring no manifest; one more pull, short by then, does. When so much happens that it does
    /// not, it is asked for ever more rarely.
    fn check(&mut self, unverified: bool) {
        if !unverified {
            self.download.checks = 0;
            self.download.check_at_ms = None;
        } else if let Some(patient) = self.download.checks.checked_sub(self.limits.pull_repairs) {
            let wait_ms = self.limits.confirm_ms << patient.min(6);
            self.download.check_at_ms.get_or_insert(self.moment.now_ms + wait_ms);
        } else if self.download.pages.is_empty() {
            self.download.checks += 1;
            self.pull_again();
        }
    }

    /// Asks for the delta once more.
    fn pull_again(&mut self) {
        match self.link.open() {
            Some((link, Transport::WebSocket)) if !self.finished => {
                self.download.pull_sent(self.moment.now_ms + self.limits.page_ms);
                self.actions.push(Action::SendPull(link, self.pull_mode()));
            }
            Some((_, Transport::Sse)) => self.reconnect_when_quiet = true,
            // The next connection pulls anyway.
            _ => {}
        }
    }

    /// Accepted mutations should soon be confirmed by a delta; if none comes, one is asked for.
    pub(super) fn await_confirmation(&mut self, awaiting: usize) {
        if awaiting == 0 {
            self.download.confirm_at_ms = None;
            self.download.confirms = 0;
        } else if self.download.confirm_at_ms.is_none() && self.link.open().is_some() {
            let wait_ms = self.limits.confirm_ms << self.download.confirms.min(6);
            self.download.confirm_at_ms = Some(self.moment.now_ms + wait_ms);
        }
    }

    /// A pull failed: in the opening request, or on the stream.
    pub(super) fn pull_failed(&mut self, failure: Failure) {
        let known = matches!(failure.code, Some(ErrorCode::CursorStale | ErrorCode::ScopesRequired));
        if known || (failure.code == Some(ErrorCode::BadRequest) && self.download.repairs == 0) {
            self.download.repairs += 1;
        } else {
            return self.stream_failed(failure);
        }
        if self.download.repairs > self.limits.pull_repairs {
            return self.lose_link(Failure { class: Class::Later, ..failure });
        }
        if failure.code != Some(ErrorCode::ScopesRequired) {
            return self.forget_cursor();
        }
        self.download.list_scopes = true;
        match self.link.open() {
            Some((link, Transport::WebSocket)) => {
                self.download.pull_sent(self.moment.now_ms + self.limits.page_ms);
                self.actions.push(Action::SendPull(link, self.pull_mode()));
            }
            _ => self.drop_link(self.moment.now_ms),
        }
    }

    /// Compares everything by checksums, over a new connection: a page of the old one would bring the cursor back.
    fn forget_cursor(&mut self) {
        self.download.pages.clear();
        self.download.forget = true;
        self.drop_link(self.moment.now_ms);
    }

    pub(super) fn cursor_forgotten(&mut self, result: Result<(), Failure>) {
        self.download.forgetting = false;
        if let Err(failure) = result {
            self.download.forget = true;
            self.store_failed(failure);
        }
    }

    /// The phone's own database failed.
    pub(super) fn store_failed(&mut self, failure: Failure) {
        // However the store classes it: hammering a full disk helps nobody.
        self.block(failure);
    }

    /// Starts repairs that wait for quiet.
    pub(super) fn advance_repairs(&mut self) {
        if self.download.forget && !self.download.applying && self.blocked.is_none() {
            self.download.forget = false;
            self.download.forgetting = true;
            self.actions.push(Action::ForgetCursor);
        }
        self.advance_mending();
    }

    /// Deadlines of the download.
    pub(super) fn watch_download(&mut self) {
        let now_ms = self.moment.now_ms;
        if self.download.page_until_ms.is_some_and(|until_ms| until_ms <= now_ms) {
            return self.timed_out("The server did not send the changes in time.");
        }
        if self.download.check_at_ms.is_some_and(|at_ms| at_ms <= now_ms) {
            self.download.check_at_ms = None;
            self.download.checks += 1;
            // Otherwise a page is on its way or being applied: it will tell.
            if self.download.quiet() {
                self.pull_again();
            }
        }
        if self.download.confirm_at_ms.is_some_and(|at_ms| at_ms <= now_ms) {
            self.download.confirm_at_ms = None;
            self.download.confirms += 1;
            // Otherwise a page is on its way or being applied: it will tell.
            if self.download.quiet() {
                self.pull_again();
            }
        }
    }

    pub(super) fn download_deadline_ms(&self) -> Option<u64> {
        let Download { page_until_ms, confirm_at_ms, check_at_ms, .. } = self.download;
        [page_until_ms, confirm_at_ms, check_at_ms].into_iter().flatten().min()
    }
}
