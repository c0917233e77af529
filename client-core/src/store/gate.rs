//! Who writes next: first come, first served. An unfair lock would let a download, which takes it again and again, keep
//! a tap waiting.

use std::{
    ops::{Deref, DerefMut},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// A mutex whose waiters are served in order.
#[derive(Debug)]
pub(super) struct Gate<T> {
    turn: Mutex<Turn>,
    called: Condvar,
    inner: Mutex<T>,
}

#[derive(Debug, Default)]
struct Turn {
    next: u64,
    serving: u64,
}

/// The right to write.
pub(super) struct Pass<'a, T> {
    // Taken only when dropped.
    inner: Option<MutexGuard<'a, T>>,
    gate: &'a Gate<T>,
}

impl<T> Gate<T> {
    pub(super) fn new(inner: T) -> Self {
        Self { turn: Mutex::default(), called: Condvar::new(), inner: Mutex::new(inner) }
    }

    /// Waits for its turn. A panic of an earlier holder is no obstacle: the holder reads its state anew.
    pub(super) fn enter(&self) -> Pass<'_, T> {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = turn.next;
        turn.next += 1;
        while turn.serving != ticket {
            turn = self.called.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
        drop(turn);
        Pass { inner: Some(self.inner.lock().unwrap_or_else(PoisonError::into_inner)), gate: self }
    }
}

impl<T> Deref for Pass<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.inner.as_ref().expect("taken only when dropped")
    }
}

impl<T> DerefMut for Pass<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.inner.as_mut().expect("taken only when dropped")
    }
}

impl<T> Drop for Pass<'_, T> {
    fn drop(&mut self) {
        self.inner = None;
        self.gate.turn.lock().unwrap_or_else(PoisonError::into_inner).serving += 1;
        self.gate.called.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, mpsc},
        thread,
    };

    use super::*;

    #[test]
    fn a_tap_gets_in_before_a_download_comes_back() {
        let gate = Arc::new(Gate::new(Vec::new()));
        let mut download = gate.enter();
        let (tell, told) = mpsc::channel();
        let tap = thread::spawn({
            let gate = Arc::clone(&gate);
            move || {
                tell.send(()).unwrap();
                gate.enter().push("tap");
            }
        });
        told.recv().unwrap();
        while gate.turn.lock().unwrap().next < 2 {
            thread::yield_now();
        }
        download.push("first page");
        drop(download);
        gate.enter().push("second page");
        tap.join().unwrap();
        assert_eq!(*gate.enter(), ["first page", "tap", "second page"]);
    }

    #[test]
    fn a_panic_does_not_close_the_gate() {
        let gate = Arc::new(Gate::new(0));
        let held = Arc::clone(&gate);
        let panicked = thread::spawn(move || {
            let _pass = held.enter();
            panic!("on purpose");
        });
        assert!(panicked.join().is_err());
        *gate.enter() += 1;
        assert_eq!(*gate.enter(), 1);
    }
}
