//! What apps cannot make by themselves: edits of a note's text, the documents that signatures are bound to, and which questions
//! of a checklist are asked.

use satchel_client::{Reader, StoreError};
use satchel_domain::{
    rules::{
        checklists,
        document::{self, Document},
        limits::NOTE_TEXT_BYTES,
    },
    tables::{
        Checklist, ChecklistAnswer, ChecklistTemplateItem, Estimate, EstimateLine, EstimateOption, Invoice,
        InvoiceLine, MaterialUsed, Organization, RequiredDocument, SubjectKind, Visit,
    },
};
use satchel_protocol::{Id, Record, Rejection};
use uuid::Uuid;

use crate::{client::SatchelClient, error::SatchelError, types::Mutated};

/// What a person is about to sign.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SigningDocument {
    /// Every fact that the signer agrees to, a line for each.
    pub text: String,
    /// SHA-256 of the text: the `document_hash` of the signature.
    pub hash: Vec<u8>,
}

/// Why there is none.
enum Failed {
    Store(StoreError),
    Refused(Rejection),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failed> for SatchelError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Store(error) => error.into(),
            Failed::Refused(rejection) => rejection.into(),
        }
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl SatchelClient {
    /// Turns a note into `text`; nothing is queued when it reads so already. `base` is the text that the person saw when
    /// writing began: what others wrote since then stays. Without it, the present text is meant.
    pub async fn edit_note(
        &self,
        note_id: Uuid,
        base: Option<String>,
        text: String,
    ) -> Result<Option<Mutated>, SatchelError> {
        if let Some(size) = base.as_ref().map(String::len).filter(|size| *size > NOTE_TEXT_BYTES) {
            let (size, limit) = (size as u64, NOTE_TEXT_BYTES as u64);
            return Err(SatchelError::TooLarge { size, limit, unit: "bytes".to_owned() });
        }
        self.run(
            move |client| async move { Ok(client.edit_note(Id::new(note_id), base, text).await?.map(Mutated::from)) },
        )
        .await
    }

    /// The document of what can be signed, as it stands on this phone. `kind` is one of `SubjectKind`.
    pub async fn signing_document(&self, kind: String, id: Uuid) -> Result<SigningDocument, SatchelError> {
        self.run(move |client| async move {
            let org = Id::new(client.identity()?.org_id);
            let document = client.read(move |reader| Ok(document(reader, org, &kind, id))).await?;
            let document = document?;
            Ok(SigningDocument { text: document.text().to_owned(), hash: document.hash().to_vec() })
        })
        .await
    }

    /// The answers, rows of `checklist_answer`, that a visit's checklists ask for now, checklist by checklist in their order:
    /// what a condition hides is not among them.
    pub async fn asked_answers(&self, visit_id: Uuid) -> Result<Vec<Uuid>, SatchelError> {
        self.run(move |client| async move { Ok(client.read(move |reader| asked(reader, Id::new(visit_id))).await?) })
            .await
    }
}

fn asked(reader: &Reader, visit: Id<Visit>) -> Result<Vec<Uuid>, StoreError> {
    let mut asked = Vec::new();
    for checklist in reader.find::<Checklist>(Checklist::BY_VISIT, &[visit.into()])? {
        let items: Vec<ChecklistTemplateItem> =
            reader.find(ChecklistTemplateItem::BY_TEMPLATE, &[checklist.template_id.into()])?;
        let answers: Vec<ChecklistAnswer> = reader.find(ChecklistAnswer::BY_CHECKLIST, &[checklist.id.into()])?;
        asked.extend(checklists::asked(&items, &answers).into_iter().map(|(_, answer)| answer.id.uuid()));
    }
    Ok(asked)
}

fn document(reader: &Reader, org: Id<Organization>, kind: &str, id: Uuid) -> Result<Document, Failed> {
    let organization = require(reader, org)?;
    match SubjectKind::from(kind) {
        SubjectKind::EstimateOption => {
            let option = require::<EstimateOption>(reader, Id::new(id))?;
            let estimate: Estimate = require(reader, option.estimate_id)?;
            let lines: Vec<EstimateLine> = reader.find(EstimateLine::BY_ESTIMATE, &[estimate.id.into()])?;
            Ok(document::estimate_option(&organization, &estimate, &option, &lines))
        }
        SubjectKind::Invoice => {
            let invoice: Invoice = require(reader, Id::new(id))?;
            let lines: Vec<InvoiceLine> = reader.find(InvoiceLine::BY_INVOICE, &[invoice.id.into()])?;
            Ok(document::invoice(&organization, &invoice, &lines))
        }
        SubjectKind::Visit => {
            let visit: Visit = require(reader, Id::new(id))?;
            let materials: Vec<MaterialUsed> = reader.find(MaterialUsed::BY_VISIT, &[visit.id.into()])?;
            Ok(document::visit(&organization, &visit, &materials))
        }
        SubjectKind::RequiredDocument => {
            let paper: RequiredDocument = require(reader, Id::new(id))?;
            Ok(document::required_document(&organization, &paper))
        }
        SubjectKind::Unknown(_) => {
            let message = "This cannot be signed with this version of the app. Please update the app.";
            Err(Failed::Refused(Rejection::bad_request("signature.subject_kind", message)))
        }
    }
}

fn require<R: Record>(reader: &Reader, id: Id<R>) -> Result<R, Failed> {
    reader.get(id)?.ok_or_else(|| {
        let table = R::TABLE.name;
        let message = format!("This {} is not on this phone any more.", table.replace('_', " "));
        Failed::Refused(Rejection::not_found(&format!("{table}.not_found"), message))
    })
}
