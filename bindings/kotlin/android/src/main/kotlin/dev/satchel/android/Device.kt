package dev.satchel.android

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import android.util.AtomicFile
import java.io.File
import java.io.IOException
import java.util.UUID
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.distinctUntilChanged

/**
 * A number that backups do not carry to another phone; made at the first call, and anew if what was kept cannot be read: the
 * replica then takes itself for a copy and gets a device of its own, which loses nothing.
 */
@Synchronized
fun installNonce(context: Context): UUID {
    val file = AtomicFile(File(context.noBackupFilesDir, "satchel-install-nonce"))
    try {
        return UUID.fromString(file.readFully().decodeToString())
    } catch (_: IOException) {
        // The first call.
    } catch (_: IllegalArgumentException) {
        // Not what was written here.
    }
    return UUID.randomUUID().also { nonce ->
        val stream = file.startWrite()
        stream.write(nonce.toString().encodeToByteArray())
        file.finishWrite(stream)
    }
}

/** Whether the device has a network, now and as it changes: what `Satchel.follow` wants. */
fun network(context: Context): Flow<Boolean> = callbackFlow {
    val manager = context.getSystemService(ConnectivityManager::class.java)
    val callback = object : ConnectivityManager.NetworkCallback() {
        override fun onAvailable(network: Network) { trySendBlocking(true) }
        override fun onLost(network: Network) { trySendBlocking(false) }
    }
    trySendBlocking(manager.activeNetwork != null)
    manager.registerDefaultNetworkCallback(callback)
    awaitClose { manager.unregisterNetworkCallback(callback) }
}.distinctUntilChanged()
