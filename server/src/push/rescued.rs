//! Work out of a rescue bundle, executed as its author in the author's order.
//!
//! Invariant: keys and bytes are the phone's own, so that the ledger takes each mutation once, whether it comes out of
//! a bundle, from the phone, or both (P2).

use satchel_protocol::{
    ErrorCode,
    limits::PUSH_MUTATIONS,
    wire::{PushedMutation, Verdict},
};
use satchel_rescue::RescuedMutation;

use super::{
    FAULTS_BEFORE_QUARANTINE, Pusher,
    intake::{self, Intake},
    process,
};
use crate::{database::Caller, error::ApiError};

/// Executes them, a push's worth at a time, and tells after each how many are done.
///
/// # Errors
/// `FORBIDDEN` when the author is no member any more, `SERVICE_UNAVAILABLE`, `PAYLOAD_TOO_LARGE`. What was executed
/// before stays, and the bundle can be taken in again.
pub async fn rescued(
    state: &Pusher,
    author: &Caller,
    mutations: Vec<RescuedMutation>,
    mut progress: impl FnMut(usize),
) -> Result<Vec<Verdict>, ApiError> {
    let mut intakes = Vec::with_capacity(mutations.len());
    for RescuedMutation { key, name, args, context, retry_of } in mutations {
        intake::check_size(key, &args, &context)?;
        intakes.push(Intake::of(state.store.registry(), PushedMutation { seq: 0, key, name, args, context, retry_of }));
    }
    let mut verdicts = Vec::with_capacity(intakes.len());
    for batch in intakes.chunks(PUSH_MUTATIONS) {
        verdicts.extend(settled(state, author, batch).await?);
        progress(verdicts.len());
    }
    Ok(verdicts)
}

/// Faults are counted against the mutation at fault until it is set aside, as when a phone repeats its push.
async fn settled(state: &Pusher, author: &Caller, batch: &[Intake]) -> Result<Vec<Verdict>, ApiError> {
    let tries = batch.len() * FAULTS_BEFORE_QUARANTINE as usize;
    let mut faults = 0;
    loop {
        match process(state, author, None, batch).await {
            Ok(answered) => return Ok(answered.verdicts),
            Err(error) if error.code() == ErrorCode::InternalServerError && faults < tries => faults += 1,
            Err(error) => return Err(error),
        }
    }
}
