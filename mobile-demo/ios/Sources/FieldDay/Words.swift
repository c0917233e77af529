import Foundation
import Satchel

/// What a colour means.
public enum Tone: Sendable {
    case neutral, accent, good, warn, bad
}

/// A few words in a colour.
public struct Mark: Hashable, Sendable {
    public let text: String
    public let tone: Tone

    public init(_ text: String, _ tone: Tone) {
        self.text = text
        self.tone = tone
    }

    /// A visit's state.
    public init(visit state: VisitState) {
        switch state {
        case .dispatched: self.init("New", .accent)
        case .accepted: self.init("Accepted", .accent)
        case .traveling: self.init("On the way", .good)
        case .onSite: self.init("On site", .good)
        case .paused: self.init("Paused", .warn)
        case .completed: self.init("Completed", .neutral)
        case .partiallyCompleted: self.init("Done in part", .warn)
        case .cannotComplete: self.init("Not possible", .bad)
        case .canceled: self.init("Canceled", .bad)
        default: self.init(Words.title(state.rawValue), .neutral)
        }
    }

    /// Where a queued change stands.
    public init(queued state: QueueState) {
        switch state {
        case .pending: self.init("On this phone", .neutral)
        case .sending: self.init("Being sent", .accent)
        case .accepted: self.init("Accepted", .good)
        case .rejected: self.init("Refused", .bad)
        case .held: self.init("Waits for another", .warn)
        }
    }
}

/// How figures, times and stored names are written.
public enum Words {
    /// The time zone of that IANA name, or UTC.
    public static func zone(_ name: String) -> TimeZone { TimeZone(identifier: name) ?? utc }

    /// Universal time.
    public static var utc: TimeZone { TimeZone(secondsFromGMT: 0) ?? .current }

    /// `09:30`.
    public static func clock(_ at: Date, _ zone: TimeZone) -> String { written(at, "HH:mm", zone) }

    /// `27 Nov 09:30`.
    public static func dayAndTime(_ at: Date, _ zone: TimeZone) -> String { written(at, "d MMM HH:mm", zone) }

    /// `Friday 27 November`.
    public static func day(_ at: Date, _ zone: TimeZone) -> String { written(at, "EEEE d MMMM", zone) }

    /// `on_site` is `on site`.
    public static func plain(_ stored: String) -> String { stored.replacingOccurrences(of: "_", with: " ") }

    /// `on_site` is `On site`.
    public static func title(_ stored: String) -> String { capitalized(plain(stored)) }

    /// The same with a capital at the beginning.
    public static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// `1 change`, `2 changes`.
    public static func counted(_ number: Int, _ thing: String) -> String {
        number == 1 ? "1 \(thing)" : "\(number) \(thing)s"
    }

    /// `2.5 foot`, without needless zeros.
    public static func measured(_ quantity: Decimal, _ unit: String) -> String {
        var figures = quantity.description
        if figures.contains(".") {
            while figures.hasSuffix("0") { figures.removeLast() }
            if figures.hasSuffix(".") { figures.removeLast() }
        }
        return unit.isEmpty ? figures : figures + " " + unit
    }

    /// `$12.50`, from whole cents.
    public static func money(_ cents: Int64, _ currency: String) -> String {
        let (units, rest) = cents.magnitude.quotientAndRemainder(dividingBy: 100)
        let sign = cents < 0 ? "-" : ""
        let amount = grouped(units) + "." + (rest < 10 ? "0" : "") + String(rest)
        if currency == "USD" { return sign + "$" + amount }
        return sign + (currency.isEmpty ? amount : amount + " " + currency)
    }

    /// A decimal as a person types it, with a point or a comma; nil when it is none.
    public static func decimal(_ typed: String) -> Decimal? {
        let text = trimmed(typed).replacingOccurrences(of: ",", with: ".")
        let figures = text.hasPrefix("-") ? String(text.dropFirst()) : text
        let halves = figures.split(separator: ".", omittingEmptySubsequences: false)
        let digits: ClosedRange<Character> = "0"..."9"
        for half in halves where half.isEmpty || !half.allSatisfy({ digits.contains($0) }) { return nil }
        guard halves.count <= 2 else { return nil }
        return Decimal(string: text, locale: Locale(identifier: "en_US_POSIX"))
    }

    /// Without blanks at either end.
    public static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

    private static func grouped(_ units: UInt64) -> String {
        let digits = String(units)
        var text = ""
        for (position, digit) in digits.enumerated() {
            if position > 0, (digits.count - position) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    private static func written(_ at: Date, _ pattern: String, _ zone: TimeZone) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = zone
        formatter.dateFormat = pattern
        return formatter.string(from: at)
    }
}
