package dev.satchel.demo.model

import dev.satchel.Satchel
import dev.satchel.model.*
import java.math.BigDecimal
import java.util.UUID
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map

/** A visit with everything around it. */
data class VisitDetail(
    val place: Place,
    val facts: Facts,
    val way: Way,
    val questions: List<Question>,
    val time: TimeSheet,
    val materials: Materials,
    val notes: List<NoteText>,
    val papers: List<Paper>,
    val signature: SignatureState,
)

/** By which everything about a visit is addressed. */
data class Place(val job: UUID, val visit: UUID)

/** What does not change while one works. */
data class Facts(
    val title: String,
    val window: String,
    val mark: Mark,
    val over: Boolean,
    val customer: String,
    val phone: String?,
    val address: String,
    val access: String?,
    val equipment: String?,
    val description: String,
    val outcome: String?,
)

/** Time booked on the visit. */
data class TimeSheet(
    val technician: UUID?,
    /** The entry that runs, and what it says. */
    val running: Pair<UUID, String>?,
    val lines: List<String>,
    val enabled: Boolean,
)

data class Materials(val lines: List<MaterialLine>, val enabled: Boolean)

data class MaterialLine(val id: UUID, val name: String, val quantity: BigDecimal, val unit: String, val price: String)

data class NoteText(val id: UUID, val title: String, val text: String)

/** A document that the office asks for. */
data class Paper(val id: UUID, val title: String, val kind: DocumentKind, val mark: Mark, val open: Boolean, val checklist: UUID?)

/** Whether the customer's signature on the work can be taken. */
sealed interface SignatureState {
    /** The visit goes on, or the policy forbids it. */
    data object NotYet : SignatureState
    data object Possible : SignatureState
    data class Signed(val by: String, val at: String) : SignatureState
}

private val TABLES = listOf(
    Visit, Job, Customer, Location, Equipment, Checklist, ChecklistAnswer, ChecklistTemplate, ChecklistTemplateItem, TimeEntry,
    MaterialUsed, PricebookItem, Note, RequiredDocument, Signature, Organization,
)

/** The visit; none once it has left this phone. */
fun Satchel.visit(id: UUID): Flow<VisitDetail?> = watch(TABLES) { listOfNotNull(readVisit(id)) }.map { it.firstOrNull() }

private suspend fun Satchel.readVisit(id: UUID): VisitDetail? {
    val visit = first(Visit.byId(id)) ?: return null
    val job = first(Job.byId(visit.jobId)) ?: return null
    val who = who() ?: return null
    val open = !isOver(visit.state) && job.state != JobState.CANCELED && job.state != JobState.CLOSED
    return VisitDetail(
        place = Place(job.id, visit.id),
        facts = facts(visit, job),
        way = way(job.state, visit.state),
        questions = questions(id),
        time = timeSheet(visit, who, open),
        materials = materials(visit, who, open),
        notes = read(Note.byJob(job.id)).map { NoteText(it.id, it.title, it.text) },
        papers = papers(visit),
        signature = signature(visit),
    )
}

private suspend fun Satchel.facts(visit: Visit, job: Job): Facts {
    val zone = zoneOf(visit.zone)
    val customer = first(Customer.byId(job.customerId))
    val location = first(Location.byId(job.locationId))
    val equipment = job.equipmentId?.let { first(Equipment.byId(it)) }
    return Facts(
        title = job.title,
        window = "${clock(visit.windowStart, zone)} – ${clock(visit.windowEnd, zone)}",
        mark = mark(visit.state),
        over = isOver(visit.state),
        customer = customer?.name.orEmpty(),
        phone = customer?.phone,
        address = location?.address.orEmpty(),
        access = location?.accessNotes,
        equipment = equipment?.run { listOfNotNull(name, model, serial?.let { "No. $it" }).joinToString(" · ") },
        description = job.description,
        outcome = visit.outcome ?: job.cancelReason,
    )
}

private suspend fun Satchel.timeSheet(visit: Visit, who: Who, open: Boolean): TimeSheet {
    val zone = zoneOf(visit.zone)
    val entries = read(TimeEntry.byVisit(visit.id)).sortedBy { it.startedAt }
    val running = entries.firstOrNull { it.endedAt == null && it.technicianId == who.technician }
    return TimeSheet(
        technician = who.technician,
        running = running?.let { it.id to "${said(it.kind)} since ${clock(it.startedAt, zone)}" },
        lines = entries.mapNotNull { entry ->
            entry.endedAt?.let { "${said(entry.kind)}  ${clock(entry.startedAt, zone)} – ${clock(it, zone)}" }
        },
        enabled = open && who.technician != null && may(StartTime),
    )
}

private fun said(kind: TimeKind): String = plain(kind.text).replaceFirstChar(Char::uppercase)

private suspend fun Satchel.materials(visit: Visit, who: Who, open: Boolean): Materials {
    val lines = read(MaterialUsed.byVisit(visit.id)).map { used ->
        val unit = first(PricebookItem.byId(used.itemId))?.unit.orEmpty()
        MaterialLine(used.id, used.name, used.quantity, unit, money(used.unitPriceCents, who.currency))
    }
    return Materials(lines, open && may(AddMaterial))
}

private suspend fun Satchel.papers(visit: Visit): List<Paper> {
    val checklist = first(Checklist.byVisit(visit.id))?.id
    return read(RequiredDocument.byJob(visit.jobId)).filter { it.visitId == null || it.visitId == visit.id }.map { paper ->
        val mark = when (paper.state) {
            DocumentState.OPEN -> if (paper.required) Mark("Needed", Tone.WARN) else Mark("Wanted", Tone.NEUTRAL)
            DocumentState.SATISFIED -> Mark("There", Tone.GOOD)
            DocumentState.WAIVED -> Mark("Not needed", Tone.NEUTRAL)
            else -> Mark(plain(paper.state.text), Tone.NEUTRAL)
        }
        Paper(paper.id, paper.title, paper.kind, mark, paper.state == DocumentState.OPEN, checklist)
    }
}

private suspend fun Satchel.signature(visit: Visit): SignatureState {
    val signed = read(Signature.bySubject(visit.id)).firstOrNull { it.outcome == SignatureOutcome.SIGNED }
    val signable = visit.state == VisitState.COMPLETED || visit.state == VisitState.PARTIALLY_COMPLETED
    return when {
        signed != null -> SignatureState.Signed(signed.signerName.orEmpty(), dayAndTime(signed.signedAt, zoneOf(visit.zone)))
        signable && may(CaptureSignature) -> SignatureState.Possible
        else -> SignatureState.NotYet
    }
}
