//! How to open a client.

use std::{path::PathBuf, sync::Arc};

use satchel_protocol::Registry;

use crate::{
    clock::{DeviceClock, SystemClock},
    engine::Limits,
    session::TokenStore,
    store::StoreOptions,
    transport::NetworkOptions,
};

/// See [`Client::open`](super::Client::open).
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// The app's own folder for replicas, and for the session if there is no `token_store`. Made if missing.
    pub folder: PathBuf,
    /// `https://sync.example.com`, with a path if the server has one.
    pub server_url: String,
    /// The trade's tables and mutations.
    pub registry: &'static Registry,
    /// Where the session is kept; a file in `folder` if none.
    pub token_store: Option<Arc<dyn TokenStore>>,
    /// The device's clocks.
    pub clock: Arc<dyn DeviceClock>,
    /// How replica files are opened.
    pub store: StoreOptions,
    /// How the server is reached.
    pub network: NetworkOptions,
    /// Times and counts of the engine.
    pub limits: Limits,
}

impl ClientOptions {
    /// The defaults.
    pub fn new(folder: impl Into<PathBuf>, server_url: impl Into<String>, registry: &'static Registry) -> Self {
        Self {
            folder: folder.into(),
            server_url: server_url.into(),
            registry,
            token_store: None,
            clock: Arc::new(SystemClock),
            store: StoreOptions::default(),
            network: NetworkOptions::default(),
            limits: Limits::default(),
        }
    }
}
