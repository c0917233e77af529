//! `pricebook/v1/setCustomerPrice`.

use jiff::Timestamp;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{limits::PRICES_PER_CUSTOMER, money::Cents},
    tables::{Customer, CustomerPrice, PricebookItem},
};

/// Writes down what a customer agreed to pay for an item. It takes the place of what was agreed before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetCustomerPrice {
    /// The customer.
    pub customer_id: Id<Customer>,
    /// The item.
    pub item_id: Id<PricebookItem>,
    /// Price of one unit; none if the pricebook's price holds again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_cents: Option<Cents>,
    /// The first moment at which it holds no more; none if it holds until it is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

/// The price was agreed, or taken back.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CustomerPriceSet {
    /// The customer.
    pub customer_id: Id<Customer>,
    /// The item.
    pub item_id: Id<PricebookItem>,
}

impl Mutation for SetCustomerPrice {
    const NAME: &'static str = "pricebook/v1/setCustomerPrice";
    const SUMMARY: &'static str = "Writes down what a customer agreed to pay for an item.";
    // Offices alone set prices, and a phone holds those of its own customers only.
    const SERVER_ONLY: bool = true;
    type Output = CustomerPriceSet;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.customer_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<CustomerPriceSet, Stop> {
        let price_cents = self.price_cents.map(|price| price.entered("pricebook.price")).transpose()?;
        work.require(self.customer_id)?;
        work.require(self.item_id)?;
        let agreed: Vec<CustomerPrice> = work.find(CustomerPrice::BY_CUSTOMER, vec![self.customer_id.into()])?;
        let count = agreed.len();
        let before = agreed.into_iter().find(|price| price.item_id == self.item_id);
        let valid_until = self.valid_until;
        match (before, price_cents) {
            (None, None) => {}
            (Some(before), None) => work.delete(before.id)?,
            (Some(before), Some(price_cents)) => {
                let after = CustomerPrice { price_cents, valid_until, ..before.clone() };
                if after != before {
                    work.update(&after)?;
                }
            }
            (None, Some(_)) if count >= PRICES_PER_CUSTOMER => {
                let message = format!("At most {PRICES_PER_CUSTOMER} prices can be agreed with one customer.");
                return Err(Rejection::conflict("pricebook.too_many_customer_prices", message).into());
            }
            (None, Some(price_cents)) => work.insert(&CustomerPrice {
                id: ctx.derive_id("customer_price"),
                rev: UNSAVED,
                customer_id: self.customer_id,
                item_id: self.item_id,
                price_cents,
                valid_until,
            })?,
        }
        Ok(CustomerPriceSet { customer_id: self.customer_id, item_id: self.item_id })
    }
}
