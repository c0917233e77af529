import Foundation
import Observation
import Satchel

/// The app: whose phone it is, and where syncing stands.
@MainActor
@Observable
public final class AppModel {
    /// What is on the screen as a whole.
    public enum Stage: Hashable, Sendable {
        case opening, signedOut, signedIn
        /// The files cannot be opened; why.
        case failed(String)
    }

    public private(set) var stage = Stage.opening
    /// Nil until the client is open.
    public private(set) var satchel: Satchel?
    /// Nil until something is known.
    public private(set) var syncLine: SyncLine?
    public private(set) var server: String
    public private(set) var email: String

    private let phone: Phone
    private let remember: @MainActor (_ server: String, _ email: String) -> Void
    private var isInForeground = false
    private var hasNetwork = true

    /// `server` and `email` are those of the last sign-in, which `remember` keeps.
    public init(
        phone: Phone,
        server: String,
        email: String = "",
        remember: @escaping @MainActor (_ server: String, _ email: String) -> Void = { _, _ in }
    ) {
        self.phone = phone
        self.server = server
        self.email = email
        self.remember = remember
    }

    /// Opens the client on its folder: whoever was signed in still is, also without a network.
    public func open() async {
        // Every window asks.
        if stage == .signedIn { return }
        stage = .opening
        do {
            let satchel = try await phone.satchel(server: server)
            self.satchel = satchel
            stage = try satchel.identity == nil ? .signedOut : .signedIn
            await sync(satchel)
        } catch SatchelError.InvalidInput {
            // The address makes no sense: it is asked for with the sign-in.
            stage = .signedOut
        } catch {
            stage = .failed(Sayings.sentence(error))
        }
    }

    /// Signs in; `organization` only where the user must choose.
    func signIn(server: String, email: String, password: String, organization: UUID?) async throws {
        let satchel = try await phone.satchel(server: server)
        self.satchel = satchel
        // Opened before it is remembered: an address that makes no sense is not.
        self.server = server
        try await satchel.signIn(email: email, password: password, org: organization)
        self.email = email
        remember(server, email)
        stage = .signedIn
        await sync(satchel)
    }

    /// Forgets the session. What was not sent stays on this phone, and goes on with the next sign-in.
    public func signOut() async throws {
        try await satchel?.signOutKeepingWork()
        stage = .signedOut
    }

    /// Follows the status until cancelled; the client must be open.
    public func follow() async {
        guard let satchel else { return }
        do {
            var zone = Words.utc
            for await status in try satchel.statuses() {
                if let who = try? await satchel.who() { zone = who.zone }
                syncLine = SyncLine(status, zone: zone)
            }
        } catch {
            syncLine = nil
        }
    }

    /// Syncs while a screen is visible; before the app is suspended the file is left tidy.
    public func setForeground(_ visible: Bool) async {
        isInForeground = visible
        guard let satchel, stage == .signedIn else { return }
        if visible {
            await sync(satchel)
        } else {
            try? await satchel.stop()
            try? await satchel.checkpoint()
        }
    }

    /// Passes on what the device says about its network.
    public func setNetwork(_ available: Bool) async {
        hasNetwork = available
        try? await satchel?.setNetwork(available: available)
    }

    private func sync(_ satchel: Satchel) async {
        // What stands in the way of syncing is in the status, which is always on the screen.
        try? await satchel.setNetwork(available: hasNetwork)
        if isInForeground, stage == .signedIn { try? await satchel.start() }
    }
}
