package dev.satchel.demo

import android.app.Activity
import android.app.Application
import android.content.SharedPreferences
import android.os.Bundle
import dev.satchel.Satchel
import dev.satchel.android.installNonce
import dev.satchel.android.network
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.MutableStateFlow

/** The app's process: holds the client, and knows whether a screen is visible. */
class DemoApp : Application() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val visible = MutableStateFlow(false)
    private lateinit var settings: SharedPreferences

    /** The client's holder. */
    lateinit var phone: Phone
        private set

    /** Where the server is; chosen on the sign-in screen. */
    var server: String
        get() = settings.getString(SERVER, null) ?: DEFAULT_SERVER
        set(address) = settings.edit().putString(SERVER, address).apply()

    /** Who signed in last. */
    var email: String
        get() = settings.getString(EMAIL, null).orEmpty()
        set(address) = settings.edit().putString(EMAIL, address).apply()

    override fun onCreate() {
        super.onCreate()
        settings = getSharedPreferences("satchel", MODE_PRIVATE)
        phone = Phone(filesDir.resolve("satchel"), installNonce(this), scope, visible, network(this))
        registerActivityLifecycleCallbacks(Visible(visible))
    }

    /** The client. */
    suspend fun satchel(): Satchel = phone.satchel(server)

    private class Visible(private val visible: MutableStateFlow<Boolean>) : ActivityLifecycleCallbacks {
        private var started = 0

        override fun onActivityStarted(activity: Activity) { visible.value = ++started > 0 }
        override fun onActivityStopped(activity: Activity) { visible.value = --started > 0 }
        override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit
        override fun onActivityResumed(activity: Activity) = Unit
        override fun onActivityPaused(activity: Activity) = Unit
        override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit
        override fun onActivityDestroyed(activity: Activity) = Unit
    }

    private companion object {
        const val SERVER = "server"
        const val EMAIL = "email"

        /** The emulator's name for the machine that it runs on. */
        const val DEFAULT_SERVER = "http://10.0.2.2:8080"
    }
}
