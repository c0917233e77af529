package dev.satchel.demo.model

import dev.satchel.DiagnosticsEntry
import dev.satchel.Readiness
import dev.satchel.Satchel
import dev.satchel.Severity
import dev.satchel.Status
import java.time.ZoneId
import kotlin.math.abs

/** Where syncing stands, as lines for a person and for support. */
fun told(status: Status, zone: ZoneId): List<Pair<String, String>> = listOfNotNull(
    "Now" to status.reason,
    status.nextStep.takeIf { it.isNotBlank() }?.let { "Next" to it },
    "Last complete" to (status.lastSyncedAt?.let { dayAndTime(it, zone) } ?: "never"),
    "On this phone" to when (status.readiness) {
        Readiness.EMPTY -> "nothing yet"
        Readiness.FILLING -> "being fetched"
        Readiness.CHECKING -> "being checked"
        Readiness.READY -> "everything you may see"
        Readiness.REPAIRING -> "everything, and being compared again"
    },
    status.serverOffsetMs?.let { "Clock" to offset(it) },
    status.traceId?.let { "Trace" to it },
)

private fun offset(ms: Long): String = when {
    abs(ms) < NOTICED_MS -> "right"
    ms > 0 -> "${ms / 1_000} s behind the server's"
    else -> "${-ms / 1_000} s ahead of the server's"
}

/** By how much a clock may differ before anybody is told, in milliseconds. */
private const val NOTICED_MS = 2_000L

/** What is unsent, in the words that sign-out shows. */
fun unsent(status: Status): String {
    val queue = status.queue
    val number = (queue.pending + queue.sending + queue.held + queue.rejected).toInt()
    if (number == 0) return "Everything you entered is at the office."
    val them = if (number == 1) "It stays" else "They stay"
    return "${count(number, "change")} did not reach the office yet. $them on this phone, and go on when you sign in again."
}

/** What went wrong in this process lately, newest first. */
fun diagnostics(zone: ZoneId): List<String> = Satchel.diagnostics().asReversed().map { it.line(zone) }

private fun DiagnosticsEntry.line(zone: ZoneId): String {
    val sign = if (severity == Severity.ERROR) "Fault" else "Warning"
    return "${clock(at, zone)}  $sign  ${area.removePrefix("satchel_")}: $text"
}
