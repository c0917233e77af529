package dev.satchel

import dev.satchel.model.*
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Observers: coalesced, cancellable from anywhere, and no harm in what they throw. */
class ObserverTest {
    private suspend fun Satchel.openVisit(): Visit =
        checkNotNull(first(Visit.where("state = ?1 order by window_start", VisitState.DISPATCHED)))

    private fun CountDownLatch.patiently() = assertTrue(await(PATIENCE.inWholeSeconds, TimeUnit.SECONDS))

    @Test
    fun `ten thousand changes come in few calls`() = runBlocking {
        withPhone { phone ->
            val calls = AtomicInteger()
            val running = AtomicInteger()
            val overlapped = AtomicInteger()
            // Before anybody signed in: the subscription follows to the replica that is opened.
            val subscription = phone.observe {
                if (running.incrementAndGet() > 1) overlapped.incrementAndGet()
                calls.incrementAndGet()
                running.decrementAndGet()
            }
            val technician = Contractor.technicians[0]
            phone.signIn(technician.email, technician.password)
            phone.start()
            phone.until("both sides agree") { it.settled }
            val rows = listOf(PricebookItem, PricebookComponent, PricebookPrice, PricebookCategory, Visit, StockLevel)
                .sumOf { phone.sql("select count(*) from ${it.name}").single().long(0) }
            assertTrue(rows > 10_000, "$rows rows")
            eventually("a call") { calls.get() > 0 }
            assertTrue(calls.get() < rows / 20, "${calls.get()} calls for $rows rows")
            assertEquals(0, overlapped.get())
            subscription.cancel()
        }
    }

    @Test
    fun `cancelling from inside the callback is safe`() = runBlocking {
        withTechnician { phone ->
            val visit = phone.openVisit()
            val (called, calls) = CountDownLatch(1) to AtomicInteger()
            val own = AtomicReference<Subscription>()
            own.set(phone.observe(Visit) {
                calls.incrementAndGet()
                eventually("the subscription is known") { own.get() != null }
                own.get().cancel()
                own.get().cancel()
                called.countDown()
            })
            phone.stop()
            val key = phone.mutate(AcceptVisit(visit.jobId, visit.id)).key
            called.patiently()
            assertTrue(own.get().isCancelled())
            val after = CountDownLatch(1)
            val later = phone.observe(Visit) { after.countDown() }
            phone.undo(key)
            after.patiently()
            assertEquals(1, calls.get())
            later.cancel()
        }
    }

    @Test
    fun `a callback that throws crashes nothing and is told`() = runBlocking {
        withTechnician { phone ->
            phone.stop()
            val visit = phone.openVisit()
            val calls = AtomicInteger()
            val subscription = phone.observe(Visit) {
                calls.incrementAndGet()
                throw IllegalStateException("the customer's name")
            }
            val key = phone.mutate(AcceptVisit(visit.jobId, visit.id)).key
            eventually("the first call") { calls.get() == 1 }
            phone.undo(key)
            eventually("the second call: the first ended nothing") { calls.get() == 2 }
            eventually("an entry in the diagnostics") { Satchel.diagnostics().any { it.area == "observer" } }
            assertTrue(Satchel.diagnostics().none { it.text.contains("customer") })
            subscription.cancel()
        }
    }

    @Test
    fun `closing from inside a callback, and nothing after it`() = runBlocking {
        val folder = temporary("satchel-phone-")
        val phone = Satchel.open(folder.toString(), Contractor.url)
        val technician = Contractor.technicians[0]
        val (closed, calls, early) = Triple(CountDownLatch(1), AtomicInteger(), AtomicReference<Throwable>())
        val subscription = phone.observe {
            calls.incrementAndGet()
            try {
                runBlocking { phone.close() }
            } catch (thrown: Throwable) {
                early.set(thrown)
            }
            closed.countDown()
        }
        try {
            phone.signIn(technician.email, technician.password)
        } catch (_: SatchelException.Closed) {
            // The callback was faster.
        }
        closed.patiently()
        assertNull(early.get())
        assertTrue(subscription.isCancelled())
        assertEquals(1, calls.get())
        folder.toFile().deleteRecursively()
        Unit
    }

    @Test
    fun `flows of changes merge what is not collected in time`() = runBlocking {
        withTechnician { phone ->
            phone.stop()
            val visit = phone.openVisit()
            val job = launch {
                // What stopping changed may still come first.
                phone.changes(Visit).first { changes -> changes.tables.any { it.table == "visit" && visit.id in it.ids.orEmpty() } }
            }
            // The flow subscribes when it is collected, which nothing tells.
            withTimeout(PATIENCE) { while (job.isActive) phone.undo(phone.mutate(AcceptVisit(visit.jobId, visit.id)).key) }
        }
        val one = Changes(listOf(TableChange("visit", null), TableChange("job", listOf(NIL))), queue = true, status = false, permissions = false, replica = false)
        val two = Changes(listOf(TableChange("visit", listOf(NIL)), TableChange("job", listOf(NIL))), queue = false, status = true, permissions = true, replica = false)
        assertEquals(Changes(listOf(TableChange("visit", null), TableChange("job", listOf(NIL))), true, true, true, false), one + two)
    }

    @Test
    fun `subscribing and cancelling in many threads leaves nothing behind`() = runBlocking {
        withTechnician { phone ->
            phone.stop()
            val visit = phone.openVisit()
            val strays = AtomicInteger()
            val threads = List(4) {
                Thread {
                    repeat(250) { phone.observe(Visit) { strays.incrementAndGet() }.use { it.cancel() } }
                }.apply { start() }
            }
            threads.forEach { it.join() }
            val heard = CountDownLatch(1)
            phone.observe(Visit) { heard.countDown() }.use {
                phone.mutate(AcceptVisit(visit.jobId, visit.id))
                heard.patiently()
            }
            assertEquals(0, strays.get())
        }
    }

    private companion object {
        val NIL: java.util.UUID = java.util.UUID(0, 0)
    }
}
