// Written by `./dev bindings` from the registry: do not edit.

import Foundation

/// Where the absence stands.
public struct AbsenceAnswered: Part {
    /// The absence's state now.
    public var state: AbsenceState
    /// Open visits of the technician in that time, which the office should give to somebody else.
    public var openVisits: Int64

    public init(state: AbsenceState, openVisits: Int64) {
        self.state = state
        self.openVisits = openVisits
    }

    public func json() -> JSON {
        JSON.members([
            "state": JSON.text(state.rawValue),
            "open_visits": JSON.integer(openVisits),
        ])
    }

    public init(json: JSON) throws {
        self.state = AbsenceState(rawValue: try json.required("state").asText())
        self.openVisits = try json.required("open_visits").asLong()
    }
}

/// The question was put.
public struct AbsenceRequested: Part {
    /// The new absence.
    public var absenceId: UUID
    /// Where it stands.
    public var state: AbsenceState

    public init(absenceId: UUID, state: AbsenceState) {
        self.absenceId = absenceId
        self.state = state
    }

    public func json() -> JSON {
        JSON.members([
            "absence_id": JSON(absenceId),
            "state": JSON.text(state.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.absenceId = try json.required("absence_id").asId()
        self.state = AbsenceState(rawValue: try json.required("state").asText())
    }
}

/// How the item stands.
public struct AnswerSet: Part {
    /// Whether it has been dealt with.
    public var state: AnswerState
    /// The answer in its canonical spelling.
    public var value: String?

    public init(state: AnswerState, value: String? = nil) {
        self.state = state
        self.value = value
    }

    public func json() -> JSON {
        JSON.members([
            "state": JSON.text(state.rawValue),
            "value": value.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.state = AnswerState(rawValue: try json.required("state").asText())
        self.value = try json.optional("value").map { try $0.asText() }
    }
}

/// The week as it is now.
public struct AvailabilitySet: Part {
    /// Minutes of work in it.
    public var minutes: Int32

    public init(minutes: Int32) {
        self.minutes = minutes
    }

    public func json() -> JSON {
        JSON.members([
            "minutes": JSON.integer(Int64(minutes)),
        ])
    }

    public init(json: JSON) throws {
        self.minutes = try json.required("minutes").asInteger()
    }
}

/// The branch was written.
public struct BranchSaved: Part {
    /// The branch.
    public var branchId: UUID

    public init(branchId: UUID) {
        self.branchId = branchId
    }

    public func json() -> JSON {
        JSON.members([
            "branch_id": JSON(branchId),
        ])
    }

    public init(json: JSON) throws {
        self.branchId = try json.required("branch_id").asId()
    }
}

/// The heading was written.
public struct CategoryWritten: Part {
    /// The heading.
    public var categoryId: UUID

    public init(categoryId: UUID) {
        self.categoryId = categoryId
    }

    public func json() -> JSON {
        JSON.members([
            "category_id": JSON(categoryId),
        ])
    }

    public init(json: JSON) throws {
        self.categoryId = try json.required("category_id").asId()
    }
}

/// The checklist was put on the visit.
public struct ChecklistAttached: Part {
    /// The new checklist.
    public var checklistId: UUID
    /// How many items it has.
    public var items: Int64

    public init(checklistId: UUID, items: Int64) {
        self.checklistId = checklistId
        self.items = items
    }

    public func json() -> JSON {
        JSON.members([
            "checklist_id": JSON(checklistId),
            "items": JSON.integer(items),
        ])
    }

    public init(json: JSON) throws {
        self.checklistId = try json.required("checklist_id").asId()
        self.items = try json.required("items").asLong()
    }
}

/// The parts were set.
public struct ComponentsSet: Part {
    /// How many parts the item has now.
    public var components: Int64

    public init(components: Int64) {
        self.components = components
    }

    public func json() -> JSON {
        JSON.members([
            "components": JSON.integer(components),
        ])
    }

    public init(json: JSON) throws {
        self.components = try json.required("components").asLong()
    }
}

/// The contact is gone.
public struct ContactRemoved: Part {

    public init() {
    }

    public func json() -> JSON {
        JSON.members([
            :
        ])
    }

    public init(json: JSON) throws {
    }
}

/// The contact was written.
public struct ContactSaved: Part {
    /// The contact.
    public var contactId: UUID

    public init(contactId: UUID) {
        self.contactId = contactId
    }

    public func json() -> JSON {
        JSON.members([
            "contact_id": JSON(contactId),
        ])
    }

    public init(json: JSON) throws {
        self.contactId = try json.required("contact_id").asId()
    }
}

/// The contract as written.
public struct ContractCreated: Part {
    /// The new contract.
    public var contractId: UUID
    /// Where it stands.
    public var state: ContractState

    public init(contractId: UUID, state: ContractState) {
        self.contractId = contractId
        self.state = state
    }

    public func json() -> JSON {
        JSON.members([
            "contract_id": JSON(contractId),
            "state": JSON.text(state.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.contractId = try json.required("contract_id").asId()
        self.state = ContractState(rawValue: try json.required("state").asText())
    }
}

/// Where a contract stands after a move.
public struct ContractMoved: Part {
    /// The contract's state now.
    public var state: ContractState
    /// How many owed visits were skipped with it.
    public var visitsSkipped: Int64

    public init(state: ContractState, visitsSkipped: Int64) {
        self.state = state
        self.visitsSkipped = visitsSkipped
    }

    public func json() -> JSON {
        JSON.members([
            "state": JSON.text(state.rawValue),
            "visits_skipped": JSON.integer(visitsSkipped),
        ])
    }

    public init(json: JSON) throws {
        self.state = ContractState(rawValue: try json.required("state").asText())
        self.visitsSkipped = try json.required("visits_skipped").asLong()
    }
}

/// The contract goes on.
public struct ContractRenewed: Part {
    /// The contract's state now.
    public var state: ContractState
    /// How often it was renewed.
    public var renewals: Int32

    public init(state: ContractState, renewals: Int32) {
        self.state = state
        self.renewals = renewals
    }

    public func json() -> JSON {
        JSON.members([
            "state": JSON.text(state.rawValue),
            "renewals": JSON.integer(Int64(renewals)),
        ])
    }

    public init(json: JSON) throws {
        self.state = ContractState(rawValue: try json.required("state").asText())
        self.renewals = try json.required("renewals").asInteger()
    }
}

/// The visit was planned.
public struct ContractVisitScheduled: Part {
    /// The new job.
    public var jobId: UUID
    /// The job's state.
    public var jobState: JobState
    /// Where the owed visit stands.
    public var state: OwedState

    public init(jobId: UUID, jobState: JobState, state: OwedState) {
        self.jobId = jobId
        self.jobState = jobState
        self.state = state
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "job_state": JSON.text(jobState.rawValue),
            "state": JSON.text(state.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.jobState = JobState(rawValue: try json.required("job_state").asText())
        self.state = OwedState(rawValue: try json.required("state").asText())
    }
}

/// Nobody comes.
public struct ContractVisitSkipped: Part {
    /// Where the owed visit stands.
    public var state: OwedState

    public init(state: OwedState) {
        self.state = state
    }

    public func json() -> JSON {
        JSON.members([
            "state": JSON.text(state.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.state = OwedState(rawValue: try json.required("state").asText())
    }
}

/// The cost was set.
public struct CostSet: Part {
    /// The item.
    public var itemId: UUID

    public init(itemId: UUID) {
        self.itemId = itemId
    }

    public func json() -> JSON {
        JSON.members([
            "item_id": JSON(itemId),
        ])
    }

    public init(json: JSON) throws {
        self.itemId = try json.required("item_id").asId()
    }
}

/// The credential is gone.
public struct CredentialRemoved: Part {

    public init() {
    }

    public func json() -> JSON {
        JSON.members([
            :
        ])
    }

    public init(json: JSON) throws {
    }
}

/// The credential was written.
public struct CredentialSaved: Part {
    /// The credential.
    public var credentialId: UUID

    public init(credentialId: UUID) {
        self.credentialId = credentialId
    }

    public func json() -> JSON {
        JSON.members([
            "credential_id": JSON(credentialId),
        ])
    }

    public init(json: JSON) throws {
        self.credentialId = try json.required("credential_id").asId()
    }
}

/// The price was agreed, or taken back.
public struct CustomerPriceSet: Part {
    /// The customer.
    public var customerId: UUID
    /// The item.
    public var itemId: UUID

    public init(customerId: UUID, itemId: UUID) {
        self.customerId = customerId
        self.itemId = itemId
    }

    public func json() -> JSON {
        JSON.members([
            "customer_id": JSON(customerId),
            "item_id": JSON(itemId),
        ])
    }

    public init(json: JSON) throws {
        self.customerId = try json.required("customer_id").asId()
        self.itemId = try json.required("item_id").asId()
    }
}

/// The customer was written.
public struct CustomerSaved: Part {
    /// The customer.
    public var customerId: UUID

    public init(customerId: UUID) {
        self.customerId = customerId
    }

    public func json() -> JSON {
        JSON.members([
            "customer_id": JSON(customerId),
        ])
    }

    public init(json: JSON) throws {
        self.customerId = try json.required("customer_id").asId()
    }
}

/// How the document stands.
public struct DocumentMoved: Part {
    /// The document.
    public var documentId: UUID
    /// Whether it is there.
    public var state: DocumentState

    public init(documentId: UUID, state: DocumentState) {
        self.documentId = documentId
        self.state = state
    }

    public func json() -> JSON {
        JSON.members([
            "document_id": JSON(documentId),
            "state": JSON.text(state.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.documentId = try json.required("document_id").asId()
        self.state = DocumentState(rawValue: try json.required("state").asText())
    }
}

/// The machine was written.
public struct EquipmentSaved: Part {
    /// The machine.
    public var equipmentId: UUID

    public init(equipmentId: UUID) {
        self.equipmentId = equipmentId
    }

    public func json() -> JSON {
        JSON.members([
            "equipment_id": JSON(equipmentId),
        ])
    }

    public init(json: JSON) throws {
        self.equipmentId = try json.required("equipment_id").asId()
    }
}

/// The estimate as written.
public struct EstimateGenerated: Part {
    /// The new estimate.
    public var estimateId: UUID
    /// How people call it. May change once, when the server gives it anew.
    public var number: String
    /// What its options come to, in order.
    public var options: [OptionTotals]

    public init(estimateId: UUID, number: String, options: [OptionTotals]) {
        self.estimateId = estimateId
        self.number = number
        self.options = options
    }

    public func json() -> JSON {
        JSON.members([
            "estimate_id": JSON(estimateId),
            "number": JSON.text(number),
            "options": JSON.array(options.map { $0.json() }),
        ])
    }

    public init(json: JSON) throws {
        self.estimateId = try json.required("estimate_id").asId()
        self.number = try json.required("number").asText()
        self.options = try json.required("options").asList { item in try OptionTotals(json: item) }
    }
}

/// Where an estimate stands now.
public struct EstimateMoved: Part {
    /// The estimate.
    public var estimateId: UUID
    /// Its state now.
    public var state: EstimateState

    public init(estimateId: UUID, state: EstimateState) {
        self.estimateId = estimateId
        self.state = state
    }

    public func json() -> JSON {
        JSON.members([
            "estimate_id": JSON(estimateId),
            "state": JSON.text(state.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.estimateId = try json.required("estimate_id").asId()
        self.state = EstimateState(rawValue: try json.required("state").asText())
    }
}

/// The new draft.
public struct EstimateRevised: Part {
    /// The new estimate.
    public var revisionId: UUID
    /// How people call it. May change once, when the server gives it anew.
    public var number: String
    /// What its options come to, in order.
    public var options: [OptionTotals]

    public init(revisionId: UUID, number: String, options: [OptionTotals]) {
        self.revisionId = revisionId
        self.number = number
        self.options = options
    }

    public func json() -> JSON {
        JSON.members([
            "revision_id": JSON(revisionId),
            "number": JSON.text(number),
            "options": JSON.array(options.map { $0.json() }),
        ])
    }

    public init(json: JSON) throws {
        self.revisionId = try json.required("revision_id").asId()
        self.number = try json.required("number").asText()
        self.options = try json.required("options").asList { item in try OptionTotals(json: item) }
    }
}

/// The invoice has other lines now.
public struct InvoiceChanged: Part {
    /// What is to be paid now, in cents.
    public var totalCents: Int64

    public init(totalCents: Int64) {
        self.totalCents = totalCents
    }

    public func json() -> JSON {
        JSON.members([
            "total_cents": JSON.text(String(totalCents)),
        ])
    }

    public init(json: JSON) throws {
        self.totalCents = try json.required("total_cents").asLong()
    }
}

/// The invoice was started.
public struct InvoiceCreated: Part {
    /// The new invoice.
    public var invoiceId: UUID
    /// Its lines.
    public var lines: Int64
    /// Stretches of time in sight that were not charged: still running, or overlapping others.
    public var timeLeftOut: Int64
    /// What is to be paid, in cents.
    public var totalCents: Int64

    public init(invoiceId: UUID, lines: Int64, timeLeftOut: Int64, totalCents: Int64) {
        self.invoiceId = invoiceId
        self.lines = lines
        self.timeLeftOut = timeLeftOut
        self.totalCents = totalCents
    }

    public func json() -> JSON {
        JSON.members([
            "invoice_id": JSON(invoiceId),
            "lines": JSON.integer(lines),
            "time_left_out": JSON.integer(timeLeftOut),
            "total_cents": JSON.text(String(totalCents)),
        ])
    }

    public init(json: JSON) throws {
        self.invoiceId = try json.required("invoice_id").asId()
        self.lines = try json.required("lines").asLong()
        self.timeLeftOut = try json.required("time_left_out").asLong()
        self.totalCents = try json.required("total_cents").asLong()
    }
}

/// The invoice stands. Its number is in its row as soon as Postgres has stored it.
public struct InvoiceIssued: Part {
    /// Where it stands.
    public var state: InvoiceState
    /// What is to be paid, in cents.
    public var totalCents: Int64

    public init(state: InvoiceState, totalCents: Int64) {
        self.state = state
        self.totalCents = totalCents
    }

    public func json() -> JSON {
        JSON.members([
            "state": JSON.text(state.rawValue),
            "total_cents": JSON.text(String(totalCents)),
        ])
    }

    public init(json: JSON) throws {
        self.state = InvoiceState(rawValue: try json.required("state").asText())
        self.totalCents = try json.required("total_cents").asLong()
    }
}

/// The invoice was called off.
public struct InvoiceVoided: Part {
    /// Where it stands.
    public var state: InvoiceState

    public init(state: InvoiceState) {
        self.state = state
    }

    public func json() -> JSON {
        JSON.members([
            "state": JSON.text(state.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.state = InvoiceState(rawValue: try json.required("state").asText())
    }
}

/// What became of an item.
public struct ItemDecided: Part {
    /// The item.
    public var key: UUID
    /// `open`, `applied`, `repaired` or `dismissed`.
    public var status: String
    /// What the procedure returned, where one was applied.
    public var output: JSON?

    public init(key: UUID, status: String, output: JSON? = nil) {
        self.key = key
        self.status = status
        self.output = output
    }

    public func json() -> JSON {
        JSON.members([
            "key": JSON(key),
            "status": JSON.text(status),
            "output": output.map { $0 },
        ])
    }

    public init(json: JSON) throws {
        self.key = try json.required("key").asId()
        self.status = try json.required("status").asText()
        self.output = json.optional("output")
    }
}

/// The item was written.
public struct ItemWritten: Part {
    /// The item.
    public var itemId: UUID

    public init(itemId: UUID) {
        self.itemId = itemId
    }

    public func json() -> JSON {
        JSON.members([
            "item_id": JSON(itemId),
        ])
    }

    public init(json: JSON) throws {
        self.itemId = try json.required("item_id").asId()
    }
}

/// The job was called off.
public struct JobCanceled: Part {
    /// The job.
    public var jobId: UUID
    /// How many visits were called off with it.
    public var visitsCanceled: Int64

    public init(jobId: UUID, visitsCanceled: Int64) {
        self.jobId = jobId
        self.visitsCanceled = visitsCanceled
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visits_canceled": JSON.integer(visitsCanceled),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitsCanceled = try json.required("visits_canceled").asLong()
    }
}

/// The job as written.
public struct JobCreated: Part {
    /// The new job.
    public var jobId: UUID
    /// Where it stands.
    public var state: JobState

    public init(jobId: UUID, state: JobState) {
        self.jobId = jobId
        self.state = state
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "state": JSON.text(state.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.state = JobState(rawValue: try json.required("state").asText())
    }
}

/// What the job asks for now.
public struct JobSkillsSet: Part {
    /// How many skills.
    public var skills: Int64

    public init(skills: Int64) {
        self.skills = skills
    }

    public func json() -> JSON {
        JSON.members([
            "skills": JSON.integer(skills),
        ])
    }

    public init(json: JSON) throws {
        self.skills = try json.required("skills").asLong()
    }
}

/// Where the job stands.
public struct JobStatusUpdated: Part {
    /// The job's state now. A reopened job follows its visits.
    public var state: JobState

    public init(state: JobState) {
        self.state = state
    }

    public func json() -> JSON {
        JSON.members([
            "state": JSON.text(state.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.state = JobState(rawValue: try json.required("state").asText())
    }
}

/// The job was changed.
public struct JobUpdated: Part {
    /// The job.
    public var jobId: UUID

    public init(jobId: UUID) {
        self.jobId = jobId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
    }
}

/// The place was written.
public struct LocationSaved: Part {
    /// The place.
    public var locationId: UUID
    /// The territory it lies in, if any is known.
    public var territoryId: UUID?

    public init(locationId: UUID, territoryId: UUID? = nil) {
        self.locationId = locationId
        self.territoryId = territoryId
    }

    public func json() -> JSON {
        JSON.members([
            "location_id": JSON(locationId),
            "territory_id": territoryId.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.locationId = try json.required("location_id").asId()
        self.territoryId = try json.optional("territory_id").map { try $0.asId() }
    }
}

/// The material was noted.
public struct MaterialAdded: Part {
    /// The new line.
    public var materialId: UUID
    /// The price of one unit that was noted, in cents of the organization's currency.
    public var unitPriceCents: Int64

    public init(materialId: UUID, unitPriceCents: Int64) {
        self.materialId = materialId
        self.unitPriceCents = unitPriceCents
    }

    public func json() -> JSON {
        JSON.members([
            "material_id": JSON(materialId),
            "unit_price_cents": JSON.text(String(unitPriceCents)),
        ])
    }

    public init(json: JSON) throws {
        self.materialId = try json.required("material_id").asId()
        self.unitPriceCents = try json.required("unit_price_cents").asLong()
    }
}

/// The line was corrected.
public struct MaterialCorrected: Part {
    /// Whether the line was removed.
    public var removed: Bool

    public init(removed: Bool) {
        self.removed = removed
    }

    public func json() -> JSON {
        JSON.members([
            "removed": JSON.boolean(removed),
        ])
    }

    public init(json: JSON) throws {
        self.removed = try json.required("removed").asBoolean()
    }
}

/// The minimum was set.
public struct MinimumSet: Part {
    /// How the quantity compares with zero and the new minimum.
    public var standing: StockStanding

    public init(standing: StockStanding) {
        self.standing = standing
    }

    public func json() -> JSON {
        JSON.members([
            "standing": JSON.text(standing.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.standing = StockStanding(rawValue: try json.required("standing").asText())
    }
}

/// A part of an item.
public struct NewComponent: Part {
    /// The part; not the item itself, nor anything made of it.
    public var componentId: UUID
    /// How much of it goes into one unit of the item, in the part's unit: above zero, at most three decimals.
    public var quantity: Decimal

    public init(componentId: UUID, quantity: Decimal) {
        self.componentId = componentId
        self.quantity = quantity
    }

    public func json() -> JSON {
        JSON.members([
            "component_id": JSON(componentId),
            "quantity": JSON(quantity),
        ])
    }

    public init(json: JSON) throws {
        self.componentId = try json.required("component_id").asId()
        self.quantity = try json.required("quantity").asDecimal()
    }
}

/// A line to write: an item of the pricebook, or, without one, whatever the author names and prices. An author who read name, unit and price from the pricebook sends them along, so that what the customer was told holds although the pricebook changes before the line arrives.
public struct NewLine: Part {
    /// Id of the new line, made by the caller.
    public var lineId: UUID
    /// How much, in that unit: above zero, at most three decimals.
    public var quantity: Decimal
    /// What is offered: an active item of the pricebook.
    public var itemId: UUID?
    /// What the customer reads: one line, at most 200 characters; the item's name when left out.
    public var name: String?
    /// What one unit is, at most 32 characters; the item's unit, or `each`, when left out.
    public var unit: String?
    /// Price of one unit that the customer was told; the pricebook's when left out. Required without an item.
    public var unitPriceCents: Int64?
    /// How it is taxed; without an item `standard` when left out. An item is taxed as the pricebook says.
    public var taxClass: TaxClass?
    /// Discount on this line, from 0 to 100 with at most four decimals.
    public var discountPercent: Decimal?

    public init(lineId: UUID, quantity: Decimal, itemId: UUID? = nil, name: String? = nil, unit: String? = nil, unitPriceCents: Int64? = nil, taxClass: TaxClass? = nil, discountPercent: Decimal? = nil) {
        self.lineId = lineId
        self.quantity = quantity
        self.itemId = itemId
        self.name = name
        self.unit = unit
        self.unitPriceCents = unitPriceCents
        self.taxClass = taxClass
        self.discountPercent = discountPercent
    }

    public func json() -> JSON {
        JSON.members([
            "line_id": JSON(lineId),
            "item_id": itemId.map { JSON($0) },
            "name": name.map { JSON.text($0) },
            "unit": unit.map { JSON.text($0) },
            "unit_price_cents": unitPriceCents.map { JSON.text(String($0)) },
            "tax_class": taxClass.map { JSON.text($0.rawValue) },
            "quantity": JSON(quantity),
            "discount_percent": discountPercent.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.lineId = try json.required("line_id").asId()
        self.itemId = try json.optional("item_id").map { try $0.asId() }
        self.name = try json.optional("name").map { try $0.asText() }
        self.unit = try json.optional("unit").map { try $0.asText() }
        self.unitPriceCents = try json.optional("unit_price_cents").map { try $0.asLong() }
        self.taxClass = try json.optional("tax_class").map { TaxClass(rawValue: try $0.asText()) }
        self.quantity = try json.required("quantity").asDecimal()
        self.discountPercent = try json.optional("discount_percent").map { try $0.asDecimal() }
    }
}

/// An option to write.
public struct NewOption: Part {
    /// Id of the new option, made by the caller.
    public var optionId: UUID
    /// What it is called: `Good`, `Better`, `Best`; one line, at most 100 characters.
    public var name: String
    /// Its lines, in order; at most 200.
    public var lines: [NewLine]?

    public init(optionId: UUID, name: String, lines: [NewLine]? = nil) {
        self.optionId = optionId
        self.name = name
        self.lines = lines
    }

    public func json() -> JSON {
        JSON.members([
            "option_id": JSON(optionId),
            "name": JSON.text(name),
            "lines": lines.map { JSON.array($0.map { item in item.json() }) },
        ])
    }

    public init(json: JSON) throws {
        self.optionId = try json.required("option_id").asId()
        self.name = try json.required("name").asText()
        self.lines = try json.optional("lines").map { try $0.asList { item in try NewLine(json: item) } }
    }
}

/// A price in a version.
public struct NewPrice: Part {
    /// The item.
    public var itemId: UUID
    /// Price of one unit; none to leave the item out of the version.
    public var priceCents: Int64?

    public init(itemId: UUID, priceCents: Int64? = nil) {
        self.itemId = itemId
        self.priceCents = priceCents
    }

    public func json() -> JSON {
        JSON.members([
            "item_id": JSON(itemId),
            "price_cents": priceCents.map { JSON.text(String($0)) },
        ])
    }

    public init(json: JSON) throws {
        self.itemId = try json.required("item_id").asId()
        self.priceCents = try json.optional("price_cents").map { try $0.asLong() }
    }
}

/// The note was started.
public struct NoteCreated: Part {
    /// The new note.
    public var noteId: UUID

    public init(noteId: UUID) {
        self.noteId = noteId
    }

    public func json() -> JSON {
        JSON.members([
            "note_id": JSON(noteId),
        ])
    }

    public init(json: JSON) throws {
        self.noteId = try json.required("note_id").asId()
    }
}

/// The note was edited.
public struct NoteEdited: Part {
    /// The note.
    public var noteId: UUID
    /// How many of the changes were not there yet.
    public var fresh: Int64

    public init(noteId: UUID, fresh: Int64) {
        self.noteId = noteId
        self.fresh = fresh
    }

    public func json() -> JSON {
        JSON.members([
            "note_id": JSON(noteId),
            "fresh": JSON.integer(fresh),
        ])
    }

    public init(json: JSON) throws {
        self.noteId = try json.required("note_id").asId()
        self.fresh = try json.required("fresh").asLong()
    }
}

/// What an option comes to now.
public struct OptionTotals: Part {
    /// The option.
    public var optionId: UUID
    /// All lines at full price.
    public var subtotalCents: Int64
    /// All that is taken off.
    public var discountCents: Int64
    /// Tax on what is left.
    public var taxCents: Int64
    /// What the customer pays.
    public var totalCents: Int64

    public init(optionId: UUID, subtotalCents: Int64, discountCents: Int64, taxCents: Int64, totalCents: Int64) {
        self.optionId = optionId
        self.subtotalCents = subtotalCents
        self.discountCents = discountCents
        self.taxCents = taxCents
        self.totalCents = totalCents
    }

    public func json() -> JSON {
        JSON.members([
            "option_id": JSON(optionId),
            "subtotal_cents": JSON.text(String(subtotalCents)),
            "discount_cents": JSON.text(String(discountCents)),
            "tax_cents": JSON.text(String(taxCents)),
            "total_cents": JSON.text(String(totalCents)),
        ])
    }

    public init(json: JSON) throws {
        self.optionId = try json.required("option_id").asId()
        self.subtotalCents = try json.required("subtotal_cents").asLong()
        self.discountCents = try json.required("discount_cents").asLong()
        self.taxCents = try json.required("tax_cents").asLong()
        self.totalCents = try json.required("total_cents").asLong()
    }
}

/// The organization was written.
public struct OrganizationSaved: Part {
    /// The organization.
    public var organizationId: UUID

    public init(organizationId: UUID) {
        self.organizationId = organizationId
    }

    public func json() -> JSON {
        JSON.members([
            "organization_id": JSON(organizationId),
        ])
    }

    public init(json: JSON) throws {
        self.organizationId = try json.required("organization_id").asId()
    }
}

/// Books against one kind of warning.
public struct Override: Part {
    /// The rule that is overruled.
    public var rule: DispatchRule
    /// Why; at most 2,000 characters. It is kept.
    public var reason: String

    public init(rule: DispatchRule, reason: String) {
        self.rule = rule
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "rule": JSON.text(rule.rawValue),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.rule = DispatchRule(rawValue: try json.required("rule").asText())
        self.reason = try json.required("reason").asText()
    }
}

/// The money was noted.
public struct PaymentCollected: Part {
    /// The new payment.
    public var paymentId: UUID
    /// Where the invoice stands.
    public var state: InvoiceState
    /// What there is still to collect, in cents; negative when too much was taken.
    public var balanceCents: Int64
    /// Whether more was taken than is to be paid.
    public var overpaid: Bool

    public init(paymentId: UUID, state: InvoiceState, balanceCents: Int64, overpaid: Bool) {
        self.paymentId = paymentId
        self.state = state
        self.balanceCents = balanceCents
        self.overpaid = overpaid
    }

    public func json() -> JSON {
        JSON.members([
            "payment_id": JSON(paymentId),
            "state": JSON.text(state.rawValue),
            "balance_cents": JSON.text(String(balanceCents)),
            "overpaid": JSON.boolean(overpaid),
        ])
    }

    public init(json: JSON) throws {
        self.paymentId = try json.required("payment_id").asId()
        self.state = InvoiceState(rawValue: try json.required("state").asText())
        self.balanceCents = try json.required("balance_cents").asLong()
        self.overpaid = try json.required("overpaid").asBoolean()
    }
}

/// Where a payment and its invoice stand now.
public struct PaymentMoved: Part {
    /// Where the payment stands.
    public var state: PaymentState
    /// Where the invoice stands.
    public var invoiceState: InvoiceState
    /// What there is still to collect on the invoice, in cents; negative when too much was taken.
    public var balanceCents: Int64

    public init(state: PaymentState, invoiceState: InvoiceState, balanceCents: Int64) {
        self.state = state
        self.invoiceState = invoiceState
        self.balanceCents = balanceCents
    }

    public func json() -> JSON {
        JSON.members([
            "state": JSON.text(state.rawValue),
            "invoice_state": JSON.text(invoiceState.rawValue),
            "balance_cents": JSON.text(String(balanceCents)),
        ])
    }

    public init(json: JSON) throws {
        self.state = PaymentState(rawValue: try json.required("state").asText())
        self.invoiceState = InvoiceState(rawValue: try json.required("invoice_state").asText())
        self.balanceCents = try json.required("balance_cents").asLong()
    }
}

/// A visit to plan.
public struct PlannedVisit: Part {
    /// Id of the new visit, made by the caller.
    public var visitId: UUID
    /// Start of the promised arrival window.
    public var windowStart: Instant
    /// End of the promised arrival window: after its start, at most 14 days later.
    public var windowEnd: Instant
    /// Templates of the checklists the visit gets; at most 8, each once.
    public var templateIds: [UUID]?

    public init(visitId: UUID, windowStart: Instant, windowEnd: Instant, templateIds: [UUID]? = nil) {
        self.visitId = visitId
        self.windowStart = windowStart
        self.windowEnd = windowEnd
        self.templateIds = templateIds
    }

    public func json() -> JSON {
        JSON.members([
            "visit_id": JSON(visitId),
            "window_start": JSON(windowStart),
            "window_end": JSON(windowEnd),
            "template_ids": templateIds.map { JSON.array($0.map { item in JSON(item) }) },
        ])
    }

    public init(json: JSON) throws {
        self.visitId = try json.required("visit_id").asId()
        self.windowStart = try json.required("window_start").asInstant()
        self.windowEnd = try json.required("window_end").asInstant()
        self.templateIds = try json.optional("template_ids").map { try $0.asList { item in try item.asId() } }
    }
}

/// The territory as it is now.
public struct PostalCodesSet: Part {
    /// How many postal codes it has.
    public var postalCodes: Int64

    public init(postalCodes: Int64) {
        self.postalCodes = postalCodes
    }

    public func json() -> JSON {
        JSON.members([
            "postal_codes": JSON.integer(postalCodes),
        ])
    }

    public init(json: JSON) throws {
        self.postalCodes = try json.required("postal_codes").asLong()
    }
}

/// The prices were set.
public struct PricesSet: Part {
    /// How many items were named.
    public var prices: Int64

    public init(prices: Int64) {
        self.prices = prices
    }

    public func json() -> JSON {
        JSON.members([
            "prices": JSON.integer(prices),
        ])
    }

    public init(json: JSON) throws {
        self.prices = try json.required("prices").asLong()
    }
}

/// One item that is brought.
public struct ReplenishmentLine: Part {
    /// Id of the new entry, made by the caller.
    public var movementId: UUID
    /// The item; material of the pricebook.
    public var itemId: UUID
    /// How much, in the item's unit, above zero, at most three decimals. Left out: up to the target, or what was requested if that is more.
    public var quantity: Decimal?

    public init(movementId: UUID, itemId: UUID, quantity: Decimal? = nil) {
        self.movementId = movementId
        self.itemId = itemId
        self.quantity = quantity
    }

    public func json() -> JSON {
        JSON.members([
            "movement_id": JSON(movementId),
            "item_id": JSON(itemId),
            "quantity": quantity.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.movementId = try json.required("movement_id").asId()
        self.itemId = try json.required("item_id").asId()
        self.quantity = try json.optional("quantity").map { try $0.asDecimal() }
    }
}

/// The request was noted.
public struct ReplenishmentRequested: Part {
    /// How much is there now, in the item's unit.
    public var quantity: Decimal

    public init(quantity: Decimal) {
        self.quantity = quantity
    }

    public func json() -> JSON {
        JSON.members([
            "quantity": JSON(quantity),
        ])
    }

    public init(json: JSON) throws {
        self.quantity = try json.required("quantity").asDecimal()
    }
}

/// The visit was moved.
public struct Rescheduled: Part {
    /// Whether one of its technicians is double booked now.
    public var overlaps: Bool
    /// The rules that were overruled.
    public var overridden: [DispatchRule]

    public init(overlaps: Bool, overridden: [DispatchRule]) {
        self.overlaps = overlaps
        self.overridden = overridden
    }

    public func json() -> JSON {
        JSON.members([
            "overlaps": JSON.boolean(overlaps),
            "overridden": JSON.array(overridden.map { JSON.text($0.rawValue) }),
        ])
    }

    public init(json: JSON) throws {
        self.overlaps = try json.required("overlaps").asBoolean()
        self.overridden = try json.required("overridden").asList { item in DispatchRule(rawValue: try item.asText()) }
    }
}

/// A stretch of the year.
public struct Season: Part {
    /// First month, 1 to 12.
    public var fromMonth: Int32
    /// Last month, 1 to 12; before the first one when the season spans New Year.
    public var untilMonth: Int32

    public init(fromMonth: Int32, untilMonth: Int32) {
        self.fromMonth = fromMonth
        self.untilMonth = untilMonth
    }

    public func json() -> JSON {
        JSON.members([
            "from_month": JSON.integer(Int64(fromMonth)),
            "until_month": JSON.integer(Int64(untilMonth)),
        ])
    }

    public init(json: JSON) throws {
        self.fromMonth = try json.required("from_month").asInteger()
        self.untilMonth = try json.required("until_month").asInteger()
    }
}

/// The signature was kept.
public struct SignatureCaptured: Part {
    /// The new signature.
    public var signatureId: UUID

    public init(signatureId: UUID) {
        self.signatureId = signatureId
    }

    public func json() -> JSON {
        JSON.members([
            "signature_id": JSON(signatureId),
        ])
    }

    public init(json: JSON) throws {
        self.signatureId = try json.required("signature_id").asId()
    }
}

/// The refusal was kept.
public struct SignatureRefused: Part {
    /// The new row.
    public var signatureId: UUID

    public init(signatureId: UUID) {
        self.signatureId = signatureId
    }

    public func json() -> JSON {
        JSON.members([
            "signature_id": JSON(signatureId),
        ])
    }

    public init(json: JSON) throws {
        self.signatureId = try json.required("signature_id").asId()
    }
}

/// The technician has the skill no longer.
public struct SkillRevoked: Part {

    public init() {
    }

    public func json() -> JSON {
        JSON.members([
            :
        ])
    }

    public init(json: JSON) throws {
    }
}

/// The skill was written.
public struct SkillSaved: Part {
    /// The skill.
    public var skillId: UUID

    public init(skillId: UUID) {
        self.skillId = skillId
    }

    public func json() -> JSON {
        JSON.members([
            "skill_id": JSON(skillId),
        ])
    }

    public init(json: JSON) throws {
        self.skillId = try json.required("skill_id").asId()
    }
}

/// The count was taken.
public struct StockCounted: Part {
    /// What had to be added to the level, or, below zero, taken from it.
    public var difference: Decimal

    public init(difference: Decimal) {
        self.difference = difference
    }

    public func json() -> JSON {
        JSON.members([
            "difference": JSON(difference),
        ])
    }

    public init(json: JSON) throws {
        self.difference = try json.required("difference").asDecimal()
    }
}

/// The place was set up.
public struct StockLocationCreated: Part {
    /// The new place.
    public var stockLocationId: UUID

    public init(stockLocationId: UUID) {
        self.stockLocationId = stockLocationId
    }

    public func json() -> JSON {
        JSON.members([
            "stock_location_id": JSON(stockLocationId),
        ])
    }

    public init(json: JSON) throws {
        self.stockLocationId = try json.required("stock_location_id").asId()
    }
}

/// The place was changed.
public struct StockLocationUpdated: Part {
    /// The place.
    public var stockLocationId: UUID

    public init(stockLocationId: UUID) {
        self.stockLocationId = stockLocationId
    }

    public func json() -> JSON {
        JSON.members([
            "stock_location_id": JSON(stockLocationId),
        ])
    }

    public init(json: JSON) throws {
        self.stockLocationId = try json.required("stock_location_id").asId()
    }
}

/// Where the level stands after a movement.
public struct StockMoved: Part {
    /// How much there is now, in the item's unit.
    public var quantity: Decimal
    /// How that compares with zero and the minimum.
    public var standing: StockStanding

    public init(quantity: Decimal, standing: StockStanding) {
        self.quantity = quantity
        self.standing = standing
    }

    public func json() -> JSON {
        JSON.members([
            "quantity": JSON(quantity),
            "standing": JSON.text(standing.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.quantity = try json.required("quantity").asDecimal()
        self.standing = StockStanding(rawValue: try json.required("standing").asText())
    }
}

/// The place was filled.
public struct StockReplenished: Part {
    /// How much was brought of each line, in the item's unit; zero where nothing was missing.
    public var quantities: [Decimal]

    public init(quantities: [Decimal]) {
        self.quantities = quantities
    }

    public func json() -> JSON {
        JSON.members([
            "quantities": JSON.array(quantities.map { JSON($0) }),
        ])
    }

    public init(json: JSON) throws {
        self.quantities = try json.required("quantities").asList { item in try item.asDecimal() }
    }
}

/// A stretch of work, every week.
public struct Stretch: Part {
    /// The day, from 1 for Monday to 7 for Sunday.
    public var weekday: Int32
    /// First minute at work, counted from midnight on the branch's clock.
    public var startMinute: Int32
    /// First minute off again; at most 1,440. Work past midnight is a second stretch, on the next day.
    public var endMinute: Int32

    public init(weekday: Int32, startMinute: Int32, endMinute: Int32) {
        self.weekday = weekday
        self.startMinute = startMinute
        self.endMinute = endMinute
    }

    public func json() -> JSON {
        JSON.members([
            "weekday": JSON.integer(Int64(weekday)),
            "start_minute": JSON.integer(Int64(startMinute)),
            "end_minute": JSON.integer(Int64(endMinute)),
        ])
    }

    public init(json: JSON) throws {
        self.weekday = try json.required("weekday").asInteger()
        self.startMinute = try json.required("start_minute").asInteger()
        self.endMinute = try json.required("end_minute").asInteger()
    }
}

/// The rate was set.
public struct TaxRateSet: Part {
    /// The rate's row.
    public var taxRateId: UUID

    public init(taxRateId: UUID) {
        self.taxRateId = taxRateId
    }

    public func json() -> JSON {
        JSON.members([
            "tax_rate_id": JSON(taxRateId),
        ])
    }

    public init(json: JSON) throws {
        self.taxRateId = try json.required("tax_rate_id").asId()
    }
}

/// The technician was put on the visit.
public struct TechAssigned: Part {
    /// The new assignment.
    public var assignmentId: UUID
    /// Whether the technician is double booked now.
    public var overlaps: Bool
    /// The rules that were overruled.
    public var overridden: [DispatchRule]

    public init(assignmentId: UUID, overlaps: Bool, overridden: [DispatchRule]) {
        self.assignmentId = assignmentId
        self.overlaps = overlaps
        self.overridden = overridden
    }

    public func json() -> JSON {
        JSON.members([
            "assignment_id": JSON(assignmentId),
            "overlaps": JSON.boolean(overlaps),
            "overridden": JSON.array(overridden.map { JSON.text($0.rawValue) }),
        ])
    }

    public init(json: JSON) throws {
        self.assignmentId = try json.required("assignment_id").asId()
        self.overlaps = try json.required("overlaps").asBoolean()
        self.overridden = try json.required("overridden").asList { item in DispatchRule(rawValue: try item.asText()) }
    }
}

/// The technician was taken off the visit.
public struct TechUnassigned: Part {
    /// The visit's state now.
    public var state: VisitState

    public init(state: VisitState) {
        self.state = state
    }

    public func json() -> JSON {
        JSON.members([
            "state": JSON.text(state.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.state = VisitState(rawValue: try json.required("state").asText())
    }
}

/// The technician was written.
public struct TechnicianSaved: Part {
    /// The technician.
    public var technicianId: UUID

    public init(technicianId: UUID) {
        self.technicianId = technicianId
    }

    public func json() -> JSON {
        JSON.members([
            "technician_id": JSON(technicianId),
        ])
    }

    public init(json: JSON) throws {
        self.technicianId = try json.required("technician_id").asId()
    }
}

/// The technician has the skill.
public struct TechnicianSkilled: Part {
    /// The technician's skill.
    public var technicianSkillId: UUID

    public init(technicianSkillId: UUID) {
        self.technicianSkillId = technicianSkillId
    }

    public func json() -> JSON {
        JSON.members([
            "technician_skill_id": JSON(technicianSkillId),
        ])
    }

    public init(json: JSON) throws {
        self.technicianSkillId = try json.required("technician_skill_id").asId()
    }
}

/// The question is gone.
public struct TemplateItemRemoved: Part {

    public init() {
    }

    public func json() -> JSON {
        JSON.members([
            :
        ])
    }

    public init(json: JSON) throws {
    }
}

/// The question was written.
public struct TemplateItemSaved: Part {
    /// The question.
    public var itemId: UUID

    public init(itemId: UUID) {
        self.itemId = itemId
    }

    public func json() -> JSON {
        JSON.members([
            "item_id": JSON(itemId),
        ])
    }

    public init(json: JSON) throws {
        self.itemId = try json.required("item_id").asId()
    }
}

/// The template was written.
public struct TemplateSaved: Part {
    /// The template.
    public var templateId: UUID

    public init(templateId: UUID) {
        self.templateId = templateId
    }

    public func json() -> JSON {
        JSON.members([
            "template_id": JSON(templateId),
        ])
    }

    public init(json: JSON) throws {
        self.templateId = try json.required("template_id").asId()
    }
}

/// Where the technician works now.
public struct TerritoriesSet: Part {
    /// How many territories.
    public var territories: Int64

    public init(territories: Int64) {
        self.territories = territories
    }

    public func json() -> JSON {
        JSON.members([
            "territories": JSON.integer(territories),
        ])
    }

    public init(json: JSON) throws {
        self.territories = try json.required("territories").asLong()
    }
}

/// The territory was written.
public struct TerritorySaved: Part {
    /// The territory.
    public var territoryId: UUID

    public init(territoryId: UUID) {
        self.territoryId = territoryId
    }

    public func json() -> JSON {
        JSON.members([
            "territory_id": JSON(territoryId),
        ])
    }

    public init(json: JSON) throws {
        self.territoryId = try json.required("territory_id").asId()
    }
}

/// Time is running.
public struct TimeStarted: Part {
    /// The new entry.
    public var entryId: UUID
    /// Whether it overlaps another entry of the technician.
    public var overlaps: Bool

    public init(entryId: UUID, overlaps: Bool) {
        self.entryId = entryId
        self.overlaps = overlaps
    }

    public func json() -> JSON {
        JSON.members([
            "entry_id": JSON(entryId),
            "overlaps": JSON.boolean(overlaps),
        ])
    }

    public init(json: JSON) throws {
        self.entryId = try json.required("entry_id").asId()
        self.overlaps = try json.required("overlaps").asBoolean()
    }
}

/// Time was stopped.
public struct TimeStopped: Part {
    /// How long it ran, in whole seconds.
    public var durationS: Int64
    /// Whether it overlaps another entry of the technician; accepted, and flagged for the office.
    public var overlaps: Bool

    public init(durationS: Int64, overlaps: Bool) {
        self.durationS = durationS
        self.overlaps = overlaps
    }

    public func json() -> JSON {
        JSON.members([
            "duration_s": JSON.integer(durationS),
            "overlaps": JSON.boolean(overlaps),
        ])
    }

    public init(json: JSON) throws {
        self.durationS = try json.required("duration_s").asLong()
        self.overlaps = try json.required("overlaps").asBoolean()
    }
}

/// Where a version stands now.
public struct VersionMoved: Part {
    /// The version.
    public var versionId: UUID
    /// Its state now.
    public var state: VersionState

    public init(versionId: UUID, state: VersionState) {
        self.versionId = versionId
        self.state = state
    }

    public func json() -> JSON {
        JSON.members([
            "version_id": JSON(versionId),
            "state": JSON.text(state.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.versionId = try json.required("version_id").asId()
        self.state = VersionState(rawValue: try json.required("state").asText())
    }
}

/// The visit as planned.
public struct VisitCreated: Part {
    /// The new visit.
    public var visitId: UUID
    /// The job's state now.
    public var jobState: JobState

    public init(visitId: UUID, jobState: JobState) {
        self.visitId = visitId
        self.jobState = jobState
    }

    public func json() -> JSON {
        JSON.members([
            "visit_id": JSON(visitId),
            "job_state": JSON.text(jobState.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.visitId = try json.required("visit_id").asId()
        self.jobState = JobState(rawValue: try json.required("job_state").asText())
    }
}

/// Where a visit and its job stand after a move.
public struct VisitMoved: Part {
    /// The visit's state now.
    public var state: VisitState
    /// The job's state now.
    public var jobState: JobState

    public init(state: VisitState, jobState: JobState) {
        self.state = state
        self.jobState = jobState
    }

    public func json() -> JSON {
        JSON.members([
            "state": JSON.text(state.rawValue),
            "job_state": JSON.text(jobState.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.state = VisitState(rawValue: try json.required("state").asText())
        self.jobState = JobState(rawValue: try json.required("job_state").asText())
    }
}

/// The visits were written down.
public struct VisitsGenerated: Part {
    /// How many are new.
    public var visitsCreated: Int64
    /// The contract's state now.
    public var state: ContractState

    public init(visitsCreated: Int64, state: ContractState) {
        self.visitsCreated = visitsCreated
        self.state = state
    }

    public func json() -> JSON {
        JSON.members([
            "visits_created": JSON.integer(visitsCreated),
            "state": JSON.text(state.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.visitsCreated = try json.required("visits_created").asLong()
        self.state = ContractState(rawValue: try json.required("state").asText())
    }
}
