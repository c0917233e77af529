package dev.satchel.demo

import dev.satchel.Satchel
import dev.satchel.follow
import java.io.File
import java.util.UUID
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/**
 * The one client of the process: opened at the first call, whichever screen asks, and synced while a screen is visible.
 *
 * Nothing here is of Android.
 */
class Phone(
    private val folder: File,
    private val installNonce: UUID,
    private val scope: CoroutineScope,
    private val foreground: StateFlow<Boolean>,
    private val network: Flow<Boolean>,
) {
    private val opening = Mutex()
    private var open: Open? = null

    private class Open(val server: String, val satchel: Satchel, val following: Job)

    /** The client for that server; one for another server is closed first, and what it holds stays in its files. */
    suspend fun satchel(server: String): Satchel = opening.withLock {
        open?.let { if (it.server == server) return it.satchel }
        shut()
        val satchel = Satchel.open(folder.path, server, installNonce)
        open = Open(server, satchel, satchel.follow(scope, foreground, network))
        satchel
    }

    /** Lets go of the files. */
    suspend fun close(): Unit = opening.withLock { shut() }

    private suspend fun shut() {
        open?.let {
            it.following.cancel()
            it.satchel.close()
        }
        open = null
    }
}
