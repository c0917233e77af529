package dev.satchel.demo.screens

import android.text.InputType
import android.view.View
import android.widget.LinearLayout
import dev.satchel.demo.model.*
import dev.satchel.demo.ui.*
import dev.satchel.model.TimeKind
import java.util.UUID

/** What a part of the visit's screen works with. */
class Desk(
    val drafts: Drafts,
    val work: VisitWork,
    private val run: (done: () -> Unit, work: suspend () -> Unit) -> Unit,
) {
    /** Does it; [done] only if it was not refused. */
    fun act(done: () -> Unit = {}, task: suspend VisitWork.() -> Unit) = run(done) { work.task() }
}

private const val ASKING = "step."
private const val STEP = "step.which"
private const val ANSWER = "step.answer"

/** The way through the visit, the step that is next, and the others, greyed out while they cannot be taken. */
internal fun LinearLayout.stepsPart(way: Way, desk: Desk, again: () -> Unit) {
    val asked = way.steps.firstOrNull { it.step.name == desk.drafts[STEP] && it.enabled }
    if (asked != null) return ask(asked.step, desk, again)
    if (way.taken == null && way.steps.none { it.fits }) return
    fun tap(step: Step) {
        if (step.ask == null) return desk.act { take(step, null) }
        desk.drafts[STEP] = step.name
        again()
    }
    card {
        way.taken?.let { track(it) }
        val (onward, others) = way.steps.partition { it.step.onward }
        val next = onward.firstOrNull { it.fits } ?: return@card
        button(next.step.label, Voice.LOUD, next.enabled) { tap(next.step) }
        // Pausing and going on share a place.
        val idle = if (others.any { it.step == Step.RESUME && it.fits }) Step.PAUSE else Step.RESUME
        for (line in others.filter { it.step != idle }.chunked(2)) row(8) {
            for ((step, _, enabled) in line) button(step.label, Voice.CLEAR, enabled, toneOf(step)) { tap(step) }.grow()
        }
    }
}

/** The steps that lead on: those taken, and those to come. */
private fun LinearLayout.track(taken: Int) {
    row(6) {
        Step.entries.filter { it.onward }.forEachIndexed { at, step ->
            column(4) {
                val tone = if (at < taken) Tone.GOOD else if (at == taken) Tone.ACCENT else Tone.NEUTRAL
                add(View(context).apply {
                    background = context.rounded(if (at > taken) Look.LINE else tone.solid, radius = 3f)
                    layoutParams = LinearLayout.LayoutParams(LinearLayout.LayoutParams.MATCH_PARENT, context.dp(6))
                })
                val text = if (at < taken) "✓ ${step.label}" else step.label
                label(text, Look.SMALL, if (at > taken) Look.FAINT else tone.ink, bold = at == taken)
            }.grow()
        }
    }
}

private fun toneOf(step: Step): Tone = if (step == Step.CANNOT_COMPLETE_IT || step == Step.DECLINE) Tone.BAD else Tone.ACCENT

private fun LinearLayout.ask(step: Step, desk: Desk, again: () -> Unit) {
    val ask = step.ask ?: return
    fun close() {
        desk.drafts.forget(ASKING)
        again()
    }
    card(toneOf(step)) {
        label(ask.question, Look.TITLE, bold = true)
        field(if (ask.required) "The office reads this" else "May be left empty", desk.drafts, ANSWER, lines = 3)
        row(8) {
            button("Not now") { close() }.grow()
            button(step.label, Voice.LOUD, tone = toneOf(step)) {
                val text = desk.drafts[ANSWER]
                desk.act(done = { close() }) { take(step, text) }
            }.grow()
        }
    }
}

/** Time on the visit. */
internal fun LinearLayout.timePart(sheet: TimeSheet, desk: Desk) {
    val technician = sheet.technician ?: return
    if (!sheet.enabled && sheet.lines.isEmpty() && sheet.running == null) return
    card {
        heading("Time")
        val running = sheet.running
        if (running != null) {
            val (entry, said) = running
            row {
                label(said, bold = true).grow()
                button("Stop", Voice.LOUD) { desk.act { stopTime(technician, entry) } }
            }
        }
        sheet.lines.forEach { label(it, Look.BODY, Look.QUIET) }
        if (running == null) {
            row(8) {
                for (kind in TimeKind.known) {
                    val name = plain(kind.text).replaceFirstChar(Char::uppercase)
                    button(name, enabled = sheet.enabled) { desk.act { startTime(technician, kind) } }.grow()
                }
            }
        }
    }
}

/** A number with decimals, in the keyboard's own way. */
internal const val NUMBER: Int =
    InputType.TYPE_CLASS_NUMBER or InputType.TYPE_NUMBER_FLAG_DECIMAL or InputType.TYPE_NUMBER_FLAG_SIGNED

internal const val TEXT: Int = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_CAP_SENTENCES

/** Names a draft of one row. */
internal fun draftOf(what: String, id: UUID): String = "$what.$id"
