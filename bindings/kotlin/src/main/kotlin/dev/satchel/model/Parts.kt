// Written by `./dev bindings` from the registry: do not edit.
@file:Suppress("unused")

package dev.satchel.model

import dev.satchel.*
import java.math.BigDecimal
import java.time.*
import java.util.UUID
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** Where the absence stands. */
public data class AbsenceAnswered(
    /** The absence's state now. */
    val state: AbsenceState,
    /** Open visits of the technician in that time, which the office should give to somebody else. */
    val openVisits: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("state" to state, "open_visits" to openVisits)

    public companion object {
        internal fun read(json: JsonElement): AbsenceAnswered = AbsenceAnswered(
            state = AbsenceState(json.required("state").asText()),
            openVisits = json.required("open_visits").asLong(),
        )
    }
}

/** The question was put. */
public data class AbsenceRequested(
    /** The new absence. */
    val absenceId: UUID,
    /** Where it stands. */
    val state: AbsenceState,
) : Part {
    override fun json(): JsonObject = jsonOf("absence_id" to absenceId, "state" to state)

    public companion object {
        internal fun read(json: JsonElement): AbsenceRequested = AbsenceRequested(
            absenceId = json.required("absence_id").asId(),
            state = AbsenceState(json.required("state").asText()),
        )
    }
}

/** How the item stands. */
public data class AnswerSet(
    /** Whether it has been dealt with. */
    val state: AnswerState,
    /** The answer in its canonical spelling. */
    val value: String? = null,
) : Part {
    override fun json(): JsonObject = jsonOf("state" to state, "value" to value)

    public companion object {
        internal fun read(json: JsonElement): AnswerSet = AnswerSet(
            state = AnswerState(json.required("state").asText()),
            value = json.optional("value")?.let { it.asText() },
        )
    }
}

/** The week as it is now. */
public data class AvailabilitySet(
    /** Minutes of work in it. */
    val minutes: Int,
) : Part {
    override fun json(): JsonObject = jsonOf("minutes" to minutes)

    public companion object {
        internal fun read(json: JsonElement): AvailabilitySet = AvailabilitySet(
            minutes = json.required("minutes").asInt(),
        )
    }
}

/** The branch was written. */
public data class BranchSaved(
    /** The branch. */
    val branchId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("branch_id" to branchId)

    public companion object {
        internal fun read(json: JsonElement): BranchSaved = BranchSaved(
            branchId = json.required("branch_id").asId(),
        )
    }
}

/** The heading was written. */
public data class CategoryWritten(
    /** The heading. */
    val categoryId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("category_id" to categoryId)

    public companion object {
        internal fun read(json: JsonElement): CategoryWritten = CategoryWritten(
            categoryId = json.required("category_id").asId(),
        )
    }
}

/** The checklist was put on the visit. */
public data class ChecklistAttached(
    /** The new checklist. */
    val checklistId: UUID,
    /** How many items it has. */
    val items: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("checklist_id" to checklistId, "items" to items)

    public companion object {
        internal fun read(json: JsonElement): ChecklistAttached = ChecklistAttached(
            checklistId = json.required("checklist_id").asId(),
            items = json.required("items").asLong(),
        )
    }
}

/** The parts were set. */
public data class ComponentsSet(
    /** How many parts the item has now. */
    val components: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("components" to components)

    public companion object {
        internal fun read(json: JsonElement): ComponentsSet = ComponentsSet(
            components = json.required("components").asLong(),
        )
    }
}

/** The contact is gone. */
public class ContactRemoved : Part {
    override fun json(): JsonObject = jsonOf()

    public companion object {
        internal fun read(json: JsonElement): ContactRemoved = ContactRemoved(
        )
    }
}

/** The contact was written. */
public data class ContactSaved(
    /** The contact. */
    val contactId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("contact_id" to contactId)

    public companion object {
        internal fun read(json: JsonElement): ContactSaved = ContactSaved(
            contactId = json.required("contact_id").asId(),
        )
    }
}

/** The contract as written. */
public data class ContractCreated(
    /** The new contract. */
    val contractId: UUID,
    /** Where it stands. */
    val state: ContractState,
) : Part {
    override fun json(): JsonObject = jsonOf("contract_id" to contractId, "state" to state)

    public companion object {
        internal fun read(json: JsonElement): ContractCreated = ContractCreated(
            contractId = json.required("contract_id").asId(),
            state = ContractState(json.required("state").asText()),
        )
    }
}

/** Where a contract stands after a move. */
public data class ContractMoved(
    /** The contract's state now. */
    val state: ContractState,
    /** How many owed visits were skipped with it. */
    val visitsSkipped: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("state" to state, "visits_skipped" to visitsSkipped)

    public companion object {
        internal fun read(json: JsonElement): ContractMoved = ContractMoved(
            state = ContractState(json.required("state").asText()),
            visitsSkipped = json.required("visits_skipped").asLong(),
        )
    }
}

/** The contract goes on. */
public data class ContractRenewed(
    /** The contract's state now. */
    val state: ContractState,
    /** How often it was renewed. */
    val renewals: Int,
) : Part {
    override fun json(): JsonObject = jsonOf("state" to state, "renewals" to renewals)

    public companion object {
        internal fun read(json: JsonElement): ContractRenewed = ContractRenewed(
            state = ContractState(json.required("state").asText()),
            renewals = json.required("renewals").asInt(),
        )
    }
}

/** The visit was planned. */
public data class ContractVisitScheduled(
    /** The new job. */
    val jobId: UUID,
    /** The job's state. */
    val jobState: JobState,
    /** Where the owed visit stands. */
    val state: OwedState,
) : Part {
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "job_state" to jobState, "state" to state)

    public companion object {
        internal fun read(json: JsonElement): ContractVisitScheduled = ContractVisitScheduled(
            jobId = json.required("job_id").asId(),
            jobState = JobState(json.required("job_state").asText()),
            state = OwedState(json.required("state").asText()),
        )
    }
}

/** Nobody comes. */
public data class ContractVisitSkipped(
    /** Where the owed visit stands. */
    val state: OwedState,
) : Part {
    override fun json(): JsonObject = jsonOf("state" to state)

    public companion object {
        internal fun read(json: JsonElement): ContractVisitSkipped = ContractVisitSkipped(
            state = OwedState(json.required("state").asText()),
        )
    }
}

/** The cost was set. */
public data class CostSet(
    /** The item. */
    val itemId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("item_id" to itemId)

    public companion object {
        internal fun read(json: JsonElement): CostSet = CostSet(
            itemId = json.required("item_id").asId(),
        )
    }
}

/** The credential is gone. */
public class CredentialRemoved : Part {
    override fun json(): JsonObject = jsonOf()

    public companion object {
        internal fun read(json: JsonElement): CredentialRemoved = CredentialRemoved(
        )
    }
}

/** The credential was written. */
public data class CredentialSaved(
    /** The credential. */
    val credentialId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("credential_id" to credentialId)

    public companion object {
        internal fun read(json: JsonElement): CredentialSaved = CredentialSaved(
            credentialId = json.required("credential_id").asId(),
        )
    }
}

/** The price was agreed, or taken back. */
public data class CustomerPriceSet(
    /** The customer. */
    val customerId: UUID,
    /** The item. */
    val itemId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("customer_id" to customerId, "item_id" to itemId)

    public companion object {
        internal fun read(json: JsonElement): CustomerPriceSet = CustomerPriceSet(
            customerId = json.required("customer_id").asId(),
            itemId = json.required("item_id").asId(),
        )
    }
}

/** The customer was written. */
public data class CustomerSaved(
    /** The customer. */
    val customerId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("customer_id" to customerId)

    public companion object {
        internal fun read(json: JsonElement): CustomerSaved = CustomerSaved(
            customerId = json.required("customer_id").asId(),
        )
    }
}

/** How the document stands. */
public data class DocumentMoved(
    /** The document. */
    val documentId: UUID,
    /** Whether it is there. */
    val state: DocumentState,
) : Part {
    override fun json(): JsonObject = jsonOf("document_id" to documentId, "state" to state)

    public companion object {
        internal fun read(json: JsonElement): DocumentMoved = DocumentMoved(
            documentId = json.required("document_id").asId(),
            state = DocumentState(json.required("state").asText()),
        )
    }
}

/** The machine was written. */
public data class EquipmentSaved(
    /** The machine. */
    val equipmentId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("equipment_id" to equipmentId)

    public companion object {
        internal fun read(json: JsonElement): EquipmentSaved = EquipmentSaved(
            equipmentId = json.required("equipment_id").asId(),
        )
    }
}

/** The estimate as written. */
public data class EstimateGenerated(
    /** The new estimate. */
    val estimateId: UUID,
    /** How people call it. May change once, when the server gives it anew. */
    val number: String,
    /** What its options come to, in order. */
    val options: List<OptionTotals>,
) : Part {
    override fun json(): JsonObject = jsonOf("estimate_id" to estimateId, "number" to number, "options" to options)

    public companion object {
        internal fun read(json: JsonElement): EstimateGenerated = EstimateGenerated(
            estimateId = json.required("estimate_id").asId(),
            number = json.required("number").asText(),
            options = json.required("options").asList { item -> OptionTotals.read(item) },
        )
    }
}

/** Where an estimate stands now. */
public data class EstimateMoved(
    /** The estimate. */
    val estimateId: UUID,
    /** Its state now. */
    val state: EstimateState,
) : Part {
    override fun json(): JsonObject = jsonOf("estimate_id" to estimateId, "state" to state)

    public companion object {
        internal fun read(json: JsonElement): EstimateMoved = EstimateMoved(
            estimateId = json.required("estimate_id").asId(),
            state = EstimateState(json.required("state").asText()),
        )
    }
}

/** The new draft. */
public data class EstimateRevised(
    /** The new estimate. */
    val revisionId: UUID,
    /** How people call it. May change once, when the server gives it anew. */
    val number: String,
    /** What its options come to, in order. */
    val options: List<OptionTotals>,
) : Part {
    override fun json(): JsonObject = jsonOf("revision_id" to revisionId, "number" to number, "options" to options)

    public companion object {
        internal fun read(json: JsonElement): EstimateRevised = EstimateRevised(
            revisionId = json.required("revision_id").asId(),
            number = json.required("number").asText(),
            options = json.required("options").asList { item -> OptionTotals.read(item) },
        )
    }
}

/** The invoice has other lines now. */
public data class InvoiceChanged(
    /** What is to be paid now, in cents. */
    val totalCents: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("total_cents" to totalCents.toString())

    public companion object {
        internal fun read(json: JsonElement): InvoiceChanged = InvoiceChanged(
            totalCents = json.required("total_cents").asLong(),
        )
    }
}

/** The invoice was started. */
public data class InvoiceCreated(
    /** The new invoice. */
    val invoiceId: UUID,
    /** Its lines. */
    val lines: Long,
    /** Stretches of time in sight that were not charged: still running, or overlapping others. */
    val timeLeftOut: Long,
    /** What is to be paid, in cents. */
    val totalCents: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("invoice_id" to invoiceId, "lines" to lines, "time_left_out" to timeLeftOut, "total_cents" to totalCents.toString())

    public companion object {
        internal fun read(json: JsonElement): InvoiceCreated = InvoiceCreated(
            invoiceId = json.required("invoice_id").asId(),
            lines = json.required("lines").asLong(),
            timeLeftOut = json.required("time_left_out").asLong(),
            totalCents = json.required("total_cents").asLong(),
        )
    }
}

/** The invoice stands. Its number is in its row as soon as Postgres has stored it. */
public data class InvoiceIssued(
    /** Where it stands. */
    val state: InvoiceState,
    /** What is to be paid, in cents. */
    val totalCents: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("state" to state, "total_cents" to totalCents.toString())

    public companion object {
        internal fun read(json: JsonElement): InvoiceIssued = InvoiceIssued(
            state = InvoiceState(json.required("state").asText()),
            totalCents = json.required("total_cents").asLong(),
        )
    }
}

/** The invoice was called off. */
public data class InvoiceVoided(
    /** Where it stands. */
    val state: InvoiceState,
) : Part {
    override fun json(): JsonObject = jsonOf("state" to state)

    public companion object {
        internal fun read(json: JsonElement): InvoiceVoided = InvoiceVoided(
            state = InvoiceState(json.required("state").asText()),
        )
    }
}

/** What became of an item. */
public data class ItemDecided(
    /** The item. */
    val key: UUID,
    /** `open`, `applied`, `repaired` or `dismissed`. */
    val status: String,
    /** What the procedure returned, where one was applied. */
    val output: JsonElement? = null,
) : Part {
    override fun json(): JsonObject = jsonOf("key" to key, "status" to status, "output" to output)

    public companion object {
        internal fun read(json: JsonElement): ItemDecided = ItemDecided(
            key = json.required("key").asId(),
            status = json.required("status").asText(),
            output = json.optional("output")?.let { it },
        )
    }
}

/** The item was written. */
public data class ItemWritten(
    /** The item. */
    val itemId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("item_id" to itemId)

    public companion object {
        internal fun read(json: JsonElement): ItemWritten = ItemWritten(
            itemId = json.required("item_id").asId(),
        )
    }
}

/** The job was called off. */
public data class JobCanceled(
    /** The job. */
    val jobId: UUID,
    /** How many visits were called off with it. */
    val visitsCanceled: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "visits_canceled" to visitsCanceled)

    public companion object {
        internal fun read(json: JsonElement): JobCanceled = JobCanceled(
            jobId = json.required("job_id").asId(),
            visitsCanceled = json.required("visits_canceled").asLong(),
        )
    }
}

/** The job as written. */
public data class JobCreated(
    /** The new job. */
    val jobId: UUID,
    /** Where it stands. */
    val state: JobState,
) : Part {
    override fun json(): JsonObject = jsonOf("job_id" to jobId, "state" to state)

    public companion object {
        internal fun read(json: JsonElement): JobCreated = JobCreated(
            jobId = json.required("job_id").asId(),
            state = JobState(json.required("state").asText()),
        )
    }
}

/** What the job asks for now. */
public data class JobSkillsSet(
    /** How many skills. */
    val skills: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("skills" to skills)

    public companion object {
        internal fun read(json: JsonElement): JobSkillsSet = JobSkillsSet(
            skills = json.required("skills").asLong(),
        )
    }
}

/** Where the job stands. */
public data class JobStatusUpdated(
    /** The job's state now. A reopened job follows its visits. */
    val state: JobState,
) : Part {
    override fun json(): JsonObject = jsonOf("state" to state)

    public companion object {
        internal fun read(json: JsonElement): JobStatusUpdated = JobStatusUpdated(
            state = JobState(json.required("state").asText()),
        )
    }
}

/** The job was changed. */
public data class JobUpdated(
    /** The job. */
    val jobId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("job_id" to jobId)

    public companion object {
        internal fun read(json: JsonElement): JobUpdated = JobUpdated(
            jobId = json.required("job_id").asId(),
        )
    }
}

/** The place was written. */
public data class LocationSaved(
    /** The place. */
    val locationId: UUID,
    /** The territory it lies in, if any is known. */
    val territoryId: UUID? = null,
) : Part {
    override fun json(): JsonObject = jsonOf("location_id" to locationId, "territory_id" to territoryId)

    public companion object {
        internal fun read(json: JsonElement): LocationSaved = LocationSaved(
            locationId = json.required("location_id").asId(),
            territoryId = json.optional("territory_id")?.let { it.asId() },
        )
    }
}

/** The material was noted. */
public data class MaterialAdded(
    /** The new line. */
    val materialId: UUID,
    /** The price of one unit that was noted, in cents of the organization's currency. */
    val unitPriceCents: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("material_id" to materialId, "unit_price_cents" to unitPriceCents.toString())

    public companion object {
        internal fun read(json: JsonElement): MaterialAdded = MaterialAdded(
            materialId = json.required("material_id").asId(),
            unitPriceCents = json.required("unit_price_cents").asLong(),
        )
    }
}

/** The line was corrected. */
public data class MaterialCorrected(
    /** Whether the line was removed. */
    val removed: Boolean,
) : Part {
    override fun json(): JsonObject = jsonOf("removed" to removed)

    public companion object {
        internal fun read(json: JsonElement): MaterialCorrected = MaterialCorrected(
            removed = json.required("removed").asBoolean(),
        )
    }
}

/** The minimum was set. */
public data class MinimumSet(
    /** How the quantity compares with zero and the new minimum. */
    val standing: StockStanding,
) : Part {
    override fun json(): JsonObject = jsonOf("standing" to standing)

    public companion object {
        internal fun read(json: JsonElement): MinimumSet = MinimumSet(
            standing = StockStanding(json.required("standing").asText()),
        )
    }
}

/** A part of an item. */
public data class NewComponent(
    /** The part; not the item itself, nor anything made of it. */
    val componentId: UUID,
    /** How much of it goes into one unit of the item, in the part's unit: above zero, at most three decimals. */
    val quantity: BigDecimal,
) : Part {
    override fun json(): JsonObject = jsonOf("component_id" to componentId, "quantity" to quantity)

    public companion object {
        internal fun read(json: JsonElement): NewComponent = NewComponent(
            componentId = json.required("component_id").asId(),
            quantity = json.required("quantity").asDecimal(),
        )
    }
}

/** A line to write: an item of the pricebook, or, without one, whatever the author names and prices. An author who read name, unit and price from the pricebook sends them along, so that what the customer was told holds although the pricebook changes before the line arrives. */
public data class NewLine(
    /** Id of the new line, made by the caller. */
    val lineId: UUID,
    /** How much, in that unit: above zero, at most three decimals. */
    val quantity: BigDecimal,
    /** What is offered: an active item of the pricebook. */
    val itemId: UUID? = null,
    /** What the customer reads: one line, at most 200 characters; the item's name when left out. */
    val name: String? = null,
    /** What one unit is, at most 32 characters; the item's unit, or `each`, when left out. */
    val unit: String? = null,
    /** Price of one unit that the customer was told; the pricebook's when left out. Required without an item. */
    val unitPriceCents: Long? = null,
    /** How it is taxed; without an item `standard` when left out. An item is taxed as the pricebook says. */
    val taxClass: TaxClass? = null,
    /** Discount on this line, from 0 to 100 with at most four decimals. */
    val discountPercent: BigDecimal? = null,
) : Part {
    override fun json(): JsonObject = jsonOf("line_id" to lineId, "item_id" to itemId, "name" to name, "unit" to unit, "unit_price_cents" to unitPriceCents?.toString(), "tax_class" to taxClass, "quantity" to quantity, "discount_percent" to discountPercent)

    public companion object {
        internal fun read(json: JsonElement): NewLine = NewLine(
            lineId = json.required("line_id").asId(),
            itemId = json.optional("item_id")?.let { it.asId() },
            name = json.optional("name")?.let { it.asText() },
            unit = json.optional("unit")?.let { it.asText() },
            unitPriceCents = json.optional("unit_price_cents")?.let { it.asLong() },
            taxClass = json.optional("tax_class")?.let { TaxClass(it.asText()) },
            quantity = json.required("quantity").asDecimal(),
            discountPercent = json.optional("discount_percent")?.let { it.asDecimal() },
        )
    }
}

/** An option to write. */
public data class NewOption(
    /** Id of the new option, made by the caller. */
    val optionId: UUID,
    /** What it is called: `Good`, `Better`, `Best`; one line, at most 100 characters. */
    val name: String,
    /** Its lines, in order; at most 200. */
    val lines: List<NewLine>? = null,
) : Part {
    override fun json(): JsonObject = jsonOf("option_id" to optionId, "name" to name, "lines" to lines)

    public companion object {
        internal fun read(json: JsonElement): NewOption = NewOption(
            optionId = json.required("option_id").asId(),
            name = json.required("name").asText(),
            lines = json.optional("lines")?.let { it.asList { item -> NewLine.read(item) } },
        )
    }
}

/** A price in a version. */
public data class NewPrice(
    /** The item. */
    val itemId: UUID,
    /** Price of one unit; none to leave the item out of the version. */
    val priceCents: Long? = null,
) : Part {
    override fun json(): JsonObject = jsonOf("item_id" to itemId, "price_cents" to priceCents?.toString())

    public companion object {
        internal fun read(json: JsonElement): NewPrice = NewPrice(
            itemId = json.required("item_id").asId(),
            priceCents = json.optional("price_cents")?.let { it.asLong() },
        )
    }
}

/** The note was started. */
public data class NoteCreated(
    /** The new note. */
    val noteId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("note_id" to noteId)

    public companion object {
        internal fun read(json: JsonElement): NoteCreated = NoteCreated(
            noteId = json.required("note_id").asId(),
        )
    }
}

/** The note was edited. */
public data class NoteEdited(
    /** The note. */
    val noteId: UUID,
    /** How many of the changes were not there yet. */
    val fresh: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("note_id" to noteId, "fresh" to fresh)

    public companion object {
        internal fun read(json: JsonElement): NoteEdited = NoteEdited(
            noteId = json.required("note_id").asId(),
            fresh = json.required("fresh").asLong(),
        )
    }
}

/** What an option comes to now. */
public data class OptionTotals(
    /** The option. */
    val optionId: UUID,
    /** All lines at full price. */
    val subtotalCents: Long,
    /** All that is taken off. */
    val discountCents: Long,
    /** Tax on what is left. */
    val taxCents: Long,
    /** What the customer pays. */
    val totalCents: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("option_id" to optionId, "subtotal_cents" to subtotalCents.toString(), "discount_cents" to discountCents.toString(), "tax_cents" to taxCents.toString(), "total_cents" to totalCents.toString())

    public companion object {
        internal fun read(json: JsonElement): OptionTotals = OptionTotals(
            optionId = json.required("option_id").asId(),
            subtotalCents = json.required("subtotal_cents").asLong(),
            discountCents = json.required("discount_cents").asLong(),
            taxCents = json.required("tax_cents").asLong(),
            totalCents = json.required("total_cents").asLong(),
        )
    }
}

/** The organization was written. */
public data class OrganizationSaved(
    /** The organization. */
    val organizationId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("organization_id" to organizationId)

    public companion object {
        internal fun read(json: JsonElement): OrganizationSaved = OrganizationSaved(
            organizationId = json.required("organization_id").asId(),
        )
    }
}

/** Books against one kind of warning. */
public data class Override(
    /** The rule that is overruled. */
    val rule: DispatchRule,
    /** Why; at most 2,000 characters. It is kept. */
    val reason: String,
) : Part {
    override fun json(): JsonObject = jsonOf("rule" to rule, "reason" to reason)

    public companion object {
        internal fun read(json: JsonElement): Override = Override(
            rule = DispatchRule(json.required("rule").asText()),
            reason = json.required("reason").asText(),
        )
    }
}

/** The money was noted. */
public data class PaymentCollected(
    /** The new payment. */
    val paymentId: UUID,
    /** Where the invoice stands. */
    val state: InvoiceState,
    /** What there is still to collect, in cents; negative when too much was taken. */
    val balanceCents: Long,
    /** Whether more was taken than is to be paid. */
    val overpaid: Boolean,
) : Part {
    override fun json(): JsonObject = jsonOf("payment_id" to paymentId, "state" to state, "balance_cents" to balanceCents.toString(), "overpaid" to overpaid)

    public companion object {
        internal fun read(json: JsonElement): PaymentCollected = PaymentCollected(
            paymentId = json.required("payment_id").asId(),
            state = InvoiceState(json.required("state").asText()),
            balanceCents = json.required("balance_cents").asLong(),
            overpaid = json.required("overpaid").asBoolean(),
        )
    }
}

/** Where a payment and its invoice stand now. */
public data class PaymentMoved(
    /** Where the payment stands. */
    val state: PaymentState,
    /** Where the invoice stands. */
    val invoiceState: InvoiceState,
    /** What there is still to collect on the invoice, in cents; negative when too much was taken. */
    val balanceCents: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("state" to state, "invoice_state" to invoiceState, "balance_cents" to balanceCents.toString())

    public companion object {
        internal fun read(json: JsonElement): PaymentMoved = PaymentMoved(
            state = PaymentState(json.required("state").asText()),
            invoiceState = InvoiceState(json.required("invoice_state").asText()),
            balanceCents = json.required("balance_cents").asLong(),
        )
    }
}

/** A visit to plan. */
public data class PlannedVisit(
    /** Id of the new visit, made by the caller. */
    val visitId: UUID,
    /** Start of the promised arrival window. */
    val windowStart: Instant,
    /** End of the promised arrival window: after its start, at most 14 days later. */
    val windowEnd: Instant,
    /** Templates of the checklists the visit gets; at most 8, each once. */
    val templateIds: List<UUID>? = null,
) : Part {
    override fun json(): JsonObject = jsonOf("visit_id" to visitId, "window_start" to windowStart, "window_end" to windowEnd, "template_ids" to templateIds)

    public companion object {
        internal fun read(json: JsonElement): PlannedVisit = PlannedVisit(
            visitId = json.required("visit_id").asId(),
            windowStart = json.required("window_start").asInstant(),
            windowEnd = json.required("window_end").asInstant(),
            templateIds = json.optional("template_ids")?.let { it.asList { item -> item.asId() } },
        )
    }
}

/** The territory as it is now. */
public data class PostalCodesSet(
    /** How many postal codes it has. */
    val postalCodes: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("postal_codes" to postalCodes)

    public companion object {
        internal fun read(json: JsonElement): PostalCodesSet = PostalCodesSet(
            postalCodes = json.required("postal_codes").asLong(),
        )
    }
}

/** The prices were set. */
public data class PricesSet(
    /** How many items were named. */
    val prices: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("prices" to prices)

    public companion object {
        internal fun read(json: JsonElement): PricesSet = PricesSet(
            prices = json.required("prices").asLong(),
        )
    }
}

/** One item that is brought. */
public data class ReplenishmentLine(
    /** Id of the new entry, made by the caller. */
    val movementId: UUID,
    /** The item; material of the pricebook. */
    val itemId: UUID,
    /** How much, in the item's unit, above zero, at most three decimals. Left out: up to the target, or what was requested if that is more. */
    val quantity: BigDecimal? = null,
) : Part {
    override fun json(): JsonObject = jsonOf("movement_id" to movementId, "item_id" to itemId, "quantity" to quantity)

    public companion object {
        internal fun read(json: JsonElement): ReplenishmentLine = ReplenishmentLine(
            movementId = json.required("movement_id").asId(),
            itemId = json.required("item_id").asId(),
            quantity = json.optional("quantity")?.let { it.asDecimal() },
        )
    }
}

/** The request was noted. */
public data class ReplenishmentRequested(
    /** How much is there now, in the item's unit. */
    val quantity: BigDecimal,
) : Part {
    override fun json(): JsonObject = jsonOf("quantity" to quantity)

    public companion object {
        internal fun read(json: JsonElement): ReplenishmentRequested = ReplenishmentRequested(
            quantity = json.required("quantity").asDecimal(),
        )
    }
}

/** The visit was moved. */
public data class Rescheduled(
    /** Whether one of its technicians is double booked now. */
    val overlaps: Boolean,
    /** The rules that were overruled. */
    val overridden: List<DispatchRule>,
) : Part {
    override fun json(): JsonObject = jsonOf("overlaps" to overlaps, "overridden" to overridden)

    public companion object {
        internal fun read(json: JsonElement): Rescheduled = Rescheduled(
            overlaps = json.required("overlaps").asBoolean(),
            overridden = json.required("overridden").asList { item -> DispatchRule(item.asText()) },
        )
    }
}

/** A stretch of the year. */
public data class Season(
    /** First month, 1 to 12. */
    val fromMonth: Int,
    /** Last month, 1 to 12; before the first one when the season spans New Year. */
    val untilMonth: Int,
) : Part {
    override fun json(): JsonObject = jsonOf("from_month" to fromMonth, "until_month" to untilMonth)

    public companion object {
        internal fun read(json: JsonElement): Season = Season(
            fromMonth = json.required("from_month").asInt(),
            untilMonth = json.required("until_month").asInt(),
        )
    }
}

/** The signature was kept. */
public data class SignatureCaptured(
    /** The new signature. */
    val signatureId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("signature_id" to signatureId)

    public companion object {
        internal fun read(json: JsonElement): SignatureCaptured = SignatureCaptured(
            signatureId = json.required("signature_id").asId(),
        )
    }
}

/** The refusal was kept. */
public data class SignatureRefused(
    /** The new row. */
    val signatureId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("signature_id" to signatureId)

    public companion object {
        internal fun read(json: JsonElement): SignatureRefused = SignatureRefused(
            signatureId = json.required("signature_id").asId(),
        )
    }
}

/** The technician has the skill no longer. */
public class SkillRevoked : Part {
    override fun json(): JsonObject = jsonOf()

    public companion object {
        internal fun read(json: JsonElement): SkillRevoked = SkillRevoked(
        )
    }
}

/** The skill was written. */
public data class SkillSaved(
    /** The skill. */
    val skillId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("skill_id" to skillId)

    public companion object {
        internal fun read(json: JsonElement): SkillSaved = SkillSaved(
            skillId = json.required("skill_id").asId(),
        )
    }
}

/** The count was taken. */
public data class StockCounted(
    /** What had to be added to the level, or, below zero, taken from it. */
    val difference: BigDecimal,
) : Part {
    override fun json(): JsonObject = jsonOf("difference" to difference)

    public companion object {
        internal fun read(json: JsonElement): StockCounted = StockCounted(
            difference = json.required("difference").asDecimal(),
        )
    }
}

/** The place was set up. */
public data class StockLocationCreated(
    /** The new place. */
    val stockLocationId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("stock_location_id" to stockLocationId)

    public companion object {
        internal fun read(json: JsonElement): StockLocationCreated = StockLocationCreated(
            stockLocationId = json.required("stock_location_id").asId(),
        )
    }
}

/** The place was changed. */
public data class StockLocationUpdated(
    /** The place. */
    val stockLocationId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("stock_location_id" to stockLocationId)

    public companion object {
        internal fun read(json: JsonElement): StockLocationUpdated = StockLocationUpdated(
            stockLocationId = json.required("stock_location_id").asId(),
        )
    }
}

/** Where the level stands after a movement. */
public data class StockMoved(
    /** How much there is now, in the item's unit. */
    val quantity: BigDecimal,
    /** How that compares with zero and the minimum. */
    val standing: StockStanding,
) : Part {
    override fun json(): JsonObject = jsonOf("quantity" to quantity, "standing" to standing)

    public companion object {
        internal fun read(json: JsonElement): StockMoved = StockMoved(
            quantity = json.required("quantity").asDecimal(),
            standing = StockStanding(json.required("standing").asText()),
        )
    }
}

/** The place was filled. */
public data class StockReplenished(
    /** How much was brought of each line, in the item's unit; zero where nothing was missing. */
    val quantities: List<BigDecimal>,
) : Part {
    override fun json(): JsonObject = jsonOf("quantities" to quantities)

    public companion object {
        internal fun read(json: JsonElement): StockReplenished = StockReplenished(
            quantities = json.required("quantities").asList { item -> item.asDecimal() },
        )
    }
}

/** A stretch of work, every week. */
public data class Stretch(
    /** The day, from 1 for Monday to 7 for Sunday. */
    val weekday: Int,
    /** First minute at work, counted from midnight on the branch's clock. */
    val startMinute: Int,
    /** First minute off again; at most 1,440. Work past midnight is a second stretch, on the next day. */
    val endMinute: Int,
) : Part {
    override fun json(): JsonObject = jsonOf("weekday" to weekday, "start_minute" to startMinute, "end_minute" to endMinute)

    public companion object {
        internal fun read(json: JsonElement): Stretch = Stretch(
            weekday = json.required("weekday").asInt(),
            startMinute = json.required("start_minute").asInt(),
            endMinute = json.required("end_minute").asInt(),
        )
    }
}

/** The rate was set. */
public data class TaxRateSet(
    /** The rate's row. */
    val taxRateId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("tax_rate_id" to taxRateId)

    public companion object {
        internal fun read(json: JsonElement): TaxRateSet = TaxRateSet(
            taxRateId = json.required("tax_rate_id").asId(),
        )
    }
}

/** The technician was put on the visit. */
public data class TechAssigned(
    /** The new assignment. */
    val assignmentId: UUID,
    /** Whether the technician is double booked now. */
    val overlaps: Boolean,
    /** The rules that were overruled. */
    val overridden: List<DispatchRule>,
) : Part {
    override fun json(): JsonObject = jsonOf("assignment_id" to assignmentId, "overlaps" to overlaps, "overridden" to overridden)

    public companion object {
        internal fun read(json: JsonElement): TechAssigned = TechAssigned(
            assignmentId = json.required("assignment_id").asId(),
            overlaps = json.required("overlaps").asBoolean(),
            overridden = json.required("overridden").asList { item -> DispatchRule(item.asText()) },
        )
    }
}

/** The technician was taken off the visit. */
public data class TechUnassigned(
    /** The visit's state now. */
    val state: VisitState,
) : Part {
    override fun json(): JsonObject = jsonOf("state" to state)

    public companion object {
        internal fun read(json: JsonElement): TechUnassigned = TechUnassigned(
            state = VisitState(json.required("state").asText()),
        )
    }
}

/** The technician was written. */
public data class TechnicianSaved(
    /** The technician. */
    val technicianId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("technician_id" to technicianId)

    public companion object {
        internal fun read(json: JsonElement): TechnicianSaved = TechnicianSaved(
            technicianId = json.required("technician_id").asId(),
        )
    }
}

/** The technician has the skill. */
public data class TechnicianSkilled(
    /** The technician's skill. */
    val technicianSkillId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("technician_skill_id" to technicianSkillId)

    public companion object {
        internal fun read(json: JsonElement): TechnicianSkilled = TechnicianSkilled(
            technicianSkillId = json.required("technician_skill_id").asId(),
        )
    }
}

/** The question is gone. */
public class TemplateItemRemoved : Part {
    override fun json(): JsonObject = jsonOf()

    public companion object {
        internal fun read(json: JsonElement): TemplateItemRemoved = TemplateItemRemoved(
        )
    }
}

/** The question was written. */
public data class TemplateItemSaved(
    /** The question. */
    val itemId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("item_id" to itemId)

    public companion object {
        internal fun read(json: JsonElement): TemplateItemSaved = TemplateItemSaved(
            itemId = json.required("item_id").asId(),
        )
    }
}

/** The template was written. */
public data class TemplateSaved(
    /** The template. */
    val templateId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("template_id" to templateId)

    public companion object {
        internal fun read(json: JsonElement): TemplateSaved = TemplateSaved(
            templateId = json.required("template_id").asId(),
        )
    }
}

/** Where the technician works now. */
public data class TerritoriesSet(
    /** How many territories. */
    val territories: Long,
) : Part {
    override fun json(): JsonObject = jsonOf("territories" to territories)

    public companion object {
        internal fun read(json: JsonElement): TerritoriesSet = TerritoriesSet(
            territories = json.required("territories").asLong(),
        )
    }
}

/** The territory was written. */
public data class TerritorySaved(
    /** The territory. */
    val territoryId: UUID,
) : Part {
    override fun json(): JsonObject = jsonOf("territory_id" to territoryId)

    public companion object {
        internal fun read(json: JsonElement): TerritorySaved = TerritorySaved(
            territoryId = json.required("territory_id").asId(),
        )
    }
}

/** Time is running. */
public data class TimeStarted(
    /** The new entry. */
    val entryId: UUID,
    /** Whether it overlaps another entry of the technician. */
    val overlaps: Boolean,
) : Part {
    override fun json(): JsonObject = jsonOf("entry_id" to entryId, "overlaps" to overlaps)

    public companion object {
        internal fun read(json: JsonElement): TimeStarted = TimeStarted(
            entryId = json.required("entry_id").asId(),
            overlaps = json.required("overlaps").asBoolean(),
        )
    }
}

/** Time was stopped. */
public data class TimeStopped(
    /** How long it ran, in whole seconds. */
    val durationS: Long,
    /** Whether it overlaps another entry of the technician; accepted, and flagged for the office. */
    val overlaps: Boolean,
) : Part {
    override fun json(): JsonObject = jsonOf("duration_s" to durationS, "overlaps" to overlaps)

    public companion object {
        internal fun read(json: JsonElement): TimeStopped = TimeStopped(
            durationS = json.required("duration_s").asLong(),
            overlaps = json.required("overlaps").asBoolean(),
        )
    }
}

/** Where a version stands now. */
public data class VersionMoved(
    /** The version. */
    val versionId: UUID,
    /** Its state now. */
    val state: VersionState,
) : Part {
    override fun json(): JsonObject = jsonOf("version_id" to versionId, "state" to state)

    public companion object {
        internal fun read(json: JsonElement): VersionMoved = VersionMoved(
            versionId = json.required("version_id").asId(),
            state = VersionState(json.required("state").asText()),
        )
    }
}

/** The visit as planned. */
public data class VisitCreated(
    /** The new visit. */
    val visitId: UUID,
    /** The job's state now. */
    val jobState: JobState,
) : Part {
    override fun json(): JsonObject = jsonOf("visit_id" to visitId, "job_state" to jobState)

    public companion object {
        internal fun read(json: JsonElement): VisitCreated = VisitCreated(
            visitId = json.required("visit_id").asId(),
            jobState = JobState(json.required("job_state").asText()),
        )
    }
}

/** Where a visit and its job stand after a move. */
public data class VisitMoved(
    /** The visit's state now. */
    val state: VisitState,
    /** The job's state now. */
    val jobState: JobState,
) : Part {
    override fun json(): JsonObject = jsonOf("state" to state, "job_state" to jobState)

    public companion object {
        internal fun read(json: JsonElement): VisitMoved = VisitMoved(
            state = VisitState(json.required("state").asText()),
            jobState = JobState(json.required("job_state").asText()),
        )
    }
}

/** The visits were written down. */
public data class VisitsGenerated(
    /** How many are new. */
    val visitsCreated: Long,
    /** The contract's state now. */
    val state: ContractState,
) : Part {
    override fun json(): JsonObject = jsonOf("visits_created" to visitsCreated, "state" to state)

    public companion object {
        internal fun read(json: JsonElement): VisitsGenerated = VisitsGenerated(
            visitsCreated = json.required("visits_created").asLong(),
            state = ContractState(json.required("state").asText()),
        )
    }
}
