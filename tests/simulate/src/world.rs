//! The world of one history: a clock, a list of what happens when, and everybody who takes part.
//!
//! Invariants:
//! - One thread, no clock, no dice: a history replayed is the same, event by event.
//! - The phones' driver is played by [`driver`]; what it asks of a store is done by the client's own [`StoreWork`].
//! - A store is asked at a moment of its own, so that a phone can die between asking and answering.

mod driver;
mod faults;
mod heal;
mod judge;
mod people;
mod wires;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use satchel_client::{
    engine::{Event, Failure, LinkId, PullMode, Transport},
    simulation,
    work::StoreWork,
};
use uuid::Uuid;

use crate::{
    history::History,
    phone::Phone,
    planted::Planted,
    record::{Broken, Promise, Record},
    server::{Server, Token},
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
}

/// A user.
pub fn user_id(user: u8) -> Uuid {
    Uuid::from_u128(0x0b00 + u128::from(user))
}
