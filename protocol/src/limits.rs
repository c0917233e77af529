//! The bounds both sides keep. A limit names its unit; exceeding one is a clear error.

/// Mutations in one push.
pub const PUSH_MUTATIONS: usize = 500;
/// Bytes of one mutation's arguments.
pub const ARGS_BYTES: usize = 256 * 1024;
/// Bytes of one HTTP body or WebSocket message from a client.
pub const BODY_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of the `Satchel-Pull` header that opens a stream.
pub const PULL_HEADER_BYTES: usize = 48 * 1024;
/// Rows (put and removed together) in one delta page.
pub const PAGE_ROWS: usize = 4_000;
/// Rows of one table in one scope above which a difference is looked for by range.
pub const RANGE_ROWS: u64 = 2_000;
/// Scopes one replica may hold.
pub const SCOPES: usize = 20_000;
/// Rows one index read may return to a rule.
pub const INDEX_ROWS: usize = 10_000;
/// Verdicts repeated in one delta page.
pub const PAGE_VERDICTS: usize = 1_000;
/// Seconds between heartbeats, both ways (R9).
pub const HEARTBEAT_S: u64 = 10;
/// Seconds without any message after which a peer is taken for gone.
pub const SILENCE_S: u64 = 25;
/// Bytes of one query's answer.
pub const ANSWER_BYTES: usize = 4 * 1024 * 1024;
