//! The parts of a job, as `job/v1/get` gives them.

use rust_decimal::Decimal;
use satchel_protocol::{Id, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    rules::money::Cents,
    tables::{
        AnswerState, Assignment, Checklist, ChecklistAnswer, ChecklistTemplateItem, Customer, Equipment, Estimate,
        EstimateLine, EstimateOption, EstimateState, Invoice, InvoiceState, Location, MaterialUsed, Note, Payment,
        PaymentKind, PaymentMethod, PricebookItem, Signature, SignatureOutcome, SignerRelation, SubjectKind,
        Technician, TimeEntry, TimeKind, Visit, VisitState, VisitStatusEvent,
    },
};

/// Whom a job is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CustomerView {
    /// The customer.
    pub customer_id: Id<Customer>,
    /// The name.
    pub name: String,
    /// The telephone number.
    pub phone: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
}

/// Where a job is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LocationView {
    /// The location.
    pub location_id: Id<Location>,
    /// The address.
    pub address: String,
    /// Its time zone.
    pub zone: String,
    /// How to get in.
    pub access_notes: Option<String>,
}

/// What a job is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EquipmentView {
    /// The piece of equipment.
    pub equipment_id: Id<Equipment>,
    /// What it is.
    pub name: String,
    /// Its model.
    pub model: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
}

/// A visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VisitView {
    /// The visit.
    pub visit_id: Id<Visit>,
    /// Its revision.
    pub rev: String,
    /// Where it stands.
    pub state: VisitState,
    /// Start of the arrival window.
    pub window_start: Instant,
    /// End of the arrival window.
    pub window_end: Instant,
    /// The zone people read the window in.
    pub zone: String,
    /// When the technician came.
    pub arrived_at: Option<Instant>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// What came of it.
    pub outcome: Option<String>,
    /// Who goes.
    pub assignments: Vec<AssignmentView>,
}

/// Who goes to a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssignmentView {
    /// The assignment.
    pub assignment_id: Id<Assignment>,
    /// The technician.
    pub technician_id: Id<Technician>,
    /// The technician's name; null for one of a branch the caller does not see.
    pub technician_name: Option<String>,
    /// False once the visit has ended.
    pub open: bool,
    /// Whether somebody accepted that the technician is needed elsewhere at the same time.
    pub overlap_confirmed: bool,
}

/// A step of a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventView {
    /// The event.
    pub event_id: Id<VisitStatusEvent>,
    /// The visit.
    pub visit_id: Id<Visit>,
    /// Where it stood before.
    pub from_state: VisitState,
    /// Where it stood after.
    pub to_state: VisitState,
    /// When somebody did it, by the clock of the device.
    pub occurred_at: Instant,
    /// When the server learned of it.
    pub received_at: Instant,
    /// Who did it.
    pub user_id: Uuid,
    /// Why, where a reason is asked for.
    pub reason: Option<String>,
}

/// What had to be checked on a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChecklistView {
    /// The checklist.
    pub checklist_id: Id<Checklist>,
    /// The visit.
    pub visit_id: Id<Visit>,
    /// The template's name.
    pub name: String,
    /// Its questions, in order.
    pub answers: Vec<AnswerView>,
}

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerView {
    /// The answer.
    pub answer_id: Id<ChecklistAnswer>,
    /// The question.
    pub item_id: Id<ChecklistTemplateItem>,
    /// Its place in the list.
    pub position: i32,
    /// Its words.
    pub prompt: String,
    /// Whether a visit can be completed without.
    pub required: bool,
    /// Whether it is answered.
    pub state: AnswerState,
    /// The answer.
    pub value: Option<String>,
    /// When it was given.
    pub answered_at: Option<Instant>,
    /// By whom.
    pub answered_by: Option<Uuid>,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NoteView {
    /// The note.
    pub note_id: Id<Note>,
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
    /// When it was begun.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

/// What was built in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MaterialView {
    /// The line.
    pub material_id: Id<MaterialUsed>,
    /// The visit.
    pub visit_id: Id<Visit>,
    /// The item of the pricebook.
    pub item_id: Id<PricebookItem>,
    /// Its name then.
    pub name: String,
    /// How much, in the item's unit.
    pub quantity: Decimal,
    /// The price of one unit then, in cents of the organization's currency.
    pub unit_price_cents: Cents,
}

/// When somebody worked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimeView {
    /// The entry.
    pub entry_id: Id<TimeEntry>,
    /// Who.
    pub technician_id: Id<Technician>,
    /// On which visit.
    pub visit_id: Option<Id<Visit>>,
    /// Doing what.
    pub kind: TimeKind,
    /// From when,
    pub started_at: Instant,
    /// to when; null while it runs.
    pub ended_at: Option<Instant>,
    /// Whether it shares time with another entry of the same technician.
    pub overlaps: bool,
}

/// An offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EstimateView {
    /// The estimate.
    pub estimate_id: Id<Estimate>,
    /// How people call it.
    pub number: String,
    /// One line.
    pub title: String,
    /// Where it stands.
    pub state: EstimateState,
    /// First instant at which it can no longer be approved.
    pub valid_until: Option<Instant>,
    /// When it was last presented.
    pub presented_at: Option<Instant>,
    /// When it was approved, declined or found expired.
    pub decided_at: Option<Instant>,
    /// The option that was approved.
    pub approved_option_id: Option<Id<EstimateOption>>,
    /// Its options, in order.
    pub options: Vec<OptionView>,
}

/// An option of an offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OptionView {
    /// The option.
    pub option_id: Id<EstimateOption>,
    /// Its place in the list.
    pub position: i32,
    /// What it is called.
    pub name: String,
    /// All lines at full price.
    pub subtotal_cents: Cents,
    /// All that is taken off.
    pub discount_cents: Cents,
    /// Tax on what is left.
    pub tax_cents: Cents,
    /// What the customer pays.
    pub total_cents: Cents,
    /// Its lines, in order.
    pub lines: Vec<LineView>,
}

/// A line of an option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LineView {
    /// The line.
    pub line_id: Id<EstimateLine>,
    /// Its place in the option.
    pub position: i32,
    /// The item of the pricebook; null for a line written freely.
    pub item_id: Option<Id<PricebookItem>>,
    /// Its name then.
    pub name: String,
    /// Its unit then.
    pub unit: String,
    /// How much, in that unit.
    pub quantity: Decimal,
    /// Price of one unit.
    pub unit_price_cents: Cents,
    /// What the line comes to, discount and tax included.
    pub total_cents: Cents,
}

/// A signature, or the refusal to give one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SignatureView {
    /// The signature.
    pub signature_id: Id<Signature>,
    /// What kind of thing was to be signed.
    pub subject_kind: SubjectKind,
    /// Which one.
    pub subject_id: Uuid,
    /// Whether it was.
    pub outcome: SignatureOutcome,
    /// Who signed, or would not.
    pub signer_name: Option<String>,
    /// What that person is to the customer.
    pub signer_relation: Option<SignerRelation>,
    /// SHA-256 of the document as it stood, in hexadecimal.
    pub document_hash: String,
    /// Why not.
    pub refusal_reason: Option<String>,
    /// When.
    pub signed_at: Instant,
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InvoiceView {
    /// The invoice.
    pub invoice_id: Id<Invoice>,
    /// Its number; null until it is issued.
    pub number: Option<String>,
    /// Where it stands.
    pub state: InvoiceState,
    /// What the customer pays.
    pub total_cents: Cents,
    /// What was paid.
    pub paid_cents: Cents,
    /// What was promised by card and is not settled.
    pub pending_cents: Cents,
    /// Whether more was paid than is due.
    pub overpaid: bool,
    /// When it was issued.
    pub issued_at: Option<Instant>,
    /// The entries of its payments, in order.
    pub payments: Vec<PaymentView>,
}

/// An entry of a payment: money taken, settled, failed, given back or taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentView {
    /// The entry.
    pub payment_id: Id<Payment>,
    /// What it is.
    pub kind: PaymentKind,
    /// How it was paid.
    pub method: PaymentMethod,
    /// How much; above zero, whatever its kind.
    pub amount_cents: Cents,
    /// The payment it is about; null for a payment itself.
    pub of_payment_id: Option<Id<Payment>>,
    /// Why, where a reason is asked for.
    pub reason: Option<String>,
    /// When, by the clock of the device.
    pub occurred_at: Instant,
}
