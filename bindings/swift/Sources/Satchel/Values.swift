import Foundation
import SatchelCore

/// An instant; kept to the microsecond.
public typealias Instant = Date

/// An enum stored as text, open to values of newer servers: compare with the constants, and expect others.
public protocol OpenEnum: RawRepresentable, Hashable, Parameter where RawValue == String {
    init(rawValue: String)
}

/// A calendar day, in no zone.
public struct CalendarDay: Hashable, Sendable, CustomStringConvertible {
    public let year: Int
    public let month: Int
    public let day: Int

    public init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Reads `2026-11-23`.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] else { return nil }
        self.init(year: year, month: month, day: day)
    }

    public var description: String { padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) }
}

func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// The one spelling of an instant, `2026-11-21T10:47:00.000000Z`: text order is time order. By C's calendar, because Foundation's
/// takes 25 microseconds for each cell.
enum Instants {
    static func spelled(_ instant: Instant) -> String {
        let micros = Int64((instant.timeIntervalSince1970 * 1_000_000).rounded())
        var (seconds, parts) = (time_t(micros.flooredDivision(by: 1_000_000)), tm())
        gmtime_r(&seconds, &parts)
        let day = CalendarDay(year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday))
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0), 2) }.joined(separator: ":")
        return "\(day)T\(time).\(padded(Int(micros.flooredRemainder(by: 1_000_000)), 6))Z"
    }

    static func read(_ text: String) -> Instant? {
        guard text.utf8.last == UInt8(ascii: "Z") else { return nil }
        let separators = Array("-T:.".utf8)
        let fields = text.utf8.dropLast().split(omittingEmptySubsequences: false) { separators.contains($0) }
        let numbers = fields.compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == fields.count, (6...7).contains(fields.count) else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5])
        let whole = Date(timeIntervalSince1970: TimeInterval(timegm(&parts)))
        guard fields.count == 7 else { return whole }
        return whole.addingTimeInterval(TimeInterval(numbers[6]) / pow(10, Double(fields[6].count)))
    }
}

extension Int64 {
    func flooredDivision(by divisor: Int64) -> Int64 { (self - flooredRemainder(by: divisor)) / divisor }

    func flooredRemainder(by divisor: Int64) -> Int64 {
        let rest = self % divisor
        return rest < 0 ? rest + divisor : rest
    }
}

/// A decimal as it is stored: no exponent, a point, whatever the device's locale.
func spelled(_ decimal: Decimal) -> String { decimal.description }

/// The cells of a row, read in the registry's column order.
public struct Cells: Sendable {
    let row: [Cell]

    func missing(_ position: Int) -> SatchelError {
        .Internal(explanation: "column \(position) has another shape: library and generated code differ")
    }

    /// Nil where the cell is null.
    public func optional<T>(_ position: Int, _ read: (Int) throws -> T) throws -> T? {
        guard position < row.count, row[position] != .null else { return nil }
        return try read(position)
    }

    public func text(_ position: Int) throws -> String {
        guard position < row.count, case .text(let value) = row[position] else { throw missing(position) }
        return value
    }

    public func long(_ position: Int) throws -> Int64 {
        guard position < row.count, case .integer(let value) = row[position] else { throw missing(position) }
        return value
    }

    public func integer(_ position: Int) throws -> Int32 {
        guard let value = Int32(exactly: try long(position)) else { throw missing(position) }
        return value
    }

    public func boolean(_ position: Int) throws -> Bool {
        guard position < row.count else { throw missing(position) }
        switch row[position] {
        case .boolean(let value): return value
        case .integer(let value): return value != 0
        default: throw missing(position)
        }
    }

    public func id(_ position: Int) throws -> UUID { try made(position) { UUID(uuidString: $0) } }
    public func decimal(_ position: Int) throws -> Decimal {
        try made(position) { Decimal(string: $0, locale: Locale(identifier: "en_US_POSIX")) }
    }
    public func instant(_ position: Int) throws -> Instant { try made(position, Instants.read) }
    public func date(_ position: Int) throws -> CalendarDay { try made(position) { CalendarDay($0) } }
    public func bytes(_ position: Int) throws -> Data { try made(position) { Data(base64Encoded: $0) } }

    private func made<T>(_ position: Int, _ make: (String) -> T?) throws -> T {
        guard let value = make(try text(position)) else { throw missing(position) }
        return value
    }
}

/// What a parameter of a query may be.
public protocol Parameter: Sendable {
    var cell: Cell { get }
}

extension String: Parameter { public var cell: Cell { .text(value: self) } }
extension Bool: Parameter { public var cell: Cell { .boolean(value: self) } }
extension Int: Parameter { public var cell: Cell { .integer(value: Int64(self)) } }
extension Int32: Parameter { public var cell: Cell { .integer(value: Int64(self)) } }
extension Int64: Parameter { public var cell: Cell { .integer(value: self) } }
extension UUID: Parameter { public var cell: Cell { .text(value: uuidString.lowercased()) } }
extension Date: Parameter { public var cell: Cell { .text(value: Instants.spelled(self)) } }
extension CalendarDay: Parameter { public var cell: Cell { .text(value: description) } }
extension Decimal: Parameter { public var cell: Cell { .text(value: spelled(self)) } }
extension Data: Parameter { public var cell: Cell { .text(value: base64EncodedString()) } }
extension OpenEnum { public var cell: Cell { .text(value: rawValue) } }
extension Optional: Parameter where Wrapped: Parameter { public var cell: Cell { self?.cell ?? .null } }
