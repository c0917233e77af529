//! The client core as both faces use it.

use satchel_client::{
    Client, ClientError, ClientOptions,
    client::Mutated,
    store::{Difference, Identity},
};
use satchel_domain::{REGISTRY, mutations::EditNote, tables::Note};
use satchel_protocol::{Id, Mutation as _};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{
    note_edit::{self, EditError},
    options::Options,
};

/// A phone. Cheap to clone; all clones are one phone.
#[derive(Clone, Debug)]
pub struct Phone {
    /// The client core.
    pub client: Client,
}

/// What a phone could not do.
#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    /// The client core says no.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A text cannot become an edit of a note.
    #[error(transparent)]
    Edit(#[from] EditError),
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

    /// Runs and queues a mutation by its name.
    pub async fn mutate(&self, name: &str, args: Box<RawValue>) -> Result<Mutated, PhoneError> {
        Ok(self.client.mutate_named(name, args).await?)
    }

    /// Turns a note into `text`, keeping what others wrote since it was `base`; none when it is that already.
    pub async fn edit_note(
        &self,
        note: Id<Note>,
        base: Option<String>,
        text: String,
    ) -> Result<Option<Mutated>, PhoneError> {
        let edit = self.client.read(move |reader| Ok(note_edit::edit(reader, note, base.as_deref(), &text))).await??;
        match edit {
            Some(edit) => Ok(Some(self.client.mutate(&edit).await?)),
            None => Ok(None),
        }
    }

    /// Queues a refused mutation again; an edit that built on another refused one is written anew. Gives the new key;
    /// none when the text is as it was meant to be by now.
    pub async fn retry(&self, key: Uuid) -> Result<Option<Uuid>, PhoneError> {
        let attention = self.client.attention().await?;
        let edit = self.client.read(move |reader| Ok(note_edit::again(reader, &attention, key))).await??;
        let Some(edit) = edit else { return Ok(Some(self.client.retry(key).await?)) };
        let args =
            serde_json::value::to_raw_value(&edit).map_err(|_| ClientError::Arguments { name: EditNote::NAME })?;
        Ok(Some(self.client.edit(key, args).await?))
    }

    /// Takes a mutation back, alone or with everything that depends on it.
    pub async fn undo(&self, key: Uuid, group: bool) -> Result<(), PhoneError> {
        match group {
            true => Ok(self.client.undo_group(key).await?),
            false => Ok(self.client.undo(key).await?),
        }
    }

    /// Where the checksums kept differ from the rows; empty is good.
    pub async fn verify(&self) -> Result<Vec<Difference>, PhoneError> {
        let store = self.client.store()?;
        match tokio::task::spawn_blocking(move || store.verify_local()).await {
            Ok(result) => Ok(result.map_err(ClientError::from)?),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}
