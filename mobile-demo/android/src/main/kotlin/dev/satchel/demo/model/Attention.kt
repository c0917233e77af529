package dev.satchel.demo.model

import dev.satchel.Attention
import dev.satchel.Mutation
import dev.satchel.QueueEntry
import dev.satchel.QueueState
import dev.satchel.Satchel
import dev.satchel.model.*
import java.util.UUID
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonObject

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
data class Correction(val name: String, val part: String, val question: String, val args: JsonObject) {
    /** As it was entered. */
    val entered: String get() = (args[part] as? JsonPrimitive)?.contentOrNull.orEmpty()

    /** The same change with [text]. */
    fun with(text: String): Mutation<Unit> = Corrected(name, JsonObject(args + (part to JsonPrimitive(text.trim()))))
}

private class Corrected(override val procedure: String, private val args: JsonObject) : Mutation<Unit> {
    override fun json(): JsonObject = args
    override fun output(json: JsonElement) = Unit
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

private val CORRECTABLE = mapOf(
    AddMaterial.name to ("quantity" to "How much was it?"),
    CorrectMaterial.name to ("quantity" to "How much was it?"),
    AnswerItem.name to ("value" to "What is the answer?"),
    CreateNote.name to ("title" to "What is the note about?"),
    CompleteVisit.name to ("outcome" to "What was done?"),
    CompleteVisitPartially.name to ("outcome" to "What was done, and what is left?"),
    CannotCompleteVisit.name to ("reason" to "Why is it not possible?"),
    DeclineVisit.name to ("reason" to "Why not?"),
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
    val args = args(entry)
    val dependent = item.holds + all.filter { it.becauseOf == entry.key }.map { it.entry.key }
    val correction = CORRECTABLE[entry.name]?.let { (field, question) -> Correction(entry.name, field, question, args) }
    return Refused(
        key = entry.key,
        what = what(entry.name),
        about = about(args),
        why = item.refusal.explanation,
        dependent = dependent.map { sayings[it] ?: "Another change" },
        becauseOfAnother = item.becauseOf != null,
        correction = correction,
        traceId = item.traceId,
    )
}

private suspend fun Satchel.waiting(entry: QueueEntry): Waiting = Waiting(
    key = entry.key,
    what = what(entry.name),
    about = about(args(entry)),
    mark = mark(entry.state),
    doubt = entry.mayBeRefused?.explanation,
    canTakeBack = entry.state == QueueState.PENDING || entry.state == QueueState.HELD,
)

private fun args(entry: QueueEntry): JsonObject = Json.parseToJsonElement(entry.argsJson).jsonObject

private suspend fun Satchel.about(args: JsonObject): String {
    val job = (args["job_id"] as? JsonPrimitive)?.contentOrNull ?: return ""
    return first(Job.byId(UUID.fromString(job)))?.title.orEmpty()
}
