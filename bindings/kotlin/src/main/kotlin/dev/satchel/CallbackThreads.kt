package dev.satchel

import com.sun.jna.CallbackThreadInitializer
import com.sun.jna.Native

/**
 * The library's threads as the virtual machine sees them. JNA attaches a thread for each call into Kotlin and detaches it
 * after, unless told otherwise: here they stay attached until they end, as daemons, so that no process waits for them.
 */
internal object CallbackThreads {
    init {
        val staying = CallbackThreadInitializer(true, false, "satchel")
        listOf(
            uniffiRustFutureContinuationCallbackImpl,
            uniffiCallbackInterfaceChangeObserver.changed,
            uniffiCallbackInterfaceStatusObserver.statusChanged,
            uniffiCallbackInterfaceSessionStore.load,
            uniffiCallbackInterfaceSessionStore.save,
            uniffiCallbackInterfaceSessionStore.clear,
        ).forEach { Native.setCallbackThreadInitializer(it, staying) }
    }

    /** From the first call on. */
    fun keepAttached() = Unit
}
