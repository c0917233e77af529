import Foundation

/// A pen's way: strokes of points, in thousandths of the pad's width and height.
///
/// Encoded as the number of strokes, and for each the number of its points and the points, x before y: all as unsigned
/// 16-bit numbers, high byte first. The app for Android does the same.
public struct Strokes: Hashable, Sendable {
    /// A point of the pad.
    public struct Point: Hashable, Sendable {
        public let x: Int
        public let y: Int

        public init(x: Int, y: Int) {
            self.x = x
            self.y = y
        }
    }

    /// The pad's width and height.
    public static let scale = 1_000
    /// Points and strokes of one signature: below the 65,536 bytes that are taken.
    static let sizeMax = 8_000

    public private(set) var lines: [[Point]] = []
    private var size = 0

    public init() {}

    public var isEmpty: Bool { lines.isEmpty }

    /// Begins a stroke; a signature that is full stays as it is.
    public mutating func begin(_ point: Point) {
        guard size + 2 <= Strokes.sizeMax else { return }
        lines.append([point])
        size += 2
    }

    /// Leads the last stroke on.
    public mutating func lead(_ point: Point) {
        guard let last = lines.last?.last else { return begin(point) }
        guard size < Strokes.sizeMax, last != point else { return }
        lines[lines.count - 1].append(point)
        size += 1
    }

    public var encoded: Data {
        if isEmpty { return Data() }
        var data = Data()
        func put(_ number: Int) { data.append(contentsOf: [UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]) }
        put(lines.count)
        for line in lines {
            put(line.count)
            for point in line {
                put(point.x)
                put(point.y)
            }
        }
        return data
    }

    /// Reads `encoded` back; nothing where it is none.
    public init(encoded: Data) {
        var numbers: [Int] = []
        let bytes = [UInt8](encoded)
        for at in stride(from: 0, to: bytes.count - 1, by: 2) {
            numbers.append(Int(bytes[at]) << 8 | Int(bytes[at + 1]))
        }
        var rest = numbers.dropFirst()
        for _ in 0..<(numbers.first ?? 0) {
            guard let count = rest.popFirst(), rest.count >= 2 * count else { break }
            for number in 0..<count {
                guard let x = rest.popFirst(), let y = rest.popFirst() else { break }
                if number == 0 { begin(Point(x: x, y: y)) } else { lead(Point(x: x, y: y)) }
            }
        }
    }
}
