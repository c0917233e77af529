package dev.satchel.android

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import java.io.File
import java.util.UUID
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.distinctUntilChanged

/** A number that backups do not carry to another phone; made at the first call. */
fun installNonce(context: Context): UUID {
    val file = File(context.noBackupFilesDir, "satchel-install-nonce")
    if (file.exists()) return UUID.fromString(file.readText())
    return UUID.randomUUID().also { file.writeText(it.toString()) }
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
