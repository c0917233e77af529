//! A trade as the generated code sees it: tables, enums, objects and mutations, in any language.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, bail};
use satchel_protocol::{Kind, MutationKind, Registry, Table};
use schemars::SchemaGenerator;

use crate::{names::pascal, schema};

/// Everything that is written.
#[derive(Debug)]
pub struct Model {
    /// In the registry's order.
    pub tables: Vec<TableModel>,
    /// By name.
    pub enumerations: Vec<Enumeration>,
    /// Arguments' and outputs' parts, by name.
    pub objects: Vec<Object>,
    /// In the registry's order.
    pub mutations: Vec<Procedure>,
}

/// A synced table.
#[derive(Debug)]
pub struct TableModel {
    pub table: &'static Table,
    /// The row's type.
    pub name: String,
    /// In wire order.
    pub fields: Vec<Field>,
}

/// A property.
#[derive(Debug)]
pub struct Field {
    /// As it is stored and sent.
    pub name: String,
    pub doc: String,
    pub kind: Type,
    /// May be left out.
    pub optional: bool,
}

/// The types that both languages have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Id,
    Text,
    /// 32 bits.
    Integer,
    /// 64 bits, a number in JSON.
    Long,
    /// 64 bits, text in JSON.
    LongText,
    Decimal,
    Boolean,
    Instant,
    Date,
    Bytes,
    Enumeration(String),
    Object(String),
    List(Box<Self>),
    /// Anything.
    Json,
}

/// An enum stored as text, open to values of newer servers.
#[derive(Debug)]
pub struct Enumeration {
    pub name: String,
    pub doc: String,
    pub values: Vec<String>,
}

/// An object of arguments or outputs.
#[derive(Debug)]
pub struct Object {
    pub name: String,
    pub doc: String,
    pub fields: Vec<Field>,
}

/// A mutation.
#[derive(Debug)]
pub struct Procedure {
    /// The RPC path.
    pub path: &'static str,
    pub summary: &'static str,
    /// Runs only at the server.
    pub server_only: bool,
    pub args: Object,
    /// The output's object.
    pub output: String,
}

impl Model {
    /// Reads a registry.
    pub fn of(registry: &Registry) -> anyhow::Result<Self> {
        let mut schemas = SchemaGenerator::default();
        let named: Vec<(&MutationKind, String, String)> = registry
            .mutations
            .iter()
            .map(|mutation| {
                let args = name_of(&(mutation.args_schema)(&mut schemas)).context(mutation.name)?;
                let output = name_of(&(mutation.output_schema)(&mut schemas)).context(mutation.name)?;
                Ok((mutation, args, output))
            })
            .collect::<anyhow::Result<_>>()?;
        let found = schema::read(schemas.definitions())?;
        let mut enumerations: BTreeMap<String, Enumeration> =
            found.enumerations.into_iter().map(|found| (found.name.clone(), found)).collect();
        for values in registry.tables.iter().flat_map(|table| table.columns).filter_map(|column| column.values) {
            let known = values.known.iter().map(|value| (*value).to_owned()).collect();
            let of_column = Enumeration { name: values.name.to_owned(), doc: String::new(), values: known };
            let first = enumerations.entry(values.name.to_owned()).or_insert(of_column);
            if first.values != values.known {
                bail!("two enums are called {}", values.name);
            }
        }
        let mut objects: BTreeMap<String, Object> =
            found.objects.into_iter().map(|found| (found.name.clone(), found)).collect();
        let outputs: BTreeSet<&String> = named.iter().map(|(_, _, output)| output).collect();
        let mut mutations = Vec::new();
        for (mutation, args, output) in &named {
            if outputs.contains(args) {
                bail!("{args} is both argument and output");
            }
            mutations.push(Procedure {
                path: mutation.name,
                summary: mutation.summary,
                server_only: mutation.server_only,
                args: objects.remove(args).with_context(|| format!("{}: {args} is no object", mutation.name))?,
                output: output.clone(),
            });
        }
        let tables: Vec<TableModel> = registry.tables.iter().map(|table| TableModel::of(table)).collect();
        let model = Self {
            tables,
            enumerations: enumerations.into_values().collect(),
            objects: objects.into_values().collect(),
            mutations,
        };
        model.check_names()?;
        Ok(model)
    }

    /// All types share one namespace in both languages.
    fn check_names(&self) -> anyhow::Result<()> {
        let mut seen = BTreeSet::new();
        let names = (self.tables.iter().map(|table| &table.name))
            .chain(self.enumerations.iter().map(|found| &found.name))
            .chain(self.objects.iter().map(|found| &found.name))
            .chain(self.mutations.iter().map(|mutation| &mutation.args.name));
        for name in names {
            if !seen.insert(name) {
                bail!("two types are called {name}");
            }
        }
        Ok(())
    }
}

impl TableModel {
    fn of(table: &'static Table) -> Self {
        let fields = table.columns.iter().map(|column| Field {
            name: column.name.to_owned(),
            doc: String::new(),
            kind: match (column.kind, column.values) {
                (_, Some(values)) => Type::Enumeration(values.name.to_owned()),
                (Kind::Id, _) => Type::Id,
                (Kind::Text, _) => Type::Text,
                (Kind::Integer, _) => Type::Integer,
                (Kind::BigInteger, _) => Type::Long,
                (Kind::Decimal, _) => Type::Decimal,
                (Kind::Boolean, _) => Type::Boolean,
                (Kind::Timestamp, _) => Type::Instant,
                (Kind::Date, _) => Type::Date,
                (Kind::Bytes, _) => Type::Bytes,
            },
            optional: column.nullable,
        });
        Self { table, name: pascal(table.name), fields: fields.collect() }
    }

    /// A field by its column.
    pub fn field(&self, column: &str) -> &Field {
        self.fields.iter().find(|field| field.name == column).expect("indexes name columns of their table")
    }
}

fn name_of(schema: &schemars::Schema) -> anyhow::Result<String> {
    let reference = schema.as_value()["$ref"].as_str().context("no named schema")?;
    Ok(reference.strip_prefix(schema::DEFINITIONS).context("a schema elsewhere")?.to_owned())
}
