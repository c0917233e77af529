import Foundation

/// What was typed or opened on a scene's screens and is in no replica yet. As a `RawRepresentable` of text it is kept
/// by SwiftUI's scene storage, and outlives the process. Nothing secret goes in.
public struct Drafts: RawRepresentable, Hashable, Sendable {
    /// Characters of one draft that are kept; more would slow the scene's archive.
    static let lengthMax = 100_000

    private var texts: [String: String] = [:]

    public init() {}

    public init?(rawValue: String) {
        let data = Data(rawValue.utf8)
        guard let kept = try? JSONDecoder().decode([String: String].self, from: data) else { return nil }
        texts = kept
    }

    public var rawValue: String {
        let kept = texts.filter { $0.value.count <= Drafts.lengthMax }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(kept)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Empty when nothing was typed.
    public subscript(name: String) -> String {
        get { texts[name] ?? "" }
        set { texts[name] = newValue.isEmpty ? nil : newValue }
    }

    /// Forgets what begins so.
    public mutating func forget(_ prefix: String) { texts = texts.filter { !$0.key.hasPrefix(prefix) } }
}

/// A screen that lies on another.
public enum Route: Hashable, Codable, Sendable {
    case visit(UUID)
    case signature(Signable)
}

/// The screens that lie on each other, the lowest first; kept as `Drafts` are.
public struct RoutePath: RawRepresentable, Hashable, Sendable {
    public var routes: [Route]

    public init(_ routes: [Route] = []) { self.routes = routes }

    public init?(rawValue: String) {
        guard let routes = try? JSONDecoder().decode([Route].self, from: Data(rawValue.utf8)) else { return nil }
        self.routes = routes
    }

    public var rawValue: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(routes)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}
