//! What came in, checked and decoded as far as no database is needed.
//!
//! Invariant: arguments and context are kept and stored in their original bytes, also those of a mutation this server
//! does not know or cannot read; only what exceeds a limit is turned away unread, and then the batch with it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use satchel_protocol::{
    AnyMutation, Ctx, ErrorCode, Registry, Rejection, RowKey,
    context::{ClientContext, Side},
    limits,
    mutation::content_hash,
    wire::{PushRequest, PushedMutation},
};
use serde_json::{json, value::RawValue};
use uuid::Uuid;

use super::{inbox::Order, sequence::Claim};
use crate::{
    database::{Caller, Member},
    error::{ApiError, check_protocol},
};

/// Bytes of a mutation's name that are kept.
const NAME_BYTES: usize = 200;
/// Bytes of a mutation's context.
const CONTEXT_BYTES: usize = 4 * 1024;
/// The first `seq` that JSON numbers cannot hold exactly.
const SEQ_END: u64 = 1 << 53;

/// A mutation on its way in.
pub(super) struct Intake {
    /// Its identity.
    pub claim: Claim,
    /// Its name, cut to what is kept.
    pub name: String,
    /// The arguments, in the original bytes.
    pub args: Box<RawValue>,
    /// The context, in the original bytes.
    pub context: Box<RawValue>,
    /// The refused mutation it was entered in place of.
    pub retry_of: Option<Uuid>,
    /// The rule to run, or why there is none.
    pub prepared: Result<Prepared, Rejection>,
}

/// A decoded mutation.
pub(super) struct Prepared {
    /// The rule and its arguments.
    pub mutation: Box<dyn AnyMutation>,
    /// The aggregates it is about.
    pub roots: Vec<RowKey>,
    /// The codes it may be refused with.
    pub errors: &'static [ErrorCode],
    /// What it asks of the inbox, if that is what it is about.
    pub order: Option<Order>,
    context: ClientContext,
    /// Whether a phone recorded the circumstances; a web client's are the call itself.
    of_phone: bool,
}

/// Checks what holds for the batch as a whole.
///
/// # Errors
/// BAD_REQUEST, PAYLOAD_TOO_LARGE or UPGRADE_REQUIRED.
pub fn check(request: &PushRequest) -> Result<(), ApiError> {
    check_protocol(request.protocol)?;
    if request.device_id.is_nil() {
        return Err(ApiError::bad_request("A push names its device."));
    }
    if request.mutations.len() > limits::PUSH_MUTATIONS {
        return Err(ApiError::too_large("A push", limits::PUSH_MUTATIONS, "mutations"));
    }
    let first = request.mutations.first().map_or(1, |mutation| mutation.seq);
    for (mutation, place) in request.mutations.iter().zip(0..) {
        let expected = first.checked_add(place);
        if expected != Some(mutation.seq) || !(1..SEQ_END).contains(&mutation.seq) {
            return Err(ApiError::bad_request("The seq of a push's mutations rises by one, from 1 or above.")
                .with_details(json!({ "seq": mutation.seq })));
        }
        check_size(mutation.key, &mutation.args, &mutation.context)
            .map_err(|error| error.with_details(json!({ "seq": mutation.seq })))?;
    }
    Ok(())
}

/// Checks one mutation's limits.
pub(super) fn check_size(key: Uuid, args: &RawValue, context: &RawValue) -> Result<(), ApiError> {
    if key.is_nil() {
        return Err(ApiError::bad_request("Every mutation has an idempotency key, a UUID."));
    }
    if args.get().len() > limits::ARGS_BYTES {
        return Err(ApiError::too_large("The arguments of a mutation", limits::ARGS_BYTES, "bytes"));
    }
    if context.get().len() > CONTEXT_BYTES {
        return Err(ApiError::too_large("The context of a mutation", CONTEXT_BYTES, "bytes"));
    }
    Ok(())
}

impl Intake {
    /// Decodes a mutation.
    pub fn of(registry: &Registry, mutation: PushedMutation) -> Self {
        let PushedMutation { seq, key, name, args, context, retry_of } = mutation;
        let hash = content_hash(&name, &args, &context);
        let prepared = Prepared::read(registry, &name, &args, &context);
        Self { retry_of, ..Self::kept(Claim { seq, key, hash }, name, args, context, prepared) }
    }

    /// Decodes a mutation that comes from no device: it happens now, and the same call made later is the same content.
    pub fn single(registry: &Registry, key: Uuid, name: String, args: Box<RawValue>) -> Self {
        let context = RawValue::NULL.to_owned();
        let hash = content_hash(&name, &args, &context);
        let prepared = Prepared::now(registry, &name, &args);
        Self::kept(Claim { seq: 0, key, hash }, name, args, context, prepared)
    }

    fn kept(
        claim: Claim,
        name: String,
        args: Box<RawValue>,
        context: Box<RawValue>,
        prepared: Result<Prepared, Rejection>,
    ) -> Self {
        let name = name.replace('\0', "\u{fffd}");
        let end = (0..=NAME_BYTES.min(name.len())).rev().find(|end| name.is_char_boundary(*end)).unwrap_or_default();
        let name = name[..end].to_owned();
        Self { claim, name, args, context, retry_of: None, prepared }
    }
}

type Decoded = (Box<dyn AnyMutation>, &'static [ErrorCode], Option<Order>);

fn prepare(registry: &Registry, name: &str, args: &RawValue) -> Result<Decoded, Rejection> {
    let kind = registry.mutation(name).ok_or_else(|| {
        let message = "This server does not know this kind of change. It was kept; ask your office.";
        Rejection::bad_request("mutation.unknown", message)
    })?;
    let mutation = (kind.decode)(args.get()).map_err(|error| unreadable("mutation.arguments", &error.to_string()))?;
    Ok((mutation, kind.errors, Order::of(name, args)?))
}

fn unreadable(reason: &str, what: &str) -> Rejection {
    Rejection::bad_request(reason, format!("The app sent something the server cannot read ({what})."))
}

impl Prepared {
    /// With the circumstances a phone recorded.
    pub fn read(registry: &Registry, name: &str, args: &RawValue, context: &RawValue) -> Result<Self, Rejection> {
        let decoded = prepare(registry, name, args)?;
        let context = serde_json::from_str(context.get())
            .map_err(|error| unreadable("mutation.context", &format!("context, column {}", error.column())))?;
        Ok(Self::of(decoded, context))
    }

    /// Without any: it happens now.
    pub fn now(registry: &Registry, name: &str, args: &RawValue) -> Result<Self, Rejection> {
        let now = Timestamp::now();
        Ok(Self { of_phone: false, ..Self::of(prepare(registry, name, args)?, ClientContext::at(now)) })
    }

    fn of((mutation, errors, order): Decoded, context: ClientContext) -> Self {
        // A rule that cannot even name its roots runs without, and fails where faults are counted.
        let roots = catch_unwind(AssertUnwindSafe(|| mutation.roots())).unwrap_or_default();
        Self { mutation, roots, errors, order, context, of_phone: true }
    }

    /// When it happened by the author's clock.
    pub fn clock(&self) -> &ClientContext {
        &self.context
    }

    /// What the author's phone said the time was; none without a phone.
    pub fn device_clock(&self) -> Option<Timestamp> {
        self.of_phone.then_some(self.context.device_clock)
    }

    /// Who, where and when, for the rule.
    pub fn ctx(&self, caller: &Caller, member: &Member, key: Uuid) -> Ctx {
        Ctx {
            org_id: caller.org_id,
            user_id: caller.user_id,
            technician_id: member.technician_id,
            roles: member.roles.clone(),
            key,
            occurred_at: self.context.occurred_at,
            device_clock: self.device_clock(),
            side: Side::Server,
        }
    }
}
