package dev.satchel.demo.model

import dev.satchel.Attention
import dev.satchel.Mutation
import dev.satchel.QueueEntry
import dev.satchel.QueueState
import dev.satchel.Satchel
import dev.satchel.model.*
import dev.satchel.mutation
import java.util.UUID
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map

/** What the server did not take, and what still waits. */
data class Outbox(val refused: List<Refused>, val waiting: List<Waiting>)

/** A change that the server did not take. */
data class Refused(
    val key: UUID,
    val what: String,
    /** The job it is about; empty when it is about none that is on this phone. */
    val about: String,
    val why: String,
    /** Sayings of the changes that wait for it or were refused because of it. */
    val dependent: List<String>,
    /** It was refused only because another one was, and is sent again after that. */
    val becauseOfAnother: Boolean,
    /** The one part of it that can be corrected in a line of text, if there is one. */
    val correction: Correction?,
    val traceId: String?,
)

/** A part of a refused change that a line of text can correct. */
data class Correction(val question: String, /** As it was entered. */ val entered: String, private val change: Mutation<*>) {
    val isNumber: Boolean get() = change is AddMaterial || change is CorrectMaterial

    /** The same change with [text]; null where that is no number and has to be one. */
    fun with(text: String): Mutation<*>? {
        val said = text.trim()
        val maybe = said.ifEmpty { null }
        return when (change) {
            is AddMaterial -> said.toBigDecimalOrNull()?.let { change.copy(quantity = it) }
            is CorrectMaterial -> said.toBigDecimalOrNull()?.let { change.copy(quantity = it) }
            is AnswerItem -> change.copy(value = said)
            is CreateNote -> change.copy(title = said)
            is CompleteVisit -> change.copy(outcome = maybe)
            is CompleteVisitPartially -> change.copy(outcome = maybe)
            is CannotCompleteVisit -> change.copy(reason = said)
            is DeclineVisit -> change.copy(reason = maybe)
            else -> null
        }
    }
}

private fun correction(change: Mutation<*>?): Correction? = when (change) {
    is AddMaterial -> Correction("How much was it?", quantity(change.quantity, ""), change)
    is CorrectMaterial -> Correction("How much was it?", quantity(change.quantity, ""), change)
    is AnswerItem -> Correction("What is the answer?", change.value, change)
    is CreateNote -> Correction("What is the note about?", change.title, change)
    is CompleteVisit -> Correction("What was done?", change.outcome.orEmpty(), change)
    is CompleteVisitPartially -> Correction("What was done, and what is left?", change.outcome.orEmpty(), change)
    is CannotCompleteVisit -> Correction("Why is it not possible?", change.reason, change)
    is DeclineVisit -> Correction("Why not?", change.reason.orEmpty(), change)
    else -> null
}

/** A change on its way. */
data class Waiting(
    val key: UUID,
    val what: String,
    val about: String,
    val mark: Mark,
    /** Why the server may refuse it. */
    val doubt: String?,
    val canTakeBack: Boolean,
)

/** The queue, again whenever it changes. */
fun Satchel.outbox(): Flow<Outbox> =
    watch(listOf(Job)) { listOf(readOutbox()) }.map { it.firstOrNull() ?: Outbox(emptyList(), emptyList()) }

private suspend fun Satchel.readOutbox(): Outbox {
    val queue = queue()
    val sayings = queue.associate { it.key to what(it.name) }
    return Outbox(
        refused = attention().let { all -> all.map { refused(it, all, sayings) } },
        waiting = queue.filter { it.state != QueueState.REJECTED }.map { waiting(it) },
    )
}

private suspend fun Satchel.refused(item: Attention, all: List<Attention>, sayings: Map<UUID, String>): Refused {
    val entry = item.entry
    val dependent = item.holds + all.filter { it.becauseOf == entry.key }.map { it.entry.key }
    return Refused(
        key = entry.key,
        what = what(entry.name),
        about = about(entry),
        why = item.refusal.explanation,
        dependent = dependent.map { sayings[it] ?: "Another change" },
        becauseOfAnother = item.becauseOf != null,
        correction = correction(entry.mutation),
        traceId = item.traceId,
    )
}

private suspend fun Satchel.waiting(entry: QueueEntry): Waiting = Waiting(
    key = entry.key,
    what = what(entry.name),
    about = about(entry),
    mark = mark(entry.state),
    doubt = entry.mayBeRefused?.explanation,
    canTakeBack = entry.state == QueueState.PENDING || entry.state == QueueState.HELD,
)

private suspend fun Satchel.about(entry: QueueEntry): String =
    entry.about.firstNotNullOfOrNull { first(Job.byId(it)) }?.title.orEmpty()
