package dev.satchel.demo.screens

import android.view.Gravity
import android.widget.LinearLayout
import android.widget.TextView
import dev.satchel.Satchel
import dev.satchel.demo.model.Mark
import dev.satchel.demo.model.Today
import dev.satchel.demo.model.Tone
import dev.satchel.demo.model.VisitCard
import dev.satchel.demo.model.day
import dev.satchel.demo.model.today
import dev.satchel.demo.ui.*
import java.time.Clock
import kotlin.reflect.KClass
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch

/** The visits of a day: where a technician starts. */
class TodayScreen : Screen() {
    override val tab: KClass<out Screen> get() = TodayScreen::class
    private lateinit var title: TextView
    private lateinit var summary: TextView
    private lateinit var nothing: Slot<Boolean>
    private lateinit var visits: SlotList<VisitCard>
    private var watching: Job? = null

    private var offset: Int
        get() = drafts["offset"].toIntOrNull() ?: 0
        set(days) { drafts["offset"] = if (days == 0) "" else days.toString() }

    override fun LinearLayout.head() {
        column {
            title = label("Today", Look.DISPLAY, bold = true)
            summary = label("", Look.SMALL, Look.QUIET)
        }.grow()
        arrow(left = true, "Day before") { move(-1) }
        arrow(left = false, "Day after") { move(1) }
    }

    private fun move(days: Int) {
        offset += days
        if (::satchel.isInitialized) restart()
    }

    private lateinit var satchel: Satchel

    override fun build(satchel: Satchel) {
        this.satchel = satchel
        nothing = page.slot { empty -> if (empty) nothing() }
        visits = page.slots(key = { it.id }) { visit(it) }
        restart()
    }

    private fun restart() {
        watching?.cancel()
        watching = scope.launch { satchel.today(Clock.systemUTC(), offset).collect { it?.let(::show) } }
    }

    private fun show(today: Today) {
        title.text = today.name.ifEmpty { day(today.date) }
        val over = today.visits.count { it.over }
        val told = if (today.visits.isEmpty()) "no visits" else "$over of ${today.visits.size} done"
        summary.text = if (today.name.isEmpty()) told else "${day(today.date)} · $told"
        nothing.show(today.visits.isEmpty())
        visits.show(today.visits)
    }

    private fun LinearLayout.nothing() {
        label("No visits on this day.", Look.BODY, Look.QUIET).apply {
            gravity = Gravity.CENTER
            setPadding(0, dp(72), 0, 0)
        }
    }

    private fun LinearLayout.visit(visit: VisitCard) {
        card(visit.mark.tone, onTap = { go(VisitScreen::class) { putExtra(VisitScreen.VISIT, visit.id.toString()) } }) {
            row {
                label("${visit.from} – ${visit.until}", Look.BODY, Look.INK, bold = true).grow()
                if (visit.urgent && !visit.over) pill(Mark("Urgent", Tone.BAD))
                pill(visit.mark)
            }
            label(visit.title, Look.TITLE, if (visit.over) Look.QUIET else Look.INK, bold = true)
            label(visit.customer, Look.BODY, Look.INK)
            label(visit.address, Look.SMALL, Look.QUIET)
            if (visit.answered.asked > 0 && !visit.over) {
                row {
                    bar(visit.answered.done, visit.answered.asked).layoutParams = LinearLayout.LayoutParams(0, dp(6), 1f)
                    label("${visit.answered.done} of ${visit.answered.asked} checked", Look.SMALL, Look.QUIET)
                }
            }
        }
    }
}
