//! What goes wrong, when its step comes.

use satchel_client::{
    engine::{Event, Limits},
    simulation::Failpoint,
};
use satchel_protocol::{
    PROTOCOL_VERSION,
    checksum::{Checksum, scopes_digest},
    wire::{ClientMessage, Cursor, Held, PullRequest, PushRequest, PushedMutation},
};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{Happening, POLL_MS, World, user_id};
use crate::{
    act::{Act, project_id},
    history::{Cut, Lie, Step},
    phone::Armed,
    record::Promise,
    server::ORG,
    wire::Air,
};

/// Milliseconds until a copy of a phone is switched on: the other goes on meanwhile.
const COPY_OFF_MS: u64 = 2_000;

impl World {
    pub(super) fn step(&mut self, number: usize) {
        let step = self.history.steps[number].1;
        if step.is_fault() {
            *self.injected.entry(step.name()).or_default() += 1;
        }
        match step {
            Step::Tap(phone, act) => self.tap(phone.into(), act),
            Step::Retry(phone) => self.retry(phone.into()),
            Step::Undo(phone) => self.undo(phone.into()),
            Step::UndoUnsent(phone) => self.undo_unsent(phone.into()),
            Step::Office(act) => self.office(act),
            Step::Edit { edit, after_ms, commits } => {
                if self.server.up {
                    let xid = self.server.begin_edit(edit, self.now_ms);
                    self.after(after_ms, if commits { Happening::Commit(xid) } else { Happening::Abort(xid) });
                    self.after(after_ms + POLL_MS, Happening::Poll);
                }
            }
            Step::Assign { user, project, on } => self.server.assign(user_id(user), project_id(project), on),
            Step::Rights(user) => self.server.change_rights(user_id(user)),
            Step::Revoke { user, for_good } => {
                self.server.set_active(user_id(user), false);
                if for_good {
                    self.banned.insert(user_id(user));
                }
            }
            Step::EndSession(phone) => {
                let session = self.phones[usize::from(phone)].token.session;
                self.server.end_session(session);
            }
            Step::ExpireToken(phone) => self.phones[usize::from(phone)].token.expires_ms = self.now_ms,
            Step::Kill { phone, down_ms, power } => {
                let torn = power.then(|| self.luck(0x6b, 1_001));
                self.kill_phone(phone.into(), torn, down_ms);
            }
            Step::KillInside { phone, skip, down_ms } => {
                self.phones[usize::from(phone)].armed =
                    Some(Armed { skip: skip.into(), how: Failpoint::Killed, down_ms });
            }
            Step::DiskFull { phone, skip } => {
                self.phones[usize::from(phone)].armed =
                    Some(Armed { skip: skip.into(), how: Failpoint::DiskFull, down_ms: 0 });
            }
            Step::TinyDisk { phone, for_ms } => {
                self.phones[usize::from(phone)].full = true;
                self.kill_phone(phone.into(), None, 100);
                self.after(for_ms, Happening::RoomAgain(phone.into()));
            }
            Step::Cut { phone, for_ms, how, told } => self.cut(phone.into(), for_ms, how, told),
            Step::Delay { phone, by_ms, up: true } => self.air[usize::from(phone)].late_up_ms = by_ms,
            Step::Delay { phone, by_ms, up: false } => self.air[usize::from(phone)].late_down_ms = by_ms,
            Step::LoseRequest(phone) => self.air[usize::from(phone)].lose_request = true,
            Step::LoseResponse(phone) => self.air[usize::from(phone)].lose_response = true,
            Step::Duplicate { phone, after_ms } => self.air[usize::from(phone)].repeat_push_ms = Some(after_ms),
            Step::DuplicatePage(phone) => self.air[usize::from(phone)].repeat_page = true,
            Step::RefuseWebSockets { phone, for_ms } => {
                self.air[usize::from(phone)].no_websockets_until_ms = self.now_ms + for_ms;
            }
            Step::Sleep { phone, for_ms } => {
                let number = usize::from(phone);
                if self.phones[number].awake && self.phones[number].is_on() {
                    self.tell(number, Event::Stop);
                    self.phones[number].awake = false;
                    self.after(for_ms, Happening::Wake(number));
                }
            }
            Step::Clock { phone, by_ms } => self.phones[usize::from(phone)].clock_ms += by_ms,
            Step::Crash { down_ms } => {
                let lost = self.server.crash();
                self.server_down(lost, down_ms);
            }
            Step::SlowCommits { by_ms } => self.slow_ms = by_ms,
            Step::BackUp => self.server.back_up(),
            Step::Restore { down_ms } => {
                if let Some(lost) = self.server.restore() {
                    self.server_down(lost, down_ms);
                }
            }
            Step::Trim => self.server.trim_feed(),
            Step::Withhold => self.server.withhold = true,
            Step::Clone { phone, nonce } => self.clone_phone(phone.into(), nonce),
            Step::SaveFile(phone) => self.save_file(phone.into()),
            Step::RestoreFile { phone, nonce } => self.restore_file(phone.into(), nonce),
            Step::Lie(phone, lie) => self.lie(phone.into(), lie),
        }
    }

    pub(super) fn office(&mut self, act: Act) {
        let (name, args) = act.call(self.now_ms);
        self.record.entered(name, &args);
        let key =
            Uuid::from_u128((0xf0ff << 64) | (u128::from(self.now_ms) << 16) | u128::from(self.luck(0xf, 1 << 16)));
        self.server.office(name, &args, key);
    }

    fn server_down(&mut self, lost: Vec<u64>, down_ms: u64) {
        for link in lost {
            if self.links.get(&link).is_some_and(|link| !link.dead) {
                let wait_ms = self.latency_ms(link);
                self.after(wait_ms, Happening::ClosedAtPhone(link));
            }
        }
        self.after(down_ms, Happening::StartServer);
    }

    fn cut(&mut self, phone: usize, for_ms: u64, how: Cut, told: bool) {
        let until_ms = self.now_ms + for_ms;
        let links: Vec<u64> = self.links.iter().filter(|(_, link)| link.phone == phone).map(|(id, _)| *id).collect();
        match how {
            Cut::Stall => self.air[phone].stalled_until_ms = until_ms,
            Cut::BlackHole => {
                self.air[phone].hole_until_ms = until_ms;
                links.iter().filter_map(|id| self.links.get_mut(id).map(|link| link.dead = true)).count();
            }
            Cut::Reset => {
                self.air[phone].refused_until_ms = until_ms;
                links.into_iter().for_each(|id| self.reset(id));
            }
        }
        if told {
            self.phones[phone].network = false;
            self.tell(phone, Event::NetworkDown);
            self.after(for_ms, Happening::NetworkUp(phone));
        }
    }

    pub(super) fn room_again(&mut self, phone: usize) {
        if self.phones[phone].full {
            self.phones[phone].full = false;
            // SQLite learns of it when the file is opened anew.
            self.kill_phone(phone, None, 100);
        }
    }

    /// What is in a file from now on is in two.
    fn mark_copied(&mut self, phone: usize) {
        self.phones[phone].copied = true;
        self.record.taps.values_mut().filter(|tap| tap.phone == phone).for_each(|tap| tap.copied = true);
    }

    fn clone_phone(&mut self, phone: usize, nonce: bool) {
        // Steps name phones of the beginning only; one copy of each is trouble enough.
        if self.phones.len() >= 2 * usize::from(self.history.phones) {
            return;
        }
        let own = if nonce { Uuid::from_u128(0xa000 + self.phones.len() as u128) } else { self.phones[phone].nonce };
        match self.phones[phone].copy(own) {
            Ok(mut copy) => {
                // A copy of the app's keys is a session of its own once it has exchanged its refresh token.
                self.sessions += 1;
                copy.token.session = self.sessions;
                self.mark_copied(phone);
                copy.copied = true;
                self.phones.push(copy);
                self.air.push(Air::default());
                let number = self.phones.len() - 1;
                self.after(COPY_OFF_MS, Happening::StartPhone(number));
            }
            Err(error) => self.breaks(Promise::Panicked, format!("a file could not be copied: {error}")),
        }
    }

    fn save_file(&mut self, phone: usize) {
        let now_ms = self.now_ms;
        if self.phones[phone].is_on() {
            self.mark_copied(phone);
            if let Err(error) = self.phones[phone].save(now_ms) {
                self.breaks(Promise::Panicked, format!("a file could not be copied: {error}"));
            }
        }
    }

    fn restore_file(&mut self, phone: usize, nonce: bool) {
        let own = if nonce { Uuid::from_u128(0xb000 + u128::from(self.now_ms)) } else { self.phones[phone].nonce };
        match self.phones[phone].go_back(own) {
            Ok(Some(saved_ms)) => {
                self.lose_links(phone, true);
                let gone = |tap: &&mut crate::record::Tap| tap.phone == phone && tap.at_ms >= saved_ms;
                self.record.taps.values_mut().filter(gone).for_each(|tap| tap.excused = true);
                self.after(50, Happening::StartPhone(phone));
            }
            Ok(None) => {}
            Err(error) => self.breaks(Promise::Panicked, format!("a file could not be copied: {error}")),
        }
    }

    /// Somebody with the phone's token sends what the phone never would.
    fn lie(&mut self, phone: usize, lie: Lie) {
        let user_id = self.phones[phone].user_id;
        let Some(device_id) = self.phones[phone].store().map(satchel_client::Store::device_id) else { return };
        let raw = |text: &str| RawValue::from_string(text.to_owned()).expect("JSON");
        let forged = |seq: u64, key: Uuid| {
            let context = serde_json::to_string(&self.phones[phone].context(self.now_ms)).expect("JSON");
            let (name, args) = Act::Audit { project: 0 }.call(self.now_ms);
            let (name, args, context) = (name.to_owned(), raw(&args), raw(&context));
            let mutation = PushedMutation { seq, key, name, args, context, retry_of: None };
            ClientMessage::Push(PushRequest { protocol: PROTOCOL_VERSION, device_id, mutations: vec![mutation] })
        };
        let pull = PullRequest { protocol: PROTOCOL_VERSION, device_id, ..PullRequest::default() };
        let every: Vec<Uuid> = (0..crate::act::PROJECTS).map(project_id).chain([ORG]).collect();
        let message = match lie {
            Lie::SequenceAhead => forged(1_000_000, Uuid::from_u128(0xdead_0000 + u128::from(self.now_ms))),
            Lie::KeyReused => match self.record.taps.iter().find(|(_, tap)| tap.phone == phone) {
                Some((key, _)) if self.server.disk.ledger.contains_key(key) => forged(1, *key),
                _ => return,
            },
            Lie::Scopes => ClientMessage::Pull(Box::new(PullRequest {
                held: Held { digest: scopes_digest(every.iter().copied()), ids: Some(every) },
                ..pull
            })),
            Lie::Cursor => ClientMessage::Pull(Box::new(PullRequest { cursor: Some(Cursor("AAAA".into())), ..pull })),
            Lie::Checksums => {
                let sums = every.iter().map(|scope| (*scope, Checksum { count: 7, sum: 99 })).collect();
                ClientMessage::Pull(Box::new(PullRequest { checksums: [("task".to_owned(), sums)].into(), ..pull }))
            }
        };
        let text = serde_json::to_string(&message).expect("messages are JSON");
        match message {
            ClientMessage::Push(_) => {
                let (xid, _) = self.server.begin_push(user_id, &text, None);
                self.commit_soon(xid);
            }
            _ => {
                // A connection of the liar's own: the pages go nowhere, but what is in them is looked at.
                let link = (1 << 63) | self.now_ms;
                let token = self.phones[phone].token;
                let ClientMessage::Pull(pull) = message else { return };
                let pull = serde_json::to_string(&pull).expect("JSON");
                let _ = self.server.connect(link, token, true, &pull, self.now_ms);
                self.after(2_000, Happening::ClosedAtServer(link));
            }
        }
    }

    /// The longest any engine waits by itself.
    pub(super) fn longest_wait_ms() -> u64 {
        Limits::default().blocked_retry_ms
    }
}
