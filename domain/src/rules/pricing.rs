//! What a thing costs the customer, and how it is taxed, on a branch's job at a time.

use jiff::Timestamp;
use satchel_protocol::{Id, Rejection, Stop, Workspace};

use super::money::{Cents, Percent};
use crate::tables::{
    Branch, CustomerPrice, Job, PricebookItem, PricebookPrice, PricebookVersion, TaxClass, TaxRate, VersionState,
};

/// A price of the pricebook, or one agreed with the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPrice {
    /// Price of one unit.
    pub unit_price_cents: Cents,
    /// The version it comes from; none if it was agreed or is the item's own.
    pub version_id: Option<Id<PricebookVersion>>,
}

/// The item, if it may be sold; else refuses with `{stem}.item_inactive`.
pub fn require_sellable(work: &mut Workspace, item: Id<PricebookItem>, stem: &str) -> Result<PricebookItem, Stop> {
    let item: PricebookItem = work.require(item)?;
    if item.active {
        return Ok(item);
    }
    let message = "This item is no longer in the pricebook. Please choose another.";
    Err(Rejection::conflict(&format!("{stem}.item_inactive"), message).into())
}

/// The price of an item on a job (R14). What the customer agreed to goes before everything. Of the versions in force that
/// name the item, one for the branch goes before one for all, and then the newest before older ones; an item that none
/// names has its own price.
pub fn list_price(work: &mut Workspace, item: &PricebookItem, job: &Job, at: Timestamp) -> Result<ListPrice, Stop> {
    let of_none = |unit_price_cents| ListPrice { unit_price_cents, version_id: None };
    let agreed: Vec<CustomerPrice> = work.find(CustomerPrice::BY_CUSTOMER, vec![job.customer_id.into()])?;
    let holds = |price: &&CustomerPrice| price.item_id == item.id && price.valid_until.is_none_or(|until| at < until);
    if let Some(price) = agreed.iter().find(holds) {
        return Ok(of_none(price.price_cents));
    }
    let own = of_none(Cents::new(item.price_cents));
    let prices: Vec<PricebookPrice> = work.find(PricebookPrice::BY_ITEM, vec![item.id.into()])?;
    if prices.is_empty() {
        return Ok(own);
    }
    let published = VersionState::Published.as_str().into();
    let versions: Vec<PricebookVersion> = work.find(PricebookVersion::BY_STATE, vec![published])?;
    let named = versions.iter().filter(|version| in_force(version, job.branch_id, at)).filter_map(|version| {
        let price = prices.iter().find(|price| price.version_id == version.id)?;
        Some((version, price.price_cents))
    });
    let first = named.max_by_key(|(version, _)| (version.branch_id.is_some(), version.valid_from, version.id));
    let of_version = |(version, unit_price_cents): (&PricebookVersion, Cents)| ListPrice {
        unit_price_cents,
        version_id: Some(version.id),
    };
    Ok(first.map_or(own, of_version))
}

/// Whether a version's prices hold on a branch's jobs at a time.
pub fn in_force(version: &PricebookVersion, branch: Id<Branch>, at: Timestamp) -> bool {
    version.state == VersionState::Published
        && version.branch_id.is_none_or(|own| own == branch)
        && version.valid_from <= at
        && version.valid_until.is_none_or(|until| at < until)
}

/// The tax rate of a class on a branch's jobs; nothing where the office has set none.
pub fn tax_rate(work: &mut Workspace, branch: Id<Branch>, class: &TaxClass) -> Result<Percent, Stop> {
    if *class == TaxClass::Exempt {
        return Ok(Percent::ZERO);
    }
    let rates: Vec<TaxRate> = work.find(TaxRate::BY_BRANCH, vec![branch.into()])?;
    Ok(rates.into_iter().find(|rate| rate.tax_class == *class).map_or(Percent::ZERO, |rate| rate.percent))
}

/// Refuses a tax class that this build does not know: it would not be stored.
pub fn known_class(class: &TaxClass) -> Result<TaxClass, Rejection> {
    match class {
        TaxClass::Unknown(_) => {
            let message = "Please choose one of the tax classes standard, reduced and exempt.";
            Err(Rejection::bad_request("pricebook.tax_class", message))
        }
        known => Ok(known.clone()),
    }
}
