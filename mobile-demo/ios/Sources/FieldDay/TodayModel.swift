import Foundation
import Observation
import Satchel

/// The visits of a day: where a technician starts.
@MainActor
@Observable
public final class TodayModel {
    public let acts = Acts()
    /// Nil until it was read.
    public private(set) var today: Today?
    private let satchel: Satchel
    private let now: @Sendable () -> Date

    public init(_ satchel: Satchel, now: @escaping @Sendable () -> Date = { Date() }) {
        self.satchel = satchel
        self.now = now
    }

    /// Follows the day `offset` days from today until cancelled.
    public func follow(offset: Int) async {
        let now = self.now
        do {
            let days = satchel.watch(Today.tables) { try await $0.today(offset: offset, now: now()) }
            for try await found in days { today = found.first }
        } catch {
            acts.say(error)
        }
    }
}
