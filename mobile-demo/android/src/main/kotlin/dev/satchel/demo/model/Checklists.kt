package dev.satchel.demo.model

import dev.satchel.Satchel
import dev.satchel.model.AnswerKind
import dev.satchel.model.AnswerState
import dev.satchel.model.Checklist
import dev.satchel.model.ChecklistAnswer
import dev.satchel.model.ChecklistTemplate
import dev.satchel.model.ChecklistTemplateItem
import java.util.UUID

/** A question that is asked now, and its answer. */
data class Question(
    /** The answer's row. */
    val answer: UUID,
    val list: String,
    val prompt: String,
    val kind: AnswerKind,
    val required: Boolean,
    val state: AnswerState,
    val value: String?,
)

/** How far the checklists are. */
data class Answered(val done: Int, val asked: Int)

fun answered(questions: List<Question>): Answered =
    Answered(questions.count { it.state != AnswerState.OPEN }, questions.size)

/** The questions asked on a visit, checklist by checklist in their order. */
suspend fun Satchel.questions(visit: UUID): List<Question> = read(Checklist.byVisit(visit)).flatMap { checklist ->
    val name = first(ChecklistTemplate.byId(checklist.templateId))?.name ?: "Checklist"
    val items = read(ChecklistTemplateItem.byTemplate(checklist.templateId))
    val answers = read(ChecklistAnswer.byChecklist(checklist.id)).associateBy { it.itemId }
    val shown = shown(items, answers)
    items.filter { it.id in shown }.sortedBy { it.position }.mapNotNull { item ->
        answers[item.id]?.let { answer ->
            Question(answer.id, name, item.prompt, item.answerKind, item.required, answer.state, answer.value)
        }
    }
}

/** Those without a condition, and those whose condition holds: what it names is itself shown, and answered so. */
internal fun shown(items: List<ChecklistTemplateItem>, answers: Map<UUID, ChecklistAnswer>): Set<UUID> {
    val shown = HashSet<UUID>()
    do {
        val more = items.filter { item ->
            val after = item.shownAfterId
            val answer = answers[after]
            val answered = after in shown && answer?.state == AnswerState.ANSWERED
            val holds = after == null || answered && (item.shownWhen == null || item.shownWhen == answer?.value)
            holds && item.id !in shown
        }
        shown += more.map { it.id }
    } while (more.isNotEmpty())
    return shown
}
