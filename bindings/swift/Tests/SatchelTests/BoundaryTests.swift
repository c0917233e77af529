import Foundation
import SatchelTesting
import XCTest

@testable import Satchel

/// What crosses between Swift and Rust: keys, secrets, cancelled tasks, calls and callbacks while the client closes.
final class BoundaryTests: XCTestCase {
    func testAKeyThatIsNoneIsNamed() async throws {
        let contractor = try Contractor.running()
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for count in [0, 31, 33] {
            do {
                let key = Data(repeating: 7, count: count)
                _ = try await Satchel.open(folder: folder.path, serverUrl: contractor.url, fileKey: key)
                XCTFail("it has \(count) bytes")
            } catch SatchelError.InvalidInput(let explanation) {
                XCTAssertTrue(explanation.contains("32 bytes, not \(count)"), explanation)
            }
        }
    }

    func testASessionOutlivesTheClientAndAKeychainOfTheAppKeepsIt() async throws {
        let contractor = try Contractor.running()
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let (person, store) = (contractor.technicians[0], Kept())
        let first = try await Satchel.open(folder: folder.path, serverUrl: contractor.url, sessionStore: store)
        let identity = try await first.signIn(email: person.email, password: person.password)
        try await first.close()
        XCTAssertNotNil(store.load())
        let file = folder.appendingPathComponent("session.json").path
        XCTAssertFalse(FileManager.default.fileExists(atPath: file))
        let second = try await Satchel.open(folder: folder.path, serverUrl: contractor.url, sessionStore: store)
        XCTAssertEqual(try second.identity, identity)
        try await second.signOut()
        XCTAssertNil(store.load())
        try await second.close()
    }

    func testAKeychainThatThrowsIsAnErrorOfItsOwn() async throws {
        let contractor = try Contractor.running()
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let person = contractor.technicians[0]
        let phone = try await Satchel.open(folder: folder.path, serverUrl: contractor.url, sessionStore: Broken())
        do {
            try await phone.signIn(email: person.email, password: person.password)
            XCTFail("the session is kept nowhere")
        } catch SatchelError.SessionStoreFailed(let explanation) {
            XCTAssertFalse(explanation.contains("secret"), explanation)
        }
        try await phone.close()
    }

    func testACancelledTaskWaitsForNoNetwork() async throws {
        let silent = try Silence()
        try await withPhone("http://127.0.0.1:\(silent.port)") { phone in
            let began = Date()
            let task = Task { try await phone.signIn(email: "a@example.com", password: "b") }
            task.cancel()
            do {
                _ = try await task.value
                XCTFail("nobody answers")
            } catch is CancellationError {}
            XCTAssertLessThan(Date().timeIntervalSince(began), 5)
            // The call itself goes on, and closing waits for it.
            silent.end()
        }
    }

    func testABackgroundTurnSaysWhetherAnotherIsNeeded() async throws {
        let contractor = try Contractor.running()
        try await withPhone(contractor.url) { phone in
            let nobody = try await phone.syncInBackground(seconds: 5)
            XCTAssertEqual(nobody, .useless)
            let person = contractor.technicians[0]
            try await phone.signIn(email: person.email, password: person.password)
            let whole = try await phone.syncInBackground(seconds: patienceS)
            XCTAssertEqual(whole, .complete)
            XCTAssertEqual(try phone.status.connection, .stopped)
            let none = try await phone.syncInBackground(seconds: 0)
            XCTAssertEqual(none, .again)
        }
    }

    func testValuesArriveAsTheirTypes() async throws {
        let contractor = try Contractor.running()
        try await withPhone(contractor.url) { phone in
            let person = contractor.technicians[2]
            try await phone.signIn(email: person.email, password: person.password)
            _ = try await phone.syncOnce(seconds: patienceS)
            let items = PricebookItem.matching("kind = ?1 and active = ?2 order by code", PricebookKind.material, true)
            let firstItem = try await phone.first(items)
            let item = try XCTUnwrap(firstItem)
            XCTAssertTrue(item.active && item.priceCents > 0)
            let open = try await phone.first(Visit.matching("state = ?1 order by window_start", VisitState.dispatched))
            let visit = try XCTUnwrap(open)
            try await phone.mutate(AcceptVisit(jobId: visit.jobId, visitId: visit.id))
            try await phone.mutate(TravelToVisit(jobId: visit.jobId, visitId: visit.id))
            try await phone.mutate(ArriveAtVisit(jobId: visit.jobId, visitId: visit.id))
            let (material, quantity) = (UUID(), try XCTUnwrap(Decimal(string: "0.125")))
            let added = try await phone.mutate(
                AddMaterial(
                    jobId: visit.jobId, visitId: visit.id, materialId: material, itemId: item.id, quantity: quantity))
            XCTAssertEqual(added.output?.unitPriceCents, item.priceCents)
            let used = try await phone.first(MaterialUsed.byId(material))
            XCTAssertEqual(used?.quantity, quantity)
            let now = try await phone.first(Visit.byId(visit.id))
            let arrived = try XCTUnwrap(now?.arrivedAt)
            let same = try await phone.read(Visit.matching("id = ?1 and arrived_at = ?2", visit.id, arrived))
            XCTAssertEqual(same.count, 1)
        }
    }

    func testAClientMayBeClosedFromInsideACallback() async throws {
        let contractor = try Contractor.running()
        try await withPhone(contractor.url) { phone in
            let (ends, end) = AsyncStream.makeStream(of: String.self)
            let subscription = try phone.observe { _ in
                let closed = DispatchSemaphore(value: 0)
                Task {
                    do { try await phone.close() } catch { end.yield("\(error)") }
                    closed.signal()
                }
                closed.wait()
                end.yield("closed")
            }
            let person = contractor.technicians[0]
            do {
                try await phone.signIn(email: person.email, password: person.password)
            } catch SatchelError.Closed {
                // The callback was faster.
            }
            var ended = ends.makeAsyncIterator()
            let first = await ended.next()
            XCTAssertEqual(first, "closed")
            XCTAssertTrue(subscription.isCancelled())
        }
    }

    func testCallsOfManyTasksEndWithTheClient() async throws {
        let contractor = try Contractor.running()
        try await withPhone(contractor.url) { phone in
            let person = contractor.technicians[0]
            try await phone.signIn(email: person.email, password: person.password)
            try await phone.start()
            let (calls, call) = AsyncStream.makeStream(of: Void.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        do {
                            while true {
                                switch number % 3 {
                                case 0: _ = try await phone.sql("select count(*) from visit")
                                case 1: _ = try await phone.queue()
                                default: try phone.observe { _ in }.cancel()
                                }
                                call.yield()
                                await Task.yield()
                            }
                        } catch SatchelError.Closed {
                            // As expected.
                        } catch SatchelError.NotSignedIn {
                            // Begun before the end, and the replica was gone.
                        }
                    }
                }
                var made = 0
                for await _ in calls {
                    made += 1
                    if made == 200 { break }
                }
                try await phone.close()
                try await group.waitForAll()
            }
        }
    }
}

/// A keychain, in memory.
private final class Kept: SessionStore, @unchecked Sendable {
    private let lock = NSLock()
    private var session: String?

    func load() -> String? { lock.withLock { session } }
    func save(session: String) { lock.withLock { self.session = session } }
    func clear() { lock.withLock { session = nil } }
}

/// One that quotes what it should not.
private final class Broken: SessionStore {
    func load() throws -> String? { nil }
    func save(session: String) throws { throw Failure(what: "the secret is \(session)") }
    func clear() throws {}
}

/// A server that takes connections and never answers.
private final class Silence: Sendable {
    let port: UInt16
    private let socket: Int32

    init() throws {
        #if canImport(Darwin)
        let stream = SOCK_STREAM
        #else
        let stream = Int32(SOCK_STREAM.rawValue)
        #endif
        socket = Foundation.socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = self.socket
        // Listening without a name, it is given a port.
        let isNamed = listen(socket, 8) == 0 && withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) == 0 }
        }
        guard isNamed else { throw Failure(what: "no port to listen at") }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// Drops whoever waits.
    func end() { close(socket) }
}
