import FieldDay
import Foundation
import SatchelTesting
import XCTest

final class SignInTests: XCTestCase {
    func testWhoeverIsNotSignedInIsAskedToAndThenSeesTheDay() async throws {
        try await withHands { hands in
            XCTAssertEqual(hands.app.stage, .signedOut)
            try await hands.signIn(4)
            let day = try await hands.today()
            XCTAssertEqual(day.today?.visits.map(\.mark.text), ["New", "New", "New", "New"])
            XCTAssertEqual(day.today?.title, "Today")
            XCTAssertEqual(day.today?.summary.hasSuffix("0 of 4 done"), true)
            // The icon once more: nobody is asked again.
            await hands.die()
            XCTAssertEqual(hands.app.stage, .signedIn)
            let again = try await hands.today()
            XCTAssertEqual(again.today?.visits, day.today?.visits)
        }
    }

    func testAWrongPasswordIsSaid() async throws {
        try await withHands { hands in
            let model = SignInModel(hands.app)
            let person = hands.contractor.technicians[4]
            let isIn = await model.signIn(server: hands.contractor.url, email: person.email, password: "a guess")
            XCTAssertFalse(isIn)
            let said = try XCTUnwrap(model.acts.message)
            XCTAssertTrue(said.hasSuffix(".") && !said.contains("guess"), said)
            XCTAssertEqual(hands.app.stage, .signedOut)
            XCTAssertFalse(model.acts.isBusy)
        }
    }

    func testAServerThatIsNotThereIsSaidAndAnAddressThatIsNone() async throws {
        try await withHands { hands in
            let model = SignInModel(hands.app)
            for address in ["http://127.0.0.1:9", "no address"] {
                let isIn = await model.signIn(server: address, email: "a@example.com", password: "b")
                XCTAssertFalse(isIn)
                let said = try XCTUnwrap(model.acts.message)
                XCTAssertTrue(said.hasSuffix("."), said)
                XCTAssertEqual(hands.app.stage, .signedOut)
            }
            try await hands.signIn(4)
            XCTAssertEqual(hands.app.stage, .signedIn)
            XCTAssertEqual(hands.app.server, hands.contractor.url)
        }
    }
}
