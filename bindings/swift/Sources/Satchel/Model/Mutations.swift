// Written by `./dev bindings` from the registry: do not edit.

import Foundation

/// Creates a job, optionally with its first visit. Runs only at the server: it is queued, and has no output here.
public struct CreateJob: Mutation {
    public typealias Output = JobCreated
    public static let procedure = "job/v1/create"

    /// Id of the new job, made by the caller.
    public var jobId: UUID
    /// The branch that does it.
    public var branchId: UUID
    /// Who it is for.
    public var customerId: UUID
    /// Where it is; a location of that customer.
    public var locationId: UUID
    /// One line; at most 200 characters.
    public var title: String
    /// What it is about; equipment at that location.
    public var equipmentId: UUID?
    /// The office's own number, unique in the organization; at most 64 characters.
    public var number: String?
    /// All that is known; at most 20,000 characters.
    public var description: String?
    /// How urgent it is; `normal` when left out.
    public var priority: JobPriority?
    /// True for a job that is still being written.
    public var draft: Bool?
    /// The first visit, if it is known already.
    public var firstVisit: PlannedVisit?

    public init(jobId: UUID, branchId: UUID, customerId: UUID, locationId: UUID, title: String, equipmentId: UUID? = nil, number: String? = nil, description: String? = nil, priority: JobPriority? = nil, draft: Bool? = nil, firstVisit: PlannedVisit? = nil) {
        self.jobId = jobId
        self.branchId = branchId
        self.customerId = customerId
        self.locationId = locationId
        self.title = title
        self.equipmentId = equipmentId
        self.number = number
        self.description = description
        self.priority = priority
        self.draft = draft
        self.firstVisit = firstVisit
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "branch_id": JSON(branchId),
            "customer_id": JSON(customerId),
            "location_id": JSON(locationId),
            "equipment_id": equipmentId.map { JSON($0) },
            "number": number.map { JSON.text($0) },
            "title": JSON.text(title),
            "description": description.map { JSON.text($0) },
            "priority": priority.map { JSON.text($0.rawValue) },
            "draft": draft.map { JSON.boolean($0) },
            "first_visit": firstVisit.map { $0.json() },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.branchId = try json.required("branch_id").asId()
        self.customerId = try json.required("customer_id").asId()
        self.locationId = try json.required("location_id").asId()
        self.equipmentId = try json.optional("equipment_id").map { try $0.asId() }
        self.number = try json.optional("number").map { try $0.asText() }
        self.title = try json.required("title").asText()
        self.description = try json.optional("description").map { try $0.asText() }
        self.priority = try json.optional("priority").map { JobPriority(rawValue: try $0.asText()) }
        self.draft = try json.optional("draft").map { try $0.asBoolean() }
        self.firstVisit = try json.optional("first_visit").map { try PlannedVisit(json: $0) }
    }
}

/// Changes a job's title, description, priority, number or equipment.
public struct UpdateJob: Mutation {
    public typealias Output = JobUpdated
    public static let procedure = "job/v1/update"

    /// The job.
    public var jobId: UUID
    /// New title: one line, at most 200 characters.
    public var title: String?
    /// New description; at most 20,000 characters.
    public var description: String?
    /// New priority.
    public var priority: JobPriority?
    /// New number, unique in the organization, at most 64 characters; empty to have none.
    public var number: String?
    /// What the job is about now; equipment at the job's location.
    public var equipmentId: UUID?

    public init(jobId: UUID, title: String? = nil, description: String? = nil, priority: JobPriority? = nil, number: String? = nil, equipmentId: UUID? = nil) {
        self.jobId = jobId
        self.title = title
        self.description = description
        self.priority = priority
        self.number = number
        self.equipmentId = equipmentId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "title": title.map { JSON.text($0) },
            "description": description.map { JSON.text($0) },
            "priority": priority.map { JSON.text($0.rawValue) },
            "number": number.map { JSON.text($0) },
            "equipment_id": equipmentId.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.title = try json.optional("title").map { try $0.asText() }
        self.description = try json.optional("description").map { try $0.asText() }
        self.priority = try json.optional("priority").map { JobPriority(rawValue: try $0.asText()) }
        self.number = try json.optional("number").map { try $0.asText() }
        self.equipmentId = try json.optional("equipment_id").map { try $0.asId() }
    }
}

/// Releases, closes or reopens a job.
public struct UpdateJobStatus: Mutation {
    public typealias Output = JobStatusUpdated
    public static let procedure = "job/v1/updateStatus"

    /// The job.
    public var jobId: UUID
    /// Where it is to stand: `unscheduled` releases a draft; `closed` settles a job without open visits; `completed` or `unscheduled` reopens a closed one. All else follows from the visits, or is canceled with a reason.
    public var status: JobState

    public init(jobId: UUID, status: JobState) {
        self.jobId = jobId
        self.status = status
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "status": JSON.text(status.rawValue),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.status = JobState(rawValue: try json.required("status").asText())
    }
}

/// Cancels a job and its open visits.
public struct CancelJob: Mutation {
    public typealias Output = JobCanceled
    public static let procedure = "job/v1/cancel"

    /// The job.
    public var jobId: UUID
    /// Why; at most 2,000 characters.
    public var reason: String

    public init(jobId: UUID, reason: String) {
        self.jobId = jobId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.reason = try json.required("reason").asText()
    }
}

/// Plans a visit of a job, with its checklists.
public struct CreateVisit: Mutation {
    public typealias Output = VisitCreated
    public static let procedure = "visit/v1/create"

    /// The job.
    public var jobId: UUID
    /// Id of the new visit, made by the caller.
    public var visitId: UUID
    /// Start of the promised arrival window.
    public var windowStart: Instant
    /// End of the promised arrival window: after its start, at most 14 days later.
    public var windowEnd: Instant
    /// Templates of the checklists the visit gets; at most 8, each once.
    public var templateIds: [UUID]?

    public init(jobId: UUID, visitId: UUID, windowStart: Instant, windowEnd: Instant, templateIds: [UUID]? = nil) {
        self.jobId = jobId
        self.visitId = visitId
        self.windowStart = windowStart
        self.windowEnd = windowEnd
        self.templateIds = templateIds
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "window_start": JSON(windowStart),
            "window_end": JSON(windowEnd),
            "template_ids": templateIds.map { JSON.array($0.map { item in JSON(item) }) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.windowStart = try json.required("window_start").asInstant()
        self.windowEnd = try json.required("window_end").asInstant()
        self.templateIds = try json.optional("template_ids").map { try $0.asList { item in try item.asId() } }
    }
}

/// Assigns a technician to a visit; warns of what speaks against it. Runs only at the server: it is queued, and has no output here.
public struct AssignTech: Mutation {
    public typealias Output = TechAssigned
    public static let procedure = "dispatch/v1/assignTech"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// Who is to go.
    public var technicianId: UUID
    /// Books although the technician has another visit in this window; without it that is refused with `assignment.overlap`.
    public var confirmOverlap: Bool?
    /// Warnings to book against, each with its reason. A warning that is not confirmed refuses; its `details` list all.
    public var confirm: [Override]?

    public init(jobId: UUID, visitId: UUID, technicianId: UUID, confirmOverlap: Bool? = nil, confirm: [Override]? = nil) {
        self.jobId = jobId
        self.visitId = visitId
        self.technicianId = technicianId
        self.confirmOverlap = confirmOverlap
        self.confirm = confirm
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "technician_id": JSON(technicianId),
            "confirm_overlap": confirmOverlap.map { JSON.boolean($0) },
            "confirm": confirm.map { JSON.array($0.map { item in item.json() }) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.technicianId = try json.required("technician_id").asId()
        self.confirmOverlap = try json.optional("confirm_overlap").map { try $0.asBoolean() }
        self.confirm = try json.optional("confirm").map { try $0.asList { item in try Override(json: item) } }
    }
}

/// Takes a technician off a visit. Runs only at the server: it is queued, and has no output here.
public struct UnassignTech: Mutation {
    public typealias Output = TechUnassigned
    public static let procedure = "dispatch/v1/unassignTech"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// Who is not to go any more.
    public var technicianId: UUID

    public init(jobId: UUID, visitId: UUID, technicianId: UUID) {
        self.jobId = jobId
        self.visitId = visitId
        self.technicianId = technicianId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "technician_id": JSON(technicianId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.technicianId = try json.required("technician_id").asId()
    }
}

/// Moves a visit to another arrival window; warns of what speaks against it. Runs only at the server: it is queued, and has no output here.
public struct Reschedule: Mutation {
    public typealias Output = Rescheduled
    public static let procedure = "dispatch/v1/reschedule"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// Start of the new arrival window.
    public var windowStart: Instant
    /// End of the new arrival window: after its start, at most 14 days later.
    public var windowEnd: Instant
    /// Books although a technician has another visit in this window; without it that is refused with `assignment.overlap`.
    public var confirmOverlap: Bool?
    /// Warnings to book against, each with its reason. A warning that is not confirmed refuses; its `details` list all.
    public var confirm: [Override]?

    public init(jobId: UUID, visitId: UUID, windowStart: Instant, windowEnd: Instant, confirmOverlap: Bool? = nil, confirm: [Override]? = nil) {
        self.jobId = jobId
        self.visitId = visitId
        self.windowStart = windowStart
        self.windowEnd = windowEnd
        self.confirmOverlap = confirmOverlap
        self.confirm = confirm
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "window_start": JSON(windowStart),
            "window_end": JSON(windowEnd),
            "confirm_overlap": confirmOverlap.map { JSON.boolean($0) },
            "confirm": confirm.map { JSON.array($0.map { item in item.json() }) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.windowStart = try json.required("window_start").asInstant()
        self.windowEnd = try json.required("window_end").asInstant()
        self.confirmOverlap = try json.optional("confirm_overlap").map { try $0.asBoolean() }
        self.confirm = try json.optional("confirm").map { try $0.asList { item in try Override(json: item) } }
    }
}

/// Sends a scheduled visit to its technicians.
public struct DispatchVisit: Mutation {
    public typealias Output = VisitMoved
    public static let procedure = "visit/v1/dispatch"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit; a technician must be assigned to it.
    public var visitId: UUID

    public init(jobId: UUID, visitId: UUID) {
        self.jobId = jobId
        self.visitId = visitId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
    }
}

/// Accepts a dispatched visit.
public struct AcceptVisit: Mutation {
    public typealias Output = VisitMoved
    public static let procedure = "visit/v1/accept"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// Why, if there is something to tell; at most 2,000 characters.
    public var reason: String?

    public init(jobId: UUID, visitId: UUID, reason: String? = nil) {
        self.jobId = jobId
        self.visitId = visitId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "reason": reason.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.reason = try json.optional("reason").map { try $0.asText() }
    }
}

/// Declines a visit, which goes back to scheduled.
public struct DeclineVisit: Mutation {
    public typealias Output = VisitMoved
    public static let procedure = "visit/v1/decline"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// Why, if there is something to tell; at most 2,000 characters.
    public var reason: String?

    public init(jobId: UUID, visitId: UUID, reason: String? = nil) {
        self.jobId = jobId
        self.visitId = visitId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "reason": reason.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.reason = try json.optional("reason").map { try $0.asText() }
    }
}

/// Sets out to an accepted visit.
public struct TravelToVisit: Mutation {
    public typealias Output = VisitMoved
    public static let procedure = "visit/v1/travel"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// Why, if there is something to tell; at most 2,000 characters.
    public var reason: String?

    public init(jobId: UUID, visitId: UUID, reason: String? = nil) {
        self.jobId = jobId
        self.visitId = visitId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "reason": reason.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.reason = try json.optional("reason").map { try $0.asText() }
    }
}

/// Arrives at a visit and starts work.
public struct ArriveAtVisit: Mutation {
    public typealias Output = VisitMoved
    public static let procedure = "visit/v1/arrive"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// Why, if there is something to tell; at most 2,000 characters.
    public var reason: String?

    public init(jobId: UUID, visitId: UUID, reason: String? = nil) {
        self.jobId = jobId
        self.visitId = visitId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "reason": reason.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.reason = try json.optional("reason").map { try $0.asText() }
    }
}

/// Interrupts work on a visit.
public struct PauseVisit: Mutation {
    public typealias Output = VisitMoved
    public static let procedure = "visit/v1/pause"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// Why, if there is something to tell; at most 2,000 characters.
    public var reason: String?

    public init(jobId: UUID, visitId: UUID, reason: String? = nil) {
        self.jobId = jobId
        self.visitId = visitId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "reason": reason.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.reason = try json.optional("reason").map { try $0.asText() }
    }
}

/// Goes on with a paused visit.
public struct ResumeVisit: Mutation {
    public typealias Output = VisitMoved
    public static let procedure = "visit/v1/resume"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// Why, if there is something to tell; at most 2,000 characters.
    public var reason: String?

    public init(jobId: UUID, visitId: UUID, reason: String? = nil) {
        self.jobId = jobId
        self.visitId = visitId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "reason": reason.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.reason = try json.optional("reason").map { try $0.asText() }
    }
}

/// Completes a visit whose required checklist items are all answered.
public struct CompleteVisit: Mutation {
    public typealias Output = VisitMoved
    public static let procedure = "visit/v1/complete"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// What was done; at most 2,000 characters.
    public var outcome: String?

    public init(jobId: UUID, visitId: UUID, outcome: String? = nil) {
        self.jobId = jobId
        self.visitId = visitId
        self.outcome = outcome
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "outcome": outcome.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.outcome = try json.optional("outcome").map { try $0.asText() }
    }
}

/// Ends a visit of which only part could be done.
public struct CompleteVisitPartially: Mutation {
    public typealias Output = VisitMoved
    public static let procedure = "visit/v1/completePartially"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// What was done and what is left; at most 2,000 characters.
    public var outcome: String?

    public init(jobId: UUID, visitId: UUID, outcome: String? = nil) {
        self.jobId = jobId
        self.visitId = visitId
        self.outcome = outcome
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "outcome": outcome.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.outcome = try json.optional("outcome").map { try $0.asText() }
    }
}

/// Ends a visit on which the work could not be done, with the reason.
public struct CannotCompleteVisit: Mutation {
    public typealias Output = VisitMoved
    public static let procedure = "visit/v1/cannotComplete"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// Why not; at most 2,000 characters.
    public var reason: String

    public init(jobId: UUID, visitId: UUID, reason: String) {
        self.jobId = jobId
        self.visitId = visitId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.reason = try json.required("reason").asText()
    }
}

/// Cancels one visit of a job.
public struct CancelVisit: Mutation {
    public typealias Output = VisitMoved
    public static let procedure = "visit/v1/cancel"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// Why; at most 2,000 characters.
    public var reason: String

    public init(jobId: UUID, visitId: UUID, reason: String) {
        self.jobId = jobId
        self.visitId = visitId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.reason = try json.required("reason").asText()
    }
}

/// Puts a checklist on a visit.
public struct AttachChecklist: Mutation {
    public typealias Output = ChecklistAttached
    public static let procedure = "checklist/v1/attach"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit; it can have at most 8 checklists, each template once.
    public var visitId: UUID
    /// Id of the new checklist, made by the caller.
    public var checklistId: UUID
    /// What is to be checked; an active template.
    public var templateId: UUID

    public init(jobId: UUID, visitId: UUID, checklistId: UUID, templateId: UUID) {
        self.jobId = jobId
        self.visitId = visitId
        self.checklistId = checklistId
        self.templateId = templateId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "checklist_id": JSON(checklistId),
            "template_id": JSON(templateId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.checklistId = try json.required("checklist_id").asId()
        self.templateId = try json.required("template_id").asId()
    }
}

/// Answers a checklist item.
public struct AnswerItem: Mutation {
    public typealias Output = AnswerSet
    public static let procedure = "checklist/v1/answer"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit the checklist is on.
    public var visitId: UUID
    /// The item's answer row.
    public var answerId: UUID
    /// The answer: `yes` or `no`, a decimal number, a text of at most 4,000 characters, or the id of a captured photo, as the item asks.
    public var value: String

    public init(jobId: UUID, visitId: UUID, answerId: UUID, value: String) {
        self.jobId = jobId
        self.visitId = visitId
        self.answerId = answerId
        self.value = value
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "answer_id": JSON(answerId),
            "value": JSON.text(value),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.answerId = try json.required("answer_id").asId()
        self.value = try json.required("value").asText()
    }
}

/// Says that a checklist item does not apply.
public struct MarkNotApplicable: Mutation {
    public typealias Output = AnswerSet
    public static let procedure = "checklist/v1/notApplicable"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit the checklist is on.
    public var visitId: UUID
    /// The item's answer row.
    public var answerId: UUID

    public init(jobId: UUID, visitId: UUID, answerId: UUID) {
        self.jobId = jobId
        self.visitId = visitId
        self.answerId = answerId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "answer_id": JSON(answerId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.answerId = try json.required("answer_id").asId()
    }
}

/// Takes a checklist answer back.
public struct ClearAnswer: Mutation {
    public typealias Output = AnswerSet
    public static let procedure = "checklist/v1/clear"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit the checklist is on.
    public var visitId: UUID
    /// The item's answer row.
    public var answerId: UUID

    public init(jobId: UUID, visitId: UUID, answerId: UUID) {
        self.jobId = jobId
        self.visitId = visitId
        self.answerId = answerId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "answer_id": JSON(answerId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.answerId = try json.required("answer_id").asId()
    }
}

/// Starts a note on a job.
public struct CreateNote: Mutation {
    public typealias Output = NoteCreated
    public static let procedure = "note/v1/create"

    /// The job.
    public var jobId: UUID
    /// Id of the new note, made by the caller.
    public var noteId: UUID
    /// One line; at most 200 characters.
    public var title: String

    public init(jobId: UUID, noteId: UUID, title: String) {
        self.jobId = jobId
        self.noteId = noteId
        self.title = title
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "note_id": JSON(noteId),
            "title": JSON.text(title),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.noteId = try json.required("note_id").asId()
        self.title = try json.required("title").asText()
    }
}

/// Adds changes to a note's text.
public struct EditNote: Mutation {
    public typealias Output = NoteEdited
    public static let procedure = "note/v1/edit"

    /// The job the note is on.
    public var jobId: UUID
    /// The note.
    public var noteId: UUID
    /// Automerge changes (version 0.12, uncompressed, text in Unicode code points) in standard base64, predecessors first; 1 to 16, each at most 65,536 bytes. Refused with `note.rebase` when a predecessor is missing.
    public var changes: [String]

    public init(jobId: UUID, noteId: UUID, changes: [String]) {
        self.jobId = jobId
        self.noteId = noteId
        self.changes = changes
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "note_id": JSON(noteId),
            "changes": JSON.array(changes.map { JSON.text($0) }),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.noteId = try json.required("note_id").asId()
        self.changes = try json.required("changes").asList { item in try item.asText() }
    }
}

/// Starts tracking a technician's time.
public struct StartTime: Mutation {
    public typealias Output = TimeStarted
    public static let procedure = "time/v1/start"

    /// Id of the new entry, made by the caller.
    public var entryId: UUID
    /// Whose time; technicians track their own.
    public var technicianId: UUID
    /// What it is spent on.
    public var kind: TimeKind
    /// The job it is booked on; must be given with a visit.
    public var jobId: UUID?
    /// The visit it is booked on.
    public var visitId: UUID?

    public init(entryId: UUID, technicianId: UUID, kind: TimeKind, jobId: UUID? = nil, visitId: UUID? = nil) {
        self.entryId = entryId
        self.technicianId = technicianId
        self.kind = kind
        self.jobId = jobId
        self.visitId = visitId
    }

    public func json() -> JSON {
        JSON.members([
            "entry_id": JSON(entryId),
            "technician_id": JSON(technicianId),
            "kind": JSON.text(kind.rawValue),
            "job_id": jobId.map { JSON($0) },
            "visit_id": visitId.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.entryId = try json.required("entry_id").asId()
        self.technicianId = try json.required("technician_id").asId()
        self.kind = TimeKind(rawValue: try json.required("kind").asText())
        self.jobId = try json.optional("job_id").map { try $0.asId() }
        self.visitId = try json.optional("visit_id").map { try $0.asId() }
    }
}

/// Stops tracking a technician's time.
public struct StopTime: Mutation {
    public typealias Output = TimeStopped
    public static let procedure = "time/v1/stop"

    /// The running entry.
    public var entryId: UUID
    /// Whose time; technicians track their own.
    public var technicianId: UUID
    /// When it really ended, if not now: after the start, not in the future. What then lasted too long was started by a wrong clock.
    public var endedAt: Instant?

    public init(entryId: UUID, technicianId: UUID, endedAt: Instant? = nil) {
        self.entryId = entryId
        self.technicianId = technicianId
        self.endedAt = endedAt
    }

    public func json() -> JSON {
        JSON.members([
            "entry_id": JSON(entryId),
            "technician_id": JSON(technicianId),
            "ended_at": endedAt.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.entryId = try json.required("entry_id").asId()
        self.technicianId = try json.required("technician_id").asId()
        self.endedAt = try json.optional("ended_at").map { try $0.asInstant() }
    }
}

/// Notes material used on a visit.
public struct AddMaterial: Mutation {
    public typealias Output = MaterialAdded
    public static let procedure = "material/v1/add"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// Id of the new line, made by the caller.
    public var materialId: UUID
    /// What was used; an active item of the pricebook.
    public var itemId: UUID
    /// How much, in the item's unit: above zero, at most three decimals.
    public var quantity: Decimal

    public init(jobId: UUID, visitId: UUID, materialId: UUID, itemId: UUID, quantity: Decimal) {
        self.jobId = jobId
        self.visitId = visitId
        self.materialId = materialId
        self.itemId = itemId
        self.quantity = quantity
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "material_id": JSON(materialId),
            "item_id": JSON(itemId),
            "quantity": JSON(quantity),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.materialId = try json.required("material_id").asId()
        self.itemId = try json.required("item_id").asId()
        self.quantity = try json.required("quantity").asDecimal()
    }
}

/// Corrects the quantity of material used; zero removes it.
public struct CorrectMaterial: Mutation {
    public typealias Output = MaterialCorrected
    public static let procedure = "material/v1/correct"

    /// The job the visit belongs to.
    public var jobId: UUID
    /// The visit.
    public var visitId: UUID
    /// The line.
    public var materialId: UUID
    /// How much it was, in the item's unit, at most three decimals; zero removes the line.
    public var quantity: Decimal

    public init(jobId: UUID, visitId: UUID, materialId: UUID, quantity: Decimal) {
        self.jobId = jobId
        self.visitId = visitId
        self.materialId = materialId
        self.quantity = quantity
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "material_id": JSON(materialId),
            "quantity": JSON(quantity),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.materialId = try json.required("material_id").asId()
        self.quantity = try json.required("quantity").asDecimal()
    }
}

/// Sets up a warehouse or a truck.
public struct CreateStockLocation: Mutation {
    public typealias Output = StockLocationCreated
    public static let procedure = "stockLocation/v1/create"

    /// Id of the new place, made by the caller.
    public var stockLocationId: UUID
    /// The branch it belongs to.
    public var branchId: UUID
    /// Whether it is a warehouse or a truck.
    public var kind: StockLocationKind
    /// What it is called; at most 100 characters.
    public var name: String
    /// Who drives the truck: a technician of the branch who drives no other.
    public var technicianId: UUID?

    public init(stockLocationId: UUID, branchId: UUID, kind: StockLocationKind, name: String, technicianId: UUID? = nil) {
        self.stockLocationId = stockLocationId
        self.branchId = branchId
        self.kind = kind
        self.name = name
        self.technicianId = technicianId
    }

    public func json() -> JSON {
        JSON.members([
            "stock_location_id": JSON(stockLocationId),
            "branch_id": JSON(branchId),
            "kind": JSON.text(kind.rawValue),
            "name": JSON.text(name),
            "technician_id": technicianId.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.stockLocationId = try json.required("stock_location_id").asId()
        self.branchId = try json.required("branch_id").asId()
        self.kind = StockLocationKind(rawValue: try json.required("kind").asText())
        self.name = try json.required("name").asText()
        self.technicianId = try json.optional("technician_id").map { try $0.asId() }
    }
}

/// Changes a stock location's name, driver or use.
public struct UpdateStockLocation: Mutation {
    public typealias Output = StockLocationUpdated
    public static let procedure = "stockLocation/v1/update"

    /// The place.
    public var stockLocationId: UUID
    /// New name; at most 100 characters.
    public var name: String?
    /// Who drives the truck now: a technician of the branch who drives no other.
    public var technicianId: UUID?
    /// True to have nobody drive it; not together with a technician.
    public var withoutTechnician: Bool?
    /// Whether material may be moved in and out.
    public var active: Bool?

    public init(stockLocationId: UUID, name: String? = nil, technicianId: UUID? = nil, withoutTechnician: Bool? = nil, active: Bool? = nil) {
        self.stockLocationId = stockLocationId
        self.name = name
        self.technicianId = technicianId
        self.withoutTechnician = withoutTechnician
        self.active = active
    }

    public func json() -> JSON {
        JSON.members([
            "stock_location_id": JSON(stockLocationId),
            "name": name.map { JSON.text($0) },
            "technician_id": technicianId.map { JSON($0) },
            "without_technician": withoutTechnician.map { JSON.boolean($0) },
            "active": active.map { JSON.boolean($0) },
        ])
    }

    public init(json: JSON) throws {
        self.stockLocationId = try json.required("stock_location_id").asId()
        self.name = try json.optional("name").map { try $0.asText() }
        self.technicianId = try json.optional("technician_id").map { try $0.asId() }
        self.withoutTechnician = try json.optional("without_technician").map { try $0.asBoolean() }
        self.active = try json.optional("active").map { try $0.asBoolean() }
    }
}

/// Takes in material that came from a supplier.
public struct ReceiveStock: Mutation {
    public typealias Output = StockMoved
    public static let procedure = "stock/v1/receive"

    /// Id of the new entry, made by the caller.
    public var movementId: UUID
    /// Where it is put; for a technician, the own truck.
    public var stockLocationId: UUID
    /// What came; material of the pricebook.
    public var itemId: UUID
    /// How much, in the item's unit: above zero, at most three decimals.
    public var quantity: Decimal
    /// What it came with, such as the delivery note's number; at most 500 characters.
    public var note: String?

    public init(movementId: UUID, stockLocationId: UUID, itemId: UUID, quantity: Decimal, note: String? = nil) {
        self.movementId = movementId
        self.stockLocationId = stockLocationId
        self.itemId = itemId
        self.quantity = quantity
        self.note = note
    }

    public func json() -> JSON {
        JSON.members([
            "movement_id": JSON(movementId),
            "stock_location_id": JSON(stockLocationId),
            "item_id": JSON(itemId),
            "quantity": JSON(quantity),
            "note": note.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.movementId = try json.required("movement_id").asId()
        self.stockLocationId = try json.required("stock_location_id").asId()
        self.itemId = try json.required("item_id").asId()
        self.quantity = try json.required("quantity").asDecimal()
        self.note = try json.optional("note").map { try $0.asText() }
    }
}

/// Brings material from a warehouse or truck to another.
public struct TransferStock: Mutation {
    public typealias Output = StockMoved
    public static let procedure = "stock/v1/transfer"

    /// Id of the new entry, made by the caller; the other account's entry gets an id that follows from it.
    public var movementId: UUID
    /// Where it was.
    public var fromLocationId: UUID
    /// Where it is now. For a technician, one of both is the own truck.
    public var toLocationId: UUID
    /// What moved; material of the pricebook.
    public var itemId: UUID
    /// How much, in the item's unit: above zero, at most three decimals.
    public var quantity: Decimal
    /// Anything to remember; at most 500 characters.
    public var note: String?

    public init(movementId: UUID, fromLocationId: UUID, toLocationId: UUID, itemId: UUID, quantity: Decimal, note: String? = nil) {
        self.movementId = movementId
        self.fromLocationId = fromLocationId
        self.toLocationId = toLocationId
        self.itemId = itemId
        self.quantity = quantity
        self.note = note
    }

    public func json() -> JSON {
        JSON.members([
            "movement_id": JSON(movementId),
            "from_location_id": JSON(fromLocationId),
            "to_location_id": JSON(toLocationId),
            "item_id": JSON(itemId),
            "quantity": JSON(quantity),
            "note": note.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.movementId = try json.required("movement_id").asId()
        self.fromLocationId = try json.required("from_location_id").asId()
        self.toLocationId = try json.required("to_location_id").asId()
        self.itemId = try json.required("item_id").asId()
        self.quantity = try json.required("quantity").asDecimal()
        self.note = try json.optional("note").map { try $0.asText() }
    }
}

/// Sets a stock level to what was counted, by an entry of the difference.
public struct CountStock: Mutation {
    public typealias Output = StockCounted
    public static let procedure = "stock/v1/count"

    /// Id of the entry, made by the caller.
    public var movementId: UUID
    /// Where it was counted; for a technician, the own truck.
    public var stockLocationId: UUID
    /// What was counted; material of the pricebook.
    public var itemId: UUID
    /// How much is there, in the item's unit: zero or more, at most three decimals.
    public var counted: Decimal
    /// Why it was counted, or where the difference comes from; at most 500 characters.
    public var reason: String

    public init(movementId: UUID, stockLocationId: UUID, itemId: UUID, counted: Decimal, reason: String) {
        self.movementId = movementId
        self.stockLocationId = stockLocationId
        self.itemId = itemId
        self.counted = counted
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "movement_id": JSON(movementId),
            "stock_location_id": JSON(stockLocationId),
            "item_id": JSON(itemId),
            "counted": JSON(counted),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.movementId = try json.required("movement_id").asId()
        self.stockLocationId = try json.required("stock_location_id").asId()
        self.itemId = try json.required("item_id").asId()
        self.counted = try json.required("counted").asDecimal()
        self.reason = try json.required("reason").asText()
    }
}

/// Gives material back to its supplier.
public struct ReturnStock: Mutation {
    public typealias Output = StockMoved
    public static let procedure = "stock/v1/return"

    /// Id of the new entry, made by the caller.
    public var movementId: UUID
    /// Where it lay; for a technician, the own truck.
    public var stockLocationId: UUID
    /// What goes back; material of the pricebook.
    public var itemId: UUID
    /// How much, in the item's unit: above zero, at most three decimals.
    public var quantity: Decimal
    /// Why; at most 500 characters.
    public var reason: String

    public init(movementId: UUID, stockLocationId: UUID, itemId: UUID, quantity: Decimal, reason: String) {
        self.movementId = movementId
        self.stockLocationId = stockLocationId
        self.itemId = itemId
        self.quantity = quantity
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "movement_id": JSON(movementId),
            "stock_location_id": JSON(stockLocationId),
            "item_id": JSON(itemId),
            "quantity": JSON(quantity),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.movementId = try json.required("movement_id").asId()
        self.stockLocationId = try json.required("stock_location_id").asId()
        self.itemId = try json.required("item_id").asId()
        self.quantity = try json.required("quantity").asDecimal()
        self.reason = try json.required("reason").asText()
    }
}

/// Sets how much of an item should lie in a place. Runs only at the server: it is queued, and has no output here.
public struct SetStockMinimum: Mutation {
    public typealias Output = MinimumSet
    public static let procedure = "stock/v1/setMinimum"

    /// The place.
    public var stockLocationId: UUID
    /// The item; material of the pricebook.
    public var itemId: UUID
    /// Below this much it is to be replenished; zero or more, at most three decimals.
    public var minimum: Decimal
    /// Up to this much it is replenished; at least the minimum.
    public var target: Decimal

    public init(stockLocationId: UUID, itemId: UUID, minimum: Decimal, target: Decimal) {
        self.stockLocationId = stockLocationId
        self.itemId = itemId
        self.minimum = minimum
        self.target = target
    }

    public func json() -> JSON {
        JSON.members([
            "stock_location_id": JSON(stockLocationId),
            "item_id": JSON(itemId),
            "minimum": JSON(minimum),
            "target": JSON(target),
        ])
    }

    public init(json: JSON) throws {
        self.stockLocationId = try json.required("stock_location_id").asId()
        self.itemId = try json.required("item_id").asId()
        self.minimum = try json.required("minimum").asDecimal()
        self.target = try json.required("target").asDecimal()
    }
}

/// Asks for material for a truck or warehouse.
public struct RequestReplenishment: Mutation {
    public typealias Output = ReplenishmentRequested
    public static let procedure = "stock/v1/requestReplenishment"

    /// Where it is needed; for a technician, the own truck.
    public var stockLocationId: UUID
    /// What is needed; material of the pricebook.
    public var itemId: UUID
    /// How much, in the item's unit: above zero, at most three decimals.
    public var quantity: Decimal

    public init(stockLocationId: UUID, itemId: UUID, quantity: Decimal) {
        self.stockLocationId = stockLocationId
        self.itemId = itemId
        self.quantity = quantity
    }

    public func json() -> JSON {
        JSON.members([
            "stock_location_id": JSON(stockLocationId),
            "item_id": JSON(itemId),
            "quantity": JSON(quantity),
        ])
    }

    public init(json: JSON) throws {
        self.stockLocationId = try json.required("stock_location_id").asId()
        self.itemId = try json.required("item_id").asId()
        self.quantity = try json.required("quantity").asDecimal()
    }
}

/// Fills a truck or warehouse up from another place. Runs only at the server: it is queued, and has no output here.
public struct ReplenishStock: Mutation {
    public typealias Output = StockReplenished
    public static let procedure = "stock/v1/replenish"

    /// Where it comes from.
    public var fromLocationId: UUID
    /// Where it goes.
    public var toLocationId: UUID
    /// What is brought; 1 to 200 lines.
    public var lines: [ReplenishmentLine]

    public init(fromLocationId: UUID, toLocationId: UUID, lines: [ReplenishmentLine]) {
        self.fromLocationId = fromLocationId
        self.toLocationId = toLocationId
        self.lines = lines
    }

    public func json() -> JSON {
        JSON.members([
            "from_location_id": JSON(fromLocationId),
            "to_location_id": JSON(toLocationId),
            "lines": JSON.array(lines.map { $0.json() }),
        ])
    }

    public init(json: JSON) throws {
        self.fromLocationId = try json.required("from_location_id").asId()
        self.toLocationId = try json.required("to_location_id").asId()
        self.lines = try json.required("lines").asList { item in try ReplenishmentLine(json: item) }
    }
}

/// Adds an item to the pricebook.
public struct CreateItem: Mutation {
    public typealias Output = ItemWritten
    public static let procedure = "pricebook/v1/createItem"

    /// Id of the new item, made by the caller.
    public var itemId: UUID
    /// The code people know it by: unique in the organization, at most 64 characters.
    public var code: String
    /// What it is called: one line, at most 200 characters.
    public var name: String
    /// What kind of thing it is.
    public var kind: PricebookKind
    /// What one unit is: `each`, `foot`, `hour`; at most 32 characters.
    public var unit: String
    /// Price of one unit, where no version gives another.
    public var priceCents: Int64
    /// The heading it stands under.
    public var categoryId: UUID?
    /// How it is taxed; `standard` when left out.
    public var taxClass: TaxClass?
    /// Minutes of work that one unit is planned to take; at most 43,200.
    public var labourMinutes: Int32?
    /// What the customer reads about it; at most 4,000 characters.
    public var description: String?

    public init(itemId: UUID, code: String, name: String, kind: PricebookKind, unit: String, priceCents: Int64, categoryId: UUID? = nil, taxClass: TaxClass? = nil, labourMinutes: Int32? = nil, description: String? = nil) {
        self.itemId = itemId
        self.code = code
        self.name = name
        self.kind = kind
        self.unit = unit
        self.priceCents = priceCents
        self.categoryId = categoryId
        self.taxClass = taxClass
        self.labourMinutes = labourMinutes
        self.description = description
    }

    public func json() -> JSON {
        JSON.members([
            "item_id": JSON(itemId),
            "code": JSON.text(code),
            "name": JSON.text(name),
            "kind": JSON.text(kind.rawValue),
            "unit": JSON.text(unit),
            "price_cents": JSON.text(String(priceCents)),
            "category_id": categoryId.map { JSON($0) },
            "tax_class": taxClass.map { JSON.text($0.rawValue) },
            "labour_minutes": labourMinutes.map { JSON.integer(Int64($0)) },
            "description": description.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.itemId = try json.required("item_id").asId()
        self.code = try json.required("code").asText()
        self.name = try json.required("name").asText()
        self.kind = PricebookKind(rawValue: try json.required("kind").asText())
        self.unit = try json.required("unit").asText()
        self.priceCents = try json.required("price_cents").asLong()
        self.categoryId = try json.optional("category_id").map { try $0.asId() }
        self.taxClass = try json.optional("tax_class").map { TaxClass(rawValue: try $0.asText()) }
        self.labourMinutes = try json.optional("labour_minutes").map { try $0.asInteger() }
        self.description = try json.optional("description").map { try $0.asText() }
    }
}

/// Changes an item of the pricebook.
public struct UpdateItem: Mutation {
    public typealias Output = ItemWritten
    public static let procedure = "pricebook/v1/updateItem"

    /// The item.
    public var itemId: UUID
    /// New code: unique in the organization, at most 64 characters.
    public var code: String?
    /// New name: one line, at most 200 characters.
    public var name: String?
    /// New price of one unit, where no version gives another.
    public var priceCents: Int64?
    /// The heading it stands under now.
    public var categoryId: UUID?
    /// How it is taxed now.
    public var taxClass: TaxClass?
    /// Minutes of work that one unit is planned to take now; at most 43,200.
    public var labourMinutes: Int32?
    /// What the customer reads about it now; at most 4,000 characters.
    public var description: String?
    /// True to sell an item again that was retired.
    public var active: Bool?

    public init(itemId: UUID, code: String? = nil, name: String? = nil, priceCents: Int64? = nil, categoryId: UUID? = nil, taxClass: TaxClass? = nil, labourMinutes: Int32? = nil, description: String? = nil, active: Bool? = nil) {
        self.itemId = itemId
        self.code = code
        self.name = name
        self.priceCents = priceCents
        self.categoryId = categoryId
        self.taxClass = taxClass
        self.labourMinutes = labourMinutes
        self.description = description
        self.active = active
    }

    public func json() -> JSON {
        JSON.members([
            "item_id": JSON(itemId),
            "code": code.map { JSON.text($0) },
            "name": name.map { JSON.text($0) },
            "price_cents": priceCents.map { JSON.text(String($0)) },
            "category_id": categoryId.map { JSON($0) },
            "tax_class": taxClass.map { JSON.text($0.rawValue) },
            "labour_minutes": labourMinutes.map { JSON.integer(Int64($0)) },
            "description": description.map { JSON.text($0) },
            "active": active.map { JSON.boolean($0) },
        ])
    }

    public init(json: JSON) throws {
        self.itemId = try json.required("item_id").asId()
        self.code = try json.optional("code").map { try $0.asText() }
        self.name = try json.optional("name").map { try $0.asText() }
        self.priceCents = try json.optional("price_cents").map { try $0.asLong() }
        self.categoryId = try json.optional("category_id").map { try $0.asId() }
        self.taxClass = try json.optional("tax_class").map { TaxClass(rawValue: try $0.asText()) }
        self.labourMinutes = try json.optional("labour_minutes").map { try $0.asInteger() }
        self.description = try json.optional("description").map { try $0.asText() }
        self.active = try json.optional("active").map { try $0.asBoolean() }
    }
}

/// Takes an item out of the pricebook.
public struct RetireItem: Mutation {
    public typealias Output = ItemWritten
    public static let procedure = "pricebook/v1/retireItem"

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

/// Says what an item of the pricebook is made of.
public struct SetComponents: Mutation {
    public typealias Output = ComponentsSet
    public static let procedure = "pricebook/v1/setComponents"

    /// The item.
    public var itemId: UUID
    /// Its parts, each once, in order; at most 50. None for an item without parts.
    public var components: [NewComponent]

    public init(itemId: UUID, components: [NewComponent]) {
        self.itemId = itemId
        self.components = components
    }

    public func json() -> JSON {
        JSON.members([
            "item_id": JSON(itemId),
            "components": JSON.array(components.map { $0.json() }),
        ])
    }

    public init(json: JSON) throws {
        self.itemId = try json.required("item_id").asId()
        self.components = try json.required("components").asList { item in try NewComponent(json: item) }
    }
}

/// Says what an item costs the contractor. Runs only at the server: it is queued, and has no output here.
public struct SetCost: Mutation {
    public typealias Output = CostSet
    public static let procedure = "pricebook/v1/setCost"

    /// The item.
    public var itemId: UUID
    /// Cost of one unit.
    public var costCents: Int64

    public init(itemId: UUID, costCents: Int64) {
        self.itemId = itemId
        self.costCents = costCents
    }

    public func json() -> JSON {
        JSON.members([
            "item_id": JSON(itemId),
            "cost_cents": JSON.text(String(costCents)),
        ])
    }

    public init(json: JSON) throws {
        self.itemId = try json.required("item_id").asId()
        self.costCents = try json.required("cost_cents").asLong()
    }
}

/// Writes down what a customer agreed to pay for an item. Runs only at the server: it is queued, and has no output here.
public struct SetCustomerPrice: Mutation {
    public typealias Output = CustomerPriceSet
    public static let procedure = "pricebook/v1/setCustomerPrice"

    /// The customer.
    public var customerId: UUID
    /// The item.
    public var itemId: UUID
    /// Price of one unit; none if the pricebook's price holds again.
    public var priceCents: Int64?
    /// The first moment at which it holds no more; none if it holds until it is taken back.
    public var validUntil: Instant?

    public init(customerId: UUID, itemId: UUID, priceCents: Int64? = nil, validUntil: Instant? = nil) {
        self.customerId = customerId
        self.itemId = itemId
        self.priceCents = priceCents
        self.validUntil = validUntil
    }

    public func json() -> JSON {
        JSON.members([
            "customer_id": JSON(customerId),
            "item_id": JSON(itemId),
            "price_cents": priceCents.map { JSON.text(String($0)) },
            "valid_until": validUntil.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.customerId = try json.required("customer_id").asId()
        self.itemId = try json.required("item_id").asId()
        self.priceCents = try json.optional("price_cents").map { try $0.asLong() }
        self.validUntil = try json.optional("valid_until").map { try $0.asInstant() }
    }
}

/// Sets the tax rate of a class on a branch's jobs.
public struct SetTaxRate: Mutation {
    public typealias Output = TaxRateSet
    public static let procedure = "pricebook/v1/setTaxRate"

    /// The branch.
    public var branchId: UUID
    /// The class: `standard` or `reduced`; what is exempt has no rate.
    public var taxClass: TaxClass
    /// The rate, from 0 to 100 with at most four decimals.
    public var percent: Decimal

    public init(branchId: UUID, taxClass: TaxClass, percent: Decimal) {
        self.branchId = branchId
        self.taxClass = taxClass
        self.percent = percent
    }

    public func json() -> JSON {
        JSON.members([
            "branch_id": JSON(branchId),
            "tax_class": JSON.text(taxClass.rawValue),
            "percent": JSON(percent),
        ])
    }

    public init(json: JSON) throws {
        self.branchId = try json.required("branch_id").asId()
        self.taxClass = TaxClass(rawValue: try json.required("tax_class").asText())
        self.percent = try json.required("percent").asDecimal()
    }
}

/// Adds a heading to the pricebook.
public struct CreateCategory: Mutation {
    public typealias Output = CategoryWritten
    public static let procedure = "pricebook/v1/createCategory"

    /// Id of the new heading, made by the caller.
    public var categoryId: UUID
    /// What it is called: one line, at most 200 characters.
    public var name: String
    /// The heading above; none for a topmost one. Headings can be 6 deep.
    public var parentId: UUID?
    /// Place among its siblings, from 1 to 10,000; the first when left out.
    public var position: Int32?

    public init(categoryId: UUID, name: String, parentId: UUID? = nil, position: Int32? = nil) {
        self.categoryId = categoryId
        self.name = name
        self.parentId = parentId
        self.position = position
    }

    public func json() -> JSON {
        JSON.members([
            "category_id": JSON(categoryId),
            "parent_id": parentId.map { JSON($0) },
            "name": JSON.text(name),
            "position": position.map { JSON.integer(Int64($0)) },
        ])
    }

    public init(json: JSON) throws {
        self.categoryId = try json.required("category_id").asId()
        self.parentId = try json.optional("parent_id").map { try $0.asId() }
        self.name = try json.required("name").asText()
        self.position = try json.optional("position").map { try $0.asInteger() }
    }
}

/// Changes a heading of the pricebook.
public struct UpdateCategory: Mutation {
    public typealias Output = CategoryWritten
    public static let procedure = "pricebook/v1/updateCategory"

    /// The heading.
    public var categoryId: UUID
    /// The heading above it now; not one that stands below it.
    public var parentId: UUID?
    /// True to make it a topmost one.
    public var topmost: Bool?
    /// New name: one line, at most 200 characters.
    public var name: String?
    /// New place among its siblings, from 1 to 10,000.
    public var position: Int32?
    /// Whether it is shown.
    public var active: Bool?

    public init(categoryId: UUID, parentId: UUID? = nil, topmost: Bool? = nil, name: String? = nil, position: Int32? = nil, active: Bool? = nil) {
        self.categoryId = categoryId
        self.parentId = parentId
        self.topmost = topmost
        self.name = name
        self.position = position
        self.active = active
    }

    public func json() -> JSON {
        JSON.members([
            "category_id": JSON(categoryId),
            "parent_id": parentId.map { JSON($0) },
            "topmost": topmost.map { JSON.boolean($0) },
            "name": name.map { JSON.text($0) },
            "position": position.map { JSON.integer(Int64($0)) },
            "active": active.map { JSON.boolean($0) },
        ])
    }

    public init(json: JSON) throws {
        self.categoryId = try json.required("category_id").asId()
        self.parentId = try json.optional("parent_id").map { try $0.asId() }
        self.topmost = try json.optional("topmost").map { try $0.asBoolean() }
        self.name = try json.optional("name").map { try $0.asText() }
        self.position = try json.optional("position").map { try $0.asInteger() }
        self.active = try json.optional("active").map { try $0.asBoolean() }
    }
}

/// Begins a version of the pricebook.
public struct CreateVersion: Mutation {
    public typealias Output = VersionMoved
    public static let procedure = "pricebook/v1/createVersion"

    /// Id of the new version, made by the caller.
    public var versionId: UUID
    /// What it is called: one line, at most 200 characters.
    public var name: String
    /// First instant at which its prices hold.
    public var validFrom: Instant
    /// The branch whose jobs it is for; all of them when left out.
    public var branchId: UUID?
    /// First instant at which they no longer do; after `valid_from`.
    public var validUntil: Instant?

    public init(versionId: UUID, name: String, validFrom: Instant, branchId: UUID? = nil, validUntil: Instant? = nil) {
        self.versionId = versionId
        self.name = name
        self.validFrom = validFrom
        self.branchId = branchId
        self.validUntil = validUntil
    }

    public func json() -> JSON {
        JSON.members([
            "version_id": JSON(versionId),
            "name": JSON.text(name),
            "branch_id": branchId.map { JSON($0) },
            "valid_from": JSON(validFrom),
            "valid_until": validUntil.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.versionId = try json.required("version_id").asId()
        self.name = try json.required("name").asText()
        self.branchId = try json.optional("branch_id").map { try $0.asId() }
        self.validFrom = try json.required("valid_from").asInstant()
        self.validUntil = try json.optional("valid_until").map { try $0.asInstant() }
    }
}

/// Sets prices in a version of the pricebook.
public struct SetPrices: Mutation {
    public typealias Output = PricesSet
    public static let procedure = "pricebook/v1/setPrices"

    /// The version.
    public var versionId: UUID
    /// The prices, each item once; at most 200.
    public var prices: [NewPrice]

    public init(versionId: UUID, prices: [NewPrice]) {
        self.versionId = versionId
        self.prices = prices
    }

    public func json() -> JSON {
        JSON.members([
            "version_id": JSON(versionId),
            "prices": JSON.array(prices.map { $0.json() }),
        ])
    }

    public init(json: JSON) throws {
        self.versionId = try json.required("version_id").asId()
        self.prices = try json.required("prices").asList { item in try NewPrice(json: item) }
    }
}

/// Publishes a version of the pricebook.
public struct PublishVersion: Mutation {
    public typealias Output = VersionMoved
    public static let procedure = "pricebook/v1/publishVersion"

    /// The version.
    public var versionId: UUID

    public init(versionId: UUID) {
        self.versionId = versionId
    }

    public func json() -> JSON {
        JSON.members([
            "version_id": JSON(versionId),
        ])
    }

    public init(json: JSON) throws {
        self.versionId = try json.required("version_id").asId()
    }
}

/// Takes a version of the pricebook out.
public struct RetireVersion: Mutation {
    public typealias Output = VersionMoved
    public static let procedure = "pricebook/v1/retireVersion"

    /// The version.
    public var versionId: UUID

    public init(versionId: UUID) {
        self.versionId = versionId
    }

    public func json() -> JSON {
        JSON.members([
            "version_id": JSON(versionId),
        ])
    }

    public init(json: JSON) throws {
        self.versionId = try json.required("version_id").asId()
    }
}

/// Writes an estimate for a job, with options and lines.
public struct GenerateEstimate: Mutation {
    public typealias Output = EstimateGenerated
    public static let procedure = "estimate/v1/generate"

    /// The job.
    public var jobId: UUID
    /// Id of the new estimate, made by the caller.
    public var estimateId: UUID
    /// One line, at most 200 characters; the job's title when left out.
    public var title: String?
    /// First instant at which it can no longer be approved: in the future.
    public var validUntil: Instant?
    /// Its options, in order: good, better, best; at most 5. More can be added later.
    public var options: [NewOption]?

    public init(jobId: UUID, estimateId: UUID, title: String? = nil, validUntil: Instant? = nil, options: [NewOption]? = nil) {
        self.jobId = jobId
        self.estimateId = estimateId
        self.title = title
        self.validUntil = validUntil
        self.options = options
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "estimate_id": JSON(estimateId),
            "title": title.map { JSON.text($0) },
            "valid_until": validUntil.map { JSON($0) },
            "options": options.map { JSON.array($0.map { item in item.json() }) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.estimateId = try json.required("estimate_id").asId()
        self.title = try json.optional("title").map { try $0.asText() }
        self.validUntil = try json.optional("valid_until").map { try $0.asInstant() }
        self.options = try json.optional("options").map { try $0.asList { item in try NewOption(json: item) } }
    }
}

/// Adds an option to an estimate.
public struct AddEstimateOption: Mutation {
    public typealias Output = OptionTotals
    public static let procedure = "estimate/v1/addOption"

    /// The job.
    public var jobId: UUID
    /// The estimate.
    public var estimateId: UUID
    /// The option; comes after those that are there.
    public var option: NewOption

    public init(jobId: UUID, estimateId: UUID, option: NewOption) {
        self.jobId = jobId
        self.estimateId = estimateId
        self.option = option
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "estimate_id": JSON(estimateId),
            "option": option.json(),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.estimateId = try json.required("estimate_id").asId()
        self.option = try NewOption(json: json.required("option"))
    }
}

/// Adds a line to an option of an estimate.
public struct AddEstimateLine: Mutation {
    public typealias Output = OptionTotals
    public static let procedure = "estimate/v1/addLine"

    /// The job.
    public var jobId: UUID
    /// The estimate.
    public var estimateId: UUID
    /// The option.
    public var optionId: UUID
    /// The line; comes after those that are there.
    public var line: NewLine

    public init(jobId: UUID, estimateId: UUID, optionId: UUID, line: NewLine) {
        self.jobId = jobId
        self.estimateId = estimateId
        self.optionId = optionId
        self.line = line
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "estimate_id": JSON(estimateId),
            "option_id": JSON(optionId),
            "line": line.json(),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.estimateId = try json.required("estimate_id").asId()
        self.optionId = try json.required("option_id").asId()
        self.line = try NewLine(json: json.required("line"))
    }
}

/// Changes a line of an estimate.
public struct ChangeEstimateLine: Mutation {
    public typealias Output = OptionTotals
    public static let procedure = "estimate/v1/changeLine"

    /// The job.
    public var jobId: UUID
    /// The estimate.
    public var estimateId: UUID
    /// The line.
    public var lineId: UUID
    /// How much: above zero, at most three decimals.
    public var quantity: Decimal?
    /// What the customer reads: one line, at most 200 characters.
    public var name: String?
    /// Price of one unit that the customer is told.
    public var unitPriceCents: Int64?
    /// Discount on this line, from 0 to 100 with at most four decimals; 0 for none.
    public var discountPercent: Decimal?

    public init(jobId: UUID, estimateId: UUID, lineId: UUID, quantity: Decimal? = nil, name: String? = nil, unitPriceCents: Int64? = nil, discountPercent: Decimal? = nil) {
        self.jobId = jobId
        self.estimateId = estimateId
        self.lineId = lineId
        self.quantity = quantity
        self.name = name
        self.unitPriceCents = unitPriceCents
        self.discountPercent = discountPercent
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "estimate_id": JSON(estimateId),
            "line_id": JSON(lineId),
            "quantity": quantity.map { JSON($0) },
            "name": name.map { JSON.text($0) },
            "unit_price_cents": unitPriceCents.map { JSON.text(String($0)) },
            "discount_percent": discountPercent.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.estimateId = try json.required("estimate_id").asId()
        self.lineId = try json.required("line_id").asId()
        self.quantity = try json.optional("quantity").map { try $0.asDecimal() }
        self.name = try json.optional("name").map { try $0.asText() }
        self.unitPriceCents = try json.optional("unit_price_cents").map { try $0.asLong() }
        self.discountPercent = try json.optional("discount_percent").map { try $0.asDecimal() }
    }
}

/// Removes a line from an estimate.
public struct RemoveEstimateLine: Mutation {
    public typealias Output = OptionTotals
    public static let procedure = "estimate/v1/removeLine"

    /// The job.
    public var jobId: UUID
    /// The estimate.
    public var estimateId: UUID
    /// The line.
    public var lineId: UUID

    public init(jobId: UUID, estimateId: UUID, lineId: UUID) {
        self.jobId = jobId
        self.estimateId = estimateId
        self.lineId = lineId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "estimate_id": JSON(estimateId),
            "line_id": JSON(lineId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.estimateId = try json.required("estimate_id").asId()
        self.lineId = try json.required("line_id").asId()
    }
}

/// Sets the discount on an option of an estimate.
public struct SetEstimateDiscount: Mutation {
    public typealias Output = OptionTotals
    public static let procedure = "estimate/v1/setDiscount"

    /// The job.
    public var jobId: UUID
    /// The estimate.
    public var estimateId: UUID
    /// The option.
    public var optionId: UUID
    /// So much of a hundred, from 0 to 100 with at most four decimals.
    public var percent: Decimal?
    /// So much; no more than the lines come to.
    public var amountCents: Int64?

    public init(jobId: UUID, estimateId: UUID, optionId: UUID, percent: Decimal? = nil, amountCents: Int64? = nil) {
        self.jobId = jobId
        self.estimateId = estimateId
        self.optionId = optionId
        self.percent = percent
        self.amountCents = amountCents
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "estimate_id": JSON(estimateId),
            "option_id": JSON(optionId),
            "percent": percent.map { JSON($0) },
            "amount_cents": amountCents.map { JSON.text(String($0)) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.estimateId = try json.required("estimate_id").asId()
        self.optionId = try json.required("option_id").asId()
        self.percent = try json.optional("percent").map { try $0.asDecimal() }
        self.amountCents = try json.optional("amount_cents").map { try $0.asLong() }
    }
}

/// Shows an estimate to the customer.
public struct PresentEstimate: Mutation {
    public typealias Output = EstimateMoved
    public static let procedure = "estimate/v1/present"

    /// The job.
    public var jobId: UUID
    /// The estimate.
    public var estimateId: UUID
    /// New first instant at which it can no longer be approved: in the future. Stays as it is when left out.
    public var validUntil: Instant?

    public init(jobId: UUID, estimateId: UUID, validUntil: Instant? = nil) {
        self.jobId = jobId
        self.estimateId = estimateId
        self.validUntil = validUntil
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "estimate_id": JSON(estimateId),
            "valid_until": validUntil.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.estimateId = try json.required("estimate_id").asId()
        self.validUntil = try json.optional("valid_until").map { try $0.asInstant() }
    }
}

/// Approves the option of an estimate that the customer signed.
public struct ApproveEstimate: Mutation {
    public typealias Output = EstimateMoved
    public static let procedure = "estimate/v1/approve"

    /// The job.
    public var jobId: UUID
    /// The estimate.
    public var estimateId: UUID
    /// The option the customer chose.
    public var optionId: UUID
    /// The customer's signature on that option.
    public var signatureId: UUID

    public init(jobId: UUID, estimateId: UUID, optionId: UUID, signatureId: UUID) {
        self.jobId = jobId
        self.estimateId = estimateId
        self.optionId = optionId
        self.signatureId = signatureId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "estimate_id": JSON(estimateId),
            "option_id": JSON(optionId),
            "signature_id": JSON(signatureId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.estimateId = try json.required("estimate_id").asId()
        self.optionId = try json.required("option_id").asId()
        self.signatureId = try json.required("signature_id").asId()
    }
}

/// Notes that the customer declined an estimate.
public struct DeclineEstimate: Mutation {
    public typealias Output = EstimateMoved
    public static let procedure = "estimate/v1/decline"

    /// The job.
    public var jobId: UUID
    /// The estimate.
    public var estimateId: UUID
    /// Why; at most 2,000 characters.
    public var reason: String

    public init(jobId: UUID, estimateId: UUID, reason: String) {
        self.jobId = jobId
        self.estimateId = estimateId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "estimate_id": JSON(estimateId),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.estimateId = try json.required("estimate_id").asId()
        self.reason = try json.required("reason").asText()
    }
}

/// Marks an estimate as expired, once its validity has ended.
public struct ExpireEstimate: Mutation {
    public typealias Output = EstimateMoved
    public static let procedure = "estimate/v1/expire"

    /// The job.
    public var jobId: UUID
    /// The estimate.
    public var estimateId: UUID

    public init(jobId: UUID, estimateId: UUID) {
        self.jobId = jobId
        self.estimateId = estimateId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "estimate_id": JSON(estimateId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.estimateId = try json.required("estimate_id").asId()
    }
}

/// Begins a new estimate that takes the place of another.
public struct ReviseEstimate: Mutation {
    public typealias Output = EstimateRevised
    public static let procedure = "estimate/v1/revise"

    /// The job.
    public var jobId: UUID
    /// The estimate to replace.
    public var estimateId: UUID
    /// Id of the new estimate, made by the caller.
    public var revisionId: UUID

    public init(jobId: UUID, estimateId: UUID, revisionId: UUID) {
        self.jobId = jobId
        self.estimateId = estimateId
        self.revisionId = revisionId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "estimate_id": JSON(estimateId),
            "revision_id": JSON(revisionId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.estimateId = try json.required("estimate_id").asId()
        self.revisionId = try json.required("revision_id").asId()
    }
}

/// Keeps a customer's signature on a document.
public struct CaptureSignature: Mutation {
    public typealias Output = SignatureCaptured
    public static let procedure = "signature/v1/capture"

    /// The job.
    public var jobId: UUID
    /// Id of the new signature, made by the caller.
    public var signatureId: UUID
    /// What is signed: an option of a presented estimate, a visit that is over, an issued invoice, or a required document that asks for a signature.
    public var subjectKind: SubjectKind
    /// Which one.
    public var subjectId: UUID
    /// SHA-256 of the document that the signer saw; see the protocol's page on documents. Refused with `signature.document_changed` when the document is another one by now.
    public var documentHash: Data
    /// Who signs: one line, at most 200 characters.
    public var signerName: String
    /// What that person is to the customer.
    public var signerRelation: SignerRelation
    /// The pen's way, vector strokes in the app's own encoding; 1 to 65,536 bytes.
    public var strokes: Data

    public init(jobId: UUID, signatureId: UUID, subjectKind: SubjectKind, subjectId: UUID, documentHash: Data, signerName: String, signerRelation: SignerRelation, strokes: Data) {
        self.jobId = jobId
        self.signatureId = signatureId
        self.subjectKind = subjectKind
        self.subjectId = subjectId
        self.documentHash = documentHash
        self.signerName = signerName
        self.signerRelation = signerRelation
        self.strokes = strokes
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "signature_id": JSON(signatureId),
            "subject_kind": JSON.text(subjectKind.rawValue),
            "subject_id": JSON(subjectId),
            "document_hash": JSON(documentHash),
            "signer_name": JSON.text(signerName),
            "signer_relation": JSON.text(signerRelation.rawValue),
            "strokes": JSON(strokes),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.signatureId = try json.required("signature_id").asId()
        self.subjectKind = SubjectKind(rawValue: try json.required("subject_kind").asText())
        self.subjectId = try json.required("subject_id").asId()
        self.documentHash = try json.required("document_hash").asData()
        self.signerName = try json.required("signer_name").asText()
        self.signerRelation = SignerRelation(rawValue: try json.required("signer_relation").asText())
        self.strokes = try json.required("strokes").asData()
    }
}

/// Keeps that a customer would not sign a document.
public struct RefuseSignature: Mutation {
    public typealias Output = SignatureRefused
    public static let procedure = "signature/v1/refuse"

    /// The job.
    public var jobId: UUID
    /// Id of the new row, made by the caller.
    public var signatureId: UUID
    /// What was to be signed: an option of a presented estimate, a visit that is over, an issued invoice, or a required document that asks for a signature.
    public var subjectKind: SubjectKind
    /// Which one.
    public var subjectId: UUID
    /// SHA-256 of the document that was shown.
    public var documentHash: Data
    /// Why not; at most 2,000 characters.
    public var reason: String
    /// Who would not sign, where known: one line, at most 200 characters.
    public var signerName: String?
    /// What that person is to the customer, where known.
    public var signerRelation: SignerRelation?

    public init(jobId: UUID, signatureId: UUID, subjectKind: SubjectKind, subjectId: UUID, documentHash: Data, reason: String, signerName: String? = nil, signerRelation: SignerRelation? = nil) {
        self.jobId = jobId
        self.signatureId = signatureId
        self.subjectKind = subjectKind
        self.subjectId = subjectId
        self.documentHash = documentHash
        self.reason = reason
        self.signerName = signerName
        self.signerRelation = signerRelation
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "signature_id": JSON(signatureId),
            "subject_kind": JSON.text(subjectKind.rawValue),
            "subject_id": JSON(subjectId),
            "document_hash": JSON(documentHash),
            "signer_name": signerName.map { JSON.text($0) },
            "signer_relation": signerRelation.map { JSON.text($0.rawValue) },
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.signatureId = try json.required("signature_id").asId()
        self.subjectKind = SubjectKind(rawValue: try json.required("subject_kind").asText())
        self.subjectId = try json.required("subject_id").asId()
        self.documentHash = try json.required("document_hash").asData()
        self.signerName = try json.optional("signer_name").map { try $0.asText() }
        self.signerRelation = try json.optional("signer_relation").map { SignerRelation(rawValue: try $0.asText()) }
        self.reason = try json.required("reason").asText()
    }
}

/// Starts an invoice with the materials and the work time of a job.
public struct CreateInvoiceFromWork: Mutation {
    public typealias Output = InvoiceCreated
    public static let procedure = "invoice/v1/createFromWork"

    /// The job.
    public var jobId: UUID
    /// Id of the new invoice, made by the caller.
    public var invoiceId: UUID
    /// What work time is charged at: an active item of the pricebook that is sold by the `hour`. Time is not charged when left out.
    public var labourItemId: UUID?

    public init(jobId: UUID, invoiceId: UUID, labourItemId: UUID? = nil) {
        self.jobId = jobId
        self.invoiceId = invoiceId
        self.labourItemId = labourItemId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "invoice_id": JSON(invoiceId),
            "labour_item_id": labourItemId.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.invoiceId = try json.required("invoice_id").asId()
        self.labourItemId = try json.optional("labour_item_id").map { try $0.asId() }
    }
}

/// Starts an invoice with the approved option of an estimate.
public struct CreateInvoiceFromEstimate: Mutation {
    public typealias Output = InvoiceCreated
    public static let procedure = "invoice/v1/createFromEstimate"

    /// The job.
    public var jobId: UUID
    /// Id of the new invoice, made by the caller.
    public var invoiceId: UUID
    /// The estimate; approved.
    public var estimateId: UUID

    public init(jobId: UUID, invoiceId: UUID, estimateId: UUID) {
        self.jobId = jobId
        self.invoiceId = invoiceId
        self.estimateId = estimateId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "invoice_id": JSON(invoiceId),
            "estimate_id": JSON(estimateId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.invoiceId = try json.required("invoice_id").asId()
        self.estimateId = try json.required("estimate_id").asId()
    }
}

/// Adds a line to a draft invoice.
public struct AddInvoiceLine: Mutation {
    public typealias Output = InvoiceChanged
    public static let procedure = "invoice/v1/addLine"

    /// The job.
    public var jobId: UUID
    /// The invoice; a draft.
    public var invoiceId: UUID
    /// Id of the new line, made by the caller.
    public var lineId: UUID
    /// How much, in that unit: above zero, at most three decimals.
    public var quantity: Decimal
    /// What is charged for: an active item of the pricebook, which gives name, unit and price.
    public var itemId: UUID?
    /// What the customer reads, at most 200 characters; must be given without an item.
    public var name: String?
    /// What one of it is, at most 32 characters; `each` when left out. Not with an item.
    public var unit: String?
    /// Price of one unit in cents, not negative; must be given without an item. With one, only the office sets a price.
    public var unitPriceCents: Int64?
    /// Discount on the line, of a hundred, at most four decimals. More than 15 is the office's to give.
    public var discountPercent: Decimal?
    /// What it is taxed at, of a hundred, at most four decimals; as the branch taxes it when left out. Only the office sets it.
    public var taxPercent: Decimal?

    public init(jobId: UUID, invoiceId: UUID, lineId: UUID, quantity: Decimal, itemId: UUID? = nil, name: String? = nil, unit: String? = nil, unitPriceCents: Int64? = nil, discountPercent: Decimal? = nil, taxPercent: Decimal? = nil) {
        self.jobId = jobId
        self.invoiceId = invoiceId
        self.lineId = lineId
        self.quantity = quantity
        self.itemId = itemId
        self.name = name
        self.unit = unit
        self.unitPriceCents = unitPriceCents
        self.discountPercent = discountPercent
        self.taxPercent = taxPercent
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "invoice_id": JSON(invoiceId),
            "line_id": JSON(lineId),
            "item_id": itemId.map { JSON($0) },
            "name": name.map { JSON.text($0) },
            "unit": unit.map { JSON.text($0) },
            "quantity": JSON(quantity),
            "unit_price_cents": unitPriceCents.map { JSON.text(String($0)) },
            "discount_percent": discountPercent.map { JSON($0) },
            "tax_percent": taxPercent.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.invoiceId = try json.required("invoice_id").asId()
        self.lineId = try json.required("line_id").asId()
        self.itemId = try json.optional("item_id").map { try $0.asId() }
        self.name = try json.optional("name").map { try $0.asText() }
        self.unit = try json.optional("unit").map { try $0.asText() }
        self.quantity = try json.required("quantity").asDecimal()
        self.unitPriceCents = try json.optional("unit_price_cents").map { try $0.asLong() }
        self.discountPercent = try json.optional("discount_percent").map { try $0.asDecimal() }
        self.taxPercent = try json.optional("tax_percent").map { try $0.asDecimal() }
    }
}

/// Changes a line of a draft invoice.
public struct ChangeInvoiceLine: Mutation {
    public typealias Output = InvoiceChanged
    public static let procedure = "invoice/v1/changeLine"

    /// The job.
    public var jobId: UUID
    /// The invoice; a draft.
    public var invoiceId: UUID
    /// The line.
    public var lineId: UUID
    /// New text for the customer; at most 200 characters.
    public var name: String?
    /// New quantity: above zero, at most three decimals.
    public var quantity: Decimal?
    /// New price of one unit in cents, not negative. Technicians set it on lines without a pricebook item only.
    public var unitPriceCents: Int64?
    /// New discount, of a hundred, at most four decimals. More than 15 is the office's to give.
    public var discountPercent: Decimal?
    /// What it is taxed at now, of a hundred, at most four decimals. Only the office sets it.
    public var taxPercent: Decimal?

    public init(jobId: UUID, invoiceId: UUID, lineId: UUID, name: String? = nil, quantity: Decimal? = nil, unitPriceCents: Int64? = nil, discountPercent: Decimal? = nil, taxPercent: Decimal? = nil) {
        self.jobId = jobId
        self.invoiceId = invoiceId
        self.lineId = lineId
        self.name = name
        self.quantity = quantity
        self.unitPriceCents = unitPriceCents
        self.discountPercent = discountPercent
        self.taxPercent = taxPercent
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "invoice_id": JSON(invoiceId),
            "line_id": JSON(lineId),
            "name": name.map { JSON.text($0) },
            "quantity": quantity.map { JSON($0) },
            "unit_price_cents": unitPriceCents.map { JSON.text(String($0)) },
            "discount_percent": discountPercent.map { JSON($0) },
            "tax_percent": taxPercent.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.invoiceId = try json.required("invoice_id").asId()
        self.lineId = try json.required("line_id").asId()
        self.name = try json.optional("name").map { try $0.asText() }
        self.quantity = try json.optional("quantity").map { try $0.asDecimal() }
        self.unitPriceCents = try json.optional("unit_price_cents").map { try $0.asLong() }
        self.discountPercent = try json.optional("discount_percent").map { try $0.asDecimal() }
        self.taxPercent = try json.optional("tax_percent").map { try $0.asDecimal() }
    }
}

/// Takes a line off a draft invoice.
public struct RemoveInvoiceLine: Mutation {
    public typealias Output = InvoiceChanged
    public static let procedure = "invoice/v1/removeLine"

    /// The job.
    public var jobId: UUID
    /// The invoice; a draft.
    public var invoiceId: UUID
    /// The line.
    public var lineId: UUID

    public init(jobId: UUID, invoiceId: UUID, lineId: UUID) {
        self.jobId = jobId
        self.invoiceId = invoiceId
        self.lineId = lineId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "invoice_id": JSON(invoiceId),
            "line_id": JSON(lineId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.invoiceId = try json.required("invoice_id").asId()
        self.lineId = try json.required("line_id").asId()
    }
}

/// Sets the discount on a whole draft invoice.
public struct SetInvoiceDiscount: Mutation {
    public typealias Output = InvoiceChanged
    public static let procedure = "invoice/v1/setDiscount"

    /// The job.
    public var jobId: UUID
    /// The invoice; a draft.
    public var invoiceId: UUID
    /// So much of a hundred, at most four decimals; not with a fixed amount.
    public var percent: Decimal?
    /// So many cents; not more than there is to pay before tax, not with a percentage.
    public var fixedCents: Int64?

    public init(jobId: UUID, invoiceId: UUID, percent: Decimal? = nil, fixedCents: Int64? = nil) {
        self.jobId = jobId
        self.invoiceId = invoiceId
        self.percent = percent
        self.fixedCents = fixedCents
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "invoice_id": JSON(invoiceId),
            "percent": percent.map { JSON($0) },
            "fixed_cents": fixedCents.map { JSON.text(String($0)) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.invoiceId = try json.required("invoice_id").asId()
        self.percent = try json.optional("percent").map { try $0.asDecimal() }
        self.fixedCents = try json.optional("fixed_cents").map { try $0.asLong() }
    }
}

/// Issues a draft invoice; the server gives it its number.
public struct IssueInvoice: Mutation {
    public typealias Output = InvoiceIssued
    public static let procedure = "invoice/v1/issue"

    /// The job.
    public var jobId: UUID
    /// The invoice; with at least one line.
    public var invoiceId: UUID

    public init(jobId: UUID, invoiceId: UUID) {
        self.jobId = jobId
        self.invoiceId = invoiceId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "invoice_id": JSON(invoiceId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.invoiceId = try json.required("invoice_id").asId()
    }
}

/// Voids an invoice that nothing was paid on.
public struct VoidInvoice: Mutation {
    public typealias Output = InvoiceVoided
    public static let procedure = "invoice/v1/void"

    /// The job.
    public var jobId: UUID
    /// The invoice; nothing paid, no card payment under way.
    public var invoiceId: UUID
    /// Why; at most 2,000 characters.
    public var reason: String

    public init(jobId: UUID, invoiceId: UUID, reason: String) {
        self.jobId = jobId
        self.invoiceId = invoiceId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "invoice_id": JSON(invoiceId),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.invoiceId = try json.required("invoice_id").asId()
        self.reason = try json.required("reason").asText()
    }
}

/// Takes a payment in cash, by check or by card for an issued invoice.
public struct CollectPayment: Mutation {
    public typealias Output = PaymentCollected
    public static let procedure = "invoice/v1/collectPayment"

    /// The job.
    public var jobId: UUID
    /// The invoice; issued.
    public var invoiceId: UUID
    /// Id of the new payment, made by the caller.
    public var paymentId: UUID
    /// How it is paid.
    public var method: PaymentMethod
    /// How much, in cents: above zero, at most what was seen to collect.
    public var amountCents: Int64
    /// What there was to collect where the payer was asked, in cents: total less paid less pending.
    public var balanceSeenCents: Int64
    /// The number printed on the check, at most 32 characters; must be given with a check, and with nothing else.
    public var checkNumber: String?
    /// A remark; at most 2,000 characters, never a card number.
    public var remark: String?

    public init(jobId: UUID, invoiceId: UUID, paymentId: UUID, method: PaymentMethod, amountCents: Int64, balanceSeenCents: Int64, checkNumber: String? = nil, remark: String? = nil) {
        self.jobId = jobId
        self.invoiceId = invoiceId
        self.paymentId = paymentId
        self.method = method
        self.amountCents = amountCents
        self.balanceSeenCents = balanceSeenCents
        self.checkNumber = checkNumber
        self.remark = remark
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "invoice_id": JSON(invoiceId),
            "payment_id": JSON(paymentId),
            "method": JSON.text(method.rawValue),
            "amount_cents": JSON.text(String(amountCents)),
            "balance_seen_cents": JSON.text(String(balanceSeenCents)),
            "check_number": checkNumber.map { JSON.text($0) },
            "remark": remark.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.invoiceId = try json.required("invoice_id").asId()
        self.paymentId = try json.required("payment_id").asId()
        self.method = PaymentMethod(rawValue: try json.required("method").asText())
        self.amountCents = try json.required("amount_cents").asLong()
        self.balanceSeenCents = try json.required("balance_seen_cents").asLong()
        self.checkNumber = try json.optional("check_number").map { try $0.asText() }
        self.remark = try json.optional("remark").map { try $0.asText() }
    }
}

/// Notes that a card payment was settled. Runs only at the server: it is queued, and has no output here.
public struct SettlePayment: Mutation {
    public typealias Output = PaymentMoved
    public static let procedure = "payment/v1/settle"

    /// The job.
    public var jobId: UUID
    /// The invoice.
    public var invoiceId: UUID
    /// The card payment.
    public var paymentId: UUID
    /// The provider's name for the settlement, at most 128 characters; unique in the organization.
    public var externalReference: String

    public init(jobId: UUID, invoiceId: UUID, paymentId: UUID, externalReference: String) {
        self.jobId = jobId
        self.invoiceId = invoiceId
        self.paymentId = paymentId
        self.externalReference = externalReference
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "invoice_id": JSON(invoiceId),
            "payment_id": JSON(paymentId),
            "external_reference": JSON.text(externalReference),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.invoiceId = try json.required("invoice_id").asId()
        self.paymentId = try json.required("payment_id").asId()
        self.externalReference = try json.required("external_reference").asText()
    }
}

/// Notes that a card payment failed. Runs only at the server: it is queued, and has no output here.
public struct FailPayment: Mutation {
    public typealias Output = PaymentMoved
    public static let procedure = "payment/v1/fail"

    /// The job.
    public var jobId: UUID
    /// The invoice.
    public var invoiceId: UUID
    /// The card payment.
    public var paymentId: UUID
    /// Why, as the provider tells it; at most 2,000 characters.
    public var reason: String
    /// The provider's name for the refusal, at most 128 characters; unique in the organization.
    public var externalReference: String?

    public init(jobId: UUID, invoiceId: UUID, paymentId: UUID, reason: String, externalReference: String? = nil) {
        self.jobId = jobId
        self.invoiceId = invoiceId
        self.paymentId = paymentId
        self.reason = reason
        self.externalReference = externalReference
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "invoice_id": JSON(invoiceId),
            "payment_id": JSON(paymentId),
            "reason": JSON.text(reason),
            "external_reference": externalReference.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.invoiceId = try json.required("invoice_id").asId()
        self.paymentId = try json.required("payment_id").asId()
        self.reason = try json.required("reason").asText()
        self.externalReference = try json.optional("external_reference").map { try $0.asText() }
    }
}

/// Gives back all or part of a payment.
public struct RefundPayment: Mutation {
    public typealias Output = PaymentMoved
    public static let procedure = "payment/v1/refund"

    /// The job.
    public var jobId: UUID
    /// The invoice.
    public var invoiceId: UUID
    /// The payment; settled.
    public var paymentId: UUID
    /// Id of the new entry, made by the caller.
    public var refundId: UUID
    /// How much, in cents: above zero, at most the payment less what was given back of it.
    public var amountCents: Int64
    /// Why; at most 2,000 characters.
    public var reason: String

    public init(jobId: UUID, invoiceId: UUID, paymentId: UUID, refundId: UUID, amountCents: Int64, reason: String) {
        self.jobId = jobId
        self.invoiceId = invoiceId
        self.paymentId = paymentId
        self.refundId = refundId
        self.amountCents = amountCents
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "invoice_id": JSON(invoiceId),
            "payment_id": JSON(paymentId),
            "refund_id": JSON(refundId),
            "amount_cents": JSON.text(String(amountCents)),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.invoiceId = try json.required("invoice_id").asId()
        self.paymentId = try json.required("payment_id").asId()
        self.refundId = try json.required("refund_id").asId()
        self.amountCents = try json.required("amount_cents").asLong()
        self.reason = try json.required("reason").asText()
    }
}

/// Notes that the money of a payment never came, such as a bounced check.
public struct ReversePayment: Mutation {
    public typealias Output = PaymentMoved
    public static let procedure = "payment/v1/reverse"

    /// The job.
    public var jobId: UUID
    /// The invoice.
    public var invoiceId: UUID
    /// The payment; settled.
    public var paymentId: UUID
    /// Why; at most 2,000 characters.
    public var reason: String

    public init(jobId: UUID, invoiceId: UUID, paymentId: UUID, reason: String) {
        self.jobId = jobId
        self.invoiceId = invoiceId
        self.paymentId = paymentId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "invoice_id": JSON(invoiceId),
            "payment_id": JSON(paymentId),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.invoiceId = try json.required("invoice_id").asId()
        self.paymentId = try json.required("payment_id").asId()
        self.reason = try json.required("reason").asText()
    }
}

/// Says which skills a job asks for.
public struct SetJobSkills: Mutation {
    public typealias Output = JobSkillsSet
    public static let procedure = "job/v1/setSkills"

    /// The job.
    public var jobId: UUID
    /// Skills in use; at most 20.
    public var skillIds: [UUID]

    public init(jobId: UUID, skillIds: [UUID]) {
        self.jobId = jobId
        self.skillIds = skillIds
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "skill_ids": JSON.array(skillIds.map { JSON($0) }),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.skillIds = try json.required("skill_ids").asList { item in try item.asId() }
    }
}

/// Creates a customer.
public struct CreateCustomer: Mutation {
    public typealias Output = CustomerSaved
    public static let procedure = "customer/v1/create"

    /// Id of the new customer, made by the caller.
    public var customerId: UUID
    /// Name of the person or company; at most 200 characters.
    public var name: String
    /// Telephone number; at most 40 characters.
    public var phone: String?
    /// E-mail address; at most 254 characters.
    public var email: String?

    public init(customerId: UUID, name: String, phone: String? = nil, email: String? = nil) {
        self.customerId = customerId
        self.name = name
        self.phone = phone
        self.email = email
    }

    public func json() -> JSON {
        JSON.members([
            "customer_id": JSON(customerId),
            "name": JSON.text(name),
            "phone": phone.map { JSON.text($0) },
            "email": email.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.customerId = try json.required("customer_id").asId()
        self.name = try json.required("name").asText()
        self.phone = try json.optional("phone").map { try $0.asText() }
        self.email = try json.optional("email").map { try $0.asText() }
    }
}

/// Changes a customer's name, telephone number or e-mail address.
public struct UpdateCustomer: Mutation {
    public typealias Output = CustomerSaved
    public static let procedure = "customer/v1/update"

    /// The customer.
    public var customerId: UUID
    /// New name; at most 200 characters.
    public var name: String?
    /// New telephone number, at most 40 characters; empty to have none.
    public var phone: String?
    /// New e-mail address, at most 254 characters; empty to have none.
    public var email: String?

    public init(customerId: UUID, name: String? = nil, phone: String? = nil, email: String? = nil) {
        self.customerId = customerId
        self.name = name
        self.phone = phone
        self.email = email
    }

    public func json() -> JSON {
        JSON.members([
            "customer_id": JSON(customerId),
            "name": name.map { JSON.text($0) },
            "phone": phone.map { JSON.text($0) },
            "email": email.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.customerId = try json.required("customer_id").asId()
        self.name = try json.optional("name").map { try $0.asText() }
        self.phone = try json.optional("phone").map { try $0.asText() }
        self.email = try json.optional("email").map { try $0.asText() }
    }
}

/// Creates a place of a customer, in the territory of its postal code. Runs only at the server: it is queued, and has no output here.
public struct CreateLocation: Mutation {
    public typealias Output = LocationSaved
    public static let procedure = "location/v1/create"

    /// Id of the new place, made by the caller.
    public var locationId: UUID
    /// The customer.
    public var customerId: UUID
    /// Street address; at most 500 characters.
    public var address: String
    /// IANA time zone of the place: `America/Denver`.
    public var zone: String
    /// Degrees north; kept with six decimals.
    public var latitude: Decimal?
    /// Degrees east; kept with six decimals.
    public var longitude: Decimal?
    /// How to get in; at most 2,000 characters.
    public var accessNotes: String?
    /// Postal code, at most 16 characters; finds the territory, where none is named.
    public var postalCode: String?
    /// The territory; an active one.
    public var territoryId: UUID?

    public init(locationId: UUID, customerId: UUID, address: String, zone: String, latitude: Decimal? = nil, longitude: Decimal? = nil, accessNotes: String? = nil, postalCode: String? = nil, territoryId: UUID? = nil) {
        self.locationId = locationId
        self.customerId = customerId
        self.address = address
        self.zone = zone
        self.latitude = latitude
        self.longitude = longitude
        self.accessNotes = accessNotes
        self.postalCode = postalCode
        self.territoryId = territoryId
    }

    public func json() -> JSON {
        JSON.members([
            "location_id": JSON(locationId),
            "customer_id": JSON(customerId),
            "address": JSON.text(address),
            "zone": JSON.text(zone),
            "latitude": latitude.map { JSON($0) },
            "longitude": longitude.map { JSON($0) },
            "access_notes": accessNotes.map { JSON.text($0) },
            "postal_code": postalCode.map { JSON.text($0) },
            "territory_id": territoryId.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.locationId = try json.required("location_id").asId()
        self.customerId = try json.required("customer_id").asId()
        self.address = try json.required("address").asText()
        self.zone = try json.required("zone").asText()
        self.latitude = try json.optional("latitude").map { try $0.asDecimal() }
        self.longitude = try json.optional("longitude").map { try $0.asDecimal() }
        self.accessNotes = try json.optional("access_notes").map { try $0.asText() }
        self.postalCode = try json.optional("postal_code").map { try $0.asText() }
        self.territoryId = try json.optional("territory_id").map { try $0.asId() }
    }
}

/// Changes a place's address, zone, coordinates, access notes, postal code or territory. Runs only at the server: it is queued, and has no output here.
public struct UpdateLocation: Mutation {
    public typealias Output = LocationSaved
    public static let procedure = "location/v1/update"

    /// The place.
    public var locationId: UUID
    /// New street address; at most 500 characters.
    public var address: String?
    /// New IANA time zone. Visits keep the zone they were promised in.
    public var zone: String?
    /// New degrees north.
    public var latitude: Decimal?
    /// New degrees east.
    public var longitude: Decimal?
    /// How to get in now, at most 2,000 characters; empty to say nothing.
    public var accessNotes: String?
    /// New postal code, at most 16 characters, empty to have none; finds the territory anew, where none is named.
    public var postalCode: String?
    /// New territory; an active one.
    public var territoryId: UUID?

    public init(locationId: UUID, address: String? = nil, zone: String? = nil, latitude: Decimal? = nil, longitude: Decimal? = nil, accessNotes: String? = nil, postalCode: String? = nil, territoryId: UUID? = nil) {
        self.locationId = locationId
        self.address = address
        self.zone = zone
        self.latitude = latitude
        self.longitude = longitude
        self.accessNotes = accessNotes
        self.postalCode = postalCode
        self.territoryId = territoryId
    }

    public func json() -> JSON {
        JSON.members([
            "location_id": JSON(locationId),
            "address": address.map { JSON.text($0) },
            "zone": zone.map { JSON.text($0) },
            "latitude": latitude.map { JSON($0) },
            "longitude": longitude.map { JSON($0) },
            "access_notes": accessNotes.map { JSON.text($0) },
            "postal_code": postalCode.map { JSON.text($0) },
            "territory_id": territoryId.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.locationId = try json.required("location_id").asId()
        self.address = try json.optional("address").map { try $0.asText() }
        self.zone = try json.optional("zone").map { try $0.asText() }
        self.latitude = try json.optional("latitude").map { try $0.asDecimal() }
        self.longitude = try json.optional("longitude").map { try $0.asDecimal() }
        self.accessNotes = try json.optional("access_notes").map { try $0.asText() }
        self.postalCode = try json.optional("postal_code").map { try $0.asText() }
        self.territoryId = try json.optional("territory_id").map { try $0.asId() }
    }
}

/// Writes down a machine at a place.
public struct CreateEquipment: Mutation {
    public typealias Output = EquipmentSaved
    public static let procedure = "equipment/v1/create"

    /// Id of the new machine, made by the caller.
    public var equipmentId: UUID
    /// Where it stands.
    public var locationId: UUID
    /// What it is, `Gas furnace`; at most 200 characters.
    public var name: String
    /// Maker's model; at most 100 characters.
    public var model: String?
    /// Maker's serial number; at most 100 characters.
    public var serial: String?

    public init(equipmentId: UUID, locationId: UUID, name: String, model: String? = nil, serial: String? = nil) {
        self.equipmentId = equipmentId
        self.locationId = locationId
        self.name = name
        self.model = model
        self.serial = serial
    }

    public func json() -> JSON {
        JSON.members([
            "equipment_id": JSON(equipmentId),
            "location_id": JSON(locationId),
            "name": JSON.text(name),
            "model": model.map { JSON.text($0) },
            "serial": serial.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.equipmentId = try json.required("equipment_id").asId()
        self.locationId = try json.required("location_id").asId()
        self.name = try json.required("name").asText()
        self.model = try json.optional("model").map { try $0.asText() }
        self.serial = try json.optional("serial").map { try $0.asText() }
    }
}

/// Corrects what is written of a machine.
public struct UpdateEquipment: Mutation {
    public typealias Output = EquipmentSaved
    public static let procedure = "equipment/v1/update"

    /// The machine.
    public var equipmentId: UUID
    /// What it is; at most 200 characters.
    public var name: String?
    /// Maker's model, at most 100 characters; empty to have none.
    public var model: String?
    /// Maker's serial number, at most 100 characters; empty to have none.
    public var serial: String?

    public init(equipmentId: UUID, name: String? = nil, model: String? = nil, serial: String? = nil) {
        self.equipmentId = equipmentId
        self.name = name
        self.model = model
        self.serial = serial
    }

    public func json() -> JSON {
        JSON.members([
            "equipment_id": JSON(equipmentId),
            "name": name.map { JSON.text($0) },
            "model": model.map { JSON.text($0) },
            "serial": serial.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.equipmentId = try json.required("equipment_id").asId()
        self.name = try json.optional("name").map { try $0.asText() }
        self.model = try json.optional("model").map { try $0.asText() }
        self.serial = try json.optional("serial").map { try $0.asText() }
    }
}

/// Writes down a person to talk to at a customer's.
public struct CreateContact: Mutation {
    public typealias Output = ContactSaved
    public static let procedure = "contact/v1/create"

    /// Id of the new contact, made by the caller.
    public var contactId: UUID
    /// The customer; it can have at most 200 contacts.
    public var customerId: UUID
    /// The person's name; at most 200 characters.
    public var name: String
    /// The place, where the person belongs to one; of that customer.
    public var locationId: UUID?
    /// What the person is there, `Tenant`; at most 200 characters.
    public var role: String?
    /// Telephone number; at most 40 characters.
    public var phone: String?
    /// E-mail address; at most 254 characters.
    public var email: String?
    /// Whether to call this one first; whoever was first at the same place no longer is.
    public var preferred: Bool?

    public init(contactId: UUID, customerId: UUID, name: String, locationId: UUID? = nil, role: String? = nil, phone: String? = nil, email: String? = nil, preferred: Bool? = nil) {
        self.contactId = contactId
        self.customerId = customerId
        self.name = name
        self.locationId = locationId
        self.role = role
        self.phone = phone
        self.email = email
        self.preferred = preferred
    }

    public func json() -> JSON {
        JSON.members([
            "contact_id": JSON(contactId),
            "customer_id": JSON(customerId),
            "location_id": locationId.map { JSON($0) },
            "name": JSON.text(name),
            "role": role.map { JSON.text($0) },
            "phone": phone.map { JSON.text($0) },
            "email": email.map { JSON.text($0) },
            "preferred": preferred.map { JSON.boolean($0) },
        ])
    }

    public init(json: JSON) throws {
        self.contactId = try json.required("contact_id").asId()
        self.customerId = try json.required("customer_id").asId()
        self.locationId = try json.optional("location_id").map { try $0.asId() }
        self.name = try json.required("name").asText()
        self.role = try json.optional("role").map { try $0.asText() }
        self.phone = try json.optional("phone").map { try $0.asText() }
        self.email = try json.optional("email").map { try $0.asText() }
        self.preferred = try json.optional("preferred").map { try $0.asBoolean() }
    }
}

/// Corrects a contact.
public struct UpdateContact: Mutation {
    public typealias Output = ContactSaved
    public static let procedure = "contact/v1/update"

    /// The contact.
    public var contactId: UUID
    /// The customer it belongs to.
    public var customerId: UUID
    /// The place it belongs to now; of that customer.
    public var locationId: UUID?
    /// New name; at most 200 characters.
    public var name: String?
    /// What the person is there, at most 200 characters; empty to say nothing.
    public var role: String?
    /// New telephone number, at most 40 characters; empty to have none.
    public var phone: String?
    /// New e-mail address, at most 254 characters; empty to have none.
    public var email: String?
    /// Whether to call this one first; whoever was first at the same place no longer is.
    public var preferred: Bool?

    public init(contactId: UUID, customerId: UUID, locationId: UUID? = nil, name: String? = nil, role: String? = nil, phone: String? = nil, email: String? = nil, preferred: Bool? = nil) {
        self.contactId = contactId
        self.customerId = customerId
        self.locationId = locationId
        self.name = name
        self.role = role
        self.phone = phone
        self.email = email
        self.preferred = preferred
    }

    public func json() -> JSON {
        JSON.members([
            "contact_id": JSON(contactId),
            "customer_id": JSON(customerId),
            "location_id": locationId.map { JSON($0) },
            "name": name.map { JSON.text($0) },
            "role": role.map { JSON.text($0) },
            "phone": phone.map { JSON.text($0) },
            "email": email.map { JSON.text($0) },
            "preferred": preferred.map { JSON.boolean($0) },
        ])
    }

    public init(json: JSON) throws {
        self.contactId = try json.required("contact_id").asId()
        self.customerId = try json.required("customer_id").asId()
        self.locationId = try json.optional("location_id").map { try $0.asId() }
        self.name = try json.optional("name").map { try $0.asText() }
        self.role = try json.optional("role").map { try $0.asText() }
        self.phone = try json.optional("phone").map { try $0.asText() }
        self.email = try json.optional("email").map { try $0.asText() }
        self.preferred = try json.optional("preferred").map { try $0.asBoolean() }
    }
}

/// Removes a contact.
public struct RemoveContact: Mutation {
    public typealias Output = ContactRemoved
    public static let procedure = "contact/v1/remove"

    /// The contact.
    public var contactId: UUID
    /// The customer it belongs to.
    public var customerId: UUID

    public init(contactId: UUID, customerId: UUID) {
        self.contactId = contactId
        self.customerId = customerId
    }

    public func json() -> JSON {
        JSON.members([
            "contact_id": JSON(contactId),
            "customer_id": JSON(customerId),
        ])
    }

    public init(json: JSON) throws {
        self.contactId = try json.required("contact_id").asId()
        self.customerId = try json.required("customer_id").asId()
    }
}

/// Changes what the organization is called.
public struct UpdateOrganization: Mutation {
    public typealias Output = OrganizationSaved
    public static let procedure = "organization/v1/update"

    /// The organization.
    public var organizationId: UUID
    /// New name; at most 200 characters.
    public var name: String?

    public init(organizationId: UUID, name: String? = nil) {
        self.organizationId = organizationId
        self.name = name
    }

    public func json() -> JSON {
        JSON.members([
            "organization_id": JSON(organizationId),
            "name": name.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.organizationId = try json.required("organization_id").asId()
        self.name = try json.optional("name").map { try $0.asText() }
    }
}

/// Opens a branch.
public struct CreateBranch: Mutation {
    public typealias Output = BranchSaved
    public static let procedure = "branch/v1/create"

    /// Id of the new branch, made by the caller.
    public var branchId: UUID
    /// What it is called; at most 200 characters.
    public var name: String
    /// IANA time zone that its hours are read in: `America/Denver`.
    public var zone: String

    public init(branchId: UUID, name: String, zone: String) {
        self.branchId = branchId
        self.name = name
        self.zone = zone
    }

    public func json() -> JSON {
        JSON.members([
            "branch_id": JSON(branchId),
            "name": JSON.text(name),
            "zone": JSON.text(zone),
        ])
    }

    public init(json: JSON) throws {
        self.branchId = try json.required("branch_id").asId()
        self.name = try json.required("name").asText()
        self.zone = try json.required("zone").asText()
    }
}

/// Changes a branch's name or time zone.
public struct UpdateBranch: Mutation {
    public typealias Output = BranchSaved
    public static let procedure = "branch/v1/update"

    /// The branch.
    public var branchId: UUID
    /// New name; at most 200 characters.
    public var name: String?
    /// New IANA time zone. Visits keep the zone they were promised in.
    public var zone: String?

    public init(branchId: UUID, name: String? = nil, zone: String? = nil) {
        self.branchId = branchId
        self.name = name
        self.zone = zone
    }

    public func json() -> JSON {
        JSON.members([
            "branch_id": JSON(branchId),
            "name": name.map { JSON.text($0) },
            "zone": zone.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.branchId = try json.required("branch_id").asId()
        self.name = try json.optional("name").map { try $0.asText() }
        self.zone = try json.optional("zone").map { try $0.asText() }
    }
}

/// Takes a technician on.
public struct CreateTechnician: Mutation {
    public typealias Output = TechnicianSaved
    public static let procedure = "technician/v1/create"

    /// Id of the new technician, made by the caller.
    public var technicianId: UUID
    /// The branch the technician belongs to.
    public var branchId: UUID
    /// The name colleagues and customers see; at most 200 characters.
    public var name: String
    /// The member who signs in as this technician, and as no other.
    public var userId: UUID?

    public init(technicianId: UUID, branchId: UUID, name: String, userId: UUID? = nil) {
        self.technicianId = technicianId
        self.branchId = branchId
        self.name = name
        self.userId = userId
    }

    public func json() -> JSON {
        JSON.members([
            "technician_id": JSON(technicianId),
            "branch_id": JSON(branchId),
            "name": JSON.text(name),
            "user_id": userId.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.technicianId = try json.required("technician_id").asId()
        self.branchId = try json.required("branch_id").asId()
        self.name = try json.required("name").asText()
        self.userId = try json.optional("user_id").map { try $0.asId() }
    }
}

/// Changes a technician's name, branch, user, or whether he works here.
public struct UpdateTechnician: Mutation {
    public typealias Output = TechnicianSaved
    public static let procedure = "technician/v1/update"

    /// The technician.
    public var technicianId: UUID
    /// New name; at most 200 characters.
    public var name: String?
    /// The branch the technician moves to, with hours, absences and skills; assignments stay.
    public var branchId: UUID?
    /// Whether the technician can be assigned, and sees jobs.
    public var active: Bool?
    /// The member who signs in as this technician, and as no other.
    public var userId: UUID?

    public init(technicianId: UUID, name: String? = nil, branchId: UUID? = nil, active: Bool? = nil, userId: UUID? = nil) {
        self.technicianId = technicianId
        self.name = name
        self.branchId = branchId
        self.active = active
        self.userId = userId
    }

    public func json() -> JSON {
        JSON.members([
            "technician_id": JSON(technicianId),
            "name": name.map { JSON.text($0) },
            "branch_id": branchId.map { JSON($0) },
            "active": active.map { JSON.boolean($0) },
            "user_id": userId.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.technicianId = try json.required("technician_id").asId()
        self.name = try json.optional("name").map { try $0.asText() }
        self.branchId = try json.optional("branch_id").map { try $0.asId() }
        self.active = try json.optional("active").map { try $0.asBoolean() }
        self.userId = try json.optional("user_id").map { try $0.asId() }
    }
}

/// Says when a technician works in a week.
public struct SetAvailability: Mutation {
    public typealias Output = AvailabilitySet
    public static let procedure = "technician/v1/setAvailability"

    /// Whose week; technicians say their own.
    public var technicianId: UUID
    /// At most 28 stretches, none of which overlap; none at all for somebody who works whenever he is sent.
    public var week: [Stretch]

    public init(technicianId: UUID, week: [Stretch]) {
        self.technicianId = technicianId
        self.week = week
    }

    public func json() -> JSON {
        JSON.members([
            "technician_id": JSON(technicianId),
            "week": JSON.array(week.map { $0.json() }),
        ])
    }

    public init(json: JSON) throws {
        self.technicianId = try json.required("technician_id").asId()
        self.week = try json.required("week").asList { item in try Stretch(json: item) }
    }
}

/// Says in which territories a technician works.
public struct SetTerritories: Mutation {
    public typealias Output = TerritoriesSet
    public static let procedure = "technician/v1/setTerritories"

    /// Who.
    public var technicianId: UUID
    /// At most 64 territories; none at all for somebody who goes everywhere.
    public var territoryIds: [UUID]

    public init(technicianId: UUID, territoryIds: [UUID]) {
        self.technicianId = technicianId
        self.territoryIds = territoryIds
    }

    public func json() -> JSON {
        JSON.members([
            "technician_id": JSON(technicianId),
            "territory_ids": JSON.array(territoryIds.map { JSON($0) }),
        ])
    }

    public init(json: JSON) throws {
        self.technicianId = try json.required("technician_id").asId()
        self.territoryIds = try json.required("territory_ids").asList { item in try item.asId() }
    }
}

/// Says that a technician has a skill, and until when.
public struct GrantSkill: Mutation {
    public typealias Output = TechnicianSkilled
    public static let procedure = "technician/v1/grantSkill"

    /// Who.
    public var technicianId: UUID
    /// What; a skill in use.
    public var skillId: UUID
    /// Last day on which it counts; left out when it does not expire.
    public var expiresOn: CalendarDay?

    public init(technicianId: UUID, skillId: UUID, expiresOn: CalendarDay? = nil) {
        self.technicianId = technicianId
        self.skillId = skillId
        self.expiresOn = expiresOn
    }

    public func json() -> JSON {
        JSON.members([
            "technician_id": JSON(technicianId),
            "skill_id": JSON(skillId),
            "expires_on": expiresOn.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.technicianId = try json.required("technician_id").asId()
        self.skillId = try json.required("skill_id").asId()
        self.expiresOn = try json.optional("expires_on").map { try $0.asDay() }
    }
}

/// Says that a technician has a skill no longer.
public struct RevokeSkill: Mutation {
    public typealias Output = SkillRevoked
    public static let procedure = "technician/v1/revokeSkill"

    /// Who.
    public var technicianId: UUID
    /// What.
    public var skillId: UUID

    public init(technicianId: UUID, skillId: UUID) {
        self.technicianId = technicianId
        self.skillId = skillId
    }

    public func json() -> JSON {
        JSON.members([
            "technician_id": JSON(technicianId),
            "skill_id": JSON(skillId),
        ])
    }

    public init(json: JSON) throws {
        self.technicianId = try json.required("technician_id").asId()
        self.skillId = try json.required("skill_id").asId()
    }
}

/// Asks for time away from work.
public struct RequestAbsence: Mutation {
    public typealias Output = AbsenceRequested
    public static let procedure = "technician/v1/requestAbsence"

    /// Id of the new absence, made by the caller.
    public var absenceId: UUID
    /// Who is away; technicians ask for themselves.
    public var technicianId: UUID
    /// Why.
    public var kind: AbsenceKind
    /// First instant away.
    public var startsAt: Instant
    /// First instant back: after its start, at most 366 days later.
    public var endsAt: Instant
    /// What there is to say; at most 2,000 characters.
    public var note: String?

    public init(absenceId: UUID, technicianId: UUID, kind: AbsenceKind, startsAt: Instant, endsAt: Instant, note: String? = nil) {
        self.absenceId = absenceId
        self.technicianId = technicianId
        self.kind = kind
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.note = note
    }

    public func json() -> JSON {
        JSON.members([
            "absence_id": JSON(absenceId),
            "technician_id": JSON(technicianId),
            "kind": JSON.text(kind.rawValue),
            "starts_at": JSON(startsAt),
            "ends_at": JSON(endsAt),
            "note": note.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.absenceId = try json.required("absence_id").asId()
        self.technicianId = try json.required("technician_id").asId()
        self.kind = AbsenceKind(rawValue: try json.required("kind").asText())
        self.startsAt = try json.required("starts_at").asInstant()
        self.endsAt = try json.required("ends_at").asInstant()
        self.note = try json.optional("note").map { try $0.asText() }
    }
}

/// Grants time away, and tells how many visits are in its way. Runs only at the server: it is queued, and has no output here.
public struct ApproveAbsence: Mutation {
    public typealias Output = AbsenceAnswered
    public static let procedure = "technician/v1/approveAbsence"

    /// Who asked.
    public var technicianId: UUID
    /// What was asked for.
    public var absenceId: UUID

    public init(technicianId: UUID, absenceId: UUID) {
        self.technicianId = technicianId
        self.absenceId = absenceId
    }

    public func json() -> JSON {
        JSON.members([
            "technician_id": JSON(technicianId),
            "absence_id": JSON(absenceId),
        ])
    }

    public init(json: JSON) throws {
        self.technicianId = try json.required("technician_id").asId()
        self.absenceId = try json.required("absence_id").asId()
    }
}

/// Does not grant time away.
public struct DeclineAbsence: Mutation {
    public typealias Output = AbsenceAnswered
    public static let procedure = "technician/v1/declineAbsence"

    /// Who asked.
    public var technicianId: UUID
    /// What was asked for.
    public var absenceId: UUID

    public init(technicianId: UUID, absenceId: UUID) {
        self.technicianId = technicianId
        self.absenceId = absenceId
    }

    public func json() -> JSON {
        JSON.members([
            "technician_id": JSON(technicianId),
            "absence_id": JSON(absenceId),
        ])
    }

    public init(json: JSON) throws {
        self.technicianId = try json.required("technician_id").asId()
        self.absenceId = try json.required("absence_id").asId()
    }
}

/// Takes an absence back.
public struct CancelAbsence: Mutation {
    public typealias Output = AbsenceAnswered
    public static let procedure = "technician/v1/cancelAbsence"

    /// Whose it is; technicians take back their own.
    public var technicianId: UUID
    /// What is taken back.
    public var absenceId: UUID

    public init(technicianId: UUID, absenceId: UUID) {
        self.technicianId = technicianId
        self.absenceId = absenceId
    }

    public func json() -> JSON {
        JSON.members([
            "technician_id": JSON(technicianId),
            "absence_id": JSON(absenceId),
        ])
    }

    public init(json: JSON) throws {
        self.technicianId = try json.required("technician_id").asId()
        self.absenceId = try json.required("absence_id").asId()
    }
}

/// Names a skill that jobs can ask for.
public struct CreateSkill: Mutation {
    public typealias Output = SkillSaved
    public static let procedure = "skill/v1/create"

    /// Id of the new skill, made by the caller.
    public var skillId: UUID
    /// What it is called; at most 200 characters.
    public var name: String

    public init(skillId: UUID, name: String) {
        self.skillId = skillId
        self.name = name
    }

    public func json() -> JSON {
        JSON.members([
            "skill_id": JSON(skillId),
            "name": JSON.text(name),
        ])
    }

    public init(json: JSON) throws {
        self.skillId = try json.required("skill_id").asId()
        self.name = try json.required("name").asText()
    }
}

/// Renames a skill, or puts it out of use.
public struct UpdateSkill: Mutation {
    public typealias Output = SkillSaved
    public static let procedure = "skill/v1/update"

    /// The skill.
    public var skillId: UUID
    /// New name; at most 200 characters.
    public var name: String?
    /// Whether jobs may ask for it.
    public var active: Bool?

    public init(skillId: UUID, name: String? = nil, active: Bool? = nil) {
        self.skillId = skillId
        self.name = name
        self.active = active
    }

    public func json() -> JSON {
        JSON.members([
            "skill_id": JSON(skillId),
            "name": name.map { JSON.text($0) },
            "active": active.map { JSON.boolean($0) },
        ])
    }

    public init(json: JSON) throws {
        self.skillId = try json.required("skill_id").asId()
        self.name = try json.optional("name").map { try $0.asText() }
        self.active = try json.optional("active").map { try $0.asBoolean() }
    }
}

/// Names an area that a branch serves.
public struct CreateTerritory: Mutation {
    public typealias Output = TerritorySaved
    public static let procedure = "territory/v1/create"

    /// Id of the new territory, made by the caller.
    public var territoryId: UUID
    /// The branch that serves it.
    public var branchId: UUID
    /// What it is called; at most 200 characters.
    public var name: String

    public init(territoryId: UUID, branchId: UUID, name: String) {
        self.territoryId = territoryId
        self.branchId = branchId
        self.name = name
    }

    public func json() -> JSON {
        JSON.members([
            "territory_id": JSON(territoryId),
            "branch_id": JSON(branchId),
            "name": JSON.text(name),
        ])
    }

    public init(json: JSON) throws {
        self.territoryId = try json.required("territory_id").asId()
        self.branchId = try json.required("branch_id").asId()
        self.name = try json.required("name").asText()
    }
}

/// Renames a territory, or says whether it is still served.
public struct UpdateTerritory: Mutation {
    public typealias Output = TerritorySaved
    public static let procedure = "territory/v1/update"

    /// The territory.
    public var territoryId: UUID
    /// New name; at most 200 characters.
    public var name: String?
    /// Whether it is served.
    public var active: Bool?

    public init(territoryId: UUID, name: String? = nil, active: Bool? = nil) {
        self.territoryId = territoryId
        self.name = name
        self.active = active
    }

    public func json() -> JSON {
        JSON.members([
            "territory_id": JSON(territoryId),
            "name": name.map { JSON.text($0) },
            "active": active.map { JSON.boolean($0) },
        ])
    }

    public init(json: JSON) throws {
        self.territoryId = try json.required("territory_id").asId()
        self.name = try json.optional("name").map { try $0.asText() }
        self.active = try json.optional("active").map { try $0.asBoolean() }
    }
}

/// Says which postal codes a territory consists of. Runs only at the server: it is queued, and has no output here.
public struct SetPostalCodes: Mutation {
    public typealias Output = PostalCodesSet
    public static let procedure = "territory/v1/setPostalCodes"

    /// The territory.
    public var territoryId: UUID
    /// Its postal codes: at most 500, each of at most 16 characters and in no other territory.
    public var postalCodes: [String]

    public init(territoryId: UUID, postalCodes: [String]) {
        self.territoryId = territoryId
        self.postalCodes = postalCodes
    }

    public func json() -> JSON {
        JSON.members([
            "territory_id": JSON(territoryId),
            "postal_codes": JSON.array(postalCodes.map { JSON.text($0) }),
        ])
    }

    public init(json: JSON) throws {
        self.territoryId = try json.required("territory_id").asId()
        self.postalCodes = try json.required("postal_codes").asList { item in try item.asText() }
    }
}

/// Writes down a licence or an insurance of a technician or the organization.
public struct RecordCredential: Mutation {
    public typealias Output = CredentialSaved
    public static let procedure = "credential/v1/record"

    /// Id of the new row, made by the caller.
    public var credentialId: UUID
    /// What it is.
    public var kind: CredentialKind
    /// What it is called, at most 200 characters; a renewal has the same title.
    public var title: String
    /// First day on which it is valid.
    public var validFrom: CalendarDay
    /// Whose it is; left out when the organization's.
    public var technicianId: UUID?
    /// The number on it; at most 100 characters.
    public var number: String?
    /// Who gave it; at most 200 characters.
    public var issuer: String?
    /// Last day on which it is valid; left out when it does not expire.
    public var validUntil: CalendarDay?

    public init(credentialId: UUID, kind: CredentialKind, title: String, validFrom: CalendarDay, technicianId: UUID? = nil, number: String? = nil, issuer: String? = nil, validUntil: CalendarDay? = nil) {
        self.credentialId = credentialId
        self.kind = kind
        self.title = title
        self.validFrom = validFrom
        self.technicianId = technicianId
        self.number = number
        self.issuer = issuer
        self.validUntil = validUntil
    }

    public func json() -> JSON {
        JSON.members([
            "credential_id": JSON(credentialId),
            "technician_id": technicianId.map { JSON($0) },
            "kind": JSON.text(kind.rawValue),
            "title": JSON.text(title),
            "number": number.map { JSON.text($0) },
            "issuer": issuer.map { JSON.text($0) },
            "valid_from": JSON(validFrom),
            "valid_until": validUntil.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.credentialId = try json.required("credential_id").asId()
        self.technicianId = try json.optional("technician_id").map { try $0.asId() }
        self.kind = CredentialKind(rawValue: try json.required("kind").asText())
        self.title = try json.required("title").asText()
        self.number = try json.optional("number").map { try $0.asText() }
        self.issuer = try json.optional("issuer").map { try $0.asText() }
        self.validFrom = try json.required("valid_from").asDay()
        self.validUntil = try json.optional("valid_until").map { try $0.asDay() }
    }
}

/// Corrects a licence or an insurance.
public struct UpdateCredential: Mutation {
    public typealias Output = CredentialSaved
    public static let procedure = "credential/v1/update"

    /// The credential.
    public var credentialId: UUID
    /// New title; at most 200 characters.
    public var title: String?
    /// The number on it, at most 100 characters; empty to have none.
    public var number: String?
    /// Who gave it, at most 200 characters; empty to say nothing.
    public var issuer: String?
    /// First day on which it is valid.
    public var validFrom: CalendarDay?
    /// Last day on which it is valid.
    public var validUntil: CalendarDay?

    public init(credentialId: UUID, title: String? = nil, number: String? = nil, issuer: String? = nil, validFrom: CalendarDay? = nil, validUntil: CalendarDay? = nil) {
        self.credentialId = credentialId
        self.title = title
        self.number = number
        self.issuer = issuer
        self.validFrom = validFrom
        self.validUntil = validUntil
    }

    public func json() -> JSON {
        JSON.members([
            "credential_id": JSON(credentialId),
            "title": title.map { JSON.text($0) },
            "number": number.map { JSON.text($0) },
            "issuer": issuer.map { JSON.text($0) },
            "valid_from": validFrom.map { JSON($0) },
            "valid_until": validUntil.map { JSON($0) },
        ])
    }

    public init(json: JSON) throws {
        self.credentialId = try json.required("credential_id").asId()
        self.title = try json.optional("title").map { try $0.asText() }
        self.number = try json.optional("number").map { try $0.asText() }
        self.issuer = try json.optional("issuer").map { try $0.asText() }
        self.validFrom = try json.optional("valid_from").map { try $0.asDay() }
        self.validUntil = try json.optional("valid_until").map { try $0.asDay() }
    }
}

/// Removes a licence or an insurance.
public struct RemoveCredential: Mutation {
    public typealias Output = CredentialRemoved
    public static let procedure = "credential/v1/remove"

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

/// Begins a new checklist.
public struct CreateChecklistTemplate: Mutation {
    public typealias Output = TemplateSaved
    public static let procedure = "checklistTemplate/v1/create"

    /// Id of the new template, made by the caller.
    public var templateId: UUID
    /// What it is called; at most 200 characters.
    public var name: String
    /// The trade it belongs to, `hvac`; at most 200 characters.
    public var trade: String

    public init(templateId: UUID, name: String, trade: String) {
        self.templateId = templateId
        self.name = name
        self.trade = trade
    }

    public func json() -> JSON {
        JSON.members([
            "template_id": JSON(templateId),
            "name": JSON.text(name),
            "trade": JSON.text(trade),
        ])
    }

    public init(json: JSON) throws {
        self.templateId = try json.required("template_id").asId()
        self.name = try json.required("name").asText()
        self.trade = try json.required("trade").asText()
    }
}

/// Renames a checklist, or says whether new visits get it.
public struct UpdateChecklistTemplate: Mutation {
    public typealias Output = TemplateSaved
    public static let procedure = "checklistTemplate/v1/update"

    /// The template.
    public var templateId: UUID
    /// New name; at most 200 characters.
    public var name: String?
    /// New trade; at most 200 characters.
    public var trade: String?
    /// Whether new visits get it.
    public var active: Bool?

    public init(templateId: UUID, name: String? = nil, trade: String? = nil, active: Bool? = nil) {
        self.templateId = templateId
        self.name = name
        self.trade = trade
        self.active = active
    }

    public func json() -> JSON {
        JSON.members([
            "template_id": JSON(templateId),
            "name": name.map { JSON.text($0) },
            "trade": trade.map { JSON.text($0) },
            "active": active.map { JSON.boolean($0) },
        ])
    }

    public init(json: JSON) throws {
        self.templateId = try json.required("template_id").asId()
        self.name = try json.optional("name").map { try $0.asText() }
        self.trade = try json.optional("trade").map { try $0.asText() }
        self.active = try json.optional("active").map { try $0.asBoolean() }
    }
}

/// Adds a question to a checklist.
public struct AddTemplateItem: Mutation {
    public typealias Output = TemplateItemSaved
    public static let procedure = "checklistTemplate/v1/addItem"

    /// Id of the new question, made by the caller.
    public var itemId: UUID
    /// The template; it can have at most 200 questions.
    public var templateId: UUID
    /// Place in the list, from 1 to 10,000; several may share one.
    public var position: Int32
    /// The question; at most 200 characters.
    public var prompt: String
    /// What kind of answer it takes.
    public var answerKind: AnswerKind
    /// Whether an open answer blocks completion of the visit.
    public var required: Bool
    /// The question this one depends on; must be given with `shown_when`.
    public var shownAfterId: UUID?
    /// The answer that shows this one; at most 4,000 characters.
    public var shownWhen: String?

    public init(itemId: UUID, templateId: UUID, position: Int32, prompt: String, answerKind: AnswerKind, required: Bool, shownAfterId: UUID? = nil, shownWhen: String? = nil) {
        self.itemId = itemId
        self.templateId = templateId
        self.position = position
        self.prompt = prompt
        self.answerKind = answerKind
        self.required = required
        self.shownAfterId = shownAfterId
        self.shownWhen = shownWhen
    }

    public func json() -> JSON {
        JSON.members([
            "item_id": JSON(itemId),
            "template_id": JSON(templateId),
            "position": JSON.integer(Int64(position)),
            "prompt": JSON.text(prompt),
            "answer_kind": JSON.text(answerKind.rawValue),
            "required": JSON.boolean(required),
            "shown_after_id": shownAfterId.map { JSON($0) },
            "shown_when": shownWhen.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.itemId = try json.required("item_id").asId()
        self.templateId = try json.required("template_id").asId()
        self.position = try json.required("position").asInteger()
        self.prompt = try json.required("prompt").asText()
        self.answerKind = AnswerKind(rawValue: try json.required("answer_kind").asText())
        self.required = try json.required("required").asBoolean()
        self.shownAfterId = try json.optional("shown_after_id").map { try $0.asId() }
        self.shownWhen = try json.optional("shown_when").map { try $0.asText() }
    }
}

/// Changes a question of a checklist.
public struct UpdateTemplateItem: Mutation {
    public typealias Output = TemplateItemSaved
    public static let procedure = "checklistTemplate/v1/updateItem"

    /// The question.
    public var itemId: UUID
    /// The template it belongs to.
    public var templateId: UUID
    /// New place in the list, from 1 to 10,000.
    public var position: Int32?
    /// New wording; at most 200 characters.
    public var prompt: String?
    /// Whether an open answer blocks completion of the visit.
    public var required: Bool?
    /// The question this one depends on now; must be given with `shown_when`.
    public var shownAfterId: UUID?
    /// The answer that shows this one, at most 4,000 characters.
    public var shownWhen: String?
    /// True to ask it always.
    public var alwaysShown: Bool?

    public init(itemId: UUID, templateId: UUID, position: Int32? = nil, prompt: String? = nil, required: Bool? = nil, shownAfterId: UUID? = nil, shownWhen: String? = nil, alwaysShown: Bool? = nil) {
        self.itemId = itemId
        self.templateId = templateId
        self.position = position
        self.prompt = prompt
        self.required = required
        self.shownAfterId = shownAfterId
        self.shownWhen = shownWhen
        self.alwaysShown = alwaysShown
    }

    public func json() -> JSON {
        JSON.members([
            "item_id": JSON(itemId),
            "template_id": JSON(templateId),
            "position": position.map { JSON.integer(Int64($0)) },
            "prompt": prompt.map { JSON.text($0) },
            "required": required.map { JSON.boolean($0) },
            "shown_after_id": shownAfterId.map { JSON($0) },
            "shown_when": shownWhen.map { JSON.text($0) },
            "always_shown": alwaysShown.map { JSON.boolean($0) },
        ])
    }

    public init(json: JSON) throws {
        self.itemId = try json.required("item_id").asId()
        self.templateId = try json.required("template_id").asId()
        self.position = try json.optional("position").map { try $0.asInteger() }
        self.prompt = try json.optional("prompt").map { try $0.asText() }
        self.required = try json.optional("required").map { try $0.asBoolean() }
        self.shownAfterId = try json.optional("shown_after_id").map { try $0.asId() }
        self.shownWhen = try json.optional("shown_when").map { try $0.asText() }
        self.alwaysShown = try json.optional("always_shown").map { try $0.asBoolean() }
    }
}

/// Takes a question off a checklist.
public struct RemoveTemplateItem: Mutation {
    public typealias Output = TemplateItemRemoved
    public static let procedure = "checklistTemplate/v1/removeItem"

    /// The question.
    public var itemId: UUID
    /// The template it belongs to.
    public var templateId: UUID

    public init(itemId: UUID, templateId: UUID) {
        self.itemId = itemId
        self.templateId = templateId
    }

    public func json() -> JSON {
        JSON.members([
            "item_id": JSON(itemId),
            "template_id": JSON(templateId),
        ])
    }

    public init(json: JSON) throws {
        self.itemId = try json.required("item_id").asId()
        self.templateId = try json.required("template_id").asId()
    }
}

/// Asks for a photo, a signature, a checklist or another document on a job.
public struct RequireDocument: Mutation {
    public typealias Output = DocumentMoved
    public static let procedure = "document/v1/require"

    /// Id of the new row, made by the caller.
    public var documentId: UUID
    /// The job; it can ask for at most 50 documents.
    public var jobId: UUID
    /// What kind of thing it is.
    public var kind: DocumentKind
    /// What is asked for; at most 200 characters.
    public var title: String
    /// The open visit that has to bring it; left out when any visit of the job may.
    public var visitId: UUID?
    /// Whether it blocks completion; left out, it does.
    public var required: Bool?

    public init(documentId: UUID, jobId: UUID, kind: DocumentKind, title: String, visitId: UUID? = nil, required: Bool? = nil) {
        self.documentId = documentId
        self.jobId = jobId
        self.kind = kind
        self.title = title
        self.visitId = visitId
        self.required = required
    }

    public func json() -> JSON {
        JSON.members([
            "document_id": JSON(documentId),
            "job_id": JSON(jobId),
            "visit_id": visitId.map { JSON($0) },
            "kind": JSON.text(kind.rawValue),
            "title": JSON.text(title),
            "required": required.map { JSON.boolean($0) },
        ])
    }

    public init(json: JSON) throws {
        self.documentId = try json.required("document_id").asId()
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.optional("visit_id").map { try $0.asId() }
        self.kind = DocumentKind(rawValue: try json.required("kind").asText())
        self.title = try json.required("title").asText()
        self.required = try json.optional("required").map { try $0.asBoolean() }
    }
}

/// Says which photo, signature or checklist a required document is.
public struct SatisfyDocument: Mutation {
    public typealias Output = DocumentMoved
    public static let procedure = "document/v1/satisfy"

    /// The job.
    public var jobId: UUID
    /// The visit on which it was brought.
    public var visitId: UUID
    /// The document.
    public var documentId: UUID
    /// Id of the photo, the signature, or the checklist. A checklist must be of this visit and have no required item open; a signature must have been given on this job, on this document, this visit, an estimate or an invoice. A photo, or another paper, is known by its id alone.
    public var referenceId: UUID

    public init(jobId: UUID, visitId: UUID, documentId: UUID, referenceId: UUID) {
        self.jobId = jobId
        self.visitId = visitId
        self.documentId = documentId
        self.referenceId = referenceId
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "visit_id": JSON(visitId),
            "document_id": JSON(documentId),
            "reference_id": JSON(referenceId),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.visitId = try json.required("visit_id").asId()
        self.documentId = try json.required("document_id").asId()
        self.referenceId = try json.required("reference_id").asId()
    }
}

/// Does without a required document, with the reason.
public struct WaiveDocument: Mutation {
    public typealias Output = DocumentMoved
    public static let procedure = "document/v1/waive"

    /// The job.
    public var jobId: UUID
    /// The document.
    public var documentId: UUID
    /// Why; at most 2,000 characters.
    public var reason: String

    public init(jobId: UUID, documentId: UUID, reason: String) {
        self.jobId = jobId
        self.documentId = documentId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "job_id": JSON(jobId),
            "document_id": JSON(documentId),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.jobId = try json.required("job_id").asId()
        self.documentId = try json.required("document_id").asId()
        self.reason = try json.required("reason").asText()
    }
}

/// Writes down a maintenance contract. Runs only at the server: it is queued, and has no output here.
public struct CreateContract: Mutation {
    public typealias Output = ContractCreated
    public static let procedure = "maintenance/v1/createContract"

    /// Id of the new contract, made by the caller.
    public var contractId: UUID
    /// The branch that does the work.
    public var branchId: UUID
    /// Who it is for.
    public var customerId: UUID
    /// Where the work is; a location of that customer.
    public var locationId: UUID
    /// One line, the title of the jobs it gives; at most 200 characters.
    public var title: String
    /// Months from one period to the next: 1 monthly, 3 quarterly, 6 half-yearly, 12 yearly, at most 60.
    public var intervalMonths: Int32
    /// First day of the first period, where the branch is.
    public var startsOn: CalendarDay
    /// Last day: not before the first, at most 20 years after it.
    public var endsOn: CalendarDay
    /// What one period costs, in cents of the organization's currency; not negative.
    public var priceCents: Int64
    /// What it covers; machines at that location, at most 50, each once.
    public var equipmentIds: [UUID]?
    /// The office's own number, unique in the organization; at most 64 characters.
    public var number: String?
    /// All that is known, the description of the jobs it gives; at most 20,000 characters.
    public var description: String?
    /// The checklist that its visits get.
    public var templateId: UUID?
    /// The months of the year in which visits may be made; all of them when left out.
    public var season: Season?

    public init(contractId: UUID, branchId: UUID, customerId: UUID, locationId: UUID, title: String, intervalMonths: Int32, startsOn: CalendarDay, endsOn: CalendarDay, priceCents: Int64, equipmentIds: [UUID]? = nil, number: String? = nil, description: String? = nil, templateId: UUID? = nil, season: Season? = nil) {
        self.contractId = contractId
        self.branchId = branchId
        self.customerId = customerId
        self.locationId = locationId
        self.title = title
        self.intervalMonths = intervalMonths
        self.startsOn = startsOn
        self.endsOn = endsOn
        self.priceCents = priceCents
        self.equipmentIds = equipmentIds
        self.number = number
        self.description = description
        self.templateId = templateId
        self.season = season
    }

    public func json() -> JSON {
        JSON.members([
            "contract_id": JSON(contractId),
            "branch_id": JSON(branchId),
            "customer_id": JSON(customerId),
            "location_id": JSON(locationId),
            "equipment_ids": equipmentIds.map { JSON.array($0.map { item in JSON(item) }) },
            "number": number.map { JSON.text($0) },
            "title": JSON.text(title),
            "description": description.map { JSON.text($0) },
            "template_id": templateId.map { JSON($0) },
            "interval_months": JSON.integer(Int64(intervalMonths)),
            "season": season.map { $0.json() },
            "starts_on": JSON(startsOn),
            "ends_on": JSON(endsOn),
            "price_cents": JSON.text(String(priceCents)),
        ])
    }

    public init(json: JSON) throws {
        self.contractId = try json.required("contract_id").asId()
        self.branchId = try json.required("branch_id").asId()
        self.customerId = try json.required("customer_id").asId()
        self.locationId = try json.required("location_id").asId()
        self.equipmentIds = try json.optional("equipment_ids").map { try $0.asList { item in try item.asId() } }
        self.number = try json.optional("number").map { try $0.asText() }
        self.title = try json.required("title").asText()
        self.description = try json.optional("description").map { try $0.asText() }
        self.templateId = try json.optional("template_id").map { try $0.asId() }
        self.intervalMonths = try json.required("interval_months").asInteger()
        self.season = try json.optional("season").map { try Season(json: $0) }
        self.startsOn = try json.required("starts_on").asDay()
        self.endsOn = try json.required("ends_on").asDay()
        self.priceCents = try json.required("price_cents").asLong()
    }
}

/// Activates a drafted contract, which then owes its visits. Runs only at the server: it is queued, and has no output here.
public struct ActivateContract: Mutation {
    public typealias Output = ContractMoved
    public static let procedure = "maintenance/v1/activate"

    /// The contract; a draft.
    public var contractId: UUID

    public init(contractId: UUID) {
        self.contractId = contractId
    }

    public func json() -> JSON {
        JSON.members([
            "contract_id": JSON(contractId),
        ])
    }

    public init(json: JSON) throws {
        self.contractId = try json.required("contract_id").asId()
    }
}

/// Pauses a contract. Runs only at the server: it is queued, and has no output here.
public struct PauseContract: Mutation {
    public typealias Output = ContractMoved
    public static let procedure = "maintenance/v1/pause"

    /// The contract.
    public var contractId: UUID
    /// Why; at most 2,000 characters.
    public var reason: String

    public init(contractId: UUID, reason: String) {
        self.contractId = contractId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "contract_id": JSON(contractId),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.contractId = try json.required("contract_id").asId()
        self.reason = try json.required("reason").asText()
    }
}

/// Resumes a paused contract. Runs only at the server: it is queued, and has no output here.
public struct ResumeContract: Mutation {
    public typealias Output = ContractMoved
    public static let procedure = "maintenance/v1/resume"

    /// The contract.
    public var contractId: UUID

    public init(contractId: UUID) {
        self.contractId = contractId
    }

    public func json() -> JSON {
        JSON.members([
            "contract_id": JSON(contractId),
        ])
    }

    public init(json: JSON) throws {
        self.contractId = try json.required("contract_id").asId()
    }
}

/// Cancels a contract and skips what it still owes. Runs only at the server: it is queued, and has no output here.
public struct CancelContract: Mutation {
    public typealias Output = ContractMoved
    public static let procedure = "maintenance/v1/cancel"

    /// The contract.
    public var contractId: UUID
    /// Why; at most 2,000 characters.
    public var reason: String

    public init(contractId: UUID, reason: String) {
        self.contractId = contractId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "contract_id": JSON(contractId),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.contractId = try json.required("contract_id").asId()
        self.reason = try json.required("reason").asText()
    }
}

/// Renews a contract to a later last day. Runs only at the server: it is queued, and has no output here.
public struct RenewContract: Mutation {
    public typealias Output = ContractRenewed
    public static let procedure = "maintenance/v1/renew"

    /// The contract; active or ended.
    public var contractId: UUID
    /// The new last day, after the present one.
    public var endsOn: CalendarDay
    /// What one period costs from now on, in cents; as before when left out.
    public var priceCents: Int64?

    public init(contractId: UUID, endsOn: CalendarDay, priceCents: Int64? = nil) {
        self.contractId = contractId
        self.endsOn = endsOn
        self.priceCents = priceCents
    }

    public func json() -> JSON {
        JSON.members([
            "contract_id": JSON(contractId),
            "ends_on": JSON(endsOn),
            "price_cents": priceCents.map { JSON.text(String($0)) },
        ])
    }

    public init(json: JSON) throws {
        self.contractId = try json.required("contract_id").asId()
        self.endsOn = try json.required("ends_on").asDay()
        self.priceCents = try json.optional("price_cents").map { try $0.asLong() }
    }
}

/// Writes down the visits a contract owes; nothing is made twice. Runs only at the server: it is queued, and has no output here.
public struct GenerateVisits: Mutation {
    public typealias Output = VisitsGenerated
    public static let procedure = "maintenance/v1/generateVisits"

    /// The contract; active, or paused or active and past its last day, which ends it.
    public var contractId: UUID
    /// The last day a period may begin on; at most 36 months from today.
    public var through: CalendarDay

    public init(contractId: UUID, through: CalendarDay) {
        self.contractId = contractId
        self.through = through
    }

    public func json() -> JSON {
        JSON.members([
            "contract_id": JSON(contractId),
            "through": JSON(through),
        ])
    }

    public init(json: JSON) throws {
        self.contractId = try json.required("contract_id").asId()
        self.through = try json.required("through").asDay()
    }
}

/// Makes a job with its visit from a visit a contract owes. Runs only at the server: it is queued, and has no output here.
public struct ScheduleContractVisit: Mutation {
    public typealias Output = ContractVisitScheduled
    public static let procedure = "maintenance/v1/scheduleVisit"

    /// The contract.
    public var contractId: UUID
    /// The owed visit.
    public var contractVisitId: UUID
    /// Id of the new job, made by the caller.
    public var jobId: UUID
    /// The visit; the contract's checklist is added to its own.
    public var visit: PlannedVisit
    /// The job's number, unique in the organization; at most 64 characters.
    public var number: String?
    /// Plans although the window starts outside the days the visit is due; without it that is refused with `contract_visit.outside_due`.
    public var confirmOutsideDue: Bool?

    public init(contractId: UUID, contractVisitId: UUID, jobId: UUID, visit: PlannedVisit, number: String? = nil, confirmOutsideDue: Bool? = nil) {
        self.contractId = contractId
        self.contractVisitId = contractVisitId
        self.jobId = jobId
        self.visit = visit
        self.number = number
        self.confirmOutsideDue = confirmOutsideDue
    }

    public func json() -> JSON {
        JSON.members([
            "contract_id": JSON(contractId),
            "contract_visit_id": JSON(contractVisitId),
            "job_id": JSON(jobId),
            "number": number.map { JSON.text($0) },
            "visit": visit.json(),
            "confirm_outside_due": confirmOutsideDue.map { JSON.boolean($0) },
        ])
    }

    public init(json: JSON) throws {
        self.contractId = try json.required("contract_id").asId()
        self.contractVisitId = try json.required("contract_visit_id").asId()
        self.jobId = try json.required("job_id").asId()
        self.number = try json.optional("number").map { try $0.asText() }
        self.visit = try PlannedVisit(json: json.required("visit"))
        self.confirmOutsideDue = try json.optional("confirm_outside_due").map { try $0.asBoolean() }
    }
}

/// Skips an owed visit, with the reason. Runs only at the server: it is queued, and has no output here.
public struct SkipContractVisit: Mutation {
    public typealias Output = ContractVisitSkipped
    public static let procedure = "maintenance/v1/skipVisit"

    /// The contract.
    public var contractId: UUID
    /// The owed visit.
    public var contractVisitId: UUID
    /// Why; at most 2,000 characters.
    public var reason: String

    public init(contractId: UUID, contractVisitId: UUID, reason: String) {
        self.contractId = contractId
        self.contractVisitId = contractVisitId
        self.reason = reason
    }

    public func json() -> JSON {
        JSON.members([
            "contract_id": JSON(contractId),
            "contract_visit_id": JSON(contractVisitId),
            "reason": JSON.text(reason),
        ])
    }

    public init(json: JSON) throws {
        self.contractId = try json.required("contract_id").asId()
        self.contractVisitId = try json.required("contract_visit_id").asId()
        self.reason = try json.required("reason").asText()
    }
}

/// Hands a mutation that was refused to the office. Runs only at the server: it is queued, and has no output here.
public struct SubmitToOffice: Mutation {
    public typealias Output = ItemDecided
    public static let procedure = "inbox/v1/submit"

    /// The mutation's idempotency key.
    public var key: UUID
    /// What the office should know.
    public var note: String?

    public init(key: UUID, note: String? = nil) {
        self.key = key
        self.note = note
    }

    public func json() -> JSON {
        JSON.members([
            "key": JSON(key),
            "note": note.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.key = try json.required("key").asId()
        self.note = try json.optional("note").map { try $0.asText() }
    }
}

/// Applies what is in the inbox as its author entered it. Runs only at the server: it is queued, and has no output here.
public struct ApplyItem: Mutation {
    public typealias Output = ItemDecided
    public static let procedure = "inbox/v1/apply"

    /// The item.
    public var key: UUID
    /// What the author is told.
    public var note: String?

    public init(key: UUID, note: String? = nil) {
        self.key = key
        self.note = note
    }

    public func json() -> JSON {
        JSON.members([
            "key": JSON(key),
            "note": note.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.key = try json.required("key").asId()
        self.note = try json.optional("note").map { try $0.asText() }
    }
}

/// Applies what is in the inbox with other arguments. Runs only at the server: it is queued, and has no output here.
public struct RepairItem: Mutation {
    public typealias Output = ItemDecided
    public static let procedure = "inbox/v1/repair"

    /// The item.
    public var key: UUID
    /// The arguments to apply it with, those of the item's procedure.
    public var args: JSON
    /// What the author is told.
    public var note: String?

    public init(key: UUID, args: JSON, note: String? = nil) {
        self.key = key
        self.args = args
        self.note = note
    }

    public func json() -> JSON {
        JSON.members([
            "key": JSON(key),
            "args": args,
            "note": note.map { JSON.text($0) },
        ])
    }

    public init(json: JSON) throws {
        self.key = try json.required("key").asId()
        self.args = try json.required("args")
        self.note = try json.optional("note").map { try $0.asText() }
    }
}

/// Puts what is in the inbox away, with a note to its author. Runs only at the server: it is queued, and has no output here.
public struct DismissItem: Mutation {
    public typealias Output = ItemDecided
    public static let procedure = "inbox/v1/dismiss"

    /// The item.
    public var key: UUID
    /// Why; the author is told.
    public var note: String

    public init(key: UUID, note: String) {
        self.key = key
        self.note = note
    }

    public func json() -> JSON {
        JSON.members([
            "key": JSON(key),
            "note": JSON.text(note),
        ])
    }

    public init(json: JSON) throws {
        self.key = try json.required("key").asId()
        self.note = try json.required("note").asText()
    }
}

/// The mutation of that name with these arguments; nil for one that this build does not know.
func mutation(of procedure: String, args: JSON) throws -> (any Mutation)? {
    switch procedure {
    case CreateJob.procedure: return try CreateJob(json: args)
    case UpdateJob.procedure: return try UpdateJob(json: args)
    case UpdateJobStatus.procedure: return try UpdateJobStatus(json: args)
    case CancelJob.procedure: return try CancelJob(json: args)
    case CreateVisit.procedure: return try CreateVisit(json: args)
    case AssignTech.procedure: return try AssignTech(json: args)
    case UnassignTech.procedure: return try UnassignTech(json: args)
    case Reschedule.procedure: return try Reschedule(json: args)
    case DispatchVisit.procedure: return try DispatchVisit(json: args)
    case AcceptVisit.procedure: return try AcceptVisit(json: args)
    case DeclineVisit.procedure: return try DeclineVisit(json: args)
    case TravelToVisit.procedure: return try TravelToVisit(json: args)
    case ArriveAtVisit.procedure: return try ArriveAtVisit(json: args)
    case PauseVisit.procedure: return try PauseVisit(json: args)
    case ResumeVisit.procedure: return try ResumeVisit(json: args)
    case CompleteVisit.procedure: return try CompleteVisit(json: args)
    case CompleteVisitPartially.procedure: return try CompleteVisitPartially(json: args)
    case CannotCompleteVisit.procedure: return try CannotCompleteVisit(json: args)
    case CancelVisit.procedure: return try CancelVisit(json: args)
    case AttachChecklist.procedure: return try AttachChecklist(json: args)
    case AnswerItem.procedure: return try AnswerItem(json: args)
    case MarkNotApplicable.procedure: return try MarkNotApplicable(json: args)
    case ClearAnswer.procedure: return try ClearAnswer(json: args)
    case CreateNote.procedure: return try CreateNote(json: args)
    case EditNote.procedure: return try EditNote(json: args)
    case StartTime.procedure: return try StartTime(json: args)
    case StopTime.procedure: return try StopTime(json: args)
    case AddMaterial.procedure: return try AddMaterial(json: args)
    case CorrectMaterial.procedure: return try CorrectMaterial(json: args)
    case CreateStockLocation.procedure: return try CreateStockLocation(json: args)
    case UpdateStockLocation.procedure: return try UpdateStockLocation(json: args)
    case ReceiveStock.procedure: return try ReceiveStock(json: args)
    case TransferStock.procedure: return try TransferStock(json: args)
    case CountStock.procedure: return try CountStock(json: args)
    case ReturnStock.procedure: return try ReturnStock(json: args)
    case SetStockMinimum.procedure: return try SetStockMinimum(json: args)
    case RequestReplenishment.procedure: return try RequestReplenishment(json: args)
    case ReplenishStock.procedure: return try ReplenishStock(json: args)
    case CreateItem.procedure: return try CreateItem(json: args)
    case UpdateItem.procedure: return try UpdateItem(json: args)
    case RetireItem.procedure: return try RetireItem(json: args)
    case SetComponents.procedure: return try SetComponents(json: args)
    case SetCost.procedure: return try SetCost(json: args)
    case SetCustomerPrice.procedure: return try SetCustomerPrice(json: args)
    case SetTaxRate.procedure: return try SetTaxRate(json: args)
    case CreateCategory.procedure: return try CreateCategory(json: args)
    case UpdateCategory.procedure: return try UpdateCategory(json: args)
    case CreateVersion.procedure: return try CreateVersion(json: args)
    case SetPrices.procedure: return try SetPrices(json: args)
    case PublishVersion.procedure: return try PublishVersion(json: args)
    case RetireVersion.procedure: return try RetireVersion(json: args)
    case GenerateEstimate.procedure: return try GenerateEstimate(json: args)
    case AddEstimateOption.procedure: return try AddEstimateOption(json: args)
    case AddEstimateLine.procedure: return try AddEstimateLine(json: args)
    case ChangeEstimateLine.procedure: return try ChangeEstimateLine(json: args)
    case RemoveEstimateLine.procedure: return try RemoveEstimateLine(json: args)
    case SetEstimateDiscount.procedure: return try SetEstimateDiscount(json: args)
    case PresentEstimate.procedure: return try PresentEstimate(json: args)
    case ApproveEstimate.procedure: return try ApproveEstimate(json: args)
    case DeclineEstimate.procedure: return try DeclineEstimate(json: args)
    case ExpireEstimate.procedure: return try ExpireEstimate(json: args)
    case ReviseEstimate.procedure: return try ReviseEstimate(json: args)
    case CaptureSignature.procedure: return try CaptureSignature(json: args)
    case RefuseSignature.procedure: return try RefuseSignature(json: args)
    case CreateInvoiceFromWork.procedure: return try CreateInvoiceFromWork(json: args)
    case CreateInvoiceFromEstimate.procedure: return try CreateInvoiceFromEstimate(json: args)
    case AddInvoiceLine.procedure: return try AddInvoiceLine(json: args)
    case ChangeInvoiceLine.procedure: return try ChangeInvoiceLine(json: args)
    case RemoveInvoiceLine.procedure: return try RemoveInvoiceLine(json: args)
    case SetInvoiceDiscount.procedure: return try SetInvoiceDiscount(json: args)
    case IssueInvoice.procedure: return try IssueInvoice(json: args)
    case VoidInvoice.procedure: return try VoidInvoice(json: args)
    case CollectPayment.procedure: return try CollectPayment(json: args)
    case SettlePayment.procedure: return try SettlePayment(json: args)
    case FailPayment.procedure: return try FailPayment(json: args)
    case RefundPayment.procedure: return try RefundPayment(json: args)
    case ReversePayment.procedure: return try ReversePayment(json: args)
    case SetJobSkills.procedure: return try SetJobSkills(json: args)
    case CreateCustomer.procedure: return try CreateCustomer(json: args)
    case UpdateCustomer.procedure: return try UpdateCustomer(json: args)
    case CreateLocation.procedure: return try CreateLocation(json: args)
    case UpdateLocation.procedure: return try UpdateLocation(json: args)
    case CreateEquipment.procedure: return try CreateEquipment(json: args)
    case UpdateEquipment.procedure: return try UpdateEquipment(json: args)
    case CreateContact.procedure: return try CreateContact(json: args)
    case UpdateContact.procedure: return try UpdateContact(json: args)
    case RemoveContact.procedure: return try RemoveContact(json: args)
    case UpdateOrganization.procedure: return try UpdateOrganization(json: args)
    case CreateBranch.procedure: return try CreateBranch(json: args)
    case UpdateBranch.procedure: return try UpdateBranch(json: args)
    case CreateTechnician.procedure: return try CreateTechnician(json: args)
    case UpdateTechnician.procedure: return try UpdateTechnician(json: args)
    case SetAvailability.procedure: return try SetAvailability(json: args)
    case SetTerritories.procedure: return try SetTerritories(json: args)
    case GrantSkill.procedure: return try GrantSkill(json: args)
    case RevokeSkill.procedure: return try RevokeSkill(json: args)
    case RequestAbsence.procedure: return try RequestAbsence(json: args)
    case ApproveAbsence.procedure: return try ApproveAbsence(json: args)
    case DeclineAbsence.procedure: return try DeclineAbsence(json: args)
    case CancelAbsence.procedure: return try CancelAbsence(json: args)
    case CreateSkill.procedure: return try CreateSkill(json: args)
    case UpdateSkill.procedure: return try UpdateSkill(json: args)
    case CreateTerritory.procedure: return try CreateTerritory(json: args)
    case UpdateTerritory.procedure: return try UpdateTerritory(json: args)
    case SetPostalCodes.procedure: return try SetPostalCodes(json: args)
    case RecordCredential.procedure: return try RecordCredential(json: args)
    case UpdateCredential.procedure: return try UpdateCredential(json: args)
    case RemoveCredential.procedure: return try RemoveCredential(json: args)
    case CreateChecklistTemplate.procedure: return try CreateChecklistTemplate(json: args)
    case UpdateChecklistTemplate.procedure: return try UpdateChecklistTemplate(json: args)
    case AddTemplateItem.procedure: return try AddTemplateItem(json: args)
    case UpdateTemplateItem.procedure: return try UpdateTemplateItem(json: args)
    case RemoveTemplateItem.procedure: return try RemoveTemplateItem(json: args)
    case RequireDocument.procedure: return try RequireDocument(json: args)
    case SatisfyDocument.procedure: return try SatisfyDocument(json: args)
    case WaiveDocument.procedure: return try WaiveDocument(json: args)
    case CreateContract.procedure: return try CreateContract(json: args)
    case ActivateContract.procedure: return try ActivateContract(json: args)
    case PauseContract.procedure: return try PauseContract(json: args)
    case ResumeContract.procedure: return try ResumeContract(json: args)
    case CancelContract.procedure: return try CancelContract(json: args)
    case RenewContract.procedure: return try RenewContract(json: args)
    case GenerateVisits.procedure: return try GenerateVisits(json: args)
    case ScheduleContractVisit.procedure: return try ScheduleContractVisit(json: args)
    case SkipContractVisit.procedure: return try SkipContractVisit(json: args)
    case SubmitToOffice.procedure: return try SubmitToOffice(json: args)
    case ApplyItem.procedure: return try ApplyItem(json: args)
    case RepairItem.procedure: return try RepairItem(json: args)
    case DismissItem.procedure: return try DismissItem(json: args)
    default: return nil
    }
}
