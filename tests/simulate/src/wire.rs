//! Wires between phones and server: in order, with delays, and with ends that do not always learn of each other.

use std::collections::VecDeque;

use satchel_client::engine::{LinkId, Transport};

/// The air around one phone.
#[derive(Clone, Debug, Default)]
pub struct Air {
    /// What is sent arrives from then on.
    pub stalled_until_ms: u64,
    /// Nothing gets through until then, and nobody learns of it.
    pub hole_until_ms: u64,
    /// Connections are refused until then.
    pub refused_until_ms: u64,
    /// WebSockets are refused until then.
    pub no_websockets_until_ms: u64,
    /// The next push does not arrive.
    pub lose_request: bool,
    /// The next answer to a push does not arrive.
    pub lose_response: bool,
    /// The next push arrives once more, so much later.
    pub repeat_push_ms: Option<u64>,
    /// The next page arrives twice.
    pub repeat_page: bool,
    /// Added to the next message up.
    pub late_up_ms: u64,
    /// Added to the next message down.
    pub late_down_ms: u64,
}

impl Air {
    /// All is well again.
    pub fn heal(&mut self) {
        *self = Self::default();
    }
}

/// A connection.
#[derive(Debug)]
pub struct Link {
    /// Of which phone.
    pub phone: usize,
    /// In which of its lives.
    pub incarnation: u64,
    /// As its engine calls it.
    pub id: LinkId,
    /// By which way.
    pub transport: Transport,
    /// Neither end hears the other any more.
    pub dead: bool,
    /// The phone has it open, or is opening it.
    pub phone_open: bool,
    /// The phone knows that it is open.
    pub connected: bool,
    /// Nothing sent up arrives before this.
    pub up_ready_ms: u64,
    /// Nothing sent down arrives before this.
    pub down_ready_ms: u64,
    /// On its way down.
    pub under_way: usize,
    /// Arrived, not yet read: a text, and whether the connection ends with it.
    pub inbox: VecDeque<(String, bool)>,
}
