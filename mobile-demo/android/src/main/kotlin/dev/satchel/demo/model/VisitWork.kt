package dev.satchel.demo.model

import dev.satchel.Satchel
import dev.satchel.SatchelException
import dev.satchel.model.*
import java.math.BigDecimal
import java.util.UUID

/** What the screen of a visit does. Whatever the rules forbid throws with a sentence, and nothing has changed. */
class VisitWork(private val satchel: Satchel, private val place: Place) {
    /** Takes a step; [text] is what its question was answered with. */
    suspend fun take(step: Step, text: String?) {
        satchel.mutate(step.mutation(place.job, place.visit, text?.trim()?.ifEmpty { null }))
    }

    suspend fun answer(question: UUID, value: String) {
        satchel.mutate(AnswerItem(place.job, place.visit, question, value.trim()))
    }

    suspend fun notApplicable(question: UUID) {
        satchel.mutate(MarkNotApplicable(place.job, place.visit, question))
    }

    suspend fun clear(question: UUID) {
        satchel.mutate(ClearAnswer(place.job, place.visit, question))
    }

    suspend fun startTime(technician: UUID, kind: TimeKind) {
        satchel.mutate(StartTime(UUID.randomUUID(), technician, kind, place.job, place.visit))
    }

    suspend fun stopTime(technician: UUID, entry: UUID) {
        satchel.mutate(StopTime(entry, technician))
    }

    suspend fun addMaterial(item: UUID, quantity: BigDecimal) {
        satchel.mutate(AddMaterial(place.job, place.visit, UUID.randomUUID(), item, quantity))
    }

    /** Zero takes the line away. */
    suspend fun correctMaterial(line: UUID, quantity: BigDecimal) {
        satchel.mutate(CorrectMaterial(place.job, place.visit, line, quantity))
    }

    /** Starts a note with a text; without the one where the other is refused. */
    suspend fun writeNote(title: String, text: String) {
        val note = UUID.randomUUID()
        val started = satchel.mutate(CreateNote(place.job, note, title.trim()))
        try {
            if (text.isNotBlank()) satchel.editNote(note, text.trim())
        } catch (refused: SatchelException.Refused) {
            try {
                satchel.undo(started.key)
            } catch (_: SatchelException.AlreadySent) {
                // Then the note stays, empty, and can be written again.
            }
            throw refused
        }
    }

    /** Makes [text] of a note that read [base] when writing began; what others wrote since then stays. */
    suspend fun changeNote(note: UUID, base: String, text: String) {
        satchel.editNote(note, text, base)
    }

    /** Hands in the checklist that a document asks for. */
    suspend fun handIn(paper: UUID, checklist: UUID) {
        satchel.mutate(SatisfyDocument(place.job, place.visit, paper, checklist))
    }
}

/** An item of the pricebook that was found. */
data class Offer(val id: UUID, val name: String, val detail: String)

/** Most offers that a search shows. */
const val OFFERS: Int = 8

/** Active materials whose code or name has every word of [text]. */
suspend fun Satchel.offers(text: String, currency: String): List<Offer> {
    val words = text.trim().split(Regex("\\s+")).filter { it.isNotEmpty() }
    if (words.isEmpty()) return emptyList()
    val like = words.map { "%" + it.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" }
    val each = words.indices.map { it + 1 }.joinToString("") { " and (code like ?$it escape '\\' or name like ?$it escape '\\')" }
    val condition = "active = 1 and kind = 'material'$each order by name, code limit $OFFERS"
    return read(PricebookItem.where(condition, *like.toTypedArray())).map { item ->
        Offer(item.id, item.name, "${item.code} · ${money(item.priceCents, currency)} / ${item.unit}")
    }
}
