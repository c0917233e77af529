import Foundation
import Satchel

/// What the server did not take, and what still waits.
public struct Outbox: Hashable, Sendable {
    public let refused: [Refused]
    public let waiting: [Waiting]

    public var isEmpty: Bool { refused.isEmpty && waiting.isEmpty }
}

/// A change that the server did not take.
public struct Refused: Hashable, Sendable, Identifiable {
    /// The mutation's key.
    public let id: UUID
    public let what: String
    /// The job it is about; empty when it is about none that is on this phone.
    public let about: String
    public let why: String
    /// Sayings of the changes that wait for it or were refused because of it.
    public let dependent: [String]
    /// It was refused only because another one was, and is sent again after that.
    public let isBecauseOfAnother: Bool
    /// The one part of it that can be corrected in a line of text, if there is one.
    public let correction: Correction?
    /// Finds a fault of the server in its logs.
    public let traceId: String?
}

/// A change on its way.
public struct Waiting: Hashable, Sendable, Identifiable {
    /// The mutation's key.
    public let id: UUID
    public let what: String
    public let about: String
    public let mark: Mark
    /// Why the server may refuse it.
    public let doubt: String?
    public let canBeTakenBack: Bool
}

extension Satchel {
    /// The queue as it stands.
    func outbox() async throws -> Outbox {
        let queue = try await self.queue()
        var sayings: [UUID: String] = [:]
        for entry in queue { sayings[entry.key] = Sayings.what(entry.name) }
        var refused: [Refused] = []
        let attention = try await self.attention()
        for item in attention {
            let dependent = item.holds + attention.filter { $0.becauseOf == item.entry.key }.map(\.entry.key)
            refused.append(
                Refused(
                    id: item.entry.key,
                    what: Sayings.what(item.entry.name),
                    about: try await about(item.entry),
                    why: item.refusal.explanation,
                    dependent: dependent.map { sayings[$0] ?? "Another change" },
                    isBecauseOfAnother: item.becauseOf != nil,
                    correction: Correction(item.entry),
                    traceId: item.traceId))
        }
        var waiting: [Waiting] = []
        for entry in queue where entry.state != .rejected {
            waiting.append(
                Waiting(
                    id: entry.key,
                    what: Sayings.what(entry.name),
                    about: try await about(entry),
                    mark: Mark(queued: entry.state),
                    doubt: entry.mayBeRefused?.explanation,
                    canBeTakenBack: entry.state == .pending || entry.state == .held))
        }
        return Outbox(refused: refused, waiting: waiting)
    }

    private func about(_ entry: QueueEntry) async throws -> String {
        for id in entry.about {
            if let job = try await first(Job.byId(id)) { return job.title }
        }
        return ""
    }
}
