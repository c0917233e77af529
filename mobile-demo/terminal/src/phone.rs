//! The client core as both faces use it.

use satchel_client::{
    Client, ClientError, ClientOptions,
    store::{Difference, Identity},
};
use satchel_domain::REGISTRY;
use uuid::Uuid;

use crate::options::Options;

/// A phone. Cheap to clone; all clones are one phone.
#[derive(Clone, Debug)]
pub struct Phone {
    /// The client core.
    pub client: Client,
}

impl Phone {
    /// Switches a phone on: whoever signed in last is still signed in, and syncing begins.
    pub async fn open(options: &Options) -> Result<Self, ClientError> {
        let client = Client::open(ClientOptions::new(&options.folder, &options.server, &REGISTRY)).await?;
        let phone = Self { client };
        if phone.client.identity().is_ok() {
            if options.offline {
                phone.client.set_network(false).await?;
            }
            phone.client.start().await?;
        }
        Ok(phone)
    }

    /// Signs in, and begins to sync.
    pub async fn sign_in(&self, email: &str, password: &str, org_id: Option<Uuid>) -> Result<Identity, ClientError> {
        let identity = self.client.sign_in(email, password, org_id).await?;
        self.client.start().await?;
        Ok(identity)
    }

    /// Takes a mutation back, alone or with everything that depends on it.
    pub async fn undo(&self, key: Uuid, group: bool) -> Result<(), ClientError> {
        match group {
            true => self.client.undo_group(key).await,
            false => self.client.undo(key).await,
        }
    }

    /// Where the checksums kept differ from the rows; empty is good.
    pub async fn verify(&self) -> Result<Vec<Difference>, ClientError> {
        let store = self.client.store()?;
        match tokio::task::spawn_blocking(move || store.verify_local()).await {
            Ok(result) => Ok(result?),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}
