//! The bounds the engine keeps. Every wait has one.

/// Times, counts and waits of the engine. [`Limits::default`] is what phones use; tests shorten it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Milliseconds within which a connection must open.
    pub connect_ms: u64,
    /// Milliseconds within which the next page of an unfinished pass must come.
    pub page_ms: u64,
    /// Milliseconds within which a push must be answered.
    pub push_ms: u64,
    /// Milliseconds between heartbeats sent.
    pub heartbeat_ms: u64,
    /// Milliseconds without any message after which the server is taken for gone.
    pub silence_ms: u64,
    /// Milliseconds of silence after which a connection is given up at once when the device says its network is back.
    pub network_up_silence_ms: u64,
    /// Milliseconds within which a connection of before must be heard once the device says its network is back: the
    /// server may have forgotten it, and nobody would say so.
    pub network_up_answer_ms: u64,
    /// Milliseconds of the first backoff; it doubles with every failure.
    pub backoff_base_ms: u64,
    /// Milliseconds of the longest backoff.
    pub backoff_most_ms: u64,
    /// Milliseconds until something that will hardly change by itself is tried again.
    pub blocked_retry_ms: u64,
    /// Milliseconds until a server that refused this build is asked again.
    pub upgrade_retry_ms: u64,
    /// Failed WebSocket openings in a row after which SSE is tried.
    pub websocket_failures: u32,
    /// Milliseconds on SSE after which a WebSocket is tried again.
    pub websocket_retry_ms: u64,
    /// Seconds before its expiry at which an access token is renewed.
    pub token_renew_before_s: i64,
    /// Milliseconds between two renewals made ahead of expiry.
    pub token_renew_pause_ms: u64,
    /// Pages received and not yet applied, beyond which the connection is not read.
    pub pages_ahead: usize,
    /// Repairs of the pull (stale cursor, scopes asked for) in a row without a page applied.
    pub pull_repairs: u32,
    /// Refreshed tokens refused in a row before waiting.
    pub tokens_refused: u32,
    /// Milliseconds after which accepted mutations whose delta has not come make the phone ask for one.
    pub confirm_ms: u64,
    /// Mutations in one push.
    pub push_mutations: usize,
    /// Milliseconds that work may wait without progress while the device has a network and nothing is asked of a person.
    pub overdue_sending_ms: u64,
    /// Milliseconds that accepted work may wait for its delta while connected.
    pub overdue_delta_ms: u64,
    /// Milliseconds that work may wait for a person: to switch syncing on, sign in, update or decide.
    pub overdue_person_ms: u64,
    /// Milliseconds that work may wait for a network: a shift.
    pub overdue_network_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_ms: 15_000,
            page_ms: 60_000,
            push_ms: 60_000,
            heartbeat_ms: satchel_protocol::limits::HEARTBEAT_S * 1_000,
            silence_ms: satchel_protocol::limits::SILENCE_S * 1_000,
            network_up_silence_ms: 12_000,
            network_up_answer_ms: 2_000,
            backoff_base_ms: 500,
            backoff_most_ms: 60_000,
            blocked_retry_ms: 300_000,
            upgrade_retry_ms: 3_600_000,
            websocket_failures: 2,
            websocket_retry_ms: 600_000,
            token_renew_before_s: 60,
            token_renew_pause_ms: 30_000,
            pages_ahead: 2,
            pull_repairs: 3,
            tokens_refused: 2,
            confirm_ms: 1_500,
            push_mutations: satchel_protocol::limits::PUSH_MUTATIONS,
            overdue_sending_ms: 600_000,
            overdue_delta_ms: 600_000,
            overdue_person_ms: 1_800_000,
            overdue_network_ms: 28_800_000,
        }
    }
}

impl Limits {
    /// The wait after the `failures`th failure in a row, counted from 1: doubling, and jittered down by up to half so
    /// that phones that lost one server do not return as one.
    pub fn backoff_ms(&self, failures: u32, jitter_permille: u16) -> u64 {
        let doubled = self.backoff_base_ms.saturating_mul(1 << failures.saturating_sub(1).min(20));
        let full = doubled.min(self.backoff_most_ms);
        full / 2 + full / 2 * u64::from(jitter_permille.min(1_000)) / 1_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_up_to_its_limit_and_is_never_zero() {
        let limits = Limits::default();
        assert_eq!(limits.backoff_ms(1, 1_000), 500);
        assert_eq!(limits.backoff_ms(2, 1_000), 1_000);
        assert_eq!(limits.backoff_ms(2, 0), 500);
        assert_eq!(limits.backoff_ms(1_000, 1_000), 60_000);
        assert!(limits.backoff_ms(0, 0) > 0);
    }
}
