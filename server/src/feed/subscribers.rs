//! Who is to be woken by which scopes. No database here.
//!
//! Invariants:
//! - A wake is never lost: it stays with the subscriber until it looks, and many become one.
//! - A subscriber that says what it holds only after it read learns from [`Subscription::dispatches`] whether a wake
//!   may have passed it by in between.
//! - One subscriber costs its list of scopes and about a hundred bytes.

use std::{
    collections::{BTreeSet, HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;

use super::{scopes::ScopeKinds, wake::Device};

/// Deltas of one organization's streams read at the same time, so that no organization takes the whole pool.
pub const ORG_DELTAS: usize = 6;

/// All subscribers of a node.
#[derive(Debug, Default)]
pub(super) struct Subscribers(Mutex<HashMap<Uuid, Org>>);

#[derive(Debug)]
struct Org {
    members: Vec<Arc<Member>>,
    dispatches: u64,
    deltas: Arc<Semaphore>,
}

#[derive(Debug)]
struct Member {
    device_id: Uuid,
    concern: Mutex<Concern>,
    wake: Notify,
}

/// What wakes a subscriber, both in ascending order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concern {
    /// The scopes its replica holds.
    pub held: Arc<[Uuid]>,
    /// Scopes it does not hold: a membership, the branches from which a job may come onto the board.
    pub besides: Arc<[Uuid]>,
    /// What the held ones are the ids of.
    pub kinds: ScopeKinds,
}

impl Concern {
    fn is_touched_by(&self, scopes: &[Uuid]) -> bool {
        let touches =
            |scope: &Uuid| self.held.binary_search(scope).is_ok() || self.besides.binary_search(scope).is_ok();
        scopes.iter().any(touches)
    }
}

/// A subscriber's handle; it unsubscribes when dropped.
#[derive(Debug)]
pub struct Subscription {
    subscribers: Arc<Subscribers>,
    org_id: Uuid,
    member: Arc<Member>,
    deltas: Arc<Semaphore>,
}

impl Subscribers {
    /// Adds a subscriber that holds nothing yet.
    pub(super) fn subscribe(self: &Arc<Self>, org_id: Uuid, device_id: Uuid) -> Subscription {
        let member = Arc::new(Member { device_id, concern: Mutex::default(), wake: Notify::new() });
        let mut orgs = self.lock();
        let org = orgs.entry(org_id).or_insert_with(|| Org {
            members: Vec::new(),
            dispatches: 0,
            deltas: Arc::new(Semaphore::new(ORG_DELTAS)),
        });
        org.members.push(member.clone());
        Subscription { subscribers: self.clone(), org_id, member, deltas: org.deltas.clone() }
    }

    /// Wakes whoever holds one of these scopes, and the streams of these devices. Each of them once: a second notice would
    /// outlast the first, and be a delta of nothing.
    pub(super) fn dispatch(&self, changed: &[(Uuid, Uuid)], decided: &BTreeSet<Device>) {
        let mut orgs = self.lock();
        let mut by_org: HashMap<Uuid, (Vec<Uuid>, Vec<Uuid>)> = HashMap::new();
        for (org_id, scope_id) in changed {
            by_org.entry(*org_id).or_default().0.push(*scope_id);
        }
        for Device { org_id, device_id } in decided {
            by_org.entry(*org_id).or_default().1.push(*device_id);
        }
        for (org_id, (scopes, devices)) in by_org {
            let Some(org) = orgs.get_mut(&org_id) else { continue };
            org.dispatches += u64::from(!scopes.is_empty());
            for member in &org.members {
                let concern = member.concern.lock().unwrap_or_else(PoisonError::into_inner);
                if concern.is_touched_by(&scopes) || devices.contains(&member.device_id) {
                    member.wake.notify_one();
                }
            }
        }
    }

    /// Wakes everybody: it is not known what changed.
    pub(super) fn dispatch_all(&self) {
        for org in self.lock().values_mut() {
            org.dispatches += 1;
            org.members.iter().for_each(|member| member.wake.notify_one());
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Org>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscription {
    /// Says what wakes from now on.
    pub fn hold(&self, concern: Concern) {
        debug_assert!(concern.held.is_sorted() && concern.besides.is_sorted(), "they are searched");
        *self.member.concern.lock().unwrap_or_else(PoisonError::into_inner) = concern;
    }

    /// What wakes now.
    pub fn held(&self) -> Concern {
        self.member.concern.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often anybody of the organization was woken. When it differs before a read and after [`hold`](Self::hold),
    /// a wake for newly held scopes may have been missed: read again.
    pub fn dispatches(&self) -> u64 {
        self.subscribers.lock().get(&self.org_id).map_or(0, |org| org.dispatches)
    }

    /// Waits for a wake. Cancelling loses none.
    pub async fn woken(&self) {
        self.member.wake.notified().await;
    }

    /// The organization's turns to read a delta; one permit is one turn.
    pub fn turns(&self) -> Arc<Semaphore> {
        self.deltas.clone()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut orgs = self.subscribers.lock();
        if let Entry::Occupied(mut org) = orgs.entry(self.org_id) {
            let members = &mut org.get_mut().members;
            if let Some(position) = members.iter().position(|member| Arc::ptr_eq(member, &self.member)) {
                members.swap_remove(position);
            }
            if members.is_empty() {
                org.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn scopes(numbers: &[u128]) -> Concern {
        Concern { held: numbers.iter().map(|number| Uuid::from_u128(*number)).collect(), ..Concern::default() }
    }

    fn nobody() -> BTreeSet<Device> {
        BTreeSet::new()
    }

    fn is_woken(subscription: &Subscription) -> bool {
        subscription.woken().now_or_never().is_some()
    }

    #[test]
    fn wakes_only_holders_once_however_often_and_only_in_their_organization() {
        let (org, other) = (Uuid::from_u128(100), Uuid::from_u128(200));
        let subscribers = Arc::new(Subscribers::default());
        let first = subscribers.subscribe(org, Uuid::nil());
        let second = subscribers.subscribe(org, Uuid::nil());
        let stranger = subscribers.subscribe(other, Uuid::nil());
        first.hold(scopes(&[1, 2]));
        second.hold(scopes(&[2, 3]));
        stranger.hold(scopes(&[1, 2, 3]));

        subscribers.dispatch(&[(org, Uuid::from_u128(1)), (org, Uuid::from_u128(9))], &nobody());
        subscribers.dispatch(&[(org, Uuid::from_u128(1))], &nobody());
        assert_eq!((is_woken(&first), is_woken(&second), is_woken(&stranger)), (true, false, false));
        assert!(!is_woken(&first));
        assert_eq!((first.dispatches(), stranger.dispatches()), (2, 0));

        subscribers.dispatch_all();
        assert_eq!((is_woken(&first), is_woken(&second), is_woken(&stranger)), (true, true, true));
    }

    #[test]
    fn what_is_not_held_may_wake_too() {
        let org = Uuid::from_u128(100);
        let subscribers = Arc::new(Subscribers::default());
        let office = subscribers.subscribe(org, Uuid::nil());
        office.hold(Concern { besides: Arc::from([Uuid::from_u128(7)]), ..scopes(&[1]) });
        subscribers.dispatch(&[(org, Uuid::from_u128(7))], &nobody());
        assert!(is_woken(&office));
        subscribers.dispatch(&[(org, Uuid::from_u128(8))], &nobody());
        assert!(!is_woken(&office));
    }

    #[test]
    fn who_says_late_what_it_holds_can_tell_that_a_wake_passed_by() {
        let org = Uuid::from_u128(100);
        let subscribers = Arc::new(Subscribers::default());
        let subscription = subscribers.subscribe(org, Uuid::nil());
        let before = subscription.dispatches();
        subscribers.dispatch(&[(org, Uuid::from_u128(1))], &nobody());
        subscription.hold(scopes(&[1]));
        assert!(!is_woken(&subscription));
        assert_ne!(subscription.dispatches(), before);
    }

    #[test]
    fn a_device_is_woken_by_name_once_with_what_it_holds_and_nothing_stays_of_those_who_left() {
        let org = Uuid::from_u128(100);
        let subscribers = Arc::new(Subscribers::default());
        let own = subscribers.subscribe(org, Uuid::from_u128(5));
        let other = subscribers.subscribe(org, Uuid::from_u128(6));
        let decided = BTreeSet::from([Device { org_id: org, device_id: Uuid::from_u128(5) }]);
        subscribers.dispatch(&[], &decided);
        assert_eq!((is_woken(&own), is_woken(&other)), (true, false));
        own.hold(scopes(&[1]));
        let mut waiting = Box::pin(own.woken());
        assert!(waiting.as_mut().now_or_never().is_none());
        subscribers.dispatch(&[(org, Uuid::from_u128(1))], &decided);
        assert!(waiting.as_mut().now_or_never().is_some());
        drop(waiting);
        assert_eq!((is_woken(&own), is_woken(&other)), (false, false));
        drop((own, other));
        assert!(subscribers.lock().is_empty());
    }
}
