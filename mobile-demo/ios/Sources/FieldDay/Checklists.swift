import Foundation
import Satchel

/// A question that is asked now, and its answer.
public struct Question: Hashable, Sendable, Identifiable {
    /// The answer's row.
    public let id: UUID
    public let list: String
    public let prompt: String
    public let kind: AnswerKind
    public let isRequired: Bool
    public let state: AnswerState
    public let value: String?

    /// The answer in words.
    public var given: String {
        switch state {
        case .open: return "Not answered"
        case .notApplicable: return "Does not apply"
        default: return value ?? ""
        }
    }
}

/// How far the checklists are.
public struct Answered: Hashable, Sendable {
    public let done: Int
    public let asked: Int

    public init(_ questions: [Question]) {
        done = questions.filter { $0.state != .open }.count
        asked = questions.count
    }
}

extension Satchel {
    /// The questions asked on a visit, checklist by checklist in their order.
    func questions(_ visit: UUID) async throws -> [Question] {
        var questions: [UUID: Question] = [:]
        for checklist in try await read(Checklist.byVisit(visitId: visit)) {
            let template = try await first(ChecklistTemplate.byId(checklist.templateId))
            var items: [UUID: ChecklistTemplateItem] = [:]
            for item in try await read(ChecklistTemplateItem.byTemplate(templateId: checklist.templateId)) {
                items[item.id] = item
            }
            for answer in try await read(ChecklistAnswer.byChecklist(checklistId: checklist.id)) {
                guard let item = items[answer.itemId] else { continue }
                questions[answer.id] = Question(
                    id: answer.id, list: template?.name ?? "Checklist", prompt: item.prompt, kind: item.answerKind,
                    isRequired: item.required, state: answer.state, value: answer.value)
            }
        }
        return try await askedAnswers(visit).compactMap { questions[$0] }
    }
}
