//! Batches come in: the real rules of order, the real rules of the trade.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use satchel_protocol::{
    Ctx, ErrorBody, ErrorCode, Rejection, Stop, Workspace,
    context::{ClientContext, Side},
    mutation::content_hash,
    wire::{ClientMessage, Outcome, PushRequest, PushResponse, PushedMutation, Verdict},
};
use satchel_server::{
    feed::head::LastPushed,
    push::{
        intake,
        sequence::{Claim, Decision, Known, decide},
    },
    store,
};
use satchel_trade::{REGISTRY, supply};
use uuid::Uuid;

use super::{Bug, ORG, Server, disk::Entry};

impl Server {
    /// Executes a batch in transaction `xid`: all of it is committed, or nothing.
    pub(super) fn push(&mut self, xid: u64, user_id: Uuid, text: &str) -> Result<PushResponse, ErrorBody> {
        let request = match ClientMessage::decode(text) {
            Ok(ClientMessage::Push(request)) => request,
            other => panic!("no push: {other:?}"),
        };
        self.is_member(user_id)?;
        intake::check(&request).map_err(|error| error.body())?;
        let PushRequest { device_id, mutations, .. } = request;
        let claims: Vec<Claim> = mutations.iter().map(claim).collect();
        let decisions = self.decide(user_id, device_id, &claims)?;
        let mut outcomes: Vec<Option<Outcome>> = vec![None; claims.len()];
        for (position, decision) in decisions.iter().enumerate() {
            outcomes[position] = match decision {
                Decision::Run => Some(self.run_pushed(xid, user_id, device_id, &mutations[position])),
                Decision::Repeat(outcome) => Some(outcome.clone()),
                Decision::Same(twin) => outcomes[*twin].clone(),
                Decision::KeyReused => {
                    Some(Outcome::Rejected(Rejection::conflict("mutation.key_reused", "One key, two changes.")))
                }
            };
        }
        let last = self.disk.devices.entry(device_id).or_default();
        if let Some(claim) = claims.last().filter(|claim| claim.seq > last.seq) {
            *last = LastPushed { seq: claim.seq, key: Some(claim.key) };
        }
        self.disk.last_xid = self.disk.last_xid.max(xid);
        let last_seq = last.seq;
        let verdicts = claims
            .iter()
            .zip(outcomes)
            .filter_map(|(claim, outcome)| Some(Verdict { key: claim.key, seq: claim.seq, outcome: outcome? }));
        Ok(PushResponse { verdicts: verdicts.collect(), last_seq })
    }

    fn decide(&self, user_id: Uuid, device_id: Uuid, claims: &[Claim]) -> Result<Vec<Decision>, ErrorBody> {
        if self.planted(Bug::LedgerSkipped) {
            return Ok(claims.iter().map(|_| Decision::Run).collect());
        }
        let mut known = Known {
            entries: HashMap::new(),
            foreign: HashSet::new(),
            last_seq: Some(self.disk.devices.get(&device_id).map_or(0, |last| last.seq)),
        };
        for claim in claims {
            match self.disk.ledger.get(&claim.key) {
                Some(entry) if entry.user_id == user_id => {
                    let found = store::Entry { content_hash: entry.content_hash, outcome: entry.outcome.clone() };
                    known.entries.insert(claim.key, found);
                }
                Some(_) => {
                    known.foreign.insert(claim.key);
                }
                None => {}
            }
        }
        decide(claims, &known).map_err(|disorder| satchel_server::error::ApiError::from(disorder).body())
    }

    fn run_pushed(&mut self, xid: u64, user_id: Uuid, device_id: Uuid, pushed: &PushedMutation) -> Outcome {
        let context: Result<ClientContext, _> = serde_json::from_str(pushed.context.get());
        let outcome = match context {
            Ok(context) => self.run(xid, user_id, pushed.key, &pushed.name, pushed.args.get(), context.occurred_at),
            Err(_) => Outcome::Rejected(Rejection::bad_request("mutation.context", "unreadable")),
        };
        let content_hash = content_hash(&pushed.name, &pushed.args, &pushed.context);
        let entry = Entry { user_id, device_id: Some(device_id), seq: pushed.seq, content_hash, outcome };
        let outcome = entry.outcome.clone();
        self.disk.ledger.insert(pushed.key, entry);
        outcome
    }

    /// A mutation by RPC, of the office.
    pub(super) fn single(&mut self, xid: u64, name: &str, args: &str, key: Uuid) {
        let before = self.disk.readings();
        let outcome = self.run(xid, super::OFFICE, key, name, args, Timestamp::UNIX_EPOCH);
        self.disk.office_units += self.disk.readings() - before;
        let entry = Entry { user_id: super::OFFICE, device_id: None, seq: 0, content_hash: [0; 32], outcome };
        self.disk.ledger.insert(key, entry);
    }

    fn run(&mut self, xid: u64, user_id: Uuid, key: Uuid, name: &str, args: &str, occurred_at: Timestamp) -> Outcome {
        let Some(kind) = REGISTRY.mutation(name) else {
            return Outcome::Rejected(Rejection::bad_request("mutation.unknown", "unknown"));
        };
        let Ok(mutation) = (kind.decode)(args) else {
            return Outcome::Rejected(Rejection::bad_request("mutation.arguments", "unreadable"));
        };
        let (technician_id, roles, device_clock) = (None, Vec::new(), None);
        let ctx =
            Ctx { org_id: ORG, user_id, technician_id, roles, key, occurred_at, device_clock, side: Side::Server };
        let seen = self.disk.seen(user_id);
        let mut work = Workspace::new();
        let run = loop {
            match work.run(mutation.as_ref(), &ctx) {
                Ok(run) => break run,
                Err(Stop::Need(load)) => supply(&seen, &mut work, load),
                Err(stop) => panic!("{stop:?}"),
            }
        };
        // Row-level security hides it, the primary key does not.
        let taken = work.dirty().iter().any(|(key, dirty)| dirty.inserted && self.disk.rows.contains_key(key));
        match run.result {
            Ok(_) if taken => Outcome::Rejected(Rejection::new(ErrorCode::Conflict, "exists", "exists")),
            Ok(output) => {
                for (row, dirty) in work.dirty().clone() {
                    if self.disk.rows.contains_key(&row) || dirty.image.is_some() {
                        self.disk.write(xid, row, dirty.image);
                    }
                }
                *self.disk.effects.entry(key).or_default() += 1;
                Outcome::Accepted { output }
            }
            Err(rejection) => Outcome::Rejected(rejection),
        }
    }
}

fn claim(pushed: &PushedMutation) -> Claim {
    let hash = content_hash(&pushed.name, &pushed.args, &pushed.context);
    Claim { seq: pushed.seq, key: pushed.key, hash }
}
