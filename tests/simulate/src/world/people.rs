//! What people do with their phones, and the record of it.

use satchel_client::{
    StoreError,
    engine::Event,
    store::{Mutated, QueueEntry, QueueState},
};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::World;
use crate::{
    act::Act,
    phone::Called,
    record::{Promise, Tap},
};

impl World {
    /// Calls the store of a phone that is on and awake. None when it is not, or dies of it.
    fn with_store<T>(&mut self, phone: usize, call: impl FnOnce(&satchel_client::Store) -> T) -> Option<T> {
        if !self.phones[phone].awake {
            return None;
        }
        match self.phones[phone].call(call)? {
            Called::Done(value) => Some(value),
            Called::Died(down_ms) => {
                self.kill_phone(phone, None, down_ms);
                None
            }
        }
    }

    /// Somebody taps. What the phone reports as done is recorded.
    pub(super) fn tap(&mut self, phone: usize, act: Act) {
        let (name, args) = act.call(self.now_ms);
        let context = self.phones[phone].context(self.now_ms);
        let text = args.clone();
        let args = RawValue::from_string(args).expect("arguments are JSON");
        let Some(result) = self.with_store(phone, |store| store.mutate(name, args, &context)) else { return };
        match result {
            Ok(Mutated::Queued { key, .. }) => {
                self.enter(phone, key, name, &text);
                self.tell(phone, Event::LocalMutation);
            }
            Ok(Mutated::Refused(_)) | Err(StoreError::DiskFull) => {}
            // A transaction that the simulator failed leaves no trace.
            Err(StoreError::Storage(_)) => {}
            Err(error) => self.breaks(Promise::Lost, format!("a tap on phone {phone} failed: {error:?}")),
        }
    }

    fn enter(&mut self, phone: usize, key: Uuid, name: &str, args: &str) {
        let units = self.record.entered(name, args);
        let user_id = self.phones[phone].user_id;
        let what = format!("{name} {args}");
        let tap =
            Tap { phone, user_id, what, units, at_ms: self.now_ms, put_away: false, copied: false, excused: false };
        self.record.taps.insert(key, tap);
    }

    pub(super) fn retry(&mut self, phone: usize) {
        let Some(Some(old)) = self.attention_key(phone, true) else { return };
        let Some(Ok(before)) = self.with_store(phone, satchel_client::Store::queue) else { return };
        if !matches!(self.with_store(phone, |store| store.retry(old)), Some(Ok(_))) {
            return;
        }
        // What depends on it goes after it, some of it under new keys as well. To see that is not the phone's doing:
        // nothing strikes meanwhile.
        let armed = self.phones[phone].armed.take();
        let after = self.with_store(phone, satchel_client::Store::queue);
        self.phones[phone].armed = armed;
        let Some(Ok(after)) = after else { return };
        let lacks = |queue: &[QueueEntry], key: Uuid| queue.iter().all(|entry| entry.key != key);
        for entry in before.iter().filter(|entry| lacks(&after, entry.key)) {
            self.put_away(entry.key);
        }
        for entry in after.iter().filter(|entry| lacks(&before, entry.key)) {
            self.enter(phone, entry.key, &entry.name, entry.args.get());
        }
        self.tell(phone, Event::LocalMutation);
    }

    pub(super) fn undo(&mut self, phone: usize) {
        let Some(Some(key)) = self.attention_key(phone, false) else { return };
        if let Some(Ok(())) = self.with_store(phone, |store| store.undo(key)) {
            self.put_away(key);
            // What waited for it is released.
            self.tell(phone, Event::LocalMutation);
        }
    }

    fn attention_key(&mut self, phone: usize, first: bool) -> Option<Option<Uuid>> {
        let attention = self.with_store(phone, satchel_client::Store::attention)?.ok()?;
        let entry = if first { attention.first() } else { attention.last() };
        Some(entry.map(|attention| attention.entry.key))
    }

    /// Takes back the last tap that waits to be sent. The store refuses if it may have arrived.
    pub(super) fn undo_unsent(&mut self, phone: usize) {
        let Some(Ok(queue)) = self.with_store(phone, satchel_client::Store::queue) else { return };
        let Some(entry) = queue.iter().rev().find(|entry| entry.state == QueueState::Pending) else { return };
        if let Some(Ok(())) = self.with_store(phone, |store| store.undo(entry.key)) {
            self.put_away(entry.key);
            self.tell(phone, Event::LocalMutation);
        }
    }

    fn put_away(&mut self, key: Uuid) {
        if let Some(tap) = self.record.taps.get_mut(&key) {
            tap.put_away = true;
        }
    }

    /// In the middle of a pass no meter begins to show more than was ever entered: an effect shown twice would. (At its
    /// end one may, for a moment: rows on later pages may be newer than the first page, from which `last_seq` is; the
    /// pass that follows at once puts it right.)
    pub(super) fn watch_meters(&mut self, phone: usize, before: Option<Uuid>) {
        if let (None, Some(meter)) = (before, self.too_much(phone)) {
            let most = self.record.units.get(&meter).copied().unwrap_or_default();
            let how = format!("phone {phone} shows meter {meter} above {most}, which is all that was ever entered");
            self.breaks(Promise::Doubled, how);
        }
    }

    /// A meter that shows more than was ever entered.
    pub(super) fn too_much(&self, phone: usize) -> Option<Uuid> {
        if self.phones[phone].copied {
            return None;
        }
        let most = |meter: &Uuid| self.record.units.get(meter).copied().unwrap_or_default();
        let above = |(meter, reading): (Uuid, i64)| (reading > most(&meter)).then_some(meter);
        self.phones[phone].readings().into_iter().find_map(above)
    }
}
