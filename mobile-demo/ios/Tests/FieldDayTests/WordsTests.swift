import Foundation
import Satchel
import XCTest

@testable import FieldDay

/// What needs neither a phone nor a server.
final class WordsTests: XCTestCase {
    func testFiguresReadAsPeopleWriteThem() throws {
        XCTAssertEqual(Words.money(123_450, "USD"), "$1,234.50")
        XCTAssertEqual(Words.money(-123_456_789, "USD"), "-$1,234,567.89")
        XCTAssertEqual(Words.money(5, "CHF"), "0.05 CHF")
        XCTAssertEqual(Words.measured(try XCTUnwrap(Words.decimal("2.500")), "foot"), "2.5 foot")
        XCTAssertEqual(Words.measured(10, ""), "10")
        XCTAssertEqual(Words.decimal(" 0,25 "), Decimal(string: "0.25"))
        for nonsense in ["", "-", "1.", ".5", "1.2.3", "1-2", "12 foot", "٣"] {
            XCTAssertNil(Words.decimal(nonsense), nonsense)
        }
        XCTAssertEqual(Words.counted(1, "change") + ", " + Words.counted(2, "change"), "1 change, 2 changes")
        let noon = Date(timeIntervalSince1970: 1_795_783_800)
        XCTAssertEqual(Words.dayAndTime(noon, Words.zone("Europe/Zurich")), "27 Nov 13:50")
        XCTAssertEqual(Words.clock(noon, Words.zone("no such zone")), "12:50")
        XCTAssertEqual(Words.day(noon, Words.utc), "Friday 27 November")
    }

    func testNamesAndErrorsAreSentences() {
        XCTAssertEqual(Sayings.what("visit/v1/travel"), "Set out")
        XCTAssertEqual(Sayings.what("job/v1/cancel"), "Cancel job")
        XCTAssertEqual(Sayings.what("checklistTemplate/v1/addItem"), "Add item checklistTemplate")
        let away = SatchelError.Unavailable(explanation: "the server is away", retryAfterMs: nil)
        XCTAssertEqual(Sayings.sentence(away), "The server is away.")
        XCTAssertEqual(Sayings.sentence(InputError(explanation: "Please enter a number.")), "Please enter a number.")
    }

    func testStrokesAreReadBackAsTheyWereDrawn() {
        var strokes = Strokes()
        XCTAssertEqual(strokes.encoded, Data())
        strokes.begin(Strokes.Point(x: 0, y: 1_000))
        strokes.lead(Strokes.Point(x: 500, y: 2))
        strokes.begin(Strokes.Point(x: 7, y: 8))
        XCTAssertEqual(strokes.encoded.count, 2 + 2 * 2 + 3 * 4)
        XCTAssertEqual(Strokes(encoded: strokes.encoded), strokes)
        for cut in 0..<strokes.encoded.count { _ = Strokes(encoded: strokes.encoded.prefix(cut)) }
        for number in 0..<100_000 { strokes.lead(Strokes.Point(x: number % 1_000, y: number % 999)) }
        XCTAssertLessThanOrEqual(strokes.encoded.count, 65_536)
    }

    func testWhatWasTypedAndOpenedOutlivesTheProcess() throws {
        var drafts = Drafts()
        drafts["note.title"] = "Half a \"title\""
        drafts["note.text"] = "Half a thou"
        drafts["step"] = "decline"
        drafts["long"] = String(repeating: "x", count: Drafts.lengthMax + 1)
        var kept = try XCTUnwrap(Drafts(rawValue: drafts.rawValue))
        XCTAssertEqual(kept["note.title"], "Half a \"title\"")
        XCTAssertEqual(kept["long"], "")
        kept.forget("note.")
        XCTAssertEqual(kept["note.text"], "")
        XCTAssertEqual(kept["step"], "decline")
        XCTAssertNil(Drafts(rawValue: "no JSON"))
        let signable = Signable(job: UUID(), kind: .visit, subject: UUID(), title: "The work")
        let path = RoutePath([.visit(UUID()), .signature(signable)])
        XCTAssertEqual(try XCTUnwrap(RoutePath(rawValue: path.rawValue)).routes, path.routes)
    }

    /// The table of `docs/state-machines.md`, which is written from the rules.
    func testStepsAreTheStateMachines() throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<5 { root.deleteLastPathComponent() }
        let page = try String(contentsOf: root.appendingPathComponent("docs/state-machines.md"), encoding: .utf8)
        let afterVisit = try XCTUnwrap(page.range(of: "\n## visit\n")?.upperBound)
        let beforeJob = try XCTUnwrap(page.range(of: "\n## job\n")?.lowerBound)
        let ofOthers = ["when", "---", "dispatched", "canceled", "taken back"]
        var moves: Set<[String]> = []
        for line in page[afterVisit..<beforeJob].split(separator: "\n") where line.hasPrefix("|") {
            let cells = line.split(separator: "|").map { Words.trimmed(String($0)) }
            if cells.count == 3, !ofOthers.contains(cells[1]) { moves.insert(cells) }
        }
        let words: [Step: String] = [
            .accept: "accepted", .travel: "traveled to", .arrive: "started", .pause: "paused", .resume: "resumed",
            .complete: "completed", .completePartially: "completed in part",
            .cannotComplete: "reported as impossible to complete", .decline: "declined",
        ]
        var here: Set<[String]> = []
        for step in Step.allCases {
            let said = try XCTUnwrap(words[step])
            for from in step.from { here.insert([from.rawValue, said, step.to.rawValue]) }
        }
        XCTAssertEqual(here, moves)
    }
}
