//! What to do with each mutation of a batch, decided before any of them runs.
//!
//! The rules, in the order they are asked:
//!
//! | the batch | the answer |
//! |---|---|
//! | `seq` does not rise by one, or is 0 | `BAD_REQUEST` for the batch |
//! | starts above the device's `last_seq` + 1 | `SEQUENCE_GAP` with `expected_seq`; nothing is applied |
//! | a key with a verdict, same content | the stored verdict again, whichever `seq` or RPC it came by; once that is forgotten, [`Outcome::Expired`] |
//! | a key with a verdict, other content | rejected, `CONFLICT`, `mutation.key_reused` |
//! | an unknown key at a `seq` up to `last_seq` | `DEVICE_CLONED`: two phones count under one device id |
//! | anything else | it runs, and its verdict is stored |
//!
//! Invariant: whatever the answer of a mutation is, it is the answer of every repeat.
//!
//! [`Outcome::Expired`]: satchel_protocol::wire::Outcome::Expired

use std::collections::{HashMap, HashSet};

use satchel_protocol::{ErrorCode, wire::Outcome};
use serde_json::json;
use uuid::Uuid;

use crate::{error::ApiError, store::Entry};

/// What identifies a mutation and its content.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The device's count; 0 without a device.
    pub seq: u64,
    /// The idempotency key.
    pub key: Uuid,
    /// The content hash.
    pub hash: [u8; 32],
}

/// What is known about the author's past.
#[derive(Debug, Default)]
pub struct Known {
    /// Ledger entries by key.
    pub entries: HashMap<Uuid, Entry>,
    /// Keys that the ledger holds out of the author's sight.
    pub foreign: HashSet<Uuid>,
    /// The device's count; none without a device.
    pub last_seq: Option<u64>,
}

/// What to do with a mutation.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Run it.
    Run,
    /// Give the stored verdict again.
    Repeat(Outcome),
    /// Give the verdict of an earlier mutation of this batch again.
    Same(usize),
    /// Refuse it: the key stands for something else.
    KeyReused,
}

/// Why nothing of the batch can be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disorder {
    /// The batch starts too late.
    Gap {
        /// Where it has to start.
        expected_seq: u64,
    },
    /// Two phones count under one device id.
    Cloned {
        /// Where they differ.
        seq: u64,
    },
}

impl From<Disorder> for ApiError {
    fn from(disorder: Disorder) -> Self {
        match disorder {
            Disorder::Gap { expected_seq } => {
                let message = format!("Mutations are missing: this device's next is number {expected_seq}.");
                Self::new(ErrorCode::SequenceGap, message).with_details(json!({ "expected_seq": expected_seq }))
            }
            Disorder::Cloned { seq } => Self::new(
                ErrorCode::DeviceCloned,
                "Another phone has pushed under this device's id. Take a new device id and push again; keys stay.",
            )
            .with_details(json!({ "seq": seq })),
        }
    }
}

/// Decides.
///
/// # Errors
/// Why nothing of the batch can be applied.
pub fn decide(claims: &[Claim], known: &Known) -> Result<Vec<Decision>, Disorder> {
    if let (Some(first), Some(last_seq)) = (claims.first(), known.last_seq)
        && first.seq > last_seq + 1
    {
        return Err(Disorder::Gap { expected_seq: last_seq + 1 });
    }
    let mut earlier: HashMap<Uuid, usize> = HashMap::new();
    let mut decisions = Vec::with_capacity(claims.len());
    for (position, claim) in claims.iter().enumerate() {
        decisions.push(if let Some(entry) = known.entries.get(&claim.key) {
            if entry.content_hash == claim.hash { Decision::Repeat(entry.outcome.clone()) } else { Decision::KeyReused }
        } else if known.foreign.contains(&claim.key) {
            Decision::KeyReused
        } else if let Some(&twin) = earlier.get(&claim.key) {
            if claims[twin].hash == claim.hash { Decision::Same(twin) } else { Decision::KeyReused }
        } else if known.last_seq.is_some_and(|last_seq| claim.seq <= last_seq) {
            return Err(Disorder::Cloned { seq: claim.seq });
        } else {
            Decision::Run
        });
        earlier.entry(claim.key).or_insert(position);
    }
    Ok(decisions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(seq: u64, key: u128, content: u8) -> Claim {
        Claim { seq, key: Uuid::from_u128(key), hash: [content; 32] }
    }

    fn known(last_seq: u64, entries: &[(u128, u8)]) -> Known {
        let entry = |&(key, content): &(u128, u8)| {
            (Uuid::from_u128(key), Entry { content_hash: [content; 32], outcome: Outcome::Expired })
        };
        Known { entries: entries.iter().map(entry).collect(), foreign: HashSet::new(), last_seq: Some(last_seq) }
    }

    #[test]
    fn the_next_one_runs() {
        assert_eq!(decide(&[claim(3, 30, 1)], &known(2, &[])), Ok(vec![Decision::Run]));
    }

    #[test]
    fn a_repeat_gets_its_verdict_and_the_rest_runs() {
        let batch = [claim(2, 20, 1), claim(3, 30, 1)];
        let decided = decide(&batch, &known(2, &[(20, 1)]));
        assert_eq!(decided, Ok(vec![Decision::Repeat(Outcome::Expired), Decision::Run]));
    }

    #[test]
    fn a_gap_names_the_expected_seq() {
        assert_eq!(decide(&[claim(5, 50, 1)], &known(2, &[])), Err(Disorder::Gap { expected_seq: 3 }));
    }

    #[test]
    fn another_mutation_at_a_used_seq_is_a_clone() {
        assert_eq!(decide(&[claim(2, 21, 1)], &known(2, &[(20, 1)])), Err(Disorder::Cloned { seq: 2 }));
    }

    #[test]
    fn a_key_stands_for_one_content() {
        let batch = [claim(3, 20, 9), claim(4, 40, 1), claim(5, 40, 1), claim(6, 40, 2)];
        let decided = decide(&batch, &known(2, &[(20, 1)]));
        let expected = vec![Decision::KeyReused, Decision::Run, Decision::Same(1), Decision::KeyReused];
        assert_eq!(decided, Ok(expected));
    }

    #[test]
    fn without_a_device_there_is_no_order() {
        let known = Known::default();
        assert_eq!(decide(&[claim(0, 1, 1)], &known), Ok(vec![Decision::Run]));
    }
}
