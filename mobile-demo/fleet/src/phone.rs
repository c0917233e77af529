//! One phone: the client core over a folder, behind a wire of its own.

use std::path::PathBuf;

use anyhow::Context as _;
use satchel_client::{Client, ClientOptions, Status};
use satchel_domain::REGISTRY;
use satchel_stage::{people::Person, proof::Tables, proxy::Proxy};
use tokio::time::timeout;

use crate::{limits, site::Site};

/// See the module.
#[derive(Debug)]
pub struct Phone {
    /// What an app uses.
    pub client: Client,
    /// The wire, where it is ours to cut.
    pub wire: Option<Proxy>,
}

impl Phone {
    /// Signs somebody in on a phone that knows nothing yet, and waits until it is filled.
    ///
    /// # Errors
    /// When that is refused or takes too long.
    pub async fn fill(site: &Site, person: &Person, folder: PathBuf, speedup: u32) -> anyhow::Result<Self> {
        let wire = match site.address() {
            Some(address) => Some(Proxy::start(address).await.context("no port for a phone's wire")?),
            None => None,
        };
        let url = wire.as_ref().map_or_else(|| site.url().to_owned(), Proxy::url);
        let mut options = ClientOptions::new(folder, url, &REGISTRY);
        options.limits = limits::engine(speedup);
        let client = Client::open(options).await?;
        client.sign_in(&person.email, &person.password, Some(site.people().org_id)).await?;
        client.start().await?;
        let phone = Self { client, wire };
        phone.until(limits::FILL_TIME, Status::is_settled).await.context("a phone was not filled in time")?;
        Ok(phone)
    }

    /// Waits until the phone has connected anew and both sides agree: whatever the server had when this was called is
    /// here. False if that does not come about in time.
    ///
    /// # Errors
    /// When the phone fails.
    pub async fn rests(&self) -> anyhow::Result<bool> {
        self.client.stop().await?;
        self.until(limits::REST_TIME, |status| !status.caught_up).await?;
        self.client.start().await?;
        Ok(self.until(limits::REST_TIME, Status::is_settled).await.is_ok())
    }

    async fn until(&self, time: std::time::Duration, wanted: impl FnMut(&Status) -> bool) -> anyhow::Result<()> {
        let mut status = self.client.status();
        timeout(time, status.wait_for(wanted)).await.context("it takes too long")?.map(drop).context("it was closed")
    }

    /// Everything it holds.
    ///
    /// # Errors
    /// When the phone fails.
    pub async fn tables(&self) -> anyhow::Result<Tables> {
        let all = |reader: &satchel_client::Reader| {
            REGISTRY.tables.iter().map(|table| Ok((table.name, reader.rows(table)?))).collect()
        };
        Ok(self.client.read(all).await?)
    }
}
