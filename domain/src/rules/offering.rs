//! Writing options and lines into an offer.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Rejection, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    clock,
    limits::{self, LINES_PER_OPTION, OPTIONS_PER_ESTIMATE},
    money::{Cents, Percent},
    offer::Offer,
    pricing, quantity, text,
};
use crate::tables::{EstimateLine, EstimateOption, PricebookItem, TaxClass};

/// An option to write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NewOption {
    /// Id of the new option, made by the caller.
    pub option_id: Id<EstimateOption>,
    /// What it is called: `Good`, `Better`, `Best`; one line, at most 100 characters.
    #[schemars(length(max = limits::OPTION_CHARS))]
    pub name: String,
    /// Its lines, in order; at most 200.
    #[serde(default)]
    pub lines: Vec<NewLine>,
}

/// A line to write: an item of the pricebook, or, without one, whatever the author names and prices.
///
/// An author who read name, unit and price from the pricebook sends them along, so that what the customer was told
/// holds although the pricebook changes before the line arrives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NewLine {
    /// Id of the new line, made by the caller.
    pub line_id: Id<EstimateLine>,
    /// What is offered: an active item of the pricebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_id: Option<Id<PricebookItem>>,
    /// What the customer reads: one line, at most 200 characters; the item's name when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::LINE_CHARS))]
    pub name: Option<String>,
    /// What one unit is, at most 32 characters; the item's unit, or `each`, when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::UNIT_CHARS))]
    pub unit: Option<String>,
    /// Price of one unit that the customer was told; the pricebook's when left out. Required without an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price_cents: Option<Cents>,
    /// How it is taxed; without an item `standard` when left out. An item is taxed as the pricebook says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_class: Option<TaxClass>,
    /// How much, in that unit: above zero, at most three decimals.
    pub quantity: Decimal,
    /// Discount on this line, from 0 to 100 with at most four decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_percent: Option<Decimal>,
}

/// Writes an option with its lines, and adds it up.
pub fn add_option(ctx: &Ctx, work: &mut Workspace, offer: &mut Offer, new: &NewOption) -> Result<(), Stop> {
    if offer.options.len() >= OPTIONS_PER_ESTIMATE {
        let message = format!("An estimate can have at most {OPTIONS_PER_ESTIMATE} options.");
        return Err(Rejection::conflict("estimate.too_many_options", message).into());
    }
    let name = text::required("estimate.option_name", "a name for the option", &new.name, limits::OPTION_CHARS)?;
    let position = offer.options.iter().map(|option| option.position).max().unwrap_or_default().saturating_add(1);
    let option = EstimateOption {
        id: new.option_id,
        rev: UNSAVED,
        job_id: offer.job.id,
        branch_id: offer.job.branch_id,
        estimate_id: offer.estimate.id,
        position,
        name,
        discount_percent: Percent::ZERO,
        discount_fixed_cents: Cents::ZERO,
        subtotal_cents: Cents::ZERO,
        discount_cents: Cents::ZERO,
        tax_cents: Cents::ZERO,
        total_cents: Cents::ZERO,
    };
    work.insert(&option)?;
    offer.options.push(option);
    for line in &new.lines {
        add_line(ctx, work, offer, new.option_id, line)?;
    }
    offer.settle(work, new.option_id)
}

/// Writes a line; the option still has to be added up.
pub fn add_line(
    ctx: &Ctx,
    work: &mut Workspace,
    offer: &mut Offer,
    option: Id<EstimateOption>,
    new: &NewLine,
) -> Result<(), Stop> {
    let option_id = offer.option(option)?.id;
    if offer.lines_of(option_id).count() >= LINES_PER_OPTION {
        let message = format!("An option can have at most {LINES_PER_OPTION} lines.");
        return Err(Rejection::conflict("estimate.too_many_lines", message).into());
    }
    let position = offer.lines_of(option_id).map(|line| line.position).max().unwrap_or_default().saturating_add(1);
    let quantity = quantity::some("estimate", new.quantity)?;
    let discount_percent = discount(new.discount_percent)?;
    let told = new.unit_price_cents.map(|price| price.entered("estimate.unit_price")).transpose()?;
    let branch_id = offer.job.branch_id;
    let (item, list) = match new.item_id {
        None => (None, None),
        Some(item) => {
            let item = pricing::require_sellable(work, item, "estimate")?;
            let list = pricing::list_price(work, &item, &offer.job, clock::acted_at(ctx))?;
            (Some(item), Some(list))
        }
    };
    let given = text::optional("estimate.line_name", "the name", new.name.as_deref(), limits::LINE_CHARS)?;
    let name = given.or_else(|| item.as_ref().map(|item| item.name.clone())).ok_or_else(|| {
        Rejection::bad_request("estimate.line_name_empty", "Please enter what this line is, or choose an item.")
    })?;
    let given = text::optional("estimate.unit", "the unit", new.unit.as_deref(), limits::UNIT_CHARS)?;
    let unit = given.or_else(|| item.as_ref().map(|item| item.unit.clone())).unwrap_or_else(|| "each".to_owned());
    let listed = list.map(|list| list.unit_price_cents);
    let unit_price_cents = told.or(listed).ok_or_else(|| {
        Rejection::bad_request("estimate.unit_price_missing", "Please enter a price, or choose an item.")
    })?;
    let tax_class = match &item {
        Some(item) => item.tax_class.clone(),
        None => pricing::known_class(new.tax_class.as_ref().unwrap_or(&TaxClass::Standard))?,
    };
    let line = EstimateLine {
        id: new.line_id,
        rev: UNSAVED,
        job_id: offer.job.id,
        branch_id,
        estimate_id: offer.estimate.id,
        option_id,
        position,
        item_id: new.item_id,
        pricebook_version_id: list.and_then(|list| list.version_id),
        name,
        unit,
        quantity,
        unit_price_cents,
        list_price_cents: listed,
        discount_percent,
        tax_percent: pricing::tax_rate(work, branch_id, &tax_class)?,
        tax_class,
        gross_cents: Cents::ZERO,
        discount_cents: Cents::ZERO,
        tax_cents: Cents::ZERO,
        total_cents: Cents::ZERO,
    };
    work.insert(&line)?;
    offer.lines.push(line);
    Ok(())
}

/// A discount as somebody entered it; none when left out.
pub fn discount(percent: Option<Decimal>) -> Result<Percent, Rejection> {
    percent.map_or(Ok(Percent::ZERO), |percent| Percent::entered("estimate.discount_percent", percent))
}
