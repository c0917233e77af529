import Foundation
import SatchelTesting
import XCTest

@testable import Satchel

/// What an app does, typed, and what it does wrong.
final class LibraryTests: XCTestCase {
    func testInstantsAreSpelledAsTheServerDoes() throws {
        for text in ["2026-11-21T10:47:00.000000Z", "2026-11-21T10:47:00.123456Z", "1969-12-31T23:59:59.500000Z"] {
            XCTAssertEqual(Instants.spelled(try XCTUnwrap(Instants.read(text))), text)
        }
        XCTAssertNil(Instants.read("yesterday"))
        for text in ["2026-11-21T.Z", "Z", "2026-11-21T10:47:00.99999999999Z", "99999999999-11-21T10:47:00.5Z"] {
            XCTAssertNil(Instants.read(text))
        }
        XCTAssertEqual(Instants.read("2026-11-21T10:47:00.5Z"), Instants.read("2026-11-21T10:47:00.500000Z"))
        XCTAssertEqual(CalendarDay("2026-02-03")?.description, "2026-02-03")
    }

    func testTypedMutationsChangeTypedRowsAndQueriesFollow() async throws {
        let contractor = try Contractor.running()
        try await withPhone(contractor.url) { phone in
            let person = contractor.technicians[1]
            try await phone.signIn(email: person.email, password: person.password)
            try await phone.start()
            try await phone.until("both sides agree") { $0.settled }
            try await phone.stop()
            let open = Visit.matching("state = ?1 order by window_start", VisitState.dispatched)
            let found = try await phone.first(open)
            let visit = try XCTUnwrap(found)
            var seen = phone.watch(Visit.byId(visit.id)).makeAsyncIterator()
            let before = try await seen.next()
            XCTAssertEqual(before, [visit])
            let done = try await phone.mutate(AcceptVisit(jobId: visit.jobId, visitId: visit.id))
            XCTAssertEqual(done.output?.state, .accepted)
            let after = try await seen.next()
            XCTAssertEqual(after?.first?.state, .accepted)
            try await phone.undo(done.key)
            do {
                try await phone.mutate(ArriveAtVisit(jobId: visit.jobId, visitId: visit.id))
                XCTFail("it was not accepted")
            } catch SatchelError.Refused(let kind, _, let explanation, _) {
                XCTAssertEqual(kind, .conflict)
                XCTAssertTrue(explanation.hasSuffix("."))
            }
        }
    }

    func testNotesAreTextsADayKnowsWhatItNeedsAndUnsentWorkLeavesAsAFile() async throws {
        let contractor = try Contractor.running()
        try await withPhone(contractor.url) { phone in
            let person = contractor.technicians[0]
            try await phone.signIn(email: person.email, password: person.password)
            try await phone.start()
            try await phone.until("both sides agree") { $0.settled }
            try await phone.stop()
            let found = try await phone.first(Visit.matching("state = ?1 order by window_start", VisitState.dispatched))
            let visit = try XCTUnwrap(found)
            let note = UUID()
            try await phone.mutate(CreateNote(jobId: visit.jobId, noteId: note, title: "Found"))
            let done = try await phone.editNote(note, text: "Base.")
            XCTAssertNotNil(done)
            let same = try await phone.editNote(note, text: "Base.")
            XCTAssertNil(same)
            try await phone.editNote(note, text: "One. Base.")
            try await phone.editNote(note, text: "Base. Two.", base: "Base.")
            let written = try await phone.first(Note.byId(note))
            XCTAssertEqual(written?.text, "One. Base. Two.")

            let days = 2 * 24 * 3_600.0
            let day = try await phone.day(from: Date() - days, until: Date() + days)
            XCTAssertTrue(day.complete && day.visits.allSatisfy { $0.missing.isEmpty })
            let receipts = try await phone.receipts(visit.jobId)
            XCTAssertEqual(receipts.captured, 4)
            let sealed = try await phone.exportRescue(.passphrase(passphrase: "correct horse"))
            do {
                try await phone.importRescue(sealed, key: .passphrase(passphrase: "wrong horse"))
                XCTFail("another passphrase opens it")
            } catch SatchelError.RescueRefused {}
            let taken = try await phone.importRescue(sealed, key: .passphrase(passphrase: "correct horse"))
            XCTAssertEqual(taken.added, 0)
            let report = try await phone.report()
            XCTAssertEqual(report.queue?.pending.count, 4)
            XCTAssertTrue(report.json.hasPrefix("{"))
        }
    }

    func testAClosedClientSaysSo() async throws {
        let contractor = try Contractor.running()
        try await withPhone(contractor.url) { phone in
            do {
                _ = try await phone.queue()
                XCTFail("nobody is signed in")
            } catch SatchelError.NotSignedIn {}
            try await phone.close()
            do {
                try await phone.start()
                XCTFail("it was closed")
            } catch SatchelError.Closed {}
        }
    }

    func testStreamsEndWithTheClient() async throws {
        let contractor = try Contractor.running()
        try await withPhone(contractor.url) { phone in
            var statuses = try phone.statuses().makeAsyncIterator()
            let first = await statuses.next()
            XCTAssertNotNil(first)
            var days = phone.watch([Visit.self, Job.self]) { try await $0.read(Visit.all()).map(\.id) }.makeAsyncIterator()
            let nobody = try await days.next()
            XCTAssertEqual(nobody, [])
            try await phone.close()
            while await statuses.next() != nil {}
            do {
                while try await days.next() != nil {}
            } catch SatchelError.Closed {}
        }
    }

    func testAnObserverMayThrowAndCancelItself() async throws {
        let contractor = try Contractor.running()
        try await withPhone(contractor.url) { phone in
            let (calls, call) = AsyncStream.makeStream(of: Void.self)
            let subscription = try phone.observe { _ in
                call.yield()
                throw Failure(what: "the customer's name")
            }
            let person = contractor.technicians[0]
            try await phone.signIn(email: person.email, password: person.password)
            var called = calls.makeAsyncIterator()
            _ = await called.next()
            subscription.cancel()
            XCTAssertTrue(subscription.isCancelled())
            XCTAssertFalse(Satchel.diagnostics().contains { $0.text.contains("customer") })
        }
    }
}
