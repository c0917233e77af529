//! Real phones: the client core over a file, behind a proxy of its own.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use satchel_client::{
    Client, ClientOptions, Status, StoreError,
    engine::Limits,
    session::{MemoryTokenStore, TokenStore as _},
};
use satchel_protocol::{Cell, Record, Registry, Row};
use satchel_server::{
    auth::password::{self, Cost},
    database::{Caller, Database},
    http::Settings,
};
use tempfile::TempDir;
use tokio::time::timeout;
use uuid::Uuid;

use crate::{
    contractor::Contractor,
    proxy::Proxy,
    replica::{Rows, visible},
    server::{PATIENCE_S, TestServer},
};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse";

/// A contractor with a server that phones can sign in to.
pub struct Field {
    /// The contractor.
    pub contractor: Contractor,
    /// The server.
    pub server: TestServer,
    registry: &'static Registry,
}

impl Field {
    /// A new one, over a server with the settings of production.
    ///
    /// # Panics
    /// When anything fails.
    pub async fn new() -> Self {
        Self::of(&satchel_domain::REGISTRY).await
    }

    /// A new one whose server and phones know these tables and mutations.
    ///
    /// # Panics
    /// When anything fails.
    pub async fn of(registry: &'static Registry) -> Self {
        Self::on(Contractor::new(registry).await, registry).await
    }

    /// The same around a contractor that is there.
    ///
    /// # Panics
    /// When anything fails.
    pub async fn on(contractor: Contractor, registry: &'static Registry) -> Self {
        let hash = password::hash(PASSWORD, Cost::Minimal).expect("a password that can be hashed");
        sqlx::query("update satchel.app_user set password_hash = $1")
            .bind(hash)
            .execute(&contractor.admin)
            .await
            .expect("users");
        let server = TestServer::start(&contractor.database, registry, Settings::default()).await;
        Self { contractor, server, registry }
    }

    /// A signed-in phone that is not syncing yet.
    ///
    /// # Panics
    /// When it cannot sign in.
    pub async fn phone(&self, caller: Caller) -> Phone {
        let email = format!("{}@example.com", caller.user_id);
        Phone::sign_in(self.server.address(), self.registry, &email, PASSWORD).await
    }

    /// The phone of a technician, syncing and caught up.
    ///
    /// # Panics
    /// When it does not catch up.
    pub async fn synced_phone(&self, technician: usize) -> Phone {
        let phone = self.phone(self.contractor.technicians[technician].caller).await;
        phone.client.start().await.expect("signed in");
        phone.settled().await;
        phone
    }

    /// The organization's pricebook grows by so many lines.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn pricebook(&self, lines: i32) {
        sqlx::query(
            "insert into satchel.pricebook_item (org_id, id, code, name, kind, unit, price_cents, active) \
             select $1, gen_random_uuid(), 'X-' || n, 'Line number ' || n, 'material', 'each', n, true \
             from generate_series(1, $2) n",
        )
        .bind(self.contractor.org_id)
        .bind(lines)
        .execute(&self.contractor.admin)
        .await
        .expect("a pricebook");
    }
}

/// A phone. Its parts can be taken apart and put together again.
pub struct Phone {
    /// Between it and the server.
    pub proxy: Proxy,
    /// What an app uses.
    pub client: Client,
    /// Where its session is kept.
    pub tokens: Arc<MemoryTokenStore>,
    /// How it was opened.
    pub options: ClientOptions,
    /// Whose it is.
    pub caller: Caller,
    _folder: TempDir,
}

impl Phone {
    /// A new phone of somebody, not syncing yet.
    ///
    /// # Panics
    /// When it cannot sign in.
    pub async fn sign_in(server: SocketAddr, registry: &'static Registry, email: &str, password: &str) -> Self {
        Self::sign_in_to(server, registry, email, password, None).await
    }

    /// The same in an organization of the user's choice.
    ///
    /// # Panics
    /// When it cannot sign in.
    pub async fn sign_in_to(
        server: SocketAddr,
        registry: &'static Registry,
        email: &str,
        password: &str,
        org_id: Option<Uuid>,
    ) -> Self {
        let proxy = Proxy::start(server).await.expect("a free port");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let tokens = Arc::new(MemoryTokenStore::default());
        let mut options = ClientOptions::new(folder.path(), proxy.url(), registry);
        options.token_store = Some(tokens.clone());
        // Tests cut wires often and should not wait for long.
        options.limits = Limits { backoff_base_ms: 20, backoff_most_ms: 200, ..Limits::default() };
        let client = Client::open(options.clone()).await.expect("an empty folder opens");
        let identity = client.sign_in(email, password, org_id).await.expect("the password is right");
        let caller = Caller::trusted(identity.org_id, identity.user_id);
        Self { proxy, client, tokens, options, caller, _folder: folder }
    }

    /// Waits until the status is as wanted.
    ///
    /// # Panics
    /// When it does not come about; the message tells the last status.
    pub async fn until(&self, what: &str, wanted: impl FnMut(&Status) -> bool) -> Status {
        let mut status = self.client.status();
        let patience = std::time::Duration::from_secs(PATIENCE_S);
        let reached = timeout(patience, status.wait_for(wanted)).await.map(|status| status.expect("a client").clone());
        reached.unwrap_or_else(|_| panic!("waited for: {what}; but {:#?}", *self.client.status().borrow()))
    }

    /// Waits until both sides agree.
    pub async fn settled(&self) -> Status {
        self.until("both sides agree", Status::is_settled).await
    }

    /// Waits until a query on the replica gives something.
    ///
    /// # Panics
    /// When it does not come about.
    pub async fn sees<T: Send + 'static>(
        &self,
        what: &str,
        query: impl Fn(&satchel_client::Reader) -> Result<Option<T>, StoreError> + Clone + Send + 'static,
    ) -> T {
        let observation = self.client.observe(&[]).expect("signed in");
        let looking = async {
            loop {
                if let Some(found) = self.client.read(query.clone()).await.expect("a query") {
                    return found;
                }
                observation.changed().await;
            }
        };
        let patience = std::time::Duration::from_secs(PATIENCE_S);
        timeout(patience, looking).await.unwrap_or_else(|_| panic!("never saw: {what}"))
    }

    /// Waits until a row is there.
    pub async fn sees_row<R: Record + Send>(&self, id: Uuid) -> R {
        self.sees(R::TABLE.name, move |reader| reader.get::<R>(id.into())).await
    }

    /// Waits until a row is gone.
    pub async fn loses_row<R: Record + Send>(&self, id: Uuid) {
        self.sees(R::TABLE.name, move |reader| Ok(reader.get::<R>(id.into())?.is_none().then_some(()))).await;
    }

    /// Lets go of the file, as if the app had ended, and opens it again with the same session.
    ///
    /// # Panics
    /// When the file cannot be opened.
    pub async fn reopen(&mut self) {
        self.client.close().await;
        self.client = Client::open(self.options.clone()).await.expect("the same folder opens again");
    }

    /// Replaces the access token kept, for phones that are not open.
    ///
    /// # Panics
    /// When nobody is signed in.
    pub fn set_access_token(&self, token: String) {
        let mut session = self.tokens.load().expect("memory").expect("a session");
        session.tokens.as_mut().expect("tokens").access = token;
        self.tokens.save(&session).expect("memory");
    }

    /// Asserts P5: with an empty queue the replica is what row-level security shows this user.
    ///
    /// # Panics
    /// When it is not; the message names ids only.
    pub async fn assert_converged(&self, database: &Database) {
        let registry = self.options.registry;
        let (_, expected) = visible(database, registry, &self.caller).await;
        let held: Rows = self
            .client
            .read(|reader| {
                let mut rows = BTreeMap::new();
                for table in registry.tables {
                    for row in reader.rows(table)? {
                        let id = row.first().and_then(Cell::as_uuid).expect("rows begin with their id");
                        rows.insert((table.name.to_owned(), id), row);
                    }
                }
                Ok(rows)
            })
            .await
            .expect("a query");
        let keys = |rows: &BTreeMap<(String, Uuid), Row>| rows.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&held), keys(&expected), "rows held and rows visible");
        for (key, row) in &expected {
            assert!(held.get(key) == Some(row), "{key:?} differs");
        }
        assert_eq!(self.client.store().expect("signed in").verify_local().expect("sums"), vec![]);
    }
}
