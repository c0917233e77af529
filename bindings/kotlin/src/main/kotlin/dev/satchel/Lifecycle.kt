package dev.satchel

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.launch

/** What a bounded sync in the background came to. */
public enum class BackgroundSync {
    /** Both sides agree. */
    COMPLETE,

    /** Ask the system for another turn. */
    AGAIN,

    /** A person is needed, or nobody is signed in: another turn would not help. */
    USELESS,
}

/**
 * Syncs while the app is in the foreground, and leaves the file tidy when it goes away.
 *
 * [foreground] is true while some screen is visible, [network] while the device has one. Ends with [scope].
 */
public fun Satchel.follow(scope: CoroutineScope, foreground: StateFlow<Boolean>, network: Flow<Boolean>): Job = scope.launch {
    launch { network.distinctUntilChanged().collectLatest { available -> whileSignedIn { setNetwork(available) } } }
    foreground.collectLatest { visible ->
        whileSignedIn {
            if (visible) start() else stop()
        }
    }
}

/** A background task's turn: what WorkManager calls, bounded by what the system grants. */
public suspend fun Satchel.syncInBackground(deadline: Duration = 25.seconds): BackgroundSync {
    val outcome = try {
        syncOnce(deadline)
    } catch (_: SatchelException.NotSignedIn) {
        return BackgroundSync.USELESS
    }
    return when {
        outcome.complete -> BackgroundSync.COMPLETE
        outcome.status.connection == Connection.NEEDS_SIGN_IN -> BackgroundSync.USELESS
        outcome.status.connection == Connection.UPDATE_REQUIRED -> BackgroundSync.USELESS
        else -> BackgroundSync.AGAIN
    }
}

/** Somebody who is not signed in has nothing to sync; signing in starts it. */
private suspend fun whileSignedIn(call: suspend () -> Unit) {
    try {
        call()
    } catch (_: SatchelException.NotSignedIn) {
        // Nothing to do.
    }
}
