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

/// An item of a checklist, as far as it decides which questions are asked.
struct Condition: Hashable {
    let id: UUID
    /// The item whose answer decides; nil: always asked.
    let after: UUID?
    /// The answer that it takes; nil: any.
    let when: String?
}

extension Condition {
    /// Those without a condition, and those whose condition holds: what it names is itself asked, and answered so.
    /// `answers` has the items that are answered.
    static func asked(_ items: [Condition], answers: [UUID: String]) -> Set<UUID> {
        var asked: Set<UUID> = []
        while true {
            let more = items.filter { item in
                guard !asked.contains(item.id) else { return false }
                guard let after = item.after else { return true }
                guard asked.contains(after), let answer = answers[after] else { return false }
                return item.when == nil || item.when == answer
            }
            if more.isEmpty { return asked }
            asked.formUnion(more.map(\.id))
        }
    }
}

extension Satchel {
    /// The questions asked on a visit, checklist by checklist in their order.
    func questions(_ visit: UUID) async throws -> [Question] {
        var questions: [Question] = []
        for checklist in try await read(Checklist.byVisit(visitId: visit)) {
            let template = try await first(ChecklistTemplate.byId(checklist.templateId))
            let items = try await read(ChecklistTemplateItem.byTemplate(templateId: checklist.templateId))
            var answers: [UUID: ChecklistAnswer] = [:]
            for answer in try await read(ChecklistAnswer.byChecklist(checklistId: checklist.id)) {
                answers[answer.itemId] = answer
            }
            let given = answers.filter { $0.value.state == .answered }.mapValues { $0.value ?? "" }
            let conditions = items.map { Condition(id: $0.id, after: $0.shownAfterId, when: $0.shownWhen) }
            let asked = Condition.asked(conditions, answers: given)
            for item in items.filter({ asked.contains($0.id) }).sorted(by: { $0.position < $1.position }) {
                guard let answer = answers[item.id] else { continue }
                questions.append(
                    Question(
                        id: answer.id, list: template?.name ?? "Checklist", prompt: item.prompt, kind: item.answerKind,
                        isRequired: item.required, state: answer.state, value: answer.value))
            }
        }
        return questions
    }
}
