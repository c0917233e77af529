package dev.satchel.demo.screens

import android.text.InputType
import android.widget.LinearLayout
import dev.satchel.Membership
import dev.satchel.Satchel
import dev.satchel.SatchelException
import dev.satchel.demo.model.Tone
import dev.satchel.demo.ui.*
import java.util.UUID

/** Who are you, and at which server. */
class SignInScreen : Screen() {
    override val needsIdentity: Boolean get() = false
    private lateinit var organizations: Slot<List<Membership>>

    override fun LinearLayout.head() = Unit

    override fun build(satchel: Satchel) = form()

    override fun build(none: Nothing?) = form()

    private fun form() {
        if (drafts[STARTED].isEmpty()) {
            drafts[STARTED] = "yes"
            drafts[SERVER] = app.server
            drafts[EMAIL] = app.email
        }
        page.column(Look.GAP) {
            setPadding(0, dp(40), 0, 0)
            label("Satchel", 34f, Look.ACCENT, bold = true)
            label("Your day's work, with or without signal.", Look.BODY, Look.QUIET).setPadding(0, 0, 0, dp(20))
            field("E-mail", drafts, EMAIL, kind = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_EMAIL_ADDRESS)
            field("Password", drafts, PASSWORD, kind = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_PASSWORD)
            field("Server", drafts, SERVER, kind = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_URI)
            button("Sign in", Voice.LOUD) { signIn(null) }
            organizations = slot { choices ->
                if (choices.isNotEmpty()) label("Which organization?", Look.TITLE, bold = true)
                choices.forEach { choice -> button(choice.orgName) { signIn(choice.orgId) } }
            }
            label("Work that was not sent before you signed out is still on this phone.", Look.SMALL, Look.QUIET)
        }
    }

    private fun signIn(organization: UUID?) {
        if (isBusy) return
        act(done = { go(TodayScreen::class, alone = true) }) {
            say("Signing in …", Tone.ACCENT)
            try {
                // Opened before it is remembered: an address that makes no sense is not.
                val satchel = app.phone.satchel(drafts[SERVER].trim())
                app.server = drafts[SERVER].trim()
                satchel.signIn(drafts[EMAIL].trim(), drafts[PASSWORD], organization)
                app.email = drafts[EMAIL].trim()
                drafts[PASSWORD] = ""
                satchel.start()
            } catch (choose: SatchelException.ChooseOrganization) {
                organizations.show(choose.memberships)
                throw choose
            }
        }
    }

    private companion object {
        const val STARTED = "started"
        const val SERVER = "server"
        const val EMAIL = "email"
        const val PASSWORD = Drafts.SECRET + "password"
    }
}
