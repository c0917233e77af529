import Foundation
import Satchel

/// What a queued mutation was entered with, as far as this app speaks about it.
struct Arguments: Hashable, Sendable, Decodable {
    var jobId: UUID?
    var visitId: UUID?
    var noteId: UUID?
    var answerId: UUID?
    var materialId: UUID?
    var itemId: UUID?
    var quantity: String?
    var value: String?
    var title: String?
    var outcome: String?
    var reason: String?

    /// Those of an entry; none where they have another shape.
    init(_ entry: QueueEntry) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = (try? decoder.decode(Arguments.self, from: Data(entry.argsJson.utf8))) ?? Arguments()
    }

    private init() {}
}

/// The part of a refused change that a line of text can correct.
public struct Correction: Hashable, Sendable {
    public let question: String
    /// As it was entered.
    public let entered: String
    /// Whether it is a number.
    public let isNumber: Bool
    private let procedure: String
    private let args: Arguments

    /// Nil where nothing can be corrected so.
    init?(_ procedure: String, _ args: Arguments) {
        let asked: (question: String, entered: String?)
        switch procedure {
        case AddMaterial.procedure, CorrectMaterial.procedure: asked = ("How much was it?", args.quantity)
        case AnswerItem.procedure: asked = ("What is the answer?", args.value)
        case CreateNote.procedure: asked = ("What is the note about?", args.title)
        case CompleteVisit.procedure: asked = ("What was done?", args.outcome)
        case CompleteVisitPartially.procedure: asked = ("What was done, and what is left?", args.outcome)
        case CannotCompleteVisit.procedure: asked = ("Why is it not possible?", args.reason)
        case DeclineVisit.procedure: asked = ("Why not?", args.reason)
        default: return nil
        }
        question = asked.question
        entered = asked.entered ?? ""
        isNumber = args.quantity != nil
        self.procedure = procedure
        self.args = args
    }

    /// The same change with `text`.
    func mutation(_ text: String) throws -> any Mutation {
        let said = Words.trimmed(text)
        guard let job = args.jobId else { throw InputError.notCorrectable }
        if procedure == CreateNote.procedure, let note = args.noteId {
            return CreateNote(jobId: job, noteId: note, title: said)
        }
        guard let visit = args.visitId else { throw InputError.notCorrectable }
        let maybe = said.isEmpty ? nil : said
        switch procedure {
        case AddMaterial.procedure:
            guard let material = args.materialId, let item = args.itemId else { throw InputError.notCorrectable }
            let quantity = try InputError.quantity(said)
            return AddMaterial(jobId: job, visitId: visit, materialId: material, itemId: item, quantity: quantity)
        case CorrectMaterial.procedure:
            guard let material = args.materialId else { throw InputError.notCorrectable }
            let quantity = try InputError.quantity(said)
            return CorrectMaterial(jobId: job, visitId: visit, materialId: material, quantity: quantity)
        case AnswerItem.procedure:
            guard let answer = args.answerId else { throw InputError.notCorrectable }
            return AnswerItem(jobId: job, visitId: visit, answerId: answer, value: said)
        case CompleteVisit.procedure: return CompleteVisit(jobId: job, visitId: visit, outcome: maybe)
        case CompleteVisitPartially.procedure:
            return CompleteVisitPartially(jobId: job, visitId: visit, outcome: maybe)
        case CannotCompleteVisit.procedure: return CannotCompleteVisit(jobId: job, visitId: visit, reason: said)
        case DeclineVisit.procedure: return DeclineVisit(jobId: job, visitId: visit, reason: maybe)
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
