package dev.satchel

import dev.satchel.model.*
import java.io.File
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test

/** Figures, printed as rows of a table and not judged: `./dev mobile-figures`. */
@Tag("figures")
class Figures {
    /** As many as `bindings/ffi/examples/refresh.rs` measures. */
    private val rounds = 200

    @Test
    fun `from a mutation to the refreshed rows`() = runBlocking {
        val technician = Contractor.technicians[0]
        val folder = temporary("satchel-rust-").toFile()
        val rust = ProcessBuilder(System.getProperty("satchel.refresh"), folder.path, Contractor.url, technician.email, technician.password)
            .redirectError(ProcessBuilder.Redirect.INHERIT).start()
        val rustMicros = rust.inputStream.bufferedReader().readText().trim().toLong()
        folder.deleteRecursively()
        withTechnician { phone ->
            phone.stop()
            val visit = checkNotNull(phone.first(Visit.where("state = ?1 order by window_start", VisitState.DISPATCHED)))
            val seen = Channel<Visit>(Channel.UNLIMITED)
            val watching = launch(kotlinx.coroutines.Dispatchers.Default) {
                phone.watch(Visit.byId(visit.id)).collect { rows -> rows.forEach { seen.send(it) } }
            }
            suspend fun await(state: VisitState) = withTimeout(PATIENCE) { while (seen.receive().state != state) continue }
            await(VisitState.DISPATCHED)
            val (whole, after) = ArrayList<Long>() to ArrayList<Long>()
            repeat(rounds) {
                val begin = System.nanoTime()
                val done = phone.mutate(AcceptVisit(visit.jobId, visit.id))
                val returned = System.nanoTime()
                await(VisitState.ACCEPTED)
                val end = System.nanoTime()
                whole.add((end - begin) / 1_000)
                after.add((end - returned) / 1_000)
                phone.undo(done.key)
                await(VisitState.DISPATCHED)
            }
            watching.cancel()
            val (kotlin, late) = whole.sorted()[rounds / 2] to after.sorted()[rounds / 2]
            val ratio = kotlin.toDouble() / rustMicros
            row("from a mutation in Kotlin to its refreshed rows (p50 of $rounds)", ms(kotlin), "${ms(rustMicros)} in Rust, ratio %.2f".format(ratio))
            row("of that, after Kotlin was told of the commit (p50)", ms(late), "", "<= 16.67 ms, a frame")
        }
    }

    @Test
    fun `memory of subscribing and cancelling`() = runBlocking {
        withTechnician { phone ->
            phone.stop()
            suspend fun cycles(count: Int): Long {
                repeat(count) { phone.observe(Visit) {}.use { it.cancel() } }
                System.gc()
                // Whatever was cancelled is let go by now: one is told, behind all others.
                val told = Channel<Unit>(Channel.CONFLATED)
                val visit = checkNotNull(phone.first(Visit.where("state = ?1", VisitState.DISPATCHED)))
                phone.observe(Visit) { told.trySend(Unit) }.use {
                    val key = phone.mutate(AcceptVisit(visit.jobId, visit.id)).key
                    withTimeout(PATIENCE) { told.receive() }
                    phone.undo(key)
                }
                return residentKilobytes()
            }
            cycles(10_000)
            val before = cycles(10_000)
            val after = cycles(100_000)
            row("resident memory after 120,000 subscriptions, cancelled", "$after kB", "$before kB after 20,000 of them", "flat")
            assertEquals(0, phone.queue().size)
        }
    }

    private fun ms(micros: Long): String = "%.2f ms".format(micros / 1_000.0)

    private fun row(what: String, figure: String, beside: String, target: String = "") =
        println("| $what | $figure | $beside | $target |")

    private fun residentKilobytes(): Long =
        File("/proc/self/status").readLines().first { it.startsWith("VmRSS:") }.filter(Char::isDigit).toLong()
}
