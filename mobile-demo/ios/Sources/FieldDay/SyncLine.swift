import Foundation
import Satchel

/// What is always on the screen about syncing.
public struct SyncLine: Hashable, Sendable {
    /// In a few words.
    public let mark: Mark
    /// What waits, in a few words; empty when nothing does.
    public let waiting: String
    /// A sentence for the banner while work goes on without the server.
    public let banner: String?
    /// Refused changes, which need a person.
    public let attention: Int
    /// The share of a first download that is here, in percent.
    public let percent: Int?

    /// Says where syncing stands.
    public init(_ status: Status, zone: TimeZone) {
        let queue = status.queue
        let unsent = Int(queue.pending + queue.sending + queue.held)
        let isFilling = status.readiness == .empty || status.readiness == .filling
        mark = SyncLine.mark(status, unsent: unsent, isFilling: isFilling)
        if unsent > 0 {
            waiting = Words.counted(unsent, "change") + " to send"
        } else {
            waiting = status.lastSyncedAt.map { "as of " + Words.clock($0, zone) } ?? ""
        }
        banner = SyncLine.banner(status)
        attention = Int(queue.rejected)
        let (done, total) = (status.progress.rowsDone, status.progress.rowsTotal ?? 0)
        percent = isFilling ? (total == 0 ? 0 : Int(min(100, done * 100 / total))) : nil
    }

    private static func mark(_ status: Status, unsent: Int, isFilling: Bool) -> Mark {
        switch status.connection {
        case .online:
            if isFilling { return Mark("Fetching your day", .accent) }
            if unsent > 0 { return Mark("Sending", .accent) }
            return status.caughtUp ? Mark("Up to date", .good) : Mark("Updating", .accent)
        case .connecting: return Mark("Connecting", .accent)
        case .stopped: return Mark("Not syncing", .neutral)
        case .offline: return Mark("Offline", .warn)
        case .waiting: return Mark("No connection", .warn)
        case .needsSignIn: return Mark("Please sign in", .bad)
        case .updateRequired: return Mark("Please update the app", .bad)
        case .blocked: return Mark("Syncing is blocked", .bad)
        }
    }

    private static func banner(_ status: Status) -> String? {
        let kept = "What you enter is kept on this phone and sent later."
        switch status.connection {
        case .offline: return "You are offline. " + kept
        case .waiting: return "The server cannot be reached. " + kept
        case .needsSignIn, .updateRequired, .blocked: return status.reason + " " + status.nextStep
        case .online, .connecting, .stopped: return nil
        }
    }
}
