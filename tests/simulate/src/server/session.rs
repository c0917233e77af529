//! Connections: what a client says, pass after pass downwards, and whom a change wakes. Follows
//! `server/src/stream/{session,delta}.rs`.

use std::collections::BTreeSet;

use satchel_protocol::{
    ErrorBody, ErrorCode, Retry,
    checksum::scopes_digest,
    limits::SILENCE_S,
    wire::{
        ClientMessage, Heartbeat, Held, PullRequest, PushResponse, ServerMessage,
        stream::{About, StreamError},
    },
};
use satchel_server::pull::Next;
use uuid::Uuid;

use super::{Bug, Running, Server, Token, refusal};

/// Something said to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// On which connection.
    pub link: u64,
    /// The text of a [`ServerMessage`].
    pub text: String,
    /// Whether the connection ends with it.
    pub ends: bool,
}

/// What the delta half is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// A page is due.
    Due,
    /// Nothing, until something changes.
    Waiting,
    /// Nothing, until the client pulls anew.
    Paused,
}

/// An open connection.
pub(super) struct Session {
    token: Token,
    speaks: bool,
    device_id: Uuid,
    request: PullRequest,
    doing: Doing,
    woken: bool,
    dispatches: u64,
    taken_up: bool,
    held: BTreeSet<Uuid>,
    heard_ms: u64,
}

impl Server {
    /// Opens a connection; `pull` is the text of a [`PullRequest`].
    pub fn connect(&mut self, link: u64, token: Token, speaks: bool, pull: &str, now_ms: u64) -> Result<(), ErrorBody> {
        if !self.up {
            return Err(refusal(ErrorCode::ServiceUnavailable, "The server is starting.", None));
        }
        self.admit(&token, now_ms)?;
        let request: PullRequest =
            serde_json::from_str(pull).map_err(|_| refusal(ErrorCode::BadRequest, "The pull is malformed.", None))?;
        let session = Session {
            token,
            speaks,
            device_id: request.device_id,
            taken_up: request.resume.is_some(),
            request,
            doing: Doing::Due,
            woken: false,
            dispatches: self.dispatches,
            held: BTreeSet::from([token.user_id]),
            heard_ms: now_ms,
        };
        self.sessions.insert(link, session);
        Ok(())
    }

    /// The client is gone.
    pub fn hang_up(&mut self, link: u64) {
        self.sessions.remove(&link);
    }

    /// Takes a message. A push begins a transaction, whose number is returned for [`commit`](Self::commit); with a bug
    /// planted its answer comes at once.
    pub fn receive(&mut self, link: u64, text: &str, now_ms: u64) -> (Option<u64>, Option<Said>) {
        let Some(session) = self.sessions.get_mut(&link) else { return (None, None) };
        session.heard_ms = now_ms;
        let user_id = session.token.user_id;
        match ClientMessage::decode(text) {
            Ok(ClientMessage::Push(_)) => self.begin_push(user_id, text, Some(link)),
            Ok(ClientMessage::Pull(request)) => {
                session.device_id = request.device_id;
                session.taken_up = request.resume.is_some();
                session.request = *request;
                session.doing = Doing::Due;
                session.held = BTreeSet::from([user_id]);
                (None, None)
            }
            Ok(ClientMessage::Heartbeat(_) | ClientMessage::Unknown) => (None, None),
            Err(error) => (None, Some(self.finish(link, error_body(&error.to_string())))),
        }
    }

    /// A push arrives, on a connection or out of nowhere.
    pub fn begin_push(&mut self, user_id: Uuid, text: &str, link: Option<u64>) -> (Option<u64>, Option<Said>) {
        if !self.up {
            return (None, None);
        }
        let xid = self.begin();
        let answered = self.planted(Bug::AnsweredBeforeCommit);
        self.running.insert(xid, Running::Push { user_id, text: text.to_owned(), link, answered });
        if !answered {
            return (Some(xid), None);
        }
        let before = self.disk.clone();
        let answer = self.push(xid, user_id, text);
        self.disk = before;
        (Some(xid), link.map(|link| self.answer(link, answer)))
    }

    /// What is said of a push.
    pub(super) fn answer(&mut self, link: u64, answer: Result<PushResponse, ErrorBody>) -> Said {
        let message = match answer {
            Ok(response) => {
                if let Some(session) = self.sessions.get_mut(&link) {
                    for verdict in &response.verdicts {
                        if verdict.seq == session.request.verdicts_through + 1 {
                            session.request.verdicts_through = verdict.seq;
                        }
                    }
                }
                ServerMessage::Pushed(response)
            }
            Err(error) => ServerMessage::Error(StreamError { about: About::Push, error }),
        };
        Said { link, text: text(&message), ends: false }
    }

    /// Whether a page is due on a connection.
    pub fn is_due(&self, link: u64) -> bool {
        self.sessions.get(&link).is_some_and(|session| session.doing == Doing::Due)
    }

    /// Connections on which a page is due.
    pub fn due(&self) -> Vec<u64> {
        self.sessions.iter().filter(|(_, session)| session.doing == Doing::Due).map(|(link, _)| *link).collect()
    }

    /// Makes the page that is due.
    pub fn turn(&mut self, link: u64) -> Option<Said> {
        let dispatches = self.dispatches;
        let session = self.sessions.get_mut(&link).filter(|session| session.doing == Doing::Due)?;
        if session.request.resume.is_none() {
            session.dispatches = dispatches;
            session.woken = false;
        }
        let (user, request) = (session.token.user_id, session.request.clone());
        let page = match self.is_member(user) {
            Ok(()) => self.page(user, &request).map_err(|error| error.body()),
            Err(error) => Err(error),
        };
        match page {
            Ok((json, next)) => {
                self.sent(link, next);
                Some(Said { link, text: format!("{{\"delta\":{json}}}"), ends: false })
            }
            Err(error) => {
                let over =
                    matches!(error.code, ErrorCode::Unauthorized | ErrorCode::Forbidden | ErrorCode::UpgradeRequired);
                let session = self.sessions.get_mut(&link)?;
                if over || !(error.code.retry() == Retry::Later || session.speaks) {
                    return Some(self.finish(link, error));
                }
                session.doing = Doing::Paused;
                Some(Said {
                    link,
                    text: text(&ServerMessage::Error(StreamError { about: About::Pull, error })),
                    ends: false,
                })
            }
        }
    }

    fn sent(&mut self, link: u64, next: Next) {
        let dispatches = self.dispatches;
        let Some(session) = self.sessions.get_mut(&link) else { return };
        let standing = match next {
            Next::More(resume) => {
                session.request.resume = Some(resume);
                return;
            }
            Next::Done(standing) => standing,
        };
        let held = Held { digest: scopes_digest(standing.scopes.iter().copied()), ids: Some(standing.scopes.to_vec()) };
        let concern: BTreeSet<Uuid> = standing.scopes.iter().chain(standing.wakes.iter()).copied().collect();
        let moved = session.held != concern;
        session.held = concern;
        session.request = PullRequest {
            protocol: session.request.protocol,
            device_id: session.request.device_id,
            cursor: Some(standing.cursor),
            held,
            verdicts_through: standing.verdicts_through,
            ..PullRequest::default()
        };
        let passed_by = moved && dispatches != session.dispatches;
        let again = passed_by || std::mem::take(&mut session.taken_up) || std::mem::take(&mut session.woken);
        session.doing = if again { Doing::Due } else { Doing::Waiting };
    }

    /// Wakes whom the changes since a place in the feed concern.
    pub(super) fn wake_changed(&mut self, before: usize) {
        let scopes = self.disk.feed[before..].iter().map(|change| change.scope).collect();
        self.wake(&scopes);
    }

    pub(super) fn wake(&mut self, scopes: &BTreeSet<Uuid>) {
        if scopes.is_empty() {
            return;
        }
        self.dispatches += 1;
        for session in self.sessions.values_mut() {
            if session.held.is_disjoint(scopes) {
                continue;
            }
            session.woken = true;
            if session.doing == Doing::Waiting {
                session.doing = Doing::Due;
            }
        }
    }

    /// The beat of a connection: its end when nobody was heard or the token ran out.
    pub fn beat(&mut self, link: u64, now_ms: u64) -> Option<Said> {
        let session = self.sessions.get(&link)?;
        let (token, silent) = (session.token, session.speaks && session.heard_ms + SILENCE_S * 1_000 <= now_ms);
        if silent {
            return Some(self.finish(link, error_body("Nothing was heard for too long; send heartbeats.")));
        }
        if let Err(error) = self.admit(&token, now_ms) {
            return Some(self.finish(link, error));
        }
        let left_s = (token.expires_ms.saturating_sub(now_ms) / 1_000).cast_signed();
        let server_time_ms = crate::world::wall_ms(now_ms);
        let beat = ServerMessage::Heartbeat(Heartbeat { server_time_ms, token_expires_in_s: left_s });
        Some(Said { link, text: text(&beat), ends: false })
    }

    /// Ends a connection, saying why.
    fn finish(&mut self, link: u64, error: ErrorBody) -> Said {
        self.sessions.remove(&link);
        Said { link, text: text(&ServerMessage::Error(StreamError { about: About::Stream, error })), ends: true }
    }
}

fn error_body(message: &str) -> ErrorBody {
    refusal(ErrorCode::BadRequest, message, None)
}

fn text(message: &ServerMessage) -> String {
    serde_json::to_string(message).expect("messages are JSON")
}
