package dev.satchel.demo

import android.content.Intent
import android.content.res.Configuration
import android.net.ConnectivityManager
import android.os.Bundle
import android.os.Looper
import android.os.Parcel
import android.view.View
import android.view.ViewGroup
import android.widget.EditText
import android.widget.TextView
import dev.satchel.Contractor
import dev.satchel.PATIENCE
import dev.satchel.demo.screens.Screen
import dev.satchel.demo.screens.TodayScreen
import kotlin.reflect.KClass
import kotlinx.coroutines.runBlocking
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.shadows.ShadowPausedLooper

/** Longest wait for a task of the main thread before a condition is looked at again, in milliseconds. */
private const val POLL_MS = 20L

/** A person with the phone in the hand: looks at what is on the screen, taps, types, and turns it. */
class Hands : AutoCloseable {
    val app: DemoApp = RuntimeEnvironment.getApplication() as DemoApp
    private val stack = ArrayDeque<ActivityController<out Screen>>()

    /** Intents for other apps. */
    val elsewhere = ArrayList<Intent>()

    /** What is on the screen. */
    val screen: Screen get() = stack.last().get()

    init {
        app.server = Contractor.url
    }

    /** Taps the app's icon. */
    fun launch(screen: KClass<out Screen> = TodayScreen::class) = push(Robolectric.buildActivity(screen.java).setup())

    /** Signs in, and waits until the whole day is there. */
    fun signIn(technician: Int) {
        launch()
        until("the sign-in screen") { shown("Sign in") != null }
        type("E-mail", Contractor.technicians[technician].email)
        type("Password", Contractor.technicians[technician].password)
        tap("Sign in")
        see("Up to date")
        see("of 4 done")
    }

    /** Waits until [text] stands somewhere. */
    fun see(text: String): View = until("“$text” is shown") { shown(text) }

    /** Waits until [text] stands nowhere. */
    fun gone(text: String) {
        until("“$text” is gone") { if (shown(text) == null) Unit else null }
    }

    /** Waits for what can be tapped and is called [name], and taps it. */
    fun tap(name: String) {
        val view = until("“$name” can be tapped") { touchable(name).firstOrNull { it.isEnabled } }
        check(view.performClick())
        settle()
    }

    /** Whether what is called [name] can be tapped. */
    fun enabled(name: String): Boolean = until("a button “$name”") { touchable(name).firstOrNull() }.isEnabled

    /** Replaces what stands in the field of that name. */
    fun type(name: String, text: String) {
        field(name).setText(text)
        settle()
    }

    /** What stands in the field of that name. */
    fun typed(name: String): String = field(name).text.toString()

    private fun field(name: String): EditText =
        until("a field “$name”") { views().filterIsInstance<EditText>().firstOrNull { it.contentDescription == name } }

    /** Every text on the screen. */
    fun texts(): List<String> = views().filterIsInstance<TextView>().map { it.text.toString() }.filter { it.isNotEmpty() }

    /** Every view on the screen. */
    fun views(): List<View> = stack.lastOrNull()?.let { within(it.get().window.decorView) }.orEmpty().filter { it.isShown }

    /** Names of what can be tapped and is not chosen yet, that begin so. */
    fun named(kind: String): List<String> = views().filter { it.hasOnClickListeners() && !it.isSelected }
        .mapNotNull { it.contentDescription?.toString() }.filter { it.startsWith(kind) }

    /** The device loses its network, or finds one. */
    fun network(available: Boolean) {
        val manager = app.getSystemService(ConnectivityManager::class.java)
        val network = checkNotNull(manager.activeNetwork)
        for (callback in shadowOf(manager).networkCallbacks) {
            if (available) callback.onAvailable(network) else callback.onLost(network)
        }
    }

    fun back() = tap("Back")

    /** Turns the phone. */
    fun turn() {
        val land = RuntimeEnvironment.getApplication().resources.configuration.orientation == Configuration.ORIENTATION_LANDSCAPE
        RuntimeEnvironment.setQualifiers(if (land) "+port" else "+land")
        val before = screen
        stack.last().configurationChange(app.resources.configuration).visible()
        check(screen !== before) { "the screen was not made anew" }
        settle()
    }

    /** The system ends the process: nothing is left but the screen's bundle, as bytes, and the files. */
    fun die() {
        val controller = stack.last()
        val bundle = Bundle()
        val (kind, intent) = controller.get().javaClass to controller.get().intent
        controller.pause().stop().saveInstanceState(bundle)
        val bytes = Parcel.obtain().run { writeBundle(bundle); marshall().also { recycle() } }
        stack.forEach { it.close() }
        stack.clear()
        runBlocking { app.phone.close() }
        app.onCreate()
        val read = Parcel.obtain().run {
            unmarshall(bytes, 0, bytes.size)
            setDataPosition(0)
            checkNotNull(readBundle(javaClass.classLoader))
        }
        push(Robolectric.buildActivity(kind, intent).setup(read))
    }

    /** Works off what the screens have to do. Waits until [holds] gives something. */
    fun <T : Any> until(what: String, holds: () -> T?): T {
        val deadline = System.nanoTime() + PATIENCE.inWholeNanoseconds
        while (true) {
            settle()
            holds()?.let { if (it != false) return it }
            check(System.nanoTime() < deadline) { "never: $what; on ${screen.javaClass.simpleName} there is ${texts()}" }
            (shadowOf(Looper.getMainLooper()) as ShadowPausedLooper).poll(POLL_MS)
        }
    }

    override fun close() {
        stack.forEach { it.close() }
        stack.clear()
        runBlocking { app.phone.close() }
    }

    private fun settle() {
        shadowOf(Looper.getMainLooper()).idle()
        while (true) {
            val intent = shadowOf(app).nextStartedActivity ?: break
            open(intent)
        }
        if (stack.lastOrNull()?.get()?.isFinishing == true) {
            stack.removeLast().close()
            stack.lastOrNull()?.restart()?.start()?.resume()
        }
    }

    @Suppress("UNCHECKED_CAST")
    private fun open(intent: Intent) {
        val kind = intent.component?.let { Class.forName(it.className) as Class<out Screen> }
        if (kind == null) {
            elsewhere += intent
            return
        }
        if (intent.flags and Intent.FLAG_ACTIVITY_CLEAR_TASK != 0) {
            val old = ArrayList(stack)
            stack.clear()
            push(Robolectric.buildActivity(kind, intent).setup())
            old.forEach { it.close() }
            return
        }
        val front = stack.firstOrNull { it.get().javaClass == kind }
        if (intent.flags and Intent.FLAG_ACTIVITY_REORDER_TO_FRONT != 0 && front != null) {
            stack.last().pause()
            stack.remove(front)
            front.restart().start().resume()
            stack.last().stop()
            stack.addLast(front)
            return
        }
        push(Robolectric.buildActivity(kind, intent).setup())
    }

    private fun push(next: ActivityController<out Screen>) {
        stack.lastOrNull()?.pause()?.stop()
        stack.addLast(next)
        shadowOf(Looper.getMainLooper()).idle()
    }

    private fun shown(text: String): View? =
        views().firstOrNull { it is TextView && it !is EditText && it.text.contains(text) }

    private fun touchable(name: String): List<View> = views().filter { view ->
        val says = { part: View -> part is TextView && part.text.toString() == name }
        view.hasOnClickListeners() && (view.contentDescription == name || within(view).any(says))
    }

    private fun within(view: View): List<View> {
        val group = view as? ViewGroup ?: return listOf(view)
        return listOf(view) + (0 until group.childCount).flatMap { within(group.getChildAt(it)) }
    }
}

/** A phone for one test. */
fun withHands(use: Hands.() -> Unit): Unit = Hands().use(use)

