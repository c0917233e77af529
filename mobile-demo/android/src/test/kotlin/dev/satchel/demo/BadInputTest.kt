package dev.satchel.demo

import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

@RunWith(RobolectricTestRunner::class)
class BadInputTest {
    @Test
    fun `what makes no sense is answered with a sentence, and nothing is queued`() = withHands {
        signIn(3)
        network(false)
        see("You are offline.")
        tap("08:00 – 10:00")
        tap("Accept")
        tap("Set out")
        tap("Arrive")
        see("On site")
        val before = waiting()

        tap("Not possible")
        tap("Not possible")
        see("reason")
        tap("Not now")

        tap("Write a note")
        tap("Save note")
        see("title")
        type("What is it about?", "x".repeat(100_000))
        tap("Save note")
        see("200 characters")
        assertEquals(before, waiting())

        type("What is it about?", "Long")
        type("Note", "long ".repeat(200_000))
        tap("Save note")
        see("at most 64 kB")
        assertEquals(1_000_000, typed("Note").length)
        assertEquals(before, waiting())
        // A bundle of that size would end the app.
        turn()
        see("at most 64 kB")
        assertEquals("Long", typed("What is it about?"))
        assertEquals("", typed("Note"))
    }

    private fun Hands.waiting(): Int = runBlocking { app.satchel().queue().size }
}
