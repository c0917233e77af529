import Foundation
import Satchel

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Seconds until a test that waits for something gives up.
public let patienceS: TimeInterval = 60

/// What made a test impossible.
public struct Failure: Error {
    public let what: String

    public init(what: String) { self.what = what }
}

/// A real server over a private Postgres with a made-up contractor, as `run-tests` starts it: `SATCHEL_URL` is its address,
/// `SATCHEL_SEEDED` the file with what `satchel-server seed --json` told.
public struct Contractor: Sendable {
    /// Somebody who can sign in.
    public struct Person: Sendable {
        public let email: String
        public let password: String
    }

    public let url: String
    public let technicians: [Person]
    private let orgId: String
    private let dispatcher: Person

    /// The one that runs.
    public static func running() throws -> Contractor {
        let environment = ProcessInfo.processInfo.environment
        guard let url = environment["SATCHEL_URL"], let file = environment["SATCHEL_SEEDED"] else {
            throw Failure(what: "SATCHEL_URL and SATCHEL_SEEDED name the server: use run-tests")
        }
        let seeded = try JSON(parsing: String(contentsOfFile: file, encoding: .utf8))
        let organizations = try seeded.required("organizations").asList { $0 }
        guard let organization = organizations.first else { throw Failure(what: "no organization was seeded") }
        var technicians: [Person] = []
        var office: Person?
        for user in try organization.required("users").asList({ $0 }) {
            let person = Person(
                email: try user.required("email").asText(), password: try user.required("password").asText())
            if user.optional("technician_id") != nil { technicians.append(person) }
            let roles = try user.required("roles").asList { try $0.asText() }
            if office == nil, roles.contains("dispatcher") { office = person }
        }
        guard let dispatcher = office else { throw Failure(what: "no dispatcher was seeded") }
        let orgId = try organization.required("org_id").asText()
        return Contractor(url: url, technicians: technicians, orgId: orgId, dispatcher: dispatcher)
    }

    /// The office does something, without a replica.
    public func office<M: Mutation>(_ mutation: M) async throws { try await office(M.procedure, mutation.json()) }

    /// The same by the procedure's name.
    public func office(_ procedure: String, _ args: JSON) async throws {
        let credentials = JSON.members(["email": .text(dispatcher.email), "password": .text(dispatcher.password)])
        let session = try await post("auth/sign-in", credentials, [:])
        let token = try session.required("access_token").asText()
        let headers = [
            "authorization": "Bearer " + token,
            "x-org-id": orgId,
            "idempotency-key": UUID().uuidString.lowercased(),
        ]
        _ = try await post("rpc/" + procedure, args, headers)
    }

    private func post(_ path: String, _ body: JSON, _ headers: [String: String]) async throws -> JSON {
        guard let address = URL(string: url + "/api/v1/" + path) else { throw Failure(what: "no address") }
        var request = URLRequest(url: address)
        request.httpMethod = "POST"
        request.httpBody = Data(try body.serialized.utf8)
        request.setValue("application/json", forHTTPHeaderField: "content-type")
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let sent = request
        // Older Foundations of Linux have no async requests.
        let text: String = try await withCheckedThrowingContinuation { continuation in
            let task = URLSession.shared.dataTask(with: sent) { data, response, error in
                let status = (response as? HTTPURLResponse)?.statusCode ?? 0
                let text = String(decoding: data ?? Data(), as: UTF8.self)
                if status == 200 {
                    continuation.resume(returning: text)
                } else {
                    continuation.resume(throwing: error ?? Failure(what: "\(path): \(status) \(text)"))
                }
            }
            task.resume()
        }
        return try JSON(parsing: text)
    }
}

/// A folder for one phone's files.
public func temporaryFolder() -> URL {
    FileManager.default.temporaryDirectory.appendingPathComponent("satchel-" + UUID().uuidString)
}

/// A new phone, nobody signed in; closed and removed after use.
public func withPhone(_ url: String, _ use: @Sendable (Satchel) async throws -> Void) async throws {
    let folder = temporaryFolder()
    let phone = try await Satchel.open(folder: folder.path, serverUrl: url)
    do {
        try await use(phone)
    } catch {
        try? await phone.close()
        try? FileManager.default.removeItem(at: folder)
        throw error
    }
    try await phone.close()
    try? FileManager.default.removeItem(at: folder)
}

extension Satchel {
    /// Waits for a status.
    public func until(_ what: String, _ wanted: @escaping @Sendable (Status) -> Bool) async throws {
        let stream = try statuses()
        let reached = try await withThrowingTaskGroup(of: Bool.self, returning: Bool.self) { group in
            group.addTask {
                for await status in stream where wanted(status) { return true }
                return false
            }
            group.addTask {
                try await Task.sleep(nanoseconds: UInt64(patienceS * 1_000_000_000))
                return false
            }
            let first = try await group.next() ?? false
            group.cancelAll()
            return first
        }
        guard reached else {
            let now = try status
            throw Failure(what: "waited for: \(what); but \(now)")
        }
    }
}
