package dev.satchel.demo.ui

import android.os.Bundle

/** What was typed or opened on a screen and is in no replica yet; outlives rotation and the death of the process. */
class Drafts(saved: Bundle?) {
    private val texts = HashMap<String, String>()
    private val bytes = HashMap<String, ByteArray>()

    init {
        saved?.getBundle(KEY)?.let { kept ->
            for (name in kept.keySet()) {
                kept.getString(name)?.let { texts[name] = it } ?: kept.getByteArray(name)?.let { bytes[name] = it }
            }
        }
    }

    operator fun get(name: String): String = texts[name].orEmpty()

    operator fun set(name: String, text: String) {
        if (text.isEmpty()) texts.remove(name) else texts[name] = text
    }

    fun bytes(name: String): ByteArray? = bytes[name]

    fun keep(name: String, contents: ByteArray) {
        bytes[name] = contents
    }

    /** Forgets what begins so. */
    fun forget(prefix: String) {
        texts.keys.removeAll { it.startsWith(prefix) }
        bytes.keys.removeAll { it.startsWith(prefix) }
    }

    /** What is longer than [MOST] is not kept, because a larger bundle would end the app; nor is what is secret. */
    fun save(out: Bundle) {
        val kept = Bundle()
        texts.filter { (name, text) -> text.length <= MOST && !name.startsWith(SECRET) }.forEach(kept::putString)
        bytes.filterValues { it.size <= MOST }.forEach(kept::putByteArray)
        out.putBundle(KEY, kept)
    }

    companion object {
        /** Names of what must not be written anywhere begin so. */
        const val SECRET: String = "!"

        /** Characters or bytes of one draft. */
        private const val MOST = 100_000
        private const val KEY = "drafts"
    }
}
