import Foundation
import Satchel

/// The one client of the process: opened at the first call, whoever asks, with the replica that its folder holds.
public actor Phone {
    private struct Opened {
        let server: String
        let client: Task<Satchel, any Error>
    }

    private let folder: URL
    private let installNonce: UUID?
    private let sessionStore: (any SessionStore)?
    private var opened: Opened?

    /// On the files in `folder`; the other two as `Satchel.open` takes them.
    public init(folder: URL, installNonce: UUID? = nil, sessionStore: (any SessionStore)? = nil) {
        self.folder = folder
        self.installNonce = installNonce
        self.sessionStore = sessionStore
    }

    /// The client for that server; one for another server is closed first, and what it holds stays in its files.
    public func satchel(server: String) async throws -> Satchel {
        if let opened, opened.server == server { return try await opened.client.value }
        let before = opened?.client
        let (path, nonce, store) = (folder.path, installNonce, sessionStore)
        let client: Task<Satchel, any Error> = Task {
            let old = try? await before?.value
            try await old?.close()
            return try await Satchel.open(folder: path, serverUrl: server, installNonce: nonce, sessionStore: store)
        }
        // Before anything is awaited: whoever asks meanwhile gets the same.
        opened = Opened(server: server, client: client)
        do {
            return try await client.value
        } catch {
            if opened?.client == client { opened = nil }
            throw error
        }
    }

    /// Lets go of the files.
    public func close() async {
        let client = opened?.client
        opened = nil
        let satchel = try? await client?.value
        try? await satchel?.close()
    }
}
