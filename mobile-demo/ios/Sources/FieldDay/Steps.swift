import Foundation
import Satchel

/// What a technician does with a visit. Only for greying out buttons: the rules of the core decide, and a test holds
/// this against `docs/state-machines.md`, which is written from them.
public enum Step: String, CaseIterable, Codable, Sendable {
    case accept, travel, arrive, complete, pause, resume, completePartially, cannotComplete, decline

    /// What a step asks before it is taken.
    public struct Ask: Hashable, Sendable {
        public let question: String
        public let required: Bool
    }

    public var label: String {
        switch self {
        case .accept: return "Accept"
        case .travel: return "Set out"
        case .arrive: return "Arrive"
        case .complete: return "Complete"
        case .pause: return "Pause"
        case .resume: return "Resume"
        case .completePartially: return "Done in part"
        case .cannotComplete: return "Not possible"
        case .decline: return "Decline"
        }
    }

    public var from: [VisitState] {
        switch self {
        case .accept: return [.dispatched]
        case .travel: return [.accepted]
        case .arrive: return [.traveling]
        case .pause: return [.onSite]
        case .resume: return [.paused]
        case .complete, .completePartially: return [.onSite, .paused]
        case .cannotComplete: return [.traveling, .onSite, .paused]
        case .decline: return [.dispatched, .accepted]
        }
    }

    public var to: VisitState {
        switch self {
        case .accept: return .accepted
        case .travel: return .traveling
        case .arrive, .resume: return .onSite
        case .pause: return .paused
        case .complete: return .completed
        case .completePartially: return .partiallyCompleted
        case .cannotComplete: return .cannotComplete
        case .decline: return .scheduled
        }
    }

    /// Whether it leads on through the day, and is the one to offer first.
    public var isOnward: Bool {
        switch self {
        case .accept, .travel, .arrive, .complete: return true
        default: return false
        }
    }

    public var ask: Ask? {
        switch self {
        case .complete: return Ask(question: "What was done?", required: false)
        case .completePartially: return Ask(question: "What was done, and what is left?", required: false)
        case .cannotComplete: return Ask(question: "Why is it not possible?", required: true)
        case .decline: return Ask(question: "Why not? The office plans the visit again.", required: false)
        default: return nil
        }
    }

    /// The mutation; `text` is what its question was answered with.
    func mutation(_ place: Place, _ text: String?) -> any Mutation {
        let (job, visit) = (place.job, place.visit)
        switch self {
        case .accept: return AcceptVisit(jobId: job, visitId: visit)
        case .travel: return TravelToVisit(jobId: job, visitId: visit)
        case .arrive: return ArriveAtVisit(jobId: job, visitId: visit)
        case .complete: return CompleteVisit(jobId: job, visitId: visit, outcome: text)
        case .pause: return PauseVisit(jobId: job, visitId: visit)
        case .resume: return ResumeVisit(jobId: job, visitId: visit)
        case .completePartially: return CompleteVisitPartially(jobId: job, visitId: visit, outcome: text)
        case .cannotComplete: return CannotCompleteVisit(jobId: job, visitId: visit, reason: text ?? "")
        case .decline: return DeclineVisit(jobId: job, visitId: visit, reason: text)
        }
    }

    /// Whether the policy lets the user do it, as far as the phone knows.
    func isAllowed(_ satchel: Satchel) throws -> Bool {
        switch self {
        case .accept: return try satchel.may(AcceptVisit.self)
        case .travel: return try satchel.may(TravelToVisit.self)
        case .arrive: return try satchel.may(ArriveAtVisit.self)
        case .complete: return try satchel.may(CompleteVisit.self)
        case .pause: return try satchel.may(PauseVisit.self)
        case .resume: return try satchel.may(ResumeVisit.self)
        case .completePartially: return try satchel.may(CompleteVisitPartially.self)
        case .cannotComplete: return try satchel.may(CannotCompleteVisit.self)
        case .decline: return try satchel.may(DeclineVisit.self)
        }
    }
}

/// A step's button.
public struct StepButton: Hashable, Sendable, Identifiable {
    public let step: Step
    public let isEnabled: Bool

    public var id: Step { step }
}

extension Satchel {
    /// Every step, greyed out where the state or the policy forbids it.
    func steps(job: JobState, visit: VisitState) throws -> [StepButton] {
        let isOver = job == .canceled || job == .closed
        return try Step.allCases.map { step in
            let isPossible = !isOver && step.from.contains(visit)
            return StepButton(step: step, isEnabled: try isPossible && step.isAllowed(self))
        }
    }
}
