package dev.satchel.demo

import android.view.MotionEvent
import dev.satchel.Satchel
import dev.satchel.demo.model.Strokes
import dev.satchel.demo.screens.VisitScreen
import dev.satchel.demo.ui.SignaturePad
import dev.satchel.model.ChecklistAnswer
import dev.satchel.model.Note
import dev.satchel.model.Signature
import dev.satchel.model.TimeEntry
import dev.satchel.model.MaterialUsed
import dev.satchel.model.Visit
import dev.satchel.model.VisitState
import dev.satchel.until
import dev.satchel.withTechnician
import java.util.UUID
import kotlin.math.cos
import kotlin.math.sin
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

@RunWith(RobolectricTestRunner::class)
class WorkTest {
    @Test
    fun `a whole visit is tapped through without a network, and reaches the office later`() = withHands {
        signIn(0)
        network(false)
        see("You are offline.")
        tap("08:00 – 10:00")
        val visit = UUID.fromString(screen.intent.getStringExtra(VisitScreen.VISIT))

        assertFalse(enabled("Pause"))
        assertFalse(enabled("Not possible"))
        assertTrue(enabled("Decline"))
        tap("Accept")
        see("Accepted")
        tap("Set out")
        see("On the way")
        tap("Travel")
        see("Travel since")
        tap("Arrive")
        see("On site")
        tap("Stop")
        gone("Travel since")
        tap("Work")
        see("Work since")
        answerEverything(this)
        type("Search the pricebook", "a")
        tap(until("an offer") { named("Add ").firstOrNull() })
        tap(until("a line of material") { named("One more ").firstOrNull() })
        see("2 ")
        tap("Write a note")
        type("What is it about?", "Boiler room")
        type("Note", "The key hangs behind the door.")
        tap("Save note")
        see("The key hangs behind the door.")
        tap("Stop")
        tap("Complete")
        type("May be left empty", "Replaced the pump.")
        tap("Complete")
        see("“Replaced the pump.”")

        tap("Ask the customer to sign")
        see("Replaced the pump.")
        type("Name", "Ada Customer")
        tap("Family")
        draw(this)
        tap("Sign")
        see("Work signed by Ada Customer")
        see("changes to send")
        back()
        see("1 of 4 done")
        tap("Outbox")
        see("Customer's signature")
        assertTrue(texts().count { it == "On this phone" } > 10)

        network(true)
        see("Everything has reached the office.")
        runBlocking { withTechnician(0) { other -> check(other, visit) } }
    }

    private suspend fun check(other: Satchel, id: UUID) {
        val visit = checkNotNull(other.first(Visit.byId(id)))
        assertEquals(VisitState.COMPLETED, visit.state)
        assertEquals("Replaced the pump.", visit.outcome)
        val signature = other.read(Signature.bySubject(id)).single()
        assertEquals("Ada Customer", signature.signerName)
        assertEquals("family", signature.signerRelation?.text)
        assertEquals(2, Strokes.decoded(signature.strokes?.toByteArray()).lines.size)
        val note = other.read(Note.byJob(visit.jobId)).single { it.title == "Boiler room" }
        assertEquals("The key hangs behind the door.", note.text)
        assertEquals("2", other.read(MaterialUsed.byVisit(id)).single().quantity.stripTrailingZeros().toPlainString())
        assertTrue(other.read(TimeEntry.byVisit(id)).let { it.size == 2 && it.all { entry -> entry.endedAt != null } })
        other.until("nothing waits") { it.settled }
        assertTrue(other.read(ChecklistAnswer.where("state = 'answered' and value = 'yes'")).isNotEmpty())
    }
}

/** More questions than any checklist has. */
private const val QUESTIONS = 200

/** Every question that is asked, also those that come up by an answer. */
internal fun answerEverything(hands: Hands) = with(hands) {
    fun answered() = texts().first { Regex("\\d+ of \\d+").matches(it) }.substringBefore(' ').toInt()
    repeat(QUESTIONS) {
        val before = answered()
        val kinds = listOf("Save: ", "Yes: ", "Does not apply: ")
        val question = kinds.firstNotNullOfOrNull { named(it).firstOrNull() } ?: return@with
        if (question.startsWith("Save: ")) type(question.removePrefix("Save: "), "21.5")
        tap(question)
        check(until("the answer") { answered() > before })
    }
    error("more questions than any checklist has")
}

/** Two strokes with a finger. */
internal fun draw(hands: Hands) {
    val pad = hands.until("the pad") { hands.views().filterIsInstance<SignaturePad>().firstOrNull() }
    fun touch(action: Int, x: Float, y: Float) {
        val event = MotionEvent.obtain(0, 0, action, x * pad.width, y * pad.height, 0)
        pad.dispatchTouchEvent(event)
        event.recycle()
    }
    for ((start, width) in listOf(0.08f to 0.34f, 0.5f to 0.4f)) {
        fun x(at: Float) = start + width * at - 0.035f * sin(at * 26f)
        fun y(at: Float) = 0.56f - (0.2f - 0.14f * at) * cos(at * 26f + start)
        touch(MotionEvent.ACTION_DOWN, x(0f), y(0f))
        for (step in 1..90) touch(MotionEvent.ACTION_MOVE, x(step / 90f), y(step / 90f))
        touch(MotionEvent.ACTION_UP, x(1f), y(1f))
    }
}
