import Foundation
import SatchelCore

extension Satchel {
    /// The status now and whenever it changes, until the client is closed; only the newest is kept for a slow reader.
    public func statuses() throws -> AsyncStream<Status> {
        let (stream, continuation) = AsyncStream.makeStream(of: Status.self, bufferingPolicy: .bufferingNewest(1))
        let listener = StatusListener({ continuation.yield($0) }, onEnd: { continuation.finish() })
        let subscription = try core.observeStatus(observer: listener)
        continuation.onTermination = { _ in subscription.cancel() }
        return stream
    }

    /// Calls `onChange` on a background thread after commits that touched one of `tables` (any when empty), the queue or
    /// readiness. Calls do not overlap; what changes meanwhile comes in the next. Keep the subscription: it ends with it.
    public func observe(
        _ tables: [any Row.Type] = [],
        onChange: @escaping @Sendable (Changes) throws -> Void
    ) throws -> Subscription {
        try core.observe(tables: tables.map { $0.table }, observer: ChangeListener(onChange))
    }

    /// The rows now, and again whenever they differ after a commit; none while nobody is signed in.
    public func watch<R: Row>(_ query: Query<R>) -> AsyncThrowingStream<[R], any Error> {
        refreshed([R.self]) { try await $0.read(query) }
    }

    /// What `read` finds now, and again whenever that differs after a commit which touched one of `tables`, the queue or
    /// readiness; nothing while nobody is signed in.
    public func watch<T: Equatable & Sendable>(
        _ tables: [any Row.Type],
        read: @escaping @Sendable (Satchel) async throws -> [T]
    ) -> AsyncThrowingStream<[T], any Error> {
        refreshed(tables, read: read)
    }

    /// The attention list now, and again whenever it changes.
    public func watchAttention() -> AsyncThrowingStream<[Attention], any Error> {
        refreshed([]) { try await $0.attention() }
    }

    private func refreshed<T: Equatable & Sendable>(
        _ tables: [any Row.Type],
        read: @escaping @Sendable (Satchel) async throws -> [T]
    ) -> AsyncThrowingStream<[T], any Error> {
        let names = tables.map { $0.table }
        return AsyncThrowingStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            let task = Task {
                do {
                    // Subscribed before the first read, so that no commit falls between.
                    // Only Rust holds the listener: it ends with the subscription, and these streams with it.
                    let subscription = try self.core.observe(
                        tables: names, observer: ChangeListener({ _ in wake.yield() }, onEnd: { wake.finish() }))
                    defer { subscription.cancel() }
                    wake.yield()
                    var last: [T]?
                    for await _ in wakes {
                        var rows: [T] = []
                        do { rows = try await read(self) } catch SatchelError.NotSignedIn {}
                        if rows != last { continuation.yield(rows) }
                        last = rows
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in
                wake.finish()
                task.cancel()
            }
        }
    }
}

/// What Rust calls after commits. It lets go of it when the subscription has ended, also when the client was closed.
final class ChangeListener: ChangeObserver, @unchecked Sendable {
    private let onChange: @Sendable (Changes) throws -> Void
    private let onEnd: @Sendable () -> Void

    init(_ onChange: @escaping @Sendable (Changes) throws -> Void, onEnd: @escaping @Sendable () -> Void = {}) {
        self.onChange = onChange
        self.onEnd = onEnd
    }

    deinit { onEnd() }

    func changed(changes: Changes) throws {
        // What an app throws may quote data; the diagnostics tell that it threw.
        do { try onChange(changes) } catch { throw ObserverError.Threw }
    }
}

/// The same for the status.
final class StatusListener: StatusObserver, @unchecked Sendable {
    private let onChange: @Sendable (Status) -> Void
    private let onEnd: @Sendable () -> Void

    init(_ onChange: @escaping @Sendable (Status) -> Void, onEnd: @escaping @Sendable () -> Void) {
        self.onChange = onChange
        self.onEnd = onEnd
    }

    deinit { onEnd() }

    func statusChanged(status: Status) throws { onChange(status) }
}
