import Foundation
import Satchel

/// What can be signed: a visit's work, or a document that asks for it.
public struct Signable: Hashable, Sendable, Codable {
    public let job: UUID
    public let subject: UUID
    /// What to call it.
    public let title: String
    private let kindName: String

    public init(job: UUID, kind: SubjectKind, subject: UUID, title: String) {
        self.job = job
        self.subject = subject
        self.title = title
        kindName = kind.rawValue
    }

    public var kind: SubjectKind { SubjectKind(rawValue: kindName) }
}

/// What the signer is shown, and the hash of the document that says the same.
public struct Shown: Hashable, Sendable {
    public let lines: [Line]
    let hash: Data

    /// A fact.
    public struct Line: Hashable, Sendable {
        public let name: String
        public let value: String
    }
}

extension Satchel {
    /// The subject as it stands on this phone.
    func shown(_ signable: Signable) async throws -> Shown {
        let document = try await signingDocument(signable.kind, signable.subject)
        let lines = signable.kind == .visit ? try await work(signable.subject) : []
        return Shown(lines: lines, hash: document.hash)
    }

    private func work(_ visit: UUID) async throws -> [Shown.Line] {
        guard let visit = try await first(Visit.byId(visit)) else { return [] }
        var lines = [Shown.Line(name: "Work", value: Mark(visit: visit.state).text)]
        if let outcome = visit.outcome, !outcome.isEmpty { lines.append(Shown.Line(name: "Outcome", value: outcome)) }
        for used in try await read(MaterialUsed.byVisit(visitId: visit.id)) {
            let unit = try await first(PricebookItem.byId(used.itemId))?.unit ?? ""
            lines.append(Shown.Line(name: "Material", value: Words.measured(used.quantity, unit) + " " + used.name))
        }
        return lines
    }

    /// Keeps `strokes` as the signer's signature; what was shown must be what stands, or it is refused.
    func sign(
        _ signable: Signable, _ shown: Shown, signer: String, relation: SignerRelation, strokes: Strokes
    ) async throws {
        guard !strokes.isEmpty else {
            throw InputError(explanation: "Please let the customer sign on the screen.")
        }
        let signature = CaptureSignature(
            jobId: signable.job,
            signatureId: UUID(),
            subjectKind: signable.kind,
            subjectId: signable.subject,
            documentHash: shown.hash,
            signerName: Words.trimmed(signer),
            signerRelation: relation,
            strokes: strokes.encoded)
        try await enter(signature)
    }
}
