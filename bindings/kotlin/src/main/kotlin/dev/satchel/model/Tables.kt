// Written by `./dev bindings` from the registry: do not edit.
@file:Suppress("unused")

package dev.satchel.model

import dev.satchel.*
import java.math.BigDecimal
import java.time.*
import java.util.UUID

/** A row of `organization`. */
public data class Organization(
    val id: UUID,
    val rev: Long,
    val name: String,
    val currency: String,
) {
    public companion object : Table<Organization>("organization") {
        override fun read(row: Cells): Organization = Organization(
            row.id(0),
            row.long(1),
            row.text(2),
            row.text(3),
        )
    }
}

/** A row of `branch`. */
public data class Branch(
    val id: UUID,
    val rev: Long,
    val name: String,
    val zone: String,
) {
    public companion object : Table<Branch>("branch") {
        override fun read(row: Cells): Branch = Branch(
            row.id(0),
            row.long(1),
            row.text(2),
            row.text(3),
        )
    }
}

/** A row of `technician`. */
public data class Technician(
    val id: UUID,
    val rev: Long,
    val branchId: UUID,
    val userId: UUID?,
    val name: String,
    val active: Boolean,
) {
    public companion object : Table<Technician>("technician") {
        override fun read(row: Cells): Technician = Technician(
            row.id(0),
            row.long(1),
            row.id(2),
            row.idOrNull(3),
            row.text(4),
            row.boolean(5),
        )
    }
}

/** A row of `territory`. */
public data class Territory(
    val id: UUID,
    val rev: Long,
    val branchId: UUID,
    val name: String,
    val active: Boolean,
) {
    public companion object : Table<Territory>("territory") {
        override fun read(row: Cells): Territory = Territory(
            row.id(0),
            row.long(1),
            row.id(2),
            row.text(3),
            row.boolean(4),
        )

        public fun byBranch(branchId: UUID): Query<Territory> =
            where("\"branch_id\" = ?1 order by id", branchId)
    }
}

/** A row of `territory_area`. */
public data class TerritoryArea(
    val id: UUID,
    val rev: Long,
    val territoryId: UUID,
    val branchId: UUID,
    val postalCode: String,
) {
    public companion object : Table<TerritoryArea>("territory_area") {
        override fun read(row: Cells): TerritoryArea = TerritoryArea(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.text(4),
        )

        public fun byTerritory(territoryId: UUID): Query<TerritoryArea> =
            where("\"territory_id\" = ?1 order by id", territoryId)

        public fun byPostalCode(postalCode: String): Query<TerritoryArea> =
            where("\"postal_code\" = ?1 order by id", postalCode)
    }
}

/** A row of `skill`. */
public data class Skill(
    val id: UUID,
    val rev: Long,
    val name: String,
    val active: Boolean,
) {
    public companion object : Table<Skill>("skill") {
        override fun read(row: Cells): Skill = Skill(
            row.id(0),
            row.long(1),
            row.text(2),
            row.boolean(3),
        )
    }
}

/** A row of `technician_skill`. */
public data class TechnicianSkill(
    val id: UUID,
    val rev: Long,
    val technicianId: UUID,
    val branchId: UUID,
    val skillId: UUID,
    val expiresOn: LocalDate?,
) {
    public companion object : Table<TechnicianSkill>("technician_skill") {
        override fun read(row: Cells): TechnicianSkill = TechnicianSkill(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.dateOrNull(5),
        )

        public fun byTechnician(technicianId: UUID): Query<TechnicianSkill> =
            where("\"technician_id\" = ?1 order by id", technicianId)
    }
}

/** A row of `technician_territory`. */
public data class TechnicianTerritory(
    val id: UUID,
    val rev: Long,
    val technicianId: UUID,
    val branchId: UUID,
    val territoryId: UUID,
) {
    public companion object : Table<TechnicianTerritory>("technician_territory") {
        override fun read(row: Cells): TechnicianTerritory = TechnicianTerritory(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
        )

        public fun byTechnician(technicianId: UUID): Query<TechnicianTerritory> =
            where("\"technician_id\" = ?1 order by id", technicianId)
    }
}

/** A row of `working_hours`. */
public data class WorkingHours(
    val id: UUID,
    val rev: Long,
    val technicianId: UUID,
    val branchId: UUID,
    val weekday: Int,
    val startMinute: Int,
    val endMinute: Int,
) {
    public companion object : Table<WorkingHours>("working_hours") {
        override fun read(row: Cells): WorkingHours = WorkingHours(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.integer(4),
            row.integer(5),
            row.integer(6),
        )

        public fun byTechnician(technicianId: UUID): Query<WorkingHours> =
            where("\"technician_id\" = ?1 order by id", technicianId)
    }
}

/** A row of `absence`. */
public data class Absence(
    val id: UUID,
    val rev: Long,
    val technicianId: UUID,
    val branchId: UUID,
    val kind: AbsenceKind,
    val state: AbsenceState,
    val startsAt: Instant,
    val endsAt: Instant,
    val note: String?,
    val requestedBy: UUID,
    val decidedBy: UUID?,
    val decidedAt: Instant?,
) {
    public companion object : Table<Absence>("absence") {
        override fun read(row: Cells): Absence = Absence(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            AbsenceKind(row.text(4)),
            AbsenceState(row.text(5)),
            row.instant(6),
            row.instant(7),
            row.textOrNull(8),
            row.id(9),
            row.idOrNull(10),
            row.instantOrNull(11),
        )

        public fun byTechnician(technicianId: UUID, from: Instant? = null, until: Instant? = null): Query<Absence> =
            where("\"technician_id\" = ?1 and (?2 is null or \"starts_at\" >= ?2) and (?3 is null or \"starts_at\" < ?3) order by \"starts_at\", id", technicianId, from, until)
    }
}

/** A row of `credential`. */
public data class Credential(
    val id: UUID,
    val rev: Long,
    val holderId: UUID,
    val technicianId: UUID?,
    val kind: CredentialKind,
    val title: String,
    val number: String?,
    val issuer: String?,
    val validFrom: LocalDate,
    val validUntil: LocalDate?,
) {
    public companion object : Table<Credential>("credential") {
        override fun read(row: Cells): Credential = Credential(
            row.id(0),
            row.long(1),
            row.id(2),
            row.idOrNull(3),
            CredentialKind(row.text(4)),
            row.text(5),
            row.textOrNull(6),
            row.textOrNull(7),
            row.date(8),
            row.dateOrNull(9),
        )

        public fun byHolder(holderId: UUID): Query<Credential> =
            where("\"holder_id\" = ?1 order by id", holderId)
    }
}

/** A row of `checklist_template`. */
public data class ChecklistTemplate(
    val id: UUID,
    val rev: Long,
    val name: String,
    val trade: String,
    val active: Boolean,
) {
    public companion object : Table<ChecklistTemplate>("checklist_template") {
        override fun read(row: Cells): ChecklistTemplate = ChecklistTemplate(
            row.id(0),
            row.long(1),
            row.text(2),
            row.text(3),
            row.boolean(4),
        )
    }
}

/** A row of `checklist_template_item`. */
public data class ChecklistTemplateItem(
    val id: UUID,
    val rev: Long,
    val templateId: UUID,
    val position: Int,
    val prompt: String,
    val answerKind: AnswerKind,
    val required: Boolean,
    val shownAfterId: UUID?,
    val shownWhen: String?,
) {
    public companion object : Table<ChecklistTemplateItem>("checklist_template_item") {
        override fun read(row: Cells): ChecklistTemplateItem = ChecklistTemplateItem(
            row.id(0),
            row.long(1),
            row.id(2),
            row.integer(3),
            row.text(4),
            AnswerKind(row.text(5)),
            row.boolean(6),
            row.idOrNull(7),
            row.textOrNull(8),
        )

        public fun byTemplate(templateId: UUID): Query<ChecklistTemplateItem> =
            where("\"template_id\" = ?1 order by id", templateId)
    }
}

/** A row of `tax_rate`. */
public data class TaxRate(
    val id: UUID,
    val rev: Long,
    val branchId: UUID,
    val taxClass: TaxClass,
    val percent: BigDecimal,
) {
    public companion object : Table<TaxRate>("tax_rate") {
        override fun read(row: Cells): TaxRate = TaxRate(
            row.id(0),
            row.long(1),
            row.id(2),
            TaxClass(row.text(3)),
            row.decimal(4),
        )

        public fun byBranch(branchId: UUID): Query<TaxRate> =
            where("\"branch_id\" = ?1 order by id", branchId)
    }
}

/** A row of `pricebook_version`. */
public data class PricebookVersion(
    val id: UUID,
    val rev: Long,
    val name: String,
    val branchId: UUID?,
    val state: VersionState,
    val validFrom: Instant,
    val validUntil: Instant?,
    val publishedAt: Instant?,
) {
    public companion object : Table<PricebookVersion>("pricebook_version") {
        override fun read(row: Cells): PricebookVersion = PricebookVersion(
            row.id(0),
            row.long(1),
            row.text(2),
            row.idOrNull(3),
            VersionState(row.text(4)),
            row.instant(5),
            row.instantOrNull(6),
            row.instantOrNull(7),
        )

        public fun byState(state: VersionState): Query<PricebookVersion> =
            where("\"state\" = ?1 order by id", state)
    }
}

/** A row of `pricebook_category`. */
public data class PricebookCategory(
    val id: UUID,
    val rev: Long,
    val parentId: UUID?,
    val name: String,
    val position: Int,
    val active: Boolean,
) {
    public companion object : Table<PricebookCategory>("pricebook_category") {
        override fun read(row: Cells): PricebookCategory = PricebookCategory(
            row.id(0),
            row.long(1),
            row.idOrNull(2),
            row.text(3),
            row.integer(4),
            row.boolean(5),
        )
    }
}

/** A row of `pricebook_item`. */
public data class PricebookItem(
    val id: UUID,
    val rev: Long,
    val code: String,
    val name: String,
    val kind: PricebookKind,
    val unit: String,
    val priceCents: Long,
    val active: Boolean,
    val categoryId: UUID?,
    val taxClass: TaxClass,
    val labourMinutes: Int?,
    val description: String,
) {
    public companion object : Table<PricebookItem>("pricebook_item") {
        override fun read(row: Cells): PricebookItem = PricebookItem(
            row.id(0),
            row.long(1),
            row.text(2),
            row.text(3),
            PricebookKind(row.text(4)),
            row.text(5),
            row.long(6),
            row.boolean(7),
            row.idOrNull(8),
            TaxClass(row.text(9)),
            row.integerOrNull(10),
            row.text(11),
        )
    }
}

/** A row of `pricebook_component`. */
public data class PricebookComponent(
    val id: UUID,
    val rev: Long,
    val itemId: UUID,
    val componentId: UUID,
    val quantity: BigDecimal,
    val position: Int,
) {
    public companion object : Table<PricebookComponent>("pricebook_component") {
        override fun read(row: Cells): PricebookComponent = PricebookComponent(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.decimal(4),
            row.integer(5),
        )

        public fun byItem(itemId: UUID): Query<PricebookComponent> =
            where("\"item_id\" = ?1 order by id", itemId)
    }
}

/** A row of `pricebook_cost`. */
public data class PricebookCost(
    val id: UUID,
    val rev: Long,
    val itemId: UUID,
    val costCents: Long,
) {
    public companion object : Table<PricebookCost>("pricebook_cost") {
        override fun read(row: Cells): PricebookCost = PricebookCost(
            row.id(0),
            row.long(1),
            row.id(2),
            row.long(3),
        )
    }
}

/** A row of `pricebook_price`. */
public data class PricebookPrice(
    val id: UUID,
    val rev: Long,
    val versionId: UUID,
    val itemId: UUID,
    val priceCents: Long,
) {
    public companion object : Table<PricebookPrice>("pricebook_price") {
        override fun read(row: Cells): PricebookPrice = PricebookPrice(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.long(4),
        )

        public fun byItem(itemId: UUID): Query<PricebookPrice> =
            where("\"item_id\" = ?1 order by id", itemId)
    }
}

/** A row of `customer`. */
public data class Customer(
    val id: UUID,
    val rev: Long,
    val name: String,
    val phone: String?,
    val email: String?,
) {
    public companion object : Table<Customer>("customer") {
        override fun read(row: Cells): Customer = Customer(
            row.id(0),
            row.long(1),
            row.text(2),
            row.textOrNull(3),
            row.textOrNull(4),
        )
    }
}

/** A row of `location`. */
public data class Location(
    val id: UUID,
    val rev: Long,
    val customerId: UUID,
    val address: String,
    val latitude: BigDecimal?,
    val longitude: BigDecimal?,
    val zone: String,
    val accessNotes: String?,
    val postalCode: String?,
    val territoryId: UUID?,
) {
    public companion object : Table<Location>("location") {
        override fun read(row: Cells): Location = Location(
            row.id(0),
            row.long(1),
            row.id(2),
            row.text(3),
            row.decimalOrNull(4),
            row.decimalOrNull(5),
            row.text(6),
            row.textOrNull(7),
            row.textOrNull(8),
            row.idOrNull(9),
        )
    }
}

/** A row of `equipment`. */
public data class Equipment(
    val id: UUID,
    val rev: Long,
    val locationId: UUID,
    val name: String,
    val model: String?,
    val serial: String?,
) {
    public companion object : Table<Equipment>("equipment") {
        override fun read(row: Cells): Equipment = Equipment(
            row.id(0),
            row.long(1),
            row.id(2),
            row.text(3),
            row.textOrNull(4),
            row.textOrNull(5),
        )

        public fun byLocation(locationId: UUID): Query<Equipment> =
            where("\"location_id\" = ?1 order by id", locationId)
    }
}

/** A row of `contact`. */
public data class Contact(
    val id: UUID,
    val rev: Long,
    val customerId: UUID,
    val locationId: UUID?,
    val name: String,
    val role: String?,
    val phone: String?,
    val email: String?,
    val preferred: Boolean,
) {
    public companion object : Table<Contact>("contact") {
        override fun read(row: Cells): Contact = Contact(
            row.id(0),
            row.long(1),
            row.id(2),
            row.idOrNull(3),
            row.text(4),
            row.textOrNull(5),
            row.textOrNull(6),
            row.textOrNull(7),
            row.boolean(8),
        )

        public fun byCustomer(customerId: UUID): Query<Contact> =
            where("\"customer_id\" = ?1 order by id", customerId)
    }
}

/** A row of `customer_price`. */
public data class CustomerPrice(
    val id: UUID,
    val rev: Long,
    val customerId: UUID,
    val itemId: UUID,
    val priceCents: Long,
    val validUntil: Instant?,
) {
    public companion object : Table<CustomerPrice>("customer_price") {
        override fun read(row: Cells): CustomerPrice = CustomerPrice(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.long(4),
            row.instantOrNull(5),
        )

        public fun byCustomer(customerId: UUID): Query<CustomerPrice> =
            where("\"customer_id\" = ?1 order by id", customerId)
    }
}

/** A row of `job`. */
public data class Job(
    val id: UUID,
    val rev: Long,
    val branchId: UUID,
    val customerId: UUID,
    val locationId: UUID,
    val equipmentId: UUID?,
    val number: String?,
    val title: String,
    val description: String,
    val state: JobState,
    val priority: JobPriority,
    val cancelReason: String?,
) {
    public companion object : Table<Job>("job") {
        override fun read(row: Cells): Job = Job(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.idOrNull(5),
            row.textOrNull(6),
            row.text(7),
            row.text(8),
            JobState(row.text(9)),
            JobPriority(row.text(10)),
            row.textOrNull(11),
        )

        public fun byCustomer(customerId: UUID): Query<Job> =
            where("\"customer_id\" = ?1 order by id", customerId)

        public fun byLocation(locationId: UUID): Query<Job> =
            where("\"location_id\" = ?1 order by id", locationId)
    }
}

/** A row of `job_skill`. */
public data class JobSkill(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val skillId: UUID,
) {
    public companion object : Table<JobSkill>("job_skill") {
        override fun read(row: Cells): JobSkill = JobSkill(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
        )

        public fun byJob(jobId: UUID): Query<JobSkill> =
            where("\"job_id\" = ?1 order by id", jobId)
    }
}

/** A row of `visit`. */
public data class Visit(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val state: VisitState,
    val windowStart: Instant,
    val windowEnd: Instant,
    val zone: String,
    val arrivedAt: Instant?,
    val endedAt: Instant?,
    val outcome: String?,
) {
    public companion object : Table<Visit>("visit") {
        override fun read(row: Cells): Visit = Visit(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            VisitState(row.text(4)),
            row.instant(5),
            row.instant(6),
            row.text(7),
            row.instantOrNull(8),
            row.instantOrNull(9),
            row.textOrNull(10),
        )

        public fun byJob(jobId: UUID): Query<Visit> =
            where("\"job_id\" = ?1 order by id", jobId)
    }
}

/** A row of `assignment`. */
public data class Assignment(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val visitId: UUID,
    val technicianId: UUID,
    val windowStart: Instant,
    val windowEnd: Instant,
    val open: Boolean,
    val overlapConfirmed: Boolean,
) {
    public companion object : Table<Assignment>("assignment") {
        override fun read(row: Cells): Assignment = Assignment(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.id(5),
            row.instant(6),
            row.instant(7),
            row.boolean(8),
            row.boolean(9),
        )

        public fun byVisit(visitId: UUID): Query<Assignment> =
            where("\"visit_id\" = ?1 order by id", visitId)

        public fun byJob(jobId: UUID): Query<Assignment> =
            where("\"job_id\" = ?1 order by id", jobId)

        public fun byTechnician(technicianId: UUID, from: Instant? = null, until: Instant? = null): Query<Assignment> =
            where("\"technician_id\" = ?1 and (?2 is null or \"window_start\" >= ?2) and (?3 is null or \"window_start\" < ?3) order by \"window_start\", id", technicianId, from, until)
    }
}

/** A row of `dispatch_override`. */
public data class DispatchOverride(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val visitId: UUID,
    val technicianId: UUID,
    val rule: DispatchRule,
    val reason: String?,
    val userId: UUID,
    val occurredAt: Instant,
) {
    public companion object : Table<DispatchOverride>("dispatch_override") {
        override fun read(row: Cells): DispatchOverride = DispatchOverride(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.id(5),
            DispatchRule(row.text(6)),
            row.textOrNull(7),
            row.id(8),
            row.instant(9),
        )

        public fun byVisit(visitId: UUID): Query<DispatchOverride> =
            where("\"visit_id\" = ?1 order by id", visitId)
    }
}

/** A row of `required_document`. */
public data class RequiredDocument(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val visitId: UUID?,
    val kind: DocumentKind,
    val title: String,
    val required: Boolean,
    val state: DocumentState,
    val referenceId: UUID?,
    val settledAt: Instant?,
    val settledBy: UUID?,
    val waiveReason: String?,
) {
    public companion object : Table<RequiredDocument>("required_document") {
        override fun read(row: Cells): RequiredDocument = RequiredDocument(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.idOrNull(4),
            DocumentKind(row.text(5)),
            row.text(6),
            row.boolean(7),
            DocumentState(row.text(8)),
            row.idOrNull(9),
            row.instantOrNull(10),
            row.idOrNull(11),
            row.textOrNull(12),
        )

        public fun byJob(jobId: UUID): Query<RequiredDocument> =
            where("\"job_id\" = ?1 order by id", jobId)
    }
}

/** A row of `visit_status_event`. */
public data class VisitStatusEvent(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val visitId: UUID,
    val fromState: VisitState,
    val toState: VisitState,
    val occurredAt: Instant,
    val userId: UUID,
    val reason: String?,
) {
    public companion object : Table<VisitStatusEvent>("visit_status_event") {
        override fun read(row: Cells): VisitStatusEvent = VisitStatusEvent(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            VisitState(row.text(5)),
            VisitState(row.text(6)),
            row.instant(7),
            row.id(8),
            row.textOrNull(9),
        )

        public fun byVisit(visitId: UUID): Query<VisitStatusEvent> =
            where("\"visit_id\" = ?1 order by id", visitId)
    }
}

/** A row of `checklist`. */
public data class Checklist(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val visitId: UUID,
    val templateId: UUID,
) {
    public companion object : Table<Checklist>("checklist") {
        override fun read(row: Cells): Checklist = Checklist(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.id(5),
        )

        public fun byVisit(visitId: UUID): Query<Checklist> =
            where("\"visit_id\" = ?1 order by id", visitId)
    }
}

/** A row of `checklist_answer`. */
public data class ChecklistAnswer(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val checklistId: UUID,
    val itemId: UUID,
    val state: AnswerState,
    val value: String?,
    val answeredAt: Instant?,
    val answeredBy: UUID?,
) {
    public companion object : Table<ChecklistAnswer>("checklist_answer") {
        override fun read(row: Cells): ChecklistAnswer = ChecklistAnswer(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.id(5),
            AnswerState(row.text(6)),
            row.textOrNull(7),
            row.instantOrNull(8),
            row.idOrNull(9),
        )

        public fun byChecklist(checklistId: UUID): Query<ChecklistAnswer> =
            where("\"checklist_id\" = ?1 order by id", checklistId)
    }
}

/** A row of `note`. */
public data class Note(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val title: String,
    val text: String,
) {
    public companion object : Table<Note>("note") {
        override fun read(row: Cells): Note = Note(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.text(4),
            row.text(5),
        )

        public fun byJob(jobId: UUID): Query<Note> =
            where("\"job_id\" = ?1 order by id", jobId)
    }
}

/** A row of `note_change`. */
public data class NoteChange(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val noteId: UUID,
    val change: Bytes,
    val userId: UUID,
    val occurredAt: Instant,
) {
    public companion object : Table<NoteChange>("note_change") {
        override fun read(row: Cells): NoteChange = NoteChange(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.bytes(5),
            row.id(6),
            row.instant(7),
        )

        public fun byNote(noteId: UUID): Query<NoteChange> =
            where("\"note_id\" = ?1 order by id", noteId)
    }
}

/** A row of `time_entry`. */
public data class TimeEntry(
    val id: UUID,
    val rev: Long,
    val technicianId: UUID,
    val branchId: UUID,
    val jobId: UUID?,
    val visitId: UUID?,
    val kind: TimeKind,
    val startedAt: Instant,
    val endedAt: Instant?,
    val overlaps: Boolean,
    val startedDeviceClock: Instant?,
    val endedDeviceClock: Instant?,
) {
    public companion object : Table<TimeEntry>("time_entry") {
        override fun read(row: Cells): TimeEntry = TimeEntry(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.idOrNull(4),
            row.idOrNull(5),
            TimeKind(row.text(6)),
            row.instant(7),
            row.instantOrNull(8),
            row.boolean(9),
            row.instantOrNull(10),
            row.instantOrNull(11),
        )

        public fun byTechnician(technicianId: UUID, from: Instant? = null, until: Instant? = null): Query<TimeEntry> =
            where("\"technician_id\" = ?1 and (?2 is null or \"started_at\" >= ?2) and (?3 is null or \"started_at\" < ?3) order by \"started_at\", id", technicianId, from, until)

        public fun byJob(jobId: UUID): Query<TimeEntry> =
            where("\"job_id\" = ?1 order by id", jobId)

        public fun byVisit(visitId: UUID): Query<TimeEntry> =
            where("\"visit_id\" = ?1 order by id", visitId)
    }
}

/** A row of `stock_location`. */
public data class StockLocation(
    val id: UUID,
    val rev: Long,
    val branchId: UUID,
    val kind: StockLocationKind,
    val technicianId: UUID?,
    val name: String,
    val active: Boolean,
) {
    public companion object : Table<StockLocation>("stock_location") {
        override fun read(row: Cells): StockLocation = StockLocation(
            row.id(0),
            row.long(1),
            row.id(2),
            StockLocationKind(row.text(3)),
            row.idOrNull(4),
            row.text(5),
            row.boolean(6),
        )

        public fun byTechnician(technicianId: UUID): Query<StockLocation> =
            where("\"technician_id\" = ?1 order by id", technicianId)
    }
}

/** A row of `stock_level`. */
public data class StockLevel(
    val id: UUID,
    val rev: Long,
    val stockLocationId: UUID,
    val branchId: UUID,
    val itemId: UUID,
    val quantity: BigDecimal,
    val minimum: BigDecimal,
    val target: BigDecimal,
    val standing: StockStanding,
    val requested: BigDecimal?,
    val requestedAt: Instant?,
) {
    public companion object : Table<StockLevel>("stock_level") {
        override fun read(row: Cells): StockLevel = StockLevel(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.decimal(5),
            row.decimal(6),
            row.decimal(7),
            StockStanding(row.text(8)),
            row.decimalOrNull(9),
            row.instantOrNull(10),
        )
    }
}

/** A row of `material_used`. */
public data class MaterialUsed(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val visitId: UUID,
    val itemId: UUID,
    val name: String,
    val quantity: BigDecimal,
    val unitPriceCents: Long,
    val pricebookVersionId: UUID?,
    val stockLocationId: UUID?,
) {
    public companion object : Table<MaterialUsed>("material_used") {
        override fun read(row: Cells): MaterialUsed = MaterialUsed(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.id(5),
            row.text(6),
            row.decimal(7),
            row.long(8),
            row.idOrNull(9),
            row.idOrNull(10),
        )

        public fun byJob(jobId: UUID): Query<MaterialUsed> =
            where("\"job_id\" = ?1 order by id", jobId)

        public fun byVisit(visitId: UUID): Query<MaterialUsed> =
            where("\"visit_id\" = ?1 order by id", visitId)
    }
}

/** A row of `estimate`. */
public data class Estimate(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val customerId: UUID,
    val number: String,
    val title: String,
    val state: EstimateState,
    val userId: UUID,
    val supersedesId: UUID?,
    val validUntil: Instant?,
    val presentedAt: Instant?,
    val signedOptionId: UUID?,
    val approvedOptionId: UUID?,
    val decidedAt: Instant?,
    val declineReason: String?,
) {
    public companion object : Table<Estimate>("estimate") {
        override fun read(row: Cells): Estimate = Estimate(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.text(5),
            row.text(6),
            EstimateState(row.text(7)),
            row.id(8),
            row.idOrNull(9),
            row.instantOrNull(10),
            row.instantOrNull(11),
            row.idOrNull(12),
            row.idOrNull(13),
            row.instantOrNull(14),
            row.textOrNull(15),
        )

        public fun byJob(jobId: UUID): Query<Estimate> =
            where("\"job_id\" = ?1 order by id", jobId)
    }
}

/** A row of `estimate_option`. */
public data class EstimateOption(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val estimateId: UUID,
    val position: Int,
    val name: String,
    val discountPercent: BigDecimal,
    val discountFixedCents: Long,
    val subtotalCents: Long,
    val discountCents: Long,
    val taxCents: Long,
    val totalCents: Long,
) {
    public companion object : Table<EstimateOption>("estimate_option") {
        override fun read(row: Cells): EstimateOption = EstimateOption(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.integer(5),
            row.text(6),
            row.decimal(7),
            row.long(8),
            row.long(9),
            row.long(10),
            row.long(11),
            row.long(12),
        )

        public fun byEstimate(estimateId: UUID): Query<EstimateOption> =
            where("\"estimate_id\" = ?1 order by id", estimateId)
    }
}

/** A row of `estimate_line`. */
public data class EstimateLine(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val estimateId: UUID,
    val optionId: UUID,
    val position: Int,
    val itemId: UUID?,
    val pricebookVersionId: UUID?,
    val name: String,
    val unit: String,
    val quantity: BigDecimal,
    val unitPriceCents: Long,
    val listPriceCents: Long?,
    val discountPercent: BigDecimal,
    val taxClass: TaxClass,
    val taxPercent: BigDecimal,
    val grossCents: Long,
    val discountCents: Long,
    val taxCents: Long,
    val totalCents: Long,
) {
    public companion object : Table<EstimateLine>("estimate_line") {
        override fun read(row: Cells): EstimateLine = EstimateLine(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.id(5),
            row.integer(6),
            row.idOrNull(7),
            row.idOrNull(8),
            row.text(9),
            row.text(10),
            row.decimal(11),
            row.long(12),
            row.longOrNull(13),
            row.decimal(14),
            TaxClass(row.text(15)),
            row.decimal(16),
            row.long(17),
            row.long(18),
            row.long(19),
            row.long(20),
        )

        public fun byEstimate(estimateId: UUID): Query<EstimateLine> =
            where("\"estimate_id\" = ?1 order by id", estimateId)
    }
}

/** A row of `signature`. */
public data class Signature(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val subjectKind: SubjectKind,
    val subjectId: UUID,
    val outcome: SignatureOutcome,
    val signerName: String?,
    val signerRelation: SignerRelation?,
    val documentHash: Bytes,
    val strokes: Bytes?,
    val refusalReason: String?,
    val signedAt: Instant,
    val userId: UUID,
) {
    public companion object : Table<Signature>("signature") {
        override fun read(row: Cells): Signature = Signature(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            SubjectKind(row.text(4)),
            row.id(5),
            SignatureOutcome(row.text(6)),
            row.textOrNull(7),
            row.textOrNull(8)?.let { SignerRelation(it) },
            row.bytes(9),
            row.bytesOrNull(10),
            row.textOrNull(11),
            row.instant(12),
            row.id(13),
        )

        public fun bySubject(subjectId: UUID): Query<Signature> =
            where("\"subject_id\" = ?1 order by id", subjectId)
    }
}

/** A row of `stock_movement`. */
public data class StockMovement(
    val id: UUID,
    val rev: Long,
    val stockLocationId: UUID,
    val branchId: UUID,
    val pageId: UUID,
    val itemId: UUID,
    val quantity: BigDecimal,
    val cause: StockCause,
    val counterLocationId: UUID?,
    val jobId: UUID?,
    val materialId: UUID?,
    val reversalOf: UUID?,
    val mirrorOf: UUID?,
    val note: String?,
    val occurredAt: Instant,
    val userId: UUID,
) {
    public companion object : Table<StockMovement>("stock_movement") {
        override fun read(row: Cells): StockMovement = StockMovement(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.id(5),
            row.decimal(6),
            StockCause(row.text(7)),
            row.idOrNull(8),
            row.idOrNull(9),
            row.idOrNull(10),
            row.idOrNull(11),
            row.idOrNull(12),
            row.textOrNull(13),
            row.instant(14),
            row.id(15),
        )
    }
}

/** A row of `invoice`. */
public data class Invoice(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val customerId: UUID,
    val number: Long?,
    val estimateOptionId: UUID?,
    val state: InvoiceState,
    val discountPercent: BigDecimal,
    val discountFixedCents: Long,
    val subtotalCents: Long,
    val discountCents: Long,
    val taxCents: Long,
    val totalCents: Long,
    val paidCents: Long,
    val pendingCents: Long,
    val overpaid: Boolean,
    val issuedAt: Instant?,
    val voidReason: String?,
) {
    public companion object : Table<Invoice>("invoice") {
        override fun read(row: Cells): Invoice = Invoice(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.longOrNull(5),
            row.idOrNull(6),
            InvoiceState(row.text(7)),
            row.decimal(8),
            row.long(9),
            row.long(10),
            row.long(11),
            row.long(12),
            row.long(13),
            row.long(14),
            row.long(15),
            row.boolean(16),
            row.instantOrNull(17),
            row.textOrNull(18),
        )

        public fun byJob(jobId: UUID): Query<Invoice> =
            where("\"job_id\" = ?1 order by id", jobId)
    }
}

/** A row of `invoice_line`. */
public data class InvoiceLine(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val invoiceId: UUID,
    val position: Int,
    val itemId: UUID?,
    val materialId: UUID?,
    val timeEntryId: UUID?,
    val estimateLineId: UUID?,
    val pricebookVersionId: UUID?,
    val name: String,
    val unit: String,
    val quantity: BigDecimal,
    val unitPriceCents: Long,
    val discountPercent: BigDecimal,
    val taxPercent: BigDecimal,
    val grossCents: Long,
    val discountCents: Long,
    val taxCents: Long,
    val totalCents: Long,
) {
    public companion object : Table<InvoiceLine>("invoice_line") {
        override fun read(row: Cells): InvoiceLine = InvoiceLine(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.integer(5),
            row.idOrNull(6),
            row.idOrNull(7),
            row.idOrNull(8),
            row.idOrNull(9),
            row.idOrNull(10),
            row.text(11),
            row.text(12),
            row.decimal(13),
            row.long(14),
            row.decimal(15),
            row.decimal(16),
            row.long(17),
            row.long(18),
            row.long(19),
            row.long(20),
        )

        public fun byJob(jobId: UUID): Query<InvoiceLine> =
            where("\"job_id\" = ?1 order by id", jobId)

        public fun byInvoice(invoiceId: UUID): Query<InvoiceLine> =
            where("\"invoice_id\" = ?1 order by id", invoiceId)
    }
}

/** A row of `payment`. */
public data class Payment(
    val id: UUID,
    val rev: Long,
    val jobId: UUID,
    val branchId: UUID,
    val invoiceId: UUID,
    val kind: PaymentKind,
    val method: PaymentMethod,
    val amountCents: Long,
    val ofPaymentId: UUID?,
    val checkNumber: String?,
    val externalReference: String?,
    val idempotencyKey: UUID,
    val reason: String?,
    val occurredAt: Instant,
    val userId: UUID,
) {
    public companion object : Table<Payment>("payment") {
        override fun read(row: Cells): Payment = Payment(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            PaymentKind(row.text(5)),
            PaymentMethod(row.text(6)),
            row.long(7),
            row.idOrNull(8),
            row.textOrNull(9),
            row.textOrNull(10),
            row.id(11),
            row.textOrNull(12),
            row.instant(13),
            row.id(14),
        )

        public fun byInvoice(invoiceId: UUID): Query<Payment> =
            where("\"invoice_id\" = ?1 order by id", invoiceId)

        public fun byReference(externalReference: String): Query<Payment> =
            where("\"external_reference\" = ?1 order by id", externalReference)
    }
}

/** A row of `maintenance_contract`. */
public data class MaintenanceContract(
    val id: UUID,
    val rev: Long,
    val branchId: UUID,
    val customerId: UUID,
    val locationId: UUID,
    val number: String?,
    val title: String,
    val description: String,
    val templateId: UUID?,
    val intervalMonths: Int,
    val seasonFromMonth: Int?,
    val seasonUntilMonth: Int?,
    val startsOn: LocalDate,
    val endsOn: LocalDate,
    val state: ContractState,
    val owedFrom: LocalDate,
    val renewals: Int,
    val stateReason: String?,
) {
    public companion object : Table<MaintenanceContract>("maintenance_contract") {
        override fun read(row: Cells): MaintenanceContract = MaintenanceContract(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.textOrNull(5),
            row.text(6),
            row.text(7),
            row.idOrNull(8),
            row.integer(9),
            row.integerOrNull(10),
            row.integerOrNull(11),
            row.date(12),
            row.date(13),
            ContractState(row.text(14)),
            row.date(15),
            row.integer(16),
            row.textOrNull(17),
        )
    }
}

/** A row of `contract_equipment`. */
public data class ContractEquipment(
    val id: UUID,
    val rev: Long,
    val contractId: UUID,
    val locationId: UUID,
    val branchId: UUID,
    val equipmentId: UUID,
) {
    public companion object : Table<ContractEquipment>("contract_equipment") {
        override fun read(row: Cells): ContractEquipment = ContractEquipment(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.id(5),
        )

        public fun byContract(contractId: UUID): Query<ContractEquipment> =
            where("\"contract_id\" = ?1 order by id", contractId)
    }
}

/** A row of `contract_price`. */
public data class ContractPrice(
    val id: UUID,
    val rev: Long,
    val contractId: UUID,
    val branchId: UUID,
    val priceCents: Long,
) {
    public companion object : Table<ContractPrice>("contract_price") {
        override fun read(row: Cells): ContractPrice = ContractPrice(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.long(4),
        )
    }
}

/** A row of `contract_visit`. */
public data class ContractVisit(
    val id: UUID,
    val rev: Long,
    val contractId: UUID,
    val locationId: UUID,
    val branchId: UUID,
    val period: Int,
    val dueFrom: LocalDate,
    val dueUntil: LocalDate,
    val state: OwedState,
    val skipReason: String?,
    val jobId: UUID?,
) {
    public companion object : Table<ContractVisit>("contract_visit") {
        override fun read(row: Cells): ContractVisit = ContractVisit(
            row.id(0),
            row.long(1),
            row.id(2),
            row.id(3),
            row.id(4),
            row.integer(5),
            row.date(6),
            row.date(7),
            OwedState(row.text(8)),
            row.textOrNull(9),
            row.idOrNull(10),
        )

        public fun byContract(contractId: UUID): Query<ContractVisit> =
            where("\"contract_id\" = ?1 order by id", contractId)

        public fun byJob(jobId: UUID): Query<ContractVisit> =
            where("\"job_id\" = ?1 order by id", jobId)
    }
}
