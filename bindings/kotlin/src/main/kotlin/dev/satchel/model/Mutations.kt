// Written by `./dev bindings` from the registry: do not edit.
@file:Suppress("unused")

package dev.satchel.model

import dev.satchel.*
import java.math.BigDecimal
import java.time.*
import java.util.UUID
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** Creates a job, optionally with its first visit. Runs only at the server: it is queued, and has no output here. */
public data class CreateJob(
    /** Id of the new job, made by the caller. */
    val jobId: UUID,
    /** The branch that does it. */
    val branchId: UUID,
    /** Who it is for. */
    val customerId: UUID,
    /** Where it is; a location of that customer. */
    val locationId: UUID,
    /** One line; at most 200 characters. */
    val title: String,
    /** What it is about; equipment at that location. */
    val equipmentId: UUID? = null,
    /** The office's own number, unique in the organization; at most 64 characters. */
    val number: String? = null,
    /** All that is known; at most 20,000 characters. */
    val description: String? = null,
    /** How urgent it is; `normal` when left out. */
    val priority: JobPriority? = null,
    /** True for a job that is still being written. */
    val draft: Boolean? = null,
    /** The first visit, if it is known already. */
    val firstVisit: PlannedVisit? = null,
) : Mutation<JobCreated> {
    override val procedure: String get() = "job/v1/create"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "branch_id" to branchId, "customer_id" to customerId, "location_id" to locationId, "equipment_id" to equipmentId, "number" to number, "title" to title, "description" to description, "priority" to priority, "draft" to draft, "first_visit" to firstVisit)
    override fun output(json: JsonElement): JobCreated = JobCreated.read(json)

    public companion object : Procedure("job/v1/create") {
        internal fun read(json: JsonElement): CreateJob = CreateJob(
            jobId = json.required("job_id").asId(),
            branchId = json.required("branch_id").asId(),
            customerId = json.required("customer_id").asId(),
            locationId = json.required("location_id").asId(),
            equipmentId = json.optional("equipment_id")?.let { it.asId() },
            number = json.optional("number")?.let { it.asText() },
            title = json.required("title").asText(),
            description = json.optional("description")?.let { it.asText() },
            priority = json.optional("priority")?.let { JobPriority(it.asText()) },
            draft = json.optional("draft")?.let { it.asBoolean() },
            firstVisit = json.optional("first_visit")?.let { PlannedVisit.read(it) },
        )
    }
}

/** Changes a job's title, description, priority, number or equipment. */
public data class UpdateJob(
    /** The job. */
    val jobId: UUID,
    /** New title: one line, at most 200 characters. */
    val title: String? = null,
    /** New description; at most 20,000 characters. */
    val description: String? = null,
    /** New priority. */
    val priority: JobPriority? = null,
    /** New number, unique in the organization, at most 64 characters; empty to have none. */
    val number: String? = null,
    /** What the job is about now; equipment at the job's location. */
    val equipmentId: UUID? = null,
) : Mutation<JobUpdated> {
    override val procedure: String get() = "job/v1/update"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "title" to title, "description" to description, "priority" to priority, "number" to number, "equipment_id" to equipmentId)
    override fun output(json: JsonElement): JobUpdated = JobUpdated.read(json)

    public companion object : Procedure("job/v1/update") {
        internal fun read(json: JsonElement): UpdateJob = UpdateJob(
            jobId = json.required("job_id").asId(),
            title = json.optional("title")?.let { it.asText() },
            description = json.optional("description")?.let { it.asText() },
            priority = json.optional("priority")?.let { JobPriority(it.asText()) },
            number = json.optional("number")?.let { it.asText() },
            equipmentId = json.optional("equipment_id")?.let { it.asId() },
        )
    }
}

/** Releases, closes or reopens a job. */
public data class UpdateJobStatus(
    /** The job. */
    val jobId: UUID,
    /** Where it is to stand: `unscheduled` releases a draft; `closed` settles a job without open visits; `completed` or `unscheduled` reopens a closed one. All else follows from the visits, or is canceled with a reason. */
    val status: JobState,
) : Mutation<JobStatusUpdated> {
    override val procedure: String get() = "job/v1/updateStatus"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "status" to status)
    override fun output(json: JsonElement): JobStatusUpdated = JobStatusUpdated.read(json)

    public companion object : Procedure("job/v1/updateStatus") {
        internal fun read(json: JsonElement): UpdateJobStatus = UpdateJobStatus(
            jobId = json.required("job_id").asId(),
            status = JobState(json.required("status").asText()),
        )
    }
}

/** Cancels a job and its open visits. */
public data class CancelJob(
    /** The job. */
    val jobId: UUID,
    /** Why; at most 2,000 characters. */
    val reason: String,
) : Mutation<JobCanceled> {
    override val procedure: String get() = "job/v1/cancel"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "reason" to reason)
    override fun output(json: JsonElement): JobCanceled = JobCanceled.read(json)

    public companion object : Procedure("job/v1/cancel") {
        internal fun read(json: JsonElement): CancelJob = CancelJob(
            jobId = json.required("job_id").asId(),
            reason = json.required("reason").asText(),
        )
    }
}

/** Plans a visit of a job, with its checklists. */
public data class CreateVisit(
    /** The job. */
    val jobId: UUID,
    /** Id of the new visit, made by the caller. */
    val visitId: UUID,
    /** Start of the promised arrival window. */
    val windowStart: Instant,
    /** End of the promised arrival window: after its start, at most 14 days later. */
    val windowEnd: Instant,
    /** Templates of the checklists the visit gets; at most 8, each once. */
    val templateIds: List<UUID>? = null,
) : Mutation<VisitCreated> {
    override val procedure: String get() = "visit/v1/create"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "window_start" to windowStart, "window_end" to windowEnd, "template_ids" to templateIds)
    override fun output(json: JsonElement): VisitCreated = VisitCreated.read(json)

    public companion object : Procedure("visit/v1/create") {
        internal fun read(json: JsonElement): CreateVisit = CreateVisit(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            windowStart = json.required("window_start").asInstant(),
            windowEnd = json.required("window_end").asInstant(),
            templateIds = json.optional("template_ids")?.let { it.asList { item -> item.asId() } },
        )
    }
}

/** Assigns a technician to a visit; warns of what speaks against it. Runs only at the server: it is queued, and has no output here. */
public data class AssignTech(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** Who is to go. */
    val technicianId: UUID,
    /** Books although the technician has another visit in this window; without it that is refused with `assignment.overlap`. */
    val confirmOverlap: Boolean? = null,
    /** Warnings to book against, each with its reason. A warning that is not confirmed refuses; its `details` list all. */
    val confirm: List<Override>? = null,
) : Mutation<TechAssigned> {
    override val procedure: String get() = "dispatch/v1/assignTech"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "technician_id" to technicianId, "confirm_overlap" to confirmOverlap, "confirm" to confirm)
    override fun output(json: JsonElement): TechAssigned = TechAssigned.read(json)

    public companion object : Procedure("dispatch/v1/assignTech") {
        internal fun read(json: JsonElement): AssignTech = AssignTech(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            technicianId = json.required("technician_id").asId(),
            confirmOverlap = json.optional("confirm_overlap")?.let { it.asBoolean() },
            confirm = json.optional("confirm")?.let { it.asList { item -> Override.read(item) } },
        )
    }
}

/** Takes a technician off a visit. Runs only at the server: it is queued, and has no output here. */
public data class UnassignTech(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** Who is not to go any more. */
    val technicianId: UUID,
) : Mutation<TechUnassigned> {
    override val procedure: String get() = "dispatch/v1/unassignTech"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "technician_id" to technicianId)
    override fun output(json: JsonElement): TechUnassigned = TechUnassigned.read(json)

    public companion object : Procedure("dispatch/v1/unassignTech") {
        internal fun read(json: JsonElement): UnassignTech = UnassignTech(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            technicianId = json.required("technician_id").asId(),
        )
    }
}

/** Moves a visit to another arrival window; warns of what speaks against it. Runs only at the server: it is queued, and has no output here. */
public data class Reschedule(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** Start of the new arrival window. */
    val windowStart: Instant,
    /** End of the new arrival window: after its start, at most 14 days later. */
    val windowEnd: Instant,
    /** Books although a technician has another visit in this window; without it that is refused with `assignment.overlap`. */
    val confirmOverlap: Boolean? = null,
    /** Warnings to book against, each with its reason. A warning that is not confirmed refuses; its `details` list all. */
    val confirm: List<Override>? = null,
) : Mutation<Rescheduled> {
    override val procedure: String get() = "dispatch/v1/reschedule"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "window_start" to windowStart, "window_end" to windowEnd, "confirm_overlap" to confirmOverlap, "confirm" to confirm)
    override fun output(json: JsonElement): Rescheduled = Rescheduled.read(json)

    public companion object : Procedure("dispatch/v1/reschedule") {
        internal fun read(json: JsonElement): Reschedule = Reschedule(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            windowStart = json.required("window_start").asInstant(),
            windowEnd = json.required("window_end").asInstant(),
            confirmOverlap = json.optional("confirm_overlap")?.let { it.asBoolean() },
            confirm = json.optional("confirm")?.let { it.asList { item -> Override.read(item) } },
        )
    }
}

/** Sends a scheduled visit to its technicians. */
public data class DispatchVisit(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit; a technician must be assigned to it. */
    val visitId: UUID,
) : Mutation<VisitMoved> {
    override val procedure: String get() = "visit/v1/dispatch"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId)
    override fun output(json: JsonElement): VisitMoved = VisitMoved.read(json)

    public companion object : Procedure("visit/v1/dispatch") {
        internal fun read(json: JsonElement): DispatchVisit = DispatchVisit(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
        )
    }
}

/** Accepts a dispatched visit. */
public data class AcceptVisit(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** Why, if there is something to tell; at most 2,000 characters. */
    val reason: String? = null,
) : Mutation<VisitMoved> {
    override val procedure: String get() = "visit/v1/accept"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "reason" to reason)
    override fun output(json: JsonElement): VisitMoved = VisitMoved.read(json)

    public companion object : Procedure("visit/v1/accept") {
        internal fun read(json: JsonElement): AcceptVisit = AcceptVisit(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            reason = json.optional("reason")?.let { it.asText() },
        )
    }
}

/** Declines a visit, which goes back to scheduled. */
public data class DeclineVisit(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** Why, if there is something to tell; at most 2,000 characters. */
    val reason: String? = null,
) : Mutation<VisitMoved> {
    override val procedure: String get() = "visit/v1/decline"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "reason" to reason)
    override fun output(json: JsonElement): VisitMoved = VisitMoved.read(json)

    public companion object : Procedure("visit/v1/decline") {
        internal fun read(json: JsonElement): DeclineVisit = DeclineVisit(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            reason = json.optional("reason")?.let { it.asText() },
        )
    }
}

/** Sets out to an accepted visit. */
public data class TravelToVisit(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** Why, if there is something to tell; at most 2,000 characters. */
    val reason: String? = null,
) : Mutation<VisitMoved> {
    override val procedure: String get() = "visit/v1/travel"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "reason" to reason)
    override fun output(json: JsonElement): VisitMoved = VisitMoved.read(json)

    public companion object : Procedure("visit/v1/travel") {
        internal fun read(json: JsonElement): TravelToVisit = TravelToVisit(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            reason = json.optional("reason")?.let { it.asText() },
        )
    }
}

/** Arrives at a visit and starts work. */
public data class ArriveAtVisit(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** Why, if there is something to tell; at most 2,000 characters. */
    val reason: String? = null,
) : Mutation<VisitMoved> {
    override val procedure: String get() = "visit/v1/arrive"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "reason" to reason)
    override fun output(json: JsonElement): VisitMoved = VisitMoved.read(json)

    public companion object : Procedure("visit/v1/arrive") {
        internal fun read(json: JsonElement): ArriveAtVisit = ArriveAtVisit(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            reason = json.optional("reason")?.let { it.asText() },
        )
    }
}

/** Interrupts work on a visit. */
public data class PauseVisit(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** Why, if there is something to tell; at most 2,000 characters. */
    val reason: String? = null,
) : Mutation<VisitMoved> {
    override val procedure: String get() = "visit/v1/pause"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "reason" to reason)
    override fun output(json: JsonElement): VisitMoved = VisitMoved.read(json)

    public companion object : Procedure("visit/v1/pause") {
        internal fun read(json: JsonElement): PauseVisit = PauseVisit(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            reason = json.optional("reason")?.let { it.asText() },
        )
    }
}

/** Goes on with a paused visit. */
public data class ResumeVisit(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** Why, if there is something to tell; at most 2,000 characters. */
    val reason: String? = null,
) : Mutation<VisitMoved> {
    override val procedure: String get() = "visit/v1/resume"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "reason" to reason)
    override fun output(json: JsonElement): VisitMoved = VisitMoved.read(json)

    public companion object : Procedure("visit/v1/resume") {
        internal fun read(json: JsonElement): ResumeVisit = ResumeVisit(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            reason = json.optional("reason")?.let { it.asText() },
        )
    }
}

/** Completes a visit whose required checklist items are all answered. */
public data class CompleteVisit(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** What was done; at most 2,000 characters. */
    val outcome: String? = null,
) : Mutation<VisitMoved> {
    override val procedure: String get() = "visit/v1/complete"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "outcome" to outcome)
    override fun output(json: JsonElement): VisitMoved = VisitMoved.read(json)

    public companion object : Procedure("visit/v1/complete") {
        internal fun read(json: JsonElement): CompleteVisit = CompleteVisit(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            outcome = json.optional("outcome")?.let { it.asText() },
        )
    }
}

/** Ends a visit of which only part could be done. */
public data class CompleteVisitPartially(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** What was done and what is left; at most 2,000 characters. */
    val outcome: String? = null,
) : Mutation<VisitMoved> {
    override val procedure: String get() = "visit/v1/completePartially"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "outcome" to outcome)
    override fun output(json: JsonElement): VisitMoved = VisitMoved.read(json)

    public companion object : Procedure("visit/v1/completePartially") {
        internal fun read(json: JsonElement): CompleteVisitPartially = CompleteVisitPartially(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            outcome = json.optional("outcome")?.let { it.asText() },
        )
    }
}

/** Ends a visit on which the work could not be done, with the reason. */
public data class CannotCompleteVisit(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** Why not; at most 2,000 characters. */
    val reason: String,
) : Mutation<VisitMoved> {
    override val procedure: String get() = "visit/v1/cannotComplete"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "reason" to reason)
    override fun output(json: JsonElement): VisitMoved = VisitMoved.read(json)

    public companion object : Procedure("visit/v1/cannotComplete") {
        internal fun read(json: JsonElement): CannotCompleteVisit = CannotCompleteVisit(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            reason = json.required("reason").asText(),
        )
    }
}

/** Cancels one visit of a job. */
public data class CancelVisit(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** Why; at most 2,000 characters. */
    val reason: String,
) : Mutation<VisitMoved> {
    override val procedure: String get() = "visit/v1/cancel"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "reason" to reason)
    override fun output(json: JsonElement): VisitMoved = VisitMoved.read(json)

    public companion object : Procedure("visit/v1/cancel") {
        internal fun read(json: JsonElement): CancelVisit = CancelVisit(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            reason = json.required("reason").asText(),
        )
    }
}

/** Puts a checklist on a visit. */
public data class AttachChecklist(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit; it can have at most 8 checklists, each template once. */
    val visitId: UUID,
    /** Id of the new checklist, made by the caller. */
    val checklistId: UUID,
    /** What is to be checked; an active template. */
    val templateId: UUID,
) : Mutation<ChecklistAttached> {
    override val procedure: String get() = "checklist/v1/attach"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "checklist_id" to checklistId, "template_id" to templateId)
    override fun output(json: JsonElement): ChecklistAttached = ChecklistAttached.read(json)

    public companion object : Procedure("checklist/v1/attach") {
        internal fun read(json: JsonElement): AttachChecklist = AttachChecklist(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            checklistId = json.required("checklist_id").asId(),
            templateId = json.required("template_id").asId(),
        )
    }
}

/** Answers a checklist item. */
public data class AnswerItem(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit the checklist is on. */
    val visitId: UUID,
    /** The item's answer row. */
    val answerId: UUID,
    /** The answer: `yes` or `no`, a decimal number, a text of at most 4,000 characters, or the id of a captured photo, as the item asks. */
    val value: String,
) : Mutation<AnswerSet> {
    override val procedure: String get() = "checklist/v1/answer"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "answer_id" to answerId, "value" to value)
    override fun output(json: JsonElement): AnswerSet = AnswerSet.read(json)

    public companion object : Procedure("checklist/v1/answer") {
        internal fun read(json: JsonElement): AnswerItem = AnswerItem(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            answerId = json.required("answer_id").asId(),
            value = json.required("value").asText(),
        )
    }
}

/** Says that a checklist item does not apply. */
public data class MarkNotApplicable(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit the checklist is on. */
    val visitId: UUID,
    /** The item's answer row. */
    val answerId: UUID,
) : Mutation<AnswerSet> {
    override val procedure: String get() = "checklist/v1/notApplicable"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "answer_id" to answerId)
    override fun output(json: JsonElement): AnswerSet = AnswerSet.read(json)

    public companion object : Procedure("checklist/v1/notApplicable") {
        internal fun read(json: JsonElement): MarkNotApplicable = MarkNotApplicable(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            answerId = json.required("answer_id").asId(),
        )
    }
}

/** Takes a checklist answer back. */
public data class ClearAnswer(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit the checklist is on. */
    val visitId: UUID,
    /** The item's answer row. */
    val answerId: UUID,
) : Mutation<AnswerSet> {
    override val procedure: String get() = "checklist/v1/clear"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "answer_id" to answerId)
    override fun output(json: JsonElement): AnswerSet = AnswerSet.read(json)

    public companion object : Procedure("checklist/v1/clear") {
        internal fun read(json: JsonElement): ClearAnswer = ClearAnswer(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            answerId = json.required("answer_id").asId(),
        )
    }
}

/** Starts a note on a job. */
public data class CreateNote(
    /** The job. */
    val jobId: UUID,
    /** Id of the new note, made by the caller. */
    val noteId: UUID,
    /** One line; at most 200 characters. */
    val title: String,
) : Mutation<NoteCreated> {
    override val procedure: String get() = "note/v1/create"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "note_id" to noteId, "title" to title)
    override fun output(json: JsonElement): NoteCreated = NoteCreated.read(json)

    public companion object : Procedure("note/v1/create") {
        internal fun read(json: JsonElement): CreateNote = CreateNote(
            jobId = json.required("job_id").asId(),
            noteId = json.required("note_id").asId(),
            title = json.required("title").asText(),
        )
    }
}

/** Adds changes to a note's text. */
public data class EditNote(
    /** The job the note is on. */
    val jobId: UUID,
    /** The note. */
    val noteId: UUID,
    /** Automerge changes (version 0.12, uncompressed, text in Unicode code points) in standard base64, predecessors first; 1 to 16, each at most 65,536 bytes. Refused with `note.rebase` when a predecessor is missing. */
    val changes: List<String>,
) : Mutation<NoteEdited> {
    override val procedure: String get() = "note/v1/edit"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "note_id" to noteId, "changes" to changes)
    override fun output(json: JsonElement): NoteEdited = NoteEdited.read(json)

    public companion object : Procedure("note/v1/edit") {
        internal fun read(json: JsonElement): EditNote = EditNote(
            jobId = json.required("job_id").asId(),
            noteId = json.required("note_id").asId(),
            changes = json.required("changes").asList { item -> item.asText() },
        )
    }
}

/** Starts tracking a technician's time. */
public data class StartTime(
    /** Id of the new entry, made by the caller. */
    val entryId: UUID,
    /** Whose time; technicians track their own. */
    val technicianId: UUID,
    /** What it is spent on. */
    val kind: TimeKind,
    /** The job it is booked on; must be given with a visit. */
    val jobId: UUID? = null,
    /** The visit it is booked on. */
    val visitId: UUID? = null,
) : Mutation<TimeStarted> {
    override val procedure: String get() = "time/v1/start"
    override fun json(): JsonObject = jsonOf("entry_id" to entryId, "technician_id" to technicianId, "kind" to kind, "job_id" to jobId, "visit_id" to visitId)
    override fun output(json: JsonElement): TimeStarted = TimeStarted.read(json)

    public companion object : Procedure("time/v1/start") {
        internal fun read(json: JsonElement): StartTime = StartTime(
            entryId = json.required("entry_id").asId(),
            technicianId = json.required("technician_id").asId(),
            kind = TimeKind(json.required("kind").asText()),
            jobId = json.optional("job_id")?.let { it.asId() },
            visitId = json.optional("visit_id")?.let { it.asId() },
        )
    }
}

/** Stops tracking a technician's time. */
public data class StopTime(
    /** The running entry. */
    val entryId: UUID,
    /** Whose time; technicians track their own. */
    val technicianId: UUID,
    /** When it really ended, if not now: after the start, not in the future. What then lasted too long was started by a wrong clock. */
    val endedAt: Instant? = null,
) : Mutation<TimeStopped> {
    override val procedure: String get() = "time/v1/stop"
    override fun json(): JsonObject = jsonOf("entry_id" to entryId, "technician_id" to technicianId, "ended_at" to endedAt)
    override fun output(json: JsonElement): TimeStopped = TimeStopped.read(json)

    public companion object : Procedure("time/v1/stop") {
        internal fun read(json: JsonElement): StopTime = StopTime(
            entryId = json.required("entry_id").asId(),
            technicianId = json.required("technician_id").asId(),
            endedAt = json.optional("ended_at")?.let { it.asInstant() },
        )
    }
}

/** Notes material used on a visit. */
public data class AddMaterial(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** Id of the new line, made by the caller. */
    val materialId: UUID,
    /** What was used; an active item of the pricebook. */
    val itemId: UUID,
    /** How much, in the item's unit: above zero, at most three decimals. */
    val quantity: BigDecimal,
) : Mutation<MaterialAdded> {
    override val procedure: String get() = "material/v1/add"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "material_id" to materialId, "item_id" to itemId, "quantity" to quantity)
    override fun output(json: JsonElement): MaterialAdded = MaterialAdded.read(json)

    public companion object : Procedure("material/v1/add") {
        internal fun read(json: JsonElement): AddMaterial = AddMaterial(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            materialId = json.required("material_id").asId(),
            itemId = json.required("item_id").asId(),
            quantity = json.required("quantity").asDecimal(),
        )
    }
}

/** Corrects the quantity of material used; zero removes it. */
public data class CorrectMaterial(
    /** The job the visit belongs to. */
    val jobId: UUID,
    /** The visit. */
    val visitId: UUID,
    /** The line. */
    val materialId: UUID,
    /** How much it was, in the item's unit, at most three decimals; zero removes the line. */
    val quantity: BigDecimal,
) : Mutation<MaterialCorrected> {
    override val procedure: String get() = "material/v1/correct"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "material_id" to materialId, "quantity" to quantity)
    override fun output(json: JsonElement): MaterialCorrected = MaterialCorrected.read(json)

    public companion object : Procedure("material/v1/correct") {
        internal fun read(json: JsonElement): CorrectMaterial = CorrectMaterial(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            materialId = json.required("material_id").asId(),
            quantity = json.required("quantity").asDecimal(),
        )
    }
}

/** Sets up a warehouse or a truck. */
public data class CreateStockLocation(
    /** Id of the new place, made by the caller. */
    val stockLocationId: UUID,
    /** The branch it belongs to. */
    val branchId: UUID,
    /** Whether it is a warehouse or a truck. */
    val kind: StockLocationKind,
    /** What it is called; at most 100 characters. */
    val name: String,
    /** Who drives the truck: a technician of the branch who drives no other. */
    val technicianId: UUID? = null,
) : Mutation<StockLocationCreated> {
    override val procedure: String get() = "stockLocation/v1/create"
    override fun json(): JsonObject = jsonOf("stock_location_id" to stockLocationId, "branch_id" to branchId, "kind" to kind, "name" to name, "technician_id" to technicianId)
    override fun output(json: JsonElement): StockLocationCreated = StockLocationCreated.read(json)

    public companion object : Procedure("stockLocation/v1/create") {
        internal fun read(json: JsonElement): CreateStockLocation = CreateStockLocation(
            stockLocationId = json.required("stock_location_id").asId(),
            branchId = json.required("branch_id").asId(),
            kind = StockLocationKind(json.required("kind").asText()),
            name = json.required("name").asText(),
            technicianId = json.optional("technician_id")?.let { it.asId() },
        )
    }
}

/** Changes a stock location's name, driver or use. */
public data class UpdateStockLocation(
    /** The place. */
    val stockLocationId: UUID,
    /** New name; at most 100 characters. */
    val name: String? = null,
    /** Who drives the truck now: a technician of the branch who drives no other. */
    val technicianId: UUID? = null,
    /** True to have nobody drive it; not together with a technician. */
    val withoutTechnician: Boolean? = null,
    /** Whether material may be moved in and out. */
    val active: Boolean? = null,
) : Mutation<StockLocationUpdated> {
    override val procedure: String get() = "stockLocation/v1/update"
    override fun json(): JsonObject = jsonOf("stock_location_id" to stockLocationId, "name" to name, "technician_id" to technicianId, "without_technician" to withoutTechnician, "active" to active)
    override fun output(json: JsonElement): StockLocationUpdated = StockLocationUpdated.read(json)

    public companion object : Procedure("stockLocation/v1/update") {
        internal fun read(json: JsonElement): UpdateStockLocation = UpdateStockLocation(
            stockLocationId = json.required("stock_location_id").asId(),
            name = json.optional("name")?.let { it.asText() },
            technicianId = json.optional("technician_id")?.let { it.asId() },
            withoutTechnician = json.optional("without_technician")?.let { it.asBoolean() },
            active = json.optional("active")?.let { it.asBoolean() },
        )
    }
}

/** Takes in material that came from a supplier. */
public data class ReceiveStock(
    /** Id of the new entry, made by the caller. */
    val movementId: UUID,
    /** Where it is put; for a technician, the own truck. */
    val stockLocationId: UUID,
    /** What came; material of the pricebook. */
    val itemId: UUID,
    /** How much, in the item's unit: above zero, at most three decimals. */
    val quantity: BigDecimal,
    /** What it came with, such as the delivery note's number; at most 500 characters. */
    val note: String? = null,
) : Mutation<StockMoved> {
    override val procedure: String get() = "stock/v1/receive"
    override fun json(): JsonObject = jsonOf("movement_id" to movementId, "stock_location_id" to stockLocationId, "item_id" to itemId, "quantity" to quantity, "note" to note)
    override fun output(json: JsonElement): StockMoved = StockMoved.read(json)

    public companion object : Procedure("stock/v1/receive") {
        internal fun read(json: JsonElement): ReceiveStock = ReceiveStock(
            movementId = json.required("movement_id").asId(),
            stockLocationId = json.required("stock_location_id").asId(),
            itemId = json.required("item_id").asId(),
            quantity = json.required("quantity").asDecimal(),
            note = json.optional("note")?.let { it.asText() },
        )
    }
}

/** Brings material from a warehouse or truck to another. */
public data class TransferStock(
    /** Id of the new entry, made by the caller; the other account's entry gets an id that follows from it. */
    val movementId: UUID,
    /** Where it was. */
    val fromLocationId: UUID,
    /** Where it is now. For a technician, one of both is the own truck. */
    val toLocationId: UUID,
    /** What moved; material of the pricebook. */
    val itemId: UUID,
    /** How much, in the item's unit: above zero, at most three decimals. */
    val quantity: BigDecimal,
    /** Anything to remember; at most 500 characters. */
    val note: String? = null,
) : Mutation<StockMoved> {
    override val procedure: String get() = "stock/v1/transfer"
    override fun json(): JsonObject = jsonOf("movement_id" to movementId, "from_location_id" to fromLocationId, "to_location_id" to toLocationId, "item_id" to itemId, "quantity" to quantity, "note" to note)
    override fun output(json: JsonElement): StockMoved = StockMoved.read(json)

    public companion object : Procedure("stock/v1/transfer") {
        internal fun read(json: JsonElement): TransferStock = TransferStock(
            movementId = json.required("movement_id").asId(),
            fromLocationId = json.required("from_location_id").asId(),
            toLocationId = json.required("to_location_id").asId(),
            itemId = json.required("item_id").asId(),
            quantity = json.required("quantity").asDecimal(),
            note = json.optional("note")?.let { it.asText() },
        )
    }
}

/** Sets a stock level to what was counted, by an entry of the difference. */
public data class CountStock(
    /** Id of the entry, made by the caller. */
    val movementId: UUID,
    /** Where it was counted; for a technician, the own truck. */
    val stockLocationId: UUID,
    /** What was counted; material of the pricebook. */
    val itemId: UUID,
    /** How much is there, in the item's unit: zero or more, at most three decimals. */
    val counted: BigDecimal,
    /** Why it was counted, or where the difference comes from; at most 500 characters. */
    val reason: String,
) : Mutation<StockCounted> {
    override val procedure: String get() = "stock/v1/count"
    override fun json(): JsonObject = jsonOf("movement_id" to movementId, "stock_location_id" to stockLocationId, "item_id" to itemId, "counted" to counted, "reason" to reason)
    override fun output(json: JsonElement): StockCounted = StockCounted.read(json)

    public companion object : Procedure("stock/v1/count") {
        internal fun read(json: JsonElement): CountStock = CountStock(
            movementId = json.required("movement_id").asId(),
            stockLocationId = json.required("stock_location_id").asId(),
            itemId = json.required("item_id").asId(),
            counted = json.required("counted").asDecimal(),
            reason = json.required("reason").asText(),
        )
    }
}

/** Gives material back to its supplier. */
public data class ReturnStock(
    /** Id of the new entry, made by the caller. */
    val movementId: UUID,
    /** Where it lay; for a technician, the own truck. */
    val stockLocationId: UUID,
    /** What goes back; material of the pricebook. */
    val itemId: UUID,
    /** How much, in the item's unit: above zero, at most three decimals. */
    val quantity: BigDecimal,
    /** Why; at most 500 characters. */
    val reason: String,
) : Mutation<StockMoved> {
    override val procedure: String get() = "stock/v1/return"
    override fun json(): JsonObject = jsonOf("movement_id" to movementId, "stock_location_id" to stockLocationId, "item_id" to itemId, "quantity" to quantity, "reason" to reason)
    override fun output(json: JsonElement): StockMoved = StockMoved.read(json)

    public companion object : Procedure("stock/v1/return") {
        internal fun read(json: JsonElement): ReturnStock = ReturnStock(
            movementId = json.required("movement_id").asId(),
            stockLocationId = json.required("stock_location_id").asId(),
            itemId = json.required("item_id").asId(),
            quantity = json.required("quantity").asDecimal(),
            reason = json.required("reason").asText(),
        )
    }
}

/** Sets how much of an item should lie in a place. Runs only at the server: it is queued, and has no output here. */
public data class SetStockMinimum(
    /** The place. */
    val stockLocationId: UUID,
    /** The item; material of the pricebook. */
    val itemId: UUID,
    /** Below this much it is to be replenished; zero or more, at most three decimals. */
    val minimum: BigDecimal,
    /** Up to this much it is replenished; at least the minimum. */
    val target: BigDecimal,
) : Mutation<MinimumSet> {
    override val procedure: String get() = "stock/v1/setMinimum"
    override fun json(): JsonObject = jsonOf("stock_location_id" to stockLocationId, "item_id" to itemId, "minimum" to minimum, "target" to target)
    override fun output(json: JsonElement): MinimumSet = MinimumSet.read(json)

    public companion object : Procedure("stock/v1/setMinimum") {
        internal fun read(json: JsonElement): SetStockMinimum = SetStockMinimum(
            stockLocationId = json.required("stock_location_id").asId(),
            itemId = json.required("item_id").asId(),
            minimum = json.required("minimum").asDecimal(),
            target = json.required("target").asDecimal(),
        )
    }
}

/** Asks for material for a truck or warehouse. */
public data class RequestReplenishment(
    /** Where it is needed; for a technician, the own truck. */
    val stockLocationId: UUID,
    /** What is needed; material of the pricebook. */
    val itemId: UUID,
    /** How much, in the item's unit: above zero, at most three decimals. */
    val quantity: BigDecimal,
) : Mutation<ReplenishmentRequested> {
    override val procedure: String get() = "stock/v1/requestReplenishment"
    override fun json(): JsonObject = jsonOf("stock_location_id" to stockLocationId, "item_id" to itemId, "quantity" to quantity)
    override fun output(json: JsonElement): ReplenishmentRequested = ReplenishmentRequested.read(json)

    public companion object : Procedure("stock/v1/requestReplenishment") {
        internal fun read(json: JsonElement): RequestReplenishment = RequestReplenishment(
            stockLocationId = json.required("stock_location_id").asId(),
            itemId = json.required("item_id").asId(),
            quantity = json.required("quantity").asDecimal(),
        )
    }
}

/** Fills a truck or warehouse up from another place. Runs only at the server: it is queued, and has no output here. */
public data class ReplenishStock(
    /** Where it comes from. */
    val fromLocationId: UUID,
    /** Where it goes. */
    val toLocationId: UUID,
    /** What is brought; 1 to 200 lines. */
    val lines: List<ReplenishmentLine>,
) : Mutation<StockReplenished> {
    override val procedure: String get() = "stock/v1/replenish"
    override fun json(): JsonObject = jsonOf("from_location_id" to fromLocationId, "to_location_id" to toLocationId, "lines" to lines)
    override fun output(json: JsonElement): StockReplenished = StockReplenished.read(json)

    public companion object : Procedure("stock/v1/replenish") {
        internal fun read(json: JsonElement): ReplenishStock = ReplenishStock(
            fromLocationId = json.required("from_location_id").asId(),
            toLocationId = json.required("to_location_id").asId(),
            lines = json.required("lines").asList { item -> ReplenishmentLine.read(item) },
        )
    }
}

/** Adds an item to the pricebook. */
public data class CreateItem(
    /** Id of the new item, made by the caller. */
    val itemId: UUID,
    /** The code people know it by: unique in the organization, at most 64 characters. */
    val code: String,
    /** What it is called: one line, at most 200 characters. */
    val name: String,
    /** What kind of thing it is. */
    val kind: PricebookKind,
    /** What one unit is: `each`, `foot`, `hour`; at most 32 characters. */
    val unit: String,
    /** Price of one unit, where no version gives another. */
    val priceCents: Long,
    /** The heading it stands under. */
    val categoryId: UUID? = null,
    /** How it is taxed; `standard` when left out. */
    val taxClass: TaxClass? = null,
    /** Minutes of work that one unit is planned to take; at most 43,200. */
    val labourMinutes: Int? = null,
    /** What the customer reads about it; at most 4,000 characters. */
    val description: String? = null,
) : Mutation<ItemWritten> {
    override val procedure: String get() = "pricebook/v1/createItem"
    override fun json(): JsonObject = jsonOf("item_id" to itemId, "code" to code, "name" to name, "kind" to kind, "unit" to unit, "price_cents" to priceCents.toString(), "category_id" to categoryId, "tax_class" to taxClass, "labour_minutes" to labourMinutes, "description" to description)
    override fun output(json: JsonElement): ItemWritten = ItemWritten.read(json)

    public companion object : Procedure("pricebook/v1/createItem") {
        internal fun read(json: JsonElement): CreateItem = CreateItem(
            itemId = json.required("item_id").asId(),
            code = json.required("code").asText(),
            name = json.required("name").asText(),
            kind = PricebookKind(json.required("kind").asText()),
            unit = json.required("unit").asText(),
            priceCents = json.required("price_cents").asLong(),
            categoryId = json.optional("category_id")?.let { it.asId() },
            taxClass = json.optional("tax_class")?.let { TaxClass(it.asText()) },
            labourMinutes = json.optional("labour_minutes")?.let { it.asInt() },
            description = json.optional("description")?.let { it.asText() },
        )
    }
}

/** Changes an item of the pricebook. */
public data class UpdateItem(
    /** The item. */
    val itemId: UUID,
    /** New code: unique in the organization, at most 64 characters. */
    val code: String? = null,
    /** New name: one line, at most 200 characters. */
    val name: String? = null,
    /** New price of one unit, where no version gives another. */
    val priceCents: Long? = null,
    /** The heading it stands under now. */
    val categoryId: UUID? = null,
    /** How it is taxed now. */
    val taxClass: TaxClass? = null,
    /** Minutes of work that one unit is planned to take now; at most 43,200. */
    val labourMinutes: Int? = null,
    /** What the customer reads about it now; at most 4,000 characters. */
    val description: String? = null,
    /** True to sell an item again that was retired. */
    val active: Boolean? = null,
) : Mutation<ItemWritten> {
    override val procedure: String get() = "pricebook/v1/updateItem"
    override fun json(): JsonObject = jsonOf("item_id" to itemId, "code" to code, "name" to name, "price_cents" to priceCents?.toString(), "category_id" to categoryId, "tax_class" to taxClass, "labour_minutes" to labourMinutes, "description" to description, "active" to active)
    override fun output(json: JsonElement): ItemWritten = ItemWritten.read(json)

    public companion object : Procedure("pricebook/v1/updateItem") {
        internal fun read(json: JsonElement): UpdateItem = UpdateItem(
            itemId = json.required("item_id").asId(),
            code = json.optional("code")?.let { it.asText() },
            name = json.optional("name")?.let { it.asText() },
            priceCents = json.optional("price_cents")?.let { it.asLong() },
            categoryId = json.optional("category_id")?.let { it.asId() },
            taxClass = json.optional("tax_class")?.let { TaxClass(it.asText()) },
            labourMinutes = json.optional("labour_minutes")?.let { it.asInt() },
            description = json.optional("description")?.let { it.asText() },
            active = json.optional("active")?.let { it.asBoolean() },
        )
    }
}

/** Takes an item out of the pricebook. */
public data class RetireItem(
    /** The item. */
    val itemId: UUID,
) : Mutation<ItemWritten> {
    override val procedure: String get() = "pricebook/v1/retireItem"
    override fun json(): JsonObject = jsonOf("item_id" to itemId)
    override fun output(json: JsonElement): ItemWritten = ItemWritten.read(json)

    public companion object : Procedure("pricebook/v1/retireItem") {
        internal fun read(json: JsonElement): RetireItem = RetireItem(
            itemId = json.required("item_id").asId(),
        )
    }
}

/** Says what an item of the pricebook is made of. */
public data class SetComponents(
    /** The item. */
    val itemId: UUID,
    /** Its parts, each once, in order; at most 50. None for an item without parts. */
    val components: List<NewComponent>,
) : Mutation<ComponentsSet> {
    override val procedure: String get() = "pricebook/v1/setComponents"
    override fun json(): JsonObject = jsonOf("item_id" to itemId, "components" to components)
    override fun output(json: JsonElement): ComponentsSet = ComponentsSet.read(json)

    public companion object : Procedure("pricebook/v1/setComponents") {
        internal fun read(json: JsonElement): SetComponents = SetComponents(
            itemId = json.required("item_id").asId(),
            components = json.required("components").asList { item -> NewComponent.read(item) },
        )
    }
}

/** Says what an item costs the contractor. Runs only at the server: it is queued, and has no output here. */
public data class SetCost(
    /** The item. */
    val itemId: UUID,
    /** Cost of one unit. */
    val costCents: Long,
) : Mutation<CostSet> {
    override val procedure: String get() = "pricebook/v1/setCost"
    override fun json(): JsonObject = jsonOf("item_id" to itemId, "cost_cents" to costCents.toString())
    override fun output(json: JsonElement): CostSet = CostSet.read(json)

    public companion object : Procedure("pricebook/v1/setCost") {
        internal fun read(json: JsonElement): SetCost = SetCost(
            itemId = json.required("item_id").asId(),
            costCents = json.required("cost_cents").asLong(),
        )
    }
}

/** Writes down what a customer agreed to pay for an item. Runs only at the server: it is queued, and has no output here. */
public data class SetCustomerPrice(
    /** The customer. */
    val customerId: UUID,
    /** The item. */
    val itemId: UUID,
    /** Price of one unit; none if the pricebook's price holds again. */
    val priceCents: Long? = null,
    /** The first moment at which it holds no more; none if it holds until it is taken back. */
    val validUntil: Instant? = null,
) : Mutation<CustomerPriceSet> {
    override val procedure: String get() = "pricebook/v1/setCustomerPrice"
    override fun json(): JsonObject = jsonOf("customer_id" to customerId, "item_id" to itemId, "price_cents" to priceCents?.toString(), "valid_until" to validUntil)
    override fun output(json: JsonElement): CustomerPriceSet = CustomerPriceSet.read(json)

    public companion object : Procedure("pricebook/v1/setCustomerPrice") {
        internal fun read(json: JsonElement): SetCustomerPrice = SetCustomerPrice(
            customerId = json.required("customer_id").asId(),
            itemId = json.required("item_id").asId(),
            priceCents = json.optional("price_cents")?.let { it.asLong() },
            validUntil = json.optional("valid_until")?.let { it.asInstant() },
        )
    }
}

/** Sets the tax rate of a class on a branch's jobs. */
public data class SetTaxRate(
    /** The branch. */
    val branchId: UUID,
    /** The class: `standard` or `reduced`; what is exempt has no rate. */
    val taxClass: TaxClass,
    /** The rate, from 0 to 100 with at most four decimals. */
    val percent: BigDecimal,
) : Mutation<TaxRateSet> {
    override val procedure: String get() = "pricebook/v1/setTaxRate"
    override fun json(): JsonObject = jsonOf("branch_id" to branchId, "tax_class" to taxClass, "percent" to percent)
    override fun output(json: JsonElement): TaxRateSet = TaxRateSet.read(json)

    public companion object : Procedure("pricebook/v1/setTaxRate") {
        internal fun read(json: JsonElement): SetTaxRate = SetTaxRate(
            branchId = json.required("branch_id").asId(),
            taxClass = TaxClass(json.required("tax_class").asText()),
            percent = json.required("percent").asDecimal(),
        )
    }
}

/** Adds a heading to the pricebook. */
public data class CreateCategory(
    /** Id of the new heading, made by the caller. */
    val categoryId: UUID,
    /** What it is called: one line, at most 200 characters. */
    val name: String,
    /** The heading above; none for a topmost one. Headings can be 6 deep. */
    val parentId: UUID? = null,
    /** Place among its siblings, from 1 to 10,000; the first when left out. */
    val position: Int? = null,
) : Mutation<CategoryWritten> {
    override val procedure: String get() = "pricebook/v1/createCategory"
    override fun json(): JsonObject = jsonOf("category_id" to categoryId, "parent_id" to parentId, "name" to name, "position" to position)
    override fun output(json: JsonElement): CategoryWritten = CategoryWritten.read(json)

    public companion object : Procedure("pricebook/v1/createCategory") {
        internal fun read(json: JsonElement): CreateCategory = CreateCategory(
            categoryId = json.required("category_id").asId(),
            parentId = json.optional("parent_id")?.let { it.asId() },
            name = json.required("name").asText(),
            position = json.optional("position")?.let { it.asInt() },
        )
    }
}

/** Changes a heading of the pricebook. */
public data class UpdateCategory(
    /** The heading. */
    val categoryId: UUID,
    /** The heading above it now; not one that stands below it. */
    val parentId: UUID? = null,
    /** True to make it a topmost one. */
    val topmost: Boolean? = null,
    /** New name: one line, at most 200 characters. */
    val name: String? = null,
    /** New place among its siblings, from 1 to 10,000. */
    val position: Int? = null,
    /** Whether it is shown. */
    val active: Boolean? = null,
) : Mutation<CategoryWritten> {
    override val procedure: String get() = "pricebook/v1/updateCategory"
    override fun json(): JsonObject = jsonOf("category_id" to categoryId, "parent_id" to parentId, "topmost" to topmost, "name" to name, "position" to position, "active" to active)
    override fun output(json: JsonElement): CategoryWritten = CategoryWritten.read(json)

    public companion object : Procedure("pricebook/v1/updateCategory") {
        internal fun read(json: JsonElement): UpdateCategory = UpdateCategory(
            categoryId = json.required("category_id").asId(),
            parentId = json.optional("parent_id")?.let { it.asId() },
            topmost = json.optional("topmost")?.let { it.asBoolean() },
            name = json.optional("name")?.let { it.asText() },
            position = json.optional("position")?.let { it.asInt() },
            active = json.optional("active")?.let { it.asBoolean() },
        )
    }
}

/** Begins a version of the pricebook. */
public data class CreateVersion(
    /** Id of the new version, made by the caller. */
    val versionId: UUID,
    /** What it is called: one line, at most 200 characters. */
    val name: String,
    /** First instant at which its prices hold. */
    val validFrom: Instant,
    /** The branch whose jobs it is for; all of them when left out. */
    val branchId: UUID? = null,
    /** First instant at which they no longer do; after `valid_from`. */
    val validUntil: Instant? = null,
) : Mutation<VersionMoved> {
    override val procedure: String get() = "pricebook/v1/createVersion"
    override fun json(): JsonObject = jsonOf("version_id" to versionId, "name" to name, "branch_id" to branchId, "valid_from" to validFrom, "valid_until" to validUntil)
    override fun output(json: JsonElement): VersionMoved = VersionMoved.read(json)

    public companion object : Procedure("pricebook/v1/createVersion") {
        internal fun read(json: JsonElement): CreateVersion = CreateVersion(
            versionId = json.required("version_id").asId(),
            name = json.required("name").asText(),
            branchId = json.optional("branch_id")?.let { it.asId() },
            validFrom = json.required("valid_from").asInstant(),
            validUntil = json.optional("valid_until")?.let { it.asInstant() },
        )
    }
}

/** Sets prices in a version of the pricebook. */
public data class SetPrices(
    /** The version. */
    val versionId: UUID,
    /** The prices, each item once; at most 200. */
    val prices: List<NewPrice>,
) : Mutation<PricesSet> {
    override val procedure: String get() = "pricebook/v1/setPrices"
    override fun json(): JsonObject = jsonOf("version_id" to versionId, "prices" to prices)
    override fun output(json: JsonElement): PricesSet = PricesSet.read(json)

    public companion object : Procedure("pricebook/v1/setPrices") {
        internal fun read(json: JsonElement): SetPrices = SetPrices(
            versionId = json.required("version_id").asId(),
            prices = json.required("prices").asList { item -> NewPrice.read(item) },
        )
    }
}

/** Publishes a version of the pricebook. */
public data class PublishVersion(
    /** The version. */
    val versionId: UUID,
) : Mutation<VersionMoved> {
    override val procedure: String get() = "pricebook/v1/publishVersion"
    override fun json(): JsonObject = jsonOf("version_id" to versionId)
    override fun output(json: JsonElement): VersionMoved = VersionMoved.read(json)

    public companion object : Procedure("pricebook/v1/publishVersion") {
        internal fun read(json: JsonElement): PublishVersion = PublishVersion(
            versionId = json.required("version_id").asId(),
        )
    }
}

/** Takes a version of the pricebook out. */
public data class RetireVersion(
    /** The version. */
    val versionId: UUID,
) : Mutation<VersionMoved> {
    override val procedure: String get() = "pricebook/v1/retireVersion"
    override fun json(): JsonObject = jsonOf("version_id" to versionId)
    override fun output(json: JsonElement): VersionMoved = VersionMoved.read(json)

    public companion object : Procedure("pricebook/v1/retireVersion") {
        internal fun read(json: JsonElement): RetireVersion = RetireVersion(
            versionId = json.required("version_id").asId(),
        )
    }
}

/** Writes an estimate for a job, with options and lines. */
public data class GenerateEstimate(
    /** The job. */
    val jobId: UUID,
    /** Id of the new estimate, made by the caller. */
    val estimateId: UUID,
    /** One line, at most 200 characters; the job's title when left out. */
    val title: String? = null,
    /** First instant at which it can no longer be approved: in the future. */
    val validUntil: Instant? = null,
    /** Its options, in order: good, better, best; at most 5. More can be added later. */
    val options: List<NewOption>? = null,
) : Mutation<EstimateGenerated> {
    override val procedure: String get() = "estimate/v1/generate"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "estimate_id" to estimateId, "title" to title, "valid_until" to validUntil, "options" to options)
    override fun output(json: JsonElement): EstimateGenerated = EstimateGenerated.read(json)

    public companion object : Procedure("estimate/v1/generate") {
        internal fun read(json: JsonElement): GenerateEstimate = GenerateEstimate(
            jobId = json.required("job_id").asId(),
            estimateId = json.required("estimate_id").asId(),
            title = json.optional("title")?.let { it.asText() },
            validUntil = json.optional("valid_until")?.let { it.asInstant() },
            options = json.optional("options")?.let { it.asList { item -> NewOption.read(item) } },
        )
    }
}

/** Adds an option to an estimate. */
public data class AddEstimateOption(
    /** The job. */
    val jobId: UUID,
    /** The estimate. */
    val estimateId: UUID,
    /** The option; comes after those that are there. */
    val option: NewOption,
) : Mutation<OptionTotals> {
    override val procedure: String get() = "estimate/v1/addOption"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "estimate_id" to estimateId, "option" to option)
    override fun output(json: JsonElement): OptionTotals = OptionTotals.read(json)

    public companion object : Procedure("estimate/v1/addOption") {
        internal fun read(json: JsonElement): AddEstimateOption = AddEstimateOption(
            jobId = json.required("job_id").asId(),
            estimateId = json.required("estimate_id").asId(),
            option = NewOption.read(json.required("option")),
        )
    }
}

/** Adds a line to an option of an estimate. */
public data class AddEstimateLine(
    /** The job. */
    val jobId: UUID,
    /** The estimate. */
    val estimateId: UUID,
    /** The option. */
    val optionId: UUID,
    /** The line; comes after those that are there. */
    val line: NewLine,
) : Mutation<OptionTotals> {
    override val procedure: String get() = "estimate/v1/addLine"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "estimate_id" to estimateId, "option_id" to optionId, "line" to line)
    override fun output(json: JsonElement): OptionTotals = OptionTotals.read(json)

    public companion object : Procedure("estimate/v1/addLine") {
        internal fun read(json: JsonElement): AddEstimateLine = AddEstimateLine(
            jobId = json.required("job_id").asId(),
            estimateId = json.required("estimate_id").asId(),
            optionId = json.required("option_id").asId(),
            line = NewLine.read(json.required("line")),
        )
    }
}

/** Changes a line of an estimate. */
public data class ChangeEstimateLine(
    /** The job. */
    val jobId: UUID,
    /** The estimate. */
    val estimateId: UUID,
    /** The line. */
    val lineId: UUID,
    /** How much: above zero, at most three decimals. */
    val quantity: BigDecimal? = null,
    /** What the customer reads: one line, at most 200 characters. */
    val name: String? = null,
    /** Price of one unit that the customer is told. */
    val unitPriceCents: Long? = null,
    /** Discount on this line, from 0 to 100 with at most four decimals; 0 for none. */
    val discountPercent: BigDecimal? = null,
) : Mutation<OptionTotals> {
    override val procedure: String get() = "estimate/v1/changeLine"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "estimate_id" to estimateId, "line_id" to lineId, "quantity" to quantity, "name" to name, "unit_price_cents" to unitPriceCents?.toString(), "discount_percent" to discountPercent)
    override fun output(json: JsonElement): OptionTotals = OptionTotals.read(json)

    public companion object : Procedure("estimate/v1/changeLine") {
        internal fun read(json: JsonElement): ChangeEstimateLine = ChangeEstimateLine(
            jobId = json.required("job_id").asId(),
            estimateId = json.required("estimate_id").asId(),
            lineId = json.required("line_id").asId(),
            quantity = json.optional("quantity")?.let { it.asDecimal() },
            name = json.optional("name")?.let { it.asText() },
            unitPriceCents = json.optional("unit_price_cents")?.let { it.asLong() },
            discountPercent = json.optional("discount_percent")?.let { it.asDecimal() },
        )
    }
}

/** Removes a line from an estimate. */
public data class RemoveEstimateLine(
    /** The job. */
    val jobId: UUID,
    /** The estimate. */
    val estimateId: UUID,
    /** The line. */
    val lineId: UUID,
) : Mutation<OptionTotals> {
    override val procedure: String get() = "estimate/v1/removeLine"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "estimate_id" to estimateId, "line_id" to lineId)
    override fun output(json: JsonElement): OptionTotals = OptionTotals.read(json)

    public companion object : Procedure("estimate/v1/removeLine") {
        internal fun read(json: JsonElement): RemoveEstimateLine = RemoveEstimateLine(
            jobId = json.required("job_id").asId(),
            estimateId = json.required("estimate_id").asId(),
            lineId = json.required("line_id").asId(),
        )
    }
}

/** Sets the discount on an option of an estimate. */
public data class SetEstimateDiscount(
    /** The job. */
    val jobId: UUID,
    /** The estimate. */
    val estimateId: UUID,
    /** The option. */
    val optionId: UUID,
    /** So much of a hundred, from 0 to 100 with at most four decimals. */
    val percent: BigDecimal? = null,
    /** So much; no more than the lines come to. */
    val amountCents: Long? = null,
) : Mutation<OptionTotals> {
    override val procedure: String get() = "estimate/v1/setDiscount"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "estimate_id" to estimateId, "option_id" to optionId, "percent" to percent, "amount_cents" to amountCents?.toString())
    override fun output(json: JsonElement): OptionTotals = OptionTotals.read(json)

    public companion object : Procedure("estimate/v1/setDiscount") {
        internal fun read(json: JsonElement): SetEstimateDiscount = SetEstimateDiscount(
            jobId = json.required("job_id").asId(),
            estimateId = json.required("estimate_id").asId(),
            optionId = json.required("option_id").asId(),
            percent = json.optional("percent")?.let { it.asDecimal() },
            amountCents = json.optional("amount_cents")?.let { it.asLong() },
        )
    }
}

/** Shows an estimate to the customer. */
public data class PresentEstimate(
    /** The job. */
    val jobId: UUID,
    /** The estimate. */
    val estimateId: UUID,
    /** New first instant at which it can no longer be approved: in the future. Stays as it is when left out. */
    val validUntil: Instant? = null,
) : Mutation<EstimateMoved> {
    override val procedure: String get() = "estimate/v1/present"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "estimate_id" to estimateId, "valid_until" to validUntil)
    override fun output(json: JsonElement): EstimateMoved = EstimateMoved.read(json)

    public companion object : Procedure("estimate/v1/present") {
        internal fun read(json: JsonElement): PresentEstimate = PresentEstimate(
            jobId = json.required("job_id").asId(),
            estimateId = json.required("estimate_id").asId(),
            validUntil = json.optional("valid_until")?.let { it.asInstant() },
        )
    }
}

/** Approves the option of an estimate that the customer signed. */
public data class ApproveEstimate(
    /** The job. */
    val jobId: UUID,
    /** The estimate. */
    val estimateId: UUID,
    /** The option the customer chose. */
    val optionId: UUID,
    /** The customer's signature on that option. */
    val signatureId: UUID,
) : Mutation<EstimateMoved> {
    override val procedure: String get() = "estimate/v1/approve"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "estimate_id" to estimateId, "option_id" to optionId, "signature_id" to signatureId)
    override fun output(json: JsonElement): EstimateMoved = EstimateMoved.read(json)

    public companion object : Procedure("estimate/v1/approve") {
        internal fun read(json: JsonElement): ApproveEstimate = ApproveEstimate(
            jobId = json.required("job_id").asId(),
            estimateId = json.required("estimate_id").asId(),
            optionId = json.required("option_id").asId(),
            signatureId = json.required("signature_id").asId(),
        )
    }
}

/** Notes that the customer declined an estimate. */
public data class DeclineEstimate(
    /** The job. */
    val jobId: UUID,
    /** The estimate. */
    val estimateId: UUID,
    /** Why; at most 2,000 characters. */
    val reason: String,
) : Mutation<EstimateMoved> {
    override val procedure: String get() = "estimate/v1/decline"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "estimate_id" to estimateId, "reason" to reason)
    override fun output(json: JsonElement): EstimateMoved = EstimateMoved.read(json)

    public companion object : Procedure("estimate/v1/decline") {
        internal fun read(json: JsonElement): DeclineEstimate = DeclineEstimate(
            jobId = json.required("job_id").asId(),
            estimateId = json.required("estimate_id").asId(),
            reason = json.required("reason").asText(),
        )
    }
}

/** Marks an estimate as expired, once its validity has ended. */
public data class ExpireEstimate(
    /** The job. */
    val jobId: UUID,
    /** The estimate. */
    val estimateId: UUID,
) : Mutation<EstimateMoved> {
    override val procedure: String get() = "estimate/v1/expire"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "estimate_id" to estimateId)
    override fun output(json: JsonElement): EstimateMoved = EstimateMoved.read(json)

    public companion object : Procedure("estimate/v1/expire") {
        internal fun read(json: JsonElement): ExpireEstimate = ExpireEstimate(
            jobId = json.required("job_id").asId(),
            estimateId = json.required("estimate_id").asId(),
        )
    }
}

/** Begins a new estimate that takes the place of another. */
public data class ReviseEstimate(
    /** The job. */
    val jobId: UUID,
    /** The estimate to replace. */
    val estimateId: UUID,
    /** Id of the new estimate, made by the caller. */
    val revisionId: UUID,
) : Mutation<EstimateRevised> {
    override val procedure: String get() = "estimate/v1/revise"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "estimate_id" to estimateId, "revision_id" to revisionId)
    override fun output(json: JsonElement): EstimateRevised = EstimateRevised.read(json)

    public companion object : Procedure("estimate/v1/revise") {
        internal fun read(json: JsonElement): ReviseEstimate = ReviseEstimate(
            jobId = json.required("job_id").asId(),
            estimateId = json.required("estimate_id").asId(),
            revisionId = json.required("revision_id").asId(),
        )
    }
}

/** Keeps a customer's signature on a document. */
public data class CaptureSignature(
    /** The job. */
    val jobId: UUID,
    /** Id of the new signature, made by the caller. */
    val signatureId: UUID,
    /** What is signed: an option of a presented estimate, a visit that is over, an issued invoice, or a required document that asks for a signature. */
    val subjectKind: SubjectKind,
    /** Which one. */
    val subjectId: UUID,
    /** SHA-256 of the document that the signer saw; see the protocol's page on documents. Refused with `signature.document_changed` when the document is another one by now. */
    val documentHash: Bytes,
    /** Who signs: one line, at most 200 characters. */
    val signerName: String,
    /** What that person is to the customer. */
    val signerRelation: SignerRelation,
    /** The pen's way, vector strokes in the app's own encoding; 1 to 65,536 bytes. */
    val strokes: Bytes,
) : Mutation<SignatureCaptured> {
    override val procedure: String get() = "signature/v1/capture"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "signature_id" to signatureId, "subject_kind" to subjectKind, "subject_id" to subjectId, "document_hash" to documentHash, "signer_name" to signerName, "signer_relation" to signerRelation, "strokes" to strokes)
    override fun output(json: JsonElement): SignatureCaptured = SignatureCaptured.read(json)

    public companion object : Procedure("signature/v1/capture") {
        internal fun read(json: JsonElement): CaptureSignature = CaptureSignature(
            jobId = json.required("job_id").asId(),
            signatureId = json.required("signature_id").asId(),
            subjectKind = SubjectKind(json.required("subject_kind").asText()),
            subjectId = json.required("subject_id").asId(),
            documentHash = json.required("document_hash").asBytes(),
            signerName = json.required("signer_name").asText(),
            signerRelation = SignerRelation(json.required("signer_relation").asText()),
            strokes = json.required("strokes").asBytes(),
        )
    }
}

/** Keeps that a customer would not sign a document. */
public data class RefuseSignature(
    /** The job. */
    val jobId: UUID,
    /** Id of the new row, made by the caller. */
    val signatureId: UUID,
    /** What was to be signed: an option of a presented estimate, a visit that is over, an issued invoice, or a required document that asks for a signature. */
    val subjectKind: SubjectKind,
    /** Which one. */
    val subjectId: UUID,
    /** SHA-256 of the document that was shown. */
    val documentHash: Bytes,
    /** Why not; at most 2,000 characters. */
    val reason: String,
    /** Who would not sign, where known: one line, at most 200 characters. */
    val signerName: String? = null,
    /** What that person is to the customer, where known. */
    val signerRelation: SignerRelation? = null,
) : Mutation<SignatureRefused> {
    override val procedure: String get() = "signature/v1/refuse"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "signature_id" to signatureId, "subject_kind" to subjectKind, "subject_id" to subjectId, "document_hash" to documentHash, "signer_name" to signerName, "signer_relation" to signerRelation, "reason" to reason)
    override fun output(json: JsonElement): SignatureRefused = SignatureRefused.read(json)

    public companion object : Procedure("signature/v1/refuse") {
        internal fun read(json: JsonElement): RefuseSignature = RefuseSignature(
            jobId = json.required("job_id").asId(),
            signatureId = json.required("signature_id").asId(),
            subjectKind = SubjectKind(json.required("subject_kind").asText()),
            subjectId = json.required("subject_id").asId(),
            documentHash = json.required("document_hash").asBytes(),
            signerName = json.optional("signer_name")?.let { it.asText() },
            signerRelation = json.optional("signer_relation")?.let { SignerRelation(it.asText()) },
            reason = json.required("reason").asText(),
        )
    }
}

/** Starts an invoice with the materials and the work time of a job. */
public data class CreateInvoiceFromWork(
    /** The job. */
    val jobId: UUID,
    /** Id of the new invoice, made by the caller. */
    val invoiceId: UUID,
    /** What work time is charged at: an active item of the pricebook that is sold by the `hour`. Time is not charged when left out. */
    val labourItemId: UUID? = null,
) : Mutation<InvoiceCreated> {
    override val procedure: String get() = "invoice/v1/createFromWork"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "invoice_id" to invoiceId, "labour_item_id" to labourItemId)
    override fun output(json: JsonElement): InvoiceCreated = InvoiceCreated.read(json)

    public companion object : Procedure("invoice/v1/createFromWork") {
        internal fun read(json: JsonElement): CreateInvoiceFromWork = CreateInvoiceFromWork(
            jobId = json.required("job_id").asId(),
            invoiceId = json.required("invoice_id").asId(),
            labourItemId = json.optional("labour_item_id")?.let { it.asId() },
        )
    }
}

/** Starts an invoice with the approved option of an estimate. */
public data class CreateInvoiceFromEstimate(
    /** The job. */
    val jobId: UUID,
    /** Id of the new invoice, made by the caller. */
    val invoiceId: UUID,
    /** The estimate; approved. */
    val estimateId: UUID,
) : Mutation<InvoiceCreated> {
    override val procedure: String get() = "invoice/v1/createFromEstimate"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "invoice_id" to invoiceId, "estimate_id" to estimateId)
    override fun output(json: JsonElement): InvoiceCreated = InvoiceCreated.read(json)

    public companion object : Procedure("invoice/v1/createFromEstimate") {
        internal fun read(json: JsonElement): CreateInvoiceFromEstimate = CreateInvoiceFromEstimate(
            jobId = json.required("job_id").asId(),
            invoiceId = json.required("invoice_id").asId(),
            estimateId = json.required("estimate_id").asId(),
        )
    }
}

/** Adds a line to a draft invoice. */
public data class AddInvoiceLine(
    /** The job. */
    val jobId: UUID,
    /** The invoice; a draft. */
    val invoiceId: UUID,
    /** Id of the new line, made by the caller. */
    val lineId: UUID,
    /** How much, in that unit: above zero, at most three decimals. */
    val quantity: BigDecimal,
    /** What is charged for: an active item of the pricebook, which gives name, unit and price. */
    val itemId: UUID? = null,
    /** What the customer reads, at most 200 characters; must be given without an item. */
    val name: String? = null,
    /** What one of it is, at most 32 characters; `each` when left out. Not with an item. */
    val unit: String? = null,
    /** Price of one unit in cents, not negative; must be given without an item. With one, only the office sets a price. */
    val unitPriceCents: Long? = null,
    /** Discount on the line, of a hundred, at most four decimals. More than 15 is the office's to give. */
    val discountPercent: BigDecimal? = null,
    /** What it is taxed at, of a hundred, at most four decimals; as the branch taxes it when left out. Only the office sets it. */
    val taxPercent: BigDecimal? = null,
) : Mutation<InvoiceChanged> {
    override val procedure: String get() = "invoice/v1/addLine"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "invoice_id" to invoiceId, "line_id" to lineId, "item_id" to itemId, "name" to name, "unit" to unit, "quantity" to quantity, "unit_price_cents" to unitPriceCents?.toString(), "discount_percent" to discountPercent, "tax_percent" to taxPercent)
    override fun output(json: JsonElement): InvoiceChanged = InvoiceChanged.read(json)

    public companion object : Procedure("invoice/v1/addLine") {
        internal fun read(json: JsonElement): AddInvoiceLine = AddInvoiceLine(
            jobId = json.required("job_id").asId(),
            invoiceId = json.required("invoice_id").asId(),
            lineId = json.required("line_id").asId(),
            itemId = json.optional("item_id")?.let { it.asId() },
            name = json.optional("name")?.let { it.asText() },
            unit = json.optional("unit")?.let { it.asText() },
            quantity = json.required("quantity").asDecimal(),
            unitPriceCents = json.optional("unit_price_cents")?.let { it.asLong() },
            discountPercent = json.optional("discount_percent")?.let { it.asDecimal() },
            taxPercent = json.optional("tax_percent")?.let { it.asDecimal() },
        )
    }
}

/** Changes a line of a draft invoice. */
public data class ChangeInvoiceLine(
    /** The job. */
    val jobId: UUID,
    /** The invoice; a draft. */
    val invoiceId: UUID,
    /** The line. */
    val lineId: UUID,
    /** New text for the customer; at most 200 characters. */
    val name: String? = null,
    /** New quantity: above zero, at most three decimals. */
    val quantity: BigDecimal? = null,
    /** New price of one unit in cents, not negative. Technicians set it on lines without a pricebook item only. */
    val unitPriceCents: Long? = null,
    /** New discount, of a hundred, at most four decimals. More than 15 is the office's to give. */
    val discountPercent: BigDecimal? = null,
    /** What it is taxed at now, of a hundred, at most four decimals. Only the office sets it. */
    val taxPercent: BigDecimal? = null,
) : Mutation<InvoiceChanged> {
    override val procedure: String get() = "invoice/v1/changeLine"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "invoice_id" to invoiceId, "line_id" to lineId, "name" to name, "quantity" to quantity, "unit_price_cents" to unitPriceCents?.toString(), "discount_percent" to discountPercent, "tax_percent" to taxPercent)
    override fun output(json: JsonElement): InvoiceChanged = InvoiceChanged.read(json)

    public companion object : Procedure("invoice/v1/changeLine") {
        internal fun read(json: JsonElement): ChangeInvoiceLine = ChangeInvoiceLine(
            jobId = json.required("job_id").asId(),
            invoiceId = json.required("invoice_id").asId(),
            lineId = json.required("line_id").asId(),
            name = json.optional("name")?.let { it.asText() },
            quantity = json.optional("quantity")?.let { it.asDecimal() },
            unitPriceCents = json.optional("unit_price_cents")?.let { it.asLong() },
            discountPercent = json.optional("discount_percent")?.let { it.asDecimal() },
            taxPercent = json.optional("tax_percent")?.let { it.asDecimal() },
        )
    }
}

/** Takes a line off a draft invoice. */
public data class RemoveInvoiceLine(
    /** The job. */
    val jobId: UUID,
    /** The invoice; a draft. */
    val invoiceId: UUID,
    /** The line. */
    val lineId: UUID,
) : Mutation<InvoiceChanged> {
    override val procedure: String get() = "invoice/v1/removeLine"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "invoice_id" to invoiceId, "line_id" to lineId)
    override fun output(json: JsonElement): InvoiceChanged = InvoiceChanged.read(json)

    public companion object : Procedure("invoice/v1/removeLine") {
        internal fun read(json: JsonElement): RemoveInvoiceLine = RemoveInvoiceLine(
            jobId = json.required("job_id").asId(),
            invoiceId = json.required("invoice_id").asId(),
            lineId = json.required("line_id").asId(),
        )
    }
}

/** Sets the discount on a whole draft invoice. */
public data class SetInvoiceDiscount(
    /** The job. */
    val jobId: UUID,
    /** The invoice; a draft. */
    val invoiceId: UUID,
    /** So much of a hundred, at most four decimals; not with a fixed amount. */
    val percent: BigDecimal? = null,
    /** So many cents; not more than there is to pay before tax, not with a percentage. */
    val fixedCents: Long? = null,
) : Mutation<InvoiceChanged> {
    override val procedure: String get() = "invoice/v1/setDiscount"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "invoice_id" to invoiceId, "percent" to percent, "fixed_cents" to fixedCents?.toString())
    override fun output(json: JsonElement): InvoiceChanged = InvoiceChanged.read(json)

    public companion object : Procedure("invoice/v1/setDiscount") {
        internal fun read(json: JsonElement): SetInvoiceDiscount = SetInvoiceDiscount(
            jobId = json.required("job_id").asId(),
            invoiceId = json.required("invoice_id").asId(),
            percent = json.optional("percent")?.let { it.asDecimal() },
            fixedCents = json.optional("fixed_cents")?.let { it.asLong() },
        )
    }
}

/** Issues a draft invoice; the server gives it its number. */
public data class IssueInvoice(
    /** The job. */
    val jobId: UUID,
    /** The invoice; with at least one line. */
    val invoiceId: UUID,
) : Mutation<InvoiceIssued> {
    override val procedure: String get() = "invoice/v1/issue"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "invoice_id" to invoiceId)
    override fun output(json: JsonElement): InvoiceIssued = InvoiceIssued.read(json)

    public companion object : Procedure("invoice/v1/issue") {
        internal fun read(json: JsonElement): IssueInvoice = IssueInvoice(
            jobId = json.required("job_id").asId(),
            invoiceId = json.required("invoice_id").asId(),
        )
    }
}

/** Voids an invoice that nothing was paid on. */
public data class VoidInvoice(
    /** The job. */
    val jobId: UUID,
    /** The invoice; nothing paid, no card payment under way. */
    val invoiceId: UUID,
    /** Why; at most 2,000 characters. */
    val reason: String,
) : Mutation<InvoiceVoided> {
    override val procedure: String get() = "invoice/v1/void"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "invoice_id" to invoiceId, "reason" to reason)
    override fun output(json: JsonElement): InvoiceVoided = InvoiceVoided.read(json)

    public companion object : Procedure("invoice/v1/void") {
        internal fun read(json: JsonElement): VoidInvoice = VoidInvoice(
            jobId = json.required("job_id").asId(),
            invoiceId = json.required("invoice_id").asId(),
            reason = json.required("reason").asText(),
        )
    }
}

/** Takes a payment in cash, by check or by card for an issued invoice. */
public data class CollectPayment(
    /** The job. */
    val jobId: UUID,
    /** The invoice; issued. */
    val invoiceId: UUID,
    /** Id of the new payment, made by the caller. */
    val paymentId: UUID,
    /** How it is paid. */
    val method: PaymentMethod,
    /** How much, in cents: above zero, at most what was seen to collect. */
    val amountCents: Long,
    /** What there was to collect where the payer was asked, in cents: total less paid less pending. */
    val balanceSeenCents: Long,
    /** The number printed on the check, at most 32 characters; must be given with a check, and with nothing else. */
    val checkNumber: String? = null,
    /** A remark; at most 2,000 characters, never a card number. */
    val remark: String? = null,
) : Mutation<PaymentCollected> {
    override val procedure: String get() = "invoice/v1/collectPayment"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "invoice_id" to invoiceId, "payment_id" to paymentId, "method" to method, "amount_cents" to amountCents.toString(), "balance_seen_cents" to balanceSeenCents.toString(), "check_number" to checkNumber, "remark" to remark)
    override fun output(json: JsonElement): PaymentCollected = PaymentCollected.read(json)

    public companion object : Procedure("invoice/v1/collectPayment") {
        internal fun read(json: JsonElement): CollectPayment = CollectPayment(
            jobId = json.required("job_id").asId(),
            invoiceId = json.required("invoice_id").asId(),
            paymentId = json.required("payment_id").asId(),
            method = PaymentMethod(json.required("method").asText()),
            amountCents = json.required("amount_cents").asLong(),
            balanceSeenCents = json.required("balance_seen_cents").asLong(),
            checkNumber = json.optional("check_number")?.let { it.asText() },
            remark = json.optional("remark")?.let { it.asText() },
        )
    }
}

/** Notes that a card payment was settled. Runs only at the server: it is queued, and has no output here. */
public data class SettlePayment(
    /** The job. */
    val jobId: UUID,
    /** The invoice. */
    val invoiceId: UUID,
    /** The card payment. */
    val paymentId: UUID,
    /** The provider's name for the settlement, at most 128 characters; unique in the organization. */
    val externalReference: String,
) : Mutation<PaymentMoved> {
    override val procedure: String get() = "payment/v1/settle"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "invoice_id" to invoiceId, "payment_id" to paymentId, "external_reference" to externalReference)
    override fun output(json: JsonElement): PaymentMoved = PaymentMoved.read(json)

    public companion object : Procedure("payment/v1/settle") {
        internal fun read(json: JsonElement): SettlePayment = SettlePayment(
            jobId = json.required("job_id").asId(),
            invoiceId = json.required("invoice_id").asId(),
            paymentId = json.required("payment_id").asId(),
            externalReference = json.required("external_reference").asText(),
        )
    }
}

/** Notes that a card payment failed. Runs only at the server: it is queued, and has no output here. */
public data class FailPayment(
    /** The job. */
    val jobId: UUID,
    /** The invoice. */
    val invoiceId: UUID,
    /** The card payment. */
    val paymentId: UUID,
    /** Why, as the provider tells it; at most 2,000 characters. */
    val reason: String,
    /** The provider's name for the refusal, at most 128 characters; unique in the organization. */
    val externalReference: String? = null,
) : Mutation<PaymentMoved> {
    override val procedure: String get() = "payment/v1/fail"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "invoice_id" to invoiceId, "payment_id" to paymentId, "reason" to reason, "external_reference" to externalReference)
    override fun output(json: JsonElement): PaymentMoved = PaymentMoved.read(json)

    public companion object : Procedure("payment/v1/fail") {
        internal fun read(json: JsonElement): FailPayment = FailPayment(
            jobId = json.required("job_id").asId(),
            invoiceId = json.required("invoice_id").asId(),
            paymentId = json.required("payment_id").asId(),
            reason = json.required("reason").asText(),
            externalReference = json.optional("external_reference")?.let { it.asText() },
        )
    }
}

/** Gives back all or part of a payment. */
public data class RefundPayment(
    /** The job. */
    val jobId: UUID,
    /** The invoice. */
    val invoiceId: UUID,
    /** The payment; settled. */
    val paymentId: UUID,
    /** Id of the new entry, made by the caller. */
    val refundId: UUID,
    /** How much, in cents: above zero, at most the payment less what was given back of it. */
    val amountCents: Long,
    /** Why; at most 2,000 characters. */
    val reason: String,
) : Mutation<PaymentMoved> {
    override val procedure: String get() = "payment/v1/refund"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "invoice_id" to invoiceId, "payment_id" to paymentId, "refund_id" to refundId, "amount_cents" to amountCents.toString(), "reason" to reason)
    override fun output(json: JsonElement): PaymentMoved = PaymentMoved.read(json)

    public companion object : Procedure("payment/v1/refund") {
        internal fun read(json: JsonElement): RefundPayment = RefundPayment(
            jobId = json.required("job_id").asId(),
            invoiceId = json.required("invoice_id").asId(),
            paymentId = json.required("payment_id").asId(),
            refundId = json.required("refund_id").asId(),
            amountCents = json.required("amount_cents").asLong(),
            reason = json.required("reason").asText(),
        )
    }
}

/** Notes that the money of a payment never came, such as a bounced check. */
public data class ReversePayment(
    /** The job. */
    val jobId: UUID,
    /** The invoice. */
    val invoiceId: UUID,
    /** The payment; settled. */
    val paymentId: UUID,
    /** Why; at most 2,000 characters. */
    val reason: String,
) : Mutation<PaymentMoved> {
    override val procedure: String get() = "payment/v1/reverse"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "invoice_id" to invoiceId, "payment_id" to paymentId, "reason" to reason)
    override fun output(json: JsonElement): PaymentMoved = PaymentMoved.read(json)

    public companion object : Procedure("payment/v1/reverse") {
        internal fun read(json: JsonElement): ReversePayment = ReversePayment(
            jobId = json.required("job_id").asId(),
            invoiceId = json.required("invoice_id").asId(),
            paymentId = json.required("payment_id").asId(),
            reason = json.required("reason").asText(),
        )
    }
}

/** Says which skills a job asks for. */
public data class SetJobSkills(
    /** The job. */
    val jobId: UUID,
    /** Skills in use; at most 20. */
    val skillIds: List<UUID>,
) : Mutation<JobSkillsSet> {
    override val procedure: String get() = "job/v1/setSkills"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "skill_ids" to skillIds)
    override fun output(json: JsonElement): JobSkillsSet = JobSkillsSet.read(json)

    public companion object : Procedure("job/v1/setSkills") {
        internal fun read(json: JsonElement): SetJobSkills = SetJobSkills(
            jobId = json.required("job_id").asId(),
            skillIds = json.required("skill_ids").asList { item -> item.asId() },
        )
    }
}

/** Creates a customer. */
public data class CreateCustomer(
    /** Id of the new customer, made by the caller. */
    val customerId: UUID,
    /** Name of the person or company; at most 200 characters. */
    val name: String,
    /** Telephone number; at most 40 characters. */
    val phone: String? = null,
    /** E-mail address; at most 254 characters. */
    val email: String? = null,
) : Mutation<CustomerSaved> {
    override val procedure: String get() = "customer/v1/create"
    override fun json(): JsonObject = jsonOf("customer_id" to customerId, "name" to name, "phone" to phone, "email" to email)
    override fun output(json: JsonElement): CustomerSaved = CustomerSaved.read(json)

    public companion object : Procedure("customer/v1/create") {
        internal fun read(json: JsonElement): CreateCustomer = CreateCustomer(
            customerId = json.required("customer_id").asId(),
            name = json.required("name").asText(),
            phone = json.optional("phone")?.let { it.asText() },
            email = json.optional("email")?.let { it.asText() },
        )
    }
}

/** Changes a customer's name, telephone number or e-mail address. */
public data class UpdateCustomer(
    /** The customer. */
    val customerId: UUID,
    /** New name; at most 200 characters. */
    val name: String? = null,
    /** New telephone number, at most 40 characters; empty to have none. */
    val phone: String? = null,
    /** New e-mail address, at most 254 characters; empty to have none. */
    val email: String? = null,
) : Mutation<CustomerSaved> {
    override val procedure: String get() = "customer/v1/update"
    override fun json(): JsonObject = jsonOf("customer_id" to customerId, "name" to name, "phone" to phone, "email" to email)
    override fun output(json: JsonElement): CustomerSaved = CustomerSaved.read(json)

    public companion object : Procedure("customer/v1/update") {
        internal fun read(json: JsonElement): UpdateCustomer = UpdateCustomer(
            customerId = json.required("customer_id").asId(),
            name = json.optional("name")?.let { it.asText() },
            phone = json.optional("phone")?.let { it.asText() },
            email = json.optional("email")?.let { it.asText() },
        )
    }
}

/** Creates a place of a customer, in the territory of its postal code. Runs only at the server: it is queued, and has no output here. */
public data class CreateLocation(
    /** Id of the new place, made by the caller. */
    val locationId: UUID,
    /** The customer. */
    val customerId: UUID,
    /** Street address; at most 500 characters. */
    val address: String,
    /** IANA time zone of the place: `America/Denver`. */
    val zone: String,
    /** Degrees north; kept with six decimals. */
    val latitude: BigDecimal? = null,
    /** Degrees east; kept with six decimals. */
    val longitude: BigDecimal? = null,
    /** How to get in; at most 2,000 characters. */
    val accessNotes: String? = null,
    /** Postal code, at most 16 characters; finds the territory, where none is named. */
    val postalCode: String? = null,
    /** The territory; an active one. */
    val territoryId: UUID? = null,
) : Mutation<LocationSaved> {
    override val procedure: String get() = "location/v1/create"
    override fun json(): JsonObject = jsonOf("location_id" to locationId, "customer_id" to customerId, "address" to address, "zone" to zone, "latitude" to latitude, "longitude" to longitude, "access_notes" to accessNotes, "postal_code" to postalCode, "territory_id" to territoryId)
    override fun output(json: JsonElement): LocationSaved = LocationSaved.read(json)

    public companion object : Procedure("location/v1/create") {
        internal fun read(json: JsonElement): CreateLocation = CreateLocation(
            locationId = json.required("location_id").asId(),
            customerId = json.required("customer_id").asId(),
            address = json.required("address").asText(),
            zone = json.required("zone").asText(),
            latitude = json.optional("latitude")?.let { it.asDecimal() },
            longitude = json.optional("longitude")?.let { it.asDecimal() },
            accessNotes = json.optional("access_notes")?.let { it.asText() },
            postalCode = json.optional("postal_code")?.let { it.asText() },
            territoryId = json.optional("territory_id")?.let { it.asId() },
        )
    }
}

/** Changes a place's address, zone, coordinates, access notes, postal code or territory. Runs only at the server: it is queued, and has no output here. */
public data class UpdateLocation(
    /** The place. */
    val locationId: UUID,
    /** New street address; at most 500 characters. */
    val address: String? = null,
    /** New IANA time zone. Visits keep the zone they were promised in. */
    val zone: String? = null,
    /** New degrees north. */
    val latitude: BigDecimal? = null,
    /** New degrees east. */
    val longitude: BigDecimal? = null,
    /** How to get in now, at most 2,000 characters; empty to say nothing. */
    val accessNotes: String? = null,
    /** New postal code, at most 16 characters, empty to have none; finds the territory anew, where none is named. */
    val postalCode: String? = null,
    /** New territory; an active one. */
    val territoryId: UUID? = null,
) : Mutation<LocationSaved> {
    override val procedure: String get() = "location/v1/update"
    override fun json(): JsonObject = jsonOf("location_id" to locationId, "address" to address, "zone" to zone, "latitude" to latitude, "longitude" to longitude, "access_notes" to accessNotes, "postal_code" to postalCode, "territory_id" to territoryId)
    override fun output(json: JsonElement): LocationSaved = LocationSaved.read(json)

    public companion object : Procedure("location/v1/update") {
        internal fun read(json: JsonElement): UpdateLocation = UpdateLocation(
            locationId = json.required("location_id").asId(),
            address = json.optional("address")?.let { it.asText() },
            zone = json.optional("zone")?.let { it.asText() },
            latitude = json.optional("latitude")?.let { it.asDecimal() },
            longitude = json.optional("longitude")?.let { it.asDecimal() },
            accessNotes = json.optional("access_notes")?.let { it.asText() },
            postalCode = json.optional("postal_code")?.let { it.asText() },
            territoryId = json.optional("territory_id")?.let { it.asId() },
        )
    }
}

/** Writes down a machine at a place. */
public data class CreateEquipment(
    /** Id of the new machine, made by the caller. */
    val equipmentId: UUID,
    /** Where it stands. */
    val locationId: UUID,
    /** What it is, `Gas furnace`; at most 200 characters. */
    val name: String,
    /** Maker's model; at most 100 characters. */
    val model: String? = null,
    /** Maker's serial number; at most 100 characters. */
    val serial: String? = null,
) : Mutation<EquipmentSaved> {
    override val procedure: String get() = "equipment/v1/create"
    override fun json(): JsonObject = jsonOf("equipment_id" to equipmentId, "location_id" to locationId, "name" to name, "model" to model, "serial" to serial)
    override fun output(json: JsonElement): EquipmentSaved = EquipmentSaved.read(json)

    public companion object : Procedure("equipment/v1/create") {
        internal fun read(json: JsonElement): CreateEquipment = CreateEquipment(
            equipmentId = json.required("equipment_id").asId(),
            locationId = json.required("location_id").asId(),
            name = json.required("name").asText(),
            model = json.optional("model")?.let { it.asText() },
            serial = json.optional("serial")?.let { it.asText() },
        )
    }
}

/** Corrects what is written of a machine. */
public data class UpdateEquipment(
    /** The machine. */
    val equipmentId: UUID,
    /** What it is; at most 200 characters. */
    val name: String? = null,
    /** Maker's model, at most 100 characters; empty to have none. */
    val model: String? = null,
    /** Maker's serial number, at most 100 characters; empty to have none. */
    val serial: String? = null,
) : Mutation<EquipmentSaved> {
    override val procedure: String get() = "equipment/v1/update"
    override fun json(): JsonObject = jsonOf("equipment_id" to equipmentId, "name" to name, "model" to model, "serial" to serial)
    override fun output(json: JsonElement): EquipmentSaved = EquipmentSaved.read(json)

    public companion object : Procedure("equipment/v1/update") {
        internal fun read(json: JsonElement): UpdateEquipment = UpdateEquipment(
            equipmentId = json.required("equipment_id").asId(),
            name = json.optional("name")?.let { it.asText() },
            model = json.optional("model")?.let { it.asText() },
            serial = json.optional("serial")?.let { it.asText() },
        )
    }
}

/** Writes down a person to talk to at a customer's. */
public data class CreateContact(
    /** Id of the new contact, made by the caller. */
    val contactId: UUID,
    /** The customer; it can have at most 200 contacts. */
    val customerId: UUID,
    /** The person's name; at most 200 characters. */
    val name: String,
    /** The place, where the person belongs to one; of that customer. */
    val locationId: UUID? = null,
    /** What the person is there, `Tenant`; at most 200 characters. */
    val role: String? = null,
    /** Telephone number; at most 40 characters. */
    val phone: String? = null,
    /** E-mail address; at most 254 characters. */
    val email: String? = null,
    /** Whether to call this one first; whoever was first at the same place no longer is. */
    val preferred: Boolean? = null,
) : Mutation<ContactSaved> {
    override val procedure: String get() = "contact/v1/create"
    override fun json(): JsonObject = jsonOf("contact_id" to contactId, "customer_id" to customerId, "location_id" to locationId, "name" to name, "role" to role, "phone" to phone, "email" to email, "preferred" to preferred)
    override fun output(json: JsonElement): ContactSaved = ContactSaved.read(json)

    public companion object : Procedure("contact/v1/create") {
        internal fun read(json: JsonElement): CreateContact = CreateContact(
            contactId = json.required("contact_id").asId(),
            customerId = json.required("customer_id").asId(),
            locationId = json.optional("location_id")?.let { it.asId() },
            name = json.required("name").asText(),
            role = json.optional("role")?.let { it.asText() },
            phone = json.optional("phone")?.let { it.asText() },
            email = json.optional("email")?.let { it.asText() },
            preferred = json.optional("preferred")?.let { it.asBoolean() },
        )
    }
}

/** Corrects a contact. */
public data class UpdateContact(
    /** The contact. */
    val contactId: UUID,
    /** The customer it belongs to. */
    val customerId: UUID,
    /** The place it belongs to now; of that customer. */
    val locationId: UUID? = null,
    /** New name; at most 200 characters. */
    val name: String? = null,
    /** What the person is there, at most 200 characters; empty to say nothing. */
    val role: String? = null,
    /** New telephone number, at most 40 characters; empty to have none. */
    val phone: String? = null,
    /** New e-mail address, at most 254 characters; empty to have none. */
    val email: String? = null,
    /** Whether to call this one first; whoever was first at the same place no longer is. */
    val preferred: Boolean? = null,
) : Mutation<ContactSaved> {
    override val procedure: String get() = "contact/v1/update"
    override fun json(): JsonObject = jsonOf("contact_id" to contactId, "customer_id" to customerId, "location_id" to locationId, "name" to name, "role" to role, "phone" to phone, "email" to email, "preferred" to preferred)
    override fun output(json: JsonElement): ContactSaved = ContactSaved.read(json)

    public companion object : Procedure("contact/v1/update") {
        internal fun read(json: JsonElement): UpdateContact = UpdateContact(
            contactId = json.required("contact_id").asId(),
            customerId = json.required("customer_id").asId(),
            locationId = json.optional("location_id")?.let { it.asId() },
            name = json.optional("name")?.let { it.asText() },
            role = json.optional("role")?.let { it.asText() },
            phone = json.optional("phone")?.let { it.asText() },
            email = json.optional("email")?.let { it.asText() },
            preferred = json.optional("preferred")?.let { it.asBoolean() },
        )
    }
}

/** Removes a contact. */
public data class RemoveContact(
    /** The contact. */
    val contactId: UUID,
    /** The customer it belongs to. */
    val customerId: UUID,
) : Mutation<ContactRemoved> {
    override val procedure: String get() = "contact/v1/remove"
    override fun json(): JsonObject = jsonOf("contact_id" to contactId, "customer_id" to customerId)
    override fun output(json: JsonElement): ContactRemoved = ContactRemoved.read(json)

    public companion object : Procedure("contact/v1/remove") {
        internal fun read(json: JsonElement): RemoveContact = RemoveContact(
            contactId = json.required("contact_id").asId(),
            customerId = json.required("customer_id").asId(),
        )
    }
}

/** Changes what the organization is called. */
public data class UpdateOrganization(
    /** The organization. */
    val organizationId: UUID,
    /** New name; at most 200 characters. */
    val name: String? = null,
) : Mutation<OrganizationSaved> {
    override val procedure: String get() = "organization/v1/update"
    override fun json(): JsonObject = jsonOf("organization_id" to organizationId, "name" to name)
    override fun output(json: JsonElement): OrganizationSaved = OrganizationSaved.read(json)

    public companion object : Procedure("organization/v1/update") {
        internal fun read(json: JsonElement): UpdateOrganization = UpdateOrganization(
            organizationId = json.required("organization_id").asId(),
            name = json.optional("name")?.let { it.asText() },
        )
    }
}

/** Opens a branch. */
public data class CreateBranch(
    /** Id of the new branch, made by the caller. */
    val branchId: UUID,
    /** What it is called; at most 200 characters. */
    val name: String,
    /** IANA time zone that its hours are read in: `America/Denver`. */
    val zone: String,
) : Mutation<BranchSaved> {
    override val procedure: String get() = "branch/v1/create"
    override fun json(): JsonObject = jsonOf("branch_id" to branchId, "name" to name, "zone" to zone)
    override fun output(json: JsonElement): BranchSaved = BranchSaved.read(json)

    public companion object : Procedure("branch/v1/create") {
        internal fun read(json: JsonElement): CreateBranch = CreateBranch(
            branchId = json.required("branch_id").asId(),
            name = json.required("name").asText(),
            zone = json.required("zone").asText(),
        )
    }
}

/** Changes a branch's name or time zone. */
public data class UpdateBranch(
    /** The branch. */
    val branchId: UUID,
    /** New name; at most 200 characters. */
    val name: String? = null,
    /** New IANA time zone. Visits keep the zone they were promised in. */
    val zone: String? = null,
) : Mutation<BranchSaved> {
    override val procedure: String get() = "branch/v1/update"
    override fun json(): JsonObject = jsonOf("branch_id" to branchId, "name" to name, "zone" to zone)
    override fun output(json: JsonElement): BranchSaved = BranchSaved.read(json)

    public companion object : Procedure("branch/v1/update") {
        internal fun read(json: JsonElement): UpdateBranch = UpdateBranch(
            branchId = json.required("branch_id").asId(),
            name = json.optional("name")?.let { it.asText() },
            zone = json.optional("zone")?.let { it.asText() },
        )
    }
}

/** Takes a technician on. */
public data class CreateTechnician(
    /** Id of the new technician, made by the caller. */
    val technicianId: UUID,
    /** The branch the technician belongs to. */
    val branchId: UUID,
    /** The name colleagues and customers see; at most 200 characters. */
    val name: String,
    /** The member who signs in as this technician, and as no other. */
    val userId: UUID? = null,
) : Mutation<TechnicianSaved> {
    override val procedure: String get() = "technician/v1/create"
    override fun json(): JsonObject = jsonOf("technician_id" to technicianId, "branch_id" to branchId, "name" to name, "user_id" to userId)
    override fun output(json: JsonElement): TechnicianSaved = TechnicianSaved.read(json)

    public companion object : Procedure("technician/v1/create") {
        internal fun read(json: JsonElement): CreateTechnician = CreateTechnician(
            technicianId = json.required("technician_id").asId(),
            branchId = json.required("branch_id").asId(),
            name = json.required("name").asText(),
            userId = json.optional("user_id")?.let { it.asId() },
        )
    }
}

/** Changes a technician's name, branch, user, or whether he works here. */
public data class UpdateTechnician(
    /** The technician. */
    val technicianId: UUID,
    /** New name; at most 200 characters. */
    val name: String? = null,
    /** The branch the technician moves to, with hours, absences and skills; assignments stay. */
    val branchId: UUID? = null,
    /** Whether the technician can be assigned, and sees jobs. */
    val active: Boolean? = null,
    /** The member who signs in as this technician, and as no other. */
    val userId: UUID? = null,
) : Mutation<TechnicianSaved> {
    override val procedure: String get() = "technician/v1/update"
    override fun json(): JsonObject = jsonOf("technician_id" to technicianId, "name" to name, "branch_id" to branchId, "active" to active, "user_id" to userId)
    override fun output(json: JsonElement): TechnicianSaved = TechnicianSaved.read(json)

    public companion object : Procedure("technician/v1/update") {
        internal fun read(json: JsonElement): UpdateTechnician = UpdateTechnician(
            technicianId = json.required("technician_id").asId(),
            name = json.optional("name")?.let { it.asText() },
            branchId = json.optional("branch_id")?.let { it.asId() },
            active = json.optional("active")?.let { it.asBoolean() },
            userId = json.optional("user_id")?.let { it.asId() },
        )
    }
}

/** Says when a technician works in a week. */
public data class SetAvailability(
    /** Whose week; technicians say their own. */
    val technicianId: UUID,
    /** At most 28 stretches, none of which overlap; none at all for somebody who works whenever he is sent. */
    val week: List<Stretch>,
) : Mutation<AvailabilitySet> {
    override val procedure: String get() = "technician/v1/setAvailability"
    override fun json(): JsonObject = jsonOf("technician_id" to technicianId, "week" to week)
    override fun output(json: JsonElement): AvailabilitySet = AvailabilitySet.read(json)

    public companion object : Procedure("technician/v1/setAvailability") {
        internal fun read(json: JsonElement): SetAvailability = SetAvailability(
            technicianId = json.required("technician_id").asId(),
            week = json.required("week").asList { item -> Stretch.read(item) },
        )
    }
}

/** Says in which territories a technician works. */
public data class SetTerritories(
    /** Who. */
    val technicianId: UUID,
    /** At most 64 territories; none at all for somebody who goes everywhere. */
    val territoryIds: List<UUID>,
) : Mutation<TerritoriesSet> {
    override val procedure: String get() = "technician/v1/setTerritories"
    override fun json(): JsonObject = jsonOf("technician_id" to technicianId, "territory_ids" to territoryIds)
    override fun output(json: JsonElement): TerritoriesSet = TerritoriesSet.read(json)

    public companion object : Procedure("technician/v1/setTerritories") {
        internal fun read(json: JsonElement): SetTerritories = SetTerritories(
            technicianId = json.required("technician_id").asId(),
            territoryIds = json.required("territory_ids").asList { item -> item.asId() },
        )
    }
}

/** Says that a technician has a skill, and until when. */
public data class GrantSkill(
    /** Who. */
    val technicianId: UUID,
    /** What; a skill in use. */
    val skillId: UUID,
    /** Last day on which it counts; left out when it does not expire. */
    val expiresOn: LocalDate? = null,
) : Mutation<TechnicianSkilled> {
    override val procedure: String get() = "technician/v1/grantSkill"
    override fun json(): JsonObject = jsonOf("technician_id" to technicianId, "skill_id" to skillId, "expires_on" to expiresOn)
    override fun output(json: JsonElement): TechnicianSkilled = TechnicianSkilled.read(json)

    public companion object : Procedure("technician/v1/grantSkill") {
        internal fun read(json: JsonElement): GrantSkill = GrantSkill(
            technicianId = json.required("technician_id").asId(),
            skillId = json.required("skill_id").asId(),
            expiresOn = json.optional("expires_on")?.let { it.asDate() },
        )
    }
}

/** Says that a technician has a skill no longer. */
public data class RevokeSkill(
    /** Who. */
    val technicianId: UUID,
    /** What. */
    val skillId: UUID,
) : Mutation<SkillRevoked> {
    override val procedure: String get() = "technician/v1/revokeSkill"
    override fun json(): JsonObject = jsonOf("technician_id" to technicianId, "skill_id" to skillId)
    override fun output(json: JsonElement): SkillRevoked = SkillRevoked.read(json)

    public companion object : Procedure("technician/v1/revokeSkill") {
        internal fun read(json: JsonElement): RevokeSkill = RevokeSkill(
            technicianId = json.required("technician_id").asId(),
            skillId = json.required("skill_id").asId(),
        )
    }
}

/** Asks for time away from work. */
public data class RequestAbsence(
    /** Id of the new absence, made by the caller. */
    val absenceId: UUID,
    /** Who is away; technicians ask for themselves. */
    val technicianId: UUID,
    /** Why. */
    val kind: AbsenceKind,
    /** First instant away. */
    val startsAt: Instant,
    /** First instant back: after its start, at most 366 days later. */
    val endsAt: Instant,
    /** What there is to say; at most 2,000 characters. */
    val note: String? = null,
) : Mutation<AbsenceRequested> {
    override val procedure: String get() = "technician/v1/requestAbsence"
    override fun json(): JsonObject = jsonOf("absence_id" to absenceId, "technician_id" to technicianId, "kind" to kind, "starts_at" to startsAt, "ends_at" to endsAt, "note" to note)
    override fun output(json: JsonElement): AbsenceRequested = AbsenceRequested.read(json)

    public companion object : Procedure("technician/v1/requestAbsence") {
        internal fun read(json: JsonElement): RequestAbsence = RequestAbsence(
            absenceId = json.required("absence_id").asId(),
            technicianId = json.required("technician_id").asId(),
            kind = AbsenceKind(json.required("kind").asText()),
            startsAt = json.required("starts_at").asInstant(),
            endsAt = json.required("ends_at").asInstant(),
            note = json.optional("note")?.let { it.asText() },
        )
    }
}

/** Grants time away, and tells how many visits are in its way. Runs only at the server: it is queued, and has no output here. */
public data class ApproveAbsence(
    /** Who asked. */
    val technicianId: UUID,
    /** What was asked for. */
    val absenceId: UUID,
) : Mutation<AbsenceAnswered> {
    override val procedure: String get() = "technician/v1/approveAbsence"
    override fun json(): JsonObject = jsonOf("technician_id" to technicianId, "absence_id" to absenceId)
    override fun output(json: JsonElement): AbsenceAnswered = AbsenceAnswered.read(json)

    public companion object : Procedure("technician/v1/approveAbsence") {
        internal fun read(json: JsonElement): ApproveAbsence = ApproveAbsence(
            technicianId = json.required("technician_id").asId(),
            absenceId = json.required("absence_id").asId(),
        )
    }
}

/** Does not grant time away. */
public data class DeclineAbsence(
    /** Who asked. */
    val technicianId: UUID,
    /** What was asked for. */
    val absenceId: UUID,
) : Mutation<AbsenceAnswered> {
    override val procedure: String get() = "technician/v1/declineAbsence"
    override fun json(): JsonObject = jsonOf("technician_id" to technicianId, "absence_id" to absenceId)
    override fun output(json: JsonElement): AbsenceAnswered = AbsenceAnswered.read(json)

    public companion object : Procedure("technician/v1/declineAbsence") {
        internal fun read(json: JsonElement): DeclineAbsence = DeclineAbsence(
            technicianId = json.required("technician_id").asId(),
            absenceId = json.required("absence_id").asId(),
        )
    }
}

/** Takes an absence back. */
public data class CancelAbsence(
    /** Whose it is; technicians take back their own. */
    val technicianId: UUID,
    /** What is taken back. */
    val absenceId: UUID,
) : Mutation<AbsenceAnswered> {
    override val procedure: String get() = "technician/v1/cancelAbsence"
    override fun json(): JsonObject = jsonOf("technician_id" to technicianId, "absence_id" to absenceId)
    override fun output(json: JsonElement): AbsenceAnswered = AbsenceAnswered.read(json)

    public companion object : Procedure("technician/v1/cancelAbsence") {
        internal fun read(json: JsonElement): CancelAbsence = CancelAbsence(
            technicianId = json.required("technician_id").asId(),
            absenceId = json.required("absence_id").asId(),
        )
    }
}

/** Names a skill that jobs can ask for. */
public data class CreateSkill(
    /** Id of the new skill, made by the caller. */
    val skillId: UUID,
    /** What it is called; at most 200 characters. */
    val name: String,
) : Mutation<SkillSaved> {
    override val procedure: String get() = "skill/v1/create"
    override fun json(): JsonObject = jsonOf("skill_id" to skillId, "name" to name)
    override fun output(json: JsonElement): SkillSaved = SkillSaved.read(json)

    public companion object : Procedure("skill/v1/create") {
        internal fun read(json: JsonElement): CreateSkill = CreateSkill(
            skillId = json.required("skill_id").asId(),
            name = json.required("name").asText(),
        )
    }
}

/** Renames a skill, or puts it out of use. */
public data class UpdateSkill(
    /** The skill. */
    val skillId: UUID,
    /** New name; at most 200 characters. */
    val name: String? = null,
    /** Whether jobs may ask for it. */
    val active: Boolean? = null,
) : Mutation<SkillSaved> {
    override val procedure: String get() = "skill/v1/update"
    override fun json(): JsonObject = jsonOf("skill_id" to skillId, "name" to name, "active" to active)
    override fun output(json: JsonElement): SkillSaved = SkillSaved.read(json)

    public companion object : Procedure("skill/v1/update") {
        internal fun read(json: JsonElement): UpdateSkill = UpdateSkill(
            skillId = json.required("skill_id").asId(),
            name = json.optional("name")?.let { it.asText() },
            active = json.optional("active")?.let { it.asBoolean() },
        )
    }
}

/** Names an area that a branch serves. */
public data class CreateTerritory(
    /** Id of the new territory, made by the caller. */
    val territoryId: UUID,
    /** The branch that serves it. */
    val branchId: UUID,
    /** What it is called; at most 200 characters. */
    val name: String,
) : Mutation<TerritorySaved> {
    override val procedure: String get() = "territory/v1/create"
    override fun json(): JsonObject = jsonOf("territory_id" to territoryId, "branch_id" to branchId, "name" to name)
    override fun output(json: JsonElement): TerritorySaved = TerritorySaved.read(json)

    public companion object : Procedure("territory/v1/create") {
        internal fun read(json: JsonElement): CreateTerritory = CreateTerritory(
            territoryId = json.required("territory_id").asId(),
            branchId = json.required("branch_id").asId(),
            name = json.required("name").asText(),
        )
    }
}

/** Renames a territory, or says whether it is still served. */
public data class UpdateTerritory(
    /** The territory. */
    val territoryId: UUID,
    /** New name; at most 200 characters. */
    val name: String? = null,
    /** Whether it is served. */
    val active: Boolean? = null,
) : Mutation<TerritorySaved> {
    override val procedure: String get() = "territory/v1/update"
    override fun json(): JsonObject = jsonOf("territory_id" to territoryId, "name" to name, "active" to active)
    override fun output(json: JsonElement): TerritorySaved = TerritorySaved.read(json)

    public companion object : Procedure("territory/v1/update") {
        internal fun read(json: JsonElement): UpdateTerritory = UpdateTerritory(
            territoryId = json.required("territory_id").asId(),
            name = json.optional("name")?.let { it.asText() },
            active = json.optional("active")?.let { it.asBoolean() },
        )
    }
}

/** Says which postal codes a territory consists of. Runs only at the server: it is queued, and has no output here. */
public data class SetPostalCodes(
    /** The territory. */
    val territoryId: UUID,
    /** Its postal codes: at most 500, each of at most 16 characters and in no other territory. */
    val postalCodes: List<String>,
) : Mutation<PostalCodesSet> {
    override val procedure: String get() = "territory/v1/setPostalCodes"
    override fun json(): JsonObject = jsonOf("territory_id" to territoryId, "postal_codes" to postalCodes)
    override fun output(json: JsonElement): PostalCodesSet = PostalCodesSet.read(json)

    public companion object : Procedure("territory/v1/setPostalCodes") {
        internal fun read(json: JsonElement): SetPostalCodes = SetPostalCodes(
            territoryId = json.required("territory_id").asId(),
            postalCodes = json.required("postal_codes").asList { item -> item.asText() },
        )
    }
}

/** Writes down a licence or an insurance of a technician or the organization. */
public data class RecordCredential(
    /** Id of the new row, made by the caller. */
    val credentialId: UUID,
    /** What it is. */
    val kind: CredentialKind,
    /** What it is called, at most 200 characters; a renewal has the same title. */
    val title: String,
    /** First day on which it is valid. */
    val validFrom: LocalDate,
    /** Whose it is; left out when the organization's. */
    val technicianId: UUID? = null,
    /** The number on it; at most 100 characters. */
    val number: String? = null,
    /** Who gave it; at most 200 characters. */
    val issuer: String? = null,
    /** Last day on which it is valid; left out when it does not expire. */
    val validUntil: LocalDate? = null,
) : Mutation<CredentialSaved> {
    override val procedure: String get() = "credential/v1/record"
    override fun json(): JsonObject = jsonOf("credential_id" to credentialId, "technician_id" to technicianId, "kind" to kind, "title" to title, "number" to number, "issuer" to issuer, "valid_from" to validFrom, "valid_until" to validUntil)
    override fun output(json: JsonElement): CredentialSaved = CredentialSaved.read(json)

    public companion object : Procedure("credential/v1/record") {
        internal fun read(json: JsonElement): RecordCredential = RecordCredential(
            credentialId = json.required("credential_id").asId(),
            technicianId = json.optional("technician_id")?.let { it.asId() },
            kind = CredentialKind(json.required("kind").asText()),
            title = json.required("title").asText(),
            number = json.optional("number")?.let { it.asText() },
            issuer = json.optional("issuer")?.let { it.asText() },
            validFrom = json.required("valid_from").asDate(),
            validUntil = json.optional("valid_until")?.let { it.asDate() },
        )
    }
}

/** Corrects a licence or an insurance. */
public data class UpdateCredential(
    /** The credential. */
    val credentialId: UUID,
    /** New title; at most 200 characters. */
    val title: String? = null,
    /** The number on it, at most 100 characters; empty to have none. */
    val number: String? = null,
    /** Who gave it, at most 200 characters; empty to say nothing. */
    val issuer: String? = null,
    /** First day on which it is valid. */
    val validFrom: LocalDate? = null,
    /** Last day on which it is valid. */
    val validUntil: LocalDate? = null,
) : Mutation<CredentialSaved> {
    override val procedure: String get() = "credential/v1/update"
    override fun json(): JsonObject = jsonOf("credential_id" to credentialId, "title" to title, "number" to number, "issuer" to issuer, "valid_from" to validFrom, "valid_until" to validUntil)
    override fun output(json: JsonElement): CredentialSaved = CredentialSaved.read(json)

    public companion object : Procedure("credential/v1/update") {
        internal fun read(json: JsonElement): UpdateCredential = UpdateCredential(
            credentialId = json.required("credential_id").asId(),
            title = json.optional("title")?.let { it.asText() },
            number = json.optional("number")?.let { it.asText() },
            issuer = json.optional("issuer")?.let { it.asText() },
            validFrom = json.optional("valid_from")?.let { it.asDate() },
            validUntil = json.optional("valid_until")?.let { it.asDate() },
        )
    }
}

/** Removes a licence or an insurance. */
public data class RemoveCredential(
    /** The credential. */
    val credentialId: UUID,
) : Mutation<CredentialRemoved> {
    override val procedure: String get() = "credential/v1/remove"
    override fun json(): JsonObject = jsonOf("credential_id" to credentialId)
    override fun output(json: JsonElement): CredentialRemoved = CredentialRemoved.read(json)

    public companion object : Procedure("credential/v1/remove") {
        internal fun read(json: JsonElement): RemoveCredential = RemoveCredential(
            credentialId = json.required("credential_id").asId(),
        )
    }
}

/** Begins a new checklist. */
public data class CreateChecklistTemplate(
    /** Id of the new template, made by the caller. */
    val templateId: UUID,
    /** What it is called; at most 200 characters. */
    val name: String,
    /** The trade it belongs to, `hvac`; at most 200 characters. */
    val trade: String,
) : Mutation<TemplateSaved> {
    override val procedure: String get() = "checklistTemplate/v1/create"
    override fun json(): JsonObject = jsonOf("template_id" to templateId, "name" to name, "trade" to trade)
    override fun output(json: JsonElement): TemplateSaved = TemplateSaved.read(json)

    public companion object : Procedure("checklistTemplate/v1/create") {
        internal fun read(json: JsonElement): CreateChecklistTemplate = CreateChecklistTemplate(
            templateId = json.required("template_id").asId(),
            name = json.required("name").asText(),
            trade = json.required("trade").asText(),
        )
    }
}

/** Renames a checklist, or says whether new visits get it. */
public data class UpdateChecklistTemplate(
    /** The template. */
    val templateId: UUID,
    /** New name; at most 200 characters. */
    val name: String? = null,
    /** New trade; at most 200 characters. */
    val trade: String? = null,
    /** Whether new visits get it. */
    val active: Boolean? = null,
) : Mutation<TemplateSaved> {
    override val procedure: String get() = "checklistTemplate/v1/update"
    override fun json(): JsonObject = jsonOf("template_id" to templateId, "name" to name, "trade" to trade, "active" to active)
    override fun output(json: JsonElement): TemplateSaved = TemplateSaved.read(json)

    public companion object : Procedure("checklistTemplate/v1/update") {
        internal fun read(json: JsonElement): UpdateChecklistTemplate = UpdateChecklistTemplate(
            templateId = json.required("template_id").asId(),
            name = json.optional("name")?.let { it.asText() },
            trade = json.optional("trade")?.let { it.asText() },
            active = json.optional("active")?.let { it.asBoolean() },
        )
    }
}

/** Adds a question to a checklist. */
public data class AddTemplateItem(
    /** Id of the new question, made by the caller. */
    val itemId: UUID,
    /** The template; it can have at most 200 questions. */
    val templateId: UUID,
    /** Place in the list, from 1 to 10,000; several may share one. */
    val position: Int,
    /** The question; at most 200 characters. */
    val prompt: String,
    /** What kind of answer it takes. */
    val answerKind: AnswerKind,
    /** Whether an open answer blocks completion of the visit. */
    val required: Boolean,
    /** The question this one depends on; must be given with `shown_when`. */
    val shownAfterId: UUID? = null,
    /** The answer that shows this one; at most 4,000 characters. */
    val shownWhen: String? = null,
) : Mutation<TemplateItemSaved> {
    override val procedure: String get() = "checklistTemplate/v1/addItem"
    override fun json(): JsonObject = jsonOf("item_id" to itemId, "template_id" to templateId, "position" to position, "prompt" to prompt, "answer_kind" to answerKind, "required" to required, "shown_after_id" to shownAfterId, "shown_when" to shownWhen)
    override fun output(json: JsonElement): TemplateItemSaved = TemplateItemSaved.read(json)

    public companion object : Procedure("checklistTemplate/v1/addItem") {
        internal fun read(json: JsonElement): AddTemplateItem = AddTemplateItem(
            itemId = json.required("item_id").asId(),
            templateId = json.required("template_id").asId(),
            position = json.required("position").asInt(),
            prompt = json.required("prompt").asText(),
            answerKind = AnswerKind(json.required("answer_kind").asText()),
            required = json.required("required").asBoolean(),
            shownAfterId = json.optional("shown_after_id")?.let { it.asId() },
            shownWhen = json.optional("shown_when")?.let { it.asText() },
        )
    }
}

/** Changes a question of a checklist. */
public data class UpdateTemplateItem(
    /** The question. */
    val itemId: UUID,
    /** The template it belongs to. */
    val templateId: UUID,
    /** New place in the list, from 1 to 10,000. */
    val position: Int? = null,
    /** New wording; at most 200 characters. */
    val prompt: String? = null,
    /** Whether an open answer blocks completion of the visit. */
    val required: Boolean? = null,
    /** The question this one depends on now; must be given with `shown_when`. */
    val shownAfterId: UUID? = null,
    /** The answer that shows this one, at most 4,000 characters. */
    val shownWhen: String? = null,
    /** True to ask it always. */
    val alwaysShown: Boolean? = null,
) : Mutation<TemplateItemSaved> {
    override val procedure: String get() = "checklistTemplate/v1/updateItem"
    override fun json(): JsonObject = jsonOf("item_id" to itemId, "template_id" to templateId, "position" to position, "prompt" to prompt, "required" to required, "shown_after_id" to shownAfterId, "shown_when" to shownWhen, "always_shown" to alwaysShown)
    override fun output(json: JsonElement): TemplateItemSaved = TemplateItemSaved.read(json)

    public companion object : Procedure("checklistTemplate/v1/updateItem") {
        internal fun read(json: JsonElement): UpdateTemplateItem = UpdateTemplateItem(
            itemId = json.required("item_id").asId(),
            templateId = json.required("template_id").asId(),
            position = json.optional("position")?.let { it.asInt() },
            prompt = json.optional("prompt")?.let { it.asText() },
            required = json.optional("required")?.let { it.asBoolean() },
            shownAfterId = json.optional("shown_after_id")?.let { it.asId() },
            shownWhen = json.optional("shown_when")?.let { it.asText() },
            alwaysShown = json.optional("always_shown")?.let { it.asBoolean() },
        )
    }
}

/** Takes a question off a checklist. */
public data class RemoveTemplateItem(
    /** The question. */
    val itemId: UUID,
    /** The template it belongs to. */
    val templateId: UUID,
) : Mutation<TemplateItemRemoved> {
    override val procedure: String get() = "checklistTemplate/v1/removeItem"
    override fun json(): JsonObject = jsonOf("item_id" to itemId, "template_id" to templateId)
    override fun output(json: JsonElement): TemplateItemRemoved = TemplateItemRemoved.read(json)

    public companion object : Procedure("checklistTemplate/v1/removeItem") {
        internal fun read(json: JsonElement): RemoveTemplateItem = RemoveTemplateItem(
            itemId = json.required("item_id").asId(),
            templateId = json.required("template_id").asId(),
        )
    }
}

/** Asks for a photo, a signature, a checklist or another document on a job. */
public data class RequireDocument(
    /** Id of the new row, made by the caller. */
    val documentId: UUID,
    /** The job; it can ask for at most 50 documents. */
    val jobId: UUID,
    /** What kind of thing it is. */
    val kind: DocumentKind,
    /** What is asked for; at most 200 characters. */
    val title: String,
    /** The open visit that has to bring it; left out when any visit of the job may. */
    val visitId: UUID? = null,
    /** Whether it blocks completion; left out, it does. */
    val required: Boolean? = null,
) : Mutation<DocumentMoved> {
    override val procedure: String get() = "document/v1/require"
    override fun json(): JsonObject = jsonOf("document_id" to documentId, "job_id" to jobId, "visit_id" to visitId, "kind" to kind, "title" to title, "required" to required)
    override fun output(json: JsonElement): DocumentMoved = DocumentMoved.read(json)

    public companion object : Procedure("document/v1/require") {
        internal fun read(json: JsonElement): RequireDocument = RequireDocument(
            documentId = json.required("document_id").asId(),
            jobId = json.required("job_id").asId(),
            visitId = json.optional("visit_id")?.let { it.asId() },
            kind = DocumentKind(json.required("kind").asText()),
            title = json.required("title").asText(),
            required = json.optional("required")?.let { it.asBoolean() },
        )
    }
}

/** Says which photo, signature or checklist a required document is. */
public data class SatisfyDocument(
    /** The job. */
    val jobId: UUID,
    /** The visit on which it was brought. */
    val visitId: UUID,
    /** The document. */
    val documentId: UUID,
    /** Id of the photo, the signature, or the checklist. A checklist must be of this visit and have no required item open; a signature must have been given on this job, on this document, this visit, an estimate or an invoice. A photo, or another paper, is known by its id alone. */
    val referenceId: UUID,
) : Mutation<DocumentMoved> {
    override val procedure: String get() = "document/v1/satisfy"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visit_id" to visitId, "document_id" to documentId, "reference_id" to referenceId)
    override fun output(json: JsonElement): DocumentMoved = DocumentMoved.read(json)

    public companion object : Procedure("document/v1/satisfy") {
        internal fun read(json: JsonElement): SatisfyDocument = SatisfyDocument(
            jobId = json.required("job_id").asId(),
            visitId = json.required("visit_id").asId(),
            documentId = json.required("document_id").asId(),
            referenceId = json.required("reference_id").asId(),
        )
    }
}

/** Does without a required document, with the reason. */
public data class WaiveDocument(
    /** The job. */
    val jobId: UUID,
    /** The document. */
    val documentId: UUID,
    /** Why; at most 2,000 characters. */
    val reason: String,
) : Mutation<DocumentMoved> {
    override val procedure: String get() = "document/v1/waive"
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "document_id" to documentId, "reason" to reason)
    override fun output(json: JsonElement): DocumentMoved = DocumentMoved.read(json)

    public companion object : Procedure("document/v1/waive") {
        internal fun read(json: JsonElement): WaiveDocument = WaiveDocument(
            jobId = json.required("job_id").asId(),
            documentId = json.required("document_id").asId(),
            reason = json.required("reason").asText(),
        )
    }
}

/** Writes down a maintenance contract. Runs only at the server: it is queued, and has no output here. */
public data class CreateContract(
    /** Id of the new contract, made by the caller. */
    val contractId: UUID,
    /** The branch that does the work. */
    val branchId: UUID,
    /** Who it is for. */
    val customerId: UUID,
    /** Where the work is; a location of that customer. */
    val locationId: UUID,
    /** One line, the title of the jobs it gives; at most 200 characters. */
    val title: String,
    /** Months from one period to the next: 1 monthly, 3 quarterly, 6 half-yearly, 12 yearly, at most 60. */
    val intervalMonths: Int,
    /** First day of the first period, where the branch is. */
    val startsOn: LocalDate,
    /** Last day: not before the first, at most 20 years after it. */
    val endsOn: LocalDate,
    /** What one period costs, in cents of the organization's currency; not negative. */
    val priceCents: Long,
    /** What it covers; machines at that location, at most 50, each once. */
    val equipmentIds: List<UUID>? = null,
    /** The office's own number, unique in the organization; at most 64 characters. */
    val number: String? = null,
    /** All that is known, the description of the jobs it gives; at most 20,000 characters. */
    val description: String? = null,
    /** The checklist that its visits get. */
    val templateId: UUID? = null,
    /** The months of the year in which visits may be made; all of them when left out. */
    val season: Season? = null,
) : Mutation<ContractCreated> {
    override val procedure: String get() = "maintenance/v1/createContract"
    override fun json(): JsonObject = jsonOf("contract_id" to contractId, "branch_id" to branchId, "customer_id" to customerId, "location_id" to locationId, "equipment_ids" to equipmentIds, "number" to number, "title" to title, "description" to description, "template_id" to templateId, "interval_months" to intervalMonths, "season" to season, "starts_on" to startsOn, "ends_on" to endsOn, "price_cents" to priceCents.toString())
    override fun output(json: JsonElement): ContractCreated = ContractCreated.read(json)

    public companion object : Procedure("maintenance/v1/createContract") {
        internal fun read(json: JsonElement): CreateContract = CreateContract(
            contractId = json.required("contract_id").asId(),
            branchId = json.required("branch_id").asId(),
            customerId = json.required("customer_id").asId(),
            locationId = json.required("location_id").asId(),
            equipmentIds = json.optional("equipment_ids")?.let { it.asList { item -> item.asId() } },
            number = json.optional("number")?.let { it.asText() },
            title = json.required("title").asText(),
            description = json.optional("description")?.let { it.asText() },
            templateId = json.optional("template_id")?.let { it.asId() },
            intervalMonths = json.required("interval_months").asInt(),
            season = json.optional("season")?.let { Season.read(it) },
            startsOn = json.required("starts_on").asDate(),
            endsOn = json.required("ends_on").asDate(),
            priceCents = json.required("price_cents").asLong(),
        )
    }
}

/** Activates a drafted contract, which then owes its visits. Runs only at the server: it is queued, and has no output here. */
public data class ActivateContract(
    /** The contract; a draft. */
    val contractId: UUID,
) : Mutation<ContractMoved> {
    override val procedure: String get() = "maintenance/v1/activate"
    override fun json(): JsonObject = jsonOf("contract_id" to contractId)
    override fun output(json: JsonElement): ContractMoved = ContractMoved.read(json)

    public companion object : Procedure("maintenance/v1/activate") {
        internal fun read(json: JsonElement): ActivateContract = ActivateContract(
            contractId = json.required("contract_id").asId(),
        )
    }
}

/** Pauses a contract. Runs only at the server: it is queued, and has no output here. */
public data class PauseContract(
    /** The contract. */
    val contractId: UUID,
    /** Why; at most 2,000 characters. */
    val reason: String,
) : Mutation<ContractMoved> {
    override val procedure: String get() = "maintenance/v1/pause"
    override fun json(): JsonObject = jsonOf("contract_id" to contractId, "reason" to reason)
    override fun output(json: JsonElement): ContractMoved = ContractMoved.read(json)

    public companion object : Procedure("maintenance/v1/pause") {
        internal fun read(json: JsonElement): PauseContract = PauseContract(
            contractId = json.required("contract_id").asId(),
            reason = json.required("reason").asText(),
        )
    }
}

/** Resumes a paused contract. Runs only at the server: it is queued, and has no output here. */
public data class ResumeContract(
    /** The contract. */
    val contractId: UUID,
) : Mutation<ContractMoved> {
    override val procedure: String get() = "maintenance/v1/resume"
    override fun json(): JsonObject = jsonOf("contract_id" to contractId)
    override fun output(json: JsonElement): ContractMoved = ContractMoved.read(json)

    public companion object : Procedure("maintenance/v1/resume") {
        internal fun read(json: JsonElement): ResumeContract = ResumeContract(
            contractId = json.required("contract_id").asId(),
        )
    }
}

/** Cancels a contract and skips what it still owes. Runs only at the server: it is queued, and has no output here. */
public data class CancelContract(
    /** The contract. */
    val contractId: UUID,
    /** Why; at most 2,000 characters. */
    val reason: String,
) : Mutation<ContractMoved> {
    override val procedure: String get() = "maintenance/v1/cancel"
    override fun json(): JsonObject = jsonOf("contract_id" to contractId, "reason" to reason)
    override fun output(json: JsonElement): ContractMoved = ContractMoved.read(json)

    public companion object : Procedure("maintenance/v1/cancel") {
        internal fun read(json: JsonElement): CancelContract = CancelContract(
            contractId = json.required("contract_id").asId(),
            reason = json.required("reason").asText(),
        )
    }
}

/** Renews a contract to a later last day. Runs only at the server: it is queued, and has no output here. */
public data class RenewContract(
    /** The contract; active or ended. */
    val contractId: UUID,
    /** The new last day, after the present one. */
    val endsOn: LocalDate,
    /** What one period costs from now on, in cents; as before when left out. */
    val priceCents: Long? = null,
) : Mutation<ContractRenewed> {
    override val procedure: String get() = "maintenance/v1/renew"
    override fun json(): JsonObject = jsonOf("contract_id" to contractId, "ends_on" to endsOn, "price_cents" to priceCents?.toString())
    override fun output(json: JsonElement): ContractRenewed = ContractRenewed.read(json)

    public companion object : Procedure("maintenance/v1/renew") {
        internal fun read(json: JsonElement): RenewContract = RenewContract(
            contractId = json.required("contract_id").asId(),
            endsOn = json.required("ends_on").asDate(),
            priceCents = json.optional("price_cents")?.let { it.asLong() },
        )
    }
}

/** Writes down the visits a contract owes; nothing is made twice. Runs only at the server: it is queued, and has no output here. */
public data class GenerateVisits(
    /** The contract; active, or paused or active and past its last day, which ends it. */
    val contractId: UUID,
    /** The last day a period may begin on; at most 36 months from today. */
    val through: LocalDate,
) : Mutation<VisitsGenerated> {
    override val procedure: String get() = "maintenance/v1/generateVisits"
    override fun json(): JsonObject = jsonOf("contract_id" to contractId, "through" to through)
    override fun output(json: JsonElement): VisitsGenerated = VisitsGenerated.read(json)

    public companion object : Procedure("maintenance/v1/generateVisits") {
        internal fun read(json: JsonElement): GenerateVisits = GenerateVisits(
            contractId = json.required("contract_id").asId(),
            through = json.required("through").asDate(),
        )
    }
}

/** Makes a job with its visit from a visit a contract owes. Runs only at the server: it is queued, and has no output here. */
public data class ScheduleContractVisit(
    /** The contract. */
    val contractId: UUID,
    /** The owed visit. */
    val contractVisitId: UUID,
    /** Id of the new job, made by the caller. */
    val jobId: UUID,
    /** The visit; the contract's checklist is added to its own. */
    val visit: PlannedVisit,
    /** The job's number, unique in the organization; at most 64 characters. */
    val number: String? = null,
    /** Plans although the window starts outside the days the visit is due; without it that is refused with `contract_visit.outside_due`. */
    val confirmOutsideDue: Boolean? = null,
) : Mutation<ContractVisitScheduled> {
    override val procedure: String get() = "maintenance/v1/scheduleVisit"
    override fun json(): JsonObject = jsonOf("contract_id" to contractId, "contract_visit_id" to contractVisitId, "job_id" to jobId, "number" to number, "visit" to visit, "confirm_outside_due" to confirmOutsideDue)
    override fun output(json: JsonElement): ContractVisitScheduled = ContractVisitScheduled.read(json)

    public companion object : Procedure("maintenance/v1/scheduleVisit") {
        internal fun read(json: JsonElement): ScheduleContractVisit = ScheduleContractVisit(
            contractId = json.required("contract_id").asId(),
            contractVisitId = json.required("contract_visit_id").asId(),
            jobId = json.required("job_id").asId(),
            number = json.optional("number")?.let { it.asText() },
            visit = PlannedVisit.read(json.required("visit")),
            confirmOutsideDue = json.optional("confirm_outside_due")?.let { it.asBoolean() },
        )
    }
}

/** Skips an owed visit, with the reason. Runs only at the server: it is queued, and has no output here. */
public data class SkipContractVisit(
    /** The contract. */
    val contractId: UUID,
    /** The owed visit. */
    val contractVisitId: UUID,
    /** Why; at most 2,000 characters. */
    val reason: String,
) : Mutation<ContractVisitSkipped> {
    override val procedure: String get() = "maintenance/v1/skipVisit"
    override fun json(): JsonObject = jsonOf("contract_id" to contractId, "contract_visit_id" to contractVisitId, "reason" to reason)
    override fun output(json: JsonElement): ContractVisitSkipped = ContractVisitSkipped.read(json)

    public companion object : Procedure("maintenance/v1/skipVisit") {
        internal fun read(json: JsonElement): SkipContractVisit = SkipContractVisit(
            contractId = json.required("contract_id").asId(),
            contractVisitId = json.required("contract_visit_id").asId(),
            reason = json.required("reason").asText(),
        )
    }
}

/** Hands a mutation that was refused to the office. Runs only at the server: it is queued, and has no output here. */
public data class SubmitToOffice(
    /** The mutation's idempotency key. */
    val key: UUID,
    /** What the office should know. */
    val note: String? = null,
) : Mutation<ItemDecided> {
    override val procedure: String get() = "inbox/v1/submit"
    override fun json(): JsonObject = jsonOf("key" to key, "note" to note)
    override fun output(json: JsonElement): ItemDecided = ItemDecided.read(json)

    public companion object : Procedure("inbox/v1/submit") {
        internal fun read(json: JsonElement): SubmitToOffice = SubmitToOffice(
            key = json.required("key").asId(),
            note = json.optional("note")?.let { it.asText() },
        )
    }
}

/** Applies what is in the inbox as its author entered it. Runs only at the server: it is queued, and has no output here. */
public data class ApplyItem(
    /** The item. */
    val key: UUID,
    /** What the author is told. */
    val note: String? = null,
) : Mutation<ItemDecided> {
    override val procedure: String get() = "inbox/v1/apply"
    override fun json(): JsonObject = jsonOf("key" to key, "note" to note)
    override fun output(json: JsonElement): ItemDecided = ItemDecided.read(json)

    public companion object : Procedure("inbox/v1/apply") {
        internal fun read(json: JsonElement): ApplyItem = ApplyItem(
            key = json.required("key").asId(),
            note = json.optional("note")?.let { it.asText() },
        )
    }
}

/** Applies what is in the inbox with other arguments. Runs only at the server: it is queued, and has no output here. */
public data class RepairItem(
    /** The item. */
    val key: UUID,
    /** The arguments to apply it with, those of the item's procedure. */
    val args: JsonElement,
    /** What the author is told. */
    val note: String? = null,
) : Mutation<ItemDecided> {
    override val procedure: String get() = "inbox/v1/repair"
    override fun json(): JsonObject = jsonOf("key" to key, "args" to args, "note" to note)
    override fun output(json: JsonElement): ItemDecided = ItemDecided.read(json)

    public companion object : Procedure("inbox/v1/repair") {
        internal fun read(json: JsonElement): RepairItem = RepairItem(
            key = json.required("key").asId(),
            args = json.required("args"),
            note = json.optional("note")?.let { it.asText() },
        )
    }
}

/** Puts what is in the inbox away, with a note to its author. Runs only at the server: it is queued, and has no output here. */
public data class DismissItem(
    /** The item. */
    val key: UUID,
    /** Why; the author is told. */
    val note: String,
) : Mutation<ItemDecided> {
    override val procedure: String get() = "inbox/v1/dismiss"
    override fun json(): JsonObject = jsonOf("key" to key, "note" to note)
    override fun output(json: JsonElement): ItemDecided = ItemDecided.read(json)

    public companion object : Procedure("inbox/v1/dismiss") {
        internal fun read(json: JsonElement): DismissItem = DismissItem(
            key = json.required("key").asId(),
            note = json.required("note").asText(),
        )
    }
}

/** The mutation of that name with these arguments; null for one that this build does not know. */
internal fun mutationOf(procedure: String, args: JsonElement): Mutation<*>? = when (procedure) {
    CreateJob.name -> CreateJob.read(args)
    UpdateJob.name -> UpdateJob.read(args)
    UpdateJobStatus.name -> UpdateJobStatus.read(args)
    CancelJob.name -> CancelJob.read(args)
    CreateVisit.name -> CreateVisit.read(args)
    AssignTech.name -> AssignTech.read(args)
    UnassignTech.name -> UnassignTech.read(args)
    Reschedule.name -> Reschedule.read(args)
    DispatchVisit.name -> DispatchVisit.read(args)
    AcceptVisit.name -> AcceptVisit.read(args)
    DeclineVisit.name -> DeclineVisit.read(args)
    TravelToVisit.name -> TravelToVisit.read(args)
    ArriveAtVisit.name -> ArriveAtVisit.read(args)
    PauseVisit.name -> PauseVisit.read(args)
    ResumeVisit.name -> ResumeVisit.read(args)
    CompleteVisit.name -> CompleteVisit.read(args)
    CompleteVisitPartially.name -> CompleteVisitPartially.read(args)
    CannotCompleteVisit.name -> CannotCompleteVisit.read(args)
    CancelVisit.name -> CancelVisit.read(args)
    AttachChecklist.name -> AttachChecklist.read(args)
    AnswerItem.name -> AnswerItem.read(args)
    MarkNotApplicable.name -> MarkNotApplicable.read(args)
    ClearAnswer.name -> ClearAnswer.read(args)
    CreateNote.name -> CreateNote.read(args)
    EditNote.name -> EditNote.read(args)
    StartTime.name -> StartTime.read(args)
    StopTime.name -> StopTime.read(args)
    AddMaterial.name -> AddMaterial.read(args)
    CorrectMaterial.name -> CorrectMaterial.read(args)
    CreateStockLocation.name -> CreateStockLocation.read(args)
    UpdateStockLocation.name -> UpdateStockLocation.read(args)
    ReceiveStock.name -> ReceiveStock.read(args)
    TransferStock.name -> TransferStock.read(args)
    CountStock.name -> CountStock.read(args)
    ReturnStock.name -> ReturnStock.read(args)
    SetStockMinimum.name -> SetStockMinimum.read(args)
    RequestReplenishment.name -> RequestReplenishment.read(args)
    ReplenishStock.name -> ReplenishStock.read(args)
    CreateItem.name -> CreateItem.read(args)
    UpdateItem.name -> UpdateItem.read(args)
    RetireItem.name -> RetireItem.read(args)
    SetComponents.name -> SetComponents.read(args)
    SetCost.name -> SetCost.read(args)
    SetCustomerPrice.name -> SetCustomerPrice.read(args)
    SetTaxRate.name -> SetTaxRate.read(args)
    CreateCategory.name -> CreateCategory.read(args)
    UpdateCategory.name -> UpdateCategory.read(args)
    CreateVersion.name -> CreateVersion.read(args)
    SetPrices.name -> SetPrices.read(args)
    PublishVersion.name -> PublishVersion.read(args)
    RetireVersion.name -> RetireVersion.read(args)
    GenerateEstimate.name -> GenerateEstimate.read(args)
    AddEstimateOption.name -> AddEstimateOption.read(args)
    AddEstimateLine.name -> AddEstimateLine.read(args)
    ChangeEstimateLine.name -> ChangeEstimateLine.read(args)
    RemoveEstimateLine.name -> RemoveEstimateLine.read(args)
    SetEstimateDiscount.name -> SetEstimateDiscount.read(args)
    PresentEstimate.name -> PresentEstimate.read(args)
    ApproveEstimate.name -> ApproveEstimate.read(args)
    DeclineEstimate.name -> DeclineEstimate.read(args)
    ExpireEstimate.name -> ExpireEstimate.read(args)
    ReviseEstimate.name -> ReviseEstimate.read(args)
    CaptureSignature.name -> CaptureSignature.read(args)
    RefuseSignature.name -> RefuseSignature.read(args)
    CreateInvoiceFromWork.name -> CreateInvoiceFromWork.read(args)
    CreateInvoiceFromEstimate.name -> CreateInvoiceFromEstimate.read(args)
    AddInvoiceLine.name -> AddInvoiceLine.read(args)
    ChangeInvoiceLine.name -> ChangeInvoiceLine.read(args)
    RemoveInvoiceLine.name -> RemoveInvoiceLine.read(args)
    SetInvoiceDiscount.name -> SetInvoiceDiscount.read(args)
    IssueInvoice.name -> IssueInvoice.read(args)
    VoidInvoice.name -> VoidInvoice.read(args)
    CollectPayment.name -> CollectPayment.read(args)
    SettlePayment.name -> SettlePayment.read(args)
    FailPayment.name -> FailPayment.read(args)
    RefundPayment.name -> RefundPayment.read(args)
    ReversePayment.name -> ReversePayment.read(args)
    SetJobSkills.name -> SetJobSkills.read(args)
    CreateCustomer.name -> CreateCustomer.read(args)
    UpdateCustomer.name -> UpdateCustomer.read(args)
    CreateLocation.name -> CreateLocation.read(args)
    UpdateLocation.name -> UpdateLocation.read(args)
    CreateEquipment.name -> CreateEquipment.read(args)
    UpdateEquipment.name -> UpdateEquipment.read(args)
    CreateContact.name -> CreateContact.read(args)
    UpdateContact.name -> UpdateContact.read(args)
    RemoveContact.name -> RemoveContact.read(args)
    UpdateOrganization.name -> UpdateOrganization.read(args)
    CreateBranch.name -> CreateBranch.read(args)
    UpdateBranch.name -> UpdateBranch.read(args)
    CreateTechnician.name -> CreateTechnician.read(args)
    UpdateTechnician.name -> UpdateTechnician.read(args)
    SetAvailability.name -> SetAvailability.read(args)
    SetTerritories.name -> SetTerritories.read(args)
    GrantSkill.name -> GrantSkill.read(args)
    RevokeSkill.name -> RevokeSkill.read(args)
    RequestAbsence.name -> RequestAbsence.read(args)
    ApproveAbsence.name -> ApproveAbsence.read(args)
    DeclineAbsence.name -> DeclineAbsence.read(args)
    CancelAbsence.name -> CancelAbsence.read(args)
    CreateSkill.name -> CreateSkill.read(args)
    UpdateSkill.name -> UpdateSkill.read(args)
    CreateTerritory.name -> CreateTerritory.read(args)
    UpdateTerritory.name -> UpdateTerritory.read(args)
    SetPostalCodes.name -> SetPostalCodes.read(args)
    RecordCredential.name -> RecordCredential.read(args)
    UpdateCredential.name -> UpdateCredential.read(args)
    RemoveCredential.name -> RemoveCredential.read(args)
    CreateChecklistTemplate.name -> CreateChecklistTemplate.read(args)
    UpdateChecklistTemplate.name -> UpdateChecklistTemplate.read(args)
    AddTemplateItem.name -> AddTemplateItem.read(args)
    UpdateTemplateItem.name -> UpdateTemplateItem.read(args)
    RemoveTemplateItem.name -> RemoveTemplateItem.read(args)
    RequireDocument.name -> RequireDocument.read(args)
    SatisfyDocument.name -> SatisfyDocument.read(args)
    WaiveDocument.name -> WaiveDocument.read(args)
    CreateContract.name -> CreateContract.read(args)
    ActivateContract.name -> ActivateContract.read(args)
    PauseContract.name -> PauseContract.read(args)
    ResumeContract.name -> ResumeContract.read(args)
    CancelContract.name -> CancelContract.read(args)
    RenewContract.name -> RenewContract.read(args)
    GenerateVisits.name -> GenerateVisits.read(args)
    ScheduleContractVisit.name -> ScheduleContractVisit.read(args)
    SkipContractVisit.name -> SkipContractVisit.read(args)
    SubmitToOffice.name -> SubmitToOffice.read(args)
    ApplyItem.name -> ApplyItem.read(args)
    RepairItem.name -> RepairItem.read(args)
    DismissItem.name -> DismissItem.read(args)
    else -> null
}
