import Foundation
import Satchel

/// A name and what stands beside it.
public struct Told: Hashable, Sendable, Identifiable {
    public let name: String
    public let value: String

    public var id: String { name }
}

/// Where syncing stands, for a person and for support.
public enum Diagnosis {
    /// As lines.
    public static func told(_ status: Status, zone: TimeZone) -> [Told] {
        var lines = [Told(name: "Connection", value: status.reason)]
        if !status.nextStep.isEmpty { lines.append(Told(name: "Next", value: status.nextStep)) }
        let complete = status.lastSyncedAt.map { Words.dayAndTime($0, zone) } ?? "never"
        lines.append(Told(name: "Last complete", value: complete))
        lines.append(Told(name: "On this phone", value: told(status.readiness)))
        if let offset = status.serverOffsetMs {
            let value = offset == 0 ? "as the server's" : "\(offset) ms behind the server's"
            lines.append(Told(name: "Clock", value: value))
        }
        if let trace = status.traceId { lines.append(Told(name: "Trace", value: trace)) }
        return lines
    }

    private static func told(_ readiness: Readiness) -> String {
        switch readiness {
        case .empty: return "nothing yet"
        case .filling: return "being fetched"
        case .checking: return "being checked"
        case .ready: return "everything you may see"
        case .repairing: return "everything, and being compared again"
        }
    }

    /// What is unsent, in the words that sign-out shows.
    public static func unsent(_ status: Status) -> String {
        let queue = status.queue
        let number = Int(queue.pending + queue.sending + queue.held + queue.rejected)
        if number == 0 { return "Everything you entered is at the office." }
        let kept = number == 1 ? "It stays on this phone, and goes on" : "They stay on this phone, and go on"
        return Words.counted(number, "change") + " did not reach the office yet. \(kept) when you sign in again."
    }

    /// What went wrong in this process lately, newest first.
    public static func faults(zone: TimeZone) -> [String] {
        Satchel.diagnostics().reversed().map { entry in
            let sign = entry.severity == .error ? "Fault" : "Warning"
            let area = entry.area.replacingOccurrences(of: "satchel_", with: "")
            return Words.clock(entry.at, zone) + "  " + sign + "  " + area + ": " + entry.text
        }
    }
}
