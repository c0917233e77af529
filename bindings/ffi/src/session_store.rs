//! The platform's keystore as the core's token store.

use std::sync::Arc;

use satchel_client::session::{StoredSession, TokenStore, TokenStoreError};

/// Keeps one secret text: the session. Backed by the platform's keystore; called off the main thread, may block.
#[uniffi::export(with_foreign)]
pub trait SessionStore: Send + Sync {
    /// The text, if one is kept.
    fn load(&self) -> Result<Option<String>, SessionStoreError>;
    /// Replaces it; durable on return.
    fn save(&self, session: String) -> Result<(), SessionStoreError>;
    /// Forgets it.
    fn clear(&self) -> Result<(), SessionStoreError>;
}

/// The keystore said no.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum SessionStoreError {
    /// Why, without secrets.
    #[error("{explanation}")]
    Failed {
        /// Why, without secrets.
        explanation: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for SessionStoreError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // What was thrown may quote the secret.
        Self::Failed { explanation: "it threw something".to_owned() }
    }
}

impl From<SessionStoreError> for TokenStoreError {
    fn from(error: SessionStoreError) -> Self {
        Self::Keystore { reason: error.to_string() }
    }
}

/// An app's store for the core.
pub(crate) struct Keystore(pub(crate) Arc<dyn SessionStore>);

impl std::fmt::Debug for Keystore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keystore")
    }
}

impl TokenStore for Keystore {
    fn load(&self) -> Result<Option<StoredSession>, TokenStoreError> {
        let Some(text) = self.0.load()? else { return Ok(None) };
        let read = serde_json::from_str(&text);
        read.map(Some).map_err(|_| TokenStoreError::Keystore { reason: "it holds no session".to_owned() })
    }

    fn save(&self, session: &StoredSession) -> Result<(), TokenStoreError> {
        let text = serde_json::to_string(session)
            .map_err(|_| TokenStoreError::Keystore { reason: "the session is not text".to_owned() })?;
        Ok(self.0.save(text)?)
    }

    fn clear(&self) -> Result<(), TokenStoreError> {
        Ok(self.0.clear()?)
    }
}
