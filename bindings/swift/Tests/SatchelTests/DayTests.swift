import Foundation
import SatchelTesting
import XCTest

@testable import Satchel

/// The scripted day of `tests/scenarios/day.json`, which Rust and Kotlin live too.
final class DayTests: XCTestCase {
    func testTheScriptedDay() async throws {
        let file = ProcessInfo.processInfo.environment["SATCHEL_SCENARIO"] ?? "../../tests/scenarios/day.json"
        let scenario = try JSON(parsing: String(contentsOfFile: file, encoding: .utf8))
        let steps = try scenario.required("steps").asList { $0 }
        XCTAssertGreaterThan(steps.count, 20)
        let contractor = try Contractor.running()
        try await withPhone(contractor.url) { phone in
            var day = Day(phone: phone, contractor: contractor)
            for (number, step) in steps.enumerated() { try await day.live(step, "step \(number): \(step)") }
        }
    }
}

private struct Day {
    let phone: Satchel
    let contractor: Contractor
    var found: [String: JSON] = [:]

    init(phone: Satchel, contractor: Contractor) {
        self.phone = phone
        self.contractor = contractor
    }

    mutating func live(_ step: JSON, _ what: String) async throws {
        let text = { (name: String) in try step.required(name).asText() }
        let texts = { (name: String) in try step.required(name).asList { try $0.asText() } }
        switch try text("do") {
        case "sign_in":
            let person = contractor.technicians[Int(try step.required("technician").asLong())]
            let identity = try await phone.signIn(email: person.email, password: person.password)
            found["technician"] = identity.technicianId.map { JSON($0) } ?? .null
        case "sign_out": try await phone.signOut()
        case "signed_out":
            do {
                _ = try await phone.sql("select 1")
                XCTFail(what)
            } catch SatchelError.NotSignedIn {}
        case "start": try await phone.start()
        case "network": try await phone.setNetwork(available: try step.required("available").asBoolean())
        case "settled": try await phone.until(what) { $0.settled }
        case "new": for name in try texts("names") { found[name] = JSON(UUID()) }
        case "find":
            let rows = try await query(try text("sql"), [])
            XCTAssertEqual(rows.count, 1, what)
            for (name, value) in zip(try texts("names"), rows[0]) { found[name] = value }
        case "mutate":
            let args = try filled(try step.required("args")).serialized
            let done = try await phone.core.mutate(name: try text("name"), argsJson: args)
            let output = try JSON(parsing: done.outputJson ?? "null")
            if case .object(let members)? = step.optional("output").map(filled) {
                for (name, value) in members { XCTAssertEqual(output.optional(name), value, what) }
            }
        case "refused":
            do {
                let args = try filled(try step.required("args")).serialized
                _ = try await phone.core.mutate(name: try text("name"), argsJson: args)
                XCTFail(what)
            } catch SatchelError.Refused(_, let reason, _, _) {
                let expected = try text("reason")
                XCTAssertEqual(reason, expected, what)
            }
        case "office": try await contractor.office(try text("name"), filled(try step.required("args")))
        case "waiting":
            let queue = try phone.status.queue
            let expected = try step.required("count").asLong()
            XCTAssertEqual(Int64(queue.pending + queue.sending), expected, what)
        case "rows":
            let parameters = try step.optional("parameters").map { try filled($0).asList { $0 } } ?? []
            let rows = try await query(try text("sql"), parameters)
            let expected = filled(try step.required("rows"))
            XCTAssertEqual(JSON.array(rows.map { JSON.array($0) }), expected, what)
        case "attention":
            let attention = try await phone.attention()
            let (names, reasons) = (try texts("names"), try texts("reasons"))
            XCTAssertEqual(attention.map(\.entry.name), names, what)
            XCTAssertEqual(attention.map(\.refusal.reason), reasons, what)
        case "undo_all": for item in try await phone.attention() { try await phone.undo(item.entry.key) }
        case "verify":
            let differences = try await phone.verify()
            XCTAssertEqual(differences, [], what)
        default: XCTFail("\(what): nobody knows how to do this")
        }
    }

    /// The same with `$name` replaced by what was found.
    private func filled(_ value: JSON) -> JSON {
        switch value {
        case .text(let text) where text.hasPrefix("$"): return found[String(text.dropFirst())] ?? .null
        case .array(let items): return .array(items.map(filled))
        case .object(let members): return .object(members.mapValues(filled))
        default: return value
        }
    }

    private func query(_ sql: String, _ parameters: [JSON]) async throws -> [[JSON]] {
        let cells = try parameters.map { Cell.text(value: try $0.asText()) }
        return try await phone.core.sql(query: sql, parameters: cells).map { row in
            row.map { cell in
                switch cell {
                case .null: return JSON.null
                case .boolean(let value): return JSON.boolean(value)
                case .integer(let value): return JSON.integer(value)
                case .text(let value): return JSON.text(value)
                }
            }
        }
    }
}
