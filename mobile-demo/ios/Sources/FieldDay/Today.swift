import Foundation
import Satchel

/// The visits of a day.
public struct Today: Hashable, Sendable {
    public let who: Who
    /// When the day begins in the technician's zone.
    public let start: Date
    /// `Today`, `Tomorrow`, or nothing.
    public let name: String
    public let visits: [VisitCard]

    /// What stands at the top.
    public var title: String { name.isEmpty ? Words.day(start, who.zone) : name }

    /// How far the day is, in a few words.
    public var summary: String {
        let over = visits.filter(\.isOver).count
        let told = visits.isEmpty ? "no visits" : "\(over) of \(visits.count) done"
        return name.isEmpty ? told : Words.day(start, who.zone) + " · " + told
    }
}

/// One of them.
public struct VisitCard: Hashable, Sendable, Identifiable {
    public let id: UUID
    public let from: String
    public let until: String
    public let title: String
    public let customer: String
    public let address: String
    public let mark: Mark
    public let isOver: Bool
    public let isUrgent: Bool
    public let answered: Answered
}

extension VisitState {
    /// Whether nothing more happens on a visit; a state that this build does not know counts as open.
    public var isOver: Bool {
        let over: [VisitState] = [.completed, .partiallyCompleted, .cannotComplete, .canceled]
        return over.contains(self)
    }
}

extension Today {
    /// What it is read from.
    static var tables: [any Row.Type] {
        [
            Assignment.self, Visit.self, Job.self, Customer.self, Location.self, ChecklistAnswer.self,
            ChecklistTemplateItem.self, Technician.self, Branch.self, Organization.self,
        ]
    }
}

/// No arrival window is longer.
private let longestWindowS: TimeInterval = 14 * 24 * 60 * 60

extension Satchel {
    /// The day `offset` days from the one of `now`, by the start of the windows; today also has what is under way. None
    /// while nobody is signed in.
    func today(offset: Int, now: Date) async throws -> [Today] {
        guard let who = try await self.who() else { return [] }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = who.zone
        let midnight = calendar.startOfDay(for: now)
        guard let start = calendar.date(byAdding: .day, value: offset, to: midnight),
            let end = calendar.date(byAdding: .day, value: 1, to: start)
        else { return [] }
        let rows = try await sql(
            """
            select v.id, v.state, v.window_start, v.window_end, v.zone, j.title, j.priority, c.name, l.address
            from assignment a
            join visit v on v.id = a.visit_id
            join job j on j.id = v.job_id
            left join customer c on c.id = j.customer_id
            left join location l on l.id = j.location_id
            where a.technician_id = ?1 and a.window_start >= ?2 and a.window_start < ?4
                and (v.window_end > ?3 and v.window_start < ?4 or ?5 and v.state in ('traveling', 'on_site', 'paused'))
            order by v.window_start, v.id
            """,
            who.technician, start.addingTimeInterval(-longestWindowS), start, end, offset == 0)
        var visits: [VisitCard] = []
        for row in rows { visits.append(try await card(row)) }
        let names = [-1: "Yesterday", 0: "Today", 1: "Tomorrow"]
        return [Today(who: who, start: start, name: names[offset] ?? "", visits: visits)]
    }

    private func card(_ row: Cells) async throws -> VisitCard {
        let zone = Words.zone(try row.text(4))
        let state = VisitState(rawValue: try row.text(1))
        let priority = JobPriority(rawValue: try row.text(6))
        let id = try row.id(0)
        return VisitCard(
            id: id,
            from: Words.clock(try row.instant(2), zone),
            until: Words.clock(try row.instant(3), zone),
            title: try row.text(5),
            customer: try row.optional(7, row.text) ?? "",
            address: try row.optional(8, row.text) ?? "",
            mark: Mark(visit: state),
            isOver: state.isOver,
            isUrgent: priority == .high || priority == .emergency,
            answered: Answered(try await questions(id)))
    }
}
