//! How long texts may be: what the schema of a procedure's arguments says, held against what was sent.
//!
//! Invariant: a text that is longer than its schema says changes nothing, whatever a rule made of it. Rules refuse it
//! first, in words of their own; this stands behind them, so that none can forget.

use std::{
    any::TypeId,
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

use crate::{Rejection, ToSchema};

/// Characters of a value of an enumeration, also of one that this build does not know.
pub const WORD_CHARS: usize = 64;

/// The bounds of all texts in arguments of one type.
#[derive(Debug)]
pub struct TextBounds {
    schema: Value,
    /// Arguments of so few bytes hold no text that is too long.
    least_chars: usize,
}

/// A text that is too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// Where it stands: `lines[0].name`.
    pub place: String,
    /// How many characters it may have.
    pub max_chars: usize,
}

impl TooLong {
    /// What whoever sent it is told.
    pub fn rejection(&self, reason: &str) -> Rejection {
        let Self { place, max_chars } = self;
        Rejection::bad_request(reason, format!("Please shorten `{place}` to at most {max_chars} characters."))
    }
}

impl TextBounds {
    /// The bounds in `T`, worked out once.
    pub fn of<T: JsonSchema + 'static>() -> &'static Self {
        Self::known(TypeId::of::<T>(), SchemaGenerator::subschema_for::<T>)
    }

    // Not once more for each type: phones carry all of them.
    fn known(of: TypeId, schema: ToSchema) -> &'static Self {
        static KNOWN: LazyLock<Mutex<HashMap<TypeId, &'static TextBounds>>> = LazyLock::new(Mutex::default);
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(of).or_insert_with(|| {
            let mut schemas = SchemaGenerator::default();
            let mut schema = schema(&mut schemas);
            schema.insert("$defs".to_owned(), schemas.take_definitions(true).into());
            let schema = Value::from(schema);
            let least_chars = least(&schema);
            Box::leak(Box::new(Self { schema, least_chars }))
        })
    }

    /// The first text in `args`, arguments as JSON, that is longer than its schema says.
    pub fn exceeded(&self, args: &str) -> Option<TooLong> {
        if args.len() <= self.least_chars {
            return None;
        }
        let args: Value = serde_json::from_str(args).ok()?;
        self.within(&self.schema, &args, &mut String::new())
    }

    fn within(&self, schema: &Value, value: &Value, place: &mut String) -> Option<TooLong> {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.schema.pointer(target.trim_start_matches('#'))?;
            return self.within(target, value, place);
        }
        for choice in ["anyOf", "oneOf", "allOf"] {
            for option in schema.get(choice).and_then(Value::as_array).into_iter().flatten() {
                if let Some(found) = self.within(option, value, place) {
                    return Some(found);
                }
            }
        }
        let end = place.len();
        match value {
            Value::String(text) => {
                let max_chars = bound(schema)?;
                // Bytes bound characters from above, so most texts need no counting.
                let too_long = text.len() > max_chars && text.chars().count() > max_chars;
                return too_long.then(|| TooLong { place: place.clone(), max_chars });
            }
            Value::Array(items) => {
                let schema = schema.get("items")?;
                for (at, item) in items.iter().enumerate() {
                    place.push_str(&format!("[{at}]"));
                    if let Some(found) = self.within(schema, item, place) {
                        return Some(found);
                    }
                    place.truncate(end);
                }
            }
            Value::Object(members) => {
                let properties = schema.get("properties")?;
                for (name, member) in members {
                    let Some(schema) = properties.get(name) else { continue };
                    if end > 0 {
                        place.push('.');
                    }
                    place.push_str(name);
                    if let Some(found) = self.within(schema, member, place) {
                        return Some(found);
                    }
                    place.truncate(end);
                }
            }
            _ => {}
        }
        None
    }
}

/// How long a text of this schema may be, if that is said.
fn bound(schema: &Value) -> Option<usize> {
    let said = schema.get("maxLength").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
    said.or_else(|| schema.get("enum").map(|_| WORD_CHARS))
}

/// The smallest bound anywhere in a schema.
fn least(schema: &Value) -> usize {
    let below = match schema {
        Value::Object(members) => members.values().map(least).min(),
        Value::Array(items) => items.iter().map(least).min(),
        _ => None,
    };
    bound(schema).unwrap_or(usize::MAX).min(below.unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::json;

    use super::*;
    use crate::{Ctx, ErrorCode, Mutation, MutationKind, RowKey, Stop, Workspace, context::Side};

    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Part {
        #[schemars(length(max = 3))]
        name: Option<String>,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Careless {
        #[schemars(length(max = 80))]
        text: String,
        #[serde(default)]
        parts: Vec<Part>,
    }

    impl Mutation for Careless {
        const NAME: &'static str = "careless/v1/write";
        const SUMMARY: &'static str = "Forgets to look how long a text is.";
        type Output = String;

        fn roots(&self) -> Vec<RowKey> {
            Vec::new()
        }

        fn apply(&self, _: &Ctx, _: &mut Workspace) -> Result<String, Stop> {
            Ok(self.text.clone())
        }
    }

    fn exceeded(args: &Value) -> Option<(String, usize)> {
        TextBounds::of::<Careless>().exceeded(&args.to_string()).map(|found| (found.place, found.max_chars))
    }

    #[test]
    fn the_first_text_that_is_too_long_is_named() {
        let text = |chars| "é".repeat(chars);
        let part = |chars| json!({ "name": text(chars) });
        assert_eq!(exceeded(&json!({ "text": text(80), "parts": [part(3), { "name": null }] })), None);
        assert_eq!(exceeded(&json!({ "text": text(81) })), Some(("text".to_owned(), 80)));
        let second = json!({ "text": "", "parts": [part(3), part(4)] });
        assert_eq!(exceeded(&second), Some(("parts[1].name".to_owned(), 3)));
        assert_eq!(
            exceeded(&json!({ "text": [], "parts": "x", "unknown": text(99) })),
            None,
            "shapes are not its concern"
        );
    }

    #[test]
    fn a_rule_that_forgets_to_look_is_not_taken_at_its_word() {
        let at = "2026-11-21T10:47:00Z".parse().unwrap();
        let (org_id, user_id, key) = Default::default();
        let (technician_id, device_clock) = (None, None);
        let ctx = Ctx {
            org_id,
            user_id,
            technician_id,
            roles: vec![],
            key,
            occurred_at: at,
            device_clock,
            side: Side::Phone,
        };
        let run = |chars: usize| {
            let args = json!({ "text": "x".repeat(chars) }).to_string();
            let mutation = (MutationKind::of::<Careless>().decode)(&args).unwrap();
            Workspace::new().run(&*mutation, &ctx).unwrap().result
        };
        run(80).unwrap();
        let refused = run(81).unwrap_err();
        assert_eq!((refused.code, refused.reason.as_str()), (ErrorCode::BadRequest, "mutation.text_too_long"));
        assert_eq!(refused.message, "Please shorten `text` to at most 80 characters.");
    }
}
