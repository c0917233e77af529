package dev.satchel.demo

import dev.satchel.Contractor
import dev.satchel.demo.screens.SignInScreen
import dev.satchel.demo.screens.VisitScreen
import dev.satchel.demo.ui.SignaturePad
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

@RunWith(RobolectricTestRunner::class)
class LifeTest {
    @Test
    fun `the death of the process loses neither work nor what was being typed`() = withHands {
        signIn(2)
        network(false)
        see("You are offline.")
        tap("08:00 – 10:00")
        tap("Accept")
        tap("Set out")
        tap("Arrive")
        see("On site")
        tap("Write a note")
        type("What is it about?", "Half a title")
        type("Note", "Half a thou")
        tap("Not possible")
        type("The office reads this", "Nobody is ho")

        die()

        assertEquals(VisitScreen::class, screen::class)
        see("On site")
        assertEquals("Half a title", typed("What is it about?"))
        assertEquals("Half a thou", typed("Note"))
        assertEquals("Nobody is ho", typed("The office reads this"))
        see("Why is it not possible?")
        // All of it was kept unsent, and a new process sends it.
        type("Note", "Half a thought, finished.")
        tap("Save note")
        see("Half a thought, finished.")
        network(true)
        see("Up to date")
    }

    @Test
    fun `turning the phone keeps a signature and the search`() = withHands {
        signIn(2)
        tap("10:00 – 12:00")
        for (step in listOf("Accept", "Set out", "Arrive")) tap(step)
        see("On site")
        type("Search the pricebook", "a")
        turn()
        assertEquals("a", typed("Search the pricebook"))
        tap("Done in part")
        turn()
        type("May be left empty", "The rest tomorrow.")
        tap("Done in part")
        tap("Ask the customer to sign")
        type("Name", "Ada")
        draw(this)
        val drawn = views().filterIsInstance<SignaturePad>().single().strokes.encoded()
        turn()
        assertEquals("Ada", typed("Name"))
        val kept = views().filterIsInstance<SignaturePad>().single()
        assertEquals(drawn.toList(), kept.strokes.encoded().toList())
        tap("Clear")
        assertEquals(0, kept.strokes.encoded().size)
        tap("Sign")
        see("Please let the customer sign on the screen.")
    }

    @Test
    fun `signing out says what stays, and it goes on after the next sign-in`() = withHands {
        signIn(2)
        network(false)
        see("You are offline.")
        tap("13:00 – 15:00")
        tap("Accept")
        see("Accepted")
        back()
        tap("Settings")
        see("1 change did not reach the office yet. It stays on this phone")
        tap("Check now")
        see("every row is as it should be")
        tap("Sign out")
        until("the sign-in screen") { screen is SignInScreen }
        network(true)
        type("Password", Contractor.technicians[2].password)
        tap("Sign in")
        see("Up to date")
        tap("Outbox")
        see("Everything has reached the office.")
    }
}
