import Foundation
import XCTest

@testable import Satchel

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Seconds until a test that waits for something gives up.
let patienceS: TimeInterval = 60

/// A real server over a private Postgres with a made-up contractor, as `run-tests` in the kit starts it: `SATCHEL_URL` is its
/// address, `SATCHEL_SEEDED` the file with what `satchel-server seed --json` told.
struct Contractor {
    struct Person {
        let email: String
        let password: String
    }

    let url: String
    let orgId: String
    let technicians: [Person]
    let dispatcher: Person

    static func running() throws -> Contractor {
        let environment = ProcessInfo.processInfo.environment
        guard let url = environment["SATCHEL_URL"], let file = environment["SATCHEL_SEEDED"] else {
            throw Failure(what: "SATCHEL_URL and SATCHEL_SEEDED name the server: use run-tests")
        }
        let seeded = try JSON(parsing: String(contentsOfFile: file, encoding: .utf8))
        let organization = try seeded.required("organizations").asList { $0 }[0]
        let users = try organization.required("users").asList { $0 }
        let people = { (wanted: (JSON) throws -> Bool) in
            try users.filter(wanted).map {
                Person(email: try $0.required("email").asText(), password: try $0.required("password").asText())
            }
        }
        let isDispatcher = { (user: JSON) in try user.required("roles").asList { try $0.asText() }.contains("dispatcher") }
        return Contractor(
            url: url,
            orgId: try organization.required("org_id").asText(),
            technicians: try people { $0.optional("technician_id") != nil },
            dispatcher: try people(isDispatcher)[0])
    }

    /// The office does something, without a replica.
    func office(_ procedure: String, _ args: JSON) async throws {
        let credentials = JSON.members(["email": .text(dispatcher.email), "password": .text(dispatcher.password)])
        let session = try await post("auth/sign-in", credentials, [:])
        let headers = [
            "authorization": "Bearer \(try session.required("access_token").asText())",
            "x-org-id": orgId,
            "idempotency-key": UUID().uuidString.lowercased(),
        ]
        _ = try await post("rpc/\(procedure)", args, headers)
    }

    private func post(_ path: String, _ body: JSON, _ headers: [String: String]) async throws -> JSON {
        guard let address = URL(string: "\(url)/api/v1/\(path)") else { throw Failure(what: "no address") }
        var request = URLRequest(url: address)
        request.httpMethod = "POST"
        request.httpBody = Data(try body.serialized.utf8)
        request.setValue("application/json", forHTTPHeaderField: "content-type")
        headers.forEach { request.setValue($1, forHTTPHeaderField: $0) }
        let sent = request
        // Linux's Foundation has no async requests before Swift 6.
        let text: String = try await withCheckedThrowingContinuation { continuation in
            URLSession.shared.dataTask(with: sent) { data, response, error in
                let status = (response as? HTTPURLResponse)?.statusCode ?? 0
                let text = String(decoding: data ?? Data(), as: UTF8.self)
                if status == 200 {
                    continuation.resume(returning: text)
                } else {
                    continuation.resume(throwing: error ?? Failure(what: "\(path): \(status) \(text)"))
                }
            }.resume()
        }
        return try JSON(parsing: text)
    }
}

struct Failure: Error {
    let what: String
}

/// A new phone, nobody signed in; closed and removed after use.
func withPhone<T>(_ url: String, _ use: (Satchel) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("satchel-\(UUID().uuidString)")
    let phone = try await Satchel.open(folder: folder.path, serverUrl: url)
    do {
        let result = try await use(phone)
        try await phone.close()
        try? FileManager.default.removeItem(at: folder)
        return result
    } catch {
        try? await phone.close()
        try? FileManager.default.removeItem(at: folder)
        throw error
    }
}

extension Satchel {
    /// Waits for a status.
    func until(_ what: String, _ wanted: @escaping @Sendable (Status) -> Bool) async throws {
        let stream = try statuses()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await status in stream where wanted(status) { return true }
                return false
            }
            group.addTask {
                try await Task.sleep(nanoseconds: UInt64(patienceS * 1_000_000_000))
                return false
            }
            let reached = try await group.next() ?? false
            group.cancelAll()
            if !reached { throw Failure(what: "waited for: \(what); but \(try status)") }
        }
    }
}
