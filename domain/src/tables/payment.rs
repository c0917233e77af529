//! Money taken and given back: a ledger that only grows.

use jiff::Timestamp;
use satchel_protocol::{Id, record, text_enum};
use uuid::Uuid;

use super::{Branch, Invoice, Job};
use crate::rules::money::Cents;

text_enum! {
    /// What an entry says. All but the first are about an earlier payment.
    pub enum PaymentKind {
        /// Money was taken; by card, that it is asked for.
        Payment = "payment",
        /// The card's issuer paid.
        Settlement = "settlement",
        /// The card's issuer refused.
        Failure = "failure",
        /// Money was given back.
        Refund = "refund",
        /// The money never came, or was taken back: a check bounced, a card payment was disputed.
        Reversal = "reversal",
    }
}

text_enum! {
    /// How money is taken.
    pub enum PaymentMethod {
        /// Notes and coins.
        Cash = "cash",
        /// A check.
        Check = "check",
        /// A card; an intent until it is settled.
        Card = "card",
    }
}

record! {
    /// An entry of the ledger. Append-only: where a payment stands follows from the entries about it, see
    /// [`rules::payment_state`](crate::rules::payment_state).
    pub struct Payment in "payment" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// The invoice it is paid on.
        pub invoice_id: Id<Invoice>,
        /// What the entry says.
        pub kind: PaymentKind,
        /// How the money was taken.
        pub method: PaymentMethod,
        /// How much; above zero, whichever way it goes.
        pub amount_cents: Cents,
        /// The payment a later entry is about.
        pub of_payment_id: Option<Id<Payment>>,
        /// The number printed on a check.
        pub check_number: Option<String>,
        /// The provider's name for the event; unique in the organization.
        pub external_reference: Option<String>,
        /// The idempotency key of the mutation that wrote it; passed on to the provider.
        pub idempotency_key: Uuid,
        /// Why money was given back or did not come; on a payment, a remark.
        pub reason: Option<String>,
        /// When, by the author's corrected clock.
        pub occurred_at: Timestamp,
        /// Who wrote it.
        pub user_id: Uuid,
    }
    scope: "job_id";
    index BY_INVOICE = "payment.by_invoice" on ["invoice_id"];
    index BY_REFERENCE = "payment.by_reference" on ["external_reference"];
}
