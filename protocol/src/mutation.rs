//! What a mutation is: a named, typed intent whose Rust code runs on phone and server alike (P10).

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::{Ctx, ErrorCode, RowKey, ShapeError, Stop, TextBounds, Workspace, text_bounds::TooLong};

/// Why a rule, or the database in its place, usually says no.
pub const USUAL_ERRORS: &[ErrorCode] =
    &[ErrorCode::BadRequest, ErrorCode::Forbidden, ErrorCode::NotFound, ErrorCode::Conflict];

/// One kind of intent. Pure and synchronous: it reads and writes only through the [`Workspace`], and takes ids and
/// times from its arguments and the [`Ctx`].
pub trait Mutation: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// The RPC path: `namespace/vN/procedure`.
    const NAME: &'static str;
    /// One sentence for the API document.
    const SUMMARY: &'static str;
    /// True for a rule that needs data a phone lacks: a phone queues it without running it.
    const SERVER_ONLY: bool = false;
    /// The codes its refusals may have (R7); a build with debug assertions stops at another one.
    const ERRORS: &'static [ErrorCode] = USUAL_ERRORS;
    /// What the caller gets back.
    type Output: Serialize + JsonSchema;

    /// The aggregates to lock and prefetch, before anything is read.
    fn roots(&self) -> Vec<RowKey>;

    /// Runs the rule: reads, decides, writes.
    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<Self::Output, Stop>;
}

/// A decoded mutation, its type erased.
pub trait AnyMutation: Send + Sync {
    /// See [`Mutation::roots`].
    fn roots(&self) -> Vec<RowKey>;
    /// See [`Mutation::apply`]; the output as JSON.
    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<serde_json::Value, Stop>;
}

impl<M: Mutation> AnyMutation for M {
    fn roots(&self) -> Vec<RowKey> {
        Mutation::roots(self)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<serde_json::Value, Stop> {
        let output = Mutation::apply(self, ctx, work)?;
        serde_json::to_value(output).map_err(|_| Stop::Shape(ShapeError::new(M::NAME, "an output that is JSON")))
    }
}

/// A mutation as it was sent, with what its rule may have overlooked.
pub(crate) struct Sent<M> {
    pub(crate) mutation: M,
    pub(crate) too_long: Option<TooLong>,
}

impl<M: Mutation> AnyMutation for Sent<M> {
    fn roots(&self) -> Vec<RowKey> {
        Mutation::roots(&self.mutation)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<serde_json::Value, Stop> {
        let output = AnyMutation::apply(&self.mutation, ctx, work)?;
        match &self.too_long {
            Some(text) => Err(text.rejection("mutation.text_too_long").into()),
            None => Ok(output),
        }
    }
}

/// Makes the JSON Schema of a type. Without the feature `server` it says nothing: phones need not carry what describes an API.
pub type ToSchema = fn(&mut SchemaGenerator) -> Schema;

/// How the schema of `T` is made.
pub(crate) const fn schema_of<T: JsonSchema + ?Sized>() -> ToSchema {
    if cfg!(feature = "server") { SchemaGenerator::subschema_for::<T> } else { |_| Schema::default() }
}

/// The registry's entry for a kind of mutation.
#[derive(Clone, Copy, Debug)]
pub struct MutationKind {
    /// The RPC path.
    pub name: &'static str,
    /// One sentence for the API document.
    pub summary: &'static str,
    /// See [`Mutation::SERVER_ONLY`].
    pub server_only: bool,
    /// See [`Mutation::ERRORS`].
    pub errors: &'static [ErrorCode],
    /// Decodes arguments.
    pub decode: fn(&str) -> Result<Box<dyn AnyMutation>, ShapeError>,
    /// How long texts in the arguments may be.
    pub text_bounds: fn() -> &'static TextBounds,
    /// The JSON Schema of the arguments.
    pub args_schema: ToSchema,
    /// The JSON Schema of the output.
    pub output_schema: ToSchema,
}

impl MutationKind {
    /// The entry for `M`.
    pub const fn of<M: Mutation>() -> Self {
        Self {
            name: M::NAME,
            summary: M::SUMMARY,
            server_only: M::SERVER_ONLY,
            errors: M::ERRORS,
            decode: decode::<M>,
            text_bounds: TextBounds::of::<M>,
            args_schema: schema_of::<M>(),
            output_schema: schema_of::<M::Output>(),
        }
    }
}

fn decode<M: Mutation>(args: &str) -> Result<Box<dyn AnyMutation>, ShapeError> {
    let mutation: M = parse(M::NAME, args)?;
    Ok(Box::new(Sent { mutation, too_long: TextBounds::of::<M>().exceeded(args) }))
}

/// Reads arguments.
pub(crate) fn parse<T: DeserializeOwned>(name: &str, args: &str) -> Result<T, ShapeError> {
    // serde's message quotes values; only the category and place may leave.
    serde_json::from_str(args).map_err(|error| {
        ShapeError::new(
            format!("{name} arguments, line {} column {}", error.line(), error.column()),
            match error.classify() {
                serde_json::error::Category::Data => "the fields and types its schema names",
                _ => "well-formed JSON",
            },
        )
    })
}

/// The content hash of a mutation, over the original bytes: the same key with another hash is a CONFLICT (P2, R6).
pub fn content_hash(name: &str, args: &RawValue, context: &RawValue) -> [u8; 32] {
    Sha256::new()
        .chain_update(name)
        .chain_update([0])
        .chain_update(args.get())
        .chain_update([0])
        .chain_update(context.get())
        .finalize()
        .into()
}
