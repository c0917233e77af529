package dev.satchel.demo

import dev.satchel.Contractor
import dev.satchel.demo.screens.VisitScreen
import dev.satchel.model.CancelVisit
import dev.satchel.model.Visit
import java.util.UUID
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

@RunWith(RobolectricTestRunner::class)
class AttentionTest {
    /** Two steps without a network, of a visit that the office cancels meanwhile. */
    private fun refused(hands: Hands, window: String) = with(hands) {
        tap(window)
        val visit = UUID.fromString(screen.intent.getStringExtra(VisitScreen.VISIT))
        network(false)
        tap("Accept")
        see("Accepted")
        tap("Set out")
        see("On the way")
        val row = runBlocking { checkNotNull(app.satchel().first(Visit.byId(visit))) }
        Contractor.office("visit/v1/cancel", CancelVisit(row.jobId, visit, "Called off.").json())
        network(true)
        see("could not be saved at the office")
        see("Canceled")
        tap("Look ›")
        see("Needs attention")
    }

    private fun Hands.listed(): Set<UUID> = views().mapNotNull { it.tag as? UUID }.toSet()

    /** Waits until as many refusals are shown, none of which is one of [before]. */
    private fun Hands.anew(before: Set<UUID>, number: Int) {
        check(until("other refusals") { listed().let { it.size == number && it.intersect(before).isEmpty() } })
    }

    @Test
    fun `what the office refuses is shown with its reason, and taken back with what waits for it`() = withHands {
        signIn(1)
        refused(this, "08:00 – 10:00")
        see("canceled")
        assertEquals(1, texts().count { it == "Send again" })
        see("Depends on it: Set out")
        val before = listed()
        tap("Send again")
        anew(before, 2)
        see("Depends on it: Set out")
        tap("Take back")
        see("1 other change depends on it.")
        turn()
        see("1 other change depends on it.")
        tap("Take back all 2")
        see("Everything has reached the office.")
        gone("could not be saved")
        assertTrue(runBlocking { app.satchel().attention() + app.satchel().queue() }.isEmpty())
    }

    @Test
    fun `a refused change is corrected, and one is taken back alone`() = withHands {
        signIn(1)
        tap("10:00 – 12:00")
        val visit = UUID.fromString(screen.intent.getStringExtra(VisitScreen.VISIT))
        network(false)
        tap("Decline")
        type("May be left empty", "Too far.")
        tap("Decline")
        see("Scheduled")
        val row = runBlocking { checkNotNull(app.satchel().first(Visit.byId(visit))) }
        Contractor.office("visit/v1/cancel", CancelVisit(row.jobId, visit, "Called off.").json())
        network(true)
        tap("Look ›")
        val first = runBlocking { app.satchel().attention().single() }
        tap("Correct")
        assertEquals("Too far.", typed("Why not?"))
        type("Why not?", "Too far for today.")
        tap("Send corrected")
        anew(setOf(first.entry.key), 1)
        val second = runBlocking { app.satchel().attention().single() }
        assertEquals(first.entry.key, second.entry.retryOf)
        assertTrue("Too far for today." in second.entry.argsJson)
        tap("Take back")
        tap("Yes, take back")
        see("Everything has reached the office.")
    }
}
