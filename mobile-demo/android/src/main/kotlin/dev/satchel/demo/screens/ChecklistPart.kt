package dev.satchel.demo.screens

import android.view.View
import android.widget.Button
import android.widget.LinearLayout
import dev.satchel.demo.model.*
import dev.satchel.demo.ui.*
import dev.satchel.model.AnswerKind
import dev.satchel.model.AnswerState
import java.util.UUID

/** The questions of a visit. Each is built anew only when its own answer changes. */
class ChecklistPart(column: LinearLayout, private val desk: Desk) {
    private val card = column.column {}
    private lateinit var progress: Slot<Answered>
    private lateinit var rows: SlotList<Line>

    private data class Line(val question: Question, val open: Boolean, val list: String?)

    fun show(questions: List<Question>, open: Boolean) {
        card.visibility = if (questions.isEmpty()) View.GONE else View.VISIBLE
        if (questions.isEmpty()) return
        if (card.childCount == 0) card.card {
            progress = slot(gap = 8) { progress(it) }
            rows = slots(gap = 14, key = { it.question.answer }) { row(it) }
        }
        progress.show(answered(questions))
        val several = questions.distinctBy { it.list }.size > 1
        rows.show(questions.mapIndexed { at, question ->
            val first = several && questions.getOrNull(at - 1)?.list != question.list
            Line(question, open, question.list.takeIf { first })
        })
    }

    private fun LinearLayout.progress(answered: Answered) {
        heading("Checklist", "${answered.done} of ${answered.asked}")
        bar(answered.done, answered.asked)
    }

    private fun LinearLayout.row(line: Line) {
        val (question, open, list) = line
        list?.let { label(it, Look.BODY, Look.QUIET, bold = true) }
        val needed = question.required && question.state == AnswerState.OPEN
        label(if (needed) "${question.prompt} *" else question.prompt)
        when {
            !open -> label(given(question), Look.BODY, Look.QUIET)
            question.kind == AnswerKind.YES_NO -> choices(question)
            question.state != AnswerState.OPEN -> row {
                label(given(question), bold = true).grow()
                button("Change", Voice.PLAIN) { desk.act { clear(question.answer) } }
            }
            question.kind == AnswerKind.PHOTO -> {
                label("Photos cannot be taken with this version yet.", Look.SMALL, Look.QUIET)
                row { notApplicable(question) }
            }
            else -> written(question)
        }
    }

    private fun given(question: Question): String = when (question.state) {
        AnswerState.OPEN -> "Not answered"
        AnswerState.NOT_APPLICABLE -> "Does not apply"
        else -> question.value.orEmpty()
    }

    private fun LinearLayout.choices(question: Question) {
        val id = question.answer
        row(8) {
            for ((name, value) in listOf("Yes" to "yes", "No" to "no")) {
                val chosen = question.value == value
                choice(name, chosen) { desk.act { if (chosen) clear(id) else answer(id, value) } }.about(name, question)
            }
            val none = question.state == AnswerState.NOT_APPLICABLE
            choice("N/A", none) { desk.act { if (none) clear(id) else notApplicable(id) } }.about("N/A", question)
        }
    }

    private fun Button.about(name: String, question: Question) {
        grow()
        contentDescription = "$name: ${question.prompt}"
    }

    private fun LinearLayout.written(question: Question) {
        val number = question.kind == AnswerKind.NUMBER
        val draft = draftOf("answer", question.answer)
        row(8) {
            val hint = if (number) "A number" else "Your answer"
            field(hint, desk.drafts, draft, kind = if (number) NUMBER else TEXT, about = question.prompt).grow()
            button("Save") { desk.act(done = { desk.drafts.forget(draft) }) { answer(question.answer, desk.drafts[draft]) } }
                .contentDescription = "Save: ${question.prompt}"
            notApplicable(question)
        }
    }

    private fun LinearLayout.notApplicable(question: Question) {
        button("N/A", tone = Tone.NEUTRAL) { desk.act { notApplicable(question.answer) } }
            .contentDescription = "Does not apply: ${question.prompt}"
    }
}
