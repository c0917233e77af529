// Written by `./dev bindings` from the registry: do not edit.
@file:Suppress("unused")

package dev.satchel.model

import dev.satchel.OpenEnum

/** Open to values of newer servers. */
@JvmInline
public value class AbsenceKind(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val PTO: AbsenceKind = AbsenceKind("pto")
        public val SICK: AbsenceKind = AbsenceKind("sick")
        public val TRAINING: AbsenceKind = AbsenceKind("training")
        public val OTHER: AbsenceKind = AbsenceKind("other")

        /** The values this build knows. */
        public val known: List<AbsenceKind> = listOf(PTO, SICK, TRAINING, OTHER)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class AbsenceState(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val REQUESTED: AbsenceState = AbsenceState("requested")
        public val APPROVED: AbsenceState = AbsenceState("approved")
        public val DECLINED: AbsenceState = AbsenceState("declined")
        public val CANCELED: AbsenceState = AbsenceState("canceled")

        /** The values this build knows. */
        public val known: List<AbsenceState> = listOf(REQUESTED, APPROVED, DECLINED, CANCELED)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class AnswerKind(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val YES_NO: AnswerKind = AnswerKind("yes_no")
        public val NUMBER: AnswerKind = AnswerKind("number")
        public val TEXT: AnswerKind = AnswerKind("text")
        public val PHOTO: AnswerKind = AnswerKind("photo")

        /** The values this build knows. */
        public val known: List<AnswerKind> = listOf(YES_NO, NUMBER, TEXT, PHOTO)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class AnswerState(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val OPEN: AnswerState = AnswerState("open")
        public val ANSWERED: AnswerState = AnswerState("answered")
        public val NOT_APPLICABLE: AnswerState = AnswerState("not_applicable")

        /** The values this build knows. */
        public val known: List<AnswerState> = listOf(OPEN, ANSWERED, NOT_APPLICABLE)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class ContractState(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val DRAFT: ContractState = ContractState("draft")
        public val ACTIVE: ContractState = ContractState("active")
        public val PAUSED: ContractState = ContractState("paused")
        public val ENDED: ContractState = ContractState("ended")
        public val CANCELED: ContractState = ContractState("canceled")

        /** The values this build knows. */
        public val known: List<ContractState> = listOf(DRAFT, ACTIVE, PAUSED, ENDED, CANCELED)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class CredentialKind(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val LICENSE: CredentialKind = CredentialKind("license")
        public val INSURANCE: CredentialKind = CredentialKind("insurance")

        /** The values this build knows. */
        public val known: List<CredentialKind> = listOf(LICENSE, INSURANCE)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class DispatchRule(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val DOUBLE_BOOKING: DispatchRule = DispatchRule("double_booking")
        public val ABSENCE: DispatchRule = DispatchRule("absence")
        public val OUTSIDE_HOURS: DispatchRule = DispatchRule("outside_hours")
        public val OUTSIDE_TERRITORY: DispatchRule = DispatchRule("outside_territory")
        public val MISSING_SKILL: DispatchRule = DispatchRule("missing_skill")
        public val EXPIRED_SKILL: DispatchRule = DispatchRule("expired_skill")
        public val EXPIRED_LICENSE: DispatchRule = DispatchRule("expired_license")
        public val EXPIRED_INSURANCE: DispatchRule = DispatchRule("expired_insurance")

        /** The values this build knows. */
        public val known: List<DispatchRule> = listOf(DOUBLE_BOOKING, ABSENCE, OUTSIDE_HOURS, OUTSIDE_TERRITORY, MISSING_SKILL, EXPIRED_SKILL, EXPIRED_LICENSE, EXPIRED_INSURANCE)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class DocumentKind(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val PHOTO: DocumentKind = DocumentKind("photo")
        public val SIGNATURE: DocumentKind = DocumentKind("signature")
        public val CHECKLIST: DocumentKind = DocumentKind("checklist")
        public val OTHER: DocumentKind = DocumentKind("other")

        /** The values this build knows. */
        public val known: List<DocumentKind> = listOf(PHOTO, SIGNATURE, CHECKLIST, OTHER)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class DocumentState(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val OPEN: DocumentState = DocumentState("open")
        public val SATISFIED: DocumentState = DocumentState("satisfied")
        public val WAIVED: DocumentState = DocumentState("waived")

        /** The values this build knows. */
        public val known: List<DocumentState> = listOf(OPEN, SATISFIED, WAIVED)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class EstimateState(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val DRAFT: EstimateState = EstimateState("draft")
        public val PRESENTED: EstimateState = EstimateState("presented")
        public val APPROVED: EstimateState = EstimateState("approved")
        public val DECLINED: EstimateState = EstimateState("declined")
        public val EXPIRED: EstimateState = EstimateState("expired")
        public val SUPERSEDED: EstimateState = EstimateState("superseded")

        /** The values this build knows. */
        public val known: List<EstimateState> = listOf(DRAFT, PRESENTED, APPROVED, DECLINED, EXPIRED, SUPERSEDED)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class InvoiceState(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val DRAFT: InvoiceState = InvoiceState("draft")
        public val ISSUED: InvoiceState = InvoiceState("issued")
        public val PARTIALLY_PAID: InvoiceState = InvoiceState("partially_paid")
        public val PAID: InvoiceState = InvoiceState("paid")
        public val VOID: InvoiceState = InvoiceState("void")

        /** The values this build knows. */
        public val known: List<InvoiceState> = listOf(DRAFT, ISSUED, PARTIALLY_PAID, PAID, VOID)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class JobPriority(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val LOW: JobPriority = JobPriority("low")
        public val NORMAL: JobPriority = JobPriority("normal")
        public val HIGH: JobPriority = JobPriority("high")
        public val EMERGENCY: JobPriority = JobPriority("emergency")

        /** The values this build knows. */
        public val known: List<JobPriority> = listOf(LOW, NORMAL, HIGH, EMERGENCY)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class JobState(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val DRAFT: JobState = JobState("draft")
        public val UNSCHEDULED: JobState = JobState("unscheduled")
        public val SCHEDULED: JobState = JobState("scheduled")
        public val IN_PROGRESS: JobState = JobState("in_progress")
        public val COMPLETED: JobState = JobState("completed")
        public val CLOSED: JobState = JobState("closed")
        public val CANCELED: JobState = JobState("canceled")

        /** The values this build knows. */
        public val known: List<JobState> = listOf(DRAFT, UNSCHEDULED, SCHEDULED, IN_PROGRESS, COMPLETED, CLOSED, CANCELED)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class OwedState(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val OWED: OwedState = OwedState("owed")
        public val SCHEDULED: OwedState = OwedState("scheduled")
        public val DONE: OwedState = OwedState("done")
        public val SKIPPED: OwedState = OwedState("skipped")

        /** The values this build knows. */
        public val known: List<OwedState> = listOf(OWED, SCHEDULED, DONE, SKIPPED)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class PaymentKind(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val PAYMENT: PaymentKind = PaymentKind("payment")
        public val SETTLEMENT: PaymentKind = PaymentKind("settlement")
        public val FAILURE: PaymentKind = PaymentKind("failure")
        public val REFUND: PaymentKind = PaymentKind("refund")
        public val REVERSAL: PaymentKind = PaymentKind("reversal")

        /** The values this build knows. */
        public val known: List<PaymentKind> = listOf(PAYMENT, SETTLEMENT, FAILURE, REFUND, REVERSAL)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class PaymentMethod(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val CASH: PaymentMethod = PaymentMethod("cash")
        public val CHECK: PaymentMethod = PaymentMethod("check")
        public val CARD: PaymentMethod = PaymentMethod("card")

        /** The values this build knows. */
        public val known: List<PaymentMethod> = listOf(CASH, CHECK, CARD)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class PaymentState(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val RECORDED: PaymentState = PaymentState("recorded")
        public val SETTLED: PaymentState = PaymentState("settled")
        public val FAILED: PaymentState = PaymentState("failed")
        public val REFUNDED: PaymentState = PaymentState("refunded")
        public val REVERSED: PaymentState = PaymentState("reversed")

        /** The values this build knows. */
        public val known: List<PaymentState> = listOf(RECORDED, SETTLED, FAILED, REFUNDED, REVERSED)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class PricebookKind(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val SERVICE: PricebookKind = PricebookKind("service")
        public val MATERIAL: PricebookKind = PricebookKind("material")
        public val LABOUR: PricebookKind = PricebookKind("labour")
        public val BUNDLE: PricebookKind = PricebookKind("bundle")

        /** The values this build knows. */
        public val known: List<PricebookKind> = listOf(SERVICE, MATERIAL, LABOUR, BUNDLE)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class SignatureOutcome(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val SIGNED: SignatureOutcome = SignatureOutcome("signed")
        public val REFUSED: SignatureOutcome = SignatureOutcome("refused")

        /** The values this build knows. */
        public val known: List<SignatureOutcome> = listOf(SIGNED, REFUSED)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class SignerRelation(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val CUSTOMER: SignerRelation = SignerRelation("customer")
        public val FAMILY: SignerRelation = SignerRelation("family")
        public val TENANT: SignerRelation = SignerRelation("tenant")
        public val PROPERTY_MANAGER: SignerRelation = SignerRelation("property_manager")
        public val EMPLOYEE: SignerRelation = SignerRelation("employee")
        public val OTHER: SignerRelation = SignerRelation("other")

        /** The values this build knows. */
        public val known: List<SignerRelation> = listOf(CUSTOMER, FAMILY, TENANT, PROPERTY_MANAGER, EMPLOYEE, OTHER)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class StockCause(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val RECEIVE: StockCause = StockCause("receive")
        public val TRANSFER: StockCause = StockCause("transfer")
        public val USE: StockCause = StockCause("use")
        public val RETURN: StockCause = StockCause("return")
        public val COUNT: StockCause = StockCause("count")

        /** The values this build knows. */
        public val known: List<StockCause> = listOf(RECEIVE, TRANSFER, USE, RETURN, COUNT)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class StockLocationKind(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val WAREHOUSE: StockLocationKind = StockLocationKind("warehouse")
        public val TRUCK: StockLocationKind = StockLocationKind("truck")

        /** The values this build knows. */
        public val known: List<StockLocationKind> = listOf(WAREHOUSE, TRUCK)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class StockStanding(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val ENOUGH: StockStanding = StockStanding("enough")
        public val LOW: StockStanding = StockStanding("low")
        public val NEGATIVE: StockStanding = StockStanding("negative")

        /** The values this build knows. */
        public val known: List<StockStanding> = listOf(ENOUGH, LOW, NEGATIVE)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class SubjectKind(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val ESTIMATE_OPTION: SubjectKind = SubjectKind("estimate_option")
        public val VISIT: SubjectKind = SubjectKind("visit")
        public val REQUIRED_DOCUMENT: SubjectKind = SubjectKind("required_document")
        public val INVOICE: SubjectKind = SubjectKind("invoice")

        /** The values this build knows. */
        public val known: List<SubjectKind> = listOf(ESTIMATE_OPTION, VISIT, REQUIRED_DOCUMENT, INVOICE)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class TaxClass(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val STANDARD: TaxClass = TaxClass("standard")
        public val REDUCED: TaxClass = TaxClass("reduced")
        public val EXEMPT: TaxClass = TaxClass("exempt")

        /** The values this build knows. */
        public val known: List<TaxClass> = listOf(STANDARD, REDUCED, EXEMPT)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class TimeKind(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val TRAVEL: TimeKind = TimeKind("travel")
        public val WORK: TimeKind = TimeKind("work")
        public val BREAK: TimeKind = TimeKind("break")

        /** The values this build knows. */
        public val known: List<TimeKind> = listOf(TRAVEL, WORK, BREAK)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class VersionState(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val DRAFT: VersionState = VersionState("draft")
        public val PUBLISHED: VersionState = VersionState("published")
        public val RETIRED: VersionState = VersionState("retired")

        /** The values this build knows. */
        public val known: List<VersionState> = listOf(DRAFT, PUBLISHED, RETIRED)
    }
}

/** Open to values of newer servers. */
@JvmInline
public value class VisitState(override val text: String) : OpenEnum {
    override fun toString(): String = text

    public companion object {
        public val SCHEDULED: VisitState = VisitState("scheduled")
        public val DISPATCHED: VisitState = VisitState("dispatched")
        public val ACCEPTED: VisitState = VisitState("accepted")
        public val TRAVELING: VisitState = VisitState("traveling")
        public val ON_SITE: VisitState = VisitState("on_site")
        public val PAUSED: VisitState = VisitState("paused")
        public val COMPLETED: VisitState = VisitState("completed")
        public val PARTIALLY_COMPLETED: VisitState = VisitState("partially_completed")
        public val CANNOT_COMPLETE: VisitState = VisitState("cannot_complete")
        public val CANCELED: VisitState = VisitState("canceled")

        /** The values this build knows. */
        public val known: List<VisitState> = listOf(SCHEDULED, DISPATCHED, ACCEPTED, TRAVELING, ON_SITE, PAUSED, COMPLETED, PARTIALLY_COMPLETED, CANNOT_COMPLETE, CANCELED)
    }
}
