package dev.satchel.demo

import dev.satchel.android.installNonce
import java.io.File
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment

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

    @Test
    fun `a number of the installation that cannot be read is made anew, once`() {
        val app = RuntimeEnvironment.getApplication()
        val kept = installNonce(app)
        assertEquals(kept, installNonce(app))
        File(app.noBackupFilesDir, "satchel-install-nonce").writeText(kept.toString().take(20))
        val other = installNonce(app)
        assertNotEquals(kept, other)
        assertEquals(other, installNonce(app))
    }

    private fun Hands.waiting(): Int = runBlocking { app.satchel().queue().size }
}
