import Foundation
import Satchel

/// The part of a refused change that a line of text can correct.
public struct Correction: Hashable, Sendable {
    public let question: String
    /// As it was entered.
    public let entered: String
    /// Whether it is a number.
    public let isNumber: Bool
    private let entry: QueueEntry

    /// Nil where nothing can be corrected so.
    init?(_ entry: QueueEntry) {
        let asked: (question: String, entered: String?)
        var number: Decimal?
        switch entry.mutation {
        case let change as AddMaterial:
            asked = ("How much was it?", nil)
            number = change.quantity
        case let change as CorrectMaterial:
            asked = ("How much was it?", nil)
            number = change.quantity
        case let change as AnswerItem: asked = ("What is the answer?", change.value)
        case let change as CreateNote: asked = ("What is the note about?", change.title)
        case let change as CompleteVisit: asked = ("What was done?", change.outcome)
        case let change as CompleteVisitPartially: asked = ("What was done, and what is left?", change.outcome)
        case let change as CannotCompleteVisit: asked = ("Why is it not possible?", change.reason)
        case let change as DeclineVisit: asked = ("Why not?", change.reason)
        default: return nil
        }
        question = asked.question
        entered = number.map { "\($0)" } ?? asked.entered ?? ""
        isNumber = number != nil
        self.entry = entry
    }

    /// The same change with `text`.
    func mutation(_ text: String) throws -> any Mutation {
        let said = Words.trimmed(text)
        let maybe = said.isEmpty ? nil : said
        switch entry.mutation {
        case var change as AddMaterial:
            change.quantity = try InputError.quantity(said)
            return change
        case var change as CorrectMaterial:
            change.quantity = try InputError.quantity(said)
            return change
        case var change as AnswerItem:
            change.value = said
            return change
        case var change as CreateNote:
            change.title = said
            return change
        case var change as CompleteVisit:
            change.outcome = maybe
            return change
        case var change as CompleteVisitPartially:
            change.outcome = maybe
            return change
        case var change as CannotCompleteVisit:
            change.reason = said
            return change
        case var change as DeclineVisit:
            change.reason = maybe
            return change
        default: throw InputError.notCorrectable
        }
    }
}

extension InputError {
    static let notCorrectable = InputError(
        explanation: "This cannot be corrected here. Please take it back and enter it anew.")

    /// A quantity as it was typed.
    static func quantity(_ typed: String) throws -> Decimal {
        guard let quantity = Words.decimal(typed) else { throw InputError(explanation: "Please enter a number.") }
        return quantity
    }
}

extension Satchel {
    /// Does something of any kind; returns its key.
    @discardableResult
    func enter<M: Mutation>(_ mutation: M) async throws -> UUID { try await mutate(mutation).key }

    /// The same as `edit` for a correction of any kind.
    func correct<M: Mutation>(_ key: UUID, with mutation: M) async throws { try await edit(key, corrected: mutation) }
}
