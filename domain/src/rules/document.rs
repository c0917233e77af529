//! The one text that a signature is bound to.
//!
//! Invariants:
//! - Phone and server write the same text from the same rows, byte by byte: a line for every fact, its value as a JSON
//!   text, in an order that depends on nothing but the rows.
//! - It tells all that the signer agrees to, and nothing that may rightly change afterwards: no number that the server
//!   gives anew when two phones chose the same, no state, no time, no edition of the pricebook.
//! - The first line names the form. A change of the form is a new name, and signatures made by the old one stay.

use std::fmt::{Display, Write as _};

use satchel_protocol::Id;
use sha2::{Digest, Sha256};

use crate::tables::{
    Estimate, EstimateLine, EstimateOption, Invoice, InvoiceLine, MaterialUsed, Organization, RequiredDocument, Visit,
};

/// Bytes of a document's hash.
pub const HASH_BYTES: usize = 32;

/// A document in its canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    text: String,
}

impl Document {
    /// An empty document of a form, such as `visit/1`. For documents that this module does not know.
    pub fn of(form: &str, organization: &Organization) -> Self {
        let mut document = Self { text: format!("satchel {form}\n") };
        document.fact("organization", organization.id);
        document.fact("organization_name", &organization.name);
        document.fact("currency", &organization.currency);
        document
    }

    /// Adds a fact.
    pub fn fact(&mut self, name: &str, value: impl Display) {
        let value = serde_json::Value::String(value.to_string());
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{name} {value}");
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its SHA-256.
    pub fn hash(&self) -> [u8; HASH_BYTES] {
        Sha256::digest(self.text.as_bytes()).into()
    }
}

/// An option of an estimate. Other lines than the option's are left out.
pub fn estimate_option(
    organization: &Organization,
    estimate: &Estimate,
    option: &EstimateOption,
    lines: &[EstimateLine],
) -> Document {
    let mut document = Document::of("estimate_option/1", organization);
    document.fact("estimate", estimate.id);
    document.fact("job", estimate.job_id);
    document.fact("customer", estimate.customer_id);
    document.fact("title", &estimate.title);
    document.fact("option", option.id);
    document.fact("option_name", &option.name);
    let mut lines: Vec<&EstimateLine> = lines.iter().filter(|line| line.option_id == option.id).collect();
    lines.sort_by_key(|line| line.id);
    for line in lines {
        document.fact("line", line.id);
        document.fact("item", line.item_id.map(Id::uuid).unwrap_or_default());
        document.fact("name", &line.name);
        document.fact("quantity", line.quantity);
        document.fact("unit", &line.unit);
        document.fact("unit_price_cents", line.unit_price_cents.get());
        document.fact("gross_cents", line.gross_cents.get());
        document.fact("discount_cents", line.discount_cents.get());
        document.fact("tax_percent", line.tax_percent.get());
        document.fact("tax_cents", line.tax_cents.get());
    }
    document.fact("subtotal_cents", option.subtotal_cents.get());
    document.fact("discount_cents", option.discount_cents.get());
    document.fact("tax_cents", option.tax_cents.get());
    document.fact("total_cents", option.total_cents.get());
    document
}

/// An issued invoice. Its number is left out, because it comes only when the server has stored it; other invoices' lines
/// are.
pub fn invoice(organization: &Organization, invoice: &Invoice, lines: &[InvoiceLine]) -> Document {
    let mut document = Document::of("invoice/1", organization);
    document.fact("invoice", invoice.id);
    document.fact("job", invoice.job_id);
    document.fact("customer", invoice.customer_id);
    let mut lines: Vec<&InvoiceLine> = lines.iter().filter(|line| line.invoice_id == invoice.id).collect();
    lines.sort_by_key(|line| line.id);
    for line in lines {
        document.fact("line", line.id);
        document.fact("item", line.item_id.map(Id::uuid).unwrap_or_default());
        document.fact("name", &line.name);
        document.fact("quantity", line.quantity);
        document.fact("unit", &line.unit);
        document.fact("unit_price_cents", line.unit_price_cents.get());
        document.fact("gross_cents", line.gross_cents.get());
        document.fact("discount_cents", line.discount_cents.get());
        document.fact("tax_percent", line.tax_percent.get());
        document.fact("tax_cents", line.tax_cents.get());
    }
    document.fact("subtotal_cents", invoice.subtotal_cents.get());
    document.fact("discount_cents", invoice.discount_cents.get());
    document.fact("tax_cents", invoice.tax_cents.get());
    document.fact("total_cents", invoice.total_cents.get());
    document
}

/// The work of a visit that is over. Other visits' materials are left out.
pub fn visit(organization: &Organization, visit: &Visit, materials: &[MaterialUsed]) -> Document {
    let mut document = Document::of("visit/1", organization);
    document.fact("visit", visit.id);
    document.fact("job", visit.job_id);
    document.fact("state", &visit.state);
    document.fact("outcome", visit.outcome.as_deref().unwrap_or_default());
    let mut materials: Vec<&MaterialUsed> = materials.iter().filter(|line| line.visit_id == visit.id).collect();
    materials.sort_by_key(|line| line.id);
    for line in materials {
        document.fact("material", line.id);
        document.fact("item", line.item_id);
        document.fact("quantity", line.quantity);
    }
    document
}

/// A paper that a job needs signed: what is asked for, and on what. Whether it is there already is left out, because its
/// signature is what brings it.
pub fn required_document(organization: &Organization, paper: &RequiredDocument) -> Document {
    let mut document = Document::of("required_document/1", organization);
    document.fact("required_document", paper.id);
    document.fact("job", paper.job_id);
    document.fact("visit", paper.visit_id.map(Id::uuid).unwrap_or_default());
    document.fact("title", &paper.title);
    document
}
