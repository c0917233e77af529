import Foundation
import Observation
import Satchel

/// Who is signed in, what support wants to know, and the way out.
@MainActor
@Observable
public final class SettingsModel {
    public let acts = Acts()
    public private(set) var who: Who?
    public private(set) var status: [Told] = []
    /// What signing out leaves on this phone, in a sentence.
    public private(set) var unsent = ""
    public private(set) var faults: [String] = []
    /// What the last check found.
    public private(set) var checked: String?
    private let satchel: Satchel
    private let app: AppModel

    public init(_ satchel: Satchel, _ app: AppModel) {
        self.satchel = satchel
        self.app = app
    }

    /// Follows the status until cancelled.
    public func follow() async {
        do {
            for await now in try satchel.statuses() {
                who = try await satchel.who()
                let zone = who?.zone ?? Words.utc
                status = Diagnosis.told(now, zone: zone)
                unsent = Diagnosis.unsent(now)
                faults = Diagnosis.faults(zone: zone)
            }
        } catch {
            acts.say(error)
        }
    }

    /// Compares every row with its checksum.
    public func check() async {
        await acts.run {
            let differences = try await satchel.verify()
            let tables = Set(differences.map(\.table)).sorted()
            if tables.isEmpty {
                checked = "Checked: every row is as it should be."
            } else {
                let names = tables.joined(separator: ", ")
                checked = Words.counted(tables.count, "table") + " differ: \(names). Please tell support."
            }
        }
    }

    /// Signs out; unsent work stays.
    @discardableResult
    public func signOut() async -> Bool {
        await acts.run { try await app.signOut() }
    }
}
