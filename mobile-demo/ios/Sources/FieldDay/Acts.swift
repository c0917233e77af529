import Foundation
import Observation

/// Does what a tap asks for; what is refused is said, and nothing has changed.
@MainActor
@Observable
public final class Acts {
    /// A sentence about the last tap, if it was refused.
    public private(set) var message: String?
    private var running = 0

    public init() {}

    /// Whether a tap is still being worked on.
    public var isBusy: Bool { running > 0 }

    /// Whether it was done.
    @discardableResult
    public func run(_ work: @MainActor () async throws -> Void) async -> Bool {
        message = nil
        running += 1
        defer { running -= 1 }
        do {
            try await work()
            return true
        } catch is CancellationError {
            return false
        } catch {
            message = Sayings.sentence(error)
            return false
        }
    }

    /// Says what a screen's stream ended with.
    func say(_ error: any Error) { message = Sayings.sentence(error) }

    /// Takes the sentence away.
    public func hush() { message = nil }
}
