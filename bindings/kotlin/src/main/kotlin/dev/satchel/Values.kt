package dev.satchel

import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.util.Base64
import java.util.UUID

/** An enum stored as text, open to values of newer servers: compare with the constants, and expect others. */
public interface OpenEnum {
    /** As it is stored and sent. */
    public val text: String
}

/** Binary data that is equal by its contents. */
public class Bytes(private val contents: ByteArray) {
    /** A copy. */
    public fun toByteArray(): ByteArray = contents.copyOf()

    override fun equals(other: Any?): Boolean = other is Bytes && contents.contentEquals(other.contents)
    override fun hashCode(): Int = contents.contentHashCode()
    override fun toString(): String = "Bytes(${contents.size})"

    internal fun base64(): String = Base64.getEncoder().encodeToString(contents)
}

/** The cells of a row, read in the registry's column order. */
public class Cells internal constructor(private val row: List<Cell>) {
    public fun textOrNull(position: Int): String? = (row.getOrNull(position) as? Cell.Text)?.value
    public fun longOrNull(position: Int): Long? = (row.getOrNull(position) as? Cell.Integer)?.value
    public fun integerOrNull(position: Int): Int? = longOrNull(position)?.toInt()
    public fun idOrNull(position: Int): UUID? = textOrNull(position)?.let(UUID::fromString)
    public fun decimalOrNull(position: Int): BigDecimal? = textOrNull(position)?.let(::BigDecimal)
    public fun instantOrNull(position: Int): Instant? = textOrNull(position)?.let(Instant::parse)
    public fun dateOrNull(position: Int): LocalDate? = textOrNull(position)?.let(LocalDate::parse)
    public fun bytesOrNull(position: Int): Bytes? = textOrNull(position)?.let { Bytes(Base64.getDecoder().decode(it)) }

    public fun booleanOrNull(position: Int): Boolean? = when (val cell = row.getOrNull(position)) {
        is Cell.Boolean -> cell.value
        is Cell.Integer -> cell.value != 0L
        else -> null
    }

    public fun text(position: Int): String = textOrNull(position) ?: missing(position)
    public fun long(position: Int): Long = longOrNull(position) ?: missing(position)
    public fun integer(position: Int): Int = integerOrNull(position) ?: missing(position)
    public fun id(position: Int): UUID = idOrNull(position) ?: missing(position)
    public fun decimal(position: Int): BigDecimal = decimalOrNull(position) ?: missing(position)
    public fun instant(position: Int): Instant = instantOrNull(position) ?: missing(position)
    public fun date(position: Int): LocalDate = dateOrNull(position) ?: missing(position)
    public fun bytes(position: Int): Bytes = bytesOrNull(position) ?: missing(position)
    public fun boolean(position: Int): Boolean = booleanOrNull(position) ?: missing(position)

    private fun missing(position: Int): Nothing =
        throw SatchelException.Internal("column $position has another shape: library and generated code differ")
}

private val CANONICAL = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC)

/** The one spelling of an instant: text order is time order. */
internal fun spelled(instant: Instant): String = CANONICAL.format(instant)

/** A value as SQL parameter. */
internal fun cellOf(value: Any?): Cell = when (value) {
    null -> Cell.Null
    is Boolean -> Cell.Boolean(value)
    is Int -> Cell.Integer(value.toLong())
    is Long -> Cell.Integer(value)
    is String -> Cell.Text(value)
    is UUID -> Cell.Text(value.toString())
    is OpenEnum -> Cell.Text(value.text)
    is Instant -> Cell.Text(spelled(value))
    is LocalDate -> Cell.Text(value.toString())
    is BigDecimal -> Cell.Text(value.toPlainString())
    is Bytes -> Cell.Text(value.base64())
    else -> throw SatchelException.InvalidInput("no column holds a ${value.javaClass.simpleName}")
}
