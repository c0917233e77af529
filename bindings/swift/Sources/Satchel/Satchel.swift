import Foundation
@_exported import SatchelCore

/// A mutation that is durable, its effects visible.
public struct Done<Output: Sendable>: Sendable {
    /// Its idempotency key: finds it in the queue and the attention list.
    public let key: UUID
    /// What the rule returned; nil for a rule that only the server runs.
    public let output: Output?
}

/// An app's replica and queue: one for each folder, usable from any thread and actor.
///
/// Reads and mutations work without a network and never wait for it. Cancelling a task that waits for the network, in `signIn`
/// or `syncOnce`, stops the waiting with a `CancellationError`, never half of what was begun. Whatever fails is a
/// `SatchelError`.
public final class Satchel: @unchecked Sendable {
    // Unchecked: its only member is an object of Rust that is made for any thread.
    let core: SatchelClient

    private init(_ core: SatchelClient) { self.core = core }

    /// Opens `folder`, with the replica of whoever is signed in; also without a network. `installNonce` is a number kept where
    /// no backup reaches; without a `sessionStore` the session is a file in the folder. Under a `fileKey` of 32 random bytes
    /// from the keychain replicas are encrypted, where the native library is built to.
    public static func open(
        folder: String,
        serverUrl: String,
        installNonce: UUID? = nil,
        maxFileBytes: UInt64? = nil,
        sessionStore: (any SessionStore)? = nil,
        fileKey: Data? = nil
    ) async throws -> Satchel {
        let options = OpenOptions(
            folder: folder, serverUrl: serverUrl, installNonce: installNonce, maxFileBytes: maxFileBytes)
        return Satchel(try await SatchelClient.open(options: options, sessionStore: sessionStore, fileKey: fileKey))
    }

    /// Whose replica is open, if somebody is signed in.
    public var identity: Identity? { get throws { try core.identity() } }

    /// Where syncing stands.
    public var status: Status { get throws { try core.status() } }

    /// Signs in and opens the user's replica in that organization, which may be left out by users who have only one.
    @discardableResult
    public func signIn(email: String, password: String, org: UUID? = nil) async throws -> Identity {
        try await untilCancelled { try await self.core.signIn(email: email, password: password, orgId: org) }
    }

    /// Forgets the session; the replica stays for the same user's next sign-in. `SatchelError.UnsentWork` while work waits
    /// to be sent: offer to send or export it, or to keep it here.
    public func signOut() async throws { try await core.signOut() }

    /// The same whatever waits; the queue stays as well.
    public func signOutKeepingWork() async throws { try await core.signOutKeepingWork() }

    /// Begins syncing.
    public func start() async throws { try await core.start() }

    /// Ends syncing; work goes on locally.
    public func stop() async throws { try await core.stop() }

    /// Passes on what the device says about its network.
    public func setNetwork(available: Bool) async throws { try await core.setNetwork(available: available) }

    /// Syncs until both sides agree, it is clear that they will not, or `seconds` have passed: for background work.
    public func syncOnce(seconds: TimeInterval) async throws -> SyncOutcome {
        try await untilCancelled { try await self.core.syncOnce(deadlineMs: UInt64(max(0, seconds) * 1_000)) }
    }

    /// Does something: durable, and its effects visible, on return. A rule that says no throws `SatchelError.Refused`.
    @discardableResult
    public func mutate<M: Mutation>(_ mutation: M) async throws -> Done<M.Output> {
        let done = try await core.mutate(name: M.procedure, argsJson: try mutation.json().serialized)
        let output = try done.outputJson.map { try M.Output(json: JSON(parsing: $0)) }
        return Done(key: done.key, output: output)
    }

    /// Turns a note into `text`: durable on return; nil when it reads so already. `base` is the text that the person saw
    /// when writing began: what others wrote since then stays. Without it, the present text is meant.
    @discardableResult
    public func editNote(_ note: UUID, text: String, base: String? = nil) async throws -> UUID? {
        try await core.editNote(noteId: note, base: base, text: text)?.key
    }

    /// The document of what can be signed, as it stands on this phone; its hash goes into `CaptureSignature`.
    public func signingDocument(_ kind: SubjectKind, _ id: UUID) async throws -> SigningDocument {
        try await core.signingDocument(kind: kind.rawValue, id: id)
    }

    /// The answers, rows of `ChecklistAnswer`, that a visit's checklists ask for now, checklist by checklist in their order: what
    /// a condition hides is not among them.
    public func askedAnswers(_ visit: UUID) async throws -> [UUID] { try await core.askedAnswers(visitId: visit) }

    /// Reads rows as they are now.
    public func read<R: Row>(_ query: Query<R>) async throws -> [R] {
        let cells = try await core.rows(
            table: R.table, condition: query.condition, parameters: query.parameters.map(\.cell))
        return try cells.map { try R(Cells(row: $0)) }
    }

    /// Reads the first row.
    public func first<R: Row>(_ query: Query<R>) async throws -> R? { try await read(query).first }

    /// Any query that only reads: joins, counts, sums.
    public func sql(_ query: String, _ parameters: any Parameter...) async throws -> [Cells] {
        try await core.sql(query: query, parameters: parameters.map(\.cell)).map { Cells(row: $0) }
    }

    /// The whole queue, in order.
    public func queue() async throws -> [QueueEntry] { try await core.queue() }

    /// Mutations the server did not take, oldest first.
    public func attention() async throws -> [Attention] { try await core.attention() }

    /// Mutations that left the queue with a verdict, those entered last first.
    public func history() async throws -> [Past] { try await core.history() }

    /// Whether nothing is known that forbids the user to do this, as in `may(CancelJob.self)`, for greying out a button;
    /// `Changes.permissions` tells when the answer may have changed.
    public func may<M: Mutation>(_ mutation: M.Type) throws -> Bool { try core.may(name: M.procedure) }

    /// The same as `retry` with other arguments: `corrected` is of the same kind as the refused one.
    @discardableResult
    public func edit<M: Mutation>(_ key: UUID, corrected: M) async throws -> UUID {
        try await core.edit(key: key, argsJson: try corrected.json().serialized)
    }

    /// Takes a refused mutation back with everything that waits for it or was refused because of it.
    public func undoGroup(_ key: UUID) async throws { try await core.undoGroup(key: key) }

    /// Hands a refused mutation to the office, with a note, and those that were refused because of it. It stays on the list,
    /// `withOffice`, until a supervisor has decided; then the history tells, in `settlement`.
    public func handOver(_ key: UUID, note: String? = nil) async throws { try await core.handOver(key: key, note: note) }

    /// How far the work has come that is about any of these rows, such as a visit or its job.
    public func receipts(_ about: UUID...) async throws -> Receipts { try await core.receipts(roots: about) }

    /// Whether everything the technician's visits between two moments need is on this phone, and as of when: to be asked for
    /// tomorrow before leaving the network. Visits planned more than 14 days ahead are not sent to phones.
    public func day(from: Date, until: Date) async throws -> DayOnPhone { try await core.day(from: from, until: until) }

    /// The unsent and the refused work as an encrypted file, for another device of the same user or the office. Nothing
    /// changes here. What was wrong with `lock` is `SatchelError.RescueRefused`.
    public func exportRescue(_ lock: RescueLock) async throws -> Data { try await core.exportRescue(lock: lock) }

    /// Queues the work of such a file of the same user and organization; a second time adds nothing.
    @discardableResult
    public func importRescue(_ sealed: Data, key: RescueKey) async throws -> TakenIn {
        try await core.importRescue(sealed: sealed, key: key)
    }

    /// How things stand, for support: no row contents, names, tokens or paths. Also with nobody signed in.
    public func report() async throws -> Report { try await core.report() }

    /// Queues a refused mutation again, under a new key, which is returned; what depends on it goes after it. An edit of a
    /// note is written anew on the text as it is now, where that is what it needs.
    @discardableResult
    public func retry(_ key: UUID) async throws -> UUID { try await core.retry(key: key) }

    /// Takes a refused mutation off the list, or an unsent one out of the queue with its effects.
    public func undo(_ key: UUID) async throws { try await core.undo(key: key) }

    /// Compares every kept checksum with the rows; empty is good.
    public func verify() async throws -> [Difference] { try await core.verify() }

    /// Moves what was written lately into the main file, before the app is suspended.
    public func checkpoint() async throws { try await core.checkpoint() }

    /// Ends syncing, streams and subscriptions, and lets go of the files.
    public func close() async throws { try await core.shutDown() }

    /// What went wrong in this process lately, for a settings screen and for support.
    public static func diagnostics() -> [DiagnosticsEntry] { SatchelCore.diagnostics() }
}

/// Waits for a call as long as the task is not cancelled, which the calls that uniffi writes do not see. The call itself runs to
/// its end.
private func untilCancelled<T: Sendable>(_ call: @escaping @Sendable () async throws -> T) async throws -> T {
    let (results, result) = AsyncThrowingStream<T, any Error>.makeStream()
    Task {
        do {
            result.yield(try await call())
            result.finish()
        } catch {
            result.finish(throwing: error)
        }
    }
    for try await found in results { return found }
    throw CancellationError()
}
