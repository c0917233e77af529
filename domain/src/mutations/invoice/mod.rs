//! Invoices: `invoice/v1/...`.

mod collect_payment;
mod create_from_estimate;
mod create_from_work;
mod draft;
mod issue;
mod lines;
mod set_discount;
mod void;

pub use collect_payment::{CollectPayment, PaymentCollected};
pub use create_from_estimate::CreateInvoiceFromEstimate;
pub use create_from_work::{CreateInvoiceFromWork, InvoiceCreated};
pub use issue::{InvoiceIssued, IssueInvoice};
pub use lines::{AddInvoiceLine, ChangeInvoiceLine, InvoiceChanged, RemoveInvoiceLine};
pub use set_discount::SetInvoiceDiscount;
pub use void::{InvoiceVoided, VoidInvoice};
