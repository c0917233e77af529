//! What people do: `job/v1/create` is `job/create.rs`.
//!
//! Invariants:
//! - Every argument is checked before it is written; texts are bounded, windows and quantities make sense.
//! - Whoever changes a job's part names the job, because it is locked as a whole before anything is read.

mod branch;
mod checklist;
mod checklist_template;
mod contact;
mod credential;
mod customer;
mod dispatch;
mod document;
mod equipment;
mod estimate;
mod invoice;
mod job;
mod location;
mod maintenance;
mod material;
mod note;
mod organization;
mod payment;
mod pricebook;
mod signature;
mod skill;
mod stock;
mod stock_location;
mod technician;
mod territory;
mod time;
mod visit;

use satchel_protocol::{
    MutationKind,
    inbox::{ApplyItem, DismissItem, RepairItem, SubmitToOffice},
};

pub use branch::{BranchSaved, CreateBranch, UpdateBranch};
pub use checklist::{AnswerItem, AnswerSet, AttachChecklist, ChecklistAttached, ClearAnswer, MarkNotApplicable};
pub use checklist_template::{
    AddTemplateItem, CreateChecklistTemplate, RemoveTemplateItem, TemplateItemRemoved, TemplateItemSaved,
    TemplateSaved, UpdateChecklistTemplate, UpdateTemplateItem,
};
pub use contact::{ContactRemoved, ContactSaved, CreateContact, RemoveContact, UpdateContact};
pub use credential::{CredentialRemoved, CredentialSaved, RecordCredential, RemoveCredential, UpdateCredential};
pub use customer::{CreateCustomer, CustomerSaved, UpdateCustomer};
pub use dispatch::{AssignTech, Reschedule, Rescheduled, TechAssigned, TechUnassigned, UnassignTech};
pub use document::{DocumentMoved, RequireDocument, SatisfyDocument, WaiveDocument};
pub use equipment::{CreateEquipment, EquipmentSaved, UpdateEquipment};
pub use estimate::{
    AddEstimateLine, AddEstimateOption, ApproveEstimate, ChangeEstimateLine, DeclineEstimate, EstimateGenerated,
    EstimateMoved, EstimateRevised, ExpireEstimate, GenerateEstimate, OptionTotals, PresentEstimate,
    RemoveEstimateLine, ReviseEstimate, SetEstimateDiscount,
};
pub use invoice::{
    AddInvoiceLine, ChangeInvoiceLine, CollectPayment, CreateInvoiceFromEstimate, CreateInvoiceFromWork,
    InvoiceChanged, InvoiceCreated, InvoiceIssued, InvoiceVoided, IssueInvoice, PaymentCollected, RemoveInvoiceLine,
    SetInvoiceDiscount, VoidInvoice,
};
pub use job::{
    CancelJob, CreateJob, JobCanceled, JobCreated, JobSkillsSet, JobStatusUpdated, JobUpdated, SetJobSkills, UpdateJob,
    UpdateJobStatus,
};
pub use location::{CreateLocation, LocationSaved, UpdateLocation};
pub use maintenance::{
    ActivateContract, CancelContract, ContractCreated, ContractMoved, ContractRenewed, ContractVisitScheduled,
    ContractVisitSkipped, CreateContract, GenerateVisits, PauseContract, RenewContract, ResumeContract,
    ScheduleContractVisit, Season, SkipContractVisit, VisitsGenerated,
};
pub use material::{AddMaterial, CorrectMaterial, MaterialAdded, MaterialCorrected};
pub use note::{CreateNote, EditNote, NoteCreated, NoteEdited};
pub use organization::{OrganizationSaved, UpdateOrganization};
pub use payment::{FailPayment, PaymentMoved, RefundPayment, ReversePayment, SettlePayment};
pub use pricebook::{
    CategoryWritten, ComponentsSet, CostSet, CreateCategory, CreateItem, CreateVersion, CustomerPriceSet, ItemWritten,
    NewComponent, NewPrice, PricesSet, PublishVersion, RetireItem, RetireVersion, SetComponents, SetCost,
    SetCustomerPrice, SetPrices, SetTaxRate, TaxRateSet, UpdateCategory, UpdateItem, VersionMoved,
};
pub use signature::{CaptureSignature, RefuseSignature, SignatureCaptured, SignatureRefused};
pub use skill::{CreateSkill, SkillSaved, UpdateSkill};
pub use stock::{
    CountStock, MinimumSet, ReceiveStock, ReplenishStock, ReplenishmentLine, ReplenishmentRequested,
    RequestReplenishment, ReturnStock, SetStockMinimum, StockCounted, StockMoved, StockReplenished, TransferStock,
};
pub use stock_location::{CreateStockLocation, StockLocationCreated, StockLocationUpdated, UpdateStockLocation};
pub use technician::{
    AbsenceAnswered, AbsenceRequested, ApproveAbsence, AvailabilitySet, CancelAbsence, CreateTechnician,
    DeclineAbsence, GrantSkill, RequestAbsence, RevokeSkill, SetAvailability, SetTerritories, SkillRevoked, Stretch,
    TechnicianSaved, TechnicianSkilled, TerritoriesSet, UpdateTechnician,
};
pub use territory::{CreateTerritory, PostalCodesSet, SetPostalCodes, TerritorySaved, UpdateTerritory};
pub use time::{StartTime, StopTime, TimeStarted, TimeStopped};
pub use visit::{
    AcceptVisit, ArriveAtVisit, CancelVisit, CannotCompleteVisit, CompleteVisit, CompleteVisitPartially, CreateVisit,
    DeclineVisit, DispatchVisit, PauseVisit, ResumeVisit, TravelToVisit, VisitCreated,
};

/// Every mutation.
pub static ALL: &[MutationKind] = &[
    MutationKind::of::<CreateJob>(),
    MutationKind::of::<UpdateJob>(),
    MutationKind::of::<UpdateJobStatus>(),
    MutationKind::of::<CancelJob>(),
    MutationKind::of::<CreateVisit>(),
    MutationKind::of::<AssignTech>(),
    MutationKind::of::<UnassignTech>(),
    MutationKind::of::<Reschedule>(),
    MutationKind::of::<DispatchVisit>(),
    MutationKind::of::<AcceptVisit>(),
    MutationKind::of::<DeclineVisit>(),
    MutationKind::of::<TravelToVisit>(),
    MutationKind::of::<ArriveAtVisit>(),
    MutationKind::of::<PauseVisit>(),
    MutationKind::of::<ResumeVisit>(),
    MutationKind::of::<CompleteVisit>(),
    MutationKind::of::<CompleteVisitPartially>(),
    MutationKind::of::<CannotCompleteVisit>(),
    MutationKind::of::<CancelVisit>(),
    MutationKind::of::<AttachChecklist>(),
    MutationKind::of::<AnswerItem>(),
    MutationKind::of::<MarkNotApplicable>(),
    MutationKind::of::<ClearAnswer>(),
    MutationKind::of::<CreateNote>(),
    MutationKind::of::<EditNote>(),
    MutationKind::of::<StartTime>(),
    MutationKind::of::<StopTime>(),
    MutationKind::of::<AddMaterial>(),
    MutationKind::of::<CorrectMaterial>(),
    MutationKind::of::<CreateStockLocation>(),
    MutationKind::of::<UpdateStockLocation>(),
    MutationKind::of::<ReceiveStock>(),
    MutationKind::of::<TransferStock>(),
    MutationKind::of::<CountStock>(),
    MutationKind::of::<ReturnStock>(),
    MutationKind::of::<SetStockMinimum>(),
    MutationKind::of::<RequestReplenishment>(),
    MutationKind::of::<ReplenishStock>(),
    MutationKind::of::<CreateItem>(),
    MutationKind::of::<UpdateItem>(),
    MutationKind::of::<RetireItem>(),
    MutationKind::of::<SetComponents>(),
    MutationKind::of::<SetCost>(),
    MutationKind::of::<SetCustomerPrice>(),
    MutationKind::of::<SetTaxRate>(),
    MutationKind::of::<CreateCategory>(),
    MutationKind::of::<UpdateCategory>(),
    MutationKind::of::<CreateVersion>(),
    MutationKind::of::<SetPrices>(),
    MutationKind::of::<PublishVersion>(),
    MutationKind::of::<RetireVersion>(),
    MutationKind::of::<GenerateEstimate>(),
    MutationKind::of::<AddEstimateOption>(),
    MutationKind::of::<AddEstimateLine>(),
    MutationKind::of::<ChangeEstimateLine>(),
    MutationKind::of::<RemoveEstimateLine>(),
    MutationKind::of::<SetEstimateDiscount>(),
    MutationKind::of::<PresentEstimate>(),
    MutationKind::of::<ApproveEstimate>(),
    MutationKind::of::<DeclineEstimate>(),
    MutationKind::of::<ExpireEstimate>(),
    MutationKind::of::<ReviseEstimate>(),
    MutationKind::of::<CaptureSignature>(),
    MutationKind::of::<RefuseSignature>(),
    MutationKind::of::<CreateInvoiceFromWork>(),
    MutationKind::of::<CreateInvoiceFromEstimate>(),
    MutationKind::of::<AddInvoiceLine>(),
    MutationKind::of::<ChangeInvoiceLine>(),
    MutationKind::of::<RemoveInvoiceLine>(),
    MutationKind::of::<SetInvoiceDiscount>(),
    MutationKind::of::<IssueInvoice>(),
    MutationKind::of::<VoidInvoice>(),
    MutationKind::of::<CollectPayment>(),
    MutationKind::of::<SettlePayment>(),
    MutationKind::of::<FailPayment>(),
    MutationKind::of::<RefundPayment>(),
    MutationKind::of::<ReversePayment>(),
    MutationKind::of::<SetJobSkills>(),
    MutationKind::of::<CreateCustomer>(),
    MutationKind::of::<UpdateCustomer>(),
    MutationKind::of::<CreateLocation>(),
    MutationKind::of::<UpdateLocation>(),
    MutationKind::of::<CreateEquipment>(),
    MutationKind::of::<UpdateEquipment>(),
    MutationKind::of::<CreateContact>(),
    MutationKind::of::<UpdateContact>(),
    MutationKind::of::<RemoveContact>(),
    MutationKind::of::<UpdateOrganization>(),
    MutationKind::of::<CreateBranch>(),
    MutationKind::of::<UpdateBranch>(),
    MutationKind::of::<CreateTechnician>(),
    MutationKind::of::<UpdateTechnician>(),
    MutationKind::of::<SetAvailability>(),
    MutationKind::of::<SetTerritories>(),
    MutationKind::of::<GrantSkill>(),
    MutationKind::of::<RevokeSkill>(),
    MutationKind::of::<RequestAbsence>(),
    MutationKind::of::<ApproveAbsence>(),
    MutationKind::of::<DeclineAbsence>(),
    MutationKind::of::<CancelAbsence>(),
    MutationKind::of::<CreateSkill>(),
    MutationKind::of::<UpdateSkill>(),
    MutationKind::of::<CreateTerritory>(),
    MutationKind::of::<UpdateTerritory>(),
    MutationKind::of::<SetPostalCodes>(),
    MutationKind::of::<RecordCredential>(),
    MutationKind::of::<UpdateCredential>(),
    MutationKind::of::<RemoveCredential>(),
    MutationKind::of::<CreateChecklistTemplate>(),
    MutationKind::of::<UpdateChecklistTemplate>(),
    MutationKind::of::<AddTemplateItem>(),
    MutationKind::of::<UpdateTemplateItem>(),
    MutationKind::of::<RemoveTemplateItem>(),
    MutationKind::of::<RequireDocument>(),
    MutationKind::of::<SatisfyDocument>(),
    MutationKind::of::<WaiveDocument>(),
    MutationKind::of::<CreateContract>(),
    MutationKind::of::<ActivateContract>(),
    MutationKind::of::<PauseContract>(),
    MutationKind::of::<ResumeContract>(),
    MutationKind::of::<CancelContract>(),
    MutationKind::of::<RenewContract>(),
    MutationKind::of::<GenerateVisits>(),
    MutationKind::of::<ScheduleContractVisit>(),
    MutationKind::of::<SkipContractVisit>(),
    MutationKind::of::<SubmitToOffice>(),
    MutationKind::of::<ApplyItem>(),
    MutationKind::of::<RepairItem>(),
    MutationKind::of::<DismissItem>(),
];
