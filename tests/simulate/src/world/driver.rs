//! The phones' driver: does what engines ask for, with the store of each and the wire before it, and tells them what came
//! of it. Follows `client-core/src/driver`.

use satchel_client::{
    engine::{Action, Condition, Ended, Event, Failure, LinkId, Moment, PullMode, Transport},
    transport::decode_message,
    work::{StoreWork, local, pull_request, work_of},
};
use satchel_protocol::wire::{ClientMessage, Heartbeat};

use super::{Happening, TOKEN_MS, World, wall_ms, wires::link_number};
use crate::{phone::Called, record::Promise, wire::Link};

impl World {
    pub(super) fn start_phone(&mut self, number: usize) {
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
    pub(super) fn kill_phone(&mut self, number: usize, torn: Option<u64>, down_ms: u64) {
        if !self.phones[number].is_on() {
            return;
        }
        if let Err(error) = self.phones[number].kill(torn) {
            self.breaks(Promise::Panicked, format!("a file could not be copied: {error}"));
        }
        self.lose_links(number, torn.is_none());
        self.after(down_ms, Happening::StartPhone(number));
    }

    pub(super) fn lose_links(&mut self, phone: usize, told: bool) {
        let lost: Vec<u64> = self.links.iter().filter(|(_, link)| link.phone == phone).map(|(id, _)| *id).collect();
        for number in lost {
            let link = self.links.remove(&number).expect("just seen");
            if told && !link.dead {
                let wait_ms = self.latency_ms(number);
                self.after(wait_ms, Happening::ClosedAtServer(number));
            }
        }
    }

    pub(super) fn tell_in(&mut self, phone: usize, life: u64, event: Event) {
        if self.phones[phone].incarnation == life {
            self.tell(phone, event);
        }
    }

    /// Passes an event to a phone's engine and does what it asks for.
    pub(super) fn tell(&mut self, number: usize, event: Event) {
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
    pub(super) fn wind(&mut self, number: usize) {
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

    pub(super) fn act(&mut self, phone: usize, life: u64, action: Action) {
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

    pub(super) fn work_soon(&mut self, phone: usize, life: u64, work: StoreWork) {
        let wait_ms = 1 + self.luck(0x30 + phone as u64, 4);
        self.after(wait_ms, Happening::Work { phone, life, work: Box::new(work) });
    }

    pub(super) fn work(&mut self, number: usize, life: u64, work: &StoreWork) {
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

    pub(super) fn open(&mut self, number: usize, life: u64, id: LinkId, transport: Transport, mode: PullMode) {
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

    pub(super) fn opened(&mut self, number: u64, result: Result<(), Failure>) {
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

    pub(super) fn pull(&mut self, number: u64, mode: PullMode) {
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

    pub(super) fn disconnect(&mut self, number: u64) {
        self.wanted.remove(&number);
        let Some(link) = self.links.remove(&number) else { return };
        if !link.dead {
            let ready_ms = self.air[link.phone].stalled_until_ms.max(link.up_ready_ms).max(self.now_ms);
            let wait_ms = self.latency_ms(number);
            self.at(ready_ms + wait_ms, Happening::ClosedAtServer(number));
        }
    }

    pub(super) fn closed_at_phone(&mut self, number: u64, failure: Failure) {
        let Some(link) = self.links.remove(&number) else { return };
        let event =
            if link.connected { Event::Closed(link.id, failure) } else { Event::ConnectFailed(link.id, failure) };
        self.tell_in(link.phone, link.incarnation, event);
    }

    /// Reads what has arrived, as long as the engine wants to.
    pub(super) fn read(&mut self, number: usize) {
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

    pub(super) fn refresh(&mut self, number: usize, life: u64) {
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
    pub(super) fn silence_ms(&self, phone: usize) -> u64 {
        let air = &self.air[phone];
        if self.now_ms < air.hole_until_ms { 30_000 } else { air.stalled_until_ms.saturating_sub(self.now_ms) }
    }

    pub(super) fn condition(&self, phone: usize) -> Option<Condition> {
        self.phones[phone].engine.as_ref().map(satchel_client::engine::Engine::condition)
    }
}
