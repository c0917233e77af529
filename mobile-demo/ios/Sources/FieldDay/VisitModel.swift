import Foundation
import Observation
import Satchel

/// A visit: what it is about, and everything that is done on it. What the rules forbid is said, and nothing has
/// changed.
@MainActor
@Observable
public final class VisitModel {
    public let acts = Acts()
    /// Nil until it was read, and when the visit has left this phone.
    public private(set) var detail: VisitDetail?
    /// Whether it was looked for.
    public private(set) var isRead = false
    /// What the last search found.
    public private(set) var offers: [Offer] = []
    private let satchel: Satchel
    private let id: UUID

    public init(_ satchel: Satchel, visit: UUID) {
        self.satchel = satchel
        id = visit
    }

    /// Follows the visit until cancelled.
    public func follow() async {
        let id = self.id
        do {
            let visits = satchel.watch(VisitDetail.tables) { try await $0.visit(id) }
            for try await found in visits {
                detail = found.first
                isRead = true
            }
        } catch {
            acts.say(error)
        }
    }

    /// Takes a step; `text` is what its question was answered with. All that follow return whether it was done.
    @discardableResult
    public func take(_ step: Step, text: String = "") async -> Bool {
        let said = Words.trimmed(text)
        return await enter { step.mutation($0, said.isEmpty ? nil : said) }
    }

    @discardableResult
    public func answer(_ question: Question, _ value: String) async -> Bool {
        var said = Words.trimmed(value)
        if question.kind == .number { said = said.replacingOccurrences(of: ",", with: ".") }
        let answer = said
        return await enter { AnswerItem(jobId: $0.job, visitId: $0.visit, answerId: question.id, value: answer) }
    }

    @discardableResult
    public func markNotApplicable(_ question: Question) async -> Bool {
        await enter { MarkNotApplicable(jobId: $0.job, visitId: $0.visit, answerId: question.id) }
    }

    @discardableResult
    public func clear(_ question: Question) async -> Bool {
        await enter { ClearAnswer(jobId: $0.job, visitId: $0.visit, answerId: question.id) }
    }

    @discardableResult
    public func startTime(_ kind: TimeKind) async -> Bool {
        guard let technician = detail?.time.technician else { return false }
        return await enter {
            StartTime(entryId: UUID(), technicianId: technician, kind: kind, jobId: $0.job, visitId: $0.visit)
        }
    }

    /// Stops the entry that runs.
    @discardableResult
    public func stopTime() async -> Bool {
        guard let technician = detail?.time.technician, let running = detail?.time.running else { return false }
        return await enter { _ in StopTime(entryId: running.entry, technicianId: technician) }
    }

    /// The newest search only: cancel the task of an older one.
    public func search(_ text: String) async {
        let found = (try? await satchel.offers(text)) ?? []
        if !Task.isCancelled { offers = found }
    }

    @discardableResult
    public func add(_ offer: Offer) async -> Bool {
        await enter {
            AddMaterial(jobId: $0.job, visitId: $0.visit, materialId: UUID(), itemId: offer.id, quantity: 1)
        }
    }

    /// Corrects how much it was; zero takes the line away.
    @discardableResult
    public func correct(_ line: MaterialLine, quantity: Decimal) async -> Bool {
        await enter {
            CorrectMaterial(jobId: $0.job, visitId: $0.visit, materialId: line.id, quantity: max(0, quantity))
        }
    }

    /// Starts a note with a text; without the one where the other is refused.
    @discardableResult
    public func writeNote(title: String, text: String) async -> Bool {
        guard let place = detail?.place else { return false }
        let (note, title, text) = (UUID(), Words.trimmed(title), Words.trimmed(text))
        return await acts.run {
            let key = try await satchel.enter(CreateNote(jobId: place.job, noteId: note, title: title))
            if text.isEmpty { return }
            do {
                try await satchel.editNote(note, text: text)
            } catch {
                // Where it is being sent already the note stays, empty, and can be written again.
                try? await satchel.undo(key)
                throw error
            }
        }
    }

    /// Makes `text` of a note that read `base` when writing began; what others wrote since then stays.
    @discardableResult
    public func changeNote(_ note: UUID, base: String, text: String) async -> Bool {
        await acts.run { try await satchel.editNote(note, text: text, base: base) }
    }

    /// Hands in the checklist that a document asks for.
    @discardableResult
    public func handIn(_ paper: Paper) async -> Bool {
        guard let checklist = paper.checklist else { return false }
        return await enter {
            SatisfyDocument(jobId: $0.job, visitId: $0.visit, documentId: paper.id, referenceId: checklist)
        }
    }

    private func enter(_ mutation: (Place) -> any Mutation) async -> Bool {
        guard let place = detail?.place else { return false }
        let made = mutation(place)
        return await acts.run { try await satchel.enter(made) }
    }
}
