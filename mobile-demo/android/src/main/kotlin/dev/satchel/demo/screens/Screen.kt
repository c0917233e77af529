package dev.satchel.demo.screens

import android.app.Activity
import android.content.Intent
import android.os.Bundle
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.widget.LinearLayout
import android.widget.ScrollView
import dev.satchel.Satchel
import dev.satchel.SatchelException
import dev.satchel.demo.DemoApp
import dev.satchel.demo.model.Mark
import dev.satchel.demo.model.SyncLine
import dev.satchel.demo.model.Tone
import dev.satchel.demo.model.count
import dev.satchel.demo.model.sentence
import dev.satchel.demo.model.syncLine
import dev.satchel.demo.model.who
import dev.satchel.demo.ui.*
import java.time.ZoneOffset
import kotlin.reflect.KClass
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch

/**
 * What every screen has: where syncing stands, what went wrong with the last tap, a page that scrolls, and drafts that
 * outlive the process. Whoever is not signed in is led to the sign-in screen.
 */
abstract class Screen : Activity() {
    protected val app: DemoApp get() = application as DemoApp
    protected val scope: CoroutineScope = MainScope()
    protected lateinit var drafts: Drafts
    protected lateinit var page: LinearLayout
    private lateinit var head: LinearLayout
    private lateinit var sync: Slot<SyncLine>
    private lateinit var message: Slot<Mark?>
    private var busy = 0

    /** Whether somebody must be signed in to see this. */
    protected open val needsIdentity: Boolean get() = true

    /** The tab it is, if it is one. */
    protected open val tab: KClass<out Screen>? get() = null

    /** Builds the head, beside the way back. */
    protected abstract fun LinearLayout.head()

    /** Builds the page; [satchel] is open. */
    protected abstract fun build(satchel: Satchel)

    // What replaces the two flags is younger than the oldest Android that the app runs on.
    @Suppress("DEPRECATION")
    override fun onCreate(saved: Bundle?) {
        setTheme(android.R.style.Theme_Material_Light_NoActionBar)
        super.onCreate(saved)
        drafts = Drafts(saved)
        window.statusBarColor = Look.PAPER
        window.navigationBarColor = Look.CARD
        window.decorView.systemUiVisibility = View.SYSTEM_UI_FLAG_LIGHT_STATUS_BAR or View.SYSTEM_UI_FLAG_LIGHT_NAVIGATION_BAR
        setContentView(frame())
        message.show(drafts[MESSAGE].ifEmpty { null }?.let { Mark(it, Tone.BAD) })
        scope.launch { open() }
    }

    override fun onSaveInstanceState(out: Bundle) {
        super.onSaveInstanceState(out)
        drafts.save(out)
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    private suspend fun open() {
        val satchel = try {
            app.satchel()
        } catch (error: SatchelException) {
            if (!needsIdentity) return build(null)
            return say(sentence(error), Tone.BAD)
        }
        if (needsIdentity && satchel.identity == null) return go(SignInScreen::class, alone = true)
        if (needsIdentity) {
            val zone = satchel.who()?.zone ?: ZoneOffset.UTC
            satchel.status.map { syncLine(it, zone) }.distinctUntilChanged().into { sync.show(it) }
        }
        build(satchel)
    }

    /** For the one screen that can do without a client. */
    protected open fun build(none: Nothing?) = Unit

    /** Collects while the screen lives. */
    protected fun <T> Flow<T>.into(show: (T) -> Unit) {
        scope.launch { collect { show(it) } }
    }

    /** Does what a tap asks for; what is refused is said, and nothing has changed. */
    protected fun act(done: () -> Unit = {}, work: suspend () -> Unit) {
        say(null)
        scope.launch {
            busy++
            try {
                work()
                done()
            } catch (error: SatchelException) {
                say(sentence(error), Tone.BAD)
            } finally {
                busy--
            }
        }
    }

    /** Whether a tap is still being worked on. */
    val isBusy: Boolean get() = busy > 0

    /** A sentence below the head; null takes it away. */
    protected fun say(sentence: String?, tone: Tone = Tone.NEUTRAL) {
        drafts[MESSAGE] = sentence.orEmpty().takeIf { tone == Tone.BAD }.orEmpty()
        message.show(sentence?.let { Mark(it, tone) })
    }

    /** Opens a screen; [alone] leaves nothing to come back to. */
    protected fun go(screen: KClass<out Screen>, alone: Boolean = false, fill: Intent.() -> Unit = {}) {
        val intent = Intent(this, screen.java).apply(fill)
        if (alone) intent.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_CLEAR_TASK)
        startActivity(intent)
        if (alone) finish()
    }

    private fun frame(): View = LinearLayout(this).apply {
        orientation = LinearLayout.VERTICAL
        setBackgroundColor(Look.PAPER)
        fitsSystemWindows = true
        val edge = dp(Look.EDGE)
        head = row { head() }.apply { setPadding(edge, dp(14), edge, dp(6)) }
        if (needsIdentity) sync = slot<SyncLine>(gap = 8) { strip(it) }.also { padded(edge, 10) } else sync = Slot(column {}) {}
        message = slot<Mark?> { mark -> mark?.let { said(it) } }.also { padded(edge, 0) }
        val scroll = ScrollView(context).apply { isFillViewport = true }
        page = LinearLayout(context).apply {
            orientation = LinearLayout.VERTICAL
            setPadding(edge, dp(4), edge, dp(24))
        }
        scroll.addView(page)
        addView(scroll, LinearLayout.LayoutParams(MATCH_PARENT, 0, 1f))
        tab?.let { tabs(it) }
    }

    private fun LinearLayout.padded(edge: Int, below: Int) = getChildAt(childCount - 1).setPadding(edge, 0, edge, dp(below))

    private fun LinearLayout.said(mark: Mark) {
        label(mark.text, Look.BODY, mark.tone.ink).apply {
            background = rounded(mark.tone.wash)
            setPadding(dp(14), dp(12), dp(14), dp(12))
            contentDescription = mark.text
        }
        add(View(context).apply { layoutParams = LinearLayout.LayoutParams(MATCH_PARENT, dp(10)) })
    }

    private fun LinearLayout.strip(line: SyncLine) {
        row(8) {
            add(View(context).apply {
                background = rounded(line.mark.tone.solid, radius = 5f)
                layoutParams = LinearLayout.LayoutParams(dp(10), dp(10))
            })
            label(line.mark.text, Look.SMALL, line.mark.tone.ink, bold = true)
            label(line.waiting, Look.SMALL, Look.QUIET).grow()
        }
        line.percent?.let { bar(it, 100) }
        line.banner?.let {
            label(it, Look.SMALL, Tone.WARN.ink).apply {
                background = rounded(Tone.WARN.wash)
                setPadding(dp(14), dp(10), dp(14), dp(10))
            }
        }
        if (line.attention > 0 && tab != OutboxScreen::class) {
            row {
                val changes = count(line.attention, "change")
                label("$changes could not be saved at the office", Look.SMALL, Tone.BAD.ink, true).grow()
                label("Look ›", Look.SMALL, Tone.BAD.ink, true)
                background = touchable(rounded(Tone.BAD.wash))
                minimumHeight = dp(Look.TOUCH)
                setPadding(dp(14), 0, dp(14), 0)
                setOnClickListener { go(OutboxScreen::class) }
            }
        }
    }

    private fun LinearLayout.tabs(current: KClass<out Screen>) {
        add(View(context).apply {
            setBackgroundColor(Look.LINE)
            layoutParams = LinearLayout.LayoutParams(MATCH_PARENT, dp(1))
        })
        row(0) {
            setBackgroundColor(Look.CARD)
            for ((screen, name) in TABS) {
                val chosen = screen == current
                val button = button(name, Voice.PLAIN, tone = if (chosen) Tone.ACCENT else Tone.NEUTRAL) {
                    if (!chosen) go(screen) { addFlags(Intent.FLAG_ACTIVITY_REORDER_TO_FRONT) }
                }
                button.grow()
                button.isSelected = chosen
                button.minHeight = dp(56)
            }
        }
    }

    /** The way back, for the head of a screen that is no tab. */
    protected fun LinearLayout.back() {
        val arrow = arrow(left = true, "Back") { finish() }
        // Its picture, not its touched area, stands at the edge.
        (arrow.layoutParams as LinearLayout.LayoutParams).leftMargin = -dp(Look.EDGE)
    }

    private companion object {
        const val MESSAGE = "message"
        val TABS = listOf(TodayScreen::class to "Day", OutboxScreen::class to "Outbox", SettingsScreen::class to "Settings")
    }
}
