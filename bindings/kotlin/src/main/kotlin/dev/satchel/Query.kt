package dev.satchel

import java.util.UUID

/** A synced table; the companions of its rows. */
public abstract class Table<T>(
    /** Its name in SQL. */
    public val name: String,
) {
    /** Reads a row. */
    public abstract fun read(row: Cells): T

    /** The row of that id. */
    public fun byId(id: UUID): Query<T> = where("id = ?1", id)

    /** Every row, in id order. */
    public fun all(): Query<T> = where("true order by id")

    /**
     * The rows that satisfy [condition], the SQL after `where` (it may go on with `order by` and `limit`), with `?1`,
     * `?2`, ... standing for [parameters]: texts, numbers, booleans, ids, instants, dates, decimals and enums.
     */
    public fun where(condition: String, vararg parameters: Any?): Query<T> = Query(this, condition, parameters.toList())
}

/** Rows of a table, not yet read. */
public class Query<T> internal constructor(
    public val table: Table<T>,
    internal val condition: String,
    internal val parameters: List<Any?>,
)
