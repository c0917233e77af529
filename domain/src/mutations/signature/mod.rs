//! Signatures: `signature/v1/...`.

mod capture;
mod refuse;

pub use capture::{CaptureSignature, SignatureCaptured};
pub use refuse::{RefuseSignature, SignatureRefused};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use satchel_protocol::Rejection;

use crate::{
    rules::{
        document::{Document, HASH_BYTES},
        limits::base64_chars,
    },
    tables::SignerRelation,
};

/// Base64 characters of a hash.
const HASH_CHARS: usize = base64_chars(HASH_BYTES);

/// The hash of the document the person saw, if it is the one of the document as it stands; else refuses with
/// `signature.document_changed`.
fn require_hash(given: &str, document: &Document) -> Result<Vec<u8>, Rejection> {
    let decoded = (given.len() == HASH_CHARS).then(|| STANDARD.decode(given).ok()).flatten();
    let Some(hash) = decoded.filter(|hash| hash.len() == HASH_BYTES) else {
        let message = "The document's hash is malformed. Please update the app.";
        return Err(Rejection::bad_request("signature.document_hash", message));
    };
    if hash != document.hash() {
        let message = "What was to be signed has changed meanwhile. Please show it to the customer again.";
        return Err(Rejection::conflict("signature.document_changed", message));
    }
    Ok(hash)
}

/// Refuses a relation that this build does not know: it would not be stored.
fn known(relation: Option<&SignerRelation>) -> Result<Option<SignerRelation>, Rejection> {
    match relation {
        Some(SignerRelation::Unknown(_)) => {
            let message = "Please choose what the signer is to the customer from the list.";
            Err(Rejection::bad_request("signature.signer_relation", message))
        }
        known => Ok(known.cloned()),
    }
}
