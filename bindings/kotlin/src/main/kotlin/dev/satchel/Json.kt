package dev.satchel

import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate
import java.util.Base64
import java.util.UUID
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** A part of arguments or of an output. */
public interface Part {
    public fun json(): JsonObject
}

/** Something people do; `R` is what its rule returns. */
public interface Mutation<R> : Part {
    /** `namespace/vN/procedure`. */
    public val procedure: String

    /** Reads what the rule returned. */
    public fun output(json: JsonElement): R
}

/** What can be called; the companions of mutations. */
public abstract class Procedure(
    /** `namespace/vN/procedure`. */
    public val name: String,
)

/** An object without what is null: leaving out means leaving as it is. */
internal fun jsonOf(vararg members: Pair<String, Any?>): JsonObject =
    JsonObject(members.filter { it.second != null }.associate { (name, value) -> name to jsonOf(value) })

private fun jsonOf(value: Any?): JsonElement = when (value) {
    null -> JsonNull
    is JsonElement -> value
    is Boolean -> JsonPrimitive(value)
    is Int -> JsonPrimitive(value)
    is Long -> JsonPrimitive(value)
    is String -> JsonPrimitive(value)
    is UUID -> JsonPrimitive(value.toString())
    is OpenEnum -> JsonPrimitive(value.text)
    is Instant -> JsonPrimitive(spelled(value))
    is LocalDate -> JsonPrimitive(value.toString())
    is BigDecimal -> JsonPrimitive(value.toPlainString())
    is Bytes -> JsonPrimitive(value.base64())
    is Part -> value.json()
    is List<*> -> JsonArray(value.map(::jsonOf))
    else -> throw SatchelException.InvalidInput("no argument is a ${value.javaClass.simpleName}")
}

internal fun JsonElement.optional(name: String): JsonElement? =
    (this as? JsonObject)?.get(name)?.takeUnless { it is JsonNull }

internal fun JsonElement.required(name: String): JsonElement = optional(name) ?: unexpected(name)

internal fun JsonElement.asText(): String = (this as? JsonPrimitive)?.takeIf { it.isString }?.content ?: unexpected("text")
internal fun JsonElement.asLong(): Long = (this as? JsonPrimitive)?.content?.toLongOrNull() ?: unexpected("a whole number")
internal fun JsonElement.asInt(): Int = asLong().toInt()
internal fun JsonElement.asBoolean(): Boolean =
    (this as? JsonPrimitive)?.content?.toBooleanStrictOrNull() ?: unexpected("a boolean")
internal fun JsonElement.asId(): UUID = UUID.fromString(asText())
internal fun JsonElement.asDecimal(): BigDecimal = BigDecimal(asText())
internal fun JsonElement.asInstant(): Instant = Instant.parse(asText())
internal fun JsonElement.asDate(): LocalDate = LocalDate.parse(asText())
internal fun JsonElement.asBytes(): Bytes = Bytes(Base64.getDecoder().decode(asText()))
internal fun <T> JsonElement.asList(read: (JsonElement) -> T): List<T> =
    (this as? JsonArray)?.map(read) ?: unexpected("a list")

private fun unexpected(what: String): Nothing =
    throw SatchelException.Internal("$what is missing: library and generated code differ")
