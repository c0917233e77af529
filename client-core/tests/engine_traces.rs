//! Golden traces of the engine: events in, actions out, time as an event.
//!
//! `UPDATE_GOLDEN=1 cargo test -p satchel-client --test engine_traces` writes the traces anew.

use std::fmt::Write as _;

use satchel_client::engine::{
    Action, Applied, Ended, Engine, Event, Failure, Inbound, Limits, LinkId, Moment, PageText, Stored, Transport,
    WaitsFor, Work,
};
use satchel_protocol::{
    ErrorBody, ErrorCode,
    wire::{
        Heartbeat, PushRequest, PushResponse, PushedMutation,
        stream::{About, StreamError},
    },
};
use serde_json::value::RawValue;
use uuid::Uuid;

/// An engine, and what was said to it and by it.
struct Trace {
    engine: Engine,
    now_ms: u64,
    text: String,
}

impl Trace {
    fn new() -> Self {
        Self { engine: Engine::new(Limits::default()), now_ms: 0, text: String::new() }
    }

    fn started() -> Self {
        let mut trace = Self::new();
        trace.tell(Event::Start);
        trace
    }

    /// Started, connected by WebSocket, caught up, queue empty.
    fn online() -> Self {
        let mut trace = Self::started();
        trace.tell(Event::Connected(LinkId(1)));
        trace.tell(Event::BatchLoaded(Ok(None)));
        trace.last_page(1);
        trace
    }

    fn tell(&mut self, event: Event) {
        let _ = writeln!(self.text, "[{} ms] {}", self.now_ms, show_event(&event));
        let moment =
            Moment { now_ms: self.now_ms, wall_ms: 1_800_000_000_000 + self.now_ms as i64, jitter_permille: 1_000 };
        for action in self.engine.handle(moment, event) {
            let _ = writeln!(self.text, "    -> {}", show_action(&action));
        }
        let _ = writeln!(self.text, "    = {:?}, next {:?}", self.engine.condition(), self.engine.deadline_ms());
        if let Some(waiting) = self.engine.waiting() {
            let _ = writeln!(self.text, "    waiting {waiting:?}");
        }
    }

    fn hear(&mut self, link: u64, message: Inbound) {
        self.tell(Event::Received(LinkId(link), message));
    }

    fn last_page(&mut self, link: u64) {
        self.hear(link, Inbound::Delta(PageText("{}".into())));
        self.tell(Event::PageApplied(Ok(Applied { complete: true, ..Applied::default() })));
    }

    /// Lets time pass up to the engine's next deadline.
    fn wait(&mut self) {
        self.now_ms = self.engine.deadline_ms().expect("a deadline");
        self.tell(Event::Tick);
    }

    fn check(self, name: &str) {
        let path = format!("{}/tests/golden/engine/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &self.text).expect("a golden file that can be written");
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(golden, self.text, "{path} differs");
    }
}

fn show_event(event: &Event) -> String {
    match event {
        Event::BatchLoaded(Ok(Some(request))) => format!("BatchLoaded({})", show_batch(request)),
        event => format!("{event:?}"),
    }
}

fn show_action(action: &Action) -> String {
    match action {
        Action::SendPush(link, request) => format!("SendPush({link:?}, {})", show_batch(request)),
        action => format!("{action:?}"),
    }
}

fn show_batch(request: &PushRequest) -> String {
    let seqs: Vec<u64> = request.mutations.iter().map(|mutation| mutation.seq).collect();
    format!("{seqs:?}")
}

fn batch(seqs: std::ops::RangeInclusive<u64>) -> Event {
    let raw = || RawValue::from_string("{}".to_owned()).expect("JSON");
    let mutations = seqs
        .map(|seq| PushedMutation {
            seq,
            key: Uuid::from_u128(seq.into()),
            name: "a/v1/b".to_owned(),
            args: raw(),
            context: raw(),
            retry_of: None,
        })
        .collect();
    Event::BatchLoaded(Ok(Some(PushRequest { protocol: 1, device_id: Uuid::nil(), mutations })))
}

fn error(code: ErrorCode) -> ErrorBody {
    let details = serde_json::json!({ "expected_seq": 3 });
    ErrorBody { code, message: format!("{code:?}."), trace_id: "t".to_owned(), details }
}

fn stream_error(about: About, code: ErrorCode) -> Inbound {
    Inbound::Error(StreamError { about, error: error(code) })
}

fn pushed() -> Inbound {
    Inbound::Pushed(PushResponse { verdicts: vec![], last_seq: 0 })
}

#[test]
fn reconnecting_with_nothing_new_takes_one_exchange() {
    let trace = Trace::online();
    assert_eq!(trace.text.matches("-> Connect").count(), 1);
    trace.check("nothing_new");
}

#[test]
fn a_push_goes_on_while_pages_are_applied() {
    let mut trace = Trace::online();
    trace.tell(Event::LocalMutation);
    trace.tell(batch(1..=2));
    trace.hear(1, Inbound::Delta(PageText("{\"cursor\":\"a\"}".into())));
    trace.hear(1, pushed());
    trace.tell(Event::VerdictsStored(Ok(Stored { awaiting: 2, cloned: false })));
    trace.tell(Event::PageApplied(Ok(Applied { complete: true, awaiting: 2, ..Applied::default() })));
    trace.tell(Event::BatchLoaded(Ok(None)));
    trace.last_page(1);
    trace.check("push_beside_pages");
}

#[test]
fn a_lost_answer_is_asked_for_again_over_a_new_connection() {
    let mut trace = Trace::online();
    trace.tell(Event::LocalMutation);
    trace.tell(batch(1..=1));
    trace.now_ms = 20_000;
    trace.tell(Event::Closed(LinkId(1), Failure::network("The connection broke.")));
    trace.wait();
    trace.tell(Event::Connected(LinkId(2)));
    trace.tell(batch(1..=1));
    trace.check("lost_answer");
}

#[test]
fn a_blocked_websocket_gives_way_to_sse_and_is_tried_again_later() {
    let mut trace = Trace::started();
    trace.tell(Event::ConnectFailed(LinkId(1), Failure::transport_refused("The upgrade was refused.")));
    trace.tell(Event::Connected(LinkId(2)));
    trace.tell(Event::BatchLoaded(Ok(None)));
    trace.last_page(2);
    while trace.engine.condition()
        == (satchel_client::engine::Condition::Online {
            transport: Transport::Sse,
            caught_up: true,
            upload_waits: None,
        })
    {
        trace.hear(2, Inbound::Heartbeat(Heartbeat { server_time_ms: 0, token_expires_in_s: 900 }));
        trace.wait();
    }
    trace.check("sse_and_back");
}

#[test]
fn a_websocket_that_opens_but_carries_nothing_gives_way_too() {
    let mut trace = Trace::started();
    for link in 1..=2 {
        trace.tell(Event::Connected(LinkId(link)));
        if link == 1 {
            trace.tell(Event::BatchLoaded(Ok(None)));
        }
        while trace.engine.condition()
            == (satchel_client::engine::Condition::Online {
                transport: Transport::WebSocket,
                caught_up: false,
                upload_waits: None,
            })
        {
            trace.wait();
        }
        trace.wait();
        trace.tell(Event::BatchLoaded(Ok(None)));
    }
    assert!(trace.text.contains("transport: Sse"));
    trace.check("dumb_websocket");
}

#[test]
fn backoff_grows_and_the_network_coming_back_ends_it() {
    let mut trace = Trace::started();
    for link in 1..=5 {
        trace.tell(Event::ConnectFailed(LinkId(link), Failure::unreachable("The server cannot be reached.")));
        trace.wait();
    }
    trace.tell(Event::ConnectFailed(LinkId(6), Failure::unreachable("The server cannot be reached.")));
    trace.tell(Event::NetworkDown);
    trace.tell(Event::NetworkUp);
    trace.check("backoff");
}

#[test]
fn a_connection_of_before_the_network_came_back_has_to_prove_itself() {
    let mut trace = Trace::online();
    trace.now_ms = 5_000;
    trace.tell(Event::NetworkUp);
    trace.now_ms = 6_000;
    trace.hear(1, Inbound::Heartbeat(Heartbeat { server_time_ms: 1_800_000_006_000, token_expires_in_s: 900 }));
    trace.tell(Event::NetworkUp);
    // The server has forgotten it.
    trace.wait();
    trace.now_ms = 8_100;
    trace.tell(Event::NetworkUp);
    // The opening one is not answered either.
    trace.wait();
    trace.tell(Event::Connected(LinkId(3)));
    trace.check("network_back");
}

#[test]
fn the_network_coming_back_ends_a_block() {
    let mut trace = Trace::started();
    trace.tell(Event::ConnectFailed(LinkId(1), Failure::permanent("A page that nobody asked for came.")));
    trace.tell(Event::NetworkUp);
    trace.check("unblocked");
}

#[test]
fn silence_ends_a_connection() {
    let mut trace = Trace::online();
    for _ in 0..4 {
        trace.wait();
    }
    trace.check("silence");
}

#[test]
fn an_expired_token_is_refreshed_and_then_used() {
    let mut trace = Trace::started();
    trace.tell(Event::ConnectFailed(LinkId(1), error(ErrorCode::Unauthorized).into()));
    trace.tell(Event::TokenRefreshed(Err(Failure::network("The server cannot be reached."))));
    trace.wait();
    trace.tell(Event::TokenRefreshed(Ok(())));
    trace.tell(Event::Connected(LinkId(2)));
    trace.check("expired_token");
}

#[test]
fn a_token_about_to_expire_is_renewed_and_the_stream_reopened() {
    let mut trace = Trace::online();
    trace.hear(1, Inbound::Heartbeat(Heartbeat { server_time_ms: 1_800_000_000_100, token_expires_in_s: 30 }));
    trace.tell(Event::TokenRefreshed(Ok(())));
    assert_eq!(trace.engine.measured().map(|measured| measured.offset_ms), Some(100));
    trace.check("token_renewed");
}

#[test]
fn a_refused_refresh_waits_for_a_person_and_goes_on_after_sign_in() {
    let mut trace = Trace::online();
    trace.hear(1, stream_error(About::Stream, ErrorCode::Unauthorized));
    trace.tell(Event::TokenRefreshed(Err(error(ErrorCode::Unauthorized).into())));
    trace.tell(Event::LocalMutation);
    trace.tell(Event::NetworkUp);
    trace.tell(Event::SignedIn);
    trace.check("needs_sign_in");
}

#[test]
fn an_old_build_is_told_so_and_asks_again_much_later() {
    let mut trace = Trace::started();
    trace.tell(Event::ConnectFailed(LinkId(1), error(ErrorCode::UpgradeRequired).into()));
    trace.wait();
    trace.check("upgrade_required");
}

#[test]
fn a_stale_cursor_is_forgotten_before_the_next_pull() {
    let mut trace = Trace::started();
    trace.tell(Event::Connected(LinkId(1)));
    trace.tell(Event::BatchLoaded(Ok(None)));
    trace.hear(1, stream_error(About::Pull, ErrorCode::CursorStale));
    trace.tell(Event::CursorForgotten(Ok(())));
    trace.check("stale_cursor");
}

#[test]
fn the_full_list_of_scopes_is_sent_over_the_same_socket() {
    let mut trace = Trace::started();
    trace.tell(Event::Connected(LinkId(1)));
    trace.tell(Event::BatchLoaded(Ok(None)));
    trace.hear(1, stream_error(About::Pull, ErrorCode::ScopesRequired));
    trace.last_page(1);
    trace.check("scopes_required");
}

#[test]
fn a_gap_is_closed_by_new_numbers() {
    let mut trace = Trace::online();
    trace.tell(Event::LocalMutation);
    trace.tell(batch(5..=6));
    trace.hear(1, stream_error(About::Push, ErrorCode::SequenceGap));
    trace.tell(Event::QueueMended(Ok(())));
    trace.tell(batch(3..=4));
    trace.check("sequence_gap");
}

#[test]
fn a_cloned_phone_takes_a_new_id_before_it_connects_again() {
    let mut trace = Trace::online();
    trace.tell(Event::LocalMutation);
    trace.tell(batch(1..=1));
    trace.hear(1, stream_error(About::Push, ErrorCode::DeviceCloned));
    trace.tell(Event::QueueMended(Ok(())));
    trace.tell(Event::Connected(LinkId(2)));
    trace.check("cloned");
}

#[test]
fn a_new_id_waits_for_the_page_being_applied_and_drops_those_behind_it() {
    let mut trace = Trace::online();
    trace.tell(Event::LocalMutation);
    trace.tell(batch(1..=1));
    trace.hear(1, Inbound::Delta(PageText("{}".into())));
    trace.hear(1, Inbound::Delta(PageText("{}".into())));
    trace.hear(1, stream_error(About::Push, ErrorCode::DeviceCloned));
    trace.tell(Event::PageApplied(Ok(Applied::default())));
    trace.tell(Event::QueueMended(Ok(())));
    trace.check("cloned_beside_pages");
}

#[test]
fn a_clone_found_out_by_renumbering_takes_a_new_id() {
    let mut trace = Trace::online();
    trace.tell(Event::LocalMutation);
    trace.tell(batch(1..=1));
    trace.hear(1, stream_error(About::Push, ErrorCode::SequenceGap));
    let cloned =
        Failure { code: Some(ErrorCode::DeviceCloned), ..Failure::later("Another phone uses this device id.") };
    trace.tell(Event::QueueMended(Err(cloned)));
    trace.tell(Event::QueueMended(Ok(())));
    trace.check("sequence_gap_of_a_clone");
}

#[test]
fn a_server_that_goes_on_failing_to_read_a_delta_is_given_up() {
    let mut trace = Trace::online();
    for now_ms in [0, 20_000, 40_000, 59_000] {
        trace.now_ms = now_ms;
        trace.hear(1, stream_error(About::Pull, ErrorCode::ServiceUnavailable));
    }
    trace.wait();
    trace.check("pull_fails_on");
}

#[test]
fn one_mutation_that_spoils_a_batch_is_found_and_set_aside() {
    let mut trace = Trace::online();
    trace.tell(Event::LocalMutation);
    for seqs in [1..=3, 1..=2, 1..=1] {
        trace.tell(batch(seqs));
        trace.hear(1, stream_error(About::Push, ErrorCode::PayloadTooLarge));
    }
    trace.tell(Event::QueueMended(Ok(())));
    trace.tell(batch(2..=2));
    trace.hear(1, pushed());
    trace.tell(Event::VerdictsStored(Ok(Stored::default())));
    trace.check("poison");
}

#[test]
fn a_server_that_says_later_holds_up_pushes_but_not_pages() {
    let mut trace = Trace::online();
    trace.tell(Event::LocalMutation);
    trace.tell(batch(1..=1));
    trace.hear(1, stream_error(About::Push, ErrorCode::ServiceUnavailable));
    trace.last_page(1);
    trace.wait();
    trace.check("push_later");
}

#[test]
fn a_full_disk_stops_syncing_for_a_while_and_says_so() {
    let mut trace = Trace::online();
    trace.hear(1, Inbound::Delta(PageText("{}".into())));
    trace.tell(Event::PageApplied(Err(Failure::later("The device has no storage left."))));
    trace.wait();
    trace.check("full_disk");
}

#[test]
fn a_replica_that_differs_from_the_manifest_is_compared_anew() {
    let mut trace = Trace::online();
    trace.hear(1, Inbound::Delta(PageText("{}".into())));
    trace.tell(Event::PageApplied(Ok(Applied { complete: true, differs: true, ..Applied::default() })));
    trace.tell(Event::CursorForgotten(Ok(())));
    trace.check("differs");
}

#[test]
fn a_page_that_leaves_a_gap_is_asked_for_again_over_a_new_connection() {
    let mut trace = Trace::online();
    trace.hear(1, Inbound::Delta(PageText("{}".into())));
    trace.hear(1, Inbound::Delta(PageText("{}".into())));
    trace.tell(Event::PageApplied(Ok(Applied { gap: true, ..Applied::default() })));
    trace.wait();
    trace.check("gap");
}

#[test]
fn a_pass_without_manifest_is_followed_by_a_pull_that_asks_for_one() {
    let mut trace = Trace::started();
    trace.tell(Event::Connected(LinkId(1)));
    trace.tell(Event::BatchLoaded(Ok(None)));
    trace.hear(1, Inbound::Delta(PageText("{}".into())));
    trace.tell(Event::PageApplied(Ok(Applied { complete: true, unverified: true, ..Applied::default() })));
    trace.last_page(1);
    trace.check("manifest_asked");
}

#[test]
fn a_replica_that_stays_unconfirmed_is_asked_about_ever_more_rarely() {
    let mut trace = Trace::started();
    trace.tell(Event::Connected(LinkId(1)));
    trace.tell(Event::BatchLoaded(Ok(None)));
    let mut asked_ms = Vec::new();
    for _ in 0..8 {
        trace.hear(1, Inbound::Delta(PageText("{}".into())));
        let pulls = trace.text.matches("-> SendPull").count();
        trace.tell(Event::PageApplied(Ok(Applied { complete: true, unverified: true, ..Applied::default() })));
        while trace.text.matches("-> SendPull").count() == pulls {
            trace.hear(1, Inbound::Heartbeat(Heartbeat::default()));
            trace.wait();
        }
        asked_ms.push(trace.now_ms);
    }
    assert_eq!(asked_ms, [0, 0, 0, 1_500, 4_500, 10_500, 22_500, 46_500]);
}

#[test]
fn a_phone_that_is_called_a_clone_again_and_again_waits_longer_each_time() {
    let mut trace = Trace::online();
    let mut connected_ms = Vec::new();
    for link in 1..=4 {
        trace.tell(Event::LocalMutation);
        trace.tell(batch(1..=1));
        trace.hear(link, stream_error(About::Push, ErrorCode::DeviceCloned));
        trace.tell(Event::QueueMended(Ok(())));
        while trace.text.matches("-> Connect").count() as u64 == link {
            trace.wait();
        }
        connected_ms.push(trace.now_ms);
        trace.tell(Event::Connected(LinkId(link + 1)));
    }
    assert_eq!(connected_ms, [0, 500, 1_500, 3_500]);
}

#[test]
fn effects_that_do_not_come_back_are_asked_for() {
    let mut trace = Trace::online();
    trace.tell(Event::LocalMutation);
    trace.tell(batch(1..=1));
    trace.hear(1, pushed());
    trace.tell(Event::VerdictsStored(Ok(Stored { awaiting: 1, cloned: false })));
    trace.tell(Event::BatchLoaded(Ok(None)));
    trace.wait();
    trace.last_page(1);
    trace.check("confirmation_asked");
}

fn unsent(unsent: usize) -> Event {
    Event::QueueCounted(Work { unsent, ..Work::default() })
}

/// The waiting work, which there must be.
fn waiting(trace: &Trace) -> (WaitsFor, bool) {
    let waiting = trace.engine.waiting().expect("work that waits");
    (waiting.waits_for, waiting.overdue)
}

#[test]
fn a_phone_that_goes_on_failing_to_connect_is_overdue_all_the_same() {
    let mut trace = Trace::online();
    trace.tell(unsent(2));
    trace.tell(Event::Closed(LinkId(1), Failure::network("Gone.")));
    let mut link = 1;
    while !waiting(&trace).1 {
        assert!(trace.now_ms <= Limits::default().overdue_sending_ms, "never overdue");
        assert_eq!(waiting(&trace).0, WaitsFor::Server);
        trace.wait();
        if trace.text.contains(&format!("Connect {{ link: LinkId({})", link + 1)) {
            link += 1;
            trace.tell(Event::ConnectFailed(LinkId(link), Failure::unreachable("Nobody there.")));
        }
    }
    assert_eq!(trace.now_ms, Limits::default().overdue_sending_ms);
    // A verdict is progress.
    trace.tell(unsent(1));
    assert_eq!(waiting(&trace), (WaitsFor::Server, false));
    trace.tell(Event::QueueCounted(Work::default()));
    assert_eq!(trace.engine.waiting(), None);
}

#[test]
fn work_that_waits_is_told_what_for_and_becomes_overdue() {
    let mut trace = Trace::new();
    trace.tell(unsent(1));
    trace.wait();
    assert_eq!(waiting(&trace), (WaitsFor::Start, true));
    trace.tell(Event::NetworkDown);
    trace.tell(Event::Start);
    assert_eq!(waiting(&trace), (WaitsFor::Network, false));
    trace.wait();
    assert_eq!(waiting(&trace), (WaitsFor::Network, true));
    trace.tell(Event::NetworkUp);
    assert_eq!(waiting(&trace), (WaitsFor::Server, false));
    trace.tell(Event::Connected(LinkId(1)));
    trace.last_page(1);
    trace.tell(batch(1..=1));
    assert_eq!(waiting(&trace), (WaitsFor::Verdict, false));
    trace.hear(1, stream_error(About::Push, ErrorCode::ServiceUnavailable));
    assert_eq!(waiting(&trace), (WaitsFor::Later, false));
    trace.tell(Event::QueueCounted(Work { accepted: 1, ..Work::default() }));
    assert_eq!(waiting(&trace), (WaitsFor::Delta, false));
    trace.tell(Event::QueueCounted(Work { stuck: 1, ..Work::default() }));
    assert_eq!(waiting(&trace), (WaitsFor::Attention, false));
    trace.tell(unsent(1));
    trace.hear(1, stream_error(About::Stream, ErrorCode::UpgradeRequired));
    assert_eq!(waiting(&trace), (WaitsFor::Upgrade, false));
    trace.tell(Event::SignedIn);
    trace.tell(Event::Connected(LinkId(2)));
    trace.tell(Event::Closed(LinkId(2), Failure { ended: Some(Ended::Session), ..Failure::unauthorized("Over.") }));
    assert_eq!(waiting(&trace), (WaitsFor::SignIn, false));
    trace.check("work_that_waits");
}
