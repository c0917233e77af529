//! What a new table costs: one migration, one `record!`, one mutation, a policy file, and a line
//! for each in the registry.

use rust_decimal::Decimal;
use satchel_client::ClientError;
use satchel_domain::tables::{Job, VisitState};
use satchel_protocol::{
    Ctx, Id, Mutation, MutationKind, PolicyFile, Record as _, Registry, Rejection, RowKey, Stop, Workspace, record,
    record::UNSAVED, wire::Outcome,
};
use satchel_tests::{
    contractor::{Contractor, id, registry},
    phone::Field,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The migration.
const MIGRATION: &str = "
    set role satchel_internal;
    set search_path = satchel;
    create table satchel.test_reading (
        org_id uuid not null,
        id uuid not null,
        rev bigint not null default 0,
        job_id uuid not null,
        branch_id uuid not null,
        taken_on date not null,
        pressure_kpa numeric(8, 2) not null check (pressure_kpa >= 0),
        photo bytea,
        trusted boolean not null,
        attempts integer not null,
        created_at timestamptz not null default now(),
        created_by uuid,
        updated_at timestamptz not null default now(),
        updated_by uuid,
        primary key (org_id, id),
        foreign key (org_id, job_id, branch_id) references satchel.job (org_id, id, branch_id) on update cascade
    );
    create index test_reading_by_job on satchel.test_reading (org_id, job_id, id);
    call satchel.sync_table('test_reading', scope => 'job_id', branch => 'branch_id');
    call satchel.allow_office('test_reading', '{select}', 'read', 'branch_id');
    call satchel.allow_field('test_reading', '{select,insert,update,delete}',
        'job_id = any (array(select satchel.my_job_ids()))');
    reset search_path;
    reset role;
";

record! {
    /// A pressure somebody read from a gauge.
    pub struct Reading in "test_reading" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<satchel_domain::tables::Branch>,
        /// The day.
        pub taken_on: jiff::civil::Date,
        /// The pressure in kilopascals.
        pub pressure_kpa: Decimal,
        /// The gauge.
        pub photo: Option<Vec<u8>>,
        /// Whether it looked plausible.
        pub trusted: bool,
        /// How often it was read.
        pub attempts: i32,
    }
    scope: "job_id";
    index BY_JOB = "test_reading.by_job" on ["job_id"];
}

/// Writes a reading down; the next one of the same day replaces it.
#[derive(Serialize, Deserialize, JsonSchema)]
struct TakeReading {
    job_id: Id<Job>,
    reading_id: Id<Reading>,
    pressure_kpa: Decimal,
}

impl Mutation for TakeReading {
    const NAME: &'static str = "test_reading/v1/take";
    const SUMMARY: &'static str = "Writes a reading down.";
    type Output = i32;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.job_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<i32, Stop> {
        if self.pressure_kpa.is_sign_negative() {
            return Err(Rejection::bad_request("test_reading.negative", "A pressure is not negative.").into());
        }
        let job: Job = work.require(self.job_id)?;
        let taken_on = ctx.occurred_at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let today: Option<Reading> = work
            .find::<Reading>(Reading::BY_JOB, vec![self.job_id.into()])?
            .into_iter()
            .find(|reading| reading.taken_on == taken_on);
        if let Some(mut reading) = today {
            reading.pressure_kpa = self.pressure_kpa;
            reading.attempts += 1;
            work.update(&reading)?;
            return Ok(reading.attempts);
        }
        work.insert(&Reading {
            id: self.reading_id,
            rev: UNSAVED,
            job_id: job.id,
            branch_id: job.branch_id,
            taken_on,
            pressure_kpa: self.pressure_kpa,
            photo: Some(vec![0, 255, 7]),
            trusted: true,
            attempts: 1,
        })?;
        Ok(1)
    }
}

/// Who may call it.
const POLICY: PolicyFile = PolicyFile {
    resource: "test_reading",
    text: r#"
        // Readings: who may write them down.
        @id("test_reading: write down")
        permit (
          principal,
          action == Action::"test_reading/v1/take",
          resource
        ) when {
          principal in [Role::"dispatcher", Role::"technician"]
        };
    "#,
};

fn with_readings() -> &'static Registry {
    registry(&[Reading::TABLE], &[MutationKind::of::<TakeReading>()], &[POLICY])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_made_up_table_and_mutation_are_pushed_like_any_other() {
    let contractor = Contractor::new(with_readings()).await;
    sqlx::raw_sql(MIGRATION).execute(&contractor.admin).await.unwrap();
    let technician = contractor.technicians[0];
    let work = contractor.work(VisitState::OnSite, &[technician]).await;
    let mut phone = contractor.phone(technician.caller);
    let reading_id = id::<Reading>();
    let take = |pressure_kpa| TakeReading { job_id: work.job_id, reading_id, pressure_kpa };

    // Two in one batch, then one on the row as Postgres gives it back.
    let batch = vec![phone.next(&take(Decimal::new(10_132, 2))), phone.next(&take(Decimal::new(998, 1)))];
    let response = contractor.push(&phone, batch).await.unwrap();
    let outputs: Vec<&Outcome> = response.verdicts.iter().map(|verdict| &verdict.outcome).collect();
    let output = |number: i32| Outcome::Accepted { output: number.into() };
    assert_eq!(outputs, [&output(1), &output(2)]);
    assert_eq!(contractor.outcome(&mut phone, &take(Decimal::new(1, 0))).await, output(3));

    let stored = "select count(*) from satchel.test_reading \
                  where attempts = 3 and pressure_kpa = 1 and photo = '\\x00ff07' and trusted and rev > 0";
    assert_eq!(contractor.count(stored).await, 1);
    let fed = "select count(distinct xid) from satchel.feed f join satchel.test_reading r on r.id = f.row_id \
               where f.table_name = 'test_reading' and f.scope_id = r.job_id";
    assert_eq!(contractor.count(fed).await, 2);

    // Somebody who is not on the job sees neither: what he enters is for the office to decide on.
    let mut other = contractor.phone(contractor.technicians[1].caller);
    let refused = contractor.outcome(&mut other, &take(Decimal::new(1, 0))).await;
    assert!(matches!(&refused, Outcome::Rejected(rejection) if rejection.reason == "inbox.reassigned"));
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_hold_a_made_up_table_and_run_its_mutation_offline() {
    let field = Field::of(with_readings()).await;
    sqlx::raw_sql(MIGRATION).execute(&field.contractor.admin).await.unwrap();
    let [one, two] = [field.contractor.technicians[0], field.contractor.technicians[1]];
    let work = field.contractor.work(VisitState::OnSite, &[one, two]).await;
    let (first, second) = (field.synced_phone(0).await, field.synced_phone(1).await);

    first.proxy.cut();
    let reading_id = id::<Reading>();
    let take = |kpa| TakeReading { job_id: work.job_id, reading_id, pressure_kpa: Decimal::new(kpa, 2) };
    first.client.mutate(&take(10_132)).await.unwrap();
    first.client.mutate(&take(9_980)).await.unwrap();
    let refused = first.client.mutate(&take(-1)).await.unwrap_err();
    assert!(matches!(&refused, ClientError::Refused(rejection) if rejection.reason == "test_reading.negative"));
    assert_eq!(first.sees_row::<Reading>(reading_id.uuid()).await.attempts, 2);

    first.proxy.mend();
    first.settled().await;
    assert_eq!(second.sees_row::<Reading>(reading_id.uuid()).await.pressure_kpa, Decimal::new(9_980, 2));
    first.assert_converged(&field.contractor.database).await;
    second.assert_converged(&field.contractor.database).await;
}
