package dev.satchel.demo

import dev.satchel.Contractor
import dev.satchel.demo.screens.SignInScreen
import dev.satchel.demo.screens.TodayScreen
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

@RunWith(RobolectricTestRunner::class)
class SignInTest {
    @Test
    fun `whoever is not signed in is asked to, and then sees the day`() = withHands {
        signIn(0)
        assertEquals(TodayScreen::class, screen::class)
        assertEquals(4, texts().count { it == "New" })
        close()
        // The icon once more: nobody is asked again.
        launch()
        see("of 4 done")
    }

    @Test
    fun `a wrong password is said, and nothing typed is lost`() = withHands {
        launch()
        type("E-mail", Contractor.technicians[0].email)
        type("Password", "a guess")
        tap("Sign in")
        val said = until("a refusal") { texts().firstOrNull { "password" in it.lowercase() && it.endsWith(".") } }
        assertTrue(said, said.length > 10 && "a guess" !in said)
        assertEquals(Contractor.technicians[0].email, typed("E-mail"))
        turn()
        see(said)
    }

    @Test
    fun `a server that is not there is said, and an address that is none`() = withHands {
        launch()
        type("Server", "http://127.0.0.1:9")
        type("E-mail", "a@example.com")
        type("Password", "b")
        tap("Sign in")
        val away = until("why") { texts().firstOrNull { "reach" in it } }
        type("Server", "no address")
        tap("Sign in")
        until("another reason") { texts().firstOrNull { it.endsWith(".") && "address" in it.lowercase() && it != away } }
        assertEquals(SignInScreen::class, screen::class)
    }
}
