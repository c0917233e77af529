//! The ids that stock's rows have by what they are about.

use jiff::{Timestamp, tz::TimeZone};
use satchel_protocol::Id;
use uuid::Uuid;

use crate::{
    rules::part_id,
    tables::{MaterialUsed, PricebookItem, StockLevel, StockLocation, StockMovement},
};

/// The id of an item's level in a place, so that two phones that move the first piece make one row.
pub fn level_id(location: Id<StockLocation>, item: Id<PricebookItem>) -> Id<StockLevel> {
    part_id::of(location, item.uuid().as_bytes())
}

/// The page of a place's account that an entry of that time stands on: one for each month (UTC).
pub fn page_id(location: Id<StockLocation>, occurred_at: Timestamp) -> Uuid {
    let date = occurred_at.to_zoned(TimeZone::UTC).date();
    let months = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
    part_id::of::<_, ()>(location, &months.to_be_bytes()).uuid()
}

/// The id of the entry that took a line of material out of the truck, so that a correction can name it.
pub fn use_id(material: Id<MaterialUsed>) -> Id<StockMovement> {
    part_id::of(material, b"use")
}
