//! One question of a checklist.

use satchel_protocol::{Id, record, table::ORG_SCOPE, text_enum};

use super::ChecklistTemplate;

text_enum! {
    /// What kind of answer an item takes.
    pub enum AnswerKind {
        /// Yes or no, stored as `yes` and `no`.
        YesNo = "yes_no",
        /// A decimal number.
        Number = "number",
        /// Free text.
        Text = "text",
        /// A photo; counts when captured, not when uploaded.
        Photo = "photo",
    }
}

record! {
    /// A question of a [`ChecklistTemplate`].
    pub struct ChecklistTemplateItem in "checklist_template_item" {
        /// The template.
        pub template_id: Id<ChecklistTemplate>,
        /// Place in the list, from 1.
        pub position: i32,
        /// The question.
        pub prompt: String,
        /// What kind of answer it takes.
        pub answer_kind: AnswerKind,
        /// Whether an open answer blocks completion of the visit.
        pub required: bool,
        /// The item this one depends on; shown only while that item's answer equals `shown_when`.
        pub shown_after_id: Option<Id<ChecklistTemplateItem>>,
        /// The answer of `shown_after_id` that shows this item.
        pub shown_when: Option<String>,
    }
    scope: ORG_SCOPE;
    index BY_TEMPLATE = "checklist_template_item.by_template" on ["template_id"];
}
