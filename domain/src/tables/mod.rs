//! The synced tables, one file each.

mod absence;
mod assignment;
mod branch;
mod checklist;
mod checklist_answer;
mod checklist_template;
mod checklist_template_item;
mod contact;
mod contract_equipment;
mod contract_price;
mod contract_visit;
mod credential;
mod customer;
mod customer_price;
mod dispatch_override;
mod equipment;
mod estimate;
mod estimate_line;
mod estimate_option;
mod invoice;
mod invoice_line;
mod job;
mod job_skill;
mod location;
mod maintenance_contract;
mod material_used;
mod note;
mod note_change;
mod organization;
mod payment;
mod pricebook_category;
mod pricebook_component;
mod pricebook_cost;
mod pricebook_item;
mod pricebook_price;
mod pricebook_version;
mod required_document;
mod signature;
mod skill;
mod stock_level;
mod stock_location;
mod stock_movement;
mod tax_rate;
mod technician;
mod technician_skill;
mod technician_territory;
mod territory;
mod territory_area;
mod time_entry;
mod visit;
mod visit_status_event;
mod working_hours;

use satchel_protocol::{Record, Table};

pub use absence::{Absence, AbsenceKind, AbsenceState};
pub use assignment::Assignment;
pub use branch::Branch;
pub use checklist::Checklist;
pub use checklist_answer::{AnswerState, ChecklistAnswer};
pub use checklist_template::ChecklistTemplate;
pub use checklist_template_item::{AnswerKind, ChecklistTemplateItem};
pub use contact::Contact;
pub use contract_equipment::ContractEquipment;
pub use contract_price::ContractPrice;
pub use contract_visit::{ContractVisit, OwedState};
pub use credential::{Credential, CredentialKind};
pub use customer::Customer;
pub use customer_price::CustomerPrice;
pub use dispatch_override::{DispatchOverride, DispatchRule};
pub use equipment::Equipment;
pub use estimate::{Estimate, EstimateState};
pub use estimate_line::EstimateLine;
pub use estimate_option::EstimateOption;
pub use invoice::{Invoice, InvoiceState};
pub use invoice_line::InvoiceLine;
pub use job::{Job, JobPriority, JobState};
pub use job_skill::JobSkill;
pub use location::Location;
pub use maintenance_contract::{ContractState, MaintenanceContract};
pub use material_used::MaterialUsed;
pub use note::Note;
pub use note_change::NoteChange;
pub use organization::Organization;
pub use payment::{Payment, PaymentKind, PaymentMethod};
pub use pricebook_category::PricebookCategory;
pub use pricebook_component::PricebookComponent;
pub use pricebook_cost::PricebookCost;
pub use pricebook_item::{PricebookItem, PricebookKind};
pub use pricebook_price::PricebookPrice;
pub use pricebook_version::{PricebookVersion, VersionState};
pub use required_document::{DocumentKind, DocumentState, RequiredDocument};
pub use signature::{Signature, SignatureOutcome, SignerRelation, SubjectKind};
pub use skill::Skill;
pub use stock_level::{StockLevel, StockStanding};
pub use stock_location::{StockLocation, StockLocationKind};
pub use stock_movement::{StockCause, StockMovement};
pub use tax_rate::{TaxClass, TaxRate};
pub use technician::Technician;
pub use technician_skill::TechnicianSkill;
pub use technician_territory::TechnicianTerritory;
pub use territory::Territory;
pub use territory_area::TerritoryArea;
pub use time_entry::{TimeEntry, TimeKind};
pub use visit::{Visit, VisitState};
pub use visit_status_event::VisitStatusEvent;
pub use working_hours::WorkingHours;

/// Every synced table, parents before children.
pub static ALL: &[&Table] = &[
    Organization::TABLE,
    Branch::TABLE,
    Technician::TABLE,
    Territory::TABLE,
    TerritoryArea::TABLE,
    Skill::TABLE,
    TechnicianSkill::TABLE,
    TechnicianTerritory::TABLE,
    WorkingHours::TABLE,
    Absence::TABLE,
    Credential::TABLE,
    ChecklistTemplate::TABLE,
    ChecklistTemplateItem::TABLE,
    TaxRate::TABLE,
    PricebookVersion::TABLE,
    PricebookCategory::TABLE,
    PricebookItem::TABLE,
    PricebookComponent::TABLE,
    PricebookCost::TABLE,
    PricebookPrice::TABLE,
    Customer::TABLE,
    Location::TABLE,
    Equipment::TABLE,
    Contact::TABLE,
    CustomerPrice::TABLE,
    Job::TABLE,
    JobSkill::TABLE,
    Visit::TABLE,
    Assignment::TABLE,
    DispatchOverride::TABLE,
    RequiredDocument::TABLE,
    VisitStatusEvent::TABLE,
    Checklist::TABLE,
    ChecklistAnswer::TABLE,
    Note::TABLE,
    NoteChange::TABLE,
    TimeEntry::TABLE,
    StockLocation::TABLE,
    StockLevel::TABLE,
    MaterialUsed::TABLE,
    Estimate::TABLE,
    EstimateOption::TABLE,
    EstimateLine::TABLE,
    Signature::TABLE,
    StockMovement::TABLE,
    Invoice::TABLE,
    InvoiceLine::TABLE,
    Payment::TABLE,
    MaintenanceContract::TABLE,
    ContractEquipment::TABLE,
    ContractPrice::TABLE,
    ContractVisit::TABLE,
];
