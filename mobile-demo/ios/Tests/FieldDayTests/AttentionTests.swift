import FieldDay
import Foundation
import Satchel
import SatchelTesting
import XCTest

final class AttentionTests: XCTestCase {
    func testWhatTheOfficeRefusesIsShownAndTakenBackWithWhatWaitsForIt() async throws {
        try await withHands { hands in
            try await hands.signIn(1)
            let model = try await hands.visit(number: 0)
            try await hands.network(false)
            try await done(model, .accept)
            try await done(model, .travel)
            try await hands.cancel(model)
            try await hands.network(true)
            let outbox = try await hands.outbox()
            try await until("it needs attention") { outbox.outbox?.refused.first?.dependent == ["Set out"] }
            try await until("what the office did is shown") { model.detail?.facts.mark == Mark(visit: .canceled) }
            try await until("it stands on every screen") { hands.app.syncLine.map { $0.attention > 0 } == true }
            let refused = try XCTUnwrap(outbox.outbox?.refused.first)
            XCTAssertEqual(refused.what, "Accept visit")
            XCTAssertTrue(refused.why.contains("canceled"), refused.why)
            XCTAssertNil(refused.correction)
            XCTAssertFalse(refused.isBecauseOfAnother)

            let isRetried = await outbox.retry(refused)
            XCTAssertTrue(isRetried)
            try await until("a second verdict") {
                outbox.outbox?.refused.first.map { $0.id != refused.id && $0.dependent == ["Set out"] } == true
            }
            let again = try XCTUnwrap(outbox.outbox?.refused.first)
            // The older is off the list: a tap on it is answered, and changes nothing.
            let isStale = await outbox.retry(refused)
            XCTAssertFalse(isStale)
            XCTAssertEqual(outbox.acts.message, "This has been dealt with already.")
            let isTakenBack = await outbox.takeBackAll(again)
            XCTAssertTrue(isTakenBack, outbox.acts.message ?? "")
            try await until("nothing is left") { outbox.outbox?.isEmpty == true && hands.app.syncLine?.attention == 0 }
        }
    }

    func testARefusedChangeIsCorrectedAndOneIsTakenBackAlone() async throws {
        try await withHands { hands in
            try await hands.signIn(1)
            let model = try await hands.visit(number: 1)
            try await hands.network(false)
            try await done(model, .decline, "Too far.")
            try await hands.cancel(model)
            try await hands.network(true)
            let outbox = try await hands.outbox()
            try await until("it was refused") { outbox.outbox?.refused.count == 1 }
            let first = try XCTUnwrap(outbox.outbox?.refused.first)
            XCTAssertEqual(first.correction?.question, "Why not?")
            XCTAssertEqual(first.correction?.entered, "Too far.")
            let isCorrected = await outbox.correct(first, "Too far for today.")
            XCTAssertTrue(isCorrected, outbox.acts.message ?? "")
            try await until("a second verdict") { outbox.outbox?.refused.first.map { $0.id != first.id } == true }
            let second = try XCTUnwrap(outbox.outbox?.refused.first)
            XCTAssertEqual(second.correction?.entered, "Too far for today.")
            let attention = try await hands.satchel().attention()
            XCTAssertEqual(attention.map(\.entry.retryOf), [first.id])
            let isTakenBack = await outbox.takeBack(second.id)
            XCTAssertTrue(isTakenBack)
            try await until("nothing is left") { outbox.outbox?.isEmpty == true }
        }
    }
}
