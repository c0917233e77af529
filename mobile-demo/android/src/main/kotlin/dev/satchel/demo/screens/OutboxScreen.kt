package dev.satchel.demo.screens

import android.view.Gravity
import android.widget.LinearLayout
import dev.satchel.Satchel
import dev.satchel.demo.model.*
import dev.satchel.demo.ui.*
import kotlin.reflect.KClass

/** What the office did not take, and what waits to be sent. */
class OutboxScreen : Screen() {
    override val tab: KClass<out Screen> get() = OutboxScreen::class
    private lateinit var satchel: Satchel
    private lateinit var refused: SlotList<Refused>

    override fun LinearLayout.head() {
        label("Outbox", Look.DISPLAY, bold = true).grow()
    }

    override fun build(satchel: Satchel) {
        this.satchel = satchel
        val attention = page.slot<Int> { number -> if (number > 0) title("Needs attention", number) }
        refused = page.slots(key = { it.key }) { refused(it) }
        val going = page.slot<Pair<Int, Boolean>> { (number, alone) -> going(number, alone) }
        val waiting = page.slots<Waiting>(gap = 8, key = { it.key }) { waiting(it) }
        satchel.outbox().into { outbox ->
            attention.show(outbox.refused.size)
            refused.show(outbox.refused)
            going.show(outbox.waiting.size to outbox.refused.isEmpty())
            waiting.show(outbox.waiting)
        }
    }

    private fun LinearLayout.title(text: String, number: Int) {
        heading(text, number.toString()).setPadding(0, dp(10), 0, dp(8))
    }

    private fun LinearLayout.going(number: Int, alone: Boolean) {
        if (number > 0) return title("Waiting to be sent", number)
        if (alone) label("Everything has reached the office.", Look.BODY, Look.QUIET).apply {
            gravity = Gravity.CENTER
            setPadding(0, dp(72), 0, 0)
        }
    }

    private fun LinearLayout.refused(item: Refused) {
        card(Tone.BAD) {
            label(item.what, Look.TITLE, bold = true)
            if (item.about.isNotEmpty()) label(item.about, Look.SMALL, Look.QUIET)
            label(item.why, Look.BODY, Tone.BAD.ink)
            if (item.becauseOfAnother) {
                label("Refused because an earlier change was. It is sent again after that one.", Look.SMALL, Look.QUIET)
            }
            if (item.dependent.isNotEmpty()) {
                label("Depends on it: ${item.dependent.joinToString()}", Look.SMALL, Tone.WARN.ink, bold = true)
            }
            item.traceId?.let { label("The office finds the fault by $it.", Look.SMALL, Look.QUIET) }
            val asking = drafts[draftOf(ASKING, item.key)]
            when (asking) {
                CORRECT -> correct(item)
                GIVE_UP -> giveUp(item)
                else -> choices(item)
            }
        }.tag = item.key
    }

    private fun LinearLayout.choices(item: Refused) {
        row(8) {
            if (!item.becauseOfAnother) button("Send again", Voice.LOUD) { act { satchel.retry(item.key) } }.grow()
            if (item.correction != null) button("Correct") { ask(item, CORRECT) }.grow()
            button("Take back", tone = Tone.BAD) { ask(item, GIVE_UP) }.grow()
        }
    }

    private fun LinearLayout.correct(item: Refused) {
        val correction = item.correction ?: return
        val draft = draftOf("correct", item.key)
        if (drafts[draft].isEmpty()) drafts[draft] = correction.entered
        label(correction.question, bold = true)
        field(correction.question, drafts, draft, lines = if (correction.isNumber) 1 else 2)
        row(8) {
            button("Not now") { ask(item, "") }.grow()
            button("Send corrected", Voice.LOUD) {
                val corrected = correction.with(drafts[draft])
                if (corrected == null) say("Please enter a number.", Tone.BAD) else act { satchel.edit(item.key, corrected) }
            }.grow()
        }
    }

    private fun LinearLayout.giveUp(item: Refused) {
        val others = item.dependent.size
        val also = "${count(others, "other change")} ${if (others == 1) "depends" else "depend"} on it."
        label(if (others == 0) "Take it back for good?" else "Take it back for good? $also", bold = true)
        if (others > 0) button("Take back all ${others + 1}", Voice.LOUD, tone = Tone.BAD) { act { satchel.undoGroup(item.key) } }
        row(8) {
            button("Not now") { ask(item, "") }.grow()
            val name = if (others == 0) "Yes, take back" else "Only this one"
            button(name, if (others == 0) Voice.LOUD else Voice.CLEAR, tone = Tone.BAD) { act { satchel.undo(item.key) } }.grow()
        }
    }

    private fun ask(item: Refused, what: String) {
        drafts[draftOf(ASKING, item.key)] = what
        refused.again(item.key)
    }

    private fun LinearLayout.waiting(item: Waiting) {
        card {
            row {
                column {
                    label(item.what, bold = true)
                    if (item.about.isNotEmpty()) label(item.about, Look.SMALL, Look.QUIET)
                }.grow()
                pill(item.mark)
            }
            item.doubt?.let { label("May be refused: $it", Look.SMALL, Tone.WARN.ink) }
            if (item.canTakeBack) button("Take back", Voice.PLAIN) { act { satchel.undo(item.key) } }.apply {
                gravity = Gravity.START or Gravity.CENTER_VERTICAL
                setPadding(0, 0, 0, 0)
                contentDescription = "Take back: ${item.what}"
            }
        }
    }

    private companion object {
        const val ASKING = "asking"
        const val CORRECT = "correct"
        const val GIVE_UP = "give up"
    }
}
