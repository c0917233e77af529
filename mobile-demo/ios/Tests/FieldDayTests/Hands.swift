import FieldDay
import Foundation
import Observation
import Satchel
import SatchelTesting
import XCTest

/// Waits until something holds of models: looks again whenever what it read of them changes.
@MainActor
func until(_ what: String, _ holds: @MainActor () -> Bool) async throws {
    let (looks, look) = AsyncStream.makeStream(of: Bool.self)
    let timer = Task {
        try await Task.sleep(nanoseconds: UInt64(patienceS * 1_000_000_000))
        look.yield(false)
    }
    defer { timer.cancel() }
    look.yield(true)
    for await isInTime in looks {
        guard isInTime else { break }
        if withObservationTracking({ holds() }, onChange: { look.yield(true) }) { return }
    }
    throw Failure(what: "never: \(what)")
}

/// A person with the phone in the hand: the models, followed as the screens follow them.
@MainActor
final class Hands {
    let contractor: Contractor
    private(set) var app: AppModel
    private let folder = temporaryFolder()
    private var phone: Phone
    private var following: [Task<Void, Never>] = []
    private var hasNetwork = true

    init() throws {
        contractor = try Contractor.running()
        phone = Phone(folder: folder)
        app = AppModel(phone: phone, server: contractor.url)
    }

    /// Taps the app's icon.
    func launch() async {
        await app.setNetwork(hasNetwork)
        await app.setForeground(true)
        await app.open()
        follow { [app] in await app.follow() }
    }

    /// What a screen does as long as it is shown.
    func follow(_ work: @escaping @MainActor () async -> Void) { following.append(Task { await work() }) }

    /// Signs in, and waits until the whole day is there.
    func signIn(_ technician: Int) async throws {
        let person = contractor.technicians[technician]
        let model = SignInModel(app)
        let isIn = await model.signIn(server: contractor.url, email: person.email, password: person.password)
        guard isIn else { throw Failure(what: model.acts.message ?? "not signed in") }
        follow { [app] in await app.follow() }
        try await until("everything is here") { app.syncLine?.mark.text == "Up to date" }
    }

    func satchel() throws -> Satchel {
        guard let satchel = app.satchel else { throw Failure(what: "the client is not open") }
        return satchel
    }

    /// The day of the technician's first open visit.
    func today() async throws -> TodayModel {
        let satchel = try self.satchel()
        let open = Visit.matching("state = ?1 order by window_start", VisitState.dispatched)
        guard let first = try await satchel.first(open) else { throw Failure(what: "no open visit") }
        let day = first.windowStart
        let model = TodayModel(satchel, now: { day })
        follow { await model.follow(offset: 0) }
        try await until("the day is read") { model.today?.visits.isEmpty == false }
        return model
    }

    func visit(_ id: UUID) async throws -> VisitModel {
        let model = VisitModel(try satchel(), visit: id)
        follow { await model.follow() }
        try await until("the visit is read") { model.detail != nil }
        return model
    }

    /// The visit of that place in the day.
    func visit(number: Int) async throws -> VisitModel {
        let day = try await today()
        guard let visits = day.today?.visits, number < visits.count else { throw Failure(what: "no such visit") }
        return try await visit(visits[number].id)
    }

    func outbox() async throws -> OutboxModel {
        let model = OutboxModel(try satchel())
        follow { await model.follow() }
        try await until("the outbox is read") { model.outbox != nil }
        return model
    }

    /// The device loses its network, or finds one.
    func network(_ available: Bool) async throws {
        hasNetwork = available
        await app.setNetwork(available)
        if available { return }
        try await until("the loss is seen") { app.syncLine?.banner?.hasPrefix("You are offline.") == true }
    }

    /// The office cancels a visit.
    func cancel(_ model: VisitModel) async throws {
        guard let place = model.detail?.place else { throw Failure(what: "no visit") }
        try await contractor.office(CancelVisit(jobId: place.job, visitId: place.visit, reason: "Called off."))
    }

    /// The system ends the process: nothing is left but the files.
    func die() async {
        await stop()
        phone = Phone(folder: folder)
        app = AppModel(phone: phone, server: contractor.url)
        await launch()
    }

    func stop() async {
        for task in following { task.cancel() }
        following = []
        await phone.close()
    }

    func putAway() async {
        await stop()
        try? FileManager.default.removeItem(at: folder)
    }
}

/// A phone for one test, the app just opened.
@MainActor
func withHands(_ use: @MainActor (Hands) async throws -> Void) async throws {
    let hands = try Hands()
    await hands.launch()
    do {
        try await use(hands)
    } catch {
        await hands.putAway()
        throw error
    }
    await hands.putAway()
}
