import FieldDay
import Foundation
import Satchel
import SatchelTesting
import XCTest

final class LifeTests: XCTestCase {
    func testTheDeathOfTheProcessLosesNoWork() async throws {
        try await withHands { hands in
            try await hands.signIn(2)
            try await hands.network(false)
            let before = try await hands.visit(number: 0)
            let id = try XCTUnwrap(before.detail?.place.visit)
            for step in [Step.accept, .travel, .arrive] { try await done(before, step) }
            await before.writeNote(title: "Cellar", text: "The light is broken.")

            await hands.die()

            XCTAssertEqual(hands.app.stage, .signedIn)
            let after = try await hands.visit(id)
            XCTAssertEqual(after.detail?.facts.mark, Mark(visit: .onSite))
            XCTAssertEqual(after.detail?.notes.contains { $0.text == "The light is broken." }, true)
            let outbox = try await hands.outbox()
            XCTAssertEqual(outbox.outbox?.waiting.count, 5)
            try await done(after, .pause)
            try await hands.network(true)
            try await until("a new process sends it") { outbox.outbox?.isEmpty == true }
        }
    }

    func testSigningOutSaysWhatStaysAndItGoesOnAfterTheNextSignIn() async throws {
        try await withHands { hands in
            try await hands.signIn(3)
            try await hands.network(false)
            let model = try await hands.visit(number: 0)
            try await done(model, .accept)
            let settings = SettingsModel(try hands.satchel(), hands.app)
            hands.follow { await settings.follow() }
            let stays = "1 change did not reach the office yet. It stays on this phone"
            try await until("it is said what stays") { settings.unsent.hasPrefix(stays) }
            XCTAssertEqual(settings.who?.technician, try hands.satchel().identity?.technicianId)
            XCTAssertTrue(settings.status.contains { $0.value.hasPrefix("everything") })
            await settings.check()
            XCTAssertEqual(settings.checked, "Checked: every row is as it should be.")
            let isOut = await settings.signOut()
            XCTAssertTrue(isOut, settings.acts.message ?? "")
            XCTAssertEqual(hands.app.stage, .signedOut)

            await hands.app.setNetwork(true)
            try await hands.signIn(3)
            let outbox = try await hands.outbox()
            try await until("it has reached the office") { outbox.outbox?.isEmpty == true }
            let accepted = try await hands.satchel().first(Visit.matching("state = ?1", VisitState.accepted))
            XCTAssertNotNil(accepted)
        }
    }
}
