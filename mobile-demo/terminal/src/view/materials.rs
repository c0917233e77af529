//! Material used on a visit, and the pricebook it comes from.

use satchel_client::{Reader, StoreError};
use satchel_domain::tables::{MaterialUsed, PricebookItem, Visit};
use satchel_protocol::Id;
use uuid::Uuid;

use super::Place;
use crate::picker::Item;

/// Most pricebook lines a search shows.
pub const SEARCH_ROWS: usize = 50;

/// A line of material.
#[derive(Clone, Debug)]
pub struct Material {
    /// The line.
    pub used: MaterialUsed,
    /// What one of it is: `each`, `foot`; empty if the pricebook lost it.
    pub unit: String,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct MaterialsView {
    /// The visit.
    pub place: Place,
    /// What was used, oldest first.
    pub materials: Vec<Material>,
}

/// A pricebook line found.
#[derive(Clone, Debug)]
pub struct Offer(pub PricebookItem);

impl Item for Material {
    fn key(&self) -> Uuid {
        self.used.id.uuid()
    }
}

impl Item for Offer {
    fn key(&self) -> Uuid {
        self.0.id.uuid()
    }
}

impl MaterialsView {
    /// Reads them; none once the visit has left this phone.
    pub fn load(reader: &Reader, visit: Id<Visit>) -> Result<Option<Self>, StoreError> {
        let Some(place) = Place::load(reader, visit)? else { return Ok(None) };
        let mut materials = Vec::new();
        for used in reader.find::<MaterialUsed>(MaterialUsed::BY_VISIT, &[visit.into()])? {
            let item: Option<PricebookItem> = reader.get(used.item_id)?;
            materials.push(Material { unit: item.map(|item| item.unit).unwrap_or_default(), used });
        }
        Ok(Some(Self { place, materials }))
    }
}

/// Active materials in whose code or name every word of `text` stands, by name, at most [`SEARCH_ROWS`].
pub fn search(reader: &Reader, text: &str) -> Result<Vec<Offer>, StoreError> {
    let mut condition = "active = 1 and kind = 'material'".to_owned();
    let mut parameters = Vec::new();
    for word in text.split_whitespace() {
        let escaped = word.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        parameters.push(format!("%{escaped}%").as_str().into());
        let place = parameters.len();
        condition.push_str(&format!(r" and (code like ?{place} escape '\' or name like ?{place} escape '\')"));
    }
    condition.push_str(&format!(" order by name, code limit {SEARCH_ROWS}"));
    Ok(reader.select(&condition, &parameters)?.into_iter().map(Offer).collect())
}
