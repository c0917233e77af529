//! Kotlin. What the generated code leans on is by hand, in `bindings/kotlin/src/main/kotlin/dev/satchel`.

use std::fmt::Write as _;

use crate::{
    Source,
    model::{Enumeration, Field, Model, Object, Procedure, TableModel, Type},
    names::{camel, constant, escaped},
};

const FOLDER: &str = "bindings/kotlin/src/main/kotlin/dev/satchel/model";
const KEPT: &[&str] = &[
    "as",
    "break",
    "class",
    "continue",
    "do",
    "else",
    "false",
    "for",
    "fun",
    "if",
    "in",
    "interface",
    "is",
    "null",
    "object",
    "package",
    "return",
    "super",
    "this",
    "throw",
    "true",
    "try",
    "typealias",
    "val",
    "var",
    "when",
    "while",
];

/// The sources of a trade.
pub fn write(model: &Model) -> Vec<Source> {
    let tables = model.tables.iter().map(table).collect::<String>();
    let enumerations = model.enumerations.iter().map(enumeration).collect::<String>();
    let objects = model.objects.iter().map(|object| part(object, "Part")).collect::<String>();
    let mutations = model.mutations.iter().map(mutation).collect::<String>() + &reader(&model.mutations);
    vec![
        source("Tables.kt", &["dev.satchel.*", "java.math.BigDecimal", "java.time.*", "java.util.UUID"], &tables),
        source("Enums.kt", &["dev.satchel.OpenEnum"], &enumerations),
        source("Parts.kt", &PART_IMPORTS, &objects),
        source("Mutations.kt", &PART_IMPORTS, &mutations),
    ]
}

const PART_IMPORTS: [&str; 6] = [
    "dev.satchel.*",
    "java.math.BigDecimal",
    "java.time.*",
    "java.util.UUID",
    "kotlinx.serialization.json.JsonElement",
    "kotlinx.serialization.json.JsonObject",
];

fn source(name: &str, imports: &[&str], body: &str) -> Source {
    let imports: String = imports.iter().map(|import| format!("import {import}\n")).collect();
    let text = format!(
        "// Written by `./dev bindings` from the registry: do not edit.\n@file:Suppress(\"unused\")\n\npackage \
         dev.satchel.model\n\n{imports}{body}"
    );
    Source { path: format!("{FOLDER}/{name}").into(), text }
}

fn enumeration(found: &Enumeration) -> String {
    let Enumeration { name, doc, values } = found;
    let mut text = String::new();
    write_doc(&mut text, "", if doc.is_empty() { "Open to values of newer servers." } else { doc });
    let _ = writeln!(text, "@JvmInline\npublic value class {name}(override val text: String) : OpenEnum {{");
    let _ = writeln!(text, "    override fun toString(): String = text\n\n    public companion object {{");
    for value in values {
        let _ = writeln!(text, "        public val {}: {name} = {name}({})", constant(value), quoted(value));
    }
    let all: Vec<String> = values.iter().map(|value| constant(value)).collect();
    let _ = writeln!(text, "\n        /** The values this build knows. */");
    let _ = writeln!(text, "        public val known: List<{name}> = listOf({})\n    }}\n}}", all.join(", "));
    text
}

fn table(model: &TableModel) -> String {
    let TableModel { table, name, fields } = model;
    let mut text = String::new();
    write_doc(&mut text, "", &format!("A row of `{}`.", table.name));
    let _ = writeln!(text, "public data class {name}(");
    for field in fields {
        let _ = writeln!(text, "    val {}: {},", property(field), declared(field));
    }
    let _ = writeln!(text, ") {{\n    public companion object : Table<{name}>({}) {{", quoted(table.name));
    let _ = writeln!(text, "        override fun read(row: Cells): {name} = {name}(");
    for (position, field) in fields.iter().enumerate() {
        let _ = writeln!(text, "            {},", cell(position, field));
    }
    let _ = writeln!(text, "        )");
    for index in table.indexes {
        let keys: Vec<&Field> = index.columns.iter().map(|column| model.field(column)).collect();
        let mut parameters: Vec<String> =
            keys.iter().map(|field| format!("{}: {}", property(field), spelled(&field.kind))).collect();
        let mut conditions: Vec<String> =
            (1..).zip(index.columns).map(|(position, column)| format!("\\\"{column}\\\" = ?{position}")).collect();
        let mut arguments: Vec<String> = keys.iter().map(|field| property(field)).collect();
        let mut order = "id".to_owned();
        if let Some(range) = index.range {
            let kind = spelled(&model.field(range).kind);
            let (from, until) = (keys.len() + 1, keys.len() + 2);
            parameters.push(format!("from: {kind}? = null"));
            parameters.push(format!("until: {kind}? = null"));
            conditions.push(format!("(?{from} is null or \\\"{range}\\\" >= ?{from})"));
            conditions.push(format!("(?{until} is null or \\\"{range}\\\" < ?{until})"));
            arguments.extend(["from".to_owned(), "until".to_owned()]);
            order = format!("\\\"{range}\\\", id");
        }
        let function = escaped(camel(index.name.split('.').next_back().unwrap_or(index.name)), KEPT);
        let _ = writeln!(text, "\n        public fun {function}({}): Query<{name}> =", parameters.join(", "));
        let condition = conditions.join(" and ");
        let _ = writeln!(text, "            where(\"{condition} order by {order}\", {})", arguments.join(", "));
    }
    let _ = writeln!(text, "    }}\n}}");
    text
}

fn part(object: &Object, parent: &str) -> String {
    let Object { name, doc, fields } = object;
    let mut text = String::new();
    write_doc(&mut text, "", doc);
    write_constructor(&mut text, name, fields);
    let _ = writeln!(text, " : {parent} {{");
    let _ = writeln!(text, "    override fun json(): JsonObject = {}\n", written(fields));
    let _ = writeln!(text, "    public companion object {{");
    write_read(&mut text, name, fields);
    let _ = writeln!(text, "    }}\n}}");
    text
}

fn mutation(procedure: &Procedure) -> String {
    let Procedure { path, summary, server_only, args, output } = procedure;
    let mut text = String::new();
    let only = if *server_only { " Runs only at the server: it is queued, and has no output here." } else { "" };
    write_doc(&mut text, "", &format!("{summary}{only}"));
    write_constructor(&mut text, &args.name, &args.fields);
    let _ = writeln!(text, " : Mutation<{output}> {{");
    let _ = writeln!(text, "    override val procedure: String get() = {}", quoted(path));
    let _ = writeln!(text, "    override fun json(): JsonObject = {}", written(&args.fields));
    let _ = writeln!(text, "    override fun output(json: JsonElement): {output} = {output}.read(json)\n");
    let _ = writeln!(text, "    public companion object : Procedure({}) {{", quoted(path));
    write_read(&mut text, &args.name, &args.fields);
    let _ = writeln!(text, "    }}\n}}");
    text
}

/// From a procedure's name and arguments to its mutation.
fn reader(procedures: &[Procedure]) -> String {
    let mut text = String::new();
    write_doc(
        &mut text,
        "",
        "The mutation of that name with these arguments; null for one that this build does not know.",
    );
    let _ = writeln!(
        text,
        "internal fun mutationOf(procedure: String, args: JsonElement): Mutation<*>? = when (procedure) {{"
    );
    for Procedure { args, .. } in procedures {
        let _ = writeln!(text, "    {0}.name -> {0}.read(args)", args.name);
    }
    let _ = writeln!(text, "    else -> null\n}}");
    text
}

fn write_read(text: &mut String, name: &str, fields: &[Field]) {
    let _ = writeln!(text, "        internal fun read(json: JsonElement): {name} = {name}(");
    for field in fields {
        let _ = writeln!(text, "            {} = {},", property(field), decoded(field));
    }
    let _ = writeln!(text, "        )");
}

fn write_constructor(text: &mut String, name: &str, fields: &[Field]) {
    // Kotlin knows no data class without properties.
    if fields.is_empty() {
        let _ = write!(text, "public class {name}");
        return;
    }
    let _ = writeln!(text, "public data class {name}(");
    let (optional, required): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|field| field.optional);
    for field in required.into_iter().chain(optional) {
        write_doc(text, "    ", &field.doc);
        let default = if field.optional { " = null" } else { "" };
        let _ = writeln!(text, "    val {}: {}{default},", property(field), declared(field));
    }
    let _ = write!(text, ")");
}

fn written(fields: &[Field]) -> String {
    let pairs = fields.iter().map(|field| {
        let (name, value) = (quoted(&field.name), property(field));
        let value = match (&field.kind, field.optional) {
            (Type::LongText, false) => format!("{value}.toString()"),
            (Type::LongText, true) => format!("{value}?.toString()"),
            _ => value,
        };
        format!("{name} to {value}")
    });
    format!("jsonOf({})", pairs.collect::<Vec<_>>().join(", "))
}

fn property(field: &Field) -> String {
    escaped(camel(&field.name), KEPT)
}

fn declared(field: &Field) -> String {
    let nullable = if field.optional { "?" } else { "" };
    format!("{}{nullable}", spelled(&field.kind))
}

fn spelled(kind: &Type) -> String {
    match kind {
        Type::Id => "UUID".to_owned(),
        Type::Text => "String".to_owned(),
        Type::Integer => "Int".to_owned(),
        Type::Long | Type::LongText => "Long".to_owned(),
        Type::Decimal => "BigDecimal".to_owned(),
        Type::Boolean => "Boolean".to_owned(),
        Type::Instant => "Instant".to_owned(),
        Type::Date => "LocalDate".to_owned(),
        Type::Bytes => "Bytes".to_owned(),
        Type::Enumeration(name) | Type::Object(name) => name.clone(),
        Type::List(item) => format!("List<{}>", spelled(item)),
        Type::Json => "JsonElement".to_owned(),
    }
}

/// Reads a cell of a row.
fn cell(position: usize, field: &Field) -> String {
    let read = match &field.kind {
        Type::Id => "id",
        Type::Integer => "integer",
        Type::Long | Type::LongText => "long",
        Type::Decimal => "decimal",
        Type::Boolean => "boolean",
        Type::Instant => "instant",
        Type::Date => "date",
        Type::Bytes => "bytes",
        Type::Text | Type::Enumeration(_) | Type::Object(_) | Type::List(_) | Type::Json => "text",
    };
    let (suffix, call) = if field.optional { ("OrNull", "?") } else { ("", "") };
    match &field.kind {
        Type::Enumeration(name) if field.optional => format!("row.text{suffix}({position}){call}.let {{ {name}(it) }}"),
        Type::Enumeration(name) => format!("{name}(row.text({position}))"),
        _ => format!("row.{read}{suffix}({position})"),
    }
}

/// Reads a property of an object.
fn decoded(field: &Field) -> String {
    let name = quoted(&field.name);
    if field.optional {
        format!("json.optional({name})?.let {{ {} }}", element("it", &field.kind))
    } else {
        element(&format!("json.required({name})"), &field.kind)
    }
}

fn element(json: &str, kind: &Type) -> String {
    match kind {
        Type::Id => format!("{json}.asId()"),
        Type::Text => format!("{json}.asText()"),
        Type::Integer => format!("{json}.asInt()"),
        Type::Long | Type::LongText => format!("{json}.asLong()"),
        Type::Decimal => format!("{json}.asDecimal()"),
        Type::Boolean => format!("{json}.asBoolean()"),
        Type::Instant => format!("{json}.asInstant()"),
        Type::Date => format!("{json}.asDate()"),
        Type::Bytes => format!("{json}.asBytes()"),
        Type::Enumeration(name) => format!("{name}({json}.asText())"),
        Type::Object(name) => format!("{name}.read({json})"),
        Type::List(item) => format!("{json}.asList {{ item -> {} }}", element("item", item)),
        Type::Json => json.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$"))
}

fn write_doc(text: &mut String, indent: &str, doc: &str) {
    let words = doc.split_whitespace().collect::<Vec<_>>().join(" ").replace("*/", "* /");
    if indent.is_empty() {
        text.push('\n');
    }
    if !words.is_empty() {
        let _ = writeln!(text, "{indent}/** {words} */");
    }
}
