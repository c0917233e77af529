package dev.satchel.demo

import android.graphics.Bitmap
import android.graphics.Canvas
import android.view.View
import dev.satchel.Contractor
import dev.satchel.demo.screens.VisitScreen
import dev.satchel.model.CancelVisit
import dev.satchel.model.Visit
import java.io.File
import java.util.UUID
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

/**
 * Draws the main screens, as a phone would. Nothing is compared: a picture must have many colours and the text in it. With
 * `-Ppictures` they go into `docs/pictures`.
 */
@RunWith(RobolectricTestRunner::class)
class PicturesTest {
    @Test
    fun `the screens can be looked at`() = withHands {
        launch()
        see("Sign in")
        picture("sign-in")
        signIn(5)
        visit("08:00 – 10:00") {
            for (step in listOf("Accept", "Set out", "Arrive")) tap(step)
            answerEverything(this)
            tap("Complete")
            type("May be left empty", "Cleaned the burner and replaced the flame sensor.")
            tap("Complete")
            see("Completed")
            tap("Ask the customer to sign")
            see("Outcome")
            type("Name", "Dana Whitfield")
            draw(this)
            picture("signature")
            tap("Sign")
            see("Work signed by")
        }
        visit("10:00 – 12:00") {
            for (step in listOf("Accept", "Set out", "Arrive")) tap(step)
            tap("Work")
            see("Work since")
            for (answer in 1..2) {
                tap(until("a question") { named("Yes: ").firstOrNull() })
                until("the answer") { texts().firstOrNull { it.startsWith("$answer of ") } }
            }
            picture("visit")
        }
        visit("15:00 – 17:00") { tap("Accept"); see("Accepted") }
        see("Up to date")
        network(false)
        see("You are offline.")
        visit("13:00 – 15:00") {
            val visit = UUID.fromString(screen.intent.getStringExtra(VisitScreen.VISIT))
            tap("Accept")
            see("Accepted")
            tap("Set out")
            see("On the way")
            tap("Write a note")
            type("What is it about?", "Gate")
            type("Note", "The code has changed: ask at the desk.")
            tap("Save note")
            see("ask at the desk")
            val row = runBlocking { checkNotNull(app.satchel().first(Visit.byId(visit))) }
            Contractor.office("visit/v1/cancel", CancelVisit(row.jobId, visit, "Called off.").json())
        }
        see("changes to send")
        picture("today")
        network(true)
        see("could not be saved at the office")
        see("Up to date")
        network(false)
        see("You are offline.")
        visit("10:00 – 12:00") { tap("Pause"); see("Paused") }
        tap("Look ›")
        see("Needs attention")
        see("Pause visit")
        picture("needs-attention")
        network(true)
        tap("Settings")
        see("everything you may see")
        picture("settings")
    }

    private fun Hands.visit(window: String, there: Hands.() -> Unit) {
        tap(window)
        there()
        back()
        see("of 4 done")
    }

    private fun Hands.picture(name: String) {
        val view: View = screen.window.decorView
        val bitmap = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888)
        view.draw(Canvas(bitmap))
        val folder = File(checkNotNull(System.getProperty("satchel.pictures")))
        folder.mkdirs()
        folder.resolve("$name.png").outputStream().use { bitmap.compress(Bitmap.CompressFormat.PNG, 100, it) }
        val pixels = IntArray(view.width * view.height)
        bitmap.getPixels(pixels, 0, view.width, 0, 0, view.width, view.height)
        val colours = pixels.toSet().size
        assertTrue("$name has $colours colours", colours > FEWEST_COLOURS)
    }

    private companion object {
        /** A blank page, or one of areas without text, has fewer. */
        const val FEWEST_COLOURS = 50
    }
}
