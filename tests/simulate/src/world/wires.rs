//! What is sent, and when it arrives: in order, late, twice or never.

use satchel_client::engine::{Failure, LinkId, Transport};
use satchel_protocol::wire::ClientMessage;

use super::{BEAT_MS, Happening, World};
use crate::server::{Said, Token};

impl World {
    pub(super) fn send(&mut self, number: u64, message: &ClientMessage) {
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
    pub(super) fn reset(&mut self, number: u64) {
        let wait_ms = self.latency_ms(number);
        if let Some(link) = self.links.get_mut(&number) {
            link.dead = true;
        }
        self.after(wait_ms, Happening::ClosedAtPhone(number));
        self.after(wait_ms, Happening::ClosedAtServer(number));
    }

    pub(super) fn arrive(&mut self, number: u64, token: Token, pull: &str) {
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

    pub(super) fn up(&mut self, number: u64, text: &str) {
        // What was sent before its sender hung up arrives all the same.
        if self.links.get(&number).is_some_and(|link| link.dead) {
            return;
        }
        let (xid, said) = self.server.receive(number, text, self.now_ms);
        self.say(said);
        self.commit_soon(xid);
    }

    /// Sends down what the server says.
    pub(super) fn say(&mut self, said: Option<Said>) {
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

    pub(super) fn down(&mut self, number: u64, text: String, ends: bool) {
        let Some(link) = self.links.get_mut(&number) else { return };
        link.under_way -= 1;
        if link.dead {
            return;
        }
        link.inbox.push_back((text, ends));
        let phone = link.phone;
        self.read(phone);
    }
}

/// A name for a connection that is the same whatever else happens.
pub(super) fn link_number(phone: usize, life: u64, id: LinkId) -> u64 {
    ((phone as u64) << 48) | (life << 32) | id.0
}

fn link_phone(link: u64) -> usize {
    (link >> 48) as usize
}
