// Written by `./dev bindings` from the registry: do not edit.

import Foundation

/// A row of `organization`.
public struct Organization: Row {
    public static let table = "organization"

    public let id: UUID
    public let rev: Int64
    public let name: String
    public let currency: String

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.name = try row.text(2)
        self.currency = try row.text(3)
    }
}

/// A row of `branch`.
public struct Branch: Row {
    public static let table = "branch"

    public let id: UUID
    public let rev: Int64
    public let name: String
    public let zone: String

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.name = try row.text(2)
        self.zone = try row.text(3)
    }
}

/// A row of `technician`.
public struct Technician: Row {
    public static let table = "technician"

    public let id: UUID
    public let rev: Int64
    public let branchId: UUID
    public let userId: UUID?
    public let name: String
    public let active: Bool

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.branchId = try row.id(2)
        self.userId = try row.optional(3, row.id)
        self.name = try row.text(4)
        self.active = try row.boolean(5)
    }
}

/// A row of `territory`.
public struct Territory: Row {
    public static let table = "territory"

    public let id: UUID
    public let rev: Int64
    public let branchId: UUID
    public let name: String
    public let active: Bool

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.branchId = try row.id(2)
        self.name = try row.text(3)
        self.active = try row.boolean(4)
    }

    public static func byBranch(branchId: UUID) -> Query<Territory> {
        Query("\"branch_id\" = ?1 order by id", [branchId])
    }
}

/// A row of `territory_area`.
public struct TerritoryArea: Row {
    public static let table = "territory_area"

    public let id: UUID
    public let rev: Int64
    public let territoryId: UUID
    public let branchId: UUID
    public let postalCode: String

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.territoryId = try row.id(2)
        self.branchId = try row.id(3)
        self.postalCode = try row.text(4)
    }

    public static func byTerritory(territoryId: UUID) -> Query<TerritoryArea> {
        Query("\"territory_id\" = ?1 order by id", [territoryId])
    }

    public static func byPostalCode(postalCode: String) -> Query<TerritoryArea> {
        Query("\"postal_code\" = ?1 order by id", [postalCode])
    }
}

/// A row of `skill`.
public struct Skill: Row {
    public static let table = "skill"

    public let id: UUID
    public let rev: Int64
    public let name: String
    public let active: Bool

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.name = try row.text(2)
        self.active = try row.boolean(3)
    }
}

/// A row of `technician_skill`.
public struct TechnicianSkill: Row {
    public static let table = "technician_skill"

    public let id: UUID
    public let rev: Int64
    public let technicianId: UUID
    public let branchId: UUID
    public let skillId: UUID
    public let expiresOn: CalendarDay?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.technicianId = try row.id(2)
        self.branchId = try row.id(3)
        self.skillId = try row.id(4)
        self.expiresOn = try row.optional(5, row.date)
    }

    public static func byTechnician(technicianId: UUID) -> Query<TechnicianSkill> {
        Query("\"technician_id\" = ?1 order by id", [technicianId])
    }
}

/// A row of `technician_territory`.
public struct TechnicianTerritory: Row {
    public static let table = "technician_territory"

    public let id: UUID
    public let rev: Int64
    public let technicianId: UUID
    public let branchId: UUID
    public let territoryId: UUID

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.technicianId = try row.id(2)
        self.branchId = try row.id(3)
        self.territoryId = try row.id(4)
    }

    public static func byTechnician(technicianId: UUID) -> Query<TechnicianTerritory> {
        Query("\"technician_id\" = ?1 order by id", [technicianId])
    }
}

/// A row of `working_hours`.
public struct WorkingHours: Row {
    public static let table = "working_hours"

    public let id: UUID
    public let rev: Int64
    public let technicianId: UUID
    public let branchId: UUID
    public let weekday: Int32
    public let startMinute: Int32
    public let endMinute: Int32

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.technicianId = try row.id(2)
        self.branchId = try row.id(3)
        self.weekday = try row.integer(4)
        self.startMinute = try row.integer(5)
        self.endMinute = try row.integer(6)
    }

    public static func byTechnician(technicianId: UUID) -> Query<WorkingHours> {
        Query("\"technician_id\" = ?1 order by id", [technicianId])
    }
}

/// A row of `absence`.
public struct Absence: Row {
    public static let table = "absence"

    public let id: UUID
    public let rev: Int64
    public let technicianId: UUID
    public let branchId: UUID
    public let kind: AbsenceKind
    public let state: AbsenceState
    public let startsAt: Instant
    public let endsAt: Instant
    public let note: String?
    public let requestedBy: UUID
    public let decidedBy: UUID?
    public let decidedAt: Instant?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.technicianId = try row.id(2)
        self.branchId = try row.id(3)
        self.kind = AbsenceKind(rawValue: try row.text(4))
        self.state = AbsenceState(rawValue: try row.text(5))
        self.startsAt = try row.instant(6)
        self.endsAt = try row.instant(7)
        self.note = try row.optional(8, row.text)
        self.requestedBy = try row.id(9)
        self.decidedBy = try row.optional(10, row.id)
        self.decidedAt = try row.optional(11, row.instant)
    }

    public static func byTechnician(technicianId: UUID, from: Instant? = nil, until: Instant? = nil) -> Query<Absence> {
        Query("\"technician_id\" = ?1 and (?2 is null or \"starts_at\" >= ?2) and (?3 is null or \"starts_at\" < ?3) order by \"starts_at\", id", [technicianId, from, until])
    }
}

/// A row of `credential`.
public struct Credential: Row {
    public static let table = "credential"

    public let id: UUID
    public let rev: Int64
    public let holderId: UUID
    public let technicianId: UUID?
    public let kind: CredentialKind
    public let title: String
    public let number: String?
    public let issuer: String?
    public let validFrom: CalendarDay
    public let validUntil: CalendarDay?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.holderId = try row.id(2)
        self.technicianId = try row.optional(3, row.id)
        self.kind = CredentialKind(rawValue: try row.text(4))
        self.title = try row.text(5)
        self.number = try row.optional(6, row.text)
        self.issuer = try row.optional(7, row.text)
        self.validFrom = try row.date(8)
        self.validUntil = try row.optional(9, row.date)
    }

    public static func byHolder(holderId: UUID) -> Query<Credential> {
        Query("\"holder_id\" = ?1 order by id", [holderId])
    }
}

/// A row of `checklist_template`.
public struct ChecklistTemplate: Row {
    public static let table = "checklist_template"

    public let id: UUID
    public let rev: Int64
    public let name: String
    public let trade: String
    public let active: Bool

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.name = try row.text(2)
        self.trade = try row.text(3)
        self.active = try row.boolean(4)
    }
}

/// A row of `checklist_template_item`.
public struct ChecklistTemplateItem: Row {
    public static let table = "checklist_template_item"

    public let id: UUID
    public let rev: Int64
    public let templateId: UUID
    public let position: Int32
    public let prompt: String
    public let answerKind: AnswerKind
    public let required: Bool
    public let shownAfterId: UUID?
    public let shownWhen: String?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.templateId = try row.id(2)
        self.position = try row.integer(3)
        self.prompt = try row.text(4)
        self.answerKind = AnswerKind(rawValue: try row.text(5))
        self.required = try row.boolean(6)
        self.shownAfterId = try row.optional(7, row.id)
        self.shownWhen = try row.optional(8, row.text)
    }

    public static func byTemplate(templateId: UUID) -> Query<ChecklistTemplateItem> {
        Query("\"template_id\" = ?1 order by id", [templateId])
    }
}

/// A row of `tax_rate`.
public struct TaxRate: Row {
    public static let table = "tax_rate"

    public let id: UUID
    public let rev: Int64
    public let branchId: UUID
    public let taxClass: TaxClass
    public let percent: Decimal

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.branchId = try row.id(2)
        self.taxClass = TaxClass(rawValue: try row.text(3))
        self.percent = try row.decimal(4)
    }

    public static func byBranch(branchId: UUID) -> Query<TaxRate> {
        Query("\"branch_id\" = ?1 order by id", [branchId])
    }
}

/// A row of `pricebook_version`.
public struct PricebookVersion: Row {
    public static let table = "pricebook_version"

    public let id: UUID
    public let rev: Int64
    public let name: String
    public let branchId: UUID?
    public let state: VersionState
    public let validFrom: Instant
    public let validUntil: Instant?
    public let publishedAt: Instant?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.name = try row.text(2)
        self.branchId = try row.optional(3, row.id)
        self.state = VersionState(rawValue: try row.text(4))
        self.validFrom = try row.instant(5)
        self.validUntil = try row.optional(6, row.instant)
        self.publishedAt = try row.optional(7, row.instant)
    }

    public static func byState(state: VersionState) -> Query<PricebookVersion> {
        Query("\"state\" = ?1 order by id", [state])
    }
}

/// A row of `pricebook_category`.
public struct PricebookCategory: Row {
    public static let table = "pricebook_category"

    public let id: UUID
    public let rev: Int64
    public let parentId: UUID?
    public let name: String
    public let position: Int32
    public let active: Bool

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.parentId = try row.optional(2, row.id)
        self.name = try row.text(3)
        self.position = try row.integer(4)
        self.active = try row.boolean(5)
    }
}

/// A row of `pricebook_item`.
public struct PricebookItem: Row {
    public static let table = "pricebook_item"

    public let id: UUID
    public let rev: Int64
    public let code: String
    public let name: String
    public let kind: PricebookKind
    public let unit: String
    public let priceCents: Int64
    public let active: Bool
    public let categoryId: UUID?
    public let taxClass: TaxClass
    public let labourMinutes: Int32?
    public let description: String

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.code = try row.text(2)
        self.name = try row.text(3)
        self.kind = PricebookKind(rawValue: try row.text(4))
        self.unit = try row.text(5)
        self.priceCents = try row.long(6)
        self.active = try row.boolean(7)
        self.categoryId = try row.optional(8, row.id)
        self.taxClass = TaxClass(rawValue: try row.text(9))
        self.labourMinutes = try row.optional(10, row.integer)
        self.description = try row.text(11)
    }
}

/// A row of `pricebook_component`.
public struct PricebookComponent: Row {
    public static let table = "pricebook_component"

    public let id: UUID
    public let rev: Int64
    public let itemId: UUID
    public let componentId: UUID
    public let quantity: Decimal
    public let position: Int32

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.itemId = try row.id(2)
        self.componentId = try row.id(3)
        self.quantity = try row.decimal(4)
        self.position = try row.integer(5)
    }

    public static func byItem(itemId: UUID) -> Query<PricebookComponent> {
        Query("\"item_id\" = ?1 order by id", [itemId])
    }
}

/// A row of `pricebook_cost`.
public struct PricebookCost: Row {
    public static let table = "pricebook_cost"

    public let id: UUID
    public let rev: Int64
    public let itemId: UUID
    public let costCents: Int64

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.itemId = try row.id(2)
        self.costCents = try row.long(3)
    }
}

/// A row of `pricebook_price`.
public struct PricebookPrice: Row {
    public static let table = "pricebook_price"

    public let id: UUID
    public let rev: Int64
    public let versionId: UUID
    public let itemId: UUID
    public let priceCents: Int64

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.versionId = try row.id(2)
        self.itemId = try row.id(3)
        self.priceCents = try row.long(4)
    }

    public static func byItem(itemId: UUID) -> Query<PricebookPrice> {
        Query("\"item_id\" = ?1 order by id", [itemId])
    }
}

/// A row of `customer`.
public struct Customer: Row {
    public static let table = "customer"

    public let id: UUID
    public let rev: Int64
    public let name: String
    public let phone: String?
    public let email: String?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.name = try row.text(2)
        self.phone = try row.optional(3, row.text)
        self.email = try row.optional(4, row.text)
    }
}

/// A row of `location`.
public struct Location: Row {
    public static let table = "location"

    public let id: UUID
    public let rev: Int64
    public let customerId: UUID
    public let address: String
    public let latitude: Decimal?
    public let longitude: Decimal?
    public let zone: String
    public let accessNotes: String?
    public let postalCode: String?
    public let territoryId: UUID?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.customerId = try row.id(2)
        self.address = try row.text(3)
        self.latitude = try row.optional(4, row.decimal)
        self.longitude = try row.optional(5, row.decimal)
        self.zone = try row.text(6)
        self.accessNotes = try row.optional(7, row.text)
        self.postalCode = try row.optional(8, row.text)
        self.territoryId = try row.optional(9, row.id)
    }
}

/// A row of `equipment`.
public struct Equipment: Row {
    public static let table = "equipment"

    public let id: UUID
    public let rev: Int64
    public let locationId: UUID
    public let name: String
    public let model: String?
    public let serial: String?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.locationId = try row.id(2)
        self.name = try row.text(3)
        self.model = try row.optional(4, row.text)
        self.serial = try row.optional(5, row.text)
    }

    public static func byLocation(locationId: UUID) -> Query<Equipment> {
        Query("\"location_id\" = ?1 order by id", [locationId])
    }
}

/// A row of `contact`.
public struct Contact: Row {
    public static let table = "contact"

    public let id: UUID
    public let rev: Int64
    public let customerId: UUID
    public let locationId: UUID?
    public let name: String
    public let role: String?
    public let phone: String?
    public let email: String?
    public let preferred: Bool

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.customerId = try row.id(2)
        self.locationId = try row.optional(3, row.id)
        self.name = try row.text(4)
        self.role = try row.optional(5, row.text)
        self.phone = try row.optional(6, row.text)
        self.email = try row.optional(7, row.text)
        self.preferred = try row.boolean(8)
    }

    public static func byCustomer(customerId: UUID) -> Query<Contact> {
        Query("\"customer_id\" = ?1 order by id", [customerId])
    }
}

/// A row of `customer_price`.
public struct CustomerPrice: Row {
    public static let table = "customer_price"

    public let id: UUID
    public let rev: Int64
    public let customerId: UUID
    public let itemId: UUID
    public let priceCents: Int64
    public let validUntil: Instant?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.customerId = try row.id(2)
        self.itemId = try row.id(3)
        self.priceCents = try row.long(4)
        self.validUntil = try row.optional(5, row.instant)
    }

    public static func byCustomer(customerId: UUID) -> Query<CustomerPrice> {
        Query("\"customer_id\" = ?1 order by id", [customerId])
    }
}

/// A row of `job`.
public struct Job: Row {
    public static let table = "job"

    public let id: UUID
    public let rev: Int64
    public let branchId: UUID
    public let customerId: UUID
    public let locationId: UUID
    public let equipmentId: UUID?
    public let number: String?
    public let title: String
    public let description: String
    public let state: JobState
    public let priority: JobPriority
    public let cancelReason: String?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.branchId = try row.id(2)
        self.customerId = try row.id(3)
        self.locationId = try row.id(4)
        self.equipmentId = try row.optional(5, row.id)
        self.number = try row.optional(6, row.text)
        self.title = try row.text(7)
        self.description = try row.text(8)
        self.state = JobState(rawValue: try row.text(9))
        self.priority = JobPriority(rawValue: try row.text(10))
        self.cancelReason = try row.optional(11, row.text)
    }

    public static func byCustomer(customerId: UUID) -> Query<Job> {
        Query("\"customer_id\" = ?1 order by id", [customerId])
    }

    public static func byLocation(locationId: UUID) -> Query<Job> {
        Query("\"location_id\" = ?1 order by id", [locationId])
    }
}

/// A row of `job_skill`.
public struct JobSkill: Row {
    public static let table = "job_skill"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let skillId: UUID

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.skillId = try row.id(4)
    }

    public static func byJob(jobId: UUID) -> Query<JobSkill> {
        Query("\"job_id\" = ?1 order by id", [jobId])
    }
}

/// A row of `visit`.
public struct Visit: Row {
    public static let table = "visit"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let state: VisitState
    public let windowStart: Instant
    public let windowEnd: Instant
    public let zone: String
    public let arrivedAt: Instant?
    public let endedAt: Instant?
    public let outcome: String?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.state = VisitState(rawValue: try row.text(4))
        self.windowStart = try row.instant(5)
        self.windowEnd = try row.instant(6)
        self.zone = try row.text(7)
        self.arrivedAt = try row.optional(8, row.instant)
        self.endedAt = try row.optional(9, row.instant)
        self.outcome = try row.optional(10, row.text)
    }

    public static func byJob(jobId: UUID) -> Query<Visit> {
        Query("\"job_id\" = ?1 order by id", [jobId])
    }
}

/// A row of `assignment`.
public struct Assignment: Row {
    public static let table = "assignment"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let visitId: UUID
    public let technicianId: UUID
    public let windowStart: Instant
    public let windowEnd: Instant
    public let open: Bool
    public let overlapConfirmed: Bool

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.visitId = try row.id(4)
        self.technicianId = try row.id(5)
        self.windowStart = try row.instant(6)
        self.windowEnd = try row.instant(7)
        self.open = try row.boolean(8)
        self.overlapConfirmed = try row.boolean(9)
    }

    public static func byVisit(visitId: UUID) -> Query<Assignment> {
        Query("\"visit_id\" = ?1 order by id", [visitId])
    }

    public static func byJob(jobId: UUID) -> Query<Assignment> {
        Query("\"job_id\" = ?1 order by id", [jobId])
    }

    public static func byTechnician(technicianId: UUID, from: Instant? = nil, until: Instant? = nil) -> Query<Assignment> {
        Query("\"technician_id\" = ?1 and (?2 is null or \"window_start\" >= ?2) and (?3 is null or \"window_start\" < ?3) order by \"window_start\", id", [technicianId, from, until])
    }
}

/// A row of `dispatch_override`.
public struct DispatchOverride: Row {
    public static let table = "dispatch_override"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let visitId: UUID
    public let technicianId: UUID
    public let rule: DispatchRule
    public let reason: String?
    public let userId: UUID
    public let occurredAt: Instant

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.visitId = try row.id(4)
        self.technicianId = try row.id(5)
        self.rule = DispatchRule(rawValue: try row.text(6))
        self.reason = try row.optional(7, row.text)
        self.userId = try row.id(8)
        self.occurredAt = try row.instant(9)
    }

    public static func byVisit(visitId: UUID) -> Query<DispatchOverride> {
        Query("\"visit_id\" = ?1 order by id", [visitId])
    }
}

/// A row of `required_document`.
public struct RequiredDocument: Row {
    public static let table = "required_document"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let visitId: UUID?
    public let kind: DocumentKind
    public let title: String
    public let required: Bool
    public let state: DocumentState
    public let referenceId: UUID?
    public let settledAt: Instant?
    public let settledBy: UUID?
    public let waiveReason: String?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.visitId = try row.optional(4, row.id)
        self.kind = DocumentKind(rawValue: try row.text(5))
        self.title = try row.text(6)
        self.required = try row.boolean(7)
        self.state = DocumentState(rawValue: try row.text(8))
        self.referenceId = try row.optional(9, row.id)
        self.settledAt = try row.optional(10, row.instant)
        self.settledBy = try row.optional(11, row.id)
        self.waiveReason = try row.optional(12, row.text)
    }

    public static func byJob(jobId: UUID) -> Query<RequiredDocument> {
        Query("\"job_id\" = ?1 order by id", [jobId])
    }
}

/// A row of `visit_status_event`.
public struct VisitStatusEvent: Row {
    public static let table = "visit_status_event"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let visitId: UUID
    public let fromState: VisitState
    public let toState: VisitState
    public let occurredAt: Instant
    public let userId: UUID
    public let reason: String?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.visitId = try row.id(4)
        self.fromState = VisitState(rawValue: try row.text(5))
        self.toState = VisitState(rawValue: try row.text(6))
        self.occurredAt = try row.instant(7)
        self.userId = try row.id(8)
        self.reason = try row.optional(9, row.text)
    }

    public static func byVisit(visitId: UUID) -> Query<VisitStatusEvent> {
        Query("\"visit_id\" = ?1 order by id", [visitId])
    }
}

/// A row of `checklist`.
public struct Checklist: Row {
    public static let table = "checklist"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let visitId: UUID
    public let templateId: UUID

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.visitId = try row.id(4)
        self.templateId = try row.id(5)
    }

    public static func byVisit(visitId: UUID) -> Query<Checklist> {
        Query("\"visit_id\" = ?1 order by id", [visitId])
    }
}

/// A row of `checklist_answer`.
public struct ChecklistAnswer: Row {
    public static let table = "checklist_answer"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let checklistId: UUID
    public let itemId: UUID
    public let state: AnswerState
    public let value: String?
    public let answeredAt: Instant?
    public let answeredBy: UUID?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.checklistId = try row.id(4)
        self.itemId = try row.id(5)
        self.state = AnswerState(rawValue: try row.text(6))
        self.value = try row.optional(7, row.text)
        self.answeredAt = try row.optional(8, row.instant)
        self.answeredBy = try row.optional(9, row.id)
    }

    public static func byChecklist(checklistId: UUID) -> Query<ChecklistAnswer> {
        Query("\"checklist_id\" = ?1 order by id", [checklistId])
    }
}

/// A row of `note`.
public struct Note: Row {
    public static let table = "note"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let title: String
    public let text: String

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.title = try row.text(4)
        self.text = try row.text(5)
    }

    public static func byJob(jobId: UUID) -> Query<Note> {
        Query("\"job_id\" = ?1 order by id", [jobId])
    }
}

/// A row of `note_change`.
public struct NoteChange: Row {
    public static let table = "note_change"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let noteId: UUID
    public let change: Data
    public let userId: UUID
    public let occurredAt: Instant

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.noteId = try row.id(4)
        self.change = try row.bytes(5)
        self.userId = try row.id(6)
        self.occurredAt = try row.instant(7)
    }

    public static func byNote(noteId: UUID) -> Query<NoteChange> {
        Query("\"note_id\" = ?1 order by id", [noteId])
    }
}

/// A row of `time_entry`.
public struct TimeEntry: Row {
    public static let table = "time_entry"

    public let id: UUID
    public let rev: Int64
    public let technicianId: UUID
    public let branchId: UUID
    public let jobId: UUID?
    public let visitId: UUID?
    public let kind: TimeKind
    public let startedAt: Instant
    public let endedAt: Instant?
    public let overlaps: Bool
    public let startedDeviceClock: Instant?
    public let endedDeviceClock: Instant?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.technicianId = try row.id(2)
        self.branchId = try row.id(3)
        self.jobId = try row.optional(4, row.id)
        self.visitId = try row.optional(5, row.id)
        self.kind = TimeKind(rawValue: try row.text(6))
        self.startedAt = try row.instant(7)
        self.endedAt = try row.optional(8, row.instant)
        self.overlaps = try row.boolean(9)
        self.startedDeviceClock = try row.optional(10, row.instant)
        self.endedDeviceClock = try row.optional(11, row.instant)
    }

    public static func byTechnician(technicianId: UUID, from: Instant? = nil, until: Instant? = nil) -> Query<TimeEntry> {
        Query("\"technician_id\" = ?1 and (?2 is null or \"started_at\" >= ?2) and (?3 is null or \"started_at\" < ?3) order by \"started_at\", id", [technicianId, from, until])
    }

    public static func byJob(jobId: UUID) -> Query<TimeEntry> {
        Query("\"job_id\" = ?1 order by id", [jobId])
    }

    public static func byVisit(visitId: UUID) -> Query<TimeEntry> {
        Query("\"visit_id\" = ?1 order by id", [visitId])
    }
}

/// A row of `stock_location`.
public struct StockLocation: Row {
    public static let table = "stock_location"

    public let id: UUID
    public let rev: Int64
    public let branchId: UUID
    public let kind: StockLocationKind
    public let technicianId: UUID?
    public let name: String
    public let active: Bool

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.branchId = try row.id(2)
        self.kind = StockLocationKind(rawValue: try row.text(3))
        self.technicianId = try row.optional(4, row.id)
        self.name = try row.text(5)
        self.active = try row.boolean(6)
    }

    public static func byTechnician(technicianId: UUID) -> Query<StockLocation> {
        Query("\"technician_id\" = ?1 order by id", [technicianId])
    }
}

/// A row of `stock_level`.
public struct StockLevel: Row {
    public static let table = "stock_level"

    public let id: UUID
    public let rev: Int64
    public let stockLocationId: UUID
    public let branchId: UUID
    public let itemId: UUID
    public let quantity: Decimal
    public let minimum: Decimal
    public let target: Decimal
    public let standing: StockStanding
    public let requested: Decimal?
    public let requestedAt: Instant?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.stockLocationId = try row.id(2)
        self.branchId = try row.id(3)
        self.itemId = try row.id(4)
        self.quantity = try row.decimal(5)
        self.minimum = try row.decimal(6)
        self.target = try row.decimal(7)
        self.standing = StockStanding(rawValue: try row.text(8))
        self.requested = try row.optional(9, row.decimal)
        self.requestedAt = try row.optional(10, row.instant)
    }
}

/// A row of `material_used`.
public struct MaterialUsed: Row {
    public static let table = "material_used"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let visitId: UUID
    public let itemId: UUID
    public let name: String
    public let quantity: Decimal
    public let unitPriceCents: Int64
    public let pricebookVersionId: UUID?
    public let stockLocationId: UUID?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.visitId = try row.id(4)
        self.itemId = try row.id(5)
        self.name = try row.text(6)
        self.quantity = try row.decimal(7)
        self.unitPriceCents = try row.long(8)
        self.pricebookVersionId = try row.optional(9, row.id)
        self.stockLocationId = try row.optional(10, row.id)
    }

    public static func byJob(jobId: UUID) -> Query<MaterialUsed> {
        Query("\"job_id\" = ?1 order by id", [jobId])
    }

    public static func byVisit(visitId: UUID) -> Query<MaterialUsed> {
        Query("\"visit_id\" = ?1 order by id", [visitId])
    }
}

/// A row of `estimate`.
public struct Estimate: Row {
    public static let table = "estimate"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let customerId: UUID
    public let number: String
    public let title: String
    public let state: EstimateState
    public let userId: UUID
    public let supersedesId: UUID?
    public let validUntil: Instant?
    public let presentedAt: Instant?
    public let signedOptionId: UUID?
    public let approvedOptionId: UUID?
    public let decidedAt: Instant?
    public let declineReason: String?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.customerId = try row.id(4)
        self.number = try row.text(5)
        self.title = try row.text(6)
        self.state = EstimateState(rawValue: try row.text(7))
        self.userId = try row.id(8)
        self.supersedesId = try row.optional(9, row.id)
        self.validUntil = try row.optional(10, row.instant)
        self.presentedAt = try row.optional(11, row.instant)
        self.signedOptionId = try row.optional(12, row.id)
        self.approvedOptionId = try row.optional(13, row.id)
        self.decidedAt = try row.optional(14, row.instant)
        self.declineReason = try row.optional(15, row.text)
    }

    public static func byJob(jobId: UUID) -> Query<Estimate> {
        Query("\"job_id\" = ?1 order by id", [jobId])
    }
}

/// A row of `estimate_option`.
public struct EstimateOption: Row {
    public static let table = "estimate_option"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let estimateId: UUID
    public let position: Int32
    public let name: String
    public let discountPercent: Decimal
    public let discountFixedCents: Int64
    public let subtotalCents: Int64
    public let discountCents: Int64
    public let taxCents: Int64
    public let totalCents: Int64

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.estimateId = try row.id(4)
        self.position = try row.integer(5)
        self.name = try row.text(6)
        self.discountPercent = try row.decimal(7)
        self.discountFixedCents = try row.long(8)
        self.subtotalCents = try row.long(9)
        self.discountCents = try row.long(10)
        self.taxCents = try row.long(11)
        self.totalCents = try row.long(12)
    }

    public static func byEstimate(estimateId: UUID) -> Query<EstimateOption> {
        Query("\"estimate_id\" = ?1 order by id", [estimateId])
    }
}

/// A row of `estimate_line`.
public struct EstimateLine: Row {
    public static let table = "estimate_line"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let estimateId: UUID
    public let optionId: UUID
    public let position: Int32
    public let itemId: UUID?
    public let pricebookVersionId: UUID?
    public let name: String
    public let unit: String
    public let quantity: Decimal
    public let unitPriceCents: Int64
    public let listPriceCents: Int64?
    public let discountPercent: Decimal
    public let taxClass: TaxClass
    public let taxPercent: Decimal
    public let grossCents: Int64
    public let discountCents: Int64
    public let taxCents: Int64
    public let totalCents: Int64

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.estimateId = try row.id(4)
        self.optionId = try row.id(5)
        self.position = try row.integer(6)
        self.itemId = try row.optional(7, row.id)
        self.pricebookVersionId = try row.optional(8, row.id)
        self.name = try row.text(9)
        self.unit = try row.text(10)
        self.quantity = try row.decimal(11)
        self.unitPriceCents = try row.long(12)
        self.listPriceCents = try row.optional(13, row.long)
        self.discountPercent = try row.decimal(14)
        self.taxClass = TaxClass(rawValue: try row.text(15))
        self.taxPercent = try row.decimal(16)
        self.grossCents = try row.long(17)
        self.discountCents = try row.long(18)
        self.taxCents = try row.long(19)
        self.totalCents = try row.long(20)
    }

    public static func byEstimate(estimateId: UUID) -> Query<EstimateLine> {
        Query("\"estimate_id\" = ?1 order by id", [estimateId])
    }
}

/// A row of `signature`.
public struct Signature: Row {
    public static let table = "signature"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let subjectKind: SubjectKind
    public let subjectId: UUID
    public let outcome: SignatureOutcome
    public let signerName: String?
    public let signerRelation: SignerRelation?
    public let documentHash: Data
    public let strokes: Data?
    public let refusalReason: String?
    public let signedAt: Instant
    public let userId: UUID

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.subjectKind = SubjectKind(rawValue: try row.text(4))
        self.subjectId = try row.id(5)
        self.outcome = SignatureOutcome(rawValue: try row.text(6))
        self.signerName = try row.optional(7, row.text)
        self.signerRelation = try row.optional(8, row.text).map { SignerRelation(rawValue: $0) }
        self.documentHash = try row.bytes(9)
        self.strokes = try row.optional(10, row.bytes)
        self.refusalReason = try row.optional(11, row.text)
        self.signedAt = try row.instant(12)
        self.userId = try row.id(13)
    }

    public static func bySubject(subjectId: UUID) -> Query<Signature> {
        Query("\"subject_id\" = ?1 order by id", [subjectId])
    }
}

/// A row of `stock_movement`.
public struct StockMovement: Row {
    public static let table = "stock_movement"

    public let id: UUID
    public let rev: Int64
    public let stockLocationId: UUID
    public let branchId: UUID
    public let pageId: UUID
    public let itemId: UUID
    public let quantity: Decimal
    public let cause: StockCause
    public let counterLocationId: UUID?
    public let jobId: UUID?
    public let materialId: UUID?
    public let reversalOf: UUID?
    public let mirrorOf: UUID?
    public let note: String?
    public let occurredAt: Instant
    public let userId: UUID

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.stockLocationId = try row.id(2)
        self.branchId = try row.id(3)
        self.pageId = try row.id(4)
        self.itemId = try row.id(5)
        self.quantity = try row.decimal(6)
        self.cause = StockCause(rawValue: try row.text(7))
        self.counterLocationId = try row.optional(8, row.id)
        self.jobId = try row.optional(9, row.id)
        self.materialId = try row.optional(10, row.id)
        self.reversalOf = try row.optional(11, row.id)
        self.mirrorOf = try row.optional(12, row.id)
        self.note = try row.optional(13, row.text)
        self.occurredAt = try row.instant(14)
        self.userId = try row.id(15)
    }
}

/// A row of `invoice`.
public struct Invoice: Row {
    public static let table = "invoice"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let customerId: UUID
    public let number: Int64?
    public let estimateOptionId: UUID?
    public let state: InvoiceState
    public let discountPercent: Decimal
    public let discountFixedCents: Int64
    public let subtotalCents: Int64
    public let discountCents: Int64
    public let taxCents: Int64
    public let totalCents: Int64
    public let paidCents: Int64
    public let pendingCents: Int64
    public let overpaid: Bool
    public let issuedAt: Instant?
    public let voidReason: String?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.customerId = try row.id(4)
        self.number = try row.optional(5, row.long)
        self.estimateOptionId = try row.optional(6, row.id)
        self.state = InvoiceState(rawValue: try row.text(7))
        self.discountPercent = try row.decimal(8)
        self.discountFixedCents = try row.long(9)
        self.subtotalCents = try row.long(10)
        self.discountCents = try row.long(11)
        self.taxCents = try row.long(12)
        self.totalCents = try row.long(13)
        self.paidCents = try row.long(14)
        self.pendingCents = try row.long(15)
        self.overpaid = try row.boolean(16)
        self.issuedAt = try row.optional(17, row.instant)
        self.voidReason = try row.optional(18, row.text)
    }

    public static func byJob(jobId: UUID) -> Query<Invoice> {
        Query("\"job_id\" = ?1 order by id", [jobId])
    }
}

/// A row of `invoice_line`.
public struct InvoiceLine: Row {
    public static let table = "invoice_line"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let invoiceId: UUID
    public let position: Int32
    public let itemId: UUID?
    public let materialId: UUID?
    public let timeEntryId: UUID?
    public let estimateLineId: UUID?
    public let pricebookVersionId: UUID?
    public let name: String
    public let unit: String
    public let quantity: Decimal
    public let unitPriceCents: Int64
    public let discountPercent: Decimal
    public let taxPercent: Decimal
    public let grossCents: Int64
    public let discountCents: Int64
    public let taxCents: Int64
    public let totalCents: Int64

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.invoiceId = try row.id(4)
        self.position = try row.integer(5)
        self.itemId = try row.optional(6, row.id)
        self.materialId = try row.optional(7, row.id)
        self.timeEntryId = try row.optional(8, row.id)
        self.estimateLineId = try row.optional(9, row.id)
        self.pricebookVersionId = try row.optional(10, row.id)
        self.name = try row.text(11)
        self.unit = try row.text(12)
        self.quantity = try row.decimal(13)
        self.unitPriceCents = try row.long(14)
        self.discountPercent = try row.decimal(15)
        self.taxPercent = try row.decimal(16)
        self.grossCents = try row.long(17)
        self.discountCents = try row.long(18)
        self.taxCents = try row.long(19)
        self.totalCents = try row.long(20)
    }

    public static func byJob(jobId: UUID) -> Query<InvoiceLine> {
        Query("\"job_id\" = ?1 order by id", [jobId])
    }

    public static func byInvoice(invoiceId: UUID) -> Query<InvoiceLine> {
        Query("\"invoice_id\" = ?1 order by id", [invoiceId])
    }
}

/// A row of `payment`.
public struct Payment: Row {
    public static let table = "payment"

    public let id: UUID
    public let rev: Int64
    public let jobId: UUID
    public let branchId: UUID
    public let invoiceId: UUID
    public let kind: PaymentKind
    public let method: PaymentMethod
    public let amountCents: Int64
    public let ofPaymentId: UUID?
    public let checkNumber: String?
    public let externalReference: String?
    public let idempotencyKey: UUID
    public let reason: String?
    public let occurredAt: Instant
    public let userId: UUID

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.jobId = try row.id(2)
        self.branchId = try row.id(3)
        self.invoiceId = try row.id(4)
        self.kind = PaymentKind(rawValue: try row.text(5))
        self.method = PaymentMethod(rawValue: try row.text(6))
        self.amountCents = try row.long(7)
        self.ofPaymentId = try row.optional(8, row.id)
        self.checkNumber = try row.optional(9, row.text)
        self.externalReference = try row.optional(10, row.text)
        self.idempotencyKey = try row.id(11)
        self.reason = try row.optional(12, row.text)
        self.occurredAt = try row.instant(13)
        self.userId = try row.id(14)
    }

    public static func byInvoice(invoiceId: UUID) -> Query<Payment> {
        Query("\"invoice_id\" = ?1 order by id", [invoiceId])
    }

    public static func byReference(externalReference: String) -> Query<Payment> {
        Query("\"external_reference\" = ?1 order by id", [externalReference])
    }
}

/// A row of `maintenance_contract`.
public struct MaintenanceContract: Row {
    public static let table = "maintenance_contract"

    public let id: UUID
    public let rev: Int64
    public let branchId: UUID
    public let customerId: UUID
    public let locationId: UUID
    public let number: String?
    public let title: String
    public let description: String
    public let templateId: UUID?
    public let intervalMonths: Int32
    public let seasonFromMonth: Int32?
    public let seasonUntilMonth: Int32?
    public let startsOn: CalendarDay
    public let endsOn: CalendarDay
    public let state: ContractState
    public let owedFrom: CalendarDay
    public let renewals: Int32
    public let stateReason: String?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.branchId = try row.id(2)
        self.customerId = try row.id(3)
        self.locationId = try row.id(4)
        self.number = try row.optional(5, row.text)
        self.title = try row.text(6)
        self.description = try row.text(7)
        self.templateId = try row.optional(8, row.id)
        self.intervalMonths = try row.integer(9)
        self.seasonFromMonth = try row.optional(10, row.integer)
        self.seasonUntilMonth = try row.optional(11, row.integer)
        self.startsOn = try row.date(12)
        self.endsOn = try row.date(13)
        self.state = ContractState(rawValue: try row.text(14))
        self.owedFrom = try row.date(15)
        self.renewals = try row.integer(16)
        self.stateReason = try row.optional(17, row.text)
    }
}

/// A row of `contract_equipment`.
public struct ContractEquipment: Row {
    public static let table = "contract_equipment"

    public let id: UUID
    public let rev: Int64
    public let contractId: UUID
    public let locationId: UUID
    public let branchId: UUID
    public let equipmentId: UUID

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.contractId = try row.id(2)
        self.locationId = try row.id(3)
        self.branchId = try row.id(4)
        self.equipmentId = try row.id(5)
    }

    public static func byContract(contractId: UUID) -> Query<ContractEquipment> {
        Query("\"contract_id\" = ?1 order by id", [contractId])
    }
}

/// A row of `contract_price`.
public struct ContractPrice: Row {
    public static let table = "contract_price"

    public let id: UUID
    public let rev: Int64
    public let contractId: UUID
    public let branchId: UUID
    public let priceCents: Int64

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.contractId = try row.id(2)
        self.branchId = try row.id(3)
        self.priceCents = try row.long(4)
    }
}

/// A row of `contract_visit`.
public struct ContractVisit: Row {
    public static let table = "contract_visit"

    public let id: UUID
    public let rev: Int64
    public let contractId: UUID
    public let locationId: UUID
    public let branchId: UUID
    public let period: Int32
    public let dueFrom: CalendarDay
    public let dueUntil: CalendarDay
    public let state: OwedState
    public let skipReason: String?
    public let jobId: UUID?

    public init(_ row: Cells) throws {
        self.id = try row.id(0)
        self.rev = try row.long(1)
        self.contractId = try row.id(2)
        self.locationId = try row.id(3)
        self.branchId = try row.id(4)
        self.period = try row.integer(5)
        self.dueFrom = try row.date(6)
        self.dueUntil = try row.date(7)
        self.state = OwedState(rawValue: try row.text(8))
        self.skipReason = try row.optional(9, row.text)
        self.jobId = try row.optional(10, row.id)
    }

    public static func byContract(contractId: UUID) -> Query<ContractVisit> {
        Query("\"contract_id\" = ?1 order by id", [contractId])
    }

    public static func byJob(jobId: UUID) -> Query<ContractVisit> {
        Query("\"job_id\" = ?1 order by id", [jobId])
    }
}
