//! `invoice/v1/addLine`, `invoice/v1/changeLine`, `invoice/v1/removeLine`: while the invoice is a draft.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::draft;
use crate::{
    rules::{
        clock,
        invoice::{self, Bill, Party},
        invoice_work::Charge,
        limits,
        money::{Cents, Percent},
        pricing, quantity, text,
    },
    tables::{Invoice, InvoiceLine, Job, PricebookItem, TaxClass},
};

/// Charges for something: a pricebook item at its present price, or anything else at a price of one's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AddInvoiceLine {
    /// The job.
    pub job_id: Id<Job>,
    /// The invoice; a draft.
    pub invoice_id: Id<Invoice>,
    /// Id of the new line, made by the caller.
    pub line_id: Id<InvoiceLine>,
    /// What is charged for: an active item of the pricebook, which gives name, unit and price.
    #[serde(default)]
    pub item_id: Option<Id<PricebookItem>>,
    /// What the customer reads, at most 200 characters; must be given without an item.
    #[serde(default)]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: Option<String>,
    /// What one of it is, at most 32 characters; `each` when left out. Not with an item.
    #[serde(default)]
    #[schemars(length(max = limits::UNIT_CHARS))]
    pub unit: Option<String>,
    /// How much, in that unit: above zero, at most three decimals.
    pub quantity: Decimal,
    /// Price of one unit in cents, not negative; must be given without an item. With one, only the office sets a price.
    #[serde(default)]
    pub unit_price_cents: Option<Cents>,
    /// Discount on the line, of a hundred, at most four decimals. More than 15 is the office's to give.
    #[serde(default)]
    pub discount_percent: Option<Decimal>,
    /// What it is taxed at, of a hundred, at most four decimals; as the branch taxes it when left out. Only the office
    /// sets it.
    #[serde(default)]
    pub tax_percent: Option<Decimal>,
}

/// Changes a line. Fields left out stay as they are, so that edits of different fields merge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeInvoiceLine {
    /// The job.
    pub job_id: Id<Job>,
    /// The invoice; a draft.
    pub invoice_id: Id<Invoice>,
    /// The line.
    pub line_id: Id<InvoiceLine>,
    /// New text for the customer; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: Option<String>,
    /// New quantity: above zero, at most three decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    /// New price of one unit in cents, not negative. Technicians set it on lines without a pricebook item only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price_cents: Option<Cents>,
    /// New discount, of a hundred, at most four decimals. More than 15 is the office's to give.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_percent: Option<Decimal>,
    /// What it is taxed at now, of a hundred, at most four decimals. Only the office sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_percent: Option<Decimal>,
}

/// Takes a line off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RemoveInvoiceLine {
    /// The job.
    pub job_id: Id<Job>,
    /// The invoice; a draft.
    pub invoice_id: Id<Invoice>,
    /// The line.
    pub line_id: Id<InvoiceLine>,
}

/// The invoice has other lines now.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct InvoiceChanged {
    /// What is to be paid now, in cents.
    pub total_cents: Cents,
}

/// An invoice somebody may write, while it is a draft.
fn draft_of(ctx: &Ctx, work: &mut Workspace, job: Id<Job>, id: Id<Invoice>) -> Result<(Bill, Party), Stop> {
    let party = Party::of(ctx, work, job)?;
    let bill = Bill::of(work, job, id)?;
    bill.require_draft()?;
    Ok((bill, party))
}

fn price(cents: Cents) -> Result<Cents, Rejection> {
    cents.entered("invoice.unit_price")
}

fn name(text: &str) -> Result<String, Rejection> {
    text::required("invoice.line_name", "what is charged for", text, limits::TITLE_CHARS)
}

/// A discount somebody gives; refuses a technician's that is the office's to give.
fn discount(party: Party, percent: Decimal) -> Result<Percent, Rejection> {
    let discount = Percent::entered("invoice.discount", percent)?;
    if party == Party::Office || percent <= Decimal::from(limits::TECHNICIAN_DISCOUNT_PERCENT) {
        return Ok(discount);
    }
    let message = format!("More than {}% off is the office's to give.", limits::TECHNICIAN_DISCOUNT_PERCENT);
    Err(Rejection::forbidden("invoice.discount_office_only", message))
}

/// A tax rate somebody sets; refuses technicians.
fn tax(party: Party, percent: Decimal) -> Result<Percent, Rejection> {
    party.require_office()?;
    Percent::entered("invoice.tax", percent)
}

/// Refuses a technician's change of what the customer approved.
fn require_own(party: Party, line: &InvoiceLine) -> Result<(), Rejection> {
    if party == Party::Office || line.estimate_line_id.is_none() {
        return Ok(());
    }
    let message = "The customer approved this line of the estimate. Please ask your office if it has to change.";
    Err(Rejection::forbidden("invoice.line_approved", message))
}

/// Refuses a technician's own price for a pricebook item.
fn require_free_price(party: Party) -> Result<(), Rejection> {
    if party == Party::Office {
        return Ok(());
    }
    let message = "The price of a pricebook item is fixed. Please ask your office if it should be another.";
    Err(Rejection::forbidden("invoice.price_fixed", message))
}

impl AddInvoiceLine {
    fn charge(&self, ctx: &Ctx, work: &mut Workspace, party: Party) -> Result<Charge, Stop> {
        let job: Job = work.require(self.job_id)?;
        let now = clock::acted_at(ctx);
        let stated = self.unit_price_cents.map(price).transpose()?;
        let discount_percent = discount(party, self.discount_percent.unwrap_or_default())?;
        let stated_tax = self.tax_percent.map(|percent| tax(party, percent)).transpose()?;
        let quantity = quantity::some("invoice", self.quantity)?;
        let (name, unit, class, list) = match self.item_id {
            Some(item) => {
                let item = pricing::require_sellable(work, item, "invoice")?;
                if stated.is_some() {
                    require_free_price(party)?;
                }
                if self.unit.is_some() {
                    let message = "The unit of a pricebook item is fixed.";
                    return Err(Rejection::bad_request("invoice.unit_fixed", message).into());
                }
                let list = pricing::list_price(work, &item, &job, now)?;
                (self.name.as_deref().map_or(Ok(item.name), name)?, item.unit, item.tax_class, Some(list))
            }
            None => {
                let unit = text::optional("invoice.unit", "the unit", self.unit.as_deref(), limits::UNIT_CHARS)?;
                let name = name(self.name.as_deref().unwrap_or_default())?;
                (name, unit.unwrap_or("each".to_owned()), TaxClass::Standard, None)
            }
        };
        let Some(unit_price) = stated.or(list.map(|list| list.unit_price_cents)) else {
            let message = "Please say what one of it costs, or choose an item of the pricebook.";
            return Err(Rejection::bad_request("invoice.unit_price_missing", message).into());
        };
        let tax_percent = match stated_tax {
            Some(percent) => percent,
            None => pricing::tax_rate(work, job.branch_id, &class)?,
        };
        Ok(Charge {
            label: String::new(),
            item_id: self.item_id,
            material_id: None,
            time_entry_id: None,
            estimate_line_id: None,
            // A price of one's own comes from no version.
            pricebook_version_id: list.filter(|_| stated.is_none()).and_then(|list| list.version_id),
            name,
            unit,
            quantity,
            unit_price,
            discount_percent,
            tax_percent,
        })
    }
}

impl Mutation for AddInvoiceLine {
    const NAME: &'static str = "invoice/v1/addLine";
    const SUMMARY: &'static str = "Adds a line to a draft invoice.";
    type Output = InvoiceChanged;

    fn roots(&self) -> Vec<RowKey> {
        invoice::roots(self.job_id, self.invoice_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<InvoiceChanged, Stop> {
        let (mut bill, party) = draft_of(ctx, work, self.job_id, self.invoice_id)?;
        bill.require_room()?;
        let charge = self.charge(ctx, work, party)?;
        draft::insert_line(work, &bill.invoice, self.line_id, bill.next_position(), charge)?;
        Ok(InvoiceChanged { total_cents: bill.retotal(work)? })
    }
}

impl Mutation for ChangeInvoiceLine {
    const NAME: &'static str = "invoice/v1/changeLine";
    const SUMMARY: &'static str = "Changes a line of a draft invoice.";
    type Output = InvoiceChanged;

    fn roots(&self) -> Vec<RowKey> {
        invoice::roots(self.job_id, self.invoice_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<InvoiceChanged, Stop> {
        let (mut bill, party) = draft_of(ctx, work, self.job_id, self.invoice_id)?;
        let before = bill.line(work, self.line_id)?;
        require_own(party, &before)?;
        let mut line = before.clone();
        if let Some(text) = &self.name {
            line.name = name(text)?;
        }
        if let Some(quantity) = self.quantity {
            line.quantity = quantity::some("invoice", quantity)?;
        }
        if let Some(cents) = self.unit_price_cents {
            line.unit_price_cents = price(cents)?;
            line.pricebook_version_id = None;
            if line.item_id.is_some() {
                require_free_price(party)?;
            }
        }
        if let Some(percent) = self.discount_percent {
            line.discount_percent = discount(party, percent)?;
        }
        if let Some(percent) = self.tax_percent {
            line.tax_percent = tax(party, percent)?;
        }
        let asked = [
            self.name.is_some(),
            self.quantity.is_some(),
            self.unit_price_cents.is_some(),
            self.discount_percent.is_some(),
            self.tax_percent.is_some(),
        ];
        if !asked.contains(&true) {
            return Err(Rejection::bad_request("invoice.nothing_to_change", "Please say what to change.").into());
        }
        if line != before {
            work.update(&line)?;
        }
        Ok(InvoiceChanged { total_cents: bill.retotal(work)? })
    }
}

impl Mutation for RemoveInvoiceLine {
    const NAME: &'static str = "invoice/v1/removeLine";
    const SUMMARY: &'static str = "Takes a line off a draft invoice.";
    type Output = InvoiceChanged;

    fn roots(&self) -> Vec<RowKey> {
        invoice::roots(self.job_id, self.invoice_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<InvoiceChanged, Stop> {
        let (mut bill, party) = draft_of(ctx, work, self.job_id, self.invoice_id)?;
        let line = bill.line(work, self.line_id)?;
        require_own(party, &line)?;
        work.delete(line.id)?;
        Ok(InvoiceChanged { total_cents: bill.retotal(work)? })
    }
}
