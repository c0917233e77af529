//! Random schedules: whatever happens in whatever order, the engine is never stuck, and once the world behaves, it
//! catches up. `ENGINE_SEED=n` repeats one schedule.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use satchel_client::engine::{
    Action, Applied, Condition, Engine, Event, Failure, Inbound, Limits, LinkId, Moment, PageText, Stored,
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

const SCHEDULES: u64 = 400;
const STEPS: usize = 400;
const HEALING_STEPS: usize = 600;

/// What the driver and the server owe the engine.
#[derive(Debug, PartialEq)]
enum Due {
    Connect(LinkId),
    Batch(usize),
    Verdicts,
    Page,
    Forget,
    Mend,
    Token,
}

struct World {
    engine: Engine,
    dice: StdRng,
    now_ms: u64,
    due: Vec<Due>,
    link: Option<LinkId>,
    /// A push the server has not answered.
    push: Option<(LinkId, usize)>,
    pull: Option<LinkId>,
    unsent: usize,
    running: bool,
    network: bool,
    kind: bool,
}

impl World {
    fn new(seed: u64) -> Self {
        Self {
            engine: Engine::new(Limits::default()),
            dice: StdRng::seed_from_u64(seed),
            now_ms: 0,
            due: vec![],
            link: None,
            push: None,
            pull: None,
            unsent: 0,
            running: false,
            network: true,
            kind: false,
        }
    }

    fn luck(&mut self, percent: u32) -> bool {
        self.kind || self.dice.random_range(0..100) < percent
    }

    fn tell(&mut self, event: Event) {
        let told = format!("{event:?}");
        let moment = Moment {
            now_ms: self.now_ms,
            wall_ms: self.now_ms as i64,
            jitter_permille: self.dice.random_range(0..=1_000),
        };
        for action in self.engine.handle(moment, event) {
            match action {
                Action::Connect { link, .. } => {
                    assert!(!self.due.contains(&Due::Page), "a pull was made while a page was applied");
                    assert!(!self.due.contains(&Due::Forget) && !self.due.contains(&Due::Mend));
                    self.owe(Due::Connect(link));
                }
                Action::Disconnect(link) => {
                    self.due.retain(|due| *due != Due::Connect(link));
                    self.hang_up(link);
                }
                Action::SendPull(link, _) => self.pull = Some(link),
                Action::SendHeartbeat(link) => assert_eq!(Some(link), self.link),
                Action::SendPush(link, request) => {
                    assert_eq!(Some(link), self.link, "a push over a connection that is gone");
                    assert_eq!(self.push, None, "two pushes in flight");
                    self.push = Some((link, request.mutations.len()));
                }
                Action::LoadBatch { most } => self.owe(Due::Batch(most)),
                Action::StoreVerdicts(_) => self.owe(Due::Verdicts),
                Action::ApplyPage(_) => self.owe(Due::Page),
                Action::ForgetCursor => self.owe(Due::Forget),
                Action::RenewDevice | Action::Renumber { .. } | Action::Isolate { .. } => self.owe(Due::Mend),
                Action::RefreshToken => self.owe(Due::Token),
            }
        }
        let waits_for_a_person =
            matches!(self.engine.condition(), Condition::Stopped | Condition::Offline | Condition::NeedsSignIn(_));
        assert!(
            waits_for_a_person || !self.due.is_empty() || self.engine.deadline_ms().is_some(),
            "stuck after {told}: {:#?}",
            self.engine
        );
        if let Some(deadline_ms) = self.engine.deadline_ms() {
            assert!(deadline_ms > self.now_ms, "a deadline that passed does nothing after {told}: {:#?}", self.engine);
        }
    }

    fn owe(&mut self, due: Due) {
        let twice = self.due.iter().any(|owed| std::mem::discriminant(owed) == std::mem::discriminant(&due));
        assert!(!twice, "{due:?} asked for twice");
        self.due.push(due);
    }

    fn hang_up(&mut self, link: LinkId) {
        if self.link == Some(link) {
            self.link = None;
            self.push = None;
            self.pull = None;
        }
    }

    fn failure(&mut self) -> Failure {
        match self.dice.random_range(0..8) {
            0 => Failure::network("broke"),
            1 => Failure::unreachable("nobody"),
            2 => Failure::transport_refused("proxy"),
            _ => self.error().into(),
        }
    }

    fn error(&mut self) -> ErrorBody {
        use ErrorCode::*;
        let codes = [
            BadRequest,
            Unauthorized,
            Forbidden,
            NotFound,
            Conflict,
            CursorStale,
            ScopesRequired,
            SequenceGap,
            DeviceCloned,
            PayloadTooLarge,
            UpgradeRequired,
            TooManyRequests,
            InternalServerError,
            ServiceUnavailable,
            Unknown,
        ];
        let code = codes[self.dice.random_range(0..codes.len())];
        let details =
            if self.dice.random_bool(0.8) { serde_json::json!({ "expected_seq": 3 }) } else { serde_json::Value::Null };
        ErrorBody { code, message: "no".to_owned(), trace_id: String::new(), details }
    }

    fn settle(&mut self) {
        let due = self.due.swap_remove(self.dice.random_range(0..self.due.len()));
        let event = match due {
            Due::Connect(link) if self.luck(60) => {
                self.link = Some(link);
                self.pull = Some(link);
                Event::Connected(link)
            }
            Due::Connect(link) => Event::ConnectFailed(link, self.failure()),
            Due::Batch(most) if self.luck(90) => {
                let count = self.unsent.min(most);
                Event::BatchLoaded(Ok((count > 0).then(|| batch(count))))
            }
            Due::Batch(_) => Event::BatchLoaded(Err(Failure::later("disk"))),
            Due::Verdicts if self.luck(90) => {
                let cloned = !self.kind && self.dice.random_bool(0.1);
                Event::VerdictsStored(Ok(Stored { awaiting: self.awaiting(), cloned }))
            }
            Due::Verdicts => Event::VerdictsStored(Err(Failure::later("disk"))),
            Due::Page if self.luck(80) => {
                let mut chance = |percent: f64| !self.kind && self.dice.random_bool(percent);
                Event::PageApplied(Ok(Applied {
                    complete: !chance(0.3),
                    gap: chance(0.05),
                    cloned: chance(0.05),
                    differs: chance(0.1),
                    refed: chance(0.1),
                    unverified: chance(0.2),
                    awaiting: self.awaiting(),
                }))
            }
            Due::Page => Event::PageApplied(Err(Failure::later("disk"))),
            Due::Forget if self.luck(80) => Event::CursorForgotten(Ok(())),
            Due::Forget => Event::CursorForgotten(Err(Failure::later("disk"))),
            Due::Mend if self.luck(80) => Event::QueueMended(Ok(())),
            Due::Mend => Event::QueueMended(Err(Failure::later("disk"))),
            Due::Token if self.luck(60) => Event::TokenRefreshed(Ok(())),
            Due::Token => Event::TokenRefreshed(Err(self.failure())),
        };
        self.tell(event);
    }

    fn awaiting(&mut self) -> usize {
        if self.kind { 0 } else { self.dice.random_range(0..3) }
    }

    /// The server does something over the open connection.
    fn serve(&mut self, link: LinkId) {
        let message = match (self.push, self.pull) {
            (Some((_, count)), _) if self.luck(30) => {
                self.push = None;
                if self.luck(60) {
                    self.unsent -= count;
                    Inbound::Pushed(PushResponse { verdicts: vec![], last_seq: 0 })
                } else {
                    Inbound::Error(StreamError { about: About::Push, error: self.error() })
                }
            }
            (_, Some(_)) if self.luck(40) => {
                self.pull = None;
                if self.luck(70) {
                    Inbound::Delta(PageText("{}".into()))
                } else {
                    Inbound::Error(StreamError { about: About::Pull, error: self.error() })
                }
            }
            _ if self.kind || self.dice.random_bool(0.5) => {
                let token_expires_in_s = if self.kind { 900 } else { self.dice.random_range(0..200) };
                Inbound::Heartbeat(Heartbeat { server_time_ms: 0, token_expires_in_s })
            }
            _ => match self.dice.random_range(0..4) {
                0 => Inbound::Unknown,
                1 => Inbound::Delta(PageText("{}".into())),
                2 => Inbound::Error(StreamError { about: About::Stream, error: self.error() }),
                _ => {
                    let failure = self.failure();
                    self.hang_up(link);
                    return self.tell(Event::Closed(link, failure));
                }
            },
        };
        self.tell(Event::Received(link, message));
    }

    fn pass_time(&mut self) {
        let step_ms = if self.dice.random_bool(0.5) { 1_000 } else { 400_000 };
        let far_ms = self.now_ms + self.dice.random_range(1..=step_ms);
        self.now_ms = self.engine.deadline_ms().map_or(far_ms, |deadline_ms| far_ms.min(deadline_ms));
        self.tell(Event::Tick);
    }

    fn meddle(&mut self) {
        let event = match self.dice.random_range(0..6) {
            0 => {
                self.running = !self.running;
                if self.running { Event::Start } else { Event::Stop }
            }
            1 => {
                self.network = !self.network;
                if self.network { Event::NetworkUp } else { Event::NetworkDown }
            }
            2 => Event::SignedIn,
            3 => Event::Received(LinkId(0), Inbound::Pushed(PushResponse { verdicts: vec![], last_seq: 0 })),
            _ => {
                self.unsent += 1;
                Event::LocalMutation
            }
        };
        self.tell(event);
    }

    fn step(&mut self) {
        match self.dice.random_range(0..10) {
            0..=3 if !self.due.is_empty() => self.settle(),
            4..=6 => match self.link {
                Some(link) if self.engine.wants_input() => self.serve(link),
                _ => self.pass_time(),
            },
            7 if !self.kind => self.meddle(),
            _ => self.pass_time(),
        }
    }

    /// The world behaves from now on: everything has to arrive.
    fn heal(&mut self) {
        self.kind = true;
        self.tell(Event::Start);
        self.tell(Event::NetworkUp);
        self.tell(Event::SignedIn);
        for _ in 0..HEALING_STEPS {
            self.step();
            let caught_up = matches!(self.engine.condition(), Condition::Online { caught_up: true, .. });
            if caught_up && self.unsent == 0 && self.push.is_none() {
                return;
            }
        }
        panic!("not caught up, {} unsent: {:#?}", self.unsent, self.engine);
    }
}

fn batch(count: usize) -> PushRequest {
    let raw = || RawValue::from_string("{}".to_owned()).expect("JSON");
    let mutations = (1..=count as u64)
        .map(|seq| PushedMutation {
            seq,
            key: Uuid::from_u128(seq.into()),
            name: "a/v1/b".to_owned(),
            args: raw(),
            context: raw(),
            retry_of: None,
        })
        .collect();
    PushRequest { protocol: 1, device_id: Uuid::nil(), mutations }
}

#[test]
fn no_schedule_leaves_the_engine_stuck() {
    let seeds = match std::env::var("ENGINE_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => {
            let first: u64 = rand::random_range(0..1 << 40);
            (first..first + SCHEDULES).collect()
        }
    };
    for seed in seeds {
        let outcome = std::panic::catch_unwind(|| {
            let mut world = World::new(seed);
            for _ in 0..STEPS {
                world.step();
            }
            world.heal();
        });
        if let Err(panic) = outcome {
            println!("repeat with ENGINE_SEED={seed}");
            std::panic::resume_unwind(panic);
        }
    }
}
