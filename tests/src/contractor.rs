//! A small contractor made row by row, and the server's push under it: for tests that are about writes.

use std::time::Duration;

use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;
use satchel_domain::tables::{
    self, Assignment, Branch, Customer, Job, JobPriority, JobState, Location, Organization, PricebookItem,
    PricebookKind, TaxClass, Technician, Visit, VisitState,
};
use satchel_protocol::{
    Id, Mutation, PROTOCOL_VERSION, PolicyFile, Record, Registry,
    context::ClientContext,
    record::UNSAVED,
    wire::{Outcome, PushRequest, PushResponse, PushedMutation},
};
use satchel_server::{
    bulk::Batch,
    database::{Caller, Database, PoolLimits},
    error::ApiError,
    feed::{Hub, HubSettings},
    policy::Policy,
    push::{self, Pusher},
};
use serde_json::value::to_raw_value;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{database, postgres::TestDatabase};

/// Connections of a test's own superuser pool.
const ADMIN_CONNECTIONS: u32 = 8;

/// An organization with people and a pricebook line, in a database of its own, and a server's push in front of it.
pub struct Contractor {
    /// Past row-level security, as no request is: to prepare and to look.
    pub admin: PgPool,
    /// What requests go through.
    pub database: Database,
    /// Executes pushes.
    pub pusher: Pusher,
    /// The organization.
    pub org_id: Uuid,
    /// Its only branch.
    pub branch_id: Id<Branch>,
    /// A customer.
    pub customer_id: Id<Customer>,
    /// A place of that customer.
    pub location_id: Id<Location>,
    /// A line of the pricebook.
    pub item_id: Id<PricebookItem>,
    /// Someone of the office.
    pub dispatcher: Caller,
    /// Two technicians.
    pub technicians: [TechnicianOnStaff; 2],
    _postgres: TestDatabase,
}

/// A technician who can sign in.
#[derive(Clone, Copy, Debug)]
pub struct TechnicianOnStaff {
    /// As a caller.
    pub caller: Caller,
    /// As a row.
    pub id: Id<Technician>,
}

/// A job with one visit.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// The job.
    pub job_id: Id<Job>,
    /// Its visit.
    pub visit_id: Id<Visit>,
}

impl Contractor {
    /// A new one, whose server knows `registry`.
    ///
    /// # Panics
    /// When anything fails.
    pub async fn new(registry: &'static Registry) -> Self {
        Self::on(database::fresh().await, registry).await
    }

    /// The same in this empty, migrated database.
    ///
    /// # Panics
    /// When anything fails.
    pub async fn on(postgres: TestDatabase, registry: &'static Registry) -> Self {
        let admin = postgres.pool(ADMIN_CONNECTIONS).await;
        let service = database::as_service(&postgres);
        let database = Database::connect(service, PoolLimits::default()).await.expect("the service role may log in");
        let settings = HubSettings { poll: Duration::from_millis(500), announce: false };
        let hub = Hub::start(database.clone(), settings);
        let policy = Policy::load(registry).expect("the registry's policy");
        let pusher = Pusher::new(database.clone(), hub, registry, policy);

        let org_id = Uuid::now_v7();
        let caller = || Caller::trusted(org_id, Uuid::now_v7());
        let technician = || TechnicianOnStaff { caller: caller(), id: id() };
        let contractor = Self {
            admin,
            database,
            pusher,
            org_id,
            branch_id: id(),
            customer_id: id(),
            location_id: id(),
            item_id: id(),
            dispatcher: caller(),
            technicians: [technician(), technician()],
            _postgres: postgres,
        };
        contractor.write().await;
        contractor
    }

    async fn write(&self) {
        let organization = Organization {
            id: Id::new(self.org_id),
            rev: UNSAVED,
            name: "Testing & Sons".to_owned(),
            currency: "USD".to_owned(),
        };
        self.insert(|batch| batch.push(self.org_id, &organization)).await;
        self.member(&self.dispatcher, &["dispatcher"]).await;
        for technician in &self.technicians {
            self.member(&technician.caller, &["technician"]).await;
        }
        self.insert(|batch| {
            let zone = "America/Chicago".to_owned();
            let branch = Branch { id: self.branch_id, rev: UNSAVED, name: "Main".to_owned(), zone: zone.clone() };
            batch.push(self.org_id, &branch);
            for technician in &self.technicians {
                let row = Technician {
                    id: technician.id,
                    rev: UNSAVED,
                    branch_id: self.branch_id,
                    user_id: Some(technician.caller.user_id),
                    name: "A technician".to_owned(),
                    active: true,
                };
                batch.push(self.org_id, &row);
            }
            let item = PricebookItem {
                id: self.item_id,
                rev: UNSAVED,
                code: "P-1".to_owned(),
                name: "Filter".to_owned(),
                kind: PricebookKind::Material,
                unit: "each".to_owned(),
                price_cents: 1_250,
                active: true,
                category_id: None,
                tax_class: TaxClass::Standard,
                labour_minutes: None,
                description: String::new(),
            };
            batch.push(self.org_id, &item);
            let customer = Customer {
                id: self.customer_id,
                rev: UNSAVED,
                name: "A customer".to_owned(),
                phone: None,
                email: None,
            };
            batch.push(self.org_id, &customer);
            let location = Location {
                id: self.location_id,
                rev: UNSAVED,
                customer_id: self.customer_id,
                address: "1 Test Street".to_owned(),
                latitude: Some(Decimal::new(41_878_113, 6)),
                longitude: None,
                zone,
                access_notes: None,
                postal_code: None,
                territory_id: None,
            };
            batch.push(self.org_id, &location);
        })
        .await;
    }

    /// Another branch.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn branch(&self, name: &str) -> Id<Branch> {
        let branch = Branch { id: id(), rev: UNSAVED, name: name.to_owned(), zone: "America/Chicago".to_owned() };
        self.insert(|batch| batch.push(self.org_id, &branch)).await;
        branch.id
    }

    /// Another member, limited to these branches.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn member_in(&self, role: &str, branches: &[Id<Branch>]) -> Caller {
        let caller = Caller::trusted(self.org_id, Uuid::now_v7());
        self.member(&caller, &[role]).await;
        let branches: Vec<Uuid> = branches.iter().map(|branch| branch.uuid()).collect();
        sqlx::query("update satchel.membership set branch_ids = $2 where user_id = $1")
            .bind(caller.user_id)
            .bind(branches)
            .execute(&self.admin)
            .await
            .expect("a membership");
        caller
    }

    /// Somebody else of the organization, with this role and no password.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn colleague(&self, role: &str) -> Caller {
        let caller = Caller::trusted(self.org_id, Uuid::now_v7());
        self.member(&caller, &[role]).await;
        caller
    }

    /// Somebody new in the organization, with these roles, in all branches.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn hire(&self, roles: &[&str]) -> Caller {
        let caller = Caller::trusted(self.org_id, Uuid::now_v7());
        self.member(&caller, roles).await;
        caller
    }

    /// Gives a member other roles.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn set_roles(&self, caller: &Caller, roles: &[&str]) {
        sqlx::query("update satchel.membership set roles = $3 where org_id = $1 and user_id = $2")
            .bind(caller.org_id)
            .bind(caller.user_id)
            .bind(roles)
            .execute(&self.admin)
            .await
            .expect("known roles");
    }

    async fn member(&self, caller: &Caller, roles: &[&str]) {
        sqlx::query("insert into satchel.app_user (id, email, name) values ($1, $2, 'Somebody')")
            .bind(caller.user_id)
            .bind(format!("{}@example.com", caller.user_id))
            .execute(&self.admin)
            .await
            .expect("a user");
        sqlx::query("insert into satchel.membership (org_id, user_id, roles) values ($1, $2, $3)")
            .bind(caller.org_id)
            .bind(caller.user_id)
            .bind(roles)
            .execute(&self.admin)
            .await
            .expect("a membership");
    }

    /// Writes rows past row-level security.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn insert(&self, fill: impl FnOnce(&mut Batch)) {
        let mut batch = Batch::new(tables::ALL);
        fill(&mut batch);
        let mut connection = self.admin.acquire().await.expect("a connection");
        batch.flush(&mut connection).await.expect("rows that fit");
    }

    /// A job whose visit, in this state, is assigned to these technicians.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn work(&self, state: VisitState, technicians: &[TechnicianOnStaff]) -> Work {
        self.work_in(self.branch_id, Timestamp::now(), state, technicians).await
    }

    /// The same in any branch, the visit beginning then.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn work_in(
        &self,
        branch_id: Id<Branch>,
        now: Timestamp,
        state: VisitState,
        technicians: &[TechnicianOnStaff],
    ) -> Work {
        let work = Work { job_id: id(), visit_id: id() };
        let window_end = now + 2.hours();
        self.insert(|batch| {
            let job = Job {
                id: work.job_id,
                rev: UNSAVED,
                branch_id,
                customer_id: self.customer_id,
                location_id: self.location_id,
                equipment_id: None,
                number: None,
                title: "A job".to_owned(),
                description: String::new(),
                state: JobState::Scheduled,
                priority: JobPriority::Normal,
                cancel_reason: None,
            };
            batch.push(self.org_id, &job);
            let visit = Visit {
                id: work.visit_id,
                rev: UNSAVED,
                job_id: work.job_id,
                branch_id,
                state,
                window_start: now,
                window_end,
                zone: "America/Chicago".to_owned(),
                arrived_at: None,
                ended_at: None,
                outcome: None,
            };
            batch.push(self.org_id, &visit);
            for technician in technicians {
                let assignment = Assignment {
                    id: id(),
                    rev: UNSAVED,
                    job_id: work.job_id,
                    branch_id,
                    visit_id: work.visit_id,
                    technician_id: technician.id,
                    window_start: now,
                    window_end,
                    open: true,
                    overlap_confirmed: false,
                };
                batch.push(self.org_id, &assignment);
            }
        })
        .await;
        work
    }

    /// A number that an administrator's query gives.
    ///
    /// # Panics
    /// When Postgres refuses.
    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.admin).await.expect("a query that counts")
    }

    /// A phone of a member.
    pub fn phone(&self, caller: Caller) -> Phone {
        Phone { caller, device_id: Uuid::now_v7(), seq: 0 }
    }

    /// Pushes mutations as a phone does.
    ///
    /// # Errors
    /// What the server answered.
    pub async fn push(&self, phone: &Phone, mutations: Vec<PushedMutation>) -> Result<PushResponse, ApiError> {
        let request = PushRequest { protocol: PROTOCOL_VERSION, device_id: phone.device_id, mutations };
        push::push(&self.pusher, &phone.caller, request).await
    }

    /// Pushes one mutation and gives its outcome.
    ///
    /// # Panics
    /// When the push as a whole fails.
    pub async fn outcome<M: Mutation>(&self, phone: &mut Phone, mutation: &M) -> Outcome {
        let mutation = phone.next(mutation);
        let response = self.push(phone, vec![mutation]).await.expect("a push that is in order");
        response.verdicts.into_iter().next().expect("one verdict per mutation").outcome
    }
}

/// A device's count, as a phone keeps it.
#[derive(Clone, Debug)]
pub struct Phone {
    /// Whose it is.
    pub caller: Caller,
    /// The device.
    pub device_id: Uuid,
    /// The last sequence number given out.
    pub seq: u64,
}

impl Phone {
    /// The next mutation of this phone.
    pub fn next<M: Mutation>(&mut self, mutation: &M) -> PushedMutation {
        let args = serde_json::to_string(mutation).expect("arguments are JSON");
        self.next_raw(M::NAME, &args)
    }

    /// The next mutation of this phone, with any name and arguments.
    ///
    /// # Panics
    /// When the arguments are not JSON.
    pub fn next_raw(&mut self, name: &str, args: &str) -> PushedMutation {
        self.seq += 1;
        let now = Timestamp::now();
        let context = ClientContext::at(now);
        PushedMutation {
            seq: self.seq,
            key: Uuid::now_v7(),
            name: name.to_owned(),
            args: serde_json::value::RawValue::from_string(args.to_owned()).expect("arguments are JSON"),
            retry_of: None,
            context: to_raw_value(&context).expect("a context is JSON"),
        }
    }
}

/// A fresh id.
pub fn id<R: Record>() -> Id<R> {
    Id::new(Uuid::now_v7())
}

/// A registry with a test's own tables, mutations and policies beside the trade's.
pub fn registry(
    tables: &[&'static satchel_protocol::Table],
    mutations: &[satchel_protocol::MutationKind],
    policies: &[PolicyFile],
) -> &'static Registry {
    let trade = &satchel_domain::REGISTRY;
    Box::leak(Box::new(Registry {
        tables: Box::leak([trade.tables, tables].concat().into_boxed_slice()),
        mutations: Box::leak([trade.mutations, mutations].concat().into_boxed_slice()),
        queries: trade.queries,
        roles: trade.roles,
        policies: Box::leak([trade.policies, policies].concat().into_boxed_slice()),
    }))
}
