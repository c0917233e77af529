//! The world of one history: a clock, a list of what happens when, and everybody who takes part.
//!
//! Invariants:
//! - One thread, no clock, no dice: a history replayed is the same, event by event.
//! - The phones' driver is played by [`World::act`]; what it asks of a store is done by the client's own
//!   [`StoreWork`].
//! - A store is asked at a moment of its own, so that a phone can die between asking and answering.

mod faults;
mod heal;
mod judge;
mod people;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use satchel_client::{
    engine::{Action, Ended, Event, Failure, LinkId, Moment, PullMode, Transport},
    simulation,
    transport::decode_message,
    work::{StoreWork, local, pull_request, work_of},
};
use satchel_protocol::wire::{ClientMessage, Heartbeat};
use uuid::Uuid;

use crate::{
    history::History,
    phone::{Called, Phone},
    planted::Planted,
    record::{Broken, Promise, Record},
    server::{Said, Server, Token},
    wire::{Air, Link},
};

/// Milliseconds since 1970 at which every history begins.
const BEGIN_MS: i64 = 1_772_352_000_000;
/// Milliseconds an access token lasts.
const TOKEN_MS: u64 = 900_000;
/// Milliseconds between looks at the feed.
const POLL_MS: u64 = 1_000;
/// Milliseconds between heartbeats.
const BEAT_MS: u64 = satchel_protocol::limits::HEARTBEAT_S * 1_000;
/// Messages on their way down a connection, beyond which the server makes no further page.
const DOWN_MESSAGES: usize = 3;
/// Events of one history, beyond which it is taken to turn in circles.
const EVENTS: u64 = 60_000;

/// The server's clock.
pub fn wall_ms(now_ms: u64) -> i64 {
    BEGIN_MS + now_ms.cast_signed()
}

/// What happens.
enum Happening {
    Step(usize),
    /// The engine's deadline.
    Tick {
        phone: usize,
    },
    /// Work on a store is done.
    Work {
        phone: usize,
        life: u64,
        work: Box<StoreWork>,
    },
    /// Its engine is told what came of it.
    Told {
        phone: usize,
        life: u64,
        event: Box<Event>,
    },
    /// A phone makes the pull that opens a connection.
    Open {
        phone: usize,
        life: u64,
        id: LinkId,
        transport: Transport,
        mode: PullMode,
    },
    /// It makes the pull that is sent over an open one.
    Pull {
        link: u64,
        mode: PullMode,
    },
    /// A connection reaches the server.
    Arrive {
        link: u64,
        token: Token,
        pull: String,
    },
    /// The server's answer to that reaches the phone.
    Opened {
        link: u64,
        result: Box<Result<(), Failure>>,
    },
    Up {
        link: u64,
        text: String,
    },
    Down {
        link: u64,
        text: String,
        ends: bool,
    },
    /// An end learns that the connection is gone.
    ClosedAtPhone(u64),
    ClosedAtServer(u64),
    /// A phone's exchange of tokens ends.
    Refresh {
        phone: usize,
        life: u64,
    },
    Commit(u64),
    Abort(u64),
    Page(u64),
    Beat(u64),
    Poll,
    StartPhone(usize),
    StartServer,
    /// The network of a phone is back, as the device tells.
    NetworkUp(usize),
    Wake(usize),
    RoomAgain(usize),
    /// A push that the wire kept.
    Straggler {
        user_id: Uuid,
        text: String,
    },
}

/// See the module.
pub struct World {
    history: History,
    /// The server.
    pub server: Server,
    /// The phones, copies at the end.
    pub phones: Vec<Phone>,
    air: Vec<Air>,
    links: BTreeMap<u64, Link>,
    /// Connections asked for and not opened yet.
    wanted: BTreeSet<u64>,
    agenda: BTreeMap<(u64, u64), Happening>,
    ticks: BTreeMap<usize, u64>,
    pages: BTreeSet<u64>,
    working: usize,
    happened: u64,
    trace: u64,
    now_ms: u64,
    record: Record,
    slow_ms: u64,
    sessions: u64,
    /// Users who are never let in again.
    pub(crate) banned: BTreeSet<Uuid>,
    /// Faults that took place, by name.
    pub injected: BTreeMap<&'static str, u64>,
    broken: Option<Broken>,
    /// Milliseconds from the last fault to rest.
    pub recovery_ms: u64,
}

impl World {
    /// A world at its beginning. Files are made below `base`.
    pub fn new(history: History, base: &Path, planted: Option<Planted>) -> io::Result<Self> {
        simulation::plant(planted.and_then(Planted::on_phone));
        simulation::count_ids(Some(1 << 40));
        simulation::transaction_rows(Some(history.transaction_rows));
        let users: Vec<Uuid> = (0..history.users).map(user_id).collect();
        let server = Server::new(&users, history.page_rows, planted.and_then(Planted::on_server));
        let mut world = Self {
            server,
            phones: Vec::new(),
            air: Vec::new(),
            links: BTreeMap::new(),
            wanted: BTreeSet::new(),
            agenda: BTreeMap::new(),
            ticks: BTreeMap::new(),
            pages: BTreeSet::new(),
            working: 0,
            happened: 0,
            trace: 0,
            now_ms: 0,
            record: Record::default(),
            slow_ms: 0,
            sessions: 0,
            banned: BTreeSet::new(),
            injected: BTreeMap::new(),
            broken: None,
            recovery_ms: 0,
            history,
        };
        for number in 0..world.history.phones {
            let user = user_id(number % world.history.users);
            let token = world.new_token(user);
            let nonce = Uuid::from_u128(0x9000 + u128::from(number));
            world.phones.push(Phone::new(base, user, token, nonce)?);
            world.air.push(Air::default());
            world.at(0, Happening::StartPhone(usize::from(number)));
        }
        for (number, (at_ms, _)) in world.history.steps.clone().into_iter().enumerate() {
            world.at(at_ms, Happening::Step(number));
        }
        Ok(world)
    }

    /// Lives through the history, heals and judges. What was broken, if anything was.
    pub fn run(&mut self) -> Option<Broken> {
        let end_ms = self.history.steps.last().map_or(0, |(at_ms, _)| *at_ms);
        self.live_until(end_ms);
        if self.broken.is_none() {
            self.judge_midway();
        }
        if self.broken.is_none() {
            self.heal();
        }
        if self.broken.is_none() {
            self.judge();
        }
        self.broken.take()
    }

    /// Things that happened, and a number that depends on when, and on every text on a wire.
    pub fn events(&self) -> (u64, u64) {
        (self.happened, self.trace)
    }

    fn note(&mut self, text: &str) {
        let mut mixed = self.trace ^ self.now_ms;
        for byte in text.bytes() {
            mixed = (mixed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        self.trace = mixed;
    }

    fn new_token(&mut self, user_id: Uuid) -> Token {
        self.sessions += 1;
        Token { user_id, session: self.sessions, expires_ms: self.now_ms + TOKEN_MS }
    }

    /// Luck that depends on nothing but the moment, so that leaving a step out changes nothing else.
    fn luck(&self, salt: u64, below: u64) -> u64 {
        let mut mixed = self.history.seed ^ self.now_ms.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt.rotate_left(32);
        for _ in 0..2 {
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        }
        (mixed ^ (mixed >> 31)) % below
    }

    fn latency_ms(&self, salt: u64) -> u64 {
        5 + self.luck(salt, 40)
    }

    fn at(&mut self, at_ms: u64, what: Happening) {
        self.happened += 1;
        if matches!(what, Happening::Work { .. } | Happening::Told { .. }) {
            self.working += 1;
        }
        self.agenda.insert((at_ms.max(self.now_ms), self.happened), what);
    }

    fn after(&mut self, wait_ms: u64, what: Happening) {
        self.at(self.now_ms + wait_ms, what);
    }

    fn breaks(&mut self, promise: Promise, how: impl Into<String>) {
        if self.broken.is_none() {
            self.broken = Some(Broken::new(promise, how));
        }
    }

    /// Lets happen what is due until then.
    fn live_until(&mut self, end_ms: u64) {
        while self.broken.is_none() {
            let Some((&(at_ms, number), _)) = self.agenda.first_key_value() else { break };
            if at_ms > end_ms {
                break;
            }
            let what = self.agenda.remove(&(at_ms, number)).expect("just seen");
            self.now_ms = at_ms;
            self.server.disk.now_ms = at_ms;
            if self.happened > EVENTS {
                return self.breaks(Promise::Wedged, "so much happens that nothing comes to rest");
            }
            self.happen(what);
        }
        self.now_ms = self.now_ms.max(end_ms);
    }

    fn happen(&mut self, what: Happening) {
        match what {
            Happening::Step(number) => self.step(number),
            // One that was set before an earlier one rings for nobody.
            Happening::Tick { phone } if self.ticks.get(&phone) == Some(&self.now_ms) => {
                self.ticks.remove(&phone);
                self.tell(phone, Event::Tick);
            }
            Happening::Tick { .. } => {}
            Happening::Work { phone, life, work } => {
                self.working -= 1;
                self.work(phone, life, &work);
            }
            Happening::Told { phone, life, event } => {
                self.working -= 1;
                self.tell_in(phone, life, *event);
            }
            Happening::Open { phone, life, id, transport, mode } => self.open(phone, life, id, transport, mode),
            Happening::Pull { link, mode } => self.pull(link, mode),
            Happening::Arrive { link, token, pull } => self.arrive(link, token, &pull),
            Happening::Opened { link, result } => self.opened(link, *result),
            Happening::Up { link, text } => self.up(link, &text),
            Happening::Down { link, text, ends } => self.down(link, text, ends),
            Happening::ClosedAtPhone(link) => self.closed_at_phone(link, Failure::network("The connection broke.")),
            Happening::ClosedAtServer(link) => self.server.hang_up(link),
            Happening::Refresh { phone, life } => self.refresh(phone, life),
            Happening::Commit(xid) => {
                let said = self.server.commit(xid);
                self.say(said);
            }
            Happening::Abort(xid) => self.server.abort(xid),
            Happening::Page(link) => {
                self.pages.remove(&link);
                let said = self.server.turn(link);
                self.say(said);
            }
            Happening::Beat(link) => {
                if let Some(said) = self.server.beat(link, self.now_ms) {
                    if !said.ends {
                        self.after(BEAT_MS, Happening::Beat(link));
                    }
                    self.say(Some(said));
                }
            }
            Happening::Poll => self.server.poll(),
            Happening::StartPhone(phone) => self.start_phone(phone),
            Happening::StartServer => self.server.start(),
            Happening::NetworkUp(phone) => {
                self.phones[phone].network = true;
                self.tell(phone, Event::NetworkUp);
            }
            Happening::Wake(phone) => {
                self.phones[phone].awake = true;
                self.tell(phone, Event::Start);
            }
            Happening::RoomAgain(phone) => self.room_again(phone),
            Happening::Straggler { user_id, text } => {
                let (xid, _) = self.server.begin_push(user_id, &text, None);
                self.commit_soon(xid);
            }
        }
        if let Some(leak) = self.server.leaks.pop() {
            self.breaks(Promise::Leaked, leak);
        }
        self.make_pages();
    }

    /// Has due pages made, as far as connections take them.
    fn make_pages(&mut self) {
        for number in self.server.due() {
            let waiting = self.links.get(&number).map_or(0, |link| link.under_way + link.inbox.len());
            if waiting < DOWN_MESSAGES && self.pages.insert(number) {
                self.after(1, Happening::Page(number));
            }
        }
    }

    fn commit_soon(&mut self, xid: Option<u64>) {
        if let Some(xid) = xid {
            let slow_ms = std::mem::take(&mut self.slow_ms);
            self.after(1 + self.luck(xid, 8) + slow_ms, Happening::Commit(xid));
        }
    }

    // The phone's side.

    fn start_phone(&mut self, number: usize) {
        let phone = &mut self.phones[number];
        if phone.is_on() {
            return;
        }
        match phone.start() {
            Ok(()) => {
                let network = phone.network;
                if !network {
                    self.tell(number, Event::NetworkDown);
                }
                self.tell(number, Event::Start);
            }
            Err(satchel_client::StoreError::DiskFull) => self.after(5_000, Happening::StartPhone(number)),
            Err(error) => self.breaks(Promise::Lost, format!("phone {number} does not open its file: {error:?}")),
        }
    }

    /// A phone is dead from now on; connections learn of it unless the power went.
    fn kill_phone(&mut self, number: usize, torn: Option<u64>, down_ms: u64) {
        if !self.phones[number].is_on() {
            return;
        }
        if let Err(error) = self.phones[number].kill(torn) {
            self.breaks(Promise::Panicked, format!("a file could not be copied: {error}"));
        }
        self.lose_links(number, torn.is_none());
        self.after(down_ms, Happening::StartPhone(number));
    }

    fn lose_links(&mut self, phone: usize, told: bool) {
        let lost: Vec<u64> = self.links.iter().filter(|(_, link)| link.phone == phone).map(|(id, _)| *id).collect();
        for number in lost {
            let link = self.links.remove(&number).expect("just seen");
            if told && !link.dead {
                let wait_ms = self.latency_ms(number);
                self.after(wait_ms, Happening::ClosedAtServer(number));
            }
        }
    }

    fn tell_in(&mut self, phone: usize, life: u64, event: Event) {
        if self.phones[phone].incarnation == life {
            self.tell(phone, event);
        }
    }

    /// Passes an event to a phone's engine and does what it asks for.
    fn tell(&mut self, number: usize, event: Event) {
        let jitter_permille = u16::try_from(self.luck(0x7e11 + number as u64, 1_001)).unwrap_or(0);
        let phone = &mut self.phones[number];
        let moment = Moment { now_ms: self.now_ms, wall_ms: wall_ms(self.now_ms) + phone.clock_ms, jitter_permille };
        let queue = phone.store().map(satchel_client::Store::queue_summary);
        let Some(engine) = &mut phone.engine else { return };
        let mut actions = engine.handle(moment, event);
        actions.extend(queue.into_iter().flat_map(|queue| engine.handle(moment, Event::QueueCounted(work_of(&queue)))));
        let life = phone.incarnation;
        for action in actions {
            self.act(number, life, action);
        }
        self.wind(number);
        self.read(number);
    }

    /// Sets the alarm of a phone's engine.
    fn wind(&mut self, number: usize) {
        let phone = &self.phones[number];
        let Some(deadline_ms) = phone.engine.as_ref().and_then(satchel_client::engine::Engine::deadline_ms) else {
            return;
        };
        let due_ms = deadline_ms.max(self.now_ms + 1);
        // One that rings too early finds nothing due and is set again.
        if self.ticks.get(&number).is_none_or(|set_ms| *set_ms > due_ms || *set_ms <= self.now_ms) {
            self.ticks.insert(number, due_ms);
            self.at(due_ms, Happening::Tick { phone: number });
        }
    }

    fn act(&mut self, phone: usize, life: u64, action: Action) {
        let wait_ms = 1 + self.luck(phone as u64, 3);
        match action {
            Action::Connect { link: id, transport, pull } => {
                self.wanted.insert(link_number(phone, life, id));
                self.after(wait_ms, Happening::Open { phone, life, id, transport, mode: pull });
            }
            Action::Disconnect(id) => self.disconnect(link_number(phone, life, id)),
            Action::SendPull(id, mode) => {
                self.after(wait_ms, Happening::Pull { link: link_number(phone, life, id), mode });
            }
            Action::SendHeartbeat(id) => {
                self.send(link_number(phone, life, id), &ClientMessage::Heartbeat(Heartbeat::default()));
            }
            Action::SendPush(id, request) => self.send(link_number(phone, life, id), &ClientMessage::Push(request)),
            Action::LoadBatch { most } => self.work_soon(phone, life, StoreWork::LoadBatch { most }),
            Action::StoreVerdicts(response) => self.work_soon(phone, life, StoreWork::StoreVerdicts(response)),
            Action::ApplyPage(page) => self.work_soon(phone, life, StoreWork::ApplyPage(page)),
            Action::ForgetCursor => self.work_soon(phone, life, StoreWork::ForgetCursor),
            Action::RenewDevice => self.work_soon(phone, life, StoreWork::RenewDevice),
            Action::Renumber { expected_seq } => self.work_soon(phone, life, StoreWork::Renumber { expected_seq }),
            Action::Isolate { key, failure } => self.work_soon(phone, life, StoreWork::Isolate { key, failure }),
            Action::RefreshToken => {
                let wait_ms = 2 * self.latency_ms(phone as u64) + self.silence_ms(phone);
                self.after(wait_ms, Happening::Refresh { phone, life });
            }
        }
    }

    fn work_soon(&mut self, phone: usize, life: u64, work: StoreWork) {
        let wait_ms = 1 + self.luck(0x30 + phone as u64, 4);
        self.after(wait_ms, Happening::Work { phone, life, work: Box::new(work) });
    }

    fn work(&mut self, number: usize, life: u64, work: &StoreWork) {
        if self.phones[number].incarnation != life {
            return;
        }
        let before = matches!(work, StoreWork::ApplyPage(_)).then(|| self.too_much(number)).flatten();
        match self.phones[number].call(|store| work.run(store)) {
            None => {}
            Some(Called::Died(down_ms)) => self.kill_phone(number, None, down_ms),
            Some(Called::Done(event)) => {
                if matches!(event, Event::PageApplied(Ok(applied)) if !applied.complete) {
                    self.watch_meters(number, before);
                }
                let wait_ms = self.luck(0x50 + number as u64, 3);
                self.after(wait_ms, Happening::Told { phone: number, life, event: Box::new(event) });
            }
        }
    }

    fn open(&mut self, number: usize, life: u64, id: LinkId, transport: Transport, mode: PullMode) {
        if self.phones[number].incarnation != life {
            return;
        }
        let air = self.air[number].clone();
        let link = link_number(number, life, id);
        if !self.wanted.remove(&link) {
            return;
        }
        let pull = match self.phones[number].call(|store| pull_request(store, mode)) {
            None => return,
            Some(Called::Died(down_ms)) => return self.kill_phone(number, None, down_ms),
            Some(Called::Done(Err(error))) => {
                return self.tell(number, Event::ConnectFailed(id, local(&error)));
            }
            Some(Called::Done(Ok(request))) => serde_json::to_string(&request).expect("a request is JSON"),
        };
        let fails = if self.now_ms < air.refused_until_ms {
            Some(Failure::unreachable("Nobody is there."))
        } else if transport == Transport::WebSocket && self.now_ms < air.no_websockets_until_ms {
            Some(Failure::transport_refused("A proxy is in the way."))
        } else {
            None
        };
        let opened = Link {
            phone: number,
            incarnation: life,
            id,
            transport,
            dead: self.now_ms < air.hole_until_ms,
            phone_open: true,
            connected: false,
            up_ready_ms: 0,
            down_ready_ms: 0,
            under_way: 0,
            inbox: std::collections::VecDeque::new(),
        };
        self.links.insert(link, opened);
        let wait_ms = self.latency_ms(link);
        if let Some(failure) = fails {
            return self.after(wait_ms, Happening::Opened { link, result: Box::new(Err(failure)) });
        }
        if self.now_ms >= air.hole_until_ms {
            let token = self.phones[number].token;
            self.at(air.stalled_until_ms.max(self.now_ms) + wait_ms, Happening::Arrive { link, token, pull });
        }
    }

    fn opened(&mut self, number: u64, result: Result<(), Failure>) {
        let Some(link) = self.links.get_mut(&number) else { return };
        let (phone, life, id) = (link.phone, link.incarnation, link.id);
        match result {
            Ok(()) => {
                link.connected = true;
                self.tell_in(phone, life, Event::Connected(id));
            }
            Err(failure) => {
                self.links.remove(&number);
                self.tell_in(phone, life, Event::ConnectFailed(id, failure));
            }
        }
    }

    fn pull(&mut self, number: u64, mode: PullMode) {
        let Some(link) = self.links.get(&number) else { return };
        let (phone, id) = (link.phone, link.id);
        match self.phones[phone].call(|store| pull_request(store, mode)) {
            None => {}
            Some(Called::Died(down_ms)) => self.kill_phone(phone, None, down_ms),
            Some(Called::Done(Ok(request))) => self.send(number, &ClientMessage::Pull(Box::new(request))),
            Some(Called::Done(Err(error))) => {
                self.disconnect(number);
                self.tell(phone, Event::Closed(id, local(&error)));
            }
        }
    }

    fn disconnect(&mut self, number: u64) {
        self.wanted.remove(&number);
        let Some(link) = self.links.remove(&number) else { return };
        if !link.dead {
            let ready_ms = self.air[link.phone].stalled_until_ms.max(link.up_ready_ms).max(self.now_ms);
            let wait_ms = self.latency_ms(number);
            self.at(ready_ms + wait_ms, Happening::ClosedAtServer(number));
        }
    }

    fn closed_at_phone(&mut self, number: u64, failure: Failure) {
        let Some(link) = self.links.remove(&number) else { return };
        let event =
            if link.connected { Event::Closed(link.id, failure) } else { Event::ConnectFailed(link.id, failure) };
        self.tell_in(link.phone, link.incarnation, event);
    }

    /// Reads what has arrived, as long as the engine wants to.
    fn read(&mut self, number: usize) {
        loop {
            let phone = &self.phones[number];
            let wants = phone.engine.as_ref().is_some_and(satchel_client::engine::Engine::wants_input);
            let life = phone.incarnation;
            let waiting = |link: &&mut Link| {
                link.phone == number && link.incarnation == life && link.connected && !link.inbox.is_empty()
            };
            let Some(link) = self.links.values_mut().find(waiting).filter(|_| wants) else { return };
            let (text, ends) = link.inbox.pop_front().expect("not empty");
            let id = link.id;
            match decode_message(&text) {
                Ok(message) => self.tell(number, Event::Received(id, message)),
                Err(error) => return self.breaks(Promise::Panicked, format!("an unreadable message: {error}")),
            }
            if ends {
                let number = link_number(number, life, id);
                self.closed_at_phone(number, Failure::network("The server ended the connection."));
            }
        }
    }

    fn refresh(&mut self, number: usize, life: u64) {
        if self.phones[number].incarnation != life {
            return;
        }
        let air = &self.air[number];
        let away = self.now_ms < air.refused_until_ms || self.now_ms < air.hole_until_ms || !self.server.up;
        let token = self.phones[number].token;
        let result = if away {
            Err(Failure::network("Nobody answers."))
        } else if self.server.session_lives(&token).is_err() {
            Err(Failure { ended: Some(Ended::Session), ..Failure::unauthorized("The session is over.") })
        } else {
            self.phones[number].token.expires_ms = self.now_ms + TOKEN_MS;
            Ok(())
        };
        self.tell(number, Event::TokenRefreshed(result));
    }

    /// How long somebody waits for an answer that does not come.
    fn silence_ms(&self, phone: usize) -> u64 {
        let air = &self.air[phone];
        if self.now_ms < air.hole_until_ms { 30_000 } else { air.stalled_until_ms.saturating_sub(self.now_ms) }
    }

    // The wire.

    fn send(&mut self, number: u64, message: &ClientMessage) {
        let text = serde_json::to_string(message).expect("messages are JSON");
        let is_push = matches!(message, ClientMessage::Push(_));
        let Some(link) = self.links.get(&number) else { return };
        let (phone, dead) = (link.phone, link.dead);
        let user_id = self.phones[phone].user_id;
        self.note(&text);
        if is_push && let Some(after_ms) = self.air[phone].repeat_push_ms.take() {
            self.after(after_ms, Happening::Straggler { user_id, text: text.clone() });
        }
        if dead {
            return;
        }
        if is_push && std::mem::take(&mut self.air[phone].lose_request) {
            return self.reset(number);
        }
        let late_ms = std::mem::take(&mut self.air[phone].late_up_ms);
        let stalled_ms = self.air[phone].stalled_until_ms.max(self.now_ms) + late_ms;
        let wait_ms = self.latency_ms(number);
        let Some(link) = self.links.get_mut(&number) else { return };
        link.up_ready_ms = (stalled_ms + wait_ms).max(link.up_ready_ms);
        let at_ms = link.up_ready_ms;
        self.at(at_ms, Happening::Up { link: number, text });
    }

    /// Breaks a connection; both ends learn of it.
    fn reset(&mut self, number: u64) {
        let wait_ms = self.latency_ms(number);
        if let Some(link) = self.links.get_mut(&number) {
            link.dead = true;
        }
        self.after(wait_ms, Happening::ClosedAtPhone(number));
        self.after(wait_ms, Happening::ClosedAtServer(number));
    }

    fn arrive(&mut self, number: u64, token: Token, pull: &str) {
        let Some(link) = self.links.get(&number) else { return };
        if link.dead {
            return;
        }
        let speaks = link.transport == Transport::WebSocket;
        let result = self.server.connect(number, token, speaks, pull, self.now_ms).map_err(Failure::from);
        if result.is_ok() {
            self.after(BEAT_MS, Happening::Beat(number));
        }
        let ready_ms = self.air[link_phone(number)].stalled_until_ms.max(self.now_ms);
        let wait_ms = self.latency_ms(number);
        if let Some(link) = self.links.get_mut(&number) {
            link.down_ready_ms = ready_ms + wait_ms;
        }
        self.at(ready_ms + wait_ms, Happening::Opened { link: number, result: Box::new(result) });
    }

    fn up(&mut self, number: u64, text: &str) {
        // What was sent before its sender hung up arrives all the same.
        if self.links.get(&number).is_some_and(|link| link.dead) {
            return;
        }
        let (xid, said) = self.server.receive(number, text, self.now_ms);
        self.say(said);
        self.commit_soon(xid);
    }

    /// Sends down what the server says.
    fn say(&mut self, said: Option<Said>) {
        let Some(Said { link: number, text, ends }) = said else { return };
        let Some(link) = self.links.get(&number) else { return };
        let (phone, dead) = (link.phone, link.dead);
        if dead {
            return;
        }
        if text.starts_with("{\"pushed\"") && std::mem::take(&mut self.air[phone].lose_response) {
            return self.reset(number);
        }
        self.note(&text);
        let twice = text.starts_with("{\"delta\"") && std::mem::take(&mut self.air[phone].repeat_page);
        let late_ms = std::mem::take(&mut self.air[phone].late_down_ms);
        let stalled_ms = self.air[phone].stalled_until_ms.max(self.now_ms) + late_ms;
        let wait_ms = self.latency_ms(number);
        let Some(link) = self.links.get_mut(&number) else { return };
        link.down_ready_ms = (stalled_ms + wait_ms).max(link.down_ready_ms);
        link.under_way += 1 + usize::from(twice);
        let at_ms = link.down_ready_ms;
        if twice {
            self.at(at_ms, Happening::Down { link: number, text: text.clone(), ends: false });
        }
        self.at(at_ms, Happening::Down { link: number, text, ends });
    }

    fn down(&mut self, number: u64, text: String, ends: bool) {
        let Some(link) = self.links.get_mut(&number) else { return };
        link.under_way -= 1;
        if link.dead {
            return;
        }
        link.inbox.push_back((text, ends));
        let phone = link.phone;
        self.read(phone);
    }

    fn condition(&self, phone: usize) -> Option<satchel_client::engine::Condition> {
        self.phones[phone].engine.as_ref().map(satchel_client::engine::Engine::condition)
    }
}

/// A user.
pub fn user_id(user: u8) -> Uuid {
    Uuid::from_u128(0x0b00 + u128::from(user))
}

/// A name for a connection that is the same whatever else happens.
fn link_number(phone: usize, life: u64, id: LinkId) -> u64 {
    ((phone as u64) << 48) | (life << 32) | id.0
}

fn link_phone(link: u64) -> usize {
    (link >> 48) as usize
}
