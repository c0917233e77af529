package dev.satchel.demo.model

import dev.satchel.QueueState
import dev.satchel.SatchelException
import dev.satchel.model.*
import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.util.Locale

/** What a colour means. */
enum class Tone { NEUTRAL, ACCENT, GOOD, WARN, BAD }

/** A few words in a colour. */
data class Mark(val text: String, val tone: Tone)

private val TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH)
private val DAY_AND_TIME = DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH)
private val DAY = DateTimeFormatter.ofPattern("EEEE d MMMM", Locale.ENGLISH)

/** The time zone of that IANA name, or UTC. */
fun zoneOf(name: String): ZoneId = try { ZoneId.of(name) } catch (_: java.time.DateTimeException) { ZoneOffset.UTC }

/** `09:30`. */
fun clock(at: Instant, zone: ZoneId): String = TIME.format(at.atZone(zone))

/** `27 Nov 09:30`. */
fun dayAndTime(at: Instant, zone: ZoneId): String = DAY_AND_TIME.format(at.atZone(zone))

/** `Friday 27 November`. */
fun day(date: LocalDate): String = DAY.format(date)

/** `on_site` is `on site`. */
fun plain(stored: String): String = stored.replace('_', ' ')

/** `1 change`, `2 changes`. */
fun count(number: Int, thing: String): String = if (number == 1) "1 $thing" else "$number ${thing}s"

/** `2.5 foot`, without needless zeros. */
fun quantity(quantity: BigDecimal, unit: String): String = "${quantity.stripTrailingZeros().toPlainString()} $unit".trimEnd()

/** `$12.50`. */
fun money(cents: Long, currency: String): String {
    val amount = "%,.2f".format(Locale.ENGLISH, BigDecimal.valueOf(cents, 2))
    return if (currency == "USD") "$$amount" else "$amount $currency".trimEnd()
}

/** A visit's state. */
fun mark(state: VisitState): Mark = when (state) {
    VisitState.DISPATCHED -> Mark("New", Tone.ACCENT)
    VisitState.ACCEPTED -> Mark("Accepted", Tone.ACCENT)
    VisitState.TRAVELING -> Mark("On the way", Tone.GOOD)
    VisitState.ON_SITE -> Mark("On site", Tone.GOOD)
    VisitState.PAUSED -> Mark("Paused", Tone.WARN)
    VisitState.COMPLETED -> Mark("Completed", Tone.NEUTRAL)
    VisitState.PARTIALLY_COMPLETED -> Mark("Done in part", Tone.WARN)
    VisitState.CANNOT_COMPLETE -> Mark("Not possible", Tone.BAD)
    VisitState.CANCELED -> Mark("Canceled", Tone.BAD)
    else -> Mark(plain(state.text).replaceFirstChar(Char::uppercase), Tone.NEUTRAL)
}

/** Where a queued change stands. */
fun mark(state: QueueState): Mark = when (state) {
    QueueState.PENDING -> Mark("On this phone", Tone.NEUTRAL)
    QueueState.SENDING -> Mark("Being sent", Tone.ACCENT)
    QueueState.ACCEPTED -> Mark("Accepted", Tone.GOOD)
    QueueState.REJECTED -> Mark("Refused", Tone.BAD)
    QueueState.HELD -> Mark("Waits for another", Tone.WARN)
}

/** A mutation's name as people say it: `Cannot complete visit`. */
fun what(name: String): String = SAYINGS[name] ?: run {
    val parts = name.split('/')
    val procedure = parts.last().replace(Regex("[A-Z]")) { " ${it.value.lowercase()}" }
    "${procedure.replaceFirstChar(Char::uppercase)} ${parts.first()}"
}

private val SAYINGS = mapOf(
    TravelToVisit.name to "Set out",
    ArriveAtVisit.name to "Arrive",
    AnswerItem.name to "Answer a checklist question",
    MarkNotApplicable.name to "Mark a question as not applicable",
    ClearAnswer.name to "Take an answer back",
    CreateNote.name to "Start a note",
    EditNote.name to "Write a note",
    CompleteVisitPartially.name to "Complete visit in part",
    CannotCompleteVisit.name to "Report that the visit cannot be completed",
    CaptureSignature.name to "Customer's signature",
)

/** The sentence to show for an error, and what to do where that is not said already. */
fun sentence(error: SatchelException): String = when (error) {
    is SatchelException.Refused -> error.explanation
    is SatchelException.SignInRefused -> error.explanation
    is SatchelException.Unavailable -> error.explanation
    is SatchelException.UpdateRequired -> error.explanation
    is SatchelException.StorageFailed -> error.explanation
    is SatchelException.SessionStoreFailed -> error.explanation
    is SatchelException.InvalidInput -> error.explanation
    is SatchelException.Internal -> error.explanation
    is SatchelException.NotSignedIn -> "Please sign in."
    is SatchelException.ChooseOrganization -> "Please choose an organization."
    is SatchelException.TooLarge -> "This is too long: ${error.size} ${error.unit}, and at most ${error.limit} fit."
    is SatchelException.NotQueued -> "This has been dealt with already."
    is SatchelException.AlreadySent -> "This is being sent and can no longer be taken back."
    is SatchelException.NeverSent -> "The office has never had this: it can be corrected or taken back."
    is SatchelException.UnsentWork -> "${count(error.mutations.toInt(), "change")} on this phone ${if (error.mutations == 1uL) "has" else "have"} not been sent yet."
    is SatchelException.RescueRefused -> error.explanation
    is SatchelException.KeyRefused -> error.explanation
    is SatchelException.StorageFull -> "The phone has no room left. Please free some; nothing entered is lost."
    is SatchelException.InUse -> "Another app has Satchel's files open. Please close it."
    // Closed, which no screen lives to see, and what a later library adds.
    else -> "This did not work. Please try again, or tell support."
}.replaceFirstChar(Char::uppercase).let { if (it.endsWith('.')) it else "$it." }
