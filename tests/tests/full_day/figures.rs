//! The figures of the day: as the phone has them, as the office finds them in Postgres, as its queries tell them.

use std::collections::BTreeMap;

use reqwest::Method;
use rust_decimal::Decimal;
use satchel_domain::{
    queries::{GetJob, InvoicePage, JobView, ListInvoices, StockLevels, StockPage},
    tables::{
        Estimate, EstimateOption, Invoice, InvoiceState, MaterialUsed, Payment, StockLevel, TimeEntry, Visit,
        VisitStatusEvent,
    },
};
use satchel_protocol::Query;
use satchel_tests::server::Client;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sqlx::{FromRow, PgConnection, postgres::PgRow};
use uuid::Uuid;

use crate::{day::Day, site::Site};

/// State; subtotal, discount, tax, total, paid and pending in cents; whether overpaid.
type InvoiceFigures = (String, i64, i64, i64, i64, i64, i64, bool);

/// An invoice with its figures, as Postgres gives it.
type InvoiceRow = (Uuid, String, i64, i64, i64, i64, i64, i64, bool);

/// All that must agree, by row.
#[derive(Debug, Default, PartialEq)]
pub struct Figures {
    pub visits: BTreeMap<Uuid, String>,
    /// How many events a visit has.
    pub events: BTreeMap<Uuid, i64>,
    /// Kind, and start and end in microseconds.
    pub times: BTreeMap<Uuid, (String, i64, Option<i64>)>,
    /// Quantity and price in cents.
    pub materials: BTreeMap<Uuid, (Decimal, i64)>,
    /// State, and which option was approved.
    pub estimates: BTreeMap<Uuid, (String, Option<Uuid>)>,
    /// Subtotal, discount, tax and total in cents.
    pub options: BTreeMap<Uuid, (i64, i64, i64, i64)>,
    pub invoices: BTreeMap<Uuid, InvoiceFigures>,
    /// Method and amount in cents.
    pub payments: BTreeMap<Uuid, (String, i64)>,
    /// Of the truck, by item: quantity, standing, and what was asked for.
    pub levels: BTreeMap<Uuid, (Decimal, String, Option<Decimal>)>,
}

impl Figures {
    /// As the phone shows them.
    pub async fn on_phone(day: &Day, site: &Site) -> Self {
        let truck = site.truck;
        day.reads(move |reader| {
            let mut figures = Self::default();
            for row in reader.all::<Visit>()? {
                figures.visits.insert(row.id.uuid(), row.state.to_string());
            }
            for row in reader.all::<VisitStatusEvent>()? {
                *figures.events.entry(row.visit_id.uuid()).or_default() += 1;
            }
            for row in reader.all::<TimeEntry>()? {
                let end = row.ended_at.map(|end| end.as_microsecond());
                figures.times.insert(row.id.uuid(), (row.kind.to_string(), row.started_at.as_microsecond(), end));
            }
            for row in reader.all::<MaterialUsed>()? {
                figures.materials.insert(row.id.uuid(), (row.quantity, row.unit_price_cents));
            }
            for row in reader.all::<Estimate>()? {
                let approved = row.approved_option_id.map(|option| option.uuid());
                figures.estimates.insert(row.id.uuid(), (row.state.to_string(), approved));
            }
            for row in reader.all::<EstimateOption>()? {
                let [subtotal, discount, tax, total] =
                    [row.subtotal_cents, row.discount_cents, row.tax_cents, row.total_cents].map(|cents| cents.get());
                figures.options.insert(row.id.uuid(), (subtotal, discount, tax, total));
            }
            for row in reader.all::<Invoice>()? {
                let [subtotal, discount, tax] =
                    [row.subtotal_cents, row.discount_cents, row.tax_cents].map(|cents| cents.get());
                let [total, paid, pending] =
                    [row.total_cents, row.paid_cents, row.pending_cents].map(|cents| cents.get());
                let state = row.state.to_string();
                let found = (state, subtotal, discount, tax, total, paid, pending, row.overpaid);
                figures.invoices.insert(row.id.uuid(), found);
            }
            for row in reader.all::<Payment>()? {
                figures.payments.insert(row.id.uuid(), (row.method.to_string(), row.amount_cents.get()));
            }
            for row in reader.all::<StockLevel>()? {
                assert_eq!(row.stock_location_id, truck, "a phone holds its own truck's levels alone");
                let level = (row.quantity, row.standing.to_string(), row.requested);
                figures.levels.insert(row.item_id.uuid(), level);
            }
            Ok(figures)
        })
        .await
    }

    /// As the office finds them in Postgres, under row-level security.
    pub async fn in_postgres(site: &Site) -> Self {
        let mut entered = site.field.contractor.database.begin_read(&site.owner).await.expect("the office");
        let connection = &mut *entered.tx;
        let times: Vec<(Uuid, String, i64, Option<i64>)> = rows(
            connection,
            "select id, kind, (extract(epoch from started_at) * 1000000)::bigint,
                 (extract(epoch from ended_at) * 1000000)::bigint from satchel.time_entry",
        )
        .await;
        let materials: Vec<(Uuid, String, i64)> =
            rows(connection, "select id, quantity::text, unit_price_cents from satchel.material_used").await;
        let estimates: Vec<(Uuid, String, Option<Uuid>)> =
            rows(connection, "select id, state, approved_option_id from satchel.estimate").await;
        let options: Vec<(Uuid, i64, i64, i64, i64)> = rows(
            connection,
            "select id, subtotal_cents, discount_cents, tax_cents, total_cents from satchel.estimate_option",
        )
        .await;
        let invoices: Vec<InvoiceRow> = rows(
            connection,
            "select id, state, subtotal_cents, discount_cents, tax_cents, total_cents, paid_cents, pending_cents,
                 overpaid from satchel.invoice",
        )
        .await;
        let payments: Vec<(Uuid, String, i64)> =
            rows(connection, "select id, method, amount_cents from satchel.payment").await;
        let levels: Vec<(Uuid, Uuid, String, String, Option<String>)> = rows(
            connection,
            "select stock_location_id, item_id, quantity::text, standing, requested::text from satchel.stock_level",
        )
        .await;
        let decimal = |text: &str| text.parse::<Decimal>().expect("a decimal");
        Self {
            visits: rows(connection, "select id, state from satchel.visit").await.into_iter().collect(),
            events: rows(connection, "select visit_id, count(*) from satchel.visit_status_event group by visit_id")
                .await
                .into_iter()
                .collect(),
            times: times.into_iter().map(|(id, kind, start, end)| (id, (kind, start, end))).collect(),
            materials: materials.into_iter().map(|(id, text, cents)| (id, (decimal(&text), cents))).collect(),
            estimates: estimates.into_iter().map(|(id, state, option)| (id, (state, option))).collect(),
            options: options.into_iter().map(|(id, gross, off, tax, total)| (id, (gross, off, tax, total))).collect(),
            invoices: invoices
                .into_iter()
                .map(|(id, state, gross, off, tax, total, paid, pending, over)| {
                    (id, (state, gross, off, tax, total, paid, pending, over))
                })
                .collect(),
            payments: payments.into_iter().map(|(id, method, cents)| (id, (method, cents))).collect(),
            levels: levels
                .into_iter()
                .filter(|(place, ..)| *place == site.truck.uuid())
                .map(|(_, item, quantity, standing, requested)| {
                    (item, (decimal(&quantity), standing, requested.as_deref().map(decimal)))
                })
                .collect(),
        }
    }

    /// Asserts that the office's queries tell the same.
    pub async fn assert_told(&self, site: &Site) {
        let office = site.field.server.client(site.owner);
        let (mut told, branch_id) = (Self::default(), site.field.contractor.branch_id);
        for work in site.visits {
            let job: JobView = ask::<GetJob, _>(&office, &json!({ "job_id": work.job_id })).await;
            for visit in job.visits {
                told.visits.insert(visit.visit_id.uuid(), visit.state.to_string());
            }
            for event in job.events {
                *told.events.entry(event.visit_id.uuid()).or_default() += 1;
            }
            for time in job.time_entries {
                told.times.insert(time.entry_id.uuid(), self.times[&time.entry_id.uuid()].clone());
            }
            for line in job.materials {
                told.materials.insert(line.material_id.uuid(), (line.quantity, line.unit_price_cents.get()));
            }
            for estimate in job.estimates {
                let approved = estimate.approved_option_id.map(|option| option.uuid());
                told.estimates.insert(estimate.estimate_id.uuid(), (estimate.state.to_string(), approved));
                for option in estimate.options {
                    let amounts = [option.subtotal_cents, option.discount_cents, option.tax_cents, option.total_cents];
                    let [subtotal, discount, tax, total] = amounts.map(|cents| cents.get());
                    told.options.insert(option.option_id.uuid(), (subtotal, discount, tax, total));
                }
            }
            for invoice in job.invoices {
                let id = invoice.invoice_id.uuid();
                let (_, subtotal, discount, tax, ..) = self.invoices[&id];
                let [total, paid, pending] =
                    [invoice.total_cents, invoice.paid_cents, invoice.pending_cents].map(|cents| cents.get());
                let state = invoice.state.to_string();
                let found = (state, subtotal, discount, tax, total, paid, pending, invoice.overpaid);
                told.invoices.insert(id, found);
                for payment in invoice.payments {
                    let entry = (payment.method.to_string(), payment.amount_cents.get());
                    told.payments.insert(payment.payment_id.uuid(), entry);
                }
            }
        }
        let place = json!({ "branch_id": branch_id, "stock_location_id": site.truck });
        for level in ask::<StockLevels, StockPage>(&office, &place).await.levels {
            let found = (level.quantity, level.standing.to_string(), level.requested);
            told.levels.insert(level.item_id.uuid(), found);
        }
        assert_eq!(&told, self, "what the office is told of jobs and stock");

        let mut listed = BTreeMap::new();
        for state in InvoiceState::ALL {
            let page: InvoicePage =
                ask::<ListInvoices, _>(&office, &json!({ "branch_id": branch_id, "state": state })).await;
            for invoice in page.invoices {
                let numbered = invoice.number.is_some();
                assert_eq!(numbered, invoice.issued_at.is_some(), "an invoice that was issued has its number");
                let cents = [invoice.total_cents, invoice.paid_cents, invoice.pending_cents].map(|cents| cents.get());
                listed.insert(invoice.invoice_id.uuid(), (invoice.state.to_string(), cents));
            }
        }
        let shown =
            |(state, _, _, _, total, paid, pending, _): &InvoiceFigures| (state.clone(), [*total, *paid, *pending]);
        let shown: BTreeMap<_, _> = self.invoices.iter().map(|(id, invoice)| (*id, shown(invoice))).collect();
        assert_eq!(listed, shown, "what the office is told of invoices");
    }
}

async fn rows<T>(connection: &mut PgConnection, query: &'static str) -> Vec<T>
where
    T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    sqlx::query_as(query).fetch_all(connection).await.expect("a query")
}

async fn ask<Q: Query, T: DeserializeOwned>(office: &Client, args: &Value) -> T {
    let response = office.request(Method::POST, &format!("/api/v1/rpc/{}", Q::NAME)).json(args).send().await;
    let response = response.expect("an answer");
    let (status, body) = (response.status(), response.text().await.expect("a body"));
    assert_eq!(status, 200, "{}: {body}", Q::NAME);
    serde_json::from_str(&body).expect("the query's own type")
}
