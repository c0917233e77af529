// Written by `./dev bindings` from the registry: do not edit.

import Foundation

/// Open to values of newer servers.
public struct AbsenceKind: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let pto = AbsenceKind(rawValue: "pto")
    public static let sick = AbsenceKind(rawValue: "sick")
    public static let training = AbsenceKind(rawValue: "training")
    public static let other = AbsenceKind(rawValue: "other")

    /// The values this build knows.
    public static let known: [AbsenceKind] = [.pto, .sick, .training, .other]
}

/// Open to values of newer servers.
public struct AbsenceState: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let requested = AbsenceState(rawValue: "requested")
    public static let approved = AbsenceState(rawValue: "approved")
    public static let declined = AbsenceState(rawValue: "declined")
    public static let canceled = AbsenceState(rawValue: "canceled")

    /// The values this build knows.
    public static let known: [AbsenceState] = [.requested, .approved, .declined, .canceled]
}

/// Open to values of newer servers.
public struct AnswerKind: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let yesNo = AnswerKind(rawValue: "yes_no")
    public static let number = AnswerKind(rawValue: "number")
    public static let text = AnswerKind(rawValue: "text")
    public static let photo = AnswerKind(rawValue: "photo")

    /// The values this build knows.
    public static let known: [AnswerKind] = [.yesNo, .number, .text, .photo]
}

/// Open to values of newer servers.
public struct AnswerState: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let open = AnswerState(rawValue: "open")
    public static let answered = AnswerState(rawValue: "answered")
    public static let notApplicable = AnswerState(rawValue: "not_applicable")

    /// The values this build knows.
    public static let known: [AnswerState] = [.open, .answered, .notApplicable]
}

/// Open to values of newer servers.
public struct ContractState: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let draft = ContractState(rawValue: "draft")
    public static let active = ContractState(rawValue: "active")
    public static let paused = ContractState(rawValue: "paused")
    public static let ended = ContractState(rawValue: "ended")
    public static let canceled = ContractState(rawValue: "canceled")

    /// The values this build knows.
    public static let known: [ContractState] = [.draft, .active, .paused, .ended, .canceled]
}

/// Open to values of newer servers.
public struct CredentialKind: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let license = CredentialKind(rawValue: "license")
    public static let insurance = CredentialKind(rawValue: "insurance")

    /// The values this build knows.
    public static let known: [CredentialKind] = [.license, .insurance]
}

/// Open to values of newer servers.
public struct DispatchRule: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let doubleBooking = DispatchRule(rawValue: "double_booking")
    public static let absence = DispatchRule(rawValue: "absence")
    public static let outsideHours = DispatchRule(rawValue: "outside_hours")
    public static let outsideTerritory = DispatchRule(rawValue: "outside_territory")
    public static let missingSkill = DispatchRule(rawValue: "missing_skill")
    public static let expiredSkill = DispatchRule(rawValue: "expired_skill")
    public static let expiredLicense = DispatchRule(rawValue: "expired_license")
    public static let expiredInsurance = DispatchRule(rawValue: "expired_insurance")

    /// The values this build knows.
    public static let known: [DispatchRule] = [.doubleBooking, .absence, .outsideHours, .outsideTerritory, .missingSkill, .expiredSkill, .expiredLicense, .expiredInsurance]
}

/// Open to values of newer servers.
public struct DocumentKind: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let photo = DocumentKind(rawValue: "photo")
    public static let signature = DocumentKind(rawValue: "signature")
    public static let checklist = DocumentKind(rawValue: "checklist")
    public static let other = DocumentKind(rawValue: "other")

    /// The values this build knows.
    public static let known: [DocumentKind] = [.photo, .signature, .checklist, .other]
}

/// Open to values of newer servers.
public struct DocumentState: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let open = DocumentState(rawValue: "open")
    public static let satisfied = DocumentState(rawValue: "satisfied")
    public static let waived = DocumentState(rawValue: "waived")

    /// The values this build knows.
    public static let known: [DocumentState] = [.open, .satisfied, .waived]
}

/// Open to values of newer servers.
public struct EstimateState: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let draft = EstimateState(rawValue: "draft")
    public static let presented = EstimateState(rawValue: "presented")
    public static let approved = EstimateState(rawValue: "approved")
    public static let declined = EstimateState(rawValue: "declined")
    public static let expired = EstimateState(rawValue: "expired")
    public static let superseded = EstimateState(rawValue: "superseded")

    /// The values this build knows.
    public static let known: [EstimateState] = [.draft, .presented, .approved, .declined, .expired, .superseded]
}

/// Open to values of newer servers.
public struct InvoiceState: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let draft = InvoiceState(rawValue: "draft")
    public static let issued = InvoiceState(rawValue: "issued")
    public static let partiallyPaid = InvoiceState(rawValue: "partially_paid")
    public static let paid = InvoiceState(rawValue: "paid")
    public static let void = InvoiceState(rawValue: "void")

    /// The values this build knows.
    public static let known: [InvoiceState] = [.draft, .issued, .partiallyPaid, .paid, .void]
}

/// Open to values of newer servers.
public struct JobPriority: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let low = JobPriority(rawValue: "low")
    public static let normal = JobPriority(rawValue: "normal")
    public static let high = JobPriority(rawValue: "high")
    public static let emergency = JobPriority(rawValue: "emergency")

    /// The values this build knows.
    public static let known: [JobPriority] = [.low, .normal, .high, .emergency]
}

/// Open to values of newer servers.
public struct JobState: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let draft = JobState(rawValue: "draft")
    public static let unscheduled = JobState(rawValue: "unscheduled")
    public static let scheduled = JobState(rawValue: "scheduled")
    public static let inProgress = JobState(rawValue: "in_progress")
    public static let completed = JobState(rawValue: "completed")
    public static let closed = JobState(rawValue: "closed")
    public static let canceled = JobState(rawValue: "canceled")

    /// The values this build knows.
    public static let known: [JobState] = [.draft, .unscheduled, .scheduled, .inProgress, .completed, .closed, .canceled]
}

/// Open to values of newer servers.
public struct OwedState: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let owed = OwedState(rawValue: "owed")
    public static let scheduled = OwedState(rawValue: "scheduled")
    public static let done = OwedState(rawValue: "done")
    public static let skipped = OwedState(rawValue: "skipped")

    /// The values this build knows.
    public static let known: [OwedState] = [.owed, .scheduled, .done, .skipped]
}

/// Open to values of newer servers.
public struct PaymentKind: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let payment = PaymentKind(rawValue: "payment")
    public static let settlement = PaymentKind(rawValue: "settlement")
    public static let failure = PaymentKind(rawValue: "failure")
    public static let refund = PaymentKind(rawValue: "refund")
    public static let reversal = PaymentKind(rawValue: "reversal")

    /// The values this build knows.
    public static let known: [PaymentKind] = [.payment, .settlement, .failure, .refund, .reversal]
}

/// Open to values of newer servers.
public struct PaymentMethod: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let cash = PaymentMethod(rawValue: "cash")
    public static let check = PaymentMethod(rawValue: "check")
    public static let card = PaymentMethod(rawValue: "card")

    /// The values this build knows.
    public static let known: [PaymentMethod] = [.cash, .check, .card]
}

/// Open to values of newer servers.
public struct PaymentState: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let recorded = PaymentState(rawValue: "recorded")
    public static let settled = PaymentState(rawValue: "settled")
    public static let failed = PaymentState(rawValue: "failed")
    public static let refunded = PaymentState(rawValue: "refunded")
    public static let reversed = PaymentState(rawValue: "reversed")

    /// The values this build knows.
    public static let known: [PaymentState] = [.recorded, .settled, .failed, .refunded, .reversed]
}

/// Open to values of newer servers.
public struct PricebookKind: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let service = PricebookKind(rawValue: "service")
    public static let material = PricebookKind(rawValue: "material")
    public static let labour = PricebookKind(rawValue: "labour")
    public static let bundle = PricebookKind(rawValue: "bundle")

    /// The values this build knows.
    public static let known: [PricebookKind] = [.service, .material, .labour, .bundle]
}

/// Open to values of newer servers.
public struct SignatureOutcome: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let signed = SignatureOutcome(rawValue: "signed")
    public static let refused = SignatureOutcome(rawValue: "refused")

    /// The values this build knows.
    public static let known: [SignatureOutcome] = [.signed, .refused]
}

/// Open to values of newer servers.
public struct SignerRelation: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let customer = SignerRelation(rawValue: "customer")
    public static let family = SignerRelation(rawValue: "family")
    public static let tenant = SignerRelation(rawValue: "tenant")
    public static let propertyManager = SignerRelation(rawValue: "property_manager")
    public static let employee = SignerRelation(rawValue: "employee")
    public static let other = SignerRelation(rawValue: "other")

    /// The values this build knows.
    public static let known: [SignerRelation] = [.customer, .family, .tenant, .propertyManager, .employee, .other]
}

/// Open to values of newer servers.
public struct StockCause: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let receive = StockCause(rawValue: "receive")
    public static let transfer = StockCause(rawValue: "transfer")
    public static let use = StockCause(rawValue: "use")
    public static let `return` = StockCause(rawValue: "return")
    public static let count = StockCause(rawValue: "count")

    /// The values this build knows.
    public static let known: [StockCause] = [.receive, .transfer, .use, .`return`, .count]
}

/// Open to values of newer servers.
public struct StockLocationKind: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let warehouse = StockLocationKind(rawValue: "warehouse")
    public static let truck = StockLocationKind(rawValue: "truck")

    /// The values this build knows.
    public static let known: [StockLocationKind] = [.warehouse, .truck]
}

/// Open to values of newer servers.
public struct StockStanding: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let enough = StockStanding(rawValue: "enough")
    public static let low = StockStanding(rawValue: "low")
    public static let negative = StockStanding(rawValue: "negative")

    /// The values this build knows.
    public static let known: [StockStanding] = [.enough, .low, .negative]
}

/// Open to values of newer servers.
public struct SubjectKind: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let estimateOption = SubjectKind(rawValue: "estimate_option")
    public static let visit = SubjectKind(rawValue: "visit")
    public static let requiredDocument = SubjectKind(rawValue: "required_document")
    public static let invoice = SubjectKind(rawValue: "invoice")

    /// The values this build knows.
    public static let known: [SubjectKind] = [.estimateOption, .visit, .requiredDocument, .invoice]
}

/// Open to values of newer servers.
public struct TaxClass: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let standard = TaxClass(rawValue: "standard")
    public static let reduced = TaxClass(rawValue: "reduced")
    public static let exempt = TaxClass(rawValue: "exempt")

    /// The values this build knows.
    public static let known: [TaxClass] = [.standard, .reduced, .exempt]
}

/// Open to values of newer servers.
public struct TimeKind: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let travel = TimeKind(rawValue: "travel")
    public static let work = TimeKind(rawValue: "work")
    public static let `break` = TimeKind(rawValue: "break")

    /// The values this build knows.
    public static let known: [TimeKind] = [.travel, .work, .`break`]
}

/// Open to values of newer servers.
public struct VersionState: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let draft = VersionState(rawValue: "draft")
    public static let published = VersionState(rawValue: "published")
    public static let retired = VersionState(rawValue: "retired")

    /// The values this build knows.
    public static let known: [VersionState] = [.draft, .published, .retired]
}

/// Open to values of newer servers.
public struct VisitState: OpenEnum {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let scheduled = VisitState(rawValue: "scheduled")
    public static let dispatched = VisitState(rawValue: "dispatched")
    public static let accepted = VisitState(rawValue: "accepted")
    public static let traveling = VisitState(rawValue: "traveling")
    public static let onSite = VisitState(rawValue: "on_site")
    public static let paused = VisitState(rawValue: "paused")
    public static let completed = VisitState(rawValue: "completed")
    public static let partiallyCompleted = VisitState(rawValue: "partially_completed")
    public static let cannotComplete = VisitState(rawValue: "cannot_complete")
    public static let canceled = VisitState(rawValue: "canceled")

    /// The values this build knows.
    public static let known: [VisitState] = [.scheduled, .dispatched, .accepted, .traveling, .onSite, .paused, .completed, .partiallyCompleted, .cannotComplete, .canceled]
}
