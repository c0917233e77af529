//! The supervisor's inbox as mutations see it: what goes in, and what the office does with it.
//!
//! Invariants:
//! - What is put in, decided or taken back is so in the transaction of the verdict that says it (P2).
//! - An item is applied by running its own rule, under the row-level security, roles and policy of whoever applies it; the
//!   rule is told the author, when it happened and the item's key, and the audit log both persons.
//! - Of two who decide on one item, or of one who decides while its author sends it again, the second finds it decided.

use std::collections::{HashMap, HashSet};

use satchel_protocol::{
    Ctx, ErrorCode, Permissions, Rejection, RowKey,
    context::Side,
    inbox::{ApplyItem, DismissItem, ItemDecided, NOTE_CHARS, REASSIGNED, RepairItem, SubmitToOffice},
    wire::Outcome,
};
use serde::de::DeserializeOwned;
use serde_json::{json, value::RawValue};
use sqlx::PgConnection;
use uuid::Uuid;

use super::intake::{Intake, Prepared};
use crate::{
    database::{Caller, Member},
    store::{self, Cause, Change, Decided, Item, Kept, NewItem, RowChange, Store, StoreError, Taken, TakenBack},
};

/// The table, as the audit log names it.
const TABLE: &str = "inbox_item";
/// Roots of a refused mutation that are looked for out of its author's sight.
const ROOTS: usize = 4;
/// What the names of its procedures begin with.
const RESOURCE: &str = "inbox/";

/// What a mutation asks of the inbox.
#[derive(Clone, Debug)]
pub(super) enum Order {
    /// To put one in.
    Submit(SubmitToOffice),
    /// To apply one.
    Apply(ApplyItem),
    /// To apply one with other arguments.
    Repair(RepairItem),
    /// To put one away.
    Dismiss(DismissItem),
}

/// What is to be done about an order.
pub(super) enum Prospect {
    /// It has its verdict.
    Done(Outcome, Vec<RowChange>),
    /// What is in the item is to be run.
    Run(Box<Errand>),
}

/// An item to be applied.
pub(super) struct Errand {
    /// The item.
    pub item: Item,
    /// Its rule.
    pub prepared: Prepared,
    /// Who, when, for the rule.
    pub ctx: Ctx,
    status: &'static str,
    repaired_args: Option<Box<RawValue>>,
    note: Option<String>,
}

/// One transaction's dealings with the inbox.
pub(super) struct Desk<'a> {
    /// Who deals.
    pub caller: &'a Caller,
    /// In which place.
    pub member: &'a Member,
    /// What the caller may call.
    pub permissions: &'a Permissions,
    /// The registry's tables.
    pub store: Store,
    /// Items this transaction decides on.
    pub claimed: HashSet<Uuid>,
}

impl Order {
    /// What these arguments ask of the inbox; none for another procedure.
    pub fn of(name: &str, args: &RawValue) -> Result<Option<Self>, Rejection> {
        fn read<T: DeserializeOwned>(args: &RawValue) -> Result<T, Rejection> {
            let unreadable = "The app sent something the server cannot read (inbox arguments).";
            serde_json::from_str(args.get()).map_err(|_| Rejection::bad_request("mutation.arguments", unreadable))
        }
        let order = match name {
            "inbox/v1/submit" => Self::Submit(read(args)?),
            "inbox/v1/apply" => Self::Apply(read(args)?),
            "inbox/v1/repair" => Self::Repair(read(args)?),
            "inbox/v1/dismiss" => Self::Dismiss(read(args)?),
            _ => return Ok(None),
        };
        order.check()?;
        Ok(Some(order))
    }

    fn check(&self) -> Result<(), Rejection> {
        let note = match self {
            Self::Submit(order) => order.note.as_deref(),
            Self::Apply(order) => order.note.as_deref(),
            Self::Repair(order) => order.note.as_deref(),
            Self::Dismiss(order) if order.note.trim().is_empty() => {
                return Err(Rejection::bad_request("inbox.note", "Say why, so that the author knows."));
            }
            Self::Dismiss(order) => Some(order.note.as_str()),
        };
        match note {
            Some(note) if note.chars().count() > NOTE_CHARS || note.contains('\0') => {
                let message = format!("A note has at most {NOTE_CHARS} characters, all of which can be read.");
                Err(Rejection::bad_request("inbox.note", message))
            }
            _ => Ok(()),
        }
    }
}

impl Desk<'_> {
    /// Does what an order asks for, but for running a rule.
    pub async fn serve(
        &mut self,
        connection: &mut PgConnection,
        order: &Order,
        decision_key: Uuid,
    ) -> Result<Prospect, StoreError> {
        let (key, args, note, status) = match order {
            Order::Submit(order) => return self.submit(connection, order).await,
            Order::Dismiss(order) => return self.dismiss(connection, order, decision_key).await,
            Order::Apply(order) => (order.key, None, &order.note, "applied"),
            Order::Repair(order) => (order.key, Some(order.args.clone()), &order.note, "repaired"),
        };
        let item = match self.open_item(connection, key).await? {
            Ok(item) => item,
            Err(rejection) => return Ok(refused(rejection)),
        };
        let prepared = match self.prepare(&item, args.as_deref()) {
            Ok(prepared) => prepared,
            Err(rejection) => return Ok(refused(rejection)),
        };
        self.claimed.insert(key);
        let ctx = Ctx {
            org_id: self.caller.org_id,
            user_id: item.user_id,
            technician_id: item.technician_id,
            roles: self.member.roles.clone(),
            key,
            occurred_at: prepared.clock().occurred_at,
            device_clock: prepared.device_clock(),
            side: Side::Server,
        };
        Ok(Prospect::Run(Box::new(Errand { item, prepared, ctx, status, repaired_args: args, note: note.clone() })))
    }

    /// Closes an item whose rule was run and accepted; what the order comes to.
    pub async fn close(
        &self,
        connection: &mut PgConnection,
        errand: &Errand,
        output: serde_json::Value,
        decision_key: Uuid,
    ) -> Result<(Outcome, RowChange), StoreError> {
        let outcome = Outcome::Accepted { output: output.clone() };
        let decided = Decided {
            status: errand.status,
            outcome: &outcome,
            repaired_args: errand.repaired_args.as_deref().map(RawValue::get),
            note: errand.note.as_deref(),
            decision_key,
        };
        let (org_id, user_id) = (self.caller.org_id, self.caller.user_id);
        store::decide_item(connection, org_id, user_id, errand.item.key, &decided).await?;
        let change = change(errand.item.key, errand.item.branch_id, errand.status);
        Ok((decided_as(errand.item.key, errand.status, output), change))
    }

    /// Puts a mutation that the server failed on into the inbox.
    pub async fn quarantine(
        &self,
        connection: &mut PgConnection,
        device_id: Option<Uuid>,
        intake: &Intake,
        verdict: &Outcome,
    ) -> Result<(), StoreError> {
        if !intake.name.starts_with(RESOURCE) {
            // A full inbox keeps nothing from being told: the ledger has it, and its author.
            let about = intake.prepared.as_ref().ok().and_then(|prepared| prepared.roots.first().copied());
            self.take(connection, device_id, intake, Cause::Quarantined, about, verdict).await?;
        }
        Ok(())
    }

    /// What a refusal becomes when its author cannot see any more what it is about, whatever the rule made of that: the
    /// office's.
    pub async fn hand_over(
        &self,
        connection: &mut PgConnection,
        device_id: Option<Uuid>,
        intake: &Intake,
        rejection: Rejection,
        missing: &[RowKey],
    ) -> Result<Rejection, StoreError> {
        let (true, Ok(prepared)) = (is_of_phone(&intake.context), &intake.prepared) else {
            return Ok(rejection);
        };
        let message = "This is not yours to change any more: it was given to somebody else, or your access ended. What \
                       you entered was handed to the office, which decides on it and tells you.";
        let handed = Rejection::new(rejection.code, REASSIGNED, message)
            .with_details(json!({ "inbox": true, "refused": rejection.reason }));
        let verdict = Outcome::Rejected(handed.clone());
        for row in prepared.roots.iter().take(ROOTS).chain(missing) {
            if store::is_visible(connection, self.caller.org_id, *row).await? {
                continue;
            }
            // Whether it exists is found out where row-level security does not hide it, and told by this verdict alone.
            let taken = self.take(connection, device_id, intake, Cause::Reassigned, Some(*row), &verdict).await?;
            if taken == Taken::Waits {
                return Ok(handed);
            }
        }
        Ok(rejection)
    }

    async fn take(
        &self,
        connection: &mut PgConnection,
        device_id: Option<Uuid>,
        intake: &Intake,
        cause: Cause,
        about: Option<RowKey>,
        verdict: &Outcome,
    ) -> Result<Taken, StoreError> {
        let prepared = intake.prepared.as_ref().ok();
        let new = NewItem {
            key: intake.claim.key,
            cause,
            about,
            device_id,
            name: &intake.name,
            args: intake.args.get(),
            context: intake.context.get(),
            verdict,
            occurred_at: prepared.filter(|_| is_of_phone(&intake.context)).map(|prepared| prepared.clock().occurred_at),
            note: None,
        };
        store::take_item(connection, &new).await
    }

    /// Puts a refused mutation into the inbox because its author asks for it: in the bytes the ledger has.
    async fn submit(&self, connection: &mut PgConnection, order: &SubmitToOffice) -> Result<Prospect, StoreError> {
        let kept = store::kept_in_ledger(connection, self.caller.org_id, order.key).await?;
        let refuse = |reason, message| Ok(refused(Rejection::conflict(reason, message)));
        let Some(Kept { name, content, device_id, outcome }) = kept else {
            let message = "The server does not know this change, so that it cannot be handed to the office.";
            return Ok(refused(Rejection::not_found("inbox.unknown", message)));
        };
        if name.starts_with(RESOURCE) {
            return refuse("inbox.nested", "What is said to the inbox cannot be put into it.");
        }
        if !matches!(outcome, Outcome::Rejected(_) | Outcome::Quarantined { .. }) {
            return refuse(
                "inbox.accepted",
                "This change was applied already: there is nothing to hand to the office.",
            );
        }
        let Some((args, context)) = content else {
            return refuse("inbox.expired", "This was refused so long ago that it is no longer kept. Enter it again.");
        };
        let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned());
        let prepared = self.read(&name, &raw(&args), &raw(&context)).ok();
        let about = prepared.as_ref().and_then(|prepared| prepared.roots.first().copied());
        let new = NewItem {
            key: order.key,
            cause: Cause::Submitted,
            about,
            device_id,
            name: &name,
            args: &args,
            context: &context,
            verdict: &outcome,
            occurred_at: prepared.filter(|_| context != "null").map(|prepared| prepared.clock().occurred_at),
            note: order.note.as_deref(),
        };
        match store::take_item(connection, &new).await? {
            Taken::Waits => {
                let outcome = decided_as(order.key, "open", serde_json::Value::Null);
                Ok(Prospect::Done(outcome, vec![change(order.key, self.caller.org_id, "open")]))
            }
            Taken::Full => {
                let message = "Too much of yours waits for the office already. It stays here; try again later.";
                Ok(refused(Rejection::new(ErrorCode::TooManyRequests, "inbox.full", message)))
            }
            Taken::Decided | Taken::Unknown => {
                refuse("inbox.decided", "The office decided on this already, or you took it up again yourself.")
            }
        }
    }

    async fn dismiss(
        &mut self,
        connection: &mut PgConnection,
        order: &DismissItem,
        decision_key: Uuid,
    ) -> Result<Prospect, StoreError> {
        let item = match self.open_item(connection, order.key).await? {
            Ok(item) => item,
            Err(rejection) => return Ok(refused(rejection)),
        };
        self.claimed.insert(order.key);
        let told = Rejection::conflict("inbox.dismissed", format!("The office put this away: {}", order.note));
        let outcome = Outcome::Rejected(told);
        let decided = Decided {
            status: "dismissed",
            outcome: &outcome,
            repaired_args: None,
            note: Some(&order.note),
            decision_key,
        };
        store::decide_item(connection, self.caller.org_id, self.caller.user_id, order.key, &decided).await?;
        let change = change(order.key, item.branch_id, "dismissed");
        Ok(Prospect::Done(decided_as(order.key, "dismissed", serde_json::Value::Null), vec![change]))
    }

    async fn open_item(&self, connection: &mut PgConnection, key: Uuid) -> Result<Result<Item, Rejection>, StoreError> {
        let Some(item) = store::lock_item(connection, self.caller.org_id, key).await? else {
            let message = "There is no such item in the inbox, or it is not yours to decide on.";
            return Ok(Err(Rejection::not_found("inbox.not_found", message)));
        };
        if item.status != "open" || self.claimed.contains(&key) {
            return Ok(Err(decided_already(&item.status)));
        }
        Ok(Ok(item))
    }

    /// The rule of an item, if the caller may call it.
    fn prepare(&self, item: &Item, args: Option<&RawValue>) -> Result<Prepared, Rejection> {
        self.permissions.check(&item.name)?;
        let raw = |text: &str| {
            RawValue::from_string(text.to_owned()).map_err(|_| {
                Rejection::bad_request("inbox.unreadable", "What is in this item cannot be read. Repair or dismiss it.")
            })
        };
        let own;
        let args = match args {
            Some(args) => args,
            None => {
                own = raw(&item.args)?;
                &own
            }
        };
        let prepared = self.read(&item.name, args, &raw(&item.context)?)?;
        match prepared.order {
            Some(_) => {
                Err(Rejection::bad_request("inbox.nested", "What is said to the inbox cannot be applied from it."))
            }
            None => Ok(prepared),
        }
    }

    fn read(&self, name: &str, args: &RawValue, context: &RawValue) -> Result<Prepared, Rejection> {
        match context.get() {
            "null" => Prepared::now(self.store.registry(), name, args),
            _ => Prepared::read(self.store.registry(), name, args, context),
        }
    }
}

/// What the office has decided already on the mutation that this one was entered in place of; none if it is to be run.
pub(super) fn decided_before(intake: &Intake, taken_back: &HashMap<Uuid, TakenBack>) -> Option<Outcome> {
    let before = taken_back.get(&intake.retry_of?)?;
    let applied = matches!(&*before.status, "applied" | "repaired");
    let same = before.status == "applied" && before.name == intake.name && before.args == intake.args.get();
    match &before.outcome {
        // Its effects are there.
        Some(outcome) if same => Some(outcome.clone()),
        _ if applied => Some(Outcome::Rejected(decided_already(&before.status))),
        _ => None,
    }
}

/// Whether a phone recorded it, however it came here; a web client's circumstances are the call itself.
fn is_of_phone(context: &RawValue) -> bool {
    context.get() != RawValue::NULL.get()
}

fn decided_already(status: &str) -> Rejection {
    let message = match status {
        "applied" | "repaired" => "The office has applied this already. Nothing was done twice.",
        "dismissed" => "The office has put this away already.",
        "superseded" => "Its author has taken this up again himself.",
        _ => "This is being decided on already.",
    };
    Rejection::conflict("inbox.decided", message).with_details(json!({ "status": status }))
}

fn decided_as(key: Uuid, status: &str, output: serde_json::Value) -> Outcome {
    let decided = ItemDecided { key, status: status.to_owned(), output };
    Outcome::Accepted { output: serde_json::to_value(decided).expect("an id, a word and JSON are JSON") }
}

fn refused(rejection: Rejection) -> Prospect {
    Prospect::Done(Outcome::Rejected(rejection), Vec::new())
}

fn change(key: Uuid, branch_id: Uuid, status: &str) -> RowChange {
    RowChange {
        row: RowKey { table: TABLE, id: key },
        scope_id: key,
        branch_id,
        change: if status == "open" { Change::Insert } else { Change::Update },
        before: (status != "open").then(|| json!({ "status": "open" }).to_string()),
        after: Some(json!({ "status": status }).to_string()),
    }
}
