import Foundation
import Observation
import Satchel

/// What the office did not take, and what waits to be sent.
@MainActor
@Observable
public final class OutboxModel {
    public let acts = Acts()
    /// Nil until it was read.
    public private(set) var outbox: Outbox?
    private let satchel: Satchel

    public init(_ satchel: Satchel) { self.satchel = satchel }

    /// Follows the queue until cancelled.
    public func follow() async {
        do {
            let outboxes = satchel.watch([Job.self]) { satchel in [try await satchel.outbox()] }
            for try await found in outboxes { outbox = found.first }
        } catch {
            acts.say(error)
        }
    }

    /// Sends it again as it is; what depends on it goes after it. All that follow return whether it was done.
    @discardableResult
    public func retry(_ refused: Refused) async -> Bool {
        await acts.run { _ = try await satchel.retry(refused.id) }
    }

    /// Sends it again with its one correctable part as `text`.
    @discardableResult
    public func correct(_ refused: Refused, _ text: String) async -> Bool {
        guard let correction = refused.correction else { return false }
        return await acts.run { try await satchel.correct(refused.id, with: correction.mutation(text)) }
    }

    /// Takes one change back, refused or unsent.
    @discardableResult
    public func takeBack(_ key: UUID) async -> Bool {
        await acts.run { try await satchel.undo(key) }
    }

    /// Takes it back with everything that depends on it.
    @discardableResult
    public func takeBackAll(_ refused: Refused) async -> Bool {
        await acts.run { try await satchel.undoGroup(refused.id) }
    }
}
