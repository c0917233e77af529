package dev.satchel.demo.model

import dev.satchel.Mutation
import dev.satchel.Procedure
import dev.satchel.Satchel
import dev.satchel.model.*
import dev.satchel.model.VisitState.Companion.ACCEPTED
import dev.satchel.model.VisitState.Companion.CANNOT_COMPLETE
import dev.satchel.model.VisitState.Companion.COMPLETED
import dev.satchel.model.VisitState.Companion.DISPATCHED
import dev.satchel.model.VisitState.Companion.ON_SITE
import dev.satchel.model.VisitState.Companion.PARTIALLY_COMPLETED
import dev.satchel.model.VisitState.Companion.PAUSED
import dev.satchel.model.VisitState.Companion.SCHEDULED
import dev.satchel.model.VisitState.Companion.TRAVELING
import java.util.UUID

/** What a step asks before it is taken. */
data class Ask(val question: String, val required: Boolean)

/**
 * What a technician does with a visit. Only for greying out buttons: the rules of the core decide, and a test holds this
 * against `docs/state-machines.md`, which is written from them.
 */
enum class Step(
    val label: String,
    val procedure: Procedure,
    val from: List<VisitState>,
    val to: VisitState,
    /** Whether it leads on through the day, and is the one to offer first. */
    val onward: Boolean,
    val ask: Ask? = null,
    val mutation: (job: UUID, visit: UUID, text: String?) -> Mutation<VisitMoved>,
) {
    ACCEPT("Accept", AcceptVisit, listOf(DISPATCHED), ACCEPTED, true, null, { j, v, _ -> AcceptVisit(j, v) }),
    TRAVEL("Set out", TravelToVisit, listOf(ACCEPTED), TRAVELING, true, null, { j, v, _ -> TravelToVisit(j, v) }),
    ARRIVE("Arrive", ArriveAtVisit, listOf(TRAVELING), ON_SITE, true, null, { j, v, _ -> ArriveAtVisit(j, v) }),
    COMPLETE(
        "Complete", CompleteVisit, listOf(ON_SITE, PAUSED), COMPLETED, true,
        Ask("What was done?", false), { j, v, text -> CompleteVisit(j, v, text) },
    ),
    PAUSE("Pause", PauseVisit, listOf(ON_SITE), PAUSED, false, null, { j, v, _ -> PauseVisit(j, v) }),
    RESUME("Resume", ResumeVisit, listOf(PAUSED), ON_SITE, false, null, { j, v, _ -> ResumeVisit(j, v) }),
    COMPLETE_PARTIALLY(
        "Done in part", CompleteVisitPartially, listOf(ON_SITE, PAUSED), PARTIALLY_COMPLETED, false,
        Ask("What was done, and what is left?", false), { j, v, text -> CompleteVisitPartially(j, v, text) },
    ),
    CANNOT_COMPLETE_IT(
        "Not possible", CannotCompleteVisit, listOf(TRAVELING, ON_SITE, PAUSED), CANNOT_COMPLETE, false,
        Ask("Why is it not possible?", true), { j, v, text -> CannotCompleteVisit(j, v, text.orEmpty()) },
    ),
    DECLINE(
        "Decline", DeclineVisit, listOf(DISPATCHED, ACCEPTED), SCHEDULED, false,
        Ask("Why not? The office plans the visit again.", false), { j, v, text -> DeclineVisit(j, v, text) },
    ),
}

/** A step's button. */
data class StepButton(
    val step: Step,
    /** The state is right for it. */
    val fits: Boolean,
    /** And nothing else forbids it. */
    val enabled: Boolean,
)

/** Where a visit stands on its way, and what can be done. */
data class Way(
    /** How many of the steps that lead on were taken; none of a visit that went another way. */
    val taken: Int?,
    val steps: List<StepButton>,
)

/** Every step, greyed out where the state or the policy forbids it. */
fun Satchel.way(job: JobState, visit: VisitState): Way {
    val over = job == JobState.CANCELED || job == JobState.CLOSED
    val steps = Step.entries.map { step ->
        val fits = !over && visit in step.from
        StepButton(step, fits, fits && may(step.procedure))
    }
    return Way(taken(visit), steps)
}

private fun taken(visit: VisitState): Int? = when (visit) {
    DISPATCHED -> 0
    ACCEPTED -> 1
    TRAVELING -> 2
    ON_SITE, PAUSED -> 3
    COMPLETED -> 4
    else -> null
}
