import Foundation
import Satchel

/// Most offers that a search shows.
private let offersMax = 8

extension VisitDetail {
    /// What it is read from.
    static var tables: [any Row.Type] {
        [
            Visit.self, Job.self, Customer.self, Location.self, Equipment.self, Checklist.self, ChecklistAnswer.self,
            ChecklistTemplate.self, ChecklistTemplateItem.self, TimeEntry.self, MaterialUsed.self, PricebookItem.self,
            Note.self, RequiredDocument.self, Signature.self, Organization.self,
        ]
    }
}

extension Satchel {
    /// The visit; none once it has left this phone.
    func visit(_ id: UUID) async throws -> [VisitDetail] {
        guard let who = try await self.who(), let visit = try await first(Visit.byId(id)),
            let job = try await first(Job.byId(visit.jobId))
        else { return [] }
        let isOpen = !visit.state.isOver && job.state != .canceled && job.state != .closed
        return [
            VisitDetail(
                place: Place(job: job.id, visit: visit.id),
                facts: try await facts(visit, job),
                steps: try steps(job: job.state, visit: visit.state),
                questions: try await questions(id),
                time: try await timeSheet(visit, who, isOpen),
                materials: try await materials(visit, who, isOpen),
                notes: try await notes(job),
                papers: try await papers(visit),
                signature: try await signature(visit))
        ]
    }

    private func facts(_ visit: Visit, _ job: Job) async throws -> Facts {
        let zone = Words.zone(visit.zone)
        let customer = try await first(Customer.byId(job.customerId))
        let location = try await first(Location.byId(job.locationId))
        var equipment: String?
        if let id = job.equipmentId, let found = try await first(Equipment.byId(id)) {
            let parts: [String?] = [found.name, found.model, found.serial.map { "No. " + $0 }]
            equipment = parts.compactMap { $0 }.joined(separator: " · ")
        }
        return Facts(
            title: job.title,
            window: Words.clock(visit.windowStart, zone) + " – " + Words.clock(visit.windowEnd, zone),
            mark: Mark(visit: visit.state),
            isOver: visit.state.isOver,
            customer: customer?.name ?? "",
            phone: customer?.phone,
            address: location?.address ?? "",
            access: location?.accessNotes,
            equipment: equipment,
            description: job.description,
            outcome: visit.outcome ?? job.cancelReason)
    }

    private func notes(_ job: Job) async throws -> [NoteText] {
        try await read(Note.byJob(jobId: job.id)).map { NoteText(id: $0.id, title: $0.title, text: $0.text) }
    }

    private func timeSheet(_ visit: Visit, _ who: Who, _ isOpen: Bool) async throws -> TimeSheet {
        let zone = Words.zone(visit.zone)
        let entries = try await read(TimeEntry.byVisit(visitId: visit.id)).sorted { $0.startedAt < $1.startedAt }
        let running = entries.first { $0.endedAt == nil && $0.technicianId == who.technician }
        return TimeSheet(
            technician: who.technician,
            running: running.map {
                let said = Words.title($0.kind.rawValue) + " since " + Words.clock($0.startedAt, zone)
                return TimeSheet.Running(entry: $0.id, said: said)
            },
            lines: entries.compactMap { entry in
                guard let ended = entry.endedAt else { return nil }
                let hours = Words.clock(entry.startedAt, zone) + " – " + Words.clock(ended, zone)
                return Words.title(entry.kind.rawValue) + "  " + hours
            },
            isEnabled: try isOpen && who.technician != nil && may(StartTime.self))
    }

    private func materials(_ visit: Visit, _ who: Who, _ isOpen: Bool) async throws -> Materials {
        var lines: [MaterialLine] = []
        for used in try await read(MaterialUsed.byVisit(visitId: visit.id)) {
            let item = try await first(PricebookItem.byId(used.itemId))
            lines.append(
                MaterialLine(
                    id: used.id, name: used.name, quantity: used.quantity, unit: item?.unit ?? "",
                    price: Words.money(used.unitPriceCents, who.currency)))
        }
        return Materials(lines: lines, isEnabled: try isOpen && may(AddMaterial.self))
    }

    private func papers(_ visit: Visit) async throws -> [Paper] {
        let checklist = try await first(Checklist.byVisit(visitId: visit.id))?.id
        let asked = try await read(RequiredDocument.byJob(jobId: visit.jobId))
        return asked.filter { $0.visitId == nil || $0.visitId == visit.id }.map { paper in
            let mark: Mark
            switch paper.state {
            case .open: mark = paper.required ? Mark("Needed", .warn) : Mark("Wanted", .neutral)
            case .satisfied: mark = Mark("There", .good)
            case .waived: mark = Mark("Not needed", .neutral)
            default: mark = Mark(Words.plain(paper.state.rawValue), .neutral)
            }
            return Paper(
                id: paper.id, title: paper.title, kind: paper.kind, mark: mark, isOpen: paper.state == .open,
                checklist: checklist)
        }
    }

    private func signature(_ visit: Visit) async throws -> SignatureState {
        let taken = try await read(Signature.bySubject(subjectId: visit.id))
        if let signed = taken.first(where: { $0.outcome == .signed }) {
            return .signed(
                by: signed.signerName ?? "", at: Words.dayAndTime(signed.signedAt, Words.zone(visit.zone)))
        }
        let isSignable = visit.state == .completed || visit.state == .partiallyCompleted
        return try isSignable && may(CaptureSignature.self) ? .possible : .notYet
    }

    /// Active materials whose code or name has every word of `text`.
    func offers(_ text: String) async throws -> [Offer] {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard !words.isEmpty, let who = try await who() else { return [] }
        var condition = "active = 1 and kind = 'material'"
        var parameters: [any Parameter] = []
        for word in words {
            var escaped = String(word)
            for special in ["\\", "%", "_"] {
                escaped = escaped.replacingOccurrences(of: special, with: "\\" + special)
            }
            parameters.append("%" + escaped + "%")
            let place = "?\(parameters.count) escape '\\'"
            condition += " and (code like \(place) or name like \(place))"
        }
        condition += " order by name, code limit \(offersMax)"
        return try await read(PricebookItem.matching(condition, parameters: parameters)).map { item in
            let price = Words.money(item.priceCents, who.currency)
            return Offer(id: item.id, name: item.name, detail: item.code + " · " + price + " / " + item.unit)
        }
    }
}
