package dev.satchel.demo.model

import dev.satchel.Cells
import dev.satchel.Satchel
import dev.satchel.model.*
import java.time.Clock
import java.time.Duration
import java.time.LocalDate
import java.util.UUID
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map

/** The visits of a day. */
data class Today(
    val who: Who,
    val date: LocalDate,
    /** `Today`, `Tomorrow`, or nothing. */
    val name: String,
    val visits: List<VisitCard>,
)

/** One of them. */
data class VisitCard(
    val id: UUID,
    val from: String,
    val until: String,
    val title: String,
    val customer: String,
    val address: String,
    val mark: Mark,
    val over: Boolean,
    val urgent: Boolean,
    val answered: Answered,
)

/** No arrival window is longer. */
private val LONGEST_WINDOW = Duration.ofDays(14)

private val OVER = setOf(
    VisitState.COMPLETED, VisitState.PARTIALLY_COMPLETED, VisitState.CANNOT_COMPLETE, VisitState.CANCELED,
)

/** Whether nothing more happens on a visit; a state that this build does not know counts as open. */
fun isOver(state: VisitState): Boolean = state in OVER

/** The day [offset] days from today, by the start of the windows; today also has what is under way. */
fun Satchel.today(clock: Clock, offset: Int): Flow<Today?> = watch(
    listOf(Assignment, Visit, Job, Customer, Location, ChecklistAnswer, ChecklistTemplateItem, Technician, Branch, Organization),
) { listOfNotNull(readToday(clock, offset)) }.map { it.firstOrNull() }

private suspend fun Satchel.readToday(clock: Clock, offset: Int): Today? {
    val who = who() ?: return null
    val date = LocalDate.ofInstant(clock.instant(), who.zone).plusDays(offset.toLong())
    val start = date.atStartOfDay(who.zone).toInstant()
    val end = date.plusDays(1).atStartOfDay(who.zone).toInstant()
    val rows = sql(
        """
        select v.id, v.state, v.window_start, v.window_end, v.zone, j.title, j.priority, c.name, l.address
        from assignment a
        join visit v on v.id = a.visit_id
        join job j on j.id = v.job_id
        left join customer c on c.id = j.customer_id
        left join location l on l.id = j.location_id
        where a.technician_id = ?1 and a.window_start >= ?2 and a.window_start < ?4
            and (v.window_end > ?3 and v.window_start < ?4 or ?5 and v.state in ('traveling', 'on_site', 'paused'))
        order by v.window_start, v.id
        """,
        who.technician, start.minus(LONGEST_WINDOW), start, end, offset == 0,
    )
    val name = when (offset) { 0 -> "Today"; 1 -> "Tomorrow"; -1 -> "Yesterday"; else -> "" }
    return Today(who, date, name, rows.map { card(it) })
}

private suspend fun Satchel.card(row: Cells): VisitCard {
    val zone = zoneOf(row.text(4))
    val state = VisitState(row.text(1))
    val priority = JobPriority(row.text(6))
    return VisitCard(
        id = row.id(0),
        from = clock(row.instant(2), zone),
        until = clock(row.instant(3), zone),
        title = row.text(5),
        customer = row.textOrNull(7).orEmpty(),
        address = row.textOrNull(8).orEmpty(),
        mark = mark(state),
        over = isOver(state),
        urgent = priority == JobPriority.HIGH || priority == JobPriority.EMERGENCY,
        answered = answered(questions(row.id(0))),
    )
}
