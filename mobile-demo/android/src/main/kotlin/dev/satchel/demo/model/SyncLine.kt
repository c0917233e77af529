package dev.satchel.demo.model

import dev.satchel.Connection
import dev.satchel.Readiness
import dev.satchel.Status
import java.time.ZoneId

/** What is always on the screen about syncing. */
data class SyncLine(
    /** In a few words. */
    val mark: Mark,
    /** What waits, in a few words; empty when nothing does. */
    val waiting: String,
    /** A sentence for the banner while work goes on without the server. */
    val banner: String?,
    /** Refused changes, which need a person. */
    val attention: Int,
    /** The share of a first download that is here, in percent. */
    val percent: Int?,
)

/** Says where syncing stands. */
fun syncLine(status: Status, zone: ZoneId): SyncLine {
    val queue = status.queue
    val unsent = (queue.pending + queue.sending + queue.held).toInt()
    val filling = status.readiness == Readiness.EMPTY || status.readiness == Readiness.FILLING
    val mark = when (status.connection) {
        Connection.ONLINE -> when {
            filling -> Mark("Fetching your day", Tone.ACCENT)
            unsent > 0 -> Mark("Sending", Tone.ACCENT)
            status.caughtUp -> Mark("Up to date", Tone.GOOD)
            else -> Mark("Updating", Tone.ACCENT)
        }
        Connection.CONNECTING -> Mark("Connecting", Tone.ACCENT)
        Connection.STOPPED -> Mark("Not syncing", Tone.NEUTRAL)
        Connection.OFFLINE -> Mark("Offline", Tone.WARN)
        Connection.WAITING -> Mark("No connection", Tone.WARN)
        Connection.NEEDS_SIGN_IN -> Mark("Please sign in", Tone.BAD)
        Connection.UPDATE_REQUIRED -> Mark("Please update the app", Tone.BAD)
        Connection.BLOCKED -> Mark("Syncing is blocked", Tone.BAD)
    }
    val kept = "What you enter is kept on this phone and sent later."
    val banner = when (status.connection) {
        Connection.OFFLINE -> "You are offline. $kept"
        Connection.WAITING -> "The server cannot be reached. $kept"
        Connection.NEEDS_SIGN_IN, Connection.UPDATE_REQUIRED, Connection.BLOCKED -> "${status.reason} ${status.nextStep}"
        else -> null
    }
    val total = status.progress.rowsTotal?.toLong() ?: 0
    val done = status.progress.rowsDone.toLong()
    return SyncLine(
        mark = mark,
        waiting = when {
            unsent > 0 -> "${count(unsent, "change")} to send"
            else -> status.lastSyncedAt?.let { "as of ${clock(it, zone)}" }.orEmpty()
        },
        banner = banner,
        attention = queue.rejected.toInt(),
        percent = if (filling) (done * 100 / total.coerceAtLeast(1)).toInt().coerceAtMost(if (total == 0L) 0 else 100) else null,
    )
}
