//! The world behaves again: everybody is let in who may be, everything is switched on. Within a bounded time all has to
//! come to rest.

use satchel_client::{
    engine::{Condition, Event},
    store::Readiness,
};

use super::{Happening, POLL_MS, World, user_id};
use crate::{
    act::{Act, Edit, PROJECTS},
    record::Promise,
};

/// Milliseconds in which the last changes have to reach everybody.
const LAST_CHANGES_MS: u64 = 60_000;
/// How often the world is looked at.
const LOOK_MS: u64 = 50;
/// How often an engine may wait its longest before it counts as wedged.
const LONGEST_WAITS: u64 = 5;

impl World {
    pub(super) fn heal(&mut self) {
        let healed_ms = self.now_ms;
        self.air.iter_mut().for_each(crate::wire::Air::heal);
        self.slow_ms = 0;
        self.server.withhold = false;
        if !self.server.up {
            self.after(0, Happening::StartServer);
        }
        for xid in self.server.under_way() {
            self.after(1, Happening::Commit(xid));
        }
        self.after(1 + POLL_MS, Happening::Poll);
        for user in (0..self.history.users).map(user_id) {
            // A server that went back to its backup may have forgotten either.
            let welcome = !self.banned.contains(&user);
            if self.server.disk.members.get(&user).is_some_and(|member| member.active != welcome) {
                self.server.set_active(user, welcome);
            }
        }
        for number in 0..self.phones.len() {
            self.phones[number].armed = None;
            self.room_again(number);
            self.after(1, Happening::StartPhone(number));
            if !self.phones[number].awake {
                self.after(1, Happening::Wake(number));
            }
            if !self.phones[number].network {
                self.after(1, Happening::NetworkUp(number));
            }
        }
        let most_ms = LONGEST_WAITS * Self::longest_wait_ms();
        if !self.come_to_rest(healed_ms + most_ms) {
            return;
        }
        self.recovery_ms = self.now_ms - healed_ms;
        // Everybody is connected and idle: what happens now has to arrive by itself.
        for project in 0..PROJECTS {
            let xid = self.server.begin_edit(Edit::Title { project }, self.now_ms);
            self.server.commit(xid);
        }
        self.office(Act::Add { project: 0, units: 1 });
        self.after(POLL_MS, Happening::Poll);
        let changed_ms = self.now_ms;
        self.live_until(changed_ms + POLL_MS + LOOK_MS);
        self.come_to_rest(changed_ms + LAST_CHANGES_MS);
    }

    /// Lives until nothing is left to do; whether it came to that.
    fn come_to_rest(&mut self, until_ms: u64) -> bool {
        loop {
            self.live_until(self.now_ms + LOOK_MS);
            if self.broken.is_some() {
                return false;
            }
            self.sign_in_where_asked();
            let unrest = self.unrest();
            let Some(unrest) = unrest else { return true };
            if self.now_ms >= until_ms {
                self.breaks(Promise::Wedged, unrest);
                return false;
            }
        }
    }

    fn sign_in_where_asked(&mut self) {
        for number in 0..self.phones.len() {
            let asked = matches!(self.condition(number), Some(Condition::NeedsSignIn(_)));
            if asked && !self.banned.contains(&self.phones[number].user_id) {
                let token = self.new_token(self.phones[number].user_id);
                self.phones[number].token = token;
                self.tell(number, Event::SignedIn);
            }
        }
    }

    /// What is not at rest yet.
    fn unrest(&self) -> Option<String> {
        if self.server.is_busy() || self.working > 0 || !self.server.due().is_empty() {
            return Some("the server is busy".to_owned());
        }
        let restless = |link: &&crate::wire::Link| link.dead || link.under_way > 0 || !link.inbox.is_empty();
        if let Some(link) = self.links.values().find(restless) {
            return Some(format!("phone {} has a dead connection, or messages under way", link.phone));
        }
        (0..self.phones.len()).find_map(|number| {
            let phone = &self.phones[number];
            let Some(store) = phone.store() else { return Some(format!("phone {number} is off")) };
            let condition = self.condition(number);
            if self.banned.contains(&phone.user_id) {
                // It says why it waits; more is not to be had.
                let told = matches!(condition, Some(Condition::Blocked { .. } | Condition::NeedsSignIn(_)));
                return (!told).then(|| format!("phone {number} of a former member: {condition:?}"));
            }
            let queue = store.queue_summary();
            let caught_up = matches!(condition, Some(Condition::Online { caught_up: true, .. }));
            let quiet = caught_up && queue.unsent() + queue.accepted == 0 && store.readiness() == Readiness::Ready;
            (!quiet).then(|| format!("phone {number}: {condition:?}, {queue:?}, {:?}", store.readiness()))
        })
    }
}
