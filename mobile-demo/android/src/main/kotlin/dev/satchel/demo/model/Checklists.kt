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
suspend fun Satchel.questions(visit: UUID): List<Question> {
    val questions = read(Checklist.byVisit(visit)).flatMap { checklist ->
        val name = first(ChecklistTemplate.byId(checklist.templateId))?.name ?: "Checklist"
        val items = read(ChecklistTemplateItem.byTemplate(checklist.templateId)).associateBy { it.id }
        read(ChecklistAnswer.byChecklist(checklist.id)).mapNotNull { answer ->
            items[answer.itemId]?.let { item ->
                Question(answer.id, name, item.prompt, item.answerKind, item.required, answer.state, answer.value)
            }
        }
    }.associateBy { it.answer }
    return askedAnswers(visit).mapNotNull(questions::get)
}
