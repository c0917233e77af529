//! A seeded contractor, its server, and phones of it.

use anyhow::Context as _;
use satchel_domain::{
    REGISTRY,
    mutations::AddMaterial,
    tables::{PricebookItem, Visit, VisitState},
};
use satchel_protocol::Id;
use satchel_server::{
    auth::password::Cost,
    database::{Database, PoolLimits},
    http::Settings,
    seed::{self, SeedOptions, SeededOrganization},
};
use satchel_tests::{
    contractor::id,
    database,
    phone::Phone,
    postgres::{TestDatabase, TestPostgres},
    server::TestServer,
};
use sqlx::PgPool;

/// See the module.
pub struct World {
    /// Past row-level security, for the raw side.
    pub admin: PgPool,
    /// The server.
    pub server: TestServer,
    /// The contractor.
    pub organization: SeededOrganization,
    // In the order they are to go.
    _database: TestDatabase,
    _postgres: TestPostgres,
}

/// A visit that materials can be noted at.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    visit: (Id<satchel_domain::tables::Job>, Id<Visit>),
    item: Id<PricebookItem>,
}

impl Place {
    /// A line of material of its own.
    pub fn material(&self) -> AddMaterial {
        AddMaterial {
            job_id: self.visit.0,
            visit_id: self.visit.1,
            material_id: id(),
            item_id: self.item,
            quantity: rust_decimal::Decimal::ONE,
        }
    }
}

impl World {
    /// A new one of the typical size, on a Postgres that keeps what it commits.
    pub async fn new() -> anyhow::Result<Self> {
        Self::of(SeedOptions::typical(seed::today())).await
    }

    /// The same of another size.
    pub async fn of(options: SeedOptions) -> anyhow::Result<Self> {
        let postgres = TestPostgres::private();
        let test_database = database::fresh_in(&postgres).await;
        let options = SeedOptions { password_cost: Cost::Minimal, ..options };
        let seeded = seed::seed(&test_database.options(), &options).await?;
        let organization = seeded.organizations.into_iter().next().context("one organization was asked for")?;
        let database = Database::connect(database::as_service(&test_database), PoolLimits::default()).await?;
        let server = TestServer::start(&database, &REGISTRY, Settings::default()).await;
        let admin = test_database.pool(4).await;
        Ok(Self { admin, server, organization, _database: test_database, _postgres: postgres })
    }

    /// A new phone of a technician, signed in and not syncing yet.
    pub async fn phone(&self, technician: usize) -> Phone {
        let email = &self.organization.technicians[technician].email;
        Phone::sign_in(self.server.address(), &REGISTRY, email, SeedOptions::DEFAULT_PASSWORD).await
    }

    /// A new phone of a technician that has synced and goes on syncing.
    pub async fn synced_phone(&self, technician: usize) -> anyhow::Result<Phone> {
        let phone = self.phone(technician).await;
        phone.client.start().await?;
        phone.settled().await;
        Ok(phone)
    }

    /// Brings one of the phone's own visits to where materials are noted.
    pub async fn place(&self, phone: &Phone, technician: usize) -> anyhow::Result<Place> {
        let job = self.organization.technicians[technician].jobs[0];
        sqlx::query(
            "update satchel.visit set state = 'on_site', arrived_at = now(), ended_at = null where job_id = $1",
        )
        .bind(job)
        .execute(&self.admin)
        .await?;
        let visit = phone
            .sees("the visit", move |reader| {
                let visits = reader.find::<Visit>(Visit::BY_JOB, &[job.into()])?;
                Ok(visits.into_iter().find(|visit| visit.state == VisitState::OnSite))
            })
            .await;
        let item = phone
            .client
            .read(|reader| reader.select::<PricebookItem>("kind = 'material' and active limit 1", &[]))
            .await?
            .pop()
            .context("the pricebook has materials")?;
        Ok(Place { visit: (visit.job_id, visit.id), item: item.id })
    }
}
