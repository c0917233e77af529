package dev.satchel

import dev.satchel.model.*
import java.io.File
import java.net.ServerSocket
import java.util.UUID
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Whatever is passed in: a typed error, and nothing lost. */
class BadInputTest {
    private inline fun <reified E : Throwable> refused(crossinline call: suspend () -> Unit): E =
        assertThrows<E> { runBlocking { call() } }

    @Test
    fun `a closed client says so to everybody`() = runBlocking {
        val folder = temporary("satchel-phone-")
        val phone = Satchel.open(folder.toString(), Contractor.url)
        phone.close()
        phone.close()
        refused<SatchelException.Closed> { phone.start() }
        refused<SatchelException.Closed> { phone.read(Visit.all()) }
        refused<SatchelException.Closed> { phone.mutate(AcceptVisit(UUID.randomUUID(), UUID.randomUUID())) }
        refused<SatchelException.Closed> { phone.observe(Visit) {} }
        refused<SatchelException.Closed> { phone.signIn("a@example.com", "b") }
        refused<SatchelException.Closed> { phone.syncOnce(1.seconds) }
        refused<SatchelException.Closed> { phone.identity }
        folder.toFile().deleteRecursively()
        Unit
    }

    @Test
    fun `nobody signed in`() = runBlocking {
        withPhone { phone ->
            refused<SatchelException.NotSignedIn> { phone.start() }
            refused<SatchelException.NotSignedIn> { phone.read(Visit.all()) }
            refused<SatchelException.NotSignedIn> { phone.queue() }
            val wrong = refused<SatchelException.SignInRefused> { phone.signIn(Contractor.technicians[0].email, "wrong") }
            assertTrue(wrong.explanation.isNotBlank())
            val elsewhere = UUID.randomUUID()
            val person = Contractor.technicians[0]
            refused<SatchelException.SignInRefused> { phone.signIn(person.email, person.password, elsewhere) }
            assertEquals(null, phone.identity)
        }
    }

    @Test
    fun `a server that is away, and addresses that make no sense`() = runBlocking {
        val port = ServerSocket(0).use { it.localPort }
        withPhone("http://127.0.0.1:$port") { phone ->
            refused<SatchelException.Unavailable> { phone.signIn("a@example.com", "b") }
        }
        val folder = temporary("satchel-phone-").toString()
        for (address in listOf("", "not an address", "ftp://example.com")) {
            refused<SatchelException.InvalidInput> { Satchel.open(folder, address) }
        }
        // The tests' library cannot encrypt, and says so before anybody signs in.
        for (bytes in listOf(31, 32, 33)) {
            refused<SatchelException.InvalidInput> { Satchel.open(folder, Contractor.url, fileKey = ByteArray(bytes)) }
        }
        val file = File(folder, "file").apply { writeText("no folder") }
        refused<SatchelException.StorageFailed> { Satchel.open(File(file, "below").path, Contractor.url) }
        Unit
    }

    @Test
    fun `the same folder twice, and from another process`() = runBlocking {
        withTechnician { phone ->
            val folder = File(phone.sql("select file from pragma_database_list where name = 'main'").single().text(0)).parent
            refused<SatchelException.InUse> { Satchel.open(folder, Contractor.url) }
            val java = File(System.getProperty("java.home"), "bin/java").path
            val other = ProcessBuilder(
                java, "-Djna.library.path=${System.getProperty("jna.library.path")}", "-cp",
                System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path"),
                "dev.satchel.OtherProcess", folder, Contractor.url,
            ).redirectErrorStream(true).start()
            val told = other.inputStream.bufferedReader().readText()
            assertTrue(other.waitFor(PATIENCE.inWholeSeconds, TimeUnit.SECONDS), told)
            assertEquals("InUse", told.trim().lines().last())
            // It took nothing from us.
            assertTrue(phone.read(Visit.all()).isNotEmpty())
            phone.checkpoint()
        }
    }

    @Test
    fun `queries that are none`() = runBlocking {
        withTechnician { phone ->
            for (sql in listOf("", "select", "drop table visit", "delete from visit", "select * from no_such_table", "select 1; select 2")) {
                refused<SatchelException.InvalidInput> { phone.sql(sql) }
            }
            refused<SatchelException.InvalidInput> { phone.read(Visit.where("no_such_column = 1")) }
            refused<SatchelException.InvalidInput> { phone.read(Visit.where("true); delete from visit where (true")) }
            refused<SatchelException.InvalidInput> { phone.read(Visit.where("id = ?1", Any())) }
            refused<SatchelException.InvalidInput> { phone.core.rows("no_such_table", "true", emptyList()) }
            refused<SatchelException.InvalidInput> { phone.core.observe(listOf("no_such_table"), Nobody) }
            val many = "select a.id from pricebook_item a, pricebook_item b"
            assertEquals("rows", refused<SatchelException.TooLarge> { phone.sql(many) }.unit)
            assertTrue(phone.sql("select count(*) from visit").single().long(0) > 0)
        }
    }

    @Test
    fun `mutations that are none, wrong enum values and huge strings`() = runBlocking {
        withTechnician { phone ->
            phone.stop()
            val technician = checkNotNull(phone.identity?.technicianId)
            val entry = UUID.randomUUID()
            refused<SatchelException.InvalidInput> { phone.core.mutate("no/v1/such", "{}") }
            refused<SatchelException.InvalidInput> { phone.core.mutate("visit/v1/accept", "{}") }
            refused<SatchelException.InvalidInput> { phone.core.mutate("visit/v1/accept", "not json") }
            refused<SatchelException.InvalidInput> { phone.core.mutate("visit/v1/accept", "") }
            val nap = refused<SatchelException.Refused> { phone.mutate(StartTime(entry, technician, TimeKind("nap"))) }
            assertEquals("time.kind", nap.reason)
            val visit = checkNotNull(phone.first(Visit.where("state = ?1", VisitState.DISPATCHED)))
            val long = "é".repeat(1_000_000)
            val tooLarge = refused<SatchelException.TooLarge> { phone.mutate(AcceptVisit(visit.jobId, visit.id, long)) }
            assertEquals("bytes", tooLarge.unit)
            refused<SatchelException.Refused> { phone.mutate(AcceptVisit(visit.jobId, visit.id, "x".repeat(3_000))) }
            refused<SatchelException.Refused> { phone.mutate(AcceptVisit(visit.jobId, visit.id, "\u0000")) }
            refused<SatchelException.NotQueued> { phone.undo(UUID.randomUUID()) }
            refused<SatchelException.NotQueued> { phone.retry(UUID.randomUUID()) }
            assertEquals(emptyList<QueueEntry>(), phone.queue())
            assertEquals(emptyList<Visit>(), phone.read(Visit.where("state = ?1", VisitState(long))))
        }
    }

    @Test
    fun `calls from every thread while the client closes`() = runBlocking {
        val folder = temporary("satchel-phone-")
        val phone = Satchel.open(folder.toString(), Contractor.url)
        val technician = Contractor.technicians[0]
        phone.signIn(technician.email, technician.password)
        phone.start()
        val unexpected = java.util.concurrent.ConcurrentLinkedQueue<Throwable>()
        val calls = AtomicInteger()
        val threads = List(6) { number ->
            Thread {
                try {
                    while (true) runBlocking {
                        when (number % 3) {
                            0 -> phone.sql("select count(*) from visit")
                            1 -> phone.queue()
                            else -> phone.observe { calls.incrementAndGet() }.use { }
                        }
                        calls.incrementAndGet()
                    }
                } catch (_: SatchelException.Closed) {
                    // As expected.
                } catch (_: SatchelException.NotSignedIn) {
                    // Begun before the end, and the replica was gone.
                } catch (thrown: Throwable) {
                    unexpected.add(thrown)
                }
            }.apply { start() }
        }
        eventually("calls from all of them") { calls.get() > 200 }
        phone.close()
        threads.forEach { it.join(PATIENCE.inWholeMilliseconds) }
        assertTrue(threads.none { it.isAlive })
        assertEquals(emptyList<Throwable>(), unexpected.toList())
        // The file was let go.
        Satchel.open(folder.toString(), Contractor.url).close()
        folder.toFile().deleteRecursively()
        Unit
    }
}

private object Nobody : ChangeObserver {
    override fun changed(changes: Changes) = Unit
}

/** Opens a folder that somebody else has open, in a process of its own, and prints what came of it. */
object OtherProcess {
    @JvmStatic
    fun main(arguments: Array<String>) = runBlocking {
        try {
            Satchel.open(arguments[0], arguments[1])
            println("opened")
        } catch (failed: SatchelException) {
            println(failed.javaClass.simpleName)
        }
    }
}
