import Foundation
import SatchelCore

/// What a bounded sync in the background came to.
public enum BackgroundSync: Sendable {
    /// Both sides agree.
    case complete
    /// Ask the system for another turn.
    case again
    /// A person is needed, or nobody is signed in: another turn would not help.
    case useless
}

extension Satchel {
    /// A background task's turn, bounded by what the system grants.
    public func syncInBackground(seconds: TimeInterval = 25) async throws -> BackgroundSync {
        do {
            let outcome = try await syncOnce(seconds: seconds)
            if outcome.complete { return .complete }
            switch outcome.status.connection {
            case .needsSignIn, .updateRequired: return .useless
            default: return .again
            }
        } catch SatchelError.NotSignedIn {
            return .useless
        }
    }
}

#if canImport(BackgroundTasks) && os(iOS)
import BackgroundTasks

/// The hook for `BGTaskScheduler`: register at launch, schedule when the app goes to the background.
public enum SyncTask {
    /// About every quarter of an hour; the system decides.
    private static let interval: TimeInterval = 15 * 60

    /// Handles `identifier`, which `BGTaskSchedulerPermittedIdentifiers` in the Info.plist must list.
    public static func register(identifier: String, satchel: @escaping @Sendable () async throws -> Satchel) {
        BGTaskScheduler.shared.register(forTaskWithIdentifier: identifier, using: nil) { task in
            schedule(identifier: identifier)
            let turn = Turn(task: task)
            let work = Task {
                let outcome = try? await satchel().syncInBackground()
                turn.task.setTaskCompleted(success: outcome == .complete)
            }
            task.expirationHandler = { work.cancel() }
        }
    }

    /// What the system hands out; it may be completed from any thread.
    private struct Turn: @unchecked Sendable {
        let task: BGTask
    }

    /// Asks for the next turn.
    public static func schedule(identifier: String) {
        let request = BGAppRefreshTaskRequest(identifier: identifier)
        request.earliestBeginDate = Date(timeIntervalSinceNow: interval)
        try? BGTaskScheduler.shared.submit(request)
    }
}
#endif
