import Foundation

/// A row of a synced table.
public protocol Row: Hashable, Sendable {
    /// Its table's name in SQL.
    static var table: String { get }
    init(_ row: Cells) throws
}

extension Row {
    /// The row of that id.
    public static func byId(_ id: UUID) -> Query<Self> { Query("id = ?1", [id]) }

    /// Every row, in id order.
    public static func all() -> Query<Self> { Query("true order by id", []) }

    /// The rows that satisfy `condition`, the SQL after `where` (it may go on with `order by` and `limit`), with `?1`,
    /// `?2`, ... standing for `parameters`.
    public static func matching(_ condition: String, _ parameters: any Parameter...) -> Query<Self> {
        Query(condition, parameters)
    }

    /// The same with a list of parameters.
    public static func matching(_ condition: String, parameters: [any Parameter]) -> Query<Self> {
        Query(condition, parameters)
    }
}

/// Rows of a table, not yet read.
public struct Query<Of: Row>: Sendable {
    let condition: String
    let parameters: [any Parameter]

    init(_ condition: String, _ parameters: [any Parameter]) {
        self.condition = condition
        self.parameters = parameters
    }
}
