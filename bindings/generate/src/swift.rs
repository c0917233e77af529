//! Swift. What the generated code leans on is by hand, in `bindings/swift/Sources/Satchel`.

use std::fmt::Write as _;

use crate::{
    Source,
    model::{Enumeration, Field, Model, Object, Procedure, TableModel, Type},
    names::{camel, escaped},
};

const FOLDER: &str = "bindings/swift/Sources/Satchel/Model";
const KEPT: &[&str] = &[
    "as",
    "break",
    "case",
    "catch",
    "class",
    "continue",
    "default",
    "defer",
    "do",
    "else",
    "enum",
    "extension",
    "false",
    "for",
    "func",
    "guard",
    "if",
    "import",
    "in",
    "init",
    "internal",
    "is",
    "let",
    "nil",
    "operator",
    "private",
    "protocol",
    "public",
    "repeat",
    "return",
    "self",
    "static",
    "struct",
    "switch",
    "throw",
    "true",
    "try",
    "var",
    "where",
    "while",
];

/// The sources of a trade.
pub fn write(model: &Model) -> Vec<Source> {
    let tables = model.tables.iter().map(table).collect::<String>();
    let enumerations = model.enumerations.iter().map(enumeration).collect::<String>();
    let objects = model.objects.iter().map(part).collect::<String>();
    let mutations = model.mutations.iter().map(mutation).collect::<String>() + &reader(&model.mutations);
    [("Tables", tables), ("Enums", enumerations), ("Parts", objects), ("Mutations", mutations)]
        .map(|(name, body)| Source {
            path: format!("{FOLDER}/{name}.swift").into(),
            text: format!(
                "// Written by `./dev bindings` from the registry: do not edit.\n\nimport Foundation\n{body}"
            ),
        })
        .into()
}

fn enumeration(found: &Enumeration) -> String {
    let Enumeration { name, doc, values } = found;
    let mut text = String::new();
    write_doc(&mut text, "", if doc.is_empty() { "Open to values of newer servers." } else { doc });
    let _ = writeln!(text, "public struct {name}: OpenEnum {{");
    let _ = writeln!(
        text,
        "    public let rawValue: String\n    public init(rawValue: String) {{ self.rawValue = rawValue }}\n"
    );
    for value in values {
        let _ = writeln!(text, "    public static let {} = {name}(rawValue: {})", case(value), quoted(value));
    }
    let all: Vec<String> = values.iter().map(|value| format!(".{}", case(value))).collect();
    let _ = writeln!(text, "\n    /// The values this build knows.");
    let _ = writeln!(text, "    public static let known: [{name}] = [{}]\n}}", all.join(", "));
    text
}

fn case(value: &str) -> String {
    escaped(camel(value), KEPT)
}

fn table(model: &TableModel) -> String {
    let TableModel { table, name, fields } = model;
    let mut text = String::new();
    write_doc(&mut text, "", &format!("A row of `{}`.", table.name));
    let _ = writeln!(text, "public struct {name}: Row {{\n    public static let table = {}\n", quoted(table.name));
    for field in fields {
        let _ = writeln!(text, "    public let {}: {}", property(field), declared(field));
    }
    let _ = writeln!(text, "\n    public init(_ row: Cells) throws {{");
    for (position, field) in fields.iter().enumerate() {
        let _ = writeln!(text, "        self.{} = {}", property(field), cell(position, field));
    }
    let _ = writeln!(text, "    }}");
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
            parameters.push(format!("from: {kind}? = nil"));
            parameters.push(format!("until: {kind}? = nil"));
            conditions.push(format!("(?{from} is null or \\\"{range}\\\" >= ?{from})"));
            conditions.push(format!("(?{until} is null or \\\"{range}\\\" < ?{until})"));
            arguments.extend(["from".to_owned(), "until".to_owned()]);
            order = format!("\\\"{range}\\\", id");
        }
        let function = escaped(camel(index.name.split('.').next_back().unwrap_or(index.name)), KEPT);
        let _ = writeln!(text, "\n    public static func {function}({}) -> Query<{name}> {{", parameters.join(", "));
        let condition = conditions.join(" and ");
        let _ = writeln!(text, "        Query(\"{condition} order by {order}\", [{}])\n    }}", arguments.join(", "));
    }
    let _ = writeln!(text, "}}");
    text
}

fn part(object: &Object) -> String {
    let Object { name, doc, fields } = object;
    let mut text = String::new();
    write_doc(&mut text, "", doc);
    let _ = writeln!(text, "public struct {name}: Part {{");
    write_members(&mut text, fields);
    let _ = writeln!(text, "}}");
    text
}

fn mutation(procedure: &Procedure) -> String {
    let Procedure { path, summary, server_only, args, output } = procedure;
    let mut text = String::new();
    let only = if *server_only { " Runs only at the server: it is queued, and has no output here." } else { "" };
    write_doc(&mut text, "", &format!("{summary}{only}"));
    let _ = writeln!(text, "public struct {}: Mutation {{", args.name);
    let _ =
        writeln!(text, "    public typealias Output = {output}\n    public static let procedure = {}\n", quoted(path));
    write_members(&mut text, &args.fields);
    let _ = writeln!(text, "}}");
    text
}

/// From a procedure's name and arguments to its mutation.
fn reader(procedures: &[Procedure]) -> String {
    let mut text = String::new();
    write_doc(
        &mut text,
        "",
        "The mutation of that name with these arguments; nil for one that this build does not know.",
    );
    let _ = writeln!(text, "func mutation(of procedure: String, args: JSON) throws -> (any Mutation)? {{");
    let _ = writeln!(text, "    switch procedure {{");
    for Procedure { args, .. } in procedures {
        let _ = writeln!(text, "    case {0}.procedure: return try {0}(json: args)", args.name);
    }
    let _ = writeln!(text, "    default: return nil\n    }}\n}}");
    text
}

/// Properties, the initializer by members, and the ways to JSON and back.
fn write_members(text: &mut String, fields: &[Field]) {
    let (optional, required): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|field| field.optional);
    let ordered: Vec<&Field> = required.into_iter().chain(optional).collect();
    for field in &ordered {
        write_doc(text, "    ", &field.doc);
        let _ = writeln!(text, "    public var {}: {}", property(field), declared(field));
    }
    let parameters = ordered.iter().map(|field| {
        let default = if field.optional { " = nil" } else { "" };
        format!("{}: {}{default}", property(field), declared(field))
    });
    let _ = writeln!(text, "\n    public init({}) {{", parameters.collect::<Vec<_>>().join(", "));
    for field in &ordered {
        let _ = writeln!(text, "        self.{0} = {0}", property(field));
    }
    let _ = writeln!(text, "    }}\n\n    public func json() -> JSON {{\n        JSON.members([");
    for field in fields {
        let value = property(field);
        let encoded = match (&field.kind, field.optional) {
            (kind, true) => format!("{value}.map {{ {} }}", encoded("$0", kind)),
            (kind, false) => encoded(&value, kind),
        };
        let _ = writeln!(text, "            {}: {encoded},", quoted(&field.name));
    }
    // An empty dictionary has a spelling of its own.
    if fields.is_empty() {
        let _ = writeln!(text, "            :");
    }
    let _ = writeln!(text, "        ])\n    }}\n\n    public init(json: JSON) throws {{");
    for field in fields {
        let _ = writeln!(text, "        self.{} = {}", property(field), decoded(field));
    }
    let _ = writeln!(text, "    }}");
}

fn encoded(value: &str, kind: &Type) -> String {
    match kind {
        Type::Id => format!("JSON({value})"),
        Type::Text => format!("JSON.text({value})"),
        Type::Integer => format!("JSON.integer(Int64({value}))"),
        Type::Long => format!("JSON.integer({value})"),
        Type::LongText => format!("JSON.text(String({value}))"),
        Type::Decimal => format!("JSON({value})"),
        Type::Boolean => format!("JSON.boolean({value})"),
        Type::Instant | Type::Date | Type::Bytes => format!("JSON({value})"),
        Type::Enumeration(_) => format!("JSON.text({value}.rawValue)"),
        Type::Object(_) => format!("{value}.json()"),
        Type::List(item) if value == "$0" => format!("JSON.array($0.map {{ item in {} }})", encoded("item", item)),
        Type::List(item) => format!("JSON.array({value}.map {{ {} }})", encoded("$0", item)),
        Type::Json => value.to_owned(),
    }
}

fn property(field: &Field) -> String {
    escaped(camel(&field.name), KEPT)
}

fn declared(field: &Field) -> String {
    let optional = if field.optional { "?" } else { "" };
    format!("{}{optional}", spelled(&field.kind))
}

fn spelled(kind: &Type) -> String {
    match kind {
        Type::Id => "UUID".to_owned(),
        Type::Text => "String".to_owned(),
        Type::Integer => "Int32".to_owned(),
        Type::Long | Type::LongText => "Int64".to_owned(),
        Type::Decimal => "Decimal".to_owned(),
        Type::Boolean => "Bool".to_owned(),
        Type::Instant => "Instant".to_owned(),
        Type::Date => "CalendarDay".to_owned(),
        Type::Bytes => "Data".to_owned(),
        Type::Enumeration(name) | Type::Object(name) => name.clone(),
        Type::List(item) => format!("[{}]", spelled(item)),
        Type::Json => "JSON".to_owned(),
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
    match (&field.kind, field.optional) {
        (Type::Enumeration(name), true) => {
            format!("try row.optional({position}, row.text).map {{ {name}(rawValue: $0) }}")
        }
        (Type::Enumeration(name), false) => format!("{name}(rawValue: try row.text({position}))"),
        (_, true) => format!("try row.optional({position}, row.{read})"),
        (_, false) => format!("try row.{read}({position})"),
    }
}

/// Reads a property of an object.
fn decoded(field: &Field) -> String {
    let name = quoted(&field.name);
    match (&field.kind, field.optional) {
        // As it stands: nothing to read that could throw.
        (Type::Json, true) => format!("json.optional({name})"),
        (kind, true) => format!("try json.optional({name}).map {{ {} }}", element("$0", kind)),
        (kind, false) => element(&format!("json.required({name})"), kind),
    }
}

fn element(json: &str, kind: &Type) -> String {
    let call = match kind {
        Type::Id => format!("{json}.asId()"),
        Type::Text => format!("{json}.asText()"),
        Type::Integer => format!("{json}.asInteger()"),
        Type::Long | Type::LongText => format!("{json}.asLong()"),
        Type::Decimal => format!("{json}.asDecimal()"),
        Type::Boolean => format!("{json}.asBoolean()"),
        Type::Instant => format!("{json}.asInstant()"),
        Type::Date => format!("{json}.asDay()"),
        Type::Bytes => format!("{json}.asData()"),
        Type::Enumeration(name) => return format!("{name}(rawValue: try {json}.asText())"),
        Type::Object(name) => return format!("try {name}(json: {json})"),
        Type::List(item) => format!("{json}.asList {{ item in {} }}", element("item", item)),
        Type::Json => json.to_owned(),
    };
    format!("try {call}")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn write_doc(text: &mut String, indent: &str, doc: &str) {
    let words = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    if indent.is_empty() {
        text.push('\n');
    }
    if !words.is_empty() {
        let _ = writeln!(text, "{indent}/// {words}");
    }
}
