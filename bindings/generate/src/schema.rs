//! Types from the JSON Schemas of arguments and outputs.

use anyhow::{Context as _, bail};
use serde_json::{Map, Value};

use crate::model::{Enumeration, Field, Object, Type};

/// Where named schemas are.
pub const DEFINITIONS: &str = "#/$defs/";

/// Named types found in schemas.
#[derive(Default)]
pub struct Found {
    pub objects: Vec<Object>,
    pub enumerations: Vec<Enumeration>,
}

/// Reads every named schema.
pub fn read(definitions: &Map<String, Value>) -> anyhow::Result<Found> {
    let mut found = Found::default();
    for (name, schema) in definitions {
        let doc = schema["description"].as_str().unwrap_or_default().to_owned();
        if let Some(values) = schema["enum"].as_array() {
            let values = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            found.enumerations.push(Enumeration { name: name.clone(), doc, values });
        } else if schema["oneOf"].is_array() {
            // Variants with texts of their own: serde's unit enums with documentation.
            let variants = schema["oneOf"].as_array().into_iter().flatten();
            let values = variants.map(|variant| variant["const"].as_str().map(str::to_owned)).collect::<Option<_>>();
            let values =
                values.with_context(|| format!("{name} is an enum with contents, which is not handled yet"))?;
            found.enumerations.push(Enumeration { name: name.clone(), doc, values });
        } else if schema["type"] == "object" {
            let fields = fields(name, schema, definitions)?;
            found.objects.push(Object { name: name.clone(), doc, fields });
        }
    }
    Ok(found)
}

fn fields(name: &str, schema: &Value, definitions: &Map<String, Value>) -> anyhow::Result<Vec<Field>> {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let read = properties.map(|(property, schema)| {
        let (kind, nullable) = kind(schema, definitions).with_context(|| format!("{name}.{property}"))?;
        Ok(Field {
            name: property.clone(),
            doc: schema["description"].as_str().unwrap_or_default().to_owned(),
            kind,
            optional: nullable || !required.contains(&property.as_str()),
        })
    });
    read.collect()
}

/// A property's type, and whether it may be null.
fn kind(schema: &Value, definitions: &Map<String, Value>) -> anyhow::Result<(Type, bool)> {
    if let Some(reference) = schema["$ref"].as_str() {
        return Ok((named(reference, definitions)?, false));
    }
    for choice in ["anyOf", "oneOf"] {
        let Some(options) = schema[choice].as_array() else { continue };
        let (nulls, others): (Vec<_>, Vec<_>) = options.iter().partition(|option| option["type"] == "null");
        let [only] = others[..] else { bail!("a choice of several types is not handled yet") };
        return Ok((kind(only, definitions)?.0, !nulls.is_empty()));
    }
    let (word, nullable) = match &schema["type"] {
        Value::String(word) => (word.as_str(), false),
        Value::Array(words) => {
            let mut others = words.iter().filter_map(Value::as_str).filter(|word| *word != "null");
            (others.next().unwrap_or("null"), words.iter().any(|word| word == "null"))
        }
        _ => return Ok((Type::Json, true)),
    };
    let kind = match (word, schema["format"].as_str().unwrap_or_default()) {
        ("string", "uuid") => Type::Id,
        ("string", "date-time") => Type::Instant,
        ("string", "date") => Type::Date,
        ("string", _) if schema["contentEncoding"] == "base64" => Type::Bytes,
        ("string", _) => text(schema),
        ("boolean", _) => Type::Boolean,
        ("integer", "int32" | "uint8" | "uint16") => Type::Integer,
        ("integer", _) => Type::Long,
        ("array", _) => Type::List(Box::new(kind(&schema["items"], definitions)?.0)),
        ("object", _) => Type::Json,
        (other, _) => bail!("the type {other} is not handled yet"),
    };
    Ok((kind, nullable))
}

/// Numbers travel as text where 64 bits or exactness matter.
fn text(schema: &Value) -> Type {
    match schema["pattern"].as_str() {
        Some(pattern) if pattern.contains("\\.") => Type::Decimal,
        Some(pattern) if pattern.contains("-?[1-9][0-9]") => Type::LongText,
        _ => Type::Text,
    }
}

fn named(reference: &str, definitions: &Map<String, Value>) -> anyhow::Result<Type> {
    let name = reference.strip_prefix(DEFINITIONS).with_context(|| format!("{reference} points elsewhere"))?;
    let schema = definitions.get(name).with_context(|| format!("{name} is not defined"))?;
    Ok(if schema["enum"].is_array() || schema["oneOf"].is_array() {
        Type::Enumeration(name.to_owned())
    } else if schema["type"] == "object" {
        Type::Object(name.to_owned())
    } else {
        kind(schema, definitions)?.0
    })
}
