//! What a query is: a named, typed question that one SQL statement answers. Data only; a server runs it.
//!
//! Invariants:
//! - The statement is a SELECT whose only parameter, `$1`, is the arguments as `jsonb`. It gives one column with the
//!   answer as JSON, in one row; no row means that there is no such thing, or not for this user.
//! - It runs under the caller's row-level security (P6) and needs no condition on the organization.
//! - Whatever an argument's type does not exclude, [`Query::check`] refuses, so that no argument can make it fail. Texts
//!   longer than the schema says are refused without its help.

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Rejection, ShapeError, TextBounds, ToSchema, mutation::schema_of};

/// One kind of question.
pub trait Query: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// The RPC path: `namespace/vN/procedure`.
    const NAME: &'static str;
    /// One sentence for the API document.
    const SUMMARY: &'static str;
    /// The statement; see the module.
    const SQL: &'static str;
    /// What the caller gets back.
    type Output: Serialize + DeserializeOwned + JsonSchema;

    /// Arguments as somebody would send them, for the API document.
    fn example() -> Self;

    /// Refuses arguments that make no sense.
    ///
    /// # Errors
    /// BAD_REQUEST, with a reason.
    fn check(&self) -> Result<(), Rejection> {
        Ok(())
    }
}

/// The registry's entry for a kind of question.
#[derive(Clone, Copy, Debug)]
pub struct QueryKind {
    /// The RPC path.
    pub name: &'static str,
    /// One sentence for the API document.
    pub summary: &'static str,
    /// The statement.
    pub sql: &'static str,
    /// Decodes and checks arguments; gives them as the statement takes them.
    pub arguments: fn(&str) -> Result<Value, Rejection>,
    /// How long texts in the arguments may be.
    pub text_bounds: fn() -> &'static TextBounds,
    /// Whether an answer has exactly the shape of the output type, no member more and none less.
    pub conforms: fn(&str) -> Result<(), ShapeError>,
    /// Arguments as somebody would send them.
    pub example: fn() -> Value,
    /// The JSON Schema of the arguments.
    pub args_schema: ToSchema,
    /// The JSON Schema of the output.
    pub output_schema: ToSchema,
}

impl QueryKind {
    /// The entry for `Q`.
    pub const fn of<Q: Query>() -> Self {
        Self {
            name: Q::NAME,
            summary: Q::SUMMARY,
            sql: Q::SQL,
            arguments: arguments::<Q>,
            text_bounds: TextBounds::of::<Q>,
            conforms: conforms::<Q>,
            example: || serde_json::to_value(Q::example()).unwrap_or_default(),
            args_schema: schema_of::<Q>(),
            output_schema: schema_of::<Q::Output>(),
        }
    }
}

fn arguments<Q: Query>(text: &str) -> Result<Value, Rejection> {
    let unreadable = |line: usize, column: usize, expected: &str| {
        let message = format!("The arguments must have {expected} (line {line}, column {column}).");
        Rejection::bad_request("query.arguments", message)
    };
    // serde's message quotes values; only the category and place may leave.
    let query: Q = serde_json::from_str(text).map_err(|error| {
        let expected = match error.classify() {
            serde_json::error::Category::Data => "the fields, types and bounds that the schema names",
            _ => "the form of JSON",
        };
        unreadable(error.line(), error.column(), expected)
    })?;
    query.check()?;
    if let Some(found) = TextBounds::of::<Q>().exceeded(text) {
        return Err(found.rejection("query.text_too_long"));
    }
    let value = serde_json::to_value(&query).map_err(|_| unreadable(1, 1, "the form of JSON"))?;
    if holds_nul(&value) {
        let message = "There is a character in the arguments that cannot be searched for. Please type it again.";
        return Err(Rejection::bad_request("query.nul", message));
    }
    Ok(value)
}

/// Postgres can neither store nor compare a NUL.
fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(members) => members.values().any(holds_nul),
        _ => false,
    }
}

fn conforms<Q: Query>(answer: &str) -> Result<(), ShapeError> {
    let wrong = |what: &str| ShapeError::new(Q::NAME, what);
    let read = |what: String| move |error: serde_json::Error| ShapeError::new(Q::NAME, format!("{what}: {error}"));
    let value: Value = serde_json::from_str(answer).map_err(read("an answer that is JSON".to_owned()))?;
    let output: Q::Output = serde_json::from_str(answer).map_err(read("an answer of the output type".to_owned()))?;
    let again = serde_json::to_value(output).map_err(|_| wrong("an output that is JSON"))?;
    match difference(&value, &again, "") {
        None => Ok(()),
        Some(path) => Err(wrong(&format!("at {path} what the output type says"))),
    }
}

/// Where two values first differ.
fn difference(found: &Value, wanted: &Value, path: &str) -> Option<String> {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            let extra =
                found.keys().chain(wanted.keys()).find(|key| found.contains_key(*key) != wanted.contains_key(*key));
            extra.map(|key| format!("{path}/{key}")).or_else(|| {
                found.iter().find_map(|(key, value)| difference(value, wanted.get(key)?, &format!("{path}/{key}")))
            })
        }
        (Value::Array(found), Value::Array(wanted)) if found.len() == wanted.len() => {
            let mut pairs = found.iter().zip(wanted).enumerate();
            pairs.find_map(|(at, (found, wanted))| difference(found, wanted, &format!("{path}/{at}")))
        }
        (found, wanted) => (found != wanted).then(|| if path.is_empty() { "/".to_owned() } else { path.to_owned() }),
    }
}
