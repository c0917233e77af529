package dev.satchel.demo.screens

import android.content.Intent
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.LinearLayout
import dev.satchel.Satchel
import dev.satchel.demo.model.*
import dev.satchel.demo.ui.*
import kotlin.reflect.KClass
import kotlinx.coroutines.launch

/** Who is signed in, what support wants to know, and the way out. */
class SettingsScreen : Screen() {
    override val tab: KClass<out Screen> get() = SettingsScreen::class
    private lateinit var leaving: Slot<String>

    override fun LinearLayout.head() {
        label("Settings", Look.DISPLAY, bold = true).grow()
    }

    override fun build(satchel: Satchel) {
        page.column(Look.GAP) {
            val person = slot<Who> { person(it) }
            val status = slot<List<Pair<String, String>>> { status(it) }
            val check = slot<String> { check(it, satchel) }
            val faults = slot<List<String>> { faults(it) }
            leaving = slot { leaving(it, satchel) }
            check.show("")
            scope.launch {
                val who = satchel.who() ?: return@launch
                person.show(who)
                faults.show(diagnostics(who.zone))
                satchel.status.collect {
                    status.show(told(it, who.zone))
                    leaving.show(unsent(it))
                }
            }
            checked = check
        }
    }

    private lateinit var checked: Slot<String>

    private fun LinearLayout.person(who: Who) {
        card {
            label(who.name, Look.TITLE, bold = true)
            label(who.organization)
            label(app.server, Look.SMALL, Look.QUIET)
        }
    }

    private fun LinearLayout.status(lines: List<Pair<String, String>>) {
        card {
            heading("Syncing")
            for ((name, value) in lines) row {
                label(name, Look.SMALL, Look.QUIET).layoutParams = LinearLayout.LayoutParams(dp(104), WRAP_CONTENT)
                label(value).grow()
            }
        }
    }

    private fun LinearLayout.check(result: String, satchel: Satchel) {
        card {
            heading("Data on this phone")
            label(result.ifEmpty { "Compares every row with its checksum." }, Look.BODY, Look.QUIET)
            button("Check now") {
                act {
                    val differing = satchel.verify()
                    checked.show(
                        if (differing.isEmpty()) "Checked: every row is as it should be."
                        else "Not as it should be: ${differing.map { it.table }.distinct().joinToString()}. Please tell support.",
                    )
                }
            }
        }
    }

    private fun LinearLayout.faults(lines: List<String>) {
        card {
            heading("Diagnostics", if (lines.isEmpty()) "" else lines.size.toString())
            if (lines.isEmpty()) label("Nothing went wrong since the app was started.", Look.BODY, Look.QUIET)
            lines.take(SHOWN).forEach { label(it, Look.SMALL, Look.QUIET) }
            if (lines.isNotEmpty()) button("Send to support") {
                val send = Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_TEXT, lines.joinToString("\n"))
                startActivity(Intent.createChooser(send, "Send to support"))
            }
        }
    }

    private fun LinearLayout.leaving(unsent: String, satchel: Satchel) {
        card {
            heading("Sign out")
            label(unsent, Look.BODY, Look.QUIET)
            button("Sign out", tone = Tone.BAD) {
                act(done = { go(SignInScreen::class, alone = true) }) { satchel.signOutKeepingWork() }
            }
        }
    }

    private companion object {
        /** Entries that fit a screen; all are sent. */
        const val SHOWN = 20
    }
}
