import Foundation
import SatchelCore

/// A part of arguments or of an output. Apps see it only where a value can be anything; what is `package` is for
/// `SatchelTesting`.
public indirect enum JSON: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case text(String)
    case array([JSON])
    case object([String: JSON])

    /// An object without what is nil: leaving out means leaving as it is.
    package static func members(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        var kept: [String: JSON] = [:]
        for (name, value) in members { kept[name] = value }
        return .object(kept)
    }

    init(_ id: UUID) { self = .text(id.uuidString.lowercased()) }
    init(_ decimal: Decimal) { self = .text(spelled(decimal)) }
    init(_ instant: Instant) { self = .text(Instants.spelled(instant)) }
    init(_ day: CalendarDay) { self = .text(day.description) }
    init(_ data: Data) { self = .text(data.base64EncodedString()) }

    /// As text.
    package var serialized: String {
        get throws {
            let data = try JSONSerialization.data(withJSONObject: plain, options: [.fragmentsAllowed, .sortedKeys])
            return String(decoding: data, as: UTF8.self)
        }
    }

    private var plain: Any {
        switch self {
        case .null: return NSNull()
        case .boolean(let value): return value
        case .integer(let value): return value
        case .text(let value): return value
        case .array(let items): return items.map(\.plain)
        case .object(let members): return members.mapValues(\.plain)
        }
    }

    /// Reads text.
    package init(parsing text: String) throws {
        self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    }

    package func optional(_ name: String) -> JSON? {
        guard case .object(let members) = self, let value = members[name], value != .null else { return nil }
        return value
    }

    package func required(_ name: String) throws -> JSON {
        guard let value = optional(name) else { throw unexpected(name) }
        return value
    }

    package func asText() throws -> String {
        guard case .text(let value) = self else { throw unexpected("text") }
        return value
    }

    package func asLong() throws -> Int64 {
        switch self {
        case .integer(let value): return value
        case .text(let text): if let value = Int64(text) { return value }
        default: break
        }
        throw unexpected("a whole number")
    }

    func asInteger() throws -> Int32 {
        guard let value = Int32(exactly: try asLong()) else { throw unexpected("a whole number") }
        return value
    }

    func asBoolean() throws -> Bool {
        guard case .boolean(let value) = self else { throw unexpected("a boolean") }
        return value
    }

    func asId() throws -> UUID { try made("an id") { UUID(uuidString: $0) } }
    func asDecimal() throws -> Decimal {
        try made("a decimal") { Decimal(string: $0, locale: Locale(identifier: "en_US_POSIX")) }
    }
    func asInstant() throws -> Instant { try made("an instant", Instants.read) }
    func asDay() throws -> CalendarDay { try made("a day") { CalendarDay($0) } }
    func asData() throws -> Data { try made("base64") { Data(base64Encoded: $0) } }

    package func asList<T>(_ read: (JSON) throws -> T) throws -> [T] {
        guard case .array(let items) = self else { throw unexpected("a list") }
        return try items.map(read)
    }

    private func made<T>(_ what: String, _ make: (String) -> T?) throws -> T {
        guard let value = make(try asText()) else { throw unexpected(what) }
        return value
    }

    private func unexpected(_ what: String) -> SatchelError {
        .Internal(explanation: "\(what) is missing: library and generated code differ")
    }
}

extension JSON: Decodable {
    public init(from decoder: Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let boolean = try? value.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let integer = try? value.decode(Int64.self) {
            self = .integer(integer)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let items = try? value.decode([JSON].self) {
            self = .array(items)
        } else {
            self = .object(try value.decode([String: JSON].self))
        }
    }
}

/// An object of arguments or outputs.
public protocol Part: Hashable, Sendable {
    init(json: JSON) throws
    func json() -> JSON
}

/// Something people do.
public protocol Mutation: Hashable, Sendable {
    /// What its rule returns.
    associatedtype Output: Part
    /// `namespace/vN/procedure`.
    static var procedure: String { get }
    init(json: JSON) throws
    func json() -> JSON
}
